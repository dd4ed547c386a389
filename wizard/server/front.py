"""Reads a request whole, has the WSGI application answer it in a thread of its lane, and sends the answer."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from wizard.audit import Audit
from wizard.server.lane import lanes
from wizard.server.sockets import hang_up_on_who_does_not_read
from wizard.web.lanes import AT_ONCE, FORMS, FULL, KEYS, PAGES, RUNNING, SHORT_FORM, TESTS, TURN
from wizard.web.refusals import refusal

BODY_SECONDS: Final = 15.0
"""From the end of the head to the end of the body. A telephone on a bad line sends 64 kB in that time."""
HELD_BYTES: Final = 32 * 1024 * 1024
"""Of bodies, all together. Above it the oldest that isn't whole has to go: by then it is no honest one."""
DRAIN_SECONDS: Final = 2.0
DRAIN_BYTES: Final = 1024 * 1024
"""What is read, and dropped, of a body that is too long: a browser that still sends reads no answer."""
PATIENCE: Final = {PAGES: 30.0, TESTS: 2.0, KEYS: 10.0}
"""Seconds that a request waits for a place in its lane before the person is told."""

Headers = list[tuple[str, str]]
Environ = dict[str, Any]
WSGIApplication = Callable[[Environ, Callable[..., Callable[[bytes], object]]], Iterable[bytes]]
LaneOf = Callable[[str, str, bool], str]


@dataclass(slots=True, eq=False)
class Body:
    """A request's body as far as it has arrived.

    ``length`` is in bytes: of a body that is too long to be taken, what its head promised or what was counted.
    ``refused`` is the status to answer with where it is waited for no longer.
    """

    parts: list[bytes] = field(default_factory=list)
    length: int = 0
    held: int = 0
    rest: AsyncIterator[bytes] | None = None
    refused: int = 0


def environ_of(scope: Any, body: Body) -> Environ:
    """Return the WSGI environment of a request, with nothing of this process's own environment in it."""
    named: dict[str, str] = {}
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # it would pass for the same name with a hyphen, which a proxy may have set
        key = "HTTP_" + name.upper().replace("-", "_")
        named[key] = f"{named[key]}{'; ' if name == 'cookie' else ','}{value}" if key in named else value
    content_type = named.pop("HTTP_CONTENT_TYPE", "")
    for framing in ("HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"):  # the body lies here whole
        named.pop(framing, None)
    here, _, port = scope.server.rpartition(":")
    return {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _as_wsgi(scope.path),
        "QUERY_STRING": _as_wsgi(scope.query_string),
        "SERVER_NAME": here.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(body.length),
        "HTTP_HOST": scope.authority or "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(b"".join(body.parts)),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **named,
    }


def _as_wsgi(text: str) -> str:
    """Return text as PEP 3333 has it: one character for each byte."""
    return text if text.isascii() else text.encode().decode("latin-1")


