"""Finds the keys in what people paste, and mends what editors, forms, shells and YAML did to them.

The text comes in as it was sent, at most 32 kB of it, and leaves as :class:`Block`: DER bytes of a shape that
:mod:`wizard.snowflake.key.container` knows, with the codes of what had to be mended (the sentences are in
``key_notes.json``). Only what has one possible meaning is mended. Where there are two, or where no key is found, a
:class:`ContainerError` names what is there instead: a path, a placeholder, a PuTTY file.

Pure, and in time linear in the size of the input. The only exception that comes out is ``ContainerError``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote

from wizard.snowflake.key.container import (
    CIPHERS,
    MAX_BLOCKS,
    MAX_BYTES,
    SEQUENCE,
    ContainerError,
    Sealed,
    check_sealed,
    declared_length,
    identify,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One key (or what stands where a key belongs) found in a paste.

    ``kind`` is what :func:`identify` says, or ``ssh-public`` for an OpenSSH public key, or ``pkcs1-sealed`` for a
    PEM file with a ``Proc-Type`` header, whose recipe is then in ``sealed``. ``repairs`` are codes of the notes in
    ``key_words.json``: what had to be mended to read it.
    """

    kind: str
    der: bytes = field(repr=False)
    sealed: Sealed | None = None
    repairs: tuple[str, ...] = ()

    @property
    def private(self) -> bool:
        """Whether this is (or encloses) a private key of any kind."""
        return self.kind in ("pkcs8", "pkcs8-sealed", "pkcs1", "pkcs1-sealed", "ec", "dsa")


_DASHES = r"[-\u2010-\u2015\u2212]{1,8}"
_BEGIN = re.compile(rf"{_DASHES}[ \t]?BEGIN\b([A-Z0-9\s]{{0,48}}){_DASHES}", re.IGNORECASE)
_BEGIN_RUN_TOGETHER = re.compile(rf"{_DASHES}BEGIN([A-Z0-9]{{3,48}}){_DASHES}", re.IGNORECASE)
_END = re.compile(rf"{_DASHES}[ \t]?END([A-Z0-9\s]{{0,48}}){_DASHES}", re.IGNORECASE)
_ESCAPE = re.compile(r"\\{1,4}[nrt]")
_UNICODE_ESCAPE = re.compile(r"\\{1,4}u00([2-7][0-9a-fA-F])")
_PERCENT = re.compile(r"%(?:0[AaDd]|2[0BbFf]|3[Dd])")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_ENCRYPTED_HEADER = re.compile(r"Proc-Type:\s{0,4}4,\s{0,4}ENCRYPTED", re.IGNORECASE)
_DEK_HEADER = re.compile(r"DEK-Info:\s{0,4}([A-Z0-9-]{3,20}),\s{0,4}([0-9A-F]{16,32})", re.IGNORECASE)
_SSH_LINE = re.compile(
    r"\b(ssh-rsa|ssh-dss|ssh-ed25519|ecdsa-sha2-[a-z0-9-]{1,20}|sk-[a-z0-9-]{1,30}@openssh\.com)\s{1,4}AAAA"
)
_SSH_KINDS: Final = {"ssh-dss": "DSA", "ssh-ed25519": "Ed25519", "ecdsa-sha2-": "EC (elliptic curve)"}
_ASSIGNED = re.compile(r"=(?=[A-Za-z0-9])")
_FOREIGN_ALPHABET = re.compile(r"[^A-Za-z0-9+/=\s_-]+")
_LINE_PREFIX = re.compile(r"^[ \t]*[>|#]+[ \t]*", re.MULTILINE)  # quoted in a mail, commented out
_HEADER_LINE = re.compile(r"^[A-Za-z][A-Za-z-]{2,20}: [^\n]{0,200}$", re.MULTILINE)  # Comment: and the like
_NEVER_BASE64 = re.compile(r"[\s\"'`\\,;]")
_NOT_BASE64URL = re.compile(r"[^A-Za-z0-9+/=_-]")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=]")
_BROUGHT_SHORT = re.compile(r"\.\.\.|…|\*\*\*|x{12,}|X{12,}")
_FILE_NAME = re.compile(
    r"""["']?(?:@|file:/{0,3})?(?:~|\.{1,2}|[A-Za-z]:)?[^\n<>|?*]{0,250}"""
    r"""\.(?:p8|pem|key|pub|der|p12|pfx|ppk|txt|crt|cer)["']?""",
    re.IGNORECASE,
)
_DIRECTORY = re.compile(
    r"""["']?(?:~|\.{1,2}|[A-Za-z]:|\$HOME|%USERPROFILE%)?[/\\][\w.~ -]{1,80}(?:[/\\][\w.~ -]{1,80}){0,20}["']?"""
)
_PLACEHOLDER = re.compile(
    r"\{\{|\$\{|\$\(|<[^<>\n]{2,80}>|env_var\(|os\.environ|\$[A-Z_]{3,60}\b|%[A-Z_]{3,60}%"
    r"|\b(?:your|my|the)[ _-]?(?:rsa[ _-]?)?(?:private|public)[ _-]?key|paste[ _-]|insert[ _-]|changeme|\bTODO\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?:Bearer\s+)?[\"']?eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*[\"']?\s*")
