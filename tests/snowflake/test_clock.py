"""The numbers that tokens and clocks go by are the same in Python and in the page's script."""

from __future__ import annotations

import re
from pathlib import Path

from wizard.snowflake.clock import CLOSE_ENOUGH, LOGIN_AGE, TOKEN_AGE
from wizard.snowflake.token import LIFETIME, MAX_LIFETIME

SCRIPT = (Path(__file__).parents[2] / "static" / "js" / "key" / "token.js").read_text(encoding="utf-8")


def test_the_pages_script_signs_and_measures_by_the_same_numbers() -> None:
    there = dict(re.findall(r"^export const ([A-Z_]+) = (\d+);$", SCRIPT, re.MULTILINE))
    assert there["LIFETIME_SECONDS"] == str(LIFETIME)
    assert there["ALLOWED_SKEW_SECONDS"] == str(CLOSE_ENOUGH)


def test_the_numbers_are_in_an_order_that_makes_sense() -> None:
    assert CLOSE_ENOUGH < LOGIN_AGE <= LIFETIME <= MAX_LIFETIME < TOKEN_AGE
