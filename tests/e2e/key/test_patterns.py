"""The regular expressions of the specification find the same in Python and in a browser, whatever stands in a text."""

from __future__ import annotations

import random
import re
from re import _constants as op
from re import _parser as parser
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.key_cases import STRANGERS
from wizard.snowflake.key.specification import PATTERNS, SPECIFICATION

TEXTS = 150
# Letters that some modes take for ASCII ones when case is ignored, white space that not all call so, and the usual.
ODD = [
    *dict.fromkeys("\u017f\u212a\u0130\u0131\u00df\u0085\u001c\u2028\u00a0\ufeff\u180e\r\n\t -=/+_09azAZ" + STRANGERS)
]
COMMON = "aM9 \n\u00e9\ufffd"

FIND = """(given) => given.map(([name, text]) => {
  const pattern = key.specification.patterns[name];
  const found = pattern.global ? [...text.matchAll(pattern)] : [pattern.exec(text)].filter(Boolean);
  return found.map((match) => [match.index, ...match.map((group) => group ?? null)]);
})"""


def found_here(name: str, text: str) -> list[list[Any]]:
    pattern = PATTERNS[name]
    matches = [pattern.match(text)] if "at" in SPECIFICATION["patterns"][name] else pattern.finditer(text)
    return [[match.start(), match.group(), *match.groups()] for match in matches if match]


def example(tree: Any, rng: random.Random) -> str:
    """Return a text that a pattern's tree takes, or nearly: each class gives one of its characters, or an odd one."""
    return "".join(_example(what, argument, rng) for what, argument in tree)


def _example(what: Any, argument: Any, rng: random.Random) -> str:
    if rng.random() < 0.02:
        return rng.choice(ODD)
    if what is op.LITERAL:
        character = chr(argument)
        return rng.choice((character, character, character.upper(), character.lower()))
    if what is op.IN:
        ranges = [inner if how is op.RANGE else (inner, inner) for how, inner in argument if how is not op.NEGATE]
        if argument[0][0] is op.NEGATE:
            return rng.choice(COMMON)
        low, high = rng.choice(ranges)
        return chr(rng.choice((low, high, rng.randint(low, high))))
    if what is op.NOT_LITERAL:
        return rng.choice(COMMON)
    if what is op.MAX_REPEAT:
        least, most, body = argument
        times = rng.choice((least, max(least, min(most, least + 3)), min(most, 70)))
        return "".join(example(body, rng) for _ in range(times))
    if what is op.BRANCH:
        return example(rng.choice(argument[1]), rng)
    if what is op.SUBPATTERN:
        return example(argument[3], rng)
    if what is op.ASSERT:
        return example(argument[1], rng)
    assert what in (op.ASSERT_NOT, op.AT), what
    return ""


def texts(name: str) -> list[str]:
    """Return generated texts for a pattern, without characters that no text has any more when a pattern looks at it."""
    tree = parser.parse(SPECIFICATION["patterns"][name]["pattern"])
    rng = random.Random(name)
    made = []
    for _ in range(TEXTS):
        parts = [example(tree, rng) if rng.random() < 0.6 else rng.choice(ODD) for _ in range(rng.randint(1, 6))]
        made.append("".join(parts))
        made.append(example(tree, rng))
    return made if name == "rare" else [re.sub("[\U00010000-\U0010ffff]", "\ufffd", text) for text in made]


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_finds_the_same_in_both_languages(bench: Page, name: str) -> None:
    given = texts(name)
    there: list[list[list[Any]]] = bench.evaluate(FIND, [[name, text] for text in given])
    here = [found_here(name, text) for text in given]
    if name == "rare":  # JavaScript counts such a character as two
        here, there = ([[match[1:] for match in matches] for matches in found] for found in (here, there))
    found = zip(given, here, there, strict=True)
    differing = [f"{text!r}: {one} {other}" for text, one, other in found if one != other]
    assert not differing, "\n".join(differing[:10])
    assert any(here)
