"""Readers of each format: the standard ones where there is one, else by the rules that the format publishes."""

from __future__ import annotations

import ast
import json
import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from urllib.parse import unquote

import pytest
from jinja2 import Environment


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
