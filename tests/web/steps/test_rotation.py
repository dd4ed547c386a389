"""Rotating a key: the same pages in another order, and never a moment without a key that works."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from tests.web.walking import (
    fingerprint,
    practising,
    private_pem,
    public_base64,
    public_pem,
    row_by_row,
    table,
    worksheet,
)

ACCOUNT, USER = "practice-snowflake", "SVC_ETL"


@pytest.fixture
def old(rsa_2048: rsa.RSAPrivateKey) -> rsa.RSAPrivateKey:
    return rsa_2048


@pytest.fixture
def new(other_rsa_2048: rsa.RSAPrivateKey) -> rsa.RSAPrivateKey:
    return other_rsa_2048


def run(app: Flask, sql: str) -> str:
    """Run SQL as the administrator, in a window of their own; return the last grid as Snowsight copies it."""
    page = worksheet(PageClient(app), sql)
    results = [str(tag["data-copy"]) for tag in page.all("[data-copy^=result-]")]
    assert results, page.text
    return page.copied(results[-1])


def begun(app: Flask, walk: str = "rotate") -> Page:
    """Return the page that asks for the user's keys."""
    page = PageClient(app).visit(f"/{walk}/account").fill("account", ACCOUNT).press("Continue")
    return page.fill("username", USER).press("Continue")


def looked(app: Flask, answer: str, walk: str = "rotate") -> Page:
    """Return the page after this answer was pasted where the user's keys are asked for."""
    return begun(app, walk).fill("desc_user", answer).press("Show me the keys")


def sent(page: Page, *fields: tuple[str, str]) -> Page:
    """Send fields to a page's own address, with its token."""
    token = str(page.all("[name=csrf_token]")[0]["value"])
    return page.client.send("POST", page.url, [("csrf_token", token), *fields])


def described(app: Flask) -> str:
    return run(app, f"DESC USER {USER};")


def pairs(app: Flask) -> str:
    return run(app, f"SHOW USER KEY PAIRS FOR USER {USER};")


def told_new(page: Page, key: rsa.RSAPrivateKey) -> Page:
    return page.choose("source", "public").fill("public_key", public_pem(key)).press_in("#key-form", "Continue")


def proved(page: Page, key: rsa.RSAPrivateKey) -> Page:
    return row_by_row(page.attach("private_key", private_pem(key)).press("Test with this file"))[-1]


