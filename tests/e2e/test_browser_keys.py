"""Keys made, opened, kept and used in a page, in a real browser under the real policy, and never sent.

A small Flask application stands in for the wizard: it serves the real scripts and the real partials of the key and the
test step, under the wizard's own headers, and records every body that it is sent.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import secrets
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import jwt
import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from flask import Blueprint, Flask, Response, g, redirect, render_template_string, request, send_from_directory
from playwright.sync_api import Browser, BrowserContext, Download, Page, Route, expect
from werkzeug.serving import make_server

from tests.key_damages import DAMAGES, PASSPHRASE, Files, same_key
from wizard.secret import Secret
from wizard.snowflake.account import read_account
from wizard.snowflake.key import KEY_NOTES, KEY_WORDS, KeyProblem, PublicKey, make_private_key, open_private_key
from wizard.snowflake.key.container import (
    AES_256_CBC,
    HMAC_SHA256,
    NULL,
    OCTETS,
    OID,
    PBES2,
    PBKDF2,
    SEQUENCE,
    der,
    der_integer,
)
from wizard.snowflake.login import Login
from wizard.snowflake.token import check_token, sign_token
from wizard.web.security import HEADERS, POLICY

ROOT = Path(__file__).parents[2]

DOCUMENT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ slug }}</title>
<meta name="htmx-config" content='{"extensions":"hx-csp"}'>
<link rel="icon" href="/static/img/favicon.svg">
{% for script in ("vendor/htmx.min.js", "vendor/hx-csp.min.js") %}
<script src="/static/{{ script }}" nonce="{{ nonce() }}" defer></script>
{% endfor %}
{% for script in ("/static/js/app.js", "/drive.js") %}
<script src="{{ script }}" nonce="{{ nonce() }}" type="module"></script>
{% endfor %}
</head><body>
{% from "components/held_key.html" import held_key %}{{ held_key() }}
<div id="page"><main id="main" tabindex="-1" data-step="{{ slug }}"><h1>{{ slug }}</h1>
<p><a href="/steps/register">Leave</a></p>
<form method="post" action="/start-over"><button>Start over</button></form>
{% if slug in ("key", "test") %}{% include slug ~ "/browser.html" %}{% endif %}
</main></div>
<p id="notice" hidden></p><p id="announcer"></p><template id="key-scripts"></template>
</body></html>"""

MODULES = (
    "base64",
    "der",
    "des",
    "fingerprint",
    "held",
    "make",
    "open",
    "passphrase",
    "pbes",
    "pem",
    "problem",
    "token",
)
# Modules under test are reached through the page: a policy with a nonce lets no evaluated code import anything.
DRIVE = (
    "".join(f'import * as {name} from "/static/js/key/{name}.js";\n' for name in MODULES)
    + f"""
const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const text = (some) => btoa(Array.from(some, (byte) => String.fromCharCode(byte)).join(""));
globalThis.key = {{ {", ".join(MODULES)}, bytes, text }};
"""
)


