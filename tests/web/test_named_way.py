"""Registering the key as a named key pair: from the choice to the proof, alone and by an administrator."""

from __future__ import annotations

import gzip

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from tests.web.walking import arrive, carrying, fingerprint, private_pem, public_base64, table, told, worksheet
from wizard.journey import Journey
from wizard.snowflake.user import Described, NamedKey, read_description

WITHOUT_TOKEN = {"csrf"}  # the administrator's page has none: it changes nothing
PAIR = "ALTER USER JANE ADD KEY PAIR "


def choose(page: Page, way: str = "named", **answers: str) -> Page:
    page.choose("way", way)
    for field, text in answers.items():
        page.fill(field, text)
    return page.press("Show the statements for this")


def begun(app: Flask, key: rsa.RSAPrivateKey, slug: str = "register", **answers: str) -> PageClient:
    """Return a browser whose person practises, and has registered nothing yet."""
    from wizard.practice.users import HOST

    return carrying(app, told(slug, key, account="practice-snowflake", vouched=(HOST,), **answers))


def ran(client: PageClient, sql: str) -> Page:
    page = worksheet(client, sql)
    assert not page.all(".panel-danger"), page.text
    return page


def copied(page: Page) -> str:
    """Return what the last statement of a worksheet answered."""
    return page.all('[data-copy^="result-"]')[-1].get_text()


# --- choosing ---------------------------------------------------------------------------------------------------------
def test_the_statement_adds_a_key_pair_named_for_the_tool(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = choose(arrive(app, "register", rsa_2048, tool="dbt"))
    assert page.copied("alter-user-sql") == f"{PAIR}DBT_KEY PUBLIC_KEY = '{public_base64(rsa_2048)}';"
    assert page.copied("describe-line") == "SHOW USER KEY PAIRS FOR USER JANE;"
    assert "becomes the named key pair DBT_KEY and replaces no other key" in page.text
    assert "slot 1 is replaced" not in page.text


def test_what_was_chosen_is_remembered_and_can_be_taken_back(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = choose(
        arrive(app, "register", rsa_2048),
        key_pair_name='"my key"', role_restriction="analyst", days_to_expiry="90", comment="Jane's  laptop",
    )  # fmt: skip
    statement = (
        f"{PAIR}\"my key\" PUBLIC_KEY = '{public_base64(rsa_2048)}' ROLE_RESTRICTION = 'ANALYST' "
        "DAYS_TO_EXPIRY = 90 COMMENT = 'Jane''s laptop';"
    )
    assert page.copied("alter-user-sql") == statement
    assert "ends after 90 days, and lets a login have the role ANALYST alone" in page.text
    again = page.again()
    assert [again.value(field) for field in ("key_pair_name", "role_restriction", "days_to_expiry", "comment")] == [
        '"my key"', "ANALYST", "90", "Jane's laptop",
    ]  # fmt: skip
    assert choose(again).copied("alter-user-sql") == statement, "sent again as it stands, it reads the same"
    assert choose(page.again(), "classic").copied("alter-user-sql").startswith("ALTER USER JANE SET RSA_PUBLIC_KEY='")


def test_without_scripts_the_names_alone_are_enough(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048)
    csrf = ("csrf_token", str(page.all("[name=csrf_token]")[0]["value"]))
    answer = page.client.send("POST", "/steps/register", [csrf, ("way", "named"), ("key_pair_name", "LAPTOP")])
    assert answer.copied("alter-user-sql").startswith(f"{PAIR}LAPTOP PUBLIC_KEY = ")
    both = [csrf, ("way", "named"), ("key_pair_name", "LAPTOP_2"), ("registered", "yes")]
    assert page.client.send("POST", "/steps/register", both).path == "/steps/verify"
    assert "ADD KEY PAIR LAPTOP_2" in page.client.visit("/steps/register").copied("alter-user-sql")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("key_pair_name", "PUBLIC_KEY_1", "keeps the name PUBLIC_KEY_1 for the key in slot 1"),
        ("key_pair_name", "A\u202eB", "U+202E"),
        ("days_to_expiry", "soon", "whole number of days"),
        ("days_to_expiry", "0", "from 1 to 3650"),
        ("role_restriction", "R" * 300, "Snowflake allows 255"),
        ("comment", "c" * 101, "takes 100"),
        ("comment", "a\u200bb", "U+200B"),
    ],
)
def test_what_snowflake_would_refuse_is_kept_and_explained_where_it_stands(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, field: str, typed: str, words: str
) -> None:
    page = choose(arrive(app, "register", rsa_2048), **{field: typed})
    assert (page.status, page.title.startswith("Error: ")) == (422, True)
    assert words in page.error(field)
    assert (page.value(field), page.value("way")) == (typed, "named")
    assert all(fold.has_attr("open") for fold in page.all(f"details:has([name={field}])"))
    assert page.copied("alter-user-sql").startswith("ALTER USER JANE SET RSA_PUBLIC_KEY=")


