"""The end of the walk: a receipt to keep, the day in the calendar, another login, and undoing behind a question."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.in_sight import words_in_sight
from tests.web.page_client import PageClient
from tests.web.walking import arrive, carrying, fingerprint, practising, private_pem, table, told
from wizard.snowflake.user import Described, NamedKey

ADDRESSES = ("/done", "/done/receipt.md", "/done/rotation.ics", "/done/undo")


@pytest.fixture
def proved(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> PageClient:
    """Somebody whose key was seen in slot 1 by DESC USER, and let in."""
    client = practising(practice_app, "verify", rsa_2048, tool="dbt")
    client.visit("/steps/verify").fill("desc_user", table(RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))).press("Compare")
    page = client.visit("/steps/test").attach("private_key", private_pem(rsa_2048))
    page.press_in("#test-form", "Test with this file")
    return client


def test_the_hand_over_leads_to_the_receipt(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048, tool="dbt").follow("Finish")
    assert (page.path, page.heading) == ("/done", "Done")
    assert "JANE logs in to MYORG-MY_ACCT with a key." in page.text
    assert not page.all(".progress-open, .progress-current, .progress-closed"), "nothing is left to do"
    assert len(words_in_sight(page)) <= 140


def test_who_comes_back_after_the_test_finds_the_receipt(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    start = carrying(app, told("handover", rsa_2048)).visit("/")
    assert "JANE logs in with this key: the test has passed." in start.text
    assert start.link("Put it to work") == "/steps/handover"
    assert start.follow("Open the receipt").heading == "Done"
    assert start.link("Rotate this key") == "/rotate"


def test_the_receipt_says_what_was_set_up(proved: PageClient, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = proved.visit("/done")
    facts = page.text_at(".facts")
    for said in ("PRACTICE-SNOWFLAKE", "JANE", "dbt", "in slot 1"):
        assert said in facts
    assert page.copied("fingerprint") == fingerprint(rsa_2048)
    assert "Snowflake let JANE in with this key, role ANALYST, warehouse COMPUTE_WH." in facts
    assert "ALTER USER JANE UNSET RSA_PUBLIC_KEY;" in facts


def test_the_receipt_is_a_markdown_file_too(proved: PageClient, rsa_2048: rsa.RSAPrivateKey) -> None:
    saved = proved.visit("/done").follow("Save the receipt")
    assert saved.filename == "snowflake-key.md"
    text = saved.body.decode()
    assert text.startswith("# A key pair login to Snowflake\n")
    assert f"- Fingerprint: `{fingerprint(rsa_2048)}`\n" in text
    assert "- Place of the key: `in slot 1`\n" in text


def test_the_day_to_rotate_goes_into_a_calendar(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048, tool="dbt")
    saved = page.follow("Add to your calendar")
    assert saved.filename == "rotate-snowflake-key.ics"
    text = saved.body.decode()
    assert "DTSTART;VALUE=DATE:20270320" in text
    assert "SUMMARY:Replace the Snowflake key of JANE" in text
    assert page.client.visit("/done").follow("Calendar file").filename == saved.filename


def test_a_receipt_of_odd_names_stays_a_list(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("handover", rsa_2048, user="`x`, <b>;", tool="dbt"))
    text = client.visit("/done/receipt.md").body.decode()
    assert "- User: `` `x`, <b>; ``\n" in text
    assert "SUMMARY:Replace the Snowflake key of `x`\\, <b>\\;" in client.visit("/done/rotation.ics").body.decode()


def test_before_the_test_has_passed_there_is_no_receipt(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    for address in ADDRESSES:
        assert carrying(app, told("test", rsa_2048)).visit(address).path == "/steps/test"
        assert PageClient(app).visit(address).path == "/steps/account"


def test_another_login_begins_with_the_account_alone(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = carrying(app, told("handover", rsa_2048, tool="dbt")).visit("/done").press("Set up another")
    assert page.path == "/"
    assert "You were at “Which user will log in?”" in page.text
    assert not page.all("[aria-current=true]"), "and asks anew what has to log in"
    assert page.client.visit("/steps/handover").path == "/steps/user"


def test_the_key_and_the_walk_are_forgotten(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = carrying(app, told("handover", rsa_2048)).visit("/done").press("Clear everything")
    assert page.path == "/"
    assert page.client.cookie == ""


def test_undoing_asks_first_and_then_shows_the_statement(proved: PageClient) -> None:
    page = proved.visit("/done").follow("Undo it")
    assert page.heading == "Take this key off JANE?"
    assert "UNSET" not in page.text
    assert page.link("Keep it") == "/done"
    sure = page.follow("Show how to take it away")
    assert sure.copied("undo-sql") == "ALTER USER JANE UNSET RSA_PUBLIC_KEY;"


def test_where_the_key_stands_nowhere_known_undoing_shows_how_to_find_it(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = carrying(app, told("handover", rsa_2048)).visit("/done/undo").follow("Show how to take it away")
    assert page.copied("undo-sql").splitlines() == ["DESC USER JANE;", "SHOW USER KEY PAIRS FOR USER JANE;"]
    assert fingerprint(rsa_2048) in page.text
    assert "DESC USER JANE; shows where it stands" in page.client.visit("/done").text


def test_nothing_on_the_hand_over_removes_the_key_that_was_proved(proved: PageClient) -> None:
    assert "UNSET" not in proved.visit("/steps/handover").html


def test_a_named_key_pair_is_removed_by_its_name(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    described = Described(name="JANE", pair=NamedKey("laptop", fingerprint(rsa_2048), "ACTIVE"))
    client = carrying(app, told("handover", rsa_2048).with_description(described))
    page = client.visit("/done/undo").follow("Show how to take it away")
    assert page.copied("undo-sql") == 'ALTER USER JANE REMOVE KEY PAIR "laptop";'
