"""The floors of the house: who may import whom is written in pyproject.toml, and held here."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
PURE = next(contract["source_modules"] for contract in CONTRACTS if "do no I/O" in contract["name"])
FORBIDDEN_NAMES = {"common", "core", "helper", "helpers", "lib", "misc", "models", "tools", "util", "utils"}


def test_imports_go_down_the_floors(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    broken = lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True)
    assert not broken, capsys.readouterr().out


def test_every_module_at_the_top_of_the_package_stands_on_a_floor() -> None:
    """The contract says so too; this says it in fewer words when somebody adds a module."""
    placed = {name.strip("() ") for floor in CONTRACTS[0]["layers"] for name in floor.split("|")}
    there = {
        path.stem
        for path in (ROOT / "wizard").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem != "__init__"
    }
    assert there == placed, "put the new module on a floor, in [tool.importlinter] of pyproject.toml"


def test_the_map_in_the_readme_shows_the_same_floors() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^[0-4 ]  wizard/(.+?)  +\S", readme.partition("## A map of the code")[2], re.MULTILINE)
    drawn = [{module.removesuffix(".py").strip("/") for module in row.split(", ")} for row in rows]
    assert drawn == [{module.strip("() ") for module in floor.split("|")} for floor in CONTRACTS[0]["layers"]]


def test_no_module_is_named_for_a_kind_of_thing() -> None:
    named = {path.stem for path in (ROOT / "wizard").rglob("*.py")}
    assert not named & FORBIDDEN_NAMES


def test_every_python_folder_is_a_package() -> None:
    """One without ``__init__.py`` works from a checkout, and is missed by tools that look for packages."""
    folders = {path.parent for path in (ROOT / "wizard").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


# What reaches outside without an import that the contract could forbid: by its bare name, and as a part of something.
_BUILTINS = {"__import__", "breakpoint", "eval", "exec", "exit", "input", "open", "print", "quit"}
_PARTS = {
    *("now", "utcnow", "today", "time", "monotonic", "perf_counter"),  # clocks
    *("generate_key", "generate_private_key", "random", "token_bytes", "urandom"),  # chance
    *("environ", "getenv", "argv", "stdin", "stdout", "stderr"),  # this process
    *("open", "read_bytes", "read_text", "write_bytes", "write_text", "urlopen"),  # files and the network
    *("FileSystemLoader", "PackageLoader"),
}
EXCEPTIONS = {
    "wizard/snowflake/key/specification.py": {"read_text"},
    "wizard/handover/rendering.py": {"FileSystemLoader"},
}


def _reaching_out(source: str) -> set[str]:
    """Return the names in a module that reach outside: called, handed on or imported."""

    def names() -> Iterator[str]:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Name) and node.id in _BUILTINS:
                yield node.id
            elif isinstance(node, ast.Attribute) and node.attr in _PARTS:
                yield node.attr
            elif isinstance(node, ast.ImportFrom):
                yield from (alias.name for alias in node.names if alias.name in _PARTS)

    return set(names())


def test_the_rules_and_the_decisions_open_no_file_read_no_clock_and_draw_no_lots() -> None:
    """The contract forbids the modules for that; what is built in, or comes along with something else, is seen here."""
    found = {}
    for name in PURE:
        place = ROOT / name.replace(".", "/")
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]:
            if names := _reaching_out(path.read_text(encoding="utf-8")):
                found[path.relative_to(ROOT).as_posix()] = names
    assert found == EXCEPTIONS


@pytest.mark.parametrize(
    "source",
    [
        "open('a')",
        "from datetime import datetime\ndatetime.now()",
        "def made(now=date.today): ...",
        "import os\nos.urandom(16)",
        "rsa.generate_private_key(65537, 2048)",
        "resources.files('a').joinpath('b').read_text()",
        "from jinja2 import FileSystemLoader",
        "io.open('a')",
    ],
)
def test_what_reaches_outside_is_noticed(source: str) -> None:
    assert _reaching_out(source)
