"""The whole walk, from the start page to files to put to work, in each of the ways that there are."""

from __future__ import annotations

import base64
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from tests.web.walking import fingerprint, private_pem, public_base64, public_pem, row_by_row, worksheet
from wizard.checks.runner import CHECKS as LIVE_TEST

CHECKS = [check.name for check in LIVE_TEST]
PASSPHRASE = "correct horse battery 7"


def to_the_key(client: PageClient, htmx: bool) -> Page:
    page = client.visit("/").follow("Begin")
    page = page.fill("account", "practice-snowflake").press("Continue", htmx=htmx)
    assert page.heading == "Which user will log in?"
    page = page.fill("username", "jane").press("Continue", htmx=htmx)
    assert page.heading == "Where does the key pair come from?"
    return page


def take_key(page: Page, way: str, key: rsa.RSAPrivateKey) -> tuple[Page, rsa.RSAPrivateKey, str]:
    """Take a key in one of the four ways; return the page after it, the private key, and its passphrase."""
    client = page.client
    if way == "server":
        saved = page.choose("source", "server").fill("passphrase", PASSPHRASE).press_in("#key-form", "Continue")
        assert saved.filename == "rsa_key.p8"
        made = serialization.load_pem_private_key(saved.body, PASSPHRASE.encode())
        assert isinstance(made, rsa.RSAPrivateKey)
        return client.visit("/steps/key").follow("Continue with this key"), made, PASSPHRASE
    if way == "upload":
        page.choose("source", "upload").attach("private_key", private_pem(key, PASSPHRASE))
        return page.fill("passphrase", PASSPHRASE).press_in("#key-form", "Continue"), key, PASSPHRASE
    if way == "public":
        return (
            page.choose("source", "public").fill("public_key", public_pem(key)).press_in("#key-form", "Continue"),
            key,
            "",
        )
    csrf = str(page.one("#browser-key-form [name=csrf_token]")["value"])
    fields = [("csrf_token", csrf), ("source", "browser"), ("public_key", public_base64(key))]
    return client.send("POST", "/steps/key", fields), key, ""


def run_test(page: Page, way: str, key: rsa.RSAPrivateKey, passphrase: str, htmx: bool) -> Page:
    if way != "browser":
        page.fill("passphrase", passphrase).attach("private_key", private_pem(key, passphrase))
        return page.press_in("#test-form", "Test with this file", htmx=htmx)
    now, subject = int(time.time()), "PRACTICE-SNOWFLAKE.JANE"
    claims = {"iss": f"{subject}.{fingerprint(key)}", "sub": subject, "iat": now, "exp": now + 60}
    csrf = str(page.one("#browser-test-form [name=csrf_token]")["value"])
    fields = [("csrf_token", csrf), ("token", jwt.encode(claims, key, "RS256")), ("browser_clock", str(now))]
    return page.client.send("POST", "/steps/test", fields, htmx=htmx)


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("way", ["browser", "server", "upload", "public"])
def test_the_walk_ends_with_a_connection_that_is_proved(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, way: str, htmx: bool
) -> None:
    client = PageClient(practice_app)
    page, key, passphrase = take_key(to_the_key(client, htmx), way, rsa_2048)
    assert page.path == "/steps/register"
    assert page.copied("fingerprint") == fingerprint(key)

    ran = worksheet(client, page.copied("register-sql") + "\n" + "DESC USER JANE;")
    assert "Statement executed successfully." in ran.text
    page = page.press("I’ve run it", htmx=htmx)
    answer = worksheet(client, page.copied("desc-user-sql"))
    page = page.fill("desc_user", answer.copied("result-1")).press("Compare", htmx=htmx)

    last = client.visit("/steps/test")
    assert last.path == "/steps/test", page.text
    tested = row_by_row(run_test(last, way, key, passphrase, htmx))[-1]
    assert (tested.verdict, tested.checks) == ("passed", dict.fromkeys(CHECKS, "passed"))
    page = client.visit("/steps/handover")
    assert "Snowflake let JANE in" in page.text
    assert page.follow("Download files.zip").filename == "files.zip"
    states = [str(row["class"]) for row in page.all(".progress-row")]
    assert ["progress-done" in state for state in states] == [True] * (len(states) - 1) + [False]
    assert "PRIVATE" not in client.cookie


