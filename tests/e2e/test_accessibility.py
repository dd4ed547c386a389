"""Every page in every state: axe-core finds nothing in light or dark, and nothing is wider than a small window.

And the walk works by keyboard alone, with forced colours, and without motion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.conftest import CheckAccessibility, NewPage
from tests.e2e.walker import Administrator, KeyStep, StartPage, TestRun, TestStep, focus, post, stand_at
from wizard.snowflake.key import PublicKey

PASSPHRASE = "a passphrase long enough"
NARROW = (320, 390, 640)  # pixels: a small phone, a usual one, and a desktop window of 1280 at 200 % zoom
SEALED_OLD = b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n"

Look = Callable[[Page, str], None]


@pytest.fixture
def look(check_accessibility: CheckAccessibility, check_fits: Callable[[Page], None]) -> Iterator[Look]:
    """Look at a page as it is now. All that was found is reported together when the test ends."""
    found: list[str] = []

    def at(page: Page, state: str) -> None:
        # What is chosen is written into the HTML, where those who look at a copy of it can see it.
        page.evaluate(
            """() => { for (const choice of document.querySelectorAll("input[type=radio], input[type=checkbox]"))
                 choice.toggleAttribute("checked", choice.checked); }"""
        )
        assert page.locator("h1").count() == 1, f"{state}: one heading of the first level"
        try:
            check_accessibility(page)
        except AssertionError as problem:
            found.append(f"{state}: {problem}")
        size = page.viewport_size
        assert size
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 800})
            try:
                check_fits(page)
            except AssertionError as problem:
                found.append(f"{state}, {width} px: {problem}")
        page.set_viewport_size(size)

    yield at
    assert not found, "\n".join(found)


@pytest.fixture
def key(rsa_2048: rsa.RSAPrivateKey) -> PublicKey:
    return PublicKey.of_private(rsa_2048)


def some_file(content: bytes) -> Any:
    return {"name": "rsa_key.p8", "mimeType": "", "buffer": content}


def refused(page: Page, field: str = "") -> None:
    """Wait until the page says what is wrong, at the field and in the summary."""
    expect(page.get_by_role("alert").first).to_be_visible()
    if field:
        expect(page.locator(f"#{field}-error")).to_be_visible()


def hold(waiting: list[Route]) -> Callable[[Route], None]:
    """Return what keeps the first request waiting until the test lets it go on, and those after it not at all."""

    def first_alone(route: Route) -> None:
        if waiting:
            route.continue_()
        else:
            waiting.append(route)

    return first_alone


# --- axe, and narrow windows ------------------------------------------------------------------------------------------
def test_the_steps_up_to_the_user_and_the_pages_beside_the_walk(page: Page, look: Look) -> None:
    look(StartPage.open(page).page, "start")
    step = StartPage(page).begin()
    look(page, "account, empty")
    reading = page.locator("#account-reading")
    for typed, said in (
        ("practice-snowflake", "Read as"),
        ("xy12345", "locator"),
        ("what is this?", ""),
    ):
        step.type(typed)
        expect(reading.locator(".reading-title")).to_contain_text(said)
        page.wait_for_timeout(400)
        look(page, f"account, reading {typed}")
    step.press("Continue")
    refused(page, "account")
    look(page, "account, unreadable")
    step.type("xy12345").press("Continue")
    expect(page.get_by_label("Region of the account")).to_be_visible()
    look(page, "account, region asked")
    step.press("Continue")
    refused(page, "region")
    look(page, "account, region not chosen")
    user = step.answer("practice-snowflake")
    look(page, "user, empty")
    user.press("Continue")
    refused(page, "username")
    look(page, "user, nothing typed")
    user.unfold("My login name is different")
    user.box.fill("jane")
    page.get_by_label("Login name (LOGIN_NAME)").fill("jane\u200b\u0007doe")
    user.press("Continue")
    refused(page, "login_name")
    look(page, "user, login name refused")
    post(page, "user", {"username": '"jane@practice.example"', "login_name": "jane.doe"})
    page.goto("/steps/user")
    look(page, "user, answered by an e-mail address")
    look(StartPage.open(page).page, "start, coming back")
    for path in (
        "/how-it-works",
        "/keys/commands",
        "/key-stores",
        "/which-key",
        "/service-user",
        "/causes",
        "/causes/key-mismatch",
        "/no-such-page",
        "/share/no-such-link",
    ):
        page.goto(path)
        page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
        look(page, path)


def test_the_key_step(page: Page, look: Look, key: PublicKey, tmp_path: Path) -> None:
    stand_at(page, "key")
    step = KeyStep(page)
    look(page, "key, empty")
    way = step.browser_way
    step.press("Make my key pair")
    refused(page)
    look(page, "key, no passphrase in the browser")
    way.get_by_role("button", name="Make one for me").click()
    look(page, "key, a passphrase made by the page")
    step.choose("I have a key file")
    way.get_by_label("Your private key file").set_input_files(some_file(SEALED_OLD))
    refused(page)
    look(page, "key, a file that the browser can't open")
    made = step.make_in_browser(PASSPHRASE)
    look(page, "key, made and not saved")
    made.save_private(tmp_path)
    made.unfold("The public key, and a check of the saved file")
    look(page, "key, made and saved")
    made.go_on()
    page.go_back()
    expect(page.locator("main[data-step=key]")).to_be_visible()
    look(page, "key, known and held")

    page.goto("/steps/key")
    look(page, "key, known")
    form = step.form
    go_on = form.locator("button.button-primary:visible")

    def answer(state: str, field: str) -> None:
        go_on.click()
        refused(page, field)
        look(page, f"key, {state}")

    step.choose("Have it made on this server")
    form.get_by_label("Passphrase (optional)").fill("short")
    answer("passphrase too short", "passphrase")
    step.choose("I have a key file").unfold("Send it to this server")
    answer("no file", "private_key")
    form.get_by_label("Private key file", exact=True).set_input_files(some_file(SEALED_OLD))
    answer("a file that can't be opened", "private_key")
    step.unfold("Paste the key instead of choosing its file")
    form.get_by_label("Or paste the private key").fill(key.pem)
    answer("a public key where the private one belongs", "private_key_text")
    step.choose("My own tools")
    answer("no public key", "public_key")
    form.get_by_label("Public key", exact=True).fill("ssh-rsa rubbish")
    step.commands("commands-plain")
    answer("an unreadable public key", "public_key")


def test_registering_checking_and_sharing(
    page: Page, look: Look, key: PublicKey, other_rsa_2048: rsa.RSAPrivateKey, administrator: Administrator
) -> None:
    other = PublicKey.of_private(other_rsa_2048).base64
    stand_at(page, "register", key)
    look(page, "register")
    StartPage(page).unfold("Another role or slot")
    page.get_by_label("Role that runs the statement").fill("no\u200brole")
    page.get_by_role("button", name="Show the statements for this").click()
    refused(page, "role")
    look(page, "register, role refused")
    page.goto("/steps/register")
    page.locator("summary", has_text="An administrator").click()
    page.get_by_label("Reason or ticket number").fill("DATA-1234")
    page.get_by_role("button", name="Write the message").click()
    expect(page.get_by_role("heading", name="Send this to your administrator")).to_be_visible()
    look(page, "share, made")
    link = page.locator('[data-copy="share-link"]').text_content() or ""
    page.goto("/steps/register")
    look(page, "register, waiting")
    page.goto(link)
    look(page, "share, opened")
    page.get_by_label("What DESC USER answered").fill(administrator.describe())
    page.get_by_role("button", name="Check the user").click()
    expect(page.get_by_text("Slot 1 is free.")).to_be_visible()
    look(page, "share, looked")

    def ask(state: str, answer: str) -> None:
        page.get_by_label("What DESC USER answered").fill(answer)
        page.get_by_role("button", name="Compare").click()
        expect(page.locator("main").get_by_role("alert").or_(page.locator("main [role=status]")).first).to_be_visible()
        look(page, state)

    def outcomes() -> dict[str, str]:
        administrator.forget_keys()
        found = {"no key": administrator.describe(), "another user": administrator.describe("SVC_ETL")}
        administrator.run(f"ALTER USER JANE SET RSA_PUBLIC_KEY='{other}';")
        found["another key"] = administrator.describe()
        return found | {"unreadable": "rubbish", "no rows about keys": "property\tvalue\nNAME\tJANE\nDISABLED\tfalse"}

    answers = outcomes()
    for outcome, answer in answers.items():
        ask(f"share, {outcome}", answer)
    administrator.run(f"ALTER USER JANE SET RSA_PUBLIC_KEY_2='{key.base64}';")
    ask("share, the key is there", administrator.describe())
    back = page.locator('[data-copy="return-link"]').text_content() or ""
    page.goto(back)
    look(page, "return, in one's own walk")
    walk = page.context.cookies()
    page.context.clear_cookies()
    page.goto(back)
    look(page, "return, elsewhere")
    page.context.clear_cookies()
    stand_at(page, "user", key)
    page.goto(back)
    expect(page.get_by_role("heading", name="Another walk is under way here")).to_be_visible()
    look(page, "return, another walk")
    page.context.clear_cookies()
    page.context.add_cookies(walk)  # type: ignore[arg-type]  # what was given may be given back

    post(page, "register", {"registered": "yes"})
    page.goto("/steps/verify")
    look(page, "verify, empty")
    for outcome, answer in answers.items():
        ask(f"verify, {outcome}", answer)
    page.goto("/steps/register")
    look(page, "register, the first slot is taken")
    post(page, "register", {"registered": "yes"})
    page.goto("/steps/verify")
    administrator.play("disabled")
    page.get_by_label("What DESC USER answered").fill(administrator.describe())
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("main .remark").first).to_be_visible()
    look(page, "verify, the key is there but the user is disabled")
    page.goto("/steps/register")
    look(page, "register, Snowflake holds the key")


def test_the_live_test_the_handover_and_the_practice_pages(
    page: Page, look: Look, rsa_2048: rsa.RSAPrivateKey, key: PublicKey, tmp_path: Path, administrator: Administrator
) -> None:
    file = tmp_path / "rsa_key.p8"
    file.write_bytes(plain_file(rsa_2048))
    administrator.run(f"ALTER USER JANE SET RSA_PUBLIC_KEY='{key.base64}';")
    stand_at(page, "test", key)
    step = TestStep(page)
    look(page, "test, empty")
    step.press("Test the connection")
    refused(page)
    look(page, "test, no file in the browser")
    step.other_ways().press("Test with this file")
    refused(page, "private_key")
    look(page, "test, no file")
    page.locator("#test-form").get_by_label("Private key file", exact=True).set_input_files(some_file(SEALED_OLD))
    step.press("Test with this file")
    refused(page, "private_key")
    look(page, "test, a file that can't be opened")
    step.unfold("Make a token with your own tools")
    page.get_by_label("Token", exact=True).fill("no.token.atall")
    step.press("Test with this token")
    refused(page, "token")
    look(page, "test, an unreadable token")

    waiting: list[Route] = []
    page.route("**/steps/test/rows", hold(waiting))
    run = step.with_file(file, "")
    expect(page.locator(".checks > .check-running")).to_be_visible()
    look(page, "test, running")
    waiting[0].continue_()
    assert run.verdict() == "passed"
    look(page, "test, passed")
    run.put_to_work()
    page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
    look(page, "handover")

    administrator.play("wrong-key")
    page.goto("/steps/test")
    look(page, "test, passed before")
    run = TestStep(page).with_file(file, "")
    assert run.verdict() == "failed"
    look(page, "test, failed")
    page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
    look(page, "test, failed, all opened")
    run.press("Read it")
    refused(page, "failure_details")
    look(page, "test, unreadable details")
    details = page.locator('[data-copy="login-failure-sql"]').text_content() or ""
    page.get_by_label("What SYSTEM$GET_LOGIN_FAILURE_DETAILS answered").fill(administrator.run(details)[0])
    run.press("Read it")
    expect(page.get_by_role("heading", name="Snowflake’s record says why")).to_be_visible()
    look(page, "test, details read")
    administrator.play("no-warehouse")
    page.goto("/steps/test")
    assert TestStep(page).with_file(file, "").verdict() == "passed"
    look(page, "test, passed with a remark")

    page.goto("/practice")
    look(page, "practice")
    page.evaluate("for (const choice of document.querySelectorAll('[name=scenario]')) choice.value = 'no such'")
    page.get_by_role("button", name="Behave like this").click()
    refused(page)
    look(page, "practice, no such scenario")
    page.goto("/practice/worksheet")
    look(page, "worksheet")
    page.get_by_role("button", name="Run").click()
    refused(page, "sql")
    look(page, "worksheet, nothing to run")
    page.get_by_label("SQL").fill("SELECT CURRENT_USER(); DESC USER JANE; DROP TABLE x;")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".result")).to_have_count(3)
    look(page, "worksheet, results")
    page.context.clear_cookies()
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The wizard has lost track of your answers")
    look(page, "the cookie is gone")


def plain_file(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


# --- keyboard ---------------------------------------------------------------------------------------------------------
STOP = """() => {
  const at = document.activeElement, before = window.stopBefore;
  window.stopBefore = at;
  const drawn = (element) => {
    const style = element && getComputedStyle(element);
    return Boolean(style) && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  };
  const box = at.getBoundingClientRect();
  const labels = [...(at.labels ?? [])].map((label) => label.textContent).join(" ");
  return {
    name: at.getAttribute("aria-label") || labels || at.textContent,
    marked: [at, at.parentElement, at.closest(".choice"), at.closest("summary")].some(drawn),
    inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    inOrder: !before?.isConnected || before === document.body || Boolean(before.compareDocumentPosition(at) & 4),
  };
}"""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus. Each stop shows that it has it, is in view, and follows the last."""
    page.evaluate("window.stopBefore = document.activeElement")
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        name = " ".join(stop["name"].split())[:60]
        assert stop["marked"], f"the focus can't be seen on “{name}”"
        assert stop["inView"], f"“{name}” has the focus out of view"
        assert stop["inOrder"], f"“{name}” comes before what had the focus before it"
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never came to {target}")


