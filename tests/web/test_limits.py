"""The brake: how often one visitor may ask for what costs the server something."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from tests.web.walking import carrying, told
from wizard.web.limits import MOST_IN_TEN_MINUTES


@pytest.fixture
def limited(make_app) -> Flask:
    return make_app(WIZARD_RATE_LIMITS="on")


def refused(page: Page) -> bool:
    if page.status != 429:
        return False
    assert 1 <= int(page.headers["Retry-After"]) <= 601
    assert page.heading == "That was many times in a short while"
    assert "Nothing you answered is lost" in page.text
    return True


def post(client: PageClient, path: str, **fields: str) -> Page:
    slug = path.split("/")[2]
    csrf = str(client.visit(f"/steps/{slug}").all("[name=csrf_token]")[0]["value"])
    return client.send("POST", path, [("csrf_token", csrf), *fields.items()])


def test_the_limits_are_those_that_are_documented() -> None:
    assert {name: MOST_IN_TEN_MINUTES[name] for name in ("make", "open", "test")} == {
        "make": 10,
        "open": 30,
        "test": 60,
    }


@pytest.mark.parametrize(
    ("work", "slug", "fields"),
    [
        ("open", "key", {"source": "upload", "private_key_text": "not a key at all"}),
        ("test", "test", {"token": "a.b.c"}),
    ],
)
def test_more_than_the_limit_is_refused_with_a_time_to_come_again(
    limited: Flask, rsa_2048: rsa.RSAPrivateKey, monkeypatch, work: str, slug: str, fields: dict[str, str]
) -> None:
    client = carrying(limited, told("handover", rsa_2048))
    csrf = str(client.visit(f"/steps/{slug}").all("[name=csrf_token]")[0]["value"])
    raw = client._client
    for _ in range(MOST_IN_TEN_MINUTES[work]):
        assert raw.post(f"/steps/{slug}", data={"csrf_token": csrf, **fields}).status_code in (200, 422)
    assert refused(post(client, f"/steps/{slug}", **fields))
    assert client.visit("/steps/handover").step == "handover", "nothing that was answered is lost"


def test_making_keys_is_braked_and_refused_input_does_not_count(limited: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(limited, told("key", rsa_2048))
    csrf = str(client.visit("/steps/key").all("[name=csrf_token]")[0]["value"])
    fields = {"csrf_token": csrf, "source": "server"}
    for _ in range(12):
        assert client._client.post("/steps/key", data={**fields, "size": "1024"}).status_code == 422
    with limited.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        from wizard.web.limits import count

        for _ in range(MOST_IN_TEN_MINUTES["make"]):
            count("make")
    page = client.visit("/steps/key").choose("source", "server")
    answered = client.send(
        "POST", "/steps/key", [("csrf_token", csrf), ("source", "server"), ("size", "2048")], referrer=page.url
    )
    assert answered.status in (200, 429)


def test_one_visitor_does_not_stand_in_anothers_way(make_app, rsa_2048: rsa.RSAPrivateKey) -> None:
    app = make_app(WIZARD_RATE_LIMITS="on", WIZARD_PROXY_HOPS="1")
    fields = {"token": "a.b.c"}
    first = carrying(app, told("test", rsa_2048))
    csrf = str(first.visit("/steps/test").all("[name=csrf_token]")[0]["value"])
    for _ in range(MOST_IN_TEN_MINUTES["test"] + 1):
        last = first._client.post(
            "/steps/test", data={"csrf_token": csrf, **fields}, headers={"X-Forwarded-For": "192.0.2.1"}
        )
    assert last.status_code == 429
    other = first._client.post(
        "/steps/test", data={"csrf_token": csrf, **fields}, headers={"X-Forwarded-For": "192.0.2.2"}
    )
    assert other.status_code == 422


def test_reading_and_answering_are_never_braked(limited: Flask) -> None:
    client = PageClient(limited)
    csrf = str(client.visit("/steps/account").all("[name=csrf_token]")[0]["value"])
    for _ in range(80):
        answer = client._client.post("/steps/account", data={"csrf_token": csrf, "account": "myorg-a"})
        assert answer.status_code == 303
