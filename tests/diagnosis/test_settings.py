"""Settings and commands are read in whatever form they are pasted, and no secret of them is kept."""

from __future__ import annotations

import pytest

from wizard.diagnosis import conclude, read

FORMS = {
    "connections-toml": """
[connections.prod]
account = "myorg-acct"
user = "JANE"
private_key_file = "/keys/rsa_key.p8"
private_key_file_pwd = "hunter22"
""",
    "profiles-yml": """
shop:
  target: dev
  outputs:
    dev:
      type: snowflake
      account: myorg-acct
      user: JANE

      private_key_path: /keys/rsa_key.p8
      private_key_passphrase: hunter22
""",
    "env": """
export SNOWFLAKE_ACCOUNT=myorg-acct
export SNOWFLAKE_USER="JANE"
export SNOWFLAKE_PRIVATE_KEY_PATH=/keys/rsa_key.p8
export PRIVATE_KEY_PASSPHRASE=hunter22
""",
    "airflow": """AIRFLOW_CONN_SNOWFLAKE='{"conn_type": "snowflake", "login": "JANE", "extra": {"account": "myorg-acct",
"private_key_file": "/keys/rsa_key.p8", "private_key_passphrase": "hunter22"}}'""",
    "terraform": """
provider "snowflake" {
  organization_name      = "myorg"
  account_name           = "acct"
  user                   = "JANE"
  private_key_path       = "/keys/rsa_key.p8"
  private_key_passphrase = "hunter22"
}
""",
    "python-call": """
connection = snowflake.connector.connect(
    account='myorg-acct', user='JANE', private_key_file='/keys/rsa_key.p8', private_key_file_pwd='hunter22',
)
""",
    "node-call": """
snowflake.createConnection({ account: 'myorg-acct', username: 'JANE', privateKeyPath: '/keys/rsa_key.p8',
  privateKeyPass: 'hunter22' })
""",
    "dotnet": "account=myorg-acct;user=JANE;private_key_file=/keys/rsa_key.p8;private_key_pwd=hunter22",
}


def facts(text: str) -> dict[str, str]:
    return {fact.name: fact.value for recognised in read(text, 0) for fact in recognised.facts}


def causes(text: str) -> list[str]:
    return [finding.cause.id for finding in conclude(f for told in read(text, 0) for f in told.facts).findings]


@pytest.mark.parametrize(("form", "text"), FORMS.items(), ids=FORMS)
def test_each_form_tells_the_same(form: str, text: str) -> None:
    assert [recognised.kind for recognised in read(text, 0)] == ["settings"]
    told = facts(text)
    assert told["settings"] == form
    assert (told["setting-account"], told["setting-user"]) == ("myorg-acct", "JANE")
    assert told["setting-key-path"] == "/keys/rsa_key.p8"
    assert told["setting-passphrase"] == "given"


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_no_passphrase_is_kept(text: str) -> None:
    assert "hunter22" not in repr(read(text, 0))


@pytest.mark.parametrize(
    "address",
    [
        "jdbc:snowflake://myorg-acct.snowflakecomputing.com/?user=JANE&private_key_file=/keys/rsa_key.p8&private_key_pwd=pw1",
        "server=myorg-acct.snowflakecomputing.com;uid=JANE;priv_key_file=/keys/rsa_key.p8;priv_key_file_pwd=pw1",
    ],
)
def test_drivers_with_a_host_tell_it(address: str) -> None:
    told = facts(address)
    assert told["setting-host"] == "myorg-acct.snowflakecomputing.com"
    assert (told["setting-user"], told["setting-key-path"]) == ("JANE", "/keys/rsa_key.p8")
    assert told["setting-passphrase"] == "given"


