"""Run the checks, one at a time or all at once. Nothing here raises: a check that breaks gives a row too."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Literal

from wizard.checks import clock, context, dns, identity, key, login, probe, tls
from wizard.checks.attempt import Attempt
from wizard.checks.row import Row
from wizard.diagnosis.probes import PROBE_NAMED, PROBES, Probe

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
TITLES: Mapping[str, str] = MappingProxyType(
    {check.name: check.title for check in CHECKS} | {each.name: each.title for each in PROBES}
)
"""What each row is called, those of the probes too."""
_RUNS: Mapping[str, Run | None] = MappingProxyType(
    {check.name: check.run for check in CHECKS} | {each.name: partial(probe.check, each.name) for each in PROBES}
)
_NEVER_FATAL = frozenset(check.name for check in CHECKS if not check.fatal)


def run_check(name: str, attempt: Attempt, earlier: tuple[Row, ...]) -> Row:
    """Run the check of that name; ``earlier`` are the rows of those before it. Never raises but ``KeyError``."""
    run = _RUNS[name]
    if run is None:
        return Row(name, "skipped", "This check needs the private key.")
    started = attempt.network.monotonic()
    try:
        row = run(attempt, earlier)
        if row.status == "failed" and (due := probe.probes_after(row, attempt, earlier)):
            row = replace(row, facts={**row.facts, "probes": " ".join(due)})
    except Exception as error:  # noqa: BLE001  # whatever it is, the person gets a row and not a broken page
        # The kind of error only: its text may hold what was sent.
        _log.error("check %s broke: %s", name, type(error).__name__)
        row = Row(
            name,
            "warned" if name in _NEVER_FATAL else "failed",
            "This check broke. That is a fault in this wizard, and says nothing about your key or your account.",
            type(error).__name__,
        )
    took = max(0, round((attempt.network.monotonic() - started) * 1000))
    return replace(row.without(attempt.token), milliseconds=took)


def next_check(earlier: tuple[Row, ...]) -> str | None:
    """The name of the check to run after ``earlier``; ``None`` when the test is finished or has to stop.

    Behind a check that failed come the probes that its row asks for.
    """
    answered = {row.check: row for row in earlier}
    for check in CHECKS:
        row = answered.get(check.name)
        if row is None:
            return check.name
        if row.status == "failed" and check.fatal:
            return probe.next_probe(row, answered)
    return None


def to_come(earlier: tuple[Row, ...]) -> tuple[Check | Probe, ...]:
    """What may still run after ``earlier``, in its order: the other checks, or the probes behind one that failed."""
    due = next_check(earlier)
    if due in PROBE_NAMED:
        asked = {name for row in earlier for name in row.facts.get("probes", "").split()}
        answered = {row.check for row in earlier}
        return tuple(each for each in PROBES if each.name in asked - answered)
    names = [check.name for check in CHECKS]
    return CHECKS[names.index(due) :] if due else ()


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
