"""Readers of each format: the standard ones where there is one, else by the rules that the format publishes."""

from __future__ import annotations

import ast
import json
import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from urllib.parse import unquote, unquote_plus

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


def argument_mode(line: str) -> list[str]:
    """Read a command line of bare words and single-quoted strings the way PowerShell's tokenizer does."""
    quote = "['\u2018\u2019\u201a\u201b]"
    words = re.findall(rf"{quote}(?:[^'\u2018\u2019\u201a\u201b]|{quote}{quote})*{quote}|[A-Za-z0-9_./-]+", line)
    assert re.sub(r"\s", "", line) == "".join(re.sub(r"\s", "", word) for word in words), "more than words and strings"
    return [word if re.fullmatch(r"[A-Za-z0-9_./-]+", word) else read_powershell(word) for word in words]


def command_line(words: list[str], *, escapes: bool) -> str:
    """Put arguments into the one text that Windows gives a program.

    As Windows PowerShell 5.1 does: quotes around what has a blank outside of quotes of its own, nothing inside escaped,
    empty arguments left out. With ``escapes`` as PowerShell 7.3 and later does, by .NET's own rules.
    """
    said = []
    for word in words:
        if escapes:
            bare = word and not re.search(r'[\s"]', word)
            said.append(word if bare else '"' + re.sub(r'(\\*)("|$)', r"\1\1\2", word).replace('"', '\\"') + '"')
        elif word:
            blank = any(letter.isspace() and word[:at].count('"') % 2 == 0 for at, letter in enumerate(word))
            said.append(f'"{word}"' if blank else word)
    return " ".join(said)


def program_arguments(line: str) -> list[str]:
    """Read a command line as a program does on Windows.

    https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
    """
    arguments, word, quoted, begun, at = [], "", False, False, 0
    while at < len(line):
        backslashes = len(line) - at - len(line[at:].lstrip("\\"))
        at += backslashes
        if backslashes and line[at : at + 1] == '"':
            word, begun = word + "\\" * (backslashes // 2), True
            if backslashes % 2:
                word, at = word + '"', at + 1
                continue
        elif backslashes:
            word, begun = word + "\\" * backslashes, True
        letter, at = line[at : at + 1], at + 1
        if letter == '"':
            if quoted and line[at : at + 1] == '"':
                word, at = word + '"', at + 1
            else:
                quoted, begun = not quoted, True
        elif letter in " \t" and not quoted:
            if begun:
                arguments.append(word)
            word, begun = "", False
        elif letter:
            word, begun = word + letter, True
    return [*arguments, word] if begun else arguments


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


def read_dotnet_name(text: str) -> str:
    """Read an object's name the way the driver does, and then the way Snowflake reads its identifier."""
    value = text  # the driver cuts the string at each ";" and "=" and looks at what stood between
    if ";" in value:
        raise AssertionError("the driver cuts this value in two")
    identifier = '"' + value[1:-1].replace('""', '"') + '"' if "=" not in value else read_dotnet(value)
    assert re.fullmatch(r'"(?:[^"]|"")*"', identifier), identifier
    return identifier[1:-1].replace('""', '"')


def read_properties(text: str) -> str:
    """Read a value the way java.util.Properties.load does."""
    assert re.fullmatch(r"(?:[!-~]|\\ )*", text), "a letter outside of ASCII, or a blank that is not escaped"
    plain = re.sub(r"\\u([0-9a-f]{4})|\\(.)", lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)
    return plain.encode("utf-16-be", "surrogatepass").decode("utf-16-be")


def read_github(text: str) -> str:
    """Read a value as YAML, then evaluate its expressions, which may hold string literals only."""
    pieces = re.split(r"\$\{\{ '((?:[^']|'')*)' \}\}", read_yaml(text))
    assert not any("${{" in piece for piece in pieces[::2]), "a live expression"
    return "".join(piece.replace("''", "'") if at % 2 else piece for at, piece in enumerate(pieces))


READERS: Mapping[str, Callable[[str], str]] = {
    "python": ast.literal_eval,
    "toml": lambda text: tomllib.loads(f"key = {text}")["key"],
    "yaml": read_yaml,
    "dbt": read_dbt,
    "hcl": read_hcl,
    "json": json.loads,
    "shell": lambda text: "".join(shlex.split(text)),
    "powershell": read_powershell,
    "home_path": lambda text: "".join(shlex.split(text)).removeprefix("$HOME/.snowflake/keys/"),
    "home_path_powershell": lambda text: read_powershell(text.removeprefix("(Join-Path $HOME ").removesuffix(")"))[16:],
    "url": unquote,
    "go_dsn": unquote_plus,
    "odbc": read_odbc,
    "dotnet": read_dotnet,
    "dotnet_name": read_dotnet_name,
    "github": read_github,
    "sqlmesh": lambda text: read_yaml(Environment().from_string(text).render()),  # noqa: S701 - no HTML
    "properties": read_properties,
    "markdown": read_markdown,
}
