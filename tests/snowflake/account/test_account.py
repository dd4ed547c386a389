"""The value: what it says of itself, how it is kept, and that it can only be Snowflake's or vouched for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.snowflake.account.pastes import PRACTICE
from wizard.snowflake.account import STORED_ACCOUNT, AccountError, read_account
from wizard.stored import StoredError


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("myorg-my_acct", "organization MYORG, account MY_ACCT"),
        ("myorg-my_acct.privatelink", "organization MYORG, account MY_ACCT, over PrivateLink"),
        ("myorg-acct.snowflakecomputing.cn", "organization MYORG, account ACCT, in China"),
        ("xy12345.us-east-2.aws", "account locator XY12345 in AWS US East (Ohio)"),
        ("xy12345.snowflakecomputing.com", "account locator XY12345 in AWS US West (Oregon)"),
        ("xy12345.mars-north-1.aws", "account locator XY12345 in region mars-north-1.aws"),
        ("xy12345.privatelink.snowflakecomputing.com", "account locator XY12345, over PrivateLink"),
        ("xy12345.cn-northwest-1.aws", "account locator XY12345 in AWS China (Ningxia)"),
        ("acme-x1y2.global", "account ACME at an old global address"),
        ("jdbc:snowflake://myorg-acct.snowflakecomputing.com/?account=xy12345",
         "organization MYORG, account ACCT, known to the token as XY12345"),
        ("practice-snowflake", "organization PRACTICE, account SNOWFLAKE"),
    ],
)  # fmt: skip
def test_an_account_says_in_words_what_it_is(pasted: str, words: str):
    assert read_account(pasted, vouched=PRACTICE).in_words() == words


def test_the_kept_form_is_small_and_plain():
    assert STORED_ACCOUNT.write(read_account("myorg-acct")) == {
        "host": "myorg-acct.snowflakecomputing.com",
        "claim": "MYORG-ACCT",
        "identifier": "myorg-acct",
        "organization": "MYORG",
        "name": "ACCT",
    }


KEPT = STORED_ACCOUNT.write(read_account("xy12345.us-east-1.privatelink"))


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        "myorg-acct",
        {},
        {**KEPT, "host": "evil.com"},
        {**KEPT, "host": "xy12345.us-east-1.privatelink.snowflakecomputing.com\n"},
        {**KEPT, "host": "XY12345.us-east-1.privatelink.snowflakecomputing.com"},
        {**KEPT, "host": "other.us-east-1.privatelink.snowflakecomputing.com"},
        {**KEPT, "host": 1},
        {**KEPT, "claim": "xy12345"},
        {**KEPT, "claim": "OTHER"},
        {**KEPT, "region": "evil.com/"},
        {**KEPT, "privatelink": False},
        {**KEPT, "privatelink": 1},
        {**KEPT, "vouched": True},
        {**KEPT, "notes": ("x",)},
        {**KEPT, "more": "x"},
        {**KEPT, "name": "X"},
        {key: value for key, value in KEPT.items() if key != "privatelink"},
        {key: value for key, value in KEPT.items() if key != "claim"},
        {1: "x"},
    ],
)
def test_anything_else_in_its_place_is_refused(kept: object):
    with pytest.raises(StoredError):
        STORED_ACCOUNT.read(kept)


@pytest.mark.parametrize(
    "host", ["evil.com", "127.0.0.1", "a.snowflakecomputing.com.evil.com", "snowflakecomputing.com"]
)
def test_an_account_at_another_host_cannot_even_be_made(host: str):
    with pytest.raises(AccountError):
        replace(read_account("myorg-acct"), host=host)
