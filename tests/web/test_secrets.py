"""Marked secrets planted in every field of every form, and looked for wherever the server leaves traces."""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_checks import opened_cookie
from tests.web.test_errors import FIELDS
from tests.web.walking import carrying, practising, private_pem, public_pem, row_by_row, told
from wizard.app import create_app
from wizard.audit import Audit
from wizard.settings import Settings
from wizard.web.fields import looks_secret

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
    page.press("The statement has run").press("Skip this check")
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
    link = client.visit("/steps/register").press("Make the link").copied("share-link")
    client.visit(link, unchecked={"csrf"})
    client.visit(f"/nowhere/{MARK}")
    text = "".join(lines)
    assert link.rpartition("/")[2] not in text
    assert MARK not in text
    routes = [json.loads(line).get("route") for line in lines]
    assert "/share/<token>" in routes
    for line in map(json.loads, lines):
        assert set(line) <= {"time", "event", "request", "method", "route", "status", "milliseconds", "client"}


BOXES = [
    ("account", "account"),
    ("user", "username"),
    ("user", "login_name"),
    ("key", "public_key"),
    ("register", "role"),
    ("verify", "desc_user"),
]


@pytest.mark.parametrize(("slug", "field"), BOXES, ids=[field for _, field in BOXES])
@pytest.mark.parametrize("shape", ["with its markers", "without its markers", "as a token"])
def test_a_private_key_or_token_in_the_wrong_box_does_not_come_back(
    watched: tuple[Flask, list[str]], rsa_2048: rsa.RSAPrivateKey, slug: str, field: str, shape: str
) -> None:
    app, lines = watched
    pem = private_pem(rsa_2048).decode()
    secret = {
        "with its markers": pem,
        "without its markers": "".join(pem.splitlines()[1:-1]),
        "as a token": f"eyJhbGciOiJSUzI1NiJ9.{'eyJpc3MiOiJB' * 4}.{'c2lnbmF0dXJl' * 5}",
    }[shape]
    client = carrying(app, told("verify", rsa_2048))
    page = client.visit(f"/steps/{slug}")
    csrf = str(page.all('input[name="csrf_token"]')[0]["value"])

    typed = {"csrf_token": csrf, "username": "JANE", "source": "public", field: secret}
    answer = client.send("POST", f"/steps/{slug}", list(typed.items()))

    shown = answer.html + client.cookie + "".join(lines)
    middle = len(secret) // 2
    assert secret[middle : middle + 40] not in shown


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