LISTEN = """() => {
  window.said = [];
  const region = document.getElementById("announcer");
  new MutationObserver(() => region.textContent && said.push(region.textContent)).observe(region, { childList: true });
}"""


def test_the_whole_walk_by_keyboard_alone(page: Page, administrator: Administrator, tmp_path: Path) -> None:
    page.goto("/")
    page.evaluate(LISTEN)
    page.keyboard.press("Tab")
    assert focus(page) == "a: Skip to the content"
    page.keyboard.press("Enter")
    assert focus(page) == "main"
    tab_to(page, page.get_by_role("link", name="Begin"))
    page.keyboard.press("Enter")
    at(page, "account", "h1")

    tab_to(page, page.get_by_label("Account identifier or address"))
    page.keyboard.type("what is this?")
    tab_to(page, page.get_by_role("button", name="Continue"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    at(page, "account", "alert")
    tab_to(page, page.get_by_role("alert").get_by_role("link"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Account identifier or address")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("practice-snowflake")
    hears(page, "Read as organization PRACTICE, account SNOWFLAKE")
    tab_to(page, page.get_by_role("button", name="Continue"))
    page.keyboard.press("Space")
    at(page, "user", "h1")

    tab_to(page, page.get_by_label("User name (NAME)"))
    page.keyboard.type("jane")
    page.evaluate("document.getElementById('announcer').textContent = 'what was said last'")
    page.keyboard.press("Enter")
    at(page, "key", "h1")
    expect(page.locator("#announcer")).to_be_empty()

    expect(page.get_by_role("button", name="Make my key pair")).to_be_visible()  # its script has come
    tab_to(page, page.get_by_label("Passphrase for the file"))
    page.keyboard.type(PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Save rsa_key.p8")).to_be_focused()
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    waiting.value.save_as(tmp_path / "rsa_key.p8")
    assert focus(page) == "button: Continue"
    page.keyboard.press("Enter")
    at(page, "register", "h1")

    administrator.run(page.locator('[data-copy="alter-user-sql"]').text_content() or "")
    tab_to(page, page.get_by_role("button", name="I’ve run it"))
    page.keyboard.press("Space")
    at(page, "verify", "h1")
    tab_to(page, page.get_by_label("What DESC USER answered"))
    page.keyboard.insert_text(administrator.describe())
    tab_to(page, page.get_by_role("button", name="Compare"))
    page.keyboard.press("Enter")
    at(page, "test", "h1")
    tab_to(page, page.get_by_role("button", name="Test the connection"))
    page.keyboard.press("Enter")
    assert TestRun(page).verdict() == "passed"
    expect(page.get_by_role("heading", name="It connects.")).to_be_focused()
    tab_to(page, page.get_by_role("main").get_by_role("link", name="Put it to work"))
    page.keyboard.press("Enter")
    at(page, "handover", "h1")


def at(page: Page, slug: str, focused: str) -> None:
    expect(page.locator(f"main[data-step={slug}]")).to_be_visible()
    # The focus moves once the new page stands.
    until(page, lambda: focus(page) != "body")
    assert focus(page) == focused


def hears(page: Page, sentence: str) -> None:
    """Wait until the live region has said a sentence."""
    until(page, lambda: sentence in page.evaluate("said"))


def until(page: Page, comes: Callable[[], bool]) -> None:
    for _ in range(100):
        if comes():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it never came; the page says: {page.evaluate('window.said')}")


# --- other ways to see ------------------------------------------------------------------------------------------------
EDGES = """() => {
  const canvas = getComputedStyle(document.body).backgroundColor;
  const controls = "main :is(button, .button, input:not([type=hidden]), select, textarea)";
  const shown = [...document.querySelectorAll(controls)].filter((control) =>
    control.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
  const lost = shown.filter((control) => {
    const style = getComputedStyle(control);
    const drawn = style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) > 0;
    const edge = drawn && style.borderTopColor !== canvas;
    const native = ["radio", "checkbox", "file"].includes(control.type) && style.appearance !== "none";
    return !(edge || native) || style.color === style.backgroundColor;
  });
  return [shown.length, lost.map((control) => control.outerHTML.slice(0, 120))];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_leave_every_control_its_edge(new_page: NewPage, key: PublicKey, scheme: str) -> None:
    page = new_page(forced_colors="active", color_scheme=scheme)
    for slug in ("account", "key", "register", "test"):
        stand_at(page, slug, key)
        shown, lost = page.evaluate(EDGES)
        assert shown > 1
        assert lost == [], slug


MOVING = """() => [...document.querySelectorAll("*")].filter((element) => ["", "::before", "::after"].some((part) => {
  const style = getComputedStyle(element, part || null);
  const longest = (times) => Math.max(...times.split(",").map(parseFloat));
  const runs = style.animationName !== "none" && longest(style.animationDuration) > 0.01;
  return runs || longest(style.transitionDuration) > 0.01;
})).map((element) => element.outerHTML.slice(0, 100))"""


def test_without_motion_nothing_moves_and_nothing_scrolls_smoothly(
    new_page: NewPage, rsa_2048: rsa.RSAPrivateKey, key: PublicKey, tmp_path: Path
) -> None:
    file = tmp_path / "rsa_key.p8"
    file.write_bytes(plain_file(rsa_2048))
    page = new_page(reduced_motion="reduce")
    stand_at(page, "test", key)
    waiting: list[Route] = []
    page.route("**/steps/test/rows", hold(waiting))
    run = TestStep(page).with_file(file, "")
    expect(page.locator(".checks > .check-running")).to_be_visible()
    assert page.evaluate(MOVING) == []
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    waiting[0].continue_()
    run.verdict()
