"""The fourth corner: a scenario, the check that tells, the cause that is named, and what mends it.

A person meets the failure, runs what the wizard prints in the practice worksheet, and tests again.
"""

from __future__ import annotations

import csv
import io

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from tests.web.steps.test_test import send_key
from tests.web.walking import practising, worksheet
from wizard.diagnosis import CATALOGUE
from wizard.practice.scenarios import GROUPS, SCENARIOS, Scenario

BROKEN = [row for row in SCENARIOS if row.cause]


def mended_by(way: str) -> list[Scenario]:
    return [row for row in BROKEN if row.mended == way]


def broken_walk(app: Flask, row: Scenario, key: rsa.RSAPrivateKey) -> tuple[PageClient, Page]:
    """Return a person who practises, has seen how the user is described while the scenario plays, and whose test then
    failed for the cause that it stands for; and the page that says so.
    """
    client = practising(app, "verify", key)
    app.extensions["practice"].play(row.slug)
    shown = worksheet(client, "DESC USER JANE; SHOW USER KEY PAIRS FOR USER JANE;")
    described = "\n".join(tag.get_text() for tag in shown.all('[data-copy^="result-"]'))
    client.visit("/steps/verify").fill("desc_user", described).press("Compare")
    skip_the_check(client)
    failed = outcome(client, key)
    assert failed.causes[0] == row.cause
    return client, failed


def skip_the_check(client: PageClient) -> None:
    if client.visit("/steps/test").path != "/steps/test":
        client.visit("/steps/verify").press("Skip this check")


def outcome(client: PageClient, key: rsa.RSAPrivateKey) -> Page:
    return send_key(client.visit("/steps/test"), key)


def printed(page: Page) -> str:
    """Return the statements that stand under the first cause, as somebody copies them one after the other."""
    first = page.all("[data-cause]")[0]
    return "\n".join(tag.get_text() for tag in first.select("[data-copy]"))


def grids(page: Page) -> list[list[dict[str, str]]]:
    copied = [tag.get_text() for tag in page.all('[data-copy^="result-"]')]
    return [list(csv.DictReader(io.StringIO(grid), delimiter="\t")) for grid in copied]


def ran(client: PageClient, sql: str) -> Page:
    page = worksheet(client, sql)
    assert not page.all(".panel-danger"), page.text
    return page


def passes(client: PageClient, key: rsa.RSAPrivateKey) -> None:
    page = outcome(client, key)
    assert page.verdict == "passed", page.causes
    assert set(page.checks.values()) == {"passed"}, page.text
    assert not page.causes


@pytest.mark.parametrize("row", mended_by("statement"), ids=lambda row: row.slug)
def test_what_the_wizard_prints_mends_what_it_found(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, row: Scenario
) -> None:
    client, failed = broken_walk(practice_app, row, rsa_2048)
    ran(client, printed(failed))
    passes(client, rsa_2048)


COMPLETED = {
    "warehouse-unusable": ("ALTER USER JANE SET DEFAULT_WAREHOUSE = {name};", "COMPUTE_WH"),
    "keypair-not-allowed": (
        "ALTER AUTHENTICATION POLICY {database_name}.{schema_name}.{name} SET AUTHENTICATION_METHODS = ('ALL');",
        "NO_KEY_PAIRS",
    ),
}
"""The statement that a fix has in its words, with what stands in the grid of the printed one; and whose row it is."""


@pytest.mark.parametrize("row", mended_by("name"), ids=lambda row: row.slug)
def test_what_the_wizard_prints_shows_the_name_that_the_mending_statement_wants(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, row: Scenario
) -> None:
    client, failed = broken_walk(practice_app, row, rsa_2048)
    statement, wanted = COMPLETED[row.cause]
    assert statement.split(" {")[0] in failed.text
    shown = next(found for grid in grids(ran(client, printed(failed))) for found in grid if found.get("name") == wanted)
    assert practice_app.extensions["practice"].is_broken("JANE"), "looking mends nothing"
    ran(client, statement.format(**shown))
    passes(client, rsa_2048)


