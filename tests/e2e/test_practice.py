"""Practising: a failure is chosen, met, and mended, with what matters in sight on a desktop and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.e2e.conftest import NewPage
from tests.e2e.walker import Administrator, TestStep, stand_at
from tests.web.walking import private_pem, public_base64
from wizard.snowflake.key import PublicKey

SIZES: dict[str, ViewportSize] = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(params=SIZES)
def sized_page(new_page: NewPage, request: pytest.FixtureRequest) -> Page:
    page = new_page(window=request.param)
    page.set_viewport_size(SIZES[request.param])
    return page


def is_in_sight(found: Locator) -> bool:
    """Whether all of an element is in the window, and nothing lies over its middle."""
    in_sight: bool = found.evaluate(
        """(element) => {
          const box = element.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth && element.contains(top);
        }"""
    )
    return in_sight


@pytest.mark.parametrize("scenario", ["fine", "wrong-key", "no-warehouse", "inspecting-proxy", "pending"])
def test_what_plays_and_the_one_act_are_in_sight_before_and_after_scrolling(
    sized_page: Page, administrator: Administrator, scenario: str
) -> None:
    administrator.play(scenario)
    sized_page.goto("/practice")
    act = sized_page.get_by_role("button", name="Behave like this")
    seen = [sized_page.get_by_role("heading", level=1), sized_page.locator(".practice-now-title"), act]
    assert all(is_in_sight(one) for one in seen)
    assert sized_page.locator("main .button-primary").count() == 1
    sized_page.get_by_text("Slow or busy").scroll_into_view_if_needed()
    assert is_in_sight(sized_page.locator(".practice-now-title"))
    assert is_in_sight(act)


def test_a_failure_is_named_met_and_mended_by_what_the_test_prints(
    sized_page: Page, administrator: Administrator, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    page = sized_page
    file = tmp_path / "rsa_key.p8"
    file.write_bytes(private_pem(rsa_2048))
    administrator.run(f"ALTER USER JANE SET RSA_PUBLIC_KEY='{public_base64(rsa_2048)}';")
    administrator.play("disabled")
    stand_at(page, "test", PublicKey.of_private(rsa_2048))
    practising = page.get_by_role("complementary", name="Practising")
    expect(practising).to_contain_text("Practising: the user is disabled")
    assert is_in_sight(practising)
    failed = TestStep(page).with_file(file, "")
    assert failed.verdict() == "failed"
    statement = page.locator("[data-cause=user-disabled] [data-copy]").first.text_content() or ""

    sheet = page.context.new_page()
    sheet.goto("/practice/worksheet")
    sheet.get_by_label("SQL").fill(statement)
    sheet.get_by_role("button", name="Run").click()
    expect(sheet.get_by_role("heading", name="Mended for JANE")).to_be_visible()
    sheet.close()

    page.goto("/steps/test")
    assert TestStep(page).with_file(file, "").verdict() == "passed"
    expect(practising).to_have_count(0)


def test_ending_a_failure_at_a_step_leaves_the_document_and_the_step_as_they_are(
    page: Page, administrator: Administrator
) -> None:
    administrator.play("clock-slow")
    stand_at(page, "key")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("button", name="Stop this").click()
    expect(page.get_by_role("complementary", name="Practising")).to_have_count(0)
    assert page.url.endswith("/steps/key")
    assert page.evaluate("window.sameDocument") is True


def test_a_grid_shows_properties_and_values_and_copies_itself_whole(
    sized_page: Page, administrator: Administrator, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page, key = sized_page, public_base64(rsa_2048)
    administrator.run(f"ALTER USER JANE SET RSA_PUBLIC_KEY='{key}';")
    page.add_init_script("navigator.clipboard.writeText = async (text) => { globalThis.copied = text; }")
    page.goto("/practice/worksheet")
    page.get_by_label("SQL").fill("DESC USER JANE;")
    page.get_by_role("button", name="Run").click()
    rows = page.get_by_role("region", name="Rows of result 1")
    fits = "(region) => region.scrollWidth <= region.clientWidth"
    assert rows.evaluate(fits), "properties and values have the whole width, and no more"
    heights = rows.locator("tbody tr").evaluate_all("(rows) => rows.map((row) => row.offsetHeight)")
    assert max(heights) < 70, "a long value is shortened"
    description = rows.get_by_role("columnheader", name="description")
    expect(description).to_be_hidden()
    page.get_by_label("All columns").check()
    expect(description).to_be_visible()

    rows.locator("summary").click()
    expect(rows.get_by_text(key, exact=True)).to_be_visible()
    copy = page.get_by_role("button", name="Copy the grid")
    copy.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("copied") == page.locator('[data-copy="result-1"]').text_content()
    expect(copy).to_be_visible()


def test_without_a_clipboard_the_text_of_a_grid_opens_and_is_selected(page: Page, administrator: Administrator) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto("/practice/worksheet")
    page.get_by_label("SQL").fill("SELECT CURRENT_USER();")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Copy the grid").click()
    text = page.locator('[data-copy="result-1"]')
    expect(text).to_be_visible()
    assert page.evaluate("getSelection().toString()").strip() == (text.text_content() or "").strip()
