"""Run the checks, one at a time or all at once. Nothing here raises: a check that breaks gives a row too."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from wizard.checks import clock, context, dns, identity, key, login, tls
from wizard.checks.attempt import Attempt
from wizard.checks.row import Row

_log = logging.getLogger(__name__)

Run = Callable[[Attempt, tuple[Row, ...]], Row]


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the live test.

    * ``run``: ``None`` for the first, which needs the private key
    * ``fatal``: whether going on after its failure would mislead
    * ``place``: who does what it looks at, the person, this server or Snowflake
    """

    name: str
    title: str
    run: Run | None
    fatal: bool = True
    place: Literal["you", "server", "snowflake"] = "server"


CHECKS: tuple[Check, ...] = (
    Check(key.NAME, key.TITLE, None, place="you"),
    Check(dns.NAME, dns.TITLE, dns.check),
    Check(tls.NAME, tls.TITLE, tls.check),
    Check(clock.NAME, clock.TITLE, clock.check),
    Check(login.NAME, login.TITLE, login.check, place="snowflake"),
    Check(identity.NAME, identity.TITLE, identity.check, place="snowflake"),
    Check(context.NAME, context.TITLE, context.check, fatal=False, place="snowflake"),
)
_BY_NAME = {check.name: check for check in CHECKS}


def run_check(name: str, attempt: Attempt, earlier: tuple[Row, ...]) -> Row:
    """Run the check of that name; ``earlier`` are the rows of those before it. Never raises but ``KeyError``."""
    check = _BY_NAME[name]
    if check.run is None:
        return Row(name, "skipped", "This check needs the private key.")
    started = attempt.network.monotonic()
    try:
        row = check.run(attempt, earlier)
    except Exception as error:  # noqa: BLE001  # whatever it is, the person gets a row and not a broken page
        # The kind of error only: its text may hold what was sent.
        _log.error("check %s broke: %s", name, type(error).__name__)
        row = Row(
            name,
            "warned" if not check.fatal else "failed",
            "This check broke. That is a fault in this wizard, and says nothing about your key or your account.",
            type(error).__name__,
        )
    took = max(0, round((attempt.network.monotonic() - started) * 1000))
    return replace(row.without(attempt.token), milliseconds=took)


def next_check(earlier: tuple[Row, ...]) -> str | None:
    """The name of the check to run after ``earlier``; ``None`` when the test is finished or has to stop."""
    answered = {row.check: row for row in earlier}
    for check in CHECKS:
        row = answered.get(check.name)
        if row is None:
            return check.name
        if row.status == "failed" and check.fatal:
            return None
    return None


def not_run(earlier: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows for the checks that a finished test did not get to; empty while it goes on."""
    if next_check(earlier) is not None:
        return ()
    answered = {row.check for row in earlier}
    return tuple(
        Row(check.name, "skipped", "Not tried, because of the failure above.")
        for check in CHECKS
        if check.name not in answered
    )


def run_all(attempt: Attempt, first: Row) -> tuple[Row, ...]:
    """Run every check after ``first`` (the ``key`` check's row) and return all rows, those not tried included."""
    rows: tuple[Row, ...] = (first,)
    while (name := next_check(rows)) is not None:
        rows = (*rows, run_check(name, attempt, rows))
    return (*rows, *not_run(rows))


def verdict(rows: tuple[Row, ...]) -> Literal["passed", "failed"]:
    """``passed`` when Snowflake accepted the token and nothing failed. A warning, or a skipped row, does no harm."""
    by_name = {row.check: row for row in rows}
    accepted = "login" in by_name and by_name["login"].facts.get("authenticated") == "yes"
    return "passed" if accepted and all(row.status != "failed" for row in rows) else "failed"
