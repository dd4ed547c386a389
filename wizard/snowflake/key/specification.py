"""The specification that both readers of keys follow: this package, and the page's scripts in ``static/js/key/``.

``specification.json`` holds what is data: limits, labels, object identifiers, shapes, and the regular expressions that
find keys and their damages. ``key_words.json`` and ``key_notes.json`` hold the sentences. The page is sent the three
files (``wizard/web/key_words.py``) and loads them in a module of this one's name.

A pattern means the same in Python and in JavaScript because it keeps to what both write alike: characters, classes of
characters, groups, repetition, ``\\b``. No ``\\s``, ``\\w``, ``.``, ``^`` or ``$``. ``at`` says whether it must match
at the ``start`` of a text or the ``whole`` of it; ``any_case`` ignores the case of ASCII letters. Each takes time in
proportion to the text.
"""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any, Final, cast


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _table(name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(_text(name)))


KEY_WORDS: Final[dict[str, dict[str, str]]] = _table("key_words.json")
"""What can be wrong with a key, by code: ``cause``, ``blames``, and ``message``, ``fix``, ``command`` with
``{placeholders}``."""
KEY_NOTES: Final[dict[str, str]] = _table("key_notes.json")
"""What was mended in reading a key, or what other tools will say to it, by code: one or two sentences each."""
SPECIFICATION: Final[dict[str, Any]] = _table("specification.json")
"""All of ``specification.json``."""
FACE_WORD_LIST: Final = _text("face_words.txt")
"""The words that :mod:`wizard.snowflake.key.face` chooses from, one a line."""


def _limits(place: str) -> dict[str, int]:
    rows: dict[str, dict[str, Any]] = SPECIFICATION["limits"]
    return {name: row["both"] if "both" in row else row[place] for name, row in rows.items()}


LIMITS: Final = _limits("server")
"""What this package takes, by name. Reasons stand beside the numbers in ``specification.json``."""
BROWSER_LIMITS: Final = _limits("browser")
"""What the page takes: the same, but for the two that cost time in which others wait."""


def _compiled(row: dict[str, Any]) -> re.Pattern[str]:
    pattern = row["pattern"]
    if row.get("at"):
        pattern = rf"\A(?:{pattern})" + (r"\Z" if row["at"] == "whole" else "")
    return re.compile(pattern, re.ASCII | (re.IGNORECASE if row.get("any_case") else re.NOFLAG))


PATTERNS: Final = {name: _compiled(row) for name, row in SPECIFICATION["patterns"].items()}
"""The regular expressions, compiled. Those with ``at`` are for ``match``, the others for ``search``, ``finditer``,
``sub`` and ``split``."""
