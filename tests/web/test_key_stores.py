"""The page of the secret stores: open to everybody, and filled in for who comes from the walk."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.in_sight import words_in_sight
from tests.web.page_client import PageClient
from tests.web.walking import arrive, carrying, told


def test_the_page_is_open_without_a_walk_and_says_that_the_name_is_an_example(client: PageClient) -> None:
    page = client.visit("/key-stores")
    assert page.heading == "Keep the key in a secret store"
    assert len(words_in_sight(page)) <= 80
    assert "the wizard doesn’t know yours yet" in page.text
    assert not page.all("details.way[open]")


def test_the_hand_over_leads_there_and_the_names_are_made_of_the_user(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "handover", rsa_2048, user="SVC_ETL", tool="dbt").follow("The commands for your store")
    assert page.path == "/key-stores"
    assert page.copied("azure-store") == (
        "az keyvault secret set --vault-name MY-VAULT --name snowflake-svc-etl --encoding utf-8 --output none "
        '--file "$HOME"/.snowflake/keys/rsa_key.p8'
    )
    assert page.follow("Back to your tool").path == "/steps/handover"


def test_the_store_of_the_chosen_tool_stands_first_and_open(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = carrying(app, told("handover", rsa_2048, tool="github-actions")).visit("/key-stores")
    [opened] = page.all("details.way[open]")
    assert "GitHub Actions" in opened.get_text()
    assert opened == page.all("details.way")[0]
    assert "GitHub gives no secret back" in opened.get_text()


def test_the_receipt_leads_there(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = carrying(app, told("handover", rsa_2048)).visit("/done").follow("Put it into a secret store")
    assert page.path == "/key-stores"


def test_the_page_says_which_commands_were_run(client: PageClient) -> None:
    page = client.visit("/key-stores")
    assert "The wizard’s tests run the commands of AWS Secrets Manager with the real client" in page.text
