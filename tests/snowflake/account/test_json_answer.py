"""The answers of Snowflake that are JSON: its lists of hosts."""

from __future__ import annotations

import json

import pytest

from wizard.snowflake.account import AccountError, read_account


def _allowlist(*hosts: tuple[str, str]) -> str:
    return json.dumps([{"type": kind, "host": host, "port": 443} for kind, host in hosts])


LOCATOR_HOST = ("SNOWFLAKE_DEPLOYMENT", "xy12345.us-east-1.snowflakecomputing.com")
ORG_HOST = ("SNOWFLAKE_DEPLOYMENT_REGIONLESS", "myorg-acct.snowflakecomputing.com")
STAGE = ("STAGE", "bucket.s3.amazonaws.com")


def test_the_answer_of_allowlist_gives_the_address_without_region():
    assert read_account(_allowlist(STAGE, LOCATOR_HOST, ORG_HOST)).claim == "MYORG-ACCT"


def test_an_older_allowlist_gives_the_locator():
    assert read_account(_allowlist(STAGE, LOCATOR_HOST)).claim == "XY12345"


def test_of_two_spellings_in_the_allowlist_the_one_with_underscores_is_the_name():
    kind = ORG_HOST[0]
    pasted = _allowlist((kind, "myorg-my-acct.snowflakecomputing.com"), (kind, "myorg-my_acct.snowflakecomputing.com"))
    account = read_account(pasted)
    assert account.claim == "MYORG-MY_ACCT"
    assert not any("further hyphens" in note for note in account.notes)


def test_an_allowlist_with_its_heading_or_as_a_csv_cell_is_read_too():
    pasted = _allowlist(ORG_HOST)
    assert read_account("SYSTEM$ALLOWLIST()\n" + pasted).claim == "MYORG-ACCT"
    assert read_account('"' + pasted.replace('"', '""') + '"').claim == "MYORG-ACCT"


def test_an_allowlist_may_be_longer_than_other_texts():
    pasted = _allowlist(*[STAGE] * 500, ORG_HOST)
    assert len(pasted) > 20_000
    assert read_account(pasted).claim == "MYORG-ACCT"


def test_an_allowlist_without_the_account_says_so():
    with pytest.raises(AccountError, match="none of its rows"):
        read_account(_allowlist(STAGE))


def test_a_foreign_host_in_an_allowlist_is_refused_like_any_other():
    with pytest.raises(AccountError):
        read_account(_allowlist((ORG_HOST[0], "evil.com")))


def test_the_private_link_configuration_is_read():
    pasted = json.dumps(
        {
            "privatelink-account-name": "xy12345.us-east-1.privatelink",
            "privatelink-account-url": "xy12345.us-east-1.privatelink.snowflakecomputing.com",
            "regionless-privatelink-account-url": "myorg-my_acct.privatelink.snowflakecomputing.com",
        }
    )
    assert read_account(pasted).host == "myorg-my_acct.privatelink.snowflakecomputing.com"
