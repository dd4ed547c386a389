"""The start page: what this is, where one was, and starting over."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import PageClient
from tests.web.walking import carrying, told


def test_a_newcomer_reads_what_it_does_and_finds_one_button(client: PageClient) -> None:
    page = client.visit("/")
    assert page.heading == "Log in to Snowflake with a key pair"
    assert page.link("Begin") == "/steps/account"
    assert not page.all("main form")
    assert "What you need" in page.text
    assert "What happens to your private key" in page.text
    assert not page.headers.getlist("Set-Cookie"), "nothing is remembered before anything was told"


def test_somebody_who_comes_back_sees_where_they_were(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = carrying(app, told("register", rsa_2048)).visit("/")
    assert "You were at “Give Snowflake the public key”" in page.text
    assert page.link("Continue") == "/steps/register"
    assert "MYORG-MY_ACCT" in page.text_at(".progress")
    assert page.link("Change Account") == "/steps/account"


def test_starting_over_forgets_everything(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("register", rsa_2048))
    page = client.visit("/")
    csrf = str(page.all("[name=csrf_token]")[0]["value"])
    with app.test_client() as plain:  # to see the answer itself, before the redirect
        for name in ("wizard",):
            held = client._client.get_cookie(name)
            assert held is not None
            plain.set_cookie(name, held.value)
        answer = plain.post("/start-over", data={"csrf_token": csrf})
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    done = page.press("Start over")
    assert (done.path, done.all("[data-step]")) == ("/", [])
    assert done.link("Begin")
    assert client.cookie == ""
    assert client.visit("/steps/register").path == "/steps/account"


def test_a_link_cannot_start_over(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("register", rsa_2048))
    assert client.visit("/start-over").status == 405
    assert client.visit("/steps/register").step == "register"


def test_on_plain_http_the_operator_is_told(make_app) -> None:
    plain = make_app(WIZARD_PUBLIC_URL="http://wizard.example")
    page = PageClient(plain, base_url="http://wizard.example").visit("/")
    assert "This address is not encrypted" in page.text
    assert "WIZARD_TLS_CERTIFICATE" in page.text


def test_practice_is_offered_only_where_it_is_on(client: PageClient, practice_app: Flask) -> None:
    assert "practise" not in client.visit("/").text.lower()
    page = PageClient(practice_app).visit("/")
    assert page.copied("practice-account") == "PRACTICE-SNOWFLAKE"
    assert page.copied("practice-user") == "JANE"


def test_how_it_works_is_open_to_everybody(client: PageClient) -> None:
    page = client.visit("/how-it-works")
    assert page.status == 200
    assert "sha384-" in page.text


def test_search_engines_may_show_what_everybody_sees_and_are_told_what_it_is(client: PageClient) -> None:
    for path in ("/", "/steps/account", "/how-it-works"):
        page = client.visit(path)
        assert not page.all("meta[name=robots]")
        assert "Snowflake" in str(page.one("meta[name=description]")["content"])
