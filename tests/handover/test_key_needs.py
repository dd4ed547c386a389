"""The folder of the key, its passphrase and its form: what each tool is told, and what it can't do."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.handover.connections import CONNECTIONS, PUBLIC
from wizard import handover
from wizard.handover import TOOLS, Connection, Tool, passphrase_commands, read_key_folder, remarks, render
from wizard.problem import Problem

HOME = replace(PUBLIC, key_folder="/home/jane/.snowflake/keys", encrypted=False)
WINDOWS = replace(PUBLIC, key_folder=r"C:\Users\jane\keys", encrypted=False)


def tool(slug: str) -> Tool:
    found = handover.tool_named(slug)
    assert found
    return found


def said(slug: str, connection: Connection) -> dict[str, handover.Remark]:
    return {remark.name: remark for remark in remarks(tool(slug), connection)}


# --- where the key file is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row for row in TOOLS if row.key_place == "path"], ids=lambda row: row.slug)
def test_every_text_that_names_the_key_file_names_its_whole_path_once_the_folder_is_told(row: Tool) -> None:
    text = render(row, HOME)
    assert "/home/jane/.snowflake/keys" in text
    assert "folder" not in said(row.slug, HOME)


@pytest.mark.parametrize("row", [row for row in TOOLS if row.key_place == "path"], ids=lambda row: row.slug)
def test_where_the_folder_is_not_told_a_text_finds_it_at_home_or_says_that_it_has_to_be(row: Tool) -> None:
    assert row.finds_home == bool(re.search(r"\.snowflake[\"/'\\]", render(row, PUBLIC)))
    assert ("folder" in said(row.slug, PUBLIC)) == (not row.finds_home)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ""),
        ("  /home/jane/keys/ ", "/home/jane/keys"),
        ('"C:\\Users\\Jane Doe\\keys\\"', r"C:\Users\Jane Doe\keys"),
        ("/home/jane/keys/rsa_key.p8", "/home/jane/keys"),
        (r"C:\keys\rsa_key.p8", r"C:\keys"),
        ("C:/keys", "C:/keys"),
        (r"\\server\share\keys", r"\\server\share\keys"),
        ("/", "/"),
        ("C:\\", "C:\\"),
    ],
)
def test_a_folder_is_read_in_the_spelling_of_its_system(typed: str, read: str) -> None:
    assert read_key_folder(typed) == read


@pytest.mark.parametrize(
    "typed", ["~/keys", "$HOME/keys", "%USERPROFILE%\\keys", "keys", "./keys", "C:keys", "..", "~"]
)
def test_a_folder_that_not_every_client_understands_is_refused_with_what_to_do(typed: str) -> None:
    with pytest.raises(Problem, match=r"shell only|begin at the root") as refused:
        read_key_folder(typed)
    assert "whole path" in refused.value.fix
    assert refused.value.field == "key_folder"


@given(st.text(max_size=500) | st.text(max_size=40).map("/{}".format) | st.sampled_from(['/a"b', 'C:\\a "b', '"/a"b"']))
def test_whatever_is_typed_as_a_folder_makes_a_connection_or_a_problem(typed: str) -> None:
    try:
        folder = read_key_folder(typed)
    except Problem:
        return
    assert read_key_folder(folder) == folder or folder.endswith("rsa_key.p8")
    connection = replace(PUBLIC, key_folder=folder)
    assert connection.key_file.endswith("rsa_key.p8")
    assert all(render(tool, connection) for tool in TOOLS if tool.language == "powershell")


def test_windows_paths_are_spelled_as_each_client_takes_them() -> None:
    assert r"'C:\Users\jane\keys\rsa_key.p8'" in render(tool("snowflake-cli-powershell"), WINDOWS)
    assert "private_key_file=C%3A/Users/jane/keys/rsa_key.p8" in render(tool("jdbc"), WINDOWS)
    assert r'"C:\\Users\\jane\\keys\\rsa_key.p8"' in render(tool("connections-toml"), WINDOWS)


# --- names that are not plain ----------------------------------------------------------------------------------------


def test_a_role_in_mixed_case_is_handed_over_in_double_quotes_but_to_the_sql_api() -> None:
    mixed = replace(HOME, role="Data Team", warehouse="COMPUTE_WH")
    assert r'role = "\"Data Team\""' in render(tool("connections-toml"), mixed)
    assert """--role '"Data Team"'""" in render(tool("snowflake-cli"), mixed)
    assert "SNOWFLAKE_ROLE='Data Team'" in render(tool("snowflake-sql-api-environment"), mixed)
    assert 'role="Data Team";warehouse="COMPUTE_WH";' in render(tool("dotnet"), mixed)
    assert 'warehouse = "COMPUTE_WH"' in render(tool("connections-toml"), mixed)


# --- its passphrase --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row for row in TOOLS if row.variable], ids=lambda row: row.slug)
def test_the_passphrase_is_asked_for_by_one_line_alone_that_sets_what_the_tool_reads(row: Tool) -> None:
    sealed = replace(PUBLIC, encrypted=True)
    for command in passphrase_commands(row, sealed):
        assert row.variable in command.text
        assert "\n" not in command.text and "#" not in command.text
    assert passphrase_commands(row, replace(PUBLIC, encrypted=False)) == ()
    assert [command.language for command in passphrase_commands(row, replace(WINDOWS, encrypted=True))] == [
        "powershell"
    ]


def test_the_shell_keeps_blanks_and_backslashes_of_a_passphrase() -> None:
    [posix] = passphrase_commands(tool("snowflake-cli"), replace(HOME, encrypted=True))
    assert posix.text == "IFS= read -rs PRIVATE_KEY_PASSPHRASE && export PRIVATE_KEY_PASSPHRASE"


@pytest.mark.parametrize("case", CONNECTIONS)
def test_no_text_asks_for_the_passphrase_in_clear_or_in_the_middle_of_a_paste(case: str) -> None:
    for row in handover.tools_for(CONNECTIONS[case]):
        text = render(row, replace(CONNECTIONS[case], encrypted=True))
        assert "read -" not in text and "Read-Host" not in text, row.slug
        assert not re.search(r"^[^#\n]*(pwd|passphrase)\w* *[=:] *\"\w", text, re.MULTILINE), row.slug
        if row.language in ("shell", "powershell"):
            assert "#" not in text.replace("'#", "").replace("$#", ""), row.slug


# --- its form --------------------------------------------------------------------------------------------------------


def test_an_older_form_of_the_key_is_converted_for_the_clients_that_read_pkcs8_only() -> None:
    old = replace(HOME, key_notes=("pkcs1",))
    [command] = said("snowflake-cli", old)["form"].commands
    words = shlex.split(command.text.partition("&&")[0])
    assert words[:4] == ["openssl", "pkcs8", "-topk8", "-nocrypt"]
    assert "/home/jane/.snowflake/keys/rsa_key.p8" in words
    assert "form" not in said("dbt", old), "dbt reads it as it is"
    assert "form" not in said("snowflake-cli", HOME)


def test_a_key_that_was_never_opened_here_may_be_of_the_older_form() -> None:
    unseen = replace(HOME, key_notes=None)
    assert "BEGIN RSA PRIVATE KEY" in said("snowflake-cli", unseen)["form"].text
    assert "form" not in said("python-connector", unseen)


def test_a_client_that_opens_no_passphrase_gets_a_copy_without_one() -> None:
    sealed = replace(HOME, encrypted=True)
    [command] = said("go", sealed)["plain"].commands
    assert "-nocrypt" in command.text
    assert command.text.endswith("-out /home/jane/.snowflake/keys/rsa_key_plain.p8)")
    [line] = said("go", sealed)["one-line"].commands
    assert "rsa_key_plain.p8" in line.text
    assert "plain" not in said("go", HOME)
    assert "plain" not in said("dbt", sealed)


def test_a_damaged_file_is_named_for_every_tool() -> None:
    damaged = replace(HOME, key_notes=("newlines-removed",))
    assert all("file-newlines-removed" in said(row.slug, damaged) for row in TOOLS)


def test_no_command_of_a_remark_goes_over_more_than_one_line() -> None:
    for connection in (*CONNECTIONS.values(), replace(PUBLIC, encrypted=True, key_notes=None)):
        for row in TOOLS:
            for remark in remarks(row, connection):
                assert all("\n" not in command.text for command in remark.commands)


# --- which releases were run -----------------------------------------------------------------------------------------


def test_every_release_that_a_tool_was_run_with_is_one_that_the_tests_pin() -> None:
    pinned = set()
    for pins in (Path(__file__).parents[2] / "requirements").glob("*.txt"):
        text = pins.read_text()
        pinned |= set(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))
        pinned |= set(re.findall(r"^\S+ ([a-z0-9.-]+) (\d\S+) [0-9a-f]{64}$", text, re.MULTILINE))
    for row in TOOLS:
        told = {tuple(release.split()) for release in filter(None, row.ran.split(", "))}
        assert told <= pinned, row.slug
