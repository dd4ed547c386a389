"""The floors of the house: who may import whom is written in pyproject.toml, and held here."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
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


def test_no_module_is_named_for_a_kind_of_thing() -> None:
    named = {path.stem for path in (ROOT / "wizard").rglob("*.py")}
    assert not named & FORBIDDEN_NAMES


def test_every_python_folder_is_a_package() -> None:
    """One without ``__init__.py`` works from a checkout, and is missed by tools that look for packages."""
    folders = {path.parent for path in (ROOT / "wizard").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []
