"""What the readers of keys say they met: a character that is none of base64, a byte that is none of DER's.

Rust's parsers below Python's cryptography and connector 5 tell the very byte at which they stopped, so the beginning of
what they were given can be worked out: https://docs.rs/base64 (DecodeError), https://docs.rs/asn1 (ParseError); Java's
Base64.Decoder tells the character in hexadecimal digits. Read autumn 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wizard.diagnosis.facts import Fact

_SYMBOLS: Final = (
    (10, re.compile(r"Invalid symbol (?P<number>\d{1,3}), offset (?P<at>\d{1,6})")),
    (10, re.compile(r"InvalidByte\((?P<at>\d{1,6}), (?P<number>\d{1,3})\)")),
    (16, re.compile(r"Illegal base64 character:? (?P<number>[0-9a-fA-F]{1,2})\b(?P<at>)")),
)
_TAG: Final = re.compile(
    r"unexpected tag \(got Tag \{ value: (\d{1,3}), constructed: (true|false), class: (Universal|Application|"
    r"ContextSpecific|Private) \}\)"
)
_GO_TAG: Final = re.compile(r"\(16 vs \{class:([0-3]) tag:(\d{1,9}) length:(\d{1,9}) isCompound:(true|false)\}\)")
_CLASSES: Final = {"Universal": 0, "Application": 1, "ContextSpecific": 2, "Private": 3}
_MANNERS: Final = (
    ("base64", "Failed to load private key:"),  # connector 4 decodes the setting private_key, then reads DER
    ("text", "could not load private key:"),  # snowflake-sql-api reads PEM, and where that fails DER
    ("either", "Could not decode base64 private key"),  # connector 5 takes what has no marker for base64
)
_CONTENT_AS_PATH: Final = re.compile(
    r"Invalid value '[^']{0,6000}\n' for parameter 'private_key_file'|"
    r"(?:directory[,:]|open) '[^'\n]{0,100}\n[^']{0,6000}'"
)
_SHORT: Final = re.compile(r"short data \(needed at least (\d{1,9}) additional bytes\)")


def signs_of_a_key(text: str, source: str) -> Iterator[Fact]:
    """Yield at which character, at which first byte, or how far before its end a reader of keys stopped."""
    for base, pattern in _SYMBOLS:
        for found in pattern.finditer(text):
            yield Fact("key-symbol", f"{int(found['number'], base)} {found['at']}".strip(), source)
    for found in _TAG.finditer(text):
        constructed = 0x20 if found[2] == "true" else 0
        yield Fact("key-first-byte", str(_CLASSES[found[3]] << 6 | constructed | int(found[1]) & 0x1F), source)
    for found in _GO_TAG.finditer(text):
        constructed = 0x20 if found[4] == "true" else 0
        first = int(found[1]) << 6 | constructed | min(int(found[2]), 0x1F)  # a longer tag begins with all of them set
        if first == ord(" ") and int(found[3]) == ord("\n"):  # of Go the second byte is known too: a blank line
            yield Fact("key-bytes-missing", "1", source)
        else:
            yield Fact("key-first-byte", str(first), source)
    manner = next((name for name, words in _MANNERS if words in text), "")
    if not manner and "load_der_private_key" in text and "load_pem_private_key" not in text:
        manner = "base64"  # dbt and SQLMesh decode the setting, then read DER
    if manner:
        yield Fact("key-read-as", manner, source)
    if _CONTENT_AS_PATH.search(text):
        yield Fact("error-path", "content", source)
    for found in _SHORT.finditer(text):
        yield Fact("key-bytes-missing", found[1], source)
