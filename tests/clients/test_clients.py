"""Every tool whose client can be installed logs in with what was copied, by a plain key and by an encrypted one."""

from __future__ import annotations

import re

import pytest
import yaml  # type: ignore[import-untyped]

from tests.clients.conftest import PASSPHRASE, TOOLS, Desk, logged_in

CONNECTORS = ("connector4", "connector5")
PROGRAMS = {
    "python-connector": CONNECTORS,
    "sqlalchemy": CONNECTORS,
    "snowpark": ("connector4",),
    "dagster": ("pipelines",),
    "prefect": ("pipelines",),
}
CASES = [(slug, environment) for slug, environments in PROGRAMS.items() for environment in environments]
WHOAMI = "select current_user()"


@pytest.mark.parametrize(("slug", "environment"), CASES)
def test_a_python_program_logs_in_as_it_was_copied(slug: str, environment: str, desk: Desk) -> None:
    assert logged_in(desk.run(environment, slug, f"python {desk.save(slug).name}"))


@pytest.mark.parametrize(("slug", "environment"), CASES)
def test_a_python_program_finds_the_key_at_home(slug: str, environment: str, desk_at_home: Desk) -> None:
    assert logged_in(desk_at_home.run(environment, slug, f"python {desk_at_home.save(slug).name}"))


@pytest.mark.parametrize("environment", CONNECTORS)
@pytest.mark.parametrize("name", ["connections.toml", "config.toml"])
def test_the_shared_entry_logs_the_connector_in(name: str, environment: str, desk: Desk) -> None:
    desk.save(name.replace(".", "-"), f"../home/.snowflake/{name}")
    desk.save("connections-toml-program")
    assert logged_in(desk.run(environment, "connections-toml-program", "python whoami.py"))


@pytest.mark.parametrize("name", ["connections.toml", "config.toml"])
def test_the_shared_entry_logs_the_snowflake_cli_in(name: str, desk: Desk) -> None:
    slug = name.replace(".", "-")
    desk.save(slug, f"../home/.snowflake/{name}")
    ran = desk.run("cli", slug, "snow connection test --connection keypair && echo JANE")
    assert logged_in(ran)
    assert "OK" in ran.stdout


def test_the_snowflake_cli_logs_in_by_one_command(desk: Desk) -> None:
    assert logged_in(desk.run("cli", "snowflake-cli", desk.copied("snowflake-cli")))


def test_the_snowflake_cli_finds_the_key_at_home(desk_at_home: Desk) -> None:
    assert logged_in(desk_at_home.run("cli", "snowflake-cli", desk_at_home.copied("snowflake-cli")))


def test_a_workflow_of_github_logs_in(desk: Desk) -> None:
    job = yaml.safe_load(desk.copied("github-actions"))["jobs"]["whoami"]
    secrets = {
        "SNOWFLAKE_PRIVATE_KEY_RAW": (desk.folder / "the keys" / "rsa_key.p8").read_text(),
        "PRIVATE_KEY_PASSPHRASE": PASSPHRASE,
    }
    variables = {
        name: re.sub(r"\$\{\{ secrets\.(\w+) \}\}", lambda found: secrets[found[1]], str(value))
        for name, value in job["env"].items()
    }
    assert logged_in(desk.run("cli", "github-actions", job["steps"][-1]["run"], **variables))


def test_dbt_logs_in_with_the_profile(desk: Desk) -> None:
    dbt_logs_in(desk)


def test_dbt_finds_the_key_at_home(desk_at_home: Desk) -> None:
    dbt_logs_in(desk_at_home)


def dbt_logs_in(desk: Desk) -> None:
    desk.save("dbt", "../home/.dbt/profiles.yml")
    (desk.work / "dbt_project.yml").write_text("name: tried\nversion: '1.0'\nprofile: keypair\n")
    ran = desk.run("dbt", "dbt", "dbt debug --connection && echo JANE", DO_NOT_TRACK="1")
    assert logged_in(ran)
    assert "OK connection ok" in ran.stdout


