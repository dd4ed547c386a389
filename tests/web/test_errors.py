"""Pages for what goes wrong outside a form, and the rule that no input ends in one of ours."""

from __future__ import annotations

import io
import json
import re

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.page_client import PageClient
from tests.web.walking import carrying, told
from wizard.app import create_app
from wizard.audit import Audit
from wizard.settings import Settings
from wizard.web.forms import largest_body


def test_an_address_that_leads_nowhere(client: PageClient) -> None:
    for path in (
        "/nowhere",
        "/steps/nothing",
        "/steps/",
        "/share/",
        "/static/a/b",
        "/steps/account/more",
        "/%00",
        "/🔑",
    ):
        page = client.visit(path)
        assert (page.status, page.heading) == (404, "Page not found"), path
        assert page.link("Go to the start page") == "/"


def test_a_method_that_a_page_does_not_take(client: PageClient, app: Flask) -> None:
    page = client.visit("/start-over")
    assert (page.status, page.headers["Allow"]) == (405, "OPTIONS, POST")
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        assert app.test_client().open("/steps/account", method=method).status_code == 405


def test_what_is_too_large_is_refused_before_it_is_read(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("key", rsa_2048))
    page = client.visit("/steps/key").choose("source", "upload").attach("private_key", b"x" * 400_000)
    client.secrets.clear()
    answer = page.press_in("#key-form", "Continue")
    assert answer.status == 413
    assert "larger than any key file" in answer.text
    assert f"it has 392 kB, and this page takes {largest_body() // 1024} kB at most" in answer.text
    assert answer.all("main a")


def test_a_file_that_is_too_large_for_a_key_is_said_at_its_field(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("key", rsa_2048))
    page = client.visit("/steps/key").choose("source", "upload").attach("private_key", b"x" * 100_000)
    client.secrets.clear()
    answer = page.press_in("#key-form", "Continue")
    assert answer.status == 422
    assert "larger than 64 kB" in answer.error("private_key")


def test_a_mishap_shows_a_number_that_is_in_the_log_and_no_trace() -> None:
    lines: list[str] = []
    app = create_app(
        Settings.from_environment({"WIZARD_SECRET_KEY": "a secret key of the tests, long enough"}),
        audit=Audit(write=lines.append),
    )

    def broken() -> str:
        raise RuntimeError("s3cret-in-a-message")

    app.add_url_rule("/broken", view_func=broken)
    page = PageClient(app).visit("/broken")
    assert (page.status, page.heading) == (500, "Something broke on this server")
    assert page.link("Try again") == "/broken"
    number = page.text_at("main code")
    entry = next(line for line in map(json.loads, lines) if line["event"] == "unexpected-error")
    assert (entry["request"], entry["error"]) == (number, "RuntimeError")
    assert "broken:" in entry["where"]
    for text in (page.html, *lines):
        assert "Traceback" not in text and "s3cret" not in text and "RuntimeError: " not in text


def test_an_error_comes_as_a_fragment_where_htmx_asks(client: PageClient) -> None:
    page = client.visit("/nowhere", htmx=True)
    assert (page.status, page.fragment) == (404, True)


# --- bad input never ends in a 500 ------------------------------------------------------------------------------------
FIELDS = {
    "/steps/account": ("account", "region"),
    "/steps/account/reading": ("account", "region"),
    "/steps/user": ("username", "login_name"),
    "/steps/user/reading": ("username",),
    "/steps/key": ("source", "size", "private_key", "private_key_text", "passphrase", "public_key", "encrypted"),
    "/steps/register": ("registered", "role", "slot"),
    "/steps/verify": ("desc_user", "skip", "use_login_name"),
    "/steps/test": ("private_key", "private_key_text", "passphrase", "token", "browser_clock", "measured"),
    "/steps/test/rows": ("token", "carried", "browser_clock"),
    "/steps/test/details": ("failure_details", "uuid"),
    "/steps/handover": ("anything",),
    "/share": ("note",),
    "/start-over": ("anything",),
    "/practice/scenario": ("scenario",),
    "/practice/worksheet": ("sql", "user", "role", "warehouse"),
}
TELLING = st.sampled_from(
    ["", " ", "\x00", "'", '"', "server", "upload", "public", "browser", "2048", "-----BEGIN PRIVATE KEY-----",
     "yes", "1", "2", "xy12345", "{}", "[]", "null", "SHA256:", "NAME\tvalue", "a.b.c",
     "eyJhbGciOiJSUzI1NiJ9.e30.x", "9" * 400,
     "\u202e", "\ud7ff\ue000", "ÄÖ", "1e999", "²", "-1", "%s", "{0}", "<script>", "USE ROLE", "x" * 3000]
)  # fmt: skip