_FINGERPRINT = re.compile(r"(?:SHA256:)?[A-Za-z0-9+/]{43}=")

#: Labels that settle what it is: the row of words, and the kind it names. Spaces left out.
_NAMED_LABELS: Final = {
    "OPENSSHPRIVATEKEY": ("key-openssh", ""),
    "SSH2ENCRYPTEDPRIVATEKEY": ("key-openssh", ""),
    "PKCS7": ("key-pkcs7", ""),
    "CMS": ("key-pkcs7", ""),
    "PGPPRIVATEKEYBLOCK": ("key-pgp", ""),
    "PGPPUBLICKEYBLOCK": ("key-pgp", ""),
    "PGPMESSAGE": ("key-pgp", ""),
    "ECPRIVATEKEY": ("private-not-rsa", "EC (elliptic curve)"),
    "ECPARAMETERS": ("private-not-rsa", "EC (elliptic curve)"),
    "DSAPRIVATEKEY": ("private-not-rsa", "DSA"),
    "DSAPARAMETERS": ("private-not-rsa", "DSA"),
    "DHPARAMETERS": ("private-not-rsa", "DH"),
}
_KNOWN_LABELS: Final = {
    "PRIVATEKEY": ("pkcs8",),
    "ENCRYPTEDPRIVATEKEY": ("pkcs8-sealed",),
    "RSAPRIVATEKEY": ("pkcs1", "pkcs1-sealed"),
    "ANYPRIVATEKEY": ("pkcs8", "pkcs8-sealed", "pkcs1"),
    "PUBLICKEY": ("spki",),
    "RSAPUBLICKEY": ("pkcs1-public",),
    "CERTIFICATE": ("certificate",),
    "X509CERTIFICATE": ("certificate",),
    "TRUSTEDCERTIFICATE": ("certificate",),
    "CERTIFICATEREQUEST": ("csr",),
    "NEWCERTIFICATEREQUEST": ("csr",),
    "SSH2PUBLICKEY": ("ssh-public",),
}


