"""Does a text hold a private key, a token or a password, in whatever clothes it was pasted?

People paste a key into the wrong box, and what was typed is drawn again for them to mend. So every text is looked
through for what must not come back, in two ways:

* **by what it says**: the marker lines, the words around a key's numbers in other formats, and the first bytes of a
  private key, a sealed one or a key store, written as base64 (at any offset, in any breaking of lines), as hexadecimal
  digits (with whatever stands between them) or as decimal bytes;
* **by its look**: more random base64 or hexadecimal digits than any fingerprint has, which no public key, certificate
  or labelled modulus accounts for. That is what is left of a key when its beginning is cut off.

A password or passphrase has no look. It is known by its name in a setting, or by its place in an address.

Public keys, fingerprints, accounts, names, statements and ``DESC USER`` output hold neither. Pure, and in time
proportional to the text.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

LEAST_RANDOM: Final = 96  # bytes: a fingerprint has 32, the longest hash 64, a prime of the smallest key 128
LEAST_DOCUMENT: Final = 200  # base64 characters of something that begins as a long DER document does
LONGEST_NAME: Final = 255  # characters of one word: a user may be called anything

_RSA: Final = bytes.fromhex("06092a864886f70d0101010500")  # rsaEncryption with NULL, as it stands before either half
_PRIVATE_BYTES: Final = (
    b"PRIVATE KEY",  # a whole PEM file in base64, as Kubernetes keeps it
    b"openssh-key-v1\0",
    _RSA + b"\x04\x82",  # PKCS#8: an octet string follows
    # PKCS#5 and PKCS#12: how a key is sealed. With the number of each way: within base64 the last byte is seen in part.
    *(bytes.fromhex("2a864886f70d0105") + bytes([way]) for way in (1, 3, 4, 6, 10, 11, 12, 13)),
    *(bytes.fromhex("2a864886f70d010c01") + bytes([way]) for way in range(1, 7)),
)
_PUBLIC_BYTES: Final = _RSA + b"\x03\x82"  # SubjectPublicKeyInfo: a bit string follows
LONGEST_PUBLIC_KEY: Final = 1_400  # base64 characters, of 8192 bits


def _in_base64(data: bytes) -> tuple[str, ...]:
    """Return the three ways in which bytes look within base64, by the offset at which they begin."""
    spelt = []
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + data).decode()
        spelt.append(encoded[-(-offset * 8 // 6) : (offset + len(data)) * 8 // 6])
    return tuple(spelt)


_PRIVATE_BASE64: Final = tuple(spelling for data in _PRIVATE_BYTES for spelling in _in_base64(data))
_PUBLIC_BASE64: Final = _in_base64(_PUBLIC_BYTES)
_PRIVATE_HEX: Final = tuple(data.hex() for data in _PRIVATE_BYTES)

# A sequence that begins with a small number, its version, and goes on with a number, an octet string or the name of an
# algorithm: PKCS#1, PKCS#8, SEC 1, PKCS#12. In hexadecimal digits, with the three ways in which DER writes a length.
_LENGTH: Final = r"(?:82[0-9a-f]{4}|81[0-9a-f]{2}|[0-7][0-9a-f])"
_STARTS: Final = re.compile(rf"30{_LENGTH}02010[0-4](?:02|04|30{_LENGTH}06)")
_SEQUENCE_BASE64: Final = re.compile(r"M[A-J](?=([A-Za-z0-9+/]{14}))")
# The same of what is public: a public key with or without its algorithm, and a certificate (or a request for one).
_PUBLIC_STARTS_BASE64: Final = re.compile(r"MI[IJ][A-Za-z0-9+/](?:[A-Za-z0-9+/](?:jAN|gKC)|[A-Za-z0-9+/][A-Za-z]CC)")
_PUBLIC_STARTS_HEX: Final = re.compile(r"3082[0-9a-f]{4}(?:300d0609|3082|0282)")
_SSH_START: Final = "AAAAB3NzaC1yc2E"  # ssh-rsa

# Prose has "begin with the private key" and "private key-pair": a marker line has capitals, or dashes in a row.
_DASH: Final = r"[-\u2010-\u2015\u2212]"
_MARKER: Final = re.compile(
    rf"{_DASH}(?:BEGIN|END)[A-Z0-9]{{0,30}}PRIVATEKEY|{_DASH}{{2}}(?i:(?:BEGIN|END)[A-Z0-9]{{0,30}}PRIVATEKEY)"
    rf"|PRIVATEKEY(?:BLOCK)?{_DASH}|(?i:PRIVATEKEY(?:BLOCK)?){_DASH}{{2}}"
)
_WORDS: Final = (
    "putty-user-key-file", "private-lines:", "privateexponent", "private-key:(", "<rsakeyvalue><d>", "</d>",
    "age-secret-key-1", "ver:1-hint:",
)  # fmt: skip
_JWK: Final = re.compile(r"[\"'](?:d|p|q|dp|dq|qi|k)[\"']:[\"'][a-z0-9_-]{16}")
# private_key_file_pwd=…, password: …, "passphrase" = …, with a value of its own; and user:password@host in an address.
_PASSWORD: Final = re.compile(
    r"(?:passw(?:or)?d|passphrase|pwd|key_pass)[\"']? {0,4}[=:] {0,4}[\"']?"
    r"(?!null\b|none\b|true\b|false\b|[*x]{3}|[$<{\[])[^ \"'&;,]"
)
_PASSWORD_IN_ADDRESS: Final = re.compile(r"://[^ /:@]{1,255}:[^ /@]{1,255}@")
_JWT_RUN: Final = re.compile(r"[A-Za-z0-9_.-]{24,}")
_ESCAPE: Final = re.compile(r"\\{1,4}[nrt]")
_UNICODE_ESCAPE: Final = re.compile(r"\\{1,4}u00([2-7][0-9a-fA-F])")
_INVISIBLE: Final = re.compile("[\x00\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BYTE_PREFIX: Final = re.compile(r"\\{1,4}x|(?<![A-Za-z0-9])0[xX]")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")
_BASE64_WORD: Final = re.compile(r"[A-Za-z0-9+/]{24,}")
_HEX_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_NUMBER: Final = re.compile(r"-?[0-9]+")
# What stands before a public key or number: a marker line, a property of DESC USER (also in JSON), in XML, in a JWK.
_PUBLIC_LABEL: Final = re.compile(
    r"(?:rsa_public_key(?:_2)?|public ?key)[^a-z0-9]{0,12}(?:value[^a-z0-9]{0,6})?$"
    r"|(?:modulus>|[\"']n[\"'] ?: ?[\"']) ?$"
)
_LABEL_WITHIN: Final = 200  # characters before a word: a table pads its first column


def looks_secret(text: str) -> bool:
    """Say whether a text holds a private key, a piece of one, or a token."""
    plain = _unwrapped(text)
    return _says_so(plain) or _is_token(plain) or _in_letters(plain) or _in_digits(text)


def _unwrapped(text: str) -> str:
    """Undo what shells, forms and programs do to a text, and drop what can't be seen."""
    if "%" in text:
        text = unquote(text, errors="replace")
    text = _UNICODE_ESCAPE.sub(lambda found: chr(int(found[1], 16)), _INVISIBLE.sub("", text))
    return _ESCAPE.sub("\n", text).replace("\\/", "/")


