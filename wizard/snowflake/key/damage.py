"""What editors, forms, shells, mails and YAML do to the text of a key, and how it is undone.

Only what has one possible meaning is mended, and each mending has a code of ``key_notes.json``. Pure, and in time
linear in the size of the text. The only exception is :class:`KeyProblem`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from wizard.snowflake.key.der import declared_length
from wizard.snowflake.key.problem import KeyProblem
from wizard.snowflake.key.specification import PATTERNS

# --- from bytes to text -----------------------------------------------------------------------------------------------


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, whichever encoding Windows gave it, and the codes of what was mended."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return clean(data.decode("utf-16", "replace")), ("utf-16",)
    zeros = data.count(0)
    if zeros * 3 > len(data) and zeros * 2 <= len(data) + 1:
        codec = "utf-16-be" if data[0] == 0 else "utf-16-le"
        return clean(data.decode(codec, "replace")), ("utf-16",)
    if zeros:
        raise KeyProblem("key-binary")
    repairs = ("byte-order-mark",) if data.startswith(b"\xef\xbb\xbf") else ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        # Only a comment beside the key can be in another encoding: a key itself is ASCII.
        if b"BEGIN" not in data:
            raise KeyProblem("key-binary") from None
        text = data.decode("latin-1")
    return clean(text), repairs


def clean(text: str) -> str:
    """Even out line breaks and spaces, and drop what nobody can see. No white space is left but space, tab and newline.

    Done without a word: every browser sends a text area with CRLF, and all clients read both. Characters beyond the
    first 65,536 become one that stands for all of them, so that a text has the same length in JavaScript.
    """
    text = PATTERNS["line_break"].sub("\n", text)
    text = PATTERNS["space"].sub(" ", text)
    text = PATTERNS["unseen"].sub("", text)
    return PATTERNS["rare"].sub("\ufffd", text)


# --- escapes and wrappings --------------------------------------------------------------------------------------------


def unescape(text: str) -> str:
    """Undo what JSON and shells do: ``\\n``, ``\\u002b``, ``\\/``, with any number of backslashes."""
    text = PATTERNS["backslashes"].sub(r"\\", text)
    text = PATTERNS["escaped_character"].sub(lambda found: chr(int(found.group(1), 16)), text)
    return PATTERNS["escaped_break"].sub("\n", text).replace("\\/", "/")


def undo_percent(text: str) -> str | None:
    """Return a text that was encoded for a web address as it was before, ``None`` when it was not encoded."""
    if not PATTERNS["percent_encoded"].search(text):
        return None
    return clean(PATTERNS["percent"].sub(_percent_decoded, text))


def _percent_decoded(run: re.Match[str]) -> str:
    return bytes.fromhex(run.group().replace("%", "")).decode("utf-8", "replace")


def pieces(text: str) -> Iterator[list[str]]:
    """Cut a text where characters stand that base64 doesn't have, and each piece into words.

    An equals sign ends a word too: it pads base64 and assigns variables, and never stands inside either.
    """
    text = PATTERNS["assigned"].sub(" ", unescape(text))
    return (piece.split() for piece in PATTERNS["between_words"].split(text))


def unwrap(text: str) -> str | None:
    """Return the PEM file that was base64-encoded as a whole (as Kubernetes and Airflow want it), or ``None``."""
    for words in pieces(text):
        for at, word in enumerate(words):
            if not PATTERNS["pem_in_base64"].match(word):
                continue
            digits = from_url("".join(words[at:]).rstrip("="))
            if "=" in digits:
                return None
            try:
                inner = clean(decode_digits(digits).decode("utf-8"))
            except UnicodeDecodeError:
                return None
            return inner if "BEGIN" in inner else None
    return None


# --- base64 -----------------------------------------------------------------------------------------------------------


def from_url(digits: str) -> str:
    """Return base64 of web addresses in the usual alphabet."""
    return digits.replace("-", "+").replace("_", "/")


def from_base64(body: str) -> tuple[bytes, tuple[str, ...]]:
    """Decode the base64 between two markers; return it and the codes of what was mended."""
    digits, repairs = digits_in(body)
    key = decode_digits(digits.rstrip("="))
    if len(digits) % 4 and declared_length(key) == len(key):
        repairs += ("padding-missing",)
    return key, repairs


def digits_in(body: str) -> tuple[str, tuple[str, ...]]:
    """Return the base64 digits in ``body`` after taking out what can't belong to them, and the codes of that."""
    lines = (PATTERNS["line_prefix"].sub("", line) for line in unescape(body).split("\n"))
    text = "".join(line for line in lines if not PATTERNS["header_line"].match(line))
    text = PATTERNS["never_base64"].sub("", text)
    if not text:
        raise KeyProblem("key-empty-block")
    if PATTERNS["shortened"].search(text):
        raise KeyProblem("key-shortened")
    if (len(text) < 100 or PATTERNS["stranger_in_url"].search(text)) and PATTERNS["placeholder"].search(body):
        raise KeyProblem("key-placeholder")
    repairs: tuple[str, ...] = ()
    if "-" in text or "_" in text:
        text, repairs = from_url(text), ("base64url",)
    if strangers := PATTERNS["stranger"].findall(text):
        raise KeyProblem("key-characters", count=len(strangers))
    if (whole := _without_eaten_breaks(text)) is not None:
        text, repairs = whole, (*repairs, "newlines-escaped")
    if "=" in text.rstrip("="):
        raise KeyProblem("key-damaged")
    return text, repairs


