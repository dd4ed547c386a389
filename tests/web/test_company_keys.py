"""What a company asks of keys: which ways, the least size, a passphrase. The rest is not shown, and refused."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.conftest import MakeApp
from tests.web.page_client import Page, PageClient
from tests.web.walking import carrying, private_pem, public_pem, told

PASSPHRASE = "correct horse battery 7"


@pytest.fixture(scope="module")
def strict(make_app: MakeApp) -> Flask:
    return make_app(
        WIZARD_KEY_WAYS="browser, server, upload", WIZARD_LEAST_KEY_SIZE="3072", WIZARD_PASSPHRASE_REQUIRED="on"
    )


@pytest.fixture(scope="module")
def own_tools(make_app: MakeApp) -> Flask:
    return make_app(WIZARD_KEY_WAYS="public")


def at_the_key(app: Flask, key: rsa.RSAPrivateKey, tool: str = "") -> PageClient:
    return carrying(app, told("key", key, tool=tool))


def post(client: PageClient, **fields: str) -> Page:
    """Send a form as no page of this wizard does, which may offer less."""
    token = str(client.visit("/steps/key").all("[name=csrf_token]")[0]["value"])
    client.watch(PASSPHRASE)
    return client.send("POST", "/steps/key", [("csrf_token", token), *fields.items()])


# --- ways -------------------------------------------------------------------------------------------------------------
def ways(page: Page) -> set[str]:
    return {str(radio["value"]) for radio in page.all("input[type=radio][name=source]")}


def test_only_the_ways_that_the_company_offers_are_shown(
    strict: Flask, own_tools: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    assert ways(at_the_key(strict, rsa_2048).visit("/steps/key")) == {"browser", "server", "upload"}
    page = at_the_key(own_tools, rsa_2048).visit("/steps/key")
    assert ways(page) == {"public"}
    assert page.value("source") == "public", "the one way that there is needs no choosing"
    assert not page.all("browser-key"), "without the browser's way no script asks for a key"
    assert not page.all("input[type=file]")


@pytest.mark.parametrize("way", ["browser", "server", "upload"])
def test_another_way_is_refused_with_a_sentence(own_tools: Flask, rsa_2048: rsa.RSAPrivateKey, way: str) -> None:
    client = at_the_key(own_tools, rsa_2048)
    refused = post(client, source=way, size="2048", public_key=public_pem(rsa_2048))
    assert (refused.status, refused.step) == (422, "key")
    assert "This way to a key pair is not offered here." in refused.error("source")
    assert client.visit("/steps/register").path == "/steps/key"


def test_the_way_that_is_offered_works(own_tools: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    assert post(at_the_key(own_tools, rsa_2048), source="public", public_key=public_pem(rsa_2048)).step == "register"


# --- size -------------------------------------------------------------------------------------------------------------
def test_only_sizes_that_the_company_takes_can_be_chosen(strict: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = at_the_key(strict, rsa_2048).visit("/steps/key")
    for select in ("[name=size] option", "[data-field=size] option"):
        assert [option["value"] for option in page.all(select)] == ["3072", "4096"]


@pytest.mark.parametrize("source", ["browser", "upload", "server"])
def test_a_smaller_key_is_refused_however_it_comes(strict: Flask, rsa_2048: rsa.RSAPrivateKey, source: str) -> None:
    refused = post(
        at_the_key(strict, rsa_2048), source=source, size="2048", public_key=public_pem(rsa_2048),
        private_key_text=private_pem(rsa_2048).decode() if source == "upload" else "", passphrase="",
    )  # fmt: skip
    field = {"browser": "source", "upload": "private_key_text", "server": "size"}[source]
    assert refused.status == 422
    assert "3072" in refused.alert
    assert refused.all(f"[href='#{field}']"), "the summary leads to the field that it came by"


# --- passphrase -------------------------------------------------------------------------------------------------------
def test_no_key_is_made_without_a_passphrase(strict: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = at_the_key(strict, rsa_2048)
    refused = post(client, source="server", size="3072", passphrase="")
    assert (refused.status, refused.error("passphrase").partition(".")[0]) == (422, "Here every key has a passphrase")
    made = post(client, source="server", size="3072", passphrase=PASSPHRASE)
    assert b"ENCRYPTED" in made.body


def test_a_file_without_a_passphrase_is_refused_with_the_command_that_gives_it_one(
    make_app: MakeApp, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = at_the_key(make_app(WIZARD_PASSPHRASE_REQUIRED="on"), rsa_2048)
    refused = post(client, source="upload", private_key_text=private_pem(rsa_2048).decode())
    assert "This key file has no passphrase, and here every key has one." in refused.alert
    assert refused.copied("key-command").startswith("openssl pkcs8 -topk8")
    sealed = post(
        client, source="upload", private_key_text=private_pem(rsa_2048, PASSPHRASE).decode(), passphrase=PASSPHRASE
    )
    assert sealed.step == "register"


@pytest.mark.parametrize("tool", ["", "go", "stackone"])
def test_the_page_does_not_offer_to_save_a_key_without_a_passphrase(
    strict: Flask, rsa_2048: rsa.RSAPrivateKey, tool: str
) -> None:
    page = at_the_key(strict, rsa_2048, tool).visit("/steps/key")
    (plain,) = page.all("[data-field=plain]")
    assert plain.find_parent(hidden=True)
    assert not plain.has_attr("checked")
    assert not page.one("#browser-key-passphrase").find_parent(attrs={"data-part": "passphrase", "hidden": True})
    assert "without one" not in page.one("main").get_text().replace("command that writes a copy without it", "")
