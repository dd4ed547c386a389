"""The test page asks once more after a refusal: told before, a row each, and what came of it is the cause."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.conftest import MakeApp
from tests.web.page_client import Page, PageClient
from tests.web.steps.test_test import play, send_key, send_token, token_for, values
from tests.web.walking import arrive, carrying, practising, row_by_row, told
from wizard.app import create_app
from wizard.checks.network import Limits, Network
from wizard.practice.users import HOST
from wizard.settings import Settings

PATIENT = Limits(read=15.0, exchange=30.0)
"""Nothing here is slow but the machine."""
BY_LOCATOR = "jdbc:snowflake://practice-snowflake.localhost/?account=PX00000"
EMAIL = "jane@practice.example"


@pytest.fixture(scope="module")
def patient_app(make_app: MakeApp) -> Iterator[Flask]:
    app = make_app(WIZARD_PRACTICE="on")
    practice, skipped = app.extensions["practice"], [0.0]
    app.extensions["network"] = Network(
        practice=practice.endpoint_for,
        monotonic=lambda: time.monotonic() + sum(skipped),
        sleep=skipped.append,
        limits=PATIENT,
    )
    yield app
    practice.stop()


@pytest.fixture
def practice_app(patient_app: Flask) -> Iterator[Flask]:
    """A wizard with the practice Snowflake, which is waited for as long as a busy machine takes."""
    yield patient_app
    patient_app.extensions["practice"].forget()


def whose_name_differs(app: Flask, key: rsa.RSAPrivateKey, **answers: str) -> PageClient:
    """A person who was told both names, and has them the wrong way round for this account."""
    return practising(app, "test", key, login_name="jane@elsewhere.example", **answers)


def by_its_locator(app: Flask, key: rsa.RSAPrivateKey) -> PageClient:
    """A person whose JDBC address names the account by its locator too, which the practice account does not take."""
    practising(app, "test", key)
    return carrying(app, told("test", key, account=BY_LOCATOR, vouched=(HOST,)))


def test_it_is_told_before_what_may_be_asked_again(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = whose_name_differs(practice_app, rsa_2048).visit("/steps/test")
    fold = next(tag for tag in page.all("details") if "If Snowflake refuses the token" in tag.get_text())
    assert "open" not in fold.attrs
    said = " ".join(fold.get_text().split())
    assert "three times at most" in said and "with the login name JANE" in said and "lock" in said


def test_without_scripts_the_probes_run_in_the_same_request(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = send_key(whose_name_differs(practice_app, rsa_2048).visit("/steps/test"), rsa_2048)
    assert page.verdict == "failed"
    assert list(page.checks.items())[4:6] == [("login", "failed"), ("probe-name", "passed")]
    assert page.causes == ["login-name-differs"]
    assert "JANE" in page.text_at("[data-cause] .cause-because")


def test_row_by_row_they_come_one_by_one_and_end_alike(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = whose_name_differs(practice_app, rsa_2048)
    whole = send_key(client.visit("/steps/test"), rsa_2048)
    fragments = row_by_row(send_key(client.visit("/steps/test"), rsa_2048, htmx=True))
    assert (fragments[-1].checks, fragments[-1].causes) == (whole.checks, whole.causes)
    before = fragments[-2]
    assert before.checks["login"] == "failed"
    assert "Asking once more: The other login name" in before.text
    assert len(before.all(".checks .check-waiting, .checks .check-running")) == 1, (
        "the checks that can't run are not promised"
    )


def test_the_accounts_other_name_is_found_to_be_the_right_one(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = send_key(by_its_locator(practice_app, rsa_2048).visit("/steps/test"), rsa_2048)
    assert page.checks["probe-account"] == "passed"
    assert page.causes == ["account-form"]
    assert "PRACTICE-SNOWFLAKE" in page.text_at("[data-cause] .cause-because")


def browser_signed(client: PageClient, key: rsa.RSAPrivateKey, **more: str) -> Page:
    """What the page's script posts: a token for the login, and one for each subject that the page names."""
    page = client.visit("/steps/test")
    form = page.one("#browser-test-form")
    asked = json.loads(str(page.one("browser-test").get("data-probes", "{}")))
    fields = [(str(tag["name"]), str(tag["value"])) for tag in form.select("input[type=hidden]")]
    fields += [("token", token_for(key, str(page.one("browser-test")["data-subject"])))]
    fields += [("browser_clock", str(int(time.time())))]
    fields += list(({name: token_for(key, subject) for name, subject in asked.items()} | more).items())
    return row_by_row(client.send("POST", "/steps/test", fields, htmx=True))[-1]


