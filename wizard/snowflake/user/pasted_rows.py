"""Cuts pasted text into rows of cells, in each of the ways in which the result of a query gets copied.

A *reader* knows one shape and makes no mistake about the others: it gives whatever rows it sees, and the
caller takes the
reading in which most properties of a user are recognised. Every reader is linear in the length of its text.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from wizard.snowflake.user.fingerprint import PART_OF_FINGERPRINT, whole_fingerprint

PROPERTIES: tuple[str, ...] = (
    "NAME", "COMMENT", "DISPLAY_NAME", "TYPE", "LOGIN_NAME", "FIRST_NAME", "MIDDLE_NAME", "LAST_NAME",
    "EMAIL", "PASSWORD", "MUST_CHANGE_PASSWORD", "DISABLED", "SNOWFLAKE_LOCK", "SNOWFLAKE_SUPPORT",
    "DAYS_TO_EXPIRY", "MINS_TO_UNLOCK",
    "DEFAULT_WAREHOUSE", "DEFAULT_NAMESPACE", "DEFAULT_ROLE", "DEFAULT_SECONDARY_ROLES",
    "EXT_AUTHN_DUO", "EXT_AUTHN_UID", "DEFAULT_MFA_METHOD", "HAS_MFA", "HAS_PAT", "HAS_KEYPAIR",
    "HAS_WORKLOAD_IDENTITY", "HAS_FEDERATED_WORKLOAD_AUTHENTICATION", "MINS_TO_BYPASS_MFA",
    "MINS_TO_BYPASS_NETWORK_POLICY", "RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_FP", "RSA_PUBLIC_KEY_LAST_SET_TIME",
    "RSA_PUBLIC_KEY_2", "RSA_PUBLIC_KEY_2_FP", "RSA_PUBLIC_KEY_2_LAST_SET_TIME", "PASSWORD_LAST_SET_TIME",
    "CUSTOM_LANDING_PAGE_URL", "CUSTOM_LANDING_PAGE_URL_FLUSH_NEXT_UI_LOAD", "IS_FROM_ORGANIZATION_USER",
    "NETWORK_POLICY",
)  # fmt: skip
KEY_PAIR_COLUMNS = (
    "name", "user_name", "fingerprint", "role_scope", "status", "comment", "created_on", "created_by", "last_used_on",
    "expires_at", "rotated_to",
)  # fmt: skip
"""The columns of SHOW USER KEY PAIRS, in the documented order."""
_KNOWN = frozenset(PROPERTIES)
_BEGINNINGS = frozenset(name[:length] for name in PROPERTIES for length in range(1, len(name) + 1))
KEY_PROPERTIES = frozenset(name for name in PROPERTIES if name.startswith("RSA_PUBLIC_KEY"))

Row = tuple[str, ...]


class Tidied(NamedTuple):
    """A pasted text that readers can cut, and the unseen characters that it was rid of for that."""

    text: str
    unseen: Mapping[int, str]  # by the position in ``text`` that such a character stood at, or in front of

    def unseen_in(self, name: str) -> str:
        """Return an unseen character that stood within ``name`` where it was pasted as a word by itself, else ``""``.

        One in front of it or behind it comes along with many a copy, and is no part of it.
        """
        at = self.text.find(name) if self.unseen and name else -1
        while at >= 0:
            end = at + len(name)
            alone = not (self.text[at - 1 : at].isalnum() or self.text[end : end + 1].isalnum())
            if alone and (inside := next(filter(self.unseen.__contains__, range(at + 1, end)), 0)):
                return self.unseen[inside]
            at = self.text.find(name, end)
        return ""


def tidy(text: str) -> Tidied:
    """Unify line ends and blanks; drop invisible characters and colour codes of terminals."""
    text = _COLOURS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept: list[str] = []
    unseen: dict[int, str] = {}
    for character in text:
        if character in "\n\t" or " " <= character <= "~":
            kept.append(character)
            continue
        category = unicodedata.category(character)
        if category in ("Zl", "Zp"):
            kept.append("\n")
        elif category == "Zs":
            unseen[len(kept)] = character
            kept.append(" ")
        elif category[0] == "C":
            unseen[len(kept)] = character
        else:
            kept.append(character)
    # A tab at either end is an empty cell, so only blanks and line ends go.
    begun = "".join(kept).lstrip(" \n")
    gone = len(kept) - len(begun)
    return Tidied(begun.rstrip(" \n"), {at - gone: character for at, character in unseen.items()})


_COLOURS = re.compile(r"\x1b\[[0-9;]{0,16}[A-Za-z]")


def property_named(cell: str) -> str:
    """The property that a cell names, or ``""``. Clients print names in upper or lower case, never mixed."""
    cell = cell.strip().strip("\"'`")
    upper = cell.upper()
    return upper if upper in _KNOWN and cell in (upper, cell.lower()) else ""


class Reading(NamedTuple):
    rows: Sequence[Row]
    weak: bool = False  # a statement could have been read this way, so it is no proof of output


def _read_json(text: str) -> Reading:
    start = min((at for at in (text.find("["), text.find("{")) if at >= 0), default=-1)
    fenced = text[:start].strip().lower() in ("", "```", "```json", "json")
    if start < 0 or not fenced:
        return Reading(())
    rows: list[Row] = []
    while start < len(text):  # the answers of several statements, one after the other
        try:
            value, end = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        rows += _json_rows(value)
        start = _BETWEEN.match(text, end).end()  # type: ignore[union-attr]  # it matches nothing as well
    return Reading(tuple(rows))


_BETWEEN = re.compile(r"(?:\s|,|;|`|json(?=\s))*")


def _json_rows(document: object) -> Iterator[Row]:
    """Rows of any JSON shape: array of objects, SQL API ``data``, one flat object, nested arrays."""
    waiting: list[object] = [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            if item and not any(isinstance(cell, list | dict) for cell in item):
                yield tuple(_json_cell(cell) for cell in item)
            else:
                waiting.extend(reversed(item))
        elif isinstance(item, dict):
            lowered = {str(name).lower(): value for name, value in item.items()}
            name = lowered.get("property", lowered.get("property_name"))
            if isinstance(name, str):
                value = next(
                    (lowered[key] for key in ("value", "property_value", "propertyvalue") if key in lowered),
                    None,
                )
                yield ("property", "value")
                yield (name, _json_cell(value))
            elif isinstance(lowered.get("fingerprint"), str):
                yield tuple(lowered)
                yield tuple(_json_cell(value) for value in lowered.values())
            else:
                if columns := _sql_api_columns(lowered):
                    yield columns
                flat = not lowered.keys().isdisjoint(("rsa_public_key_fp", "rsa_public_key_2_fp"))
                for key, inner in lowered.items():
                    if isinstance(inner, list | dict):
                        if key != "resultsetmetadata":
                            waiting.append(inner)
                    elif flat and property_named(key):
                        yield (key, _json_cell(inner))


def _sql_api_columns(document: Mapping[str, object]) -> Row:
    meta = document.get("resultsetmetadata")
    columns = meta.get("rowType") if isinstance(meta, dict) else None
    if not isinstance(columns, list):
        return ()
    return tuple(str(column.get("name", "")) if isinstance(column, dict) else "" for column in columns)


def _json_cell(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


_BARS = "|│┃║"
ANY_BAR = re.compile(f"[{_BARS}]")
_RULE = re.compile(r"[\s+|│┃║┌┐└┘├┤┬┴┼─━═╇╡╞╪╔╗╚╝╠╣╦╩╬┏┓┗┛┡┩┳┻╈╋:=-]+")


def is_rule(line: str) -> bool:
    """Whether a line only draws. A lone ``=`` does not: it is what a terminal leaves of a wrapped fingerprint."""
    return _RULE.fullmatch(line) is not None and ("=" not in line or any(run in line for run in ("--", "==", "──")))


def _read_table(text: str) -> Reading:
    """Tables drawn with bars. Cells that a narrow terminal wrapped over several lines are joined again."""
    rows: list[list[str]] = []
    full: list[bool] = []  # for each cell of the current row: its last piece filled the column
    for line in text.split("\n"):
        line = line.strip()
        if not ANY_BAR.search(line) or is_rule(line):
            continue
        pieces = ANY_BAR.split(line)
        framed = line[0] in _BARS
        if framed:
            pieces = pieces[1:]
        if line[-1] in _BARS and len(pieces) > 1:
            pieces = pieces[:-1]
        filled = [not piece[-1:].isspace() or (piece[-1:] == " " and piece[-2:-1].strip() != "") for piece in pieces]
        cells = [piece.strip() for piece in pieces]
        if rows and len(cells) == len(rows[-1]) and _continues(rows[-1], cells):
            for at, cell in enumerate(cells):
                if cell:
                    rows[-1][at] += cell if full[at] or not rows[-1][at] else " " + cell
                    full[at] = filled[at]
        else:
            rows.append(cells)
            full = filled
    return Reading([tuple(row) for row in rows])


def _continues(above: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a drawn line goes on with the row above it."""
    first, here = above[0].strip(), cells[0].strip()
    if not here:
        return any(cells)
    if property_named(first):
        # RSA_PUBLIC_KEY is a property, and so is what it becomes with a line "_FP" under it.
        return here.upper() not in _BEGINNINGS and (first + here).upper() in _BEGINNINGS
    if first.isupper() and (first + here).upper() in _BEGINNINGS:
        return True
    if first.lower() != "property" and (first + here).lower() in (
        "property",
        "property_name",
        "property_type",
    ):
        return True
    return any(map(PART_OF_FINGERPRINT.fullmatch, above)) and not any(cell.startswith("SHA256:") for cell in cells)


