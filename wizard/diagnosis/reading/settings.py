"""Settings of clients, in whatever form: names and values, told apart by their names. No secret value is kept.

The forms have little in common but this: a name that a client knows, a sign that assigns, and a value. So one pattern
cuts them all, and what stands around (a section in brackets, ``provider "snowflake"``, ``jdbc:``) says which form it
is. Names: https://docs.snowflake.com/en/user-guide/gen-conn-config and the manuals of the clients, autumn 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from wizard.diagnosis.facts import Fact
from wizard.diagnosis.reading.key import PUBLIC_TAKEN_OUT, TAKEN_OUT
from wizard.diagnosis.reading.recognised import LONGEST_VALUE, Recognised

_NAMES: Final[Mapping[str, str]] = MappingProxyType(
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
            "key-path": "private_key_file private_key_path privatekeypath priv_key_file privatekeyfile ",
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
_PREFIX: Final = r"(?:snowflake_connections_[a-z0-9]{1,40}_|snowflake_|snowsql_)?"
_NAME: Final = "|".join(
    name.replace("_", "[_-]?").replace(".", r"\.") for name in sorted(_NAMES, key=len, reverse=True)
)
_PAIR: Final = re.compile(
    rf"(?<![a-z0-9_.-]){_PREFIX}(?P<name>{_NAME})[\"']?[ \t]{{0,20}}(?:=>|[:=])[ \t]{{0,20}}"
    r"(?P<value>\"{3}[^\"]{0,4000}\"{3}|\"[^\"\n]{0,400}\"|'[^'\n]{0,400}'|[|>]-?\n[^\n]{0,400}|[^\s,;&'\"\n)}\]]{0,400})",
    re.IGNORECASE,
)
_SECTION: Final = re.compile(
    r"^[ \t]{0,8}\[{1,2}(?:connections\.)?[\"']?([^\]\n\"'\[]{1,80})[\"']?\]{1,2}[ \t]*$", re.MULTILINE
)
_FORMS: Final = (
    ("jdbc", re.compile(r"jdbc:snowflake:")),
    (
        "terraform",
        re.compile(r"provider[ \t]{1,8}\"snowflake\"|^[ \t]{0,20}organization_name[ \t]{0,20}=", re.MULTILINE),
    ),
    ("profiles-yml", re.compile(r"^[ \t]{0,20}(?:type:[ \t]{1,8}['\"]?snowflake|outputs:)", re.MULTILINE)),
    ("airflow", re.compile(r"AIRFLOW_CONN_|\"?conn_type\"?|extra__snowflake__")),
    ("kafka", re.compile(r"snowflake\.(?:url\.name|user\.name|private\.key)")),
    (
        "python-call",
        re.compile(r"(?:connect|create_engine|URL|configs|SnowflakeClient)\(|Session\.builder|connection_parameters"),
    ),
    ("node-call", re.compile(r"createConnection\(|createPool\(|privateKeyPath|privateKeyPass")),
    (
        "env",
        re.compile(
            r"^[ \t]{0,8}(?:export |set |\$env:|ENV )?[ \t]{0,4}SNOW(?:FLAKE|SQL)_[A-Z0-9_]{1,60}[ \t]{0,4}[:=]",
            re.MULTILINE,
        ),
    ),
    ("connections-toml", _SECTION),
    ("odbc", re.compile(r"\b(?:priv_key_file|server)=[^;\n]{1,200};", re.IGNORECASE)),
    ("dotnet", re.compile(r"\baccount=[^;\n]{1,200};", re.IGNORECASE)),
    ("go-dsn", re.compile(r"[?&](?:privateKey|authenticator)=")),
)
TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "jdbc": "the JDBC address",
        "terraform": "the Terraform provider",
        "profiles-yml": "profiles.yml",
        "airflow": "the Airflow connection",
        "kafka": "the Kafka connector's settings",
        "python-call": "the Python call",
        "node-call": "the Node.js call",
        "env": "the environment variables",
        "connections-toml": "the connection's settings",
        "odbc": "the ODBC string",
        "dotnet": "the connection string",
        "go-dsn": "the Go address",
        "command-line": "the command",
    }
)
_CLIENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "jdbc": "jdbc",
        "terraform": "terraform",
        "profiles-yml": "dbt",
        "airflow": "airflow",
        "kafka": "kafka",
        "node-call": "node",
        "odbc": "odbc",
        "dotnet": "dotnet",
        "go-dsn": "go",
    }
)
_A_PATH: Final = re.compile(
    r"(?:file:)?(?:[A-Za-z]:[\\/]|/|~|\.{1,2}[\\/]|\$HOME)[^\n]{0,300}|[\w./\\-]{1,200}\.(?:p8|pem|key|der)"
)
_A_VARIABLE: Final = re.compile(r"\$|\{\{|%[A-Z]|os\.|env|var\.|process\.|file\(|open\(|None$", re.IGNORECASE)
_SECRET: Final = frozenset(("key-content", "passphrase", "password"))
_LEAST: Final = 2


def form_of(text: str) -> str:
    """Which form settings have, ``""`` for what is no settings at all."""
    return next((form for form, sign in _FORMS if sign.search(text)), "")


def read_settings(text: str) -> Recognised | None:
    """Read a settings fragment."""
    form = form_of(text)
    values = _values(text) if form else {}
    known = values.keys() & {"account", "account-name", "host", "user", "key-path", "key-content", "authenticator"}
    if len(values) < _LEAST or not known:
        return None
    source = TITLES[form]
    facts = [Fact("settings", form, source), *settings_facts(values, source)]
    if form in _CLIENTS:
        facts.append(Fact("client", _CLIENTS[form], source))
    section = _SECTION.search(text) if form == "connections-toml" else None
    if section:
        facts.append(Fact("setting-section", section[1], source))
    return Recognised("settings", f"Settings: {source}{f' [{section[1]}]' if section else ''}", tuple(facts))


def _values(text: str) -> dict[str, str]:
    """The first value of each setting that a client knows."""
    found: dict[str, str] = {}
    for pair in _PAIR.finditer(text.replace('\\"', '"')):
        if setting := _setting_of(pair["name"]):
            found.setdefault(setting, pair["value"].strip().strip("\"'").strip())
    if address := _JDBC.search(text):
        found.setdefault("host", address[1])
    if "organization" in found and "account-name" in found:
        found.setdefault("account", f"{found['organization']}-{found['account-name']}")
    elif "account-name" in found:
        found.setdefault("account", found["account-name"])
    return found


_JDBC: Final = re.compile(r"jdbc:snowflake://([A-Za-z0-9_.-]{1,255})")


def without_settings(text: str) -> str:
    """The lines of a text that are no settings."""
    return "\n".join(line for line in text.split("\n") if not _is_setting(line))


def _is_setting(line: str) -> bool:
    if _SECTION.match(line) or not any(character.isalpha() for character in line):
        return True
    return any(_setting_of(pair["name"]) for pair in _PAIR.finditer(line))


def _setting_of(name: str) -> str:
    name = name.lower()
    return _NAMES.get(name) or _UNDERSCORED[_bare(name)]


def _bare(name: str) -> str:
    return name.replace("_", "").replace("-", "")


_UNDERSCORED: Final[Mapping[str, str]] = MappingProxyType({_bare(name): setting for name, setting in _NAMES.items()})


def settings_facts(values: Mapping[str, str], source: str) -> Iterator[Fact]:
    """Yield settings as facts: of what is secret, only whether and how it is given."""
    for setting in ("account", "host", "region", "user", "role", "warehouse"):
        if setting in values and not _A_VARIABLE.match(values[setting]):
            yield Fact(f"setting-{setting}", values[setting][:LONGEST_VALUE], source)
    if "authenticator" in values:
        yield Fact("setting-authenticator", values["authenticator"][:40], source)
    if "key-path" in values:
        path = values["key-path"]
        yield Fact("setting-key-path", "content" if TAKEN_OUT in path else path[:LONGEST_VALUE], source)
    if "key-content" in values:
        yield Fact("setting-key-content", _content(values["key-content"]), source)
    passphrase = values.get("passphrase")
    yield Fact("setting-passphrase", "missing" if passphrase is None else "given" if passphrase else "empty", source)
    if values.get("password"):
        yield Fact("setting-password", "given", source)


def _content(value: str) -> str:
    if not value or value.lower() in ("null", "none"):
        return "empty"
    if PUBLIC_TAKEN_OUT in value:
        return "public"
    if TAKEN_OUT in value:
        return "text"
    if _A_VARIABLE.match(value) and not value.startswith("$HOME"):
        return "variable"
    return "path" if _A_PATH.fullmatch(value) else "text"
