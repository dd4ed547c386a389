"""What visitors make is bounded: they share one practice Snowflake, and none may fill it for the others."""

from __future__ import annotations

import pytest

from wizard.practice.outcome import Outcome
from wizard.practice.practice import Practice
from wizard.practice.sql import first_session
from wizard.practice.sql.evaluator import MAX_SHOWN
from wizard.practice.sql.properties import MAX_TEXT_CHARACTERS
from wizard.practice.state import MAX_POLICIES, MAX_USERS
from wizard.practice.users import ADMINISTRATOR
from wizard.snowflake import sql


@pytest.fixture
def practice() -> Practice:
    """One whose doors stay closed: a worksheet needs none."""
    return Practice(now=lambda: 1_790_000_000.0)


def run(practice: Practice, statements: str) -> Outcome:
    return practice.run(statements, first_session(practice, ADMINISTRATOR))


def done(practice: Practice, statements: str) -> Outcome:
    outcome = run(practice, statements)
    assert not outcome.failed, outcome.results[-1].error
    return outcome


def refusal(practice: Practice, statements: str) -> str:
    error = run(practice, statements).results[-1].error
    assert error is not None
    return error.text


def policies(practice: Practice) -> list[str | None]:
    return [row[0] for row in done(practice, "SHOW NETWORK POLICIES").results[-1].rows]


def test_the_oldest_user_that_a_visitor_made_gives_way_to_the_next(practice: Practice) -> None:
    there = practice.user_names()
    for number in range(MAX_USERS + 3):
        done(practice, f"CREATE USER u{number}")
    names = practice.user_names()
    assert names[: len(there)] == there
    assert len(names) == MAX_USERS
    assert names[-1] == f"U{MAX_USERS + 2}"
    assert "U0" not in names


def test_a_user_that_gave_way_does_not_come_back_when_a_scenario_ends(practice: Practice) -> None:
    done(practice, "CREATE USER oldest")
    practice.play("unknown-user")
    for number in range(MAX_USERS):
        done(practice, f"CREATE USER u{number}")
    practice.play("fine")
    assert "OLDEST" not in practice.user_names()
    assert len(practice.user_names()) <= MAX_USERS


def test_the_oldest_policy_that_a_visitor_made_gives_way_to_the_next(practice: Practice) -> None:
    for number in range(MAX_POLICIES + 3):
        done(practice, f"CREATE NETWORK POLICY p{number}")
    assert policies(practice) == [f"P{number}" for number in range(3, MAX_POLICIES + 3)]


def test_the_policy_that_a_scenario_plays_with_gives_way_to_none(practice: Practice) -> None:
    practice.play("network-policy")
    [played] = policies(practice)
    for number in range(MAX_POLICIES + 3):
        done(practice, f"CREATE NETWORK POLICY p{number}")
    assert played in policies(practice)
    assert len(policies(practice)) == MAX_POLICIES


def test_a_policy_that_users_have_gives_way_after_those_that_nobody_has(practice: Practice) -> None:
    done(practice, "CREATE NETWORK POLICY used; ALTER USER jane SET NETWORK_POLICY = used")
    for number in range(MAX_POLICIES + 3):
        done(practice, f"CREATE NETWORK POLICY p{number}")
    assert "USED" in policies(practice)


def test_the_latest_grants_count_however_many_were_given_before(practice: Practice) -> None:
    for number in range(MAX_USERS):
        done(practice, f"CREATE USER u{number}")
        done(practice, f"GRANT MODIFY PROGRAMMATIC AUTHENTICATION METHODS ON USER u{number} TO ROLE loader")
    done(practice, sql.grant_role("JANE", "LOADER"))
    last = f"U{MAX_USERS - 1}"
    session = first_session(practice, "JANE")
    outcome = practice.run(f"USE ROLE loader; ALTER USER {last} UNSET RSA_PUBLIC_KEY", session)
    assert not outcome.failed, outcome.results[-1].error


@pytest.mark.parametrize("kind", ["NETWORK", "AUTHENTICATION"])
def test_a_comment_on_a_policy_is_no_longer_than_one_on_a_user(practice: Practice, kind: str) -> None:
    done(practice, f"CREATE {kind} POLICY fits COMMENT = '{'x' * MAX_TEXT_CHARACTERS}'")
    longer = "x" * (MAX_TEXT_CHARACTERS + 1)
    assert "for parameter 'COMMENT'" in refusal(practice, f"CREATE {kind} POLICY p COMMENT = '{longer}'")
    assert "for parameter 'COMMENT'" in refusal(practice, f"ALTER {kind} POLICY fits SET COMMENT = '{longer}'")


def test_a_worksheet_that_has_shown_enough_runs_nothing_more_and_says_so(practice: Practice) -> None:
    for number in range(MAX_POLICIES):
        done(practice, f"CREATE NETWORK POLICY p{number} COMMENT = '{'<' * MAX_TEXT_CHARACTERS}'")
    outcome = run(practice, "SHOW NETWORK POLICIES;" * 40 + "CREATE USER late")
    assert sum(len(result.as_copied) for result in outcome.results) < 2 * MAX_SHOWN
    assert outcome.results[-1].statement == "SHOW NETWORK POLICIES"
    assert "Run the rest by itself" in refusal(practice, "SHOW NETWORK POLICIES;" * 3)
    assert "LATE" not in practice.user_names()


def test_what_one_statement_shows_is_shown_whole(practice: Practice) -> None:
    for number in range(MAX_POLICIES):
        name = '"' + f"{number:03}" * 85 + '"'
        done(practice, f"CREATE NETWORK POLICY {name} COMMENT = '{'<' * MAX_TEXT_CHARACTERS}'")
    assert len(policies(practice)) == MAX_POLICIES
