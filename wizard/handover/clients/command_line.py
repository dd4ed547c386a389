"""Commands that log in by themselves, with nothing saved."""

from __future__ import annotations

from functools import partial

from wizard.handover.tool import PKCS8_ONLY, Tool

_row = partial(Tool, group="Command line", file_name="", finds_home=True)

_CLI = "https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections"
_SNOWSQL = "https://docs.snowflake.com/en/user-guide/snowsql-start"

ROWS: tuple[Tool, ...] = (
    _row(
        slug="snowflake-cli",
        client="Snowflake CLI",
        title="One command, nothing saved (macOS, Linux)",
        language="shell",
        note="It asks Snowflake who you are. It refuses a key file that others can read: mode 600.",
        prerequisites=("python -m pip install snowflake-cli",),
        proof="Run it. It answers with your user.",
        source=_CLI,
        template="snowflake-cli.sh.j2",
        ran="snowflake-cli 3.30.0",
        refuses=PKCS8_ONLY,
        variable="PRIVATE_KEY_PASSPHRASE",
        practices=True,
    ),
    _row(
        slug="snowflake-cli-powershell",
        client="Snowflake CLI",
        title="The same for PowerShell (Windows)",
        language="powershell",
        note="It asks Snowflake who you are.",
        prerequisites=("python -m pip install snowflake-cli",),
        proof="Run it. It answers with your user.",
        source=_CLI,
        template="snowflake-cli-powershell.ps1.j2",
        refuses=PKCS8_ONLY,
        variable="PRIVATE_KEY_PASSPHRASE",
        practices=True,
    ),
    _row(
        slug="snowsql",
        client="SnowSQL",
        title="One command, nothing saved (macOS, Linux)",
        language="shell",
        note="SnowSQL is the older of Snowflake's two commands; the Snowflake CLI takes its place.",
        proof="Run it. It answers with your user.",
        source=_SNOWSQL,
        template="snowsql.sh.j2",
        variable="SNOWSQL_PRIVATE_KEY_PASSPHRASE",
    ),
    _row(
        slug="snowsql-powershell",
        client="SnowSQL",
        title="The same for PowerShell (Windows)",
        language="powershell",
        note="SnowSQL is the older of Snowflake's two commands; the Snowflake CLI takes its place.",
        proof="Run it. It answers with your user.",
        source=_SNOWSQL,
        template="snowsql-powershell.ps1.j2",
        variable="SNOWSQL_PRIVATE_KEY_PASSPHRASE",
    ),
)
