"""dbt, what runs on a schedule, and what builds infrastructure."""

from __future__ import annotations

from functools import partial

from wizard.handover.tool import PKCS8_ONLY, Tool

_row = partial(Tool, group="dbt and pipelines", unattended=True)

_ACTIONS = "https://docs.snowflake.com/en/developer-guide/snowflake-cli/cicd/integrate-ci-cd"

ROWS: tuple[Tool, ...] = (
    _row(
        slug="dbt",
        client="dbt",
        title="A profile",
        language="yaml",
        file_name="profiles.yml",
        note="Put it into ~/.dbt/profiles.yml, beside the profiles that are there, and fill in database and schema. "
        "Leave authenticator out: dbt reads it as something else.",
        prerequisites=("python -m pip install dbt-snowflake",),
        command="dbt debug",
        unattended=None,
        source="https://docs.getdbt.com/docs/core/connect-data-platform/snowflake-setup#key-pair-authentication",
        template="dbt.yml.j2",
        ran="dbt-core 1.11.16, dbt-snowflake 1.12.3",
        finds_home=True,
        variable="SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
        practices=True,
    ),
    _row(
        slug="github-actions",
        client="GitHub Actions",
        title="A workflow that asks Snowflake who it is",
        language="yaml",
        file_name="snowflake.yml",
        note="Save it in .github/workflows. In the repository's settings, under Secrets and variables, make the secret "
        "SNOWFLAKE_PRIVATE_KEY_RAW and paste the whole key file into it, first and last line included; with a "
        "passphrase, make PRIVATE_KEY_PASSPHRASE too.",
        proof="Push it. The run prints your user.",
        source=_ACTIONS,
        template="github-actions.yml.j2",
        ran="snowflake-cli 3.30.0",
        key_place="text",
        refuses=PKCS8_ONLY,
        practices=True,
    ),
    _row(
        slug="airflow",
        client="Airflow",
        title="A connection to import",
        language="json",
        file_name="snowflake_connection.json",
        note="Each worker needs the key file under this path, of 4 kB at most. The passphrase of the key goes into the "
        "password of the connection: set it in the form once the connection is imported. "
        "Airflow cuts off blanks at its ends.",
        prerequisites=(
            "python -m pip install apache-airflow-providers-snowflake",
            "airflow connections import snowflake_connection.json",
        ),
        proof="Run a task that uses the connection snowflake_default.",
        source="https://airflow.apache.org/docs/apache-airflow-providers-snowflake/stable/connections/snowflake.html",
        template="airflow.json.j2",
        ran="apache-airflow-providers-snowflake 6.20.0",
    ),
    _row(
        slug="dagster",
        client="Dagster",
        title="A resource",
        language="python",
        file_name="snowflake_resource.py",
        note="Hand it to your definitions under the name that your assets use.",
        prerequisites=("python -m pip install dagster-snowflake",),
        proof="Materialize an asset that uses it.",
        source="https://docs.dagster.io/api/libraries/dagster-snowflake",
        template="dagster.py.j2",
        ran="dagster-snowflake 0.29.27",
        finds_home=True,
        variable="SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
        practices=True,
    ),
    _row(
        slug="prefect",
        client="Prefect",
        title="A program that logs in by Prefect's credentials",
        language="python",
        file_name="credentials.py",
        note='credentials.save("snowflake") keeps them as a block; Prefect then holds the passphrase as well.',
        prerequisites=("python -m pip install prefect-snowflake",),
        command="python credentials.py",
        source="https://docs.prefect.io/integrations/prefect-snowflake",
        template="prefect.py.j2",
        ran="prefect-snowflake 0.28.9",
        finds_home=True,
        variable="SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
        practices=True,
    ),
    _row(
        slug="dlt",
        client="dlt",
        title="Credentials of the destination",
        language="toml",
        file_name="secrets.toml",
        note="Append it to .dlt/secrets.toml and fill in the database. The field host takes the account. With a "
        "passphrase, run the line above first.",
        prerequisites=('python -m pip install "dlt[snowflake]"',),
        proof="Run your pipeline.",
        source="https://dlthub.com/docs/dlt-ecosystem/destinations/snowflake",
        template="dlt.toml.j2",
        variable="DESTINATION__SNOWFLAKE__CREDENTIALS__PRIVATE_KEY_PASSPHRASE",
        keeps_hyphens=True,
    ),
    _row(
        slug="sqlmesh",
        client="SQLMesh",
        title="A gateway",
        language="yaml",
        file_name="config.yaml",
        note="Put it into the config.yaml of your project and fill in the database.",
        prerequisites=('python -m pip install "sqlmesh[snowflake]"',),
        command="sqlmesh info",
        source="https://sqlmesh.readthedocs.io/en/stable/integrations/engines/snowflake/",
        template="sqlmesh.yaml.j2",
        finds_home=True,
        variable="SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
    ),
    _row(
        slug="kafka",
        client="Kafka connector",
        title="Lines of the connector's configuration",
        language="text",
        file_name="snowflake.properties",
        note="The line of the key goes behind snowflake.private.key=, and a passphrase behind "
        "snowflake.private.key.passphrase=. Both are secrets: a config provider of Kafka Connect can keep them out of "
        "this file.",
        proof="Start the connector. Its status says RUNNING.",
        source="https://docs.snowflake.com/en/user-guide/kafka-connector-install",
        template="kafka.properties.j2",
        key_place="one line",
        refuses=PKCS8_ONLY,
    ),
    _row(
        slug="terraform",
        client="Terraform",
        title="The provider",
        language="terraform",
        file_name="provider.tf",
        note="init fetches the provider; plan is what logs in.",
        prerequisites=("terraform init",),
        command="terraform plan",
        source="https://registry.terraform.io/providers/snowflakedb/snowflake/latest/docs/guides/authentication_methods",
        template="terraform.tf.j2",
        finds_home=True,
        variable="TF_VAR_private_key_passphrase",
        splits_account=True,
    ),
)
