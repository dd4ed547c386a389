"""With letters of twice the size, as a browser's own setting makes them, a phone shows words, no column of letters."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Page

from tests.e2e.conftest import Served
from tests.e2e.walker import USER, Administrator, post, stand_at
from tests.web.walking import private_pem
from wizard.snowflake.key import PublicKey

PAGES = (
    "/", "/steps/account", "/steps/user", "/steps/key", "/steps/register", "/steps/verify", "/steps/test",
    "/steps/handover", "/steps/handover?tool=dbt", "/done", "/practice", "/practice/worksheet", "/how-it-works",
    "/causes", "/causes/key-cipher", "/keys/commands",
)  # fmt: skip

# Texts of which three lines and more are narrower than two letters, and how far the page is wider than the window.
LOOK = """() => {
  const narrow = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const parent = text.parentElement;
    if (text.textContent.trim().length < 4 || parent.closest(".visually-hidden, svg")) continue;
    if (!parent.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const widths = [...range.getClientRects()].map((line) => line.width);
    if (widths.length >= 3 && Math.max(...widths) < 2.2 * parseFloat(getComputedStyle(parent).fontSize)) {
      narrow.push(text.textContent.trim().slice(0, 40));
    }
  }
  return { narrow, wider: document.documentElement.scrollWidth - innerWidth };
}"""


@pytest.fixture
def walked(page: Page, wizard_server: Served, rsa_2048: rsa.RSAPrivateKey) -> Page:
    """A window with letters of 32 pixels on which every step is done."""
    key = PublicKey.of_private(rsa_2048)
    Administrator(wizard_server.url).run(f"ALTER USER {USER} SET RSA_PUBLIC_KEY='{key.base64}';")
    stand_at(page, "test", key)
    post(page, "test", {"private_key_text": private_pem(rsa_2048).decode()})
    page.set_viewport_size({"width": 390, "height": 844})
    browser = page.context.new_cdp_session(page)
    browser.send("Page.enable")
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    return page


def test_letters_of_twice_the_size_fit_a_phone(walked: Page) -> None:
    found = {}
    for path in PAGES:
        walked.goto(path)
        assert walked.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        found[path] = walked.evaluate(LOOK)
    assert {path: seen for path, seen in found.items() if seen["narrow"] or seen["wider"] > 0} == {}