def test_where_the_browser_signs_it_signs_for_the_probes_too(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = browser_signed(whose_name_differs(practice_app, rsa_2048, source="browser"), rsa_2048)
    assert page.checks["probe-name"] == "passed"
    assert page.causes == ["login-name-differs"]


@pytest.mark.parametrize("subject", ["PRACTICE-SNOWFLAKE.SVC_ETL", "OTHER-ACCT.JANE"])
def test_a_token_for_anybody_else_is_not_passed_on(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, subject: str
) -> None:
    client = whose_name_differs(practice_app, rsa_2048, source="browser")
    page = browser_signed(client, rsa_2048, **{"probe-name": token_for(rsa_2048, subject)})
    assert "probe-name" not in page.checks
    assert page.verdict == "failed"


def test_tokens_of_probes_can_not_be_changed_between_rows(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = whose_name_differs(practice_app, rsa_2048)
    sent = values(send_key(client.visit("/steps/test"), rsa_2048, htmx=True))
    assert sent["probe-name"]
    for change in ({"probe-name": "<b>made up</b>"}, {"probe-name": ""}, {"probe-account": sent["token"]}):
        answer = client.send("POST", "/steps/test/rows", list((sent | change).items()), htmx=True)
        assert (answer.status, "made up" in answer.html) == (409, False)


def test_who_has_one_name_alone_has_one_token_alone(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = practising(practice_app, "test", rsa_2048)
    sent = values(send_key(client.visit("/steps/test"), rsa_2048, htmx=True))
    assert [name for name, value in sent.items() if value.startswith("eyJ")] == ["token"]


def test_a_token_of_ones_own_tools_is_asked_again_and_no_other_is_made(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = whose_name_differs(practice_app, rsa_2048)
    page = send_token(client.visit("/steps/test"), token_for(rsa_2048, "PRACTICE-SNOWFLAKE.JANE@ELSEWHERE.EXAMPLE"))
    assert (page.verdict, page.checks["login"]) == ("failed", "failed")
    assert not [name for name in page.checks if name.startswith("probe-")]


@pytest.mark.parametrize("slug", ["locked", "disabled", "network-policy", "busy-forever"])
def test_after_an_answer_that_speaks_of_a_lock_nothing_more_is_asked(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, slug: str
) -> None:
    client = practising(practice_app, "test", rsa_2048, login_name=EMAIL)
    user = practice_app.extensions["practice"].user("JANE")
    practice_app.extensions["practice"].store(replace(user, login_name=EMAIL))
    play(practice_app, slug)
    page = send_key(client.visit("/steps/test"), rsa_2048)
    assert page.checks["login"] == "failed"
    assert not [name for name in page.checks if name.startswith("probe-")]


def test_a_clock_that_is_a_little_fast_is_found_by_asking_again(rsa_2048: rsa.RSAPrivateKey) -> None:
    waited: list[float] = []

    def now() -> float:
        return time.time() + sum(waited)

    app = create_app(
        Settings.from_environment(
            {"WIZARD_SECRET_KEY": "a secret key of the tests, long enough", "WIZARD_PRACTICE": "on"}
        ),
        now=now,
    )
    practice = app.extensions["practice"]
    app.extensions["network"] = Network(practice=practice.endpoint_for, now=now, sleep=waited.append, limits=PATIENT)
    try:
        client = practising(app, "test", rsa_2048)
        play(app, "clock-ahead")
        page = send_key(client.visit("/steps/test"), rsa_2048)
    finally:
        practice.stop()
    assert page.checks["probe-again"] == "passed"
    assert page.causes == ["clock-skew"]
    assert 2 <= sum(waited) <= 11


def test_a_walk_without_a_second_name_is_told_of_the_same_token_alone(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "test", rsa_2048, account="myorg-acct")
    assert "data-probes" not in page.html
    assert "with the same token" in page.text
