"""Something fails: whatever is pasted is recognised, nothing of it is kept, and the page ends in something to do."""

from __future__ import annotations

import tomllib

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.page_client import Page, PageClient
from tests.web.walking import arrive, private_pem, table
from wizard.snowflake.secret_text import PRIVATE_SIGNS

UUID = "7fb87e37-2f26-4a10-9f9c-72276ea898bf"
HOST = "myorg-acct.snowflakecomputing.com"
REFUSED = f"250001 (08001): None: Failed to connect to DB: {HOST}:443. JWT token is invalid. [{UUID}]"


def pasted(app: Flask, text: str) -> Page:
    return PageClient(app).visit("/troubleshoot").fill("text", text).press("Find the cause")


def recognised(page: Page) -> list[str]:
    return [str(tag["data-recognised"]) for tag in page.all("[data-recognised]")]


def test_an_error_is_recognised_with_its_causes_most_likely_first_and_the_statement_for_its_number(app: Flask) -> None:
    page = pasted(app, REFUSED)
    assert recognised(page) == ["error"]
    assert 1 < len(page.causes) <= 5
    assert page.heading == "This is what it looks like"
    assert UUID in page.text


def test_several_things_at_once_are_each_recognised_and_held_against_each_other(app: Flask) -> None:
    described = table(NAME="JANE", LOGIN_NAME="JANE", DISABLED="true", RSA_PUBLIC_KEY_FP="SHA256:" + "A" * 43 + "=")
    page = pasted(app, f"{REFUSED}\n\n{described}")
    assert set(recognised(page)) == {"error", "desc-user"}
    assert page.causes[0] == "user-disabled"


def test_what_nobody_knows_asks_for_more_and_is_no_mistake(app: Flask) -> None:
    page = pasted(app, "the weather is fine")
    assert page.status == 200
    assert recognised(page) == ["unknown"]
    assert page.causes == []
    assert page.value("text") == "the weather is fine"


def test_nothing_to_read_is_said_at_the_box(app: Flask) -> None:
    page = pasted(app, "  \n")
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert page.text_at("#text-error").startswith("There is nothing to read.")


