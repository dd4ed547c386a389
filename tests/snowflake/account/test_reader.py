"""What is read out of whatever people paste for their account, what is said about it, and what is asked."""

from __future__ import annotations

import json
import re

import pytest

from tests.snowflake.account.pastes import (
    ADDRESSES,
    CN,
    COM,
    CONFIGURATIONS,
    LOCATORS,
    ORGANIZATION_AND_ACCOUNT,
    PRACTICE,
    RESULTS,
    SNOWSIGHT,
)
from wizard.snowflake.account import REGIONS, STORED_ACCOUNT, AccountError, RegionMissing, read_account
from wizard.snowflake.account.domain import DOMAINS
from wizard.snowflake.account.regions import Region

NOT_OUR_WORDS = re.compile(r"(?i)\b(please|invalid|required|oops|sorry)\b|!")


@pytest.mark.parametrize(
    ("pasted", "host", "claim", "identifier"),
    ORGANIZATION_AND_ACCOUNT + ADDRESSES + SNOWSIGHT + LOCATORS + CONFIGURATIONS + RESULTS,
)
def test_what_people_paste_is_read_as_one_account(pasted: str, host: str, claim: str, identifier: str):
    account = read_account(pasted)
    assert account.host == (host if host.endswith(DOMAINS) else host + COM)
    assert account.claim == claim
    assert account.identifier == identifier
    assert account.privatelink == (".privatelink." in account.host)
    assert not account.vouched
    assert STORED_ACCOUNT.read(json.loads(json.dumps(STORED_ACCOUNT.write(account)))) == account
    for note in account.notes:
        assert note.endswith(".")
        assert not NOT_OUR_WORDS.search(note)


def test_an_organization_and_an_account_are_told_apart_at_the_first_hyphen():
    account = read_account("myorg-my_acct")
    assert (account.organization, account.name, account.locator, account.region) == ("MYORG", "MY_ACCT", "", "")


def test_a_locator_and_its_region_are_told_apart_at_the_first_dot():
    account = read_account("xy12345.fhplus.us-gov-west-1.aws")
    assert (account.organization, account.name) == ("", "")
    assert (account.locator, account.region) == ("XY12345", "fhplus.us-gov-west-1.aws")


# --- what is said about it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("https://myorg-my-acct.snowflakecomputing.com", "further hyphens as underscores"),
        ("myorg-my_acct", "Snowflake answers to both"),
        ("myorg.acct", "Read the dot as a hyphen"),
        ("myorg-acct.us-east-1", "Left out the region us-east-1"),
        ("xy12345.us-east-2", "us-east-2.aws"),
        ("xy12345.us-west-2", "stands alone"),
        ("xy12345.snowflakecomputing.com", "AWS US West (Oregon)"),
        ("xy12345.mars-north-1.aws", "not in this wizard's list"),
        ("xy12345.cn-northwest-1.aws.snowflakecomputing.com", "snowflakecomputing.cn"),
        ("myorg-acct.snowflake.com", "Read snowflake.com as snowflakecomputing.com"),
        ("myorg-acct.snowflakecomputing.com.snowflakecomputing.com", "twice"),
        ("https://myorg-acct.snowflakecomputing.com:8080/", "port 8080"),
        ("app-myorg-acct.privatelink.snowflakecomputing.com", "app-"),
        ("myorg—acct", "long dash"),
        ("MYORG\tXY12345", "CURRENT_ACCOUNT_NAME()"),
        ("my_org-acct", "never has an underscore"),
        ("acme-x1.global", "old global address"),
        ("myorg-acct.us-east-1.snowflakecomputing.com", "no region in their address"),
        ("jdbc:snowflake://myorg-acct.snowflakecomputing.com/?account=xy12345", "the token will carry XY12345"),
        ("we use myorg-acct here", "Out of the"),
    ],
)
def test_whatever_was_changed_is_said(pasted: str, said: str):
    assert said in " ".join(read_account(pasted).notes)


@pytest.mark.parametrize(
    "pasted", ["myorg-acct", "https://myorg-acct.snowflakecomputing.com/", "xy12345.us-east-2.aws", "XY12345.EU-WEST-1"]
)
def test_nothing_is_said_where_nothing_was_changed(pasted: str):
    assert read_account(pasted).notes == ()


def test_an_account_named_beside_the_host_settles_its_spelling_so_nothing_is_left_to_check():
    account = read_account("jdbc:snowflake://myorg-my-acct.snowflakecomputing.com/?account=myorg-my_acct")
    assert not any("further hyphens" in note for note in account.notes)


