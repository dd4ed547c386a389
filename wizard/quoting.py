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


def home_path(value: str) -> Quoted:
    """One word of a POSIX shell: the path of the file ``value`` in ``~/.snowflake/keys``, whoever runs it."""
    return Quoted(f'"$HOME"/.snowflake/keys/{shlex.quote(value)}')


def home_path_powershell(value: str) -> Quoted:
    """The same for PowerShell, where ``$HOME`` is set on every system."""
    return Quoted(f"(Join-Path $HOME {powershell('.snowflake/keys/' + value)})")


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


def go_dsn(value: str) -> Quoted:
    """A part of a data source name of the Go driver, which takes every escape of a URL back, in the user too."""
    return Quoted(quote(value, safe=""))


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


def dotnet_name(value: str) -> Quoted:
    """An object's name (role, warehouse) in a .NET connection string, in the double quotes that keep it as it is.

    The driver looks at the string itself here, cut at each ``;`` and ``=``, and leaves the outer quotes on. Inside of
    them it halves the quotes once, and Snowflake once more. Where the name holds ``=`` it takes what .NET has read
    instead, without the quotes around; so those are written twice over.
    https://github.com/snowflakedb/snowflake-connector-net/blob/master/doc/Client/Connecting.md (and, for the cut,
    UpdatePropertiesForSpecialCases of SFSessionProperty.cs). A name with ``;`` has no spelling: raises ValueError.
    """
    if ";" in value:
        raise ValueError("no .NET connection string can name an object with a semicolon in it")
    if "=" in value:
        return Quoted('"' + ('"' + value.replace('"', '""') + '"').replace('"', '""') + '"')
    return Quoted('"' + value.replace('"', '""""') + '"')


def github(value: str) -> Quoted:
    """A value of a GitHub Actions workflow: YAML, in which an expression opens at ``${{``.

    https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#literals
    """
    return yaml(value.replace("${{", "${{ '${{' }}"))


def sqlmesh(value: str) -> Quoted:
    """A value of SQLMesh's ``config.yaml``, which it reads as a Jinja template first and as YAML then."""
    return Quoted(yaml(value).replace("{", "\\x7b"))


def properties(value: str) -> Quoted:
    """A value of a Java properties file. https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load"""
    units = value.encode("utf-16-be", "surrogatepass")
    pieces = []
    for at in range(0, len(units), 2):
        unit = int.from_bytes(units[at : at + 2])
        letter = chr(unit)
        if letter in "\\ =:#!":
            pieces.append("\\" + letter)
        else:
            pieces.append(letter if " " < letter <= "~" else f"\\u{unit:04x}")
    return Quoted("".join(pieces))


def markdown(value: str) -> Quoted:
    """A code span of Markdown, its fence longer than any run of backticks inside.

    A line break would be read as a space, and two would end the span and the paragraph: they become one space here.
    https://spec.commonmark.org/0.31.2/#code-spans
    """
    value = re.sub(r"[\r\n]+", " ", value)
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
    "home_path": home_path,
    "home_path_powershell": home_path_powershell,
    "url": url,
    "go_dsn": go_dsn,
    "odbc": odbc,
    "dotnet": dotnet,
    "dotnet_name": dotnet_name,
    "github": github,
    "sqlmesh": sqlmesh,
    "properties": properties,
    "markdown": markdown,
}