def test_a_private_key_is_not_read_and_the_page_says_what_to_do(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = pasted(app, f"{REFUSED}\n{private_pem(rsa_2048).decode()}")
    assert "private-key" in recognised(page)
    assert "make a new key pair" in page.text
    assert private_pem(rsa_2048).decode().splitlines()[3] not in page.html


def test_a_token_without_its_signature_is_taken_apart(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    claims = {"iss": f"XY12345.US-EAST-1.JANE.SHA256:{'A' * 43}=", "sub": "XY12345.US-EAST-1.JANE", "iat": 1, "exp": 60}
    token = jwt.encode(claims, rsa_2048, algorithm="RS256")
    page = pasted(app, token.rpartition(".")[0] + ".not-sent")
    assert recognised(page) == ["token"]
    assert "account-region-in-claim" in page.causes


def test_nothing_of_a_paste_is_stored_or_logged(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    client = PageClient(app)
    client.visit("/troubleshoot").fill("text", "JWT token is invalid for SECRETIVE_PERSON").press("Find the cause")
    assert "SECRETIVE" not in capsys.readouterr().out
    assert "SECRETIVE" not in client.visit("/troubleshoot").html


def test_the_page_needs_no_cookie(app: Flask) -> None:
    answer = app.test_client().post("/troubleshoot", data={"text": REFUSED})
    assert answer.status_code == 200
    assert b"data-cause=" in answer.data


def test_what_the_walk_knows_is_used_where_the_paste_is_about_its_login(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    """After this same login has passed, the token is not for another account."""
    client = arrive(app, "handover", rsa_2048).client
    error = "JWT token is invalid for user JANE at myorg-acct.snowflakecomputing.com"
    known = client.visit("/troubleshoot").fill("text", error).press("Find the cause")
    assert known.causes[:1] != ["account-region-in-claim"]


def test_the_wizard_opens_with_what_was_recognised(app: Flask) -> None:
    page = pasted(app, "Failed to connect to DB: myorg-acct.snowflakecomputing.com:443. User 'JANNE' does not exist")
    begun = page.press("Open the wizard with these")
    assert begun.step == "key"
    assert begun.fact("account-claim") == "MYORG-ACCT"
    assert "JANNE" in begun.html


def test_a_report_for_a_ticket_can_leave_names_out(app: Flask) -> None:
    page = pasted(app, f"{REFUSED} user 'JANNE'")
    whole, masked = page.copied("report"), page.copied("report-masked")
    assert page.causes[0] in whole
    assert page.causes[0] in masked
    assert "JANNE" not in masked
    assert "myorg" not in masked.lower()


# --- from other boxes -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("slug", "field"), [("user", "username"), ("verify", "desc_user")])
def test_an_error_in_a_box_for_something_else_leads_here_with_its_text(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, slug: str, field: str
) -> None:
    button = {"user": "Continue", "verify": "Compare"}[slug]
    page = arrive(app, slug, rsa_2048).fill(field, REFUSED).press(button)
    read = page.press("Find the cause")
    assert recognised(read) == ["error"]
    assert read.value("text") == REFUSED


def test_an_account_that_stands_in_an_error_is_read_and_the_error_offered(app: Flask) -> None:
    client = PageClient(app)
    token = str(client.visit("/steps/account").one("[name=csrf_token]")["value"])
    reading = client.send("POST", "/steps/account/reading", [("csrf_token", token), ("account", REFUSED)], htmx=True)
    assert reading.fact("account-host") == "myorg-acct.snowflakecomputing.com"
    assert "Find the cause" in reading.text


def test_every_page_leads_here(app: Flask) -> None:
    for path in ("/", "/steps/account", "/how-it-works", "/nowhere"):
        assert b'href="/troubleshoot"' in app.test_client().get(path).data


def test_the_practice_account_is_carried_on_with_where_there_is_one(practice_app: Flask, app: Flask) -> None:
    text = '[connections.keypair]\naccount = "practice-snowflake"\nuser = "JANE"\nprivate_key_file = "/k/a.p8"\n'
    begun = pasted(practice_app, text).press("Open the wizard with these")
    assert begun.step == "key"
    assert "Open the wizard with these" not in pasted(app, text.replace("practice-snowflake", "nowhere")).text


# --- settings ---------------------------------------------------------------------------------------------------------
SETTINGS = """[connections.prod]
account = "https://myorg-acct.snowflakecomputing.com"
user = "JANE"
private_key_path = "C:\\Users\\jane\\rsa_key.p8"
private_key_file_pwd = "hunter-22"
"""


def test_settings_are_given_back_to_copy_as_they_should_stand(app: Flask) -> None:
    page = pasted(app, SETTINGS)
    assert page.causes[0] == "account-url-pasted"
    told = tomllib.loads(page.one('[data-copy="corrected-settings"]').get_text())["connections"]["prod"]
    assert (told["account"], told["authenticator"]) == ("myorg-acct", "SNOWFLAKE_JWT")
    assert told["private_key_file"] == "C:\\Users\\jane\\rsa_key.p8"
    assert told["private_key_file_pwd"] == "YOUR_PASSPHRASE"
    assert "Changed: " in page.text


def test_corrected_settings_have_nothing_wrong_any_more(app: Flask) -> None:
    first = pasted(app, SETTINGS)
    page = pasted(app, first.one('[data-copy="corrected-settings"]').text)
    assert page.causes == []
    assert page.heading == "Nothing wrong was found in it"
    assert not page.all('[data-copy="corrected-settings"]')


# --- anything ---------------------------------------------------------------------------------------------------------
@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_a_page(text: str) -> None:
    app: Flask = test_any_text_gives_a_page.app  # type: ignore[attr-defined]
    assert app.test_client().post("/troubleshoot", data={"text": text}).status_code in (200, 422)


@pytest.fixture(autouse=True)
def _hand_in(app: Flask) -> None:
    test_any_text_gives_a_page.app = app  # type: ignore[attr-defined]  # hypothesis takes no fixture of one test


@pytest.mark.parametrize("form", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8])
@pytest.mark.parametrize("sealed", [False, True])
def test_a_sign_of_a_private_key_stands_in_each_of_its_forms(
    rsa_2048: rsa.RSAPrivateKey, form: PrivateFormat, sealed: bool
) -> None:
    """The page looks for these before it sends a text; with or without the marker lines."""
    how = BestAvailableEncryption(b"passphrase") if sealed else NoEncryption()
    text = rsa_2048.private_bytes(Encoding.PEM, form, how).decode()
    squeezed = "".join(text.split())
    assert any(sign in squeezed for sign in PRIVATE_SIGNS)
    bare = "".join(line for line in text.splitlines() if ":" not in line and "-----" not in line)
    if not (sealed and form == PrivateFormat.TraditionalOpenSSL):  # nothing but random bytes is left of that one
        assert any(sign in bare for sign in PRIVATE_SIGNS)
