"""The list of logins, in the two ways in which the wizard asks for it.

``TABLE(INFORMATION_SCHEMA.LOGIN_HISTORY_BY_USER(…))`` and the view ``SNOWFLAKE.ACCOUNT_USAGE.LOGIN_HISTORY``, of which
this one is up to date. It doesn't name the key that somebody logged in with, and neither does Snowflake's.

https://docs.snowflake.com/en/sql-reference/functions/login_history, /account-usage/login_history (checked 2026-11)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wizard.practice.logins import TriedLogin
from wizard.practice.sql.cursor import Cursor, compilation
from wizard.practice.sql.description import moment
from wizard.snowflake.codes import Code

Rows = tuple[tuple[str, ...], tuple[tuple[str | None, ...], ...]]
Logins = Callable[[str], Sequence[TriedLogin]]
"""The logins of the user of that (stored) name, the newest first; raises ``RefusedError`` for who may not see them."""

_COLUMNS: dict[str, Callable[[TriedLogin], str | None]] = {
    "EVENT_TIMESTAMP": lambda tried: moment(tried.at),
    "EVENT_TYPE": lambda _: "LOGIN",
    "USER_NAME": lambda tried: tried.user,
    "CLIENT_IP": lambda tried: tried.client,
    "REPORTED_CLIENT_TYPE": lambda _: "OTHER",
    "FIRST_AUTHENTICATION_FACTOR": lambda _: "RSA_KEYPAIR",
    "IS_SUCCESS": lambda tried: "NO" if tried.code else "YES",
    "ERROR_CODE": lambda tried: tried.code or None,
    "ERROR_MESSAGE": lambda tried: tried.code or None,
}
_MOST_ROWS = 100


def asks_for_logins(cursor: Cursor) -> bool:
    """Whether what stands after SELECT is a list of columns of a table, and not of expressions."""
    return cursor.sees("*") or cursor.sees("EVENT_TIMESTAMP")


def login_history(cursor: Cursor, logins: Logins) -> Rows:
    """Read what stands after SELECT, and return the grid."""
    names = tuple(_COLUMNS) if cursor.accept("*") else _columns(cursor)
    cursor.expect("FROM")
    if cursor.accept("TABLE"):
        user, since, most = _of_the_function(cursor)
    else:
        user, since, most = _of_the_view(cursor)
    cursor.expect("ORDER", "BY", "EVENT_TIMESTAMP", "DESC")
    cursor.end()
    found = [tried for tried in logins(user) if moment(tried.at) >= since]
    return names, tuple(tuple(_COLUMNS[name](tried) for name in names) for tried in found[:most])


def _columns(cursor: Cursor) -> tuple[str, ...]:
    names: list[str] = []
    while not names or cursor.accept(","):
        name = cursor.name()
        if name not in _COLUMNS:
            raise compilation(Code.IDENTIFIER_UNKNOWN, "42000", f"invalid identifier '{name}'")
        names.append(name)
    return tuple(names)


def _of_the_function(cursor: Cursor) -> tuple[str, str, int]:
    cursor.expect("(", "INFORMATION_SCHEMA", ".", "LOGIN_HISTORY_BY_USER", "(", "USER_NAME", "=>")
    user, most = cursor.string(), _MOST_ROWS
    if cursor.accept(",", "RESULT_LIMIT", "=>"):
        most = int(cursor.next().value) if cursor.peek().kind == "number" and cursor.peek().value.isdecimal() else 0
    cursor.expect(")", ")")
    return user, "", min(most, _MOST_ROWS)


def _of_the_view(cursor: Cursor) -> tuple[str, str, int]:
    cursor.expect("SNOWFLAKE", ".", "ACCOUNT_USAGE", ".", "LOGIN_HISTORY", "WHERE", "USER_NAME", "=")
    user, since = cursor.string(), ""
    cursor.expect("AND", "FIRST_AUTHENTICATION_FACTOR", "=")
    factor = cursor.string()
    if cursor.accept("AND", "EVENT_TIMESTAMP", ">", "="):
        since = cursor.string()
    return user, since, _MOST_ROWS if factor == "RSA_KEYPAIR" else 0