@pytest.fixture(scope="module")
def third() -> rsa.RSAPrivateKey:
    """A key that something else logs in with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def in_slot_1(practice_app: Flask, old: rsa.RSAPrivateKey) -> Flask:
    run(practice_app, f"ALTER USER {USER} SET RSA_PUBLIC_KEY='{public_base64(old)}';")
    return practice_app


def test_a_key_in_a_slot_is_replaced_by_way_of_the_other_one(
    in_slot_1: Flask, old: rsa.RSAPrivateKey, new: rsa.RSAPrivateKey
) -> None:
    page = begun(in_slot_1)
    assert page.step == "look"
    page = page.fill("desc_user", run(in_slot_1, page.copied("desc-user-sql"))).press("Show me the keys")
    assert (page.step, page.path) == ("key", "/rotate/key")
    assert "The key in slot 1 still works" in page.text

    page = told_new(page, new)
    assert page.step == "register"
    assert page.copied("alter-user-sql") == f"ALTER USER {USER} SET RSA_PUBLIC_KEY_2='{public_base64(new)}';"
    described = run(in_slot_1, page.copied("register-sql"))
    page = page.press("I’ve run it").fill("desc_user", described).press("Compare")
    assert (page.step, page.path) == ("test", "/rotate/test")

    page = proved(page, new)
    assert page.verdict == "passed"
    page = page.client.visit(page.link("Put it to work"))
    assert (page.step, page.path) == ("switch", "/rotate/switch")
    page = page.press("It logs in with the new key")
    assert page.step == "retire"
    assert page.copied("retire-sql") == f"ALTER USER {USER} UNSET RSA_PUBLIC_KEY;"
    run(in_slot_1, page.copied("retire-block"))
    page = page.press("It has run")
    assert "The old key is away" in page.text
    assert "RSA_PUBLIC_KEY_2_FP\t" + fingerprint(new) in run(in_slot_1, f"DESC USER {USER};")
    assert page.client.visit("/done").heading == "Done", "what was set up by rotating has its receipt too"


def test_a_named_key_pair_is_rotated_with_a_grace_and_its_old_key_removed_by_the_name_it_got(
    practice_app: Flask, old: rsa.RSAPrivateKey, new: rsa.RSAPrivateKey
) -> None:
    run(practice_app, f"ALTER USER {USER} ADD KEY PAIR ETL_KEY PUBLIC_KEY = '{public_base64(old)}';")
    page = told_new(looked(practice_app, pairs(practice_app)), new)
    assert page.copied("alter-user-sql") == (
        f"ALTER USER {USER} ROTATE KEY PAIR ETL_KEY PUBLIC_KEY = '{public_base64(new)}' "
        "EXPIRE_ROTATED_KEY_PAIR_AFTER_HOURS = 168;"
    )
    page = page.fill("grace_hours", "14 days").press("Show the statements for this")
    assert "AFTER_HOURS = 336;" in page.copied("alter-user-sql")
    page = page.press("I’ve run it")
    assert page.copied("desc-user-sql") == f"SHOW USER KEY PAIRS FOR USER {USER};"
    run(practice_app, page.client.visit("/rotate/register").copied("register-sql"))
    page = proved(page.fill("desc_user", pairs(practice_app)).press("Compare"), new)
    page = page.client.visit(page.link("Put it to work")).press("It logs in with the new key")
    assert "REMOVE KEY PAIR ETL_KEY_ROTATED_" in page.copied("retire-sql")
    run(practice_app, page.copied("retire-sql"))
    assert "The old key is away" in page.press("It has run").text
    assert fingerprint(new) in pairs(practice_app) and fingerprint(old) not in pairs(practice_app)


def test_a_rotated_pair_is_not_removed_by_the_name_that_the_new_key_has_by_now(
    practice_app: Flask, old: rsa.RSAPrivateKey, new: rsa.RSAPrivateKey
) -> None:
    run(practice_app, f"ALTER USER {USER} ADD KEY PAIR ETL_KEY PUBLIC_KEY = '{public_base64(old)}';")
    page = told_new(looked(practice_app, pairs(practice_app)), new)
    run(practice_app, page.copied("register-sql"))
    page = proved(page.press("I’ve run it").press("Skip this check"), new)
    page = page.client.visit(page.link("Put it to work")).press("It logs in with the new key")
    assert page.step == "retire" and not page.all("[data-copy=retire-sql]")
    refused = sent(page, ("retired", "yes"))
    assert (refused.status, "not known" in refused.alert) == (422, True)
    unlike = page.fill("desc_user", table(NAME=USER)).press("Find the old key")
    assert (unlike.status, unlike.value("desc_user").strip()) == (422, table(NAME=USER))
    page = page.fill("desc_user", pairs(practice_app)).press("Find the old key")
    assert "REMOVE KEY PAIR ETL_KEY_ROTATED_" in page.copied("retire-sql")


def test_with_both_slots_taken_the_new_key_goes_beside_them_and_none_is_overwritten(
    in_slot_1: Flask, old: rsa.RSAPrivateKey, new: rsa.RSAPrivateKey, third: rsa.RSAPrivateKey
) -> None:
    run(in_slot_1, f"ALTER USER {USER} SET RSA_PUBLIC_KEY_2='{public_base64(third)}';")
    page = looked(in_slot_1, described(in_slot_1))
    assert (page.status, page.step, page.error("old_key")) == (
        422, "look", f"{USER} has 2 keys. Choose the one that your tool logs in with.",
    )  # fmt: skip
    assert fingerprint(third) in page.value("desc_user"), "what was pasted stays"
    page = page.choose("old_key", fingerprint(old)).press("Replace this one")
    assert (page.status, page.step) == (200, "look")
    assert "Both slots are taken" in page.text
    assert page.copied("free-slot-sql") == f"ALTER USER {USER} UNSET RSA_PUBLIC_KEY_2;"
    assert "LOGIN_HISTORY_BY_USER" in page.copied("login-history-sql")
    page = told_new(page.client.visit(page.link("Continue")), new)
    assert f"ALTER USER {USER} ADD KEY PAIR SVC_ETL_KEY PUBLIC_KEY" in page.copied("alter-user-sql")
    run(in_slot_1, page.copied("register-sql"))
    page = proved(page.press("I’ve run it").fill("desc_user", pairs(in_slot_1)).press("Compare"), new)
    page = page.client.visit(page.link("Put it to work")).press("It logs in with the new key")
    assert page.copied("retire-sql") == f"ALTER USER {USER} UNSET RSA_PUBLIC_KEY;"


NO_KEY = {
    "an empty user": (table(NAME=USER), "Both slots of SVC_ETL are empty."),
    "somebody else": (table(NAME="MAX", LOGIN_NAME="MAX"), "This describes MAX, and your user is SVC_ETL."),
    "rubbish": ("rubbish", "No property of a user was recognised in this text."),
    "no rows about keys": (f"property\tvalue\nNAME\t{USER}", "The rows about keys are missing."),
    "a fingerprint alone": ("SHA256:" + "A" * 43 + "=", "This is a fingerprint alone"),
    "an empty list": ("name\tuser_name\tfingerprint\trole_scope\tstatus\n", "The list shows no named key pair"),
    "nothing": ("", "Nothing was pasted."),
}


@pytest.mark.parametrize("pasted", NO_KEY)
def test_what_shows_no_key_is_refused_with_what_to_do_and_kept(practice_app: Flask, pasted: str) -> None:
    text, why = NO_KEY[pasted]
    page = looked(practice_app, text)
    assert (page.status, page.step) == (422, "look")
    assert why in page.error("desc_user")
    assert page.value("desc_user").strip() == text.strip()


def test_the_old_key_is_no_new_one(in_slot_1: Flask, old: rsa.RSAPrivateKey) -> None:
    page = told_new(looked(in_slot_1, described(in_slot_1)), old)
    assert (page.status, page.step) == (422, "key")
    assert "This is the old key" in page.error("public_key")


def test_who_has_just_set_up_a_key_rotates_it_without_typing_again(
    practice_app: Flask, old: rsa.RSAPrivateKey, new: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "handover", old, user=USER)
    page = client.visit("/rotate/retire")
    assert (page.path, page.step) == ("/rotate/look", "look")
    page = page.fill("desc_user", described(practice_app)).press("Show me the keys")
    assert page.step == "key"
    assert "The public key is known" not in page.text, "the old key is not offered as the new one"
    assert told_new(page, new).step == "register"


def test_a_key_of_this_browser_that_stands_on_the_user_already_is_no_new_one(
    practice_app: Flask, old: rsa.RSAPrivateKey, third: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "handover", old, user=USER)
    run(practice_app, f"ALTER USER {USER} SET RSA_PUBLIC_KEY_2='{public_base64(third)}';")
    page = client.visit("/rotate/look").fill("desc_user", described(practice_app)).press("Show me the keys")
    assert fingerprint(old) in page.copied("old-fingerprint"), "the one that was set up here is meant"
    sent(page, ("desc_user", described(practice_app)), ("old_key", fingerprint(third)))
    assert client.visit("/rotate/register").step == "key"


def test_an_old_key_that_was_overwritten_meanwhile_leaves_nothing_to_take_away(
    in_slot_1: Flask, new: rsa.RSAPrivateKey
) -> None:
    page = told_new(looked(in_slot_1, described(in_slot_1)), new)
    run(in_slot_1, f"ALTER USER {USER} SET RSA_PUBLIC_KEY='{public_base64(new)}';")
    page = proved(page.press("I’ve run it").fill("desc_user", described(in_slot_1)).press("Compare"), new)
    page.client.visit(page.link("Put it to work")).press("It logs in with the new key")
    page = page.client.visit("/rotate/retire")
    assert "The old key is away" in page.text
    assert not page.all("[data-copy=retire-sql]"), "the slot holds the new key by now"


def test_a_leaked_key_goes_first_and_what_stops_is_said(
    in_slot_1: Flask, old: rsa.RSAPrivateKey, new: rsa.RSAPrivateKey
) -> None:
    page = looked(in_slot_1, described(in_slot_1), "leaked")
    assert (page.step, page.path) == ("retire", "/leaked/retire")
    assert "stops at once" in page.text
    assert "ACCOUNT_USAGE.LOGIN_HISTORY" in page.copied("leak-history-sql")
    run(in_slot_1, page.copied("retire-block"))
    assert fingerprint(old) not in described(in_slot_1)
    page = told_new(page.client.visit(page.press("It has run").redirects[-1]), new)
    assert (page.step, page.path) == ("register", "/leaked/register")
    assert page.copied("alter-user-sql") == f"ALTER USER {USER} SET RSA_PUBLIC_KEY='{public_base64(new)}';"
    run(in_slot_1, page.copied("register-sql"))
    page = proved(page.press("I’ve run it").fill("desc_user", described(in_slot_1)).press("Compare"), new)
    page = page.client.visit(page.link("Put it to work")).press("It logs in with the new key")
    assert "The new key is in use, and the old one is away" in page.text


def test_a_leaked_pair_gives_its_name_and_role_to_the_new_key(
    practice_app: Flask, old: rsa.RSAPrivateKey, new: rsa.RSAPrivateKey
) -> None:
    statement = (
        f"ALTER USER {USER} ADD KEY PAIR ETL_KEY PUBLIC_KEY = '{public_base64(old)}' ROLE_RESTRICTION = 'LOADER';"
    )
    run(practice_app, statement)
    page = looked(practice_app, pairs(practice_app), "leaked")
    assert page.copied("retire-sql") == f"ALTER USER {USER} REMOVE KEY PAIR ETL_KEY;"
    run(practice_app, page.copied("retire-sql"))
    page = told_new(page.press("It has run"), new)
    assert page.copied("alter-user-sql") == statement.replace(public_base64(old), public_base64(new))
    run(practice_app, page.copied("register-sql"))


@pytest.mark.parametrize("walk", ["rotate", "leaked"])
@pytest.mark.parametrize("slug", ["look", "key", "register", "verify", "test", "switch", "retire"])
def test_a_step_that_is_not_open_yet_leads_to_the_one_to_do(app: Flask, walk: str, slug: str) -> None:
    assert PageClient(app).visit(f"/{walk}/{slug}").path == f"/{walk}/account"
    assert PageClient(app).visit(f"/{walk}/handover").status == 404


def test_nobody_says_by_accident_that_it_is_done(in_slot_1: Flask, new: rsa.RSAPrivateKey) -> None:
    page = told_new(looked(in_slot_1, described(in_slot_1)), new)
    run(in_slot_1, page.copied("register-sql"))
    page = proved(page.press("I’ve run it").press("Skip this check"), new)
    for slug, why in (
        ("switch", "Nothing says yet that the tool has"),
        ("retire", "Nothing says yet that the old key"),
    ):
        page = page.client.visit(f"/rotate/{slug}")
        refused = sent(page)
        assert (refused.status, why in refused.alert) == (422, True)
        if slug == "switch":
            page = page.press("It logs in with the new key")


def test_an_administrator_is_sent_the_statement_with_what_has_to_be_seen_before(
    in_slot_1: Flask, new: rsa.RSAPrivateKey
) -> None:
    page = told_new(looked(in_slot_1, described(in_slot_1)), new)
    message = page.copied("administrator-message")
    assert "RSA_PUBLIC_KEY_2_FP has to be empty" in message
    assert page.copied("alter-user-sql") in message and fingerprint(new) in message
    assert not page.all("[action='/share']"), "the page behind its link may fill a slot that is taken"
    assert page.press("They say it’s done").step == "verify"


def test_the_key_of_a_slot_may_be_replaced_by_a_named_key_pair(in_slot_1: Flask, new: rsa.RSAPrivateKey) -> None:
    page = told_new(looked(in_slot_1, described(in_slot_1)), new).press("Use a named key pair")
    added = f"ALTER USER {USER} ADD KEY PAIR SVC_ETL_KEY PUBLIC_KEY = '{public_base64(new)}';"
    assert page.copied("alter-user-sql") == added
    run(in_slot_1, page.copied("register-sql"))
    page = proved(page.press("I’ve run it").fill("desc_user", pairs(in_slot_1)).press("Compare"), new)
    page = page.client.visit(page.link("Put it to work")).press("It logs in with the new key")
    assert page.copied("retire-sql") == f"ALTER USER {USER} UNSET RSA_PUBLIC_KEY;"


def ready_to_switch(app: Flask, new: rsa.RSAPrivateKey) -> Page:
    """Return the page on which the new key's test has passed."""
    page = told_new(looked(app, described(app)), new)
    run(app, page.copied("register-sql"))
    return proved(page.press("I’ve run it").press("Skip this check"), new)


