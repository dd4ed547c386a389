"""The texts that a person takes away: compared whole, and read back by the readers of each format.

After a deliberate change to a template: ``UPDATE_GOLDEN=1 pytest tests/test_handover.py``, then read the difference.
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
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from wizard import handover
from wizard.handover import TOOLS, Connection, Tool, UnsafeValue, render, tools_for

HERE = Path(__file__).parent
GOLDEN = HERE / "handover" / "golden"
TEMPLATES = HERE.parent / "templates" / "handover"

PUBLIC = Connection(account="myorg-my_acct", host="myorg-my-acct.snowflakecomputing.com", user="JANE")
CONNECTIONS: Mapping[str, Connection] = {
    # What most people have, the passphrase unknown.
    "public": PUBLIC,
    # A locator, everything filled in, no passphrase.
    "locator": Connection(
        account="xy12345.us-east-2.aws",
        host="xy12345.us-east-2.aws.snowflakecomputing.com",
        user="SVC_ETL",
        key_file="/home/jane/.snowflake/keys/rsa_key.p8",
        encrypted=False,
        role="ANALYST",
        warehouse="COMPUTE_WH",
    ),
    # PrivateLink with an underscore in the host, names that want quoting, a passphrase.
    "privatelink": Connection(
        account="myorg-my_acct.privatelink",
        host="myorg-my_acct.privatelink.snowflakecomputing.com",
        user="jane.o'\"brien@example.com",
        encrypted=True,
        role="Data $Team",
        warehouse="WH {1}",
        special_host=True,
    ),
    "china": Connection(
        account="xy12345.cn-northwest-1.aws",
        host="xy12345.cn-northwest-1.aws.snowflakecomputing.cn",
        user="JANE",
        special_host=True,
    ),
    "practice": Connection(
        account="practice-snowflake",
        host="127.0.0.1",
        user="JANE",
        encrypted=False,
        port=8085,
        protocol="http",
        special_host=True,
    ),
}


def tool(slug: str) -> Tool:
    return next(row for row in TOOLS if row.slug == slug)


# --- golden files -----------------------------------------------------------------------------------------------------


def texts(connection: Connection) -> dict[str, str]:
    """Every text for ``connection``, by the name of its golden file without the ending."""
    told = {row.template.removesuffix(".j2"): render(row, connection) for row in tools_for(connection)}
    told |= {f"files-{name}": text for name, text in handover.files(connection).items() if name != "main.py"}
    told["hub-fields.txt"] = "".join(
        f"{field.name} | {field.label} | {field.value} | {field.note}\n" for field in handover.hub_fields(connection)
    )
    return told


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
        if name != "hub-fields.txt":
            assert not re.search(r"[ \t]$", text, re.MULTILINE), name
            assert "\n\n\n\n" not in text, name


def test_every_row_has_a_template_of_its_name_and_every_template_a_row() -> None:
    assert all(row.template.partition(".")[0] == row.slug for row in TOOLS)
    assert {row.template for row in TOOLS} == {path.name for path in TEMPLATES.glob("*.j2")}
    assert len({row.slug for row in TOOLS}) == len(TOOLS)


def test_every_row_says_what_to_do_and_where_its_settings_are_documented() -> None:
    for row in TOOLS:
        assert row.note.endswith((".", "main.py")), row.slug
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


def test_the_hub_is_told_the_host_only_where_it_is_not_the_usual_one() -> None:
    assert "host" not in {field.name for field in handover.hub_fields(PUBLIC)}
    [host] = [field for field in handover.hub_fields(CONNECTIONS["practice"]) if field.name == "host"]
    assert host.value == "127.0.0.1:8085"


# --- quoting ----------------------------------------------------------------------------------------------------------

seen = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])
nasty = st.sampled_from(
    [
        "'", '"', "\\", "`", "$", "${", "$(", "%{", "{{", "}}", "{%", "{#", "}", ";", "=", "&", "#", " ", "%", "\u2019",
        "\u2018", "\u00a0", "\u3000", "\U0001f511", "é", "\\n", "\\u0041", "--", "|", "<", ">", "!", "*", "~", "@",
        "/", "+", "\ufffd", "\uffff",
    ]
)  # fmt: skip
hostile = st.lists(nasty | seen, min_size=1, max_size=30).map("".join)


def read_powershell(text: str) -> str:
    """Read one single-quoted string the way PowerShell's tokenizer does."""
    quotes = "'\u2018\u2019\u201a\u201b"
    assert text[0] in quotes
    value, at = "", 1
    while True:
        if text[at] in quotes:
            if at + 1 == len(text):
                return value
            assert text[at + 1] in quotes, "the string ends before the text does"
            at += 1
        value += text[at]
        at += 1


