"""The doors to rotating: a page of its own, the start page, the receipt's link, and going on."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import PageClient
from tests.web.steps.test_rotation import USER, described, told_new
from tests.web.walking import practising


def test_the_start_page_leads_to_it_and_it_tells_a_leak_from_a_day_that_has_come(client: PageClient) -> None:
    page = client.visit(client.visit("/").link("Rotate a key."))
    assert (page.path, page.heading) == ("/rotate", "Rotate a key")
    assert page.link("Replace a key") == "/rotate/account"
    assert page.link("It has leaked") == "/leaked/account"


def test_who_is_under_way_goes_on_from_there_and_from_the_start_page(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "handover", rsa_2048, user=USER)
    assert client.visit("/").link("Put it to work") == "/steps/handover"
    page = client.visit("/rotate/look").fill("desc_user", described(practice_app)).press("Show me the keys")
    assert client.visit("/").link("Continue") == "/rotate/key"
    assert client.visit("/rotate").link(f"Go on with {USER}") == "/rotate/key"
    told_new(page, other_rsa_2048)
    assert client.visit("/").link("Continue") == "/rotate/register"
    page = client.visit("/leaked/look").fill("desc_user", described(practice_app)).press("Show me the keys")
    assert page.path == "/leaked/retire"
    assert client.visit("/").link("Continue") == "/leaked/retire"


def test_the_calendar_leads_to_rotating_by_the_link_of_the_receipt(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "handover", rsa_2048, user=USER)
    link = client.visit("/done/receipt.json").body.decode().split('"link": "')[1].split('"')[0]
    page = PageClient(practice_app).visit(link).press("Rotate it")
    assert page.path == "/rotate"
    assert page.link("Replace a key") == "/rotate/look", "account and user came by the link"


def test_the_hand_over_leads_to_it(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = practising(practice_app, "handover", rsa_2048, user=USER).visit("/steps/handover")
    assert page.link("rotate it") == "/rotate"


def test_a_cause_that_comes_of_rotating_leads_to_it(client: PageClient) -> None:
    assert client.visit("/causes/key-replaced").link("Rotate a key") == "/rotate"
    assert "/rotate" not in client.visit("/causes/clock-skew").links()