def test_streamlit_logs_in_by_its_secrets(desk: Desk) -> None:
    desk.save("streamlit", ".streamlit/secrets.toml")
    desk.save("streamlit-app")
    # Streamlit's own way to run an app without a browser.
    look = (
        "from streamlit.testing.v1 import AppTest; app = AppTest.from_file('app.py', default_timeout=60).run(); "
        "print(app.exception, [shown.value for shown in app.markdown])"
    )
    assert logged_in(desk.run("connector4", "streamlit-app", f'python -c "{look}"'))


def test_node_logs_in(desk: Desk) -> None:
    program = desk.save("nodejs")
    (desk.work / "node_modules").symlink_to(TOOLS / "node" / "node_modules")
    assert logged_in(desk.run("node", "nodejs", f"node {program.name}"))


def test_node_finds_the_key_at_home(desk_at_home: Desk) -> None:
    program = desk_at_home.save("nodejs")
    (desk_at_home.work / "node_modules").symlink_to(TOOLS / "node" / "node_modules")
    assert logged_in(desk_at_home.run("node", "nodejs", f"node {program.name}"))


def test_airflow_imports_the_connection_and_logs_in(desk: Desk) -> None:
    desk.save("airflow")
    # The practice Snowflake speaks plain HTTP, and Airflow hands no protocol on; all else is as it was copied.
    hook = (
        "import json, snowflake.connector as sf\n"
        "from airflow.models import Connection\n"
        "from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook\n"
        "[[name, told]] = json.load(open('snowflake_connection.json')).items()\n"
        f"connection = Connection(conn_id=name, **told, password={(PASSPHRASE if desk.encrypted else None)!r})\n"
        "hook = SnowflakeHook()\n"
        "hook.get_connection = lambda _: connection\n"
        f"settings = hook._get_conn_params() | {{'protocol': 'http', 'port': {desk.connection.port}}}\n"
        "print(sf.connect(**settings).cursor().execute('select current_user()').fetchone())\n"
    )
    (desk.work / "hook.py").write_text(hook)
    assert logged_in(desk.run("airflow", "airflow", "python hook.py", AIRFLOW__CORE__UNIT_TEST_MODE="True"))


def test_dlt_reads_the_login_from_its_secrets(desk: Desk) -> None:
    desk.save("dlt", ".dlt/secrets.toml")
    (desk.work / "read.py").write_text(
        "import dlt\n"
        "from dlt.destinations.impl.snowflake.configuration import SnowflakeCredentials\n"
        "from dlt.common.configuration import resolve_configuration\n"
        "found = resolve_configuration(SnowflakeCredentials(), sections=('destination', 'snowflake'))\n"
        "print(found.to_connector_params()['user'], len(found.to_connector_params()['private_key']))\n"
    )
    assert logged_in(desk.run("pipelines", "dlt", "python read.py", RUNTIME__DLTHUB_TELEMETRY="false"))


def test_sqlmesh_reads_the_login_from_its_gateway(desk: Desk) -> None:
    desk.save("sqlmesh")
    # SQLMesh hands no port on, which the practice Snowflake has; its own reader opens the key.
    (desk.work / "read.py").write_text(
        "from pathlib import Path\n"
        "from sqlmesh.core.config.connection import SnowflakeConnectionConfig\n"
        "from sqlmesh.utils.yaml import load\n"
        "told = load(Path('config.yaml'))['gateways']['keypair']['connection']\n"
        "found = SnowflakeConnectionConfig(**{name: value for name, value in told.items() if name != 'port'})\n"
        "print(found.user, len(found.private_key))\n"
    )
    assert logged_in(desk.run("pipelines", "sqlmesh", "python read.py"))


@pytest.mark.parametrize("environment", CONNECTORS)
def test_a_role_in_double_quotes_logs_in(environment: str, desk: Desk) -> None:
    # What is sent is a role's identifier: in quotes it has to be the name exactly.
    quoted = desk.copied("python-connector").replace(
        'authenticator="SNOWFLAKE_JWT",', 'authenticator="SNOWFLAKE_JWT",\n            role=\'"ANALYST"\','
    )
    (desk.work / "main.py").write_text(quoted)
    assert logged_in(desk.run(environment, "python-connector", "python main.py"))
