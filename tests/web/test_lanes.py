"""Who finds no place: what a person sees, with scripts and without, and how the test goes on by itself."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.conftest import MakeApp
from tests.web.page_client import Page
from tests.web.steps.test_test import send_key, token_for
from tests.web.walking import carrying, practising, private_pem, row_by_row, told
from wizard.web.lanes import AT_ONCE, FORMS, FULL, KEYS, PAGES, RUNNING, TESTS, lane_of
from wizard.web.limits import MOST_TESTS_AT_A_TIME, one_of_few


class Full:
    """Lanes of an application that are full, as the server would find them."""

    def __init__(self, app: Flask) -> None:
        self.lanes: set[str] = set()
        inner = app.wsgi_app

        def served(environ, start_response):
            lane = lane_of(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_HX_REQUEST") == "true")
            return inner(environ | ({FULL: lane, RUNNING: 7} if lane in self.lanes else {}), start_response)

        app.wsgi_app = served  # type: ignore[method-assign]


@pytest.fixture
def full(practice_app: Flask) -> Iterator[Full]:
    before = practice_app.wsgi_app
    yield Full(practice_app)
    practice_app.wsgi_app = before  # type: ignore[method-assign]


def asks(page: Page) -> dict[str, str]:
    """Return what the waiting row of a test will send, by the names of its fields."""
    told: dict[str, str] = json.loads(str(page.one("[data-hx-post]")["data-hx-vals"]))
    return told


def next_row(page: Page, **changed: str) -> Page:
    fields = asks(page) | changed
    return page.client.send("POST", "/steps/test/rows", list(fields.items()), referrer=page.url, htmx=True)


# --- the table --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("method", "path", "by_htmx", "lane"),
    [
        ("GET", "/", False, AT_ONCE),
        ("GET", "/steps/test", True, AT_ONCE),
        ("HEAD", "/healthz", False, AT_ONCE),
        ("GET", "/practice/worksheet", False, PAGES),
        ("POST", "/steps/account", False, FORMS),
        ("POST", "/steps/key", False, KEYS),
        ("POST", "/steps/test", False, TESTS),
        ("POST", "/steps/test", True, KEYS),
        ("POST", "/steps/test/rows", True, TESTS),
        ("POST", "/steps/test/clock", False, TESTS),
        ("POST", "/steps/test/details", True, FORMS),
        ("POST", "/rotate/key", False, KEYS),
        ("POST", "/practice/key", False, PAGES),
    ],
)
def test_a_request_waits_in_the_lane_of_what_it_waits_for(method: str, path: str, by_htmx: bool, lane: str) -> None:
    assert lane_of(method, path, by_htmx) == lane


# --- tests ------------------------------------------------------------------------------------------------------------
def test_a_row_that_finds_no_place_says_so_and_asks_again_by_itself(
    practice_app: Flask, full: Full, rsa_2048: rsa.RSAPrivateKey
) -> None:
    first = send_key(practising(practice_app, "test", rsa_2048).visit("/steps/test"), rsa_2048, htmx=True)
    full.lanes = {TESTS}
    waiting = next_row(first)
    assert (waiting.status, waiting.fragment, waiting.verdict) == (200, True, "")
    assert "This server is busy with 7 tests" in waiting.text
    assert "asks again by itself every 4 seconds" in waiting.text
    assert waiting.one("[data-hx-post]")["data-hx-trigger"] == "load delay:4s"
    assert waiting.checks == first.checks
    assert {name: asks(waiting)[name] for name in ("carried", "token")} == {
        name: asks(first)[name] for name in ("carried", "token")
    }
    full.lanes = set()
    assert row_by_row(next_row(waiting))[-1].verdict == "passed"


def test_a_row_waits_no_longer_than_its_token_lives(
    practice_app: Flask, full: Full, rsa_2048: rsa.RSAPrivateKey
) -> None:
    first = send_key(practising(practice_app, "test", rsa_2048).visit("/steps/test"), rsa_2048, htmx=True)
    full.lanes = {TESTS}
    ended = next_row(first, token=token_for(rsa_2048, iat=int(time.time()) - 61, exp=int(time.time()) - 1))
    assert ended.status == 409
    assert "The test was interrupted" in ended.text
    assert ended.link("Back to the test") == "/steps/test"


def test_without_scripts_a_test_that_finds_no_place_is_refused_with_a_page_and_nothing_of_it_is_kept(
    practice_app: Flask, full: Full, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = practising(practice_app, "test", rsa_2048).visit("/steps/test")
    page.client.watch(private_pem(rsa_2048).decode())
    full.lanes = {TESTS}
    refused = send_key(page, rsa_2048)
    assert (refused.status, refused.headers["Retry-After"]) == (503, "4")
    assert refused.heading == "Too many connections are being tested"
    assert refused.link("Open the step again") == "/steps/test"
    full.lanes = set()
    assert send_key(page.client.visit("/steps/test"), rsa_2048).verdict == "passed"


def test_the_look_at_snowflakes_clock_is_left_out_where_there_is_no_place_for_it(
    practice_app: Flask, full: Full, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    csrf = str(client.visit("/steps/test").all("[name=csrf_token]")[0]["value"])
    full.lanes = {TESTS}
    assert client.send("POST", "/steps/test/clock", [("csrf_token", csrf)]).status == 503


# --- one client -------------------------------------------------------------------------------------------------------
@pytest.fixture
def limited(practice_app: Flask) -> Iterator[Flask]:
    practice_app.extensions["limits_on"] = True
    yield practice_app
    practice_app.extensions["limits_on"] = False
    practice_app.extensions.pop("limiter", None)


def test_a_client_that_runs_many_tests_waits_for_one_of_them_to_end(
    limited: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = practising(limited, "test", rsa_2048).visit("/steps/test")
    first = send_key(page, rsa_2048, htmx=True)
    with limited.test_request_context(), ExitStack() as running:
        for _ in range(MOST_TESTS_AT_A_TIME - 1):
            running.enter_context(one_of_few())
        with one_of_few():
            waiting = next_row(first)
            assert "16 tests from your address are running" in waiting.text
            assert send_key(page, rsa_2048).status == 503
        assert row_by_row(next_row(waiting))[-1].verdict == "passed"
    assert not limited.extensions["tests_at_a_time"], "nothing is remembered of a client that has ended"


def test_coming_again_is_not_counted_as_asking(limited: Flask, full: Full, rsa_2048: rsa.RSAPrivateKey) -> None:
    first = send_key(practising(limited, "test", rsa_2048).visit("/steps/test"), rsa_2048, htmx=True)
    full.lanes = {TESTS}
    fields = asks(first)
    for _ in range(430):
        answer = first.client._client.post("/steps/test/rows", data=fields, headers={"HX-Request": "true"})
        assert answer.status_code == 200
    full.lanes = set()
    assert row_by_row(first)[-1].verdict == "passed"


# --- keys -------------------------------------------------------------------------------------------------------------
def test_who_finds_no_place_for_making_a_key_is_told_to_come_again(
    make_app: MakeApp, rsa_2048: rsa.RSAPrivateKey
) -> None:
    app = make_app()
    full = Full(app)
    page = carrying(app, told("key", rsa_2048)).visit("/steps/key").choose("source", "server")
    full.lanes = {KEYS}
    csrf = str(page.all("[name=csrf_token]")[0]["value"])
    refused = page.client.send("POST", "/steps/key", [("csrf_token", csrf), ("source", "server"), ("size", "2048")])
    assert (refused.status, refused.headers["Retry-After"]) == (503, "4")
    assert refused.heading == "All hands are busy making keys"
    assert refused.link("Open the step again") == "/steps/key"


def test_a_request_of_another_site_is_refused_as_such_also_where_there_is_no_place(make_app: MakeApp) -> None:
    app = make_app()
    Full(app).lanes = {KEYS, TESTS}
    for path in ("/steps/key", "/steps/test"):
        assert app.test_client().post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
