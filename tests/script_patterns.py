"""Finds the regular expressions of the scripts, literals and ``new RegExp``, by reading them as a browser does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.snowflake.key import SPECIFICATION

SCRIPTS = Path(__file__).parents[1] / "static" / "js"
SPECIFIED = "key/specification.js"  # compiles what the server tells it
# A slash begins a pattern where a value may begin, and divides after a value.
_VALUE_MAY_BEGIN = set("(,=:[!&|?{};+-*%<>~^") | {
    "return", "typeof", "case", "in", "of", "new", "delete", "void", "throw", "do", "else", "yield", "await", "",
}  # fmt: skip
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
      | (?P<word>[A-Za-z_$][A-Za-z0-9_$]*)
      | (?P<number>[0-9][A-Za-z0-9_.]*)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_PATTERN = re.compile(r"/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+)/([a-z]*)")
_MADE = re.compile(r"new RegExp\(\s*(?:`((?:\\.|[^`\\])*)`|\"((?:\\.|[^\"\\])*)\"|([A-Za-z_$][\w$.]*))")
_CONSTANT = r"const {} =\s*\"((?:\\.|[^\"\\])*)\""


@dataclass(frozen=True, slots=True)
class ScriptPattern:
    """One pattern as JavaScript writes it, and where it stands."""

    place: str
    source: str
    flags: str

    @property
    def for_python(self) -> str:
        """The same pattern as Python writes it, near enough to work out texts from."""
        text = re.sub(r"\(\?<(?![=!])", "(?P<", self.source.replace(r"\/", "/"))
        text = re.sub(r"\\p\{[A-Za-z_=]+\}", r"\\w", text)
        return re.sub(r"\\u\{([0-9A-Fa-f]+)\}", lambda found: re.escape(chr(int(found[1], 16))), text)


def script_patterns() -> list[ScriptPattern]:
    """Return every pattern of the scripts. Raises ``AssertionError`` where the source does not tell its text."""
    found: dict[tuple[str, str], ScriptPattern] = {}
    for path in sorted(SCRIPTS.rglob("*.js")):
        text, place = path.read_text(encoding="utf-8"), path.relative_to(SCRIPTS).as_posix()
        for source, flags in [*literals(text), *(specified() if place == SPECIFIED else made(text, place))]:
            found.setdefault((source, flags), ScriptPattern(place, source, flags))
    return list(found.values())


def literals(text: str) -> Iterator[tuple[str, str]]:
    """Yield the source and flags of each pattern literal in a script."""
    braces: list[int] = []  # open ones within each expression of a template
    at, before = 0, ""
    while at < len(text):
        if text[at] == "/" and text[at + 1 : at + 2] not in ("/", "*") and before in _VALUE_MAY_BEGIN:
            found = _PATTERN.match(text, at)
            assert found, f"no end of the pattern at {text[at : at + 60]!r}"
            yield found[1], found[2]
            at, before = found.end(), "pattern"
            continue
        if text[at] == "`" or (text[at] == "}" and braces and braces[-1] == 0):
            # The text of a template, up to its end or to the next expression in it.
            if text[at] == "}":
                braces.pop()
            end = re.compile(r"(?:\\.|(?!\$\{)[^`\\])*(`|\$\{)", re.DOTALL).match(text, at + 1)
            assert end, "no end of a template"
            if end[1] == "${":
                braces.append(0)
            at, before = end.end(), "" if end[1] == "${" else "template"
            continue
        token = _TOKEN.match(text, at)
        assert token
        at = token.end()
        if token["space"]:
            continue
        before = token[0]
        if braces and before in "{}":
            braces[-1] += 1 if before == "{" else -1
    assert not braces


def specified() -> Iterator[tuple[str, str]]:
    """Yield the source and flags of each pattern of the specification that both readers of keys follow."""
    rows: dict[str, dict[str, Any]] = SPECIFICATION["patterns"]
    for row in rows.values():
        pattern, end = row["pattern"], "$" if row.get("at") == "whole" else ""
        yield f"^(?:{pattern}){end}" if "at" in row else pattern, "i" if row.get("any_case") else "u"


def made(text: str, place: str) -> Iterator[tuple[str, str]]:
    """Yield the source and flags of each pattern that a script makes of constants of its own."""
    for found in _MADE.finditer(text):
        template, string, name = found.groups()
        if name is not None:
            assert name.endswith(".source"), f"{place}: nobody can say what {found[0]} is made of"
            continue
        parts = re.sub(r"\$\{(\w+)\}", lambda part: _constant(text, part[1], place), template or string)
        flags = re.match(r'\s*,\s*"([a-z]*)"', text[found.end() :])
        yield parts.replace("\\\\", "\\"), flags[1] if flags else ""
    assert text.count("new RegExp(") == len(_MADE.findall(text)), f"{place}: a pattern is made of something else"


def _constant(text: str, name: str, place: str) -> str:
    found = re.search(_CONSTANT.format(name), text)
    assert found, f"{place}: {name} is no constant of this file"
    return found[1]
