"""What takes a server down: requests and connections that keep it waiting. ``bench/siege.py`` has the large numbers.

A page that doesn't come shows as a time-out of the one who asks.
"""

from __future__ import annotations

import http.client
import signal
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.server.conftest import Besieged, besieged
from tests.test_cli import PATIENCE, SECRET, make_certificate
from tests.web.steps.test_test import token_for
from tests.web.walking import carrying, told
from wizard.app import create_app
from wizard.secret import Secret
from wizard.settings import Settings

POST = b"POST /steps/account HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@contextmanager
def held(server: Besieged, count: int, sent: bytes) -> Iterator[list[socket.socket]]:
    """Open so many connections, send the same on each, and hold them."""
    with ExitStack() as stack:
        opened = [stack.enter_context(server.connect()) for _ in range(count)]
        for each in opened:
            each.sendall(sent)
        yield opened


def page_comes(server: Besieged) -> bool:
    """Ask for a page that is drawn, and send a form that is read; without a cookie it isn't one of ours."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/steps/account", headers={"Host": "localhost"})
        drawn = connection.getresponse()
        content = drawn.read()
        connection.request("POST", "/steps/account", b"account=a", {"Host": "localhost"})
        read = connection.getresponse()
        return (drawn.status, read.status) == (200, 400) and b'data-step="account"' in content


@lru_cache
def person_at(slug: str, key: rsa.RSAPrivateKey) -> tuple[dict[str, str], str]:
    """Return the headers and the CSRF token of a person who has come to this step."""
    app = create_app(Settings(Secret(SECRET)))
    client = carrying(app, told(slug, key))
    csrf = str(client.visit(f"/steps/{slug}").all("[name=csrf_token]")[0]["value"])
    cookie = client._client.get_cookie("wizard")
    assert cookie is not None
    form = "application/x-www-form-urlencoded"
    return {"Host": "localhost", "Cookie": f"wizard={cookie.value}", "Content-Type": form}, csrf


# --- connections ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "sent",
    [
        POST + b"Content-Length: 2000\r\n\r\naccount=",
        POST + b"Transfer-Encoding: chunked\r\n\r\n8\r\naccount=\r\n",
    ],
    ids=["with their length", "in chunks"],
)
def test_a_page_comes_while_bodies_never_end(wizard: Besieged, sent: bytes) -> None:
    with held(wizard, 60, sent):
        assert page_comes(wizard)


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /steps/account HTTP/1.1\r\nHost: loc", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ids=["silent", "half a head", "idle"],
)
def test_a_page_comes_while_more_connections_say_nothing_than_the_shell_allows_files(
    wizard: Besieged, sent: bytes
) -> None:
    with held(wizard, 600, sent):
        assert page_comes(wizard)


def test_many_requests_over_one_connection_are_answered_one_after_the_other(wizard: Besieged) -> None:
    with wizard.connect() as connection:
        connection.sendall((POST + b"Content-Length: 9\r\n\r\naccount=a") * 50)
        got = b""
        while got.count(b"HTTP/1.1 400") < 50:
            got += connection.recv(65536) or pytest.fail("the server hung up")
    assert page_comes(wizard)


# --- HTTP/2 -----------------------------------------------------------------------------------------------------------
def test_a_connection_that_begins_with_http_2_is_closed(wizard: Besieged) -> None:
    with held(wizard, 1, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0") as (connection,):
        assert connection.recv(100) == b"", "an HTTP/2 server would tell its settings"


def test_nobody_is_led_over_to_http_2(wizard: Besieged) -> None:
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
    with held(wizard, 1, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + upgrade) as (connection,):
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_over_its_own_tls_it_speaks_http_1_alone(tmp_path: Path, rsa_2048: rsa.RSAPrivateKey) -> None:
    certificate, key = make_certificate(tmp_path, rsa_2048)

    def agreed(server: Besieged, *offered: str) -> str | None:
        context = ssl.create_default_context(cafile=str(certificate))
        context.set_alpn_protocols(list(offered))
        with server.connect() as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as secured:
            return secured.selected_alpn_protocol()

    more = {"WIZARD_TLS_CERTIFICATE": str(certificate), "WIZARD_TLS_KEY": str(key)}
    with besieged(tmp_path, **more) as server:
        assert agreed(server, "h2", "http/1.1") == "http/1.1"
        with pytest.raises(ssl.SSLError, match="no application protocol"):
            agreed(server, "h2")
        with held(server, 200, b""):  # who doesn't even shake hands
            assert agreed(server, "http/1.1") == "http/1.1"


# --- bodies -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sent", [0, 900_000], ids=["asked first", "sent at once"])
def test_a_body_that_is_too_long_is_refused_with_a_page_that_its_sender_gets_to_see(
    wizard: Besieged, sent: int
) -> None:
    with held(wizard, 1, POST + b"Content-Length: 900000\r\n\r\n" + b"x" * sent) as (connection,):
        got = b""
        while not got.endswith(b"</html>"):
            got += connection.recv(65536) or pytest.fail("the server hung up")
    assert got.startswith(b"HTTP/1.1 413")
    assert b"That was too much to take" in got


def test_a_form_sent_in_chunks_is_read(wizard: Besieged, rsa_2048: rsa.RSAPrivateKey) -> None:
    headers, csrf = person_at("account", rsa_2048)
    body = urlencode({"csrf_token": csrf, "account": "other-account"}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", wizard.port, timeout=PATIENCE)
    connection.request("POST", "/steps/account", iter([body[:20], body[20:]]), headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (303, "/steps/user")
    connection.close()


# --- live tests -------------------------------------------------------------------------------------------------------
def begin_test(server: Besieged, key: rsa.RSAPrivateKey, token: str) -> http.client.HTTPConnection:
    """Send a token to be tested, as a person without scripts; it goes to a Snowflake that doesn't answer."""
    headers, csrf = person_at("test", key)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("POST", "/steps/test", urlencode({"csrf_token": csrf, "token": token}), headers)
    return connection