def test_an_administrator_walks_along_by_the_link(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = PageClient(practice_app)
    page, _, _ = take_key(to_the_key(client, False), "public", rsa_2048)
    link = page.fill("note", "Jane of the data team").press("Write the message").copied("share-link")
    refused = worksheet(client, page.copied("alter-user-sql"), "JANE")
    assert "Insufficient privileges" in refused.text

    administrator = PageClient(practice_app)
    shared = administrator.visit(link, unchecked={"csrf"})
    assert shared.copied("fingerprint") == fingerprint(rsa_2048)
    assert "Jane of the data team" in shared.text
    ran = worksheet(
        administrator,
        "\n".join(shared.copied(name) for name in ("show-grants-sql", "role-sql", "alter-user-sql", "desc-user-sql")),
    )
    described = [tag.get_text() for tag in ran.all("[data-copy]")][-1]
    done = shared.fill("desc_user", described).press("Check the user", unchecked={"csrf"})
    assert (done.status, "Snowflake holds the key" in done.text) == (200, True)

    page.press("I’ve run it").press("Skip this check")
    assert run_test(client.visit("/steps/test"), "public", rsa_2048, "", False).verdict == "passed"


def test_the_token_command_works_with_a_real_openssl(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, tmp_path
) -> None:
    import subprocess

    from tests.web.walking import practising

    client = practising(practice_app, "test", rsa_2048)
    page = client.visit("/steps/test")
    (tmp_path / "rsa_key.p8").write_bytes(private_pem(rsa_2048))
    ran = subprocess.run(
        ["sh", "-c", page.copied("token-command")], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert base64.urlsafe_b64decode(ran.stdout.split(".")[0] + "==").startswith(b'{"alg":"RS256"')
    client.watch(ran.stdout.strip())
    assert page.fill("token", ran.stdout).press("Test with this token").verdict == "passed"


def test_back_and_change_reopens_only_what_depends_on_it(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = PageClient(practice_app)
    page, _, _ = take_key(to_the_key(client, False), "public", rsa_2048)
    page.press("I’ve run it").press("Skip this check")
    assert client.visit("/steps/test").follow("Back").path == "/steps/verify"
    changed = client.visit("/steps/user").fill("username", "SVC_ETL").press("Continue")
    assert changed.path == "/steps/register", "the key is still known; the statement has not run for this user"
    back = client.visit("/steps/user").fill("username", "JANE").press("Continue")
    assert back.path == "/steps/test"


def test_two_tabs_with_different_answers_end_with_the_later_one(app: Flask) -> None:
    client = PageClient(app)
    one, two = client.visit("/steps/account"), client.visit("/steps/account")
    one.fill("account", "myorg-first").press("Continue")
    two.fill("account", "myorg-second").press("Continue")
    assert client.visit("/steps/user").fact("account-claim") == "MYORG-SECOND"


def test_a_form_posted_twice_does_no_harm(app: Flask) -> None:
    client = PageClient(app)
    page = client.visit("/steps/account").fill("account", "myorg-first")
    assert [page.press("Continue").path, page.press("Continue").path] == ["/steps/user", "/steps/user"]


def test_an_old_page_from_the_back_button_still_works(app: Flask) -> None:
    client = PageClient(app)
    account = client.visit("/steps/account")
    user = account.fill("account", "myorg-first").press("Continue")
    user.fill("username", "jane").press("Continue")
    again = account.fill("account", "myorg-other").press("Continue")
    assert again.path == "/steps/key", "the user is still answered"
    assert "MYORG-OTHER" in again.text_at(".progress")


@pytest.mark.parametrize("slug", ["user", "key", "register", "verify", "test", "handover"])
def test_a_step_that_is_not_open_leads_to_the_one_to_do(app: Flask, slug: str) -> None:
    client = PageClient(app)
    assert client.visit(f"/steps/{slug}").redirects == ("/steps/account",)
    csrf = str(client.visit("/steps/account").all("[name=csrf_token]")[0]["value"])
    assert client.send("POST", f"/steps/{slug}", [("csrf_token", csrf)]).redirects == ("/steps/account",)


def test_htmx_is_told_where_a_redirect_has_ended(app: Flask) -> None:
    client = PageClient(app)
    page = client.visit("/steps/handover", htmx=True)
    assert page.fragment
    assert page.headers["HX-Push-Url"] == "/steps/account"
    assert page.title == "Which Snowflake account?"
