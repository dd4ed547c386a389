"""The page client has to notice: each rule is shown one page that breaks it, and the verbs a form that needs them."""

from __future__ import annotations

import re

import pytest
from flask import Flask, Response, redirect, request

from tests.web.nu import FOLDER
from tests.web.page_checks import HEADERS, POLICY, RULES, SHA384_OF_NOTHING
from tests.web.page_client import PageClient

NONCE = "n" * 24
GOOD = f"""<!doctype html>
<html lang="en"><head><meta name="viewport" content="width=device-width"><title>Which colour? - a wizard</title>
<script src="/a.js" nonce="{NONCE}" integrity="{SHA384_OF_NOTHING}"></script></head><body><main>
<h1>Which colour?</h1>
<form method="post" action="/"><input type="hidden" name="csrf_token" value="t">
<label for="colour">Colour</label><input id="colour" name="colour" value="red">
<label for="size">Size</label>
<select id="size" name="size"><option value="s">Small</option><option value="l">Large</option></select>
<label><input type="radio" name="pet" value="cat"> A cat</label>
<label><input type="radio" name="pet" value="dog" checked> A dog</label>
<label for="more">More</label><textarea id="more" name="more"></textarea>
<label for="key">Key</label><input type="file" id="key" name="key">
<label for="pass">Passphrase</label><input type="password" id="pass" name="pass">
<button name="go" value="on">Continue</button></form>
<a href="/">Home</a></main></body></html>"""


@pytest.fixture(autouse=True)
def _pages_of_these_tests_are_not_the_wizards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER, raising=False)


def serve(html: str = GOOD, status: int = 200, headers: dict[str, str] | None = None) -> Flask:
    """A wizard of one page, with every header right unless ``headers`` says otherwise (``""`` leaves one out)."""
    app = Flask("one page")
    policy = "; ".join([f"script-src 'nonce-{NONCE}'", *(f"{name} {value}" for name, value in POLICY.items())])
    sent = HEADERS | {"Content-Security-Policy": policy, "Cache-Control": "no-store"} | (headers or {})

    @app.route("/", methods=["GET", "POST"])
    def page() -> Response:
        if request.method == "POST":
            told = {name: request.values.getlist(name) for name in sorted(request.values)}
            files = [f"{name}:{file.filename}" for name, file in request.files.items()]
            return Response(html.replace("<h1>", f"<p id='told'>{told} {files}</p><h1>"))
        return Response(html, status=status)

    @app.get("/steps/colour")
    def step() -> Response:
        return Response(html, status=status)

    @app.get("/a.js")
    def script() -> Response:
        return Response(b"", content_type="text/javascript")

    @app.get("/moved")
    def moved() -> Response:
        return Response(headers={"Location": "/"}, status=303)

    @app.get("/away")
    def away() -> Response:
        return redirect("https://elsewhere.example/", 303)  # type: ignore[return-value]

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in sent.items():
            if value:
                response.headers[name] = value
        return response

    return app


BROKEN: dict[str, tuple[str, str]] = {
    "document": ('lang="en"', ""),
    "one-h1": ("</h1>", "</h1><h1>And the size?</h1>"),
    "headings": ("</h1>", "</h1><h3>Deep</h3>"),
    "title": ("<title>Which", "<title>What"),
    "error-page": ("<title>Which", "<title>Error: Which"),
    "unique-ids": ('id="size"', 'id="colour"'),
    "references": ('id="colour"', 'id="colour" aria-describedby="colour-hint"'),
    "labels": ('<label for="colour">', "<label>"),
    "inline": ("<h1>", '<h1 style="color: red">'),
    "htmx-nonce": ("<main>", '<main data-hx-get="/">'),
    "assets": ('integrity="sha384-', 'integrity="sha384-x'),
    "links": ('href="/"', 'href="/nowhere"'),
    "csrf": ('name="csrf_token"', 'name="token"'),
    "typed-by-post": (
        "</main>",
        '<form action="/"><label>Find <input name="find"></label><button>Find</button></form></main>',
    ),
    "leftovers": ("A cat", "None"),
    "words": ("<h1>", '<p id="pet-error">Invalid pet</p><h1>'),
    "typography": ("A cat", "A cat's"),
    "secrets": ("A cat", "-----BEGIN PRIVATE KEY-----\nMIIE"),
}


