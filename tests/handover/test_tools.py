"""The texts that a person takes away: compared whole, and read back by the readers of each format.

After a deliberate change to a template: ``UPDATE_GOLDEN=1 pytest tests/handover``, then read the difference.
"""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shlex
import tomllib
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from tests.handover.connections import CONNECTIONS, PUBLIC, hostile
from tests.handover.readers import (
    argument_mode,
    command_line,
    program_arguments,
    read_dotnet,
    read_hcl,
    read_odbc,
    read_powershell,
)
from wizard import handover
from wizard.handover import TOOLS, Connection, Tool, UnsafeValue, render, rendering, tools_for
from wizard.quoting import powershell_argument

SNOW = "snow sql --query 'select current_user()' --temporary-connection `"
HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
TEMPLATES = HERE.parents[1] / "templates" / "handover"


def tool(slug: str) -> Tool:
    return next(row for row in TOOLS if row.slug == slug)


# --- golden files -----------------------------------------------------------------------------------------------------


def texts(connection: Connection) -> dict[str, str]:
    """Every text for ``connection``, by the name of its golden file without the ending."""
    told = {row.template.removesuffix(".j2"): render(row, connection) for row in tools_for(connection)}
    told |= {f"files-{name}": text for name, text in handover.files(connection).items() if name != "main.py"}
    told["remarks.txt"] = "".join(
        f"{row.slug} | {remark.name} | {remark.text} | {[command.text for command in remark.commands]}\n"
        for row in tools_for(connection)
        for remark in handover.remarks(row, connection)
    )
    told["passphrases.txt"] = "".join(
        f"{row.slug} | {command.text}\n"
        for row in tools_for(connection)
        for command in handover.passphrase_commands(row, connection)
    )
    return {name: text for name, text in told.items() if text}


@pytest.mark.parametrize("case", CONNECTIONS)
def test_every_text_is_as_it_was_when_somebody_last_read_it(case: str) -> None:
    folder = GOLDEN / case
    told = texts(CONNECTIONS[case])
    if os.environ.get("UPDATE_GOLDEN"):
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.iterdir():
            stale.unlink()
        for name, text in told.items():
            (folder / f"{name}.golden").write_text(text, encoding="utf-8", newline="")
    kept = {path.name.removesuffix(".golden"): path.read_bytes().decode() for path in folder.iterdir()}
    assert told == kept


@pytest.mark.parametrize("case", CONNECTIONS)
def test_every_text_ends_with_one_line_break_and_has_no_spaces_at_the_end_of_a_line(case: str) -> None:
    for name, text in texts(CONNECTIONS[case]).items():
        assert re.search(r"[^\n]\n\Z", text), name
        if name not in ("remarks.txt", "passphrases.txt"):
            assert not re.search(r"[ \t]$", text, re.MULTILINE), name
            assert "\n\n\n\n" not in text, name


def test_every_row_has_a_template_of_its_name_and_every_template_a_row() -> None:
    assert all(row.template.partition(".")[0] == row.slug for row in TOOLS)
    assert {row.template for row in TOOLS} == {path.name for path in TEMPLATES.glob("*.j2")}
    assert len({row.slug for row in TOOLS}) == len(TOOLS)


def test_every_row_says_what_to_do_and_where_its_settings_are_documented() -> None:
    for row in TOOLS:
        assert row.note.endswith("."), row.slug
        assert row.source.startswith("https://"), row.slug


def test_the_rows_of_one_client_stand_together() -> None:
    clients = [row.client for row in TOOLS]
    assert [name for at, name in enumerate(clients) if at == 0 or clients[at - 1] != name] == list(
        dict.fromkeys(clients)
    )


# --- which tools are offered ------------------------------------------------------------------------------------------


def test_terraform_is_left_out_for_a_locator_since_it_wants_organization_and_account_name() -> None:
    assert tool("terraform") in tools_for(CONNECTIONS["public"])
    assert tool("terraform") in tools_for(CONNECTIONS["privatelink"])
    assert tool("terraform") not in tools_for(CONNECTIONS["locator"])