def test_a_way_that_there_is_not_is_refused(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048)
    csrf = str(page.all("[name=csrf_token]")[0]["value"])
    answer = page.client.send("POST", "/steps/register", [("csrf_token", csrf), ("way", "third")])
    assert (answer.status, bool(answer.error("way"))) == (422, True)


def with_slots(key: rsa.RSAPrivateKey, first: str, second: str) -> Journey:
    rows = table(RSA_PUBLIC_KEY_FP=first, RSA_PUBLIC_KEY_2_FP=second)
    return told("verify", key).with_description(read_description(rows).kept(fingerprint(key)))


OTHERS = ("SHA256:" + "A" * 43 + "=", "SHA256:" + "B" * 43 + "=")


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        (None, "Snowflake recommends a named key pair since July 2026: it replaces no other"),
        (("null", "null"), "This slot is free, so either way is fine"),
        (OTHERS, "Choose a named key pair: it replaces neither"),
    ],
)
def test_a_sentence_says_which_way_suits_what_is_known(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, slots: tuple[str, str] | None, words: str
) -> None:
    journey = with_slots(rsa_2048, *slots) if slots else told("register", rsa_2048)
    page = carrying(app, journey).visit("/steps/register")
    assert words in page.text
    assert "RSA_PUBLIC_KEY. Tools can’t tell them apart" in choose(page).text, "and when the other way is right"


