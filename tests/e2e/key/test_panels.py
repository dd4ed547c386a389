"""The key step and the test step, as a person uses them: nothing of a private key leaves the page, or is left in it."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from playwright.sync_api import Browser, BrowserContext, Download, Page, Route, expect

from tests.e2e.key.stand import Stand
from tests.e2e.windows import window
from tests.key_damages import DAMAGES, same_key
from tests.key_files import PASSPHRASE, Files, openssl
from wizard.secret import Secret
from wizard.snowflake.key import KEY_NOTES, KEY_WORDS, PublicKey, open_private_key
from wizard.snowflake.token import check_token


def save(page: Page, button: str) -> Download:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    return waiting.value


def make_in(page: Page, passphrase: str = "") -> None:
    if passphrase:
        page.get_by_label("Passphrase for the file").fill(passphrase)
    else:
        page.get_by_label("Save it without a passphrase").check()
    page.get_by_role("button", name="Make my key pair").click()
    expect(page.get_by_role("button", name="Save rsa_key.p8", exact=True)).to_be_focused()


STORAGE = """async () => {
  const databases = (await indexedDB.databases()).map((one) => one.name);
  return JSON.stringify({
    local: { ...localStorage }, session: { ...sessionStorage }, caches: await caches.keys(), databases,
    cookie: document.cookie, name: window.name, history: history.state,
  });
}"""


def private_traces(data: bytes, passphrase: str) -> list[str]:
    """Every form in which a private number or the file itself could be written."""
    key = load_pem_private_key(data, passphrase.encode() or None)
    assert isinstance(key, rsa.RSAPrivateKey)
    numbers = key.private_numbers()
    traces = [passphrase] if passphrase else []
    traces += [line.decode() for line in data.splitlines()[1:-1]]
    for number in (numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp):
        whole = number.to_bytes((number.bit_length() + 7) // 8, "big")
        traces += [str(number), whole.hex(), whole.hex().upper()]
        for start in range(3):  # base64 of a longer run shows the number from any of three places
            traces.append(base64.b64encode(whole[start:]).decode().rstrip("=")[:-2])
            traces.append(base64.urlsafe_b64encode(whole[start:]).decode().rstrip("=")[:-2])
    return traces


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=["plain", "sealed"])
def test_a_key_is_made_saved_checked_and_tested_and_no_part_of_it_leaves_the_page(
    page: Page, context: BrowserContext, stand: Stand, passphrase: str, tmp_path: Path
) -> None:
    sent: list[str] = []
    context.on(
        "request",
        lambda request: sent.append(f"{request.url}\n{json.dumps(request.headers)}\n{request.post_data or ''}"),
    )
    make_in(page, passphrase)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Save rsa_key.p8 before you go on.")
    assert not stand.bodies

    download = save(page, "Save rsa_key.p8")
    assert download.suggested_filename == "rsa_key.p8"
    path = tmp_path / "rsa_key.p8"
    download.save_as(path)
    page.get_by_text("The public key, and a check of the saved file").click()
    public = save(page, "Save rsa_key.pub")
    assert public.suggested_filename == "rsa_key.pub"
    fingerprint = page.locator("[data-copy=fingerprint]").inner_text()
    opened = open_private_key(path.read_bytes(), Secret(passphrase))
    assert fingerprint == opened.public.fingerprint
    assert Path(public.path()).read_text() == opened.public.pem

    page.get_by_label("The file that you saved").set_input_files(path)
    if passphrase:
        page.get_by_label("Its passphrase (if it has one)").fill(passphrase)
    page.get_by_role("button", name="Check the saved file").click()
    expect(page.get_by_text("This file opens, and it holds this key.")).to_be_visible()

    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main[data-step=test]")).to_be_visible()
    assert stand.posted("/steps/key") == {
        "csrf_token": ["a-csrf-token"],
        "source": ["browser"],
        "public_key": [opened.public.base64],
    }
    expect(page.get_by_text("This page still holds your private key.")).to_be_visible()
    page.get_by_role("button", name="Test the connection").click()
    expect(page.locator("main[data-step=handover]")).to_be_visible()
    posted = stand.posted("/steps/test")
    assert sorted(posted) == ["browser_clock", "csrf_token", "measured", "token"]
    check_token(Secret(posted["token"][0]), stand.login, int(time.time()))

    everything = "\n".join(sent) + page.evaluate(STORAGE) + page.content()
    assert "PRIVATE KEY" not in everything
    for trace in private_traces(path.read_bytes(), passphrase):
        assert trace not in everything
    stored = json.loads(page.evaluate(STORAGE))
    assert not any((stored["local"], stored["session"], stored["caches"], stored["databases"]))


def test_no_control_that_takes_a_secret_has_a_name(page: Page, stand: Stand, files: Files) -> None:
    stand.journey_key = PublicKey.of_private(files.key)
    for slug in ("key", "test"):
        page.goto(f"/steps/{slug}")
        names = page.eval_on_selector_all(
            "[data-way=browser] input, [data-way=browser] select, [data-way=browser] textarea",
            "(controls) => controls.map((control) => control.name).filter(Boolean)",
        )
        assert set(names) <= {"csrf_token", "source"}


def test_the_step_is_not_left_with_a_key_that_is_not_saved(page: Page) -> None:
    make_in(page)
    page.get_by_role("link", name="Leave").click()
    expect(page.get_by_role("alert")).to_contain_text("Save rsa_key.p8 before you go on.")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("alert")).to_contain_text("Save rsa_key.p8 before you go on.")
    page.get_by_role("button", name="Use another key").click()
    page.get_by_role("link", name="Leave").click()
    expect(page.locator("main[data-step=register]")).to_be_visible()


def test_there_is_no_way_on_without_a_key_and_what_to_do_is_said(page: Page, stand: Stand) -> None:
    expect(page.locator("[data-key-continue]")).to_be_hidden()
    page.get_by_role("button", name="Make my key pair").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no passphrase yet.")
    page.get_by_label("Passphrase for the file").fill("short")
    page.get_by_role("button", name="Make my key pair").click()
    expect(page.get_by_role("alert")).to_contain_text("This passphrase has 5 characters.")
    assert not stand.bodies


def test_a_passphrase_made_by_the_page_opens_the_file_and_stays_in_reach_until_the_step_is_left(page: Page) -> None:
    page.get_by_role("button", name="Make one for me").click()
    shown = page.locator("[data-copy=made-passphrase]").inner_text()
    page.get_by_role("button", name="Make my key pair").click()
    data = Path(save(page, "Save rsa_key.p8").path()).read_bytes()
    assert open_private_key(data, Secret(shown)).form == "pkcs8-pbes2"
    expect(page.locator("[data-copy=kept-passphrase]")).to_have_text(shown)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main[data-step=test]")).to_be_visible()
    page.go_back()
    expect(page.locator("main[data-step=key]")).to_be_visible()
    assert shown not in page.content()
    expect(page.get_by_label("Passphrase for the file")).to_have_value("")


def test_a_passphrase_of_ones_own_is_not_shown_and_a_suggestion_goes_with_the_key(page: Page) -> None:
    page.get_by_role("button", name="Make one for me").click()
    suggested = page.locator("[data-copy=made-passphrase]").inner_text()
    make_in(page, PASSPHRASE)
    assert PASSPHRASE not in page.content()
    assert suggested not in page.content()
    page.get_by_role("button", name="Use another key").click()
    page.get_by_role("button", name="Make one for me").click()
    suggested = page.locator("[data-copy=made-passphrase]").inner_text()
    page.get_by_role("button", name="Make my key pair").click()
    page.get_by_role("button", name="Use another key").click()
    expect(page.get_by_role("button", name="Make my key pair")).to_be_visible()
    assert suggested not in page.content()


def test_one_button_is_filled_the_one_to_press_next(page: Page) -> None:
    filled = page.locator("[data-part=held] .button-primary")
    make_in(page)
    expect(page.get_by_role("heading", name="Your key pair is made")).to_be_visible()
    expect(filled).to_have_text("Save rsa_key.p8")
    save(page, "Save rsa_key.p8")
    expect(filled).to_have_text("Continue")
    expect(page.get_by_role("status").filter(has_text="Saved: rsa_key.p8")).to_be_visible()
    page.get_by_role("button", name="Use another key").click()
    expect(page.get_by_role("heading", name="key", exact=True)).to_be_visible()


def test_a_key_that_the_person_has_is_opened_here_and_can_be_saved_in_todays_form(
    page: Page, stand: Stand, files: Files
) -> None:
    old = openssl(
        "pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", "-passout", f"pass:{PASSPHRASE}", given=files.plain.encode()
    )
    page.get_by_label("I have a key file").check()
    page.get_by_label("Your private key file").set_input_files({"name": "old.pem", "mimeType": "", "buffer": old})
    expect(page.get_by_label("Its passphrase", exact=True)).to_be_focused()
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(KEY_WORDS["passphrase-wrong"]["message"])
    page.get_by_label("Its passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Open it here", exact=True).click()
    expect(page.get_by_text(KEY_NOTES["pbes1"])).to_be_visible()
    written = Path(save(page, "Save it in today’s form").path()).read_bytes()
    assert same_key(written, files.key, PASSPHRASE)
    assert open_private_key(written, Secret(PASSPHRASE)).notes == ()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main[data-step=test]")).to_be_visible()
    assert stand.posted("/steps/key")["public_key"] == [PublicKey.of_private(files.key).base64]


def test_a_key_file_is_dropped_onto_the_page(page: Page, files: Files) -> None:
    page.get_by_label("I have a key file").check()
    transfer = page.evaluate_handle(
        """(text) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "rsa_key.p8"));
          return transfer;
        }""",
        files.plain,
    )
    page.locator(".key-in-page [data-drop]").dispatch_event("drop", {"dataTransfer": transfer})
    expect(page.locator("[data-copy=fingerprint]")).to_have_text(PublicKey.of_private(files.key).fingerprint)


def test_a_damaged_file_is_explained_in_the_words_of_the_table(page: Page, files: Files) -> None:
    page.get_by_label("I have a key file").check()
    ssh = next(damage for damage in DAMAGES if damage.problem == "key-openssh").file(files)
    page.get_by_label("Your private key file").set_input_files({"name": "id_rsa", "mimeType": "", "buffer": ssh})
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(KEY_WORDS["key-openssh"]["message"])
    expect(alert).to_contain_text(KEY_WORDS["key-openssh"]["command"])
    expect(page.locator("[data-cause=key-openssh]")).to_be_visible()


def test_the_held_key_can_be_forgotten_on_every_step_and_a_reload_forgets_it(
    page: Page, stand: Stand, files: Files
) -> None:
    make_in(page)
    strip = page.get_by_role("region", name="Private key in this page")
    expect(strip).to_be_visible()
    strip.get_by_role("button").click()
    expect(strip.get_by_role("button")).to_have_text("It is not saved. Forget it for good?")
    strip.get_by_role("button").click()
    expect(strip).to_be_hidden()
    expect(page.get_by_role("button", name="Make my key pair")).to_be_visible()

    make_in(page)
    save(page, "Save rsa_key.p8")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("This page still holds your private key.")).to_be_visible()
    page.go_back()
    expect(page.locator("main[data-step=key]")).to_be_visible()
    expect(strip).to_be_visible()
    expect(page.get_by_role("heading", name="This page holds your key")).to_be_visible()
    page.go_forward()
    expect(page.get_by_text("This page still holds your private key.")).to_be_visible()
    strip.get_by_role("button", name="Forget this key").click()
    expect(strip).to_be_hidden()
    expect(page.get_by_label("Your private key file")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Your private key file")).to_be_visible()


def test_after_a_reload_the_saved_file_is_opened_for_the_test_and_a_wrong_one_is_named(
    page: Page, stand: Stand, files: Files
) -> None:
    stand.journey_key = PublicKey.of_private(files.key)
    page.goto("/steps/test")
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_role("alert")).to_contain_text("No file is chosen yet.")
    other = files.other_plain.encode()
    page.get_by_label("Your private key file").set_input_files({"name": "rsa_key.p8", "mimeType": "", "buffer": other})
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_role("alert")).to_contain_text("belongs to another public key than the one in this walk")
    assert not stand.bodies
    sealed = files.sealed.encode()
    page.get_by_label("Your private key file").set_input_files({"name": "rsa_key.p8", "mimeType": "", "buffer": sealed})
    page.get_by_label("Its passphrase", exact=True).fill(PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.locator("main[data-step=handover]")).to_be_visible()
    check_token(Secret(stand.posted("/steps/test")["token"][0]), stand.login, int(time.time()))


def test_the_test_waits_for_the_file_that_is_still_being_looked_at(page: Page, stand: Stand, files: Files) -> None:
    held: list[Route] = []
    page.route("**/keys/words.json", lambda route: held.append(route))
    stand.journey_key = PublicKey.of_private(files.key)
    page.goto("/steps/test")
    plain = files.plain.encode()
    with page.expect_request("**/keys/words.json"):
        page.get_by_label("Your private key file").set_input_files(
            {"name": "rsa_key.p8", "mimeType": "", "buffer": plain}
        )
    page.get_by_role("button", name="Test the connection").dblclick()
    held[0].continue_()
    expect(page.locator("main[data-step=handover]")).to_be_visible()
    assert [path for path, _ in stand.bodies] == ["/steps/test"]


def test_a_file_that_was_chosen_before_the_script_came_is_looked_at_all_the_same(
    page: Page, stand: Stand, files: Files
) -> None:
    late: list[Route] = []  # the module is asked for once to load it early, and once to run it
    held = [True]
    page.route("**/js/key/test.js", lambda route: late.append(route) if held[0] else route.continue_())
    stand.journey_key = PublicKey.of_private(files.key)
    with page.expect_request("**/js/key/test.js"):
        page.goto("/steps/test", wait_until="commit")
    sealed = files.sealed.encode()
    page.get_by_label("Your private key file").set_input_files({"name": "rsa_key.p8", "mimeType": "", "buffer": sealed})
    held[0] = False
    for route in late:
        route.continue_()
    expect(page.locator("[data-field=passphrase]")).to_be_visible()


@pytest.mark.parametrize(("ahead", "words"), [(90.0, "90 seconds behind"), (-3600.0, "3,600 seconds ahead")])
def test_a_clock_that_is_off_is_told_and_the_token_is_right_all_the_same(
    page: Page, stand: Stand, files: Files, ahead: float, words: str
) -> None:
    stand.journey_key = PublicKey.of_private(files.key)
    stand.clock_ahead = ahead
    page.goto("/steps/test")
    expect(page.get_by_text(words)).to_be_visible()
    plain = files.plain.encode()
    page.get_by_label("Your private key file").set_input_files({"name": "rsa_key.p8", "mimeType": "", "buffer": plain})
    page.get_by_role("button", name="Test the connection").click()
    expect(page.locator("main[data-step=handover]")).to_be_visible()
    posted = stand.posted("/steps/test")
    check_token(Secret(posted["token"][0]), stand.login, int(time.time() + ahead))
    assert abs(int(posted["browser_clock"][0]) - time.time()) < 10


def test_a_script_that_comes_late_is_not_taken_for_a_clock_that_is_off(page: Page, stand: Stand, files: Files) -> None:
    def wait(route: Route) -> None:
        time.sleep(3)
        route.continue_()

    page.route("**/js/key/page.js", wait)
    stand.journey_key = PublicKey.of_private(files.key)
    stand.clock_ahead = 90.0
    page.goto("/steps/test")
    expect(page.get_by_text("90 seconds behind")).to_be_visible()


def test_a_second_tab_does_not_hold_the_key_of_the_first(page: Page, context: BrowserContext, stand: Stand) -> None:
    make_in(page)
    save(page, "Save rsa_key.p8")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("This page still holds your private key.")).to_be_visible()
    other = context.new_page()
    other.goto("/steps/test")
    expect(other.get_by_label("Your private key file")).to_be_visible()
    other.goto("/steps/key")
    make_in(other)
    save(other, "Save rsa_key.p8")
    other.get_by_role("button", name="Continue").click()
    expect(other.get_by_text("This page still holds your private key.")).to_be_visible()
    # The walk now has the second tab's key; the first tab's own is another, and says so when its step is drawn anew.
    page.go_back()
    page.go_forward()
    expect(page.get_by_text("This page holds another private key than the one of this walk.")).to_be_visible()


def test_starting_over_forgets_the_key(page: Page) -> None:
    make_in(page)
    save(page, "Save rsa_key.p8")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("button", name="Make my key pair")).to_be_visible()
    assert page.evaluate("key.held.heldKey()") is None


def test_without_script_the_page_says_that_this_way_needs_it(browser: Browser, stand: Stand) -> None:
    with window(browser, base_url=stand.url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/steps/key")
        expect(page.get_by_text("This needs JavaScript in a current browser.").first).to_be_visible()
        expect(page.get_by_role("button", name="Make my key pair")).to_be_hidden()


def test_on_plain_http_the_page_says_that_this_way_needs_https(browser: Browser, stand: Stand) -> None:
    address = stand.url.replace("127.0.0.1", "wizard.example")
    with window(browser) as context:
        context.route(
            f"{address}/**",
            lambda route: route.fulfill(response=route.fetch(url=route.request.url.replace(address, stand.url))),
        )
        page = context.new_page()
        page.goto(f"{address}/steps/key")
        expect(page.get_by_text("over https and on localhost only")).to_be_visible()
        expect(page.get_by_role("button", name="Make my key pair")).to_be_hidden()