class Stand:
    """What the application that stands in for the wizard was told, and where it is."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[tuple[str, dict[str, list[str]]]] = []
        self.journey_key: PublicKey | None = None
        self.clock_ahead = 0.0

    def posted(self, path: str) -> dict[str, list[str]]:
        found = [body for where, body in self.bodies if where == path]
        assert found, f"nothing was posted to {path}"
        return found[-1]

    @property
    def login(self) -> Login:
        assert self.journey_key
        return Login(read_account("myorg-my_acct"), "jane", self.journey_key)


def _application(stand: Stand) -> Flask:
    app = Flask("stand", template_folder=str(ROOT / "templates"), static_folder=None)
    steps = Blueprint("steps", "steps")

    def nonce() -> str:
        if "nonce" not in g:
            g.nonce = secrets.token_urlsafe(12)
        return str(g.nonce)

    app.jinja_env.globals.update(asset=lambda name: f"/static/{name}", nonce=nonce, csrf_token=lambda: "a-csrf-token")

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce())
        response.headers["Cache-Control"] = "no-store"
        return response

    @steps.get("/steps/<slug>", endpoint="step")
    def step(slug: str) -> str:
        login = stand.login if stand.journey_key else None
        return render_template_string(
            DOCUMENT,
            slug=slug,
            journey={"key": stand.journey_key},
            login=login,
            server_time=time.time() + stand.clock_ahead,
        )

    @steps.post("/steps/<slug>", endpoint="answer")
    def answer(slug: str) -> Any:
        stand.bodies.append((request.path, request.form.to_dict(flat=False)))
        if slug == "key":
            stand.journey_key = PublicKey.from_base64(request.form["public_key"])
            return redirect("/steps/test", 303)
        return redirect("/steps/handover", 303)

    test = Blueprint("test", __name__)

    @test.post("/steps/test/clock")
    def clock() -> dict[str, Any]:
        return {"server_time": time.time() + stand.clock_ahead, "snowflake_ahead": 0, "measured": "a-signed-word"}

    steps.register_blueprint(test)

    @app.get("/static/<path:name>")
    def static_file(name: str) -> Response:
        return send_from_directory(ROOT / "static", name)

    @app.get("/keys/words.json")
    def words() -> dict[str, Any]:
        return {"problems": KEY_WORDS, "notes": KEY_NOTES}

    @app.get("/drive.js")
    def drive() -> Response:
        return Response(DRIVE, content_type="text/javascript")

    @app.post("/start-over")
    def start_over() -> Any:
        return redirect("/steps/key", 303)

    app.register_blueprint(steps)
    return app


@contextmanager
def standing() -> Iterator[Stand]:
    stand = Stand()
    server = make_server("127.0.0.1", 0, _application(stand), threaded=True)
    stand.url = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield stand
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def stand() -> Iterator[Stand]:
    with standing() as stand:
        yield stand


@pytest.fixture(scope="module")
def bench(browser: Browser) -> Iterator[Page]:
    """One page for all tests that only call the modules, loaded once."""
    with standing() as stand:
        page = browser.new_page(base_url=stand.url)
        page.goto("/steps/key")
        page.wait_for_load_state("load")
        yield page
        page.close()


@pytest.fixture
def context(browser: Browser, stand: Stand) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=stand.url, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def wrong(context: BrowserContext) -> list[str]:
    """What the pages of the context complained about."""
    seen: list[str] = []
    context.on("console", lambda message: seen.append(message.text) if message.type in ("error", "warning") else None)
    context.on("weberror", lambda error: seen.append(str(error.error)))
    return seen


@pytest.fixture
def page(context: BrowserContext, wrong: list[str]) -> Iterator[Page]:
    page = context.new_page()
    page.goto("/steps/key")
    page.wait_for_load_state("load")
    yield page
    assert not wrong


@pytest.fixture(scope="session")
def files(rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey) -> Files:
    return Files(rsa_2048, other_rsa_2048)


def openssl(*arguments: str, text: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], input=text, capture_output=True, check=True).stdout


def text_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


OPEN = """async ([file, passphrase, table]) => {
  try {
    const { publicKey, container, notes } = await key.open.openKey(key.bytes(file), passphrase);
    return { fingerprint: publicKey.fingerprint, base64: publicKey.base64, bits: publicKey.bits, container, notes };
  } catch (problem) {
    if (!(problem instanceof key.problem.KeyProblem)) throw problem;
    return key.problem.inWords(problem, table);
  }
}"""


def open_in(page: Page, data: bytes, passphrase: str = "") -> dict[str, Any]:
    """What the page says to a key file: its fingerprint, container and notes, or code, message and fix."""
    found: dict[str, Any] = page.evaluate(OPEN, [text_of(data), passphrase, KEY_WORDS])
    return found


# --- the same reading as the server's -----------------------------------------------------------------------------


def test_the_page_reads_every_damaged_file_as_the_server_does(bench: Page, files: Files) -> None:
    differing = []
    for damage in DAMAGES:
        data = damage.file(files)
        found = open_in(bench, data, damage.passphrase)
        if damage.problem:
            with pytest.raises(KeyProblem) as caught:
                open_private_key(data, Secret(damage.passphrase))
            here: tuple[Any, ...] = (found.get("code"), found.get("message"), found.get("fix"), found.get("command"))
            there: tuple[Any, ...] = (caught.value.code, caught.value.message, caught.value.fix, caught.value.command)
        else:
            here = (found.get("notes"), found.get("fingerprint"), found.get("code"))
            there = (list(damage.notes), PublicKey.of_private(files.key).fingerprint, None)
        if here != there:
            differing.append(f"{damage.name}: the page {here}, the server {there}")
    assert not differing, "\n".join(differing)


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
    assert (opened.container, opened.notes) == ("pkcs8-pbes2" if passphrase else "pkcs8", ())
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
    shape = openssl("asn1parse", text=data).decode()
    for part in ("PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc", f"INTEGER           :{600_000:06X}"):
        assert part in shape
    server_made, _ = make_private_key(2048, Secret(PASSPHRASE))
    outline = [re.sub(r"(?<=:)[0-9A-F]{32,}|l= *\d+", "", line)[6:] for line in shape.splitlines()]
    theirs = openssl("asn1parse", text=server_made).decode().splitlines()
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


# --- files made elsewhere -------------------------------------------------------------------------------------------

OPENED = {
    "pbes2-sha1-aes128": (["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"], "pkcs8-pbes2", []),
    "pbes2-sha256-aes128": (["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA256"], "pkcs8-pbes2", []),
    "pbes2-sha256-aes256": (["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256"], "pkcs8-pbes2", []),
    "pbes2-sha384-aes256": (["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA384"], "pkcs8-pbes2", []),
    "pbes2-sha512-aes256": (["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"], "pkcs8-pbes2", []),
    "pbes2-a-million-rounds": (["-v2", "aes-256-cbc", "-iter", "1000000"], "pkcs8-pbes2", []),
    "pbes2-3des": (["-v2", "des3"], "pkcs8-pbes2", ["triple-des"]),
    "pbes2-3des-sha1": (["-v2", "des3", "-v2prf", "hmacWithSHA1"], "pkcs8-pbes2", ["triple-des"]),
    "pbes1-3des": (["-v1", "PBE-SHA1-3DES"], "pkcs8-pbes1", ["pbes1"]),
}


@pytest.mark.parametrize("kind", OPENED)
@pytest.mark.parametrize("passphrase", [PASSPHRASE, "pässwörd €"], ids=["ascii", "beyond-ascii"])
def test_a_file_sealed_by_openssl_opens(bench: Page, files: Files, kind: str, passphrase: str) -> None:
    options, container, notes = OPENED[kind]
    data = openssl("pkcs8", "-topk8", *options, "-passout", f"pass:{passphrase}", text=files.plain.encode())
    found = open_in(bench, data, passphrase)
    assert found.get("container") == container, found
    assert found["notes"] == notes
    assert found["fingerprint"] == PublicKey.of_private(files.key).fingerprint
    assert open_in(bench, data, passphrase + "?")["code"] == "passphrase-wrong"
    assert open_in(bench, data)["code"] == "passphrase-missing"


NAMED = {
    "aes192": (["-v2", "aes-192-cbc"], "cipher-not-in-browser", "AES-192-CBC"),
    "scrypt": (["-scrypt"], "cipher-scrypt", "scrypt"),
    "hmac-sha224": (["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA224"], "cipher-not-opened", "HMAC-SHA-224"),
    "pbe-md5-des": (
        ["-v1", "PBE-MD5-DES", "-provider", "legacy", "-provider", "default"],
        "cipher-not-opened",
        "PBE-MD5-DES",
    ),
    "pbe-sha1-rc2": (
        ["-v1", "PBE-SHA1-RC2-40", "-provider", "legacy", "-provider", "default"],
        "cipher-not-opened",
        "RC2-40",
    ),
}


@pytest.mark.parametrize("kind", NAMED)
def test_a_file_that_is_not_opened_here_is_named_with_the_line_that_converts_it(
    bench: Page, files: Files, kind: str
) -> None:
    options, code, name = NAMED[kind]
    data = openssl("pkcs8", "-topk8", *options, "-passout", f"pass:{PASSPHRASE}", text=files.plain.encode())
    if code == "cipher-not-in-browser" and bench.evaluate("key.pbes.hasAes(24)"):
        assert open_in(bench, data, PASSPHRASE)["container"] == "pkcs8-pbes2"
        return
    found = open_in(bench, data, PASSPHRASE)
    assert found["code"] == code
    assert name in found["message"]
    assert found["command"] == "openssl pkcs8 -topk8 -v2 aes-256-cbc -in old_key.pem -out rsa_key.p8"


def test_more_rounds_than_ten_million_are_refused_before_any_is_done(bench: Page) -> None:
    def sealed(rounds: int) -> bytes:
        prf = der(SEQUENCE, der(OID, HMAC_SHA256), der(NULL))
        derivation = der(SEQUENCE, der(OID, PBKDF2), der(SEQUENCE, der(OCTETS, bytes(16)), der_integer(rounds), prf))
        scheme = der(SEQUENCE, derivation, der(SEQUENCE, der(OID, AES_256_CBC), der(OCTETS, bytes(16))))
        return der(SEQUENCE, der(SEQUENCE, der(OID, PBES2), scheme), der(OCTETS, bytes(1024)))

    for rounds, said in ((10_000_001, "10,000,001"), (2**31 - 1, "2,147,483,647"), (2**200, "an absurd number of")):
        begun = time.monotonic()
        found = open_in(bench, sealed(rounds), PASSPHRASE)
        assert found["code"] == "too-many-rounds"
        assert f"asks for {said} rounds" in found["message"]
        assert time.monotonic() - begun < 2


def test_an_old_encrypted_pem_file_is_named(bench: Page, files: Files) -> None:
    data = openssl("rsa", "-traditional", "-aes128", "-passout", f"pass:{PASSPHRASE}", text=files.plain.encode())
    assert b"Proc-Type" in data
    assert open_in(bench, data, PASSPHRASE)["code"] == "cipher-not-opened"


def test_more_text_than_any_key_is_refused_before_it_is_read(bench: Page, files: Files) -> None:
    assert open_in(bench, files.plain.encode() + b" " * 64 * 1024)["code"] == "key-too-large"


def test_an_rsa_pss_key_is_named(bench: Page) -> None:
    data = openssl("genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048")
    found = open_in(bench, data)
    assert (found["code"], "RSA-PSS" in found["message"]) == ("private-not-rsa", True)


def test_a_wrong_passphrase_whose_padding_is_right_by_luck_is_still_wrong(bench: Page, files: Files) -> None:
    """One wrong passphrase in 256 leaves padding in order; here enough are tried to meet some."""
    options = ["-v2", "aes-256-cbc", "-iter", "1"]
    data = openssl("pkcs8", "-topk8", *options, "-passout", f"pass:{PASSPHRASE}", text=files.plain.encode())
    lucky, wrongly_opened = bench.evaluate(
        """async (file) => {
          let lucky = 0, opened = 0;
          const block = key.pem.readBlocks(key.bytes(file))[0];
          const sealed = key.pbes.readSealed(block.der);
          for (let attempt = 0; attempt < 1500; attempt += 1) {
            if (!(await sealed.open(`wrong ${attempt}`))) continue;
            lucky += 1;
            try { await key.open.openKey(key.bytes(file), `wrong ${attempt}`); opened += 1; }
            catch (problem) { if (problem.code !== "passphrase-wrong") throw problem; }
          }
          return [lucky, opened];
        }""",
        text_of(data),
    )
    assert lucky > 0
    assert wrongly_opened == 0


def test_triple_des_agrees_with_openssl_on_random_keys_and_lengths(bench: Page) -> None:
    cases = []
    for length in [*range(40), 1217, 2374]:
        secret, vector, clear = secrets.token_bytes(24), secrets.token_bytes(8), secrets.token_bytes(length)
        padder = PKCS7(64).padder()
        encryptor = Cipher(TripleDES(secret), CBC(vector)).encryptor()
        sealed = encryptor.update(padder.update(clear) + padder.finalize()) + encryptor.finalize()
        cases.append([text_of(part) for part in (secret, vector, sealed, clear)])
    opened = bench.evaluate(
        "(cases) => cases.map((parts) => key.text(key.des.openTripleDes(...parts.slice(0, 3).map(key.bytes)) ?? []))",
        cases,
    )
    assert opened == [case[3] for case in cases]


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


# --- the pages ------------------------------------------------------------------------------------------------------


def save(page: Page, button: str) -> Download:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    return waiting.value


def make_in(page: Page, passphrase: str = "") -> None:
    if passphrase:
        page.get_by_label("Passphrase for the file").fill(passphrase)
    else:
        page.get_by_label("Save it without a passphrase").check()
    page.get_by_role("button", name="Make my key pair").click()
    expect(page.get_by_role("button", name="Save rsa_key.p8", exact=True)).to_be_focused()


STORAGE = """async () => {
  const databases = (await indexedDB.databases()).map((one) => one.name);
  return JSON.stringify({
    local: { ...localStorage }, session: { ...sessionStorage }, caches: await caches.keys(), databases,
    cookie: document.cookie, name: window.name, history: history.state,
  });
}"""


def private_traces(data: bytes, passphrase: str) -> list[str]:
    """Every form in which a private number or the file itself could be written."""
    key = load_pem_private_key(data, passphrase.encode() or None)
    assert isinstance(key, rsa.RSAPrivateKey)
    numbers = key.private_numbers()
    traces = [passphrase] if passphrase else []
    traces += [line.decode() for line in data.splitlines()[1:-1]]
    for number in (numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp):
        whole = number.to_bytes((number.bit_length() + 7) // 8, "big")
        traces += [str(number), whole.hex(), whole.hex().upper()]
        for start in range(3):  # base64 of a longer run shows the number from any of three places
            traces.append(base64.b64encode(whole[start:]).decode().rstrip("=")[:-2])
            traces.append(base64.urlsafe_b64encode(whole[start:]).decode().rstrip("=")[:-2])
    return traces


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=["plain", "sealed"])
def test_a_key_is_made_saved_checked_and_tested_and_no_part_of_it_leaves_the_page(
    page: Page, context: BrowserContext, stand: Stand, passphrase: str, tmp_path: Path
) -> None:
    sent: list[str] = []
    context.on(
        "request",
        lambda request: sent.append(f"{request.url}\n{json.dumps(request.headers)}\n{request.post_data or ''}"),
    )
    make_in(page, passphrase)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Save rsa_key.p8 before you go on.")
    assert not stand.bodies

    download = save(page, "Save rsa_key.p8")
    assert download.suggested_filename == "rsa_key.p8"
    path = tmp_path / "rsa_key.p8"
    download.save_as(path)
    public = save(page, "Save rsa_key.pub")
    assert public.suggested_filename == "rsa_key.pub"
    fingerprint = page.locator("[data-copy=fingerprint]").inner_text()
    opened = open_private_key(path.read_bytes(), Secret(passphrase))
    assert fingerprint == opened.public.fingerprint
    assert Path(public.path()).read_text() == opened.public.pem

    page.get_by_text("Check the saved file").first.click()
    page.get_by_label("The file that you saved").set_input_files(path)
    if passphrase:
        page.get_by_label("Its passphrase (if it has one)").fill(passphrase)
    page.get_by_role("button", name="Check the saved file").click()
    expect(page.get_by_text("This file opens, and it holds this key.")).to_be_visible()

    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main[data-step=test]")).to_be_visible()
    assert stand.posted("/steps/key") == {
        "csrf_token": ["a-csrf-token"],
        "source": ["browser"],
        "public_key": [opened.public.base64],
    }
    expect(page.get_by_text("This page still holds your private key.")).to_be_visible()
    page.get_by_role("button", name="Test the connection").click()
    expect(page.locator("main[data-step=handover]")).to_be_visible()
    posted = stand.posted("/steps/test")
    assert sorted(posted) == ["browser_clock", "csrf_token", "measured", "token"]
    check_token(Secret(posted["token"][0]), stand.login, int(time.time()))

    everything = "\n".join(sent) + page.evaluate(STORAGE) + page.content()
    assert "PRIVATE KEY" not in everything
    for trace in private_traces(path.read_bytes(), passphrase):
        assert trace not in everything
    stored = json.loads(page.evaluate(STORAGE))
    assert not any((stored["local"], stored["session"], stored["caches"], stored["databases"]))


def test_no_control_that_takes_a_secret_has_a_name(page: Page, stand: Stand, files: Files) -> None:
    stand.journey_key = PublicKey.of_private(files.key)
    for slug in ("key", "test"):
        page.goto(f"/steps/{slug}")
        names = page.eval_on_selector_all(
            "[data-way=browser] input, [data-way=browser] select, [data-way=browser] textarea",
            "(controls) => controls.map((control) => control.name).filter(Boolean)",
        )
        assert set(names) <= {"csrf_token", "source"}


def test_the_step_is_not_left_with_a_key_that_is_not_saved(page: Page) -> None:
    make_in(page)
    page.get_by_role("link", name="Leave").click()
    expect(page.get_by_role("alert")).to_contain_text("Save rsa_key.p8 before you go on.")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("alert")).to_contain_text("Save rsa_key.p8 before you go on.")
    page.get_by_role("button", name="Use another key").click()
    page.get_by_role("link", name="Leave").click()
    expect(page.locator("main[data-step=register]")).to_be_visible()


def test_continuing_without_a_key_says_what_to_do(page: Page, stand: Stand) -> None:
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no key yet.")
    page.get_by_role("button", name="Make my key pair").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no passphrase yet.")
    page.get_by_label("Passphrase for the file").fill("short")
    page.get_by_role("button", name="Make my key pair").click()
    expect(page.get_by_role("alert")).to_contain_text("This passphrase has 5 characters.")
    assert not stand.bodies


def test_a_passphrase_made_by_the_page_is_shown_once_and_opens_the_file(page: Page) -> None:
    page.get_by_role("button", name="Make one for me").click()
    shown = page.locator("[data-copy=made-passphrase]").inner_text()
    page.get_by_role("button", name="Make my key pair").click()
    data = Path(save(page, "Save rsa_key.p8").path()).read_bytes()
    assert open_private_key(data, Secret(shown)).container == "pkcs8-pbes2"
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main[data-step=test]")).to_be_visible()
    page.go_back()
    expect(page.locator("main[data-step=key]")).to_be_visible()
    assert shown not in page.content()
    expect(page.get_by_label("Passphrase for the file")).to_have_value("")


def test_a_key_that_the_person_has_is_opened_here_and_can_be_saved_in_todays_form(
    page: Page, stand: Stand, files: Files
) -> None:
    old = openssl(
        "pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", "-passout", f"pass:{PASSPHRASE}", text=files.plain.encode()
    )
    page.get_by_role("button", name="I have a key: open it here").click()
    page.get_by_label("Your private key file").set_input_files({"name": "old.pem", "mimeType": "", "buffer": old})
    expect(page.get_by_label("Its passphrase", exact=True)).to_be_focused()
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(KEY_WORDS["passphrase-wrong"]["message"])
    page.get_by_label("Its passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Open it here", exact=True).click()
    expect(page.get_by_text(KEY_NOTES["pbes1"])).to_be_visible()
    written = Path(save(page, "Save it in today’s form").path()).read_bytes()
    assert same_key(written, files.key, PASSPHRASE)
    assert open_private_key(written, Secret(PASSPHRASE)).notes == ()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main[data-step=test]")).to_be_visible()
    assert stand.posted("/steps/key")["public_key"] == [PublicKey.of_private(files.key).base64]


def test_a_key_file_is_dropped_onto_the_page(page: Page, files: Files) -> None:
    page.get_by_role("button", name="I have a key: open it here").click()
    transfer = page.evaluate_handle(
        """(text) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "rsa_key.p8"));
          return transfer;
        }""",
        files.plain,
    )
    page.locator("[data-part=open] [data-drop]").dispatch_event("drop", {"dataTransfer": transfer})
    expect(page.locator("[data-copy=fingerprint]")).to_have_text(PublicKey.of_private(files.key).fingerprint)


def test_a_damaged_file_is_explained_in_the_words_of_the_table(page: Page, files: Files) -> None:
    page.get_by_role("button", name="I have a key: open it here").click()
    ssh = next(damage for damage in DAMAGES if damage.problem == "key-openssh").file(files)
    page.get_by_label("Your private key file").set_input_files({"name": "id_rsa", "mimeType": "", "buffer": ssh})
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(KEY_WORDS["key-openssh"]["message"])
    expect(alert).to_contain_text(KEY_WORDS["key-openssh"]["command"])
    expect(page.locator("[data-cause=key-openssh]")).to_be_visible()


def test_the_held_key_can_be_forgotten_on_every_step_and_a_reload_forgets_it(
    page: Page, stand: Stand, files: Files
) -> None:
    make_in(page)
    strip = page.get_by_role("region", name="Private key in this page")
    expect(strip).to_be_visible()
    strip.get_by_role("button").click()
    expect(strip.get_by_role("button")).to_have_text("It is not saved. Forget it for good?")
    strip.get_by_role("button").click()
    expect(strip).to_be_hidden()
    expect(page.get_by_role("button", name="Make my key pair")).to_be_visible()

    make_in(page)
    save(page, "Save rsa_key.p8")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("This page still holds your private key.")).to_be_visible()
    page.go_back()
    expect(page.locator("main[data-step=key]")).to_be_visible()
    expect(strip).to_be_visible()
    expect(page.locator("[data-say=held-title]")).to_contain_text("This page holds your key")
    page.go_forward()
    expect(page.get_by_text("This page still holds your private key.")).to_be_visible()
    strip.get_by_role("button", name="Forget this key").click()
    expect(strip).to_be_hidden()
    expect(page.get_by_label("Your private key file")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Your private key file")).to_be_visible()


def test_after_a_reload_the_saved_file_is_opened_for_the_test_and_a_wrong_one_is_named(
    page: Page, stand: Stand, files: Files
) -> None:
    stand.journey_key = PublicKey.of_private(files.key)
    page.goto("/steps/test")
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_role("alert")).to_contain_text("No file is chosen yet.")
    other = files.other_plain.encode()
    page.get_by_label("Your private key file").set_input_files({"name": "rsa_key.p8", "mimeType": "", "buffer": other})
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_role("alert")).to_contain_text("not the pair of the public key in this walk")
    assert not stand.bodies
    sealed = files.sealed.encode()
    page.get_by_label("Your private key file").set_input_files({"name": "rsa_key.p8", "mimeType": "", "buffer": sealed})
    page.get_by_label("Its passphrase", exact=True).fill(PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.locator("main[data-step=handover]")).to_be_visible()
    check_token(Secret(stand.posted("/steps/test")["token"][0]), stand.login, int(time.time()))


@pytest.mark.parametrize(("ahead", "words"), [(90.0, "90 seconds behind"), (-3600.0, "3,600 seconds ahead")])
def test_a_clock_that_is_off_is_told_and_the_token_is_right_all_the_same(
    page: Page, stand: Stand, files: Files, ahead: float, words: str
) -> None:
    stand.journey_key = PublicKey.of_private(files.key)
    stand.clock_ahead = ahead
    page.goto("/steps/test")
    expect(page.get_by_text(words)).to_be_visible()
    plain = files.plain.encode()
    page.get_by_label("Your private key file").set_input_files({"name": "rsa_key.p8", "mimeType": "", "buffer": plain})
    page.get_by_role("button", name="Test the connection").click()
    expect(page.locator("main[data-step=handover]")).to_be_visible()
    posted = stand.posted("/steps/test")
    check_token(Secret(posted["token"][0]), stand.login, int(time.time() + ahead))
    assert abs(int(posted["browser_clock"][0]) - time.time()) < 10


def test_a_script_that_comes_late_is_not_taken_for_a_clock_that_is_off(page: Page, stand: Stand, files: Files) -> None:
    def wait(route: Route) -> None:
        time.sleep(3)
        route.continue_()

    page.route("**/js/key/page.js", wait)
    stand.journey_key = PublicKey.of_private(files.key)
    stand.clock_ahead = 90.0
    page.goto("/steps/test")
    expect(page.get_by_text("90 seconds behind")).to_be_visible()


def test_a_second_tab_does_not_hold_the_key_of_the_first(page: Page, context: BrowserContext, stand: Stand) -> None:
    make_in(page)
    save(page, "Save rsa_key.p8")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("This page still holds your private key.")).to_be_visible()
    other = context.new_page()
    other.goto("/steps/test")
    expect(other.get_by_label("Your private key file")).to_be_visible()
    other.goto("/steps/key")
    make_in(other)
    save(other, "Save rsa_key.p8")
    other.get_by_role("button", name="Continue").click()
    expect(other.get_by_text("This page still holds your private key.")).to_be_visible()
    # The walk now has the second tab's key; the first tab's own is another, and says so when its step is drawn anew.
    page.go_back()
    page.go_forward()
    expect(page.get_by_text("This page holds another private key than the one of this walk.")).to_be_visible()


def test_starting_over_forgets_the_key(page: Page) -> None:
    make_in(page)
    save(page, "Save rsa_key.p8")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("button", name="Make my key pair")).to_be_visible()
    assert page.evaluate("key.held.heldKey()") is None


def test_without_script_the_page_says_that_this_way_needs_it(browser: Browser, stand: Stand) -> None:
    context = browser.new_context(base_url=stand.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/steps/key")
    expect(page.get_by_text("This needs JavaScript in a current browser.")).to_be_visible()
    expect(page.get_by_role("button", name="Make my key pair")).to_be_hidden()
    context.close()


def test_on_plain_http_the_page_says_that_this_way_needs_https(browser: Browser, stand: Stand) -> None:
    address = stand.url.replace("127.0.0.1", "wizard.example")
    context = browser.new_context()
    context.route(
        f"{address}/**",
        lambda route: route.fulfill(response=route.fetch(url=route.request.url.replace(address, stand.url))),
    )
    page = context.new_page()
    page.goto(f"{address}/steps/key")
    expect(page.get_by_text("over https and on localhost only")).to_be_visible()
    expect(page.get_by_role("button", name="Make my key pair")).to_be_hidden()
    context.close()
