"""What Snowflake says about one user: all of it as it was read, and the few facts of it that a cookie keeps."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, cast

from wizard.problem import Problem
from wizard.snowflake.user.fingerprint import is_fingerprint

MAX_NAME = 255
"""Longest NAME or LOGIN_NAME, in characters (https://docs.snowflake.com/en/sql-reference/identifiers-syntax)."""


class DescriptionError(Problem):
    """The text could not be read as the description of one user."""


class NamedKey(NamedTuple):
    """One row of ``SHOW USER KEY PAIRS``."""

    name: str
    fingerprint: str
    status: str = ""  # ACTIVE, EXPIRED, DISABLED; "" when the column was not copied
    role: str = ""  # the role the key is restricted to, "" for none

    @property
    def active(self) -> bool:
        """Whether this key can log in, as far as was copied."""
        return self.status.upper() in ("", "ACTIVE")


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
    fingerprint_1: str = ""
    fingerprint_2: str = ""

    def to_dict(self) -> dict[str, str | bool | float]:
        """Return what is known as a small JSON object; what is not known is left out."""
        return {
            name: value
            for name in _DESCRIBED
            if (value := cast("str | bool | float | None", getattr(self, name))) not in ("", None)
        }

    @classmethod
    def from_dict(cls, stored: object) -> Described:
        """Read what :meth:`to_dict` gave.

        :raises DescriptionError: for anything that :meth:`to_dict` does not produce
        """
        if not isinstance(stored, Mapping):
            raise _not_ours()
        for name, value in stored.items():
            if not isinstance(name, str) or name not in _DESCRIBED or not _DESCRIBED[name](value):
                raise _not_ours()
        return cls(**stored)


def _is_short_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_days(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and abs(value) < 1e6


_DESCRIBED: Mapping[str, Callable[[object], bool]] = MappingProxyType(
    {
        "name": _is_short_text,
        "login_name": _is_short_text,
        "type": _is_short_text,
        "disabled": _is_flag,
        "locked": _is_flag,
        "days_to_expiry": _is_days,
        "default_role": _is_short_text,
        "default_warehouse": _is_short_text,
        "fingerprint_1": is_fingerprint,
        "fingerprint_2": is_fingerprint,
    }
)


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
    # Nothing but a fingerprint was pasted, without a word on whose it is or in which slot; it stands in fingerprint_1.
    only_fingerprint: bool = False
    named_keys: tuple[NamedKey, ...] = ()  # the rows of SHOW USER KEY PAIRS

    def _text(self, name: str) -> str:
        return self.properties.get(name, "")

    def _flag(self, name: str) -> bool | None:
        return {"true": True, "false": False, "yes": True, "no": False}.get(self._text(name).lower())

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
        minutes = self.mins_to_unlock
        if self._flag("SNOWFLAKE_LOCK") or (minutes is not None and minutes > 0):
            return True
        if "SNOWFLAKE_LOCK" in self.properties or "MINS_TO_UNLOCK" in self.properties:
            return False
        return None

    @property
    def mins_to_unlock(self) -> float | None:
        """Minutes until a lock after failed logins ends by itself."""
        return self._number("MINS_TO_UNLOCK")

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
    def fingerprint_1(self) -> str:
        """``SHA256:…=`` of the key in slot 1, or ``""``."""
        return self._text("RSA_PUBLIC_KEY_FP")

    @property
    def fingerprint_2(self) -> str:
        """``SHA256:…=`` of the key in slot 2, or ``""``."""
        return self._text("RSA_PUBLIC_KEY_2_FP")

    @property
    def shows_keys(self) -> bool:
        """Whether the copied part says anything about keys."""
        return bool(self.named_keys) or not self.properties.keys().isdisjoint(
            ("RSA_PUBLIC_KEY_FP", "RSA_PUBLIC_KEY_2_FP")
        )

    def kept(self) -> Described:
        """Return the small facts that the journey keeps."""
        return Described(
            name=self.name[:MAX_NAME],
            login_name=self.login_name[:MAX_NAME],
            type=self.type[:MAX_NAME],
            disabled=self.disabled,
            locked=self.locked,
            days_to_expiry=self.days_to_expiry,
            default_role=self.default_role[:MAX_NAME],
            default_warehouse=self.default_warehouse[:MAX_NAME],
            fingerprint_1=self.fingerprint_1,
            fingerprint_2=self.fingerprint_2,
        )
