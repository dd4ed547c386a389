"""The tool that has to log in, in a real browser: found and chosen with one click, and on the first screen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.walker import USER, AccountStep, Administrator, HandoverStep, KeyStep, StartPage, post, stand_at
from tests.web.walking import private_pem, public_base64
from wizard.snowflake.key import PublicKey

SCREENS = {"desktop": (1280, 800), "phone": (390, 844)}


def on_the_first_screen(page: Page, *parts: Locator) -> None:
    """Expect that all of these lie inside the window of a page that was just opened."""
    assert page.evaluate("scrollY") == 0
    window = page.viewport_size
    assert window
    for part in parts:
        box = part.bounding_box()
        assert box and box["y"] >= 0, part
        assert box["y"] + box["height"] <= window["height"], f"{part} ends at {box['y'] + box['height']}"


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest, new_page: Callable[..., Page]) -> Page:
    page = new_page(window=request.param)
    width, height = SCREENS[request.param]
    page.set_viewport_size({"width": width, "height": height})
    return page


def test_the_start_page_shows_its_question_and_where_to_begin_on_the_first_screen(screen: Page) -> None:
    screen.goto("/")
    asked = screen.get_by_role("heading", name="What has to log in?")
    begin = screen.get_by_role("link", name="Begin")
    on_the_first_screen(screen, asked, screen.get_by_label("Find a tool"), begin, screen.locator("[data-tool]").first)


def test_typing_leaves_the_tools_of_that_name_and_the_one_for_the_rest_and_one_click_begins(page: Page) -> None:
    StartPage.open(page)
    page.evaluate("window.sameDocument = true")
    box, tiles = page.get_by_label("Find a tool"), page.locator("[data-tool]:visible")
    box.fill("SNOW")
    the_rest = "Any other hub or BI tool"
    expect(tiles).to_have_text([the_rest, "snowflake-sql-api", "Snowpark for Python", "Snowflake CLI", "SnowSQL"])
    begin = page.get_by_role("link", name="Begin")
    before = begin.bounding_box()
    box.fill("teleprinter")
    expect(page.get_by_text(f"None of this name. “{the_rest}” has the fields")).to_be_visible()
    expect(tiles).to_have_text([the_rest])
    assert begin.bounding_box() == before
    box.fill("dbt")
    expect(page.get_by_text("None of this name.")).to_be_hidden()
    expect(tiles).to_have_text([the_rest, "dbt"])
    tiles.last.click()
    AccountStep(page)
    assert page.evaluate("window.sameDocument")
    expect(page.get_by_role("navigation", name="Progress").get_by_text("dbt")).to_be_visible()


def test_enter_takes_the_one_tool_that_is_left(page: Page) -> None:
    StartPage.open(page)
    box = page.get_by_label("Find a tool")
    for several in ("", "snow", "teleprinter"):
        box.fill(several)
        box.press("Enter")
        expect(box).to_be_visible()
    box.fill("jdbc")
    box.press("Enter")
    AccountStep(page)
    expect(page.get_by_role("navigation", name="Progress").get_by_text("JDBC")).to_be_visible()


def test_without_script_there_is_no_box_and_every_tool_is_a_link(new_page: Callable[..., Page]) -> None:
    page = new_page(javascript=False)
    page.goto("/")
    expect(page.get_by_label("Find a tool")).to_be_hidden()
    page.get_by_role("link", name="Tableau").click()
    AccountStep(page)


def test_for_a_tool_that_opens_no_passphrase_the_key_is_made_without_one(
    page: Page, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page.request.get("/begin/spark")
    stand_at(page, "key", PublicKey.from_base64(public_base64(rsa_2048)))
    step = KeyStep(page)
    expect(page.get_by_text("Spark can’t open a key with a passphrase")).to_be_visible()
    expect(page.get_by_label("Save it without a passphrase")).to_be_checked()
    expect(page.get_by_label("Passphrase for the file")).to_be_hidden()
    step.press("Make my key pair")
    expect(page.get_by_role("button", name="Save rsa_key.p8")).to_be_visible()


def stand_at_the_end(page: Page, key: rsa.RSAPrivateKey, server: Served, tool: str = "") -> None:
    """Open the hand-over, for a tool if one is named, with everything before it answered."""
    public = PublicKey.from_base64(public_base64(key))
    stand_at(page, "test", public)
    Administrator(server.url).run(f"ALTER USER {USER} SET RSA_PUBLIC_KEY='{public.base64}';")
    post(page, "test", {"private_key_text": private_pem(key).decode()})
    page.goto(f"/steps/handover?tool={tool}" if tool else "/steps/handover")


@pytest.mark.parametrize("tool", ["", "dbt", "hub", "python-connector"])
def test_the_hand_over_shows_what_to_do_on_the_first_screen(
    screen: Page, rsa_2048: rsa.RSAPrivateKey, wizard_server: Served, tool: str
) -> None:
    stand_at_the_end(screen, rsa_2048, wizard_server, tool)
    what = screen.locator(".copy-head:visible, .copy-value:visible, [data-tool]:visible").first
    on_the_first_screen(
        screen, screen.get_by_role("heading", level=1), what, screen.get_by_role("link", name="Finish", exact=True)
    )


def test_the_receipt_shows_its_button_on_the_first_screen_and_fits_on_one_sheet(
    screen: Page, rsa_2048: rsa.RSAPrivateKey, wizard_server: Served
) -> None:
    stand_at_the_end(screen, rsa_2048, wizard_server, "dbt")
    HandoverStep(screen).follow("Finish")
    expect(screen.get_by_role("heading", level=1)).to_have_text("Done")
    on_the_first_screen(screen, screen.get_by_role("link", name="Save the receipt"))
    paper = screen.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_on_paper_the_hand_over_is_for_the_chosen_tool_and_nothing_is_cut_off(
    page: Page, rsa_2048: rsa.RSAPrivateKey, wizard_server: Served
) -> None:
    stand_at_the_end(page, rsa_2048, wizard_server, "python-connector")
    page.emulate_media(media="print")
    expect(page.locator(".tool-choice")).to_be_hidden()
    text = page.locator("pre:has([data-copy=python-connector])")
    expect(text).to_be_visible()
    assert text.evaluate("(text) => text.scrollHeight <= text.clientHeight && text.scrollWidth <= text.clientWidth")
