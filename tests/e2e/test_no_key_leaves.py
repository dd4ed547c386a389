"""The proof of the promise: a private key made in the browser, and its passphrase, are in nothing that leaves it.

The browser reaches the wizard through a recorder that keeps every byte it sends, whatever sent it: pages, scripts,
forms, beacons, workers. Afterwards all of it is searched for every form in which a private number could be written.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import socketserver
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from playwright.sync_api import Page

from tests.e2e.conftest import AUTOFILL, NewPage, Served
from tests.e2e.walker import Administrator, StartPage, TestStep
from wizard.secret import Secret
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.login import Login
from wizard.snowflake.token import check_token, sign_token

PASSPHRASE = "hedgehogs & 7 brass lanterns"
WINDOW = 15  # bytes: 20 characters of base64 or 30 of hex, too many to stand anywhere by chance


# --- the recorder -----------------------------------------------------------------------------------------------------
class Recorder:
    """A proxy that passes bytes on to the wizard, and keeps what the browser sent."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self.wizard = (where.hostname or "", where.port or 0)
        self.address = ""
        self._sent: list[bytearray] = []

    def connection(self) -> bytearray:
        sent = bytearray()
        self._sent.append(sent)
        return sent

    @property
    def sent(self) -> bytes:
        return b"\n".join(bytes(connection) for connection in self._sent)

    def requests(self) -> list[str]:
        """Return the first line of each request, such as ``POST http://127.0.0.1:8080/steps/key HTTP/1.1``."""
        found = re.findall(
            rb"^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|CONNECT) \S+ HTTP/1\.\d", self.sent, flags=re.MULTILINE
        )
        return [line.decode() for line in found]

    def posted(self, path: str) -> str:
        """Return the body of the last POST to a path, percent signs and all."""
        request = self.sent.rpartition(f"POST http://{self.wizard[0]}:{self.wizard[1]}{path} HTTP".encode())[2]
        head, _, rest = request.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, flags=re.IGNORECASE)
        assert length, f"nothing was posted to {path}"
        return rest[: int(length[1])].decode()


@contextmanager
def recording(url: str) -> Iterator[Recorder]:
    recorder = Recorder(url)

    class Passing(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            kept = recorder.connection()
            with socket.create_connection(recorder.wizard) as wizard:
                back = threading.Thread(target=_pump, args=(wizard, self.request, None), daemon=True)
                back.start()
                _pump(self.request, wizard, kept)
                back.join(5)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Passing) as server:
        recorder.address = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield recorder
        server.shutdown()


def _pump(source: socket.socket, sink: socket.socket, kept: bytearray | None) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            if kept is not None:
                kept += data
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


# --- the search -------------------------------------------------------------------------------------------------------
def readings(sent: bytes) -> str:
    """Return what was sent as it stands, with its percent signs undone, and with every packed cookie unpacked."""
    text = sent.decode("latin-1")
    plain = unquote_plus(text)
    unpacked = []
    for packed in re.findall(r"[A-Za-z0-9_-]{40,}", plain):
        with suppress(ValueError, zlib.error):
            data = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
            unpacked.append(data.decode("latin-1"))
            unpacked.append(zlib.decompress(data).decode("latin-1"))
    return "\n".join((text, plain, *unpacked))