def read_blocks(data: bytes) -> tuple[Block, ...]:
    """Find every key in a file or a paste, and mend what can be mended without guessing.

    Takes PEM in any state that people, forms, shells and YAML leave it in (line breaks lost, turned into spaces or
    into a literal ``\\n``, marker lines cut off, quotes, indentation, CRLF, UTF-16, text around it), bare base64,
    base64 of a whole PEM file, ``ssh-rsa`` lines and DER bytes. Returns one to four blocks, each of a shape that
    :func:`identify` knows. Raises :class:`ContainerError` for everything else.
    """
    if len(data) > MAX_BYTES:
        raise ContainerError("key-too-large", limit=MAX_BYTES // 1024)
    if not data.strip(b" \t\r\n\0\f\v"):
        raise ContainerError("key-empty")
    binary = _read_binary(data)
    if binary is not None:
        return (binary,)
    text, repairs = _decode(data)
    blocks = _read_text(text)
    if blocks is None:
        raise ContainerError(_name(text))
    return tuple(replace(block, repairs=repairs + block.repairs) for block in blocks)


def _read_binary(data: bytes) -> Block | None:
    """Return the key in a file of DER bytes, or ``None`` when this is not such a file."""
    for magic, code in (
        (b"PK\x03\x04", "key-zip"),
        (b"\x1f\x8b", "key-zip"),
        (b"\xfe\xed\xfe\xed", "key-java-store"),
        (b"\xce\xce\xce\xce", "key-java-store"),
        (b"openssh-key-v1\0", "key-openssh"),
    ):
        if data.startswith(magic):
            raise ContainerError(code)
    # 0x30 is also the digit "0": a text goes on with another character, a DER sequence with its length.
    if data[0] != SEQUENCE or len(data) < 2 or not (data[1] >= 0x80 or data[1] == len(data) - 2):
        return None
    size = declared_length(data)
    if size is not None and len(data) > size:
        data = data[:size] + data[size:].rstrip(b"\r\n")  # an editor or `echo` added a line break
    return _shape(data, "binary")


def _decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, whichever encoding Windows gave it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _clean(data.decode("utf-16", "replace")), ("utf-16",)
    zeros = data.count(0)
    if zeros * 3 > len(data) and zeros * 2 <= len(data) + 1:
        codec = "utf-16-be" if data[0] == 0 else "utf-16-le"
        return _clean(data.decode(codec, "replace")), ("utf-16",)
    if zeros:
        raise ContainerError("key-binary")
    repairs = ("byte-order-mark",) if data.startswith(b"\xef\xbb\xbf") else ()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Only a comment beside the key can be in another encoding: a key itself is ASCII.
        if b"BEGIN" not in data:
            raise ContainerError("key-binary") from None
        text = data.decode("latin-1")
    return _clean(text), repairs


def _clean(text: str) -> str:
    """Even out line ends and drop characters nobody can see.

    Line ends are mended without a word: every browser sends a text area with CRLF, and all clients read both.
    """
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " "))


def _read_text(text: str) -> tuple[Block, ...] | None:
    """Return the keys in ``text``, unwrapping base64 of a whole PEM file once."""
    repairs: tuple[str, ...] = ()
    if _PERCENT.search(text):
        text, repairs = _clean(unquote(text, errors="replace")), ("percent-encoded",)
    blocks: tuple[Block, ...] | None = _read_marked(text)
    if blocks is None:
        unwrapped = _unwrap(text)
        if unwrapped is not None:
            repairs += ("base64-twice",)
            blocks = _read_marked(unwrapped)
        else:
            blocks = _read_ssh(text) or _read_bare(text)
    if blocks is None:
        return None
    return tuple(replace(block, repairs=repairs + block.repairs) for block in blocks)


def _begins(text: str) -> Iterator[re.Match[str]]:
    yield from _BEGIN.finditer(text) if _BEGIN.search(text) else _BEGIN_RUN_TOGETHER.finditer(text)


def _read_marked(text: str) -> tuple[Block, ...] | None:
    """Return the keys between BEGIN and END markers, or ``None`` when there is no marker at all."""
    begins = list(_begins(text))
    if not begins:
        end = _END.search(text)
        if end is None:
            return None
        blocks = _read_bare(text[: end.start()])
        if blocks is None:
            raise ContainerError("key-start-missing")
        return tuple(replace(block, repairs=("begin-missing",)) for block in blocks)
    if len(begins) > MAX_BLOCKS:
        raise ContainerError("key-several")
    found: list[Block] = []
    around = text[: begins[0].start()]
    for begin, following in zip(begins, [*begins[1:], None], strict=True):
        limit = following.start() if following else len(text)
        end = _END.search(text, begin.end(), limit)
        label = "".join(begin.group(1).upper().split())
        body_end = end.start() if end else limit
        found.append(_read_marked_one(text[begin.end() : body_end], label, begin.group(), end))
        if end:
            around += text[end.end() : limit]
    return _note_surroundings(found, around)


