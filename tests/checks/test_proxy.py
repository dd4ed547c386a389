"""The operator's proxy: when it is asked, what it is told, and what is said when it doesn't connect."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wizard.checks import dns
from wizard.checks.network import Endpoint, Limits, Network, Trouble
from wizard.checks.row import STORED_ROW
from wizard.checks.transport import ask, shake_hands
from wizard.practice import certificate
from wizard.practice.users import HOST
from wizard.practice.wire import json_reply
from wizard.secret import Secret
from wizard.snowflake.account import read_account

TOKEN = Secret("header.payload.signature-of-some-length")
PUBLIC = "myorg-acct.snowflakecomputing.com"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Proxy:
    """A CONNECT proxy that leads every name to one port of this machine, or answers something else and hangs up."""

    def __init__(
        self, port: int, answer: bytes = ESTABLISHED, *, context: ssl.SSLContext | None = None, pause: float = 0.0
    ) -> None:
        self.lines: list[bytes] = []
        self._target, self._answer, self._context, self._pause = port, answer, context, pause
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://me:p%40ss@127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            try:
                with self._context.wrap_socket(client, server_side=True) if self._context else client as spoken:
                    self._serve(spoken)
            except (OSError, ValueError):
                pass

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (arrived := client.recv(4096)):
                return
            head += arrived
        self.lines += head.split(b"\r\n")
        for place in range(len(self._answer) if self._pause else 0):
            client.sendall(self._answer[place : place + 1])
            time.sleep(self._pause)
        if not self._pause:
            client.sendall(self._answer)
        if self._answer != ESTABLISHED:
            return
        with socket.create_connection(("127.0.0.1", self._target)) as upstream:
            back = threading.Thread(target=self._pipe, args=(upstream, client), daemon=True)
            back.start()
            self._pipe(client, upstream)
            back.join(5)

    @staticmethod
    def _pipe(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except (OSError, ValueError):
            pass

    def close(self) -> None:
        # Waking the thread first: a socket closed under an accept() stays open until that returns.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@pytest.fixture
def open_proxy(server) -> Iterator[Callable[..., Proxy]]:
    opened: list[Proxy] = []

    def begin(*args: bytes, **more: object) -> Proxy:
        opened.append(Proxy(server.port, *args, **more))  # type: ignore[arg-type]
        return opened[-1]

    yield begin
    for proxy in opened:
        proxy.close()


def behind(url: str, bundle: str, **more: object) -> Network:
    """A network that reaches everything through the proxy, and fails where a name is looked up here."""
    return Network(
        resolve=lambda host, port: pytest.fail("the proxy looks names up"),
        environment={"HTTPS_PROXY": url, "REQUESTS_CA_BUNDLE": bundle},
        **more,  # type: ignore[arg-type]
    )


def test_a_proxy_of_the_environment_connects_for_us_and_looks_the_name_up(server, bundle: str, open_proxy) -> None:
    server.script.reply = lambda asked: json_reply(200, {"ok": True})
    proxy = open_proxy()
    network = behind(proxy.url, bundle)

    assert shake_hands(network, Endpoint(HOST)).names == (HOST,)
    assert ask(network, Endpoint(HOST), "POST", "/", token=TOKEN, payload={"a": 1}).status == 200

    assert proxy.lines.count(f"CONNECT {HOST}:443 HTTP/1.1".encode()) == 2
    assert proxy.lines.count(f"Host: {HOST}:443".encode()) == 2
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==" in proxy.lines  # me:p@ss
    assert not any(TOKEN.reveal().encode() in line for line in proxy.lines)
    assert "proxy-authorization" not in server.script.asked[0].headers


def test_a_host_that_no_proxy_spares_is_reached_straight(server, bundle: str, open_proxy) -> None:
    server.script.reply = lambda asked: json_reply(200, {"ok": True})
    proxy = open_proxy()
    environment = {"HTTPS_PROXY": proxy.url, "NO_PROXY": HOST, "REQUESTS_CA_BUNDLE": bundle}
    network = Network(resolve=lambda host, port: ["127.0.0.1"], environment=environment)

    assert ask(network, Endpoint(HOST, server.port, vouched=True), "GET", "/").status == 200
    assert proxy.lines == []


def test_a_proxy_that_is_spoken_to_over_tls_works_too(server, bundle: str, open_proxy) -> None:
    server.script.reply = lambda asked: json_reply(200, {"ok": True, "much": "x" * 200_000})
    authority = certificate._Authority("An operator's own", datetime.now(UTC) - timedelta(hours=1))
    proxy = open_proxy(context=authority.server(("localhost",)))
    Path(bundle).write_text(Path(bundle).read_text() + authority.pem)
    network = behind(f"https://localhost:{proxy.port}", bundle)

    reply = ask(network, Endpoint(HOST), "POST", "/", token=TOKEN)

    assert len(reply.body) > 200_000
    assert server.script.asked[0].headers["authorization"] == f"Bearer {TOKEN.reveal()}"
    assert not any(line.startswith(b"Proxy-Authorization") for line in proxy.lines)


def test_a_proxy_whose_certificate_does_not_verify_is_told_nothing(server, bundle: str, open_proxy) -> None:
    stranger = certificate._Authority("A stranger", datetime.now(UTC) - timedelta(hours=1))
    proxy = open_proxy(context=stranger.server(("localhost",)))
    with pytest.raises(Trouble) as caught:
        ask(behind(f"https://me:secret@localhost:{proxy.port}", bundle), Endpoint(HOST), "POST", "/", token=TOKEN)
    assert "proxy" in caught.value.sentence
    assert "certificate verify failed" in caught.value.words
    assert (proxy.lines, server.script.asked) == ([], [])


def test_an_inspecting_proxy_is_named_by_its_certificate(open_proxy) -> None:
    with pytest.raises(Trouble) as caught:
        shake_hands(Network(environment={"HTTPS_PROXY": open_proxy().url}), Endpoint(HOST))
    assert caught.value.kind == "certificate-issuer"
    assert "Practice Snowflake, not a real one" in caught.value.sentence


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "407 Proxy Authentication"),
        (b"HTTP/1.0 403 Forbidden\n\n<html>blocked</html>", "403 Forbidden"),
        (b"HTTP/1.1 503\r\n\r\n", "503"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "did not answer as a proxy does"),
        (b"", "hung up"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 4_000, "did not answer as a proxy does"),
    ],
)
def test_a_proxy_that_says_no_is_told_from_a_firewall(
    server, bundle: str, open_proxy, answer: bytes, words: str
) -> None:
    network = behind(open_proxy(answer).url, bundle)
    for attempt in (lambda: shake_hands(network, Endpoint(HOST)), lambda: ask(network, Endpoint(HOST), "GET", "/")):
        with pytest.raises(Trouble) as caught:
            attempt()
        assert caught.value.kind == "refused"
        assert "The proxy that this wizard is told to use did not let the connection" in caught.value.sentence
        assert words in caught.value.words
        assert caught.value.facts["cause"] == "connection-blocked"
        assert "p@ss" not in caught.value.words
        assert "p%40ss" not in caught.value.words
    assert server.script.asked == []


def test_a_proxy_that_trickles_ends_when_the_time_is_up(bundle: str, open_proxy) -> None:
    network = behind(open_proxy(pause=0.05).url, bundle, limits=Limits(connect=0.3))
    with pytest.raises(Trouble) as caught:
        shake_hands(network, Endpoint(HOST))
    assert caught.value.kind == "refused"
    assert "TimeoutError" in caught.value.words


def test_a_proxy_that_is_not_there_is_the_operators_business(bundle: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and never listens
        with pytest.raises(Trouble) as caught:
            shake_hands(behind(f"http://127.0.0.1:{nobody.getsockname()[1]}", bundle), Endpoint(HOST))
    assert caught.value.kind == "refused"
    assert "no way" in caught.value.sentence
    assert "proxy" in caught.value.sentence


@pytest.mark.parametrize(
    "url", ["socks5://proxy.example:1080", "http://proxy.example:many", "http://", "http://me:pa/ss@proxy.example:1"]
)
def test_a_proxy_address_that_can_not_be_used_is_the_operators_business(url: str, bundle: str) -> None:
    with pytest.raises(Trouble, match="HTTPS_PROXY") as caught:
        ask(behind(url, bundle), Endpoint(HOST), "GET", "/")
    assert caught.value.kind == "refused"
    assert "pa/ss" not in caught.value.words + caught.value.sentence


def test_behind_a_proxy_the_dns_row_is_skipped_and_names_no_password(make_attempt) -> None:
    there = Network(environment={"HTTPS_PROXY": "http://me:hunter2@proxy.example:3128/"})
    answer = dns.check(make_attempt(account=read_account(PUBLIC), network=there), ())
    assert answer.status == "skipped"
    assert "http://proxy.example:3128" in answer.sentence
    assert "hunter2" not in str(STORED_ROW.write(answer))


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ""),
        ({"HTTPS_PROXY": "proxy:1"}, "http://proxy:1"),
        ({"https_proxy": "https://proxy:1", "HTTPS_PROXY": "http://other:2"}, "https://proxy:1"),
        ({"ALL_PROXY": "http://proxy:1"}, "http://proxy:1"),
        ({"HTTP_PROXY": "http://proxy:1"}, ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "localhost, .snowflakecomputing.com"}, ""),
        ({"HTTPS_PROXY": "http://p:1", "no_proxy": "snowflakecomputing.com"}, ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": f"{PUBLIC}:443"}, ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": f"{PUBLIC}:8443"}, "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "computing.com,10.0.0.0/8,"}, "http://p:1"),
    ],
)
def test_the_proxy_settings_of_the_environment_are_honoured(environment: dict[str, str], expected: str) -> None:
    assert Network(environment=environment).proxy_for(Endpoint(PUBLIC)) == expected