def traces_of(file: bytes, passphrase: str) -> Iterator[tuple[str, str]]:
    """Yield every text that would give a key file away, with what it is."""
    key = load_pem_private_key(file, passphrase.encode())
    assert isinstance(key, rsa.RSAPrivateKey)
    yield "the marker", "PRIVATE KEY-----"
    yield "the passphrase", passphrase
    yield "the passphrase in base64", base64.b64encode(passphrase.encode()).decode().rstrip("=")[:-1]
    yield "the passphrase in hex", passphrase.encode().hex()
    for line in file.decode().splitlines()[1:-1]:
        yield "a line of the file", line
    for line in key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode().splitlines()[8:-1]:
        yield "a line of the open key", line
    numbers = key.private_numbers()
    named = {"d": numbers.d, "p": numbers.p, "q": numbers.q}
    named |= {"dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp}
    for name, number in named.items():
        yield f"{name} in decimal", str(number)
        yield from windows(name, number.to_bytes((number.bit_length() + 7) // 8, "big"))
    yield from windows("the sealed file", sealed_bytes(file))


def sealed_bytes(file: bytes) -> bytes:
    """Return the encrypted part of a PBES2 file: all but what comes before it, which is the same in many files."""
    return base64.b64decode(b"".join(file.splitlines()[1:-1]))[120:]


def windows(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """Yield each run of bytes in hex, base64, base64url and as a list of numbers.

    Beginning at every byte, one of them meets any text that holds the data, wherever that text begins.
    """
    for start in range(len(data) - WINDOW + 1):
        run = data[start : start + WINDOW]
        yield f"{name} in hex", run.hex()
        yield f"{name} in capital hex", run.hex().upper()
        yield f"{name} in base64", base64.b64encode(run).decode()
        yield f"{name} in base64url", base64.urlsafe_b64encode(run).decode()
        yield f"{name} as bytes", run.decode("latin-1")
        yield f"{name} as numbers", ",".join(map(str, run))


def found_in(text: str, traces: list[tuple[str, str]]) -> set[str]:
    return {name for name, trace in traces if trace in text}


STORAGE = """async () => {
  const names = [];
  const root = await navigator.storage?.getDirectory?.().catch(() => null);
  if (root) for await (const name of root.keys()) names.push(name);
  return {
    local: { ...localStorage }, session: { ...sessionStorage }, caches: await caches.keys(),
    databases: (await indexedDB.databases()).map((one) => one.name),
    files: names, workers: (await navigator.serviceWorker.getRegistrations()).length,
  };
}"""


def kept_by(page: Page) -> dict[str, Any]:
    kept: dict[str, Any] = page.evaluate(STORAGE)
    return kept


# --- the proof --------------------------------------------------------------------------------------------------------
def test_no_part_of_the_private_key_and_no_passphrase_leaves_the_browser_in_a_whole_walk(
    new_page: NewPage, wizard_server: Served, tmp_path: Path
) -> None:
    with recording(wizard_server.url) as recorder:
        page = new_page(proxy={"server": recorder.address})
        administrator = Administrator(wizard_server.url)
        administrator.forget_keys()

        key = StartPage.open(page).begin().answer("practice-snowflake").answer("jane")
        made = key.make_in_browser(PASSPHRASE)
        file, public_file = made.save_private(tmp_path), made.save_public(tmp_path)
        made.unfold("The public key, and a check of the saved file")
        page.get_by_label("The file that you saved").set_input_files(file)
        page.get_by_label("Its passphrase (if it has one)").fill(PASSPHRASE)
        made.press("Check the saved file")
        made.main.get_by_text("This file opens, and it holds this key.").wait_for()
        statement = made.go_on()
        administrator.run(statement.statement)
        run = statement.has_run().agree(administrator.describe()).with_held_key()
        assert run.verdict() == "passed"
        run.put_to_work().files_zip(tmp_path)

        # Once more, with the key that is opened from its file after a reload.
        page.goto("/steps/test")
        run = TestStep(page).with_file_in_browser(file, PASSPHRASE)
        assert run.verdict() == "passed"
        shown = page.content()
        kept = kept_by(page)
        cookies = page.context.cookies()

    pem = file.read_bytes()
    traces = list(traces_of(pem, PASSPHRASE))
    sent = readings(recorder.sent)

    # The search finds what is there: the whole file, its bare numbers, and the public key that was really sent.
    opened = load_pem_private_key(pem, PASSPHRASE.encode())
    assert isinstance(opened, rsa.RSAPrivateKey)
    bare = opened.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    for spelled in (
        pem.decode(),
        bare.hex(),
        base64.urlsafe_b64encode(b"x" + bare).decode(),
        str(list(bare)).replace(" ", ""),
    ):
        assert found_in(spelled, traces)
    public = PublicKey.of_private(opened)
    assert public.pem == public_file.read_text()
    assert public.base64 in sent

    # What left, and where it went.
    assert len(recorder.requests()) > 20
    elsewhere = {line for line in recorder.requests() if f" {wizard_server.url}/" not in line}
    assert {line for line in elsewhere if f" {AUTOFILL}" not in line} == set()
    assert found_in(sent, traces) == set()

    # What stayed.
    assert not any(kept.values()), kept
    assert found_in(shown, traces) == set()
    assert found_in(readings(json.dumps(cookies).encode()), traces) == set()
    assert found_in(wizard_server.says(), traces) == set()

    # What was sent in the key's place: a token, the same that the server would have made, to the wizard alone.
    form = dict(part.split("=", 1) for part in recorder.posted("/steps/test").split("&"))
    assert sorted(form) == ["browser_clock", "csrf_token", "measured", "token"]
    compare_tokens(form["token"], opened)
    assert all(line.startswith("POST") for line in recorder.requests() if "/steps/test/rows" in line)
    assert form["token"] not in "".join(recorder.requests())
    assert form["token"] not in shown
    assert form["token"] not in wizard_server.says()


def compare_tokens(posted: str, key: rsa.RSAPrivateKey) -> None:
    """Hold a token made in the page against the server's own for the same login and second."""
    login = Login(
        read_account("practice-snowflake", vouched=["practice-snowflake.localhost"]), "JANE", PublicKey.of_private(key)
    )
    check_token(Secret(posted), login, int(time.time()))
    claims = jwt.decode(posted, options={"verify_signature": False})
    ours = sign_token(login, key, claims["iat"], claims["exp"] - claims["iat"]).reveal()
    assert claims["exp"] - claims["iat"] == 60
    assert claims == jwt.decode(ours, options={"verify_signature": False})
    assert jwt.get_unverified_header(posted) == jwt.get_unverified_header(ours)
