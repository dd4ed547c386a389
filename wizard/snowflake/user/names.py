"""Reads user names, login names and role names as people paste them.

A Snowflake user has two names. NAME is an SQL identifier and belongs in statements; LOGIN_NAME is what one signs in
with, and belongs in the token. They are equal unless somebody made them differ.

Rules of identifiers: https://docs.snowflake.com/en/sql-reference/identifiers-syntax
The two names: https://docs.snowflake.com/en/sql-reference/sql/create-user (both read autumn 2026)
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from wizard.problem import Problem

MAX_CHARACTERS: Final = 255
"""Longest identifier in Snowflake, in characters, without quotes."""

# Control, format (zero width, bidirectional), surrogate, line and paragraph separator: what a person can't see in a
# statement before running it.
_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
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
    """A user's NAME as Snowflake stores it, and what a person should know about how it was read."""

    name: str
    notes: tuple[str, ...] = ()
    looks_like_email: bool = False


def read_user_name(text: str) -> UserName:
    """Read a NAME: bare names in capitals, a quoted name without its quotes, anything else exactly as it stands.

    Raises UserNameError when it is empty, longer than 255 characters, or holds characters that can't be seen.
    """
    name, notes = _stored(text, "user name", "SELECT CURRENT_USER(); shows your own.")
    email = _looks_like_email(name)
    if email:
        notes = (*notes, _EMAIL)
    return UserName(name, notes, email)


def read_role_name(text: str) -> str:
    """Read the name of a role by the rules of :func:`read_user_name`, and return it as stored."""
    return _stored(text, "role", "SELECT CURRENT_ROLE(); shows the one in use.")[0]


def read_login_name(text: str) -> str:
    """Read a LOGIN_NAME: any text, trimmed, otherwise as typed. Snowflake takes no notice of its case.

    Raises UserNameError when it is empty, longer than 255 characters, or holds characters that can't be seen.
    """
    name = _bounded(text.strip(), "login name", "DESC USER shows it in the row LOGIN_NAME.")
    refuse_unseen(name, "login name")
    return name


def refuse_unseen(name: str, thing: str) -> None:
    """Raise UserNameError when a name holds a character that can't be seen, or that breaks the line."""
    for position, character in enumerate(name, start=1):
        if unicodedata.category(character) in _UNSEEN:
            what = "a line break" if character in "\r\n\u2028\u2029" else "a tab" if character == "\t" else ""
            code = f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()
            raise UserNameError(
                f"The {thing} has {what or f'a character that can’t be seen ({code})'} at position {position}.",
                f"Type the {thing} by hand: some programs add such characters when text is copied.",
            )


def _bounded(name: str, thing: str, where: str) -> str:
    if not name:
        raise UserNameError(f"The {thing} is empty.", f"Enter the {thing}. {where}")
    if len(name) > MAX_CHARACTERS:
        raise UserNameError(
            f"The {thing} has {len(name):,} characters; Snowflake allows {MAX_CHARACTERS}.",
            f"Enter only the {thing}. {where}",
        )
    return name


def _stored(text: str, thing: str, where: str) -> tuple[str, tuple[str, ...]]:
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
        name = _bounded(name[1:-1].replace('""', '"'), thing, where)
        bare = _BARE.fullmatch(name) is not None and name == name.upper()
        return name, () if bare else (_exact(name),)
    _bounded(name, thing, where)
    if _BARE.fullmatch(name):
        return name.upper(), ()
    return name, (_exact(name),)


def _exact(name: str) -> str:
    case = " Capitals and small letters count." if name.upper() != name.lower() else ""
    return f"Taken exactly as it stands, and put in quotes in SQL.{case}"


def _looks_like_email(name: str) -> bool:
    local, _, domain = name.partition("@")
    return bool(local) and "." in domain.strip(".") and "@" not in domain and " " not in name