def _says_so(text: str) -> bool:
    squeezed = "".join(text.split())
    if _MARKER.search(squeezed):
        return True
    lower = squeezed.lower()
    if any(word in lower for word in _WORDS):
        return True
    return ('"kty"' in lower or "'kty'" in lower) and _JWK.search(lower) is not None


def holds_password(text: str) -> bool:
    """Say whether a text holds a password beside its name. Settings do: they are read all the same, but not shown."""
    told = " ".join(text.lower().split())
    return _PASSWORD.search(told) is not None or _PASSWORD_IN_ADDRESS.search(told) is not None


def _is_token(text: str) -> bool:
    """Say whether two parts of a JSON Web Token stand in a text; the signature may be cut off."""
    for run in _JWT_RUN.finditer(text):
        header, *rest = run[0].split(".")
        for part in rest:
            begins = header.rfind("eyJ")
            if begins >= 0 and len(part) >= 10 and max(len(header) - begins, len(header) - header.find("eyJ")) >= 13:
                return True
            if part.startswith("eyJ") and len(part) >= 13:
                return True
            header = part
    return False


# --- base64 -----------------------------------------------------------------------------------------------------------
def _in_letters(text: str) -> bool:
    joined = _NOT_BASE64.sub("", _plain_base64(text))
    if any(spelling in joined for spelling in _PRIVATE_BASE64):
        return True
    starts = (base64.b64decode(found[0] + found[1]).hex() for found in _SEQUENCE_BASE64.finditer(joined))
    if any(_STARTS.match(start) for start in starts):
        return True
    words = list(_unexplained_letters(text))
    if any(word.startswith("MII") and len(word) >= LEAST_DOCUMENT for word in words):
        return True
    unexplained = "".join(words)
    if len(unexplained) * 6 // 8 < LEAST_RANDOM or (len(words) == 1 and len(unexplained) <= LONGEST_NAME):
        return False
    return _random_letters(unexplained)