def test_with_both_slots_taken_the_named_way_replaces_nobodys_key(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = choose(carrying(app, with_slots(rsa_2048, *OTHERS)).visit("/steps/register"))
    assert "Both slots are taken" not in page.text
    assert "RSA_PUBLIC_KEY" not in page.copied("register-sql")


def test_a_name_that_an_inactive_pair_has_is_not_proposed_and_not_taken(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    expired = Described(name="JANE", pair=NamedKey("DBT_KEY", fingerprint(rsa_2048), "EXPIRED"))
    page = carrying(app, told("verify", rsa_2048, tool="dbt").with_description(expired)).visit("/steps/register")
    assert page.value("key_pair_name") == "DBT_KEY_2"
    assert "has a key pair called DBT_KEY" in choose(page, key_pair_name="dbt_key").error("key_pair_name")


def test_the_page_stays_small_both_ways(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048, tool="dbt")
    named = choose(page, role_restriction="ANALYST", days_to_expiry="90", comment="dbt, in the night").again()
    for drawn in (page, named):
        assert len(gzip.compress(drawn.body)) <= 7200
        assert len(drawn.all("details.way[open] .copy-act")) == 1, "to copy the statement is the one act"
        assert not drawn.all("details.way[open] .button-primary")


# --- walking ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("way", ["classic", "named"])
def test_a_walk_ends_in_a_login_either_way_and_names_where_the_key_stands(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, way: str
) -> None:
    client = begun(practice_app, rsa_2048, tool="dbt")
    register = choose(client.visit("/steps/register"), way)
    answer = ran(client, register.copied("register-sql"))
    register.again().press("I’ve run it")
    verify = client.visit("/steps/verify")
    assert verify.copied("desc-user-sql") == register.copied("describe-line")
    assert verify.fill("desc_user", copied(answer)).press("Compare").path == "/steps/test"
    place = {"classic": "in slot 1", "named": "as the named key pair DBT_KEY"}[way]
    assert place in client.visit("/steps/verify").text
    test = client.visit("/steps/test").attach("private_key", private_pem(rsa_2048))
    assert test.press_in("#test-form", "Test with this file").verdict == "passed"
    assert place in client.visit("/done").text
    undo = client.visit("/done/undo/yes").copied("undo-sql")
    assert undo == {"classic": "ALTER USER JANE UNSET RSA_PUBLIC_KEY;", "named": f"{PAIR}DBT_KEY;".replace(
        "ADD", "REMOVE")}[way]  # fmt: skip
    ran(client, undo)
    again = client.visit("/steps/test").attach("private_key", private_pem(rsa_2048))
    assert again.press_in("#test-form", "Test with this file").verdict == "failed"


def logged_in(client: PageClient, key: rsa.RSAPrivateKey) -> Page:
    page = client.visit("/steps/test").attach("private_key", private_pem(key))
    return page.press_in("#test-form", "Test with this file")


def test_a_key_pair_that_is_restricted_to_a_role_is_tested_with_that_role(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = begun(practice_app, rsa_2048)
    ran(client, "GRANT ROLE REPORTER TO USER JANE;")
    register = choose(client.visit("/steps/register"), role_restriction="REPORTER")
    answer = copied(ran(client, register.copied("register-sql")))
    register.again().press("I’ve run it")
    client.visit("/steps/verify").press("Skip this check")
    page = logged_in(client, rsa_2048)
    assert page.verdict == "passed", page.text
    assert "you are JANE, with the one role of this key pair, REPORTER." in page.text
    assert "Queries will run as REPORTER" in page.text
    client.visit("/steps/verify").fill("desc_user", answer).press("Compare")
    assert "lets a session have the role REPORTER and no other" in client.visit("/steps/verify").text
    assert logged_in(client, rsa_2048).verdict == "passed", "now by what Snowflake listed"


def test_a_role_that_is_refused_is_named(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = begun(practice_app, rsa_2048)
    register = choose(client.visit("/steps/register"), role_restriction="ANALYST")
    ran(client, register.copied("register-sql"))
    register.again().press("I’ve run it")
    client.visit("/steps/verify").press("Skip this check")
    practice_app.extensions["practice"].play("role-not-granted")
    page = logged_in(client, rsa_2048)
    assert (page.verdict, page.causes[0]) == ("failed", "role-not-granted")
    assert "did not let this key in with the role ANALYST, the only one that its key pair allows" in page.text
    assert "GRANT ROLE ANALYST TO USER JANE;" in page.text
    ran(client, "GRANT ROLE ANALYST TO USER JANE;")
    assert logged_in(client, rsa_2048).checks["login"] == "passed"


def test_a_restriction_that_nobody_told_of_is_found_in_the_list(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = begun(practice_app, rsa_2048, "test")
    pair = f"{PAIR}X PUBLIC_KEY = '{public_base64(rsa_2048)}' ROLE_RESTRICTION = 'ANALYST';"
    listed = copied(ran(client, pair + "SHOW USER KEY PAIRS FOR USER JANE;"))
    page = logged_in(client, rsa_2048)
    assert (page.verdict, page.causes[0]) == ("failed", "role-not-granted")
    assert "SHOW USER KEY PAIRS FOR USER JANE;" in page.text
    client.visit("/steps/verify").fill("desc_user", listed).press("Compare")
    assert logged_in(client, rsa_2048).verdict == "passed"


def test_desc_user_is_no_proof_against_a_named_key_pair(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = choose(arrive(app, "register", rsa_2048)).press("I’ve run it")
    for shown in (table(), table(RSA_PUBLIC_KEY_FP=OTHERS[0])):
        answer = page.client.visit("/steps/verify").fill("desc_user", shown).press("Compare")
        assert (answer.status, answer.causes) == (422, [])
        assert "The list of key pairs is missing" in answer.alert
    empty = "name\tuser_name\tfingerprint\trole_scope\tstatus"
    answer = page.client.visit("/steps/verify").fill("desc_user", empty).press("Compare")
    assert "The list shows no named key pair of JANE" in answer.alert
    assert answer.causes[0] == "key-not-registered"


# --- an administrator -------------------------------------------------------------------------------------------------
def asked(client: PageClient, **answers: str) -> Page:
    page = choose(client.visit("/steps/register"), **answers)
    return page.fill("note", "Nightly run, DATA-17").press("Write the message")


def test_the_message_and_its_link_carry_the_named_key_pair(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("register", rsa_2048, tool="dbt"))
    comment = "The nightly run of dbt on the machine in the cellar. Ask Jane before you take it away, please call"
    page = asked(client, role_restriction="ANALYST", days_to_expiry="90", comment=comment)
    link = page.copied("share-link")
    assert len(link) <= 450
    assert f"{PAIR}DBT_KEY PUBLIC_KEY" in page.copied("share-message")
    shared = PageClient(app).visit(link, unchecked=WITHOUT_TOKEN)
    statement = shared.copied("alter-user-sql")
    assert statement.startswith(f"{PAIR}DBT_KEY PUBLIC_KEY = '{public_base64(rsa_2048)}' ROLE_RESTRICTION = 'ANALYST'")
    assert statement.endswith("DAYS_TO_EXPIRY = 90;"), "a link of this length has no room for a comment as long"
    assert comment in page.copied("share-message") and "have no room for it" in page.text
    assert shared.copied("desc-user-sql") == "SHOW USER KEY PAIRS FOR USER JANE;"
    assert "have the role ANALYST alone, until the key is taken away or 90 days are over" in shared.text
    assert shared.copied("undo-sql") == "ALTER USER JANE REMOVE KEY PAIR DBT_KEY;"
    assert "Waiting for your administrator" in client.visit("/steps/register").heading


def test_an_administrator_adds_it_and_the_asker_comes_back_to_the_test(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = begun(practice_app, rsa_2048, tool="dbt")
    shared = PageClient(practice_app).visit(asked(client).copied("share-link"), unchecked=WITHOUT_TOKEN)
    looked = copied(ran(client, shared.copied("desc-user-sql")))
    run = shared.fill("desc_user", looked).press("Check the user", unchecked=WITHOUT_TOKEN)
    assert run.status == 200
    assert "JANE has no named key pairs. The statement adds DBT_KEY and replaces none." in run.text
    answer = copied(ran(client, run.copied("register-sql")))
    done = run.fill("desc_user", answer).press("Compare", unchecked=WITHOUT_TOKEN)
    assert "Snowflake holds the key as the named key pair DBT_KEY" in done.text
    assert done.copied("undo-sql") == "ALTER USER JANE REMOVE KEY PAIR DBT_KEY;"
    back = client.visit(done.copied("return-link"))
    test = back.press("Go on")
    assert test.path == "/steps/test"
    assert "as the named key pair DBT_KEY" in test.text_at(".progress")


def test_a_name_that_is_taken_is_made_free_on_the_administrators_page(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = asked(carrying(app, told("register", rsa_2048, tool="dbt"))).copied("share-link")
    shared = PageClient(app).visit(link, unchecked=WITHOUT_TOKEN)
    head = "name\tuser_name\tfingerprint\trole_scope\tstatus"
    taken = f"{head}\nDBT_KEY\tJANE\t{OTHERS[0]}\t\tACTIVE"
    run = shared.fill("desc_user", taken).press("Check the user", unchecked=WITHOUT_TOKEN)
    assert "The statement adds DBT_KEY_2, a name that is free, and replaces none." in run.text
    assert run.copied("alter-user-sql").startswith(f"{PAIR}DBT_KEY_2 PUBLIC_KEY = ")
    ten = "\n".join([head, *(f"K{at}\tJANE\t{OTHERS[0]}\t\tACTIVE" for at in range(10))])
    full = shared.fill("desc_user", ten).press("Check the user", unchecked=WITHOUT_TOKEN)
    assert "JANE has 10 named key pairs, as many as there can be. One has to be removed first." in full.text
