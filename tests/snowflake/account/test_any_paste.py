"""For any text at all: a host of Snowflake's or a reasoned no, and the same account whichever way it is written."""

from __future__ import annotations

import json
import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.snowflake.account.pastes import COM, PRACTICE
from wizard.snowflake.account import STORED_ACCOUNT, Account, AccountError, as_typed, read_account
from wizard.snowflake.account.regions import region_of_suffix

_pieces = st.sampled_from(
    [
        *(
            "myorg",
            "my_acct",
            "xy12345",
            "-",
            ".",
            "_",
            "..",
            "--",
            "us-east-1",
            "us-east-2.aws",
            "fhplus",
            "privatelink",
        ),
        *("global", "aws", ".snowflakecomputing.com", ".snowflakecomputing.cn", ".snowflake.com", "app.snowflake.com/"),
        *(
            "https://",
            "jdbc:snowflake://",
            "snowflake://",
            "/",
            "//",
            "\\",
            "@",
            ":",
            ":443",
            "?",
            "?account=",
            "#",
            "%2e",
        ),
        *(
            "evil.com",
            "127.0.0.1",
            "localhost",
            "[::1]",
            "．",
            "。",
            "\u200b",
            "\u202e",
            "\x00",
            "\n",
            "\t",
            " ",
            "\r\n",
        ),
        *(
            "account = ",
            'host="',
            "'",
            '"',
            ",",
            ";",
            "|",
            "AWS_US_EAST_2",
            "ORGANIZATION_NAME",
            "ACCOUNT_NAME",
            "{",
            "[",
        ),
        *(
            "]",
            "}",
            '{"type":"SNOWFLAKE_DEPLOYMENT","host":"',
            "practice-snowflake",
            ".localhost",
            "\u212a",
            "ſ",
            "İ",
            "–",
        ),
    ]
)
_pastes = st.one_of(
    st.text(max_size=200),
    st.lists(_pieces, max_size=12).map("".join),
    st.text(alphabet=string.ascii_letters + string.digits + "-_.:/@#?", max_size=120),
)
_SNOWFLAKE = re.compile(r"[a-z0-9_.-]+\.snowflakecomputing\.(?:com|cn)")


def _answer(text: str, region: str | None) -> Account | AccountError:
    try:
        return read_account(text, region=region, vouched=PRACTICE)
    except AccountError as error:
        return error


@given(_pastes, st.none() | st.sampled_from(["", "us-east-1"]) | st.text(max_size=20))
@example("myorg-acct\n", None)
@example("myorg-acct.snowflakecomputing.com\n.evil.com", None)
@example("[" * 100_000, None)
def test_any_text_ends_at_a_host_of_snowflakes_or_in_a_reasoned_no(text: str, region: str | None):
    account = _answer(text, region)
    if isinstance(account, AccountError):
        assert account.message.isprintable()
        assert account.message.endswith(".")
        assert account.fix
        return
    if account.vouched:
        assert account.host == "practice-snowflake.localhost"
    else:
        assert _SNOWFLAKE.fullmatch(account.host)
        assert len(account.host.split(".")) <= 7
    assert re.fullmatch(r"[A-Z0-9_-]{1,63}", account.claim)
    assert account.in_words().isprintable()
    assert STORED_ACCOUNT.read(json.loads(json.dumps(STORED_ACCOUNT.write(account)))) == account


@given(_pastes, st.none() | st.sampled_from(["", "us-east-1", "cn-northwest-1.aws"]))
@example("signup", "")
@example("ocsp", "")
@example("x" + ".snowflakecomputing.com" * 3, None)
@example("my_acct", "")
@example("jdbc:snowflake://practice-snowflake.localhost/?account=other-name", None)
def test_an_account_comes_back_as_a_text_that_reads_the_same(text: str, region: str | None):
    account = _answer(text, region)
    if isinstance(account, Account):
        assert read_account(as_typed(account, vouched=PRACTICE), vouched=PRACTICE) == account