# --- what is asked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "locator", "seen"),
    [
        ("xy12345", "XY12345", "looks like an account locator"),
        ("XY12345.", "XY12345", "looks like an account locator"),
        ("xy12345.snowflake.com", "XY12345", "looks like an account locator"),
        ("xy12345.aws", "XY12345", "region is missing"),
        ("xy12345.privatelink", "XY12345", "region is missing"),
        ("acme", "ACME", "name of an organization without its account"),
        ("my_acct", "MY_ACCT", "account name without its organization"),
        ("account = xy12345", "XY12345", "region is missing"),
        ("jdbc:snowflake://xy12345/?user=jane", "XY12345", "region is missing"),
        ("XY12345\tAZURE_WESTUS9", "XY12345", "AZURE_WESTUS9"),
        ("CURRENT_ACCOUNT()\nXY12345", "XY12345", "region is missing"),
        ("account_name = my_acct", "MY_ACCT", "account name without its organization"),
    ],
)
def test_a_locator_without_region_is_asked_for(pasted: str, locator: str, seen: str):
    with pytest.raises(RegionMissing) as missing:
        read_account(pasted)
    assert missing.value.locator == locator
    assert seen in missing.value.message
    assert "identifier" in missing.value.fix


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.region_id)
def test_the_answer_completes_the_locator(region: Region):
    account = read_account("XY12345", region=region.suffix)
    domain = CN if region.suffix.startswith("cn-") else COM
    assert account.host == "xy12345" + ("." + region.suffix if region.suffix else "") + domain
    assert (account.claim, account.region) == ("XY12345", region.suffix)
    assert account.in_words() == f"account locator XY12345 in {region.title}"


def test_oregon_is_read_only_when_somebody_said_so():
    with pytest.raises(RegionMissing):
        read_account("xy12345", region=None)
    assert read_account("xy12345", region="").host == "xy12345" + COM


def test_the_answer_counts_only_where_the_text_leaves_the_region_open():
    assert read_account("xy12345.eu-west-1", region="us-east-1").region == "eu-west-1"
    assert read_account("myorg-acct", region="us-east-1").host == "myorg-acct" + COM


def test_a_region_nobody_listed_is_a_good_answer_too():
    assert read_account("xy12345", region="eu-south-9.aws").host == "xy12345.eu-south-9.aws" + COM


def test_a_private_locator_in_oregon_carries_its_region_all_the_same():
    account = read_account("xy12345.privatelink", region="")
    assert account.host == "xy12345.us-west-2.privatelink" + COM
    assert "us-west-2" in " ".join(account.notes)


@pytest.mark.parametrize("region", ["evil.com", "x@y", "us-east-1/", "..", "us-east-1\n.evil", "a b", "９.aws"])
def test_an_answer_that_is_no_region_is_refused(region: str):
    with pytest.raises(AccountError, match="not a region"):
        read_account("xy12345", region=region)


# --- hosts that the operator vouches for ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        "practice-snowflake",
        "PRACTICE-SNOWFLAKE",
        "practice.snowflake",
        "practice_snowflake",
        "practice-snowflake.localhost",
        "https://practice-snowflake.localhost:8443/",
        "https://practice-snowflake.localhost:1/console",
        "PRACTICE\tSNOWFLAKE",
        'account = "practice-snowflake"',
        "jdbc:snowflake://practice-snowflake.localhost:8443/?account=practice-snowflake",
        "https://app.snowflake.com/practice/snowflake/#/",
    ],
)
def test_a_vouched_host_is_found_however_it_is_written(pasted: str):
    account = read_account(pasted, vouched=PRACTICE)
    assert account.host == "practice-snowflake.localhost"
    assert account.claim == "PRACTICE-SNOWFLAKE"
    assert account.identifier == "practice-snowflake"
    assert (account.organization, account.name) == ("PRACTICE", "SNOWFLAKE")
    assert account.vouched
    assert STORED_ACCOUNT.read(STORED_ACCOUNT.write(account)) == account


def test_nobody_vouches_for_a_host_that_only_resembles_the_list():
    for pasted in ("https://practice-snowflake.localhost.evil.com/", "https://evil-practice-snowflake.localhost/"):
        with pytest.raises(AccountError):
            read_account(pasted, vouched=PRACTICE)
    assert not read_account("practice-snowflake2", vouched=PRACTICE).vouched


def test_without_the_list_the_practice_name_is_an_ordinary_account():
    account = read_account("practice-snowflake")
    assert (account.host, account.vouched) == ("practice-snowflake" + COM, False)
    with pytest.raises(AccountError):
        read_account("https://practice-snowflake.localhost:8443/")


def test_a_vouched_host_inside_snowflakes_domains_is_read_normally():
    account = read_account("myorg-my_acct", vouched=["myorg-my-acct.snowflakecomputing.com"])
    assert (account.host, account.vouched) == ("myorg-my-acct" + COM, False)


def test_underscores_typed_for_a_vouched_host_are_kept_in_the_claim():
    account = read_account("myorg-my_acct", vouched=["myorg-my-acct.corp.example"])
    assert (account.host, account.claim) == ("myorg-my-acct.corp.example", "MYORG-MY_ACCT")


def test_a_number_is_never_an_account_even_if_vouched_for():
    with pytest.raises(AccountError):
        read_account("127.0.0.1", vouched=["127.0.0.1:443"])
