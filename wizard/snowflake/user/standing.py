"""The keys that stand on a user: which, where, since when and last used when, as far as Snowflake's answers told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from wizard.snowflake.user.description import UserDescription
from wizard.snowflake.user.fingerprint import is_fingerprint
from wizard.snowflake.user.moment import day_in
from wizard.snowflake.user.names import MAX_CHARACTERS
from wizard.snowflake.user.place import SLOT_PROPERTIES, NamedKey, Place
from wizard.stored import FLAG, Table, checked, integer, stored, text

_DAY: Final = checked(lambda held: held == "" or (isinstance(held, str) and _is_day(held)))
_NAME: Final = text(MAX_CHARACTERS)


@dataclass(frozen=True, slots=True)
class StandingKey:
    """One key with which a user can log in. Days are ISO days, ``""`` where they were not told."""

    fingerprint: str = field(metadata=stored("f", checked(is_fingerprint)))
    slot: int = field(default=0, metadata=stored("s", integer(0, 2)))
    pair: str = field(default="", metadata=stored("p", _NAME))  # the name of the key pair, outside of the slots
    role: str = field(default="", metadata=stored("r", _NAME))  # the one that the pair is restricted to
    since: str = field(default="", metadata=stored("d", _DAY))
    used: str = field(default="", metadata=stored("u", _DAY))  # told of named key pairs alone
    gone: bool = field(default=False, metadata=stored("g", FLAG))  # a later answer showed its place without it
    of: str = field(default="", metadata=stored("o", text(24)))  # whose it is: a digest of account and user

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(slot=self.slot) if self.slot else Place(pair=self.pair)


STORED_STANDING: Final = Table(StandingKey)
"""How such a key is stored."""


def standing_keys(description: UserDescription, *, rotated_out: bool = False) -> tuple[StandingKey, ...]:
    """Return the keys that let somebody in, each once: those of the slots, then the named ones.

    Key pairs that were rotated out, and live on for their grace only, are left out unless asked for.
    """
    found: dict[str, StandingKey] = {}
    for slot, fingerprint in enumerate(description.slots, 1):
        if fingerprint:
            since = _day(description.properties.get(f"{SLOT_PROPERTIES[slot]}_LAST_SET_TIME", ""))
            found.setdefault(fingerprint, StandingKey(fingerprint, slot=slot, since=since))
    for pair in description.named_keys:
        if pair.active and (rotated_out or not pair.successor):
            found.setdefault(pair.fingerprint, _named(pair))
    return tuple(found.values())


def _named(pair: NamedKey) -> StandingKey:
    name, role = (text if _NAME.takes(text) else "" for text in (pair.place.pair, pair.role))
    return StandingKey(pair.fingerprint, pair.place.slot, name, role, _day(pair.created_on), _day(pair.last_used_on))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _day(moment: str) -> str:
    day = day_in(moment)
    return day.isoformat() if day else ""
