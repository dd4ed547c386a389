"""A walk is a table of rows: which questions are asked, in which order, under which address.

What was told and proved stands in the one :class:`~wizard.journey.Journey`, whichever walk asked for it. Next, back,
guard and progress are computed from the table, so no step knows its neighbours, and a page belongs to as many walks as
have a row for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from wizard.journey import Journey


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a walk. The slug names its page: form, template and test."""

    slug: str
    title: str
    question: str
    done: Callable[[Journey], bool]


@dataclass(frozen=True)
class Walk:
    """A table of steps. ``prefix`` is the folder of their addresses: ``/<prefix>/<slug>``."""

    prefix: str
    steps: tuple[Step, ...]

    @cached_property
    def named(self) -> Mapping[str, Step]:
        """The steps by their slugs."""
        return {step.slug: step for step in self.steps}

    def address(self, slug: str) -> str:
        """Return the path of a step's page."""
        return f"/{self.prefix}/{slug}"

    def to_do(self, journey: Journey) -> Step:
        """Return the first step that isn't done; the last one where all are."""
        return next((step for step in self.steps if not step.done(journey)), self.steps[-1])

    def is_open(self, slug: str, journey: Journey) -> bool:
        """Say whether a step may be answered: every step before it is done."""
        return all(earlier.done(journey) for earlier in self.steps[: self._position(slug)])

    def before(self, slug: str) -> Step | None:
        """Return the step before this one, if there is one."""
        position = self._position(slug)
        return self.steps[position - 1] if position else None

    def after(self, slug: str) -> Step | None:
        """Return the step after this one, if there is one."""
        return next(iter(self.steps[self._position(slug) + 1 :]), None)

    def _position(self, slug: str) -> int:
        return self.steps.index(self.named[slug])


SET_UP: Final = Walk(
    "steps",
    (
        Step("account", "Account", "Which Snowflake account?", lambda journey: journey.account is not None),
        Step("user", "User", "Which user will log in?", lambda journey: bool(journey.user_name)),
        Step("key", "Key pair", "Where does the key pair come from?", lambda journey: journey.key is not None),
        Step("register", "Public key", "Give Snowflake the public key", lambda journey: journey.is_registered),
        Step("verify", "Check", "Did Snowflake take it?", lambda journey: journey.check_is_over),
        Step("test", "Test", "Does it really connect?", lambda journey: journey.test_has_passed),
        Step("handover", "Put it to work", "Put it to work", lambda _: False),
    ),
)
"""From a user to a login that is proved to work."""


def _with_the_new_key(slug: str) -> Callable[[Journey], bool]:
    """A step of setting up, done once it is for another key than the one to be replaced."""
    done = SET_UP.named[slug].done
    return lambda journey: journey.has_new_key and done(journey)


_OLD_KEY = Step("look", "Keys now", "Which key is to be replaced?", lambda journey: journey.old_key is not None)
_NEW_KEY = (
    Step("key", "New key pair", "Where does the key pair come from?", lambda journey: journey.has_new_key),
    Step("register", "Public key", "Give Snowflake the new public key", _with_the_new_key("register")),
    Step("verify", "Check", "Did Snowflake take it?", _with_the_new_key("verify")),
    Step("test", "Test", "Does the new key log in?", _with_the_new_key("test")),
    Step("switch", "Put it to work", "Give your tool the new key", lambda journey: journey.is_switched),
)
_OLD_KEY_GOES = Step("retire", "Old key", "Take the old key away", lambda journey: journey.is_retired)

ROTATE: Final = Walk("rotate", (*SET_UP.steps[:2], _OLD_KEY, *_NEW_KEY, _OLD_KEY_GOES))
"""From a key that works to another one, with no moment in between in which none does."""

LEAKED: Final = Walk(
    "leaked", (*SET_UP.steps[:2], _OLD_KEY, replace(_OLD_KEY_GOES, question="Take the leaked key away"), *_NEW_KEY)
)
"""The other order: the key is in somebody else's hands, so it goes first, and what logs in with it stops."""

WALKS: Final[Mapping[str, Walk]] = {walk.prefix: walk for walk in (SET_UP, ROTATE, LEAKED)}
"""Every walk, by the first part of its addresses."""


def under_way(journey: Journey) -> Walk:
    """Return the walk that a journey is on: a rotation from when it knows its old key until that is exchanged."""
    if journey.old_key is None or journey.is_exchanged:
        return SET_UP
    return LEAKED if journey.leaked else ROTATE
