"""A person in front of the wizard, without a browser: visits, fills in, presses, follows, and looks.

Everything that is fetched on the way, redirects included, is held against the rules of :mod:`tests.web.page_checks`
and put aside for the HTML checker (:mod:`tests.web.nu`).

    page = client.visit("/steps/account")
    page.fill("account", "myorg-my_acct")
    page = page.press("Continue")
    assert page.heading == "Which user will log in?"

A control is known by its name or by its label, a button or link by its text, an element by what the design document
promises (``page.copied("alter-user-sql")``, ``page.fact("account-host")``, ``page.checks``, ``page.causes``).

What is typed into a password field, into ``passphrase`` or ``private_key_text``, or opened in a file field counts as
secret from then on: a page, header, cookie or address that shows it fails the test.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import Client, TestResponse

from tests.web.nu import keep
from tests.web.page_checks import Answer, cookies, opened_cookie, problems, text_of

_MOST_REDIRECTS = 5
_SECRET_FIELDS = re.compile(r"passphrase|private_key")


@dataclass
class _File:
    content: bytes
    name: str


@dataclass
class Page:
    """An answer that a person looks at: a page, a fragment, or a file that was saved."""

    client: PageClient
    method: str
    url: str
    status: int
    headers: Headers
    body: bytes
    soup: BeautifulSoup
    fragment: bool
    redirects: tuple[str, ...] = ()
    _typed: dict[int, str | _File | bool] = field(default_factory=dict)

    # --- looking ------------------------------------------------------------------------------------------------------
    @property
    def path(self) -> str:
        """The path this page was found under, after redirects."""
        return urlsplit(self.url).path

    @property
    def html(self) -> str:
        return self.body.decode("utf-8")

    @property
    def text(self) -> str:
        """All the text of the page's main part (of the whole fragment), white space folded."""
        main = self.soup.find("main")
        return text_of(main if isinstance(main, Tag) else self.soup)

    @property
    def title(self) -> str:
        return self.text_at("title")

    @property
    def heading(self) -> str:
        return self.text_at("h1")

    @property
    def step(self) -> str:
        """The slug of the step that this page asks, or ``""``."""
        return str(self.one("main").get("data-step") or "")

    @property
    def alert(self) -> str:
        """The text of the error summary, or ``""``."""
        return " ".join(text_of(tag) for tag in self.all('[role="alert"]'))

    @property
    def filename(self) -> str:
        """The name under which a browser would save this answer, or ``""`` when it would show it."""
        found = re.search(r'attachment;.*filename="?([^";]+)', self.headers.get("Content-Disposition", ""))
        return found[1] if found else ""

    @property
    def verdict(self) -> str:
        """``passed`` or ``failed`` when a live test has finished, else ``""``."""
        return str(self.one("[data-verdict]")["data-verdict"]) if self.all("[data-verdict]") else ""

    @property
    def checks(self) -> dict[str, str]:
        """Each check's row and its status, in the order of the page."""
        return {str(tag["data-check"]): str(tag.get("data-status")) for tag in self.all("[data-check]")}

    @property
    def causes(self) -> list[str]:
        """The ids of the causes named, most likely first."""
        return [str(tag["data-cause"]) for tag in self.all("[data-cause]")]

    def all(self, selector: str) -> list[Tag]:
        """Return every element that a CSS selector finds."""
        return list(self.soup.select(selector))

    def one(self, selector: str) -> Tag:
        """Return the only element that a CSS selector finds."""
        found = self.all(selector)
        assert len(found) == 1, f"{self}: {len(found)} elements match {selector}"
        return found[0]

    def text_at(self, selector: str) -> str:
        """Return the folded text of the first element that a selector finds."""
        found = self.all(selector)
        assert found, f"{self}: nothing matches {selector}"
        return text_of(found[0])

    def copied(self, name: str) -> str:
        """Return what a copy button puts on the clipboard: the exact text of ``[data-copy="<name>"]``."""
        return self.one(f'[data-copy="{name}"]').get_text()

    def fact(self, name: str) -> str:
        """Return the text of ``[data-fact="<name>"]``."""
        return text_of(self.one(f'[data-fact="{name}"]'))

    def error(self, name: str) -> str:
        """Return the message beside a field, or ``""`` when there is none."""
        found = self.soup.find(id=f"{name}-error")
        return text_of(found) if isinstance(found, Tag) else ""

    def link(self, text: str) -> str:
        """Return the address of the link with a text."""
        return str(self._by_text("a", text)["href"])

    def links(self) -> list[str]:
        return [str(tag["href"]) for tag in self.all("a[href]")]

    def buttons(self) -> list[str]:
        return [text_of(tag) or str(tag.get("value", "")) for tag in self.all("button, input[type=submit]")]

    def value(self, name: str) -> str:
        """Return what a control holds: the text typed or sent, or the value of the choice made."""
        tag = self._control(name)
        if tag.get("type") in {"radio", "checkbox"}:
            chosen = [t for t in self._same_name(tag) if self._chosen(t)]
            return str(chosen[0].get("value", "on")) if chosen else ""
        return "".join(value for _, value in self._values(tag) if isinstance(value, str))

    # --- doing --------------------------------------------------------------------------------------------------------
    def fill(self, name: str, value: str) -> Self:
        """Type into a text control, or choose by value or text in a select or a group of radio buttons."""
        tag = self._control(name)
        kind = str(tag.get("type", "")).lower()
        if kind == "radio":
            return self.choose(name, value)
        assert kind not in {"checkbox", "file"}, f"{self}: {name} is a {kind}: use tick or attach"
        assert not tag.has_attr("disabled"), f"{self}: {name} is switched off"
        if tag.name == "select":
            value = self._option(tag, value)
        if kind == "password" or _SECRET_FIELDS.search(str(tag.get("name"))):
            self.client.watch(value)
        self._typed[id(tag)] = value
        return self

    def choose(self, name: str, value: str) -> Self:
        """Pick one of a group of radio buttons, by its value or by the text of its label."""
        group = [tag for tag in self.all("input[type=radio]") if tag.get("name") == name]
        picked = [tag for tag in group if value in (tag.get("value"), self._label(tag))]
        assert len(picked) == 1, f"{self}: {name} offers {[tag.get('value') for tag in group]}, not {value!r}"
        for tag in self._same_name(picked[0]):
            self._typed[id(tag)] = tag is picked[0]
        return self

    def tick(self, name: str, ticked: bool = True) -> Self:
        """Tick a checkbox, or take the tick away."""
        self._typed[id(self._control(name))] = ticked
        return self

    def attach(self, name: str, content: bytes, filename: str = "rsa_key.p8") -> Self:
        """Open a file in a file field."""
        tag = self._control(name)
        assert tag.get("type") == "file", f"{self}: {name} takes no file"
        self.client.watch(content.decode("latin-1"))
        self._typed[id(tag)] = _File(content, filename)
        return self

    def press(self, text: str, *, unchecked: Collection[str] = (), htmx: bool = False) -> Page:
        """Press a button, and return the page that answers."""
        return self.press_in("", text, unchecked=unchecked, htmx=htmx)

    def press_in(self, form: str, text: str, *, unchecked: Collection[str] = (), htmx: bool = False) -> Page:
        """Press a button of the form that a CSS selector finds, where another form has a button of the same name."""
        buttons = (f"{form} {tag}" for tag in ("button", "input[type=submit]", "input[type=image]"))
        return self._press(self._by_text(", ".join(buttons), text), text, unchecked, htmx)

    def _press(self, button: Tag, text: str, unchecked: Collection[str], htmx: bool) -> Page:
        form = self._form_of(button)
        assert form is not None, f"{self}: the button {text!r} is in no form and would do nothing"
        assert button.get("type", "submit") != "button", f"{self}: the button {text!r} needs a script"
        action = str(button.get("formaction") or form.get("action") or self.url)
        method = str(button.get("formmethod") or form.get("method") or "get").upper()
        pairs = list(self._successful(form))
        if button.get("name"):
            pairs.append((str(button["name"]), str(button.get("value", ""))))
        multipart = str(button.get("formenctype") or form.get("enctype")) == "multipart/form-data"
        if not multipart:
            # What a browser does with a file field in a form of the plain kind: it sends the file's name.
            pairs = [(name, value.name if isinstance(value, _File) else value) for name, value in pairs]
        return self.client.send(
            method, urljoin(self.url, action), pairs, referrer=self.url, unchecked=unchecked, htmx=htmx
        )

    def follow(self, text: str, *, unchecked: Collection[str] = ()) -> Page:
        """Follow the link with a text, and return the page it leads to."""
        return self.client.visit(urljoin(self.url, self.link(text)), unchecked=unchecked, referrer=self.url)

    def again(self, **options: Collection[str]) -> Page:
        """Reload."""
        return self.client.visit(self.url, **options)  # type: ignore[arg-type]

    # --- inside -------------------------------------------------------------------------------------------------------
    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status}"

    def _label(self, tag: Tag) -> str:
        wrapped = tag.find_parent("label")
        labels = self.all(f'label[for="{tag["id"]}"]') if tag.get("id") else []
        return " ".join(text_of(label) for label in ([wrapped] if isinstance(wrapped, Tag) else []) + labels)

    def _control(self, name: str) -> Tag:
        controls = [
            tag
            for tag in self.all("input, select, textarea")
            if str(tag.get("type", "")).lower() not in {"hidden", "submit", "button"}
        ]
        found = [tag for tag in controls if name in (tag.get("name"), tag.get("id"))]
        found = found or [tag for tag in controls if self._label(tag).startswith(name)]
        names = sorted({str(tag.get("name")) for tag in controls})
        assert found, f"{self}: no control {name!r}; there are {names}"
        same = {str(tag.get("name")) for tag in found}
        assert len(same) == 1, f"{self}: {name!r} may mean each of {sorted(same)}"
        radios = all(tag.get("type") in {"radio", "checkbox"} for tag in found)
        assert len(found) == 1 or radios, f"{self}: {len(found)} controls are called {name!r}"
        return found[0]

    def _same_name(self, tag: Tag) -> list[Tag]:
        form = self._form_of(tag)
        return [
            other
            for other in self.all("input")
            if (other.get("name"), other.get("type")) == (tag.get("name"), tag.get("type"))
            and self._form_of(other) is form
        ]

    def _by_text(self, selector: str, text: str) -> Tag:
        candidates = self.all(selector)

        def said(tag: Tag) -> str:
            return str(tag.get("aria-label") or "") or text_of(tag) or str(tag.get("value", ""))

        found = [tag for tag in candidates if said(tag) == text] or [tag for tag in candidates if text_of(tag) == text]
        found = found or [tag for tag in candidates if said(tag).startswith(text)]
        offered = [said(tag) for tag in candidates]
        assert found, f"{self}: nothing is called {text!r}; there are {offered}"
        targets = {(tag.get("href"), tag.get("value"), tag.get("formaction")) for tag in found}
        assert len(found) == 1 or len(targets) == 1, f"{self}: {len(found)} things are called {text!r}"
        return found[0]

    def _form_of(self, tag: Tag) -> Tag | None:
        if tag.get("form"):
            return self.one(f'form[id="{tag["form"]}"]')
        form = tag.find_parent("form")
        return form if isinstance(form, Tag) else None

    def _option(self, select: Tag, wanted: str) -> str:
        options = select.find_all("option")
        for option in options:
            value = str(option.get("value", text_of(option)))
            if wanted in (value, text_of(option)):
                return value
        raise AssertionError(f"{self}: {select.get('name')} has no option {wanted!r}")

    def _chosen(self, tag: Tag) -> bool:
        return bool(self._typed.get(id(tag), tag.has_attr("checked")))

    def _values(self, tag: Tag) -> Iterator[tuple[str, str | _File]]:
        """Yield what a control sends, by the rules of HTML forms."""
        name, kind = str(tag.get("name") or ""), str(tag.get("type", "")).lower()
        typed = self._typed.get(id(tag))
        if not name or tag.has_attr("disabled") or kind in {"submit", "button", "reset", "image"}:
            return
        if kind in {"radio", "checkbox"}:
            if self._chosen(tag):
                yield name, str(tag.get("value", "on"))
        elif kind == "file":
            yield name, typed if isinstance(typed, _File) else _File(b"", "")
        elif isinstance(typed, str):
            yield name, typed
        elif tag.name == "textarea":
            # As a browser reads it: line breaks of one kind, and the one right behind the tag is not content.
            yield name, re.sub(r"\r\n?", "\n", tag.get_text()).removeprefix("\n")
        elif tag.name == "select":
            options = list(tag.find_all("option"))
            chosen = [option for option in options if option.has_attr("selected")] or options[:1]
            yield from ((name, str(option.get("value", text_of(option)))) for option in chosen)
        else:
            yield name, str(tag.get("value", ""))

    def _successful(self, form: Tag) -> Iterator[tuple[str, str | _File]]:
        for tag in self.all("input, select, textarea"):
            if self._form_of(tag) is form:
                yield from self._values(tag)


