"""Texts that are made to hurt one regular expression, worked out from the expression itself.

A backtracking engine is slow where it can go over the same characters again: from each place at which a match may
begin, or because two repetitions can share what they take. So a text that hurts is one piece repeated, after something
that brings the engine to a repetition, and before something that makes the match fail. :func:`hostile_texts` builds
such texts from the tree of a pattern: from one character of each kind that the pattern tells apart, alone and two by
two, and from examples of all that stands before, in and around each of its repetitions.
"""

from __future__ import annotations

import re
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from re._constants import (  # type: ignore[import-not-found]
    ANY,
    ASSERT,
    ASSERT_NOT,
    ATOMIC_GROUP,
    BRANCH,
    CATEGORY,
    GROUPREF,
    IN,
    LITERAL,
    MAX_REPEAT,
    MIN_REPEAT,
    NEGATE,
    NOT_LITERAL,
    POSSESSIVE_REPEAT,
    RANGE,
    SUBPATTERN,
)  # fmt: skip
from typing import Any

REPEATS = (MAX_REPEAT, MIN_REPEAT, POSSESSIVE_REPEAT)
MANY = 16  # a repetition that may go round this often counts as one without end
USUAL = [chr(code) for code in range(32, 127)] + ["\t", "\n", "\r", "\x00", "\u00e9", "\u2028"]
MOST_PAIRED, MOST_EXAMPLES = 6, 3
TRIED_FIRST = (16, 24, 32, 48, 64)
LINEAR_UP_TO = 8.0  # four times the text takes four times as long; where it takes this much longer, it grows faster
SOONEST = 0.5e-3  # seconds: below that, what else the machine does weighs as much as the pattern


