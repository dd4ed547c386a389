"""The specification that both readers of keys follow: what it holds has to mean the same in Python and in JavaScript.

That it does, is tried in a browser (``tests/e2e/key/test_patterns.py``); here stands what can be seen without one.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wizard.snowflake.key.specification import BROWSER_LIMITS, LIMITS, PATTERNS, SPECIFICATION
from wizard.unseen import IGNORABLE

ROOT = Path(__file__).parents[3]
SOURCES = [*(ROOT / "wizard" / "snowflake" / "key").glob("*.py"), *(ROOT / "static" / "js" / "key").glob("*.js")]
ROWS: dict[str, dict[str, object]] = SPECIFICATION["patterns"]
# What the two languages write alike, and mean alike in the modes that both compile in.
SHARED = re.compile(
    r"""(?:
          (?: [^\\.^$*+?()\[\]{}|]                                        # a character as it stands
            | \\ (?: [ntrb\\.*+?(){}|$/-] | u[0-9a-f]{4} )                # an escape
            | \[ \^? -? (?: [^\]\\\[] | \\ (?: [ntr\\/] | u[0-9a-f]{4} ) )+ \]   # a class
            | \)
          ) (?: (?: [*+?] | \{ [0-9]+ (?: , [0-9]* )? \} ) (?! [?+] ) )?    # repeated greedily, if at all
          | \( (?: \? [:=!] | (?! \?) ) | \|                               # groups and alternatives
        )*""",
    re.VERBOSE,
)


@pytest.mark.parametrize("name", ROWS)
def test_a_pattern_keeps_to_what_both_languages_write_alike(name: str) -> None:
    assert SHARED.fullmatch(str(ROWS[name]["pattern"]))
    assert set(ROWS[name]) <= {"pattern", "at", "any_case"}
    assert ROWS[name].get("at", "start") in ("start", "whole")


@pytest.mark.parametrize(
    "pattern", [r"\s", r"\w+", "a.b", "^a", "a$", "(?P<x>a)", "(?<=a)b", "a*?", "a++", r"[\w]", r"\A"]
)
def test_what_the_languages_understand_differently_is_noticed(pattern: str) -> None:
    assert not SHARED.fullmatch(pattern)


def test_the_server_takes_no_more_than_the_browser_and_says_why() -> None:
    rows = SPECIFICATION["limits"]
    assert all(set(row) in ({"both", "why"}, {"server", "browser", "why"}) and row["why"] for row in rows.values())
    differing = {name for name in LIMITS if LIMITS[name] != BROWSER_LIMITS[name]}
    assert differing == {"private_bits", "pbkdf2_rounds"}
    assert all(LIMITS[name] < BROWSER_LIMITS[name] for name in differing)


def test_every_table_speaks_of_what_the_others_know() -> None:
    tables = SPECIFICATION
    kinds = set(tables["shapes"].values()) | {"certificate", "csr", "ssh-public", "pkcs1-sealed"}
    assert {kind for kinds_of_label in tables["labels"].values() for kind in kinds_of_label} <= kinds
    assert set(tables["private_kinds"]) | set(tables["no_private_key"]) | set(tables["shape_names"]) <= kinds
    assert not set(tables["labels"]) & set(tables["named_labels"])
    ciphers = set(tables["cipher_sizes"])
    assert set(tables["pbes2_ciphers"].values()) | {scheme[2] for scheme in tables["pbes1_schemes"].values()} <= ciphers
    named = [*tables["prfs"], *tables["pbes2_ciphers"], *tables["pbes1_schemes"], *tables["not_opened"]]
    assert len(named) == len(set(named))


def test_nothing_is_in_the_specification_that_neither_reader_uses() -> None:
    source = "".join(path.read_text("utf-8") for path in SOURCES)
    assert {name for name in PATTERNS if f'"{name}"' not in source} == set()
    tables = set(SPECIFICATION) - {"limits", "patterns"}
    assert {name for name in tables if f'["{name}"]' not in source and f"tables.{name}" not in source} == set()
    assert {name for name in LIMITS if name not in source.replace("{half}_bits", "private_bits public_bits")} == set()


def test_what_nobody_sees_is_dropped_from_a_text() -> None:
    """Of the characters in :mod:`wizard.unseen`, those that one unit of JavaScript's strings can hold."""
    ignorable = {chr(code) for first, last in IGNORABLE for code in range(first, last + 1) if code < 0x10000}
    assert {character for character in ignorable if not PATTERNS["unseen"].fullmatch(character)} == set()