@st.composite
def forms(draw):
    path = draw(st.sampled_from(sorted(FIELDS)))
    values = st.one_of(TELLING, st.text(max_size=60))
    fields = {name: draw(values) for name in FIELDS[path] if draw(st.booleans())}
    return path, fields, draw(st.one_of(st.none(), st.binary(max_size=200)))


@pytest.fixture(scope="module")
def posting(served_practice: Flask):
    """Return a function that posts as somebody who may post everywhere."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    journey = told("handover", key)

    def token_and_client():
        browser = carrying(served_practice, journey)
        csrf = str(browser.visit("/steps/account").all("[name=csrf_token]")[0]["value"])
        return csrf, browser._client

    return token_and_client()


@settings(max_examples=120)
@given(forms())
def test_no_form_however_filled_in_ends_in_a_mishap(posting, form) -> None:
    csrf, client = posting
    path, fields, file = form
    data = {**fields, "csrf_token": csrf}
    if file is not None:
        data.pop("private_key", None)
        data["private_key"] = (io.BytesIO(file), "key")
    if data.get("source") == "server" and not data.get("passphrase"):
        data["size"] = "1024"  # making keys takes its time, and is tested elsewhere
    answer = client.post(path, data=data)
    assert answer.status_code < 500, (path, fields)


@settings(max_examples=80)
@given(
    st.sampled_from([*sorted(FIELDS), "/share/x", "/steps/test/clock"]),
    st.binary(max_size=300),
    st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain",
         "application/json", "", "multipart/form-data; boundary=", "application/x-www-form-urlencoded; charset=utf-16"]
    ),
)  # fmt: skip
def test_no_body_however_broken_ends_in_a_mishap(posting, path: str, body: bytes, content_type: str) -> None:
    _, client = posting
    answer = client.post(path, data=body, content_type=content_type)
    assert 300 <= answer.status_code < 500


@settings(max_examples=80)
@given(
    st.sampled_from(["Host", "Cookie", "HX-Request", "Content-Length", "Origin", "Referer", "Accept-Encoding", "Range",
                     "If-None-Match", "X-Forwarded-For", "Sec-Fetch-Site", "Content-Type"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60),
    st.sampled_from(["/", "/steps/account", "/steps/test", "/share/x", "/healthz", "/nowhere"]),
)  # fmt: skip
def test_no_header_however_odd_ends_in_a_mishap(app: Flask, name: str, value: str, path: str) -> None:
    answer = app.test_client().get(path, headers={name: value})
    assert answer.status_code < 500


@pytest.mark.parametrize("path", sorted(FIELDS))
def test_a_field_sent_twice_or_as_a_file_is_no_mishap(posting, path: str) -> None:
    csrf, client = posting
    for field in FIELDS[path]:
        twice = {"csrf_token": csrf, field: ["a", "b"]}
        as_file = {"csrf_token": csrf, field: (io.BytesIO(b"\xff\xfe\x00"), "a\r\nb.txt")}
        for data in (twice, as_file):
            assert client.post(path, data=data).status_code < 500, field


def test_no_page_speaks_of_a_trace(client: PageClient) -> None:
    assert not re.search(r"File \"|werkzeug|Traceback", client.visit("/nowhere").html)


def test_a_line_break_in_an_address_is_an_ordinary_404_for_htmx_too(client: PageClient) -> None:
    page = client.visit("/x%0d%0aSet-Cookie:a=b", htmx=True)
    assert page.status == 404


def test_a_part_of_a_form_without_a_name_is_refused(app: Flask) -> None:
    body = b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"
    answer = app.test_client().post("/steps/key", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 400
