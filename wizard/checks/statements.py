"""A client of Snowflake's SQL API that does one thing: run a constant statement and say what came back.

https://docs.snowflake.com/en/developer-guide/sql-api/reference and /submitting-requests (checked 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal

from wizard.checks.network import Endpoint, Network, Trouble
from wizard.checks.row import plain, scrub
from wizard.checks.sql_reply import SqlReply, phrase
from wizard.checks.transport import ask
from wizard.secret import Secret
from wizard.snowflake.codes import Code

PATH = "/api/v2/statements"

_RETRIED = frozenset({429, 500, 502, 503, 504, 522})
_PAUSES = (1.0, 2.0, 4.0, 8.0)
_POLLS = (0.5, 1.0, 2.0, 3.0)


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

    def ask(self, method: str, path: str, query: Mapping[str, str], payload: object = None) -> SqlReply:
        self.tries += 1
        reply = ask(
            self.network, self.endpoint, method, path, token=self.token, query=query, payload=payload,
            seconds=max(0.1, self.left),
        )  # fmt: skip
        return SqlReply.read(reply, self.token)

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
            return Accepted(lacking="time", words=reply.words, tries=exchange.tries)
        reply = waited
    return _understand(reply, exchange)


def _submit(exchange: _Exchange, query: Mapping[str, str], payload: object) -> SqlReply:
    """Send the statement; again, marked as a repeat of the same request, while Snowflake is busy and time is left."""
    reply = exchange.ask("POST", PATH, query, payload)
    for pause in _PAUSES:
        if reply.status not in _RETRIED or not exchange.pause(_asked_to_wait(reply, exchange.network.now(), pause)):
            break
        reply = exchange.ask("POST", PATH, {**query, "retry": "true"}, payload)
    return reply


def _poll(exchange: _Exchange, reply: SqlReply) -> SqlReply | None:
    """Ask for the result of a statement that is still running; ``None`` when time runs out first."""
    # The answer brings a URL to ask, which could be anybody's: only the handle is taken, and only if it looks like one.
    handle = reply.handle
    if not handle:
        raise _not_snowflake(reply, exchange)
    query = {"requestId": str(exchange.network.new_uuid())}
    attempt = 0
    while exchange.pause(_POLLS[min(attempt, len(_POLLS) - 1)]):
        attempt += 1
        reply = exchange.ask("GET", f"{PATH}/{handle}", query)
        if reply.status != HTTPStatus.ACCEPTED and reply.status not in _RETRIED:
            return reply
    return None


def _asked_to_wait(reply: SqlReply, now: float, otherwise: float) -> float:
    """The seconds of Retry-After, or of its date; ``otherwise`` when there is none that makes sense."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return max(0.2, float(text))
    try:
        return max(0.2, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return otherwise


def _understand(reply: SqlReply, exchange: _Exchange) -> Accepted:
    if 300 <= reply.status < 400:
        target = scrub(plain(reply.headers.get("location", ""), 200), exchange.token)
        raise Trouble(
            "redirect",
            "The answer sends the request elsewhere. Snowflake never does that, so it was not followed.",
            f"HTTP {reply.status}\nLocation: {target}",
            http_status=reply.status,
        )
    if reply.status == HTTPStatus.OK and reply.code in (Code.SUCCESS, "") and reply.row is not None:
        return Accepted(reply.row, reply.columns, words=reply.words, tries=exchange.tries)
    if reply.code == Code.WAREHOUSE_DEMANDED:
        return Accepted(lacking="warehouse", words=reply.words, tries=exchange.tries)
    if reply.code in (Code.SUCCESS, ""):
        raise _not_snowflake(reply, exchange)
    raise Trouble(
        "answer",
        f"Snowflake answered with error {reply.code}.",
        reply.words,
        reply.facts,
        code=reply.code,
        http_status=reply.status,
        message=reply.message,
    )


def _not_snowflake(reply: SqlReply, exchange: _Exchange) -> Trouble:
    host = exchange.endpoint.host
    if reply.status in _RETRIED:
        return Trouble(
            "answer",
            f"{host} answered {reply.status} {phrase(reply.status)} every time it was asked.",
            reply.words,
            http_status=reply.status,
        )
    what = "JSON, but not as Snowflake writes it" if reply.is_json else "a page, and not Snowflake's answer"
    return Trouble("not-json", f"{host} answered {reply.status} with {what}.", reply.words, http_status=reply.status)
