"""The account page: whatever is pasted is read, shown back, asked about, or explained."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import PageClient
from tests.web.walking import carrying, told


@pytest.mark.parametrize(
    ("pasted", "host", "claim"),
    [
        ("MYORG-MY_ACCT", "myorg-my-acct.snowflakecomputing.com", "MYORG-MY_ACCT"),
        ("  'myorg.my_acct' ", "myorg-my-acct.snowflakecomputing.com", "MYORG-MY_ACCT"),
        (
            "https://myorg-my-acct.snowflakecomputing.com/console",
            "myorg-my-acct.snowflakecomputing.com",
            "MYORG-MY_ACCT",
        ),
        ("https://app.snowflake.com/myorg/my_acct/#/homepage", "myorg-my-acct.snowflakecomputing.com", "MYORG-MY_ACCT"),
        ("xy12345.us-east-2.aws", "xy12345.us-east-2.aws.snowflakecomputing.com", "XY12345"),
        (
            "jdbc:snowflake://xy12345.eu-central-1.snowflakecomputing.com/?db=A&warehouse=W",
            "xy12345.eu-central-1.snowflakecomputing.com",
            "XY12345",
        ),
        (
            "xy12345.us-east-1.privatelink.snowflakecomputing.com",
            "xy12345.us-east-1.privatelink.snowflakecomputing.com",
            "XY12345",
        ),
    ],
)
def test_what_was_understood_is_shown_on_the_next_page(client: PageClient, pasted: str, host: str, claim: str) -> None:
    page = client.visit("/steps/account").fill("account", pasted).press("Continue")
    assert page.redirects == ("/steps/user",)
    assert page.heading == "Which user will log in?"
    assert (page.fact("account-host"), page.fact("account-claim")) == (host, claim)


def test_the_account_is_described_in_words_a_person_can_check(client: PageClient) -> None:
    page = client.visit("/steps/account").fill("account", "myorg.my_acct").press("Continue")
    assert page.fact("account-claim") == "MYORG-MY_ACCT"
    assert "organization MYORG, account MY_ACCT" in client.visit(page.link("Change Account")).text


def test_the_page_says_where_to_find_the_account(client: PageClient) -> None:
    page = client.visit("/steps/account")
    assert page.step == "account"
    assert "View account details" in page.text
    assert "CURRENT_ORGANIZATION_NAME()" in page.copied("account-sql")
    assert "CURRENT_ACCOUNT()" in page.copied("locator-sql")
    assert page.soup.select_one("svg[role=img]") is not None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "https://evil.example/",
        "me@myorg.com",
        "127.0.0.1:80/",
        "myorg_my acct what",
        "\x00",
        "ｓｎｏｗ。com",
    ],
)
def test_what_cannot_be_read_is_kept_and_explained(client: PageClient, typed: str) -> None:
    page = client.visit("/steps/account").fill("account", typed).press("Continue")
    assert (page.status, page.step) == (422, "account")
    assert page.title.startswith("Error: Which Snowflake account?")
    assert page.error("account")
    assert page.alert
    assert page.value("account").strip("\n") == typed.strip("\n")
    assert page.one("#account")["aria-invalid"] == "true"
    assert "account-error" in str(page.one("#account")["aria-describedby"])
    assert client.visit("/steps/user").path == "/steps/account"


def test_a_locator_without_region_is_asked_for_it_and_then_read(client: PageClient) -> None:
    first = client.visit("/steps/account")
    assert not first.all("select[name=region]")
    asked = first.fill("account", "xy12345").press("Continue")
    assert (asked.status, asked.value("account")) == (422, "xy12345")
    assert asked.error("account")
    unchosen = asked.press("Continue")
    assert unchosen.status == 422
    assert unchosen.error("region") == "The region is not chosen yet. " + unchosen.error("region").partition("yet. ")[2]
    read = unchosen.fill("region", "AWS US East (Ohio)").press("Continue")
    assert read.fact("account-host") == "xy12345.us-east-2.aws.snowflakecomputing.com"
    assert "account locator XY12345 in AWS US East (Ohio)" in client.visit("/steps/account").text


def test_oregon_is_a_region_like_any_other(client: PageClient) -> None:
    asked = client.visit("/steps/account").fill("account", "XY12345").press("Continue")
    read = asked.fill("region", "AWS US West (Oregon)").press("Continue")
    assert read.fact("account-host") == "xy12345.snowflakecomputing.com"


def test_a_region_that_the_list_does_not_hold_is_refused(client: PageClient) -> None:
    page = client.visit("/steps/account")
    token = str(page.one("form[action='/steps/account'] [name=csrf_token]")["value"])
    answer = client.send(
        "POST",
        "/steps/account",
        [("csrf_token", token), ("account", "xy12345"), ("region", "evil.example/")],
    )
    assert (answer.status, answer.step) == (422, "account")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("myorg-my_acct", "organization MYORG, account MY_ACCT"),
        ("", ""),
        ("https://", ""),
        ("xy12345", "Region of the account"),
    ],
)
def test_the_reading_is_shown_live_while_typing(client: PageClient, typed: str, said: str) -> None:
    page = client.visit("/steps/account")
    token = str(page.one("form[action='/steps/account'] [name=csrf_token]")["value"])
    reading = client.send("POST", "/steps/account/reading", [("csrf_token", token), ("account", typed)], htmx=True)
    assert (reading.status, reading.fragment) == (200, True)
    assert said in reading.text
    assert len(reading.all("#account-reading")) == 1
    assert not reading.all("[role=alert]"), "half a name is no mistake yet"
    assert client.visit("/steps/user").path == "/steps/account", "reading keeps nothing"


def test_the_live_reading_takes_the_region_that_was_chosen(client: PageClient) -> None:
    page = client.visit("/steps/account")
    token = str(page.one("form[action='/steps/account'] [name=csrf_token]")["value"])
    fields = [("csrf_token", token), ("account", "xy12345"), ("region", "us-east-2.aws")]
    reading = client.send("POST", "/steps/account/reading", fields, htmx=True)
    assert reading.fact("account-host") == "xy12345.us-east-2.aws.snowflakecomputing.com"
    assert reading.value("region") == "us-east-2.aws"


def test_coming_back_shows_the_answer_and_how_it_was_read(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = carrying(app, told("key", rsa_2048)).visit("/steps/account")
    assert page.value("account").strip() == "myorg-my_acct"
    assert page.fact("account-claim") == "MYORG-MY_ACCT"


def test_a_locator_and_its_region_come_back_as_one_text_that_reads_the_same(client: PageClient) -> None:
    asked = client.visit("/steps/account").fill("account", "XY12345").press("Continue")
    asked.fill("region", "AWS US East (Ohio)").press("Continue")
    again = client.visit("/steps/account")
    read = again.press("Continue")
    assert read.fact("account-host") == "xy12345.us-east-2.aws.snowflakecomputing.com"


def test_oregon_is_not_asked_for_again_when_the_answer_is_sent_again(client: PageClient) -> None:
    asked = client.visit("/steps/account").fill("account", "XY12345").press("Continue")
    asked.fill("region", "AWS US West (Oregon)").press("Continue")
    read = client.visit("/steps/account").press("Continue")
    assert read.path == "/steps/user"
    assert read.fact("account-host") == "xy12345.snowflakecomputing.com"


def test_a_vouched_host_is_read_with_or_without_its_port(make_app) -> None:
    app = make_app(WIZARD_TRUSTED_HOSTS="sf_test.internal.example:8443")
    for typed in ("sf_test.internal.example", "https://sf_test.internal.example:8443", "SF_TEST"):
        page = PageClient(app).visit("/steps/account").fill("account", typed).press("Continue")
        assert page.path == "/steps/user", (typed, page.error("account"))
        assert page.fact("account-host") == "sf_test.internal.example"
        assert page.fact("account-claim") == "SF_TEST"


def test_the_account_page_without_javascript_needs_no_more_than_one_box(client: PageClient) -> None:
    page = client.visit("/steps/account")
    form = page.one("form[action='/steps/account']")
    assert form["method"] == "post"
    assert [tag["name"] for tag in form.select("input:not([type=hidden]), textarea, select")] == ["account"]


def test_a_password_in_a_connection_string_does_not_come_back(client: PageClient) -> None:
    typed = "jdbc:snowflake://nosuch_host/?user=a&private_key_file_pwd=MyPassphrase77"
    answer = client.visit("/steps/account").fill("account", typed).press("Continue")
    assert answer.status == 422
    assert "MyPassphrase77" not in answer.html


def test_the_practice_account_is_one_press_away_and_has_not_to_be_typed(practice_app: Flask, app: Flask) -> None:
    page = PageClient(practice_app).visit("/steps/account").press("Use PRACTICE-SNOWFLAKE")
    assert page.path == "/steps/user"
    assert page.text_at("[data-fact=account-claim]") == "PRACTICE-SNOWFLAKE"
    assert "PRACTICE-SNOWFLAKE" not in PageClient(app).visit("/steps/account").text
