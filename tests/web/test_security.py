"""What every request must bring and every answer carries, error pages and static files included."""

from __future__ import annotations

import re

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient

from tests.web.page_checks import HEADERS
from tests.web.page_client import PageClient
from tests.web.walking import carrying, told
from wizard.walk import WALKS


@pytest.fixture
def raw(app: Flask) -> FlaskClient:
    return app.test_client()


def nonce_of(headers) -> str:
    found = re.search(r"'nonce-([^']+)'", headers["Content-Security-Policy"])
    assert found
    return found[1]


# --- hosts ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:1", "[::1]:8080", "LOCALHOST"])
def test_this_machines_names_are_answered(raw: FlaskClient, host: str) -> None:
    assert raw.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.nip.io", "0.0.0.0", "169.254.169.254",
     "evil.example@localhost", "localhost@evil.example", "[::2]", "localhost,evil.example", ""],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_name_is_refused_whatever_is_asked(raw: FlaskClient, host: str, method: str) -> None:
    answer = raw.open("/steps/account", method=method, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_a_refused_name_is_explained_to_whoever_runs_the_wizard(app: Flask) -> None:
    page = PageClient(app, base_url="http://evil.example").visit("/")
    assert page.status == 400
    assert page.heading == "This wizard goes by another name"
    assert "WIZARD_PUBLIC_URL" in page.text


def test_the_public_name_is_answered_with_any_port(make_app) -> None:
    app = make_app(WIZARD_PUBLIC_URL="https://keys.example:8443")
    for base_url in ("https://keys.example:8443", "https://keys.example", "https://KEYS.example"):
        assert PageClient(app, base_url=base_url).visit("/").status == 200


def test_a_host_that_the_test_may_reach_is_no_name_of_the_wizard(make_app) -> None:
    app = make_app(WIZARD_TRUSTED_HOSTS="sf.internal.example:8443")
    assert PageClient(app, base_url="http://sf.internal.example:8443").visit("/").status == 400


# --- origins and tokens -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("site", ["cross-site", "same-site", "weird"])
def test_a_form_sent_from_elsewhere_is_refused(app: Flask, rsa_2048: rsa.RSAPrivateKey, site: str) -> None:
    client = carrying(app, told("register", rsa_2048))
    csrf = str(client.visit("/steps/register").all("[name=csrf_token]")[0]["value"])
    fields = [("csrf_token", csrf), ("registered", "yes")]
    page = client.send("POST", "/steps/register", fields, headers={"Sec-Fetch-Site": site})
    assert page.status == 403
    assert page.heading == "Another site sent this"
    assert client.visit("/steps/verify").path == "/steps/register"


def test_a_link_from_elsewhere_is_welcome(app: Flask) -> None:
    client = PageClient(app, headers={"Sec-Fetch-Site": "cross-site"})
    assert client.visit("/steps/account").status == 200


def test_an_old_browser_that_sends_no_site_is_served(app: Flask, rsa_2048: rsa.RSAPrivateKey, raw: FlaskClient) -> None:
    page = raw.get("/steps/account").text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert csrf
    assert raw.post("/steps/account", data={"csrf_token": csrf[1], "account": "myorg-a"}).status_code == 303


POSTS = [
    *(walk.address(slug) for walk in WALKS.values() for slug in walk.named),
    *(walk.address(f"test/{part}") for walk in WALKS.values() for part in ("rows", "clock", "details", "old")),
    *("/steps/account/reading", "/steps/user/reading", "/share", "/start-over", "/troubleshoot/begin"),
    *("/which-key", "/service-user"),
]


def test_every_page_that_takes_a_form_is_known_here(served_practice: Flask) -> None:
    taking = {
        rule.rule.replace("<slug>", slug)
        for rule in served_practice.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        for slug in WALKS[(rule.defaults or {}).get("walk", "steps")].named
    }
    assert taking == {
        *POSTS,
        "/share/<token>",
        "/troubleshoot",
        "/key/<token>",
        "/return/<token>",
        "/resume/<token>",
        "/practice/scenario",
        "/practice/worksheet/open",
        "/practice/worksheet",
    }


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("token", ["", "wrong", "a.b.c"])
def test_no_form_is_taken_without_its_token(app: Flask, rsa_2048: rsa.RSAPrivateKey, path: str, token: str) -> None:
    client = carrying(app, told("handover", rsa_2048))
    client.visit("/steps/account")
    before = client.cookie
    page = client.send("POST", path, [("csrf_token", token), ("account", "myorg-other")])
    assert page.status == 400
    assert client.cookie == before


def test_nobody_elses_token_will_do(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    theirs = str(PageClient(app).visit("/steps/account").all("[name=csrf_token]")[0]["value"])
    client = carrying(app, told("register", rsa_2048))
    client.visit("/steps/register")
    assert client.send("POST", "/steps/register", [("csrf_token", theirs), ("registered", "y")]).status == 400


def test_a_get_changes_nothing(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("register", rsa_2048))
    client.visit("/steps/register")
    before = client.cookie
    for path in (
        "/",
        "/steps/account?account=myorg-other",
        "/steps/register?registered=yes",
        "/healthz",
        "/how-it-works",
    ):
        client.visit(path)
    assert client.cookie == before


# --- headers ----------------------------------------------------------------------------------------------------------
def answers(raw: FlaskClient, base_url: str):
    asset = re.search(r'href="(/static/[^"]+app\.css)"', raw.get("/", base_url=base_url).text)
    assert asset
    return {
        "page": raw.get("/steps/account", base_url=base_url),
        "redirect": raw.get("/steps/user", base_url=base_url),
        "static": raw.get(asset[1], base_url=base_url),
        "static, packed": raw.get(asset[1], base_url=base_url, headers={"Accept-Encoding": "gzip"}),
        "static, missing": raw.get("/static/x/y.css", base_url=base_url),
        "health": raw.get("/healthz", base_url=base_url),
        "words": raw.get("/keys/words.json", base_url=base_url),
        "404": raw.get("/nowhere", base_url=base_url),
        "405": raw.get("/start-over", base_url=base_url),
        "options": raw.options("/steps/account", base_url=base_url),
        "head": raw.head("/", base_url=base_url),
        "400": raw.post("/steps/account", base_url=base_url),
        "403": raw.post("/steps/account", base_url=base_url, headers={"Sec-Fetch-Site": "cross-site"}),
        "413": raw.post("/steps/account", base_url=base_url, data={"account": "x" * 900_000}),
        "foreign": raw.get("/", headers={"Host": "evil.example"}, base_url=base_url),
        "slash": raw.get("/steps/account/", base_url=base_url),
    }


@pytest.mark.parametrize("base_url", ["http://localhost", "https://localhost"])
def test_every_answer_carries_the_whole_set(raw: FlaskClient, base_url: str) -> None:
    seen: set[str] = set()
    for name, answer in answers(raw, base_url).items():
        for header, value in HEADERS.items():
            assert answer.headers.getlist(header) == [value], (name, header)
        assert answer.headers.get("Cache-Control"), name
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], name
        transport = answer.headers.get("Strict-Transport-Security")
        assert transport == ("max-age=63072000; includeSubDomains" if base_url.startswith("https") else None), name
        assert not any(header.lower().startswith("access-control-") for header, _ in answer.headers), name
        nonce = nonce_of(answer.headers)
        assert nonce not in seen, "a nonce is used once"
        seen.add(nonce)
        assert nonce.encode() in answer.data or b"<script" not in answer.data, name


def test_a_mishap_carries_them_too(make_app) -> None:
    app = make_app()
    app.add_url_rule("/broken", view_func=lambda: 1 / 0)
    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    for header, value in HEADERS.items():
        assert answer.headers[header] == value
    assert nonce_of(answer.headers) in answer.text


def test_every_answer_says_that_it_depends_on_who_asks(raw: FlaskClient) -> None:
    """htmx gets a part of a page, under the address of the whole: neither may be kept for the other."""
    for path in ("/steps/account", "/steps/user", "/nowhere", "/handover/python-connector/files.zip"):
        for headers in ({}, {"HX-Request": "true"}, {"Accept-Encoding": "gzip"}):
            assert "HX-Request" in raw.get(path, headers=headers).headers["Vary"].split(", "), (path, headers)
    assert "Accept-Encoding" in raw.get("/steps/account").headers["Vary"], "and what a page says itself stays"


@pytest.mark.parametrize(
    ("origin", "taken"),
    [
        ("", True),
        ("null", True),  # of a page that tells nobody where it is; the token has to fit all the same
        ("http://localhost", True),
        ("http://LOCALHOST:80", True),
        ("https://wizard.example", True),  # what people type, where a proxy calls us by another name
        ("http://localhost:3000", False),
        ("http://evil.example", False),
        ("http://localhost.evil.example", False),
        ("http://[", False),
        ("rubbish", False),
    ],
)
def test_a_form_that_another_sites_page_sends_is_refused_by_its_origin_on_plain_http_too(
    make_app, origin: str, taken: bool
) -> None:
    app = make_app(WIZARD_PUBLIC_URL="https://wizard.example")
    client = PageClient(app)
    csrf = str(client.visit("/steps/account").one("[name=csrf_token]")["value"])
    headers = {"Origin": origin} if origin else {}
    fields = {"csrf_token": csrf, "account": "myorg-a"}
    answer = client._client.post("/steps/account", data=fields, headers=headers)
    assert answer.status_code == (303 if taken else 403)
    browser = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}  # which knows better than a name that was rewritten
    assert client._client.post("/steps/account", data=fields, headers=browser).status_code == 303


