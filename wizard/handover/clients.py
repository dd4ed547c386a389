"""The client tools, a row a text. A row and the template of the same name in ``templates/handover/`` make one text.

To add a tool, add both, then run ``UPDATE_GOLDEN=1 pytest tests/handover`` and read the golden files that it wrote.
"""

from __future__ import annotations

from dataclasses import dataclass

from wizard.handover.connection import Connection


@dataclass(frozen=True, slots=True)
class Tool:
    """One text that one client takes. Rows of one ``client`` belong together on the page."""

    slug: str  # also names the template and the golden files
    client: str
    title: str  # what this text is, beside the other texts of the client
    language: str  # for the copy block
    file_name: str  # "" for what is pasted into a terminal or a form
    note: str  # what to do with it
    source: str  # where the names of the settings come from
    template: str  # in templates/handover/
    practices: bool = False  # was seen to work with the practice Snowflake
    splits_account: bool = False  # wants organization and account name apart, and a locator has neither

    def suits(self, connection: Connection) -> bool:
        """Whether this tool can use ``connection`` at all."""
        if connection.protocol == "http" and not self.practices:
            return False
        return not self.splits_account or connection.organization_and_name is not None


_WHOLE_PATH = "Give the whole path of your key file if the program does not start in the folder that holds it."

