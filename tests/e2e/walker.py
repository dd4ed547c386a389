"""The walk as a person does it: each step is an object that finds things by role and name and returns what comes next.

    key = StartPage.open(page).begin().answer("practice-snowflake").answer("jane")
    made = key.make_in_browser("a passphrase of mine")

:class:`Administrator` is the other person in the walk: somebody with another browser, signed in to the practice
Snowflake. :func:`stand_at` answers the early steps by plain requests, for tests that are about a later one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

from playwright.sync_api import Download, Locator, Page, Response, expect

from tests.e2e.windows import PATIENCE
from wizard.checks.runner import CHECKS as LIVE_TEST
from wizard.snowflake.key import PublicKey

ACCOUNT = "practice-snowflake"
USER = "jane"
CHECKS = tuple(check.name for check in LIVE_TEST)


# --- the administrator ------------------------------------------------------------------------------------------------
class Administrator:
    """Somebody who may do everything in the practice Snowflake, by its worksheet."""

    plays_at: ClassVar[set[str]] = set()  # the wizards whose practice Snowflake was told to fail

    def __init__(self, url: str) -> None:
        self._url = url
        self._browser = build_opener(ProxyHandler({}), HTTPCookieProcessor())

    def run(self, sql: str) -> list[str]:
        """Run statements as SECURITYADMIN and return the grid of each answer as Snowsight copies it."""
        page = self._post("/practice/worksheet", {"user": "PRACTICE_ADMIN", "role": "SECURITYADMIN", "sql": sql})
        found = re.findall(r'<code data-copy="result-\d+"[^>]*>(.*?)</code>', page, flags=re.DOTALL)
        assert found, f"the worksheet gave no grid for {sql}"
        return [html.unescape(grid) for grid in found]

    def describe(self, user: str = USER) -> str:
        return self.run(f"DESC USER {user};")[0]

    def forget_keys(self, user: str = USER) -> None:
        self.run(f"ALTER USER {user} UNSET RSA_PUBLIC_KEY; ALTER USER {user} UNSET RSA_PUBLIC_KEY_2;")

    def play(self, scenario: str) -> None:
        """Have the practice Snowflake behave like this, for everybody, until the test has ended."""
        self.plays_at.add(self._url)
        self._post("/practice/scenario", {"scenario": scenario})

    def _post(self, path: str, fields: Mapping[str, str]) -> str:
        token = csrf_in(self._fetch("/practice"))
        return self._fetch(path, urlencode({"csrf_token": token, **fields}).encode())

    def _fetch(self, path: str, body: bytes | None = None) -> str:
        """GET, or POST where there is a body; an answer that is no page of the wizard's raises ``HTTPError``."""
        with self._browser.open(f"{self._url}{path}", body, timeout=PATIENCE) as answer:
            text: bytes = answer.read()
        return text.decode()


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


# --- the early steps, by plain requests -------------------------------------------------------------------------------
def post(page: Page, slug: str, fields: Mapping[str, str], walk: str = "steps") -> None:
    """Answer a step with this window's cookie, without showing it."""
    asked = page.request.get(f"/{walk}/{slug}")
    page.request.post(f"/{walk}/{slug}", form={"csrf_token": csrf_in(asked.text()), **fields}, max_redirects=0)


# What a person of these tests answers at each step before the test, in the order of the steps.
EARLY: dict[str, dict[str, str]] = {
    "account": {"account": "{account}"},
    "user": {"username": "{user}"},
    "key": {"source": "public", "public_key": "{key}"},
    "register": {"registered": "yes"},
    "verify": {"skip": "yes"},
}


def stand_at(page: Page, slug: str, key: PublicKey | None = None, *, account: str = ACCOUNT, user: str = USER) -> None:
    """Open a step with every step before it answered: the check by DESC USER skipped, the test not run."""
    told = {"account": account, "user": user, "key": key.pem if key else ""}
    for answered, fields in EARLY.items():
        if answered == slug:
            break
        post(page, answered, {name: value.format(**told) for name, value in fields.items()})
    page.goto(f"/steps/{slug}")
    expect(page.locator(f"main[data-step={slug}]")).to_be_visible()


# --- the steps --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Place:
    """A page of the wizard in a window. ``slug`` says which step it is, ``""`` that it is none."""

    page: Page
    slug = ""

    def __post_init__(self) -> None:
        if self.slug:
            expect(self.page.locator(f"main[data-step={self.slug}]")).to_be_visible()

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def alert(self) -> Locator:
        """What the page says is wrong."""
        return self.main.get_by_role("alert")

    def press(self, name: str) -> None:
        self.main.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.main.get_by_role("link", name=name).first.click()

    def text_of(self, name: str) -> str:
        """Return the text that the copy button beside it copies."""
        return self.main.locator(f'[data-copy="{name}"]').first.text_content() or ""

    def unfold(self, summary: str) -> Self:
        """Open a disclosure, if it isn't open."""
        fold = self.main.locator("details").filter(has=self.page.get_by_text(summary, exact=True)).last
        if fold.get_attribute("open") is None:
            fold.locator("summary").first.click()
        return self

    def change(self, title: str) -> None:
        """Take the Change link of a step in the list of steps, which is folded away in a narrow window."""
        steps = self.page.get_by_role("navigation", name="Progress")
        link = steps.get_by_role("link", name=f"Change {title}")
        if not link.is_visible():
            steps.locator("summary").click()
        link.click()

    def save(self, button: Locator, folder: Path) -> Path:
        """Press what starts a download, and return the saved file, named as the wizard names it."""
        with self.page.expect_download() as waiting:
            button.click()
        return keep(waiting.value, folder)


