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
    dict.fromkeys("│┃║╭╮╰╯┌┐└┘─━═", " ")
    | {"’": "'", "‘": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "..."}
)


def straight(text: str) -> str:
    """The text with the quotes, dashes and dots that a keyboard has, in place of a word processor's."""
    return text.translate(_TRANSLATION)


def plain(text: str) -> str:
    """The text in lower case, with single blanks, straight quotes and nothing unseen."""
    if len(text) > MAX_CHARACTERS:
        text = f"{text[: MAX_CHARACTERS // 2]}\n{text[-MAX_CHARACTERS // 2 :]}"
    text = straight(text).lower()
    if not text.isascii():
        unseen = ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")
        text = "".join(" " if unicodedata.category(c) in unseen else c for c in text)
    return " ".join(_CONTROL.sub(" ", text).split())


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


_ADVICE: Final = re.compile(
    r"Verify that the host ?names and port ?numbers in SYSTEM\$ALLOWLIST[^\n]{0,200}|"
    r"To further troubleshoot your connection[^\n]{0,300}"
)
"""What the connectors say below every failed connection, whatever failed."""
_LOG: Final = re.compile(
    r"^[^\n]{0,40}(?:\"level\": ?\"(?:INFO|DEBUG|TRACE)\"|\b(?:INFO|DEBUG|TRACE)\b[ :\]])[^\n]{0,4000}\n", re.MULTILINE
)
"""What a program notes while nothing is wrong."""
_FRAMES: Final = re.compile(
    r"^[ \t]*(?:File \"[^\"\n]{0,400}\", line \d{1,7}[^\n]{0,400}\n(?:[ \t]{3,}[^\n]{0,400}\n){0,6}"
    r"|at [^\n]{0,400}\n|[\w./-]{1,300}\.go:\d{1,6}[^\n]{0,100}\n)",
    re.MULTILINE,
)
"""The frames of a stack trace, in Python, Java, .NET, Node.js and Go: names of functions tell nothing of a cause."""


def without_frames(text: str) -> str:
    """The text without the frames of its stack traces and without general advice, as long as something is left."""
    rest = _FRAMES.sub("", _LOG.sub("", _ADVICE.sub("", f"{text}\n")))
    return rest if rest.strip() else text


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


def sentences_in(text: str, source: str) -> list[Fact]:
    """The sentences of clients that stand in a text."""
    found = _finder(plain(text))
    return [
        Fact("sentence", sentence.id, source)
        for sentence in SENTENCES.values()
        if all(map(found, sentence.patterns)) and not any(map(found, sentence.unless))
    ]
