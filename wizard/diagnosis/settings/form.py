"""The forms in which clients are given settings: what each is known by, and the names that its client reads.

Names: https://docs.snowflake.com/en/user-guide/gen-conn-config and the manuals of the clients, autumn 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from wizard.diagnosis.settings.value import Style

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        name: setting
        for setting, names in {
            "account": "account accountname accountidentifier account_identifier",
            "organization": "organization_name organizationname",
            "account-name": "account_name",
            "host": "host server snowflake.url.name sfurl",
            "region": "region",
            "user": "user username uid login snowflake.user.name sfuser",
            "authenticator": "authenticator",
            "key-path": "private_key_file private_key_path privatekeypath priv_key_file privatekeyfile",
            "key-content": "private_key private_key_raw privatekey private_key_content private_key_base64 "
            "priv_key_base64 snowflake.private.key pem_private_key",
            "passphrase": "private_key_passphrase private_key_file_pwd private_key_pwd private_key_password "
            "privatekeypass priv_key_file_pwd priv_key_pwd privatekeypwd snowflake.private.key.passphrase",
            "password": "password pwd token sfpassword",
            "role": "role sfrole snowflake.role.name",
            "warehouse": "warehouse sfwarehouse",
        }.items()
        for name in names.split()
    }
)
"""Every name that a client has for a setting, and which setting that is."""

SECRET: Final = frozenset(("key-content", "passphrase", "password"))
"""The settings of whose value nothing is kept."""

_BARE: Final[Mapping[str, str]] = MappingProxyType(
    {re.sub("[_-]", "", name): setting for name, setting in NAMES.items()}
)


def setting_of(name: str) -> str:
    """Which setting a name stands for, however it is written; ``""`` for one that no client has."""
    name = name.lower()
    return NAMES.get(name) or _BARE.get(re.sub("[_-]", "", name), "")


@dataclass(frozen=True, slots=True)
class Form:
    """One form of settings.

    * ``slug``: stable name, the value of the fact ``settings``
    * ``title``: what it is, as it goes into a sentence
    * ``known_by``: what stands in no other form
    * ``style``: how a value is quoted
    * ``reads``: for each setting the names that its client reads, the one to write first
    * ``also``: names that only some of the programs read which share this form
    * ``client``: its program, where there is but one
    * ``language``: for the block that shows it
    * ``silent``: how strongly a key without an authenticator speaks against a login by key; 0 where the key is enough
    * ``password_opens_key``: whether its client opens the key with the password
    * ``ends_at_the_line``: whether the text of a key ends there at its first line break, however it is quoted
    * ``strict``: whether a name that is not in ``reads`` is passed over by the client
    """

    slug: str
    title: str
    known_by: re.Pattern[str]
    style: Style
    reads: Mapping[str, tuple[str, ...]]
    client: str = ""
    language: str = "text"
    silent: int = 0
    password_opens_key: bool = False
    ends_at_the_line: bool = False
    strict: bool = True
    also: tuple[str, ...] = ()

    def name_for(self, setting: str) -> str:
        """The name under which the client reads a setting, ``""`` where it has none."""
        return next(iter(self.reads.get(setting, ())), "")

    def passes_over(self, name: str) -> bool:
        """Whether the client reads no setting of this name."""
        names = self.reads.get(setting_of(name), ())
        return self.strict and bool(names) and name.lower() not in map(str.lower, names)


def _reads(*rows: str) -> Mapping[str, tuple[str, ...]]:
    """Each row: a setting, and the names that are read for it."""
    told = (row.partition(": ") for row in rows)
    return MappingProxyType({setting: tuple(names.split()) for setting, _, names in told})


_CONNECTOR: Final = _reads(
    "account: account",
    "host: host",
    "user: user",
    "authenticator: authenticator",
    "key-path: private_key_file",
    "key-content: private_key private_key_raw",
    "passphrase: private_key_file_pwd private_key_passphrase private_key_password",
    "role: role",
    "warehouse: warehouse",
)
_SNOWSQL: Final = _reads(
    "account: accountname", "user: username", "key-path: private_key_path", "authenticator: authenticator"
)
_DBT: Final = _reads(
    "account: account",
    "host: host",
    "user: user",
    "key-path: private_key_path",
    "key-content: private_key",
    "passphrase: private_key_passphrase",
    "role: role",
    "warehouse: warehouse",
)
_SECTION_LINE: Final = r"^[ \t]{0,8}\[{1,2}(?:connections\.)?[\"']?([^\]\n\"'\[]{1,80})[\"']?\]{1,2}[ \t]*$"
SECTION: Final = re.compile(_SECTION_LINE, re.MULTILINE)
"""A section of TOML, or of a file of data sources; its name without ``connections.``"""

FORMS: Final[tuple[Form, ...]] = (
    Form(
        "jdbc", "the JDBC address", re.compile(r"jdbc:snowflake:"), "url",
        _reads("user: user", "authenticator: authenticator", "key-path: private_key_file", "account: account",
               "key-content: private_key_base64 privatekey", "passphrase: private_key_pwd private_key_file_pwd"),
        client="jdbc",
    ),
    Form(
        "terraform", "the Terraform provider",
        re.compile(r"provider[ \t]{1,8}\"snowflake\"|^[ \t]{0,20}organization_name[ \t]{0,20}=", re.MULTILINE), "hcl",
        _reads("account-name: account_name", "organization: organization_name", "user: user", "host: host",
               "authenticator: authenticator", "key-content: private_key", "key-path: private_key",
               "passphrase: private_key_passphrase", "role: role"),
        client="terraform", language="terraform", silent=66,
    ),
    Form(
        "profiles-yml", "profiles.yml",
        re.compile(r"^[ \t]{0,20}(?:type:[ \t]{1,8}['\"]?snowflake|outputs:)", re.MULTILINE), "dbt", _DBT,
        client="dbt", language="yaml",
    ),
    Form(
        "airflow", "the Airflow connection", re.compile(r"AIRFLOW_CONN_|\"?conn_type\"?|extra__snowflake__"), "json",
        _reads("user: login", "account: account", "host: host", "key-path: private_key_file",
               "key-content: private_key_content", "role: role", "warehouse: warehouse", "region: region"),
        client="airflow", language="json", password_opens_key=True,
    ),
    Form(
        "kafka", "the Kafka connector's settings", re.compile(r"snowflake\.(?:url\.name|user\.name|private\.key)"),
        "properties",
        _reads("user: snowflake.user.name", "host: snowflake.url.name", "key-content: snowflake.private.key",
               "passphrase: snowflake.private.key.passphrase"),
        client="kafka", ends_at_the_line=True,
    ),
    Form(
        "python-call", "the Python call",
        re.compile(r"(?:connect|create_engine|URL|configs|SnowflakeClient)\(|Session\.builder|connection_parameters"),
        "python", _CONNECTOR, language="python", silent=40,
    ),
    Form(
        "node-call", "the Node.js call", re.compile(r"createConnection\(|createPool\(|privateKeyPath|privateKeyPass"),
        "json",
        _reads("account: account", "user: username", "authenticator: authenticator", "key-path: privateKeyPath",
               "key-content: privateKey", "passphrase: privateKeyPass", "host: host", "role: role",
               "warehouse: warehouse"),
        client="node", language="javascript", silent=66,
    ),
    Form(
        "sqlalchemy-url", "the SQLAlchemy address", re.compile(r"snowflake(?:\+\w{1,20})?://"), "url", _CONNECTOR,
        client="sqlalchemy", silent=40, strict=False,
    ),
    Form(
        "env", "the environment variables",
        re.compile(
            r"^[ \t]{0,8}(?:export |set |\$env:|ENV )?[ \t]{0,4}SNOW(?:FLAKE|SQL)_[A-Z0-9_]{1,60}[ \t]{0,4}[:=]",
            re.MULTILINE,
        ),
        "shell",
        _reads("account: ACCOUNT", "user: USER", "authenticator: AUTHENTICATOR", "key-path: PRIVATE_KEY_PATH",
               "key-content: PRIVATE_KEY", "passphrase: PRIVATE_KEY_PASSPHRASE", "host: HOST", "role: ROLE"),
        language="env", silent=66, strict=False,
    ),
    Form(
        "dlt", "dlt's secrets", re.compile(r"^[ \t]{0,8}\[destination\.", re.MULTILINE), "toml",
        _reads("host: host", "user: username", "key-path: private_key_path", "key-content: private_key",
               "passphrase: private_key_passphrase", "authenticator: authenticator", "role: role"),
        language="toml", strict=False,
    ),
    Form(
        "snowsql", "SnowSQL's settings", re.compile(r"^[ \t]{0,8}accountname[ \t]{0,8}=", re.MULTILINE), "toml",
        _SNOWSQL, client="snowsql", language="toml", silent=66, strict=False,
    ),
    Form(
        "odbc-source", "the ODBC data source",
        re.compile(r"^[ \t]{0,8}(?:priv_key_file|uid|priv_key_base64)[ \t]{0,8}=[^;\n]{0,300}$",
                   re.IGNORECASE | re.MULTILINE),
        "plain",
        _reads("host: SERVER", "user: UID", "authenticator: AUTHENTICATOR", "key-path: PRIV_KEY_FILE",
               "key-content: PRIV_KEY_BASE64", "passphrase: PRIV_KEY_FILE_PWD PRIV_KEY_PWD", "account: ACCOUNT"),
        client="odbc", silent=66,
    ),
    Form(
        "connections-toml", "the connection's settings", SECTION, "toml", _CONNECTOR,
        language="toml", silent=66, also=("private_key_path",),
    ),
    Form(
        "json", "the JSON settings", re.compile(r"\{[^{}]{0,2000}\"account\"[ \t]{0,8}:"), "json",
        _reads("account: account", "user: user", "host: host", "key-path: private_key_file",
               "key-content: private_key_content", "authenticator: authenticator", "role: role"),
        language="json", strict=False,
    ),
    Form(
        "odbc", "the ODBC string", re.compile(r"\b(?:priv_key_file|server)=[^;\n]{1,200};", re.IGNORECASE), "odbc",
        _reads("host: server", "user: uid", "authenticator: AUTHENTICATOR", "key-path: PRIV_KEY_FILE",
               "key-content: PRIV_KEY_BASE64", "passphrase: PRIV_KEY_FILE_PWD PRIV_KEY_PWD", "account: account"),
        client="odbc", silent=66,
    ),
    Form(
        "dotnet", "the connection string", re.compile(r"\baccount=[^;\n]{1,200};", re.IGNORECASE), "dotnet",
        _reads("account: account", "user: user", "authenticator: authenticator", "key-path: private_key_file",
               "key-content: private_key", "passphrase: private_key_pwd", "host: host"),
        client="dotnet", silent=66,
    ),
    Form(
        "go-dsn", "the Go address", re.compile(r"[?&](?:privateKey|authenticator)="), "go",
        _reads("account: account", "authenticator: authenticator", "key-content: privateKey", "key-path: privateKey"),
        client="go", silent=66,
    ),
)  # fmt: skip
"""Every form; what could be several is the first of them."""

OF_A_COMMAND: Final = Form("command-line", "the command", re.compile(r"(?!)"), "shell", _reads(), strict=False)
BY_SLUG: Final[Mapping[str, Form]] = MappingProxyType({form.slug: form for form in (*FORMS, OF_A_COMMAND)})


def form_of(text: str) -> Form | None:
    """Which form settings have, None for what is no settings at all."""
    return next((form for form in FORMS if form.known_by.search(text)), None)
