"""Settings in which something is wrong are given back as they should stand, in their own form, with nothing secret."""

from __future__ import annotations

import ast
import json
import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from tests.handover.readers import READERS
from wizard.diagnosis import Corrected, Diagnosis, conclude, corrected_settings, read
from wizard.diagnosis.settings.value import Style, written
from wizard.snowflake.sql import quote_identifier

yaml = pytest.importorskip("yaml")
SECRET = "hunter-22!"


def diagnosed(text: str) -> tuple[Diagnosis, tuple[Corrected, ...]]:
    recognised = read(text, 0)
    diagnosis = conclude(fact for one in recognised for fact in one.facts)
    return diagnosis, corrected_settings(recognised, diagnosis)


def causes(text: str) -> list[str]:
    return [finding.cause.id for finding in diagnosed(text)[0].findings]


def corrected(text: str) -> str:
    (only,) = diagnosed(text)[1]
    return only.text


# --- one reader for each form -----------------------------------------------------------------------------------------


def from_toml(text: str) -> dict[str, Any]:
    (only,) = tomllib.loads(text).get("connections", tomllib.loads(text)).values()
    return dict(only)


def from_yaml(text: str) -> dict[str, Any]:
    found = yaml.safe_load(text)
    while "account" not in found:
        found = next(value for value in found.values() if isinstance(value, dict))
    return dict(found)


def from_environment(text: str) -> dict[str, str]:
    words = [word for word in shlex.split(text) if word != "export"]
    pairs = (word.partition("=") for word in words)
    return {name: value for name, _, value in pairs}


def from_airflow(text: str) -> dict[str, Any]:
    (assigned,) = shlex.split(text)
    told = json.loads(assigned.partition("=")[2])
    extra = told.pop("extra")
    return {**told, **(json.loads(extra) if isinstance(extra, str) else extra)}


def from_terraform(text: str) -> dict[str, str]:
    pairs = re.findall(r"^  (\w+) *= (.+)$", text, re.MULTILINE)
    return {name: READERS["hcl"](value) if value[0] == '"' else value for name, value in pairs}


def from_python(text: str) -> dict[str, Any]:
    (call,) = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}


def from_node(text: str) -> dict[str, str]:
    pairs = re.findall(r"(\w+): (\"(?:[^\"\\]|\\.)*\"|'[^'\\]*')", text)
    return {name: json.loads(value) if value[0] == '"' else value[1:-1] for name, value in pairs}


def from_jdbc(text: str) -> dict[str, str]:
    parts = urlsplit(text.strip().removeprefix("jdbc:"))
    return {"host": parts.netloc, **dict(parse_qsl(parts.query, strict_parsing=True))}


def from_odbc(text: str) -> dict[str, str]:
    pairs = re.findall(r"(\w+)=(\{(?:[^}]|\}\})*\}|[^;]*);?", text.strip())
    return {name: READERS["odbc"](value) for name, value in pairs}


def from_dotnet(text: str) -> dict[str, str]:
    pairs = re.findall(r"(\w+)=(\"(?:[^\"]|\"\")*\"|[^;]*);?", text.strip())
    return {name: READERS["dotnet"](value) for name, value in pairs}


def from_go(text: str) -> dict[str, str]:
    parts = urlsplit(f"snowflake://{text.strip()}")
    return {"user": parts.username or "", "account": parts.hostname or "", **dict(parse_qsl(parts.query))}


def from_properties(text: str) -> dict[str, str]:
    lines = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name: READERS["properties"](value) if value else "" for name, _, value in lines}


def from_ini(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name: value for name, _, value in pairs}


# --- a fragment of each form, with everything right: {account}, {path} and {more} are what a test changes ------------

