"""What Snowflake asks of a new named key pair: its name and its end.

https://docs.snowflake.com/en/sql-reference/sql/alter-user-add-key-pair
https://docs.snowflake.com/en/sql-reference/sql/alter-user-rotate-key-pair (both read autumn 2026)
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from wizard.snowflake.user.names import MAX_CHARACTERS, UserNameError, read_key_pair_words, refuse_unseen
from wizard.snowflake.user.place import RESERVED_NAMES, rotated_from, rotated_name
from wizard.stored import Table, integer, stored, text

MOST_KEY_PAIRS: Final = 10
"""How many a user can have; one that was rotated out counts until its grace is over."""
GRACE_HOURS: Final = 24
"""How long a key that was rotated out goes on working, where the statement says nothing else."""
MOST_DAYS: Final = 3650
"""The longest life of a key pair that is asked for here, in days. Snowflake names no limit, the least is one day."""

LONGEST_COMMENT: Final = 100
"""The longest comment on a key pair that is asked for here, in characters."""

_LONGEST_ENDING: Final = len(rotated_name("", 1_790_000_000))
_ODD = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class NewKeyPair:
    """A named key pair that is to be: names as stored, ``days`` until it ends, 0 for one without an end."""

    name: str = field(metadata=stored("n", text(MAX_CHARACTERS)))
    role: str = field(default="", metadata=stored("r", text(MAX_CHARACTERS)))
    days: int = field(default=0, metadata=stored("d", integer(0, MOST_DAYS)))
    comment: str = field(default="", metadata=stored("c", text(LONGEST_COMMENT)))


STORED_NEW_PAIR: Final = Table(NewKeyPair)
"""How one is stored."""


def read_key_pair_name(text: str) -> str:
    """Read the name for a new key pair by the rules of user names, and return it as stored.

    Raises UserNameError for what is no name, for the two reserved ones, for one that ends as Snowflake's own do, and
    for one so long that it could not be rotated.
    """
    name = read_key_pair_words(text)
    if name.upper() in RESERVED_NAMES:
        raise UserNameError(
            f"Snowflake keeps the name {name} for the key in slot {RESERVED_NAMES[name.upper()]}.",
            "Choose another name, such as that of the tool.",
        )
    if rotated_from(name):
        raise UserNameError(
            "A name with this ending is what Snowflake gives to a key pair that was rotated out.",
            "Choose another name, such as that of the tool.",
        )
    if len(name) > MAX_CHARACTERS - _LONGEST_ENDING:
        raise UserNameError(
            f"The name has {len(name)} characters: Snowflake could not rotate this key pair, for it adds to the name.",
            f"Choose one of at most {MAX_CHARACTERS - _LONGEST_ENDING} characters.",
        )
    return name


def proposed_key_pair_name(words: str) -> str:
    """Make a name that stands bare in SQL out of ``words``, such as a tool's; ``MY_KEY`` where they have no letter."""
    name = _ODD.sub("_", words.upper()).strip("_")[:40].rstrip("_")
    return f"{name}_KEY" if name[:1].isalpha() else f"MY_{name}_KEY".replace("__", "_")


def read_days_to_expiry(text: str) -> int:
    """Read after how many days a key pair is to end. Raises UserNameError for anything but 1 to :data:`MOST_DAYS`."""
    days = text.strip()
    if not (days.isascii() and days.isdecimal()) or not 1 <= int(days[:9]) <= MOST_DAYS or len(days) > 9:
        raise UserNameError(
            "The life of a key pair is a whole number of days.",
            f"Enter a number from 1 to {MOST_DAYS}, or leave the field empty for a key pair without an end.",
        )
    return int(days)


def read_comment(typed: str) -> str:
    """Read a comment as one short line. Raises UserNameError for a longer one, and for what can't be seen in it."""
    line = " ".join(typed.split())
    refuse_unseen(line, "comment")
    if len(line) > LONGEST_COMMENT:
        raise UserNameError(
            f"The comment has {len(line)} characters, and this box takes {LONGEST_COMMENT}.",
            "Say in a few words who uses this key, and for what.",
        )
    return line


def free_name(name: str, taken: Collection[str]) -> str:
    """Return ``name``, or where another key pair has it, the first of ``name_2``, ``name_3`` … that is free."""
    at = 1
    free = name
    while free in taken:
        at += 1
        free = f"{name}_{at}"
    return free
