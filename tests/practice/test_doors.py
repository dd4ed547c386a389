"""The doors of the practice Snowflake open quickly, are only on this machine, and close behind it."""

from __future__ import annotations

import http.client
import socket
import time

import pytest

from wizard.practice.listener import MAX_BODY_BYTES
from wizard.practice.practice import Practice


def test_it_is_there_in_no_time_and_gone_without_a_trace() -> None:
    started = time.perf_counter()
    practice = Practice().start()
    assert time.perf_counter() - started < 1
    assert practice.start() is practice
    endpoint, clients = practice.endpoint, practice.client_address
    assert endpoint.address is not None
    assert endpoint.address[0] == clients[0] == "127.0.0.1"

    practice.stop()
    practice.stop()

    for address in (endpoint.address, clients):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, 1)
    with pytest.raises(RuntimeError):
        _ = practice.endpoint
    assert practice.endpoint_for(endpoint.host) is None


def test_no_other_host_leads_there() -> None:
    with Practice() as practice:
        assert practice.endpoint_for("myorg-acct.snowflakecomputing.com") is None


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "-1", "many", "9" * 30])
def test_a_body_that_is_too_large_is_not_read(practice: Practice, length: str) -> None:
    connection = http.client.HTTPConnection(*practice.client_address, timeout=5)
    connection.putrequest("POST", "/session/v1/login-request")
    connection.putheader("Content-Length", length)
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 405),
        ("POST", {"Content-Type": "text/plain"}, 415),
        ("POST", {"Content-Type": "application/json", "Host": "rebound.example"}, 404),
    ],
)
def test_a_page_in_somebodys_browser_can_not_talk_to_the_client_door(
    practice: Practice, method: str, headers: dict[str, str], status: int
) -> None:
    connection = http.client.HTTPConnection(*practice.client_address, timeout=5)
    connection.request(method, "/session/v1/login-request", b"{}", headers)
    assert connection.getresponse().status == status
    connection.close()
