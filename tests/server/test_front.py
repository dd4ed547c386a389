"""What becomes of a request before the application sees it: its body, its environment, its answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from wizard.audit import Audit
from wizard.server.front import Front
from wizard.web.lanes import AT_ONCE, FORMS, FULL, PAGES, RUNNING, SHORT_FORM, TESTS

SECRET = "a secret that no request may see"


@dataclass
class Headers:
    """The headers of a request as granian shows them: lower case, one entry for each line."""

    lines: list[tuple[str, str]]

    def items(self) -> list[tuple[str, str]]:
        return self.lines

    def get(self, name: str, default: str | None = None) -> str | None:
        return next((value for key, value in self.lines if key == name), default)

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.lines)


@dataclass
class Scope:
    method: str = "POST"
    path: str = "/"
    lines: list[tuple[str, str]] = field(default_factory=list)
    query_string: str = ""
    server: str = "127.0.0.1:8080"
    client: str = "192.0.2.7:50000"
    scheme: str = "http"
    http_version: str = "1.1"
    authority: str | None = None

    @property
    def headers(self) -> Headers:
        return Headers(self.lines)


class Sent:
    """A request's body, part by part, and the answer to it. ``never`` stands for a part that doesn't come."""

    never = b"never"

    def __init__(self, *parts: bytes) -> None:
        self._parts = list(parts)
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    def __aiter__(self) -> Sent:
        return self

    async def __anext__(self) -> bytes:
        if not self._parts:
            raise StopAsyncIteration
        if self._parts[0] is self.never:
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        return self._parts.pop(0)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body


class Application:
    """A WSGI application that remembers what it was given."""

    def __init__(self) -> None:
        self.environ: dict[str, Any] = {}
        self.body = b""
        self.calls = 0
        self.closed = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.environ, self.body, self.calls = environ, environ["wsgi.input"].read(), self.calls + 1
        start_response("200 OK", [("Content-Type", "text/plain")])

        def parts() -> Iterator[bytes]:
            try:
                yield b"one, "
                yield b"two"
            finally:
                self.closed = True

        return parts()


def front(application: Any, lane: str = PAGES, **given: Any) -> Front:
    told: dict[str, Any] = {"lane_of": lambda *_: lane, "largest_body": 100, "threads": 3, "audit": Audit(id)}
    return Front(application, **told | given)


def ask(application: Any, scope: Scope, sent: Sent, **given: Any) -> Sent:
    asyncio.run(front(application, **given).__rsgi__(scope, sent))
    return sent


async def as_far_as_they_go() -> None:
    """Let every request go on until it waits for something that doesn't come."""
    for _ in range(50):
        await asyncio.sleep(0)


def with_length(length: int) -> Scope:
    return Scope(lines=[("content-length", str(length))])


CHUNKED = Scope(lines=[("transfer-encoding", "chunked")])


# --- bodies -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("scope", "parts"),
    [(with_length(6), (b"abc", b"def")), (CHUNKED, (b"abc", b"def", b""))],
    ids=["with its length", "in chunks"],
)
@pytest.mark.parametrize("lane", [PAGES, TESTS, FORMS])
def test_a_body_that_has_arrived_is_given_to_the_application_whole(
    scope: Scope, parts: tuple[bytes, ...], lane: str
) -> None:
    application = Application()
    answer = ask(application, scope, Sent(*parts), lane=lane)
    assert (application.body, application.environ["CONTENT_LENGTH"]) == (b"abcdef", "6")
    assert "HTTP_TRANSFER_ENCODING" not in application.environ
    assert (answer.status, answer.body, application.closed) == (200, b"one, two", True)


