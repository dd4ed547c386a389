"""What a cause's page says beyond its row of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """A fixed sentence that a program prints for a cause.

    * ``program``: who says it, as people call it
    * ``sentence``: its own words, without what differs from case to case
    """

    program: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A cause that looks alike.

    * ``cause``: its id
    * ``tells``: the one observation that tells the two apart, as a sentence
    """

    cause: str
    tells: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a person reads who follows the link of a cause.

    * ``neighbours``: the causes that look alike
    * ``prevention``: what to do so that it doesn't come back, one or two sentences
    * ``seen``: what it looks like, program by program
    * ``sources``: addresses beside the one that the catalogue has
    """

    neighbours: tuple[Neighbour, ...] = ()
    prevention: str = ""
    seen: tuple[Seen, ...] = ()
    sources: tuple[str, ...] = ()


def says(program: str, *sentences: str) -> tuple[Seen, ...]:
    """What one program prints."""
    return tuple(Seen(program, sentence) for sentence in sentences)


def unlike(cause: str, tells: str) -> Neighbour:
    """A cause that looks alike, and what tells the two apart."""
    return Neighbour(cause, tells)


SAME_ANSWER = "JWT token is invalid."
"""Snowflake's one answer to a token that it refuses, whatever the reason."""
EVERY_CLIENT = "Every client"
LOGIN_FAILURE = "SYSTEM$GET_LOGIN_FAILURE_DETAILS"
"""Where an administrator reads the reason."""
