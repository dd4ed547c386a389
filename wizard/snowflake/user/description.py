"""What Snowflake says about one user: all of it as it was read, and the few facts of it that a cookie keeps."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from wizard.problem import Problem
from wizard.snowflake.user.fingerprint import is_fingerprint
from wizard.snowflake.user.names import MAX_CHARACTERS
from wizard.snowflake.user.place import SLOT_PROPERTIES, NamedKey, Place

Slots = tuple[str | None, str | None]
"""The fingerprints in slot 1 and 2: ``SHA256:…=``, ``""`` for an empty slot, ``None`` for one that wasn't shown."""


class DescriptionError(Problem):
    """The text could not be read as the description of one user."""


@dataclass(frozen=True, slots=True)
class Described:
    """The few facts of a description that the journey keeps in its cookie. Nothing here is a secret."""

    name: str = ""
    login_name: str = ""
    type: str = ""
    disabled: bool | None = None
    locked: bool | None = None
    days_to_expiry: float | None = None
    default_role: str = ""
    default_warehouse: str = ""
    slots: Slots = (None, None)
    pair: NamedKey | None = None  # the named key pair that holds the key of the journey, if one does

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

    def to_dict(self) -> dict[str, Any]:
        """Return what is known as a small JSON object; what is not known is left out."""
        known: dict[str, Any] = {name: getattr(self, name) for name in _PROPERTIES if getattr(self, name) != ""}
        known |= {f"slot_{slot}": held for slot, held in enumerate(self.slots, 1)}
        known["pair"] = list(self.pair) if self.pair else None
        return {name: value for name, value in known.items() if value is not None}

    @classmethod
    def from_dict(cls, stored: object) -> Described:
        """Read what :meth:`to_dict` gave, in a former release too. Raises :class:`DescriptionError` for all else."""
        if not isinstance(stored, Mapping):
            raise _not_ours()
        told = {_FORMER_NAMES.get(name, name): value for name, value in stored.items()}
        if len(told) < len(stored) or not all(name in _STORED and _STORED[name](value) for name, value in told.items()):
            raise _not_ours()
        pair = told.pop("pair", None)
        slots = (told.pop("slot_1", None), told.pop("slot_2", None))
        return cls(slots=slots, pair=NamedKey(*pair) if pair else None, **told)


def _is_short_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_CHARACTERS


def _storable(text: str) -> str:
    """Leave out a name that is too long to be one: half of it would be another name."""
    return text if _is_short_text(text) else ""


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_days(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and abs(value) < 1e6


def _is_slot(value: object) -> bool:
    return value == "" or is_fingerprint(value)


def _is_pair(value: object) -> bool:
    if not isinstance(value, list) or len(value) != len(NamedKey._fields):
        return False
    name, fingerprint, *others = value
    return is_fingerprint(fingerprint) and all(text == "" or _is_short_text(text) for text in (name, *others))


_PROPERTIES: Mapping[str, Callable[[object], bool]] = MappingProxyType(
    {
        "name": _is_short_text,
        "login_name": _is_short_text,
        "type": _is_short_text,
        "disabled": _is_flag,
        "locked": _is_flag,
        "days_to_expiry": _is_days,
        "default_role": _is_short_text,
        "default_warehouse": _is_short_text,
    }
)
_STORED = {**_PROPERTIES, "slot_1": _is_slot, "slot_2": _is_slot, "pair": _is_pair}

_FORMER_NAMES: Mapping[object, str] = MappingProxyType({"fingerprint_1": "slot_1", "fingerprint_2": "slot_2"})
"""What release 0.1.0 called a slot with a key in it. It told no empty slot from one that wasn't shown."""


def _not_ours() -> DescriptionError:
    return DescriptionError(
        "The stored description has a shape that this wizard does not write.",
        "Run DESC USER again, click into the result, select everything and copy it whole.",
    )


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
        return round(number, 2) if _is_days(number) else None

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
        if pair and not _is_pair(list(pair)):
            pair = None
        return replace(told, name=_storable(self.name) or before.name, slots=(first, second), pair=pair)
