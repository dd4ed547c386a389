"""Scenario, check, cause: every way in which the practice Snowflake can fail, through the real checks, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from wizard.checks.causes import causes_of
from wizard.checks.network import Limits
from wizard.checks.row import Row
from wizard.checks.runner import CHECKS, run_all, verdict
from wizard.diagnosis import CATALOGUE, Background, diagnose, read_failure_details
from wizard.diagnosis.probes import MOST, PROBE_NAMED
from wizard.practice.scenarios import SCENARIOS, Scenario, scenario
from wizard.snowflake.user import Described, read_description

if TYPE_CHECKING:
    from wizard.checks.attempt import Attempt

KEY_OPENED = Row("key", "passed", "The private key opens.", facts={"signed_by": "server"})
RULED_OUT = {"signature-broken", "token-expired", "account-mismatch"}
"""The wizard checks these before it sends a token, so it does not guess at them: only Snowflake can say so."""

BARE = tuple(row for row in SCENARIOS if row.bare)
ANSWERED = tuple(row for row in SCENARIOS if row.stands_in is None)
PATIENT = Limits(read=15.0, exchange=30.0)
"""For scenarios in which nothing is slow but the machine."""


def background(attempt: Attempt, described: Described | None = None, *, in_pair: bool = False) -> Background:
    login = attempt.login
    return Background(
        account=login.account,
        user_name=attempt.user_name,
        login_name=login.name,
        fingerprint=login.key.fingerprint,
        public_key=login.key.base64,
        described=described,
        registered=True,
        in_pair=in_pair,
    )


def is_pair(walk) -> bool:
    """Whether JANE's key is a named key pair, as the walk of whoever registered it so knows."""
    user = walk.practice.user("JANE")
    return user is not None and bool(user.pairs)


def play(walk, slug: str) -> tuple[Attempt, tuple[Row, ...]]:
    walk.registers()
    walk.practice.play(slug)
    attempt = walk.attempt()
    return attempt, run_all(attempt, KEY_OPENED)


@pytest.mark.parametrize("row", SCENARIOS, ids=lambda row: row.slug)
def test_every_scenario_ends_as_it_says(walk, row: Scenario) -> None:
    attempt, rows = play(walk, row.slug)
    by_name = {shown.check: shown for shown in rows}

    assert verdict(rows) == row.verdict, rows
    if not row.cause:
        assert [shown.status for shown in rows] == ["passed"] * len(CHECKS), rows
        return
    telling = by_name[row.check]
    assert telling.status == ("failed" if row.verdict == "failed" else "warned"), telling
    assert telling.symptom is not None
    found = causes_of(rows, background(attempt, in_pair=is_pair(walk)))
    causes = [finding.cause.id for finding in found.findings or found.remarked]
    if row.bare or row.probe:
        # One code for every reason: nothing but 390144 may reach the client.
        assert telling.symptom.code == "390144"
        assert row.cause in causes or row.slug in RULED_OUT
    else:
        assert causes[0] == row.cause


@pytest.mark.parametrize("row", [row for row in SCENARIOS if row.probe], ids=lambda row: row.slug)
def test_a_probe_settles_what_one_refusal_leaves_open(walk, row: Scenario) -> None:
    walk.registers()
    walk.practice.play(row.slug)
    walk.network.limits = PATIENT
    attempt = walk.well_known_attempt()

    rows = run_all(attempt, KEY_OPENED)

    by_name = {shown.check: shown for shown in rows}
    assert by_name[row.check].status == "failed"
    assert by_name[row.probe].status == "passed", rows
    assert verdict(rows) == "failed", "what was asked for does not work"
    findings = causes_of(rows, background(attempt, in_pair=is_pair(walk))).findings
    assert (findings[0].cause.id, findings[0].certain) == (row.cause, True)
    assert len(findings) == 1, "the rest is ruled out"
    assert [shown.check for shown in rows if shown.status == "skipped"] == ["identity", "context"]


@pytest.mark.parametrize("row", [row for row in ANSWERED if row.cause and not row.probe], ids=lambda row: row.slug)
def test_what_no_probe_can_settle_stays_the_same_with_all_of_them(walk, row: Scenario) -> None:
    walk.registers()
    walk.practice.play(row.slug)
    walk.network.limits = PATIENT
    attempt = walk.well_known_attempt()

    rows = run_all(attempt, KEY_OPENED)

    probed = [shown for shown in rows if shown.check in PROBE_NAMED]
    assert len(probed) <= MOST
    assert not any(shown.status == "passed" for shown in probed)
    assert bool(probed) == row.bare, "a refusal that tells its reason, or a way that is closed, is asked nothing more"
    causes = [finding.cause.id for finding in causes_of(rows, background(attempt, in_pair=is_pair(walk))).findings]
    assert not row.bare or row.cause in causes or row.slug in RULED_OUT


@pytest.mark.parametrize("row", BARE, ids=lambda row: row.slug)
def test_an_administrator_finds_the_cause_of_a_bare_refusal(walk, row: Scenario) -> None:
    attempt, rows = play(walk, row.slug)
    telling = next(shown for shown in rows if shown.check == row.check)
    assert telling.symptom is not None
    failure = telling.symptom.facts["uuid"]

    outcome = walk.worksheet(f"SELECT SYSTEM$GET_LOGIN_FAILURE_DETAILS('{failure}');")
    pasted = outcome.results[0].rows[0][0]
    assert pasted
    details = read_failure_details(pasted)

    assert telling.symptom.facts["uuid"] == failure
    # The administrator has a look at the user as well, where there is one.
    shown = walk.worksheet("DESC USER JANE; SHOW USER KEY PAIRS FOR USER JANE;")
    both = "\n".join(grid.as_copied for grid in shown.results)
    described = None if shown.failed else read_description(both).kept(attempt.login.key.fingerprint)
    exact = diagnose(details.symptom, background(attempt, described=described))
    assert exact[0].cause.id == row.cause


def test_the_slugs_and_causes_are_all_known() -> None:
    assert len({row.slug for row in SCENARIOS}) == len(SCENARIOS)
    assert {row.cause for row in SCENARIOS if row.cause} <= set(CATALOGUE)
    assert all(row.title and row.explanation.endswith(".") for row in SCENARIOS)


def test_choosing_another_scenario_puts_everything_back(walk) -> None:
    walk.registers()
    walk.practice.play("wrong-key")
    walk.practice.play("fine")

    rows = run_all(walk.attempt(), KEY_OPENED)

    assert verdict(rows) == "passed"


def test_a_scenario_that_there_is_not_changes_nothing(walk) -> None:
    with pytest.raises(KeyError):
        walk.practice.play("no-such")
    assert walk.practice.scenario is scenario("fine")


def test_the_login_name_that_differs_works_once_it_is_in_the_token(walk) -> None:
    walk.registers()
    walk.practice.play("login-name-differs")

    rows = run_all(walk.attempt("jane@practice.example", user_name="JANE"), KEY_OPENED)

    assert verdict(rows) == "passed"
    assert next(shown for shown in rows if shown.check == "identity").status == "passed"
