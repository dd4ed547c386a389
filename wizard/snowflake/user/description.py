"""What Snowflake says about one user: all of it as it was read, and the few facts of it that a cookie keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from wizard.problem import Problem
from wizard.snowflake.user.fingerprint import is_fingerprint
from wizard.snowflake.user.moment import day_in
from wizard.snowflake.user.names import MAX_CHARACTERS
from wizard.snowflake.user.place import SLOT_PROPERTIES, NamedKey, Place
from wizard.stored import FLAG, Kind, Table, checked, columns, number, stored, text

Slots = tuple[str | None, str | None]
"""The fingerprints in slot 1 and 2: ``SHA256:…=``, ``""`` for an empty slot, ``None`` for one that wasn't shown."""


class DescriptionError(Problem):
    """The text could not be read as the description of one user."""


def _slots(first: str | None, second: str | None) -> Slots:
    return first, second


_NAME: Final = text(MAX_CHARACTERS)
_MOST_DAYS: Final = 1e6
_SLOT: Final = checked(lambda held: held in (None, "") or is_fingerprint(held))
_PAIR_COLUMNS: Final = (_NAME, checked(is_fingerprint), _NAME, _NAME)
_ENDLESS: Final = columns(NamedKey, *_PAIR_COLUMNS)
_ENDING: Final = columns(NamedKey, *_PAIR_COLUMNS, checked(lambda held: isinstance(held, str) and _is_day(held)))
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _is_day(text: str) -> bool:
    return _DAY.fullmatch(text) is not None


def _read_pair(value: object) -> Any:
    return (_ENDING if isinstance(value, list) and len(value) > len(_PAIR_COLUMNS) else _ENDLESS).read(value)


_PAIR: Final = Kind(_read_pair, lambda pair: list(pair[: len(_PAIR_COLUMNS) + bool(pair.expires_at)]))
"""Of a row of SHOW USER KEY PAIRS, what :func:`_in_short` leaves of it."""


def _in_short(pair: NamedKey) -> NamedKey:
    """Return what of a key pair is kept; its end as a day."""
    day = day_in(pair.expires_at)
    return NamedKey(pair.name, pair.fingerprint, pair.status, pair.role, day.isoformat() if day else "")


@dataclass(frozen=True, slots=True)
class Described:
    """The few facts of a description that the journey keeps in its cookie. Nothing here is a secret."""

    name: str = field(default="", metadata=stored("name", _NAME))
    login_name: str = field(default="", metadata=stored("login_name", _NAME))
    type: str = field(default="", metadata=stored("type", _NAME))
    disabled: bool | None = field(default=None, metadata=stored("disabled", FLAG))
    locked: bool | None = field(default=None, metadata=stored("locked", FLAG))
    days_to_expiry: float | None = field(default=None, metadata=stored("days_to_expiry", number(_MOST_DAYS)))
    default_role: str = field(default="", metadata=stored("default_role", _NAME))
    default_warehouse: str = field(default="", metadata=stored("default_warehouse", _NAME))
    slots: Slots = field(default=(None, None), metadata=stored("slots", columns(_slots, _SLOT, _SLOT)))
    pair: NamedKey | None = field(default=None, metadata=stored("pair", _PAIR))
    """The named key pair that holds the key of the journey, if one does."""

    def place_of(self, fingerprint: str) -> Place | None:
        """Return where a key that can log in was seen; ``None`` where nothing here shows it."""
        for slot, held in enumerate(self.slots, 1):
            if held == fingerprint:
                return Place(slot=slot)
        if self.pair and self.pair.fingerprint == fingerprint and self.pair.active:
            return self.pair.place
        return None

    def without(self, fingerprint: str) -> Described:
        """Return what is left when it is in doubt whether this key still stands where it was seen."""
        first, second = (None if held == fingerprint else held for held in self.slots)
        pair = None if self.pair and self.pair.fingerprint == fingerprint else self.pair
        return replace(self, slots=(first, second), pair=pair)


def _of_former_releases(told: dict[str, Any]) -> dict[str, Any]:
    """Put the slots together, of which each had a name of its own.

    Release 0.1.0 told no empty slot from one that wasn't shown: it named only those with a key in them.
    """
    names = ("slot_1", "slot_2", "fingerprint_1", "fingerprint_2")
    held = [told[name] for name in names if name in told]
    if not held or "slots" in told:
        return told
    slots = [told.get(f"slot_{slot}", told.get(f"fingerprint_{slot}")) for slot in (1, 2)]
    return {name: value for name, value in told.items() if name not in names} | {"slots": slots}


STORED_USER: Final = Table(Described, former=_of_former_releases)
"""How the facts about a user are stored."""


def _storable(text: str) -> str:
    """Leave out a name that is too long to be one: half of it would be another name."""
    return text if _NAME.takes(text) else ""


