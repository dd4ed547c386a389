"""PEM (RFC 7468): finds the keys in what people paste, and writes clean files.

The text comes in as it was sent and leaves as :class:`Block`: DER bytes of a shape that :mod:`wizard.snowflake.key.rsa`
knows, with the codes of what had to be mended (``key_notes.json``). Where no key is found, or more than one meaning, a
:class:`KeyProblem` names what is there instead: a path, a placeholder, a PuTTY file.

Pure, and in time linear in the size of the input. The only exception is ``KeyProblem``.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from wizard.snowflake.key import damage
from wizard.snowflake.key.der import SEQUENCE, declared_length
from wizard.snowflake.key.pbes import CIPHER_SIZES, Sealed, checked
from wizard.snowflake.key.problem import KeyProblem
from wizard.snowflake.key.rsa import identify
from wizard.snowflake.key.specification import LIMITS, PATTERNS, SPECIFICATION

_MAGIC: Final = {bytes.fromhex(start): code for start, code in SPECIFICATION["magic"].items()}
_LABELS: Final[dict[str, list[str]]] = SPECIFICATION["labels"]
_NAMED_LABELS: Final[dict[str, tuple[str, str]]] = SPECIFICATION["named_labels"]
_PRIVATE_KINDS: Final = frozenset(SPECIFICATION["private_kinds"])
_SSH_KINDS: Final[dict[str, str]] = SPECIFICATION["ssh_kinds"]
_COLUMNS: Final[int] = SPECIFICATION["writing"]["columns"]


@dataclass(frozen=True, slots=True)
class Block:
    """One key (or what stands where a key belongs) found in a paste.

    ``kind`` is what :func:`identify` says, or ``ssh-public`` for an OpenSSH public key, or ``pkcs1-sealed`` for a
    PEM file with a ``Proc-Type`` header, whose recipe is then in ``sealed``. ``repairs`` are codes of
    ``key_notes.json``: what had to be mended to read it.
    """

    kind: str
    der: bytes = field(repr=False)
    sealed: Sealed | None = None
    repairs: tuple[str, ...] = ()

    @property
    def private(self) -> bool:
        """Whether this is (or encloses) a private key of any kind."""
        return self.kind in _PRIVATE_KINDS


def armour(label: str, key: bytes) -> bytes:
    """Write PEM with lines of 64 characters."""
    text = base64.b64encode(key).decode()
    lines = [text[at : at + _COLUMNS] for at in range(0, len(text), _COLUMNS)]
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", "")).encode()


def read_blocks(data: bytes) -> tuple[Block, ...]:
    """Find every key in a file or a paste, and mend what can be mended without guessing.

    Takes PEM in any state that people, forms, shells and YAML leave it in (line breaks lost, turned into spaces or
    into a literal ``\\n``, marker lines cut off, quotes, indentation, CRLF, UTF-16, text around it), bare base64,
    base64 of a whole PEM file, ``ssh-rsa`` lines and DER bytes. Returns one to four blocks, each of a shape that
    :func:`identify` knows. Raises :class:`KeyProblem` for everything else.
    """
    if len(data) > LIMITS["file_bytes"]:
        raise KeyProblem("key-too-large", limit=LIMITS["file_bytes"] // 1024)
    if not data.strip(b" \t\r\n\0\f\v"):
        raise KeyProblem("key-empty")
    binary = _read_binary(data)
    if binary is not None:
        return (binary,)
    text, repairs = damage.decode(data)
    blocks = _read_text(text)
    if not blocks:
        raise KeyProblem(damage.name(text))
    return _noted(blocks, repairs)


def _noted(blocks: Iterable[Block], repairs: tuple[str, ...]) -> tuple[Block, ...]:
    """Put ``repairs`` before those of every block."""
    return tuple(replace(block, repairs=repairs + block.repairs) for block in blocks)


def _read_binary(data: bytes) -> Block | None:
    """Return the key in a file of DER bytes, or ``None`` when this is not such a file."""
    for magic, code in _MAGIC.items():
        if data.startswith(magic):
            raise KeyProblem(code)
    # 0x30 is also the digit "0": a text goes on with another character, a DER sequence with its length.
    if data[0] != SEQUENCE or len(data) < 2 or not (data[1] >= 0x80 or data[1] == len(data) - 2):
        return None
    size = declared_length(data)
    if size is not None and len(data) > size:
        data = data[:size] + data[size:].rstrip(b"\r\n")  # an editor or `echo` added a line break
    return _shape(data, "binary")


def _read_text(text: str) -> tuple[Block, ...]:
    """Return the keys in ``text``, unwrapping base64 of a whole PEM file once; none when there is no key."""
    repairs: tuple[str, ...] = ()
    decoded = damage.undo_percent(text)
    if decoded is not None:
        text, repairs = decoded, ("percent-encoded",)
    blocks = _read_marked(text)
    if blocks is None:
        unwrapped = damage.unwrap(text)
        if unwrapped is not None:
            repairs += ("base64-twice",)
            blocks = _read_marked(unwrapped)
        else:
            blocks = _read_ssh(text) or _read_bare(text)
    return _noted(blocks or (), repairs)


# --- between markers --------------------------------------------------------------------------------------------------


def _read_marked(text: str) -> tuple[Block, ...] | None:
    """Return the keys between BEGIN and END markers, or ``None`` when there is no marker at all."""
    begins = list(PATTERNS["begin"].finditer(text)) or list(PATTERNS["begin_joined"].finditer(text))
    if not begins:
        end = PATTERNS["end"].search(text)
        if end is None:
            return None
        blocks = _read_bare(text[: end.start()])
        if not blocks:
            raise KeyProblem("key-start-missing")
        return tuple(replace(block, repairs=("begin-missing",)) for block in blocks)
    if len(begins) > LIMITS["blocks"]:
        raise KeyProblem("key-several")
    found: list[Block] = []
    around = text[: begins[0].start()]
    for begin, following in zip(begins, [*begins[1:], None], strict=True):
        rest = text[begin.end() : following.start() if following else len(text)]
        end = PATTERNS["end"].search(rest)
        found.append(_read_marked_one(rest[: end.start()] if end else rest, begin, end))
        if end:
            around += rest[end.end() :]
    return (*_noted(found[:1], damage.surroundings(around)), *found[1:])


def _read_marked_one(body: str, begin: re.Match[str], end: re.Match[str] | None) -> Block:
    """Read what stands between one pair of markers."""
    label = _squeezed(begin)
    if label in _NAMED_LABELS:
        code, kind = _NAMED_LABELS[label]
        raise KeyProblem(code, kind=kind)
    if label not in _LABELS:
        raise KeyProblem("key-unknown-label")
    header = PATTERNS["encrypted_header"].search(body)
    repairs = [*_marker_repairs(label, begin, end), *damage.line_repairs(body, header=header is not None)]
    if header:
        block = _read_old_header(body[header.end() :], label)
    else:
        key, more = damage.from_base64(body)
        if "newlines-escaped" in more and "newlines-removed" in repairs:
            repairs.remove("newlines-removed")
        repairs += more
        block = Block("ssh-public", key) if label == "SSH2PUBLICKEY" else _shape(key)
    if block.kind not in _LABELS[label]:
        repairs.append("label-wrong")
    return replace(block, repairs=tuple(dict.fromkeys(repairs)))


def _squeezed(marker: re.Match[str]) -> str:
    return "".join(marker.group(1).upper().split())


def _marker_repairs(label: str, begin: re.Match[str], end: re.Match[str] | None) -> tuple[str, ...]:
    """Say what is wrong with the marker lines themselves."""
    if end is None:
        return ("end-missing",)
    if label == "SSH2PUBLICKEY":  # written with four hyphens and a space
        return ()
    line = begin.group()
    whole = line.startswith("-----BEGIN ") and line.endswith("-----") and "\n" not in line
    return () if whole and _squeezed(end) == label else ("markers-damaged",)


def _read_old_header(body: str, label: str) -> Block:
    """Read the ``Proc-Type: 4,ENCRYPTED`` form that OpenSSL wrote before PKCS#8 (RFC 1421, and a KDF of its own).

    The key is derived in one round, so there is no count to bound.
    """
    recipe = PATTERNS["cipher_header"].search(body)
    if label != "RSAPRIVATEKEY" or recipe is None:
        raise KeyProblem("key-damaged")
    cipher = recipe.group(1).lower()
    if cipher not in CIPHER_SIZES:
        raise KeyProblem("cipher-not-opened", cipher="Proc-Type with another cipher than AES and DES")
    # Where the line breaks are gone, base64 follows the hexadecimal digits directly: the cipher says how many count.
    digits = 2 * CIPHER_SIZES[cipher][1]
    if len(recipe.group(2)) < digits:
        raise KeyProblem("key-damaged")
    data = damage.decode_digits(damage.digits_in(body[recipe.start(2) + digits :])[0].rstrip("="))
    iv = bytes.fromhex(recipe.group(2)[:digits])
    return Block("pkcs1-sealed", data, checked(Sealed("openssl", "md5", iv[:8], 1, cipher, iv, data)))


# --- without markers --------------------------------------------------------------------------------------------------


def _read_ssh(text: str) -> tuple[Block, ...]:
    """Return the keys in lines such as ``ssh-rsa AAAA… jane@laptop``."""
    found = list(PATTERNS["ssh_line"].finditer(text))
    for line in found:
        if line.group(1) != "ssh-rsa":
            raise KeyProblem("public-not-rsa", kind=_SSH_KINDS.get(line.group(1)[:11], "OpenSSH, not ssh-rsa"))
    if len(found) > LIMITS["blocks"]:
        raise KeyProblem("key-several")
    return tuple(Block("ssh-public", damage.decode_digits(line.group(2).replace("=", ""))) for line in found)


def _read_bare(text: str) -> tuple[Block, ...]:
    """Return the keys that stand in ``text`` as base64 without markers.

    DER says its own length at the start, so the base64 is followed from its first word to exactly that length.
    """
    blocks: list[Block] = []
    left = False
    for words in damage.pieces(text):
        at = 0
        while at < len(words):
            word = words[at].lstrip("=")
            if not (len(word) >= 16 and PATTERNS["key_start"].match(word)):
                left = left or bool(word)
                at += 1
                continue
            if PATTERNS["shortened"].search(text):
                raise KeyProblem("key-shortened")
            key, at = _follow(words, at)
            if len(blocks) == LIMITS["blocks"]:
                raise KeyProblem("key-several")
            blocks.append(_shape(key))
    if blocks:
        note = ("markers-missing", "text-around") if left else ("markers-missing",)
        return (*_noted(blocks[:1], note), *blocks[1:])
    digits = "".join(damage.unescape(text).split())
    if len(digits) >= 200 and not PATTERNS["stranger"].search(digits):
        _insist_on_whole(damage.decode_digits(digits.replace("=", "")))
    return ()


def _follow(words: list[str], at: int) -> tuple[bytes, int]:
    """Join base64 words from ``at`` until the DER they begin is whole; return it and where the next word stands."""
    first = damage.from_url(words[at].lstrip("="))
    size = declared_length(damage.decode_digits(first[:8].rstrip("=")))
    if size is None:
        raise KeyProblem("key-damaged")
    need = (4 * size + 2) // 3  # digits, without padding
    taken: list[str] = []
    have = 0
    while at < len(words) and have < need:
        word = damage.from_url(words[at].strip("="))
        if "=" in word:
            raise KeyProblem("key-damaged")
        taken.append(word)
        have += len(word)
        at += 1
    while at < len(words) and not words[at].strip("="):
        at += 1
    key = damage.decode_digits("".join(taken))
    _insist_on_whole(key)
    return key, at


def _insist_on_whole(key: bytes) -> None:
    """Check that a DER document is all there, and nothing but it."""
    if key.startswith(b"openssh-key-v1\0"):
        raise KeyProblem("key-openssh")
    if not key or key[0] != SEQUENCE:
        raise KeyProblem("key-start-missing")
    size = declared_length(key)
    if size is None:
        raise KeyProblem("key-damaged")
    if len(key) < size:
        raise KeyProblem("key-truncated", have=f"{len(key):,}", expected=f"{size:,}")
    if len(key) > size:
        raise KeyProblem("key-trailing", extra=f"{len(key) - size:,}")


def _shape(key: bytes, *repairs: str) -> Block:
    """Make a block of DER bytes, or say why these are no key."""
    _insist_on_whole(key)
    kind = identify(key)
    if kind in ("pkcs12", "pkcs7"):
        raise KeyProblem(f"key-{kind}")
    return Block(kind, key, None, repairs)
