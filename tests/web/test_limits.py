"""The brake: how often one visitor may ask for what costs the server something, and how much they may send."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart
from wtforms import FileField, HiddenField, StringField

from tests.web.page_client import Page, PageClient
from tests.web.walking import arrive, carrying, told
from wizard.snowflake.key import LIMITS
from wizard.web.fields import NameField, PasteField
from wizard.web.forms import (
    AccountForm,
    DetailsForm,
    KeyForm,
    RegisterForm,
    StepForm,
    UserForm,
    VerifyForm,
    largest_body,
)
from wizard.web.limits import MOST_IN_TEN_MINUTES, count


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


LONG = "x " * 4000
BOXES = {
    ("/steps/account", "account"): AccountForm,
    ("/steps/account/reading", "account"): AccountForm,
    ("/steps/user", "username"): UserForm,
    ("/steps/user", "login_name"): UserForm,
    ("/steps/key", "public_key"): KeyForm,
    ("/steps/key", "private_key_text"): KeyForm,
    ("/steps/register", "role"): RegisterForm,
    ("/steps/verify", "desc_user"): VerifyForm,
    ("/steps/test/details", "failure_details"): DetailsForm,
}


def filled(csrf: str, field: str, text: str) -> list[tuple[str, str]]:
    source = "upload" if field == "private_key_text" else "public"
    uuid = "01234567-89ab-cdef-0123-456789abcdef"
    return list({"csrf_token": csrf, "source": source, "username": "JANE", "uuid": uuid, field: text}.items())


def test_reading_long_texts_is_braked_wherever_they_are_sent(limited: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(limited, told("handover", rsa_2048))
    link = client.visit("/steps/register").press("Write the message").copied("share-link")
    csrf = str(client.visit("/steps/account").all("[name=csrf_token]")[0]["value"])
    with limited.test_request_context(environ_base={"REMOTE_ADDR": ""}):
        for _ in range(MOST_IN_TEN_MINUTES["read"]):
            count("read")
    for path, field in [*BOXES, ("/share", "note")]:
        assert refused(client.send("POST", path, filled(csrf, field, LONG))), path
    assert refused(PageClient(limited).send("POST", link, [("desc_user", LONG)])), (
        "neither cookie nor token is asked for"
    )
    short = client.send("POST", "/steps/account", [("csrf_token", csrf), ("account", "myorg-a")])
    assert short.redirects, "a short answer is never counted"


@pytest.mark.parametrize("foreign", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}])
def test_what_another_sites_page_sends_in_somebodys_name_does_not_use_up_their_limit(
    limited: Flask, foreign: dict[str, str]
) -> None:
    client = PageClient(limited)
    for _ in range(MOST_IN_TEN_MINUTES["read"] + 1):
        assert client._client.post("/steps/account", data={"account": LONG}, headers=foreign).status_code == 403
    csrf = str(client.visit("/steps/account").all("[name=csrf_token]")[0]["value"])
    assert client._client.post("/steps/account", data={"csrf_token": csrf, "account": LONG}).status_code != 429


def test_a_text_that_comes_without_its_length_counts_as_long(limited: Flask) -> None:
    raw, chunked = limited.test_client(), {"Transfer-Encoding": "chunked"}
    answers = [
        raw.post("/share/x", input_stream=io.BytesIO(), headers=chunked).status_code
        for _ in range(MOST_IN_TEN_MINUTES["read"] + 1)
    ]
    assert {*answers[:-1]} == {404}
    assert answers[-1] == 429


@pytest.mark.parametrize(("path", "field"), BOXES)
def test_a_text_over_the_limit_of_its_box_is_counted_and_not_drawn_again(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, path: str, field: str
) -> None:
    longest = BOXES[path, field]()[field].longest
    client = carrying(app, told("handover", rsa_2048))
    csrf = str(client.visit("/steps/account").all("[name=csrf_token]")[0]["value"])
    text = "a " * (longest // 2 + 51)  # a hundred bytes, a tenth of a kB
    page = client.send("POST", path, filled(csrf, field, text), htmx=path.endswith("reading"))
    said = f"This text has {longest // 1024}.1 kB, and this box takes {longest // 1024} kB at most."
    assert said in page.html
    assert "a a a a a" not in page.html
    if not page.fragment:
        assert page.status == 422
        assert page.error(field)


def test_a_text_over_the_limit_on_the_administrators_page_is_not_drawn_again(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    link = arrive(app, "register", rsa_2048).press("Write the message").copied("share-link")
    page = PageClient(app).visit(link, unchecked={"csrf"}).fill("desc_user", "a " * 33_000)
    answer = page.press("Check the user", unchecked={"csrf"})
    assert answer.status == 422
    assert "This text has 64.5 kB, and this box takes 64 kB at most." in answer.error("desc_user")
    assert "a a a a a" not in answer.html


@pytest.mark.parametrize(("path", "field"), BOXES)
def test_what_a_box_does_not_take_is_said_at_the_box_however_it_was_encoded(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, path: str, field: str
) -> None:
    client = carrying(app, told("handover", rsa_2048))
    csrf = str(client.visit("/steps/account").all("[name=csrf_token]")[0]["value"])
    for letter in ("\u4e00", "\U00020000"):  # %E4%B8%80, and %F0%A0%80%80
        text = letter * (BOXES[path, field]()[field].longest // len(letter.encode()) + 99)
        page = client.send("POST", path, filled(csrf, field, text), htmx=path.endswith("reading"))
        assert page.status in (200, 422) and "this box takes" in page.html


@pytest.mark.parametrize("form", StepForm.__subclasses__(), ids=lambda form: form.__name__)
def test_a_form_gets_through_with_all_that_its_fields_take(app: Flask, form: type[StepForm]) -> None:
    full = {field.name: "\U00020000" * (getattr(field, "longest", 4096) // 4) for field in form()}
    around = {"csrf_token": "c" * 56, "measured": "m" * 300, "browser_clock": "1" * 11, "uuid": "u" * 36}
    files = {field.name for field in form() if isinstance(field, FileField)}
    encoded = urlencode(full | around)
    assert len(encoded) <= app.config["MAX_CONTENT_LENGTH"] == largest_body()
    chosen = {name: FileStorage(io.BytesIO(b"k" * LIMITS["file_bytes"]), "k") for name in files}
    _, parts = encode_multipart(full | around | chosen)
    assert len(parts) <= app.config["MAX_CONTENT_LENGTH"] == app.config["MAX_FORM_MEMORY_SIZE"]


def test_a_form_of_more_fields_than_any_page_has_is_not_read(app: Flask) -> None:
    form = "application/x-www-form-urlencoded"
    raw = app.test_client()
    assert raw.post("/share/x", data="desc_user=a" + "&b" * 10, content_type=form).status_code == 404
    assert raw.post("/share/x", data="desc_user=a" + "&b" * 60_000, content_type=form).status_code == 400


def test_every_text_that_is_typed_has_a_limit() -> None:
    shown = [field for form in StepForm.__subclasses__() for field in form() if isinstance(field, StringField)]
    unlimited = [field.name for field in shown if not isinstance(field, NameField | PasteField | HiddenField)]
    assert {*unlimited} <= {"passphrase"}


def test_reading_and_answering_are_never_braked(limited: Flask) -> None:
    client = PageClient(limited)
    csrf = str(client.visit("/steps/account").all("[name=csrf_token]")[0]["value"])
    for _ in range(80):
        answer = client._client.post("/steps/account", data={"csrf_token": csrf, "account": "myorg-a"})
        assert answer.status_code == 303