class PageClient:
    """A browser with one cookie jar, on ``base_url``; see the module's own words for how to use it.

    ``client.page`` is the page last seen. ``headers`` go with every request, and ``comes_from`` is the address that it
    comes from (``""`` for none: it is made in this process).
    """

    def __init__(
        self, app: Flask, *, base_url: str = "http://localhost", headers: Mapping[str, str] | None = None
    ) -> None:
        self.app = app
        self.base_url = base_url
        self.headers = dict(headers or {})
        self.comes_from = ""
        self.secrets: set[str] = set()
        self.page: Page | None = None
        self._client = Client(app, response_wrapper=TestResponse)
        self._assets: dict[str, bytes | None] = {}

    # --- what a person does -------------------------------------------------------------------------------------------
    def visit(
        self,
        address: str,
        *,
        unchecked: Collection[str] = (),
        also: Collection[str] = (),
        referrer: str = "",
        htmx: bool = False,
    ) -> Page:
        """Open an address (a path, or a whole address of this wizard) and return the page found after redirects."""
        return self.send("GET", address, referrer=referrer, unchecked=unchecked, also=also, htmx=htmx)

    def send(
        self,
        method: str,
        address: str,
        fields: Collection[tuple[str, str | _File]] = (),
        *,
        referrer: str = "",
        unchecked: Collection[str] = (),
        also: Collection[str] = (),
        htmx: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Send a request as a browser does, follow where the answers lead, check all of them, return the last."""
        url, redirects = urljoin(self.base_url, address), []
        sent = self.headers | ({"HX-Request": "true"} if htmx else {})
        if method == "POST":
            sent |= {"Origin": self._origin(url), "Sec-Fetch-Site": "same-origin"}
        if referrer:
            sent["Referer"] = referrer
        sent |= headers or {}
        data: MultiDict[str, str | tuple[io.BytesIO, str]] = MultiDict()
        for name, value in fields:
            data.add(name, (io.BytesIO(value.content), value.name) if isinstance(value, _File) else value)
        while True:
            page = self._once(method, url, data, sent, unchecked, also)
            location = page.headers.get("Location")
            if not (location and 300 <= page.status < 400):
                break
            redirects.append(urlsplit(location).path)
            assert len(redirects) <= _MOST_REDIRECTS, f"redirected in a circle: {redirects}"
            assert page.status == 303 or method == "GET", f"{page} redirects with {page.status} instead of 303"
            target = urljoin(url, location)
            assert self._origin(target) == self._origin(url), f"{page} redirects to another host: {target}"
            method, url, data = "GET", target, MultiDict()
        page.redirects = tuple(redirects)
        self.page = page
        return page

    def watch(self, secret: str) -> None:
        """From now on, fail when an answer shows this text (the lines of a key count each by itself)."""
        for line in secret.splitlines():
            if len(line.strip()) >= 6 and not line.startswith("-----"):
                self.secrets.add(line.strip())

    @property
    def cookie(self) -> str:
        """What anyone who holds this client's cookie can read in it, or ``""``."""
        for name in ("wizard", "__Host-wizard"):
            held = self._client.get_cookie(name, domain=urlsplit(self.base_url).hostname or "localhost")
            if held is not None:
                return opened_cookie(held.value)
        return ""

    def put_cookie(self, name: str, value: str) -> None:
        """Hold a cookie as if an answer had set it."""
        self._client.set_cookie(name, value, domain=urlsplit(self.base_url).hostname or "localhost")

    def forget_cookies(self) -> None:
        """Go on as a browser that has never been here."""
        self._client = Client(self.app, response_wrapper=TestResponse)

    # --- what the rules ask (Site) ------------------------------------------------------------------------------------
    def asset(self, path: str) -> bytes | None:
        if path not in self._assets:
            with Client(self.app, response_wrapper=TestResponse).get(path, base_url=self.base_url) as answer:
                self._assets[path] = answer.data if answer.status_code == 200 else None
        return self._assets[path]

    def knows(self, path: str, method: str) -> bool:
        try:
            self.app.url_map.bind(urlsplit(self.base_url).netloc).match(path, method)
        except RequestRedirect:
            return True
        except (NotFound, MethodNotAllowed, HTTPException):
            return False
        return True

    # --- inside -------------------------------------------------------------------------------------------------------
    @staticmethod
    def _origin(url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}"

    def _once(
        self,
        method: str,
        url: str,
        data: MultiDict[str, str | tuple[io.BytesIO, str]],
        headers: Mapping[str, str],
        unchecked: Collection[str],
        also: Collection[str],
    ) -> Page:
        parts = urlsplit(url)
        query: Mapping[str, object] | str = parts.query
        if method == "GET" and data:
            query = data
        open_: Callable[..., TestResponse] = self._client.open
        with open_(
            parts.path or "/",
            method=method,
            base_url=self._origin(url),
            query_string=query,
            headers=dict(headers),
            data=data if method == "POST" else None,
            environ_overrides={"REMOTE_ADDR": self.comes_from} if self.comes_from else {},
        ) as response:
            body, status, answered = response.data, response.status_code, response.headers
        is_html = answered.get("Content-Type", "").startswith("text/html") and bool(body)
        soup = BeautifulSoup(body, "html.parser") if is_html else BeautifulSoup("", "html.parser")
        redirect = 300 <= status < 400
        fragment = is_html and not redirect and not body.lstrip()[:9].lower().startswith(b"<!doctype")
        if fragment:
            assert headers.get("HX-Request"), f"{method} {parts.path} → {status}: a fragment, and htmx did not ask"
        answer = Answer(
            method, url, status, answered, body, soup if is_html and not redirect else None, self, fragment,
            tuple(self.secrets),
        )  # fmt: skip
        wrong = problems(answer, unchecked=unchecked, also=also)
        if wrong:
            lines = "\n    ".join(wrong)
            raise AssertionError(
                f"{answer.where} breaks rules that hold for every page "
                f"(unchecked={{'name'}} switches one off):\n    {lines}"
            )
        if is_html and not redirect:
            keep(body.decode("utf-8"), answer.where)
        return Page(self, method, url, status, answered, body, soup, fragment)


__all__ = ["Page", "PageClient", "cookies"]
