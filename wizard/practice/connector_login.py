"""The login and query protocol of Snowflake's client libraries, as far as a first query needs it.

The protocol isn't documented; this follows what snowflake-connector-python 4.8 and 5.2 were seen to send and to
understand (2026-11). A refused login is HTTP 200 with ``"success": false``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wizard.practice import users
from wizard.practice.doorkeeper import Refusal, Visitor
from wizard.practice.login import log_in, refusal_words
from wizard.practice.outcome import SqlError
from wizard.practice.sql import first_session, run
from wizard.practice.state import State
from wizard.practice.users import User
from wizard.practice.wire import Asked, Reply, json_reply
from wizard.snowflake.clock import LOGIN_AGE
from wizard.snowflake.codes import Code

_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", users.HOST})
_SELECT = 0x1000
_OTHER = 0x4000


def answer(state: State, asked: Asked) -> Reply:
    """Answer one request of a client library."""
    # A page in somebody's browser must not be able to talk to this port by a name of its own (DNS rebinding).
    if asked.headers.get("host", "").rpartition(":")[0].lower() not in _HOSTS:
        return Reply(404)
    if asked.method != "POST":
        return Reply(405)
    if asked.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return Reply(415)
    path = asked.path
    if path == "/session/v1/login-request":
        return _log_in(state, asked)
    if path == "/queries/v1/query-request":
        return _query(state, asked)
    if path == "/session":
        state.keep_session(_session_token(asked), None)
        return _success(None)
    if path in ("/telemetry/send", "/session/heartbeat", "/queries/v1/abort-request"):
        return _success(None)
    return _refused(Code.NOT_FOUND, "The practice Snowflake does not answer this request.")


def _log_in(state: State, asked: Asked) -> Reply:
    try:
        data = asked.json().get("data")
    except ValueError:
        data = None
    if not isinstance(data, dict):
        return _refused(Code.PAYLOAD_UNREADABLE, "Incoming request does not contain a valid payload.")
    token = data.get("TOKEN")
    if str(data.get("AUTHENTICATOR", "")).upper() != "SNOWFLAKE_JWT" or not isinstance(token, str):
        return _refused(Code.PASSWORD_REFUSED, "Incorrect username or password was specified.")
    role, warehouse = _stored(asked.query.get("roleName", "")), _stored(asked.query.get("warehouse", ""))
    visitor = log_in(state, token, LOGIN_AGE, asked.client, role)
    # The Go driver leaves the name to the token.
    if isinstance(visitor, Visitor) and not _names(data, visitor.user):
        visitor = Refusal(Code.JWT_TOKEN_INVALID, visitor.user.name)
    if isinstance(visitor, Refusal):
        failure = state.fail(visitor, asked)
        _, code, message = refusal_words(visitor.code, client=asked.client, failure=failure)
        return _refused(code, message)
    found = visitor.user
    session = replace(first_session(state, found.name), restricted=visitor.is_restricted)
    if role:
        if role not in users.ROLES or not found.holds_role(role):
            return _refused(
                Code.ROLE_UNKNOWN if role not in users.ROLES else Code.ROLE_NOT_GRANTED,
                f"Role '{role[:255]}' specified in the connect string is not granted to this user. "
                "Contact your local system administrator, or attempt to login with another role, e.g. PUBLIC.",
            )
        session = replace(session, role=role)
    if warehouse:
        session = replace(session, warehouse=warehouse if warehouse in users.WAREHOUSES else "")
    return _success(
        {
            "masterToken": state.fresh_uuid(),
            "token": state.open_session(session),
            "validityInSeconds": 3600,
            "masterValidityInSeconds": 14400,
            "displayUserName": found.name,
            "serverVersion": users.VERSION,
            "firstLogin": False,
            "remMeToken": None,
            "remMeValidityInSeconds": 0,
            "healthCheckInterval": 45,
            "newClientForUpgrade": None,
            "sessionId": 1,
            "parameters": [],
            "sessionInfo": {
                "databaseName": None,
                "schemaName": None,
                "warehouseName": session.warehouse or None,
                "roleName": session.role,
            },
            "idToken": None,
            "idTokenValidityInSeconds": 0,
            "responseData": None,
            "mfaToken": None,
            "mfaTokenValidityInSeconds": 0,
        }
    )


def _names(data: dict[str, Any], user: User) -> bool:
    """Whether the login is of the user that the token is of, as far as it says so."""
    return str(data.get("LOGIN_NAME", user.login_name)).upper() == user.login_name.upper()


def _stored(identifier: str) -> str:
    """Read the identifier of a role or warehouse as it is stored: in double quotes as it stands, else in capitals."""
    if len(identifier) > 1 and identifier[0] == identifier[-1] == '"':
        return identifier[1:-1].replace('""', '"')
    return identifier.upper()


def _query(state: State, asked: Asked) -> Reply:
    token = _session_token(asked)
    session = state.session(token)
    if session is None:
        return _refused(Code.SESSION_UNKNOWN, "The session is unknown or has ended: log in again.")
    try:
        statement = asked.json().get("sqlText")
    except ValueError:
        statement = None
    if not isinstance(statement, str) or not statement.strip():
        return _refused(Code.PAYLOAD_UNREADABLE, "Incoming request does not contain a valid payload.")
    outcome = run(state, statement, session)
    handle = state.fresh_uuid()
    if len(outcome.results) != 1:
        count = len(outcome.results)
        return _sql_refused(
            SqlError(
                Code.STATEMENT_COUNT,
                "0A000",
                f"Actual statement count {count} did not match the desired statement count 1.",
            ),
            handle,
        )
    result = outcome.results[0]
    if result.error is not None:
        return _sql_refused(result.error, handle)
    state.keep_session(token, outcome.session)
    return _success(
        {
            "parameters": [],
            "rowtype": [
                {
                    "name": name, "database": "", "schema": "", "table": "", "nullable": True, "type": "text",
                    "length": 16_777_216, "byteLength": 16_777_216, "precision": None, "scale": None, "collation": None,
                }
                for name in result.columns
            ],
            "rowset": [list(row) for row in result.rows],
            "total": len(result.rows),
            "returned": len(result.rows),
            "queryId": handle,
            "databaseProvider": None,
            "finalDatabaseName": None,
            "finalSchemaName": None,
            "finalWarehouseName": outcome.session.warehouse or None,
            "finalRoleName": outcome.session.role,
            "numberOfBinds": 0,
            "arrayBindSupported": False,
            "statementTypeId": _SELECT if result.statement[:6].upper() == "SELECT" else _OTHER,
            "version": 1,
            "sendResultTime": int(state.now() * 1000),
            "queryResultFormat": "json",
        }
    )  # fmt: skip


def _session_token(asked: Asked) -> str:
    """``Snowflake Token="…"``."""
    return asked.headers.get("authorization", "").partition('Token="')[2].rstrip('"')


def _success(data: dict[str, Any] | None) -> Reply:
    return json_reply(200, {"data": data, "code": None, "message": None, "success": True})


def _refused(code: str, message: str) -> Reply:
    return json_reply(200, {"data": None, "code": code, "message": message, "success": False})


def _sql_refused(error: SqlError, handle: str) -> Reply:
    data = {"errorCode": error.code, "sqlState": error.state, "queryId": handle, "internalError": False}
    return json_reply(200, {"data": data, "code": error.code, "message": error.message, "success": False})
