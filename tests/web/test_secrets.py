"""Marked secrets planted in every field of every form, and looked for wherever the server leaves traces."""

from __future__ import annotations

import html
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key
from flask import Flask

from tests.snowflake.test_secret_text import CLOTHES, openssl_text
from tests.web.page_checks import opened_cookie
from tests.web.page_client import PageClient
from tests.web.test_errors import FIELDS
from tests.web.walking import arrive, carrying, practising, private_pem, public_pem, row_by_row, table, told
from wizard.app import create_app
from wizard.audit import Audit
from wizard.settings import Settings
from wizard.snowflake.secret_text import looks_secret

MARK = "s3cr3t-mark-7f1d"
SHOWN_AGAIN = {"account", "region", "username", "login_name", "public_key", "role", "desc_user", "failure_details",
               "note", "sql", "user", "warehouse", "use_login_name"}  # fmt: skip
"""What is typed there is public, and comes back in the page so that it can be mended."""


@pytest.fixture(scope="module")
def watched() -> tuple[Flask, list[str]]:
    lines: list[str] = []
    settings = Settings.from_environment(
        {"WIZARD_SECRET_KEY": "a secret key of the tests, long enough", "WIZARD_RATE_LIMITS": "off"}
    )
    return create_app(settings, audit=Audit(write=lines.append)), lines


def traces(answer, client) -> dict[str, str]:
    held = client.get_cookie("wizard")
    return {
        "headers": "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Set-Cookie"),
        "cookie": opened_cookie(held.value) if held is not None else "",
    }


@pytest.mark.parametrize("path", sorted(path for path in FIELDS if not path.startswith("/practice")))
def test_what_is_typed_is_in_no_log_header_or_address(
    watched: tuple[Flask, list[str]], rsa_2048: rsa.RSAPrivateKey, path: str, capsys
) -> None:
    app, lines = watched
    browser = carrying(app, told("handover", rsa_2048))
    csrf = str(browser.visit("/steps/account").all("[name=csrf_token]")[0]["value"])
    for field in FIELDS[path]:
        for source in ("upload", "public", "server", "browser") if path == "/steps/key" else ("",):
            lines.clear()
            fields = {"csrf_token": csrf, "source": source, "size": "1024", field: f"{MARK}!\u202e"}
            sent = {**fields, "passphrase": fields.get("passphrase", MARK)}
            if field == "private_key":
                sent["private_key"] = (io.BytesIO(MARK.encode()), f"{MARK}.p8")  # type: ignore[assignment]
            answer = browser._client.post(f"{path}?in-the-address={MARK}", data=sent)
            found = traces(answer, browser._client) | {"log": "".join(lines)}
            if field not in SHOWN_AGAIN:
                found["page"] = answer.text
            for where, text in found.items():
                if (where, field) != ("cookie", field) or field not in SHOWN_AGAIN:
                    assert MARK not in text, (where, path, field, source)
            assert MARK not in answer.headers.get("Location", "")
    printed = capsys.readouterr()
    assert MARK not in printed.out + printed.err


def files_below(*folders: str) -> dict[Path, float]:
    found: dict[Path, float] = {}
    for folder in folders:
        for path in Path(folder).rglob("*"):
            try:
                if path.is_file():
                    found[path] = path.stat().st_mtime
            except OSError:
                continue
    return found


