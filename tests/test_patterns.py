"""Every regular expression takes time in proportion to the text, on the texts that are worst for it.

The patterns are found, not listed: those that the modules of the package hold, those that stand in a call of :mod:`re`
anywhere in its source, and those of the scripts. The scripts' own are also tried where they run, in
``tests/e2e/test_patterns.py``; here an engine that takes no short cuts stands in for the browsers we can't try.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import wizard
from tests.script_patterns import ScriptPattern, script_patterns
from tests.slow_texts import Hostile, grows_faster_than_linearly, hostile_texts
from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.sentences import SENTENCES

CALLS = {"search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split"}
# Calls whose pattern is a value, and where the values come from; all of them are looked for anywhere in a text.
HANDED_IN: dict[str, Callable[[], set[str]]] = {
    "wizard.diagnosis.reading.words._compiled": lambda: (
        {pattern for cause in CATALOGUE.values() for sign in cause.signs for pattern in (*sign.patterns, *sign.unless)}
        | {pattern for known in SENTENCES.values() for pattern in (*known.patterns, *known.unless)}
    ),
    "wizard.snowflake.key.specification._compiled": set,  # the module holds what it compiles
}


@dataclass
class Used:
    """A pattern, where it stands, and the methods it is used by."""

    pattern: str | bytes
    flags: int
    places: set[str] = field(default_factory=set)
    by: set[str] = field(default_factory=set)


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(wizard.__path__, "wizard."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def held(value: Any, depth: int = 3) -> Iterator[re.Pattern[Any]]:
    """Yield the patterns in a value of a module: itself, or in a class or a collection."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        for inner in value.values():
            yield from held(inner, depth - 1)
    elif depth and isinstance(value, (tuple, list, set, frozenset)):
        for inner in value:
            yield from held(inner, depth - 1)
    elif depth and isinstance(value, type) and value.__module__.startswith("wizard"):
        for inner in vars(value).values():
            yield from held(inner, depth - 1)


@cache
def methods_called() -> dict[tuple[str | bytes, int], set[str]]:
    """Return the methods that the source calls on each pattern that a module holds under a name of its own."""
    found: dict[tuple[str | bytes, int], set[str]] = defaultdict(set)
    for module in modules():
        patterns = {name: value for name, value in vars(module).items() if isinstance(value, re.Pattern)}
        for node in _nodes(module) if patterns else ():
            if isinstance(node, ast.Attribute) and node.attr in CALLS and _name(node.value) in patterns:
                value = patterns[_name(node.value)]
                found[value.pattern, value.flags].add(node.attr)
    return found


@cache
def _source(module: ModuleType) -> str:
    assert module.__file__
    return Path(module.__file__).read_text(encoding="utf-8")


@cache
def _nodes(module: ModuleType) -> list[ast.AST]:
    return list(ast.walk(ast.parse(_source(module))))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def in_source(module: ModuleType) -> Iterator[tuple[str, str, str | bytes, int]]:
    """Yield each call of ``re`` in a module's source: where, how, pattern and flags."""
    if not re.search(r"\bre\b", _source(module)):
        return  # parsing what has nothing to tell is most of the work
    inside = {
        inner: f"{module.__name__}.{function.name}"
        for function in _nodes(module)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(function)
    }
    for node in _nodes(module):
        assert not (isinstance(node, ast.ImportFrom) and node.module == "re"), "say re.compile, so that it is seen here"
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if _name(node.func.value) != "re" or node.func.attr not in CALLS | {"compile"}:
            continue
        where = inside.get(node, module.__name__)
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        pattern, flags = node.args[0] if node.args else named["pattern"], named.get("flags")
        if node.func.attr == "compile" and len(node.args) > 1:
            flags = node.args[1]
        if where in HANDED_IN:
            yield from ((where, "search", text, 0) for text in HANDED_IN[where]())
        else:
            values = vars(module)
            yield where, node.func.attr, _worth(pattern, values), _worth(flags, values) if flags else 0


def _worth(node: ast.expr, values: dict[str, Any]) -> Any:
    """Return what an expression of constants and names of the module is worth."""
    try:
        return eval(compile(ast.Expression(node), "<pattern>", "eval"), dict(values))  # noqa: S307 - our own source
    except NameError:
        pytest.fail(f"a pattern is handed in at run time: {ast.unparse(node)}. Say in HANDED_IN where it comes from")