def keep(download: Download, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


class StartPage(Place):
    @classmethod
    def open(cls, page: Page) -> StartPage:
        page.goto("/")
        return cls(page)

    def begin(self) -> AccountStep:
        self.follow("Begin")
        return AccountStep(self.page)


class AccountStep(Place):
    slug = "account"

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Account identifier or address")

    def type(self, text: str) -> Self:
        self.box.fill(text)
        return self

    def answer(self, text: str) -> UserStep:
        self.type(text).press("Continue")
        return UserStep(self.page)


class UserStep(Place):
    slug = "user"

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("User name (NAME)")

    def answer(self, name: str) -> KeyStep:
        self.box.fill(name)
        self.press("Continue")
        return KeyStep(self.page)


class KeyStep(Place):
    slug = "key"

    @property
    def form(self) -> Locator:
        """The form of the ways that pass through the server; the browser's way has one of its own."""
        return self.page.locator("#key-form")

    @property
    def browser_way(self) -> Locator:
        return self.page.locator("browser-key")

    @property
    def has_script(self) -> bool:
        return bool(self.page.evaluate("matchMedia('(scripting: enabled)').matches"))

    def commands(self, name: str) -> str:
        """Return commands for the person's own tools, which come when they are asked for."""
        self.choose("My own tools").unfold("Commands that make a key pair")
        if self.has_script:
            return self.text_of(name)
        with self.page.context.expect_page() as opened:
            self.main.get_by_role("link", name="Show them").click()
        with opened.value as page:
            return page.locator(f'[data-copy="{name}"]').text_content() or ""

    def choose(self, way: str) -> Self:
        """Open a card; where a key is known already, all of them are folded away."""
        if self.has_script:
            # The element opens its own card when its script comes, or the page says that it doesn't.
            missing = self.page.get_by_text("The scripts that make and open keys did not load.")
            self.page.locator("browser-key:defined").or_(missing).first.wait_for(state="attached")
        held = self.main.get_by_role("button", name="Use another key", exact=True)
        if held.is_visible():  # a page that still holds the key shows that first
            held.click()
        if self.main.locator("summary").get_by_text("Use another key", exact=True).count():
            self.unfold("Use another key")
        self.page.get_by_label(way).check()
        return self

    def make_in_browser(self, passphrase: str) -> MadeKey:
        self.choose("Make it in this browser")
        self.page.get_by_label("Passphrase for the file").fill(passphrase)
        self.press("Make my key pair")
        return MadeKey(self.page)

    def open_in_browser(self, file: Path, passphrase: str) -> MadeKey:
        self.choose("I have a key file")
        way = self.browser_way
        way.get_by_label("Your private key file").set_input_files(file)
        asked = way.get_by_label("Its passphrase", exact=True)
        expect(asked).to_be_focused()
        asked.fill(passphrase)
        asked.press("Enter")
        return MadeKey(self.page)

    def make_on_server(self, passphrase: str, folder: Path) -> tuple[Path, RegisterStep]:
        self.choose("Have it made on this server")
        self.form.get_by_label("Passphrase (optional)").fill(passphrase)
        file = self.save(self.form.get_by_role("button", name="Make it on this server"), folder)
        self.follow("go on to the next step")
        return file, RegisterStep(self.page)

    def upload(self, file: Path, passphrase: str) -> RegisterStep:
        self.choose("I have a key file")
        if self.form.get_by_text("Send it to this server").is_visible():
            self.unfold("Send it to this server")
        self.form.get_by_label("Private key file", exact=True).set_input_files(file)
        self.form.get_by_label("Passphrase (optional)").fill(passphrase)
        self.form.get_by_role("button", name="Continue").click()
        return RegisterStep(self.page)

    def paste_public_key(self, text: str) -> RegisterStep:
        self.choose("My own tools")
        self.form.get_by_label("Public key", exact=True).fill(text)
        self.form.get_by_role("button", name="Continue").click()
        return RegisterStep(self.page)


class MadeKey(Place):
    """The key step while the page holds a key."""

    slug = "key"

    def __post_init__(self) -> None:
        super().__post_init__()
        expect(self.strip).to_be_visible()

    @property
    def strip(self) -> Locator:
        return self.page.get_by_role("region", name="Private key in this page")

    @property
    def fingerprint(self) -> str:
        return self.text_of("fingerprint")

    def save_private(self, folder: Path) -> Path:
        return self.save(self.main.get_by_role("button", name="Save rsa_key.p8"), folder)

    def save_public(self, folder: Path) -> Path:
        self.unfold("The public key, and a check of the saved file")
        return self.save(self.main.get_by_role("button", name="Save rsa_key.pub"), folder)

    def go_on(self) -> RegisterStep:
        self.page.locator("#browser-key-form").get_by_role("button", name="Continue").click()
        return RegisterStep(self.page)


class RegisterStep(Place):
    slug = "register"

    @property
    def statement(self) -> str:
        return self.text_of("alter-user-sql")

    @property
    def fingerprint(self) -> str:
        return self.text_of("fingerprint")

    def has_run(self) -> VerifyStep:
        self.press("I’ve run it")
        return VerifyStep(self.page)


class VerifyStep(Place):
    slug = "verify"

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("What DESC USER answered")

    def compare(self, answer: str) -> None:
        self.box.fill(answer)
        self.press("Compare")

    def agree(self, answer: str) -> TestStep:
        self.compare(answer)
        return TestStep(self.page)

    def skip(self) -> TestStep:
        self.press("Skip this check")
        return TestStep(self.page)


class TestStep(Place):
    __test__ = False  # a page, not a test case
    slug = "test"

    def with_held_key(self) -> TestRun:
        expect(self.page.get_by_text("This page still holds your private key.")).to_be_visible()
        self.press("Test the connection")
        return TestRun(self.page)

    def with_file_in_browser(self, file: Path, passphrase: str) -> TestRun:
        again = self.main.locator("summary").get_by_text("Test again", exact=True)
        if again.count():  # it has passed before, and is folded away
            self.unfold("Test again")
        way = self.page.get_by_role("region", name="With the key in this browser")
        way.get_by_label("Your private key file").set_input_files(file)
        if passphrase:
            way.get_by_label("Its passphrase", exact=True).fill(passphrase)
        self.press("Test the connection")
        return TestRun(self.page)

    def other_ways(self) -> Self:
        """Open what holds the ways that are not the page's own; where no script runs they stand open."""
        for name in ("Test again", "Other ways to test"):
            summary = self.main.locator("summary").filter(has_text=re.compile(f"^{name}$"))
            if summary.count() and summary.is_visible():
                self.unfold(name)
        return self

    def with_file(self, file: Path, passphrase: str) -> TestRun:
        form = self.other_ways().page.locator("#test-form")
        form.get_by_label("Private key file", exact=True).set_input_files(file)
        form.get_by_label("Passphrase (optional)").fill(passphrase)
        self.press("Test with this file")
        return TestRun(self.page)

    @property
    def token_command(self) -> str:
        return self.text_of("token-command")

    def with_token(self, token: str) -> TestRun:
        self.other_ways().unfold("Make a token with your own tools")
        self.page.get_by_label("Token", exact=True).fill(token)
        self.press("Test with this token")
        return TestRun(self.page)


class TestRun(Place):
    __test__ = False
    slug = "test"

    def verdict(self) -> str:
        """Wait for the test to end and return how: ``passed`` or ``failed``."""
        ending = self.page.locator("[data-verdict]")
        expect(ending).to_be_visible()
        return ending.get_attribute("data-verdict") or ""

    def rows(self) -> dict[str, str]:
        """Return the status of each check, in the order of the page."""
        found = self.page.locator("[data-check]").all()
        return {row.get_attribute("data-check") or "": row.get_attribute("data-status") or "" for row in found}

    def causes(self) -> list[str]:
        return [cause.get_attribute("data-cause") or "" for cause in self.page.locator("[data-cause]").all()]

    def put_to_work(self) -> HandoverStep:
        self.follow("Put it to work")
        return HandoverStep(self.page)


class HandoverStep(Place):
    slug = "handover"

    def choose(self, client: str) -> Self:
        """Take a tool by the name of its client."""
        tile = self.main.get_by_role("link", name=client, exact=True)
        if not tile.is_visible():
            self.unfold("Another tool")
        tile.click()
        expect(self.main.get_by_role("heading", name=f"1. Connect {client}", exact=True)).to_be_visible()
        return self

    def files_zip(self, folder: Path) -> Path:
        return self.save(self.main.get_by_role("link", name="Download files.zip"), folder)


# --- looking ----------------------------------------------------------------------------------------------------------
def focus(page: Page) -> str:
    """Return what has the focus: ``alert``, ``h1``, ``main``, or the tag and name of a control."""
    said: str = page.evaluate(
        """() => {
          const at = document.activeElement;
          if (!at || at === document.body) return "body";
          if (at.getAttribute("role") === "alert") return "alert";
          const kind = at.tagName.toLowerCase();
          const name = (at.labels?.[0] ?? at).textContent.replace(/\\s+/g, " ").trim();
          return ["h1", "main"].includes(kind) ? kind : `${kind}: ${name}`;
        }"""
    )
    return said


def posts(page: Page, path: str) -> list[str]:
    """Return a list that grows by the address of every POST to ``path`` from now on."""
    seen: list[str] = []

    def note(response: Response) -> None:
        if response.request.method == "POST" and response.url.endswith(path):
            seen.append(response.url)

    page.on("response", note)
    return seen
