"""A world of its own for the clients: names, certificates, addresses and a home that exist nowhere else.

It stands in a network and a mount namespace (``unshare``): its loopback is the whole network, its name server answers
for every name, and ``/home/jane`` is a person's home. So a client asks ``https://….snowflakecomputing.com`` as ever,
prints what it would print at a person's desk, and reaches nothing outside.
"""

from __future__ import annotations

import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any

from tests.clients.told.situations import Network
from wizard.practice.certificate import _Authority
from wizard.practice.practice import Practice
from wizard.practice.users import HOST as PRACTICE_HOST
from wizard.practice.wire import Asked, Reply, json_reply

HOME = Path("/home/jane")
VENV = HOME / "venv"
AS_JANE = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
"""What starts a program so that a file's mode holds for it: root may read everything, and Jane may not."""
ACCOUNT = "practice-snowflake"
DOMAIN = ".snowflakecomputing.com"
HOSTS = frozenset({ACCOUNT + DOMAIN, "px00000" + DOMAIN, PRACTICE_HOST, "localhost", "127.0.0.1"})
_SYSTEM_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
_DOOR, _SHUT, _SILENT, _PROXY_PORT = "127.0.0.1", "127.0.0.2", "127.0.0.3", 3128
_UNREACHABLE = "198.51.100.7"
_PAGE = b"<!DOCTYPE html><html><head><title>%s</title></head><body><h1>%s</h1></body></html>"
_HTML = {"Content-Type": "text/html"}
_NOBODY = Reply(404, _PAGE % (b"404", b"404 Not Found"), _HTML)
_QUERY, _LOGIN, _API = "/queries/v1/query-request", "/session/v1/login-request", "/api/v2/statements"


def mount_home() -> None:
    """Lay an empty home for Jane over ``/home``, in this process's own mount namespace."""
    import tempfile

    aside = Path(tempfile.mkdtemp(prefix="home-"))
    subprocess.run(["mount", "--rbind", "/home", str(aside)], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "told", "/home"], check=True)
    for other in aside.iterdir():  # whoever's checkout this is stays where it was
        if other.is_dir() and other.name != HOME.name:
            bind(other, HOME.parent / other.name)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    HOME.mkdir()