def all_hang(server: Besieged) -> bool:
    until = time.monotonic() + PATIENCE
    while len(server.snowflake.held) < server.tests_at_a_time:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_a_page_comes_while_tests_hang_and_the_next_in_line_is_told_to_come_again(
    wizard: Besieged, rsa_2048: rsa.RSAPrivateKey
) -> None:
    token = token_for(rsa_2048, "MYORG-MY_ACCT.JANE")
    running = [begin_test(wizard, rsa_2048, token) for _ in range(wizard.tests_at_a_time)]
    assert all_hang(wizard)
    assert page_comes(wizard)

    with closing(begin_test(wizard, rsa_2048, token)) as connection:
        late = connection.getresponse()
        content = late.read().decode()
    assert (late.status, late.headers["Retry-After"]) == (503, "4")
    assert "Too many connections are being tested" in content
    assert 'href="/steps/test"' in content
    assert token not in content

    wizard.snowflake.let_go()
    for each in running:
        answer = each.getresponse()
        assert (answer.status, b'data-verdict="failed"' in answer.read()) == (200, True)
        each.close()


# --- the end ----------------------------------------------------------------------------------------------------------
def test_it_stops_within_seconds_whatever_is_still_asked_of_it(tmp_path: Path, rsa_2048: rsa.RSAPrivateKey) -> None:
    with besieged(tmp_path) as server:
        token = token_for(rsa_2048, "MYORG-MY_ACCT.JANE")
        running = [begin_test(server, rsa_2048, token) for _ in range(server.tests_at_a_time)]
        assert all_hang(server)
        with held(server, 40, POST + b"Content-Length: 2000\r\n\r\naccount="), held(server, 40, b"GET / HT"):
            assert page_comes(server)
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(timeout=10) == 0
        for each in running:
            each.close()
    assert "Traceback" not in (tmp_path / "wizard.log").read_text(encoding="utf-8")
