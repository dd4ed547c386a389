"""The key: its form against what the client opens, and what stands in its text."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.opinion import Opinion, Opinions, ruled_out

_LEAST_BITS: Final = 2048
PKCS8_ONLY: Final = frozenset(("snow", "go", "jdbc", "kafka", "spark", "dotnet", "terraform"))
"""Clients that refuse PKCS#1. The Python connectors, dbt, SQLAlchemy and Node.js read it."""
_PLAIN_ONLY: Final = frozenset(("go", "spark"))
"""Clients that open no encrypted key."""
_SEALED: Final = ("pkcs8-encrypted", "pkcs1-encrypted")


def keys(evidence: Evidence) -> Opinions:
    """What the form, the text and the size of a key say."""
    for flaw in evidence.all("key-flaw"):
        cause, _, because = flaw.value.partition(": ")
        yield Opinion(cause, because, 102)
    bits = evidence.first("key-bits")
    if bits and bits.value.isdigit() and int(bits.value) < _LEAST_BITS:
        yield Opinion(
            "key-too-short",
            f"{bits.source[:1].upper()}{bits.source[1:]}: a key of {bits.value} bits. Snowflake takes 2048 and more.",
            112,
            certain=True,
        )
    for form in evidence.all("key-form"):
        yield from _form(form.value, form.source, evidence)
    yield from _breaks(evidence)
    yield from _made(evidence)


def _made(evidence: Evidence) -> Opinions:
    """What the commands that made a key say."""
    if evidence.has("key-cipher", "old"):
        yield Opinion("key-cipher", "The key was encrypted in an old way, which many programs don't open.", 88)
    if evidence.has("public-key-form", "der"):
        yield Opinion("public-key-rejected", "The public key was written as DER. Snowflake takes its base64.", 90)
    for mode in evidence.all("file-mode"):
        number, _, name = mode.value.partition(" ")
        cause = "config-permissions" if name.endswith(".toml") else "key-file-unreadable"
        yield Opinion(
            cause, f"{name} was given the mode {number}: others may read it, and some programs refuse that.", 70
        )


_UNREAD: Final = MappingProxyType(
    {
        "openssh": ("key-openssh", "is in OpenSSH's own form, which Snowflake's clients don't read", 114),
        "ssh-public": ("key-openssh", "is an OpenSSH line, which Snowflake doesn't take", 104),
        "ec": ("key-type", "is no RSA key", 112),
        "dsa": ("key-type", "is no RSA key", 112),
        "der": ("key-encoding", "was written as DER, and most programs want PEM", 88),
    }
)
"""The forms that are wrong for whatever client, with the words and the weight of it."""


def _form(form: str, source: str, evidence: Evidence) -> Opinions:
    client = evidence.get("client", "settings")
    where = "By its first line, the key" if source == "the pasted text" else f"By {source} the key"
    if form in _UNREAD:
        cause, words, weight = _UNREAD[form]
        yield Opinion(cause, f"{where} {words}.", weight)
    elif form.startswith("pkcs1"):
        only = client in PKCS8_ONLY
        takers = "this program takes" if only else "several programs take"
        yield Opinion("key-pkcs1", f"{where} is PKCS#1, and {takers} PKCS#8 only.", 124 if only else 84)
    elif form.startswith("pkcs8"):
        for cause in ("key-pkcs1", "key-openssh", "key-is-public", "key-type"):
            yield ruled_out(cause, f"{where} is PKCS#8.")
    if form in _SEALED:
        yield from _sealed(where, client, evidence)
    elif form in ("pkcs8", "pkcs1"):
        for cause in ("passphrase-missing", "passphrase-wrong", "key-cipher"):
            yield ruled_out(cause, f"{where} is not encrypted.")
        if evidence.get("setting-passphrase") == "given":
            yield Opinion("passphrase-unneeded", f"{where} is not encrypted, and a passphrase is given.", 90)


def _sealed(where: str, client: str, evidence: Evidence) -> Opinions:
    yield ruled_out("passphrase-unneeded", f"{where} is encrypted.")
    if client in _PLAIN_ONLY:
        yield Opinion("passphrase-missing", f"{where} is encrypted, and this program opens no such key.", 122)
    elif (given := evidence.get("setting-passphrase")) in ("missing", "empty"):
        what = "no passphrase is given" if given == "missing" else "the passphrase is empty, which counts as none"
        yield Opinion("passphrase-missing", f"{where} is encrypted, and {what}.", 122)


def _breaks(evidence: Evidence) -> Opinions:
    for breaks in evidence.all("key-breaks"):
        if breaks.value == "escaped":
            yield Opinion(
                "key-newlines-lost",
                f"In {breaks.source} the line breaks of the key stand as the two characters \\n.",
                82,
            )
        elif breaks.value == "kept":
            yield ruled_out("key-newlines-lost", f"In {breaks.source} the key has its line breaks.")
        elif breaks.value == "lost":
            yield Opinion("key-newlines-lost", f"In {breaks.source} the key has no line breaks.", 116)
