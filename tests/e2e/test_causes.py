"""The pages of the causes in a browser: found by what a program printed, and begun with what to do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect


def test_the_list_is_searched_without_asking_the_server(page: Page) -> None:
    page.goto("/causes", wait_until="networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    box = page.get_by_label("Find a word")
    shown = page.locator(".cause-list a:visible")
    box.fill("394304")
    expect(shown).to_have_text(["Snowflake holds another key for this user"])
    box.fill("no cause is called this")
    expect(shown).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="None has these words")).to_be_visible()
    assert [address for address in asked if "favicon" not in address] == []  # Chromium asks for that when it likes


@pytest.mark.parametrize("cause", ["key-mismatch", "account-region-in-claim", "key-cipher", "connection-blocked"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_what_to_do_first_is_on_the_first_screen(page: Page, cause: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/causes/{cause}")
    box = page.locator(".fix").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= size[1]


def test_a_neighbour_is_one_click_away(page: Page) -> None:
    page.goto("/causes/key-mismatch")
    page.get_by_text("What looks alike").click()
    page.get_by_role("link", name="The public key is not on this user").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The public key is not on this user")
    expect(page).to_have_url(re.compile("/causes/key-not-registered$"))
