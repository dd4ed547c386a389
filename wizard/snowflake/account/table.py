"""Finds the account in a result that was copied with its headings."""

from __future__ import annotations

import re

from wizard.snowflake.account.clue import Clue
from wizard.snowflake.account.errors import AccountError
from wizard.snowflake.account.labels import SLOTS, canonical, clue_of

_RULE = re.compile(r"[\s+|=\-─┼│╌]+")


def _cells(line: str) -> list[str]:
    if "\t" in line:
        cells = line.split("\t")
    elif "|" in line:
        cells = line.strip().strip("|").split("|")
    elif "," in line:
        cells = line.split(",")
    else:
        cells = line.split()
    return [cell.strip(" \t\"'") for cell in cells]


def in_table(text: str) -> Clue | None:
    """Read a result that was copied with its headings."""
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip() and not _RULE.fullmatch(line)]
    if len(lines) < 2:
        return None
    headings = [canonical(cell) for cell in _cells(lines[0])]
    rows = [_cells(line) for line in lines[1:]]
    if not any(heading in SLOTS for heading in headings):
        return None
    if any(len(row) != len(headings) or any(canonical(cell) in SLOTS for cell in row) for row in rows):
        return None
    found: dict[str, list[str]] = {}
    for row in rows:
        for heading, cell in zip(headings, row, strict=True):
            if cell and heading in SLOTS:
                found.setdefault(SLOTS[heading], []).append(cell)
    if len(rows) > 1 and len({tuple(row) for row in rows}) > 1:
        raise AccountError(
            f"This result has {len(rows)} rows; one account belongs in the box.",
            "Paste only the row of the account you want to connect to.",
        )
    return clue_of(found)
