"""The verify page: whatever shape DESC USER comes in, the key is found, or it is said what was found instead."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page
from tests.web.walking import arrive, carrying, fingerprint, table, told


def paste(page: Page, text: str) -> Page:
    return page.fill("desc_user", text).press("Compare")


@pytest.mark.parametrize("button", ["Compare", "Skip this check"])
def test_an_answer_to_a_page_of_another_user_is_not_taken(app: Flask, rsa_2048: rsa.RSAPrivateKey, button: str) -> None:
    page = arrive(app, "verify", rsa_2048)
    page.client.visit("/steps/user").fill("username", "BOB").press("Continue").press("I’ve run it")
    answer = page.press(button)
    assert (answer.status, answer.path) == (422, "/steps/verify")
    assert "changed in another tab: this is for BOB" in answer.alert


def rows_of(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def as_csv(text: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows_of(text))
    return out.getvalue()


def as_json(text: str) -> str:
    head, *rows = rows_of(text)
    return json.dumps([dict(zip(head, row, strict=True)) for row in rows])


def as_box(text: str) -> str:
    rows = rows_of(text)
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([rule, lines[0], rule, *lines[1:], rule])


SHAPES: dict[str, Callable[[str], str]] = {"grid": str, "csv": as_csv, "json": as_json, "box": as_box}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("slot", ["1", "2"])
def test_the_key_is_found_in_either_slot_in_every_shape(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, shape: str, slot: str
) -> None:
    row = "RSA_PUBLIC_KEY_FP" if slot == "1" else "RSA_PUBLIC_KEY_2_FP"
    text = SHAPES[shape](table(**{row: fingerprint(rsa_2048)}))
    page = paste(arrive(app, "verify", rsa_2048), text)
    assert page.redirects == ("/steps/test",)
    assert f"Snowflake holds the key in slot {slot}" in page.text_at(".progress")
    assert f"Snowflake holds this key in slot {slot}" in page.client.visit("/steps/verify").text


def test_the_fingerprint_alone_is_enough(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = paste(arrive(app, "verify", rsa_2048), f" {fingerprint(rsa_2048)}\n")
    assert page.redirects == ("/steps/test",)


def test_another_key_is_shown_beside_ours_with_the_difference_marked(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    text = table(RSA_PUBLIC_KEY_FP=fingerprint(other_rsa_2048))
    page = paste(arrive(app, "verify", rsa_2048), text)
    assert (page.status, page.step) == (422, "verify")
    assert page.title.startswith("Error: ")
    assert "Another key is there" in page.alert
    assert page.causes[0] == "key-mismatch"
    shown = page.text.replace(" ", "")
    assert fingerprint(other_rsa_2048) in shown and fingerprint(rsa_2048) in shown
    assert "Different." in page.alert
    assert page.value("desc_user") == text
    assert "so this uses slot 2" in page.client.visit("/steps/register").text


def test_no_key_at_all_is_said(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = paste(arrive(app, "verify", rsa_2048), table())
    assert page.status == 422
    assert "No key is there yet" in page.alert
    assert page.causes[0] == "key-not-registered"
    assert page.client.visit("/steps/test").path == "/steps/verify"


def test_the_output_of_another_user_is_said_and_not_taken_for_ours(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    text = table(NAME="JOHN", LOGIN_NAME="JOHN", RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048), DISABLED="true")
    page = paste(arrive(app, "verify", rsa_2048), text)
    assert page.status == 422
    assert "This describes another user" in page.alert
    assert "JOHN" in page.alert
    assert "user-disabled" not in page.causes
    assert "JOHN" not in page.client.cookie


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "hello",
        "SHA256:abc",
        "User 'JANE' does not exist or not authorized.",
        "SQL access control error: Insufficient privileges to operate on user 'JANE'.",
        "<table><tr><td>RSA</td></tr></table>",
        "\x00\x01\x02",
    ],
)
def test_what_cannot_be_read_is_kept_and_explained(app: Flask, rsa_2048: rsa.RSAPrivateKey, text: str) -> None:
    page = paste(arrive(app, "verify", rsa_2048), text)
    assert (page.status, page.step) == (422, "verify")
    assert page.error("desc_user")
    assert page.value("desc_user") == text


@pytest.mark.parametrize("row", ["NAME", "LOGIN_NAME", "DEFAULT_ROLE", "DEFAULT_WAREHOUSE"])
def test_what_may_not_be_typed_does_not_come_by_this_way_either(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, row: str
) -> None:
    page = paste(arrive(app, "verify", rsa_2048), table(**{row: "JA\u3164NE"}))
    assert page.status == 422
    assert f"The value of {row} has a character that can’t be seen (U+3164 HANGUL FILLER)" in page.error("desc_user")
    page = paste(arrive(app, "verify", rsa_2048), table(**{row: "MII" + "A" * 240}))
    assert page.status == 422
    assert "private key or a token" in page.error("desc_user")


def test_a_table_of_64_kb_is_read_however_the_form_encodes_it(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    comment = "é|" * 15_000
    text = table(RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048)) + f"\nCOMMENT\t{comment}\tnull\tabout it"
    assert 32_000 < len(text.encode()) < 64 * 1024
    page = paste(arrive(app, "verify", rsa_2048), text)
    assert page.redirects == ("/steps/test",), page.error("desc_user") or page.heading


def test_a_table_larger_than_that_is_explained_at_the_box(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = paste(arrive(app, "verify", rsa_2048), table() + "\n" + "x" * 70_000)
    assert page.status == 422
    assert page.error("desc_user")


# --- what else it says ------------------------------------------------------------------------------------------------
def test_a_login_name_that_differs_is_offered_and_used(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    text = table(LOGIN_NAME="JANE@EXAMPLE.COM", RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))
    page = paste(arrive(app, "verify", rsa_2048), text)
    assert page.path == "/steps/verify", "there is something to read before going on"
    assert "login-name-differs" in page.causes
    done = page.press("Log in as JANE@EXAMPLE.COM")
    assert done.path == "/steps/test"
    assert "MYORG-MY_ACCT.JANE@EXAMPLE.COM" in done.copied("token-command")
    assert done.client.visit("/steps/register").copied("alter-user-sql").startswith("ALTER USER JANE ")
    assert "login-name-differs" not in done.client.visit("/steps/verify").causes


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ({"DISABLED": "true"}, "user-disabled"),
        ({"SNOWFLAKE_LOCK": "true"}, "user-locked"),
        ({"DAYS_TO_EXPIRY": "-1.5"}, "user-expired"),
    ],
)
def test_what_stops_the_login_is_said_before_going_on(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, rows: dict[str, str], cause: str
) -> None:
    page = paste(arrive(app, "verify", rsa_2048), table(**rows, RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048)))
    assert page.path == "/steps/verify"
    assert page.causes[0] == cause
    assert "Snowflake holds this key in slot 1" in page.text
    assert page.link("Continue to the test") == "/steps/test"
    assert page.follow("Continue to the test").step == "test"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"TYPE": "PERSON"}, "a person’s user"),
        ({"DEFAULT_ROLE": "null"}, "default role"),
        ({"DEFAULT_WAREHOUSE": "null"}, "warehouse"),
        ({"DAYS_TO_EXPIRY": "5"}, "stops being able to log in in 5 days"),
    ],
)
def test_what_is_only_worth_knowing_stands_on_the_page(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, rows: dict[str, str], words: str
) -> None:
    page = paste(arrive(app, "verify", rsa_2048), table(**rows, RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048)))
    assert page.path == "/steps/test"
    remarks = " ".join(tag.get_text(" ") for tag in page.client.visit("/steps/verify").all(".remark"))
    assert words.replace("’", "'") in remarks.replace("’", "'")


def test_markup_in_the_output_stays_text(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    name = "<img src=x onerror=alert(1)>"
    page = paste(arrive(app, "verify", rsa_2048), table(NAME=name, LOGIN_NAME=name))
    assert name in page.alert
    assert "<img" not in page.html


# --- the way round ----------------------------------------------------------------------------------------------------
def test_the_check_may_be_skipped_and_the_skip_is_visible(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "verify", rsa_2048).press("Skip this check")
    assert page.redirects == ("/steps/test",)
    assert "Skipped" in page.text_at(".progress-skipped")


def test_a_check_that_was_skipped_may_still_be_made(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("test", rsa_2048))
    page = paste(client.visit("/steps/verify"), table(RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048)))
    assert page.path == "/steps/test"
    assert not page.all(".progress-skipped")


def test_a_name_in_another_case_is_taken_over_as_snowflake_spells_it(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("verify", rsa_2048, user="Jane@Example.com"))
    text = table(NAME="jane@example.com", LOGIN_NAME="JANE@EXAMPLE.COM", RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))
    assert paste(client.visit("/steps/verify"), text).path == "/steps/test"
    assert 'ALTER USER "jane@example.com" SET' in client.visit("/steps/register").copied("alter-user-sql")


def test_a_user_whose_name_differs_in_its_capitals_alone_is_another_one(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    rows = {"NAME": "Jane", "LOGIN_NAME": "jane.doe@example.com", "RSA_PUBLIC_KEY_FP": fingerprint(rsa_2048)}
    page = paste(arrive(app, "verify", rsa_2048), table(**rows))
    assert (page.status, "This describes another user" in page.alert) == (422, True)
    assert "Capitals and small letters count" in page.alert
    assert "JANE" in page.client.visit("/steps/verify").text_at(".progress")


@pytest.mark.parametrize("name", ["EVIL\\u202eX", "A\\nB", "N" * 300])
@pytest.mark.parametrize("property_name", ["NAME", "LOGIN_NAME", "DEFAULT_ROLE"])
def test_a_description_with_a_name_that_could_not_be_typed_is_refused(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, name: str, property_name: str
) -> None:
    page = carrying(app, told("verify", rsa_2048)).visit("/steps/verify")
    rows = {"NAME": "JANE", "LOGIN_NAME": "JANE", "RSA_PUBLIC_KEY_FP": fingerprint(rsa_2048), property_name: name}
    pasted = ",".join(f'{{"property":"{key}","value":"{value}"}}' for key, value in rows.items())
    answer = page.fill("desc_user", f"[{pasted}]").press("Compare")
    assert answer.status == 422
    assert answer.client.visit("/steps/register").status == 200