def bind(source: Path, place: Path) -> None:
    """Let ``source`` be seen at ``place`` as well."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.mkdir() if source.is_dir() else place.touch()
    subprocess.run(["mount", "--bind", str(source), str(place)], check=True)


def tidy_home() -> None:
    """Throw away whatever the last program and its person left."""
    for entry in HOME.iterdir():
        if entry not in (VENV, HOME / "node_modules"):
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


class World:
    """Name server, door to the practice Snowflake and proxy; ``network`` is what goes wrong between."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.network = Network()
        now = practice.true_now() - 3600
        from datetime import UTC, datetime

        begins = datetime.fromtimestamp(now, UTC)
        public = _Authority("Public Trust Root CA G2", begins)
        inspector = _Authority("Example Corporation Web Inspection CA", begins)
        names = tuple(f"*{region}{DOMAIN}" for region in ("", ".us-east-1", ".eu-central-1", ".us-west-2"))
        self.contexts = {
            "own": public.server(names),
            "other-names": public.server((f"*.us-west-2{DOMAIN}", f"*.global{DOMAIN}")),
            "inspecting": inspector.server(names),
        }
        self.bundle = HOME.parent / "trusted.pem"
        self.bundle.write_text(public.pem)
        subprocess.run(["mount", "--bind", str(self.bundle), str(_SYSTEM_BUNDLE)], check=True)
        resolver = HOME.parent / "resolv.conf"
        resolver.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        subprocess.run(["mount", "--bind", str(resolver), "/etc/resolv.conf"], check=True)
        names_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        names_socket.bind(("127.0.0.1", 53))
        self._silent = socket.create_server((_SILENT, 443), backlog=64)
        door = _Server((_DOOR, 443), self, encrypted=True)
        proxy = _Server((_DOOR, _PROXY_PORT), self, encrypted=False)
        for work in (lambda: self._answer_names(names_socket), door.serve_forever, proxy.serve_forever):
            threading.Thread(target=work, daemon=True).start()

    def environment(self) -> dict[str, str]:
        """What a program is told of this world."""
        trust = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE")
        told = dict.fromkeys(trust, str(self.bundle))
        if self.network.proxy:
            proxy = f"http://proxy.example.com:{_PROXY_PORT}"
            told |= dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), proxy)
        return told

    # Names.

    def _answer_names(self, asked: socket.socket) -> None:
        while True:
            question, sender = asked.recvfrom(4096)
            asked.sendto(self._name_answer(question), sender)

    def _name_answer(self, question: bytes) -> bytes:
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode("latin-1"))
            at += 1 + question[at]
        kind = struct.unpack(">H", question[at + 1 : at + 3])[0]
        body = question[12 : at + 5]
        address = self._address(".".join(labels).lower())
        if not address:
            return question[:2] + struct.pack(">HHHHH", 0x8183, 1, 0, 0, 0) + body
        if kind != 1:  # no IPv6 here
            return question[:2] + struct.pack(">HHHHH", 0x8180, 1, 0, 0, 0) + body
        answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + socket.inet_aton(address)
        return question[:2] + struct.pack(">HHHHH", 0x8180, 1, 1, 0, 0) + body + answer

    def _address(self, name: str) -> str:
        if name == "proxy.example.com":
            return _DOOR
        # Every name under the domain exists, as in the real one, but for what only a company's own servers know.
        if not name.endswith(DOMAIN) or "privatelink" in name or self.network.route == "name-not-found":
            return ""
        route = {"refused": _SHUT, "silent": _SILENT, "unreachable": _UNREACHABLE}
        return route.get(self.network.route, _DOOR)

    # Answers.

    def answer(self, asked: Asked) -> Reply:
        """Answer one request as Snowflake would, or as the situation has it."""
        host = asked.headers.get("host", "").partition(":")[0].lower()
        scenario, path = self.practice.scenario, asked.path.rstrip("/")
        if path.endswith("/telemetry/send"):
            return json_reply(200, {"data": None, "code": None, "message": None, "success": True})
        if scenario.stands_in is not None:
            return scenario.stands_in
        if host not in HOSTS:
            return _NOBODY
        refused = self._refused(path)
        if refused:
            return refused
        if path.startswith("/api/v2"):
            return self.practice.answer(_with_host(asked, PRACTICE_HOST))
        return self.practice.answer_client(_with_host(asked, "localhost:443"))

    def _refused(self, path: str) -> Reply | None:
        code, message, state = self.network.refusal
        if not code or path not in (_QUERY, _LOGIN, _API):
            return None
        query = str(self.practice.fresh_uuid())
        if path == _API:
            status = 401 if self.network.at_login else 422
            return json_reply(status, {"code": code, "message": message, "sqlState": state, "statementHandle": query})
        if (path == _LOGIN) != self.network.at_login:
            return None
        data = {"errorCode": code, "sqlState": state, "queryId": query, "internalError": False}
        return json_reply(200, {"data": data, "code": code, "message": message, "success": False})


def _with_host(asked: Asked, host: str) -> Asked:
    return Asked(asked.method, asked.target, {**asked.headers, "host": host}, asked.body, asked.client)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], world: World, *, encrypted: bool) -> None:
        self.world, self.encrypted = world, encrypted
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "snowflake", self.server_address[1]

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(30)
        if not self.encrypted:
            super().finish_request(request, client_address)
            return
        network = self.world.network
        if network.route == "reset":
            request.recv(1)
            request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.close()
            return
        try:
            with self.world.contexts[network.certificate].wrap_socket(request, server_side=True) as wrapped:
                super().finish_request(wrapped, client_address)
        except (OSError, ssl.SSLError):
            pass  # a client that doesn't like the certificate hangs up

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is what many situations are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's own name
        """Say nothing."""

    def do_GET(self) -> None:
        import zlib

        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.headers.get("Content-Encoding", "") == "gzip":
            body = zlib.decompress(body, zlib.MAX_WBITS | 16)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, body, "198.51.100.23")
        if self.server.encrypted:
            self._send(self.server.world.answer(asked))
        else:
            self._send(self.server.world.network.proxy or _NOBODY)
            self.close_connection = True

    do_POST = do_HEAD = do_PUT = do_DELETE = do_CONNECT = do_GET  # noqa: N815  # names that the library looks for

    def _send(self, reply: Reply) -> None:
        if reply.wait_seconds:  # longer than anybody's patience
            time.sleep(60)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(reply.promised or len(reply.body) + reply.padding_bytes))
        if reply.promised is not None:
            self.close_connection = True
        self.end_headers()
        if reply.trickle_seconds:
            for byte in reply.body:
                self.wfile.write(bytes((byte,)))
                time.sleep(reply.trickle_seconds)
        elif self.command != "HEAD":
            self.wfile.write(reply.body + b" " * reply.padding_bytes)
