"""A real browser in front of a wizard that is served as people serve it.

* ``wizard_server`` is ``python -m wizard serve --practice`` in a process of its own, one for each xdist worker.
* ``page``, ``phone_page`` and ``page_without_javascript`` are fresh windows, each with cookies of its own; ``new_page``
  makes others. ``every_window`` runs a test once in each of the four: desktop and phone, with and without JavaScript.
* A test fails when its page wrote an error to the console, threw, broke the content security policy, asked another host
  for anything, or could not load one of its files. ``watched.forgiven`` takes regular expressions for what is meant to
  happen.
* ``check_accessibility(page)`` runs axe-core on what a page shows, in light and in dark; ``check_fits(page)`` looks for
  sideways scrolling.

When a test fails, a picture of its page is left in ``build/e2e``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.e2e.walker import Administrator
from tests.e2e.windows import PATIENCE, end
from tests.web.nu import keep

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "e2e"
WINDOWS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
}
# Chromium sends nothing but what the test asks for; as root its sandbox cannot start. What it would ask its maker about
# the fields of a form, it asks a port of this machine at which nobody listens.
AUTOFILL = "http://127.0.0.1:9/"
CHROMIUM_ARGUMENTS = [
    f"--autofill-server-url={AUTOFILL}",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
expect.set_options(timeout=PATIENCE * 1000)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_COLOURS = ["color-contrast", "link-in-text-block"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)


# --- the wizard -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Served:
    """A wizard that answers at ``url`` (no slash at its end) and writes what it says to ``log``."""

    url: str
    log: Path

    def says(self) -> str:
        return self.log.read_text(encoding="utf-8")


def serve(folder: Path, *arguments: str, **environment: str) -> Iterator[Served]:
    """Serve the wizard on a free port until the generator is closed. ``folder`` is its home, and holds its log."""
    log = folder / "wizard.log"
    given = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    given |= {
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "WIZARD_SECRET_KEY": "a secret key of the browser tests, long enough",
        "WIZARD_RATE_LIMITS": "off",
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "wizard", "serve", "--port", "0", *arguments],
            cwd=folder,
            env=given | environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Served(_address_when_ready(process, log), log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                pytest.fail(f"the wizard did not stop within {PATIENCE} s of SIGTERM")


def _address_when_ready(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"https?://\S+:\d+", log.read_text(encoding="utf-8"))
        if found:
            with suppress(OSError), urllib.request.urlopen(f"{found[0]}/healthz", timeout=5):
                return found[0]
        time.sleep(0.05)
    raise AssertionError(f"the wizard did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def wizard_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A wizard with the practice Snowflake."""
    yield from serve(tmp_path_factory.mktemp("served"), "--practice")


# --- the browser ------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = subprocess.run(
        [ROOT / "scripts" / "find-chromium", "--headless"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHON": sys.executable},
        check=False,
    )
    if found.returncode:
        pytest.fail(found.stderr)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found.stdout.strip(), args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@dataclass
class Watched:
    """What went wrong in a page that no assertion would see."""

    home: str
    forgiven: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        # A page that answers 422 is an error for the console, and a page like any other for us.
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            self.seen.append(f"console {message.type}: {message.text}")

    def thrown(self, error: Error) -> None:
        self.seen.append(f"a script threw: {error.message}")

    def asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and not request.url.startswith(self.home):
            self.seen.append(f"asked another host: {request.url}")

    def failed(self, request: Request) -> None:
        # A navigation that turns into a download, or that another one overtakes, ends as "aborted".
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.seen.append(f"{request.method} {request.url}: {request.failure}")

    def answered(self, response: Response) -> None:
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type not in {"document", "fetch", "xhr"}
        ):
            self.seen.append(f"{response.request.method} {response.url} → {response.status}")
        if response.request.resource_type == "document" and response.headers.get("content-type", "").startswith(
            "text/html"
        ):
            with suppress(Error):  # the body of a page that was left at once is gone
                keep(response.text(), f"{response.request.method} {urlsplit(response.url).path} → {response.status}")

    def unforgiven(self) -> list[str]:
        return [line for line in self.seen if not any(re.search(pattern, line) for pattern in self.forgiven)]


NewPage = Callable[..., Page]


@pytest.fixture(autouse=True)
def the_practice_ends_with_the_test() -> Iterator[None]:
    """Have the practice Snowflake work again for the next test, whatever this one made it play."""
    yield
    for url in tuple(Administrator.plays_at):
        Administrator(url).play("fine")
    Administrator.plays_at.clear()


@pytest.fixture
def administrator(wizard_server: Served) -> Administrator:
    """Somebody who may do everything in the practice Snowflake, where JANE has no key yet."""
    asked = Administrator(wizard_server.url)
    asked.forget_keys()
    return asked


@pytest.fixture
def watched(wizard_server: Served) -> Watched:
    """What went wrong so far; ``watched.forgiven.append(r"…")`` for what is meant to happen."""
    return Watched(wizard_server.url)


