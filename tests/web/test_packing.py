"""Pages are compressed where no text from outside can stand beside a secret, and come as they are elsewhere."""

from __future__ import annotations

import gzip
import re

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient

from tests.web.walking import carrying, told

TAKES_GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def raw(app: Flask) -> FlaskClient:
    return app.test_client()


def is_packed(answer) -> bool:
    return answer.headers.get("Content-Encoding") == "gzip"


def without_what_is_fresh(html: str) -> str:
    """Return a page without its nonces and tokens."""
    return re.sub(r'(nonce|name="csrf_token" value)="[^"]+"', r'\1=""', html)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["document", "fragment"])
@pytest.mark.parametrize("path", ["/", "/steps/account", "/how-it-works", "/nowhere"])
def test_a_page_is_the_same_packed_or_not(raw: FlaskClient, path: str, headers: dict[str, str]) -> None:
    plain = raw.get(path, headers=headers)
    packed = raw.get(path, headers=headers | TAKES_GZIP)
    assert is_packed(packed)
    assert not is_packed(plain)
    unpacked = gzip.decompress(packed.data).decode()
    assert without_what_is_fresh(unpacked) == without_what_is_fresh(plain.text)
    assert re.search(r"'nonce-([^']+)'", packed.headers["Content-Security-Policy"])[1] in unpacked  # type: ignore[index]
    for answer in (plain, packed):
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert {"accept-encoding", "hx-request"} <= {part.strip().lower() for part in answer.headers["Vary"].split(",")}


def test_head_tells_the_length_of_the_packed_page(raw: FlaskClient) -> None:
    answer = raw.head("/how-it-works", headers=TAKES_GZIP)
    assert is_packed(answer)
    assert not answer.data
    assert abs(int(answer.headers["Content-Length"]) - len(raw.get("/how-it-works", headers=TAKES_GZIP).data)) < 40


def test_what_shows_typed_text_comes_as_it_is(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("verify", rsa_2048))
    client.headers |= TAKES_GZIP
    page = client.visit("/steps/verify?desc_user=x")
    assert not is_packed(page), "an address with a query"
    page = page.fill("desc_user", "what is this").press("Compare")
    assert page.status == 422
    assert not is_packed(page), "the answer to a form"


def test_what_a_link_shows_comes_as_it_is(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("register", rsa_2048))
    made = client.visit("/steps/register").fill("note", "Jane").press("Write the message")
    link = re.sub(r"^https?://[^/]+", "", made.copied("share-link"))
    answer = app.test_client().get(link, headers=TAKES_GZIP)
    assert answer.status_code == 200
    assert "Jane" in answer.text
    assert not is_packed(answer)


def test_a_key_file_comes_as_it_is(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("key", rsa_2048))
    page = client.visit("/steps/key")
    token = str(page.one("#key-form [name=csrf_token]")["value"])
    fields = {"csrf_token": token, "source": "server", "size": "2048"}
    answer = client._client.post("/steps/key", data=fields, headers=TAKES_GZIP)
    assert b"PRIVATE KEY" in answer.data
    assert not is_packed(answer)


def test_a_page_is_compressed_where_its_query_is_one_of_ours_and_not_where_it_holds_more(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = carrying(app, told("handover", rsa_2048))._client
    for query, encoding in {"tool=dbt": "gzip", "tool=dbt&x=guess": None, "tool=guess": None}.items():
        answer = client.get(f"/steps/handover?{query}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers.get("Content-Encoding") == encoding, query