def every_pattern() -> list[Used]:
    found: dict[tuple[str | bytes, int], Used] = {}

    def note(pattern: str | bytes, flags: int, place: str, by: set[str]) -> None:
        flags = re.compile(pattern, flags).flags
        used = found.setdefault((pattern, flags), Used(pattern, flags))
        used.places.add(place)
        used.by |= by

    for module in modules():
        for name, value in vars(module).items():
            for pattern in held(value):
                note(pattern.pattern, pattern.flags, f"{module.__name__}.{name}", set())
        for where, how, text, flags in in_source(module):
            note(text, flags, where, {how} & CALLS)
    for key, methods in methods_called().items():
        found[key].by |= methods
    return sorted(found.values(), key=lambda used: (min(used.places), str(used.pattern)))


PATTERNS = every_pattern()


def seconds(pattern: re.Pattern[Any], method: str) -> Callable[[Hostile, int], float]:
    """Return what measures one use of a pattern, in processor seconds of this thread."""
    in_bytes = isinstance(pattern.pattern, bytes)

    def measure(hostile: Hostile, length: int) -> float:
        text: Any = hostile.text(length)
        if in_bytes:
            text = text.encode("latin-1", "ignore")
        began = time.thread_time()
        if method == "finditer":
            for _ in pattern.finditer(text):
                pass
        elif method in ("sub", "subn"):
            pattern.sub(text[:0], text)
        else:
            getattr(pattern, method)(text)
        return time.thread_time() - began

    return measure


def test_the_patterns_are_found() -> None:
    places = {place for used in PATTERNS for place in used.places}
    assert len(PATTERNS) > 80
    assert {"wizard.snowflake.key.specification.PATTERNS", "wizard.diagnosis.reading.words._compiled"} <= places


@pytest.mark.parametrize("used", PATTERNS, ids=lambda used: min(used.places).removeprefix("wizard."))
def test_a_pattern_takes_time_in_proportion_to_the_text(used: Used) -> None:
    pattern = re.compile(used.pattern, used.flags)
    texts = hostile_texts(used.pattern, used.flags)
    # A pattern that is handed on as a value may be used in any way: "finditer" looks from everywhere.
    for method in sorted(used.by) or ["finditer", "fullmatch"]:
        slow = grows_faster_than_linearly(texts, seconds(pattern, method))
        assert slow is None, f"{used.pattern!r} by {method}, in {sorted(used.places)}: slow on {slow}"


@pytest.mark.parametrize("pattern", script_patterns(), ids=lambda pattern: f"{pattern.place}-{pattern.source[:20]}")
def test_a_pattern_of_the_scripts_takes_time_in_proportion_to_the_text(pattern: ScriptPattern) -> None:
    flags = sum(getattr(re, flag.upper()) for flag in pattern.flags if flag in "ims")
    compiled = re.compile(pattern.for_python, flags)
    slow = grows_faster_than_linearly(hostile_texts(pattern.for_python, flags), seconds(compiled, "finditer"))
    assert slow is None, f"/{pattern.source}/ in {pattern.place}: slow on {slow}"


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", "search"),
        (r"\\+[nrt]", "sub"),
        (r"=+$", "search"),
        (r"(?:a|a)*b", "match"),
        (r"(?:[a-z]+-?)+!", "fullmatch"),
        (r"\s*\s*x", "match"),
        (r"[A-Za-z]*[0-9A-F]*;", "fullmatch"),
        (r"\s+$", "sub"),
        (r"BEGIN(.*?)END", "findall"),
    ],
)
def test_a_pattern_that_goes_back_over_a_text_is_found_out(pattern: str, method: str) -> None:
    found = grows_faster_than_linearly(hostile_texts(pattern), seconds(re.compile(pattern), method))
    assert found is not None


def test_a_pattern_that_does_not_is_left_in_peace() -> None:
    for pattern in (r"[A-Za-z0-9_-]+\.[a-z]+", r"(?:[^\"]|\"\")*", r"a{1,8}b"):
        texts = hostile_texts(pattern)
        assert grows_faster_than_linearly(texts, seconds(re.compile(pattern), "match")) is None
