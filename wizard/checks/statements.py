"""A client of Snowflake's SQL API that does one thing: run a constant statement and say what came back.

https://docs.snowflake.com/en/developer-guide/sql-api/reference and /submitting-requests (checked 2026-11).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Literal

from wizard.checks.answer import plain, scrub
from wizard.checks.network import Endpoint, Network, Trouble
from wizard.checks.transport import Reply, ask
from wizard.secret import Secret

PATH = "/api/v2/statements"

_RETRIED = frozenset({429, 500, 502, 503, 504, 522})
_SUCCESS = "090001"
_NO_WAREHOUSE = "391920"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UUID_AT_END = re.compile(r"\[([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\]")
_ADDRESS = re.compile(r"IP/Token ([0-9a-fA-F.:]{3,45})")
_PAUSES = (1.0, 2.0, 4.0, 8.0)
_POLLS = (0.5, 1.0, 2.0, 3.0)
_SHOWN_OF_A_PAGE = 200
_MAX_VALUE = 255


@dataclass(frozen=True, slots=True)
class Accepted:
    """Snowflake accepted the token.

    ``row`` has the first row's values, ``None`` for NULL. It is empty when there is no result: ``lacking`` then says
    ``"warehouse"`` (it wants one before it runs anything) or ``"time"`` (the statement didn't end inside the limit).
    """

    row: tuple[str | None, ...] = ()
    columns: tuple[str, ...] = ()
    lacking: Literal["", "warehouse", "time"] = ""
    words: str = ""
    tries: int = 1

    def value(self, function: str, position: int) -> str:
        """Return what a context function gave, ``""`` for NULL: by its column's name, else by ``position``."""
        if function in self.columns:
            position = self.columns.index(function)
        elif any(column.startswith("CURRENT_") for column in self.columns):
            return ""
        return (self.row[position] or "") if position < len(self.row) else ""


@dataclass
class _Exchange:
    """One statement on its way, with the time that is left for it."""

    network: Network
    endpoint: Endpoint
    token: Secret
    until: float
    tries: int = 0

    @property
    def left(self) -> float:
        return self.until - self.network.monotonic()

    def ask(self, method: str, path: str, query: Mapping[str, str], payload: object = None) -> Reply:
        self.tries += 1
        return ask(
            self.network, self.endpoint, method, path, token=self.token, query=query, payload=payload,
            seconds=max(0.1, self.left),
        )  # fmt: skip

    def pause(self, seconds: float) -> bool:
        """Wait, if there is time for it and for another try."""
        if seconds + 0.5 > self.left:
            return False
        self.network.sleep(seconds)
        return True


def run_statement(
    network: Network, endpoint: Endpoint, token: Secret, statement: str, *, role: str = "", warehouse: str = ""
) -> Accepted:
    """Run ``statement`` and return its first row. Raises :class:`Trouble`, with Snowflake's code when it gave one.

    Takes ``network.limits.row`` seconds at most, with all waits and repeats. ``role`` and ``warehouse`` are sent only
    when given.
    """
    exchange = _Exchange(network, endpoint, token, network.monotonic() + network.limits.row)
    payload: dict[str, object] = {"statement": statement, "timeout": int(max(1, network.limits.row))}
    if role:
        payload["role"] = role
    if warehouse:
        payload["warehouse"] = warehouse
    query = {"requestId": str(network.new_uuid())}
    reply = _submit(exchange, query, payload)
    if reply.status == HTTPStatus.ACCEPTED:
        waited = _poll(exchange, reply)
        if waited is None:
            return Accepted(lacking="time", words=_words(reply, token), tries=exchange.tries)
        reply = waited
    return _understand(reply, exchange)


def _submit(exchange: _Exchange, query: Mapping[str, str], payload: object) -> Reply:
    """Send the statement; again, marked as a repeat of the same request, while Snowflake is busy and time is left."""
    reply = exchange.ask("POST", PATH, query, payload)
    for pause in _PAUSES:
        if reply.status not in _RETRIED or not exchange.pause(_asked_to_wait(reply, exchange.network.now(), pause)):
            break
        reply = exchange.ask("POST", PATH, {**query, "retry": "true"}, payload)
    return reply


def _poll(exchange: _Exchange, reply: Reply) -> Reply | None:
    """Ask for the result of a statement that is still running; ``None`` when time runs out first."""
    # The answer brings a URL to ask, which could be anybody's: only the handle is taken, and only if it looks like one.
    handle = (_object(reply) or {}).get("statementHandle")
    if not isinstance(handle, str) or not _UUID.fullmatch(handle.lower()):
        raise _not_snowflake(reply, exchange)
    query = {"requestId": str(exchange.network.new_uuid())}
    attempt = 0
    while exchange.pause(_POLLS[min(attempt, len(_POLLS) - 1)]):
        attempt += 1
        reply = exchange.ask("GET", f"{PATH}/{handle.lower()}", query)
        if reply.status != HTTPStatus.ACCEPTED and reply.status not in _RETRIED:
            return reply
    return None


def _columns(data: dict[str, object]) -> tuple[str, ...]:
    """Return the names of the result's columns, as far as it tells them: ``CURRENT_USER`` for ``CURRENT_USER()``."""
    described = data.get("resultSetMetaData")
    row_type = described.get("rowType") if isinstance(described, dict) else None
    if not isinstance(row_type, list):
        return ()
    names = (column.get("name") if isinstance(column, dict) else "" for column in row_type[:20])
    return tuple(str(name).upper().removesuffix("()") for name in names)


def _asked_to_wait(reply: Reply, now: float, otherwise: float) -> float:
    """The seconds of Retry-After, or of its date; ``otherwise`` when there is none that makes sense."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return max(0.2, float(text))
    try:
        return max(0.2, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return otherwise


def _understand(reply: Reply, exchange: _Exchange) -> Accepted:
    data = _object(reply)
    if 300 <= reply.status < 400:
        target = scrub(plain(reply.headers.get("location", ""), 200), exchange.token)
        raise Trouble(
            "redirect",
            "The answer sends the request elsewhere. Snowflake never does that, so it was not followed.",
            f"HTTP {reply.status}\nLocation: {target}",
            http_status=reply.status,
        )
    if data is None:
        raise _not_snowflake(reply, exchange)
    code, message = _text(data, "code"), _text(data, "message")
    rows = data.get("data")
    if reply.status == HTTPStatus.OK and code in (_SUCCESS, ""):
        if not isinstance(rows, list) or not rows or not isinstance(rows[0], list):
            raise _not_snowflake(reply, exchange)
        row = tuple(None if value is None else plain(str(value), _MAX_VALUE) for value in rows[0][:20])
        return Accepted(row, _columns(data), words=_words(reply, exchange.token), tries=exchange.tries)
    if code == _NO_WAREHOUSE:
        return Accepted(lacking="warehouse", words=_words(reply, exchange.token), tries=exchange.tries)
    if not code:
        raise _not_snowflake(reply, exchange)
    raise Trouble(
        "answer",
        f"Snowflake answered with error {code}.",
        _words(reply, exchange.token),
        _facts(message),
        code=code,
        http_status=reply.status,
        message=scrub(message, exchange.token),
    )


def _not_snowflake(reply: Reply, exchange: _Exchange) -> Trouble:
    host = exchange.endpoint.host
    words = _words(reply, exchange.token)
    if reply.status in _RETRIED:
        return Trouble(
            "answer",
            f"{host} answered {reply.status} {_phrase(reply.status)} every time it was asked.",
            words,
            http_status=reply.status,
        )
    what = "JSON, but not as Snowflake writes it" if _is_json(reply) else "a page, and not Snowflake's answer"
    return Trouble("not-json", f"{host} answered {reply.status} with {what}.", words, http_status=reply.status)


def _words(reply: Reply, token: Secret) -> str:
    """The machine's own words: status line, then code and message, or the beginning of whatever else it is."""
    data = _object(reply)
    if data is not None and (_text(data, "code") or _text(data, "message")):
        said = f"{_text(data, 'code')}: {_text(data, 'message')}"
    else:
        said = plain(scrub(reply.text[:4_000], token), _SHOWN_OF_A_PAGE)
    return scrub(plain(f"HTTP {reply.status} {_phrase(reply.status)}\n{said}"), token)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _facts(message: str) -> dict[str, str]:
    facts: dict[str, str] = {}
    if failure := _UUID_AT_END.search(message):
        facts["uuid"] = failure[1].lower()
    if address := _ADDRESS.search(message):
        facts["ip"] = address[1]
    return facts


def _object(reply: Reply) -> dict[str, Any] | None:
    try:
        data = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _is_json(reply: Reply) -> bool:
    try:
        json.loads(reply.body)
    except (ValueError, RecursionError):
        return False
    return True


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return plain(value, 1_500) if isinstance(value, str) else ""
