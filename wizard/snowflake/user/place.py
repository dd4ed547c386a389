"""Where on a user a public key stands, as far as Snowflake's answers told.

A user has two classic slots and up to ten named key pairs, and each answer shows a part of them. ``DESC USER`` shows
the slots, row by row; whether named key pairs appear there is not documented. ``SHOW USER KEY PAIRS`` lists the named
ones; whether the slots appear there, under their reserved names, is not documented either. A single copied fingerprint
shows that the key is somewhere. So what an answer doesn't show is never taken for empty.

https://docs.snowflake.com/en/sql-reference/sql/desc-user
https://docs.snowflake.com/en/sql-reference/sql/show-user-key-pairs (both read autumn 2026)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

SLOT_PROPERTIES: Mapping[int, str] = MappingProxyType({1: "RSA_PUBLIC_KEY", 2: "RSA_PUBLIC_KEY_2"})
"""The property that fills each slot. With ``_FP`` behind it, it names the row that shows the slot's fingerprint."""

RESERVED_NAMES: Mapping[str, int] = MappingProxyType({"PUBLIC_KEY_1": 1, "PUBLIC_KEY_2": 2})
"""Names of key pairs that stand for the slots, and for which of them.

https://docs.snowflake.com/en/sql-reference/sql/alter-user-add-key-pair
"""

_ROTATED = re.compile(r"(?s:(.+))_ROTATED_[0-9]{13}")


def rotated_name(name: str, at: float) -> str:
    """Return what Snowflake calls a key pair that was rotated out at ``at`` (Unix seconds).

    https://docs.snowflake.com/en/sql-reference/sql/alter-user-rotate-key-pair
    """
    return f"{name}_ROTATED_{int(at * 1000)}"


def rotated_from(name: str) -> str:
    """Return the name that a key pair had before it was rotated out, ``""`` for one that wasn't, by its name."""
    found = _ROTATED.fullmatch(name)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key was seen: in a slot (1 or 2), as the named key pair called ``pair``, or, with neither, not told."""

    slot: int = 0
    pair: str = ""

    def in_words(self) -> str:
        """Return the place as the end of a sentence, with a blank before it; ``""`` where it was not told."""
        if self.slot:
            return f" in slot {self.slot}"
        return f" as the named key pair {self.pair}" if self.pair else ""


NOT_TOLD = Place()
"""The key was seen, and nothing said where."""


class NamedKey(NamedTuple):
    """One row of ``SHOW USER KEY PAIRS``. A column that was not copied, and what Snowflake has not set, is ``""``."""

    name: str
    fingerprint: str
    status: str = ""  # ACTIVE, EXPIRED, DISABLED
    role: str = ""  # the role the key is restricted to
    expires_at: str = ""  # of this and the moments below: as they were printed
    rotated_to: str = ""  # the key pair that took the place of this one
    created_on: str = ""
    last_used_on: str = ""
    comment: str = ""

    @property
    def active(self) -> bool:
        """Whether this key can log in, as far as was copied."""
        return self.status in ("", "ACTIVE")

    @property
    def successor(self) -> str:
        """The name of the key pair that took the place of this one when it was rotated out, else ``""``."""
        return self.rotated_to or rotated_from(self.name)

    @property
    def place(self) -> Place:
        """Where the key stands. Two names are reserved for the slots; a row whose name was not copied tells none."""
        slot = RESERVED_NAMES.get(self.name, 0)
        return Place(slot=slot) if slot else Place(pair=self.name)
