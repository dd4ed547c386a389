"""The register page: the exact statement, its role and slot, and who may run it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_checks import text_of
from tests.web.page_client import Page
from tests.web.walking import arrive, carrying, fingerprint, practising, public_base64, table, told
from wizard.snowflake.user import read_description

SLOT_2 = "ALTER USER JANE SET RSA_PUBLIC_KEY_2='"


def described(key: rsa.RSAPrivateKey, **rows: str):
    """Return a person at the register step who has already pasted ``DESC USER`` output with these rows."""
    journey = told("verify", key)
    assert journey.key is not None
    return journey.with_description(read_description(table(**rows)).kept(journey.key.fingerprint))


def choose(page: Page, role: str | None = None, slot: str = "") -> Page:
    if role is not None:
        page.fill("role", role)
    if slot:
        page.choose("slot", slot)
    return page.press("Show the statements for this")


def test_the_statement_is_exact_and_whole(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048)
    assert page.copied("alter-user-sql") == f"ALTER USER JANE SET RSA_PUBLIC_KEY='{public_base64(rsa_2048)}';"
    assert page.copied("role-sql") == "USE ROLE SECURITYADMIN;"
    lines = [page.copied(name) for name in ("role-sql", "alter-user-sql", "describe-line")]
    assert lines[-1] == "DESC USER JANE;"
    assert page.copied("register-sql") == "\n".join(lines)
    assert page.copied("fingerprint") == fingerprint(rsa_2048)


def test_what_the_statement_replaces_stands_above_it(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048)
    look = page.all("details.way[open] details")[0]
    assert text_of(look.select("summary")[0]) == "Does JANE have a key already? Look first"
    assert "A key in slot 1 is replaced and stops working. Run the last line first" in text_of(look)
    assert page.copied("register-sql").endswith("\nDESC USER JANE;")


def test_both_who_may_run_it_are_offered_at_once_and_the_statement_is_the_first_act(
    app: Flask, practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = arrive(app, "register", rsa_2048)
    ways = page.all("details.way")
    assert [text_of(way.select(".way-title")[0]) for way in ways] == ["An administrator", "I can run it"]
    assert [way.has_attr("open") for way in ways] == [False, True], "a folded head takes a line, an open one a screen"
    assert page.all(".copy-act [data-copy=register-sql]"), "copying comes before saying that it has run"
    assert "button-primary" not in page.one("#registered")["class"]
    practised = practising(practice_app, "register", rsa_2048).visit("/steps/register")
    assert text_of(practised.one("details.way[open] .button-primary")) == "Open it in the worksheet"


def test_a_statement_that_ran_for_other_answers_is_to_be_run_for_these_too(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = arrive(app, "register", rsa_2048)
    assert "Your answers have changed" not in page.text
    page.press("I’ve run it")
    page.client.visit("/steps/account").fill("account", "myorg-other").press("Continue")
    again = page.client.visit("/steps/register").text
    assert "Your answers have changed since a statement ran. This one is for JANE in MYORG-OTHER: run it too." in again


def test_the_page_says_who_may_run_it_and_what_snowflake_answers(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048)
    assert "MODIFY PROGRAMMATIC AUTHENTICATION METHODS ON USER JANE TO ROLE" in page.copied("grant-sql")
    for answer in (
        "Statement executed successfully.",
        "New public key rejected by current policy",
        "Insufficient privileges to operate on user",
        "does not exist or not authorized",
    ):
        assert answer in page.text


@pytest.mark.parametrize(
    ("typed", "line"),
    [("useradmin", "USE ROLE USERADMIN;"), ('"My role"', 'USE ROLE "My role";'), ("my role", 'USE ROLE "my role";')],
)
def test_the_role_is_the_one_that_was_chosen(app: Flask, rsa_2048: rsa.RSAPrivateKey, typed: str, line: str) -> None:
    page = choose(arrive(app, "register", rsa_2048), role=typed)
    assert (page.path, page.copied("role-sql")) == ("/steps/register", line)
    again = page.again()
    assert choose(again).copied("role-sql") == line, "sent again as it stands, it reads the same"


def test_without_a_role_the_line_is_left_out_and_stays_out(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = choose(arrive(app, "register", rsa_2048), role="")
    assert not page.all('[data-copy="role-sql"]')
    assert not page.again().all('[data-copy="role-sql"]')
    assert page.value("role") == ""


def test_a_role_that_cannot_be_is_kept_and_explained(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = choose(arrive(app, "register", rsa_2048), role="SECURITY\u202eADMIN", slot="2")
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert "U+202E" in page.error("role")
    assert (page.value("role"), page.value("slot")) == ("SECURITY\u202eADMIN", "2")
    assert all(fold.has_attr("open") for fold in page.all("details:has([name=role])"))
    assert page.copied("role-sql") == "USE ROLE SECURITYADMIN;"


def test_the_slot_may_be_chosen(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = choose(arrive(app, "register", rsa_2048), slot="2")
    assert page.copied("alter-user-sql").startswith("ALTER USER JANE SET RSA_PUBLIC_KEY_2='")


def test_slot_2_is_offered_when_slot_1_is_known_to_be_taken(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    journey = described(rsa_2048, RSA_PUBLIC_KEY_FP=fingerprint(other_rsa_2048))
    page = carrying(app, journey).visit("/steps/register")
    assert "Slot 1 holds another key, so this uses slot 2." in page.text
    assert page.copied("alter-user-sql").startswith("ALTER USER JANE SET RSA_PUBLIC_KEY_2='")


def test_when_both_are_taken_the_person_decides_which_one_goes(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    third = "SHA256:" + "A" * 43 + "="
    journey = described(rsa_2048, RSA_PUBLIC_KEY_FP=fingerprint(other_rsa_2048), RSA_PUBLIC_KEY_2_FP=third)
    page = carrying(app, journey).visit("/steps/register")
    assert "Both slots are taken" in page.text
    assert "replaces the one in slot 1" in page.text
    assert "replaces the one in slot 2" in choose(page, slot="2").text


def test_what_is_sent_as_it_was_filled_in_is_no_choice(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = choose(carrying(app, told("verify", rsa_2048)).visit("/steps/register"))
    taken = table(RSA_PUBLIC_KEY_FP=fingerprint(other_rsa_2048))
    page = page.client.visit("/steps/verify").fill("desc_user", taken).press("Compare")
    assert choose(page.client.visit("/steps/register")).copied("alter-user-sql").startswith(SLOT_2), "the free one"
    page.client.visit("/steps/verify").fill("desc_user", table()).press("Compare")
    assert "RSA_PUBLIC_KEY=" in page.client.visit("/steps/register").copied("alter-user-sql"), "both are free again"


def test_a_key_that_snowflake_already_holds_needs_no_statement(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    journey = described(rsa_2048, RSA_PUBLIC_KEY_2_FP=fingerprint(rsa_2048))
    page = carrying(app, journey).visit("/steps/register")
    assert "Snowflake already holds this key" in page.text
    assert "in slot 2" in page.text


def test_saying_that_it_has_run_leads_on(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048).press("I’ve run it")
    assert page.redirects == ("/steps/verify",)
    assert "The statement has run" in page.text_at(".progress")


def test_saying_nothing_is_answered_with_what_is_missing(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048)
    token = str(page.all("[name=csrf_token]")[0]["value"])
    answer = page.client.send("POST", "/steps/register", [("csrf_token", token)])
    assert (answer.status, answer.step) == (422, "register")
    assert "Nothing says yet that the statement has run." in answer.alert
    assert answer.error("registered")
    assert page.client.visit("/steps/verify").path == "/steps/register"


def test_choosing_shows_the_statements_even_when_the_step_is_done(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = choose(carrying(app, told("verify", rsa_2048)).visit("/steps/register"), role="USERADMIN")
    assert page.path == "/steps/register"
    assert page.copied("role-sql") == "USE ROLE USERADMIN;"


def test_an_answer_to_a_page_of_other_answers_is_not_taken(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048)
    page.client.visit("/steps/user").fill("username", "BOB").press("Continue")
    answer = page.press("I’ve run it")
    assert (answer.status, answer.path) == (422, "/steps/register")
    assert "changed in another tab: this is for BOB in MYORG-MY_ACCT now" in answer.error("registered")
    assert "ALTER USER BOB" in answer.copied("alter-user-sql")
    assert answer.press("I’ve run it").path == "/steps/verify"
