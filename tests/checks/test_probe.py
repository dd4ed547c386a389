"""Logins that are tried after one that failed: as few as help, each a row, none where asking again does harm."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from wizard.checks.attempt import Attempt
from wizard.checks.causes import causes_of
from wizard.checks.network import Limits
from wizard.checks.probe import PATIENCE, others
from wizard.checks.row import Row
from wizard.checks.runner import next_check, run_all, to_come, verdict
from wizard.diagnosis import Background
from wizard.diagnosis.probes import MOST, tried_by_probes
from wizard.practice.wire import Asked, Reply, json_reply
from wizard.secret import Secret
from wizard.snowflake.account import read_account
from wizard.snowflake.token import sign_token

KEY = Row("key", "passed", "ok", facts={"signed_by": "server"})
OTHER = "jane@example.com"
PRACTICE = replace(
    read_account("practice-snowflake", vouched=("practice-snowflake.localhost",)), locator="PX00000", region=""
)
REFUSED = ("390144", "JWT token is invalid. [0d9a1c52-7a50-4f0e-9c8e-6d0f3f6f2b11]")
LOCKED = ("390102", "User temporarily locked.")


def subject(asked: Asked) -> str:
    token = asked.headers["authorization"].split(" ")[1]
    return str(jwt.decode(token, options={"verify_signature": False})["sub"])


def answered(user: str = "JANE") -> Reply:
    return json_reply(200, {"code": "090001", "data": [[user, "ANALYST", "SNOWFLAKE", "PRACTICE", "", "", "", ""]]})


def told(code: str, message: str) -> Reply:
    return json_reply(401, {"code": code, "message": message})


@pytest.fixture
def run(make_attempt, rsa_2048: rsa.RSAPrivateKey, server) -> Callable[..., tuple[Row, ...]]:
    """Run a test in which each login is answered by its subject; what has none is refused."""

    def ran(answers: Mapping[str, Reply], change: Callable[[Attempt], Attempt] = lambda same: same) -> tuple[Row, ...]:
        def reply(asked: Asked) -> Reply:
            if asked.method == "HEAD":
                return Reply(404)
            return answers.get(subject(asked), told(*REFUSED))

        server.script.reply = reply
        usual = make_attempt(account=PRACTICE)
        usual.network.limits = Limits(read=15.0, exchange=30.0)  # nothing here is slow but the machine
        login = replace(usual.login, account=PRACTICE)
        now = int(time.time())
        signed = {name: sign_token(tried, rsa_2048, now) for name, tried in tried_by_probes(login, (OTHER,)).items()}
        attempt = replace(usual, login=login, others=others(login, (OTHER,), signed, usual.token))
        return run_all(change(attempt), KEY)

    return ran


def logins(server) -> list[str]:
    return [subject(asked) for asked in server.script.asked if asked.method == "POST"]


def test_a_login_that_works_is_asked_for_once(run, server) -> None:
    rows = run({"PRACTICE-SNOWFLAKE.JANE": answered()})
    assert verdict(rows) == "passed"
    assert set(logins(server)) == {"PRACTICE-SNOWFLAKE.JANE"}
    assert not [row for row in rows if row.check.startswith("probe-")]


def test_each_probe_is_a_row_behind_the_login_that_failed(run, server) -> None:
    rows = run({})
    assert [row.check for row in rows] == [
        "key", "dns", "tls", "clock", "login", "probe-name", "probe-account", "identity", "context",
    ]  # fmt: skip
    assert logins(server) == ["PRACTICE-SNOWFLAKE.JANE", "PRACTICE-SNOWFLAKE.JANE@EXAMPLE.COM", "PX00000.JANE"]
    assert [row.status for row in rows[4:7]] == ["failed"] * 3
    assert "jane@example.com" in rows[5].sentence and "PX00000" in rows[6].sentence


def test_what_was_accepted_ends_the_asking(run, server) -> None:
    rows = run({"PRACTICE-SNOWFLAKE.JANE@EXAMPLE.COM": answered()})
    assert next(row for row in rows if row.check == "probe-name").status == "passed"
    assert len(logins(server)) == 2
    assert verdict(rows) == "failed"
    assert next_check(rows) is None


def test_a_lock_that_the_first_answer_speaks_of_ends_the_asking(run, server) -> None:
    run({"PRACTICE-SNOWFLAKE.JANE": told(*LOCKED)})
    assert len(logins(server)) == 1


def test_a_lock_that_a_probe_meets_ends_the_asking_and_says_whose_name_that_is(run, server) -> None:
    rows = run({"PRACTICE-SNOWFLAKE.JANE@EXAMPLE.COM": told(*LOCKED)})
    assert len(logins(server)) == 2
    probe = next(row for row in rows if row.check == "probe-name")
    assert "locked" in probe.sentence
    causes = [finding.cause.id for finding in causes_of(rows, Background()).findings]
    assert causes[:2] == ["user-locked", "login-name-differs"]


def test_a_probe_that_is_not_answered_settles_nothing_and_is_the_last(run, server) -> None:
    rows = run({"PRACTICE-SNOWFLAKE.JANE@EXAMPLE.COM": Reply(200, b"<html>", {"Content-Type": "text/html"})})
    probe = next(row for row in rows if row.check == "probe-name")
    assert (probe.status, dict(probe.facts)) == ("skipped", {"ends": "yes"})
    assert len(logins(server)) == 2


def test_a_session_of_somebody_else_settles_nothing(run) -> None:
    rows = run({"PRACTICE-SNOWFLAKE.JANE@EXAMPLE.COM": answered("SVC_OTHER")})
    probe = next(row for row in rows if row.check == "probe-name")
    assert (probe.status, "SVC_OTHER" in probe.sentence) == ("warned", True)
    assert not any(name.startswith("accepted") for name in probe.facts)


def test_the_same_token_waits_until_it_is_not_too_new_any_more(run, server, clock) -> None:
    server.script.ahead = -12
    rows = run({}, lambda attempt: replace(attempt, others={"probe-again": attempt.others["probe-again"]}))
    by_name = {row.check: row for row in rows}
    seconds = float(by_name["clock"].facts["token_ahead"]) + 1
    assert clock.waited == [seconds]
    assert f"{seconds:.0f} seconds later" in by_name["probe-again"].sentence
    assert by_name["probe-again"].facts["refused-later"] == f"{seconds:.0f}"
    assert logins(server) == ["PRACTICE-SNOWFLAKE.JANE"] * 2


def test_nobody_waits_for_longer_than_that_and_then_the_answer_settles_nothing(run, server, clock) -> None:
    server.script.ahead = -29
    rows = run({}, lambda attempt: replace(attempt, others={"probe-again": attempt.others["probe-again"]}))
    again = next(row for row in rows if row.check == "probe-again")
    assert clock.waited == [PATIENCE]
    assert "refused-later" not in again.facts


def test_three_logins_more_are_the_most(run, server) -> None:
    server.script.ahead = -20
    run({})
    assert len(logins(server)) == 1 + MOST


@pytest.mark.parametrize("seconds", [61, 121, 3600])
def test_a_token_that_has_ended_is_not_sent_for_a_probe_either(
    run, server, rsa_2048: rsa.RSAPrivateKey, seconds: int
) -> None:
    def old(attempt: Attempt) -> Attempt:
        sends = {
            name: replace(other, token=sign_token(other.login, rsa_2048, int(time.time()) - seconds))
            for name, other in attempt.others.items()
        }
        return replace(attempt, others=sends)

    rows = run({}, old)
    assert len(logins(server)) == 1
    probe = next(row for row in rows if row.check == "probe-name")
    assert probe.status == "skipped"


def test_a_probe_sends_a_token_of_its_own_login_and_key_alone(
    run, server, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    for key, name in ((other_rsa_2048, OTHER), (rsa_2048, "mallory")):

        def foreign(attempt: Attempt, key=key, name=name) -> Attempt:
            token = sign_token(replace(attempt.login, name=name), key, int(time.time()))
            return replace(attempt, others={"probe-name": replace(attempt.others["probe-name"], token=token)})

        server.script.asked.clear()
        run({}, foreign)
        assert logins(server) == ["PRACTICE-SNOWFLAKE.JANE"]


def test_nothing_is_tried_after_a_key_that_failed(make_attempt) -> None:
    first = Row("key", "failed", "no")
    assert next_check((first,)) is None
    assert to_come((first,)) == ()


def test_what_may_still_come_are_the_probes_that_are_asked_for(run) -> None:
    rows = run({})
    at = [row.check for row in rows].index("login") + 1
    assert [each.name for each in to_come(rows[:at])] == ["probe-name", "probe-account"]
    assert [each.name for each in to_come(rows[: at + 1])] == ["probe-account"]
    assert [each.name for each in to_come(rows[:3])] == ["clock", "login", "identity", "context"]


def test_no_token_comes_out_of_a_probes_row(run, rsa_2048: rsa.RSAPrivateKey) -> None:
    sent: list[Secret] = []

    def keep(attempt: Attempt) -> Attempt:
        sent.extend(other.token for other in attempt.others.values())
        return attempt

    loud = told("390144", "JWT token is invalid. eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJ4In0.c2ln")
    rows = run({"PX00000.JANE": loud}, keep)
    assert sent
    for token in sent:
        assert token.reveal() not in repr(rows)
    assert "eyJhbGci" not in repr(rows)
