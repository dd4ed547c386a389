"""SELECT without a table: context functions, texts, numbers, and ``||`` between them."""

from __future__ import annotations

import re
from collections.abc import Callable

from wizard.practice import users
from wizard.practice.outcome import Session
from wizard.practice.sql.cursor import Cursor, compilation
from wizard.practice.sql.properties import MAX_TEXT_CHARACTERS
from wizard.practice.sql.reader import Token
from wizard.snowflake.codes import Code
from wizard.snowflake.user import MAX_CHARACTERS

_MAX_COLUMNS = 50

_CONTEXT: dict[str, Callable[[Session], str | None]] = {
    "CURRENT_USER": lambda session: session.user,
    "CURRENT_ROLE": lambda session: session.role,
    "CURRENT_WAREHOUSE": lambda session: session.warehouse or None,
    "CURRENT_DATABASE": lambda _: None,
    "CURRENT_SCHEMA": lambda _: None,
    "CURRENT_ACCOUNT": lambda _: users.LOCATOR,
    "CURRENT_ACCOUNT_NAME": lambda _: users.ACCOUNT,
    "CURRENT_ORGANIZATION_NAME": lambda _: users.ORGANIZATION,
    "CURRENT_REGION": lambda _: users.REGION,
    "CURRENT_VERSION": lambda _: users.VERSION,
}

FailureDetails = Callable[[str], str | None]
"""The answer of ``SYSTEM$GET_LOGIN_FAILURE_DETAILS`` to a UUID; raises ``RefusedError`` for a role that may not ask."""


def select(
    cursor: Cursor, session: Session, failure_details: FailureDetails
) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    """Read and work out what stands after SELECT; return the names of the columns and their one row."""
    columns: list[str] = []
    values: list[str | None] = []
    while True:
        start = cursor.peek().start
        values.append(_expression(cursor, session, failure_details))
        columns.append(_alias(cursor) or _title(cursor.text_since(start)))
        if len(columns) > _MAX_COLUMNS:
            raise compilation(Code.SYNTAX, "42000", f"The practice Snowflake selects {_MAX_COLUMNS} columns at most.")
        if not cursor.accept(","):
            break
    cursor.end()
    return tuple(columns), tuple(values)


def _alias(cursor: Cursor) -> str:
    if cursor.accept("AS"):
        return cursor.name()
    token = cursor.peek()
    if token.kind == "quoted" or (token.kind == "word" and token.value != "FROM"):
        return cursor.name()
    return ""


def _title(expression: str) -> str:
    """What Snowflake prints above a column without a name: the expression, upper-cased outside quotes."""
    parts = expression.split("'")
    outside = [re.sub(r"\s+", " ", part.upper()) if index % 2 == 0 else part for index, part in enumerate(parts)]
    return "'".join(outside)[:200]


def _expression(cursor: Cursor, session: Session, failure_details: FailureDetails) -> str | None:
    value = _term(cursor, session, failure_details)
    while cursor.accept("||"):
        right = _term(cursor, session, failure_details)
        value = None if value is None or right is None else (value + right)[:MAX_TEXT_CHARACTERS]
    return value


def _term(cursor: Cursor, session: Session, failure_details: FailureDetails) -> str | None:
    token = cursor.peek()
    if token.kind in ("string", "number"):
        return cursor.next().value[:MAX_TEXT_CHARACTERS]
    if token.kind != "word":
        cursor.unexpected()
    cursor.next()
    if token.value == "NULL":
        return None
    called = cursor.accept("(")
    if called and token.value == "SYSTEM$GET_LOGIN_FAILURE_DETAILS":
        failure = cursor.string()
        cursor.expect(")")
        return failure_details(failure)
    if called and token.value == "SYSTEM$CANCEL_ALL_QUERIES":  # Snowpark says so of its session at its end
        cursor.next()
        cursor.expect(")")
        return "no queries are running"
    if token.value in _CONTEXT:
        if called:
            cursor.expect(")")
        return _CONTEXT[token.value](session)
    raise (
        _unknown_name(cursor, token)
        if not called
        else compilation(Code.FUNCTION_UNKNOWN, "42601", f"Unknown function {token.value[:MAX_CHARACTERS]}")
    )


def _unknown_name(cursor: Cursor, token: Token) -> Exception:
    return compilation(
        Code.IDENTIFIER_UNKNOWN, "42000", f"error {cursor.place(token)}\ninvalid identifier '{token.value}'"
    )
