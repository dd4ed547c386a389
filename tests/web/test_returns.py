"""The links that bring the asker back: from the administrator, and to a walk that was begun elsewhere."""

from __future__ import annotations

import json
import random

from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from tests.web.test_session import longest_key, longest_name
from tests.web.walking import KNOWN_SINCE, arrive, carrying, fingerprint, table, told
from wizard.web.links import RETURN, link_to

WITHOUT_TOKEN = {"csrf"}
SOMEBODY_ELSES = "SHA256:" + "A" * 43 + "="


def asked(app: Flask, key: rsa.RSAPrivateKey) -> Page:
    """Return the page with the message for the administrator."""
    return arrive(app, "register", key).press("Write the message")


def returned(app: Flask, link: str, **rows: str) -> str:
    """Return the link that the administrator gets when DESC USER shows these rows."""
    page = PageClient(app).visit(link, unchecked=WITHOUT_TOKEN)
    return page.fill("desc_user", table(**rows)).press("Check the user", unchecked=WITHOUT_TOKEN).copied("return-link")


def confirmed(client: PageClient, link: str, button: str = "It is my key, go on") -> Page:
    """Open a link, and say that it may be taken."""
    return client.visit(link).press(button)


def walk_in(client: PageClient) -> dict[str, object]:
    """Return what the browser's cookie holds of a walk."""
    stored = json.loads(client.cookie).get("journey", {}) if client.cookie else {}
    assert isinstance(stored, dict)
    return stored


# --- opening one changes nothing --------------------------------------------------------------------------------------
def test_a_link_puts_nothing_into_a_browser_before_the_person_says_so(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = asked(app, rsa_2048)
    back = returned(app, page.copied("share-link"), RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))
    for link in (back, page.copied("resume-link")):
        client = PageClient(app)
        shown = client.visit(link)
        assert shown.status == 200
        assert not walk_in(client)
        assert client.visit("/steps/register").path == "/steps/account"
        assert "Make sure that this key is yours" in shown.text
        assert fingerprint(rsa_2048) == shown.copied("fingerprint")
        assert len(shown.copied("key-words").split()) == 6
        assert "JANE" in shown.text and "organization MYORG, account MY_ACCT" in shown.text


