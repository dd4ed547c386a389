"""The key page: four ways to a public key, and none that leaves a private one behind."""

from __future__ import annotations

import re

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from tests.web.walking import arrive, carrying, fingerprint, private_pem, public_base64, public_pem, told

PASSPHRASE = "correct horse battery 7"


def key_page(app: Flask, key: rsa.RSAPrivateKey) -> Page:
    return arrive(app, "key", key)


def send(page: Page) -> Page:
    """Press the button of the server's form; the browser's own way has one of the same name."""
    return page.press_in("#key-form", "Continue")


def test_the_ways_are_offered_the_safest_first(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = key_page(app, rsa_2048)
    assert page.step == "key"
    assert [tag["value"] for tag in page.all("[name=source][type=radio]")] == ["browser", "upload", "public", "server"]


def test_a_key_is_not_taken_for_another_user_than_its_page_shows(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = key_page(app, rsa_2048)
    page.client.visit("/steps/user").fill("username", "BOB").press("Continue")
    answer = send(page.choose("source", "public").fill("public_key", public_pem(rsa_2048)))
    assert (answer.status, answer.path) == (422, "/steps/key")
    assert "changed in another tab: this is for BOB in MYORG-MY_ACCT now. Nothing was done." in answer.alert
    assert "ALTER USER BOB" in send(answer).copied("alter-user-sql"), "the page shows BOB now, and what was pasted"


# --- made on the server -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_a_key_made_on_the_server_is_saved_once_and_its_public_half_known(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, passphrase: str
) -> None:
    page = key_page(app, rsa_2048).choose("source", "server").fill("passphrase", passphrase)
    saved = send(page)
    assert (saved.status, saved.filename) == (200, "rsa_key.p8")
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["Cache-Control"] == "no-store"
    assert (b"ENCRYPTED" in saved.body) is bool(passphrase)
    key = serialization.load_pem_private_key(saved.body, passphrase.encode() or None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048
    register = page.client.visit("/steps/register")
    assert register.copied("fingerprint") == fingerprint(key)
    again = page.client.visit("/steps/key")
    assert "Your key is made, saved as rsa_key.p8" in again.text
    assert again.copied("fingerprint") == fingerprint(key)
    assert "PRIVATE" not in page.client.cookie


def test_encrypted_keys_are_in_the_form_that_every_client_opens(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = key_page(app, rsa_2048).choose("source", "server").fill("passphrase", PASSPHRASE)
    saved = send(page)
    import base64

    der = base64.b64decode(b"".join(saved.body.splitlines()[1:-1]))
    assert saved.body.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    for name, oid in {
        "PBES2": "2a864886f70d01050d",
        "PBKDF2": "2a864886f70d01050c",
        "HMAC-SHA256": "2a864886f70d0209",
        "AES-256-CBC": "60864801650304012a",
    }.items():
        assert bytes.fromhex(oid) in der, name


def test_a_second_press_makes_no_second_key_of_the_same_name_and_says_that_one_is_made(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    form = key_page(app, rsa_2048).choose("source", "server")
    made = serialization.load_pem_private_key(send(form).body, None)
    assert isinstance(made, rsa.RSAPrivateKey)
    for _ in range(2):
        told = send(form)
        assert (told.redirects, told.filename) == (("/steps/key",), "")
        assert "Your key is made, saved as rsa_key.p8" in told.text
        assert told.copied("fingerprint") == fingerprint(made)
        assert told.link("Continue with this key") == "/steps/register"


def test_another_key_is_made_where_it_is_asked_for_from_the_page_that_shows_the_first(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    first = send(key_page(app, rsa_2048).choose("source", "server"))
    form = first.client.visit("/steps/key").choose("source", "server")
    second = send(form)
    assert second.filename == "rsa_key.p8"
    assert second.body != first.body
    assert send(form).redirects == ("/steps/key",), "and once only"


def test_a_key_is_made_for_a_form_drawn_before_the_person_took_a_key_of_their_own(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    form = key_page(app, rsa_2048).choose("source", "server")
    assert send(form).filename == "rsa_key.p8"
    send(form.client.visit("/steps/key").choose("source", "public").fill("public_key", public_pem(other_rsa_2048)))
    assert send(form).filename == "rsa_key.p8"


@pytest.mark.parametrize("size", ["3072"])
def test_the_size_is_the_one_that_was_chosen(app: Flask, rsa_2048: rsa.RSAPrivateKey, size: str) -> None:
    page = key_page(app, rsa_2048).choose("source", "server").fill("size", size)
    key = serialization.load_pem_private_key(send(page).body, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == int(size)
    assert f"RSA {size} bits" in page.client.visit("/steps/key").text_at(".progress")


@pytest.mark.parametrize("passphrase", ["short", "pässphräse longer", "tab\there in it it"])
def test_a_passphrase_that_clients_cannot_type_is_refused_and_the_choice_kept(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, passphrase: str
) -> None:
    page = key_page(app, rsa_2048).choose("source", "server").fill("size", "4096").fill("passphrase", passphrase)
    answer = send(page)
    assert answer.status == 422
    assert answer.title.startswith("Error: ")
    assert answer.error("passphrase")
    assert (answer.value("source"), answer.value("size"), answer.value("passphrase")) == ("server", "4096", "")
    assert "journey" in page.client.cookie
    assert '"k":' not in page.client.cookie.split('"journey"')[1]


def test_a_size_that_is_not_offered_is_refused(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = key_page(app, rsa_2048)
    token = str(page.one("#key-form [name=csrf_token]")["value"])
    for size in ("1024", "65536", "many", ""):
        fields = [("csrf_token", token), ("source", "server"), ("size", size)]
        assert page.client.send("POST", "/steps/key", fields).error("size"), size


# --- a file that the person has ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_the_public_half_of_an_uploaded_key_is_worked_out(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, passphrase: str
) -> None:
    page = key_page(app, rsa_2048).choose("source", "upload").fill("passphrase", passphrase)
    register = send(page.attach("private_key", private_pem(rsa_2048, passphrase), "../../etc/<b>.p8"))
    assert register.redirects == ("/steps/register",)
    assert register.copied("fingerprint") == fingerprint(rsa_2048)
    assert public_base64(rsa_2048) in register.copied("alter-user-sql")


def test_a_private_key_may_be_pasted_also_with_its_line_breaks_lost(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    for text in (
        private_pem(rsa_2048).decode(),
        private_pem(rsa_2048).decode().replace("\n", "\\n"),
        " ".join(private_pem(rsa_2048).decode().split("\n")),
    ):
        page = key_page(app, rsa_2048).choose("source", "upload").fill("private_key_text", text)
        assert send(page).copied("fingerprint") == fingerprint(rsa_2048)


def test_nothing_chosen_is_said_at_the_file(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = send(key_page(app, rsa_2048).choose("source", "upload"))
    assert page.status == 422
    assert page.error("private_key").startswith("No private key was chosen.")


@pytest.mark.parametrize("passphrase", ["", "not this one at all"])
def test_a_passphrase_missing_or_wrong_is_said_at_the_passphrase(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, passphrase: str
) -> None:
    page = key_page(app, rsa_2048).choose("source", "upload").fill("passphrase", passphrase)
    answer = send(page.attach("private_key", private_pem(rsa_2048, PASSPHRASE)))
    assert answer.status == 422
    assert answer.error("passphrase")
    assert answer.value("source") == "upload"
    assert answer.value("passphrase") == ""


def test_a_private_key_that_was_pasted_is_not_shown_again(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = key_page(app, rsa_2048).choose("source", "upload").fill("passphrase", "not this one at all")
    answer = send(page.fill("private_key_text", private_pem(rsa_2048, PASSPHRASE).decode()))
    assert answer.status == 422
    assert answer.value("private_key_text").strip() == ""


def hostile_files(key: rsa.RSAPrivateKey) -> dict[str, bytes]:
    elliptic = ec.generate_private_key(ec.SECP256R1())
    return {
        "a public key": public_pem(key).encode(),
        "an elliptic curve key": elliptic.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        "half a key": private_pem(key)[:600],
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
        "UTF-16": private_pem(key).decode().encode("utf-16")[:-40],
        "a path": b"/home/jane/.ssh/rsa_key.p8",
        "33 kB": b"x" * 33 * 1024,
        "OpenSSH": key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        )[:400],
    }


def test_a_file_that_is_no_usable_key_is_named_at_the_file(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    for what, content in hostile_files(rsa_2048).items():
        page = key_page(app, rsa_2048).choose("source", "upload").attach("private_key", content)
        answer = send(page)
        assert answer.status == 422, what
        assert answer.error("private_key"), what
        assert answer.value("source") == "upload"


def test_an_empty_file_counts_as_none(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = send(key_page(app, rsa_2048).choose("source", "upload").attach("private_key", b""))
    assert page.error("private_key")


# --- only the public key ----------------------------------------------------------------------------------------------
def test_a_public_key_is_taken_with_and_without_its_markers(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    for text in (public_pem(rsa_2048), public_base64(rsa_2048), public_pem(rsa_2048).replace("\n", "\r\n")):
        page = send(key_page(app, rsa_2048).choose("source", "public").fill("public_key", text))
        assert page.redirects == ("/steps/register",)
        assert page.copied("fingerprint") == fingerprint(rsa_2048)


def test_a_public_key_sent_again_as_it_was_filled_in_keeps_what_was_said_of_its_form(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    ssh = rsa_2048.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    page = send(key_page(app, rsa_2048).choose("source", "public").fill("public_key", ssh.decode()))
    send(page.client.visit("/steps/key"))
    assert "The private key needs converting too" in page.client.visit("/steps/key").text


@pytest.mark.parametrize("text", ["", "nothing", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ", "A" * 33_000])
def test_a_public_key_that_cannot_be_read_is_kept_and_explained(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, text: str
) -> None:
    answer = send(key_page(app, rsa_2048).choose("source", "public").fill("public_key", text))
    assert answer.status == 422
    assert answer.error("public_key")
    assert answer.value("public_key").strip() == text
    assert answer.value("source") == "public"


def test_a_private_key_in_the_place_of_the_public_one_is_refused_and_not_shown_again(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = key_page(app, rsa_2048).choose("source", "public")
    page.client.watch(private_pem(rsa_2048).decode())
    answer = send(page.fill("public_key", private_pem(rsa_2048).decode()))
    assert answer.status == 422
    assert "private" in answer.error("public_key")
    assert answer.value("public_key").strip() == ""


def test_commands_for_every_system_are_there_to_copy(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = key_page(app, rsa_2048).client.visit("/keys/commands")
    assert "-v2 aes-256-cbc" in page.copied("commands-encrypted")
    assert "-nocrypt" in page.copied("commands-plain")
    assert "ssh-keygen" in page.copied("commands-windows")


def test_the_commands_open_in_the_key_page_and_without_scripts_on_a_page_of_their_own(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = key_page(app, rsa_2048)
    fold = page.one("[data-details=commands]")
    assert fold["data-hx-get"] == page.link("Show them (opens a new tab)") == "/keys/commands"
    assert page.all(str(fold["data-hx-target"]))
    part = page.client.visit("/keys/commands", htmx=True)
    assert "-nocrypt" in part.copied("commands-plain")
    assert "HX-Push-Url" not in part.headers, "the address stays that of the key page"


def test_no_way_chosen_is_said(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = key_page(app, rsa_2048)
    answer = page.client.send(
        "POST", "/steps/key", [("csrf_token", str(page.one("#key-form [name=csrf_token]")["value"]))]
    )
    assert (answer.status, bool(answer.error("source"))) == (422, True)


def test_without_scripts_the_way_that_works_is_open_from_the_start(
    app: Flask, plain: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    assert key_page(app, rsa_2048).value("source") == "server"
    client = carrying(plain, told("key", rsa_2048), base_url="http://wizard.example")
    assert client.visit("/steps/key").value("source") == "public"


# --- made in the browser ----------------------------------------------------------------------------------------------
def test_the_browsers_way_sends_its_public_key_alone(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = key_page(app, rsa_2048)
    form = page.one("#browser-key-form")
    assert {str(tag["name"]) for tag in form.select("[name]")} == {"csrf_token", "source"}
    token = str(form.select("[name=csrf_token]")[0]["value"])
    fields = [("csrf_token", token), ("source", "browser"), ("public_key", public_base64(rsa_2048))]
    register = page.client.send("POST", "/steps/key", fields)
    assert register.path == "/steps/register"
    assert register.copied("fingerprint") == fingerprint(rsa_2048)


# --- coming back ------------------------------------------------------------------------------------------------------
def test_a_known_key_is_shown_by_its_fingerprint_with_a_way_on(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048).client.visit("/steps/key")
    assert "The public key is known" in page.text
    assert page.link("Continue with this key") == "/steps/register"
    assert re.search(r"RSA 2048 bits, SHA256:\S+…", page.text_at(".progress"))


def test_another_key_reopens_what_was_proved_with_the_first(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = carrying(app, told("handover", rsa_2048))
    assert client.visit("/steps/handover").step == "handover"
    page = client.visit("/steps/key").choose("source", "public").fill("public_key", public_pem(other_rsa_2048))
    assert send(page).path == "/steps/register"
    assert client.visit("/steps/handover").path == "/steps/register"
    page = client.visit("/steps/key").choose("source", "public").fill("public_key", public_pem(rsa_2048))
    assert send(page).path == "/steps/handover"


# --- plain http -------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def plain(make_app) -> Flask:
    return make_app(WIZARD_PUBLIC_URL="http://wizard.example")


def test_on_plain_http_no_private_key_may_pass_and_the_page_says_why(plain: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(plain, told("key", rsa_2048), base_url="http://wizard.example")
    page = client.visit("/steps/key")
    assert {str(tag["value"]) for tag in page.all("[name=source][disabled]")} == {"server", "upload"}
    assert "would cross the network readable" in page.text
    token = str(page.one("#key-form [name=csrf_token]")["value"])
    for source in ("server", "upload"):
        fields = [("csrf_token", token), ("source", source), ("private_key_text", private_pem(rsa_2048).decode())]
        answer = client.send("POST", "/steps/key", [*fields, ("size", "2048")])
        assert (answer.status, answer.filename) == (422, "")
        assert "plain http" in answer.alert
    done = send(client.visit("/steps/key").choose("source", "public").fill("public_key", public_pem(rsa_2048)))
    assert done.path == "/steps/register", "the way that works"


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8080", "http://[::1]:8080", "https://localhost"])
def test_on_this_machine_and_on_https_a_key_may_pass(app: Flask, rsa_2048: rsa.RSAPrivateKey, base_url: str) -> None:
    client = carrying(app, told("key", rsa_2048), base_url=base_url)
    assert not client.visit("/steps/key").all("[name=source][disabled]")


def test_a_client_without_a_cookie_cannot_post_a_key(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = key_page(app, rsa_2048)
    stranger = PageClient(app)
    answer = stranger.send("POST", "/steps/key", [("source", "server"), ("size", "2048")])
    assert answer.status == 400
    assert page.client.visit("/steps/register").path == "/steps/key"
