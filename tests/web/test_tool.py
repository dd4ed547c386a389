"""What has to log in: asked first, kept as a fact of the walk, and what follows from it at the steps."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.in_sight import words_in_sight
from tests.web.page_client import PageClient
from tests.web.walking import carrying, told
from wizard.handover import TOOLS

CLIENTS = {tool.client for tool in TOOLS}


def start(client: PageClient, tool: str) -> str:
    """Press the tile of a tool on the start page, and return the address that it leads to."""
    page = client.visit("/")
    return client.visit(str(page.one(f'[data-tool="{tool}"]')["href"]), referrer=page.url).path


def test_the_start_page_asks_what_has_to_log_in_and_every_client_is_one_click_away(client: PageClient) -> None:
    page = client.visit("/")
    assert "What has to log in?" in page.text
    assert {tile.get_text() for tile in page.all("[data-tool]")} == CLIENTS
    assert len(page.all("[data-tool]")) == len(CLIENTS), "each of them once"
    assert page.text_at(".tool-group > dt") == "BI and SaaS forms"


def test_one_click_begins(client: PageClient) -> None:
    assert start(client, "dbt") == "/steps/account"
    page = client.visit("/steps/account")
    assert "dbt" in page.text_at(".progress-row:last-child"), "it stands in the list of steps"
    assert page.text_at("main .for-tool") == "For dbt · Change the tool"
    assert page.follow("Change the tool").heading == "Log in to Snowflake with a key pair"


def test_who_does_not_know_yet_begins_without_a_tool(client: PageClient) -> None:
    page = client.visit("/").follow("Begin")
    assert page.step == "account"
    assert not page.headers.getlist("Set-Cookie") or "dbt" not in page.client.cookie
    assert page.text_at(".progress-row:last-child") == "7 Put it to work – not open yet"


def test_the_start_page_is_short(client: PageClient, practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    come_back = carrying(practice_app, told("register", rsa_2048).with_tool("dbt"))
    for visitor in (client, PageClient(practice_app), come_back):
        assert len(words_in_sight(visitor.visit("/"))) <= 150


def test_somebody_who_comes_back_can_choose_another_tool_and_goes_on_where_they_were(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = carrying(app, told("register", rsa_2048).with_tool("dbt"))
    page = client.visit("/")
    assert page.one("[aria-current=true]").get_text() == "dbt"
    assert "Something other than dbt has to log in" in page.text
    assert start(client, "tableau") == "/steps/register"
    assert "Tableau" in client.visit("/").text_at(".progress-row:last-child")


def test_a_tool_that_is_not_ours_is_not_found(client: PageClient) -> None:
    assert client.visit("/begin/teleprinter").status == 404


def test_a_tool_of_a_newer_release_is_kept_and_not_named(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = carrying(app, told("key", rsa_2048).with_tool("teleprinter")).visit("/steps/key")
    assert page.text_at(".progress-row:last-child") == "7 Put it to work – not open yet"


@pytest.mark.parametrize("tool", ["spark", "stackone", "go"])
def test_a_tool_that_opens_no_passphrase_says_so_before_the_key_is_made(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, tool: str
) -> None:
    page = carrying(app, told("key", rsa_2048).with_tool(tool)).visit("/steps/key")
    assert "can’t open a key with a passphrase" in page.text
    assert "the last page has the command that writes a copy without it" in page.text
    assert page.one("#browser-key-plain").has_attr("checked")
    assert page.one("[data-part=passphrase]").has_attr("hidden")


def test_a_tool_that_opens_a_passphrase_is_offered_one(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    for tool in ("", "dbt"):
        page = carrying(app, told("key", rsa_2048).with_tool(tool)).visit("/steps/key")
        assert not page.one("#browser-key-plain").has_attr("checked")
        assert "has no field for one" not in page.text


def test_where_a_tool_may_have_no_field_for_a_passphrase_the_key_gets_one_all_the_same(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = carrying(app, told("key", rsa_2048).with_tool("airbyte")).visit("/steps/key")
    assert "Give the key a passphrase, even if Airbyte has no field for one: the last page has the command" in page.text
    handover = carrying(app, told("handover", rsa_2048).with_tool("airbyte")).visit("/steps/handover")
    assert "openssl pkcs8 -topk8 -nocrypt" in handover.copied("airbyte-plain-shell")


def test_a_tool_that_runs_by_itself_is_offered_a_service_user(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("user", rsa_2048).with_tool("airflow"))
    page = client.visit("/steps/user")
    assert page.text_at("details:has([data-copy=service-user-sql]) > summary") == (
        "Airflow runs by itself: give it a service user"
    )
    client.visit("/steps/user").fill("username", "svc_airflow").press("Continue")
    assert client.visit("/steps/user").copied("service-user-sql") == "CREATE USER SVC_AIRFLOW TYPE = SERVICE;"


def test_role_warehouse_and_network_policy_are_not_guessed_and_can_be_said(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = carrying(app, told("user", rsa_2048)).visit("/steps/user")
    statement = page.copied("service-user-sql")
    assert not any(word in statement for word in ("ROLE", "WAREHOUSE", "POLICY"))
    assert page.link("Say its role, warehouse, purpose and owner") == "/service-user"
    assert "Should it be a person or a service user?" in page.text