def test_the_practice_snowflake_is_offered_only_to_tools_that_work_with_it() -> None:
    offered = {row.slug for row in tools_for(CONNECTIONS["practice"])}
    assert "python-connector" in offered
    assert "snowflake-sql-api" not in offered
    assert "jdbc" not in offered


@pytest.mark.parametrize(
    ("account", "parts"),
    [
        ("myorg-my_acct", ("myorg", "my_acct")),
        ("myorg-my-acct", ("myorg", "my-acct")),
        ("myorg-my_acct.privatelink", ("myorg", "my_acct")),
        ("xy12345", None),
        ("xy12345.us-east-2.aws", None),
        ("my-locator.us-east-2.aws", None),
        ("-acct", None),
    ],
)
def test_organization_and_account_name_are_told_apart_at_the_first_hyphen(
    account: str, parts: tuple[str, str] | None
) -> None:
    assert replace(PUBLIC, account=account).organization_and_name == parts


def test_every_form_that_asks_for_a_host_is_told_it_for_ordinary_accounts_too() -> None:
    for slug in ("hub", "airbyte", "fivetran", "tableau"):
        values = {field.value for field in handover.form_fields(tool(slug), PUBLIC)}
        assert PUBLIC.host in values, slug
    [host] = [field for field in handover.form_fields(tool("hub"), CONNECTIONS["practice"]) if field.name == "host"]
    assert host.value == "127.0.0.1:8085"


def test_a_client_that_can_only_be_told_the_account_gets_it_as_the_host_spells_it() -> None:
    for slug in ("dlt", "n8n", "matillion", "stackone"):
        assert "myorg-my-acct" in render(tool(slug), PUBLIC), slug
        assert tool(slug) not in tools_for(CONNECTIONS["china"]), slug


def test_a_template_that_forgets_to_quote_does_not_render() -> None:
    environment = rendering._templates()
    with pytest.raises(TypeError, match="name a filter"):
        environment.from_string("user = {{ user }}").render(user="JANE")
    with pytest.raises(TypeError, match="name a filter"):
        environment.from_string("{{ user | shell ~ ';' ~ user }}").render(user="JANE")
    with pytest.raises(Exception, match="undefined"):
        environment.from_string("{{ usr | shell }}").render(user="JANE")


@pytest.mark.parametrize(
    "letter", ["\n", "\r", "\x00", "\x1b", "\x85", "\u2028", "\u2029", "\u202e", "\u200b", "\ud800"]
)
@pytest.mark.parametrize("field", ["account", "host", "user", "key_folder", "role", "warehouse"])
def test_characters_that_end_a_line_or_hide_text_are_refused(field: str, letter: str) -> None:
    with pytest.raises(UnsafeValue, match=field):
        Connection(**{"account": "a-b", "host": "h", "user": "u"} | {field: f"x{letter}y"})  # type: ignore[arg-type]


# --- whole files, read back -------------------------------------------------------------------------------------------


def keywords_of(text: str, called: str) -> dict[str, object]:
    """The literal keyword arguments of the call of ``called`` in the Python program ``text``."""
    compile(text, "main.py", "exec")
    [call] = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(called)
    ]
    return {
        keyword.arg: keyword.value.value
        for keyword in call.keywords
        if keyword.arg and isinstance(keyword.value, ast.Constant)
    }


def connection_string(text: str) -> dict[str, str]:
    """The pairs of an ODBC or .NET connection string, values still quoted."""
    pairs = re.findall(r'(\w+)=(\{(?:[^}]|\}\})*\}|"(?:[^"]|"")*"|[^;]*);', text.strip())
    assert "".join(f"{key}={value};" for key, value in pairs) == text.strip()
    return dict(pairs)


connections = st.builds(
    replace,
    st.sampled_from([*CONNECTIONS.values()]),
    user=hostile,
    role=st.just("") | hostile,
    warehouse=st.just("") | hostile,
    encrypted=st.sampled_from([True, False, None]),
)