@dataclass(frozen=True, slots=True)
class UserDescription:
    """What was pasted about one user."""

    # By name in upper case. What Snowflake has not set is "", and a row that was not copied is missing.
    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    named_keys: tuple[NamedKey, ...] = ()  # the rows of SHOW USER KEY PAIRS
    lists_pairs: bool = False  # it is the output of SHOW USER KEY PAIRS, be it empty
    lone_fingerprint: str = ""  # nothing else was pasted, so nothing says whose it is or where it stands

    def _text(self, name: str) -> str:
        return self.properties.get(name, "")

    def _flag(self, name: str) -> bool | None:
        return {"true": True, "false": False}.get(self._text(name).lower())

    def _number(self, name: str) -> float | None:
        try:
            number = float(self._text(name))
        except ValueError:
            return None
        return round(number, 2) if abs(number) <= _MOST_DAYS else None

    @property
    def name(self) -> str:
        """NAME: what SQL statements call the user."""
        return self._text("NAME")

    @property
    def login_name(self) -> str:
        """LOGIN_NAME: what the user signs in with, and what the token carries."""
        return self._text("LOGIN_NAME")

    @property
    def type(self) -> str:
        """TYPE, in upper case: PERSON, SERVICE, LEGACY_SERVICE …; ``""`` means PERSON or not copied."""
        return self._text("TYPE").upper()

    @property
    def disabled(self) -> bool | None:
        """DISABLED; None when the row was not copied."""
        return self._flag("DISABLED")

    @property
    def locked(self) -> bool | None:
        """Whether Snowflake holds the user locked; None when neither row that tells was copied."""
        minutes = self._number("MINS_TO_UNLOCK")
        if self._flag("SNOWFLAKE_LOCK") or (minutes is not None and minutes > 0):
            return True
        if "SNOWFLAKE_LOCK" in self.properties or "MINS_TO_UNLOCK" in self.properties:
            return False
        return None

    @property
    def days_to_expiry(self) -> float | None:
        """Days until the user stops being able to log in; None when no end is set."""
        return self._number("DAYS_TO_EXPIRY")

    @property
    def default_role(self) -> str:
        """DEFAULT_ROLE in stored form."""
        return self._text("DEFAULT_ROLE")

    @property
    def default_warehouse(self) -> str:
        """DEFAULT_WAREHOUSE in stored form."""
        return self._text("DEFAULT_WAREHOUSE")

    @property
    def slots(self) -> Slots:
        """What is in the two slots, as far as it was shown."""
        first, second = (self._slot(slot) for slot in SLOT_PROPERTIES)
        return first, second

    def _slot(self, slot: int) -> str | None:
        listed = next((key.fingerprint for key in self.named_keys if key.active and key.place.slot == slot), None)
        return self.properties.get(SLOT_PROPERTIES[slot] + "_FP", listed)

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Every fingerprint that was pasted, each once."""
        pasted = (self.lone_fingerprint, *self.slots, *(key.fingerprint for key in self.named_keys))
        return tuple(dict.fromkeys(fingerprint for fingerprint in pasted if fingerprint))

    @property
    def shows_keys(self) -> bool:
        """Whether the pasted part says anything about keys."""
        return bool(self.fingerprints) or self.lists_pairs or self.slots != (None, None)

    def pair_of(self, fingerprint: str) -> NamedKey | None:
        """Return the named key pair that holds a key: the active one, where a list shows it twice."""
        rows = [key for key in self.named_keys if key.fingerprint == fingerprint]
        return next((key for key in rows if key.active), rows[0] if rows else None)

    def kept(self, fingerprint: str = "", before: Described | None = None) -> Described:
        """Return the small facts that the journey keeps; of the key pairs, the one with this ``fingerprint``.

        ``before`` is what was known of the same user. What this text shows takes its place; what it doesn't show stays,
        unless it shows that very key elsewhere.
        """
        before = before or Described()
        told = Described(
            login_name=_storable(self.login_name),
            type=_storable(self.type),
            disabled=self.disabled,
            locked=self.locked,
            days_to_expiry=self.days_to_expiry,
            default_role=_storable(self.default_role),
            default_warehouse=_storable(self.default_warehouse),
        )
        if told == Described():
            told = before  # only keys were pasted, which says nothing of the user's other properties
        # A key is unique among the active ones of a user, so where it is seen now, it is no longer elsewhere.
        for shown in (*self.slots, *(key.fingerprint for key in self.named_keys if key.active)):
            before = before.without(shown) if shown else before
        first, second = (was if now is None else now for now, was in zip(self.slots, before.slots, strict=True))
        pair = self.pair_of(fingerprint) or (None if self.lists_pairs else before.pair)
        pair = _in_short(pair) if pair else None
        if pair and not _PAIR.takes(list(pair[: len(_PAIR_COLUMNS)])):
            pair = None
        return replace(told, name=_storable(self.name) or before.name, slots=(first, second), pair=pair)