@pytest.mark.parametrize(
    ("scope", "parts"),
    [(with_length(101), (b"x" * 101,)), (CHUNKED, (b"x" * 60, b"x" * 60, b"x" * 60, b""))],
    ids=["with its length", "in chunks"],
)
def test_a_body_that_is_too_long_is_left_to_the_application_to_refuse_by_its_length(
    scope: Scope, parts: tuple[bytes, ...]
) -> None:
    application = Application()
    assert ask(application, scope, Sent(*parts)).status == 200
    assert application.body == b""
    assert int(application.environ["CONTENT_LENGTH"]) > 100


@pytest.mark.parametrize("scope", [with_length(6), CHUNKED], ids=["with its length", "in chunks"])
def test_a_body_that_does_not_come_in_time_is_refused_and_takes_no_thread(scope: Scope) -> None:
    application = Application()
    answer = ask(application, scope, Sent(b"abc", Sent.never), body_seconds=0.02)
    assert (answer.status, application.calls) == (408, 0)
    assert b"did not arrive whole in time" in answer.body
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    ("scope", "parts"),
    [(with_length(6), (b"abc", b"")), (CHUNKED, (b"abc", b"", b""))],
    ids=["with its length", "in chunks"],
)
def test_a_body_that_broke_off_is_not_acted_on(scope: Scope, parts: tuple[bytes, ...]) -> None:
    application = Application()
    answer = ask(application, scope, Sent(*parts))
    assert (answer.status, application.calls) == (400, 0)
    assert b"broke off on the way" in answer.body


def test_above_the_limit_of_all_bodies_the_oldest_that_is_not_whole_has_to_go() -> None:
    async def scene() -> tuple[Sent, Sent, Sent]:
        server = front(Application(), held_bytes=150)
        first, second = Sent(b"x" * 70, Sent.never), Sent(b"x" * 70, Sent.never)
        waiting = [asyncio.create_task(server.__rsgi__(with_length(90), sent)) for sent in (first, second)]
        await as_far_as_they_go()
        third = Sent(b"x" * 90)
        await server.__rsgi__(with_length(90), third)
        await waiting[0]
        assert not waiting[1].done()
        waiting[1].cancel()
        return first, second, third

    first, second, third = asyncio.run(scene())
    assert (first.status, second.status, third.status) == (503, 0, 200)
    assert first.headers["Retry-After"]


