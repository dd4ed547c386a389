"""Rows that were copied as JSON: a list of objects, as the Snowflake CLI and Snowsight give them."""

from __future__ import annotations

import json

_LONGEST = 400
"""Characters of a cell that are kept; only a key is longer, and that is taken out before."""


def json_rows(text: str) -> list[dict[str, str]]:
    """Return the rows, the names of their columns in lower case and no value as ``""``; none where there are none."""
    start = text.find("[")
    if not 0 <= start <= text.find("{"):
        return []
    try:
        value = json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return []
    return [{str(name).lower(): _cell(cell) for name, cell in row.items()} for row in value]


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)[:_LONGEST]