def read_hcl(text: str) -> str:
    assert text.startswith('"')
    assert text.endswith('"')
    assert not re.search(r"(?<!\$)(\$\$)*\$\{", text[1:-1].replace("$${", "")), "a live interpolation"
    assert not re.search(r"%\{", text[1:-1].replace("%%{", "")), "a live directive"
    plain = text.replace("$${", "${").replace("%%{", "%{")
    return json.loads(re.sub(r"\\U([0-9a-f]{8})", lambda found: chr(int(found[1], 16)), plain))


def read_odbc(text: str) -> str:
    if not text.startswith("{"):
        assert re.fullmatch(r"[^\[\]{}(),;?*=!@ ]+", text), "a value that wants braces"
        return text
    found = re.fullmatch(r"\{((?:[^}]|\}\})*)\}", text)
    assert found, "the braces close before the text does"
    return found[1].replace("}}", "}")


def read_dotnet(text: str) -> str:
    if not text.startswith('"'):
        assert re.fullmatch(r"[^;'\"=\s]+", text), "a value that wants quotes"
        return text
    found = re.fullmatch(r'"((?:[^"]|"")*)"', text)
    assert found, "the quotes close before the text does"
    return found[1].replace('""', '"')


def read_markdown(text: str) -> str:
    """Read one code span by the rules of CommonMark 6.1."""
    fence = re.match("`+", text)
    assert fence
    inner = text[fence.end() : -fence.end()]
    assert fence[0] not in re.findall("`+", inner), "the span closes before the text does"
    if inner.startswith(" ") and inner.endswith(" ") and inner.strip(" "):
        inner = inner[1:-1]
    return inner


def read_yaml(text: str) -> str:
    yaml = pytest.importorskip("yaml")
    value = yaml.safe_load(f"key: {text}")["key"]
    assert isinstance(value, str)
    return value


def read_dbt(text: str) -> str:
    return Environment().from_string(read_yaml(text)).render()  # noqa: S701 - what dbt does; no HTML


READERS: Mapping[str, Callable[[str], str]] = {
    "python": ast.literal_eval,
    "toml": lambda text: tomllib.loads(f"key = {text}")["key"],
    "yaml": read_yaml,
    "dbt": read_dbt,
    "hcl": read_hcl,
    "json": json.loads,
    "shell": lambda text: "".join(shlex.split(text)),
    "powershell": read_powershell,
    "url": unquote,
    "odbc": read_odbc,
    "dotnet": read_dotnet,
    "markdown": read_markdown,
}


def test_every_filter_has_a_reader_that_checks_it() -> None:
    assert set(READERS) == set(handover.FILTERS)


@pytest.mark.parametrize("name", READERS)
@given(value=hostile)
def test_whatever_a_value_holds_its_format_reads_it_back(name: str, value: str) -> None:
    quoted = handover.FILTERS[name](value)
    assert READERS[name](quoted) == value
    assert "\n" not in quoted


@given(value=hostile)
def test_a_shell_sees_one_word(value: str) -> None:
    assert shlex.split(f"command {handover.shell(value)} rest", comments=True) == ["command", value, "rest"]


def test_python_strings_are_in_double_quotes_where_that_reads_better() -> None:
    assert handover.python("JANE") == '"JANE"'
    assert handover.python("o'brien") == '"o\'brien"'
    assert handover.python('say "x"') == "'say \"x\"'"


def test_plain_values_stay_plain_where_the_format_allows_it() -> None:
    assert handover.shell("myorg-my_acct") == "myorg-my_acct"
    assert handover.odbc("/home/jane/rsa_key.p8") == "/home/jane/rsa_key.p8"
    assert handover.dotnet(r"C:\keys\rsa_key.p8") == r"C:\keys\rsa_key.p8"
    assert handover.url("/home/jane/rsa_key.p8") == "/home/jane/rsa_key.p8"
    assert handover.dbt("JANE") == '"JANE"'


