"""What the rows of a live test have come to, and the evidence that they leave."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.web.walking import told
from wizard.checks.row import Row
from wizard.checks.runner import CHECKS
from wizard.diagnosis.symptom import Symptom
from wizard.web.steps.outcome import conclude, statement_places, stations, stations_without_rows, without_lookup

ACCEPTED = {"authenticated": "yes", "user": "JANE", "role": "ANALYST"}
REFUSED = Symptom("answer", "390144", facts={"uuid": "01234567-89ab-cdef-0123-456789abcdef"})


def rows(*, failed: str = "", until: str = "context") -> tuple[Row, ...]:
    """Return the rows up to a check; the one called ``failed`` is the last."""
    found: list[Row] = []
    for check in CHECKS:
        if check.name == failed:
            return (*found, Row(check.name, "failed", "It failed.", symptom=REFUSED))
        found.append(Row(check.name, "passed", "Fine.", facts=ACCEPTED if check.name == "login" else {}))
        if check.name == until:
            break
    return tuple(found)


def test_rows_that_go_on_are_running_and_leave_nothing(rsa_2048: rsa.RSAPrivateKey) -> None:
    journey = told("handover", rsa_2048)
    outcome = conclude(journey, rows(until="dns"))
    assert (outcome.state, outcome.rows, outcome.journey) == ("running", rows(until="dns"), journey)


def test_a_test_that_passes_leaves_the_login_as_proved(rsa_2048: rsa.RSAPrivateKey) -> None:
    outcome = conclude(told("test", rsa_2048), rows())
    assert outcome.state == "passed"
    assert outcome.journey.test_has_passed
    assert outcome.journey.session["role"] == "ANALYST"
    assert (outcome.failed_check, outcome.findings) == ("", ())


def test_a_test_that_fails_names_why_and_draws_what_it_did_not_reach(rsa_2048: rsa.RSAPrivateKey) -> None:
    outcome = conclude(told("test", rsa_2048), rows(failed="login"))
    assert (outcome.state, outcome.failed_check) == ("failed", "login")
    assert outcome.uuid == REFUSED.facts["uuid"]
    assert outcome.findings
    assert [row.status for row in outcome.rows][-2:] == ["skipped", "skipped"]
    assert len(outcome.rows) == len(CHECKS)


def test_a_login_that_passed_once_is_proved_no_more_when_it_fails(rsa_2048: rsa.RSAPrivateKey) -> None:
    proved = told("handover", rsa_2048)
    assert not conclude(proved, rows(failed="login")).journey.test_has_passed
    wrong_file = conclude(proved, rows(failed="key"))
    assert (wrong_file.state, wrong_file.journey) == ("failed", proved), "a wrong file says nothing against the login"


def test_the_scene_has_a_station_for_each_check_and_shows_where_the_test_is() -> None:
    assert [station.status for station in stations(())] == ["waiting"] * len(CHECKS)
    assert [station.place for station in stations(())] == [check.place for check in CHECKS]
    so_far = stations(rows(until="dns"), running=True)
    assert [station.status for station in so_far][:4] == ["passed", "passed", "running", "waiting"]
    failed = stations(rows(failed="login"), running=False)
    assert [station.status for station in failed][-3:] == ["failed", "waiting", "waiting"]
    assert stations_without_rows(failed="login") == failed
    assert {station.status for station in stations_without_rows()} == {"passed"}


def test_each_statement_has_one_place_and_the_lookup_its_own(rsa_2048: rsa.RSAPrivateKey) -> None:
    findings = conclude(told("test", rsa_2048), rows(failed="login")).findings
    lookup = next(fix.sql for fix in findings[0].fixes if "LOGIN_FAILURE" in fix.sql)
    left = without_lookup(findings, lookup)
    assert lookup not in statement_places(left)
    assert len(left) == len(findings)
    shown = [fix.sql for finding in left for fix in finding.fixes if fix.sql]
    assert set(shown) == set(statement_places(left))
    assert len(shown) > len(set(shown)), "some are wanted twice"
    assert without_lookup(findings, "") == findings