FORMS: Mapping[str, tuple[Callable[[str], dict[str, Any]], str]] = {
    "toml": (from_toml, '[connections.prod]\naccount = "{account}"\nuser = "JANE"\n{more}schema = "PUBLIC"\n'),
    "yaml": (
        from_yaml,
        """shop:
  target: dev
  outputs:
    dev:
      type: snowflake
      account: {account}
      user: JANE
{more}      threads: 4
""",
    ),
    "env": (from_environment, "export SNOWFLAKE_ACCOUNT={account}\nexport SNOWFLAKE_USER=JANE\n{more}"),
    "airflow": (
        from_airflow,
        'AIRFLOW_CONN_SF=\'{{"conn_type": "snowflake", "login": "JANE", "extra": {{"account": "{account}"{more}}}}}\'',
    ),
    "terraform": (
        from_terraform,
        """provider "snowflake" {{
  organization_name = "myorg"
  account_name      = "acct"
  user              = "JANE"
{more}}}
""",
    ),
    "python": (from_python, 'connect(\n    account="{account}",\n    user="JANE",\n{more})\n'),
    "node": (from_node, "snowflake.createConnection({{\n  account: '{account}',\n  username: 'JANE',\n{more}}})\n"),
    "jdbc": (from_jdbc, "jdbc:snowflake://{account}.snowflakecomputing.com/?user=JANE{more}&warehouse=WH"),
    "odbc": (from_odbc, "Driver={{SnowflakeDSIIDriver}};server={account}.snowflakecomputing.com;uid=JANE;{more}"),
    "dotnet": (from_dotnet, "account={account};user=JANE;{more}"),
    "go": (from_go, "JANE@{account}/db/public?warehouse=WH{more}"),
    "kafka": (
        from_properties,
        "name=sink\nsnowflake.url.name={account}.snowflakecomputing.com\nsnowflake.user.name=JANE\n{more}",
    ),
    "odbc-source": (from_ini, "[SnowDSN]\nSERVER={account}.snowflakecomputing.com\nUID=JANE\n{more}"),
}