def _plain_base64(text: str) -> str:
    return text.replace("-", "+").replace("_", "/")


def _unexplained_letters(text: str) -> Iterator[str]:
    """Yield the words that look like random base64, or begin as DER does, and belong to nothing public."""
    expected = 0  # characters that the public key or certificate before still has to come
    for found in _BASE64_WORD.finditer(_plain_base64(text)):
        word = found[0]
        if len(word) == 43 and text[found.end() : found.end() + 1] == "=":
            continue  # a fingerprint
        start = _PUBLIC_STARTS_BASE64.search(word)
        if start:
            expected = _characters_declared(word[start.start() : start.start() + 8]) - (len(word) - start.start())
        elif word.startswith(_SSH_START) or any(spelling in word for spelling in _PUBLIC_BASE64):
            expected = LONGEST_PUBLIC_KEY - len(word)
        elif expected > 0:
            expected -= len(word)
        elif _mixed(word) or word.startswith("MII"):
            before = text[max(found.start() - _LABEL_WITHIN, 0) : found.start()]
            if _PUBLIC_LABEL.search(" ".join(before.lower().split())):
                expected = LONGEST_PUBLIC_KEY - len(word)
            else:
                yield word


def _characters_declared(start: str) -> int:
    """Return how many characters of base64 a DER document of two length bytes has, by its first eight."""
    der = base64.b64decode(start)
    return -(-(4 + int.from_bytes(der[2:4], "big")) * 4 // 3)


def _mixed(word: str) -> bool:
    """Say whether a word of 24 characters or more could be base64: names and paths have few capitals or no digits."""
    digits = sum(character.isdigit() or character in "+/" for character in word)
    capitals = sum(character.isupper() for character in word)
    return 1 <= digits <= len(word) // 2 and 3 <= capitals <= len(word) - digits - 3


def _random_letters(text: str) -> bool:
    """Say whether a long text is spread over the alphabet as base64 is: 40% capitals, 40% small letters."""
    capitals = sum(character.isupper() for character in text) / len(text)
    small = sum(character.islower() for character in text) / len(text)
    return 0.22 < capitals < 0.6 and 0.22 < small < 0.6 and len(set(text[:512])) >= 32


# --- hexadecimal digits, and decimal bytes ---------------------------------------------------------------------------
def _in_digits(text: str) -> bool:
    rows = list(_hex_rows(_UUID.sub(" ", _BYTE_PREFIX.sub(" ", text))))
    joined = "".join(digits for _, digits in rows)
    if _STARTS.search(joined) or any(spelling in joined for spelling in _PRIVATE_HEX):
        return True
    if any(_random_digits(label, digits) for label, digits in rows):
        return True
    numbers = [int(found[0]) for found in _NUMBER.finditer(text) if len(found[0]) <= 4]
    if len(numbers) < LEAST_RANDOM:
        return False
    as_bytes = bytes(number & 255 for number in numbers if -128 <= number <= 255).hex()
    return _STARTS.search(as_bytes) is not None or any(spelling in as_bytes for spelling in _PRIVATE_HEX)


def _hex_rows(text: str) -> Iterator[tuple[str, str]]:
    """Yield rows of hexadecimal bytes with the word before each; other words end a row."""
    label, row = "", []
    for found in _HEX_WORD.finditer(text):
        word = found[0]
        if (len(word) % 2 == 0 or len(word) > 32) and _is_hex(word):
            row.append(word.lower())
            continue
        if row:
            yield label, "".join(row)
        label, row = word.lower(), []
    if row:
        yield label, "".join(row)


def _is_hex(word: str) -> bool:
    try:
        int(word, 16)
    except ValueError:
        return False
    return True


def _random_digits(label: str, digits: str) -> bool:
    """Say whether a row of hexadecimal digits is long and random, and nothing public."""
    public = _PUBLIC_STARTS_HEX.search(digits)
    if public:
        length = 2 * (4 + int(digits[public.start() + 4 : public.start() + 8], 16))
        digits = digits[: public.start()] + digits[public.start() + length :]
    if len(digits) < 2 * LEAST_RANDOM or label in ("modulus", "pub"):
        return False
    letters = sum(character.isalpha() for character in digits) / len(digits)
    return 0.2 < letters < 0.6 and len(set(digits[:512])) >= 14
