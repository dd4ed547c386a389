"""What names no account: what is said about it, and what would help."""

from __future__ import annotations

import re

import pytest

from wizard.snowflake.account import AccountError, RegionMissing, read_account

NOT_OUR_WORDS = re.compile(r"(?i)\b(please|invalid|required|oops|sorry)\b|!")

REFUSED = [
    ("", "Nothing"),
    (" \n\t\u200b", "Nothing"),
    ("evil.com", "web address"),
    ("evil.com/", "not an address"),
    ("https://evil.com/", "not an address"),
    ("https://evil.com/.snowflakecomputing.com", "not an address"),
    ("https://evil.com/app.snowflake.com/myorg/acct", "not an address"),
    ("evil.com#.snowflakecomputing.com", "not an address"),
    ("evil.com?.snowflakecomputing.com", "not an address"),
    ("https://evil.com\\.snowflakecomputing.com", "not an address"),
    ("https://myorg-acct.snowflakecomputing.com.evil.com/", "not an address"),
    ("https://myorg-acct.snowflakecomputing.org/", "not an address"),
    ("https://notsnowflakecomputing.com/", "not an address"),
    ("https://intranet/", "not an address"),
    ("a@evil.com/", "@"),
    ("jane@example.com", "@"),
    ("https://myorg-acct.snowflakecomputing.com@evil.com/", "@"),
    ("https://jane:pass@myorg-acct.snowflakecomputing.com", "@"),
    ("snowflake://jane@evil.com/db", "web address|not an address"),
    ("127.0.0.1", "machine"),
    ("127.0.0.1:80/", "machine"),
    ("https://169.254.169.254/latest/meta-data", "machine"),
    ("[::1]:80", "can't be read|placeholder"),
    ("localhost", "machine"),
    ("localhost:8080", "machine"),
    ("2130706433", "machine"),
    ("file:///etc/passwd", "begins with"),
    ("javascript://myorg-acct.snowflakecomputing.com", "begins with"),
    ("ftp://myorg-acct.snowflakecomputing.com", "begins with"),
    ("myorg．acct", "FULLWIDTH FULL STOP"),
    ("myorg-acct．snowflakecomputing．com", "FULLWIDTH FULL STOP"),
    ("myorg-acct。evil", "IDEOGRAPHIC FULL STOP"),
    ("myorg-àcct", "LATIN SMALL LETTER A WITH GRAVE"),
    ("myorg-\u212aey", "KELVIN SIGN"),
    ("my\u200borg-acct", "ZERO WIDTH SPACE"),
    ("myorg-acct\u202e", "RIGHT-TO-LEFT OVERRIDE"),
    ("myorg-acct\x00.evil.com", "U[+]0000"),
    ("myorg-acct%2eevil.com", "placeholder"),
    ("myorg-acct.snowflakecomputing.com:80:90", "colon"),
    ("myorg-acct:pass", "colon"),
    ("<orgname>-<account_name>", "placeholder"),
    ("account: \"{{ env_var('SNOWFLAKE_ACCOUNT') }}\"", "placeholder"),
    ("SNOWFLAKE_ACCOUNT=$ACCOUNT", "placeholder"),
    ("https://app.snowflake.com", "which account"),
    ("https://app.snowflake.com/#/worksheets", "which account"),
    ("https://app.snowflake.com/myorg", "myorg.*not enough"),
    ("https://app.snowflake.com/login/x/", "which account"),
    ("https://app.snowflake.com/evil.com/acct/", "neither an organization"),
    ("https://app.snowflake.com/myorg/a@b/", "neither an organization"),
    ("app.eu-central-1.privatelink.snowflakecomputing.com", "which account"),
    ("https://docs.snowflake.com/en/user-guide", "page of Snowflake"),
    ("https://www.snowflake.com", "page of Snowflake"),
    ("ocsp.snowflakecomputing.com", "no account"),
    ("snowflakecomputing.com", "domain alone"),
    (".snowflakecomputing.com", "between two dots"),
    ("myorg-acct..snowflakecomputing.com", "between two dots"),
    ("us-east-1", "is a region"),
    ("us-east-2.aws", "is a region"),
    ("AWS_US_EAST_2", "is a region"),
    ("a.b.c", "neither an organization"),
    ("myorg-acct.other", "neither an organization"),
    ("a.b.c.d.e", "more parts"),
    ("a.b.c.d.e.snowflakecomputing.com", "more parts"),
    ("a.b.c.d.e.privatelink.snowflakecomputing.com", "more parts"),
    ("myorg-acct.aws", "neither a region nor an account"),
    ("myorg-", "hyphen or underscore"),
    ("-acct", "hyphen or underscore"),
    ("myorg-acct_", "hyphen or underscore"),
    ("myorg--acct", "two hyphens"),
    ("my org acct", "separate words"),
    ("hello world", "separate words"),
    ("SELECT CURRENT_ACCOUNT();", "SQL statement"),
    ("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "a key"),
    ("organization_name = myorg", "account is missing"),
    ('account = "one-a"\naccount = "two-b"', "Several accounts"),
    ("one-a and two-b", "Several accounts"),
    ("one-a.snowflakecomputing.com\ntwo-b.snowflakecomputing.com", "Several accounts"),
    ("organization_name\taccount_name\nMYORG\tONE\nMYORG\tTWO", "2 rows"),
    ("jdbc:snowflake://myorg-acct.snowflakecomputing.com/?account=other-acct", "beside it is OTHER-ACCT"),
    ("jdbc:snowflake://evil.com/?account=myorg-acct", "not an address"),
    ("myorg-" + "a" * 58, "64 characters.*63 at most"),
    ("myorg." + "a" * 58, "64 characters.*63 at most"),
    ("a" * 64 + ".us-east-1", "64 characters.*63 at most"),
    ("a-" * 3000, "6,000 characters"),
    ('"",', "no name"),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "seen"), REFUSED)
