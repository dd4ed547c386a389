"""The test page: a private key or a token in, rows and a verdict out, and on failure a cause with its cure."""

from __future__ import annotations

import json
import time
from urllib.parse import unquote

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from tests.web.walking import (
    arrive,
    carrying,
    fingerprint,
    practising,
    private_pem,
    public_base64,
    row_by_row,
    told,
    worksheet,
)
from wizard.checks.runner import CHECKS as LIVE_TEST
from wizard.practice.scenarios import SCENARIOS, Scenario

CHECKS = [check.name for check in LIVE_TEST]
PASSPHRASE = "correct horse battery 7"
REFUSED = [row for row in SCENARIOS if row.cause and not (row.bare or row.probe)]
BARE = [row for row in SCENARIOS if row.bare]


def send_key(page: Page, key: rsa.RSAPrivateKey, passphrase: str = "", *, htmx: bool = False) -> Page:
    page.fill("passphrase", passphrase).attach("private_key", private_pem(key, passphrase))
    return page.press_in("#test-form", "Test with this file", htmx=htmx)


def send_token(page: Page, token: str) -> Page:
    page.client.watch(token)
    return page.fill("token", token).press("Test with this token", unchecked={"secrets"} if len(token) < 20 else ())


def token_for(key: rsa.RSAPrivateKey, subject: str = "PRACTICE-SNOWFLAKE.JANE", **claims: object) -> str:
    now = int(time.time())
    told = {"iss": f"{subject}.{fingerprint(key)}", "sub": subject, "iat": now, "exp": now + 60} | claims
    return jwt.encode(told, key, "RS256")


def play(app: Flask, slug: str) -> None:
    app.extensions["practice"].play(slug)


def run_while(app: Flask, slug: str, key: rsa.RSAPrivateKey, source: str = "public") -> Page:
    """Return what a person who practises is told by the test while the scenario ``slug`` plays."""
    client = practising(app, "test", key, source=source)
    play(app, slug)
    return send_key(client.visit("/steps/test"), key)


# --- passing ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_a_key_file_that_fits_passes_every_check_in_order(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, passphrase: str
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    page = send_key(client.visit("/steps/test"), rsa_2048, passphrase)
    assert (page.status, page.verdict) == (200, "passed")
    assert page.checks == dict.fromkeys(CHECKS, "passed")
    assert "JANE" in page.text_at("[data-verdict]")
    assert page.link("Put it to work") == "/steps/handover"
    assert client.visit("/steps/handover").step == "handover"


