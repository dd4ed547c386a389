"""Which questions are worth a login more after one that failed, and what the answers settle."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.diagnosis.test_ranking import REFUSED, background, ids, seen
from wizard.diagnosis import Fact, Symptom, diagnose
from wizard.diagnosis.facts import NAMES
from wizard.diagnosis.live import TEST
from wizard.diagnosis.probes import MOST, PROBES, Failure, in_advance, speaks_of_a_lock, tried_by_probes, useful_probes
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.login import Login

EVERY = tuple(probe.name for probe in PROBES)
BOTH_NAMES = "jdbc:snowflake://myorg-my_acct.snowflakecomputing.com/?account=xy12345"


@pytest.fixture
def jane(rsa_2048: rsa.RSAPrivateKey) -> Login:
    return Login(read_account("myorg-my_acct"), "JANE", PublicKey.of_private(rsa_2048))


def at(login: Login, account: str) -> Login:
    return replace(login, account=read_account(account))


def refused(code: str = "390144", message: str = "JWT token is invalid.") -> Symptom:
    return Symptom("answer", code, 401, message)


# --- which are possible -----------------------------------------------------------------------------------------------
def test_the_other_login_name_is_tried_where_there_is_one(jane: Login) -> None:
    assert "probe-name" not in tried_by_probes(jane, ("", "jane"))
    tried = tried_by_probes(jane, ("", "JANE", "jane@example.com"))["probe-name"]
    assert tried.subject == "MYORG-MY_ACCT.JANE@EXAMPLE.COM"
    assert tried_by_probes(tried, ("jane@example.com", "JANE"))["probe-name"] == jane


def test_the_accounts_other_name_is_tried_where_both_are_known(jane: Login) -> None:
    assert "probe-account" not in tried_by_probes(jane, ())
    by_locator = at(jane, BOTH_NAMES)
    assert by_locator.account.claim == "XY12345"
    assert tried_by_probes(by_locator, ())["probe-account"].account.claim == "MYORG-MY_ACCT"
    assert "probe-account" not in tried_by_probes(at(jane, "xy12345.eu-central-1"), ())


def test_hyphens_are_tried_in_the_token_for_underscores(jane: Login) -> None:
    tried = tried_by_probes(jane, ())["probe-hyphen"]
    assert (tried.account.claim, tried.account.host) == ("MYORG-MY-ACCT", jane.account.host)
    assert "probe-hyphen" not in tried_by_probes(at(jane, "myorg-acct"), ())


def test_the_host_is_spelled_otherwise_only_within_snowflakes_own_domain(jane: Login) -> None:
    over = at(jane, "myorg-my_acct.privatelink.snowflakecomputing.com")
    tried = tried_by_probes(over, ())["probe-host"]
    assert tried.account.host == "myorg-my-acct.privatelink.snowflakecomputing.com"
    assert tried.subject == over.subject, "so the token is the same"
    assert "probe-host" not in tried_by_probes(jane, ())
    vouched = read_account("https://snow_flake.inside.example/", vouched=("snow_flake.inside.example",))
    assert "probe-host" not in tried_by_probes(replace(jane, account=vouched), ())


def test_what_may_be_asked_is_told_before(jane: Login) -> None:
    said = in_advance(tried_by_probes(jane, ("jane@example.com",)))
    assert said[0] == "with the login name jane@example.com"
    assert any("same token" in words for words in said)
    assert not any("{" in words for words in said)


# --- which are useful -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("failure", "names"),
    [
        (Failure(refused()), ("probe-name", "probe-account", "probe-hyphen")),
        (Failure(refused(), ahead=4), ("probe-name", "probe-account", "probe-again")),
        (Failure(refused(), ahead=None), ("probe-name", "probe-account", "probe-again")),
        (Failure(refused(), ahead=-20), ("probe-name", "probe-account", "probe-hyphen")),
        (Failure(refused("394300")), ("probe-name",)),
        (Failure(refused("394302"), ahead=9), ("probe-again",)),
        (Failure(refused("394302"), ahead=-50), ()),
        (Failure(refused("394304")), ()),
        (Failure(refused("394307")), ("probe-account", "probe-hyphen")),
        (Failure(Symptom("name-not-found")), ("probe-host",)),
        (Failure(Symptom("certificate-name")), ("probe-host",)),
        (Failure(Symptom("timeout")), ()),
        (Failure(Symptom("not-json", http_status=404)), ()),
        (Failure(Symptom("certificate-issuer")), ()),
    ],
)
def test_a_probe_is_made_where_the_failure_leaves_its_question_open(failure: Failure, names: tuple[str, ...]) -> None:
    assert useful_probes(failure, EVERY) == names
    assert len(names) <= MOST


@pytest.mark.parametrize(
    "symptom",
    [
        refused("390102", "User temporarily locked."),
        refused("390101", "User access disabled."),
        refused("390422", "Incoming request with IP/Token 192.0.2.1 is not allowed to access Snowflake."),
        refused("390505", "Too many requests."),
        refused("390202", "Authentication attempt rejected by the current authentication policy."),
        refused("", ""),
        refused("999999", "Something new."),
        refused("390144", "JWT token is invalid. The account is temporarily LOCKED."),
    ],
)
def test_nothing_is_asked_after_an_answer_that_speaks_of_a_lock_or_of_anything_but_the_token(symptom: Symptom) -> None:
    assert speaks_of_a_lock(symptom)
    assert useful_probes(Failure(symptom, ahead=None), EVERY) == ()


def test_nothing_is_asked_that_there_is_nothing_to_send_for() -> None:
    assert useful_probes(Failure(refused(), ahead=None), ()) == ()


# --- what they settle -------------------------------------------------------------------------------------------------
def concluded(name: str, value: str, symptom: Symptom = REFUSED, known=None) -> list[str]:
    return ids(diagnose(symptom, known or background(), (Fact(name, value, TEST),)))


@pytest.mark.parametrize(
    ("name", "value", "cause"),
    [
        ("accepted-login-name", "JANE@EXAMPLE.COM", "login-name-differs"),
        ("accepted-account", "XY12345", "account-form"),
        ("accepted-hyphens", "MYORG-MY-ACCT", "account-form"),
        ("accepted-later", "5", "clock-skew"),
    ],
)
def test_what_was_accepted_is_the_cause_and_the_only_one(name: str, value: str, cause: str) -> None:
    for known in (background(), seen(), background(passed=True)):
        findings = diagnose(REFUSED, known, (Fact(name, value, TEST),))
        assert ids(findings) == [cause]
        assert findings[0].certain
        assert value in findings[0].because


@pytest.mark.parametrize(("kind", "cause"), [("certificate-name", "account-underscore"), ("tls", "account-underscore"),
                                             ("name-not-found", "privatelink-name")])  # fmt: skip
def test_a_host_that_works_with_hyphens_says_what_was_wrong_with_the_other(kind: str, cause: str) -> None:
    host = "myorg-my-acct.privatelink.snowflakecomputing.com"
    assert concluded("accepted-host", host, Symptom(kind))[0] == cause


def test_another_name_of_the_account_that_was_refused_as_well_is_ruled_out() -> None:
    assert "account-form" in ids(diagnose(REFUSED, background()))
    assert "account-form" not in concluded("refused-account", "XY12345")


def test_another_login_name_that_was_refused_as_well_makes_the_rest_likelier() -> None:
    order = ids(diagnose(REFUSED, background()))
    assert order.index("login-name-differs") < order.index("user-unknown")
    after = concluded("refused-login-name", "JANE@EXAMPLE.COM")
    assert after.index("login-name-differs") > after.index("user-unknown")


def test_a_name_that_snowflake_knows_is_the_right_one_whatever_else_stands_in_the_way() -> None:
    facts = (Fact("recognised-login-name", "JANE@EXAMPLE.COM", TEST), Fact("code", "390101", TEST))
    assert ids(diagnose(REFUSED, background(), facts))[:2] == ["user-disabled", "login-name-differs"]


def test_a_token_from_the_future_makes_the_clock_a_cause() -> None:
    assert "clock-skew" not in ids(diagnose(REFUSED, background()))
    assert "clock-skew" in concluded("token-ahead", "6")
    assert "clock-skew" not in concluded("token-ahead", "1")


def test_every_probe_has_its_facts() -> None:
    for probe in PROBES:
        assert {f"accepted-{probe.tells}", f"refused-{probe.tells}"} <= set(NAMES)
