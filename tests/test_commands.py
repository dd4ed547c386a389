"""A command that is printed without the name of its shell does the same in all of them.

Windows has cmd, PowerShell 5.1 and 7; 5.1 has no ``&&``, cmd has no ``cp``, and each has quotes and variables of its
own. So such a line is one program and its arguments: no file is copied, joined or piped by the shell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wizard.diagnosis import CATALOGUE
from wizard.handover import TOOLS

PACKAGE = Path(__file__).parents[1] / "wizard"
PROGRAMS = "openssl|ssh-keygen|keytool|puttygen|python|npm|node|dotnet|dbt|airflow|sqlmesh|terraform"
# What stands in double quotes is one argument everywhere, if no shell finds anything to replace in it.
PLAIN = re.compile(rf'(?:{PROGRAMS})(?: [A-Za-z0-9._:/=-]+| "[A-Za-z0-9._\[\]>= -]+")*')
# Within a sentence it can't be seen where a command ends; but it can be seen whether a shell has to do something.
SHELL_AT_WORK = re.compile(r"\b(?:openssl|ssh-keygen|keytool|puttygen)(?: -?[\w./:=-]+)* *[&|<>$`%^~]")


def _texts(told: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts of a data file, each with the name that it goes by."""
    if isinstance(told, str):
        yield name, told
    elif isinstance(told, dict):
        for key, value in told.items():
            yield from _texts(value, key)
    elif isinstance(told, list):
        for value in told:
            yield from _texts(value, name)


DATA = [text for path in sorted(PACKAGE.rglob("*.json")) for text in _texts(json.loads(path.read_text("utf-8")))]
COMMANDS = {text for name, text in DATA if name == "command" and text} | {
    line for tool in TOOLS for line in tool.prerequisites
}
PROSE = [text for name, text in DATA if name != "command"] + [
    text for cause in CATALOGUE.values() for text in (cause.explanation, *(fix.what for fix in cause.fixes))
]


@pytest.mark.parametrize("line", sorted({line for command in COMMANDS for line in command.splitlines()}))
def test_a_line_for_no_shell_in_particular_does_the_same_in_each(line: str) -> None:
    assert PLAIN.fullmatch(line)


def test_a_command_within_a_sentence_asks_nothing_of_a_shell() -> None:
    assert [text for text in PROSE if SHELL_AT_WORK.search(text)] == []
    assert sum("openssl " in text for text in PROSE) > 5, "they are looked at"


@pytest.mark.parametrize(
    "line",
    [
        "cp a b",
        "openssl a && openssl b",
        "openssl a | openssl b",
        "openssl -in $HOME/a",
        "openssl -in 'a b'",
        "python ~",
    ],
)
def test_what_only_some_shells_know_is_noticed(line: str) -> None:
    assert not PLAIN.fullmatch(line)
