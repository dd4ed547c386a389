"""Finds the causes behind an error text that was pasted from any tool."""

from __future__ import annotations

import unicodedata

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.cause import Cause

MAX_CHARACTERS = 64 * 1024
"""Longest text that is looked at; the rest is left out. A stack trace names its cause early or not at all."""

_MOST = 5
_TRANSLATION = str.maketrans(
    {"’": "'", "‘": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "..."}
)


def recognise(text: str) -> tuple[Cause, ...]:
    """Return the causes that the text shows signs of, most likely first, five at most.

    A cause counts as much as its strongest sign; further signs only decide between equals. Never raises.
    Nothing recognised gives an empty
    tuple.
    """
    return tuple(CATALOGUE[cause_id] for cause_id, _ in scores(text)[:_MOST])


def scores(text: str) -> list[tuple[str, float]]:
    """Cause ids with their score, highest first; 100 and more means that the text names the cause outright."""
    words = _plain(text)
    found = []
    for cause in CATALOGUE.values():
        weights = [sign.weight for sign in cause.signs if sign.matches(words)]
        if weights:
            found.append((cause.id, max(weights) + min(len(weights) - 1, 4) / 5))
    return sorted(found, key=lambda pair: -pair[1])


def _plain(text: str) -> str:
    text = text[:MAX_CHARACTERS].translate(_TRANSLATION).lower()
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs") else c for c in text)
    return " ".join(visible.split())
