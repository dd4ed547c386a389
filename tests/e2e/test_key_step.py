"""The key step in its states: on the first screen stands what is needed to act, and one button is filled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.walker import KeyStep, MadeKey, stand_at
from tests.web.walking import private_pem, public_base64
from wizard.snowflake.key import PublicKey

SCREENS = {"desktop": (1280, 800), "phone": (390, 844)}
MOST_WORDS = 140
PASSPHRASE = "a passphrase of mine"

# The words that can be read, and the filled buttons with the places where they begin and end.
SEEN = """() => {
  const seen = (element) => element.checkVisibility({ visibilityProperty: true })
    && !element.closest("option, svg, script, noscript, .visually-hidden");
  const main = document.querySelector("main"), words = [];
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (seen(texts.currentNode.parentElement)) words.push(...texts.currentNode.textContent.split(/\\s+/));
  }
  const filled = [...main.querySelectorAll(".button-primary")].filter(seen).map((button) => {
    const { top, bottom } = button.getBoundingClientRect();
    return [button.textContent.trim(), top, bottom];
  });
  return { words: words.filter(Boolean), filled, title: document.querySelector("h1").getBoundingClientRect().top };
}"""


def expect_one_act(page: Page, button: str) -> None:
    """Expect few words, and the page's title and its one filled button inside the window of a page at its top."""
    page.evaluate("scrollTo(0, 0)")
    window, seen = page.viewport_size, page.evaluate(SEEN)
    assert window
    assert len(seen["words"]) <= MOST_WORDS, " ".join(seen["words"])
    assert [name for name, _, _ in seen["filled"]] == [button]
    [(_, top, bottom)] = seen["filled"]
    assert 0 <= seen["title"] < top
    assert bottom <= window["height"], f"{button} ends at {bottom}"


@pytest.fixture(params=SCREENS)
def open_page(request: pytest.FixtureRequest, new_page: Callable[..., Page]) -> Callable[..., Page]:
    def opened(**options: bool) -> Page:
        width, height = SCREENS[request.param]
        page = new_page(window=request.param, **options)
        page.set_viewport_size({"width": width, "height": height})
        return page

    return opened


def a_file(key: rsa.RSAPrivateKey, passphrase: str = "") -> FilePayload:
    return FilePayload(name="rsa_key.p8", mimeType="", buffer=private_pem(key, passphrase))


def test_each_way_has_one_act_on_the_first_screen(open_page: Callable[..., Page]) -> None:
    page = open_page()
    stand_at(page, "key")
    step = KeyStep(page)
    expect(page.get_by_label("Make it in this browser")).to_be_checked()
    expect_one_act(page, "Make my key pair")
    step.press("Make one for me")
    expect_one_act(page, "Make my key pair")
    page.get_by_label("Passphrase for the file").fill("")
    step.press("Make my key pair")
    expect(step.alert).to_be_focused()
    expect_one_act(page, "Make my key pair")
    step.choose("I have a key file")
    expect_one_act(page, "Open it here")


def test_a_key_that_is_made_has_one_act_before_and_after_it_is_saved(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page()
    stand_at(page, "key")
    KeyStep(page).press("Make one for me")
    KeyStep(page).press("Make my key pair")
    made = MadeKey(page)
    expect(made.main.locator("[data-face]")).to_be_visible()
    expect_one_act(page, "Save rsa_key.p8")
    made.save_private(tmp_path)
    expect_one_act(page, "Continue")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(made.strip).to_be_in_viewport(ratio=1)


def test_a_key_that_is_opened_or_known_has_one_act(open_page: Callable[..., Page], rsa_2048: rsa.RSAPrivateKey) -> None:
    page = open_page()
    stand_at(page, "key")
    step = KeyStep(page).choose("I have a key file")
    page.get_by_label("Your private key file").set_input_files(a_file(rsa_2048, PASSPHRASE))
    expect(page.get_by_label("Its passphrase", exact=True).first).to_be_focused()
    expect_one_act(page, "Open it here")
    page.get_by_label("Your private key file").set_input_files(a_file(rsa_2048))
    MadeKey(page)
    expect(step.main.get_by_role("heading", name="This page holds your key")).to_be_visible()
    expect_one_act(page, "Continue")
    stand_at(page, "register", PublicKey.from_base64(public_base64(rsa_2048)))
    page.goto("/steps/key")
    expect_one_act(page, "Continue with this key")


def test_without_scripts_each_way_has_one_act_and_a_second_press_says_that_the_key_is_made(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(javascript=False)
    stand_at(page, "key")
    step = KeyStep(page)
    make = step.form.get_by_role("button", name="Make it on this server")
    expect_one_act(page, "Make it on this server")
    step.choose("I have a key file")
    expect_one_act(page, "Continue")
    step.choose("Have it made on this server")
    assert step.save(make, tmp_path).name == "rsa_key.p8"
    make.click()
    expect(page.get_by_role("heading", name="Your key is made, saved as rsa_key.p8")).to_be_visible()
    expect_one_act(page, "Continue with this key")


@pytest.mark.parametrize(
    ("way", "named"), [("Have it made on this server", "passphrase"), ("My own tools", "public_key")]
)
def test_without_scripts_the_act_is_in_sight_beside_an_error(
    open_page: Callable[..., Page], way: str, named: str
) -> None:
    page = open_page(javascript=False)
    stand_at(page, "key")
    step = KeyStep(page).choose(way)
    step.form.locator(f"[name={named}]").fill("short")
    act = step.form.locator(".button-primary:visible")
    name = act.inner_text().strip()
    act.click()
    expect(page.locator(f"#{named}-error")).to_be_visible()
    expect_one_act(page, name)


def test_label_hint_and_control_stand_as_close_as_everywhere(page: Page) -> None:
    stand_at(page, "key")
    gaps = page.evaluate(
        """() => {
          const fields = [...document.querySelectorAll(".field")].filter((field) => field.checkVisibility());
          return fields.map((field) => {
            const place = (part) => field.querySelector(part).getBoundingClientRect();
            const [label, hint, row] = [".field-label", ".field-hint", ".control-row"].map(place);
            return [Math.round(hint.top - label.bottom), Math.round(row.top - hint.bottom)];
          });
        }"""
    )
    assert gaps == [[4, 8]]
