"""What people do to a page that nobody planned: twice, back, anew, in two tabs, in the middle, and too late."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Dialog, Page, Route, expect

from tests.e2e.conftest import NewPage, Served, Watched, serve
from tests.e2e.walker import (
    AccountStep,
    Administrator,
    KeyStep,
    RegisterStep,
    StartPage,
    TestStep,
    UserStep,
    post,
    posts,
    stand_at,
)
from tests.e2e.windows import PATIENCE
from wizard.snowflake.key import PublicKey
from wizard.web.steps.key import MADE_WITHIN

PASSPHRASE = "a passphrase long enough"


@pytest.fixture
def key(rsa_2048: rsa.RSAPrivateKey) -> PublicKey:
    return PublicKey.of_private(rsa_2048)


@contextmanager
def slow(page: Page, path: str) -> Iterator[list[Route]]:
    """Keep every POST to a path waiting until the block ends."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            waiting.append(route)
        else:
            route.continue_()

    page.route(f"**{path}", hold)
    yield waiting
    for route in waiting:
        route.continue_()
    page.unroute(f"**{path}")


def arrive(page: Page, waiting: list[Route]) -> None:
    """Wait until the first request has come; what would come with it has had its time when this ends."""
    until = time.monotonic() + PATIENCE
    while not waiting and time.monotonic() < until:
        page.wait_for_timeout(20)
    page.wait_for_timeout(200)


# --- twice, back, anew ------------------------------------------------------------------------------------------------
def test_a_double_click_sends_one_form_and_a_slow_answer_keeps_the_button_busy(page: Page) -> None:
    StartPage.open(page).begin().type("practice-snowflake")
    expect(page.locator("#account-reading")).to_contain_text("Read as")
    sent = posts(page, "/steps/account")
    button = page.get_by_role("button", name="Continue")
    with slow(page, "/steps/account") as waiting:
        button.dblclick()
        button.click(force=True)
        arrive(page, waiting)
        assert len(waiting) == 1
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(page.locator("form").filter(has=button)).to_have_attribute("aria-busy", "true")
        expect(button).to_be_focused()
    UserStep(page)
    assert len(sent) == 1


def test_a_page_that_leaves_the_document_is_not_sent_twice_either(page: Page, key: PublicKey) -> None:
    stand_at(page, "key")
    step = KeyStep(page).choose("My own tools")
    step.form.get_by_label("Public key", exact=True).fill(key.pem)
    button = step.form.get_by_role("button", name="Continue")
    with slow(page, "/steps/key") as waiting:
        button.dblclick(no_wait_after=True)
        arrive(page, waiting)
        assert len(waiting) == 1
    RegisterStep(page)


def test_a_key_that_takes_its_time_on_the_server_is_made_once(page: Page) -> None:
    page.clock.install()
    stand_at(page, "key")
    sent = posts(page, "/steps/key")
    # The page stands as long as there is no file: an answer without content leaves it so, and Playwright does not wait.
    page.route("**/steps/key", lambda route: route.fulfill(status=204))
    step = KeyStep(page).choose("Have it made on this server")
    make = step.form.get_by_role("button", name="Make it on this server")
    make.click()
    page.clock.fast_forward(1000 * (MADE_WITHIN - 1))
    expect(make).to_have_attribute("aria-disabled", "true")
    make.click(force=True)
    assert len(sent) == 1
    page.clock.fast_forward(2000)
    expect(make).not_to_have_attribute("aria-disabled", "true")
    make.click()
    assert len(sent) == 2


