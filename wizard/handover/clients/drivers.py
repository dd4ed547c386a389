"""Drivers: JDBC, ODBC, Node.js, .NET, Go."""

from __future__ import annotations

from functools import partial

from wizard.handover.tool import PKCS8_ONLY, Tool

_row = partial(Tool, group="Drivers")

ROWS: tuple[Tool, ...] = (
    _row(
        slug="jdbc",
        client="JDBC",
        title="A connection URL",
        language="text",
        file_name="",
        note="For Java programs, and for tools that take a JDBC URL. A passphrase goes into the property "
        "private_key_pwd (private_key_file_pwd in older drivers). Driver 4.0.0 and later open a key with "
        "a passphrase as it is; earlier ones want -Dnet.snowflake.jdbc.enableBouncyCastle=TRUE for Java.",
        source="https://docs.snowflake.com/en/developer-guide/jdbc/jdbc-configure",
        template="jdbc.txt.j2",
        refuses=("triple-des",),
    ),
    _row(
        slug="odbc",
        client="ODBC",
        title="A connection string",
        language="text",
        file_name="",
        note="The same names serve as lines of a DSN. A passphrase goes into PRIV_KEY_FILE_PWD.",
        source="https://docs.snowflake.com/en/developer-guide/odbc/odbc-parameters",
        template="odbc.txt.j2",
    ),
    _row(
        slug="nodejs",
        client="Node.js",
        title="A program that logs in and prints the user",
        language="javascript",
        file_name="main.js",
        note="Start it with node main.js.",
        prerequisites=("npm install snowflake-sdk",),
        command="node main.js",
        source="https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver-authenticate",
        template="nodejs.js.j2",
        ran="snowflake-sdk 3.3.0",
        finds_home=True,
        variable="SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
        practices=True,
    ),
    _row(
        slug="dotnet",
        client=".NET",
        title="A connection string",
        language="text",
        file_name="",
        note="For Snowflake.Data. A passphrase goes into private_key_pwd.",
        prerequisites=("dotnet add package Snowflake.Data",),
        source="https://github.com/snowflakedb/snowflake-connector-net/blob/master/doc/Client/Connecting.md",
        template="dotnet.txt.j2",
    ),
    _row(
        slug="go",
        client="Go",
        title="A data source name for gosnowflake",
        language="text",
        file_name="",
        note="The line of the key goes behind privateKey=, at the end. Keep the whole out of your source.",
        source="https://github.com/snowflakedb/gosnowflake/blob/master/doc.go",
        template="go.txt.j2",
        key_place="one line",
        one_line_alphabet="url",
        encrypted=False,
        refuses=PKCS8_ONLY,
    ),
)