_labels = st.sampled_from(["myorg-acct", "myorg-my_acct", "xy12345", "a-b-c", "a-b_c", "app-x-y", "x_y", "acme-x1"])
_regions = st.sampled_from(
    [
        "",
        ".us-east-1",
        ".us_east_2.aws",
        ".us-west-2",
        ".global",
        ".new-9.cloud",
        ".cn-northwest-1.aws",
        ".AWS_US_EAST_2",
    ]
)
_domains = st.sampled_from(["", ".snowflakecomputing.com", ".snowflakecomputing.cn", ".snowflake.com"])
_beside = st.sampled_from(["", "/?account=xy12345", "/?account=myorg-my_acct", "/?account=a-b_c", "/?account=zz_9"])


@given(_labels, _regions, st.sampled_from(["", ".privatelink"]), _domains, _beside, st.sampled_from([None, ""]))
@example("myorg-my_acct", "", "", ".snowflakecomputing.cn", "", None)
@example("my_org-a_b", ".eu-west-1", "", ".snowflakecomputing.com", "", None)
@example("x_y", ".us-east-1", "", ".snowflakecomputing.com", "/?account=a-b_c", None)
def test_every_part_of_an_address_comes_back(
    label: str, region: str, private: str, domain: str, beside: str, chosen: str | None
):
    scheme = "jdbc:snowflake://" if beside else ""
    account = _answer(f"{scheme}{label}{region}{private}{domain}{beside}", chosen)
    if isinstance(account, Account):
        assert read_account(as_typed(account)) == account


@pytest.mark.parametrize(
    ("pasted", "typed"),
    [
        ("https://app.snowflake.com/MYORG/My_Acct/#/", "myorg-my_acct"),
        ("xy12345.snowflakecomputing.com", "xy12345.snowflakecomputing.com"),
        ("xy12345.us-east-2", "xy12345.us-east-2.aws"),
        ("myorg-my_acct.snowflakecomputing.cn", "myorg-my_acct.snowflakecomputing.cn"),
        ("practice_snowflake", "practice-snowflake"),
        (
            "jdbc:snowflake://myorg-acct.snowflakecomputing.com/?user=jane&account=xy12345",
            "jdbc:snowflake://myorg-acct.snowflakecomputing.com/?account=XY12345",
        ),
    ],
)
def test_an_account_comes_back_as_shortly_as_it_can_be_said(pasted: str, typed: str):
    assert as_typed(read_account(pasted, vouched=PRACTICE), vouched=PRACTICE) == typed


_organizations = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,20}", fullmatch=True)
_names = st.from_regex(r"[A-Za-z](?:[A-Za-z0-9_]{0,20}[A-Za-z0-9])?", fullmatch=True)


@given(_organizations, _names)
def test_every_form_of_an_account_is_the_same_account(organization: str, name: str):
    claim = f"{organization}-{name}".upper()
    host = f"{organization}-{name}".lower().replace("_", "-") + COM
    if region_of_suffix(claim) or name.lower() in ("aws", "azure", "gcp", "com", "net", "org", "edu", "io", "cn"):
        return
    for pasted in (
        f"{organization}-{name}",
        f"https://{organization}-{name}.snowflakecomputing.com:443/console/login#/",
        f"https://app.snowflake.com/{organization}/{name}/#/worksheets",
        f"jdbc:snowflake://{organization}-{name}.snowflakecomputing.com/?account={organization}-{name}",
        f'account = "{organization}-{name}"',
        f'organization_name = "{organization}"\naccount_name = "{name}"',
        f"CURRENT_ORGANIZATION_NAME()\tCURRENT_ACCOUNT_NAME()\n{organization.upper()}\t{name.upper()}",
    ):
        if organization.lower() in ("login", "app", "streamlit", "console", "www", "docs", "api") and "app." in pasted:
            continue
        account = read_account(pasted)
        assert (account.host, account.claim) == (host, claim), pasted


@given(_organizations, _names)
def test_a_private_host_is_never_respelt(organization: str, name: str):
    if organization.lower() == "app":
        return
    host = f"{organization}-{name}.privatelink.snowflakecomputing.com".lower()
    assert read_account(f"https://{host}/").host == host
