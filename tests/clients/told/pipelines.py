"""Tools for pipelines that open the key themselves, and then log in by the Python connector: what they say of keys."""

from __future__ import annotations

from functools import partial

from tests.clients.told.programs import Client, Given, Started, python_program

_opener = partial(Client, environment="pipelines", ways=("file", "text"), only_keys=True)
_ASK = 'connection.cursor().execute("select current_user()").fetchone()'


def _given(given: Given, passphrase: str) -> dict[str, str]:
    """The settings by the names that these tools share; ``passphrase`` is what each calls it."""
    settings = {name: given.settings[name] for name in ("account", "user") if name in given.settings}
    settings |= given.key_as(path="private_key_path", text="private_key", passphrase=passphrase)
    return settings


def _dagster(given: Given) -> Started:
    return python_program(
        given,
        "\nfrom dagster_snowflake import SnowflakeResource\n\n"
        'more = {"disable_ocsp_checks": True}\n'
        "snowflake = SnowflakeResource(**settings, additional_snowflake_connection_args=more)\n"
        f"with snowflake.get_connection() as connection:\n    print({_ASK})\n",
        _given(given, "private_key_password"),
    )


def _prefect(given: Given) -> Started:
    return python_program(
        given,
        "\nfrom prefect_snowflake import SnowflakeCredentials\n\n"
        'credentials = SnowflakeCredentials(**settings, authenticator="snowflake_jwt")\n'
        f"with credentials.get_client(disable_ocsp_checks=True) as connection:\n    print({_ASK})\n",
        _given(given, "private_key_passphrase"),
    )


def _dlt(given: Given) -> Started:
    settings = _given(given, "private_key_passphrase")
    settings |= {"host": settings.pop("account"), "username": settings.pop("user"), "database": "SALES"}
    return python_program(
        given,
        "\nimport snowflake.connector\n"
        "from dlt.common.configuration import resolve_configuration\n"
        "from dlt.destinations.impl.snowflake.configuration import SnowflakeCredentials\n\n"
        "credentials = resolve_configuration(SnowflakeCredentials(), explicit_value=settings)\n"
        "connection = snowflake.connector.connect(**credentials.to_connector_params(), disable_ocsp_checks=True)\n"
        f"print({_ASK})\n",
        settings,
    )


def _sqlmesh(given: Given) -> Started:
    return python_program(
        given,
        "\nfrom sqlmesh.core.config.connection import SnowflakeConnectionConfig\n\n"
        'config = SnowflakeConnectionConfig(**settings, authenticator="snowflake_jwt", database="SALES")\n'
        f"connection = config._connection_factory_with_kwargs()\nprint({_ASK})\n",
        _given(given, "private_key_passphrase"),
    )


PIPELINES = (
    _opener("dagster", package="dagster-snowflake", write=_dagster, imports=("dagster_snowflake",)),
    _opener("prefect", package="prefect-snowflake", write=_prefect, imports=("prefect_snowflake",)),
    _opener("dlt", package="dlt", write=_dlt, imports=("dlt", "snowflake.connector")),
    _opener("sqlmesh", package="sqlmesh", write=_sqlmesh, imports=("sqlmesh.core.config.connection",)),
)
