"""The handover page: fields, files and dates, filled in for this login."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.in_sight import words_in_sight
from tests.web.page_client import PageClient
from tests.web.walking import arrive, carrying, practising, private_pem, told
from wizard.handover import TOOLS, tool_named


def test_the_fields_of_a_hub_are_there_to_copy(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048, tool="hub", login_name="jane@example.com")
    copied = [tag.get_text() for tag in page.all('[data-copy^="hub-"]')]
    assert "myorg-my_acct" in copied
    assert "jane@example.com" in copied, "clients log in with LOGIN_NAME"


def test_every_tool_is_filled_in(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("handover", rsa_2048))
    for row in TOOLS:
        tool = row.slug
        text = client.visit(f"/steps/handover?tool={tool}", htmx=True).copied(tool)
        if row.key_place == "none":
            continue  # it reads the login that stands in another text
        assert "myorg-my_acct" in text.lower().replace("myorg-my-acct", "myorg-my_acct"), tool
    assert "ANALYST" in client.visit("/steps/handover?tool=connections-toml").copied("connections-toml")


def test_without_a_tool_the_page_asks_for_one_and_makes_no_text(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048)
    assert page.text_at("h2") == "1. Which tool?"
    assert not [tag for tag in page.all("[data-copy]") if tool_named(str(tag["data-copy"]))]
    href = str(page.one('[data-tool="tableau"]')["href"])
    assert href == "/steps/handover?tool=tableau"
    assert page.client.visit(href, referrer=page.url).text_at("h2") == "1. Connect Tableau"


def test_the_page_is_for_the_tool_that_was_chosen_on_the_start_page(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048, tool="dbt")
    headings = [tag.get_text() for tag in page.all("h2")]
    assert headings == ["1. Connect dbt", "2. Store the key file", "3. Try it", "4. Remember"]
    assert page.copied("dbt-proof") == "dbt debug"
    shown = {str(tag["data-copy"]) for tag in page.all("[data-copy]")}
    assert {row.slug for row in TOOLS} & shown == {"dbt"}, "no other tool's text is made"


def test_another_tool_is_one_link_away_and_is_kept(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048, tool="dbt")
    assert page.text_at(".tool-choice summary") == "Another tool"
    jdbc = page.client.visit(str(page.one('[data-tool="jdbc"]')["href"]), referrer=page.url)
    assert jdbc.copied("jdbc")
    assert page.client.visit("/steps/handover").copied("jdbc"), "it is a fact of the walk"
    assert "JDBC" in page.client.visit("/").text_at(".progress-row:last-child")
    assert page.client.visit("/steps/handover?tool=teleprinter").copied("jdbc"), "what is no tool changes nothing"


def test_the_texts_of_one_client_stand_together_the_chosen_one_first(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048, tool="config-toml")
    texts = [str(tag["data-copy"]) for tag in page.all("[data-copy]") if tool_named(str(tag["data-copy"]))]
    assert texts == ["config-toml", "connections-toml", "connections-toml-program"]
    assert not page.one('[data-copy="config-toml"]').find_parent("details")
    assert page.one('[data-copy="connections-toml"]').find_parent("details")


def test_a_tool_that_cannot_use_the_account_is_named_and_another_one_asked_for(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = arrive(app, "handover", rsa_2048, tool="terraform", account="xy12345.us-east-2.aws")
    assert "Terraform can’t use this account" in page.text_at(".panel-warning")
    assert "It asks for organization and account name apart, and a locator has neither." in page.text
    assert page.text_at("h2:not(.panel-title)") == "1. Which tool?"
    assert not page.all('[data-tool="terraform"]')
    assert page.client.visit("/handover/terraform/files.zip").status == 404


@pytest.mark.parametrize("encrypted", [None, True])
def test_the_key_file_is_moved_and_the_passphrase_handed_over_before_the_login_is_proved(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, encrypted: bool | None
) -> None:
    client = carrying(app, replace(told("handover", rsa_2048, tool="dbt"), key_encrypted=encrypted))
    page = client.visit("/steps/handover")
    copied = [str(tag["data-copy"]) for tag in page.all("[data-copy]")]
    assert copied.index("key-file-1") < copied.index("dbt-passphrase-shell") < copied.index("dbt-proof")
    assert not page.one('[data-copy="dbt-passphrase-shell"]').find_parent("details")
    assert "type the passphrase that you saved" in page.text


@pytest.mark.parametrize("slug", [row.slug for row in TOOLS if not row.practices])
def test_a_tool_that_cannot_be_tried_in_practice_has_its_page_all_the_same_and_says_why(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, slug: str
) -> None:
    client = practising(practice_app, "handover", rsa_2048)
    page = client.visit(f"/steps/handover?tool={slug}")
    tool = tool_named(slug)
    assert tool
    assert page.text_at("h1 ~ .body h2") == f"{tool.client} can’t be tried with the practice Snowflake"
    assert f"1. Connect {tool.client}" in page.text
    port = str(practice_app.extensions["practice"].client_address[1])
    assert port not in page.copied(slug), "it stands there as it would with a real account"
    assert tool.key_place == "none" or "practice" in page.copied(slug).lower()
    assert len(words_in_sight(page)) <= 200
    assert "files.zip" not in page.html and client.visit(f"/handover/{slug}/files.zip").status == 404
    assert page.text_at('[aria-current="true"][data-tool]') == tool.client, "it is found among the tools"


@pytest.mark.parametrize("encrypted", [None, True])
def test_the_page_of_every_tool_is_short_and_small(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, encrypted: bool | None
) -> None:
    client = carrying(app, replace(told("handover", rsa_2048), key_encrypted=encrypted))
    for row in (None, *TOOLS):
        page = client.visit(f"/steps/handover?tool={row.slug}" if row else "/steps/handover", htmx=True)
        assert len(words_in_sight(page)) <= 200, row
        assert len(gzip.compress(page.body)) <= 6000, row


def test_the_files_follow_the_tool(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048, tool="streamlit")
    with zipfile.ZipFile(io.BytesIO(page.follow("Download files.zip").body)) as archive:
        assert archive.namelist() == ["README.md", "secrets.toml", "app.py"]
        assert archive.read("secrets.toml").decode() == page.copied("streamlit")
        readme = archive.read("README.md").decode()
    assert "## app.py" in readme and "python -m streamlit run app.py" in readme


def test_every_tool_has_an_archive(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("handover", rsa_2048))
    for row in TOOLS:
        with zipfile.ZipFile(io.BytesIO(client.visit(f"/handover/{row.slug}/files.zip").body)) as archive:
            assert archive.testzip() is None
            assert len(archive.namelist()) >= 2
    assert client.visit("/handover/teleprinter/files.zip").status == 404


def test_the_download_holds_files_that_are_filled_in(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048).follow("Download files.zip")
    assert page.filename == "files.zip"
    with zipfile.ZipFile(io.BytesIO(page.body)) as archive:
        names = {name.rpartition("/")[2] for name in archive.namelist()}
        assert {"main.py", "requirements.txt", "README.md"} <= names
        main = next(name for name in archive.namelist() if name.endswith("main.py"))
        source = archive.read(main).decode()
    compile(source, "main.py", "exec")
    assert "myorg-my_acct" in source and "JANE" in source


def test_the_download_is_not_open_before_the_test_has_passed(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("test", rsa_2048))
    assert client.visit("/handover/python-connector/files.zip").path == "/steps/test"
    assert PageClient(app).visit("/handover/python-connector/files.zip").path == "/steps/account"


def test_the_page_says_when_to_rotate_and_how_to_tidy_up(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048, tool="dbt")
    assert "21 September 2026" in page.text
    assert page.link("rotate it") == "/rotate"
    assert "chmod 600" in page.text or "600" in page.text


def test_who_was_let_in_is_said(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048)
    assert "Snowflake let JANE in, with the role ANALYST and the warehouse COMPUTE_WH." in page.text


def test_the_practice_account_is_handed_over_with_its_own_address(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    page = client.visit("/steps/test").attach("private_key", private_pem(rsa_2048))
    page.press_in("#test-form", "Test with this file")
    host, port = practice_app.extensions["practice"].client_address
    text = client.visit("/steps/handover?tool=python-connector").copied("python-connector")
    assert str(port) in text and host in text


def test_posting_the_last_page_leads_back_to_it(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("handover", rsa_2048))
    csrf = str(client.visit("/steps/key").all("[name=csrf_token]")[0]["value"])
    assert client.send("POST", "/steps/handover", [("csrf_token", csrf)]).path == "/steps/handover"


def test_the_folder_of_the_key_is_asked_for_once_and_stands_in_every_text(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = arrive(app, "handover", rsa_2048, tool="connections-toml")
    page = page.fill("key_folder", "/srv/keys/").press("Write it into the texts")
    assert 'private_key_file = "/srv/keys/rsa_key.p8"' in page.copied("connections-toml")
    assert "/srv/keys/rsa_key.p8" in page.client.visit("/steps/handover?tool=dbt").copied("dbt")
    zipped = page.client.visit("/steps/handover?tool=python-connector").follow("Download files.zip")
    with zipfile.ZipFile(io.BytesIO(zipped.body)) as archive:
        assert 'Path("/srv/keys/rsa_key.p8")' in archive.read("main.py").decode()


def test_the_folder_of_the_key_never_stands_in_an_address(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = (
        arrive(app, "handover", rsa_2048, tool="dbt").fill("key_folder", "/srv/keys").press("Write it into the texts")
    )
    assert page.redirects == ("/steps/handover",)
    assert page.one("#key_folder")["value"] == "/srv/keys", "it is kept, and can be changed"
    assert page.link("Download files.zip") == "/handover/dbt/files.zip"
    page = page.client.visit("/steps/handover?key_folder=/srv/other")
    assert "/srv/keys/rsa_key.p8" in page.copied("dbt"), "nothing of an address is read as a folder"
    page = page.fill("key_folder", "").press("Write it into the texts")
    assert "/srv/keys" not in page.html


def test_a_folder_is_taken_from_our_own_page_only(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("handover", rsa_2048))
    assert client.send("POST", "/steps/handover", [("key_folder", "/srv/keys")]).status == 400
    assert client.visit("/steps/handover").one("#key_folder")["value"] == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("~/keys", "Give the whole path."),
        ("/srv/" + "k" * 500, "the limit here is"),
        ("/srv/\u202eyek", "can’t be seen (U+202E"),
        ("/srv/\u3164keys", "can’t be seen (U+3164"),
        ("/srv/a\u00a0b", "can’t be seen (U+00A0"),
    ],
)
def test_a_folder_that_no_text_may_carry_is_refused_and_stays_in_its_box(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, typed: str, said: str
) -> None:
    page = (
        arrive(app, "handover", rsa_2048, tool="connections-toml")
        .fill("key_folder", typed)
        .press("Write it into the texts")
    )
    assert page.status == 422
    assert said in page.error("key_folder")
    assert page.one("#key_folder")["value"] == typed
    assert typed not in page.copied("connections-toml")


def test_a_key_file_that_the_test_opened_is_known_to_have_a_passphrase(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    page = client.visit("/steps/test").attach("private_key", private_pem(rsa_2048, "a pass phrase"))
    page.fill("passphrase", "a pass phrase").press_in("#test-form", "Test with this file")
    shown = client.visit("/steps/handover?tool=snowflake-cli")
    assert "If your key file has a passphrase" not in shown.text
    assert shown.copied("snowflake-cli-passphrase-shell").startswith("IFS= read -rs PRIVATE_KEY_PASSPHRASE")
    page = client.visit("/steps/test").attach("private_key", private_pem(rsa_2048))
    page.press_in("#test-form", "Test with this file")
    assert not client.visit("/steps/handover?tool=snowflake-cli").all('[data-copy="snowflake-cli-passphrase-shell"]')


def test_a_privatelink_address_with_hyphens_is_handed_over_with_the_account_that_was_proved(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = arrive(
        app, "handover", rsa_2048, tool="connections-toml", account="myorg-my-acct.privatelink.snowflakecomputing.com"
    )
    text = page.copied("connections-toml")
    assert 'account = "myorg-my_acct"' in text
    assert 'host = "myorg-my-acct.privatelink.snowflakecomputing.com"' in text
    assert "account=myorg-my_acct;" in page.client.visit("/steps/handover?tool=odbc").copied("odbc")