def _without_eaten_breaks(text: str) -> str | None:
    """Return the digits of a key in which a shell ate the backslashes of ``\\n`` or ``\\r\\n``, or ``None``.

    An "n" (or "rn") then stands before each line of 64 characters, and behind the last.
    """
    for left in ("n", "rn"):
        row = len(left) + 64
        rows = [text[at : at + row] for at in range(0, len(text), row)]
        if all(one.startswith(left) for one in rows):
            digits = "".join(one[len(left) :] for one in rows)
            return digits[: -len(left)] if len(digits) % 4 == len(left) and digits.endswith(left) else digits
    return None


def decode_digits(digits: str) -> bytes:
    """Decode base64 digits without padding. A lone digit at the end is cut: it can't be a whole byte."""
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblem("key-damaged") from None


# --- saying what was found --------------------------------------------------------------------------------------------


def line_repairs(body: str, *, header: bool) -> tuple[str, ...]:
    """Say what became of the line breaks between two markers."""
    if PATTERNS["escaped_break"].search(body):
        return ("newlines-escaped",)
    inside = body.strip(" \t\n")
    if "\n" not in inside:
        # A short key, such as Ed25519, fits on one honest line.
        if "\n" in body and len(body) < 200:
            return ()
        return ("newlines-spaces",) if " " in inside or "\t" in inside else ("newlines-removed",)
    lines = body.split("\n")[1:-1]
    if not header and any(not line.strip(" \t") or line[0] in " \t" for line in lines):
        return ("tidied",)
    return ()


def surroundings(around: str) -> tuple[str, ...]:
    """Say what stood around the keys: nothing, quotes, or other text."""
    around = PATTERNS["escaped_break"].sub("", PATTERNS["backslashes"].sub(r"\\", around)).strip(",; \t\n")
    if around in ("", "n", "rn"):  # what a shell left of a last line break
        return ()
    return ("text-around",) if around.strip("\"'`,; \t\n") else ("quoted",)


def name(text: str) -> str:
    """Return the code of what stands where a key was looked for and not found."""
    stripped = text.strip(" \t\n")
    plain = stripped.strip("\"'` \t\n")
    if not plain:
        return "key-empty"
    if plain.startswith("PuTTY-User-Key-File"):
        return "key-putty"
    if PATTERNS["jwk"].search(text):
        return "key-jwk"
    if "<RSAKeyValue>" in text:
        return "key-xml"
    if PATTERNS["token"].match(stripped):
        return "key-is-token"
    if PATTERNS["fingerprint"].match(plain):
        return "key-is-fingerprint"
    if PATTERNS["shortened"].search(plain) and PATTERNS["key_somewhere"].search(plain):
        return "key-shortened"
    if PATTERNS["placeholder"].search(plain):
        return "key-placeholder"
    if PATTERNS["file_name"].match(plain) or PATTERNS["directory"].match(plain):
        return "key-is-path"
    return "key-not-found"