def _note_surroundings(blocks: list[Block], around: str) -> tuple[Block, ...]:
    """Say on the first block what stood around the keys: nothing, quotes, or other text."""
    around = _ESCAPE.sub("", around).strip().strip(",; \n")
    if around in ("", "n"):  # "n" is what a shell left of a last line break
        return tuple(blocks)
    note = "text-around" if around.strip("\"'`,; \n") else "quoted"
    blocks[0] = replace(blocks[0], repairs=(note, *blocks[0].repairs))
    return tuple(blocks)


def _read_marked_one(body: str, label: str, begin: str, end: re.Match[str] | None) -> Block:
    """Read what stands between one pair of markers."""
    if label in _NAMED_LABELS:
        code, kind = _NAMED_LABELS[label]
        raise ContainerError(code, kind=kind)
    if label not in _KNOWN_LABELS:
        raise ContainerError("key-unknown-label")
    repairs = _marker_repairs(label, begin, end)
    header = _ENCRYPTED_HEADER.search(body)
    repairs += _line_repairs(body, header=header is not None)
    if header:
        key, sealed = _read_old_header(body, label, header)
        block = Block("pkcs1-sealed", key, sealed)
    else:
        key, more = _from_base64(body)
        if "newlines-escaped" in more:
            repairs = tuple(code for code in repairs if code != "newlines-removed")
        repairs += more
        block = Block("ssh-public", key) if label == "SSH2PUBLICKEY" else _shape(key)
    if block.kind not in _KNOWN_LABELS[label]:
        repairs += ("label-wrong",)
    return replace(block, repairs=tuple(dict.fromkeys(repairs)))


def _marker_repairs(label: str, begin: str, end: re.Match[str] | None) -> tuple[str, ...]:
    """Say what is wrong with the marker lines themselves."""
    if end is None:
        return ("end-missing",)
    if label == "SSH2PUBLICKEY":  # written with four hyphens and a space
        return ()
    whole = begin.startswith("-----BEGIN ") and begin.endswith("-----") and "\n" not in begin
    return () if whole and "".join(end.group(1).upper().split()) == label else ("markers-damaged",)


def _line_repairs(body: str, *, header: bool) -> tuple[str, ...]:
    """Say what became of the line breaks between the markers."""
    if _ESCAPE.search(body):
        return ("newlines-escaped",)
    if "\n" not in body.strip():
        # A short key, such as Ed25519, fits on one honest line.
        if "\n" in body and len(body) < 200:
            return ()
        return ("newlines-spaces",) if re.search(r"\S[ \t]+\S", body) else ("newlines-removed",)
    lines = body.split("\n")[1:-1]
    if not header and any(not line.strip() or line[0] in " \t" for line in lines):
        return ("tidied",)
    return ()


def _read_old_header(body: str, label: str, header: re.Match[str]) -> tuple[bytes, Sealed]:
    """Read the ``Proc-Type: 4,ENCRYPTED`` form that OpenSSL wrote before PKCS#8 (RFC 1421, and a KDF of its own).

    The key is derived in one round, so there is no count to bound.
    """
    if label != "RSAPRIVATEKEY":
        raise ContainerError("key-damaged")
    recipe = _DEK_HEADER.search(body, header.end())
    if recipe is None:
        raise ContainerError("key-damaged")
    cipher = recipe.group(1).lower()
    if cipher not in CIPHERS:
        raise ContainerError("cipher-not-opened", cipher="Proc-Type with another cipher than AES and DES")
    # Where the line breaks are gone, base64 follows the hexadecimal digits directly: the cipher says how many count.
    digits = 2 * CIPHERS[cipher][1]
    if len(recipe.group(2)) < digits:
        raise ContainerError("key-damaged")
    data = _decode_digits(_digits(body[recipe.start(2) + digits :])[0])
    iv = bytes.fromhex(recipe.group(2)[:digits])
    return data, check_sealed(Sealed("openssl", "md5", iv[:8], 1, cipher, iv, data))


