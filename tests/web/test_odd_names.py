"""Every page, with every name that an earlier step took: nothing fails, and every name stays what it was.

What a step stores is a value, and no page reads it once more as if it had just been typed. The whole walk is walked
here with names that are hard on quotes, templates, shells, SQL and HTML; and each form, sent as it was filled in, has
to leave everything as it was.
"""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.page_client import Page, PageClient
from tests.web.walking import carrying, fingerprint, public_pem
from wizard.journey import STORED_JOURNEY, Journey
from wizard.practice.sql.reader import read_statements

BRACES = {"leftovers"}  # a name may hold the braces of a template
WITHOUT_TOKEN = BRACES | {"csrf"}  # the administrator's page needs no cookie, and sets none

NAMES = [
    '""""""',
    "\"''\"",
    '"“”"',
    "'",
    '" jane "',
    "{{ config }}{% raw %}{#",
    "</textarea><script>alert(1)</script>&amp;",
    "\\'; DROP USER x; --",
    "$(id)`id`%PATH%${HOME}",
    "None",
    "\u0301שלום",
    '"' + '""' * 255 + '"',
    "mii" + "a" * 252,
]


def pressed(page: Page, button: str, form: str = "") -> Page:
    return page.press_in(form, button, unchecked=BRACES)


def visited(client: PageClient, slug: str) -> Page:
    page = client.visit(f"/steps/{slug}", unchecked=BRACES)
    assert (page.status, page.path) == (200, f"/steps/{slug}")
    return page


def journey_of(client: PageClient) -> Journey:
    """Return what the wizard has been told, as its cookie carries it."""
    return STORED_JOURNEY.read(json.loads(client.cookie)["journey"])


def sent_unchanged(client: PageClient, slug: str, button: str, form: str = "") -> Page:
    """Send a form as it was filled in, and find the same answers behind it."""
    before = journey_of(client)
    answered = pressed(visited(client, slug), button, form)
    assert answered.status == 200, answered.alert
    assert journey_of(client) == before
    return answered


def the_name(statement: str, place: int) -> str:
    """Return the name that is the token at ``place`` of the only statement in a text, as Snowflake would read it."""
    (read,) = read_statements(statement)
    assert read.tokens[place].kind in ("word", "quoted")
    return read.tokens[place].value


def description(**properties: str) -> str:
    """Return DESC USER output as JSON, the one form in which every name arrives exactly."""
    return json.dumps([{"property": name, "value": value} for name, value in properties.items()])


def refused(page: Page, field: str) -> bool:
    """Say whether what was typed into a field was refused; then it is explained there."""
    assert (page.status == 422) == bool(page.error(field))
    return page.status == 422


def walk(app: Flask, key: rsa.RSAPrivateKey, name: str, login: str, role: str, note: str) -> None:
    client = PageClient(app)
    page = client.visit("/steps/account").fill("account", "myorg-my_acct").press("Continue")
    sent_unchanged(client, "account", "Continue")
    if refused(pressed(page.fill("username", name), "Continue"), "username"):
        return
    user = journey_of(client).user_name
    refused(pressed(visited(client, "user").fill("login_name", login), "Continue"), "login_name")
    page = sent_unchanged(client, "user", "Continue")

    pressed(page.choose("source", "public").fill("public_key", public_pem(key)), "Continue", "#key-form")
    sent_unchanged(client, "key", "Continue", "#key-form")

    page = sent_unchanged(client, "register", "Show the statements for this")
    chosen = pressed(page.fill("role", role).choose("slot", "2"), "Show the statements for this")
    if not refused(chosen, "role") and role.strip():
        assert the_name(chosen.copied("role-sql"), 2) == journey_of(client).role
    page = sent_unchanged(client, "register", "Show the statements for this")
    assert the_name(page.copied("alter-user-sql"), 2) == user

    shared = pressed(page.fill("note", note), "Write the message")
    if refused(shared, "note"):
        shared = pressed(visited(client, "register"), "Write the message")
    shown = PageClient(app).visit(shared.copied("share-link"), unchecked=WITHOUT_TOKEN)
    for copied, place in {"alter-user-sql": 2, "desc-user-sql": 2, "show-grants-sql": 4}.items():
        assert the_name(shown.copied(copied), place) == user
    rows = description(
        NAME=user, LOGIN_NAME=login, DEFAULT_ROLE=role, DEFAULT_WAREHOUSE=note, RSA_PUBLIC_KEY_2_FP=fingerprint(key)
    )
    assert shown.fill("desc_user", rows).press("Check the user", unchecked=WITHOUT_TOKEN).status in (200, 422)

    page = pressed(visited(client, "register"), "They say it’s done")
    assert the_name(page.copied("desc-user-sql"), 2) == user
    assert pressed(page.fill("desc_user", rows), "Compare").status in (200, 422)
    if not journey_of(client).key_was_seen:
        pressed(visited(client, "verify"), "Skip this check")
    assert visited(client, "test").copied("token-command")

    # Nobody here lets this user in, so the evidence of a passed test is put where the test would have put it.
    tested = journey_of(client).with_tested({"user": user, "role": role, "warehouse": note})
    client = carrying(app, tested)
    for slug in ("hub", "connections-toml", "python-connector"):  # tests/handover has every text with odd names
        handed = client.visit(f"/steps/handover?tool={slug}", unchecked=BRACES)
        assert handed.copied(slug)
    handed = pressed(handed.fill("key_folder", f"/{name}/keys"), "Write it into the texts")
    if not refused(handed, "key_folder"):
        sent_unchanged(client, "handover", "Write it into the texts")
    files = client.visit("/handover/python-connector/files.zip")
    assert zipfile.ZipFile(io.BytesIO(files.body)).testzip() is None
    for slug in ("user", "key", "register", "verify", "test"):
        visited(client, slug)


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_name_goes_the_whole_way_or_is_refused_where_it_was_typed(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, name: str
) -> None:
    walk(app, rsa_2048, name, login=name, role=name, note=name)


_names = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="aA1_$\"'“”„‘’\\/*-;.@=(){}%<>& \u00a0\u3164\ufe0f\u0301\u202e", max_size=40),
    st.text(max_size=100).map(lambda name: '"' + name.replace('"', '""') + '"'),
)


@settings(max_examples=max(8, settings().max_examples // 5))  # each example is a walk of forty pages
@given(_names, _names, _names, _names)
def test_any_names_go_the_whole_way_or_are_refused_where_they_were_typed(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, name: str, login: str, role: str, note: str
) -> None:
    walk(app, rsa_2048, name, login, role, note)


@pytest.mark.parametrize(
    "pasted",
    [
        "https://myorg-my-acct.snowflakecomputing.cn/",
        "https://my_loc.eu-west-1.snowflakecomputing.com",
        "https://myorg-acct.us-east-1.snowflakecomputing.com",
        "xy12345.snowflakecomputing.com",
        "xy12345.privatelink.snowflakecomputing.com",
        "acme-x1y2.global",
        "jdbc:snowflake://myorg-acct.snowflakecomputing.com/?account=xy12345",
        "jdbc:snowflake://xy12345.eu-west-1.snowflakecomputing.com/?account=myorg-my_acct",
        "XY12345\tAWS_EU_SOUTH_9",
    ],
)
def test_every_kind_of_account_comes_back_as_itself(client: PageClient, pasted: str) -> None:
    assert client.visit("/steps/account").fill("account", pasted).press("Continue").path == "/steps/user"
    sent_unchanged(client, "account", "Continue")