def toml(**changes: str) -> str:
    values = {
        "account": "myorg-acct",
        "user": "JANE",
        "authenticator": "SNOWFLAKE_JWT",
        "private_key_file": "/keys/rsa_key.p8",
        "private_key_file_pwd": "pw1",
        **changes,
    }
    return "[connections.prod]\n" + "\n".join(f'{name} = "{value}"' for name, value in values.items() if value != "-")


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({"account": "https://myorg-acct.snowflakecomputing.com"}, "account-url-pasted"),
        ({"account": "myorg.acct"}, "account-dot-form"),
        ({"account": ""}, "account-empty"),
        ({"user": ""}, "user-empty"),
        ({"authenticator": "externalbrowser"}, "keypair-mode-off"),
        ({"authenticator": "-"}, "keypair-mode-off"),
        ({"private_key_file": ""}, "key-empty"),
        ({"private_key_file": "-", "private_key": "/keys/rsa_key.p8"}, "key-is-path"),
        ({"private_key_file": "~/keys/rsa_key.p8"}, "key-file-missing"),
        ({"private_key_file": "rsa_key.p8"}, "key-file-missing"),
        ({"role": "Data Team"}, "role-not-granted"),
    ],
)
def test_a_setting_that_is_wrong_is_the_finding(changes: dict[str, str], first: str) -> None:
    assert causes(toml(**changes))[0] == first


def test_settings_that_are_right_speak_for_nothing() -> None:
    assert causes(toml()) == []


def test_dbt_takes_jwt_for_something_else() -> None:
    text = FORMS["profiles-yml"].replace("      user: JANE", "      user: JANE\n      authenticator: jwt")
    assert causes(text)[0] == "keypair-mode-off"


def test_an_error_and_the_settings_beside_it_are_compared() -> None:
    error = "250001 (08001): Failed to connect to DB: otherorg-acct.snowflakecomputing.com:443. JWT token is invalid."
    assert causes(f"{error}\n\n{toml()}")[0] == "account-mismatch"
    assert causes(f"{error.replace('otherorg', 'myorg')}\n\n{toml()}")[0] == "key-mismatch"


@pytest.mark.parametrize(
    ("command", "name", "value"),
    [
        ("openssl genrsa 1024 | openssl pkcs8 -topk8 -out rsa_key.p8 -nocrypt", "key-bits", "1024"),
        ("$ openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out k.pem", "key-bits", "1024"),
        ("openssl genpkey -algorithm ed25519 -out k.pem", "key-form", "ec"),
        ("openssl rsa -in rsa_key.p8 -pubout -outform DER -out k.der", "public-key-form", "der"),
        ("openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in k.pem -out k.p8", "key-cipher", "old"),
        ("ssh-keygen -t rsa -b 4096", "key-form", "openssh"),
        ("ssh-keygen -t ed25519", "key-form", "ec"),
        ("jane@host:~$ chmod 644 rsa_key.p8", "file-mode", "644 rsa_key.p8"),
        ("snow connection test --account myorg-acct --private-key-file ~/k.p8", "setting-key-path", "~/k.p8"),
    ],
)
def test_a_command_tells_what_it_makes(command: str, name: str, value: str) -> None:
    assert [recognised.kind for recognised in read(command, 0)] == ["command"]
    assert facts(command)[name] == value


@pytest.mark.parametrize(
    ("command", "first"),
    [
        ("openssl genrsa 1024", "key-too-short"),
        ("ssh-keygen -t rsa -b 4096", "key-openssh"),
        ("openssl ecparam -name prime256v1 -genkey", "key-type"),
        ("openssl rsa -in k.p8 -pubout -outform der -out k.der", "public-key-rejected"),
        ("chmod 666 connections.toml", "config-permissions"),
    ],
)
def test_a_command_that_makes_trouble_is_the_finding(command: str, first: str) -> None:
    assert causes(command)[0] == first


def test_a_key_that_ssh_keygen_made_in_the_right_form_is_none_of_openssh() -> None:
    assert causes("ssh-keygen -t rsa -b 4096 -m PKCS8") == []