def test_an_origin_that_is_none_is_not_ours(raw: FlaskClient) -> None:
    assert raw.post("/steps/account", headers={"Origin": "rubbish"}).status_code == 403


def test_the_nonce_of_a_fragment_is_its_own(app: Flask) -> None:
    first = PageClient(app).visit("/steps/account", htmx=True)
    second = PageClient(app).visit("/steps/account", htmx=True)
    assert nonce_of(first.headers) != nonce_of(second.headers)
    assert nonce_of(first.headers) in first.html
    assert "HX-Request" in first.headers["Vary"]


def test_static_files_are_kept_for_a_year_under_a_name_that_is_theirs(raw: FlaskClient) -> None:
    page = raw.get("/").text
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(found) >= 5
    for path in found:
        answer = raw.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        older = re.sub(r"/static/[0-9a-f]+/", "/static/000000000000/", path)
        assert raw.get(older).status_code == 404


@pytest.mark.parametrize(
    "path", ["../app.py", "..%2fapp.py", "%2e%2e/wizard/app.py", "css/../../pyproject.toml", "css", ""]
)
def test_nothing_but_the_static_files_is_served(raw: FlaskClient, path: str) -> None:
    tree = re.search(r"/static/([0-9a-f]+)/", raw.get("/").text)
    assert tree
    answer = raw.get(f"/static/{tree[1]}/{path}")
    assert answer.status_code in (404, 308)
    assert "create_app" not in answer.text
