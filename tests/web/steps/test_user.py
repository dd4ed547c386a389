"""The user page: NAME for SQL, LOGIN_NAME for the token, and names that need quotes."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page
from tests.web.walking import arrive, carrying, practising, public_pem, told


def answer(page: Page, name: str, login_name: str = "") -> Page:
    return page.fill("username", name).fill("login_name", login_name).press("Continue")


def alter_statement(page: Page, key: rsa.RSAPrivateKey) -> str:
    """Return the SQL that the register page shows for the user just answered."""
    made = page.choose("source", "public").fill("public_key", public_pem(key)).press_in("#key-form", "Continue")
    return made.copied("alter-user-sql")


def test_the_page_shows_how_to_see_the_name(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "user", rsa_2048)
    assert page.copied("current-user-sql") == "SELECT CURRENT_USER();"
    assert "TYPE = SERVICE" in page.copied("service-user-sql")
    assert page.fact("account-host") == "myorg-my-acct.snowflakecomputing.com"
    assert page.link("Change Account") == "/steps/account"


@pytest.mark.parametrize(
    ("typed", "in_sql"),
    [
        ("jane", "JANE"),
        (" JANE ", "JANE"),
        ('"Jane"', '"Jane"'),
        ("jane@example.com", '"jane@example.com"'),
        ('x"; GRANT ROLE ACCOUNTADMIN TO USER Y; --', '"x""; GRANT ROLE ACCOUNTADMIN TO USER Y; --"'),
        ("svc-etl", '"svc-etl"'),
        ("jürgen", '"jürgen"'),
    ],
)
def test_the_name_stands_in_the_sql_as_snowflake_needs_it(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, typed: str, in_sql: str
) -> None:
    page = answer(arrive(app, "user", rsa_2048), typed)
    assert page.redirects == ("/steps/key",)
    assert alter_statement(page, rsa_2048).startswith(f"ALTER USER {in_sql} SET RSA_PUBLIC_KEY")


@pytest.mark.parametrize("typed", ["", "  ", "x" * 256, "ja\u200bne", "ja\u202ene", "ja\tne", "ja\x00ne"])
def test_a_name_that_cannot_be_is_kept_and_explained(app: Flask, rsa_2048: rsa.RSAPrivateKey, typed: str) -> None:
    page = answer(arrive(app, "user", rsa_2048), typed, "other@example.com")
    assert (page.status, page.step) == (422, "user")
    assert page.title.startswith("Error: Which user will log in?")
    assert page.error("username") and page.alert
    assert page.value("username") == typed
    assert page.value("login_name") == "other@example.com"


def test_a_login_name_that_cannot_be_is_explained_in_its_own_place_which_is_open(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = answer(arrive(app, "user", rsa_2048), "jane", "ja\u200bne@example.com")
    assert page.status == 422
    assert "U+200B" in page.error("login_name")
    assert not page.error("username")
    assert page.one("details:has([name=login_name])").has_attr("open")


def test_an_email_address_is_taken_and_explained(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = answer(arrive(app, "user", rsa_2048), "jane@example.com")
    assert page.path == "/steps/key", "noticed, not refused"
    assert "e-mail address" in page.text
    again = page.client.visit("/steps/user")
    assert "This looks like an e-mail address" in again.text
    assert again.value("username") == '"jane@example.com"'


@pytest.mark.parametrize(
    ("typed", "told"),
    [("jane@example.com", True), ('"jane@example.com"', True), ("jane", False), ("jane@", False), ("", False)],
)
def test_an_email_address_is_told_while_it_is_typed(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, typed: str, told: bool
) -> None:
    page = arrive(app, "user", rsa_2048)
    token = str(page.one("[name=csrf_token]")["value"])
    fields = [("csrf_token", token), ("username", typed)]
    reading = page.client.send("POST", "/steps/user/reading", fields, htmx=True)
    assert (reading.status, "looks like an e-mail address" in reading.text) == (200, told)
    assert typed == "" or typed not in reading.html


def test_who_sets_up_what_runs_by_itself_practises_as_the_service_user(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    for tool, user in {"dbt": "JANE", "metabase": "SVC_ETL"}.items():
        page = practising(practice_app, "user", rsa_2048, tool=tool).visit("/steps/user")
        assert f"Practising? Type {user}." in page.one("main").get_text()


def test_a_quoted_name_comes_back_quoted_so_that_it_reads_the_same(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = answer(arrive(app, "user", rsa_2048), '"Jane"')
    again = page.client.visit("/steps/user")
    assert again.value("username") == '"Jane"'
    assert '"Jane"' in alter_statement(again.press("Continue"), rsa_2048)


def test_a_login_name_goes_into_the_token_and_the_user_name_into_the_sql(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    journey = told("test", rsa_2048, login_name="jane@example.com")
    client = carrying(app, journey)
    assert "MYORG-MY_ACCT.JANE@EXAMPLE.COM" in client.visit("/steps/test").copied("token-command")
    assert client.visit("/steps/register").copied("alter-user-sql").startswith("ALTER USER JANE SET")


def test_a_login_name_that_does_not_differ_is_dropped(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = answer(arrive(app, "user", rsa_2048), "JANE", "jane")
    assert page.client.visit("/steps/user").value("login_name") == ""


def test_both_names_are_in_the_progress(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = answer(arrive(app, "user", rsa_2048), "JANE", "jane@example.com")
    assert "JANE, logs in as jane@example.com" in page.text_at(".progress")


def test_markup_in_a_name_stays_text(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = answer(arrive(app, "user", rsa_2048), "<script>alert(1)</script>")
    assert page.path == "/steps/key"
    assert "<script>alert(1)</script>" in page.text_at(".progress")
    assert "<script>alert" not in page.html
