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
    elsewhere = [sent.target, sent.body.decode(), *(v for name, v in sent.headers.items() if name != "authorization")]
    assert not any(part in text for part in TOKEN.reveal().split(".") for text in elsewhere)


def test_a_token_that_would_end_the_header_is_not_sent(server, network: Network) -> None:
    with pytest.raises(ValueError, match="visible ASCII"):
        ask(network, server.endpoint, "POST", "/", token=Secret("a.b.c\r\nX-Other: 1"))
    assert server.script.asked == []


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


def test_a_megabyte_is_read_and_not_a_byte_more(server, network: Network) -> None:
    server.script.reply = lambda asked: Reply(200, b"x" * 1024 * 1024)
    assert len(ask(network, server.endpoint, "GET", "/").body) == 1024 * 1024

    server.script.reply = lambda asked: Reply(200, b"x" * (1024 * 1024 + 1))
    with pytest.raises(Trouble) as caught:
        ask(network, server.endpoint, "GET", "/")
    assert caught.value.kind == "too-large"
    assert "1,024 kilobytes" in caught.value.sentence


# --- to whom ---


class Watched(Network):
    """Remembers every address that was judged, and takes 127.0.0.1 for one of the internet."""

    def __init__(self, *answers: list[str]) -> None:
        super().__init__(resolve=self._answer, limits=Limits(connect=5.0, exchange=10.0))
        self.judged: list[str] = []
        self._answers = iter(answers)

    def _answer(self, host: str, port: int) -> list[str]:
        return next(self._answers)

    def refusal(self, endpoint: Endpoint, text: str) -> Trouble | None:
        self.judged.append(text)
        return None if text == "127.0.0.1" else super().refusal(endpoint, text)


WAYS = [
    lambda network, endpoint: ask(network, endpoint, "POST", "/", token=TOKEN),
    lambda network, endpoint: ask(network, endpoint, "HEAD", "/"),
    shake_hands,
]


def real(server) -> Endpoint:
    """The script under the rules for real hosts: nobody vouches, and the name is looked up."""
    return Endpoint(HOST, server.port, ca_pem=server.doors.certificates.authority_pem)


@pytest.mark.parametrize("way", WAYS, ids=["ask", "head", "handshake"])
def test_the_address_that_is_asked_is_the_one_that_was_judged(server, way) -> None:
    class Elsewhere(Network):
        """Its look-up found nothing wrong, and then the name led elsewhere."""

        def addresses(self, endpoint: Endpoint) -> tuple[str, ...]:
            return ("127.0.0.1",)

    server.script.reply = fine
    with pytest.raises(Trouble) as caught:
        way(Elsewhere(), real(server))
    assert caught.value.kind == "address-refused"
    assert "127.0.0.1" in caught.value.sentence
    assert server.script.asked == []

    watched = Watched(["127.0.0.1"])
    way(watched, real(server))
    # Once as the name server gave it, and once as the peer of the connected socket.
    assert watched.judged == ["127.0.0.1", "127.0.0.1"]


@pytest.mark.parametrize("way", WAYS, ids=["ask", "head", "handshake"])
def test_a_name_server_that_changes_its_answer_between_look_up_and_use_does_not_get_through(server, way) -> None:
    server.script.reply = fine
    network = Watched(["127.0.0.1"], ["169.254.169.254"], ["::1", "10.0.0.1"])
    assert network.addresses(real(server)) == ("127.0.0.1",)
    for _ in range(2):
        with pytest.raises(Trouble) as caught:
            way(network, real(server))
        assert caught.value.kind == "address-refused"
    assert server.script.asked == []


def test_each_connection_looks_the_name_up_once_and_dials_what_it_judged(server) -> None:
    server.script.reply = fine
    network = Watched(["127.0.0.1"], ["127.0.0.1"])
    ask(network, real(server), "GET", "/")
    ask(network, real(server), "GET", "/")
    with pytest.raises(StopIteration):
        network.resolve(HOST, 443)
    assert len(server.script.asked) == 2


