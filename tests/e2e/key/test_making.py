"""Key pairs, tokens and passphrases made in a page, and read by others."""

from __future__ import annotations

import base64
import gzip
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from playwright.sync_api import Page

from tests.e2e.key.stand import text_of
from tests.key_files import PASSPHRASE, Files, new_key_file, openssl
from wizard.secret import Secret
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey, open_private_key
from wizard.snowflake.login import Login
from wizard.snowflake.token import check_token, sign_token

# --- files made in the page -------------------------------------------------------------------------------------------

MAKE = """async ([bits, passphrase]) => {
  const { signer, publicKey, file } = await key.make.makeKey(bits, passphrase);
  return { extractable: signer.extractable, usages: signer.usages, fingerprint: publicKey.fingerprint,
           base64: publicKey.base64, bits: publicKey.bits, public: key.text(publicKey.file), file: key.text(file) };
}"""


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
@pytest.mark.parametrize("passphrase", ["", 'p "quoted" \\ $HOME 12'], ids=["plain", "sealed"])
def test_a_file_made_in_the_page_opens_in_openssl_and_cryptography(
    bench: Page, bits: int, passphrase: str, tmp_path: Path
) -> None:
    made = bench.evaluate(MAKE, [bits, passphrase])
    data = base64.b64decode(made["file"])
    path = tmp_path / "rsa_key.p8"
    path.write_bytes(data)
    assert made["extractable"] is False
    assert made["usages"] == ["sign"]
    assert made["bits"] == bits

    opened = open_private_key(data, Secret(passphrase))
    assert (opened.form, opened.notes) == ("pkcs8-pbes2" if passphrase else "pkcs8", ())
    assert opened.public.fingerprint == made["fingerprint"]
    assert opened.public.base64 == made["base64"]
    loaded = load_pem_private_key(data, passphrase.encode() or None)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    assert loaded.public_key().public_numbers().e == 65537
    public = openssl("pkey", "-in", str(path), "-passin", f"pass:{passphrase}", "-pubout")
    assert public == base64.b64decode(made["public"]) == opened.public.pem.encode()
    assert max(map(len, data.splitlines()[1:-1])) == 64


def test_a_sealed_file_has_the_shape_that_every_client_opens(bench: Page, tmp_path: Path) -> None:
    made = bench.evaluate(MAKE, [2048, PASSPHRASE])
    data = base64.b64decode(made["file"])
    assert data.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    shape = openssl("asn1parse", given=data).decode()
    for part in ("PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc", f"INTEGER           :{600_000:06X}"):
        assert part in shape
    server_made, _ = new_key_file(2048, Secret(PASSPHRASE))
    outline = [re.sub(r"(?<=:)[0-9A-F]{32,}|l= *\d+", "", line)[6:] for line in shape.splitlines()]
    theirs = openssl("asn1parse", given=server_made).decode().splitlines()
    strip_values = [re.sub(r"(?<=:)[0-9A-F]{32,}|l= *\d+", "", line)[6:] for line in theirs]
    assert [re.sub(r"\[HEX DUMP\].*| +\d+:d=", "", line) for line in outline] == [
        re.sub(r"\[HEX DUMP\].*| +\d+:d=", "", line) for line in strip_values
    ]


class _Refusing(BaseHTTPRequestHandler):
    """A Snowflake that takes a login, keeps what was sent, and says no."""

    taken: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append(json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body))
        answer = b'{"success": false, "code": "390144", "message": "JWT token is invalid.", "data": null}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # the name that the base class gives it
        pass


# Version 4 of the connector knows the passphrase by its older name only; 5 takes that too, and warns.
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_the_python_connector_reads_a_sealed_file_made_in_the_page_and_signs_with_it(
    bench: Page, tmp_path: Path
) -> None:
    connector = pytest.importorskip("snowflake.connector")
    path = tmp_path / "rsa_key.p8"
    path.write_bytes(base64.b64decode(bench.evaluate(MAKE, [2048, PASSPHRASE])["file"]))
    listener = ThreadingHTTPServer(("127.0.0.1", 0), _Refusing)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    with pytest.raises(connector.errors.DatabaseError, match="390144"):
        connector.connect(
            account="myorg-my_acct",
            user="jane",
            authenticator="SNOWFLAKE_JWT",
            private_key_file=str(path),
            private_key_file_pwd=PASSPHRASE,
            host="127.0.0.1",
            port=listener.server_port,
            protocol="http",
            login_timeout=5,
        )
    listener.shutdown()
    listener.server_close()
    opened = open_private_key(path.read_bytes(), Secret(PASSPHRASE))
    claims = jwt.decode(_Refusing.taken[-1]["data"]["TOKEN"], opened.private.public_key(), algorithms=["RS256"])
    assert claims["iss"] == f"MYORG-MY_ACCT.JANE.{opened.public.fingerprint}"


# --- the token --------------------------------------------------------------------------------------------------------


def test_the_token_is_the_servers_claim_by_claim(bench: Page, files: Files) -> None:
    login = Login(read_account("myorg-my_acct"), "jane", PublicKey.of_private(files.key))
    now = int(time.time())
    token = bench.evaluate(
        """async ([file, subject, now]) => {
          const { signer, publicKey } = await key.open.openKey(key.bytes(file), "");
          key.held.hold(signer, { publicKey, saved: true });
          const login = { subject, fingerprint: publicKey.fingerprint };
          const token = await key.token.signToken(key.held.signWithHeld, login, now + 0.9);
          key.held.forget();
          return token;
        }""",
        [text_of(files.plain.encode()), login.subject, now],
    )
    check_token(Secret(token), login, now)
    # RS256 signs the same bytes the same way every time, so equal claims in equal order make equal tokens.
    assert token == sign_token(login, files.key, now).reveal()


def test_a_held_key_can_not_be_got_at_and_only_a_key_that_can_not_be_exported_is_held(
    bench: Page, files: Files
) -> None:
    refused = bench.evaluate(
        """async () => {
          const pair = await crypto.subtle.generateKey(
            { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048,
              publicExponent: new Uint8Array([1, 0, 1]) },
            true, ["sign", "verify"]);
          try { key.held.hold(pair.privateKey, { publicKey: {}, saved: true }); }
          catch (error) { return error.name; }
        }"""
    )
    assert refused == "TypeError"
    reachable = bench.evaluate(
        """async (file) => {
          const { signer, publicKey } = await key.open.openKey(key.bytes(file), "");
          key.held.hold(signer, { publicKey, saved: true });
          const exported = Object.values(key.held).concat(Object.values(key.held.heldKey()));
          const failed = await crypto.subtle.exportKey("pkcs8", signer).then(() => "exported", (error) => error.name);
          key.held.forget();
          return [exported.some((value) => value instanceof CryptoKey), failed, key.held.heldKey()];
        }""",
        text_of(files.plain.encode()),
    )
    assert reachable == [False, "InvalidAccessError", None]


def test_made_passphrases_are_printable_and_fresh_and_long(bench: Page) -> None:
    made = bench.evaluate("Array.from({ length: 50 }, () => key.passphrase.makePassphrase())")
    assert len(set(made)) == 50
    assert all(re.fullmatch(r"[a-hjkmnp-z2-9]{5}(-[a-hjkmnp-z2-9]{5}){4}", one) for one in made)
    assert bench.evaluate("key.passphrase.unusable('correct horse b') === ''")
    assert bench.evaluate("['short', 'ä'.repeat(12), ' correct horse'].map(key.passphrase.unusable)") == [
        "new-passphrase-short",
        "new-passphrase-not-ascii",
        "new-passphrase-edge",
    ]