@dataclass(frozen=True, slots=True)
class Hostile:
    """``before``, then ``piece`` over and over, then ``after``."""

    before: str
    piece: str
    after: str

    def text(self, length: int) -> str:
        """Return the text in about ``length`` characters."""
        return self.before + self.piece * (length // len(self.piece)) + self.after


def hostile_texts(pattern: str | bytes, flags: int = 0) -> list[Hostile]:
    """Return the texts for one pattern, written as Python writes it. Bytes come as their Latin-1 characters."""
    tree = parser.parse(pattern, flags)
    outside, kinds = _kinds(tree, tree.state.flags)
    paired = product(kinds[:MOST_PAIRED], repeat=2)
    anywhere = {*kinds, *(first + second for first, second in paired), *_examples(tree, kinds)}
    found: dict[Hostile, None] = {}
    for reached, body in _repetitions(tree, [""], kinds):
        found |= {Hostile(before, piece, outside): None for before, piece in product(reached, body) if piece}
        anywhere.update(reached, (before + piece for before, piece in product(reached, body)))
    return [*found, *(Hostile("", piece, outside) for piece in sorted(filter(None, anywhere)))]


def grows_faster_than_linearly(
    texts: Iterable[Hostile],
    seconds: Callable[[Hostile, int], float],
    lengths: Sequence[int] = (256, 1024, 4096),
    resolution: float = 1e-6,
) -> Hostile | None:
    """Return a text on which the time grows faster than the text, ``None`` where there is none.

    ``seconds`` measures once, at a length in characters; ``resolution`` is the shortest time that its clock shows. A
    suspicion from one look is confirmed with longer texts, by the quickest of several looks taken in turns, and by a
    time that can be told from what a busy machine adds, so that it accuses nobody.
    """
    short, middle, long = lengths
    for text in texts:
        if grows_beyond_measure(text, seconds, resolution):
            return text
        if _growth(text, seconds, (short, middle), 1, resolution) < LINEAR_UP_TO:
            continue
        takes_long = min(seconds(text, long), seconds(text, long)) >= SOONEST
        if takes_long and _growth(text, seconds, (middle, long), 7, resolution) >= LINEAR_UP_TO:
            return text
    return None


def grows_beyond_measure(text: Hostile, seconds: Callable[[Hostile, int], float], resolution: float) -> bool:
    """Say whether a few characters more already take a thousand times as long: a longer text would never end."""
    limit = max(1000 * max(seconds(text, 8), resolution), SOONEST)
    return any(seconds(text, length) > limit and seconds(text, length) > limit for length in TRIED_FIRST)


def _growth(
    text: Hostile, seconds: Callable[[Hostile, int], float], lengths: tuple[int, int], times: int, resolution: float
) -> float:
    looks = [[seconds(text, length) for length in lengths] for _ in range(times)]
    quick, slow = map(min, zip(*looks, strict=True))
    return slow / max(quick, resolution)


# --- the tree of a pattern --------------------------------------------------------------------------------------------
def _nodes(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every node of a tree, those of its parts included."""
    for op, argument in tree:
        yield op, argument
        for part in _parts(op, argument):
            yield from _nodes(part)


def _parts(op: Any, argument: Any) -> list[Any]:
    if op in REPEATS:
        return [argument[2]]
    if op is SUBPATTERN:
        return [argument[3]]
    if op is BRANCH:
        return list(argument[1])
    if op in (ASSERT, ASSERT_NOT):
        return [argument[1]]
    return [argument] if op is ATOMIC_GROUP else []


def _kinds(tree: Any, flags: int) -> tuple[str, list[str]]:
    """Return a character that the pattern never names, and one of each kind that it tells apart.

    Two characters are of one kind where every single class and literal of the pattern takes both or neither.
    """
    classes = [(op, argument) for op, argument in _nodes(tree) if op in (LITERAL, NOT_LITERAL, IN)]
    named = {chr(argument) for op, argument in classes if op in (LITERAL, NOT_LITERAL)}
    for op, argument in classes:
        if op is IN:
            named.update(chr(inner) for what, inner in argument if what is LITERAL)
            named.update(chr(end) for what, inner in argument if what is RANGE for end in inner)
    found: dict[tuple[bool, ...], str] = {}
    for character in sorted({*USUAL, *named}, key=lambda one: (not one.isalnum(), one)):
        found.setdefault(tuple(_takes(op, argument, character, flags) for op, argument in classes), character)
    outside = next((found[kind] for kind in found if not any(kind)), "\x01")
    return outside, list(found.values())


def _takes(op: Any, argument: Any, character: str, flags: int) -> bool:
    """Say whether a node for one character takes this one."""
    cases = {character, character.lower(), character.upper()} if flags & re.IGNORECASE else {character}
    codes = {ord(case) for case in cases if len(case) == 1}
    if op is LITERAL:
        return argument in codes
    if op is NOT_LITERAL:
        return argument not in codes
    taken = False
    for what, inner in argument:
        if what is LITERAL:
            taken = taken or inner in codes
        elif what is RANGE:
            taken = taken or any(inner[0] <= code <= inner[1] for code in codes)
        elif what is CATEGORY:
            taken = taken or _in_category(str(inner), character)
    return taken != any(what is NEGATE for what, _ in argument)


def _in_category(name: str, character: str) -> bool:
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.rpartition("_")[2]]
    return re.match(rf"\{letter.upper() if '_NOT_' in name else letter}", character) is not None


def _examples(tree: Any, kinds: list[str], flags: int = 0) -> list[str]:
    """Return a few short texts that a tree takes, as far as one can say without trying."""
    texts = [""]
    for op, argument in tree:
        more = _node_examples(op, argument, kinds, flags)
        texts = [before + after for before in texts for after in more][: MOST_EXAMPLES * 2]
    return list(dict.fromkeys(texts))[:MOST_EXAMPLES]


def _node_examples(op: Any, argument: Any, kinds: list[str], flags: int) -> list[str]:
    if op is LITERAL:
        return [chr(argument)]
    if op in (NOT_LITERAL, IN):
        return [kind for kind in kinds if _takes(op, argument, kind, flags)][:2] or [""]
    if op is ANY:
        return kinds[:1]
    if op in REPEATS:
        least, most, body = argument
        one = _examples(body, kinds, flags)
        return [text * max(least, 1) for text in one] + ([""] if least == 0 else []) if most else [""]
    if op is BRANCH:
        return [text for branch in argument[1] for text in _examples(branch, kinds, flags)[:2]]
    if op is SUBPATTERN:
        return _examples(argument[3], kinds, flags)
    return _examples(argument, kinds, flags) if op is ATOMIC_GROUP else [""]


def _repetitions(tree: Any, reached: list[str], kinds: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield, for each repetition that may go round often, what brings the engine to it and what it repeats."""
    for op, argument in tree:
        if op in REPEATS and (argument[1] is parser.MAXREPEAT or argument[1] >= MANY):
            yield reached, _examples(argument[2], kinds) + [k for k in kinds if k in _once(argument[2], kinds)]
        if op not in (ASSERT, ASSERT_NOT, GROUPREF):
            for part in _parts(op, argument):
                yield from _repetitions(part, reached, kinds)
        more = _node_examples(op, argument, kinds, 0)
        reached = list(dict.fromkeys(before + after for before in reached for after in more))[:MOST_EXAMPLES]


def _once(body: Any, kinds: list[str]) -> list[str]:
    """Return the characters of which a body takes one alone."""
    if len(body) == 1 and body[0][0] in (LITERAL, NOT_LITERAL, IN):
        op, argument = body[0]
        return [kind for kind in kinds if _takes(op, argument, kind, 0)]
    return kinds if len(body) == 1 and body[0][0] is ANY else []
