"""How often a person has to click on the whole walk with a key made in the browser, the check by DESC USER included."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.walker import ACCOUNT, USER, Administrator

MOST_CLICKS = 16


class Hand:
    """Somebody who clicks and types, and counts the clicks by page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks: dict[str, list[str]] = {}

    def click(self, at: str, role: str, name: str, within: Page | Locator | None = None) -> None:
        place = within or self.page.get_by_role("main")
        place.get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]
        self.clicks.setdefault(at, []).append(name)

    def shown(self, slug: str) -> None:
        expect(self.page.locator(f"main[data-step={slug}]")).to_be_visible()

    def pasted(self, label: str) -> None:
        """Put the cursor into a box, which needs a click where it isn't there, and paste."""
        box = self.page.get_by_label(label, exact=True)
        if not box.evaluate("(box) => box === document.activeElement"):
            box.click()
            self.clicks.setdefault("cursor", []).append(label)
        self.page.keyboard.press("Control+V")


def test_the_walk_with_a_key_made_in_the_browser_takes_16_clicks(
    new_page: NewPage, administrator: Administrator
) -> None:
    page = new_page()
    hand = Hand(page)
    page.goto("/")
    hand.click("start", "link", "dbt")
    hand.shown("account")
    page.keyboard.type(ACCOUNT)
    hand.click("account", "button", "Continue")
    hand.shown("user")
    page.keyboard.type(USER)
    hand.click("user", "button", "Continue")

    hand.shown("key")
    hand.click("key", "button", "Make one for me")
    hand.click("key", "button", "Copy the passphrase")
    hand.click("key", "button", "Make my key pair")
    with page.expect_download():
        hand.click("key", "button", "Save rsa_key.p8")
    hand.click("key", "button", "Continue")

    hand.shown("register")
    with page.context.expect_page() as opened:
        hand.click("register", "button", "Open it in the worksheet")
    sheet = opened.value
    hand.click("register", "button", "Run", sheet.get_by_role("main"))
    answer = sheet.get_by_role("region", name="Result 3", exact=True)
    hand.click("register", "button", "Copy the grid of result 3", answer)
    expect(answer).to_contain_text("Copied")
    page.bring_to_front()
    hand.click("register", "button", "I’ve run it")
    hand.shown("verify")
    hand.pasted("What DESC USER answered")
    hand.click("verify", "button", "Compare")

    hand.shown("test")
    hand.click("test", "button", "Test the connection")
    expect(page.locator("[data-verdict=passed]")).to_be_visible()
    hand.click("test", "link", "Put it to work")
    hand.shown("handover")
    expect(page.get_by_role("heading", name="1. Connect dbt")).to_be_visible()
    counted = sum(map(len, hand.clicks.values()))
    assert counted <= MOST_CLICKS, hand.clicks
