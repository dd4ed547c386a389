"""The SQL API of the practice Snowflake: ``/api/v2/statements``.

Headers, bodies, status codes: https://docs.snowflake.com/en/developer-guide/sql-api/reference (checked 2026-11). What
isn't documented (the status of a refusal by policy, the code for a missing header) is our choice and marked so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from wizard.practice import users
from wizard.practice.doorkeeper import Refusal, Visitor
from wizard.practice.login import log_in, refusal_words
from wizard.practice.outcome import Outcome, Session, SqlError
from wizard.practice.sql import first_session, run
from wizard.practice.state import State
from wizard.practice.users import ADMINISTRATOR, User
from wizard.practice.wire import Asked, Reply, json_reply
from wizard.snowflake.clock import TOKEN_AGE
from wizard.snowflake.codes import Code

PATH = "/api/v2/statements"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PRODUCT = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+/\S+.*", re.DOTALL)


def answer(state: State, asked: Asked) -> Reply:
    """Answer one request."""
    playing = state.scenario
    if asked.headers.get("host", "").split(":")[0].lower() != users.HOST:
        return Reply(404, b"<html><body><h1>404 Not Found</h1></body></html>", {"Content-Type": "text/html"})
    path = asked.path.rstrip("/")
    if playing.stands_in is not None and (playing.whole_host or path.startswith(PATH)):
        tries = state.count_try(asked.query.get("requestId", ""))
        if not playing.gives_way_after or tries <= playing.gives_way_after:
            return playing.stands_in
    if path == PATH:
        return _submit(state, asked) if asked.method == "POST" else Reply(405)
    if path.startswith(f"{PATH}/"):
        return _status_of(state, asked, path.removeprefix(f"{PATH}/"))
    if asked.method in ("GET", "HEAD") and path == "":
        return Reply(200, b"This is the practice Snowflake.\n", {"Content-Type": "text/plain; charset=utf-8"})
    return _problem(404, Code.NOT_FOUND, "The resource was not found.")


def _authenticate(state: State, asked: Asked, role: str | None) -> Visitor | Reply:
    headers = asked.headers
    if not _PRODUCT.fullmatch(headers.get("user-agent", "")):
        return _problem(400, Code.USER_AGENT_UNSUPPORTED, "The User-Agent header must name a product and its version.")
    accept = headers.get("accept")
    if accept is None or not any(kind in accept for kind in ("application/json", "*/*")):
        return _problem(400, Code.ACCEPT_UNSUPPORTED, f"Unsupported Accept header {accept or 'null'} is specified.")
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return _problem(401, Code.AUTHORIZATION_MISSING, "Authorization header not found in the request data.")
    if headers.get("x-snowflake-authorization-token-type") != "KEYPAIR_JWT":
        # Without the header a token is taken for one of OAuth, and read as such.
        failure = state.fail(Refusal(Code.OAUTH_TOKEN_INVALID), asked)
        return _problem(401, Code.OAUTH_TOKEN_INVALID, f"Invalid OAuth access token. [{failure}]")
    found = log_in(state, token.strip(), TOKEN_AGE, asked.client, role)
    if isinstance(found, Refusal):
        failure = state.fail(found, asked)
        status, code, message = refusal_words(found.code, client=asked.client, failure=failure)
        return _problem(status, code, message)
    return found


def _submit(state: State, asked: Asked) -> Reply:
    if asked.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return _problem(415, Code.CONTENT_TYPE_UNSUPPORTED, "The Content-Type must be application/json.")
    found = _authenticate(state, asked, _role_in(asked))
    if isinstance(found, Reply):
        return found
    user = found.user
    request_id = asked.query.get("requestId")
    if request_id is not None and not _UUID.fullmatch(request_id.lower()):
        return _problem(400, Code.REQUEST_ID_UNREADABLE, "The requestId is not a UUID.")
    try:
        body = asked.json()
    except ValueError:
        return _problem(400, Code.PAYLOAD_UNREADABLE, "Incoming request does not contain a valid payload.")
    texts = {name: body.get(name, "") for name in ("statement", "role", "warehouse")}
    if not all(isinstance(text, str) for text in texts.values()) or not texts["statement"].strip():
        return _problem(400, Code.PAYLOAD_UNREADABLE, "Incoming request does not contain a valid payload.")
    session = _session(state, user, texts["role"], texts["warehouse"])
    if isinstance(session, Reply):
        return session
    session = replace(session, restricted=found.is_restricted)
    handle = state.fresh_uuid()
    demanded = state.scenario.refuses == Code.WAREHOUSE_DEMANDED and user.name != ADMINISTRATOR
    if demanded and not session.warehouse:
        message = "Unable to run the command. You must specify the warehouse to use by setting the warehouse field."
        return _failed(SqlError(Code.WAREHOUSE_DEMANDED, "57P03", message), handle)
    outcome = run(state, texts["statement"], session)
    if len(outcome.results) != 1:
        count = len(outcome.results)
        message = f"Actual statement count {count} did not match the desired statement count 1."
        return _failed(SqlError(Code.STATEMENT_COUNT, "0A000", message), handle)
    if playing_as := state.scenario.runs_as:
        outcome = _as_somebody_else(outcome, user.name, playing_as)
    if state.scenario.polls:
        state.put_off(handle, outcome, state.scenario.polls)
        return _in_progress(handle)
    return _finished(outcome, handle)


def _role_in(asked: Asked) -> str:
    """The role that a statement asks for; a body that can't be read asks for none, and is refused further on."""
    try:
        role = asked.json().get("role", "")
    except ValueError:
        return ""
    return role if isinstance(role, str) else ""


