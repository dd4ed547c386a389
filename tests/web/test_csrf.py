"""The token in every form: it fits one cookie, and no two answers hold anything of it in common."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient

from tests.web.page_client import PageClient
from tests.web.walking import carrying, told


@pytest.fixture
def raw(app: Flask) -> FlaskClient:
    return app.test_client()


def token_in(html: str) -> str:
    found = set(re.findall(r'name="csrf_token" value="([^"]+)"', html))
    assert len(found) == 1, "all forms of a page hold the same"
    return found.pop()


def pieces(text: str, length: int = 5) -> set[str]:
    return {text[at : at + length] for at in range(len(text) - length + 1)}


def test_no_two_answers_hold_a_piece_of_the_token_in_common_and_each_will_do(raw: FlaskClient) -> None:
    tokens = [token_in(raw.get("/steps/account").text) for _ in range(8)]
    for one, other in combinations(tokens, 2):
        assert not pieces(one) & pieces(other)
    for token in tokens:
        assert raw.post("/steps/account", data={"csrf_token": token, "account": "myorg-a"}).status_code == 303


def test_the_secret_behind_it_is_in_no_page(client: PageClient) -> None:
    page = client.visit("/steps/account")
    held = re.search(r'"csrf_token": ?"(\w+)"', client.cookie)
    assert held
    assert held[1] not in page.html


def test_a_page_left_open_still_works_after_others_were_opened(raw: FlaskClient) -> None:
    left_open = token_in(raw.get("/steps/account").text)
    raw.post("/steps/account", data={"csrf_token": token_in(raw.get("/steps/account").text), "account": "myorg-a"})
    assert raw.post("/steps/account", data={"csrf_token": left_open, "account": "myorg-b"}).status_code == 303


@pytest.mark.parametrize(
    "change", [str.swapcase, lambda token: token[:-4], lambda token: token + "AAAA", lambda _: "é"]
)
def test_a_token_that_was_changed_is_refused(raw: FlaskClient, change) -> None:
    token = token_in(raw.get("/steps/account").text)
    assert raw.post("/steps/account", data={"csrf_token": change(token), "account": "myorg-a"}).status_code == 400


def test_a_script_may_send_it_as_a_header(raw: FlaskClient) -> None:
    token = token_in(raw.get("/steps/account").text)
    assert raw.post("/start-over", headers={"X-CSRFToken": token}).status_code == 303
    assert raw.post("/start-over", headers={"X-CSRFToken": "wrong"}).status_code == 400


@pytest.mark.parametrize("held", ["", "xyz", "00", 7, None, ["a"]])
def test_a_cookie_of_another_release_gets_a_new_secret(app: Flask, held: object) -> None:
    client = PageClient(app)
    client.put_cookie("wizard", app.session_interface.get_signing_serializer(app).dumps({"csrf_token": held}))  # type: ignore[attr-defined]
    page = client.visit("/steps/account").fill("account", "myorg-a").press("Continue")
    assert page.path == "/steps/user"


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"Referer": "https://localhost/steps/register"}, True),
        ({"Referer": "https://LOCALHOST:443/"}, True),
        ({"Origin": "https://localhost"}, True),
        ({"Referer": "https://localhost/", "Origin": "null"}, True),
        ({}, False),
        ({"Origin": "null"}, False),
        ({"Referer": "http://localhost/steps/register"}, False),
        ({"Referer": "https://localhost.evil.example/"}, False),
        ({"Referer": "https://localhost:8443/"}, False),
        ({"Referer": "https://localhost:x/"}, False),
        ({"Referer": "https://evil.example/", "Origin": "https://localhost"}, False),
    ],
)
def test_over_https_a_form_says_that_it_comes_from_here(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, headers: dict[str, str], taken: bool
) -> None:
    client = carrying(app, told("register", rsa_2048), base_url="https://localhost")
    fields = {"csrf_token": token_in(client.visit("/steps/register").html), "registered": "yes"}
    answer = client._client.post("/steps/register", base_url="https://localhost", data=fields, headers=headers)
    assert (answer.status_code == 303) is taken