def test_what_names_no_account_is_refused_with_what_was_seen_and_what_helps(pasted: str, seen: str):
    with pytest.raises(AccountError) as error:
        read_account(pasted)
    assert not isinstance(error.value, RegionMissing)
    assert re.search(seen, error.value.message), error.value.message
    assert error.value.message.endswith(".")
    assert len(error.value.fix) > 20
    assert not NOT_OUR_WORDS.search(error.value.message + error.value.fix)
    assert error.value.message.isprintable()


def test_a_name_of_exactly_63_characters_is_fine():
    assert len(read_account("myorg-" + "a" * 57).claim) == 63


def test_a_password_in_a_connection_url_is_never_repeated():
    with pytest.raises(AccountError) as error:
        read_account("snowflake://jane:hunter2@my!org/db")
    assert "hunter2" not in error.value.message + error.value.fix


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 70_000,
        "a-" * 40_000,
        "a." * 40_000,
        ".snowflakecomputing.com" * 5_000,
        "x" + ".snowflakecomputing.com" * 170,
        "account=" * 10_000,
        'account="' * 450,
        "account = '" * 370,
        "https://" * 500,
        "[" * 70_000,
        '{"a":' * 20_000,
        '[{"host":"' + "a.snowflakecomputing.com" * 4_000 + '","type":"SNOWFLAKE_DEPLOYMENT"}]',
        '[{"host":"x' + ".snowflakecomputing.com" * 170 + '","type":"SNOWFLAKE_DEPLOYMENT"}]',
        "\u200b" * 70_000,
        "|" * 70_000,
        "| a " * 1_000,
        "- " * 2_000,
        " \n" * 2_000 + "x",
        "jdbc:snowflake://" * 240,
        "SYSTEM$ALLOWLIST(" * 5_000,
        "1" * 300_000,
        "[" + "1" * 100_000 + "]",
    ],
    ids=lambda hostile: f"{hostile[:12]!r} x {len(hostile)}",
)
def test_hostile_texts_are_refused_by_name(hostile: str):
    with pytest.raises(AccountError) as error:
        read_account(hostile)
    assert len(error.value.message) < 500
