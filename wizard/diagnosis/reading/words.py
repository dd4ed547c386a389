"""The words of a text: evened out, searched for the sentences of clients and, as a last resort, for common phrases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Final

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.facts import Fact
from wizard.diagnosis.sentences import SENTENCES

MAX_CHARACTERS: Final = 8 * 1024
"""How much of a text is looked at: the first and the last half of this. A stack trace names its cause at one of its
ends, and the time this takes grows with the length."""

_TRANSLATION: Final = str.maketrans(
    {"’": "'", "‘": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "..."}
)


def plain(text: str) -> str:
    """The text in lower case, with single blanks, straight quotes and nothing unseen."""
    if len(text) > MAX_CHARACTERS:
        text = f"{text[: MAX_CHARACTERS // 2]}\n{text[-MAX_CHARACTERS // 2 :]}"
    text = text.translate(_TRANSLATION).lower()
    if not text.isascii():
        unseen = ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")
        text = "".join(" " if unicodedata.category(c) in unseen else c for c in text)
    return " ".join(_CONTROL.sub(" ", text).split())


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _finder(words: str) -> Callable[[str], bool]:
    @cache
    def is_in_text(pattern: str) -> bool:
        return _compiled(pattern).search(words) is not None

    return is_in_text


def phrases_in(text: str, source: str) -> list[Fact]:
    """What the signs of the catalogue hint at, the strongest first.

    A cause counts as much as its strongest sign; further signs only decide between equals.
    """
    found = _finder(plain(text))
    scores: list[tuple[str, float]] = []
    for cause in CATALOGUE.values():
        weights = [sign.weight for sign in cause.signs if sign.shown(found)]
        if weights:
            scores.append((cause.id, max(weights) + min(len(weights) - 1, 4) / 5))
    scores.sort(key=lambda pair: -pair[1])
    return [Fact("phrase", f"{cause} {score:.1f}", source) for cause, score in scores]


def sentences_in(text: str, client: str, source: str) -> list[Fact]:
    """The sentences of clients that stand in a text. ``client``: who printed it, ``""`` where that can't be told."""
    found = _finder(plain(text))
    return [
        Fact("sentence", sentence.id, source)
        for sentence in SENTENCES.values()
        if not (client and sentence.clients and client not in sentence.clients)
        and all(map(found, sentence.patterns))
        and not any(map(found, sentence.unless))
    ]
