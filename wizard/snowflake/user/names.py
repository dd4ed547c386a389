"""Reads user names, login names and role names as people paste them.

A Snowflake user has two names. NAME is an SQL identifier and belongs in statements; LOGIN_NAME is what one signs in
with, and belongs in the token. They are equal unless somebody made them differ.

Rules of identifiers: https://docs.snowflake.com/en/sql-reference/identifiers-syntax
The two names: https://docs.snowflake.com/en/sql-reference/sql/create-user (both read autumn 2026)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wizard.problem import Problem
from wizard.unseen import codepoint, is_unseen

MAX_CHARACTERS: Final = 255
"""Longest identifier in Snowflake, in characters, without quotes."""

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
# What word processors make of a pair of double quotes.
_CURLY = re.compile(r"[“„]([^“”„\"]*)[”“]")
_EMAIL: Final = (
    "This looks like an e-mail address. Often that is the login name, and the user name is another: "
    "SELECT CURRENT_USER(); shows the user name."
)
# The heading that a worksheet puts above the answer when a result is copied whole.
_HEADING = re.compile(r'"?(?:CURRENT_USER\(\)|CURRENT_ROLE\(\)|NAME)"?[ \t]*\r?\n', re.IGNORECASE)


class UserNameError(Problem):
    """A name can't be taken as it is."""


@dataclass(frozen=True, slots=True)
class UserName:
    """A user's NAME as Snowflake stores it, and what a person should know about it, however it was typed."""

    name: str

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the person to check, none about a name that SQL takes without quotes."""
        name, notes = self.name, []
        if not _BARE.fullmatch(name) or name != name.upper():
            case = " Capitals and small letters count." if name.upper() != name.lower() else ""
            notes.append(f"Taken exactly as it stands, and put in quotes in SQL.{case}")
        if self.looks_like_email:
            notes.append(_EMAIL)
        return tuple(notes)

    @property
    def looks_like_email(self) -> bool:
        """Whether this may be the login name instead."""
        local, _, domain = self.name.partition("@")
        return bool(local) and "." in domain.strip(".") and "@" not in domain and " " not in self.name


def read_user_name(text: str) -> UserName:
    """Read a NAME: bare names in capitals, a quoted name without its quotes, anything else exactly as it stands.

    Raises UserNameError when it is empty, longer than 255 characters, or holds characters that can't be seen.
    """
    return UserName(_stored(text, "user name", "SELECT CURRENT_USER(); shows your own."))


def read_role_name(text: str) -> str:
    """Read the name of a role by the rules of :func:`read_user_name`, and return it as stored."""
    return _stored(text, "role", "SELECT CURRENT_ROLE(); shows the one in use.")


def read_warehouse_name(text: str) -> str:
    """Read the name of a warehouse by the rules of :func:`read_user_name`, and return it as stored."""
    return _stored(text, "warehouse", "SHOW WAREHOUSES; lists those that you may see.")


def read_key_pair_words(text: str) -> str:
    """Read what was typed as the name of a key pair by the rules of :func:`read_user_name`, and return it as stored."""
    return _stored(text, "name of the key pair", "SHOW USER KEY PAIRS lists those that the user has.")


def read_login_name(text: str, thing: str = "login name") -> str:
    """Read a LOGIN_NAME: any text, trimmed, otherwise as typed. Snowflake takes no notice of its case.

    ``thing`` is what the error calls it. Raises UserNameError when it is empty, longer than 255 characters, or holds
    characters that can't be seen.
    """
    name = _bounded(text.strip(), thing, "DESC USER shows it in the row LOGIN_NAME.")
    refuse_unseen(name, thing)
    return name


def refuse_unseen(name: str, thing: str, which: Callable[[str], bool] = is_unseen) -> None:
    """Raise UserNameError when a name holds a character that can't be seen; ``which`` tells one (:mod:`wizard.unseen`).

    What is typed or pasted is asked about all of them. A name that Snowflake itself gave may hold a blank of its own.
    """
    if name.isascii() and name.isprintable():
        return  # what stands on the keyboard is all seen
    for position, character in enumerate(name, start=1):
        if which(character):
            what = "a line break" if character in "\r\n\u2028\u2029" else "a tab" if character == "\t" else ""
            seen = what or f"a character that can’t be seen ({codepoint(character)})"
            raise UserNameError(
                f"The {thing} has {seen} at position {position}.",
                f"Type the {thing} by hand: some programs add such characters when text is copied.",
            )


def _bounded(name: str, thing: str, where: str) -> str:
    if not name.strip():
        raise UserNameError(f"The {thing} is empty.", f"Enter the {thing}. {where}")
    if len(name) > MAX_CHARACTERS:
        raise UserNameError(
            f"The {thing} has {len(name):,} characters; Snowflake allows {MAX_CHARACTERS}.",
            f"Enter only the {thing}. {where}",
        )
    return name


def _stored(text: str, thing: str, where: str) -> str:
    name = text.strip()
    if heading := _HEADING.match(name):
        name = name[heading.end() :].strip()
    if len(name) > 2 * MAX_CHARACTERS + 2:  # more than any name with all its quotes doubled
        _bounded(name, thing, where)
    refuse_unseen(name, thing)
    if len(name) > 1 and name[0] == name[-1] == "'" and "'" not in name[1:-1]:
        name = name[1:-1].strip()  # a value copied out of a program or a statement
    if curly := _CURLY.fullmatch(name):
        name = f'"{curly[1]}"'
    if _QUOTED.fullmatch(name):
        return _bounded(name[1:-1].replace('""', '"'), thing, where)
    return _bounded(name.upper() if _BARE.fullmatch(name) else name, thing, where)
