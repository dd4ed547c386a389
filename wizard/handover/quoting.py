"""A value, quoted for the format it lands in: one function a format, each also a filter of the templates."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping
from urllib.parse import quote


class Quoted(str):
    """Text that is quoted for the format it lands in. Only the filters below make it."""

    __slots__ = ()


def _escaped(text: str, needs_escape: Callable[[str], bool]) -> str:
    r"""Escape ``text`` for the inside of double quotes with ``\\``, ``\"``, ``\uXXXX`` and ``\UXXXXXXXX``.

    TOML, YAML and Terraform share these four.
    """
    pieces = []
    for letter in text:
        if letter in '\\"':
            pieces.append("\\" + letter)
        elif needs_escape(letter):
            pieces.append(f"\\u{ord(letter):04x}" if ord(letter) <= 0xFFFF else f"\\U{ord(letter):08x}")
        else:
            pieces.append(letter)
    return "".join(pieces)


def _is_unprintable(letter: str) -> bool:
    """Whether a reader of the file could stumble over ``letter``: spaces other than the plain one, unassigned ones."""
    return not letter.isprintable()


def python(value: str) -> Quoted:
    """A Python string literal, in double quotes wherever that takes no more escapes than single ones."""
    literal = repr(value)
    if literal[0] == "'" and '"' not in literal:
        # Such a literal holds no escaped quote either: repr only escapes ' when the text has both kinds.
        literal = f'"{literal[1:-1]}"'
    return Quoted(literal)


def toml(value: str) -> Quoted:
    """A TOML basic string. https://toml.io/en/v1.0.0#string"""
    return Quoted(f'"{_escaped(value, _is_unprintable)}"')


def yaml(value: str) -> Quoted:
    """A YAML double-quoted scalar: it has no surprises such as ``no``, ``1e3`` or ``~``."""
    return Quoted(f'"{_escaped(value, _is_unprintable)}"')


def dbt(value: str) -> Quoted:
    """A value of ``profiles.yml``, which dbt reads as YAML first and as a Jinja template then.

    A brace would open an expression there, so a value that has one is handed over as a string inside an expression.
    """
    if "{" in value:
        value = "{{ " + repr(value).replace("{", "\\x7b").replace("}", "\\x7d") + " }}"
    return yaml(value)


def hcl(value: str) -> Quoted:
    """A Terraform string, its two kinds of template markers made harmless.

    https://developer.hashicorp.com/terraform/language/expressions/strings
    """
    inner = _escaped(value, _is_unprintable)
    return Quoted('"' + inner.replace("${", "$${").replace("%{", "%%{") + '"')


def json_string(value: str) -> Quoted:
    """A JSON string in ASCII, which is a JavaScript string as well."""
    return Quoted(json.dumps(value))


def shell(value: str) -> Quoted:
    """One word of a POSIX shell."""
    return Quoted(shlex.quote(value))


def powershell(value: str) -> Quoted:
    """A single-quoted PowerShell string, for PowerShell itself; see :func:`powershell_argument` for a program.

    PowerShell takes typographic quotes for quotes too: all five are doubled.

    https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
    """
    return Quoted("'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", value) + "'")


def reaches_a_program(value: str) -> bool:
    """Whether every PowerShell hands ``value`` on to a program as one argument and unchanged.

    Windows PowerShell 5.1 puts double quotes around an argument with blanks and escapes nothing inside, so a double
    quote ends it, a backslash at its end takes the closing quote along, and an empty argument is dropped. Escaping by
    hand helps there, and is handed on as typed by PowerShell 7.3 and later, which escapes by itself. What such a value
    needs is another way than the command line: the environment.
    https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing#passing-arguments-that-contain-quote-characters
    """
    return bool(value) and '"' not in value and not value.endswith("\\")


def powershell_argument(value: str) -> Quoted:
    """One argument of a program that PowerShell runs. Raises ``ValueError`` for one that not every version hands on."""
    if not reaches_a_program(value):
        raise ValueError("not every PowerShell hands this on to a program: say it by the environment")
    return powershell(value)


def url(value: str) -> Quoted:
    """A value in the query of a URL. Slashes stay, so that a path stays readable."""
    return Quoted(quote(value, safe="/"))


def odbc(value: str) -> Quoted:
    """A value of an ODBC connection string: in braces unless it is plain, a closing brace doubled.

    https://learn.microsoft.com/sql/odbc/reference/syntax/sqldriverconnect-function#comments
    """
    if re.fullmatch(r"[A-Za-z0-9_./:\\-]+", value):
        return Quoted(value)
    return Quoted("{" + value.replace("}", "}}") + "}")


def dotnet(value: str) -> Quoted:
    """A value of a .NET connection string: in double quotes unless it is plain, a double quote doubled.

    https://learn.microsoft.com/dotnet/api/system.data.common.dbconnectionstringbuilder
    """
    if re.fullmatch(r"[A-Za-z0-9_./:\\-]+", value):
        return Quoted(value)
    return Quoted('"' + value.replace('"', '""') + '"')


def markdown(value: str) -> Quoted:
    """A code span of Markdown, its fence longer than any run of backticks inside.

    https://spec.commonmark.org/0.31.2/#code-spans
    """
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", value)), default=0))
    pad = " " if value.startswith("`") or value.endswith("`") or value != value.strip(" ") else ""
    return Quoted(f"{fence}{pad}{value}{pad}{fence}")


FILTERS: Mapping[str, Callable[[str], Quoted]] = {
    "python": python,
    "toml": toml,
    "yaml": yaml,
    "dbt": dbt,
    "hcl": hcl,
    "json": json_string,
    "shell": shell,
    "powershell": powershell,
    "url": url,
    "odbc": odbc,
    "dotnet": dotnet,
    "markdown": markdown,
}
