"""A key's fingerprint as Snowflake writes it, in the states in which it gets copied.

``SHA256:`` and the base64 of SHA-256 over the SubjectPublicKeyInfo:
https://docs.snowflake.com/en/user-guide/key-pair-auth#verify-the-user-s-public-key-fingerprint
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

_CUT = ("…", "...")
_FINGERPRINT = re.compile(r"(?:SHA256:)?[A-Za-z0-9+/]{43}=")
_LOOSE = re.compile(r"(?<![A-Za-z0-9+/=])(?:SHA256:)?[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])")
_UNPADDED = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
PART_OF_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{0,43}")


def is_fingerprint(value: object) -> bool:
    """Whether a value is exactly ``SHA256:…=``."""
    return isinstance(value, str) and value.startswith("SHA256:") and _FINGERPRINT.fullmatch(value) is not None


def whole_fingerprint(value: str) -> str:
    """Return ``SHA256:…=`` when the value is a complete fingerprint, else ``""``."""
    squeezed = "".join(value.split())
    if _UNPADDED.fullmatch(squeezed):
        # A double click selects up to the padding and leaves the "=" behind.
        squeezed += "="
    if not _FINGERPRINT.fullmatch(squeezed):
        return ""
    return squeezed if squeezed.startswith("SHA256:") else "SHA256:" + squeezed


def fingerprints_in(text: str) -> set[str]:
    """Return the whole fingerprints that stand by themselves in a text, each as ``SHA256:…=``."""
    return {whole_fingerprint(match) for match in _LOOSE.findall(text)}


def is_cut(value: str) -> bool:
    """Whether a value is the beginning of a fingerprint, as a narrow column leaves it."""
    return value.endswith(_CUT) or (value.startswith("SHA256:") and PART_OF_FINGERPRINT.fullmatch(value) is not None)


def fingerprint_of(public_key: str) -> str:
    """Return the fingerprint of a base64 public key as DESC USER echoes it, or ``""``."""
    lines = [line for line in public_key.split("\n") if "-----" not in line]
    try:
        der = base64.b64decode("".join("".join(lines).split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if len(der) < 64 or der[0] != 0x30:
        return ""
    return "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode("ascii")
