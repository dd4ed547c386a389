"""The accounts that a company names: a choice, answered already where there is one, and no other unless allowed."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.conftest import MakeApp
from tests.web.page_client import Page, PageClient
from tests.web.walking import carrying, told
from wizard.practice.users import CLAIM

TWO = "Production = myorg-prod, Test & more = myorg-test"


@pytest.fixture(scope="module")
def two(make_app: MakeApp) -> Flask:
    return make_app(WIZARD_ACCOUNTS=TWO)


@pytest.fixture(scope="module")
def one(make_app: MakeApp) -> Flask:
    return make_app(WIZARD_ACCOUNTS="myorg-prod")


@pytest.fixture(scope="module")
def both(make_app: MakeApp) -> Flask:
    return make_app(WIZARD_ACCOUNTS=TWO, WIZARD_OTHER_ACCOUNTS="on")


def test_the_account_page_is_a_choice_by_name(two: Flask) -> None:
    page = PageClient(two).visit("/steps/account")
    assert not page.all("textarea")
    assert "Where do I find it?" not in page.text
    chosen = page.choose("account", "Test & more").press("Continue")
    assert (chosen.step, chosen.fact("account-claim")) == ("user", "MYORG-TEST")


def test_what_was_chosen_is_chosen_when_one_comes_back(two: Flask) -> None:
    client = PageClient(two)
    client.visit("/steps/account").choose("account", "Test & more").press("Continue")
    assert client.visit("/steps/account").value("account") == "myorg-test"


def post(client: PageClient, text: str, address: str = "/steps/account") -> Page:
    """Send an account as no page of this wizard does."""
    token = str(client.visit("/steps/account").all("[name=csrf_token]")[0]["value"])
    htmx = address.endswith("reading")
    return client.send("POST", address, [("csrf_token", token), ("account", text)], htmx=htmx)


@pytest.mark.parametrize("typed", ["https://myorg-test.snowflakecomputing.com/console", "MYORG.TEST"])
def test_another_spelling_of_a_known_account_is_taken(two: Flask, typed: str) -> None:
    assert post(PageClient(two), typed).step == "user"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("myorg-other", "MYORG-OTHER is not one of the accounts that people use here."),
        ("", "No account was chosen."),
        ("xy12345", "region"),
        ("https://evil.example/", "account"),
    ],
)
def test_another_account_is_refused_with_a_sentence(two: Flask, typed: str, says: str) -> None:
    client = PageClient(two)
    refused = post(client, typed)
    assert (refused.status, refused.step) == (422, "account")
    assert says in refused.error("account")
    assert client.visit("/steps/user").path == "/steps/account"


def test_what_is_typed_into_the_reading_is_held_to_the_list_as_well(two: Flask) -> None:
    read = post(PageClient(two), "myorg-other", "/steps/account/reading")
    assert "is not one of the accounts" in read.text


def test_the_one_account_is_answered_already(one: Flask) -> None:
    client = PageClient(one)
    assert client.visit(client.visit("/").link("Begin")).step == "user"
    page = client.visit("/steps/user")
    assert page.fact("account-claim") == "MYORG-PROD"
    assert page.fill("username", "jane").press("Continue").step == "key"
    assert client.visit("/steps/account").value("account") == "myorg-prod"


def test_somebody_who_has_just_arrived_has_not_been_here_before(one: Flask) -> None:
    page = PageClient(one).visit("/")
    assert "You have been here before" not in page.text
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize(("name", "step"), [("two", "account"), ("one", "user"), ("both", "user")])
def test_a_walk_with_an_account_that_is_gone_from_the_list_is_asked_again(
    request: pytest.FixtureRequest, rsa_2048: rsa.RSAPrivateKey, name: str, step: str
) -> None:
    app = request.getfixturevalue(name)
    client = carrying(app, told("user", rsa_2048, account="myorg-gone"))
    page = client.visit("/steps/user")
    assert page.step == step
    if name == "one":
        assert page.fact("account-claim") == "MYORG-PROD"


def test_where_others_are_taken_as_well_the_box_stands_below_the_choice(both: Flask) -> None:
    client = PageClient(both)
    page = client.visit("/steps/account")
    assert len(page.all("input[type=radio]")) == 2
    assert post(client, "myorg-other").step == "user"
    again = client.visit("/steps/account")
    assert again.one("textarea").get_text().strip() == "myorg-other"
    assert again.one("details:has(textarea)").has_attr("open")


def test_the_practice_account_is_one_of_the_choices_where_one_practises(make_app: MakeApp) -> None:
    app = make_app(WIZARD_ACCOUNTS="myorg-prod", WIZARD_PRACTICE="on")
    try:
        page = PageClient(app).visit("/steps/account")
        assert page.choose("account", "Practice Snowflake").press("Continue").fact("account-claim") == CLAIM
    finally:
        app.extensions["practice"].stop()
