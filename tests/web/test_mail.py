"""Messages that open in a mail program: whole where the system hands on an address of that length, else shortened."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.test_share import made
from wizard.web.mail import LONGEST_ADDRESS, mail_to

SQL = "\nALTER USER JANE SET RSA_PUBLIC_KEY='" + "A" * 700 + "';"


def text_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["body"][0].replace("\r\n", "\n")


def test_a_message_that_fits_is_whole() -> None:
    text = f"Could you run this?{SQL}\nThank you"
    assert text_of(mail_to("A key", text, spare=SQL)) == text


@pytest.mark.parametrize("rest", ["é" * 250, "x" * 1500])
def test_what_can_be_spared_is_left_out_where_the_address_gets_too_long(rest: str) -> None:
    address = mail_to("A key", f"Could you run this?{SQL}\n{rest}", spare=SQL)
    assert text_of(address) == f"Could you run this?\n{rest}"
    assert len(address) <= LONGEST_ADDRESS


@pytest.mark.parametrize("letter", ["x", "é", "鍵", "\n", "🔑"])
def test_a_message_without_anything_to_spare_is_cut(letter: str) -> None:
    address = mail_to("A key", letter * 3000)
    assert LONGEST_ADDRESS - 100 < len(address) <= LONGEST_ADDRESS
    assert text_of(address).rstrip("…") == letter * (len(text_of(address)) - 1)


def test_a_subject_with_the_longest_name_leaves_room_for_the_message() -> None:
    address = mail_to("A key for " + "鍵" * 255, "Could you run this?")
    assert text_of(address) == "Could you run this?"
    assert len(address) <= LONGEST_ADDRESS


def test_the_message_about_the_largest_key_opens_in_every_mail_program(app: Flask) -> None:
    page = made(app, rsa.generate_private_key(65537, 4096), note="Für das Monatsende " * 4)
    address = str(page.one('a[href^="mailto:"]')["href"])
    assert len(address) <= LONGEST_ADDRESS < 2083  # where Windows stops
    text = text_of(address)
    assert page.copied("share-link") in text
    assert "ALTER USER" not in text and "run it yourself" not in text
    assert "ALTER USER" in page.copied("share-message"), "the button copies all of it"