def _unescape(text: str) -> str:
    text = _UNICODE_ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
    return _ESCAPE.sub("\n", text).replace("\\/", "/")


def _from_base64(body: str) -> tuple[bytes, tuple[str, ...]]:
    """Decode the base64 between two markers; return it and the repairs it needed."""
    digits, repairs = _digits(body)
    whole = digits.rstrip("=")
    key = _decode_digits(whole)
    if len(digits) % 4 and declared_length(key) == len(key):
        repairs += ("padding-missing",)
    return key, repairs


def _digits(body: str) -> tuple[str, tuple[str, ...]]:
    """Return the base64 digits in ``body`` after taking out what can't belong to them, and the repairs made."""
    text = _unescape(body)
    text = _LINE_PREFIX.sub("", text)
    text = _HEADER_LINE.sub("", text)
    text = _NEVER_BASE64.sub("", text)
    if not text:
        raise ContainerError("key-empty-block")
    if _BROUGHT_SHORT.search(text):
        raise ContainerError("key-shortened")
    if (len(text) < 100 or _NOT_BASE64URL.search(text)) and _PLACEHOLDER.search(body):
        raise ContainerError("key-placeholder")
    repairs: tuple[str, ...] = ()
    if "-" in text or "_" in text:
        text = text.replace("-", "+").replace("_", "/")
        repairs = ("base64url",)
    if strangers := _NOT_BASE64.findall(text):
        raise ContainerError("key-characters", count=len(strangers))
    if set(text[::65]) == {"n"}:
        # A shell ate the backslashes of "\\n": an "n" stands before each line of 64 characters.
        text = "".join(text[at + 1 : at + 65] for at in range(0, len(text), 65))
        text = text[:-1] if text.endswith("n") and len(text) % 4 == 1 else text
        repairs += ("newlines-escaped",)
    if "=" in text.rstrip("="):
        raise ContainerError("key-damaged")
    return text, repairs


def _decode_digits(digits: str) -> bytes:
    """Decode base64 digits without padding. A lone digit at the end is cut: it can't be a whole byte."""
    digits = digits.rstrip("=")
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ContainerError("key-damaged") from None


def _insist_on_whole(key: bytes) -> None:
    """Check that a DER document is all there, and nothing but it."""
    if key.startswith(b"openssh-key-v1\0"):
        raise ContainerError("key-openssh")
    if not key or key[0] != SEQUENCE:
        raise ContainerError("key-start-missing")
    size = declared_length(key)
    if size is None:
        raise ContainerError("key-damaged")
    if len(key) < size:
        raise ContainerError("key-truncated", have=f"{len(key):,}", expected=f"{size:,}")
    if len(key) > size:
        raise ContainerError("key-trailing", extra=f"{len(key) - size:,}")


def _shape(key: bytes, *repairs: str) -> Block:
    """Make a block of DER bytes, or say why these are no key."""
    _insist_on_whole(key)
    kind = identify(key)
    if kind in ("pkcs12", "pkcs7"):
        raise ContainerError(f"key-{kind}")
    return Block(kind, key, None, repairs)


def _pieces(text: str) -> Iterator[list[str]]:
    """Cut a text where characters stand that base64 doesn't have, and each piece into words.

    An equals sign ends a word too: it pads base64 and assigns variables, and never stands inside either.
    """
    text = _ASSIGNED.sub(" ", _unescape(text))
    return (piece.split() for piece in _FOREIGN_ALPHABET.split(text))


def _unwrap(text: str) -> str | None:
    """Return the PEM file that was base64-encoded as a whole (as Kubernetes and Airflow want it), or ``None``."""
    for words in _pieces(text):
        for at, word in enumerate(words):
            if word.startswith("LS0t"):  # base64 of "---"
                digits = "".join(words[at:]).rstrip("=").replace("-", "+").replace("_", "/")
                if "=" in digits:
                    return None
                decoded = _decode_digits(digits)
                try:
                    inner = _clean(decoded.decode("utf-8"))
                except UnicodeDecodeError:
                    return None
                return inner if "BEGIN" in inner else None
    return None