TOOLS: tuple[Tool, ...] = (
    Tool(
        slug="python-connector",
        client="Python connector",
        title="A program that logs in and prints the user",
        language="python",
        file_name="main.py",
        note="Put your key file beside it, then run: pip install -r requirements.txt && python main.py",
        source="https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-connect",
        template="python-connector.py.j2",
        practices=True,
    ),
    Tool(
        slug="connections-toml",
        client="connections.toml",
        title="One entry for the Snowflake CLI, the Python connector and VS Code",
        language="toml",
        file_name="connections.toml",
        note="Save it as ~/.snowflake/connections.toml, readable by you only (mode 600). " + _WHOLE_PATH,
        source="https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections",
        template="connections-toml.toml.j2",
        practices=True,
    ),
    Tool(
        slug="snowflake-cli",
        client="Snowflake CLI",
        title="One command, nothing saved (macOS, Linux)",
        language="shell",
        file_name="",
        note="Run it in the folder that holds your key file. It asks Snowflake who you are.",
        source="https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections",
        template="snowflake-cli.sh.j2",
        practices=True,
    ),
    Tool(
        slug="snowflake-cli-powershell",
        client="Snowflake CLI",
        title="The same for PowerShell (Windows)",
        language="powershell",
        file_name="",
        note="Run it in the folder that holds your key file. It asks Snowflake who you are.",
        source="https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections",
        template="snowflake-cli-powershell.ps1.j2",
        practices=True,
    ),
    Tool(
        slug="snowflake-sql-api-environment",
        client="snowflake-sql-api",
        title="Environment (macOS, Linux)",
        language="shell",
        file_name="",
        note="Run it in the terminal in which you start the program. " + _WHOLE_PATH,
        source="https://docs.snowflake.com/en/developer-guide/sql-api/authenticating",
        template="snowflake-sql-api-environment.sh.j2",
    ),
    Tool(
        slug="snowflake-sql-api-environment-powershell",
        client="snowflake-sql-api",
        title="Environment for PowerShell (Windows)",
        language="powershell",
        file_name="",
        note="Run it in the terminal in which you start the program. " + _WHOLE_PATH,
        source="https://docs.snowflake.com/en/developer-guide/sql-api/authenticating",
        template="snowflake-sql-api-environment-powershell.ps1.j2",
    ),
    Tool(
        slug="snowflake-sql-api",
        client="snowflake-sql-api",
        title="Three lines that ask Snowflake who you are",
        language="python",
        file_name="whoami.py",
        note="First: pip install snowflake-sql-api. It reads the environment above.",
        source="https://docs.snowflake.com/en/developer-guide/sql-api/authenticating",
        template="snowflake-sql-api.py.j2",
    ),
    Tool(
        slug="dbt",
        client="dbt",
        title="A profile",
        language="yaml",
        file_name="profiles.yml",
        note="Save it as ~/.dbt/profiles.yml, fill in database and schema, then run dbt debug. "
        "Leave authenticator out: in dbt it means something else.",
        source="https://docs.getdbt.com/docs/core/connect-data-platform/snowflake-setup#key-pair-authentication",
        template="dbt.yml.j2",
        practices=True,
    ),
    Tool(
        slug="sqlalchemy",
        client="SQLAlchemy",
        title="An engine",
        language="python",
        file_name="engine.py",
        note="First: pip install snowflake-sqlalchemy 'sqlalchemy<2.1' (it can't use SQLAlchemy 2.1 yet). "
        "Start it in the folder that holds your key file.",
        source="https://docs.snowflake.com/en/developer-guide/python-connector/sqlalchemy#key-pair-authentication-support",
        template="sqlalchemy.py.j2",
    ),
    Tool(
        slug="snowpark",
        client="Snowpark for Python",
        title="A session",
        language="python",
        file_name="session.py",
        note="First: pip install snowflake-snowpark-python. Start it in the folder that holds your key file.",
        source="https://docs.snowflake.com/en/developer-guide/snowpark/python/creating-session",
        template="snowpark.py.j2",
    ),
    Tool(
        slug="airflow",
        client="Airflow",
        title="A connection to import",
        language="json",
        file_name="snowflake_connection.json",
        note="Run airflow connections import snowflake_connection.json. Each worker needs the key file under this "
        "path. The passphrase of the key goes into the password of the connection.",
        source="https://airflow.apache.org/docs/apache-airflow-providers-snowflake/stable/connections/snowflake.html",
        template="airflow.json.j2",
    ),
    Tool(
        slug="terraform",
        client="Terraform",
        title="The provider",
        language="terraform",
        file_name="provider.tf",
        note="Run terraform init in the folder that holds this file and your key file.",
        source="https://registry.terraform.io/providers/snowflakedb/snowflake/latest/docs/guides/authentication_methods",
        template="terraform.tf.j2",
        splits_account=True,
    ),
    Tool(
        slug="jdbc",
        client="JDBC",
        title="A connection URL",
        language="text",
        file_name="",
        note="For DBeaver, DataGrip and Java programs. Give the whole path of your key file, with forward slashes on "
        "Windows too. A passphrase goes into the property private_key_pwd.",
        source="https://docs.snowflake.com/en/developer-guide/jdbc/jdbc-configure",
        template="jdbc.txt.j2",
    ),
    Tool(
        slug="odbc",
        client="ODBC",
        title="A connection string",
        language="text",
        file_name="",
        note="The same names serve as lines of a DSN. Give the whole path of your key file. "
        "A passphrase goes into PRIV_KEY_FILE_PWD.",
        source="https://docs.snowflake.com/en/developer-guide/odbc/odbc-parameters",
        template="odbc.txt.j2",
    ),
    Tool(
        slug="nodejs",
        client="Node.js",
        title="A program that logs in and prints the user",
        language="javascript",
        file_name="main.js",
        note="First: npm install snowflake-sdk. Start it in the folder that holds your key file.",
        source="https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver-authenticate",
        template="nodejs.js.j2",
        practices=True,
    ),
    Tool(
        slug="dotnet",
        client=".NET",
        title="A connection string",
        language="text",
        file_name="",
        note="For Snowflake.Data. Give the whole path of your key file. A passphrase goes into private_key_pwd.",
        source="https://github.com/snowflakedb/snowflake-connector-net/blob/master/doc/Connecting.md",
        template="dotnet.txt.j2",
    ),
)


def tools_for(connection: Connection) -> tuple[Tool, ...]:
    """Return the rows that can use ``connection``, in the order of :data:`TOOLS`."""
    return tuple(tool for tool in TOOLS if tool.suits(connection))
