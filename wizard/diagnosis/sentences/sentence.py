"""What a sentence of a client's is: how it is known, and what can make the client print it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wizard.diagnosis.cause import Statement, Who

_NONE: Mapping[str, int] = MappingProxyType({})


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

    * ``id``: stable name
    * ``patterns``: regular expressions for a text in lower case with single blanks; all of them must be found. Each
        takes time linear in the text
    * ``causes``: what makes the client print it, and how often that is the cause, of 100. 100 and more: this alone
    * ``because``: what was seen, as one sentence; ``""``: that the sentence stands there
    * ``unless``: none of them may be found
    * ``clients``: the programs that print it; where another one is known to have printed the text, it is no such
        sentence. Empty: many do
    * ``settles``: what tells the causes apart
    * ``source``: where the sentence was read
    """

    id: str
    patterns: tuple[str, ...]
    causes: Mapping[str, int] = field(default_factory=lambda: _NONE)
    because: str = ""
    unless: tuple[str, ...] = ()
    clients: frozenset[str] = frozenset()
    settles: Settle | None = None
    source: str = ""
