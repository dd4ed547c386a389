"""Guarded requests: what leaves, to whom, and what of the answer is taken in."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wizard.checks.network import Endpoint, Limits, Network, Trouble
from wizard.checks.transport import ask, shake_hands
from wizard.practice.scenarios import scenario
from wizard.practice.users import HOST
from wizard.practice.wire import Asked, Reply, json_reply
from wizard.secret import Secret

TOKEN = Secret("header.payload.signature-of-some-length")


def fine(asked: Asked) -> Reply:
    return json_reply(200, {"ok": True})


def test_a_request_carries_the_token_and_says_who_asks(server, network: Network) -> None:
    server.script.reply = fine

    reply = ask(network, server.endpoint, "POST", "/x", token=TOKEN, query={"q": "1"}, payload={"a": 1})

    assert json.loads(reply.body) == {"ok": True}
    sent = server.script.asked[0]
    assert (sent.method, sent.target, json.loads(sent.body)) == ("POST", "/x?q=1", {"a": 1})
    assert sent.headers["authorization"] == f"Bearer {TOKEN.reveal()}"
    assert sent.headers["x-snowflake-authorization-token-type"] == "KEYPAIR_JWT"
    assert sent.headers["user-agent"] == "snowflake-keypair-wizard/9.9"
    assert sent.headers["accept"] == "application/json"
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["host"] == HOST


def test_a_netrc_file_can_not_take_the_tokens_place(
    server, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {HOST} login somebody password else\ndefault login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.script.reply = fine

    ask(network, server.endpoint, "POST", "/", token=TOKEN)
    ask(network, server.endpoint, "HEAD", "/")

    assert server.script.asked[0].headers["authorization"] == f"Bearer {TOKEN.reveal()}"
    assert "authorization" not in server.script.asked[1].headers


@pytest.mark.parametrize("location", ["https://evil.example/", "//evil", "\\", "https://[", ""])
def test_a_redirect_is_not_followed(server, network: Network, location: str) -> None:
    server.script.reply = lambda asked: Reply(307, b"", {"Location": location})

    assert ask(network, server.endpoint, "POST", "/", token=TOKEN).status == 307
    assert len(server.script.asked) == 1


def test_a_compressed_answer_is_read_and_still_bounded(server, network: Network) -> None:
    server.script.reply = lambda asked: Reply(200, gzip.compress(b'{"a": 1}'), {"Content-Encoding": "gzip"})
    assert ask(network, server.endpoint, "GET", "/").body == b'{"a": 1}'

    bomb = gzip.compress(b" " * 20_000_000)
    server.script.reply = lambda asked: Reply(200, bomb, {"Content-Encoding": "gzip"})
    with pytest.raises(Trouble) as caught:
        ask(network, server.endpoint, "GET", "/")
    assert caught.value.kind == "too-large"


def test_an_answer_that_trickles_ends_when_the_time_is_up(server) -> None:
    server.script.reply = lambda asked: Reply(200, b"x" * 100, trickle_seconds=0.05)
    network = Network(limits=Limits(read=1.0, exchange=0.4))

    started = time.monotonic()
    with pytest.raises(Trouble) as caught:
        ask(network, server.endpoint, "GET", "/")

    assert caught.value.kind == "timeout"
    assert time.monotonic() - started < 2


def test_the_address_is_judged_again_on_the_connected_socket(server) -> None:
    class Rebound(Network):
        """Its look-up found nothing wrong, and then the name led elsewhere."""

        def addresses(self, endpoint: Endpoint) -> tuple[str, ...]:
            return ("127.0.0.1",)

    endpoint = Endpoint(HOST, server.port, ca_pem=server.doors.certificates.authority_pem)
    with pytest.raises(Trouble) as caught:
        ask(Rebound(), endpoint, "POST", "/", token=TOKEN)
    assert caught.value.kind == "address-refused"
    assert server.script.asked == []


def test_a_host_the_operator_vouches_for_is_reached_on_its_port(server, bundle: str) -> None:
    server.script.reply = fine
    network = Network(
        trusted_hosts={HOST: server.port},
        resolve=lambda host, port: ["127.0.0.1"],
        environment={"REQUESTS_CA_BUNDLE": bundle},
    )
    endpoint = Endpoint(HOST, server.port, vouched=True)
    assert ask(network, endpoint, "GET", "/").status == 200
    assert server.script.asked[0].headers["host"] == f"{HOST}:{server.port}"


def test_the_certificate_is_verified_even_for_a_trusted_host(server) -> None:
    network = Network(resolve=lambda host, port: ["127.0.0.1"])
    with pytest.raises(Trouble) as caught:
        ask(network, Endpoint(HOST, server.port, vouched=True), "POST", "/", token=TOKEN)
    assert caught.value.kind == "certificate-issuer"
    assert server.script.asked == []


@pytest.mark.parametrize(
    ("slug", "kind", "fact", "value"),
    [
        ("inspecting-proxy", "certificate-issuer", "issuer", "Example Corporation Web Inspection CA"),
        ("other-names", "certificate-name", "names", "*.us-west-2.snowflakecomputing.example"),
        ("connection-reset", "reset", "", ""),
    ],
)
def test_a_handshake_that_fails_says_whose_certificate_it_was(
    server, network: Network, slug: str, kind: str, fact: str, value: str
) -> None:
    server.script.scenario = scenario(slug)
    with pytest.raises(Trouble) as caught:
        shake_hands(network, server.endpoint)
    assert caught.value.kind == kind
    if fact:
        assert value in caught.value.facts[fact]
        assert value in caught.value.sentence
    assert server.script.asked == []


def test_a_good_certificate_is_told_about(server, network: Network) -> None:
    shown = shake_hands(network, server.endpoint)
    assert shown.names == (HOST,)
    assert shown.issuer.startswith("Practice Snowflake")


# --- servers that are no web servers ---


@pytest.fixture
def raw(server) -> Iterator[Callable[[bytes], Endpoint]]:
    """A TLS server that sends the same bytes to whoever asks, and hangs up."""
    sockets: list[socket.socket] = []

    def serve(answer: bytes) -> Endpoint:
        listening = socket.create_server(("127.0.0.1", 0))
        sockets.append(listening)

        def work() -> None:
            try:
                accepted, _ = listening.accept()
                with server.doors.certificates.contexts["own"].wrap_socket(accepted, server_side=True) as wrapped:
                    wrapped.recv(65536)
                    wrapped.sendall(answer)
            except (OSError, ssl.SSLError):
                pass

        threading.Thread(target=work, daemon=True).start()
        return Endpoint(
            HOST,
            address=("127.0.0.1", listening.getsockname()[1]),
            ca_pem=server.doors.certificates.authority_pem,
            vouched=True,
        )

    yield serve
    for listening in sockets:
        listening.close()


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        (b"", {"reset"}),
        (b"220 mail.example ESMTP\r\n", {"not-json"}),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", {"cut"}),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{", {"cut"}),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", {"cut"}),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", {"not-json"}),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", {"not-json", "reset"}),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", {"not-json", "reset"}),
    ],
)
def test_anything_that_is_no_proper_answer_is_named(raw, network: Network, answer: bytes, kinds: set[str]) -> None:
    with pytest.raises(Trouble) as caught:
        ask(network, raw(answer), "GET", "/")
    assert caught.value.kind in kinds, caught.value.words


# --- through a proxy ---


class Proxy:
    """A CONNECT proxy that leads every name to one port of this machine, or says no."""

    def __init__(self, port: int, refuse: bytes = b"") -> None:
        self.lines: list[bytes] = []
        self._port, self._refuse = port, refuse
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://me:pass@127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4096)
            self.lines += head.split(b"\r\n")
            if self._refuse:
                client.sendall(self._refuse)
                client.close()
                continue
            upstream = socket.create_connection(("127.0.0.1", self._port))
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self._pipe, args=(upstream, client), daemon=True)
            back.start()
            self._pipe(client, upstream)
            back.join()
            client.close()
            upstream.close()

    @staticmethod
    def _pipe(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        # Waking the thread first: a socket closed under an accept() stays open until that returns.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


def test_a_proxy_of_the_environment_connects_for_us_and_looks_the_name_up(server, bundle: str) -> None:
    server.script.reply = fine
    proxy = Proxy(server.port)
    network = Network(
        resolve=lambda host, port: pytest.fail("the proxy looks names up"),
        environment={"HTTPS_PROXY": proxy.url, "REQUESTS_CA_BUNDLE": bundle},
    )

    assert shake_hands(network, Endpoint(HOST)).names == (HOST,)
    assert ask(network, Endpoint(HOST), "POST", "/", token=TOKEN).status == 200

    assert f"CONNECT {HOST}:443 HTTP/1.".encode() in b"\n".join(proxy.lines)
    assert b"Proxy-Authorization: Basic bWU6cGFzcw==" in proxy.lines
    assert not any(TOKEN.reveal().encode() in line for line in proxy.lines)
    proxy.close()


def test_an_inspecting_proxy_is_named_by_its_certificate(server) -> None:
    proxy = Proxy(server.port)
    with pytest.raises(Trouble) as caught:
        shake_hands(Network(environment={"HTTPS_PROXY": proxy.url}), Endpoint(HOST))
    assert caught.value.kind == "certificate-issuer"
    assert "Practice Snowflake, not a real one" in caught.value.sentence
    proxy.close()


def test_a_proxy_that_says_no_is_told_from_a_firewall(server, bundle: str) -> None:
    proxy = Proxy(server.port, refuse=b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    network = Network(environment={"HTTPS_PROXY": proxy.url, "REQUESTS_CA_BUNDLE": bundle})
    for attempt in (lambda: shake_hands(network, Endpoint(HOST)), lambda: ask(network, Endpoint(HOST), "GET", "/")):
        with pytest.raises(Trouble) as caught:
            attempt()
        assert "proxy" in caught.value.sentence
        assert "407" in caught.value.words
        assert "pass" not in caught.value.words
    proxy.close()
