"""What a live test has come to: its rows to the last one, why it failed, and the evidence that it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.checks.causes import causes_of
from wizard.checks.row import Row
from wizard.checks.runner import CHECKS, next_check, not_run, verdict
from wizard.diagnosis import Background, Finding
from wizard.journey import Journey


@dataclass(frozen=True, slots=True)
class Outcome:
    """A live test, so far or at its end.

    ``state`` is ``running``, ``passed`` or ``failed``. ``journey`` is the one that was tested, with the evidence that
    this leaves. ``findings`` are the causes of the row that failed, likeliest first; ``remarked`` is the first cause of
    each row that only warned.
    """

    state: str
    rows: tuple[Row, ...]
    journey: Journey
    findings: tuple[Finding, ...] = ()
    remarked: tuple[Finding, ...] = ()

    @property
    def failed(self) -> Row | None:
        """The row that failed."""
        return next((row for row in self.rows if row.status == "failed"), None)

    @property
    def failed_check(self) -> str:
        """The name of the check that failed, or ``""``."""
        return self.failed.check if self.failed else ""

    @property
    def uuid(self) -> str:
        """The number that Snowflake gave in place of a reason, or ``""``."""
        return next((row.symptom.facts.get("uuid", "") for row in self.rows if row.symptom), "")


def conclude(journey: Journey, rows: tuple[Row, ...]) -> Outcome:
    """Return what ``rows`` of a test of this journey's login have come to."""
    if next_check(rows):
        return Outcome("running", rows, journey)
    state, before = verdict(rows), journey
    if rows[-1].status != "skipped":
        rows = (*rows, *not_run(rows))
    if state == "passed":
        facts = {name: value for row in rows for name, value in row.facts.items()}
        journey = journey.with_tested(facts)
        if "key_form" in facts:
            journey = journey.with_key_opened(facts["key_form"])
    elif journey.tested and rows[0].status == "passed":
        # The wrong key file, on the other hand, says nothing against a login that passed.
        journey = journey.with_failed_test()
    return Outcome(state, rows, journey, *causes_of(rows, background(before)))


def background(journey: Journey) -> Background:
    """Return what the diagnosis weighs a symptom against."""
    return Background(
        account=journey.account,
        user_name=journey.user_name,
        login_name=journey.login_name or journey.user_name,
        fingerprint=journey.key.fingerprint if journey.key else "",
        public_key=journey.key.base64 if journey.key else "",
        slot=0 if journey.pair_to_add else journey.slot,
        in_pair=journey.pair_to_add is not None,
        described=journey.description,
        registered=journey.is_registered,
        place=journey.place,
        verify_skipped=journey.check_was_skipped,
        passed=journey.test_has_passed,
    )


@dataclass(frozen=True, slots=True)
class Station:
    """A check as the scene shows it. ``status`` is that of its row, ``running`` or ``waiting``."""

    place: str
    status: str


def stations(rows: tuple[Row, ...], *, running: bool = False) -> tuple[Station, ...]:
    """Return every check with what its row says; where the test goes on, the first without a row is running."""
    told = {row.check: row.status for row in rows if row.status != "skipped"}
    due = next_check(rows) if running else None
    return tuple(
        Station(check.place, told.get(check.name, "running" if check.name == due else "waiting")) for check in CHECKS
    )


def stations_without_rows(failed: str = "") -> tuple[Station, ...]:
    """Return every check of a test whose rows are gone: passed, but for the one that ``failed`` and what follows it."""
    names = [check.name for check in CHECKS]
    end = names.index(failed) if failed else len(names)
    return tuple(
        Station(check.place, "passed" if position < end else "failed" if position == end else "waiting")
        for position, check in enumerate(CHECKS)
    )


def without_lookup(findings: tuple[Finding, ...], lookup: str) -> tuple[Finding, ...]:
    """Return the findings without the fix that is the statement ``lookup``: the page asks for its answer by itself."""
    if not lookup:
        return findings
    return tuple(
        replace(finding, fixes=tuple(fix for fix in finding.fixes if fix.sql != lookup)) for finding in findings
    )


def statement_places(findings: tuple[Finding, ...]) -> Mapping[str, str]:
    """Return the id of the place where the page shows each statement first, by the statement."""
    places: dict[str, str] = {}
    for finding in findings:
        for number, fix in enumerate(finding.fixes, start=1):
            if fix.sql:
                places.setdefault(fix.sql, f"fix-{finding.cause.id}-{number}")
    return places
