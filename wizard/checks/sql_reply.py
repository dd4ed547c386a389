"""What Snowflake's SQL API answered, read once: everything that is said of an answer comes from here.

https://docs.snowflake.com/en/developer-guide/sql-api/reference (checked 2026-11).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from wizard.checks.row import plain, scrub
from wizard.checks.transport import Reply
from wizard.secret import Secret

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UUID_AT_END = re.compile(r"\[([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\]")
_ADDRESS = re.compile(r"IP/Token ([0-9a-fA-F.:]{3,45})")
_SHOWN_OF_A_PAGE = 200
_MOST_COLUMNS = 20
_MAX_VALUE = 255


@dataclass(frozen=True, slots=True)
class SqlReply:
    """An answer of the SQL API, or of whatever answered in its place. No text in it holds the token.

    ``code``, ``message`` and ``handle`` (of the statement, as a lower-case UUID) are ``""`` where they are missing.
    ``row`` is the first of the result (no statement of ours has a second) and ``None`` where there is none; its values
    are text, or ``None`` for NULL. ``columns`` are the names of the result's columns, as far as it tells them:
    ``CURRENT_USER`` for ``CURRENT_USER()``. ``words`` are the machine's own: status line, then code and message, or
    the beginning of whatever else it is.
    """

    status: int
    headers: Mapping[str, str]
    is_json: bool
    code: str
    message: str
    handle: str
    row: tuple[str | None, ...] | None
    columns: tuple[str, ...]
    words: str

    @classmethod
    def read(cls, reply: Reply, token: Secret) -> SqlReply:
        """Read an answer to a request that carried ``token``; whatever it is, it can be read."""
        try:
            data = json.loads(reply.body)
            is_json = True
        except (ValueError, RecursionError):
            data, is_json = None, False
        told: Mapping[str, Any] = data if isinstance(data, dict) else {}
        code, message = _text(told, "code"), scrub(_text(told, "message"), token)
        said = f"{code}: {message}" if code or message else plain(scrub(reply.text[:4_000], token), _SHOWN_OF_A_PAGE)
        handle = str(told.get("statementHandle", "")).lower()
        return cls(
            status=reply.status,
            headers=reply.headers,
            is_json=is_json,
            code=code,
            message=message,
            handle=handle if _UUID.fullmatch(handle) else "",
            row=_first_row(told),
            columns=_columns(told),
            words=scrub(plain(f"HTTP {reply.status} {phrase(reply.status)}\n{said}"), token),
        )

    @property
    def facts(self) -> dict[str, str]:
        """What the diagnosis can use of the message: the id of a refused login, and the address it came from."""
        facts: dict[str, str] = {}
        if failure := _UUID_AT_END.search(self.message):
            facts["uuid"] = failure[1].lower()
        if address := _ADDRESS.search(self.message):
            facts["ip"] = address[1]
        return facts


def phrase(status: int) -> str:
    """What a status is called, ``""`` for one that nobody knows."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return plain(value, 1_500) if isinstance(value, str) else ""


def _first_row(told: Mapping[str, Any]) -> tuple[str | None, ...] | None:
    rows = told.get("data")
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], list):
        return None
    return tuple(_value(value) for value in rows[0][:_MOST_COLUMNS])


def _value(value: object) -> str | None:
    if value is None:
        return None
    return plain(str(value), _MAX_VALUE) if isinstance(value, str | int | float) else ""


def _columns(told: Mapping[str, Any]) -> tuple[str, ...]:
    described = told.get("resultSetMetaData")
    row_type = described.get("rowType") if isinstance(described, dict) else None
    if not isinstance(row_type, list):
        return ()
    names = (column.get("name") if isinstance(column, dict) else "" for column in row_type[:_MOST_COLUMNS])
    return tuple(str(name).upper().removesuffix("()") for name in names)
