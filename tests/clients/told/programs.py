"""The clients: how a person writes a program or a settings file for each, and how it is started."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.clients.told.world import HOME, VENV


@dataclass(frozen=True)
class Given:
    """What a person has in hand: ``settings`` by the names of the Python connector, the key by ``way``."""

    settings: Mapping[str, str]
    way: str
    path: str
    key: bytes
    passphrase: str | None
    config: str = ""

    @property
    def text(self) -> str:
        return self.key.decode("latin-1") if self.key[:2] in (b"\xff\xfe", b"0\x82") else self.key.decode()

    def key_as(self, *, path: str = "", text: str = "", passphrase: str = "") -> dict[str, str]:
        """The key and its passphrase, by the names that a program has for them; ``""``: it has none."""
        named: dict[str, str] = {}
        if self.way == "file":
            named[path] = self.path
        elif self.way == "text":
            named[text] = self.text
        if self.passphrase is not None:
            named[passphrase] = self.passphrase
        named.pop("", None)
        return named

    @property
    def all(self) -> dict[str, str]:
        """The settings with the key, by the names of the Python connector."""
        key: dict[str, str] = {}
        if self.way == "file":
            key = {"private_key_file": self.path}
            if self.passphrase is not None:
                key["private_key_file_pwd"] = self.passphrase
        elif self.way == "text":
            key = {"private_key": self.text}
            if self.passphrase is not None:
                key["private_key_passphrase"] = self.passphrase
        return {**self.settings, **key}


@dataclass(frozen=True)
class Started:
    """A command, in the environment of its client, and the variables that it is given."""

    command: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Client:
    """One client. ``ways`` are how it can be given the key, the usual one first; ``write`` lays out its files.

    ``only_keys`` marks one that does no more than open the key before another client logs in.
    ``package`` is whose version is told. ``imports`` are loaded once for all runs. ``config`` are the kinds of
    settings file that can go wrong. ``logs_in`` is what it prints when all is well.
    """

    slug: str
    environment: str
    package: str
    ways: tuple[str, ...]
    write: Callable[[Given], Started]
    imports: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    logs_in: str = "JANE"
    seconds: float = 45
    has_authenticator: bool = True
    only_keys: bool = False


def _save(name: str, text: str, mode: int = 0o600) -> Path:
    path = HOME / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def _toml(table: str, settings: Mapping[str, object]) -> str:
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in settings.items()]
    return "\n".join((f"[{table}]", *lines, ""))


_PATIENCE = {"login_timeout": 8, "network_timeout": 8}
_LOADED = """\
from cryptography.hazmat.primitives import serialization

with open({path!r}, "rb") as file:
    private_key = serialization.load_pem_private_key(file.read(), password={passphrase!r})