@pytest.fixture
def new_page(
    browser: Browser, wizard_server: Served, watched: Watched, request: pytest.FixtureRequest
) -> Iterator[NewPage]:
    """Open a window: ``new_page(window="phone", javascript=False, color_scheme="dark", locale="de")``.

    ``page.goto("/steps/account")`` takes a path. Other named arguments are those of Playwright's ``new_context``.
    """
    contexts: list[BrowserContext] = []

    def open_page(*, window: str = "desktop", javascript: bool = True, **options: Any) -> Page:
        settings: dict[str, Any] = {
            "base_url": wizard_server.url,
            "java_script_enabled": javascript,
            "reduced_motion": "reduce",
        }
        context = browser.new_context(**(settings | WINDOWS[window] | options))
        context.set_default_timeout(PATIENCE * 1000)
        if javascript and options.get("base_url", wizard_server.url).startswith("http://127.0.0.1"):
            context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.on("console", watched.console)
        page.on("pageerror", watched.thrown)
        page.on("request", watched.asked)
        page.on("requestfailed", watched.failed)
        page.on("response", watched.answered)
        return page

    yield open_page
    wrong = watched.unforgiven()
    if wrong or getattr(request.node, "failed_in_call", False):
        _take_pictures(contexts, request.node.name)
    for context in contexts:
        end(context)
    if wrong:
        pytest.fail("the page itself went wrong:\n  " + "\n  ".join(wrong))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if call.when == "call":
        item.failed_in_call = report.failed  # type: ignore[attr-defined]
    return report


def _take_pictures(contexts: list[BrowserContext], name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(page for context in contexts for page in context.pages):
        with suppress(Error):
            page.screenshot(path=PICTURES / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name)}-{number}.png", full_page=True)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A desktop window, 1280 by 900."""
    return new_page()


@pytest.fixture
def phone_page(new_page: NewPage) -> Page:
    """A phone's window, 390 by 844."""
    return new_page(window="phone")


@pytest.fixture
def page_without_javascript(new_page: NewPage) -> Page:
    """A desktop window in which no script of the page runs."""
    return new_page(javascript=False)


@pytest.fixture(
    params=[("desktop", True), ("desktop", False), ("phone", True), ("phone", False)],
    ids=["desktop", "desktop-without-javascript", "phone", "phone-without-javascript"],
)
def every_window(new_page: NewPage, request: pytest.FixtureRequest) -> Page:
    """Each of the four windows in turn."""
    window, javascript = request.param
    return new_page(window=window, javascript=javascript)


# --- looking ----------------------------------------------------------------------------------------------------------
CheckAccessibility = Callable[..., None]


@pytest.fixture(scope="session")
def check_accessibility() -> CheckAccessibility:
    """Fail when axe-core finds anything on a page, in light or in dark.

    ``except_rules`` switches axe rules off by id, for a page that has a reason.
    """

    def check(page: Page, *, schemes: tuple[str, ...] = ("light", "dark"), except_rules: tuple[str, ...] = ()) -> None:
        with _twin(page) as seen:
            look(seen, schemes, except_rules)

    def look(page: Page, schemes: tuple[str, ...], except_rules: tuple[str, ...]) -> None:
        found = []
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            # Another scheme has other colours and nothing else.
            rules = (
                {"type": "tag", "values": AXE_TAGS} if scheme == schemes[0] else {"type": "rule", "values": AXE_COLOURS}
            )
            options = {
                "runOnly": rules,
                "resultTypes": ["violations"],
                "preload": False,
                "rules": {rule: {"enabled": False} for rule in except_rules},
            }
            run = "(options) => axe.run(document, options).then((result) => result.violations)"
            for violation in page.evaluate(run, options):
                nodes = [
                    f"{node['html'][:160]}  ({' '.join(map(str, node['target']))})" for node in violation["nodes"][:5]
                ]
                found.append(f"{scheme}: {violation['id']}: {violation['help']}\n      " + "\n      ".join(nodes))
        assert not found, f"axe-core on {urlsplit(page.url).path}:\n  " + "\n  ".join(found)

    return check


@contextmanager
def _twin(page: Page) -> Iterator[Page]:
    """Give a page that shows what ``page`` shows now, without its scripts and without its policy.

    axe-core sets inline styles while it measures, which our policy refuses (and reports), and it cannot run at all
    where JavaScript is off. The twin has the same address, HTML, stylesheets and window.
    """
    browser, html = page.context.browser, re.sub(r"<script\b.*?</script>", "", page.content(), flags=re.DOTALL)
    assert browser is not None
    if browser not in _twins:
        _twins[browser] = browser.new_context(reduced_motion="reduce").new_page()
        _twins[browser].add_init_script(Axe().axe_script)
    twin = _twins[browser]
    if page.viewport_size:
        twin.set_viewport_size(page.viewport_size)
    twin.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    try:
        twin.goto(page.url)
        yield twin
    finally:
        twin.unroute_all(behavior="ignoreErrors")


_twins: dict[Browser, Page] = {}


@pytest.fixture(scope="session")
def check_fits() -> Callable[[Page], None]:
    """Fail when a page is wider than its window: people with a small screen, or at 400 % zoom, scroll sideways."""

    def check(page: Page) -> None:
        wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{urlsplit(page.url).path} is {wide} px wider than its window"

    return check
