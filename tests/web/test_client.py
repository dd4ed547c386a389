"""Who asks: one address for the log and the limits, and no private key for whoever comes over a network unencrypted."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.web.walking import carrying, told
from wizard.app import create_app
from wizard.audit import Audit
from wizard.settings import Settings
from wizard.web.client import client
from wizard.web.limits import MOST_IN_TEN_MINUTES

SECRET = "a secret key of the tests, long enough"


@pytest.fixture(scope="module")
def behind_a_proxy() -> tuple[Flask, list[str]]:
    lines: list[str] = []
    given = {"WIZARD_SECRET_KEY": SECRET, "WIZARD_PROXY_HOPS": "1"}
    return create_app(Settings.from_environment(given), audit=Audit(write=lines.append)), lines


def logged(lines: list[str]) -> list[str]:
    return [line["client"] for line in map(json.loads, lines) if line["event"] == "request"]


# --- the address ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sent", "told_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:50123", "192.0.2.7"),
        ("203.0.113.9, 192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64"),
        ('"[2001:db8:1:2::1]"', "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", ""),
        ("_hidden", ""),
        ("somebody@example.com", ""),
        ('"}\n{"event":"forged', ""),
        ("999.1.1.1", ""),
        ("1" * 500, ""),
    ],
)
def test_the_log_names_an_address_or_nothing(behind_a_proxy: tuple[Flask, list[str]], sent: str, told_as: str) -> None:
    app, lines = behind_a_proxy
    lines.clear()
    app.test_client().get("/how-it-works", headers={"X-Forwarded-For": sent.replace("\n", " ")})
    assert logged(lines) == [told_as]


@given(st.text(max_size=60))
def test_whatever_a_client_calls_itself_is_an_address_or_nothing(app: Flask, text: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": text}):
        found = client()
    assert found == "" or set(found) <= set("0123456789abcdef.:/")


def test_without_a_proxy_nobody_says_who_they_are(app: Flask) -> None:
    with app.test_request_context(
        environ_base={"REMOTE_ADDR": "192.0.2.7"}, headers={"X-Forwarded-For": "203.0.113.9"}
    ):
        assert client() == "192.0.2.7"


def taken_until_refused(app: Flask, key: rsa.RSAPrivateKey, clients: list[str]) -> int:
    browser = carrying(app, told("test", key))
    csrf = str(browser.visit("/steps/test").all("[name=csrf_token]")[0]["value"])
    for count, address in enumerate(clients):
        data = {"csrf_token": csrf, "token": "a.b.c"}
        if browser._client.post("/steps/test", data=data, headers={"X-Forwarded-For": address}).status_code == 429:
            return count
    return len(clients)


def test_neither_made_up_names_nor_addresses_of_one_network_get_round_a_limit(
    make_app, rsa_2048: rsa.RSAPrivateKey
) -> None:
    most = MOST_IN_TEN_MINUTES["test"]
    app = make_app(WIZARD_RATE_LIMITS="on", WIZARD_PROXY_HOPS="1")
    assert taken_until_refused(app, rsa_2048, [f"somebody-{number}" for number in range(most + 2)]) == most
    assert taken_until_refused(app, rsa_2048, [f"2001:db8::{number:x}" for number in range(most + 2)]) == most
    assert taken_until_refused(app, rsa_2048, [f"2001:db8:0:{number:x}::1" for number in range(1, 9)]) == 8


# --- what may come over plain http ------------------------------------------------------------------------------------
def offers_and_takes(app: Flask, key: rsa.RSAPrivateKey, base_url: str, peer: str, **headers: str) -> bool:
    """Say whether the pages offer to make and take a private key, and see that the answers to both agree with them."""
    browser = carrying(app, told("test", key), base_url=base_url)
    browser.comes_from = peer
    browser.headers |= {name.replace("_", "-"): value for name, value in headers.items()}
    page = browser.visit("/steps/key")
    offered = not page.all('input[value="server"][disabled]')
    assert offered == (not page.all('input[value="upload"][disabled]'))
    assert offered == bool(browser.visit("/steps/test").all("#test-form"))
    csrf = str(page.all("[name=csrf_token]")[0]["value"])
    for sent in ({"source": "server", "size": "1024"}, {"source": "upload"}):
        answer = browser.send("POST", "/steps/key", [("csrf_token", csrf), *sent.items()], referrer=page.url)
        assert answer.status == 422
        assert offered == ("came over plain http" not in answer.error("source")), sent
    return offered


@pytest.mark.parametrize(
    ("hops", "base_url", "peer", "headers", "offered"),
    [
        ("0", "http://localhost:8080", "127.0.0.1", {}, True),
        ("0", "http://127.0.0.1:8080", "127.0.0.1", {}, True),
        ("0", "http://[::1]:8080", "::1", {}, True),
        ("0", "http://localhost:8080", "::ffff:127.0.0.1", {}, True),
        ("0", "https://keys.example", "192.0.2.7", {}, True),
        # a proxy that sends a Host of its own, on plain http
        ("0", "http://127.0.0.1:8080", "192.0.2.7", {}, False),
        ("0", "http://localhost:8080", "172.17.0.1", {}, False),
        ("0", "http://127.0.0.1:8080", "127.0.0.1", {"X_Forwarded_For": "192.0.2.7"}, False),
        ("0", "http://127.0.0.1:8080", "127.0.0.1", {"X_Forwarded_Proto": "https"}, False),
        ("0", "http://127.0.0.1:8080", "127.0.0.1", {"Forwarded": "for=192.0.2.7"}, False),
        ("0", "http://127.0.0.1:8080", "127.0.0.1", {"Via": "1.1 proxy"}, False),
        ("1", "http://127.0.0.1:8080", "127.0.0.1", {}, False),
        ("1", "http://127.0.0.1:8080", "127.0.0.1", {"X_Forwarded_For": "127.0.0.1"}, False),
        ("1", "http://127.0.0.1:8080", "127.0.0.1", {"X_Forwarded_Proto": "http"}, False),
        ("1", "http://127.0.0.1:8080", "127.0.0.1", {"X_Forwarded_Proto": "http, http"}, False),
    ],
)
def test_private_keys_pass_only_over_tls_or_within_this_machine(
    make_app, rsa_2048: rsa.RSAPrivateKey, hops: str, base_url: str, peer: str, headers: dict[str, str], offered: bool
) -> None:
    app = make_app(WIZARD_PROXY_HOPS=hops, WIZARD_PUBLIC_URL="https://keys.example")
    assert offers_and_takes(app, rsa_2048, base_url, peer, **headers) == offered


def test_behind_a_proxy_that_says_https_they_pass(make_app, rsa_2048: rsa.RSAPrivateKey) -> None:
    app = make_app(WIZARD_PROXY_HOPS="1", WIZARD_PUBLIC_URL="https://keys.example")
    for peer, proto in (("127.0.0.1", "https"), ("172.17.0.1", "https"), ("127.0.0.1", "http, https")):
        assert offers_and_takes(app, rsa_2048, "https://keys.example", peer, X_Forwarded_Proto=proto)


def test_the_operator_is_told_once_that_people_come_over_plain_http() -> None:
    lines: list[str] = []
    settings = Settings.from_environment({"WIZARD_SECRET_KEY": SECRET, "WIZARD_PROXY_HOPS": "1"})
    raw = create_app(settings, audit=Audit(write=lines.append)).test_client()
    for _ in range(3):
        raw.get("/")
    told_once = [line for line in map(json.loads, lines) if line["event"] == "advice"]
    assert len(told_once) == 1
    assert "WIZARD_PROXY_HOPS" in told_once[0]["advice"]