def test_the_rows_come_one_by_one_where_htmx_asks(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = practising(practice_app, "test", rsa_2048)
    first = send_key(client.visit("/steps/test"), rsa_2048, htmx=True)
    assert first.fragment
    assert first.checks == {"key": "passed"}
    fragments = row_by_row(first)
    assert [len(fragment.checks) for fragment in fragments] == list(range(1, len(CHECKS) + 1))
    assert all(fragment.fragment for fragment in fragments)
    assert fragments[-1].checks == dict.fromkeys(CHECKS, "passed")
    assert fragments[-1].verdict == "passed"
    assert client.visit("/steps/handover").step == "handover"


def test_a_token_of_ones_own_tools_will_do(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = practising(practice_app, "test", rsa_2048)
    page = send_token(client.visit("/steps/test"), token_for(rsa_2048))
    assert page.verdict == "passed"
    assert "by your own tools" in page.text_at("[data-check=key]")


def test_a_token_signed_in_the_page_is_posted_with_its_clock(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = practising(practice_app, "test", rsa_2048, source="browser")
    page = client.visit("/steps/test")
    csrf = str(page.one("#browser-test-form [name=csrf_token]")["value"])
    fields = [("csrf_token", csrf), ("token", token_for(rsa_2048)), ("browser_clock", str(int(time.time())))]
    first = client.send("POST", "/steps/test", fields, htmx=True)
    assert "in your browser" in first.text_at("[data-check=key]")
    assert row_by_row(first)[-1].verdict == "passed"


def test_the_command_for_a_token_names_the_login(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    command = arrive(app, "test", rsa_2048).copied("token-command")
    assert f"MYORG-MY_ACCT.JANE.{fingerprint(rsa_2048)}" in command
    assert "openssl" in command


def test_a_reload_after_a_passed_test_says_that_it_passed(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = practising(practice_app, "test", rsa_2048)
    send_key(client.visit("/steps/test"), rsa_2048)
    again = client.visit("/steps/test")
    assert "This login has passed the test" in again.text
    assert len(again.all(".scene-passed .check-passed")) == len(LIVE_TEST)
    assert again.link("Put it to work") == "/steps/handover"


def test_a_test_that_passed_is_titled_so_and_ticked_in_the_step_list(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    page = send_key(client.visit("/steps/test"), rsa_2048)
    assert page.heading == page.title == "It connects."
    assert "this page, it connects" in page.text_at('.progress [aria-current="step"]')
    assert "this page, it connects" in client.visit("/steps/test").text_at('.progress [aria-current="step"]')


def test_a_test_that_failed_is_titled_so_and_shown_in_the_step_list(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = run_while(practice_app, "disabled", rsa_2048)
    assert page.heading == page.title == "It does not connect yet"
    assert "this page, it failed" in page.text_at('.progress [aria-current="step"]')


def test_a_failed_test_asks_first_whether_user_and_account_were_meant(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = run_while(practice_app, "wrong-key", rsa_2048)
    asked = page.all(".causes > *")[0]
    assert "Did you mean JANE in PRACTICE-SNOWFLAKE?" in " ".join(asked.get_text().split())
    assert [link["href"] for link in asked.select("a")] == ["/steps/user", "/steps/account"]


def test_only_the_first_cause_stands_open_and_no_statement_is_printed_twice(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = run_while(practice_app, "wrong-key", rsa_2048)
    assert len(page.causes) == 5
    assert [tag["data-cause"] for tag in page.all("details[data-cause]")] == page.causes[1:]
    assert all(tag.select(".fix-who") for tag in page.all("details[data-cause] > summary")), "who mends it"
    printed = [tag.get_text() for tag in page.all('[data-copy^="fix-"], [data-copy="login-failure-sql"]')]
    assert len(printed) == len(set(printed)) > 2
    places = {tag["id"] for tag in page.all(".fix-statement")}
    assert {str(link["href"]).removeprefix("#") for link in page.all(".fix-above a")} <= places


@pytest.mark.parametrize("slug", ["fine", "disabled"])
def test_the_last_row_brings_the_whole_page(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, slug: str) -> None:
    client = practising(practice_app, "test", rsa_2048)
    play(practice_app, slug)
    *running, last = row_by_row(send_key(client.visit("/steps/test"), rsa_2048, htmx=True))
    assert not any("HX-Retarget" in fragment.headers for fragment in running[1:])
    assert last.headers["HX-Retarget"] == "#page"
    assert last.all("#page .progress") and last.heading != "Does it really connect?"


def test_testing_again_draws_the_rows_alone_and_leaves_the_causes(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    failed = run_while(practice_app, "wrong-key", rsa_2048, source="browser")
    client = failed.client
    form = failed.one("#browser-test-form")
    assert form["data-hx-target"] == "#test-run"
    fields = [(str(tag["name"]), str(tag["value"])) for tag in form.select("input[type=hidden]")]
    fields += [("token", token_for(rsa_2048)), ("browser_clock", str(int(time.time())))]
    again = client.send("POST", "/steps/test", fields, htmx=True)
    assert again.all("#test-run[aria-busy]")
    assert not again.all("#page, h1, [data-cause], [data-verdict]")
    *running, last = row_by_row(again)
    assert all(fragment.all("#test-run details .checks") for fragment in running), "folded, so that nothing grows"
    assert last.heading == "It does not connect yet"
    assert last.causes == failed.causes


@pytest.mark.parametrize(
    ("slug", "holds"),
    [("wrong-key", "SYSTEM$GET_LOGIN_FAILURE_DETAILS("), ("disabled", "ALTER USER JANE SET DISABLED")],
)
def test_a_failed_test_makes_a_message_for_the_administrator(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, slug: str, holds: str
) -> None:
    page = run_while(practice_app, slug, rsa_2048)
    message = page.copied("administrator-message")
    assert holds in message and "JANE" in message
    assert page.text_at("[data-cause] .cause-title") in message
    assert unquote(page.link("Open in e-mail").partition("&body=")[2]).splitlines() == message.splitlines()


def test_what_no_administrator_can_mend_makes_no_message(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = run_while(practice_app, "connection-refused", rsa_2048)
    assert page.verdict == "failed"
    assert not page.all('[data-copy="administrator-message"]')


def test_a_warning_of_a_test_that_passed_is_no_cause_of_a_failure(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = run_while(practice_app, "no-warehouse", rsa_2048)
    assert page.verdict == "passed"
    assert "It works, but fix this" in page.text_at("[data-cause]")
    assert "This is the cause" not in page.text and "Most likely" not in page.text


def test_the_result_may_be_asked_for_twice(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = practising(practice_app, "test", rsa_2048)
    page = client.visit("/steps/test")
    assert [send_key(page, rsa_2048).verdict, send_key(page, rsa_2048).verdict] == ["passed", "passed"]


# --- what can't be used -----------------------------------------------------------------------------------------------
def test_nothing_chosen_is_said(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "test", rsa_2048).press_in("#test-form", "Test with this file")
    assert (page.status, page.step) == (422, "test")
    assert page.title.startswith("Error: ")
    assert page.error("private_key")


def test_a_wrong_passphrase_is_said_at_the_passphrase_and_nothing_leaves(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = arrive(app, "test", rsa_2048).fill("passphrase", "not this one")
    page.attach("private_key", private_pem(rsa_2048, PASSPHRASE))
    answer = page.press_in("#test-form", "Test with this file")
    assert answer.status == 422
    assert answer.error("passphrase")
    assert answer.checks["key"] == "failed"
    assert set(list(answer.checks.values())[1:]) == {"skipped"}
    assert answer.causes[0] == "passphrase-wrong"


def test_a_key_that_was_pasted_is_not_shown_again(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "test", rsa_2048).fill("passphrase", "not this one")
    page.fill("private_key_text", private_pem(rsa_2048, PASSPHRASE).decode())
    answer = page.press_in("#test-form", "Test with this file")
    assert answer.status == 422
    assert answer.value("private_key_text").strip() == ""


def test_a_good_key_of_another_pair_is_a_finding_and_no_wrong_input(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = send_key(arrive(app, "test", rsa_2048), other_rsa_2048)
    assert (page.status, page.verdict) == (200, "failed")
    assert page.checks["key"] == "failed"
    assert page.causes[0] == "key-mismatch"
    assert fingerprint(other_rsa_2048) in page.text and fingerprint(rsa_2048) in page.text


@pytest.mark.parametrize(
    "make",
    [
        lambda key, other: "not a token",
        lambda key, other: "a.b.c",
        lambda key, other: token_for(other, "MYORG-MY_ACCT.JANE"),
        lambda key, other: token_for(key, "MYORG-MY_ACCT.JOHN"),
        lambda key, other: token_for(key, "OTHER-ACCT.JANE"),
        lambda key, other: token_for(key, "MYORG-MY_ACCT.JANE", exp=int(time.time()) + 3600),
        lambda key, other: token_for(key, "MYORG-MY_ACCT.JANE", iat=1, exp=61),
        lambda key, other: jwt.encode({"sub": "MYORG-MY_ACCT.JANE"}, "x" * 40, "HS256"),
        lambda key, other: "x" * 40_000,
    ],
    ids=["no token", "dots", "other key", "other user", "other account", "an hour", "expired", "HS256", "40 kB"],
)
def test_a_token_that_is_not_this_logins_goes_nowhere(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey, make
) -> None:
    page = send_token(arrive(app, "test", rsa_2048), make(rsa_2048, other_rsa_2048))
    assert page.verdict == "failed"
    assert page.checks["key"] == "failed"
    assert page.checks["dns"] == "skipped", "no request has left"
    assert page.value("token").strip() == ""


def test_on_plain_http_no_key_may_pass_and_a_token_is_the_way(make_app, rsa_2048: rsa.RSAPrivateKey) -> None:
    plain = make_app(WIZARD_PUBLIC_URL="http://wizard.example")
    client = carrying(plain, told("test", rsa_2048), base_url="http://wizard.example")
    page = client.visit("/steps/test")
    assert not page.all("#test-form")
    assert "This address is not encrypted" in page.text
    csrf = str(page.one("#token-form [name=csrf_token]")["value"])
    fields = [("csrf_token", csrf), ("private_key_text", private_pem(rsa_2048).decode())]
    answer = client.send("POST", "/steps/test", fields)
    assert answer.status == 422
    assert "plain http" in answer.error("token")


# --- failing, each in its own way -------------------------------------------------------------------------------------
@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.slug)
def test_each_scenario_ends_in_its_named_cause(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, row: Scenario) -> None:
    page = run_while(practice_app, row.slug, rsa_2048)
    client = page.client
    assert page.verdict == row.verdict
    assert page.causes[0] == row.cause
    assert page.checks[row.check] == ("failed" if row.verdict == "failed" else "warned")
    first = page.all("[data-cause]")[0]
    assert first.select(".fix-who") and first.select(".fix-what"), "says what to do and who does it"
    still_open = client.visit("/steps/handover").path
    assert still_open == ("/steps/handover" if row.verdict == "passed" else "/steps/test")


@pytest.mark.parametrize("slug", ["disabled", "html-answer", "no-warehouse", "clock-slow", "busy-at-first"])
def test_the_same_rows_come_one_by_one(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, slug: str) -> None:
    whole = run_while(practice_app, slug, rsa_2048)
    client = whole.client
    last = row_by_row(send_key(client.visit("/steps/test"), rsa_2048, htmx=True))[-1]
    assert (last.verdict, last.checks, last.causes) == (whole.verdict, whole.checks, whole.causes)


@pytest.mark.parametrize("row", BARE, ids=lambda row: row.slug)
def test_a_bare_refusal_is_resolved_with_the_administrators_help(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, row: Scenario
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    play(practice_app, row.slug)
    # DESC USER need not show named key pairs: what became of one stands in their own list.
    of_a_pair = row.cause.startswith("key-pair-")
    described = worksheet(client, "SHOW USER KEY PAIRS FOR USER JANE;" if of_a_pair else "DESC USER JANE;")
    if described.all('[data-copy="result-1"]'):  # a user that does not exist has no description
        verify = client.visit("/steps/verify").fill("desc_user", described.copied("result-1")).press("Compare")
        if client.visit("/steps/test").path != "/steps/test":
            verify = client.visit("/steps/verify").press("Skip this check")
        assert verify.status in (200, 422)
    page = send_key(client.visit("/steps/test"), rsa_2048)
    assert (page.verdict, page.checks["login"]) == ("failed", "failed")
    assert page.causes, "there is always a likely cause"
    if row.slug not in {"signature-broken", "token-expired", "account-mismatch"}:
        assert row.cause in page.causes
    answer = worksheet(client, page.copied("login-failure-sql"))
    exact = page.fill("failure_details", answer.copied("result-1")).press("Read it")
    assert exact.causes[0] == row.cause
    assert exact.step == "test"
    assert exact.all(".scene-station.check-failed"), "the picture still shows where it stopped"
    assert "it failed" in exact.text_at(".progress [aria-current]")


def test_failure_details_may_be_pasted_as_the_bare_json(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = run_while(practice_app, "signature-broken", rsa_2048)
    client = page.client
    grid = worksheet(client, page.copied("login-failure-sql")).copied("result-1")
    cell = grid.split("\n", 1)[1].strip('"').replace('""', '"')
    assert json.loads(cell)
    assert page.fill("failure_details", cell).press("Read it").causes[0] == "signature-broken"


@pytest.mark.parametrize("typed", ["", "hello", "{}", "[" * 5000, '{"errorCode": 1}', "\x00"])
def test_failure_details_that_cannot_be_read_are_kept_and_explained(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, typed: str
) -> None:
    page = run_while(practice_app, "wrong-key", rsa_2048)
    answer = page.fill("failure_details", typed).press("Read it")
    assert (answer.status, answer.step) == (422, "test")
    assert answer.error("failure_details")
    assert answer.value("failure_details") == typed
    assert answer.copied("login-failure-sql") == page.copied("login-failure-sql"), "the number is kept as well"


def test_a_number_that_was_made_up_is_not_put_into_sql(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "test", rsa_2048)
    csrf = str(page.all("[name=csrf_token]")[0]["value"])
    fields = [("csrf_token", csrf), ("uuid", "x'); DROP USER JANE; --"), ("failure_details", "hello")]
    answer = page.client.send("POST", "/steps/test/details", fields)
    assert answer.status == 422
    assert "DROP USER" not in answer.html
    assert answer.error("failure_details"), "without a number its box is there all the same"


def test_a_record_is_read_without_its_number_too(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "test", rsa_2048)
    csrf = str(page.all("[name=csrf_token]")[0]["value"])
    fields = [("csrf_token", csrf), ("failure_details", '{"errorCode": "JWT_TOKEN_INVALID_SIGNATURE"}')]
    answer = page.client.send("POST", "/steps/test/details", fields)
    assert answer.status == 200
    assert answer.causes[0] == "signature-broken"
    assert answer.all("#test-form"), "and the test may be run again"


def test_what_a_request_brings_back_comes_no_further_unless_it_is_ours(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    sent = values(send_key(client.visit("/steps/test"), rsa_2048, htmx=True))
    forged = sent | {"browser_clock": "<b>now</b>", "measured": "<i>made up</i>"}
    answer = client.send("POST", "/steps/test/rows", list(forged.items()), htmx=True)
    assert (values(answer)["browser_clock"], values(answer)["measured"]) == ("", "")
    assert "made up" not in answer.html


# --- rows that can't go on --------------------------------------------------------------------------------------------
def values(page: Page) -> dict[str, str]:
    found: dict[str, str] = json.loads(str(page.one("[data-hx-post]")["data-hx-vals"]))
    return found


def test_a_row_that_was_tampered_with_or_of_another_token_is_not_run(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    worksheet(client, f"ALTER USER JANE SET RSA_PUBLIC_KEY_2='{public_base64(other_rsa_2048)}';")
    of_her_other_key = {"token": token_for(other_rsa_2048)}  # it logs her in, and proves nothing of this one
    sent = values(send_key(client.visit("/steps/test"), rsa_2048, htmx=True))
    for change in ({"carried": sent["carried"][:-3] + "AAA"}, {"carried": ""}, {"token": ""}, of_her_other_key):
        answer = client.send("POST", "/steps/test/rows", list((sent | change).items()), htmx=True)
        assert answer.status == 409
        assert "The test was interrupted" in answer.text
        assert answer.link("Back to the test") == "/steps/test"
    assert client.visit("/steps/handover").path == "/steps/test"


def test_answers_changed_in_another_tab_stop_the_test(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = practising(practice_app, "test", rsa_2048)
    sent = values(send_key(client.visit("/steps/test"), rsa_2048, htmx=True))
    client.visit("/steps/user").fill("username", "SVC_ETL").press("Continue")
    answer = client.send("POST", "/steps/test/rows", list(sent.items()), htmx=True)
    assert (answer.status, answer.verdict) == (409, "")
    assert "another tab" in answer.text


def test_rows_of_another_login_name_prove_nothing_for_this_one(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    fragments = row_by_row(send_key(client.visit("/steps/test"), rsa_2048, htmx=True))
    before_the_last_row = values(fragments[-2])
    client.visit("/steps/user").fill("login_name", "nobody@example.com").press("Continue")
    assert client.visit("/steps/test").step == "test", "the step is as open as it was"
    answer = client.send("POST", "/steps/test/rows", list(before_the_last_row.items()), htmx=True)
    assert (answer.status, answer.verdict) == (409, "")
    assert client.visit("/steps/handover").path == "/steps/test"


def test_a_login_that_passed_once_and_fails_now_is_proved_no_more(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    assert send_key(client.visit("/steps/test"), rsa_2048).verdict == "passed"
    assert client.visit("/steps/handover").step == "handover"
    play(practice_app, "disabled")
    assert send_key(client.visit("/steps/test"), rsa_2048).verdict == "failed"
    assert client.visit("/steps/handover").path == "/steps/test"
    assert "This login has passed the test" not in client.visit("/steps/test").text


def test_a_failed_test_row_by_row_takes_the_proof_away_as_well(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    send_key(client.visit("/steps/test"), rsa_2048)
    play(practice_app, "disabled")
    last = row_by_row(send_key(client.visit("/steps/test"), rsa_2048, htmx=True))[-1]
    assert last.verdict == "failed"
    assert client.visit("/steps/handover").path == "/steps/test"


def test_the_wrong_key_file_says_nothing_against_a_login_that_passed(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    send_key(client.visit("/steps/test"), rsa_2048)
    assert send_key(client.visit("/steps/test"), other_rsa_2048).verdict == "failed"
    assert client.visit("/steps/handover").step == "handover", "no request left, so nothing new is known"


def test_what_the_other_side_says_reaches_the_page_as_text_only(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = run_while(practice_app, "html-answer", rsa_2048)
    assert "<h1>Sign in" not in page.html
    assert len(page.all("h1")) == 1


def test_somebody_who_has_not_come_so_far_is_led_to_the_step_to_do(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("register", rsa_2048))
    page = client.visit("/steps/register")
    csrf = str(page.all("[name=csrf_token]")[0]["value"])
    assert client.send("POST", "/steps/test", [("csrf_token", csrf)]).path == "/steps/register"
    assert client.send("POST", "/steps/test/rows", [("csrf_token", csrf)], htmx=True).status == 409
    assert PageClient(app).visit("/steps/test").path == "/steps/account"


def test_a_row_that_is_refused_ends_the_test_in_its_own_place(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("test", rsa_2048))
    client.visit("/steps/test")
    page = client.send("POST", "/steps/test/rows", [("token", "x")], htmx=True)  # without the CSRF token
    assert page.status == 400
    assert not page.all("main, h1")
    assert page.one("#test-run").select_one('[role="alert"]') is not None
