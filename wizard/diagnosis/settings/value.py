"""One value among settings: what it says, and how it has to be written in its form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple
from urllib.parse import unquote

from wizard import quoting

Style = Literal[
    "toml", "dbt", "hcl", "python", "json", "nested-json", "shell", "powershell", "url", "go", "odbc", "dotnet",
    "properties", "plain",
]  # fmt: skip
"""How a form quotes; ``nested-json`` is JSON inside of a string of JSON, ``plain`` takes a value as it is."""


class Value(NamedTuple):
    """A value as it was read.

    * ``text``: what it says
    * ``is_literal``: whether it stands there itself; else it is worked out: a variable, a call
    * ``is_sound``: whether its client reads what it says: false for a backslash that begins something else, and for
      what lacks its quotes
    """

    text: str
    is_literal: bool = True
    is_sound: bool = True


_CODE: Final = frozenset(("python", "json", "hcl", "nested-json"))
"""Where what has no quotes is worked out."""
_ESCAPING: Final = frozenset(("toml", "dbt", "hcl", "python", "json", "nested-json"))
"""Where a backslash in double quotes begins something."""
_WORDS: Final = re.compile(r"-?[0-9][0-9_.]*|true|false|null|none", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U(000[0-9a-fA-F]{5})|([^\n]))")
_LETTERS: Final[Mapping[str, str]] = MappingProxyType(
    {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "v": "\v", "0": "\0", "e": "\x1b"}
    | {letter: letter for letter in "\"'\\/"}
)


def read_value(token: str, style: Style) -> Value:
    """Read a value as it stands in settings, its quotes included."""
    token = token.strip()
    if '"""' in token[:4] or "'''" in token[:4]:
        return Value(token.lstrip("rbf").strip("\"'").strip())
    if token[:1] in ("r", "b", "f") and token[1:2] in ('"', "'"):
        inner = token[2:-1]
        return Value(inner) if token[0] == "r" else _unescaped(inner, is_literal=token[0] == "b")
    if token.startswith('\\"'):
        return _unescaped(token[2:-2].replace("\\\\", "\\"))
    if token[:1] in ('"', "'") and token[-1:] == token[:1] and len(token) > 1:
        return _in_quotes(token, style)
    if token[:1] in ("|", ">"):
        return Value(token.partition("\n")[2].strip())
    if style == "odbc" and token[:1] == "{" and token[-1:] == "}":
        return Value(token[1:-1].replace("}}", "}"))
    if style in ("url", "go"):
        return Value(unquote(token))
    if style in _CODE and token:
        return Value(token, is_literal=False)
    return Value(token, is_sound=style != "toml" or not token or bool(_WORDS.fullmatch(token)))


def _in_quotes(token: str, style: Style) -> Value:
    inner, quote = token[1:-1], token[0]
    if quote == "'" and style not in ("python", "json"):
        return Value(inner.replace("''", "'") if style == "dbt" else inner)
    if style == "dotnet":
        return Value(inner.replace('""', '"'))
    return _unescaped(inner) if style in _ESCAPING else Value(inner)


def _unescaped(inner: str, *, is_literal: bool = True) -> Value:
    """Take the escapes back; what they leave that no setting holds was no escape to whoever wrote it."""
    if "\\" not in inner:
        return Value(inner, is_literal)
    sound = True

    def letter(escape: re.Match[str]) -> str:
        nonlocal sound
        if escape[4] is None:
            return chr(min(int(escape[1] or escape[2] or escape[3], 16), 0x10FFFF))
        sound = sound and escape[4] in _LETTERS
        return _LETTERS.get(escape[4], escape[4])

    text = _ESCAPE.sub(letter, inner)
    sound = sound and text.isprintable() and not text.endswith("\\")
    return Value(text if sound else inner, is_literal, sound)


def _nested(value: str) -> str:
    return json.dumps(json.dumps(value))[1:-1]


def _json(value: str) -> str:
    """JSON that may stand between the single quotes of a shell."""
    return quoting.json_string(value).replace("'", "\\u0027")


_WRITE: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "toml": quoting.toml,
        "dbt": quoting.dbt,
        "hcl": quoting.hcl,
        "python": quoting.python,
        "json": _json,
        "nested-json": _nested,
        "shell": quoting.shell,
        "powershell": quoting.powershell,
        "url": quoting.url,
        "go": quoting.go_dsn,
        "odbc": quoting.odbc,
        "dotnet": quoting.dotnet,
        "properties": quoting.properties,
        "plain": str,
    }
)


def written(text: str, style: Style) -> str:
    """Write a value as its form quotes it."""
    return str(_WRITE[style](text))
