"""The practice Snowflake is as strict as the real one: what it lets in, what it refuses, and what it says then."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from wizard.practice.practice import Practice
from wizard.practice.sql import first_session
from wizard.practice.state import MAX_REMEMBERED
from wizard.practice.users import ADMINISTRATOR, HOST
from wizard.practice.wire import Asked, Reply
from wizard.snowflake.key import PublicKey

NOW = 1_790_000_000
PATH = "/api/v2/statements"


class Caller:
    """Somebody who speaks to the SQL API without a socket."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self.practice = Practice(now=lambda: NOW)
        self.private = private
        self.key = PublicKey.of_private(private)
        self.admin = first_session(self.practice, ADMINISTRATOR)
        self.practice.run(f"ALTER USER jane SET RSA_PUBLIC_KEY='{self.key.base64}'", self.admin)

    def token(
        self, *, user: str = "JANE", account: str = "PRACTICE-SNOWFLAKE", alg: str = "RS256", **changed: object
    ) -> str:
        attempt = f"{account}.{user}"
        claims = {"iss": f"{attempt}.{self.key.fingerprint}", "sub": attempt, "iat": NOW, "exp": NOW + 60} | changed
        key: object = "secret of a kind that is long enough for it" if alg.startswith("HS") else self.private
        return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm=alg)  # type: ignore[arg-type]

    def post(
        self, token: str | None = None, headers: dict[str, str | None] | None = None, path: str = PATH, **body: object
    ) -> Reply:
        sent: dict[str, str | None] = {
            "host": HOST,
            "authorization": f"Bearer {token or self.token()}",
            "x-snowflake-authorization-token-type": "KEYPAIR_JWT",
            "accept": "application/json",
            "content-type": "application/json",
            "user-agent": "test/1.0",
        }
        sent |= headers or {}
        return self.practice.answer(
            Asked(
                "POST",
                path,
                {name: value for name, value in sent.items() if value is not None},
                json.dumps({"statement": "select current_user()"} | body).encode(),
            )
        )

    def log_in(self, **data: str) -> dict[str, Any]:
        """Log in as a client library does; return the answer."""
        asked = Asked(
            "POST",
            "/session/v1/login-request",
            {"host": "127.0.0.1:1", "content-type": "application/json"},
            json.dumps({"data": {"AUTHENTICATOR": "SNOWFLAKE_JWT"} | data}).encode(),
        )
        told: dict[str, Any] = json.loads(self.practice.answer_client(asked).body)
        return told

    def reason(self, reply: Reply) -> str:
        """What an administrator finds out about a refusal."""
        failure = json.loads(reply.body)["message"].partition("[")[2].rstrip("]")
        details = self.practice.details_of(failure)
        assert details is not None
        return str(json.loads(details)["errorCode"])


@pytest.fixture
def caller(rsa_2048: rsa.RSAPrivateKey) -> Caller:
    return Caller(rsa_2048)


def said(reply: Reply) -> tuple[int, str]:
    return reply.status, json.loads(reply.body)["code"]


def test_a_good_token_is_answered_as_the_documentation_says(caller: Caller) -> None:
    reply = caller.post()
    data = json.loads(reply.body)
    assert reply.status == 200
    assert data["code"] == "090001"
    assert data["data"] == [["JANE"]]
    assert data["resultSetMetaData"]["rowType"][0]["name"] == "CURRENT_USER()"
    assert data["statementStatusUrl"] == f"{PATH}/{data['statementHandle']}"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"user": "NOBODY"}, "JWT_TOKEN_INVALID_USER_IN_ISSUER"),
        ({"account": "OTHER-ACCOUNT"}, "JWT_TOKEN_ACCOUNT_MISMATCH"),
        ({"account": "PX00000"}, "JWT_TOKEN_ACCOUNT_MISMATCH"),
        ({"account": "practice-snowflake"}, "JWT_TOKEN_INVALID"),
        ({"sub": "PRACTICE-SNOWFLAKE.SVC_ETL"}, "JWT_TOKEN_INVALID"),
        ({"iss": "PRACTICE-SNOWFLAKE.JANE"}, "JWT_TOKEN_INVALID"),
        ({"iss": None}, "JWT_TOKEN_INVALID"),
        ({"iat": None}, "JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME"),
        ({"exp": None}, "JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME"),
        ({"iat": NOW + 90, "exp": NOW + 150}, "JWT_TOKEN_INVALID_ISSUE_TIME"),
        ({"iat": NOW - 3700, "exp": NOW + 60}, "JWT_TOKEN_INVALID_ISSUE_TIME"),
        ({"iat": NOW - 90, "exp": NOW - 30}, "JWT_TOKEN_INVALID_EXPIRATION_TIME"),
        ({"alg": "RS384"}, "JWT_TOKEN_INVALID_ALGORITHM"),
        ({"alg": "HS256"}, "JWT_TOKEN_INVALID_ALGORITHM"),
        (
            {"iss": "PRACTICE-SNOWFLAKE.JANE.SHA256:AAAA"},
            "JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH",
        ),
    ],
)
def test_a_wrong_token_is_refused_and_only_an_administrator_learns_why(
    caller: Caller, changed: dict[str, object], reason: str
) -> None:
    reply = caller.post(caller.token(**changed))  # type: ignore[arg-type]
    assert said(reply) == (401, "390144")
    assert json.loads(reply.body)["message"].startswith("JWT token is invalid. [")
    assert caller.reason(reply) == reason