@pytest.mark.parametrize("row", mended_by("answer"), ids=lambda row: row.slug)
def test_what_the_wizard_prints_shows_the_answer_that_mends_it(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, row: Scenario
) -> None:
    client, failed = broken_walk(practice_app, row, rsa_2048)
    shown = [found for grid in grids(ran(client, printed(failed))) for found in grid]
    login_name = next(found["value"] for found in shown if found.get("property") == "LOGIN_NAME")
    user = client.visit("/steps/user").fill("username", "JANE").fill("login_name", login_name)
    user.press("Continue")
    skip_the_check(client)
    passes(client, rsa_2048)


def test_who_skipped_the_check_is_led_to_it_and_mends_the_login_name_there(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    practice_app.extensions["practice"].play("login-name-differs")
    failed = outcome(client, rsa_2048)
    check = failed.follow("Open the check")
    assert check.path == "/steps/verify"
    described = worksheet(client, "DESC USER JANE;").copied("result-1")
    client.visit("/steps/verify").fill("desc_user", described).press("Compare")
    client.visit("/steps/verify").press("Log in as jane@practice.example")
    skip_the_check(client)
    passes(client, rsa_2048)


@pytest.mark.parametrize("row", mended_by("elsewhere"), ids=lambda row: row.slug)
def test_where_no_sql_mends_it_the_page_says_who_does_what_and_a_button_does_it_here(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, row: Scenario
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    practice_app.extensions["practice"].play(row.slug)
    page = client.visit("/practice")
    fix = CATALOGUE[row.cause].fixes[0]
    assert fix.what.replace("'", "’") in page.text_at(".practice-then").replace("'", "’")
    assert page.press("Stop this").value("scenario") == "fine"
    passes(client, rsa_2048)


@pytest.mark.parametrize("row", [row for row in SCENARIOS if not row.cause], ids=lambda row: row.slug)
def test_where_nothing_is_to_be_found_nothing_is_to_be_mended(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey, row: Scenario
) -> None:
    client = practising(practice_app, "test", rsa_2048)
    practice_app.extensions["practice"].play(row.slug)
    assert not row.mended
    passes(client, rsa_2048)


def test_every_way_to_fail_has_a_place_among_the_groups() -> None:
    assert {row.group for row in SCENARIOS[1:]} == set(GROUPS)
    assert not SCENARIOS[0].group


def test_a_user_who_was_mended_is_mended_alone_and_for_good(practice_app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    practice = practice_app.extensions["practice"]
    client = practising(practice_app, "test", rsa_2048)
    practice.play("disabled")
    ran(client, "ALTER USER JANE SET DISABLED = FALSE;")
    assert not practice.is_broken("JANE")
    assert practice.is_broken("SVC_ETL")
    passes(client, rsa_2048)
    practice.play("fine")
    assert not practice.user("SVC_ETL").disabled, "the end of a scenario mends the rest"


def test_what_was_changed_meanwhile_stays_when_the_scenario_ends(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    practice = practice_app.extensions["practice"]
    client = practising(practice_app, "test", rsa_2048)
    practice.play("role-not-granted")
    ran(client, "GRANT ROLE LOADER TO USER JANE; ALTER USER JANE SET COMMENT = 'mended';")
    practice.play("fine")
    jane = practice.user("JANE")
    assert (jane.default_role, jane.roles, jane.comment) == ("ANALYST", frozenset({"ANALYST", "LOADER"}), "mended")
    passes(client, rsa_2048)


def test_a_user_who_was_made_while_there_was_none_is_the_old_one_again_with_the_new_key(
    practice_app: Flask, rsa_2048: rsa.RSAPrivateKey
) -> None:
    practice = practice_app.extensions["practice"]
    client = practising(practice_app, "test", rsa_2048)
    key = practice.user("JANE").key_1.text
    ran(client, "ALTER USER JANE UNSET RSA_PUBLIC_KEY;")
    practice.play("unknown-user")
    ran(client, f"CREATE USER JANE RSA_PUBLIC_KEY = '{key}';")
    assert outcome(client, rsa_2048).verdict == "passed"
    practice.play("fine")
    assert practice.user("JANE").email == "jane.doe@example.com"
    passes(client, rsa_2048)
    assert practice.user_names()[:4] == ("PRACTICE_ADMIN", "JANE", "SVC_ETL", "Max.Mustermann")