def test_an_address_that_does_not_answer_gives_way_to_the_next(server) -> None:
    class Two(Watched):
        def addresses(self, endpoint: Endpoint) -> tuple[str, ...]:
            return ("::1", "127.0.0.1")

    server.script.reply = fine
    assert ask(Two(), real(server), "GET", "/").status == 200


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
def raw(server) -> Iterator[Callable[..., Endpoint]]:
    """A TLS server that sends the same bytes to whoever asks, all at once or one by one, and hangs up."""
    sockets: list[socket.socket] = []

    def serve(answer: bytes, *, pause: float = 0.0, again: int = 1, silent: bool = False) -> Endpoint:
        listening = socket.create_server(("127.0.0.1", 0))
        sockets.append(listening)

        def send(wrapped: ssl.SSLSocket) -> None:
            wrapped.recv(65536)
            for _ in range(again):
                if not pause:
                    wrapped.sendall(answer)
                for byte in answer if pause else b"":
                    wrapped.sendall(bytes((byte,)))
                    time.sleep(pause)

        def work() -> None:
            try:
                accepted, _ = listening.accept()
                if silent:
                    accepted.recv(65536)
                    time.sleep(1)
                    accepted.close()
                    return
                with server.doors.certificates.contexts["own"].wrap_socket(accepted, server_side=True) as wrapped:
                    send(wrapped)
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


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (OK + b"Content-Length: 2\r\n\r\n{}", b"{}"),
        (OK + b"Content-Length: 2\r\n\r\n{} and more", b"{}"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\nX: y\r\n\r\n", b"{}"),
        (OK + b"\r\n{}", b"{}"),  # as long as the connection
        (b"HTTP/1.0 200 OK\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\n{}", b"{}"),
        (OK + b"Content-Length: 0\r\n\r\n", b""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ],
)
def test_an_answer_is_read_in_every_form_it_comes_in(raw, network: Network, answer: bytes, body: bytes) -> None:
    assert ask(network, raw(answer), "GET", "/").body == body


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        (b"", {"reset"}),
        (b"220 mail.example ESMTP\r\n", {"not-json"}),
        (OK + b"Content-Length: 50\r\n\r\n{", {"cut"}),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{", {"cut"}),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", {"cut"}),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", {"cut"}),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n{", {"cut", "not-json"}),
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", {"not-json"}),
        (OK + b"X: y\r\n" * 500 + b"\r\n", {"not-json", "reset"}),
        (OK + b"X: " + b"y" * 70_000 + b"\r\n\r\n", {"not-json", "reset"}),
    ],
)
def test_anything_that_is_no_proper_answer_is_named(raw, network: Network, answer: bytes, kinds: set[str]) -> None:
    with pytest.raises(Trouble) as caught:
        ask(network, raw(answer), "GET", "/")
    assert caught.value.kind in kinds, caught.value.words


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000, 100),  # a head that never ends
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 50_000, 1),  # frames of six around single bytes
        (OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n" + b"x" * 400_000, 1),
    ],
)
def test_what_is_not_even_a_body_is_bounded_too(raw, answer: bytes, again: int) -> None:
    with pytest.raises(Trouble) as caught:
        ask(Network(limits=Limits(answer_bytes=64 * 1024)), raw(answer, again=again), "GET", "/")
    assert caught.value.kind in ("too-large", "cut")


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"X: " + b"y" * 100,
        OK + b"Content-Length: 100\r\n\r\n" + b"x" * 100,
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 100,
    ],
    ids=["head", "body", "chunks"],
)
def test_an_answer_that_trickles_ends_when_the_time_is_up(raw, answer: bytes) -> None:
    network = Network(limits=Limits(read=1.0, exchange=0.4))
    started = time.monotonic()
    with pytest.raises(Trouble) as caught:
        ask(network, raw(answer, pause=0.05), "GET", "/")
    assert caught.value.kind == "timeout"
    assert time.monotonic() - started < 4, "the whole of it takes five seconds"


def test_a_server_that_never_shakes_hands_is_not_waited_for(raw) -> None:
    network = Network(limits=Limits(connect=0.2))
    for way in WAYS:
        with pytest.raises(Trouble) as caught:
            way(network, raw(b"", silent=True))
        assert caught.value.kind == "timeout"
