"""The test page as a scene: what is in sight, what stays where it is, and how it ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Page, Route, ViewportSize, expect

from tests.e2e.conftest import NewPage
from tests.e2e.test_visit import WATCH_SHIFTS
from tests.e2e.walker import Administrator, TestStep, focus, stand_at
from tests.web.walking import private_pem, public_base64
from wizard.snowflake.key import PublicKey

PASSPHRASE = "correct horse battery 7"
SCREENS: dict[str, ViewportSize] = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
MOST_WORDS = 140
IN_SIGHT = """() => {
  const main = document.querySelector("main");
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  let words = 0;
  while (texts.nextNode()) {
    const { parentElement: holder, textContent } = texts.currentNode;
    if (seen(holder) && !holder.closest(".visually-hidden")) words += textContent.split(/\\s+/).filter(Boolean).length;
  }
  const filled = [...main.querySelectorAll(".button-primary")].filter(seen);
  return [words, filled.map((button) => button.getBoundingClientRect().bottom)];
}"""
MIDDLES = """() => [".scene-private", ".scene-public"].map((half) => {
  const { left, width } = document.querySelector(half).getBoundingClientRect();
  return Math.round(left + width / 2);
})"""


@pytest.fixture
def administrator(administrator: Administrator, rsa_2048: rsa.RSAPrivateKey) -> Administrator:
    """Somebody who has put the key on JANE."""
    administrator.run(f"ALTER USER JANE SET RSA_PUBLIC_KEY='{public_base64(rsa_2048)}';")
    return administrator


@pytest.fixture
def file(rsa_2048: rsa.RSAPrivateKey, tmp_path: Path) -> Path:
    path = tmp_path / "rsa_key.p8"
    path.write_bytes(private_pem(rsa_2048))
    return path


def at_the_test(page: Page, key: rsa.RSAPrivateKey) -> TestStep:
    stand_at(page, "test", PublicKey.from_base64(public_base64(key)))
    return TestStep(page)


class HeldRows:
    """The rows of tests wait from now on, until they are let go."""

    def __init__(self, page: Page) -> None:
        self._waiting: list[Route] | None = []
        page.route("**/steps/test/rows", lambda route: self._hold(route))

    def _hold(self, route: Route) -> None:
        if self._waiting is None:
            route.continue_()
        else:
            self._waiting.append(route)

    def let_go(self) -> None:
        waiting, self._waiting = self._waiting or [], None
        for route in waiting:
            route.continue_()


def shifts(page: Page) -> list[str]:
    """Return what has moved since the last time."""
    found: list[str] = page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(shifts.splice(0)), 50)))"
    )
    return [shift for shift in found if not shift.startswith("0.0000")]


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize("window", SCREENS)
def test_the_question_the_file_and_one_filled_button_are_on_the_first_screen(
    new_page: NewPage, rsa_2048: rsa.RSAPrivateKey, window: str, javascript: bool
) -> None:
    page = new_page(window=window, javascript=javascript, viewport=SCREENS[window])
    step = at_the_test(page, rsa_2048)
    if javascript:
        expect(page.locator("browser-test > [data-part=works]")).to_be_visible()
    assert step.main.locator("input[type=file]:visible").count() == 1
    words, buttons = page.evaluate(IN_SIGHT)
    assert words <= MOST_WORDS
    assert len(buttons) == 1
    assert buttons[0] <= SCREENS[window]["height"]


def test_a_failed_test_is_one_screen_on_a_desktop_and_tests_again_in_place(
    new_page: NewPage, administrator: Administrator, rsa_2048: rsa.RSAPrivateKey, file: Path
) -> None:
    page = new_page(viewport=SCREENS["desktop"])
    page.add_init_script(WATCH_SHIFTS)
    administrator.play("wrong-key")
    run = at_the_test(page, rsa_2048).with_file_in_browser(file, "")
    assert run.verdict() == "failed"
    causes = run.causes()
    assert len(causes) == 5
    page.locator(".practising").evaluate("(banner) => banner.remove()")  # a real walk has none
    ends = page.locator("[data-cause]").last.evaluate("(cause) => cause.getBoundingClientRect().bottom")
    assert ends <= SCREENS["desktop"]["height"]
    assert len(page.evaluate(IN_SIGHT)[1]) == 1
    assert run.main.locator("input[type=file]:visible").count() == 0, "the page holds the key"
    again = page.get_by_role("button", name="Test again")
    for size in reversed(SCREENS.values()):
        page.set_viewport_size(size)
        page.evaluate("scrollTo(0, 0)")
        first = page.locator("[data-cause]").first.evaluate("(cause) => cause.getBoundingClientRect().top")
        expect(again).to_be_in_viewport(ratio=1)
        assert first < again.evaluate("(button) => button.getBoundingClientRect().top"), "why, before what to press"

    held = HeldRows(page)
    shifts(page)
    run.press("Test again")
    expect(page.locator(".scene-running")).to_be_visible()
    assert run.causes() == causes, "they stay in sight"
    assert not page.locator("[data-verdict]").count()
    assert focus(page) == "button: Test again"
    assert not shifts(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    run.press("Test again")
    page.wait_for_timeout(300)
    assert not [address for address in asked if "favicon" not in address], "one test at a time"
    administrator.play("fine")
    held.let_go()
    assert run.verdict() == "passed"
    assert run.causes() == []
    expect(page.get_by_role("heading", name="It connects.", level=1)).to_be_focused()


@pytest.mark.parametrize("window", SCREENS)
def test_the_rows_come_in_order_nothing_moves_and_the_halves_of_the_key_meet(
    new_page: NewPage, administrator: Administrator, rsa_2048: rsa.RSAPrivateKey, file: Path, window: str
) -> None:
    page = new_page(window=window, viewport=SCREENS[window])
    page.add_init_script(WATCH_SHIFTS)
    step = at_the_test(page, rsa_2048)
    mine, theirs = page.evaluate(MIDDLES)
    assert theirs - mine > SCREENS[window]["width"] / 3, "each stands at its end"
    held = HeldRows(page)
    run = step.with_file_in_browser(file, "")
    expect(page.locator(".check-running").last).to_be_visible()
    where = page.locator(".check").evaluate_all("(rows) => rows.map((row) => row.getBoundingClientRect().top)")
    shifts(page)
    held.let_go()
    assert run.verdict() == "passed"
    assert not shifts(page)
    rows = page.locator("li.check[data-check]")
    assert rows.evaluate_all("(rows) => rows.map((row) => row.getBoundingClientRect().top)") == where
    mine, theirs = page.evaluate(MIDDLES)
    assert mine == theirs
    assert page.evaluate("document.getAnimations().length") == 0, "who asks for no motion sees none"
    _, buttons = page.evaluate(IN_SIGHT)
    assert len(buttons) == 1
    assert buttons[0] <= SCREENS[window]["height"]


def test_what_was_wrong_with_a_passphrase_goes_away_when_another_is_typed(
    page: Page, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    sealed = tmp_path / "rsa_key.p8"
    sealed.write_bytes(private_pem(rsa_2048, PASSPHRASE))
    step = at_the_test(page, rsa_2048)
    page.get_by_label("Your private key file").set_input_files(sealed)
    passphrase = page.get_by_label("Its passphrase", exact=True)
    passphrase.fill("not this one")
    step.press("Test the connection")
    expect(step.alert).to_be_visible()
    passphrase.press_sequentially("x")
    expect(step.alert).to_have_count(0)


def test_a_remark_under_a_passed_test_is_announced_beside_the_button(
    page: Page, administrator: Administrator, rsa_2048: rsa.RSAPrivateKey, file: Path
) -> None:
    administrator.play("no-warehouse")
    run = at_the_test(page, rsa_2048).with_file_in_browser(file, "")
    assert run.verdict() == "passed"
    run.follow("It works, but fix this")
    expect(page.locator("[data-cause=warehouse-unusable]")).to_be_in_viewport()
    expect(run.main).not_to_contain_text(re.compile("This is the cause|Most likely"))


def test_the_page_signs_for_what_may_be_asked_again_which_finds_the_cause(
    page: Page, administrator: Administrator, rsa_2048: rsa.RSAPrivateKey, file: Path
) -> None:
    by_locator = "jdbc:snowflake://practice-snowflake.localhost/?account=PX00000"
    stand_at(page, "test", PublicKey.from_base64(public_base64(rsa_2048)), account=by_locator)
    run = TestStep(page).with_file_in_browser(file, "")
    assert run.verdict() == "failed"
    assert run.causes() == ["account-form"]
    page.get_by_text("Stopped at: The login").click()
    assert run.rows()["probe-account"] == "passed"