settings["private_key"] = private_key.private_bytes(
    encoding=serialization.Encoding.DER,
    format=serialization.PrivateFormat.PKCS8,
    encryption_algorithm=serialization.NoEncryption(),
)
"""
_BYTES = 'settings["private_key"] = open({path!r}, "rb").read()\n'


def python_program(given: Given, program: str, settings: Mapping[str, object] | None = None) -> Started:
    """Write ``program`` behind lines that read ``settings``, and the key where the program itself opens it."""
    settings = {**(given.all if settings is None else settings)}
    _save("settings.json", json.dumps(settings, indent=2))
    lines = 'import json\n\nsettings = json.load(open("settings.json"))\n'
    if given.way in ("loaded", "bytes"):
        passphrase = given.passphrase.encode() if given.passphrase is not None else None
        template = _LOADED if given.way == "loaded" else _BYTES
        lines += template.format(path=given.path, passphrase=passphrase)
    return Started((str(_save("main.py", lines + program)),))


def _connector(given: Given, **more: object) -> Started:
    if given.config:
        return _connector_by_name(given)
    return python_program(
        given,
        "\nimport snowflake.connector\n\n"
        "connection = snowflake.connector.connect(**settings)\n"
        'print(connection.cursor().execute("select current_user()").fetchone())\n',
        {**given.all, **_PATIENCE, **more},
    )


def _connector4(given: Given) -> Started:
    return _connector(given, disable_ocsp_checks=True)


def _connector_by_name(given: Given) -> Started:
    section = _toml("keypair", given.all)
    if given.config == "other-name":
        _save(".snowflake/connections.toml", section.replace("[keypair]", "[other]"))
    elif given.config == "hidden":
        _save(".snowflake/connections.toml", section.replace("[keypair]", "[other]"))
        _save(".snowflake/config.toml", section.replace("[keypair]", "[connections.keypair]"))
    elif given.config in ("wide", "writable", "unreadable"):
        mode = {"wide": 0o644, "writable": 0o666, "unreadable": 0}[given.config]
        _save(".snowflake/connections.toml", section, mode)
    elif given.config == "no-section":
        _save(".snowflake/connections.toml", section.partition("\n")[2])
    elif given.config == "no-file":
        (HOME / ".snowflake").mkdir()
    return Started((str(_save("main.py",
        "import snowflake.connector\n\n"
        'connection = snowflake.connector.connect(connection_name="keypair")\n'
        'print(connection.cursor().execute("select current_user()").fetchone())\n',
    )),))  # fmt: skip


def _sqlalchemy(given: Given) -> Started:
    url = {name: given.settings[name] for name in ("account", "user", "role", "password") if name in given.settings}
    rest = {name: value for name, value in given.all.items() if name not in url}
    return python_program(
        given,
        "\nfrom snowflake.sqlalchemy import URL\nfrom sqlalchemy import create_engine, text\n\n"
        f"engine = create_engine(URL(**{url!r}), connect_args=settings)\n"
        "with engine.connect() as connection:\n"
        '    print(connection.execute(text("select current_user()")).fetchone())\n',
        {**rest, **_PATIENCE, "disable_ocsp_checks": True},
    )


def _snowpark(given: Given) -> Started:
    return python_program(
        given,
        "\nfrom snowflake.snowpark import Session\n\n"
        "session = Session.builder.configs(settings).create()\n"
        'print(session.sql("select current_user()").collect())\n',
        {**given.all, **_PATIENCE, "disable_ocsp_checks": True},
    )


def _snow(given: Given) -> Started:
    settings = {**given.settings, **_PATIENCE, "disable_ocsp_checks": True}
    settings |= given.key_as(path="private_key_file")
    variables = given.key_as(text="SNOWFLAKE_CONNECTIONS_KEYPAIR_PRIVATE_KEY_RAW", passphrase="PRIVATE_KEY_PASSPHRASE")
    section = _toml("connections.keypair", settings)
    if given.config in ("other-name", "hidden"):
        _save(".snowflake/config.toml", section if given.config == "hidden" else section.replace("keypair", "other"))
        if given.config == "hidden":
            _save(".snowflake/connections.toml", _toml("other", settings))
    elif given.config == "no-section":
        _save(".snowflake/config.toml", section.partition("\n")[2])
    elif given.config != "no-file":
        modes = {"wide": 0o644, "writable": 0o666, "unreadable": 0}
        _save(".snowflake/config.toml", section, modes.get(given.config, 0o600))
    command = (f"{VENV}/bin/snow", "sql", "--connection", "keypair", "--query", "select current_user()")
    return Started(command, variables)


def _dbt(given: Given) -> Started:
    names = {"account", "user", "password", "role", "host", "authenticator"}
    output: dict[str, object] = {name: value for name, value in given.settings.items() if name in names}
    if output.get("authenticator") == "SNOWFLAKE_JWT":
        del output["authenticator"]  # dbt sets it by itself where a key is named
    output |= given.key_as(path="private_key_path", text="private_key", passphrase="private_key_passphrase")
    if given.config == "no-variable":
        output["private_key_passphrase"] = "{{ env_var('SNOWFLAKE_PRIVATE_KEY_PASSPHRASE') }}"
    output |= {"database": "SALES", "schema": "PUBLIC", "type": "snowflake", "threads": 1}
    output |= {"connect_timeout": 8, "connect_retries": 0}
    name = "other" if given.config == "other-name" else "keypair"
    target = "prod" if given.config == "hidden" else "dev"
    if given.config != "no-file":
        profiles = {name: {"target": target, "outputs": {"dev": output}}}
        # JSON is YAML.
        _save(".dbt/profiles.yml", json.dumps(profiles, indent=2), 0 if given.config == "unreadable" else 0o600)
    _save("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: keypair\n")
    return Started((f"{VENV}/bin/dbt", "--no-use-colors", "debug", "--connection"), {"DO_NOT_TRACK": "1"})


def _sql_api(given: Given) -> Started:
    names = {
        "account": "SNOWFLAKE_ACCOUNT",
        "user": "SNOWFLAKE_USER",
        "role": "SNOWFLAKE_ROLE",
        "host": "SNOWFLAKE_HOST",
    }
    variables = {names[name]: value for name, value in given.settings.items() if name in names}
    variables |= given.key_as(
        path="SNOWFLAKE_PRIVATE_KEY_PATH", text="SNOWFLAKE_PRIVATE_KEY", passphrase="SNOWFLAKE_PRIVATE_KEY_PASSPHRASE"
    )
    program = (
        "from snowflake_sql_api import SnowflakeClient\n\n"
        "with SnowflakeClient.from_env() as client:\n"
        '    print(client.query("select current_user()"))\n'
    )
    return Started((str(_save("main.py", program)),), variables)


_NODE_NAMES = {"user": "username"}


def _node(given: Given) -> Started:
    settings: dict[str, object] = {_NODE_NAMES.get(name, name): value for name, value in given.settings.items()}
    settings |= given.key_as(path="privateKeyPath", text="privateKey", passphrase="privateKeyPass")
    settings |= {"sfRetryMaxLoginRetries": 1, "timeout": 8000, "retryTimeout": 8}
    _save("settings.json", json.dumps(settings, indent=2))
    program = _save("main.js", """\