# What is wrong, in the spelling of each form, the cause that it is, and what has to be read in the end.
WRONG: tuple[tuple[str, str, str, str, dict[str, str | None]], ...] = (
    ("toml", "myorg-acct", 'private_key_file = "/k/a.p8"\nprivate_key_file_pwd = "S"\n', "keypair-mode-off",
     {"authenticator": "SNOWFLAKE_JWT", "private_key_file": "/k/a.p8", "schema": "PUBLIC"}),
    ("toml", "https://myorg-acct.snowflakecomputing.com",
     'authenticator = "SNOWFLAKE_JWT"\nprivate_key_file = "/k/a.p8"\n',
     "account-url-pasted", {"account": "myorg-acct"}),
    ("toml", "myorg-acct", 'authenticator = "SNOWFLAKE_JWT"\nprivate_key_file = "C:\\Users\\jane\\new.p8"\n',
     "key-file-missing", {"private_key_file": "C:\\Users\\jane\\new.p8"}),
    ("toml", "myorg-acct", 'authenticator = "SNOWFLAKE_JWT"\nprivate_key_path = "/k/a.p8"\n', "keypair-mode-off",
     {"private_key_file": "/k/a.p8", "private_key_path": None}),
    ("toml", "myorg-acct", 'authenticator = "externalbrowser"\nprivate_key_file = "/k/a.p8"\npassword = "S"\n',
     "keypair-mode-off", {"authenticator": "SNOWFLAKE_JWT", "password": None}),
    ("toml", "myorg-acct", 'authenticator = "SNOWFLAKE_JWT"\nprivate_key_file = "~/a.p8"\nrole = WH\n',
     "key-file-missing",
     {"private_key_file": "/home/YOU/a.p8", "role": "WH"}),
    ("yaml", "myorg-acct", "      private_key_file: /k/a.p8\n      private_key_passphrase: S\n", "keypair-mode-off",
     {"private_key_path": "/k/a.p8", "private_key_file": None}),
    ("yaml", "myorg-acct", "      authenticator: jwt\n      private_key_path: /k/a.p8\n", "keypair-mode-off",
     {"authenticator": None, "private_key_path": "/k/a.p8"}),
    ("yaml", "myorg-acct", "      private_key: /k/a b.p8\n", "key-is-path", {"private_key_path": "/k/a b.p8"}),
    ("yaml", "myorg-acct.us-east-1", "      password: S\n      private_key_path: /k/a.p8\n", "account-region-in-claim",
     {"account": "myorg-acct", "password": None}),
    ("yaml", "myorg-acct", '      private_key_path: "C:\\keys\\new.p8"\n', "key-file-missing",
     {"private_key_path": "C:\\keys\\new.p8"}),
    ("env", "myorg-acct", "export SNOWFLAKE_PRIVATE_KEY_PATH='/k/a b.p8'\n", "keypair-mode-off",
     {"SNOWFLAKE_AUTHENTICATOR": "SNOWFLAKE_JWT", "SNOWFLAKE_PRIVATE_KEY_PATH": "/k/a b.p8"}),
    ("env", "https://myorg-acct.snowflakecomputing.com",
     "export SNOWFLAKE_AUTHENTICATOR=SNOWFLAKE_JWT\nexport SNOWFLAKE_PRIVATE_KEY_PATH=/k/a.p8\n", "account-url-pasted",
     {"SNOWFLAKE_ACCOUNT": "myorg-acct"}),
    ("env", "xy12345.us-east-1",
     "export SNOWFLAKE_AUTHENTICATOR=SNOWFLAKE_JWT\nexport SNOWFLAKE_PRIVATE_KEY_PATH=/k/a.p8\n",
     "account-region-in-claim",
     {"SNOWFLAKE_ACCOUNT": "xy12345", "SNOWFLAKE_HOST": "xy12345.us-east-1.snowflakecomputing.com"}),
    ("airflow", "myorg-acct", ', "private_key_path": "/k/a.p8"', "keypair-mode-off",
     {"private_key_file": "/k/a.p8", "private_key_path": None, "login": "JANE"}),
    ("airflow", "https://myorg-acct.snowflakecomputing.com/", ', "private_key_file": "/k/a.p8"', "account-url-pasted",
     {"account": "myorg-acct"}),
    ("airflow", "myorg-acct", ', "private_key_content": "/k/o\'brien.p8"', "key-is-path", {}),
    ("airflow", "myorg-acct", ', "private_key_file": "/k/a.p8", "region": "us-east-1"', "account-not-found",
     {"region": None, "private_key_file": "/k/a.p8"}),
    ("terraform", "", '  authenticator     = "SNOWFLAKE_JWT"\n  private_key       = "~/k/a.p8"\n', "key-is-path",
     {"private_key": 'file(pathexpand("~/k/a.p8"))', "account_name": "acct"}),
    ("terraform", "", '  private_key       = file("/k/a.p8")\n  password          = "S"\n', "keypair-mode-off",
     {"authenticator": "SNOWFLAKE_JWT", "password": None, "private_key": 'file("/k/a.p8")'}),
    ("terraform", "", '  authenticator     = "SNOWFLAKE_JWT"\n  private_key_path  = "/k/a.p8"\n', "keypair-mode-off",
     {"private_key": 'file("/k/a.p8")', "private_key_path": None}),
    ("python", "myorg-acct", '    private_key_path="/k/a.p8",\n', "keypair-mode-off",
     {"private_key_file": "/k/a.p8", "authenticator": "SNOWFLAKE_JWT"}),
    ("python", "myorg.acct", '    private_key_file="/k/a.p8",\n    authenticator="SNOWFLAKE_JWT"\n', "account-dot-form",
     {"account": "myorg-acct"}),
    ("python", "myorg-acct", '    private_key_file="/k/a.p8",\n    password="S"\n', "keypair-mode-off",
     {"password": None, "authenticator": "SNOWFLAKE_JWT"}),
    ("python", "myorg-acct", '    authenticator="SNOWFLAKE_JWT",\n    private_key_file="C:\\temp\\new.p8",\n',
     "key-file-missing", {"private_key_file": "C:\\temp\\new.p8"}),
    ("node", "myorg-acct", "  privateKeyPath: '/k/a.p8',\n", "keypair-mode-off", {"authenticator": "SNOWFLAKE_JWT"}),
    ("node", "myorg-acct", "  authenticator: 'SNOWFLAKE_JWT',\n  private_key_path: '/k/a.p8'\n", "keypair-mode-off",
     {"privateKeyPath": "/k/a.p8", "private_key_path": None}),
    ("node", "myorg-acct.us-east-1",
     "  authenticator: 'SNOWFLAKE_JWT',\n  privateKeyPath: '/k/a.p8',\n  password: 'S'\n",
     "account-region-in-claim", {"account": "myorg-acct", "password": None}),
    ("jdbc", "myorg-acct.us-east-1", "&private_key_file=/k/a%20b.p8&private_key_pwd=S", "account-not-found",
     {"host": "myorg-acct.snowflakecomputing.com", "private_key_file": "/k/a b.p8", "user": "JANE"}),
    ("jdbc", "myorg-acct", "&password=S&private_key_path=/k/a.p8", "keypair-mode-off",
     {"password": None, "private_key_path": None, "private_key_file": "/k/a.p8"}),
    ("odbc", "myorg-acct", "private_key_file={C:\\My Keys\\a.p8};PRIV_KEY_FILE_PWD=S;", "keypair-mode-off",
     {"PRIV_KEY_FILE": "C:\\My Keys\\a.p8", "AUTHENTICATOR": "SNOWFLAKE_JWT", "private_key_file": None}),
    ("odbc", "myorg-acct", "AUTHENTICATOR=SNOWFLAKE_JWT;PRIV_KEY_FILE=/k/a.p8;pwd=S;", "keypair-mode-off",
     {"pwd": None}),
    ("dotnet", "myorg-acct", "private_key_file=/k/a.p8;password=S", "keypair-mode-off",
     {"authenticator": "snowflake_jwt", "password": None}),
    ("dotnet", "https://myorg-acct.snowflakecomputing.com", "authenticator=snowflake_jwt;private_key_file=/k/a.p8;",
     "account-url-pasted", {"account": "myorg-acct"}),
    ("go", "myorg-acct.us-east-1", "&authenticator=SNOWFLAKE_JWT&privateKey=S", "account-region-in-claim",
     {"account": "myorg-acct", "user": "JANE", "warehouse": "WH"}),
    ("go", "myorg-acct", "&privateKey=S", "keypair-mode-off", {"authenticator": "SNOWFLAKE_JWT"}),
    ("kafka", "myorg-acct", "snowflake.private.key=/k/a.p8\n", "key-is-path",
     {"snowflake.private.key": "YOUR_PRIVATE_KEY"}),
    ("kafka", "myorg-acct.us-east-1", "snowflake.private.key=S\n", "account-not-found",
     {"snowflake.url.name": "myorg-acct.snowflakecomputing.com", "name": "sink"}),
    ("odbc-source", "myorg-acct", "PWD=S\nprivate_key_file=/k/a.p8\n", "keypair-mode-off",
     {"PRIV_KEY_FILE": "/k/a.p8", "AUTHENTICATOR": "SNOWFLAKE_JWT", "PWD": None}),
)  # fmt: skip