def test_a_signature_of_another_key_is_refused(caller: Caller, other_rsa_2048: rsa.RSAPrivateKey) -> None:
    caller.private = other_rsa_2048  # the claims still name the registered key
    assert caller.reason(caller.post()) == "JWT_TOKEN_INVALID_SIGNATURE"


@pytest.mark.parametrize("token", ["x", "a.b.c", "." * 2, "e" * 9_000, "eyJhbGciOiJub25lIn0.e30."])
def test_no_token_at_all_is_refused(caller: Caller, token: str) -> None:
    assert said(caller.post(token)) == (401, "390144")


def test_a_token_of_some_minutes_is_good_for_the_sql_api_but_too_old_for_a_login(caller: Caller) -> None:
    token = caller.token(iat=NOW - 300, exp=NOW + 300)
    assert caller.post(token).status == 200

    refused = caller.log_in(LOGIN_NAME="jane", TOKEN=token)
    assert (refused["success"], refused["code"]) == (False, "390144")


def test_a_client_logs_in_with_the_name_or_leaves_it_to_the_token(caller: Caller) -> None:
    token = caller.token()
    assert caller.log_in(LOGIN_NAME="jane", TOKEN=token)["success"]
    assert caller.log_in(TOKEN=token)["success"]  # as the Go driver does
    assert caller.log_in(LOGIN_NAME="svc_etl", TOKEN=token)["code"] == "390144"


def test_milliseconds_are_read_as_the_node_driver_writes_them(caller: Caller) -> None:
    assert caller.post(caller.token(iat=NOW * 1000, exp=(NOW + 60) * 1000)).status == 200


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-snowflake-authorization-token-type": None}, (401, "390303")),
        ({"x-snowflake-authorization-token-type": "OAUTH"}, (401, "390303")),
        ({"accept": None}, (400, "391902")),
        ({"accept": "text/html"}, (400, "391902")),
        ({"content-type": "text/plain"}, (415, "391903")),
        ({"user-agent": None}, (400, "391901")),
        ({"user-agent": "curl"}, (400, "391901")),
        ({"authorization": None}, (401, "390101")),
    ],
)
def test_headers_that_are_not_right_are_refused(
    caller: Caller, headers: dict[str, str | None], expected: tuple[int, str]
) -> None:
    assert said(caller.post(headers=headers)) == expected


@pytest.mark.parametrize(
    ("send", "expected"),
    [
        (lambda caller: caller.post(statement=""), (400, "390142")),
        (lambda caller: caller.post(statement=7), (400, "390142")),
        (lambda caller: caller.post(role=["x"]), (400, "390142")),
        (lambda caller: caller.post(path=f"{PATH}?requestId=nonsense"), (400, "391905")),
        (lambda caller: caller.post(statement="select 1; select 2"), (422, "000008")),
        (lambda caller: caller.post(statement="select foo"), (422, "000904")),
        (lambda caller: caller.post(role="REPORTER"), (422, "390186")),
        (lambda caller: caller.post(role="NO_SUCH"), (422, "390189")),
        (lambda caller: caller.post(path="/api/v2/warehouses"), (404, "390404")),
        (lambda caller: caller.post(path=f"{PATH}/01aa"), None),
    ],
)
def test_requests_that_are_not_right_are_refused(
    caller: Caller, send: Callable[[Caller], Reply], expected: tuple[int, str] | None
) -> None:
    reply = send(caller)
    if expected is None:
        assert reply.status == 405
    else:
        assert said(reply) == expected


def test_a_warehouse_that_there_is_not_is_passed_over_without_a_word(caller: Caller) -> None:
    reply = caller.post(statement="select current_warehouse()", warehouse="NOWHERE")
    assert json.loads(reply.body)["data"] == [[None]]


def test_another_host_name_is_not_answered(caller: Caller) -> None:
    assert caller.post(headers={"host": "myorg-acct.snowflakecomputing.com"}).status == 404
    asked = Asked("POST", "/session/v1/login-request", {"host": "evil.example:80", "content-type": "application/json"})
    assert caller.practice.answer_client(asked).status == 404


def test_failures_are_remembered_but_not_for_ever(caller: Caller) -> None:
    first = json.loads(caller.post("x").body)["message"].partition("[")[2].rstrip("]")
    for _ in range(MAX_REMEMBERED):
        caller.post("x")
    assert caller.practice.details_of(first) is None


def test_nothing_of_the_token_is_kept(caller: Caller) -> None:
    token = caller.token(user="NOBODY")
    caller.post(token)
    assert token.split(".")[1] not in repr(vars(caller.practice))