def test_the_words_of_a_key_are_not_ours_to_choose() -> None:
    alert = '<div role="alert">Another key: <span data-copy="key-words">sorry please canvas</span></div><h1>'
    assert PageClient(serve(GOOD.replace("<h1>", alert))).visit("/").alert == "Another key: sorry please canvas"


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_speaks_up_when_a_page_breaks_it(name: str) -> None:
    old, new = BROKEN[name]
    assert old in GOOD
    client = PageClient(serve(GOOD.replace(old, new)))
    with pytest.raises(AssertionError, match=re.escape(f"[{name}]") + r"(.|\n)*fix: "):
        client.visit("/", also={name} if RULES[name].unless_asked else ())
    if name not in {"references", "labels", "unique-ids"}:  # these two fall together, and are tested together above
        client.visit("/", unchecked={name} if not RULES[name].unless_asked else ())


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [
        *(("headers", header, "") for header in HEADERS),
        ("headers", "Server", "Werkzeug/3.1"),
        ("headers", "Strict-Transport-Security", "max-age=63072000"),
        ("policy", "Content-Security-Policy", "default-src 'self'"),
        ("policy", "Content-Security-Policy", ""),
        ("caching", "Cache-Control", "private"),
        ("cookie", "Set-Cookie", "wizard=x; HttpOnly; Path=/"),
        ("cookie", "Set-Cookie", "wizard=x; SameSite=Lax; Path=/"),
        ("cookie", "Set-Cookie", "wizard=x; HttpOnly; SameSite=Lax; Path=/; Secure"),
        ("cookie", "Set-Cookie", f"wizard={'x' * 4093}; HttpOnly; SameSite=Lax; Path=/"),
    ],
)
def test_a_rule_speaks_up_when_a_header_is_wrong(name: str, header: str, value: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(f"[{name}]")):
        PageClient(serve(headers={header: value})).visit("/")


def test_every_rule_is_shown_a_page_or_an_answer_that_breaks_it() -> None:
    assert set(RULES) == set(BROKEN) | {"headers", "policy", "caching", "cookie", "step-name"}


def test_a_step_must_carry_its_name() -> None:
    with pytest.raises(AssertionError, match="step-name"):
        PageClient(serve()).visit("/steps/colour")


def test_an_error_page_without_the_signs_of_one_is_noticed() -> None:
    with pytest.raises(AssertionError, match="error-page"):
        PageClient(serve(status=422)).visit("/")


def test_a_good_page_passes_and_a_rule_that_does_not_exist_cannot_be_switched_off() -> None:
    client = PageClient(serve())
    assert client.visit("/").heading == "Which colour?"
    with pytest.raises(KeyError):
        client.visit("/", unchecked={"one-h2"})


def test_a_form_is_filled_in_and_sent_as_a_browser_would() -> None:
    page = PageClient(serve()).visit("/")
    page.fill("Colour", "blue").fill("size", "Large").choose("pet", "A cat").fill("more", "a\nb")
    sent = page.press("Continue").text_at("#told")
    assert "'colour': ['blue']" in sent
    assert "'size': ['l']" in sent
    assert "'pet': ['cat']" in sent
    assert "'go': ['on']" in sent
    assert "'csrf_token': ['t']" in sent


def test_what_stands_in_the_form_is_sent_when_nothing_is_typed() -> None:
    page = PageClient(serve()).visit("/")
    assert (page.value("colour"), page.value("size"), page.value("pet")) == ("red", "s", "dog")
    assert "'colour': ['red']" in page.press("Continue").text_at("#told")


def test_a_passphrase_that_comes_back_is_noticed() -> None:
    page = PageClient(serve()).visit("/")
    page.fill("Passphrase", "correct horse battery")
    with pytest.raises(AssertionError, match="secrets"):
        page.press("Continue")


def test_a_file_is_sent_where_the_form_can_carry_one() -> None:
    page = PageClient(serve(GOOD.replace('method="post"', 'method="post" enctype="multipart/form-data"'))).visit("/")
    assert "key:my.p8" in page.attach("key", b"not a key", "my.p8").press("Continue").text_at("#told")


def test_a_redirect_is_followed_and_remembered_but_not_to_another_host() -> None:
    client = PageClient(serve())
    assert client.visit("/moved").redirects == ("/",)
    with pytest.raises(AssertionError, match="another host"):
        client.visit("/away")


def test_a_button_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(AssertionError, match=r"nothing is called 'Go on'; there are \['Continue'\]"):
        PageClient(serve()).visit("/").press("Go on")
