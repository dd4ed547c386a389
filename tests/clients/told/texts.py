"""What is kept of what a client printed: no secret, no name of this machine, its end; and which texts are the same."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.clients.told.situations import RIGHT, WRONG
from wizard.snowflake.secret_text import looks_secret

LONGEST = 4000
_SHORTEST = 100  # characters of a key: what is shorter was given in place of one, as a path
_PIECE = 16  # characters of a key in a row that are taken for a piece of it

_NAMES = (
    ("practice-snow_flake", "myorg-my_account"), ("practice-snow-flake", "myorg-my-account"),
    ("practise-snowflake", "myorg-myacount"), ("practice-snowflake", "myorg-myaccount"),
    ("practice.snowflake", "myorg.myaccount"), ("practice/snowflake", "myorg/myaccount"),
    ("practice-other", "myorg-another"), ("px00000", "ab12345"),
)  # fmt: skip
_EXCHANGES: tuple[tuple[re.Pattern[str], str], ...] = (
    *((re.compile(re.escape(old)), new) for old, new in _NAMES),
    *((re.compile(re.escape(old.upper())), new.upper()) for old, new in _NAMES),
    (re.compile(r"signin\.practice\.example"), "signin.example.com"),
    (re.compile(r"practice(?!s)"), "myorg"),
    (re.compile(r"PRACTICE(?!S)"), "MYORG"),
    (re.compile("|".join(map(re.escape, (RIGHT, WRONG)))), "[removed]"),
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"127\.0\.0\.\d:53\b"), "10.0.0.2:53"),
    (re.compile(r"127\.0\.0\.\d"), "203.0.113.10"),
    (re.compile(r"203\.0\.113\.10:\d{5}"), "10.0.0.9:51234"),  # a client's own end
    (re.compile(r"-----BEGIN [A-Z0-9 ]+-----.*?-----END [A-Z0-9 ]+-----", re.DOTALL), "[removed]"),
    (re.compile(r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}"), "[removed]"),
    # This checkout, and the home of whoever collects: nobody else has these folders.
    (re.compile("|".join(re.escape(str(folder)) for folder in (Path(__file__).parents[3], Path.home()))), "/build"),
    (re.compile(r"/home/(?!jane\b)\w+"), "/build"),
    (re.compile(r"\bLinux-[\w.-]+"), "Linux-6.1.0-x86_64-with-glibc2.36"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
)

_WARNING = re.compile(r"\S+:\d+: \w*Warning: ")  # printed after the error, when the program ends

_SAME: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"0x[0-9a-f]+"), "<address>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\dZ]*|\b\d\d:\d\d:\d\d\b(?:\.\d+)?"), "<time>"),
    (re.compile(r"\d{1,2}:\d\d:\d\d\.\d+ [AP]M"), "<time>"),
    (re.compile(r"\b\d{13}\b|\b\d{10}\b"), "<time>"),
    (re.compile(r"\d+(?:\.\d+)? ?(?:ms|s|(?:milli)?seconds?)\b|\d+ attempt\(s\)"), "<duration>"),
    (re.compile(r"SHA256:[A-Za-z0-9+/=]+"), "<fingerprint>"),
    (re.compile(r"\b(?:JANN?E|jann?e|SVC_ETL|svc_etl|Max\.Mustermann|MAX\.MUSTERMANN)\b(?!/)"), "<user>"),
    (re.compile(r"\b(?:myorg-myac{1,2}ount|MYORG-MYAC{1,2}OUNT|myorg-another|MYORG-ANOTHER)\b"), "<account>"),
    (re.compile(r"\b(?:ab12345|AB12345|myorg(?=\.snowflakecomputing))\b"), "<account>"),
    (re.compile(r"\b[0-9a-f]{16,}\b"), "<id>"),
    (re.compile(r":\d{4,5}\b"), ":<port>"),
    (re.compile(r"\s+"), " "),
)


def kept_text(printed: str, keys: Iterable[str]) -> str:
    """Return what is kept of ``printed``; ``keys`` are the base64 of all keys that were about, in one line each."""
    text = printed
    keys = [key for key in keys if len(key) > _SHORTEST]
    pieces = {key[at : at + _PIECE] for key in keys for at in range(max(len(key) - _PIECE + 1, 0))}
    pieces = {piece for piece in pieces if piece.isascii() and not piece.startswith("-----")}
    text = re.sub(r"[A-Za-z0-9+/=]{16,}", lambda run: _without(run[0], pieces), text)
    for pattern, new in _EXCHANGES:
        text = pattern.sub(new, text)
    text = re.sub(r"-----(BEGIN|END) [A-Z0-9 ]+-----?", "[removed]", text) if looks_secret(text) else text
    text = text.strip("\n")
    if len(text) > LONGEST:
        text = text[-LONGEST:]
        text = text[text.find("\n") + 1 :]
    return text


def _without(run: str, pieces: set[str]) -> str:
    """Cut what is a piece of a key out of a run of base64."""
    found = [at for at in range(len(run) - _PIECE + 1) if run[at : at + _PIECE] in pieces]
    return f"{run[: found[0]]}[removed]{run[found[-1] + _PIECE :]}" if found else run


def last_error(text: str) -> str:
    """Return the last error of a stack trace alone, as people copy it; "" where there is no stack trace."""
    lines = text.splitlines()
    starts = [at for at, line in enumerate(lines) if line.strip() == "Traceback (most recent call last):"]
    if starts:
        after = lines[starts[-1] + 1 :]
        for at, line in enumerate(after):
            if line and not line.startswith(" "):
                error = itertools.takewhile(lambda line: not _WARNING.match(line), after[at:])
                return "\n".join(error).rstrip()
        return ""
    frames = [at for at, line in enumerate(lines) if line.startswith("    at ")]
    if frames:
        begin = next((at for at, line in enumerate(lines) if re.match(r"\s*(?:throw\b|\^)", line)), -1)
        marks = [at for at in range(frames[0]) if lines[at].strip() == "^"]
        begin = marks[-1] if marks else begin
        return "\n".join(line for line in lines[begin + 1 : frames[0]] if line.strip())
    return ""


def sameness(text: str) -> str:
    """Return ``text`` without what differs from run to run and from person to person: ids, times, names."""
    for pattern, new in _SAME:
        text = pattern.sub(new, text)
    return text.strip()


def entries(client: str, version: str, rows: Iterable[dict[str, Any]], keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return what is kept of all that a client printed.

    ``form`` is ``whole`` (all that it printed, or its end) or ``error`` (the last error of a stack trace alone).
    ``told`` says whether the text tells its cause: whether all situations in which this client prints the same have a
    cause in common. Where they have none, ``set`` is the causes of all of them.
    """
    keys = list(keys)
    found = []
    for row in rows:
        whole = kept_text(row["printed"], keys)
        forms = {"whole": whole, "error": last_error(whole)}
        for form, text in forms.items():
            if text and not (form == "error" and text == whole):
                found.append({"client": client, "version": version, "situation": row["situation"], "form": form,
                              "text": text, "causes": list(row["causes"])})  # fmt: skip
    same = defaultdict(list)
    for entry in found:
        same[sameness(entry["text"])].append(entry)
    for group in same.values():
        common = set.intersection(*(set(entry["causes"]) for entry in group))
        every = sorted({cause for entry in group for cause in entry["causes"]})
        for entry in group:
            entry["told"] = bool(common)
            if common:
                entry["causes"] = [cause for cause in entry["causes"] if cause in common]
            else:
                entry["set"] = every
    return found


def held_back(client: str, situation: str) -> bool:
    """Whether a situation of a client is in the quarter that whoever writes rules doesn't look at."""
    return hashlib.sha256(f"{client} {situation}".encode()).digest()[0] % 4 == 0
