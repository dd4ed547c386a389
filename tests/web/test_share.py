"""The link for the administrator: explains itself, changes nothing, and can't be bent."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from tests.web.walking import arrive, carrying, fingerprint, practising, private_pem, public_base64, table, told

WITHOUT_TOKEN = {"csrf"}  # a CSRF token would set a cookie, and the form changes nothing
DAY = 24 * 60 * 60


def made(app: Flask, key: rsa.RSAPrivateKey, note: str = "", **answers: str) -> Page:
    return arrive(app, "register", key, **answers).fill("note", note).press("Write the message")


def opened(app: Flask, key: rsa.RSAPrivateKey, note: str = "", **answers: str) -> Page:
    link = made(app, key, note, **answers).copied("share-link")
    return PageClient(app).visit(link, unchecked=WITHOUT_TOKEN)


def test_the_link_comes_with_a_message_and_the_fingerprint(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = made(app, rsa_2048)
    link = page.copied("share-link")
    assert link.startswith("http://localhost/share/")
    assert "?" not in link
    message = page.copied("share-message")
    assert link in message
    assert fingerprint(rsa_2048) in message
    assert f"USE ROLE SECURITYADMIN;\nALTER USER JANE SET RSA_PUBLIC_KEY='{public_base64(rsa_2048)}';" in message
    account = "MYORG-MY_ACCT (myorg-my-acct.snowflakecomputing.com)"
    assert message.startswith(f"Could you set a key for JANE in the Snowflake account {account}? It is for a program,")
    assert "have me read you the words" in message.lower(), "that they stand in it is no comparison"
    assert page.link("I have sent it") == "/steps/register"
    assert parse_qs(urlsplit(page.link("Open in e-mail")).query)["body"] == [message.replace("\n", "\r\n")]


@pytest.mark.parametrize("note", ["", "Ticket DATA-1234", "x" * 80, "Ä" * 80])
def test_a_link_has_450_characters_at_most_and_the_message_the_whole_note(
    make_app, rsa_2048: rsa.RSAPrivateKey, note: str
) -> None:
    app = make_app(WIZARD_PUBLIC_URL="https://keypair.data.example.com")
    client = carrying(app, told("register", rsa_2048), base_url="https://keypair.data.example.com")
    page = client.visit("/steps/register").fill("note", note).press("Write the message")
    assert 400 < len(page.copied("share-link")) <= 450
    assert len(page.copied("resume-link")) <= 450
    assert note in page.copied("share-message")


def test_the_link_begins_with_the_public_address(make_app, rsa_2048: rsa.RSAPrivateKey) -> None:
    app = make_app(WIZARD_PUBLIC_URL="https://keys.example")
    client = carrying(app, told("register", rsa_2048), base_url="https://keys.example")
    page = client.visit("/steps/register").press("Write the message")
    assert page.copied("share-link").startswith("https://keys.example/share/")


def test_it_shows_what_is_asked_and_warns(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = opened(app, rsa_2048, "Jane, data team")
    assert page.fact("shared-user") == "JANE"
    assert page.fact("account-host") == "myorg-my-acct.snowflakecomputing.com"
    assert page.copied("fingerprint") == fingerprint(rsa_2048)
    assert public_base64(rsa_2048) in page.copied("alter-user-sql")
    assert page.copied("show-grants-sql") == "SHOW GRANTS TO USER JANE;"
    assert "not verified" in page.text and "Jane, data team" in page.text
    assert page.copied("undo-sql") == "ALTER USER JANE UNSET RSA_PUBLIC_KEY;"
    assert "key pair wizard at localhost" in page.text
    assert "Whoever holds this key can log in as JANE" in page.text


def test_the_account_and_the_user_are_in_the_first_sentence(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    first = opened(app, rsa_2048).one(".lede").get_text()
    assert "as JANE to MYORG-MY_ACCT, at myorg-my-acct.snowflakecomputing.com" in first


def test_the_six_words_and_the_reason_stand_above_the_statement_when_it_comes(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = (
        opened(app, rsa_2048, "Ticket OPS-123")
        .fill("desc_user", table())
        .press("Check the user", unchecked=WITHOUT_TOKEN)
    )
    asked = f"have them read you the key’s six words on the telephone: {page.copied('key-words')}"
    before = page.text.partition("USE ROLE")[0]
    assert asked in before and "OPS-123" in before and "MYORG-MY_ACCT" in before
    assert page.copied("register-sql").endswith("\nDESC USER JANE;"), "one run gives the answer to paste back"


def test_a_message_about_practice_says_so(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = practising(practice_app, "register", rsa_2048).visit("/steps/register").press("Write the message")
    assert page.copied("share-message").startswith("Practice: run nothing of this in a real account.\n")


def test_opening_it_sets_no_cookie_and_needs_none(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = opened(app, rsa_2048)
    assert not page.headers.getlist("Set-Cookie")
    compared = page.fill("desc_user", table()).press("Check the user", unchecked=WITHOUT_TOKEN)
    assert not compared.headers.getlist("Set-Cookie")
    assert page.client.cookie == ""
    assert page.one("meta[name=robots]")["content"] == "noindex, nofollow"


def test_opening_it_leaves_the_administrators_own_walk_alone(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    link = made(app, rsa_2048).copied("share-link")
    own = carrying(app, told("verify", other_rsa_2048, user="ADMIN"))
    before = own.cookie
    own.visit(link, unchecked=WITHOUT_TOKEN)
    assert own.cookie == before


def test_the_administrator_sees_whether_it_took(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = opened(app, rsa_2048)
    page = page.fill("desc_user", table()).press("Check the user", unchecked=WITHOUT_TOKEN)
    assert (page.status, page.value("desc_user")) == (200, "")
    assert "Slot 1 is free." in page.text
    good = page.fill("desc_user", table(RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))).press(
        "Compare", unchecked=WITHOUT_TOKEN
    )
    assert (good.status, good.heading) == (200, "Done. JANE has the key.")
    assert "Snowflake holds the key in slot 1" in good.text
    assert "alter-user-sql" not in good.html
    for text, words in {
        table(RSA_PUBLIC_KEY_FP=fingerprint(other_rsa_2048)): "Another key is there",
        table(): "No key is there yet",
        table(NAME="JOHN", LOGIN_NAME="JOHN"): "This describes another user",
        table(NAME="Jane", LOGIN_NAME="J.DOE"): "Capitals and small letters count",
        "NAME\tJANE\nLOGIN_NAME\tJANE\nDISABLED\tfalse": "The rows about keys are missing",
    }.items():
        answer = page.fill("desc_user", text).press("Compare", unchecked=WITHOUT_TOKEN)
        assert (answer.status, words in answer.alert) == (422, True), (words, answer.alert)
        assert answer.value("desc_user") == text
    unread = page.fill("desc_user", "hello").press("Compare", unchecked=WITHOUT_TOKEN)
    assert unread.status == 422
    assert unread.error("desc_user") and unread.value("desc_user") == "hello"


@pytest.mark.parametrize(
    "note",
    [
        "<script>alert(1)</script>",
        "{{ config }}",
        "ok\r\nVerified by: your security team",
        "\u202egnikcah\u2066 me",
        "x" * 5000,
        "<b>Verified</b>\u2028new line",
    ],
)
def test_a_hostile_note_stays_one_short_line_of_text(app: Flask, rsa_2048: rsa.RSAPrivateKey, note: str) -> None:
    link = made(app, rsa_2048, note).copied("share-link")
    page = PageClient(app).visit(link, unchecked=WITHOUT_TOKEN | {"leftovers"})  # the braces are the note's own
    shown = next(
        dd.get_text()
        for dt in page.all("dt")
        if "Why, as they say" in dt.get_text() and (dd := dt.find_next_sibling("dd"))
    ).strip()
    assert len(shown) <= 80
    assert "\n" not in shown and "\u202e" not in shown and "\u2028" not in shown
    assert not page.all("main script, main b")


@pytest.mark.parametrize("blank", ["\u3164", "\u115f", "\u2800", "\u034f", "\ufe0f", "\U000e0100"])
def test_a_note_with_a_blank_that_is_no_space_is_refused_and_kept(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, blank: str
) -> None:
    page = made(app, rsa_2048, f"Jane{blank}Doe")
    assert (page.status, page.step) == (422, "register")
    assert f"U+{ord(blank):04X}" in page.error("note") and "by hand" in page.error("note")
    assert page.value("note") == f"Jane{blank}Doe"
    assert page.one("details:has([name=note])").has_attr("open")
    assert page.fill("note", "Jane Doe").press("Write the message").copied("share-link")


def test_white_space_in_a_note_becomes_one_space(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    assert "Jane Doe, data" in opened(app, rsa_2048, "\u00a0Jane\u00a0Doe,\r\n\u2003data ").text


def test_a_private_key_in_the_note_is_not_shared(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = made(app, rsa_2048, "".join(private_pem(rsa_2048).decode().splitlines()[1:-1]))
    assert page.status == 422
    assert "private key or a token" in page.error("note")
    assert page.value("note") == ""


def test_a_link_that_was_changed_leads_to_nothing(app: Flask, make_app, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = made(app, rsa_2048).copied("share-link").removeprefix("http://localhost")
    stranger = PageClient(app)
    for path in (link[:-1], link + "x", "/share/x", "/share/.", "/share/" + "A" * 5000):
        page = stranger.visit(path)
        told = "Page not found" if path == "/share/." else "This link is incomplete"
        assert (page.status, page.heading) == (404, told), path


def test_a_letter_changed_in_it_makes_it_nobodys(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = made(app, rsa_2048).copied("share-link")
    middle = len(link) // 2
    page = PageClient(app).visit(link[:middle] + ("A" if link[middle] != "A" else "B") + link[middle + 1 :])
    assert page.status == 404
    assert page.heading in ("This link is incomplete", "This link is not of this wizard")


def test_one_of_another_wizard_says_so(app: Flask, make_app, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = made(app, rsa_2048).copied("share-link")
    page = PageClient(make_app(WIZARD_SECRET_KEY="the secret key of another wizard altogether")).visit(link)
    assert (page.status, page.heading) == (404, "This link is not of this wizard")
    assert "WIZARD_OLD_SECRET_KEYS" in page.text


def test_one_of_an_old_secret_key_opens_while_that_key_is_listed(make_app, rsa_2048: rsa.RSAPrivateKey) -> None:
    before, now = "the secret key of last year which is long enough", "the secret key of this year which is long enough"
    link = made(make_app(WIZARD_SECRET_KEY=before), rsa_2048).copied("share-link")
    kept = make_app(WIZARD_SECRET_KEY=now, WIZARD_OLD_SECRET_KEYS=before)
    assert PageClient(kept).visit(link, unchecked=WITHOUT_TOKEN).status == 200
    assert PageClient(make_app(WIZARD_SECRET_KEY=now)).visit(link).status == 404


def test_a_cookie_is_no_link(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("register", rsa_2048))
    held = client._client.get_cookie("wizard")
    assert held is not None
    assert client.visit("/share/" + held.value).status == 404


def test_it_expires_after_seven_days(rsa_2048: rsa.RSAPrivateKey) -> None:
    from wizard.app import create_app
    from wizard.settings import Settings

    settings = Settings.from_environment({"WIZARD_SECRET_KEY": "a secret key of the tests, long enough"})
    began = time.time()
    moment = [began]
    app = create_app(settings, now=lambda: moment[0])
    client = carrying(app, told("register", rsa_2048), began=began)
    link = client.visit("/steps/register").press("Write the message").copied("share-link")
    moment[0] = began + 7 * DAY - 60
    assert PageClient(app).visit(link, unchecked=WITHOUT_TOKEN).status == 200
    moment[0] = began + 7 * DAY + 60
    page = PageClient(app).visit(link)
    assert page.status == 410
    assert "This link has expired" in page.heading
    assert "Ask the person who sent it for a new one" in page.text


def test_nothing_is_shared_before_there_is_a_key(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = carrying(app, told("key", rsa_2048))
    csrf = str(client.visit("/steps/key").all("[name=csrf_token]")[0]["value"])
    assert client.send("POST", "/share", [("csrf_token", csrf), ("note", "x")]).path == "/"


def test_a_long_table_is_taken_here_as_well(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    text = table(RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048)) + "\nCOMMENT\t" + "é|" * 15_000 + "\tnull\tabout it"
    page = opened(app, rsa_2048).fill("desc_user", text).press("Check the user", unchecked=WITHOUT_TOKEN)
    assert page.status == 200


def test_looking_first_decides_which_slot_is_filled(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    taken = table(RSA_PUBLIC_KEY_FP=fingerprint(other_rsa_2048))
    page = opened(app, rsa_2048).fill("desc_user", taken).press("Check the user", unchecked=WITHOUT_TOKEN)
    assert page.status == 200
    assert "Slot 1 holds another key. Slot 2 is free, so the statement uses that." in page.text
    assert page.copied("alter-user-sql").startswith("ALTER USER JANE SET RSA_PUBLIC_KEY_2=")
    assert page.copied("undo-sql") == "ALTER USER JANE UNSET RSA_PUBLIC_KEY_2;"


def test_a_key_that_is_there_already_is_told_by_the_first_look(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    held = table(RSA_PUBLIC_KEY_2_FP=fingerprint(rsa_2048))
    page = opened(app, rsa_2048).fill("desc_user", held).press("Check the user", unchecked=WITHOUT_TOKEN)
    assert page.heading == "Done. JANE has the key."


def test_who_will_not_run_it_gets_an_answer_to_send(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = opened(app, rsa_2048)
    answer = page.fill("reason", "We use service users for this.").press("Write my answer", unchecked=WITHOUT_TOKEN)
    assert answer.copied("declined-message").splitlines() == [
        "I won’t put your key on the Snowflake user JANE.",
        "Why: We use service users for this.",
    ]
    refused = page.fill("reason", "a\u3164b").press("Write my answer", unchecked=WITHOUT_TOKEN)
    assert (refused.status, refused.value("reason")) == (422, "a\u3164b")
    assert refused.error("reason") and refused.one("details:has([name=reason])").has_attr("open")


def test_the_asker_waits_until_somebody_says_that_it_is_done(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = made(app, rsa_2048).client.visit("/steps/register")
    assert page.heading == "Waiting for your administrator"
    assert "You wrote the message on " in page.text
    assert "You may close this tab" in page.text
    assert f"for its six words: {page.copied('key-words')}" in page.text
    assert page.press("Write it again").copied("share-link")
    done = page.press("They say it’s done")
    assert done.path == "/steps/verify"
    assert done.client.visit("/steps/register").heading == "Give Snowflake the public key"


def test_the_slot_and_role_chosen_by_the_asker_are_in_the_link(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048).choose("slot", "2").fill("role", "USERADMIN")
    link = page.press("Show the statements for this").press("Write the message").copied("share-link")
    shared = PageClient(app).visit(link, unchecked=WITHOUT_TOKEN)
    assert shared.copied("role-sql") == "USE ROLE USERADMIN;"
    assert "RSA_PUBLIC_KEY_2=" in shared.copied("alter-user-sql")


def test_the_message_is_no_answer_of_snowflakes(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    made_page = made(app, rsa_2048)
    page = PageClient(app).visit(made_page.copied("share-link"), unchecked=WITHOUT_TOKEN)
    answer = page.fill("desc_user", made_page.copied("share-message")).press("Check the user", unchecked=WITHOUT_TOKEN)
    assert answer.status == 422
    assert "return-link" not in answer.html


def test_reloading_the_message_leads_back_to_the_step(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    assert made(app, rsa_2048).client.visit("/share").path == "/steps/register"