def test_a_whole_walk_with_secrets_leaves_them_nowhere(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, capsys, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    passphrase = f"{MARK} and more"
    client = practising(practice_app, "key", rsa_2048)
    client.watch(private_pem(rsa_2048).decode())
    client.watch(private_pem(rsa_2048, passphrase).decode())
    client.watch(passphrase)
    page = client.visit("/steps/key").choose("source", "upload").fill("passphrase", passphrase)
    page = page.attach("private_key", private_pem(rsa_2048, passphrase)).press_in("#key-form", "Continue")
    page.press("I’ve run it").press("Skip this check")
    page = client.visit("/steps/test").fill("passphrase", passphrase)
    page = page.attach("private_key", private_pem(rsa_2048, passphrase))
    fragments = row_by_row(page.press_in("#test-form", "Test with this file", htmx=True))
    assert fragments[-1].verdict == "passed"
    token = json.loads(str(fragments[0].one("[data-hx-post]")["data-hx-vals"]))["token"]
    assert token not in fragments[-1].html, "a finished test carries no token"

    printed = capsys.readouterr()
    body = private_pem(rsa_2048).decode().splitlines()[3]
    for secret in (MARK, token, token.split(".")[2], body):
        assert secret not in printed.out + printed.err
        assert secret not in client.cookie
        for path in files_below(str(tmp_path)):
            assert secret.encode() not in path.read_bytes(), path
    assert "eyJ" not in client.cookie


def test_an_upload_is_never_put_on_disk(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    opened: list[str] = []
    watching = [True]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        flags = arguments[2] if event == "open" and len(arguments) > 2 else 0
        if watching[0] and isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            opened.append(str(arguments[0]))

    client = carrying(app, told("key", rsa_2048))
    page = client.visit("/steps/key").choose("source", "upload")
    page.attach("private_key", private_pem(rsa_2048) + b"\n" * 20_000)
    csrf = str(page.one("#key-form [name=csrf_token]")["value"])
    data = {
        "csrf_token": csrf,
        "source": "upload",
        "private_key": (io.BytesIO(private_pem(rsa_2048) + b"\n" * 20_000), "k"),
    }
    sys.addaudithook(hook)
    answer = client._client.post("/steps/key", data=data)
    watching[0] = False
    assert answer.status_code in (303, 422)
    assert [name for name in opened if not name.endswith((".pyc", ".html")) and "__pycache__" not in name] == []


def test_a_made_key_is_in_its_file_and_nowhere_else(
    watched: tuple[Flask, list[str]], rsa_2048: rsa.RSAPrivateKey
) -> None:
    app, lines = watched
    lines.clear()
    client = carrying(app, told("key", rsa_2048))
    saved = client.visit("/steps/key").choose("source", "server").press_in("#key-form", "Continue")
    client.watch(saved.body.decode())
    for path in ("/", "/steps/key", "/steps/register"):
        client.visit(path)
    assert not any(line in client.cookie + "".join(lines) for line in client.secrets)


def test_the_log_names_the_route_and_not_what_was_asked(
    watched: tuple[Flask, list[str]], rsa_2048: rsa.RSAPrivateKey
) -> None:
    app, lines = watched
    lines.clear()
    client = carrying(app, told("register", rsa_2048))
    link = client.visit("/steps/register").press("Write the message").copied("share-link")
    client.visit(link, unchecked={"csrf"})
    client.visit(f"/nowhere/{MARK}")
    text = "".join(lines)
    assert link.rpartition("/")[2] not in text
    assert MARK not in text
    routes = [json.loads(line).get("route") for line in lines]
    assert "/share/<token>" in routes
    for line in map(json.loads, lines):
        assert set(line) <= {"time", "event", "request", "method", "route", "status", "milliseconds", "client"}


BOXES = {
    "account": "/steps/account",
    "account while it is typed": "/steps/account/reading",
    "username": "/steps/user",
    "login_name": "/steps/user",
    "public_key": "/steps/key",
    "role": "/steps/register",
    "desc_user": "/steps/verify",
    "failure_details": "/steps/test/details",
    "note": "/share",
    "sql": "/practice/worksheet",
}
UUID = "01234567-89ab-cdef-0123-456789abcdef"
TOKEN = f"eyJhbGciOiJSUzI1NiJ9.{'eyJpc3MiOiJB' * 4}.{'c2lnbmF0dXJl' * 5}"
SHAPES = {
    name: CLOTHES[name]
    for name in (
        "a PEM file", "base64", "base64 in lines", "base64url", "a PEM file in base64", "hex", "hex with colons",
        "hex with blanks", "hex bytes of a program", "escaped bytes", "a hex dump",
    )
} | {"numbers of openssl": lambda der: openssl_text(load_der_private_key(der, None)), "a token": lambda _: TOKEN}  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture(scope="module")
def watched_practice() -> Iterator[tuple[Flask, list[str]]]:
    lines: list[str] = []
    given = {
        "WIZARD_SECRET_KEY": "a secret key of the tests, long enough",
        "WIZARD_RATE_LIMITS": "off",
        "WIZARD_PRACTICE": "on",
    }
    app = create_app(Settings.from_environment(given), audit=Audit(write=lines.append))
    yield app, lines
    app.extensions["practice"].stop()


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_private_key_or_token_in_the_wrong_box_does_not_come_back(
    watched_practice: tuple[Flask, list[str]], rsa_2048: rsa.RSAPrivateKey, box: str, shape: str
) -> None:
    app, lines = watched_practice
    lines.clear()
    der = rsa_2048.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    secret = SHAPES[shape](der)
    client = carrying(app, told("handover", rsa_2048))
    csrf = str(client.visit("/steps/account").all('input[name="csrf_token"]')[0]["value"])
    field = box.split()[0]
    typed = {"csrf_token": csrf, "username": "JANE", "source": "public", "uuid": UUID, field: secret}
    answer = client.send("POST", BOXES[box], list(typed.items()), htmx=BOXES[box].endswith("reading"))

    shown = (answer.html + client.cookie + "".join(lines)).lower()
    for part in secret.lower().split("\n"):
        for start in range(0, len(part) - 40, 400):
            assert html.escape(part[start : start + 40]) not in shown


def test_a_private_key_in_the_place_of_a_folder_does_not_come_back(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    secret = private_pem(rsa_2048).decode()
    page = (
        arrive(app, "handover", rsa_2048).fill("key_folder", secret.replace("\n", "")).press("Write it into the texts")
    )
    assert (page.status, page.path) == (422, "/steps/handover")
    assert "private key or a token" in page.error("key_folder")
    assert secret[400:430] not in page.html + page.url + page.client.cookie


def test_a_private_key_on_the_administrators_page_does_not_come_back(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = arrive(app, "register", rsa_2048).press("Write the message").copied("share-link")
    for shape in ("hex", "base64url", "base64 in lines"):
        client = PageClient(app)
        page = client.visit(link, unchecked={"csrf"})
        secret = CLOTHES[shape](
            rsa_2048.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        answer = page.fill("desc_user", table() + "\n" + secret).press("Check the user", unchecked={"csrf"})
        assert secret[400:430] not in answer.html


def test_a_public_key_is_no_secret_and_a_private_key_is(rsa_2048: rsa.RSAPrivateKey) -> None:
    for size in (2048, 3072, 4096):
        public = public_pem(rsa_2048 if size == 2048 else rsa.generate_private_key(65537, size))
        assert not looks_secret(public)
        assert not looks_secret("".join(public.splitlines()[1:-1]))
    traditional = rsa_2048.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()
    for private in (private_pem(rsa_2048).decode(), private_pem(rsa_2048, "a passphrase").decode(), traditional):
        assert looks_secret(private)
        assert looks_secret("".join(private.splitlines()[1:-1]))
