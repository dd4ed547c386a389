"""What a visit costs the one who comes: bytes, requests, and how often the page jumps under their eyes."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Page, Request, Route, expect

from tests.e2e.conftest import ROOT, NewPage, Served, Watched
from tests.e2e.walker import ACCOUNT, USER, Administrator, KeyStep, StartPage, post, stand_at
from tests.web.walking import private_pem, public_base64
from wizard.snowflake.key import PublicKey

STEPS = ("account", "user", "key", "register", "verify", "test", "handover")
PAGES = ("/", "/how-it-works", "/keys/commands", *(f"/steps/{slug}" for slug in STEPS))
KILOBYTE = 1000
MODULES = sorted(path.name for path in (ROOT / "static" / "js" / "key").glob("*.js") if path.name != "find.js")

# Every shift counts, also one that a browser would forgive because somebody has just typed.
WATCH_SHIFTS = """
globalThis.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    const moved = sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.textContent);
    shifts.push(`${value.toFixed(4)}: ${moved.join(" | ")}`);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def public_key(rsa_2048: rsa.RSAPrivateKey) -> PublicKey:
    return PublicKey.from_base64(public_base64(rsa_2048))


class Sent:
    """The requests of a page, and the bytes that came for them: headers and bodies, as they were on the wire."""

    def __init__(self, page: Page) -> None:
        self.requests: list[Request] = []
        page.on("requestfinished", lambda request: self.requests.append(request))

    def forget(self) -> None:
        self.requests.clear()

    @property
    def bytes(self) -> int:
        sizes = [request.sizes() for request in self.requests]
        return sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes)

    def paths(self, holding: str = "") -> list[str]:
        return [request.url for request in self.requests if holding in request.url]


@pytest.fixture
def sent(page: Page) -> Sent:
    return Sent(page)


def arrive_at(page: Page, path: str, key: rsa.RSAPrivateKey, server: Served) -> None:
    """Answer all that comes before a page, without showing it."""
    _, _, slug = path.partition("/steps/")
    public = PublicKey.from_base64(public_base64(key))
    stand_at(page, "test" if slug == "handover" else slug or "account", public)
    if slug == "handover":
        Administrator(server.url).run(f"ALTER USER {USER} SET RSA_PUBLIC_KEY='{public.base64}';")
        post(page, "test", {"private_key_text": private_pem(key).decode()})


# --- what comes -------------------------------------------------------------------------------------------------------
def test_the_first_page_is_small_and_comes_in_few_requests(page: Page, sent: Sent) -> None:
    page.goto("/", wait_until="networkidle")
    assert len(sent.requests) <= 10, sent.paths()
    assert sent.bytes <= 45 * KILOBYTE, sent.bytes


def test_a_later_step_is_a_part_of_a_page_and_small(
    page: Page, rsa_2048: rsa.RSAPrivateKey, wizard_server: Served
) -> None:
    came = {}
    for slug in (*STEPS, "handover of dbt"):
        path = f"/steps/{slug.partition(' ')[0]}"
        arrive_at(page, path, rsa_2048, wizard_server)
        if slug not in STEPS:
            page.request.get("/begin/dbt")
        # As htmx asks; the browser adds the encodings that it unpacks.
        ask = "(path) => fetch(path, { headers: { 'HX-Request': 'true' } }).then((answer) => answer.text())"
        with page.expect_event("requestfinished", lambda request: request.resource_type == "fetch") as asked:
            page.evaluate(ask, path)
        size = asked.value.sizes()
        came[slug] = size["responseHeadersSize"] + size["responseBodySize"]
    assert max(came.values()) <= 6 * KILOBYTE, came


def test_scripts_for_keys_come_with_the_first_page_that_has_a_place_for_a_key(page: Page, sent: Sent) -> None:
    user = StartPage.open(page).begin().answer(ACCOUNT)
    page.wait_for_load_state("networkidle")
    assert not sent.paths("/js/key/")
    user.answer(USER)
    expect(page.get_by_role("button", name="Make my key pair")).to_be_visible()
    assert sorted(address.split("/")[-1] for address in sent.paths("/js/key/")) == MODULES, "each of them once"
    sent.forget()
    page.go_back()
    page.go_forward()
    KeyStep(page).choose("Make it in this browser")
    assert not sent.paths("/js/key/"), "they are there already"


def test_the_words_of_faces_come_when_the_first_key_is_made_and_not_again(page: Page, sent: Sent) -> None:
    user = StartPage.open(page).begin().answer(ACCOUNT)
    key = user.answer(USER)
    page.wait_for_load_state("networkidle")
    assert not sent.paths("face_words")
    for _ in range(2):
        key.make_in_browser("a passphrase of mine")
        expect(page.locator("browser-key [data-face]")).to_be_visible()
        page.get_by_role("button", name="Use another key").click()
    assert len(sent.paths("face_words")) == 1


@pytest.mark.parametrize("module", ["page.js", "held.js"])
def test_a_module_for_keys_that_was_changed_on_its_way_does_not_run(
    page: Page, watched: Watched, public_key: PublicKey, module: str
) -> None:
    def change(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + "\ndocument.title = 'somebody else';\n")

    page.route(f"**/js/key/{module}", change)
    watched.forgiven += [r"integrity", r"/js/key/"]
    stand_at(page, "key", public_key)
    expect(page.get_by_text("The scripts that make and open keys did not load.")).to_be_visible()
    assert "somebody else" not in page.title()
    step = KeyStep(page).choose("Make it in this browser")
    expect(step.browser_way.get_by_text("This needs JavaScript in a current browser.").first).to_be_visible()
    step.choose("Have it made on this server")
    expect(step.form.get_by_role("button", name="Make it on this server")).to_be_visible()


# --- what moves -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("window", ["desktop", "phone"])
def test_nothing_moves_while_a_page_comes(
    new_page: Callable[..., Page], window: str, rsa_2048: rsa.RSAPrivateKey, wizard_server: Served
) -> None:
    page, moved = new_page(window=window), {}
    page.add_init_script(WATCH_SHIFTS)

    def wait(route: Route) -> None:
        time.sleep(0.15)  # the page is seen before its scripts have come
        route.continue_()

    for script in ("**/js/app.js", "**/js/key/page.js"):
        page.route(script, wait)
    for path in PAGES:
        arrive_at(page, path, rsa_2048, wizard_server)
        page.goto(path, wait_until="load")
        if path in ("/steps/key", "/steps/test"):
            expect(page.locator(":is(browser-key, browser-test) [data-part=works]").first).to_be_visible()
        moved[path] = page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(shifts), 50)))"
        )
    assert not {path: shifts for path, shifts in moved.items() if shifts}


COUNT_FADES = """
globalThis.fades = 0;
const fade = document.startViewTransition.bind(document);
document.startViewTransition = (change) => { fades += 1; return fade(change); };
"""


@pytest.mark.parametrize(("motion", "fades"), [("no-preference", 1), ("reduce", 0)])
def test_a_step_fades_into_the_next_unless_motion_is_unwanted(new_page: NewPage, motion: str, fades: int) -> None:
    page = new_page(reduced_motion=motion)
    page.add_init_script(COUNT_FADES)
    page.goto("/steps/account")
    page.get_by_role("textbox", name="Account identifier").fill(ACCOUNT)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-step=user]")).to_be_visible()
    expect(page.get_by_label("User name (NAME)")).to_be_focused()
    assert page.evaluate("fades") == fades
