"""The administrator's page in a browser: what they paste takes them on within the page, and Back leaves it."""

from __future__ import annotations

import re

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.walker import Administrator, stand_at
from wizard.snowflake.key import PublicKey


@pytest.fixture
def key(rsa_2048: rsa.RSAPrivateKey) -> PublicKey:
    return PublicKey.of_private(rsa_2048)


@pytest.fixture
def asked(page: Page, key: PublicKey, new_page: NewPage) -> Page:
    """The administrator's own window, where the link was opened from another page."""
    stand_at(page, "register", key)
    page.locator("summary", has_text="An administrator").click()
    page.get_by_role("button", name="Write the message").click()
    link = page.locator("[data-copy=share-link]").text_content() or ""
    theirs = new_page()
    theirs.goto("/how-it-works")
    theirs.goto(link)
    return theirs


def paste(page: Page, answer: str, button: str) -> None:
    page.get_by_label("What DESC USER answered").fill(answer)
    page.get_by_role("button", name=button).click()


def test_back_leaves_the_administrators_page_however_much_was_pasted_there(
    asked: Page, administrator: Administrator, key: PublicKey
) -> None:
    paste(asked, administrator.describe(), "Check the user")
    expect(asked.get_by_text("Slot 1 is free.")).to_be_visible()
    administrator.run(f"ALTER USER JANE SET RSA_PUBLIC_KEY='{key.base64}';")
    paste(asked, administrator.describe(), "Compare")
    expect(asked.get_by_role("heading", name="Done. JANE has the key.")).to_be_focused()
    asked.go_back()
    expect(asked).to_have_url(re.compile("/how-it-works$"))
    asked.go_forward()
    expect(asked.get_by_role("heading", name="Add a key for JANE")).to_be_visible()


def test_the_link_that_they_send_back_takes_the_asker_to_the_test_when_they_say_so(
    page: Page, asked: Page, administrator: Administrator, key: PublicKey
) -> None:
    administrator.run(f"ALTER USER JANE SET RSA_PUBLIC_KEY='{key.base64}';")
    paste(asked, administrator.describe(), "Check the user")
    link = asked.locator("[data-copy=return-link]").text_content() or ""
    page.goto(link)
    expect(page.get_by_role("heading", name="Your administrator has set the key of JANE")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile("/steps/test$"))
    expect(page.get_by_role("button", name="Test the connection")).to_be_visible()


def test_back_from_the_refusal_to_send_leads_to_the_page_that_asks(asked: Page) -> None:
    asked.get_by_text("I won’t run this").click()
    asked.get_by_label("reason").fill("Ask for a service user.")
    asked.get_by_role("button", name="Write my answer").click()
    expect(asked.get_by_role("heading", name="Send this to the person who asked")).to_be_visible()
    asked.get_by_role("link", name="Back").click()
    expect(asked.get_by_role("heading", name="Add a key for JANE")).to_be_visible()
    asked.go_back()
    expect(asked).to_have_url(re.compile("/how-it-works$"))
