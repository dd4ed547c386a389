"""What a cause is: a row of the catalogue, with its signs and its fixes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Who = Literal["you", "your Snowflake administrator", "your network team", "whoever runs this wizard"]

Statement = Literal[
    "",
    "account_identifier",
    "allow_address",
    "current_user",
    "describe_user",
    "enable_key_pair",
    "enable_user",
    "failure_details",
    "grant_role",
    "grant_warehouse",
    "locator_and_region",
    "set_public_key",
    "show_authentication_policies",
    "show_grants",
    "show_key_pairs",
    "show_network_policies",
    "show_warehouses",
    "unlock_user",
]
"""A statement of :mod:`wizard.snowflake.sql` by name; :mod:`wizard.diagnosis.statements` fills it in."""


StepSlug = Literal["", "account", "user", "verify"]
"""The steps at which something can be mended."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to do.

    * ``what``: an instruction in plain English; ``<USER>``, ``<ROLE>``, ``<WAREHOUSE>`` and ``<ADDRESS>`` in it give
        way to the name itself where that is known
    * ``who``: the person who can do it
    * ``sql``: the statement to run, complete, or ``""``. In the catalogue it is empty: names and keys are known
        only where a finding is made
    * ``statement``: which statement belongs here
    * ``command``: a line for a shell, with names left open as ``<FILE>``, or ``""``
    * ``step``: the slug of the step of a walk on whose page it is done, or ``""``; a page that stands in a walk links
        there
    """

    what: str
    who: Who
    sql: str = ""
    statement: Statement = ""
    command: str = ""
    step: StepSlug = ""

    @property
    def doer(self) -> str:
        """``who``, as a line begins with it: ``Your Snowflake administrator``."""
        return self.who[0].upper() + self.who[1:]


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that speak for a cause.

    * ``patterns``: regular expressions; all of them must be found in the text, which is in lower case with single
        blanks. Each takes time linear in the text: no unbounded quantifier stands after another. They are compiled
        when a text is first read, and not when the wizard starts
    * ``weight``: 100 names the cause outright, 50 is typical of it, 20 is a guess from experience
    * ``unless``: none of them may be found
    """

    patterns: tuple[str, ...]
    weight: int
    unless: tuple[str, ...] = ()

    def shown(self, found: Callable[[str], bool]) -> bool:
        """Whether a text shows this sign. ``found`` tells of one pattern whether it is in the text."""
        return all(map(found, self.patterns)) and not any(map(found, self.unless))


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that can be wrong.

    * ``id``: stable name, stands in the page as ``data-cause``
    * ``title``: what is wrong, as a short sentence without a full stop
    * ``explanation``: why that fails, for somebody who is new to key pairs
    * ``signs``: what it looks like in the messages of tools
    * ``fixes``: what to do, the likeliest help first
    * ``source``: address of the documentation or the public report behind this row
    """

    id: str
    title: str
    explanation: str
    fixes: tuple[Fix, ...]
    source: str
    signs: tuple[Sign, ...] = ()


def says(weight: int, *patterns: str, unless: tuple[str, ...] = ()) -> Sign:
    """A sign: all ``patterns`` (regular expressions in lower case) found, none of ``unless``."""
    return Sign(patterns, weight, unless)


def code(*numbers: str) -> str:
    """A pattern for any of these error codes, standing by itself."""
    return rf"(?<![0-9a-z-])(?:{'|'.join(numbers)})(?![0-9a-z-])"


def you(what: str, statement: Statement = "", *, command: str = "", step: StepSlug = "") -> Fix:
    """A fix for the person at the screen."""
    return Fix(what, "you", statement=statement, command=command, step=step)


def administrator(what: str, statement: Statement = "") -> Fix:
    """A fix for the Snowflake administrator."""
    return Fix(what, "your Snowflake administrator", statement=statement)


def network_team(what: str) -> Fix:
    """A fix for those who run the firewall, the proxy and the name servers."""
    return Fix(what, "your network team")


def operator(what: str) -> Fix:
    """A fix for whoever runs this wizard."""
    return Fix(what, "whoever runs this wizard")