def test_a_template_that_forgets_to_quote_does_not_render() -> None:
    environment = handover._templates()
    with pytest.raises(TypeError, match="name a filter"):
        environment.from_string("user = {{ user }}").render(user="JANE")
    with pytest.raises(TypeError, match="name a filter"):
        environment.from_string("{{ user | shell ~ ';' ~ user }}").render(user="JANE")
    with pytest.raises(Exception, match="undefined"):
        environment.from_string("{{ usr | shell }}").render(user="JANE")


@pytest.mark.parametrize(
    "letter", ["\n", "\r", "\x00", "\x1b", "\x85", "\u2028", "\u2029", "\u202e", "\u200b", "\ud800"]
)
@pytest.mark.parametrize("field", ["account", "host", "user", "key_file", "role", "warehouse"])
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
    assert told.get("role", "") == connection.role
    assert told.get("warehouse", "") == connection.warehouse
    assert told.get("host") == (connection.host if connection.special_host else None)
    assert told.get("protocol", "https") == connection.protocol
    assert told.get("port", 443) == connection.port
    told = keywords_of(render(tool("sqlalchemy"), connection), "URL")
    assert (told["account"], told["user"]) == (connection.account, connection.user)
    program = render(tool("snowpark"), connection)
    [settings] = [node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Dict)]
    assert ast.literal_eval(settings)["user"] == connection.user


@given(connections)
def test_connections_toml_names_the_login_and_no_more(connection: Connection) -> None:
    entry = tomllib.loads(render(tool("connections-toml"), connection))["keypair"]
    expected = {
        "account": connection.account,
        "user": connection.user,
        "authenticator": "SNOWFLAKE_JWT",
        "private_key_file": connection.key_file,
    }
    expected |= {key: value for key in ("role", "warehouse") if (value := getattr(connection, key))}
    if connection.special_host:
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
    assert ("private_key_passphrase" in output) == (connection.encrypted is True)


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
    assert told.get("SNOWFLAKE_HOST") == (connection.netloc if connection.special_host else None)
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
def test_urls_and_connection_strings_read_the_login(connection: Connection) -> None:
    url = urlsplit(render(tool("jdbc"), connection).strip().removeprefix("jdbc:"))
    query = parse_qs(url.query, strict_parsing=True)
    assert (url.hostname, query["user"], url.fragment) == (connection.host, [connection.user], "")
    assert query.get("role", [""]) == [connection.role]
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


# --- looking after the key --------------------------------------------------------------------------------------------


def test_a_key_made_on_new_years_day_is_due_in_summer() -> None:
    assert handover.rotation_day(date(2026, 1, 1)) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("slot", "free", "old"), [(1, "RSA_PUBLIC_KEY_2", "RSA_PUBLIC_KEY."), (2, "RSA_PUBLIC_KEY", "_2.")]
)
def test_rotation_fills_the_other_slot_and_ends_by_taking_the_old_key_away(slot: int, free: str, old: str) -> None:
    steps = handover.rotation_steps(slot)
    assert f"free slot, {free}." in steps[1]
    assert steps[-1].endswith(old)


def test_there_are_two_slots() -> None:
    with pytest.raises(ValueError, match="slots 1 and 2"):
        handover.rotation_steps(3)


def test_every_machine_is_told_where_the_key_belongs_and_how_to_keep_others_out() -> None:
    advice = {row.system: row for row in handover.KEY_FILE_ADVICE}
    assert "chmod 600" in advice["macOS, Linux"].commands
    assert "icacls" in advice["Windows"].commands
    assert len(advice) == 3


def test_people_are_spoken_to_plainly() -> None:
    said = [row.note for row in TOOLS] + [row.title for row in TOOLS] + [*handover.TIDY_UP]
    said += [row.why for row in handover.KEY_FILE_ADVICE] + [*handover.rotation_steps(1)]
    said += [field.note for connection in CONNECTIONS.values() for field in handover.hub_fields(connection)]
    said += [text for connection in CONNECTIONS.values() for text in handover.files(connection).values()]
    for words in said:
        assert not re.search(r"\b(please|invalid|required|oops|sorry)\b", words, re.IGNORECASE), words
        assert not any(unicodedata.category(letter) == "Cf" for letter in words)
