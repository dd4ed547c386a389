"""The client of the SQL API: patience within limits, and no trust in what comes back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from email.utils import formatdate

import pytest

from wizard.checks.network import Network, Trouble
from wizard.checks.sql_reply import SqlReply
from wizard.checks.statements import run_statement
from wizard.checks.transport import Reply as Received
from wizard.practice.wire import Asked, Reply, json_reply
from wizard.secret import Secret

TOKEN = Secret("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJNWU9SRyJ9.c2lnbmF0dXJlLW9mLXNvbWUtbGVuZ3Ro")
HANDLE = "01b1c2d3-0000-4000-8000-0123456789ab"
DONE = json_reply(200, {"code": "090001", "data": [["JANE", None]], "message": "done"})
RUNNING = json_reply(202, {"code": "333334", "message": "running", "statementHandle": HANDLE,
                           "statementStatusUrl": "https://evil.example/steal"})  # fmt: skip


def script(server, *replies: Reply) -> None:
    waiting: Iterator[Reply] = iter(replies)
    server.script.reply = lambda asked: next(waiting, replies[-1])


def run(server, network: Network, **more: str):
    return run_statement(network, server.endpoint, TOKEN, "select 1", **more)


def requests_of(server) -> list[Asked]:
    asked: list[Asked] = server.script.asked
    return asked


def test_the_first_row_comes_back_and_no_role_or_warehouse_is_sent(server, network: Network) -> None:
    script(server, DONE)
    assert run(server, network).row == ("JANE", None)
    body = json.loads(requests_of(server)[0].body)
    assert body == {"statement": "select 1", "timeout": 30}
    uuid.UUID(requests_of(server)[0].query["requestId"])


def test_role_and_warehouse_are_sent_when_they_are_asked_for(server, network: Network) -> None:
    script(server, DONE)
    run(server, network, role="R", warehouse="W")
    assert json.loads(requests_of(server)[0].body) | {"role": "R", "warehouse": "W"} == json.loads(
        requests_of(server)[0].body
    )


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_snowflake_is_asked_again_with_the_same_request_id(server, network: Network, clock, status: int) -> None:
    script(server, Reply(status, b"", {"Retry-After": "3"}), Reply(status), DONE)

    assert run(server, network).tries == 3

    first, second, third = requests_of(server)
    assert first.query["requestId"] == second.query["requestId"] == third.query["requestId"]
    assert "retry" not in first.query
    assert (second.query["retry"], third.query["retry"]) == ("true", "true")
    assert clock.waited == [3.0, 2.0]


def test_a_wait_that_is_longer_than_the_time_limit_is_not_begun(server, network: Network, clock) -> None:
    script(server, json_reply(429, {"code": "390505", "message": "Too many requests."}, {"Retry-After": "3600"}))
    with pytest.raises(Trouble) as caught:
        run(server, network)
    assert (caught.value.code, caught.value.http_status) == ("390505", 429)
    assert clock.waited == []


def test_a_retry_after_that_is_a_date_is_understood(server, network: Network, clock) -> None:
    script(server, Reply(503, b"", {"Retry-After": formatdate(network.now() + 10, usegmt=True)}), DONE)
    run(server, network)
    assert 8 < clock.waited[0] < 11


@pytest.mark.parametrize("text", ["soon", "-5", "9" * 40, "1e9", "\u00b2"])
def test_a_retry_after_that_makes_no_sense_is_passed_over(server, network: Network, clock, text: str) -> None:
    script(server, Reply(503, b"", {"Retry-After": text.encode("utf-8").decode("latin-1")}), DONE)
    run(server, network)
    assert clock.waited == [1.0]


def test_a_statement_that_runs_on_is_asked_for_by_its_handle_and_never_by_a_url(server, network: Network) -> None:
    script(server, RUNNING, RUNNING, Reply(429), DONE)
    assert run(server, network).row == ("JANE", None)
    assert [(asked.method, asked.path) for asked in requests_of(server)[1:]] == [
        ("GET", f"/api/v2/statements/{HANDLE}")
    ] * 3


def test_a_statement_that_never_ends_still_proves_the_token(server, network: Network) -> None:
    script(server, RUNNING)
    assert run(server, network).lacking == "time"


@pytest.mark.parametrize("handle", ["../../x", "https://evil.example", f"{HANDLE}/..", f"{HANDLE}\n", 7, None, ["x"]])
def test_a_handle_that_is_none_is_not_asked_for(server, network: Network, handle: object) -> None:
    script(server, json_reply(202, {"code": "333334", "statementHandle": handle}))
    with pytest.raises(Trouble) as caught:
        run(server, network)
    assert caught.value.kind == "not-json"
    assert len(requests_of(server)) == 1


def test_a_refusal_keeps_its_code_its_uuid_and_its_address(server, network: Network) -> None:
    failure = str(uuid.uuid4()).upper()
    script(server, json_reply(401, {"code": "390144", "message": f"JWT token is invalid. [{failure}]"}))
    with pytest.raises(Trouble) as caught:
        run(server, network)
    symptom = caught.value.symptom
    assert (symptom.kind, symptom.code, symptom.http_status) == ("answer", "390144", 401)
    assert symptom.facts["uuid"] == failure.lower()
    assert symptom.message == f"JWT token is invalid. [{failure}]"

    script(server, json_reply(403, {"code": "390422", "message": "Incoming request with IP/Token 192.0.2.7 is not"}))
    with pytest.raises(Trouble) as caught:
        run(server, network)
    assert caught.value.symptom.facts["ip"] == "192.0.2.7"


def test_no_warehouse_means_that_the_token_was_accepted(server, network: Network) -> None:
    script(server, json_reply(422, {"code": "391920", "message": "You must specify the warehouse to use."}))
    assert run(server, network).lacking == "warehouse"


NOT_SNOWFLAKE = [
    b"",
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"{}",
    b'{"data": []}',
    b"[" * 100_000,
    b'{"code": {}}',
    b"\xff\xfe",
    b"<html>",
]


@pytest.mark.parametrize("body", NOT_SNOWFLAKE)
@pytest.mark.parametrize("status", [200, 401, 418])
def test_whatever_is_not_snowflakes_answer_is_named_as_such(server, network: Network, body: bytes, status: int) -> None:
    script(server, Reply(status, body))
    with pytest.raises(Trouble) as caught:
        run(server, network)
    assert caught.value.kind == "not-json"
    assert caught.value.http_status == status


@pytest.mark.parametrize("data", [[], None, "x", [{"a": 1}], [7]])
def test_a_success_without_a_row_is_no_success(server, network: Network, data: object) -> None:
    script(server, json_reply(200, {"code": "090001", "data": data}))
    with pytest.raises(Trouble) as caught:
        run(server, network)
    assert caught.value.kind == "not-json"


def test_a_refusal_that_calls_itself_ok_is_still_a_refusal(server, network: Network) -> None:
    script(server, json_reply(200, {"code": "390144", "message": "JWT token is invalid.", "success": False}))
    with pytest.raises(Trouble) as caught:
        run(server, network)
    assert (caught.value.kind, caught.value.code) == ("answer", "390144")


def test_a_token_that_is_sent_back_is_not_shown(server, network: Network) -> None:
    def echo(asked: Asked) -> Reply:
        said = asked.headers["authorization"]
        return json_reply(
            400, {"code": "390142", "message": f"{said} and {said.split('.')[2]}\x1b[31m\u202e" + "x" * 5_000}
        )

    server.script.reply = echo
    with pytest.raises(Trouble) as caught:
        run(server, network)
    shown = f"{caught.value.words} {caught.value.message} {caught.value.facts}"
    for part in TOKEN.reveal().split("."):
        assert part not in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert len(caught.value.words) <= 2_000


def test_an_answer_is_read_once_and_everything_said_of_it_comes_from_there() -> None:
    class Body(bytes):
        """Bytes that count how often they are decoded, as reading JSON does."""

        read = 0

        def decode(self, *how: str) -> str:
            Body.read += 1
            return super().decode(*how)

    body = Body(json.dumps({"code": "390144", "message": "no", "statementHandle": HANDLE, "data": [["X"]]}).encode())
    said = SqlReply.read(Received(401, {}, body), TOKEN)
    shown = (said.status, said.code, said.message, said.handle, said.row, said.words)
    assert shown == (401, "390144", "no", HANDLE, ("X",), "HTTP 401 Unauthorized\n390144: no")
    assert Body.read == 1


@pytest.mark.parametrize("status", [200, 401, 500])
def test_a_success_that_comes_with_another_status_or_without_a_row_is_not_snowflakes(
    server, network: Network, status: int
) -> None:
    script(server, json_reply(status, {"code": "090001", "data": [["JANE"]] if status != 200 else []}))
    with pytest.raises(Trouble) as caught:
        run(server, network)
    assert caught.value.code == ""


@pytest.mark.parametrize("value", [7, 1.5, True, {"a": 1}, [[1]], "x" * 9_000])
def test_a_value_of_any_type_becomes_short_text(server, network: Network, value: object) -> None:
    script(server, json_reply(200, {"code": "090001", "data": [[value]]}))
    (text,) = run(server, network).row
    assert isinstance(text, str)
    assert len(text) <= 255


def test_a_page_is_shown_by_its_first_200_characters(server, network: Network) -> None:
    script(server, Reply(200, b"<html><script>alert(1)</script>" + b"y" * 10_000, {"Content-Type": "text/html"}))
    with pytest.raises(Trouble) as caught:
        run(server, network)
    assert len(caught.value.words) < 230
    assert caught.value.words.startswith("HTTP 200 OK\n<html>")