def _session(state: State, user: User, role: str, warehouse: str) -> Session | Reply:
    session = first_session(state, user.name)
    if role:
        if role not in users.ROLES:
            return _problem(
                422, Code.ROLE_UNKNOWN,
                f"Role '{role[:255]}' specified in the connect string does not exist or not authorized. "
                "Contact your local system administrator, or attempt to login with another role, e.g. PUBLIC.",
            )  # fmt: skip
        if not user.holds_role(role):
            return _problem(
                422, Code.ROLE_NOT_GRANTED,
                f"Role '{role}' specified in the connect string is not granted to this user. "
                "Contact your local system administrator, or attempt to login with another role, e.g. PUBLIC.",
            )  # fmt: skip
        session = Session(user.name, role, session.warehouse)
    if warehouse:  # one that there isn't is passed over without a word
        session = Session(user.name, session.role, warehouse if warehouse in users.WAREHOUSES else "")
    return session


def _status_of(state: State, asked: Asked, handle: str) -> Reply:
    if asked.method != "GET":
        return Reply(405)
    found = _authenticate(state, asked, None)
    if isinstance(found, Reply):
        return found
    waiting = state.collect(handle)
    if waiting is None:
        return _problem(422, Code.HANDLE_UNKNOWN, f"Statement {handle[:60]} not found", sqlState="02000")
    outcome, done = waiting
    return _finished(outcome, handle) if done else _in_progress(handle)


def _in_progress(handle: str) -> Reply:
    return json_reply(
        202,
        {
            "code": Code.IN_PROGRESS,
            "message": "Asynchronous execution in progress. Use provided query id to perform query monitoring "
            "and management.",
            "statementHandle": handle,
            "statementStatusUrl": f"{PATH}/{handle}",
        },
    )


def _finished(outcome: Outcome, handle: str) -> Reply:
    result = outcome.results[0]
    if result.error is not None:
        return _failed(result.error, handle)
    kinds = [
        {
            "name": name, "database": "", "schema": "", "table": "", "nullable": True, "type": "text",
            "length": 16_777_216, "byteLength": 16_777_216, "precision": None, "scale": None, "collation": None,
        }
        for name in result.columns
    ]  # fmt: skip
    data = [list(row) for row in result.rows]
    return json_reply(
        200,
        {
            "resultSetMetaData": {
                "numRows": len(data),
                "format": "jsonv2",
                "partitionInfo": [{"rowCount": len(data), "uncompressedSize": len(str(data))}],
                "rowType": kinds,
            },
            "data": data,
            "code": Code.SUCCESS,
            "statementStatusUrl": f"{PATH}/{handle}",
            "sqlState": "00000",
            "statementHandle": handle,
            "message": "Statement executed successfully.",
        },
    )


def _failed(error: SqlError, handle: str) -> Reply:
    return _problem(422, error.code, error.message, sqlState=error.state, statementHandle=handle)


def _problem(status: int, code: str, message: str, **more: Any) -> Reply:
    return json_reply(status, {"code": code, "message": message, **more})


def _as_somebody_else(outcome: Outcome, name: str, other: str) -> Outcome:
    results = tuple(
        replace(result, rows=tuple(tuple(other if cell == name else cell for cell in row) for row in result.rows))
        for result in outcome.results
    )
    return replace(outcome, results=results)
