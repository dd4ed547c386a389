"""Snowflake's codes stand in one table, and everybody else takes them from there by name."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from wizard.snowflake.codes import FAILURE_NAMES, Code, meaning_of

ROOT = Path(__file__).parents[2]
# What a cause's page shows: messages as they are printed, and what a person reads in them.
QUOTING = ROOT / "wizard" / "diagnosis" / "explained"
OTHERS = sorted(
    path for path in (ROOT / "wizard").rglob("*.py") if path.name != "codes.py" and QUOTING not in path.parents
)
CATALOGUE = ROOT / "wizard" / "diagnosis" / "catalogue"

# How Snowflake's codes begin. Written with a class of digits at the end, as a pattern may be, it is one as well.
SHAPE = re.compile(r"(?<![\w.#])(?:39[0-4]\d\d[\d\[]|00\d{3}[\d\[]|090\d\d[\d\[]|3333\d[\d\[])(?!\d)")
KNOWN = re.compile(rf"(?<![\w.])(?:{'|'.join(Code)})(?!\w)")


def texts(path: Path) -> list[str]:
    """Every text in a module but docstrings, which may tell of codes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_is_written_out_beside_the_table(path: Path) -> None:
    """The catalogue may name what only strange programs say: numbers of theirs, and of logins of other kinds."""
    pattern = KNOWN if CATALOGUE in path.parents else SHAPE
    assert [text for text in texts(path) if pattern.search(text)] == []


def test_pages_and_scripts_name_no_code_either() -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").rglob("*.js")]
    assert [path for path in files if KNOWN.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_every_code_has_a_meaning_and_a_source(code: Code) -> None:
    assert re.fullmatch(r"\d{6}", code)
    assert re.fullmatch(r"[A-Z].{10,}\.", code.meaning)
    assert code.source.startswith(("https://", "public reports"))


def test_a_code_is_its_number_wherever_it_is_written() -> None:
    code = Code.JWT_TOKEN_INVALID
    assert (f"{code}", str(code), json.dumps({"code": code})) == ("390144", "390144", '{"code": "390144"}')
    assert hash(code) == hash("390144")


def test_the_names_that_administrators_are_told_are_snowflakes_own() -> None:
    assert FAILURE_NAMES["394304"] == "JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH"
    assert set(FAILURE_NAMES) == {"390144", *(str(number) for number in range(394300, 394308))}


def test_a_number_that_nobody_knows_means_nothing() -> None:
    assert meaning_of("390102") == Code.USER_LOCKED.meaning
    assert meaning_of("999999") == meaning_of("") == ""
