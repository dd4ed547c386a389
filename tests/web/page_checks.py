"""What must be true of every page and every answer, each rule one small function with a name and a fix.

A rule yields a sentence for each thing it finds wrong. :class:`tests.web.page_client.PageClient` runs all of them on
everything it fetches. A test that needs to look at a page which breaks a rule on purpose switches that rule off by
name.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import Morsel, SimpleCookie
from itertools import pairwise
from typing import Protocol
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from werkzeug.datastructures import Headers

# From the project's security notes: the whole set, on every answer.
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "htmx",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), "
    "display-capture=(), fullscreen=(), browsing-topics=(), idle-detection=(), local-fonts=(), "
    "publickey-credentials-get=(), clipboard-read=(), clipboard-write=(self)",
}
SHA384_OF_NOTHING = "sha384-" + base64.b64encode(hashlib.sha384(b"").digest()).decode()
COOKIE_LIMIT = 4093  # bytes of one Set-Cookie header; browsers drop what is longer, and say nothing
_NO_LABEL_NEEDED = {"hidden", "submit", "button", "reset", "image"}
_CHOSEN = _NO_LABEL_NEEDED | {"checkbox", "radio"}
_REFERRING = ("for", "form", "list", "headers", "aria-controls", "aria-describedby", "aria-details",
              "aria-errormessage", "aria-labelledby", "aria-owns")  # fmt: skip
_PROSE_ENDS = {"code", "pre", "kbd", "samp", "script", "style", "textarea", "option", "title"}


class Site(Protocol):
    """What the rules may ask of the wizard around a page."""

    def asset(self, path: str) -> bytes | None:
        """Return what the wizard serves under a path, or ``None`` when it does not."""

    def knows(self, path: str, method: str) -> bool:
        """Say whether the wizard has a page for a path and method."""


@dataclass(frozen=True)
class Answer:
    """One HTTP answer as the rules see it. ``soup`` is ``None`` for what is not HTML."""

    method: str
    url: str
    status: int
    headers: Headers
    body: bytes
    soup: BeautifulSoup | None
    site: Site
    fragment: bool = False
    secrets: Collection[str] = field(default_factory=tuple)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def https(self) -> bool:
        return urlsplit(self.url).scheme == "https"

    @property
    def where(self) -> str:
        return f"{self.method} {self.path} → {self.status}"

    @property
    def document(self) -> bool:
        return self.soup is not None and not self.fragment

    @property
    def nonce(self) -> str:
        found = re.search(r"'nonce-([^']+)'", self.headers.get("Content-Security-Policy", ""))
        return found[1] if found else ""

    @cached_property
    def _elements(self) -> list[Tag]:
        # Walked once: the rules ask some thirty times, and a search of the tree's own costs a hundred times as much.
        return [] if self.soup is None else [node for node in self.soup.descendants if isinstance(node, Tag)]

    def tags(self, *names: str, attrs: Mapping[str, str | bool | re.Pattern[str]] | None = None) -> list[Tag]:
        """Return the elements with one of these names (any, when none is given) and these attributes.

        An attribute is asked for by its value, by a pattern, or with ``True`` for any value.
        """
        wanted = (attrs or {}).items()
        return [
            tag
            for tag in self._elements
            if (not names or tag.name in names) and all(_has(tag, name, value) for name, value in wanted)
        ]


def _has(tag: Tag, name: str, wanted: str | bool | re.Pattern[str]) -> bool:
    value = tag.attrs.get(name)
    if value is None or isinstance(wanted, bool):
        return (value is not None) is bool(wanted)
    values = [str(value)] if isinstance(value, str) else [str(each) for each in value]
    return any(each == wanted if isinstance(wanted, str) else wanted.search(each) for each in values)


@dataclass(frozen=True)
class Rule:
    name: str
    fix: str
    look: Callable[[Answer], Iterator[str]]
    unless_asked: bool = False


RULES: dict[str, Rule] = {}


def rule(
    name: str, fix: str, *, unless_asked: bool = False
) -> Callable[[Callable[[Answer], Iterator[str]]], Callable[[Answer], Iterator[str]]]:
    """Register a rule. ``unless_asked`` leaves it out where a test does not ask for it by name."""

    def register(look: Callable[[Answer], Iterator[str]]) -> Callable[[Answer], Iterator[str]]:
        RULES[name] = Rule(name, fix, look, unless_asked)
        return look

    return register


def problems(answer: Answer, *, unchecked: Collection[str] = (), also: Collection[str] = ()) -> list[str]:
    """Return a line for each thing that is wrong with an answer. Raises ``KeyError`` for a rule that does not exist."""
    for name in (*unchecked, *also):
        RULES[name]
    found = []
    for each in RULES.values():
        if each.name in unchecked or (each.unless_asked and each.name not in also):
            continue
        found += [f"[{each.name}] {problem}\n      fix: {each.fix}" for problem in each.look(answer)]
    return found


def text_of(tag: Tag) -> str:
    """Return the text that a person reads in ``tag``, with white space folded."""
    return " ".join(tag.get_text(" ", strip=True).split())


def shown(tag: Tag) -> str:
    """Describe a tag in a message: its start tag, cut."""
    start = str(tag).split(">", 1)[0] + ">"
    return start if len(start) < 160 else start[:157] + "…"


def named(tag: Tag) -> bool:
    """Say whether assistive technology finds a name for ``tag``."""
    if tag.get("aria-label") or tag.get("aria-labelledby") or tag.get("title"):
        return True
    if text_of(tag) or (tag.name == "input" and tag.get("value")):
        return True
    return any(image.get("alt") or image.get("aria-label") for image in tag.find_all(["img", "svg"]))


# --- headers and cookies: every answer --------------------------------------------------------------------------------
@rule("headers", "set every header in the one function that wizard/web/security.py has for it")
def _headers(answer: Answer) -> Iterator[str]:
    for name, value in HEADERS.items():
        given = answer.headers.getlist(name)
        if given != [value]:
            yield f"{name} is {given!r}, and {value!r} is expected"
    transport = answer.headers.get("Strict-Transport-Security")
    if answer.https and transport != "max-age=63072000; includeSubDomains":
        yield f"Strict-Transport-Security is {transport!r} on https"
    if not answer.https and transport is not None:
        yield "Strict-Transport-Security is sent on plain http, where it means nothing"
    for name, _ in answer.headers:
        if name.lower() in {"x-xss-protection", "x-powered-by"} or name.lower().startswith("access-control-"):
            yield f"{name} is sent"
    if any(letter.isdigit() for letter in answer.headers.get("Server", "")):
        yield f"Server tells a version: {answer.headers['Server']!r}"


@rule("policy", "the policy is one constant in wizard/web/security.py; a page never widens it")
def _policy(answer: Answer) -> Iterator[str]:
    sent = answer.headers.getlist("Content-Security-Policy")
    if len(sent) != 1:
        yield f"{len(sent)} Content-Security-Policy headers"
        return
    directives = dict(part.strip().partition(" ")[::2] for part in sent[0].split(";") if part.strip())
    script = directives.pop("script-src", "")
    if not re.fullmatch(r"'nonce-[A-Za-z0-9+/_-]{22,}={0,2}'", script):
        yield f"script-src is {script!r}, and a fresh nonce alone is expected"
    if directives != POLICY:
        wrong = set(directives.items()) ^ set(POLICY.items())
        yield f"differs from the policy in {sorted(wrong)}"


@rule("caching", "pages are no-store; static files are kept for a year under a name that changes with their content")
def _caching(answer: Answer) -> Iterator[str]:
    given = answer.headers.get("Cache-Control", "")
    if answer.path.startswith("/static/") and answer.status == 200:
        if given != "public, max-age=31536000, immutable":
            yield f"Cache-Control of a static file is {given!r}"
    elif "no-store" not in given:
        yield f"Cache-Control is {given!r}"
    if answer.fragment and "hx-request" not in answer.headers.get("Vary", "").lower():
        yield f"a fragment's Vary is {answer.headers.get('Vary')!r}; HX-Request belongs there"


def cookies(answer: Answer) -> list[Morsel[str]]:
    """Return the cookies that an answer sets."""
    found: list[Morsel[str]] = []
    for line in answer.headers.getlist("Set-Cookie"):
        found += SimpleCookie(line).values()
    return found


@rule("cookie", "one cookie, set by wizard/web/session.py: signed, HttpOnly, SameSite=Lax, Path=/, __Host- on https")
def _cookie(answer: Answer) -> Iterator[str]:
    for line in answer.headers.getlist("Set-Cookie"):
        if len(line.encode()) >= COOKIE_LIMIT:
            yield f"{len(line.encode())} bytes; from {COOKIE_LIMIT} on a browser drops it without a word"
    for cookie in cookies(answer):
        if not cookie["httponly"]:
            yield f"{cookie.key} can be read by scripts (no HttpOnly)"
        if cookie["samesite"] != "Lax":
            yield f"{cookie.key} has SameSite={cookie['samesite']!r}"
        if cookie["path"] != "/" or cookie["domain"]:
            yield f"{cookie.key} has Path={cookie['path']!r}, Domain={cookie['domain']!r}"
        if cookie.key.startswith("__Host-") is not answer.https or bool(cookie["secure"]) is not answer.https:
            yield f"{cookie.key} on {urlsplit(answer.url).scheme}: Secure and the __Host- prefix follow the scheme"


def opened_cookie(value: str) -> str:
    """Return what anyone who holds a signed cookie can read in it."""
    packed = value.startswith(".")
    payload = value.lstrip(".").split(".")[0]
    try:
        raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return (zlib.decompress(raw) if packed else raw).decode("utf-8", "replace")
    except (ValueError, zlib.error):
        return value


@rule("secrets", "a private key or passphrase is used in the request that brought it and goes nowhere from there")
def _secrets(answer: Answer) -> Iterator[str]:
    places = {
        "the address": unquote(answer.url),
        "a header": unquote(" ".join(f"{name}: {value}" for name, value in answer.headers)),
        "the cookie": " ".join(opened_cookie(cookie.value) for cookie in cookies(answer)),
    }
    if answer.soup is not None:
        places["the page"] = answer.body.decode("utf-8", "replace") + answer.soup.get_text()
    for secret in answer.secrets:
        yield from (f"a secret that was typed is in {name}" for name, text in places.items() if secret in text)
    if re.search(r"PRIVATE KEY-----\s*(\\n|&#10;)*\s*MI", places.get("the page", "")):
        yield "a private key is in the page"


# --- the document -----------------------------------------------------------------------------------------------------
@rule("document", "extend base.html (or fragment.html for htmx): it brings the doctype, the language and the landmarks")
def _document(answer: Answer) -> Iterator[str]:
    if not answer.document:
        return
    if not answer.body.lstrip().lower().startswith(b"<!doctype html>"):
        yield "no <!doctype html>"
    if answer.headers.get("Content-Type") != "text/html; charset=utf-8":
        yield f"Content-Type is {answer.headers.get('Content-Type')!r}"
    html = answer.tags("html")
    if not html or not html[0].get("lang"):
        yield "<html> names no language"
    if len(answer.tags("main")) != 1:
        yield f"{len(answer.tags('main'))} <main> elements; one is the landmark people jump to"
    if not answer.tags("meta", attrs={"name": "viewport"}):
        yield "no viewport: phones will shrink the page"


@rule("one-h1", "the page's question is its h1, and there is one question a page")
def _one_h1(answer: Answer) -> Iterator[str]:
    count = len(answer.tags("h1"))
    if answer.document and count != 1:
        yield f"{count} h1 elements"


@rule("headings", "use the next level down; looks are a matter of CSS")
def _headings(answer: Answer) -> Iterator[str]:
    levels = [int(tag.name[1]) for tag in answer.tags("h1", "h2", "h3", "h4", "h5", "h6")]
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"h{below} follows h{above}"


@rule("title", "page_title begins with the page's h1, after “Error: ” when something typed is wrong")
def _title(answer: Answer) -> Iterator[str]:
    titles = [tag for tag in answer.tags("title") if tag.find_parent("svg") is None]
    if not answer.document:
        if len(titles) > 1:
            yield f"a fragment with {len(titles)} titles"
        return
    if len(titles) != 1:
        yield f"{len(titles)} title elements"
        return
    title, heads = text_of(titles[0]), answer.tags("h1")
    if heads and not title.removeprefix("Error: ").startswith(text_of(heads[0])):
        yield f"the title {title!r} does not begin with the h1 {text_of(heads[0])!r}"


@rule("error-page", "what was typed wrong is answered with 422, “Error: ” in the title and a summary with role=alert")
def _error_page(answer: Answer) -> Iterator[str]:
    if not answer.document:
        return
    title = next((text_of(tag) for tag in answer.tags("title") if tag.find_parent("svg") is None), "")
    alert = answer.tags(attrs={"role": "alert"})
    if answer.status == 422 and not (title.startswith("Error: ") and alert):
        yield f"422 with the title {title!r} and {len(alert)} role=alert elements"
    if answer.status != 422 and title.startswith("Error: "):
        yield f"{answer.status} with the title {title!r}"
    summary = " ".join(str(tag) for tag in alert)
    for tag in answer.tags(attrs={"id": re.compile(r".+-error$")}):
        control = str(tag["id"]).removesuffix("-error")
        if answer.status == 422 and f'href="#{control}' not in summary:
            yield f"the summary has no link to #{control}, whose message stands in the page"


@rule("step-name", "step.html marks the main element with data-step; a page under /steps/ extends it")
def _step_name(answer: Answer) -> Iterator[str]:
    found = re.fullmatch(r"/steps/([a-z-]+)", answer.path)
    if found and answer.document and answer.status in (200, 422):
        marked = [tag.get("data-step") for tag in answer.tags("main")]
        if marked != [found[1]]:
            yield f"data-step is {marked}, and {found[1]!r} is expected"


@rule("unique-ids", "an id is derived from the field or component it belongs to; give the second one another name")
def _unique_ids(answer: Answer) -> Iterator[str]:
    for name, count in Counter(str(tag["id"]) for tag in answer.tags(attrs={"id": True})).items():
        if count > 1:
            yield f"id {name!r} stands {count} times"


@rule("references", "point at an id that is in the page, or leave the attribute out")
def _references(answer: Answer) -> Iterator[str]:
    if not answer.document:
        return  # a fragment may point at what stays in the document around it
    ids = {str(tag["id"]) for tag in answer.tags(attrs={"id": True})}
    for tag in answer.tags():
        for attribute in _REFERRING:
            value = tag.get(attribute)
            targets = value if isinstance(value, list) else str(value or "").split()
            for target in targets:
                if target not in ids:
                    yield f"{attribute}={target!r} of {shown(tag)} points at nothing"
        if tag.name == "a" and re.fullmatch(r"#.+", str(tag.get("href", ""))) and str(tag["href"])[1:] not in ids:
            yield f"{shown(tag)} leads nowhere"


@rule("labels", "draw controls with the field and choices macros: they bring a label for each")
def _labels(answer: Answer) -> Iterator[str]:
    labelled = {str(tag.get("for")) for tag in answer.tags("label") if text_of(tag)}
    for tag in answer.tags("input", "select", "textarea"):
        if str(tag.get("type", "")).lower() in _NO_LABEL_NEEDED:
            continue
        wrapped = tag.find_parent("label")
        if not (
            tag.get("id") in labelled
            or (wrapped is not None and text_of(wrapped))
            or tag.get("aria-label")
            or tag.get("aria-labelledby")
        ):
            yield f"{shown(tag)} has no label"
    for tag in answer.tags("button", "a", "summary"):
        if not named(tag):
            yield f"{shown(tag)} has no text that a screen reader could say"
    for tag in answer.tags("fieldset"):
        legend = tag.find("legend")
        if not (isinstance(legend, Tag) and text_of(legend)) and not tag.get("aria-labelledby"):
            yield f"{shown(tag)} has no legend"
    for tag in answer.tags("img"):
        if tag.get("alt") is None:
            yield f"{shown(tag)} has no alt"
    for tag in answer.tags("svg"):
        if tag.get("aria-hidden") != "true" and not (
            tag.get("role") == "img" and (tag.get("aria-label") or tag.get("aria-labelledby"))
        ):
            yield f"{shown(tag)} is neither hidden (aria-hidden) nor an image with a name (role=img and a label)"


@rule("inline", "behaviour lives in static/js, looks in static/css; the policy would refuse this anyway")
def _inline(answer: Answer) -> Iterator[str]:
    for tag in answer.tags():
        for name, value in tag.attrs.items():
            text = str(value).strip().lower()
            if name == "style" or name.startswith("on"):
                yield f"{shown(tag)} has {name}"
            if re.match(r"(data-)?hx-on", name) or text.startswith("js:"):
                yield f"{shown(tag)} has htmx run text as code ({name})"
            if name.startswith("hx-"):
                yield f"{shown(tag)}: {name} is written data-{name}"
            if text.startswith(("javascript:", "data:")) and name in {"href", "src", "action", "formaction"}:
                yield f"{shown(tag)} has {name}={text[:20]!r}"
        if tag.name == "style":
            yield "a <style> element"
        if tag.name == "script" and not tag.get("src") and tag.get("type") != "application/json":
            yield "a <script> with its code inside"


@rule("htmx-nonce", "write data-hx-* with the hx macro: it stamps the nonce, without which hx-csp strips them")
def _htmx_nonce(answer: Answer) -> Iterator[str]:
    for tag in answer.tags():
        if any(name.startswith("data-hx-") for name in tag.attrs) and tag.get("data-hx-nonce") != answer.nonce:
            yield f"{shown(tag)} has data-hx-* without this answer's nonce"


@rule("assets", "name files with asset() and integrity() in templates; nothing is loaded from another host")
def _assets(answer: Answer) -> Iterator[str]:
    for tag in answer.tags("script", "link", "img", "source", "use", "image"):
        address = str(tag.get("src") or tag.get("href") or "")
        if not address or address.startswith("#"):
            continue
        kind = "script" if tag.name == "script" else " ".join(tag.get("rel") or [])
        if kind in ("script", "modulepreload") and tag.get("nonce") != answer.nonce:
            yield f"{shown(tag)} has not this answer's nonce"
        if urlsplit(address).netloc:
            yield f"{shown(tag)} is loaded from another host"
            continue
        content = answer.site.asset(address)
        if content is None:
            yield f"{shown(tag)}: there is no such file"
        elif kind in ("script", "modulepreload", "stylesheet"):
            digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
            if tag.get("integrity") != f"sha384-{digest}":
                yield f"{shown(tag)}: integrity is not that of the file"


@rule("links", "links and forms lead to a route of the wizard, with a method it takes")
def _links(answer: Answer) -> Iterator[str]:
    for tag in answer.tags("a", "form"):
        address = str(tag.get("href") if tag.name == "a" else tag.get("action") or answer.path)
        parts = urlsplit(address)
        if parts.netloc or parts.scheme:
            if tag.name == "form":
                yield f"{shown(tag)} posts to another host"
            elif parts.scheme not in {"https", "mailto"} and parts.hostname not in {"localhost", "127.0.0.1"}:
                yield f"{shown(tag)} leads to plain {parts.scheme}"
            if tag.get("target") == "_blank" and "noopener" not in (tag.get("rel") or []):
                yield f"{shown(tag)} opens a window without rel=noopener"
        elif parts.path and not answer.site.knows(parts.path, str(tag.get("method", "get")).upper()):
            yield f"{shown(tag)}: the wizard has no such page"
    for tag in answer.tags("button", "input", attrs={"formaction": True}):
        if not answer.site.knows(urlsplit(str(tag["formaction"])).path, "POST"):
            yield f"{shown(tag)}: the wizard has no such page"
    for tag in answer.tags():
        for name in ("get", "post"):
            address = str(tag.get(f"data-hx-{name}") or "")
            if address and not answer.site.knows(urlsplit(address).path, name.upper()):
                yield f"{shown(tag)}: the wizard has no such page"


@rule("csrf", "open forms with the form macro, or put csrf_token into them as a hidden field")
def _csrf(answer: Answer) -> Iterator[str]:
    for form in answer.tags("form"):
        if str(form.get("method", "get")).lower() == "post":
            token = form.find("input", attrs={"name": "csrf_token", "type": "hidden"})
            if not (isinstance(token, Tag) and token.get("value")):
                yield f"{shown(form)} has no CSRF token"
        elif form.find("input", attrs={"name": "csrf_token"}):
            yield f"{shown(form)} would put the CSRF token into an address"


@rule("typed-by-post", "post what is typed: addresses end up in histories and logs, with a key pasted in the wrong box")
def _typed_by_post(answer: Answer) -> Iterator[str]:
    for form in answer.tags("form"):
        if str(form.get("method", "get")).lower() == "get":
            for control in form.find_all(["input", "textarea"]):
                if str(control.get("type", "text")).lower() not in _CHOSEN:
                    yield f"{shown(control)} would put what is typed into an address"


@rule("leftovers", "the template printed a value that was not there, or an object instead of one of its fields")
def _leftovers(answer: Answer) -> Iterator[str]:
    if answer.soup is None:
        return
    for text in answer.soup.find_all(string=True):
        said = str(text).strip()
        parent = text.parent.name if text.parent is not None else ""
        if said == "None" or re.search(r"\bobject at 0x|<Secret|Secret\(\*|Undefined", said):
            yield f"{said[:60]!r} in <{parent}>"
        if re.search(r"\{\{|\}\}|\{%|%\}|\{#", said) and parent not in {"code", "pre", "textarea", "script"}:
            yield f"{said[:60]!r} in <{parent}>"
    for tag in answer.tags():
        for name, value in tag.attrs.items():
            if re.search(r"^None$|[/=]None\b|\{\{|object at 0x", str(value)):
                yield f"{name}={str(value)[:60]!r} of {shown(tag)}"


@rule("words", "say what to do: “Enter your user name”, “The key must …”; no exclamation, no apology, no blame")
def _words(answer: Answer) -> Iterator[str]:
    for tag in answer.tags(attrs={"id": re.compile(r".+-error$")}) + answer.tags(attrs={"role": "alert"}):
        said = text_of(tag)
        for face in tag.select('[data-copy="key-words"]'):
            said = said.replace(text_of(face), "")  # drawn by lot from 2,048 words, “please” and “sorry” among them
        found = re.search(r"\b(please|invalid|required|oops|sorry)\b|!(?=\s|$)", said, re.IGNORECASE)
        if found:
            yield f"{found[0]!r} in {said[:100]!r}"


@rule("typography", "prose has ’ and “ ”; straight quotes belong to code", unless_asked=True)
def _typography(answer: Answer) -> Iterator[str]:
    if answer.soup is None:
        return
    for text in answer.soup.find_all(string=True):
        if type(text) is NavigableString and not {parent.name for parent in text.parents} & _PROSE_ENDS:
            found = re.search(r".{0,30}['\"].{0,30}", str(text))
            if found:
                yield repr(found[0])
