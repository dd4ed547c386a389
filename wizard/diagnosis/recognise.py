"""Finds the causes behind an error text that was pasted from any tool."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.cause import Cause

MAX_CHARACTERS = 16 * 1024
"""How much of a text is looked at: the first and the last half of this. A stack trace names its cause at one of its
ends, and the time this takes grows with the length."""

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

    @cache
    def is_in_text(pattern: str) -> bool:
        return _compiled(pattern).search(words) is not None

    found = []
    for cause in CATALOGUE.values():
        weights = [sign.weight for sign in cause.signs if sign.shown(is_in_text)]
        if weights:
            found.append((cause.id, max(weights) + min(len(weights) - 1, 4) / 5))
    return sorted(found, key=lambda pair: -pair[1])


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _plain(text: str) -> str:
    if len(text) > MAX_CHARACTERS:
        text = f"{text[: MAX_CHARACTERS // 2]}\n{text[-MAX_CHARACTERS // 2 :]}"
    text = text.translate(_TRANSLATION).lower()
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs") else c for c in text)
    return " ".join(visible.split())