def test_opening_the_return_link_in_the_askers_own_walk_changes_nothing_either(
    app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = asked(app, rsa_2048)
    rows = {"RSA_PUBLIC_KEY_FP": fingerprint(rsa_2048), "LOGIN_NAME": "EVIL"}
    shown = page.client.visit(returned(app, page.copied("share-link"), **rows))
    assert shown.heading == "Your administrator has set the key of JANE"
    assert "Make sure that this key is yours" not in shown.text, "it is this browser's own key"
    assert "EVIL" not in page.client.cookie
    assert page.client.visit("/steps/verify").path == "/steps/register"


def test_a_login_name_that_would_change_is_shown_before_it_is_taken(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = asked(app, rsa_2048)
    rows = {"RSA_PUBLIC_KEY_FP": fingerprint(rsa_2048), "LOGIN_NAME": "EVIL"}
    shown = page.client.visit(returned(app, page.copied("share-link"), **rows))
    assert "Your walk says that JANE logs in as JANE, the link says as EVIL" in shown.text
    same = page.client.visit(returned(app, page.copied("share-link"), RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048)))
    assert "login name" not in same.text


def test_a_link_that_brings_nothing_new_leads_on_at_once(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = asked(app, rsa_2048)
    link = returned(app, page.copied("share-link"), RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))
    assert page.client.visit(page.copied("resume-link")).path == "/steps/register"
    assert confirmed(page.client, link, "Go on").path == "/steps/test"
    assert page.client.visit(link).path == "/steps/test"


def test_whose_key_it_is_not_goes_to_the_start_page(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = PageClient(app).visit(asked(app, rsa_2048).copied("resume-link"))
    assert page.heading == "Go on with this walk?"
    assert page.link("It is not") == "/"


# --- what it does then ------------------------------------------------------------------------------------------------
def test_the_return_link_lands_on_the_test_with_both_steps_done(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = asked(app, rsa_2048)
    link = returned(app, page.copied("share-link"), RSA_PUBLIC_KEY_2_FP=fingerprint(rsa_2048))
    assert len(link) <= 450
    back = confirmed(page.client, link, "Go on")
    assert back.redirects == ("/steps/test",)
    assert "Snowflake holds the key in slot 2" in back.text_at(".progress")
    assert "The statement has run" in back.text_at(".progress")


def test_it_does_the_same_in_another_browser(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = returned(app, asked(app, rsa_2048).copied("share-link"), RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))
    back = confirmed(PageClient(app), link)
    assert back.path == "/steps/test"
    assert "JANE" in back.text_at(".progress") and "MYORG-MY_ACCT" in back.text_at(".progress")


def test_a_login_name_that_the_administrator_saw_is_taken_over(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = asked(app, rsa_2048)
    rows = {"RSA_PUBLIC_KEY_FP": fingerprint(rsa_2048), "LOGIN_NAME": "JANE@CORP.EXAMPLE"}
    back = confirmed(page.client, returned(app, page.copied("share-link"), **rows), "Go on")
    assert "JANE, logs in as JANE@CORP.EXAMPLE" in back.text_at(".progress")


def test_it_is_not_used_for_another_journeys_key_unless_the_person_says_so(
    app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    link = returned(app, asked(app, rsa_2048).copied("share-link"), RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))
    client = carrying(app, told("register", other_rsa_2048))
    page = client.visit(link)
    assert page.heading == "Another walk is under way here"
    assert page.link("Keep this one") == "/steps/register"
    assert "Take the link’s only if you know its six words" in page.text
    assert client.visit("/steps/verify").path == "/steps/register", "nothing was marked"
    taken = page.press("Take the link’s instead")
    assert taken.path == "/steps/test"
    assert fingerprint(rsa_2048)[:15] in taken.text_at(".progress")


def test_nobody_can_make_it_of_the_administrators_link(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = asked(app, rsa_2048).copied("share-link")
    for other in ("/return/", "/resume/"):
        page = PageClient(app).visit(link.replace("/share/", other))
        assert (page.status, page.heading) == (404, "This link is not of this wizard")


def test_there_is_none_before_snowflake_was_seen_to_hold_the_key(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = PageClient(app).visit(asked(app, rsa_2048).copied("share-link"), unchecked=WITHOUT_TOKEN)
    page = page.fill("desc_user", table(RSA_PUBLIC_KEY_FP=SOMEBODY_ELSES)).press(
        "Check the user", unchecked=WITHOUT_TOKEN
    )
    assert "return-link" not in page.html


def test_the_resume_link_brings_the_same_walk_to_another_computer(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = asked(app, rsa_2048).copied("resume-link")
    page = confirmed(PageClient(app), link)
    assert page.heading == "Waiting for your administrator"
    assert "JANE" in page.text_at(".progress") and "MYORG-MY_ACCT" in page.text_at(".progress")
    assert page.press("They say it’s done").path == "/steps/verify"


def test_the_resume_link_takes_nothing_away_where_the_walk_has_gone_on(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = asked(app, rsa_2048).copied("resume-link")
    client = carrying(app, told("handover", rsa_2048))
    assert client.visit(link).path == "/steps/handover"


def test_the_key_of_a_walk_that_came_by_a_link_is_as_old_as_it_was(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    link = returned(app, asked(app, rsa_2048).copied("share-link"), RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))
    client = PageClient(app)
    confirmed(client, link)
    journey = told("handover", rsa_2048)
    assert journey.key_known_since
    stored = json.loads(client.cookie)["journey"]
    assert stored["t"] == journey.key_known_since - journey.key_known_since % (24 * 60 * 60)


def test_a_walk_without_a_key_is_not_replaced_without_a_question(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = asked(app, rsa_2048)
    back = returned(app, page.copied("share-link"), RSA_PUBLIC_KEY_FP=fingerprint(rsa_2048))
    for link in (back, page.copied("resume-link")):
        client = carrying(app, told("key", rsa_2048, account="myorg-other", user="BOB"))
        answer = client.visit(link)
        assert answer.heading == "Another walk is under way here"
        assert "BOB in MYORG-OTHER" in answer.text
        assert "BOB" in client.visit("/steps/key").text_at(".progress")


def test_an_older_link_takes_no_answer_back_that_was_given_since(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048, login_name="WRONG@X.COM").press("Write the message")
    lone = PageClient(app).visit(page.copied("share-link"), unchecked=WITHOUT_TOKEN)
    lone = lone.fill("desc_user", fingerprint(rsa_2048)).press("Check the user", unchecked=WITHOUT_TOKEN)
    client = carrying(app, told("handover", rsa_2048))
    assert client.visit(page.copied("resume-link")).path == "/steps/handover"
    assert confirmed(client, lone.copied("return-link"), "Go on").path == "/steps/handover", "the passed test is kept"
    assert "WRONG" not in client.cookie


def test_a_walk_too_long_to_keep_is_said_and_breaks_nothing(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    letters = random.Random(6)
    journey = told("user", rsa_2048).with_user(longest_name(letters), longest_name(letters))
    with app.test_request_context("/"):
        link = link_to(RETURN, journey.with_key(longest_key(letters, 8192), "public", KNOWN_SINCE, None))
    client = PageClient(app)
    answer = confirmed(client, link)
    assert (answer.status, answer.title) == (422, "Error: This walk is too long to keep")
    assert "too long for the 4 kB" in answer.alert
    assert client.visit("/steps/test").path == "/steps/account", "nothing of it was kept"