def _read_ssh(text: str) -> tuple[Block, ...] | None:
    """Return the keys in lines such as ``ssh-rsa AAAA… jane@laptop``."""
    found = list(_SSH_LINE.finditer(text))
    if not found:
        return None
    for line in found:
        if line.group(1) != "ssh-rsa":
            raise ContainerError("public-not-rsa", kind=_SSH_KINDS.get(line.group(1)[:11], "OpenSSH, not ssh-rsa"))
    if len(found) > MAX_BLOCKS:
        raise ContainerError("key-several")
    blocks = []
    for line in found:
        words = re.split(r"[^A-Za-z0-9+/=]+", text[line.end() - 4 :], maxsplit=1)
        blocks.append(Block("ssh-public", _decode_digits(words[0].replace("=", ""))))
    return tuple(blocks)


def _read_bare(text: str) -> tuple[Block, ...] | None:
    """Return the keys that stand in ``text`` as base64 without markers, or ``None`` when there is nothing like it.

    DER says its own length at the start, so the base64 is followed from its first word to exactly that length.
    """
    blocks: list[Block] = []
    left = False
    for words in _pieces(text):
        at = 0
        while at < len(words):
            word = words[at].lstrip("=")
            if not (len(word) >= 16 and re.match(r"M[A-J][A-Za-z0-9+/_-]", word)):
                left = left or bool(word)
                at += 1
                continue
            if _BROUGHT_SHORT.search(text):
                raise ContainerError("key-shortened")
            key, at = _follow(words, at)
            if len(blocks) == MAX_BLOCKS:
                raise ContainerError("key-several")
            blocks.append(_shape(key))
    if not blocks:
        digits = "".join(_unescape(text).split())
        if len(digits) >= 200 and not re.search(r"[^A-Za-z0-9+/=]", digits):
            _insist_on_whole(_decode_digits(digits.replace("=", "")))
        return None
    note = ("markers-missing", "text-around") if left else ("markers-missing",)
    return (replace(blocks[0], repairs=note), *blocks[1:])


def _follow(words: list[str], at: int) -> tuple[bytes, int]:
    """Join base64 words from ``at`` until the DER they begin is whole; return it and where the next word stands."""
    first = words[at].lstrip("=").replace("-", "+").replace("_", "/")
    size = declared_length(_decode_digits(first[:8].rstrip("=")))
    if size is None:
        raise ContainerError("key-damaged")
    need = (4 * size + 2) // 3  # digits, without padding
    taken: list[str] = []
    have = 0
    while at < len(words) and have < need:
        word = words[at].strip("=").replace("-", "+").replace("_", "/")
        if "=" in word:
            raise ContainerError("key-damaged")
        taken.append(word)
        have += len(word)
        at += 1
    while at < len(words) and not words[at].strip("="):
        at += 1
    key = _decode_digits("".join(taken))
    _insist_on_whole(key)
    return key, at


def _name(text: str) -> str:
    """Say what stands where a key was looked for and not found."""
    stripped = text.strip()
    plain = stripped.strip("\"'` \n")
    if not plain:
        return "key-empty"
    if plain.startswith("PuTTY-User-Key-File"):
        return "key-putty"
    if re.search(r'"kty"\s{0,8}:', text):
        return "key-jwk"
    if "<RSAKeyValue>" in text:
        return "key-xml"
    if _TOKEN.fullmatch(stripped):
        return "key-is-token"
    if _FINGERPRINT.fullmatch(plain):
        return "key-is-fingerprint"
    if _BROUGHT_SHORT.search(plain) and re.search(r"M[A-J][A-Za-z0-9+/]{2,}", plain):
        return "key-shortened"
    if _PLACEHOLDER.search(plain):
        return "key-placeholder"
    if _FILE_NAME.fullmatch(plain) or _DIRECTORY.fullmatch(plain):
        return "key-is-path"
    return "key-not-found"