def test_a_page_that_waits_for_nothing_waits_for_no_body_either() -> None:
    threads: list[str] = []
    application = Application()

    def noting(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        threads.append(threading.current_thread().name)
        return application(environ, start_response)

    sent = Sent(Sent.never)
    assert ask(noting, Scope("GET", lines=[("content-length", "6")]), sent, lane=AT_ONCE).status == 200
    assert threads == [threading.main_thread().name]
    assert application.environ["CONTENT_LENGTH"] == "0"


@pytest.mark.parametrize(("length", "at_once"), [(SHORT_FORM, True), (SHORT_FORM + 1, False)])
def test_a_form_that_waits_for_nothing_is_answered_at_once_unless_its_text_is_long(length: int, at_once: bool) -> None:
    threads: list[threading.Thread] = []
    application = Application()

    def noting(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        threads.append(threading.current_thread())
        return application(environ, start_response)

    text = b"x" * length
    assert ask(noting, with_length(length), Sent(text), lane=FORMS, largest_body=2 * SHORT_FORM).status == 200
    assert application.body == text
    assert [thread is threading.main_thread() for thread in threads] == [at_once]


# --- lanes ------------------------------------------------------------------------------------------------------------
def test_who_finds_the_lane_full_is_answered_in_the_lane_of_the_pages_and_told_how_full() -> None:
    release, told = threading.Event(), Application()

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if FULL not in environ:
            assert release.wait(10)
        return told(environ, start_response)

    async def scene() -> Sent:
        server, late = front(slow, lane=TESTS, patience={TESTS: 0.01, PAGES: 1}), Sent()
        first = asyncio.create_task(server.__rsgi__(Scope(), Sent()))
        await as_far_as_they_go()
        await server.__rsgi__(Scope(), late)
        assert (told.environ[FULL], told.environ[RUNNING]) == (TESTS, 1)
        release.set()
        await first
        return late

    assert asyncio.run(scene()).status == 200


def test_an_application_that_breaks_is_answered_for_with_a_page_and_a_line_in_the_log() -> None:
    lines: list[str] = []

    def broken(_environ: dict[str, Any], _start_response: object) -> Iterable[bytes]:
        raise ValueError(SECRET)

    answer = ask(broken, Scope(scheme="https"), Sent(), audit=Audit(lines.append))
    assert answer.status == 500
    assert b"Something broke" in answer.body
    assert answer.headers["Strict-Transport-Security"]
    assert "ValueError" in lines[0] and SECRET not in "".join(lines)


def test_a_connection_that_takes_no_answer_costs_no_place_in_its_lane() -> None:
    class Gone(Sent):
        def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            raise RuntimeError("the connection has gone")

    async def scene() -> Sent:
        server, late = front(Application(), threads=1, patience={PAGES: 0.5}), Sent()
        for _ in range(3):
            with pytest.raises(RuntimeError, match="has gone"):
                await asyncio.wait_for(server.__rsgi__(Scope(), Gone()), 5)
        await server.__rsgi__(Scope(), late)
        return late

    assert asyncio.run(scene()).status == 200


def test_a_log_on_a_full_disk_keeps_nobody_waiting() -> None:
    def full(_line: str) -> None:
        raise OSError(28, "No space left on device")

    def broken(_environ: dict[str, Any], _start_response: object) -> Iterable[bytes]:
        raise ValueError(SECRET)

    async def scene() -> list[int]:
        server, answers = front(broken, audit=Audit(full), patience={PAGES: 0.5}), [Sent() for _ in range(5)]
        for sent in answers:
            await asyncio.wait_for(server.__rsgi__(Scope(), sent), 5)
        return [sent.status for sent in answers]

    assert asyncio.run(scene()) == [500] * 5


# --- the environment --------------------------------------------------------------------------------------------------
def environ(**given: Any) -> dict[str, Any]:
    application = Application()
    ask(application, Scope(**given), Sent())
    return application.environ


def test_the_environment_of_a_request_holds_nothing_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIZARD_SECRET_KEY", SECRET)
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example")
    seen = environ()
    assert SECRET not in repr(seen)
    assert "HTTP_PROXY" not in seen


def test_a_header_with_an_underscore_does_not_pass_for_the_one_with_a_hyphen() -> None:
    seen = environ(lines=[("x-forwarded-for", "192.0.2.1"), ("x_forwarded_for", "198.51.100.1"), ("content_type", "a")])
    assert seen["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert seen["CONTENT_TYPE"] == ""


def test_headers_that_come_twice_are_joined_as_their_kind_is() -> None:
    seen = environ(lines=[("cookie", "a=1"), ("accept", "x"), ("cookie", "b=2"), ("accept", "y")])
    assert (seen["HTTP_COOKIE"], seen["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")


def test_a_request_without_a_host_is_for_no_host() -> None:
    assert environ()["HTTP_HOST"] == ""
    assert environ(authority="wizard.example")["HTTP_HOST"] == "wizard.example"
    assert environ(lines=[("host", "localhost:8080")])["HTTP_HOST"] == "localhost:8080"


def test_addresses_and_text_come_as_wsgi_wants_them() -> None:
    seen = environ(path="/schlüssel", query_string="a=1", server="[::1]:8443", client="[2001:db8::1]:50000")
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/schlüssel"
    assert (seen["SERVER_NAME"], seen["SERVER_PORT"], seen["REMOTE_ADDR"]) == ("::1", "8443", "2001:db8::1")
    assert (seen["QUERY_STRING"], seen["SERVER_PROTOCOL"], seen["wsgi.url_scheme"]) == ("a=1", "HTTP/1.1", "http")
