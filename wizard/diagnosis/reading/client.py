"""Which program printed a text, as far as the text tells.

Each is known by names of its own code, packages and products; the more special ones come first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dbt": "dbt",
        "airflow": "Airflow",
        "kafka": "the Kafka connector",
        "spark": "Spark",
        "terraform": "Terraform",
        "dbeaver": "DBeaver",
        "tableau": "Tableau",
        "metabase": "Metabase",
        "sqlalchemy": "SQLAlchemy",
        "snowpark": "Snowpark",
        "snow": "the Snowflake CLI (snow)",
        "snowsql": "SnowSQL",
        "sql-api-client": "snowflake-sql-api",
        "python-connector-5": "the Python connector 5",
        "python-connector": "the Python connector",
        "jdbc": "JDBC",
        "odbc": "ODBC",
        "dotnet": "the .NET driver",
        "node": "the Node.js driver",
        "go": "the Go driver",
        "sql-api": "the SQL API",
    }
)
"""Slug to name, as in "an error of …"."""

_SIGNS: Final = (
    ("dbt", re.compile(r"\bdbt\b|dbt1\d{3}\b|profiles\.yml|database error in model")),
    ("airflow", re.compile(r"\bairflow\b|snowflakehook")),
    ("kafka", re.compile(r"\bkafka\b|snowflakesinkconnector|snowflake\.private\.key")),
    ("spark", re.compile(r"net\.snowflake\.spark|\bpyspark\b|\bpem_private_key")),
    ("terraform", re.compile(r"\bterraform\b|provider\[\"registry|with provider\[|\bopentofu\b")),
    ("dbeaver", re.compile(r"\bdbeaver\b|org\.jkiss")),
    ("tableau", re.compile(r"\btableau\b")),
    ("metabase", re.compile(r"\bmetabase\b")),
    ("snowpark", re.compile(r"snowflake\.snowpark|snowpark")),
    ("sqlalchemy", re.compile(r"sqlalchemy|sqlalche\.me")),
    ("snowsql", re.compile(r"\bsnowsql\b")),
    (
        "snow",
        re.compile(
            r"\bsnow (?:sql|connection|--)|snowflake-cli|snowflake\.cli\b|private key provided is not in pkcs|"
            r"╭─ error|\+- error -"
        ),
    ),
    ("sql-api-client", re.compile(r"snowflake[-_]sql[-_]api")),
    (
        "python-connector-5",
        re.compile(r"_core\.pyx|sf_core|snowflake/connector/_internal|snowflake\.connector\.rust|uniffi"),
    ),
    ("python-connector", re.compile(r"snowflake\.connector|snowflake/connector|\b25\d{4} \(\d|\b25\d{4}: 25\d{4}:")),
    ("jdbc", re.compile(r"net\.snowflake\.client|snowflakesqlexception|jdbc:snowflake|jdbc driver")),
    ("odbc", re.compile(r"\bodbc\b|snowflakedsii")),
    ("dotnet", re.compile(r"snowflake\.data|snowflakedbexception")),
    (
        "node",
        re.compile(r"snowflake-sdk|node_modules|node:internal|err_osslr?_|operationfailederror|at module\._compile"),
    ),
    ("go", re.compile(r"gosnowflake|\bgoroutine \d|\b26\d{4} \(\d")),
    ("sql-api", re.compile(r"api/v2/statements")),
)


def client_in(words: str) -> str:
    """The slug of the program that printed the words (in lower case, single blanks), ``""`` where they don't tell."""
    return next((slug for slug, sign in _SIGNS if sign.search(words)), "")
