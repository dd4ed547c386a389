"""What one copy of the wizard signs, another takes, although their clocks differ by up to a minute."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import PageClient
from tests.web.walking import carrying, told
from wizard.app import create_app
from wizard.settings import Settings
from wizard.stored import StoredError, Table, stored, text
from wizard.web.signed import ExpiredError, Signed

NOW = 1_790_000_000.0
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Greeting:
    words: str = field(metadata=stored("w", text(20)))


GREETING = Signed("greeting", Table(Greeting), good_for=180)


def copy(seconds_ahead: float) -> Flask:
    """Return a copy of the wizard whose clock is so many seconds ahead of the others'."""
    settings = Settings.from_environment(
        {"WIZARD_SECRET_KEY": "a secret key of the tests, long enough", "WIZARD_RATE_LIMITS": "off"}
    )
    return create_app(settings, now=lambda: NOW + seconds_ahead)


@pytest.fixture(scope="module")
def here() -> Flask:
    return copy(0)


@pytest.mark.parametrize(("seconds_ahead", "taken"), [(0, True), (1, True), (60, True), (61, False), (3600, False),
                                                      (-180, True), (-181, False)])  # fmt: skip
def test_a_text_of_another_copy_may_come_from_a_minute_ahead_and_gets_no_older(
    here: Flask, seconds_ahead: int, taken: bool
) -> None:
    with copy(seconds_ahead).app_context():
        written = GREETING.write(Greeting("hello"))
    with here.app_context():
        if taken:
            assert GREETING.read(written) == Greeting("hello")
        else:
            with pytest.raises(ExpiredError):
                GREETING.read(written)


def test_a_text_that_was_changed_or_signed_for_another_purpose_is_refused(here: Flask) -> None:
    elsewhere = Signed("farewell", GREETING.table, GREETING.good_for)
    with here.app_context():
        written = GREETING.write(Greeting("hello"))
        refused = [(GREETING, given) for given in (written[:-1], written + "x", "", "x.y.z", "é" * 9)]
        for signed, given in (*refused, (elsewhere, written)):
            with pytest.raises(StoredError):
                signed.read(given)


@pytest.mark.parametrize(
    ("seconds_ahead", "status"), [(1, 200), (60, 200), (120, 410), (-7 * DAY, 200), (-7 * DAY - 60, 410)]
)
def test_a_link_opens_on_a_copy_whose_clock_is_behind(
    here: Flask, rsa_2048: rsa.RSAPrivateKey, seconds_ahead: int, status: int
) -> None:
    asking = carrying(copy(seconds_ahead), told("register", rsa_2048), began=NOW + seconds_ahead)
    link = asking.visit("/steps/register").press("Write the message").copied("share-link")
    assert PageClient(here).visit(link, unchecked={"csrf"}).status == status


def test_a_link_from_a_clock_that_is_ahead_has_not_expired(here: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    asking = carrying(copy(180), told("register", rsa_2048), began=NOW + 180)
    link = asking.visit("/steps/register").press("Write the message").copied("share-link")
    page = PageClient(here).visit(link)
    assert (page.status, page.heading) == (410, "This link is ahead of its time")
    assert "Open the link again in a few minutes" in page.text


@pytest.mark.parametrize("year", [1970, 2001, 2023, 2058, 2150, 2250])
def test_links_are_made_and_opened_by_a_clock_that_is_years_wrong(year: int, rsa_2048: rsa.RSAPrivateKey) -> None:
    ahead = datetime(year, 6, 1, tzinfo=UTC).timestamp() - NOW
    app = copy(ahead)
    journey = replace(told("register", rsa_2048), key_known_since=int(NOW + ahead))
    asking = carrying(app, journey, began=NOW + ahead)
    page = asking.visit("/steps/register").press("Write the message")
    assert page.status == 200
    assert asking.visit("/steps/register").status == 200
    assert PageClient(app).visit(page.copied("share-link"), unchecked={"csrf"}).status == 200


@pytest.mark.parametrize(
    ("seconds_ahead", "kept"), [(1, True), (60, True), (120, False), (-DAY, True), (-DAY - 1, False)]
)
def test_the_cookie_of_a_copy_whose_clock_is_ahead_is_taken(
    here: Flask, rsa_2048: rsa.RSAPrivateKey, seconds_ahead: int, kept: bool
) -> None:
    there = copy(seconds_ahead)
    cookie = carrying(there, told("register", rsa_2048), began=NOW + seconds_ahead)._client.get_cookie("wizard")
    assert cookie is not None
    client = PageClient(here)
    client.put_cookie("wizard", cookie.value)
    assert client.visit("/steps/register").path == ("/steps/register" if kept else "/steps/account")
