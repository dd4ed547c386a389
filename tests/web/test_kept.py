"""Coming back to a key with nothing but its receipt or the calendar: how it stands, and what can be done with it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import PageClient
from tests.web.walking import KNOWN_SINCE, carrying, fingerprint, told
from wizard.app import create_app
from wizard.settings import Settings
from wizard.snowflake.user import Described

DAY = 24 * 60 * 60
Later = Callable[[int], Flask]


@pytest.fixture
def later() -> Later:
    """The wizard as it is so many days after the key was made."""

    def wizard(days: int) -> Flask:
        given = {"WIZARD_SECRET_KEY": "a secret key of the tests, long enough"}
        return create_app(Settings.from_environment(given), now=lambda: KNOWN_SINCE + days * DAY)

    return wizard


def link_of(app: Flask, key: rsa.RSAPrivateKey, days: int = 0, **answers: str) -> str:
    client = carrying(app, told("handover", key, **answers), began=KNOWN_SINCE + days * DAY)  # type: ignore[arg-type]
    return client.visit("/done").copied("key-link")


def walk_in(client: PageClient) -> dict[str, object]:
    stored = json.loads(client.cookie).get("journey", {}) if client.cookie else {}
    assert isinstance(stored, dict)
    return stored


def test_receipt_json_and_calendar_hold_the_same_link(later: Later, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(later(0), told("handover", rsa_2048, tool="dbt"), began=KNOWN_SINCE)
    link = client.visit("/done").copied("key-link")
    assert link.startswith("http://localhost/key/") and len(link) <= 450
    assert link in client.visit("/done/receipt.md").body.decode()
    assert f"URL:{link}" in client.visit("/done/rotation.ics").body.decode().replace("\r\n ", "")
    receipt = json.loads(client.visit("/done").follow("The receipt as JSON, for scripts").body)
    assert receipt["link"] == link
    assert (receipt["user"], receipt["fingerprint"]) == ("JANE", fingerprint(rsa_2048))
    assert receipt["rotate_on"] == "2027-03-20"


def test_it_says_whose_key_it_is_how_old_and_when_it_is_due(later: Later, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = link_of(later(0), rsa_2048, tool="dbt")
    page = PageClient(later(100)).visit(link)
    assert page.heading == "The key of JANE"
    assert "Made on 21 September 2026, to be replaced by 20 March 2027." in page.text
    assert "organization MYORG, account MY_ACCT" in page.text
    assert page.copied("key-words") and "dbt" in page.text
    assert "due" not in page.text_at("main").replace("due for", "")


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (166, "It is to be replaced within 14 days."),
        (179, "It is to be replaced within 1 day."),
        (180, "It is to be replaced today."),
        (181, "It was to be replaced 1 day ago."),
        (390, "It was to be replaced 210 days ago."),
    ],
)
def test_it_says_when_the_day_is_near_or_past(later: Later, rsa_2048: rsa.RSAPrivateKey, days: int, says: str) -> None:
    assert says in PageClient(later(days)).visit(link_of(later(0), rsa_2048)).text


def test_it_lives_for_400_days_from_the_receipt(later: Later, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = link_of(later(30), rsa_2048, 30)
    assert PageClient(later(429)).visit(link).status == 200
    assert PageClient(later(431)).visit(link).heading == "This link has expired"


def test_opening_it_takes_nothing_into_the_browser(later: Later, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = PageClient(later(100))
    assert "Another walk" not in client.visit(link_of(later(0), rsa_2048)).text
    assert not walk_in(client)


@pytest.mark.parametrize(
    ("button", "leads_to"),
    [("Test it now", "/steps/test"), ("Give it to another tool", "/steps/handover"), ("Undo it", "/done/undo")],
)
def test_each_offer_leads_to_its_page_in_any_browser(
    later: Later, rsa_2048: rsa.RSAPrivateKey, button: str, leads_to: str
) -> None:
    client = PageClient(later(100))
    assert client.visit(link_of(later(0), rsa_2048, tool="dbt")).press(button).path == leads_to
    assert client.visit("/done").copied("fingerprint") == fingerprint(rsa_2048)


def test_where_the_key_was_seen_comes_back_with_it(later: Later, rsa_2048: rsa.RSAPrivateKey) -> None:
    walk = told("handover", rsa_2048).with_description(Described(slots=("", fingerprint(rsa_2048))))
    link = carrying(later(0), walk, began=KNOWN_SINCE).visit("/done").copied("key-link")
    page = PageClient(later(100)).visit(link)
    assert "in slot 2" in page.text
    sure = page.press("Undo it").follow("Show how to take it away")
    assert sure.copied("undo-sql") == "ALTER USER JANE UNSET RSA_PUBLIC_KEY_2;"


def test_another_walk_in_the_browser_is_named_before_it_gives_way(
    later: Later, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = carrying(later(100), told("register", other_rsa_2048), began=KNOWN_SINCE + 100 * DAY)
    page = client.visit(link_of(later(0), rsa_2048))
    assert "Another walk is under way in this browser. Going on here takes its place." in page.text
    assert page.press("Test it now").path == "/steps/test"


def test_what_this_browser_saw_since_is_younger_than_the_link(later: Later, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(later(100), told("handover", rsa_2048).with_failed_test(), began=KNOWN_SINCE + 100 * DAY)
    page = client.visit(link_of(later(0), rsa_2048)).press("Give it to another tool")
    assert page.path == "/steps/test", "this login failed its last test, so there is nothing to put to work"


def test_it_is_no_link_of_another_kind(later: Later, rsa_2048: rsa.RSAPrivateKey) -> None:
    token = link_of(later(0), rsa_2048).rpartition("/")[2]
    for path in ("/share/", "/return/", "/resume/"):
        assert PageClient(later(1)).visit(path + token).status == 404


def test_what_nobody_offers_leads_to_the_test(later: Later, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = PageClient(later(1))
    page = client.visit(link_of(later(0), rsa_2048))
    sent = [("to", "//evil.example"), ("csrf_token", str(page.one("[name=csrf_token]")["value"]))]
    assert client.send("POST", page.path, sent).path == "/steps/test"
