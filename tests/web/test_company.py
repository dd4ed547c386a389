"""A company's own wizard: what its settings say stands on every page, and the policy of the pages stays as it is."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.conftest import MakeApp
from tests.web.page_client import PageClient
from tests.web.walking import carrying, told

WITHOUT_TOKEN = {"csrf"}  # the administrator's page needs no cookie, and sets none
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><path d="M0 0h120v40z"/></svg>'


@pytest.fixture(scope="module")
def company(make_app: MakeApp, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    logo = tmp_path_factory.mktemp("company") / "logo.svg"
    logo.write_text(SVG)
    return make_app(
        WIZARD_TITLE="Keys <at> Example & Co", WIZARD_SUPPORT="#data-platform", WIZARD_ACCENT="#7a1f5c",
        WIZARD_LOGO=str(logo), WIZARD_USUAL_ROLE="key_admins", WIZARD_LINK_DAYS="2",
    )  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/steps/account", "/how-it-works", "/no-such-page"])
def test_every_page_says_whose_wizard_it_is_and_whom_to_ask(company: Flask, path: str) -> None:
    page = PageClient(company).visit(path)
    assert page.one(".masthead-name").get_text() == "Keys <at> Example & Co"
    assert page.title.endswith(" – Keys <at> Example & Co")
    assert "Questions? #data-platform" in page.one("footer").get_text()
    assert "Keys <at> Example & Co is a Snowflake key pair wizard." in page.one("footer").get_text()


def test_the_logo_has_its_size_and_comes_from_the_wizard_itself(company: Flask) -> None:
    logo = PageClient(company).visit("/").one("img.masthead-logo")
    assert (logo["width"], logo["height"], logo["alt"]) == ("120", "40", "")
    answer = company.test_client().get(str(logo["src"]))
    assert (answer.text, answer.headers["Content-Type"]) == (SVG, "image/svg+xml; charset=utf-8")
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_accent_is_a_small_sheet_of_its_own_behind_the_wizards(company: Flask, app: Flask) -> None:
    sheets = [str(link["href"]) for link in PageClient(company).visit("/").all("link[rel=stylesheet]")]
    assert [sheet.rpartition("/")[2] for sheet in sheets] == ["app.css", "accent.css"]
    sheet = company.test_client().get(sheets[1])
    assert "--accent: light-dark(#7a1f5c, #" in sheet.text
    assert len(sheet.data) < 400
    assert len(PageClient(app).visit("/").all("link[rel=stylesheet]")) == 1


def test_without_settings_a_page_names_nobody(app: Flask) -> None:
    page = PageClient(app).visit("/")
    assert page.one(".masthead-name").get_text() == "Key pair wizard for Snowflake"
    assert "Questions?" not in page.text
    assert not page.all("img")


def test_a_support_line_that_is_an_address_is_a_link(make_app: MakeApp) -> None:
    page = PageClient(make_app(WIZARD_SUPPORT="https://wiki.example/keys")).visit("/")
    assert page.one("footer a")["href"] == "https://wiki.example/keys"


def test_the_administrators_page_says_whose_it_is_and_begins_with_the_usual_role(
    company: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    asker = carrying(company, told("register", rsa_2048))
    made = asker.visit("/steps/register").press("Write the message")
    assert "Good for 2 days" in made.text
    page = PageClient(company).visit(made.copied("share-link"), unchecked=WITHOUT_TOKEN)
    assert "This page is of Keys <at> Example & Co, the Snowflake key pair wizard at localhost." in " ".join(
        page.one("main").get_text().split()
    )
    assert "Questions? #data-platform" in page.one("main").get_text()
    assert "USE ROLE KEY_ADMINS;" in page.text


@pytest.mark.parametrize(("days", "lives"), [(1, True), (2, True), (4, False)])
def test_a_link_lives_as_long_as_the_company_says(
    company: Flask, rsa_2048: rsa.RSAPrivateKey, days: int, lives: bool
) -> None:
    made = carrying(company, told("register", rsa_2048)).visit("/steps/register").press("Write the message")
    now = company.extensions["clock"]
    company.extensions["clock"] = lambda: now() + days * 86_400
    try:
        assert PageClient(company).visit(made.copied("share-link"), unchecked=WITHOUT_TOKEN).status == (
            200 if lives else 410
        )
    finally:
        company.extensions["clock"] = now


def test_a_png_logo_is_told_by_its_content(make_app: MakeApp, tmp_path: Path) -> None:
    file = tmp_path / "logo"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 64, 32) + bytes(20))
    logo = PageClient(make_app(WIZARD_LOGO=str(file))).visit("/").one("img.masthead-logo")
    assert (str(logo["src"])[-8:], logo["width"], logo["height"]) == ("logo.png", "64", "32")


def test_a_note_stands_on_the_start_page(make_app: MakeApp) -> None:
    client = PageClient(make_app(WIZARD_NOTE="New service users take a <day>."))
    assert "New service users take a <day>." in client.visit("/").text


# --- service users ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def named(make_app: MakeApp) -> Flask:
    return make_app(WIZARD_SERVICE_USERS="APP_??_*, ROBOT_*", WIZARD_SERVICE_USERS_WHY="The platform team makes them.")


def test_a_tool_that_runs_by_itself_takes_only_a_service_user(named: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(named, told("user", rsa_2048, tool="airflow"))
    refused = client.visit("/steps/user").fill("username", "jane").press("Continue")
    assert (refused.status, refused.value("username")) == (422, "jane")
    assert "runs by itself, so it logs in as a service user" in refused.error("username")
    assert "named APP_??_* or ROBOT_*. The platform team makes them." in refused.error("username")
    assert refused.fill("username", "robot_etl").press("Continue").step == "key"


def test_a_person_with_another_tool_may_be_anybody(named: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(named, told("user", rsa_2048, tool="python-connector"))
    assert client.visit("/steps/user").fill("username", "jane").press("Continue").step == "key"


def test_the_statement_that_makes_a_service_user_has_a_name_that_fits(
    named: Flask, app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    ours = carrying(named, told("user", rsa_2048)).visit("/steps/user")
    assert "CREATE USER APP_XX_MY_TOOL" in ours.copied("service-user-sql")
    assert "The platform team makes them." in ours.one("main").get_text()
    assert "SVC_MY_TOOL" in carrying(app, told("user", rsa_2048)).visit("/steps/user").copied("service-user-sql")
