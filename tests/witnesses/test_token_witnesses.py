"""Two clients are asked for the token that they build, and ours must say the same, claim by claim.

The connector's core builds its token out of Python's sight, so it is pointed at a tiny server here, which writes down
what the connector would have sent to Snowflake and refuses the login.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.key_files import new_key_file
from wizard.secret import Secret
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.login import Login
from wizard.snowflake.token import sign_token

NOW = 1_795_000_000
LOGINS = [
    ("myorg-my_acct", "JANE"),
    ("MyOrg-My_Acct", "jane"),
    ("myorg-my_acct.privatelink", "svc_etl"),
    ("xy12345.us-east-2.aws", "SVC_ETL"),
    ("xy12345.eu-central-1", "Jane"),
    ("xy12345.eu-central-1.privatelink", "jane"),
    ("xy12345.fhplus.us-gov-west-1.aws", "jane"),
    ("xy12345.west-europe.azure", "Jane.Doe@Example.com"),
    ("myorg-acct", "jane.doe+etl@example.com"),
    ("myorg-acct", "o'hara-2 b"),
]


def our_token(account: str, name: str, key: rsa.RSAPrivateKey) -> str:
    return sign_token(Login(read_account(account), name, PublicKey.of_private(key)), key, NOW).reveal()


def agree(ours: str, theirs: str) -> None:
    """Header and claims are the same, but for the times: each client has a lifetime of its own."""
    assert jwt.get_unverified_header(ours) == jwt.get_unverified_header(theirs)
    mine, other = (jwt.decode(token, options={"verify_signature": False}) for token in (ours, theirs))
    assert set(mine) == set(other) == {"iss", "sub", "iat", "exp"}
    assert (mine["iss"], mine["sub"]) == (other["iss"], other["sub"])
    for claims in (mine, other):
        assert isinstance(claims["iat"], int)
        assert 60 <= claims["exp"] - claims["iat"] <= 3600


class _LoginDesk(BaseHTTPRequestHandler):
    """Writes down the body of a login and refuses it, as Snowflake refuses a token."""

    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if "/session/v1/login-request" in self.path:
            self.server.logins.append(json.loads(body)["data"])
        answer = {"data": {}, "code": "390144", "message": "JWT token is invalid. [0]", "success": False}
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the base class's
        """Keep the test's output clean."""


class _Server(HTTPServer):
    logins: list[dict[str, Any]]


@pytest.fixture
def desk() -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _LoginDesk)
    server.logins = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(("account", "name"), LOGINS)
def test_the_python_connector_builds_the_same_token(
    rsa_2048: rsa.RSAPrivateKey, desk: _Server, account: str, name: str
) -> None:
    connector = pytest.importorskip("snowflake.connector")
    with pytest.raises(connector.errors.Error, match="390144"):
        connector.connect(
            account=account,
            user=name,
            private_key=rsa_2048.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
            authenticator="SNOWFLAKE_JWT",
            host="127.0.0.1",
            port=desk.server_port,
            protocol="http",
            login_timeout=10,
        )
    [login] = desk.logins
    assert login["LOGIN_NAME"] == name
    assert login["AUTHENTICATOR"] == "SNOWFLAKE_JWT"
    agree(our_token(account, name, rsa_2048), login["TOKEN"])


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_python_connector_opens_the_encrypted_file_that_is_made_here(desk: _Server, tmp_path: Path) -> None:
    connector = pytest.importorskip("snowflake.connector")
    content, public = new_key_file(2048, Secret("four unrelated words"))
    file = tmp_path / "rsa_key.p8"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(connector.errors.Error, match="390144"):
        connector.connect(
            account="myorg-acct",
            user="jane",
            private_key_file=str(file),
            private_key_file_pwd="four unrelated words",
            authenticator="SNOWFLAKE_JWT",
            host="127.0.0.1",
            port=desk.server_port,
            protocol="http",
            login_timeout=10,
        )
    [login] = desk.logins
    claims = jwt.decode(login["TOKEN"], public.verifier, algorithms=["RS256"])
    assert claims["iss"] == Login(read_account("myorg-acct"), "jane", public).issuer


@pytest.mark.parametrize(("account", "name"), LOGINS)
def test_snowflake_sql_api_builds_the_same_token(rsa_2048: rsa.RSAPrivateKey, account: str, name: str) -> None:
    auth = pytest.importorskip("snowflake_sql_api.auth")
    pem = rsa_2048.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    theirs = auth.KeypairAuthenticator(account=account, user=name, private_key=pem).token(now=NOW)
    agree(our_token(account, name, rsa_2048), theirs)


@pytest.mark.parametrize(("account", "name"), LOGINS)
def test_both_ask_the_same_host(account: str, name: str) -> None:
    auth = pytest.importorskip("snowflake_sql_api.auth")
    if "privatelink" in account:
        pytest.skip("a PrivateLink host keeps its underscores here: its owner may have published that name alone")
    assert read_account(account).host == auth.account_hostname(account)
