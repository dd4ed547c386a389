"""Which of my files is the key in Snowflake? What the server does for it: it reads what DESC USER answered."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import PageClient
from tests.web.walking import arrive, carrying, fingerprint, private_pem, table, told


def test_without_a_walk_an_answer_of_desc_user_says_which_keys_there_are(
    client: PageClient, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = client.visit("/which-key")
    assert page.heading == "Which of my files is the key in Snowflake?"
    answered = page.fill("desc_user", table(RSA_PUBLIC_KEY_2_FP=fingerprint(rsa_2048))).press("Compare")
    assert answered.one("[data-on-user]")["data-on-user"] == fingerprint(rsa_2048)
    assert "The key in slot 2 of JANE" in answered.text
    assert not client.visit("/which-key").all("[data-on-user]"), "nothing of it is kept"


def test_named_key_pairs_and_a_bare_fingerprint_are_read_too(client: PageClient, rsa_2048: rsa.RSAPrivateKey) -> None:
    listed = f"name\tfingerprint\tstatus\nlaptop\t{fingerprint(rsa_2048)}\tACTIVE"
    page = client.visit("/which-key").fill("desc_user", listed).press("Compare")
    assert "The key as the named key pair laptop" in page.text
    assert "The key that you pasted" in page.fill("desc_user", fingerprint(rsa_2048)).press("Compare").text


def test_a_user_without_keys_and_an_unreadable_answer_are_told_so(client: PageClient) -> None:
    page = client.visit("/which-key").fill("desc_user", table()).press("Compare")
    assert "What you pasted shows no key on this user." in page.text
    refused = page.fill("desc_user", "good morning").press("Compare")
    assert refused.status == 422
    assert refused.title.startswith("Error: ")
    assert refused.all("#desc_user-error")


def test_who_comes_from_the_walk_finds_its_key_there(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = carrying(app, told("verify", rsa_2048)).visit("/which-key")
    assert page.one("[data-on-user]")["data-is"] == "the key of your walk"
    assert page.follow("Back to the check").step == "verify"


def test_the_check_leads_there_where_another_key_was_found(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = arrive(app, "verify", rsa_2048).fill("desc_user", table(RSA_PUBLIC_KEY_FP=fingerprint(other_rsa_2048)))
    there = page.press("Compare").follow("find out which of your files it is")
    assert there.path == "/which-key"
    assert {str(key["data-on-user"]) for key in there.all("[data-on-user]")} == {
        fingerprint(rsa_2048),
        fingerprint(other_rsa_2048),
    }


def test_the_pages_of_the_causes_and_of_failures_lead_there(client: PageClient) -> None:
    for cause in ("key-mismatch", "key-not-registered"):
        assert client.visit(f"/causes/{cause}").follow("Which of your files is it?").path == "/which-key"
    assert "Which of your files is it?" not in client.visit("/causes/clock-skew").text


def test_a_key_mismatch_that_was_pasted_leads_there(client: PageClient) -> None:
    page = client.visit("/troubleshoot").fill("text", "394304: JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH")
    assert page.press("Find the cause").follow("Which of your files is it?").path == "/which-key"


def test_without_scripts_openssl_shows_the_fingerprint(
    client: PageClient, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    command = client.visit("/which-key").all("[data-copy=fingerprint-command]")[0].get_text()
    (tmp_path / "rsa_key.p8").write_bytes(private_pem(rsa_2048))
    ran = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "SHA256:" + ran.stdout.strip() == fingerprint(rsa_2048)