def _delimited(delimiter: str) -> Callable[[str], Reading]:
    def read(text: str) -> Reading:
        if delimiter not in text:
            return Reading(())
        try:
            return Reading([tuple(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row])
        except csv.Error:
            return Reading(())

    return read


def _read_tab_lines(text: str) -> Reading:
    """Tab separated without quoting rules, so that a stray quote in a comment swallows nothing."""
    if "\t" not in text:
        return Reading(())
    rows: list[list[str]] = []
    for line in text.split("\n"):
        cells = line.split("\t")
        if (
            rows
            and rows[-1]
            and property_named(rows[-1][0]) in KEY_PROPERTIES
            and not property_named(cells[0])
            and len(rows[-1]) == 2
        ):
            # An unquoted key with its own line ends: its last line carries the remaining columns.
            rows[-1][-1] += "\n" + cells[0]
            rows[-1].extend(cells[1:])
        else:
            rows.append(cells)
    return Reading([tuple(row) for row in rows])


_COLUMN_GAP = re.compile(r"\t|(?<=\S) {2,8}(?=\S)|(?<=\S) {9,200}(?=\S)")
_NAME_THEN_VALUE = re.compile(r"[-*•>\s]{0,20}[\"'`]?([A-Za-z][A-Za-z0-9_]{2,63})[\"'`]?[ ]{0,40}[:=][ ]{0,40}(.*)")


def _read_columns(text: str) -> Reading:
    """Columns held apart by two or more blanks, as in a plain print."""
    return Reading([tuple(_COLUMN_GAP.split(line.strip())) for line in text.split("\n") if line.strip()])


def _read_pairs(text: str) -> Reading:
    """``PROPERTY: value`` lines, as people write them into a ticket."""
    pairs = (_NAME_THEN_VALUE.match(line.strip()) for line in text.split("\n"))
    return Reading([(pair[1], pair[2].rstrip(" ,;")) for pair in pairs if pair], weak=True)


def _read_single_blanks(text: str) -> Reading:
    """``PROPERTY value`` with one blank: what is left when a page or a chat has eaten the tabs."""
    rows = []
    for line in text.split("\n"):
        cells = line.split()
        if len(cells) >= 2 and cells[0].isupper() and property_named(cells[0]):
            rows.append((cells[0], cells[1]))
    return Reading(rows, weak=True)


def _read_stacked(text: str) -> Reading:
    """Every cell on its own line: name, value, default, description, name, value …"""
    lines = [line.strip() for line in text.split("\n")]
    rows: list[Row] = []
    if (head := next((at for at, line in enumerate(lines) if line == "fingerprint"), 0)) >= 2:
        rows += _stacked_list(lines, head - 2)
    for at, line in enumerate(lines[:-1]):
        if line.isupper() and property_named(line) and not property_named(lines[at + 1]):
            rows.append((line, lines[at + 1]))
    return Reading(rows, weak=True)


def _stacked_list(lines: Sequence[str], first: int) -> Iterator[Row]:
    """The list of key pairs, cell by cell from line ``first`` on: its columns, then its rows."""
    width = next((at for at, line in enumerate(lines[first:]) if line not in KEY_PAIR_COLUMNS), 0)
    yield tuple(lines[first : first + width])
    for at in range(first + width, len(lines) - width + 1, width or len(lines)):
        row = tuple(lines[at : at + width])
        if len(row) < 3 or not whole_fingerprint(row[2]):
            return
        yield row


def laid_flat(rows: Sequence[Row]) -> Iterator[Row]:
    """Turn records of the list of key pairs, a column a row, into a row each under a row of their columns."""
    record: dict[str, str] = {}
    met: list[Row] = []

    def flat() -> Sequence[Row]:
        whole = {"name", "fingerprint"} <= record.keys()
        return (tuple(record), tuple(record.values())) if whole else tuple(met)

    for row in rows:
        name = row[0].strip().strip('"') if len(row) == 2 else ""
        if name not in KEY_PAIR_COLUMNS or name in record:
            yield from flat()
            record, met = {}, []
        if name in KEY_PAIR_COLUMNS:
            record[name] = row[1]
            met.append(row)
        else:
            yield row
    yield from flat()


READERS: tuple[Callable[[str], Reading], ...] = (
    _read_json,
    _read_table,
    _delimited("\t"),
    _delimited(","),
    _delimited(";"),
    _read_tab_lines,
    _read_columns,
    _read_pairs,
    _read_single_blanks,
    _read_stacked,
)
