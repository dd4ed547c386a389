"""The practice Snowflake's pages: what it is, whom one can be, and a worksheet. Every one carries the banner."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_checks import text_of
from tests.web.page_client import PageClient
from tests.web.walking import carrying, practising, public_base64, told, worksheet
from wizard.practice.scenarios import GROUPS, SCENARIOS


@pytest.fixture
def practitioner(practice_app: Flask) -> PageClient:
    return PageClient(practice_app)


def test_there_is_no_trace_of_it_where_it_is_off(client: PageClient, rsa_2048: rsa.RSAPrivateKey, app: Flask) -> None:
    assert client.visit("/practice").status == 404
    assert client.visit("/practice/worksheet").status == 404
    assert "/practice" not in client.visit("/").links()
    page = client.visit("/steps/account").fill("account", "practice-snowflake").press("Continue")
    assert "practice-snowflake.localhost" not in page.text


def test_every_page_under_it_carries_the_banner(practitioner: PageClient) -> None:
    for page in (
        practitioner.visit("/practice"),
        practitioner.visit("/practice/worksheet"),
        worksheet(practitioner, "SELECT CURRENT_USER();"),
        practitioner.visit("/practice/worksheet").press("Run"),
    ):
        assert page.all(".practice-banner, [class*=practice-banner]"), page


def test_the_steps_of_a_practice_walk_say_so(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    """And so do the start page in the midst of one, the message for an administrator, and the page behind its link."""

    def seen_by(client: PageClient) -> list[bool]:
        message = client.visit("/steps/register").press("Write the message")
        shared = PageClient(practice_app).visit(urlsplit(message.copied("share-link")).path, unchecked={"csrf"})
        pages = (client.visit("/"), client.visit("/steps/register"), message, shared)
        return ["page-practising" in page.one("#page")["class"] for page in pages]

    assert seen_by(practising(practice_app, "register", rsa_2048)) == [True] * 4
    assert seen_by(carrying(practice_app, told("register", rsa_2048))) == [False] * 4


def test_the_pages_of_a_practice_walk_name_what_fails_and_end_it_where_one_is(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    assert not client.visit("/steps/test").all(".practising")
    practice_app.extensions["practice"].play("disabled")
    for slug in ("account", "user", "key", "register", "verify", "test"):
        assert (
            client.visit(f"/steps/{slug}")
            .text_at(".practising")
            .startswith("Practising: the user is disabled (for everybody on this server)")
        )
    ended = client.visit("/steps/verify").press("Stop this")
    assert (ended.path, ended.all(".practising")) == ("/steps/verify", [])
    assert client.visit("/practice").value("scenario") == "fine"


def test_the_message_for_the_administrator_and_their_page_name_it_too(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "register", rsa_2048)
    practice_app.extensions["practice"].play("key-not-registered")
    message = client.visit("/steps/register").press("Write the message")
    assert message.text_at(".practising").startswith("Practising: no key is registered")
    shared = PageClient(practice_app).visit(message.copied("share-link"), unchecked={"csrf"})
    assert shared.text_at(".practising").startswith("Practising: no key is registered")
    assert shared.link("Change it") == "/practice"
    assert message.press("Stop this").path == "/steps/register"


def test_a_walk_elsewhere_does_not_hear_of_what_fails_in_practice(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    practice_app.extensions["practice"].play("disabled")
    assert not carrying(practice_app, told("register", rsa_2048)).visit("/steps/register").all(".practising")


def test_a_failure_that_is_mended_is_named_no_more(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = practising(practice_app, "test", rsa_2048)
    practice_app.extensions["practice"].play("locked")
    ran = worksheet(client, "ALTER USER JANE SET MINS_TO_UNLOCK = 0;")
    assert ran.text_at(".panel-success h2") == "Mended for JANE"
    assert not worksheet(client, "ALTER USER JANE SET MINS_TO_UNLOCK = 0;").all(".panel-success"), "it is said once"
    assert not client.visit("/steps/test").all(".practising")
    page = client.visit("/practice")
    assert page.text_at(".practice-now-title") == "Mended for JANE: The user is locked"
    assert page.value("scenario") == "locked", "it can be chosen once more"
    assert "Now: The user is locked" in page.press("Behave like this").text


def test_a_step_that_there_is_not_leads_nowhere_else(practitioner: PageClient) -> None:
    csrf = str(practitioner.visit("/practice").all("[name=csrf_token]")[0]["value"])
    fields = [("csrf_token", csrf), ("scenario", "fine"), ("step", "//example.com")]
    assert practitioner.send("POST", "/practice/scenario", fields).path == "/practice"


def test_the_ways_to_fail_stand_in_five_groups_with_what_the_wizard_should_find(practitioner: PageClient) -> None:
    page = practitioner.visit("/practice")
    assert [text_of(title) for title in page.all(".practice-group-title")] == list(GROUPS.values())
    played = page.choose("scenario", "wrong-key").press("Behave like this")
    assert played.text_at(".practice-now").startswith(
        "Now: Another key is registered The wizard should find: Snowflake holds another key for this user"
    )


def test_every_scenario_can_be_chosen_and_is_shown_as_the_one_that_plays(practitioner: PageClient) -> None:
    page = practitioner.visit("/practice")
    for scenario in SCENARIOS:
        assert scenario.title in page.text
    played = page.choose("scenario", "locked").press("Behave like this")
    assert played.path == "/practice"
    assert played.value("scenario") == "locked"


@pytest.mark.parametrize("scenario", ["", "no-such", "../../etc"])
def test_a_scenario_that_there_is_not_changes_nothing(practitioner: PageClient, scenario: str) -> None:
    csrf = str(practitioner.visit("/practice").all("[name=csrf_token]")[0]["value"])
    page = practitioner.send("POST", "/practice/scenario", [("csrf_token", csrf), ("scenario", scenario)])
    assert (page.status, page.value("scenario")) == (422, "fine")
    assert page.title.startswith("Error: ")


def test_the_worksheet_runs_what_the_wizard_prints(practitioner: PageClient, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = worksheet(practitioner, f"ALTER USER JANE SET RSA_PUBLIC_KEY='{public_base64(rsa_2048)}';\nDESC USER JANE;")
    assert "Statement executed successfully." in page.text
    assert "RSA_PUBLIC_KEY_FP" in page.copied("result-2")
    assert "SHA256:" in page.copied("result-2")


def test_the_register_step_opens_the_worksheet_with_its_statement(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    page = practising(practice_app, "register", rsa_2048).visit("/steps/register")
    assert page.one('form[action="/practice/worksheet/open"]')["target"] == "_blank"
    sheet = page.press("Open it in the worksheet")
    assert "Close this tab" in sheet.text_at(".practice-banner"), "a link would open a second wizard, without the key"
    assert "/steps/register" not in sheet.links()
    assert sheet.value("sql") == page.copied("register-sql")
    assert not sheet.all(".result"), "it is run there, by hand"
    ran = sheet.press("Run")
    assert page.copied("fingerprint") in ran.copied("result-3")
    assert ran.text_at(".proved").startswith("All 3 statements ran. Copy the grid of the last one")
    for later in (ran, ran.follow("JANE")):
        assert "Close this tab" in later.text_at(".practice-banner")
    real = carrying(practice_app, told("register", rsa_2048)).visit("/steps/register")
    assert "worksheet" not in real.html.partition("<main")[2].partition("</main")[0]


def test_a_worksheet_of_the_same_tab_leads_back_to_the_wizard(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    client = practising(practice_app, "register", rsa_2048)
    assert client.visit("/practice/worksheet").link("Back to the wizard") == "/steps/register"
    assert "Close this tab" in client.visit("/practice/worksheet?tab=own").text_at(".practice-banner")


def test_the_worksheet_is_opened_with_no_secret(practitioner: PageClient) -> None:
    page = practitioner.visit("/practice")
    token = str(page.one("[name=csrf_token]")["value"])
    for text, said in {"-----BEGIN PRIVATE KEY-----\nMIIE": "private key or a token", " ": "no statement"}.items():
        answer = practitioner.send("POST", "/practice/worksheet/open", [("csrf_token", token), ("sql", text)])
        assert (answer.status, said in answer.alert) == (422, True)


def test_a_long_value_is_shortened_to_look_at_and_whole_to_copy(
    practitioner: PageClient, rsa_2048: rsa.RSAPrivateKey
) -> None:
    key = public_base64(rsa_2048)
    page = worksheet(practitioner, f"ALTER USER JANE SET RSA_PUBLIC_KEY='{key}';\nDESC USER JANE;")
    assert page.text_at(".data-long > summary") == f"{key[:24]}… {len(key)} characters"
    lines = page.copied("result-2").split("\n")
    assert lines[0] == "property\tvalue\tdefault\tdescription"
    assert f"RSA_PUBLIC_KEY\t{key}\tnull\tRSA public key of the user" in lines
    assert [text_of(button) for button in page.all("[data-copy-button]")] == [
        "Copy the grid of result 1",
        "Copy the grid of result 2",
    ]


def test_a_mistake_in_sql_is_answered_in_snowflakes_words(practitioner: PageClient) -> None:
    page = worksheet(practitioner, "ALTER USER NOBODY SET RSA_PUBLIC_KEY='x'; SELECT 1;")
    assert page.status == 200
    assert "does not exist or not authorized" in page.text
    assert not page.all(".proved")


def test_nothing_to_run_is_said(practitioner: PageClient) -> None:
    page = worksheet(practitioner, "  \n")
    assert page.status == 422
    assert page.error("sql").startswith("There is no statement to run.")


def test_one_can_be_somebody_else_and_stays_it(practitioner: PageClient) -> None:
    page = practitioner.visit("/practice/worksheet").follow("JANE")
    ran = page.fill("sql", "SELECT CURRENT_USER();").press("Run")
    assert "JANE" in ran.copied("result-1")
    again = ran.fill("sql", "SELECT CURRENT_ROLE();").press("Run")
    assert "Signed in as JANE" in again.text


@pytest.mark.parametrize("person", ["", "NOBODY", "<script>", "x" * 3000])
def test_whoever_the_address_names_gets_a_worksheet_and_no_mishap(practitioner: PageClient, person: str) -> None:
    page = practitioner.visit("/practice/worksheet?as=" + person)
    assert page.status == 200
    assert page.fill("sql", "SELECT CURRENT_USER(); DESC USER JANE;").press("Run").status == 200


@pytest.mark.parametrize(
    "sql", ["'", '"', "/*", "--", ";;;", "SELECT '" + "x" * 30_000, "\x00", "💥" * 100, 'DESC USER "' + '""' * 500]
)
def test_no_text_breaks_the_worksheet(practitioner: PageClient, sql: str) -> None:
    page = worksheet(practitioner, sql)
    assert page.status in (200, 422)
    assert page.value("sql").strip() == sql.strip()


def test_markup_in_a_result_stays_text(practitioner: PageClient) -> None:
    page = worksheet(practitioner, "SELECT '<b>x</b>'; DESC USER \"<b>x</b>\";")
    assert not page.all("main b")
