"""Answers of Snowflake's about a login: of the SQL API, of SYSTEM$GET_LOGIN_FAILURE_DETAILS, of LOGIN_HISTORY."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any, Final

from wizard.diagnosis.facts import Fact
from wizard.diagnosis.failure_details import FailureDetailsError, read_failure_details
from wizard.diagnosis.reading.error import read_error
from wizard.diagnosis.reading.json_rows import json_rows
from wizard.diagnosis.reading.recognised import Recognised
from wizard.snowflake.codes import FAILURE_NAMES

_DETAILS: Final = "SYSTEM$GET_LOGIN_FAILURE_DETAILS"
_HISTORY: Final = "LOGIN_HISTORY"
_HISTORY_COLUMNS: Final = ("event_timestamp", "event_id", "error_code", "error_message", "is_success", "client_ip",
                           "first_authentication_factor", "reported_client_type")  # fmt: skip
_FIELD: Final = re.compile(r"\"?errorCode\"?\"?\s{0,4}:", re.IGNORECASE)


def read_details(text: str) -> Recognised | None:
    """Read what SYSTEM$GET_LOGIN_FAILURE_DETAILS printed."""
    if not _FIELD.search(text):
        return None
    try:
        details = read_failure_details(text)
    except FailureDetailsError:
        return None
    facts = [Fact("code", details.code, _DETAILS)]
    if details.username:
        facts.append(Fact("error-user", details.username, _DETAILS))
    if details.client_ip:
        facts.append(Fact("ip", details.client_ip, _DETAILS))
    if details.timestamp:
        facts.append(Fact("login-at", details.timestamp, _DETAILS))
    name = FAILURE_NAMES.get(details.code, "")
    return Recognised("failure-details", f"The reason of a refused login: {name or details.code}", tuple(facts))


def read_history(text: str) -> Recognised | None:
    """Read rows of LOGIN_HISTORY. The newest refused login counts, which stands first where rows are sorted."""
    lowered = text.lower()
    if sum(column in lowered for column in _HISTORY_COLUMNS) < 3:
        return None
    rows = _rows(text)
    if not rows:
        return None
    failed = [row for row in rows if row.get("is_success", "").upper() in ("NO", "FALSE") or row.get("error_message")]
    facts: list[Fact] = []
    if failed:
        newest = max(failed, key=lambda row: row.get("event_timestamp", ""))
        error = read_error(f"{newest.get('error_code', '')} {newest.get('error_message', '')}", _HISTORY)
        facts += [fact for fact in (error.facts if error else ()) if fact.name in ("code", "phrase", "sentence")]
        if user := newest.get("user_name", ""):
            facts.append(Fact("error-user", user, _HISTORY))
        if ip := newest.get("client_ip", ""):
            facts.append(Fact("ip", ip, _HISTORY))
        if at := newest.get("event_timestamp", ""):
            facts.append(Fact("login-at", at, _HISTORY))
    title = (
        f"{len(rows)} rows of LOGIN_HISTORY, {len(failed)} of them refused"
        if len(rows) > 1
        else ("A row of LOGIN_HISTORY")
    )
    return Recognised("login-history", title, tuple(facts))


def _rows(text: str) -> list[dict[str, str]]:
    """Cut rows as JSON, with bars, tabs, commas or semicolons; the names of the columns in lower case."""
    if rows := json_rows(text):
        return rows
    for delimiter in ("|", "│", "\t", ",", ";"):
        try:
            cut = [
                [cell.strip() for cell in row]
                for row in csv.reader(io.StringIO(text), delimiter=delimiter)
                if delimiter in "|│\t" or len(row) > 2
            ]
        except csv.Error:
            continue
        head = next((at for at, row in enumerate(cut) if _names_columns(row)), -1)
        if head >= 0:
            names = [cell.strip('" ').lower() for cell in cut[head]]
            return [
                {name: "" if cell in ("NULL", "null") else cell for name, cell in zip(names, row, strict=False) if name}
                for row in cut[head + 1 :]
                if len(row) >= len(names) - 1 and any(char.isalnum() for cell in row for char in cell)
            ]
    return []


def _names_columns(row: list[str]) -> bool:
    return sum(cell.strip('" ').lower() in _HISTORY_COLUMNS for cell in row) >= 2


def read_sql_answer(text: str) -> Recognised | None:
    """Read a JSON answer of the SQL API or of the login interface of connectors: it has a code and a message."""
    answer = _object(text)
    if answer is None or "message" not in answer or "code" not in answer:
        return None
    error = read_error(text, "the answer")
    facts = error.facts if error else ()
    code = next((fact.value for fact in facts if fact.name == "code"), str(answer["code"])[:12])
    return Recognised("sql-answer", f"An answer of Snowflake's, code {code}", facts)


def _object(text: str) -> dict[str, Any] | None:
    start = text.find("{")
    if start < 0 or '"code"' not in text:
        return None
    try:
        value = json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