@given(connections)
def test_python_programs_compile_and_name_the_login(connection: Connection) -> None:
    told = keywords_of(render(tool("python-connector"), connection), "connector.connect")
    assert told["account"] == connection.account
    assert told["user"] == connection.user
    assert told.get("role", "") == connection.role_name
    assert told.get("warehouse", "") == connection.warehouse_name
    assert told.get("host") == (connection.host if connection.tells_host else None)
    assert told.get("protocol", "https") == connection.protocol
    assert told.get("port", 443) == connection.port
    told = keywords_of(render(tool("sqlalchemy"), connection), "URL")
    assert (told["account"], told["user"]) == (connection.account, connection.user)
    program = render(tool("snowpark"), connection)
    [settings] = [node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Dict)]
    named = {ast.unparse(key): value for key, value in zip(settings.keys, settings.values, strict=True) if key}
    assert ast.literal_eval(named["'user'"]) == connection.user


@given(connections)
def test_connections_toml_names_the_login_and_no_more(connection: Connection) -> None:
    entry = tomllib.loads(render(tool("connections-toml"), connection))["keypair"]
    expected = {
        "account": connection.account,
        "user": connection.user,
        "authenticator": "SNOWFLAKE_JWT",
        "private_key_file": connection.key_file,
    }
    expected |= {key: value for key in ("role", "warehouse") if (value := getattr(connection, f"{key}_name"))}
    if connection.tells_host:
        expected["host"] = connection.host
    assert {key: value for key, value in entry.items() if key not in ("port", "protocol")} == expected
    assert entry.get("port", 443) == connection.port
    assert entry.get("protocol", "https") == connection.protocol


@given(connections)
def test_dbt_reads_the_login_from_the_profile(connection: Connection) -> None:
    yaml = pytest.importorskip("yaml")
    output = yaml.safe_load(render(tool("dbt"), connection))["keypair"]["outputs"]["dev"]
    rendered = Environment().from_string(output["user"]).render()  # noqa: S701 - what dbt does; no HTML
    assert (output["type"], rendered) == ("snowflake", connection.user)
    assert "authenticator" not in output
    assert ("private_key_passphrase" in output) == (connection.encrypted is not False)


@given(connections)
def test_shells_read_the_login(connection: Connection) -> None:
    lines = [
        words
        for line in render(tool("snowflake-sql-api-environment"), connection).splitlines()
        if (words := shlex.split(line, comments=True)) and words[0] == "export"
    ]
    assert all(len(words) == 2 for words in lines)
    told = dict(words[1].split("=", 1) for words in lines)
    assert told["SNOWFLAKE_USER"] == connection.user
    assert told.get("SNOWFLAKE_ROLE", "") == connection.role
    assert told.get("SNOWFLAKE_HOST") == (connection.netloc if connection.tells_host else None)
    command = render(tool("snowflake-cli"), connection).partition("snow sql")[2].replace("\\\n", "")
    words = shlex.split(command)
    assert words[words.index("--user") + 1] == connection.user


@given(connections)
def test_powershell_reads_the_login(connection: Connection) -> None:
    told = dict(
        line.removeprefix("$env:").split(" = ", 1)
        for line in render(tool("snowflake-sql-api-environment-powershell"), connection).splitlines()
        if line.startswith("$env:") and "Read-Host" not in line
    )
    assert read_powershell(told["SNOWFLAKE_USER"]) == connection.user


@given(connections)
def test_a_program_gets_the_login_from_every_powershell(connection: Connection) -> None:
    connection = replace(connection, key_folder=connection.key_folder or r"C:\keys")
    lines = render(tool("snowflake-cli-powershell"), connection).splitlines()
    environment = dict(
        line.removeprefix("$env:").split(" = ", 1)
        for line in lines
        if line.startswith("$env:") and "Read-Host" not in line
    )
    words = argument_mode(" ".join(line.removesuffix("`") for line in lines[lines.index(SNOW) :])[len("snow ") :])
    for escapes in (False, True):
        got = program_arguments(command_line(words, escapes=escapes))
        options = dict(zip(got[4::2], got[5::2], strict=True))
        expected = {"user": connection.user, "role": connection.role_name, "warehouse": connection.warehouse_name}
        for name, value in expected.items():
            by_environment = environment.get(f"SNOWFLAKE_{name.upper()}")
            told = read_powershell(by_environment) if by_environment else options.get(f"--{name}", "")
            assert told == value, escapes
        assert (options["--account"], options["--private-key-file"]) == (connection.account, connection.key_file)
        assert got[:4] == ["sql", "--query", "select current_user()", "--temporary-connection"]