def test_the_old_key_is_tested_too_where_its_file_is_here(
    in_slot_1: Flask, old: rsa.RSAPrivateKey, new: rsa.RSAPrivateKey
) -> None:
    page = ready_to_switch(in_slot_1, new)
    page = page.client.visit(page.link("Test the old key too"))
    assert (page.heading, page.path) == ("Does the old key still log in?", "/rotate/test/old")
    wrong = page.attach("private_key", private_pem(new)).press("Test with this file")
    assert (wrong.status, "another key than the old one" in wrong.error("private_key")) == (422, True)
    page = wrong.attach("private_key", private_pem(old)).press("Test with this file")
    assert "Both keys log in" in page.text
    assert page.client.visit(page.link("Continue")).step == "switch"
    assert "The old key logs in too." in page.client.visit("/rotate/test").text


def test_an_old_key_that_logs_in_no_more_is_said_and_nothing_is_lost_by_it(
    in_slot_1: Flask, old: rsa.RSAPrivateKey, new: rsa.RSAPrivateKey
) -> None:
    page = ready_to_switch(in_slot_1, new).client.visit("/rotate/test/old")
    run(in_slot_1, f"ALTER USER {USER} UNSET RSA_PUBLIC_KEY;")
    page = page.fill("private_key_text", private_pem(old).decode()).press("Test with this key")
    assert "The old key does not log in" in page.text
    assert page.client.visit("/rotate/switch").step == "switch"


def test_the_old_keys_test_is_closed_before_the_new_one_works_and_where_none_is_replaced(
    in_slot_1: Flask, old: rsa.RSAPrivateKey
) -> None:
    page = looked(in_slot_1, described(in_slot_1)).client.visit("/rotate/test/old")
    assert page.step == "key"
    assert practising(in_slot_1, "handover", old, user=USER).visit("/steps/test/old").step == "handover"


def test_a_leaked_key_that_was_set_up_here_is_taken_away_as_well(practice_app: Flask, old: rsa.RSAPrivateKey) -> None:
    client = practising(practice_app, "handover", old, user=USER)
    page = client.visit("/leaked/look").fill("desc_user", described(practice_app)).press("Show me the keys")
    assert page.copied("retire-sql") == f"ALTER USER {USER} UNSET RSA_PUBLIC_KEY;"
