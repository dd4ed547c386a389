"""A service user from nothing: every statement that the page prints runs in the practice Snowflake."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.in_sight import words_in_sight
from tests.web.page_client import Page, PageClient
from tests.web.walking import carrying, fingerprint, public_base64, told
from wizard.practice.sql import first_session
from wizard.practice.users import HOST
from wizard.snowflake import sql
from wizard.snowflake.user import Described, NewKeyPair, read_description

SAID = {
    "default_role": "LOADER",
    "default_warehouse": "LOAD_WH",
    "purpose": "Loads the warehouse at night, it's important",
    "owner": "data@example.com",
    "allowed_address": "203.0.113.7",
}


def asked(page: Page, **said: str) -> Page:
    for name, value in said.items():
        page.fill(name, value)
    return page.press("Write the statements")


def test_without_a_walk_the_statement_is_written_for_the_name_that_was_typed(client: PageClient) -> None:
    page = client.visit("/service-user")
    assert page.heading == "Create a service user"
    assert len(words_in_sight(page)) <= 120
    written = asked(page, username="svc_new")
    assert written.copied("create-user-sql") == "CREATE USER SVC_NEW TYPE = SERVICE;\nDESC USER SVC_NEW;"
    assert "The key follows once it is made." in written.text
    assert not written.all("[data-copy=network-policy-sql]"), "no policy is guessed"


def test_everything_that_was_said_stands_in_the_statement_and_comes_back(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = carrying(app, told("register", rsa_2048, user="SVC_NEW", tool="airflow"))
    written = asked(client.visit("/service-user"), **SAID)
    assert written.copied("create-user-sql").splitlines() == [
        (
            "CREATE USER SVC_NEW TYPE = SERVICE DEFAULT_ROLE = LOADER DEFAULT_WAREHOUSE = LOAD_WH "
            f"RSA_PUBLIC_KEY = '{public_base64(rsa_2048)}' "
            "COMMENT = 'Loads the warehouse at night, it''s important; owner: data@example.com';"
        ),
        "GRANT ROLE LOADER TO USER SVC_NEW;",
        "DESC USER SVC_NEW;",
    ]
    assert {name: written.value(name) for name in SAID} == SAID
    assert written.press("It has run").step == "verify"


def test_a_key_that_creates_its_user_stands_in_the_first_slot_whatever_was_planned(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    planned = replace(told("register", rsa_2048), chosen_slot=2, new_pair=NewKeyPair("laptop"))
    page = asked(carrying(app, planned).visit("/service-user")).press("It has run")
    assert (page.step, page.copied("desc-user-sql")) == ("verify", "DESC USER JANE;")
    assert (
        page.client.visit("/steps/register").copied("alter-user-sql").startswith("ALTER USER JANE SET RSA_PUBLIC_KEY=")
    )


@pytest.mark.parametrize("user", ["SVC_NEW", 'svc "new"'])
@pytest.mark.parametrize("said", [SAID, {}], ids=["everything", "nothing"])
def test_every_statement_runs_in_the_practice_snowflake(
    make_app, rsa_2048: rsa.RSAPrivateKey, said: dict[str, str], user: str
) -> None:
    app = make_app(WIZARD_PRACTICE="on")
    practice = app.extensions["practice"]
    try:
        client = carrying(app, told("register", rsa_2048, account="practice-snowflake", vouched=(HOST,), user=user))
        written = asked(client.visit("/service-user"), **said)
        names = [str(tag["data-copy"]) for tag in written.all("[data-copy$=-sql]")]
        assert set(names) >= {"create-user-sql", "network-policies-in-force-sql", "authentication-policy-sql"}
        for name in names:
            outcome = practice.run(written.copied(name), first_session(practice, "PRACTICE_ADMIN"))
            assert not outcome.failed, (name, outcome.results[-1].error)
        shown = practice.run(sql.describe_user(user), first_session(practice, "PRACTICE_ADMIN")).results[0]
        kept = read_description(shown.as_copied)
        assert (kept.type, kept.default_role) == ("SERVICE", said.get("default_role", ""))
        assert kept.slots == (fingerprint(rsa_2048), "")
        policies = practice.run(sql.show_authentication_policies(user), first_session(practice, "PRACTICE_ADMIN"))
        assert "KEY_PAIR_ONLY" in policies.results[0].as_copied
    finally:
        practice.stop()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("username", ""),
        ("default_role", "a\u200bb"),
        ("default_warehouse", "x" * 256),
        ("allowed_address", "10.0.0.0/8"),
        ("owner", "a\u202eb"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field_and_all_that_was_typed_stays(
    client: PageClient, field: str, typed: str
) -> None:
    page = asked(client.visit("/service-user"), **{"purpose": "Loads", "username": "SVC", field: typed})
    assert page.status == 422
    assert page.all(f"#{field}-error")
    assert page.value("purpose") == "Loads"
    assert not page.all("[data-copy=create-user-sql]")


def test_the_walk_leads_there_from_the_user_and_from_what_snowflake_answers(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    user = carrying(app, told("user", rsa_2048, tool="airflow")).visit("/steps/user")
    assert user.follow("Say its role, warehouse, purpose and owner").path == "/service-user"
    register = carrying(app, told("register", rsa_2048)).visit("/steps/register")
    assert register.follow("create the user").path == "/service-user"


@pytest.mark.parametrize(("kind", "says"), [("LEGACY_SERVICE", "become SERVICE"), ("PERSON", "second factor")])
def test_users_of_other_types_are_told_what_changes_for_them(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, kind: str, says: str
) -> None:
    journey = told("verify", rsa_2048).with_description(Described(name="JANE", type=kind))
    page = carrying(app, journey).visit("/service-user")
    assert f"JANE is there, of the type {kind}" in page.text_at(".panel")
    assert says in page.text_at(".panel")
    assert "By Snowflake’s estimate" in page.text_at(".panel")


def test_a_service_user_is_told_of_no_change(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    journey = told("verify", rsa_2048).with_description(Described(name="JANE", type="SERVICE"))
    assert not carrying(app, journey).visit("/service-user").all(".panel")
