"""An error, from whatever program: its codes and numbers, who and what it names, and the sentences that stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wizard.diagnosis.facts import Fact
from wizard.diagnosis.reading.client import TITLES, client_in
from wizard.diagnosis.reading.key_errors import signs_of_a_key
from wizard.diagnosis.reading.notes import read_notes
from wizard.diagnosis.reading.recognised import LONGEST_VALUE, Recognised
from wizard.diagnosis.reading.words import phrases_in, plain, sentences_in, straight, without_frames
from wizard.snowflake.codes import FAILURE_NAMES, Code

SOURCE: Final = "the error"

_CODE: Final = re.compile(rf"(?<![0-9A-Za-z_.-])(?:{'|'.join(Code)})(?![0-9A-Za-z_-])")
_SHORT: Final = {str(code).lstrip("0"): str(code) for code in Code if code.startswith("000")}
_FAILURE_NAME: Final = re.compile(r"\bJWT_TOKEN_[A-Z_]{4,60}\b", re.IGNORECASE)
_BY_NAME: Final = {name: number for number, name in FAILURE_NAMES.items()}
_UUID: Final = re.compile(r"(?:\[|DETAILS\(')([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\b", re.IGNORECASE)
"""The number of a failure; other such numbers, of requests, stand in addresses."""
_REFUSED: Final = re.compile(
    r"\bJWT token is invalid\b(?!\.? ?null)|\bInvalid JWT\b|\bJWT (?:is )?invalid\b", re.IGNORECASE
)
"""Snowflake's words for its code of a refused token, which several clients print without the code."""
_STATUS: Final = re.compile(
    r"\b(?:HTTP(?:/[12](?:\.[01])?)?|status(?:[ _-]?code)?|code)[^0-9\n]{0,12}([45][0-9]{2})\b"
    r"|\b([45][0-9]{2}) (?:Client Error|Server Error|Unauthorized|Forbidden|Not Found|Bad Gateway|Service Unavailable)",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"\b([A-Za-z0-9_][A-Za-z0-9_.-]{0,200}\.snowflakecomputing\.(?:com|cn))\b")
_NAMED: Final = (
    ("error-user", re.compile(r"\buser '?\"?'?([A-Za-z0-9_.@$+-]{1,255})'?\"?'? does not exist", re.IGNORECASE)),
    ("error-user", re.compile(r"operate on user '([^'\n]{1,255})'", re.IGNORECASE)),
    ("error-role", re.compile(r"\brole '([^'\n]{1,255})'", re.IGNORECASE)),
    ("error-warehouse", re.compile(r"\bwarehouse '([^'\n]{1,255})'", re.IGNORECASE)),
    ("ip", re.compile(r"IP(?:/Token)? ([0-9]{1,3}(?:\.[0-9]{1,3}){3}) is not allowed", re.IGNORECASE)),
)
_DENIED: Final = re.compile(
    r"\buser '?\"?'?([A-Za-z0-9_.@$+-]{1,255})'?\"?'? does not exist or not authorized", re.IGNORECASE
)
_PASSPHRASE: Final = re.compile(r"private key pass is (not )?provided")  # snowflake-sdk notes it in its log
_PATH: Final = re.compile(r"['\"`]((?:[A-Za-z]:\\|/|~|\.{1,2}/)[^'\"`\n]{1,250})['\"`]")


def read_error(text: str, source: str = SOURCE) -> Recognised | None:
    """Read a text as what a program printed when something failed. None where nothing in it is known."""
    text = straight(text)
    words = plain(text)
    client = client_in(words)
    told = without_frames(text)
    facts = [
        *_numbers(text, source),
        *_names(text, source),
        *read_notes(text),
        *signs_of_a_key(text, source),
        *sentences_in(told, source),
    ]
    phrases = phrases_in(told, source)
    if not facts and not phrases:
        return None
    if client:
        facts.append(Fact("client", client, source))
    facts += phrases
    return Recognised("error", _title(client, facts), tuple(dict.fromkeys(facts)))


def _numbers(text: str, source: str) -> Iterator[Fact]:
    for code in dict.fromkeys(found[0] for found in _CODE.finditer(text)):
        yield Fact("code", code, source)
    for found in _FAILURE_NAME.finditer(text):
        if number := _BY_NAME.get(found[0].upper()):
            yield Fact("code", number, source)
    if _REFUSED.search(text):
        yield Fact("code", Code.JWT_TOKEN_INVALID, source)
    if uuid := _UUID.search(text):
        yield Fact("uuid", uuid[1].lower(), source)
    if status := _STATUS.search(text):
        yield Fact("http-status", status[1] or status[2], source)


def _names(text: str, source: str) -> Iterator[Fact]:
    for name, pattern in _NAMED:
        if found := pattern.search(text):
            yield Fact(name, found[1], source)
    if said := _PASSPHRASE.search(text):
        yield Fact("setting-passphrase", "missing" if said[1] else "given", source)
    if denied := _DENIED.search(text):
        yield Fact("user-denied", denied[1], source)
    if host := _HOST.search(text):
        yield Fact("error-host", host[1][:LONGEST_VALUE].lower(), source)
    if path := _PATH.search(text):
        yield Fact("error-path", path[1][:LONGEST_VALUE], source)


def _title(client: str, facts: list[Fact]) -> str:
    codes = [fact.value for fact in facts if fact.name == "code"][:2]
    of = f" of {TITLES[client]}" if client else ""
    return f"An error{of}" + (f", code {' and '.join(codes)}" if codes else "")
