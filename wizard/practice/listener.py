"""The doors of the practice Snowflake: two small HTTP servers on loopback, on ports the system chooses.

One speaks TLS and is found by the connection test; the other is plain, for client libraries that are told
``protocol="http"``. Everything is bounded: connections at a time, bytes of a request, seconds of patience.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import zlib
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, Protocol

from wizard.practice.certificate import make_certificates
from wizard.practice.wire import Asked, Reply

if TYPE_CHECKING:
    from wizard.practice.scenarios import Scenario

LOOPBACK = "127.0.0.1"
MAX_CONNECTIONS = 32
MAX_BODY_BYTES = 256 * 1024
PATIENCE_SECONDS = 15.0
_CHUNK = 64 * 1024


class Answering(Protocol):
    """Whoever answers behind the doors: by the SQL API, and to client libraries. Times are Unix seconds."""

    @property
    def scenario(self) -> Scenario: ...
    def now(self) -> float: ...
    def true_now(self) -> float: ...
    def answer(self, asked: Asked) -> Reply: ...
    def answer_client(self, asked: Asked) -> Reply: ...


class Doors:
    """Both servers, running from construction to :meth:`close`."""

    def __init__(self, practice: Answering) -> None:
        self.certificates = make_certificates(practice.true_now())  # the true time, whatever the scenario says
        self.closing = threading.Event()
        # A port that is taken and never listens: connecting to it is refused, and nobody else can get it.
        self._nobody_home = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._nobody_home.bind((LOOPBACK, 0))
        self._api = _Server(practice, self, encrypted=True)
        self._clients = _Server(practice, self, encrypted=False)
        for server in (self._api, self._clients):
            threading.Thread(
                target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="practice-snowflake", daemon=True
            ).start()

    @property
    def client_address(self) -> tuple[str, int]:
        """Where client libraries log in."""
        return LOOPBACK, self._clients.server_address[1]

    def address_for(self, scenario: Scenario) -> tuple[str, int]:
        """Where the scenario sends the connection test."""
        if scenario.route == "name-not-found":
            return "practice-snowflake.invalid", 443  # a name that can't exist (RFC 6761)
        if scenario.route == "refused":
            return LOOPBACK, self._nobody_home.getsockname()[1]
        return LOOPBACK, self._api.server_address[1]

    def close(self) -> None:
        """Close both servers; answers that wait are cut short."""
        self.closing.set()
        for server in (self._api, self._clients):
            server.shutdown()
            server.server_close()
        self._nobody_home.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = False
    request_queue_size = 64
    server_address: tuple[str, int]

    def __init__(self, practice: Answering, doors: Doors, *, encrypted: bool) -> None:
        self.practice = practice
        self.doors = doors
        self.encrypted = encrypted
        self._room = threading.BoundedSemaphore(MAX_CONNECTIONS)
        super().__init__((LOOPBACK, 0), _Handler)

    def server_bind(self) -> None:
        # HTTPServer's own looks its host name up, which can take seconds on a machine without a resolver.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._room.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(PATIENCE_SECONDS)
        if not self.encrypted:
            super().finish_request(request, client_address)
            return
        scenario = self.practice.scenario
        if scenario.route == "reset":
            # Lingering for zero seconds makes the close a reset, as a firewall would send it.
            request.recv(1)
            request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.close()
            return
        context = self.doors.certificates.contexts[scenario.certificate]
        try:
            with context.wrap_socket(request, server_side=True) as wrapped:
                super().finish_request(wrapped, client_address)
        except (OSError, ssl.SSLError):
            pass  # a client that doesn't like the certificate hangs up: that is its right

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is the other side's business; nothing is printed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def version_string(self) -> str:
        return "practice-snowflake"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's own name
        """Say nothing: a request line may hold what belongs in no log."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate(self.server.practice.now() if timestamp is None else timestamp, usegmt=True)

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_HEAD = do_PUT = do_DELETE = do_GET  # noqa: N815  # names that the library looks for

    def _answer(self) -> None:
        body = self._body()
        if body is None:
            return
        asked = Asked(
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            client=self.client_address[0],
        )
        practice = self.server.practice
        try:
            reply = practice.answer(asked) if self.server.encrypted else practice.answer_client(asked)
        except Exception:  # noqa: BLE001  # a bug in here must look like one, and not like a broken network
            reply = Reply(500, b"The practice Snowflake made a mistake.\n", {"Content-Type": "text/plain"})
        if reply.wait_seconds and self.server.doors.closing.wait(reply.wait_seconds):
            self.close_connection = True
            return
        self._send(reply)

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdecimal()) or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            self._send(Reply(413))
            return None
        body = self.rfile.read(int(length))
        if self.headers.get("Content-Encoding", "").lower() == "gzip":
            try:
                body = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MAX_BODY_BYTES)
            except zlib.error:
                body = b""
        return body

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header(
            "Content-Length", str(len(reply.body) + reply.padding_bytes if reply.promised is None else reply.promised)
        )
        if reply.promised is not None:
            self.close_connection = True
        self.end_headers()
        if self.command == "HEAD":
            return
        if not reply.trickle_seconds:
            self.wfile.write(reply.body)
            for start in range(0, reply.padding_bytes, _CHUNK):
                self.wfile.write(b" " * min(_CHUNK, reply.padding_bytes - start))
            return
        for byte in reply.body:
            self.wfile.write(bytes((byte,)))
            if self.server.doors.closing.wait(reply.trickle_seconds):
                self.close_connection = True
                return