const snowflake = require("snowflake-sdk");
snowflake.configure({ disableOCSPChecks: true });

const connection = snowflake.createConnection(require("./settings.json"));
connection.connect((error) => {
  if (error) throw error;
  connection.execute({
    sqlText: "select current_user()",
    complete: (error, statement, rows) => {
      if (error) throw error;
      console.log(rows);
      connection.destroy(() => {});
    },
  });
});
""")  # fmt: skip
    return Started((f"{VENV}/bin/node", str(program)))


def _adbc(given: Given) -> Started:
    option = "adbc.snowflake.sql."
    names = {"account": f"{option}account", "user": "username", "role": f"{option}role", "host": f"{option}uri.host",
             "password": "password"}  # fmt: skip
    settings = {names[name]: value for name, value in given.settings.items() if name in names}
    if "host" in given.settings:
        settings |= {f"{option}uri.port": "443", f"{option}uri.protocol": "https"}
    authenticators = {"SNOWFLAKE_JWT": "auth_jwt", "snowflake": "auth_snowflake"}
    if authenticator := given.settings.get("authenticator"):
        settings[f"{option}auth_type"] = authenticators.get(authenticator, authenticator)
    settings |= given.key_as(
        path=f"{option}client_option.jwt_private_key",
        text=f"{option}client_option.jwt_private_key_pkcs8_value",
        passphrase=f"{option}client_option.jwt_private_key_pkcs8_password",
    )
    settings |= {f"{option}client_option.login_timeout": "8s", f"{option}client_option.disable_telemetry": "true"}
    return python_program(
        given,
        "\nimport adbc_driver_snowflake.dbapi\n\n"
        "connection = adbc_driver_snowflake.dbapi.connect(db_kwargs=settings, autocommit=True)\n"
        "cursor = connection.cursor()\n"
        'cursor.execute("select current_user()")\n'
        "print(cursor.fetchall())\n",
        settings,
    )


def _airflow(given: Given) -> Started:
    extra = {name: value for name, value in given.settings.items() if name not in ("user", "password", "authenticator")}
    extra |= given.key_as(path="private_key_file", text="private_key_content")
    if given.settings.get("authenticator", "SNOWFLAKE_JWT") != "SNOWFLAKE_JWT":
        extra["authenticator"] = given.settings["authenticator"]
    connection = {"conn_type": "snowflake", "extra": extra}
    if "user" in given.settings:
        connection["login"] = given.settings["user"]
    password = given.passphrase if given.passphrase is not None else given.settings.get("password")
    if password is not None:
        connection["password"] = password
    name = "AIRFLOW_CONN_OTHER" if given.config else "AIRFLOW_CONN_SNOWFLAKE_DEFAULT"
    program = _save("main.py",
        "from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook\n\n"
        'print(SnowflakeHook().get_first("select current_user()"))\n',
    )  # fmt: skip
    return Started((str(program),), {name: json.dumps(connection), "AIRFLOW__CORE__UNIT_TEST_MODE": "True"})


_CONFIG_FILES = ("other-name", "no-file", "hidden", "wide", "writable", "unreadable", "no-section")
CLIENTS = (
    Client("python-connector-4", "connector4", "snowflake-connector-python", ("file", "loaded", "text", "bytes"),
           _connector4, ("snowflake.connector",), _CONFIG_FILES),
    Client("python-connector-5", "connector5", "snowflake-connector-python", ("file", "loaded", "text", "bytes"),
           _connector, (), _CONFIG_FILES),
    Client("python-connector-3", "connector3", "snowflake-connector-python", ("file", "loaded", "text", "bytes"),
           _connector4, ("snowflake.connector",), _CONFIG_FILES),
    Client("snowflake-sql-api", "others", "snowflake-sql-api", ("file", "text"), _sql_api,
           ("snowflake_sql_api",), has_authenticator=False),
    Client("snow", "cli", "snowflake-cli", ("file", "text"), _snow,
           ("snowflake.cli._app.cli_app",), _CONFIG_FILES),
    Client("sqlalchemy", "connector4", "snowflake-sqlalchemy", ("file", "loaded"), _sqlalchemy,
           ("snowflake.sqlalchemy",)),
    Client("snowpark", "connector4", "snowflake-snowpark-python", ("file", "loaded"), _snowpark,
           ("snowflake.snowpark",)),
    Client("dbt", "dbt", "dbt-snowflake", ("file", "text"), _dbt, ("dbt.cli.main", "dbt.adapters.snowflake"),
           ("other-name", "no-file", "hidden", "unreadable", "no-variable"), logs_in="OK connection ok",
           has_authenticator=False),
    Client("nodejs", "node", "snowflake-sdk", ("file", "text"), _node),
    Client("adbc", "others", "adbc-driver-snowflake", ("file", "text"), _adbc,
           ("pandas", "adbc_driver_manager.dbapi")),
    Client("airflow", "airflow", "apache-airflow-providers-snowflake", ("file", "text"), _airflow,
           ("airflow", "snowflake.connector"), ("other-name",)),
)  # fmt: skip
