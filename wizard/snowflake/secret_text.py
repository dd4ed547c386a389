"""Does a text hold a private key, a token or a password, in whatever clothes it was pasted?

People paste a key into the wrong box, and what was typed is drawn again for them to mend. So every text is looked
through for what must not come back, in two ways:

* **by what it says**: the marker lines, the words around a key's numbers in other formats, and the first bytes of a
  private key, a sealed one or a key store, written as base64 or base32 (at any offset, in any breaking of lines), as
  hexadecimal digits (with whatever stands between them), as numbers of a program, or as text in which what can't be
  printed is escaped;
* **by its look**: more random base64, base32, hexadecimal digits or escapes than any fingerprint has, which no public
  key, certificate or labelled modulus accounts for. That is what is left of a key when its beginning is cut off.

A password or passphrase has no look. It is known by its name in a setting, or by its place in an address.

Public keys, fingerprints, accounts, names, statements and ``DESC USER`` output hold neither. Pure, and in time
proportional to the text.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote

LEAST_RANDOM: Final = 96  # bytes: a fingerprint has 32, the longest hash 64, a prime of the smallest key 128
LEAST_DOCUMENT: Final = 200  # base64 characters of something that begins as a long DER document does
LEAST_NUMBERS: Final = 48  # the smallest private key in use, of Ed25519, in PKCS#8
LONGEST_NAME: Final = 255  # characters of one word: a user may be called anything
LONGEST_PRINTABLE: Final = 24  # bytes in a row that random ones hardly ever have: three of eight are printable

_RSA: Final = bytes.fromhex("06092a864886f70d0101010500")  # rsaEncryption with NULL, as it stands before either half
_PRIVATE_DER: Final = (
    b"openssh-key-v1\0",
    _RSA + b"\x04\x82",  # PKCS#8: an octet string follows
    # PKCS#5 and PKCS#12: how a key is sealed. With the number of each way: within base64 the last byte is seen in part.
    *(bytes.fromhex("2a864886f70d0105") + bytes([way]) for way in (1, 3, 4, 6, 10, 11, 12, 13)),
    *(bytes.fromhex("2a864886f70d010c01") + bytes([way]) for way in range(1, 7)),
)
_PRIVATE_BYTES: Final = (b"PRIVATE KEY", *_PRIVATE_DER)  # the first: a whole PEM file in base64, as Kubernetes keeps it
_PUBLIC_BYTES: Final = _RSA + b"\x03\x82"  # SubjectPublicKeyInfo: a bit string follows
LONGEST_PUBLIC_KEY: Final = 1_400  # base64 characters, of 8192 bits


def _within(encode: Callable[[bytes], bytes], bits: int, data: bytes) -> tuple[str, ...]:
    """Return the ways in which bytes look within base64 or base32, by the offset at which they begin.

    ``bits`` is how many of them a letter tells, and how many bytes, or less, a group of letters.
    """
    spelt = []
    for offset in range(bits):
        encoded = encode(b"\0" * offset + data).decode()
        spelt.append(encoded[-(-offset * 8 // bits) : (offset + len(data)) * 8 // bits])
    return tuple(dict.fromkeys(spelt))


_PRIVATE_BASE64: Final = tuple(spelling for data in _PRIVATE_BYTES for spelling in _within(base64.b64encode, 6, data))
_PRIVATE_BASE32: Final = tuple(spelling for data in _PRIVATE_BYTES for spelling in _within(base64.b32encode, 5, data))
_PUBLIC_BASE64: Final = _within(base64.b64encode, 6, _PUBLIC_BYTES)
_NUMBERS_OF_PKCS1: Final = bytes.fromhex("0201000282")
PRIVATE_SIGNS: Final = ("PRIVATEKEY-----", *_PRIVATE_BASE64, *_within(base64.b64encode, 6, _NUMBERS_OF_PKCS1))
"""Texts of which one stands in nearly every private key, once blanks are taken out of it: what a page looks for before
it sends a text. What a page doesn't find, :func:`looks_secret` does."""
_PRIVATE_HEX: Final = tuple(data.hex() for data in _PRIVATE_BYTES)
_PRIVATE_DER_HEX: Final = tuple(data.hex() for data in _PRIVATE_DER)