def pasted(form: str, account: str, more: str) -> str:
    """The fragment of a form, S in it standing for something secret."""
    return FORMS[form][1].format(account=account, more=re.sub(r"(?<=[\"'=: ])S(?=[\"';&\n]|$)", SECRET, more))


@pytest.mark.parametrize(("form", "account", "more", "cause", "wanted"), WRONG)
def test_settings_are_given_back_as_they_should_stand(
    form: str, account: str, more: str, cause: str, wanted: dict[str, str | None]
) -> None:
    text = pasted(form, account, more)
    assert cause in causes(text)
    told = FORMS[form][0](corrected(text))
    assert {name: told.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(("form", "account", "more", "cause", "wanted"), WRONG)
def test_what_was_corrected_is_right_when_it_is_pasted_again(
    form: str, account: str, more: str, cause: str, wanted: dict[str, str | None]
) -> None:
    again = corrected(pasted(form, account, more))
    assert cause not in causes(again), again


@pytest.mark.parametrize(("form", "account", "more", "cause", "wanted"), WRONG)
def test_nothing_secret_is_given_back(
    form: str, account: str, more: str, cause: str, wanted: dict[str, str | None]
) -> None:
    text = pasted(form, account, more)
    assert SECRET not in repr(read(text, 0))
    assert SECRET not in repr(diagnosed(text))


# --- whatever stands beside it ----------------------------------------------------------------------------------------

ROLES: Mapping[str, tuple[str, Style, str]] = {
    "toml": ('role = {role}\nprivate_key_file = "/k/a.p8"\n', "toml", "role"),
    "yaml": ("      authenticator: jwt\n      role: {role}\n      private_key_path: /k/a.p8\n", "dbt", "role"),
    "env": ("export SNOWFLAKE_ROLE={role}\nexport SNOWFLAKE_PRIVATE_KEY_PATH=/k/a.p8\n", "shell", "SNOWFLAKE_ROLE"),
    "airflow": (', "role": {role}, "private_key_path": "/k/a.p8"', "json", "role"),
    "terraform": ('  role              = {role}\n  private_key       = file("/k/a.p8")\n', "hcl", "role"),
    "python": ('    role={role},\n    private_key_path="/k/a.p8"\n', "python", "role"),
    "node": ('  role: {role},\n  privateKeyPath: "/k/a.p8"\n', "json", "role"),
    "jdbc": ("&role={role}&private_key_path=/k/a.p8", "url", "role"),
    "odbc": ("role={role};private_key_file=/k/a.p8;", "odbc", "role"),
    "dotnet": ("role={role};private_key_file=/k/a.p8;", "dotnet", "role"),
    "go": ("&role={role}&privateKey=abc", "go", "role"),
}
NAMES = (
    st.text(st.sampled_from("AZaz09_ .$-+@/äé\u4e16'(){}<>!?*~^"), min_size=1, max_size=20).map(str.strip).filter(bool)
)


@pytest.mark.parametrize("form", ROLES)
@given(role=NAMES)
def test_a_value_beside_what_is_corrected_stays_what_it_says(form: str, role: str) -> None:
    more, style, name = ROLES[form]
    role = re.sub("['{]" if form in ("airflow", "odbc", "yaml") else "$^", "", role) or "X"  # dbt's braces are Jinja's
    text = FORMS[form][1].format(account="myorg-acct", more=more.replace("{role}", written(role, style)))
    told = FORMS[form][0](corrected(text))
    quoted_twice = quote_identifier(role)  # the correction of its small letters, where that comes first
    assert told[name] in (role, quoted_twice)


SOUP = st.lists(
    st.one_of(
        st.sampled_from(
            ["[connections.a]\n", "account=", "user: ", "private_key = ", '"', "'", "\\", "\n", "\n  ", ", ", ";", "&",
             "jdbc:snowflake://", 'provider "snowflake" {', "connect(", "}", ")", "AIRFLOW_CONN_A='",
             '{"conn_type": "a",',
             "outputs:", "type: snowflake", "password=", "passphrase: ", "role", "=", "SNOWFLAKE_ACCOUNT=",
             "authenticator",
             "snowflake://a:b@c/", "/k/a.p8", "file(", "{", "|\n", "C:\\Users", "region"]
        ),
        st.text(max_size=8),
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(text=SOUP)
def test_whatever_looks_like_settings_is_read_and_given_back_without_a_mistake(text: str) -> None:
    for one in diagnosed(f"account = x.y\nprivate_key_path = a\n{text}")[1]:
        assert one.text
        assert one.changed


ODD_SECRETS = (
    "$up3rSecret",
    "%Ab3rSecret",
    "Open(Secret",
    "file(Secret",
    "ab,Secret",
    "ab)Secret",
    "ab #Secret",
    "pa/Secret",
)
PLACES: Mapping[str, tuple[str, str]] = {
    "toml": ("toml", 'private_key_file = "/k/a.p8"\nprivate_key_file_pwd = "{}"\n'),
    "toml without quotes": ("toml", 'private_key_file = "/k/a.p8"\nprivate_key_file_pwd = {}\n'),
    "yaml": ("yaml", '      private_key_path: /k/a.p8\n      private_key_passphrase: "{}"\n'),
    "yaml without quotes": ("yaml", "      private_key_path: /k/a.p8\n      private_key_passphrase: {}\n"),
    "shell": ("env", "export SNOWFLAKE_PRIVATE_KEY_PATH=/k/a.p8\nexport SNOWFLAKE_PRIVATE_KEY_PASSPHRASE='{}'\n"),
    "json": ("airflow", ', "password": "{}", "private_key_path": "/k/a.p8"'),
    "python": ("python", '    private_key_file_pwd="{}",\n    private_key_path="/k/a.p8"\n'),
    "jdbc": ("jdbc", "&private_key_file_pwd={}&private_key_path=/k/a.p8"),
    "odbc": ("odbc", "PRIV_KEY_FILE_PWD={};private_key_file=/k/a.p8;"),
    "dotnet": ("dotnet", "private_key_pwd={};private_key_file=/k/a.p8;"),
    "kafka": ("kafka", "snowflake.private.key=abc\nsnowflake.private.key.passphrase={}\n"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("secret", ODD_SECRETS)
def test_a_secret_with_odd_signs_is_not_given_back_in_whole_or_in_part(place: str, secret: str) -> None:
    form, more = PLACES[place]
    text = FORMS[form][1].format(account="myorg-acct.us-east-1", more=more.format(secret))
    assert "Secret" in text
    assert "Secret" not in repr(diagnosed(text))
    assert "Secret" not in repr(read(text, 0))


def test_a_password_in_an_address_is_not_given_back_whatever_is_in_it() -> None:
    for address in ("snowflake://jane:pa/Secret@x-y/db?role=a", "https://jane:pa/Secret@proxy:8080"):
        text = f"export SNOWFLAKE_ACCOUNT=myorg-acct\nexport URL={address}\nexport SNOWFLAKE_PRIVATE_KEY_PATH=/k/a.p8\n"
        assert "Secret" not in repr(diagnosed(text))


@pytest.mark.parametrize(
    ("form", "more", "kept"),
    [
        (
            "yaml",
            "      private_key: /k/a.p8\n      private_key_passphrase: \"{{ env_var('PASS') }}\"\n",
            "env_var('PASS')",
        ),
        ("env", "export SNOWFLAKE_PRIVATE_KEY=/k/a.p8\nexport SNOWFLAKE_PRIVATE_KEY_PASSPHRASE=$PASS\n", "=$PASS"),
        ("python", '    private_key_file_pwd=os.environ["PASS"],\n    private_key="/k/a.p8"\n', 'os.environ["PASS"]'),
    ],
)
def test_what_only_names_a_variable_is_given_back(form: str, more: str, kept: str) -> None:
    assert kept in corrected(FORMS[form][1].format(account="myorg-acct.us-east-1", more=more))


def test_other_secrets_among_the_settings_are_not_given_back() -> None:
    text = (
        "export SNOWFLAKE_ACCOUNT=myorg-acct\nexport AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI\n"
        "export HTTPS_PROXY=http://jane:letmein9@proxy:8080\nexport SNOWFLAKE_PRIVATE_KEY_PATH=/k/a.p8\n"
    )
    told = corrected(text)
    assert "wJalrXUtnFEMI" not in told
    assert "letmein9" not in told
    assert "AWS_SECRET_ACCESS_KEY=YOUR_SECRET" in told


def test_a_private_key_among_the_settings_gives_way_to_the_path_of_its_file(rsa_2048: rsa.RSAPrivateKey) -> None:
    pem = rsa_2048.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    text = FORMS["yaml"][1].format(account="myorg-acct", more=f'      private_key: "{" ".join(pem.split(chr(10)))}"\n')
    assert causes(text)[0] == "key-newlines-lost"
    assert from_yaml(corrected(text))["private_key_path"] == "/path/to/rsa_key.p8"
    assert "MII" not in corrected(text)


def test_an_error_beside_the_settings_says_what_to_correct() -> None:
    refused = "Password was not given but private key is encrypted"
    right = FORMS["toml"][1].format(
        account="myorg-acct", more='authenticator = "SNOWFLAKE_JWT"\nprivate_key_file = "/k/a.p8"\n'
    )
    assert diagnosed(right)[1] == ()
    assert from_toml(corrected(f"{refused}\n\n{right}"))["private_key_file_pwd"] == "YOUR_PASSPHRASE"


def test_what_an_older_form_of_key_is_converted_to_stands_in_the_settings() -> None:
    text = FORMS["jdbc"][1].format(account="myorg-acct", more="&private_key_file=/k/rsa_key.pem&private_key_pwd=x")
    told = from_jdbc(corrected(f"{text}\n\n-----BEGIN RSA PRIVATE KEY-----"))
    assert told["private_key_file"] == "/k/rsa_key.p8"


def test_a_locator_without_a_region_is_doubted_where_the_host_knows_no_such_account() -> None:
    text = 'connect(account="ab12345", user="JANE", authenticator="SNOWFLAKE_JWT", private_key_file="/k/a.p8")\n'
    assert causes(text) == []
    refused = (
        "290404 (08001): None: 404 Not Found: post https://ab12345.snowflakecomputing.com:443/session/v1/login-request"
    )
    assert "ab12345" in diagnosed(f"{text}\n{refused}")[0].findings[0].because
    assert from_python(corrected(f"{text}\n{refused}"))["account"] == "YOURORG-YOURACCOUNT"


def test_the_text_of_a_key_ends_at_its_first_line_break_among_properties(rsa_2048: rsa.RSAPrivateKey) -> None:
    pem = rsa_2048.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    text = FORMS["kafka"][1].format(account="myorg-acct", more=f"snowflake.private.key={pem}")
    assert causes(text)[0] == "key-encoding"
    assert from_properties(corrected(text))["snowflake.private.key"] == "YOUR_KEY_AS_ONE_LINE"
    assert "sed '/-----/d' rsa_key.p8" in str([fix.command for fix in diagnosed(text)[0].findings[0].fixes])


def test_a_call_in_quotes_is_a_path_and_no_call() -> None:
    text = FORMS["terraform"][1].format(account="", more='  private_key = "file(~/k/a.p8)"\n')
    assert causes(text)[0] == "key-is-path"
    assert from_terraform(corrected(text))["private_key"] == 'file(pathexpand("~/k/a.p8"))'


def test_settings_in_json_alone_are_read_too() -> None:
    text = '{"account": "myorg-acct", "role": "LOADER", "private_key_file": "keys/a.p8"}'
    error = "FileNotFoundError: [Errno 2] No such file or directory: 'keys/a.p8'"
    assert causes(f"{text}\n\n{error}")[0] == "key-file-missing"
    assert json.loads(corrected(f"{text}\n\n{error}"))["private_key_file"] == "/path/to/a.p8"


def test_a_command_that_mends_something_names_their_key_file() -> None:
    text = FORMS["toml"][1].format(account="myorg-acct", more='private_key_file = "/my keys/a.pem"\n')
    (first, *_) = diagnosed(f"{text}\n-----BEGIN RSA PRIVATE KEY-----")[0].findings
    assert first.cause.id == "key-pkcs1"
    assert first.fixes[0].command == "openssl pkcs8 -topk8 -nocrypt -in '/my keys/a.pem' -out '/my keys/a.p8'"


# --- several connections ----------------------------------------------------------------------------------------------

SEVERAL = {
    "toml": """[connections.dev]
account = "myorg-dev"
user = "JANE"
authenticator = "SNOWFLAKE_JWT"
private_key_file = "/k/a.p8"
private_key_file_pwd = "x1"

[connections.prod]
account = "https://other-prod.snowflakecomputing.com"
user = "SVC"
authenticator = "SNOWFLAKE_JWT"
private_key_file = "/k/b.p8"
private_key_file_pwd = "x1"
""",
    "yaml": """shop:
  target: dev
  outputs:
    dev:
      type: snowflake
      account: myorg-dev
      user: JANE
      private_key_path: /k/a.p8
    prod:
      type: snowflake
      account: https://other-prod.snowflakecomputing.com
      user: SVC
      private_key_path: /k/b.p8
""",
    "env": """SNOWFLAKE_CONNECTIONS_DEV_ACCOUNT=myorg-dev
SNOWFLAKE_CONNECTIONS_DEV_USER=JANE
SNOWFLAKE_CONNECTIONS_DEV_AUTHENTICATOR=SNOWFLAKE_JWT
SNOWFLAKE_CONNECTIONS_DEV_PRIVATE_KEY_FILE=/k/a.p8
SNOWFLAKE_CONNECTIONS_PROD_ACCOUNT=https://other-prod.snowflakecomputing.com
SNOWFLAKE_CONNECTIONS_PROD_USER=SVC
SNOWFLAKE_CONNECTIONS_PROD_AUTHENTICATOR=SNOWFLAKE_JWT
SNOWFLAKE_CONNECTIONS_PROD_PRIVATE_KEY_FILE=/k/b.p8
""",
}


@pytest.mark.parametrize("text", SEVERAL.values(), ids=SEVERAL)
def test_each_connection_of_several_is_read_apart(text: str) -> None:
    recognised = read(text, 0)
    assert [one.kind for one in recognised] == ["settings", "settings"]
    told = [{fact.name: fact.value for fact in one.facts} for one in recognised]
    assert [(one["setting-section"], one["setting-user"]) for one in told] == [("dev", "JANE"), ("prod", "SVC")]


@pytest.mark.parametrize("text", SEVERAL.values(), ids=SEVERAL)
def test_a_finding_names_the_connection_that_it_is_about_and_only_that_one_is_corrected(text: str) -> None:
    diagnosis, given_back = diagnosed(text)
    assert [finding.cause.id for finding in diagnosis.findings] == ["account-url-pasted"]
    assert "prod" in diagnosis.findings[0].because
    (only,) = given_back
    assert "other-prod" in only.text
    assert "myorg-dev" not in only.text


@pytest.mark.parametrize(
    "text",
    [
        """dev = connect(account="myorg-dev", user="JANE", authenticator="SNOWFLAKE_JWT", private_key_file="/k/a.p8")
prod = connect(account="other-prod", user="SVC", authenticator="SNOWFLAKE_JWT", private_key_file="/k/b.p8")
""",
        """jdbc:snowflake://myorg-dev.snowflakecomputing.com/?user=JANE&private_key_file=/k/a.p8
jdbc:snowflake://other-prod.snowflakecomputing.com/?user=SVC&private_key_file=/k/b.p8
""",
        """server=myorg-dev.snowflakecomputing.com;uid=JANE;AUTHENTICATOR=SNOWFLAKE_JWT;PRIV_KEY_FILE=/k/a.p8;
server=other-prod.snowflakecomputing.com;uid=SVC;AUTHENTICATOR=SNOWFLAKE_JWT;PRIV_KEY_FILE=/k/b.p8;
""",
        *(text.replace("https://", "").replace(".snowflakecomputing.com", "") for text in SEVERAL.values()),
    ],
)
def test_two_connections_do_not_contradict_each_other(text: str) -> None:
    assert len(read(text, 0)) == 2
    assert causes(text) == []


def test_of_several_connections_the_one_is_meant_that_the_error_names() -> None:
    error = "250001 (08001): Failed to connect to DB: other-prod.snowflakecomputing.com:443. JWT token is invalid."
    text = SEVERAL["toml"].replace("https://", "").replace(".snowflakecomputing.com", "")
    assert "account-mismatch" not in causes(f"{error}\n\n{text}")
    assert causes(f"{error.replace('other-prod', 'third-one')}\n\n{text}")[0] == "account-mismatch"