def answer(application: WSGIApplication, environ: Environ) -> tuple[int, Headers, bytes]:
    """Run a WSGI application to its end and return status, headers and body."""
    said: list[tuple[int, Headers]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: Headers, _error: object = None) -> Callable[[bytes], object]:
        said.append((int(status[:3]), headers))
        return written.append

    parts = application(environ, start_response)
    try:
        written.extend(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    return *said[-1], b"".join(written)


class Front:
    """An RSGI application (granian's own interface) in front of a WSGI one.

    ``lane_of`` tells a request's lane from its method, its path and whether htmx asks. ``largest_body`` is in bytes;
    the application may want less of a body, but never more.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        lane_of: LaneOf,
        largest_body: int,
        threads: int,
        audit: Audit,
        body_seconds: float = BODY_SECONDS,
        held_bytes: int = HELD_BYTES,
        patience: Mapping[str, float] = PATIENCE,
    ) -> None:
        self._application = application
        self._lane_of = lane_of
        self._largest_body = largest_body
        self._audit = audit
        self._body_seconds = body_seconds
        self._held_bytes = held_bytes
        self._patience = patience
        self._lanes = lanes(threads)
        self._held = 0
        self._arriving: dict[Body, asyncio.Timeout] = {}  # the oldest first

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Set up the process; granian calls this before it listens."""
        # A signal that finds the loop's pipe full of other news is no reason to print a trace.
        signal.set_wakeup_fd(signal.set_wakeup_fd(-1), warn_on_full_buffer=False)
        loop.call_soon(hang_up_on_who_does_not_read)

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        headers, body = scope.headers, Body()
        name = self._lane_of(scope.method, scope.path, headers.get("hx-request") == "true")
        if name == AT_ONCE:
            self._answer(scope, proto, environ_of(scope, body))
            return
        try:
            if "content-length" in headers or "transfer-encoding" in headers:
                await self._receive(headers, proto, body)
            if body.refused:
                self._refuse(scope, proto, body.refused)
                return
            if name == FORMS and body.length <= SHORT_FORM:
                self._answer(scope, proto, environ_of(scope, body))
            else:
                await self._work(PAGES if name == FORMS else name, scope, proto, body)
            await self._drain(body)
        finally:
            self._held -= body.held

    # Bodies.

    async def _receive(self, headers: Any, proto: Any, body: Body) -> None:
        """Read a body, unless it is too long, too slow, or too much beside all the others that arrive."""
        promised = int(headers.get("content-length", "-1"))
        body.rest = aiter(proto)
        if promised > self._largest_body:
            body.length = promised
            return
        try:
            async with asyncio.timeout(self._body_seconds) as self._arriving[body]:
                await self._read(body, body.rest, promised)
        except TimeoutError:
            body.refused = body.refused or 408
        finally:
            self._arriving.pop(body, None)

    async def _read(self, body: Body, arriving: AsyncIterator[bytes], promised: int) -> None:
        ends = 0  # granian ends a body by an empty part, and a broken one by two
        while body.length != promised:
            try:
                part = await anext(arriving)
            except StopAsyncIteration:
                body.rest = None
                if promised >= 0 or ends > 1:  # broken off, and its sender has probably gone
                    body.refused = 400
                return
            ends = 0 if part else ends + 1
            body.parts.append(part)
            body.length += len(part)
            self._hold(body, len(part))
            if body.length > self._largest_body:
                body.parts.clear()
                return
        body.rest = None

    def _hold(self, body: Body, more: int) -> None:
        """Count what is held for a body; above the limit, take the place from the oldest that isn't whole."""
        body.held += more
        self._held += more
        if self._held > self._held_bytes and self._arriving:
            oldest = next(iter(self._arriving))
            oldest.refused = 503
            with suppress(RuntimeError):  # its time is up already
                self._arriving.pop(oldest).reschedule(0.0)

    async def _drain(self, body: Body) -> None:
        """Read on for a moment what nobody wants, so that its sender sees the answer and not a broken connection."""
        if body.rest is None:
            return
        dropped = 0
        with suppress(TimeoutError, StopAsyncIteration):
            async with asyncio.timeout(DRAIN_SECONDS):
                while dropped < DRAIN_BYTES:
                    dropped += len(await anext(body.rest))

    # Answers.

    async def _work(self, name: str, scope: Any, proto: Any, body: Body) -> None:
        """Have the application answer, in a thread of the lane, or say in the pages' lane that it is full."""
        environ = environ_of(scope, body)
        body.parts.clear()
        lane = self._lanes[name]
        if not await lane.enter(self._patience[name]):
            if name == PAGES:
                self._refuse(scope, proto, 503)
                return
            environ[FULL], environ[RUNNING] = name, lane.running
            lane = self._lanes[PAGES]
            if not await lane.enter(self._patience[PAGES]):
                self._refuse(scope, proto, 503)
                return
        environ[TURN] = lane.turn
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def job() -> None:
            problem = None
            try:
                with lane.turn:
                    self._answer(scope, proto, environ)
            except BaseException as error:  # noqa: BLE001  # raised again below: it would end the lane's thread here
                problem = error
            with suppress(RuntimeError):  # the server stops, and waits for nobody
                loop.call_soon_threadsafe(end, problem)

        def end(problem: BaseException | None) -> None:
            lane.leave()  # whatever has become of the request: a place that isn't given back is gone for good
            if done.done():
                return
            if problem is None:
                done.set_result(None)
            else:
                done.set_exception(problem)

        lane.run(job)
        await done

    def _answer(self, scope: Any, proto: Any, environ: Environ) -> None:
        try:
            proto.response_bytes(*answer(self._application, environ))
        except Exception as error:  # noqa: BLE001  # the application answers its own; this is a mistake of ours
            self._audit.record("unexpected-error", error=type(error).__name__)
            self._refuse(scope, proto, 500)

    def _refuse(self, scope: Any, proto: Any, status: int) -> None:
        self._audit.record("refused", status=status, client=scope.client.rpartition(":")[0].strip("[]"))
        proto.response_bytes(status, *refusal(status, scope.scheme == "https"))