# A sequence that begins with a small number, its version, and goes on with a number, an octet string or the name of an
# algorithm: PKCS#1, PKCS#8, SEC 1, PKCS#12. In hexadecimal digits, with the three ways in which DER writes a length.
_LENGTH: Final = r"(?:82[0-9a-f]{4}|81[0-9a-f]{2}|[0-7][0-9a-f])"
_STARTS: Final = re.compile(rf"30{_LENGTH}02010[0-4](?:02|04|30{_LENGTH}06)")
_SEQUENCE_BASE64: Final = re.compile(r"M[A-J](?=([A-Za-z0-9+/]{14}))")
# In base32 with what it begins with spelt out, for a byte is no whole number of letters: 3082 or 3081 or 30, 0201.
_SEQUENCE_BASE32: Final = re.compile(
    r"G(?=CB[A-P][A-Z2-7]{2}[AIQY]CAE|CA[Q-Z2-7][A-Z2-7]AQBA|[AB][A-Z2-7][AQ]EAI)(?=([A-Z2-7]{23}))"
)
# The same of what is public: a public key with or without its algorithm, and a certificate (or a request for one).
_PUBLIC_STARTS_BASE64: Final = re.compile(r"MI[IJ][A-Za-z0-9+/](?:[A-Za-z0-9+/](?:jAN|gKC)|[A-Za-z0-9+/][A-Za-z]CC)")
_PUBLIC_STARTS_HEX: Final = re.compile(r"3082[0-9a-f]{4}(?:300d0609|3082|0282)")
_PUBLIC_STARTS: Final = re.compile(rb"\x30\x82(..)(?:\x30\x0d\x06\x09|\x30\x82|\x02\x82)", re.DOTALL)
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
# A character or byte by its number, as C, Java, JavaScript, Python and HTML write it: \x30 \u0030 \u{30} \060 &#48;
_NUMBERED: Final = re.compile(
    r"\\{1,4}(?:(?:x|u00|U000000)([0-9A-Fa-f]{2})|u\{0{0,4}([0-9A-Fa-f]{1,2})\}|([0-3]?[0-7]{1,2}))"
    r"|&#(?:[xX]0{0,4}([0-9A-Fa-f]{1,2})|0{0,4}([0-9]{1,3}));"
)
_BASES: Final = (0, 16, 16, 8, 16, 10)  # of its groups
_NAMED: Final = re.compile(r"\\([abfnrtv\\\"'])")
_NAMED_BYTES: Final = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))
_BINARY: Final = re.compile(rb"[\x00-\x7f]?[\x80-\xff](?:[\x00-\x7f]{0,%d}[\x80-\xff])+" % LONGEST_PRINTABLE)
_INVISIBLE: Final = re.compile("[\x00\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Before the digits of a byte. C leaves the first out where it is zero: then the lookahead is a group that matched.
_BYTE_PREFIX: Final = re.compile(r"(?:\\{1,4}x|(?<![A-Za-z0-9])0[xX])((?=[0-9A-Fa-f](?![0-9A-Za-z])))?")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")
_BASE64_WORD: Final = re.compile(r"[A-Za-z0-9+/]{24,}")
_HEX_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_LONG_WORD: Final = re.compile(r"[A-Za-z0-9]{8,}")
_BASE32_WORD: Final = re.compile(r"[A-Z2-7]+|[a-z2-7]+")
_NUMBER: Final = re.compile(r"(-?)(?:0[xX]([0-9A-Fa-f]{1,2})(?![0-9A-Fa-f])|([0-9]+))")
# What stands before a public key or number: a marker line, a property of DESC USER (also in JSON), in XML, in a JWK.
_PUBLIC_LABEL: Final = re.compile(
    r"(?:rsa_public_key(?:_2)?|public ?key)[^a-z0-9]{0,12}(?:value[^a-z0-9]{0,6})?$"
    r"|(?:modulus>|[\"']n[\"'] ?: ?[\"']) ?$"
)
_LABEL_WITHIN: Final = 200  # characters before a word: a table pads its first column


def looks_secret(text: str) -> bool:
    """Say whether a text holds a private key, a piece of one, or a token."""
    plain = _unwrapped(text)
    said = _says_so(plain) or _is_token(plain)
    return said or _in_letters(plain) or _in_base32(plain) or _in_digits(text) or _in_escapes(text)


def _unwrapped(text: str) -> str:
    """Undo what shells, forms and programs do to a text, and drop what can't be seen."""
    if "%" in text:
        text = unquote(text, errors="replace")
    text = _NUMBERED.sub(_if_printable, _INVISIBLE.sub("", text))
    return _ESCAPE.sub("\n", text).replace("\\/", "/")


def _numbered(found: re.Match[str]) -> str:
    """Return what an escape stands for, itself where that is no byte."""
    group = found.lastindex or 0
    number = int(found[group], _BASES[group])
    return chr(number) if number < 256 else found[0]


def _if_printable(found: re.Match[str]) -> str:
    character = _numbered(found)
    return character if character.isascii() and (character.isprintable() or character.isspace()) else found[0]


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


# --- base32 ----------------------------------------------------------------------------------------------------------
def _in_base32(text: str) -> bool:
    words = [word for word in _LONG_WORD.findall(text) if _BASE32_WORD.fullmatch(word)]
    joined = "".join(words).upper()
    if any(spelling in joined for spelling in _PRIVATE_BASE32):
        return True
    starts = (base64.b32decode(found[0] + found[1]).hex() for found in _SEQUENCE_BASE32.finditer(joined))
    if any(_STARTS.match(start) for start in starts):
        return True
    long = [word for word in words if len(word) >= 24]
    if len(long) == 1 and len(long[0]) <= LONGEST_NAME:
        return False
    letters = "".join(long).upper()
    if not 0.08 < sum(map(str.isdigit, letters)) / max(len(letters), 1) < 0.35:
        return False
    return _random_bytes(base64.b32decode(letters[: len(letters) // 8 * 8]))


# --- bytes, escaped where they can't be printed -----------------------------------------------------------------------
def _in_escapes(text: str) -> bool:
    joined = "".join(map(_inside_quotes, text.splitlines()))
    named = _NAMED.sub(lambda found: _NAMED_BYTES.get(found[1], found[1]), _NUMBERED.sub(_numbered, joined))
    data = named.encode("latin-1", "replace")
    digits = data.hex()
    if _STARTS.search(digits) or any(spelling in digits for spelling in _PRIVATE_DER_HEX):
        return True
    return any(_random_bytes(found[0]) for found in _BINARY.finditer(_without_public(data)))


def _inside_quotes(line: str) -> str:
    """Return what a line of a program has between its quotes, the whole of another line: a long text is often cut."""
    line = line.lstrip(" \t+([{,;").rstrip(" \t+)],;\\")
    begins = line.find(line[-1:])
    return line[begins + 1 : -1] if line[-1:] in ("'", '"') and begins in (0, 1) and len(line) > begins + 1 else line


def _without_public(data: bytes) -> bytes:
    """Return bytes without the public keys and certificates among them."""
    kept, at = [], 0
    for found in _PUBLIC_STARTS.finditer(data):
        if found.start() >= at:
            kept.append(data[at : found.start()])
            at = found.start() + 4 + int.from_bytes(found[1], "big")
    return b"".join((*kept, data[at:]))


def _random_bytes(data: bytes) -> bool:
    """Say whether bytes are many and random, and neither text nor public: half of random ones are above 127."""
    data = _without_public(data)
    if len(data) < LEAST_RANDOM or len(set(data[:256])) < 64:
        return False
    high = sum(byte > 127 for byte in data) / len(data)
    return 0.35 < high < 0.65 and len(data.decode("utf-8", "ignore").encode()) < 0.8 * len(data)


# --- hexadecimal digits, and numbers ----------------------------------------------------------------------------------
def _in_digits(text: str) -> bool:
    pairs = _BYTE_PREFIX.sub(lambda found: " " if found[1] is None else " 0", text)
    rows = list(_hex_rows(_UUID.sub(" ", pairs)))
    joined = "".join(digits for _, digits in rows)
    if _STARTS.search(joined) or any(spelling in joined for spelling in _PRIVATE_HEX):
        return True
    if any(_random_digits(label, digits) for label, digits in rows):
        return True
    numbers = [_number(found) for found in _NUMBER.finditer(text) if found[2] or len(found[0]) <= 4]
    if len(numbers) < LEAST_NUMBERS:
        return False
    as_bytes = bytes(number & 255 for number in numbers if -128 <= number <= 255).hex()
    return _STARTS.search(as_bytes) is not None or any(spelling in as_bytes for spelling in _PRIVATE_HEX)


def _number(found: re.Match[str]) -> int:
    number = int(found[2], 16) if found[2] else int(found[3])
    return -number if found[1] else number


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
