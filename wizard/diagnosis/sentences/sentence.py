"""What a sentence of a client's is: how it is known, and what can make the client print it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wizard.diagnosis.cause import Statement, Who


@dataclass(frozen=True, slots=True)
class Settle:
    """The one observation that tells apart what is left.

    * ``what``: what to look at, to paste or to run, in one or two sentences
    * ``who``: the person who can do it
    * ``sql``: the statement to run, complete, or ``""``
    * ``statement``: which statement that is
    * ``kind``: what the answer will be recognised as when it is pasted here, or ``""``
    """

    what: str
    who: Who = "you"
    sql: str = ""
    statement: Statement = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The fixed part of a sentence in a client's source.

    * ``patterns``: regular expressions for a text in lower case with single blanks; all of them must be found. Each
        takes time linear in the text. The first is also the sentence's name
    * ``causes``: what makes a client print it, and how often that is the cause, of 100. Above that: this alone
    * ``because``: what was seen, as one sentence
    * ``unless``: none of them may be found
    * ``settles``: what tells the causes apart
    """

    patterns: tuple[str, ...]
    causes: Mapping[str, int]
    because: str = "The program prints this sentence when that is so."
    unless: tuple[str, ...] = ()
    settles: Settle | None = None

    @property
    def id(self) -> str:
        """What the sentence is called among the facts."""
        return self.patterns[0]


def alone(cause: str, because: str, *patterns: str, unless: tuple[str, ...] = ()) -> Sentence:
    """A sentence that has one cause."""
    return Sentence(patterns, MappingProxyType({cause: 108}), because, unless)


def either(
    causes: str,
    because: str,
    *patterns: str,
    settles: Settle | None = None,
    unless: tuple[str, ...] = (),
    vague: bool = False,
) -> Sentence:
    """A sentence that several causes print: ``causes`` by their ids, the most frequent first.

    ``vague``: it wraps another error, and whatever that one says counts more.
    """
    most = _WRAPPED if vague else _MOST_FREQUENT
    weights = {cause: max(most - _LESS * at, _LEAST) for at, cause in enumerate(causes.split())}
    return Sentence(patterns, MappingProxyType(weights), because, unless, settles)


_MOST_FREQUENT, _WRAPPED, _LESS, _LEAST = 84, 56, 4, 20