def test_who_chooses_another_way_need_not_wait_for_the_key_of_the_first(page: Page, key: PublicKey) -> None:
    stand_at(page, "key")
    step = KeyStep(page).choose("Have it made on this server")
    with page.expect_download():
        step.form.get_by_role("button", name="Make it on this server").click()
    step.choose("My own tools")
    step.form.get_by_label("Public key", exact=True).fill(key.pem)
    step.form.get_by_role("button", name="Continue").click()
    RegisterStep(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without"])
def test_back_and_another_answer_then_forward_again(new_page: NewPage, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    StartPage.open(page).begin().answer("practice-snowflake").answer("jane")
    page.go_back()
    UserStep(page)
    page.go_back()
    step = AccountStep(page)
    step.type("myorg-other_acct").press("Continue")
    KeyStep(page).change("User")
    user = UserStep(page)
    expect(page.locator("[data-fact=account-claim]")).to_have_text("MYORG-OTHER_ACCT")
    expect(user.box).to_have_value("JANE")
    page.go_back()
    KeyStep(page)
    page.go_back()
    AccountStep(page)
    page.go_forward()
    KeyStep(page)


def test_a_reload_in_the_middle_of_a_step_keeps_the_walk_and_asks_for_nothing(page: Page) -> None:
    user = StartPage.open(page).begin().answer("practice-snowflake")
    user.press("Continue")
    expect(page.get_by_role("alert")).to_be_visible()
    page.reload()
    again = UserStep(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert page.title() == "Which user will log in?"
    again.answer("jane")
    page.reload()
    KeyStep(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without"])
def test_what_was_typed_stays_when_it_can_not_be_read(new_page: NewPage, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    typed = 'what "is" <b>this</b> & that?'
    step = StartPage.open(page).begin().type(typed)
    step.press("Continue")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page).to_have_title("Error: Which Snowflake account?")
    expect(step.box).to_have_value(typed)
    expect(step.box).to_have_attribute("aria-invalid", "true")
    post(page, "account", {"account": "practice-snowflake"})
    page.goto("/steps/user")
    user = UserStep(page).unfold("My login name is different")
    user.box.fill("jane")
    page.get_by_label("Login name (LOGIN_NAME)").fill("x" * 300)
    user.press("Continue")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(user.box).to_have_value("jane")
    expect(page.get_by_label("Login name (LOGIN_NAME)")).to_have_value("x" * 300)


def test_a_page_out_of_the_back_forward_cache_is_loaded_anew(page: Page) -> None:
    stand_at(page, "user")
    page.evaluate("window.old = true")
    with page.expect_navigation():
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    UserStep(page)
    assert page.evaluate("window.old") is None


def test_enter_sends_an_account_and_leads_from_the_search_to_the_first_of_several(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Find a tool").fill("python")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Python connector", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main[data-step=account]")).to_be_visible()
    page.get_by_label("Account identifier or address").fill("myorg-second")
    page.keyboard.press("Enter")
    UserStep(page)


# --- two tabs ---------------------------------------------------------------------------------------------------------
def test_two_tabs_share_a_walk_and_two_browsers_do_not(page: Page, new_page: NewPage) -> None:
    user = StartPage.open(page).begin().answer("practice-snowflake")
    tab = page.context.new_page()
    StartPage.open(tab).follow("Continue")
    UserStep(tab)
    tab.goto("/steps/account")
    AccountStep(tab).answer("myorg-second").answer("bob")
    # The first tab still shows the first account; its answer goes into the walk as it is now, and its pages say so.
    notice = page.locator("#notice")
    expect(notice).to_have_text(
        "Your answers were changed in another tab. "
        "Account: MYORG-SECOND there, PRACTICE-SNOWFLAKE on this page. Show them here"
    )
    user.answer("jane")
    page.get_by_role("link", name="Change User").click()
    UserStep(page)
    expect(page.locator("[data-fact=account-claim]")).to_have_text("MYORG-SECOND")
    expect(UserStep(page).box).to_have_value("JANE")
    tab.close()

    stranger = new_page()
    stranger.goto("/steps/key")
    AccountStep(stranger)
    expect(AccountStep(stranger).box).to_have_value("")


def test_a_test_is_interrupted_when_its_login_changes_in_another_tab(
    page: Page, key: PublicKey, own_file: Path
) -> None:
    stand_at(page, "test", key)
    with slow(page, "/steps/test/rows"):
        TestStep(page).with_file(own_file, "")
        expect(page.locator(".check.check-running")).to_be_visible()
        post(page, "user", {"username": "somebody_else"})
    expect(page.get_by_role("alert")).to_contain_text("The test was interrupted")
    page.get_by_role("link", name="Back to the test").click()
    RegisterStep(page)


@pytest.fixture
def own_file(rsa_2048: rsa.RSAPrivateKey, tmp_path: Path) -> Path:
    path = tmp_path / "mine.p8"
    path.write_bytes(rsa_2048.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without"])
def test_starting_over_in_one_tab_leaves_the_other_with_a_page_that_says_so(
    new_page: NewPage, javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    step = StartPage.open(page).begin().answer("practice-snowflake")
    tab = page.context.new_page()
    StartPage.open(tab).unfold("Start over?").press("Start over")
    expect(tab.get_by_role("link", name="Begin")).to_be_visible()

    step.box.fill("jane")
    step.press("Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("The wizard has lost track of your answers")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which Snowflake account?")

    # And after the other tab has begun anew.
    StartPage.open(tab).begin().type("practice-snowflake")
    stale = AccountStep(page)
    tab.context.clear_cookies()
    tab.goto("/steps/account")
    stale.type("myorg-mine")
    if javascript:  # what is read while typing is refused too, and doesn't draw a page into the page
        expect(page.locator("#notice")).to_contain_text(
            "This page is from an earlier visit. What you typed is still here."
        )
    stale.press("Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is from an earlier visit")
    page.get_by_role("link", name="Open the step again").click()
    AccountStep(page).answer("myorg-mine")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without"])
def test_a_lost_cookie_is_explained(new_page: NewPage, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    stand_at(page, "user")
    user = UserStep(page)
    user.box.fill("a name that took long to type")
    page.context.clear_cookies()
    user.press("Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("The wizard has lost track of your answers")
    page.get_by_role("link", name="Go to the start page").click()
    expect(page.get_by_role("link", name="Begin")).to_be_visible()


# --- the server -------------------------------------------------------------------------------------------------------
def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_restart_of_the_server_loses_nothing(
    new_page: NewPage, watched: Watched, tmp_path: Path, key: PublicKey
) -> None:
    port = str(free_port())
    serving = contextmanager(serve)
    with serving(tmp_path, "--practice", "--port", port) as first:
        watched.home = first.url
        watched.forgiven += ["ERR_CONNECTION_REFUSED", "Failed to fetch"]
        page = new_page(base_url=first.url)
        stand_at(page, "register", key)
        step = RegisterStep(page)
        fingerprint = step.fingerprint

    step.press("I’ve run it")
    expect(page.locator("#notice")).to_contain_text("The wizard did not answer. What you typed is still here.")
    expect(page.get_by_role("button", name="I’ve run it")).not_to_have_attribute("aria-disabled", "true")

    with serving(tmp_path, "--practice", "--port", port):
        check = step.has_run()
        expect(page.locator("#notice")).to_be_hidden()
        assert check.text_of("fingerprint") == fingerprint
        page.goto("about:blank")


# --- the held key -----------------------------------------------------------------------------------------------------
def test_a_held_key_is_forgotten_on_request_by_a_reload_and_is_in_no_other_tab(
    page: Page, wizard_server: Served, tmp_path: Path
) -> None:
    administrator = Administrator(wizard_server.url)
    stand_at(page, "key")
    made = KeyStep(page).make_in_browser(PASSPHRASE)
    file = made.save_private(tmp_path)
    statement = made.go_on()
    administrator.run(statement.statement)
    test = statement.has_run().skip()
    picker = page.get_by_label("Your private key file")
    holds = page.get_by_text("This page still holds your private key.")
    expect(holds).to_be_visible()

    tab = page.context.new_page()
    tab.goto("/steps/test")
    expect(tab.get_by_label("Your private key file")).to_be_visible()
    expect(tab.get_by_role("region", name="Private key in this page")).to_be_hidden()
    tab.close()

    made.strip.get_by_role("button", name="Forget this key").click()
    expect(made.strip).to_be_hidden()
    expect(holds).to_be_hidden()
    expect(picker).to_be_visible()

    run = test.with_file_in_browser(file, PASSPHRASE)
    assert run.verdict() == "passed"
    expect(made.strip).to_be_visible()
    page.reload()
    expect(made.strip).to_be_hidden()
    TestStep(page).unfold("Test again")
    expect(picker).to_be_visible()


def test_the_browsers_own_back_does_not_take_a_key_away_that_is_not_saved(page: Page) -> None:
    """Within one document the browser asks nobody; htmx would draw the page before."""
    stand_at(page, "user")
    UserStep(page).answer("jane")
    made = KeyStep(page).make_in_browser(PASSPHRASE)
    fingerprint = made.fingerprint
    for _ in range(2):
        page.evaluate("history.back()")
        expect(made.alert).to_contain_text("Save rsa_key.p8 before you go on.")
        expect(page).to_have_url(re.compile("/steps/key$"))
        page.locator("#browser-key-form").get_by_role("button", name="Continue").focus()
    assert made.fingerprint == fingerprint
    with page.expect_download():
        page.get_by_role("button", name="Save rsa_key.p8").click()
    page.go_back()
    UserStep(page)


def test_a_key_that_is_not_saved_holds_the_page_back(page: Page) -> None:
    stand_at(page, "key")
    made = KeyStep(page).make_in_browser(PASSPHRASE)
    page.locator("#browser-key-form").get_by_role("button", name="Continue").click()
    expect(made.alert).to_contain_text("Save rsa_key.p8 before you go on.")
    page.get_by_role("link", name="Back").click()
    expect(made.alert).to_contain_text("Save rsa_key.p8 before you go on.")
    KeyStep(page)
    post(page, "user", {"username": "bob"})
    tab = page.context.new_page()
    tab.goto("/steps/user")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("User: BOB there, JANE on this page. Save your key before anything else")
    tab.close()
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", agree)
    page.reload()
    assert asked == ["beforeunload"]
    expect(made.strip).to_be_hidden()