@pytest.mark.parametrize("value", ['a"b', 'a "b', '"', "", "a b\\", "\\"])
def test_an_argument_that_not_every_powershell_hands_on_is_none(value: str) -> None:
    with pytest.raises(ValueError, match="by the environment"):
        powershell_argument(value)
    old = program_arguments(command_line(["x", value, "y"], escapes=False))
    assert old != ["x", value, "y"] or value == "\\"
    assert program_arguments(command_line(["x", value, "y"], escapes=True)) == ["x", value, "y"]


@given(connections)
def test_urls_and_connection_strings_read_the_login(connection: Connection) -> None:
    url = urlsplit(render(tool("jdbc"), connection).strip().removeprefix("jdbc:"))
    query = parse_qs(url.query, strict_parsing=True)
    assert (url.hostname, query["user"], url.fragment) == (connection.host, [connection.user], "")
    assert query.get("role", [""]) == [connection.role_name]
    told = connection_string(render(tool("odbc"), connection))
    assert (read_odbc(told["uid"]), told["server"]) == (connection.user, connection.host)
    told = connection_string(render(tool("dotnet"), connection))
    assert (read_dotnet(told["user"]), told["account"]) == (connection.user, connection.account)


@given(connections)
def test_airflow_and_node_read_the_login(connection: Connection) -> None:
    entry = json.loads(render(tool("airflow"), connection))["snowflake_default"]
    assert (entry["login"], entry["extra"]["account"]) == (connection.user, connection.account)
    [username] = re.findall(r"^  username: (.*),$", render(tool("nodejs"), connection), re.MULTILINE)
    assert json.loads(username) == connection.user


@given(connections.filter(lambda connection: tool("terraform") in tools_for(connection)))
def test_terraform_reads_the_login(connection: Connection) -> None:
    [user] = re.findall(r"^  user +?= (.*)$", render(tool("terraform"), connection), re.MULTILINE)
    assert read_hcl(user) == connection.user


def test_jdbc_is_told_the_account_where_the_host_would_name_it_otherwise() -> None:
    # The driver takes the account for the token from the host, where underscores have become hyphens.
    assert "&account=myorg-my_acct" in render(tool("jdbc"), PUBLIC)
    assert "&account=" not in render(tool("jdbc"), CONNECTIONS["locator"])


# --- files.zip --------------------------------------------------------------------------------------------------------


def test_files_zip_holds_three_files_and_no_key() -> None:
    with zipfile.ZipFile(io.BytesIO(handover.files_zip(PUBLIC))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["README.md", "main.py", "requirements.txt"]
        assert archive.read("main.py").decode() == render(tool("python-connector"), PUBLIC)
        assert archive.read("requirements.txt").decode().splitlines()[0] == "snowflake-connector-python==5.2.0"
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100644}


def test_the_same_login_gives_the_same_zip() -> None:
    assert handover.files_zip(PUBLIC) == handover.files_zip(replace(PUBLIC))
    assert handover.files_zip(PUBLIC) != handover.files_zip(replace(PUBLIC, user="JOE"))


def fields_of(connection: Connection) -> list[handover.FormField]:
    return [field for row in tools_for(connection) if row.is_form for field in handover.form_fields(row, connection)]


def test_people_are_spoken_to_plainly() -> None:
    said = [row.note for row in TOOLS] + [row.title for row in TOOLS] + [*handover.TIDY_UP]
    said += [row.why for row in handover.key_file_advice(PUBLIC)]
    said += [field.note for connection in CONNECTIONS.values() for field in fields_of(connection)]
    said += [text for connection in CONNECTIONS.values() for text in handover.files(connection).values()]
    for words in said:
        assert not re.search(r"\b(please|invalid|required|oops|sorry)\b", words, re.IGNORECASE), words
        assert not any(unicodedata.category(letter) == "Cf" for letter in words)
