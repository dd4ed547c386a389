"""One user's description, written in every shape in which the output of DESC USER gets copied."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import textwrap


def fingerprint_for(seed: str) -> str:
    return "SHA256:" + base64.b64encode(hashlib.sha256(seed.encode()).digest()).decode()


OURS = fingerprint_for("ours")
THEIRS = fingerprint_for("theirs")
KEY_LINES = "\n".join(textwrap.wrap(base64.b64encode(b"\x30" + bytes(range(250)) + b"\x01" * 43).decode(), 64))

ROWS = {
    "NAME": "SVC_ETL",
    "COMMENT": 'loads the "daily" numbers, twice',
    "DISPLAY_NAME": "SVC_ETL",
    "TYPE": "SERVICE",
    "LOGIN_NAME": "svc.etl@example.com",
    "DISABLED": "false",
    "SNOWFLAKE_LOCK": "false",
    "DAYS_TO_EXPIRY": "null",
    "MINS_TO_UNLOCK": "null",
    "DEFAULT_WAREHOUSE": "LOAD_WH",
    "DEFAULT_ROLE": "LOADER",
    "HAS_MFA": "false",
    "RSA_PUBLIC_KEY": KEY_LINES,
    "RSA_PUBLIC_KEY_FP": OURS,
    "RSA_PUBLIC_KEY_LAST_SET_TIME": "2026-10-01 10:00:00.000",
    "RSA_PUBLIC_KEY_2": "null",
    "RSA_PUBLIC_KEY_2_FP": "null",
    "RSA_PUBLIC_KEY_2_LAST_SET_TIME": "null",
    "CUSTOM_LANDING_PAGE_URL_FLUSH_NEXT_UI_LOAD": "false",
}

Rows = dict[str, str]


def one_line(rows: Rows) -> Rows:
    return {name: value.replace("\n", "") for name, value in rows.items()}


def full(rows: Rows) -> list[list[str]]:
    return [[name, value, "null", f"About {name.lower()}, in words"] for name, value in rows.items()]


HEADER = ["property", "value", "default", "description"]


def as_delimited(rows: Rows, delimiter: str, *, header: bool = True, quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([HEADER, *full(rows)] if header else full(rows))
    return out.getvalue()


def as_grid(rows: Rows) -> str:
    return "\n".join("\t".join(row) for row in full(one_line(rows)))


def as_grid_with_line_numbers(rows: Rows) -> str:
    return "\n".join("\t".join([str(at), *row]) for at, row in enumerate(full(one_line(rows)), 1))


def as_raw_tabs(rows: Rows) -> str:
    return "\r\n".join("\t".join(row) for row in full(rows))


def as_table(rows: Rows, *, widths: tuple[int, ...] | None = None) -> str:
    cells = [HEADER, *full(one_line(rows))]
    widths = widths or tuple(max(len(row[at]) for row in cells) for at in range(4))
    edge = "+" + "-" * (sum(widths) + 11) + "+"
    lines = [edge]
    for row in cells:
        pieces = [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
        for at in range(max(len(piece) for piece in pieces)):
            shown = [piece[at] if at < len(piece) else "" for piece in pieces]
            lines.append("| " + " | ".join(s.ljust(w) for s, w in zip(shown, widths, strict=True)) + " |")
        if row is HEADER:
            lines.append("|-" + "-+-".join("-" * width for width in widths) + "-|")
    return "\n".join([*lines, edge, "19 Row(s) produced. Time Elapsed: 0.151s"])


def as_wrapped_table(rows: Rows) -> str:
    return as_table(rows, widths=(19, 20, 7, 11))


def as_very_narrow_table(rows: Rows) -> str:
    return as_table(rows, widths=(11, 12, 7, 8))


def as_box(rows: Rows) -> str:
    def drawn(line: str) -> str:
        is_edge = not line.strip("+-|")
        return line.replace("-", "─").replace("+", "┼").replace("|", "│") if is_edge else line.replace("|", "│")

    return "\n".join(drawn(line) for line in as_table(rows).split("\n"))


def as_psql_columns(rows: Rows) -> str:
    return "\n".join(f" {name} | {value} " for name, value in [("property", "value"), *one_line(rows).items()])


def as_json(rows: Rows) -> str:
    return json.dumps([dict(zip(HEADER, row, strict=True)) for row in full(rows)], indent=2)


def as_nested_json_with_nulls(rows: Rows) -> str:
    def real(value: str) -> object:
        return {"null": None, "true": True, "false": False}.get(value, value)

    return json.dumps([[{"property": name, "property_value": real(value)} for name, value in rows.items()]])


def as_sql_api(rows: Rows) -> str:
    meta = {"numRows": len(rows), "rowType": [{"name": name, "type": "text"} for name in HEADER]}
    return json.dumps({"resultSetMetaData": meta, "data": full(rows), "code": "090001"})


def as_flat_json(rows: Rows) -> str:
    return json.dumps({name.lower(): None if value == "null" else value for name, value in rows.items()})


def as_fenced_json(rows: Rows) -> str:
    return f"```json\n{as_json(rows)}\n```"


def as_pairs(rows: Rows) -> str:
    return "\n".join(f"{name}: {value}" for name, value in one_line(rows).items())


def as_plain_columns(rows: Rows) -> str:
    return "\n".join(f"{name:<44}{value}  null" for name, value in one_line(rows).items())


def as_stacked_cells(rows: Rows) -> str:
    return "\n".join("\n".join(row[:2]) for row in full(one_line(rows)))


def as_typed_columns(rows: Rows) -> str:
    return "\n".join(f"{name}\tString\t{value}\tnull" for name, value in one_line(rows).items())


def as_typed_columns_with_header(rows: Rows) -> str:
    return "property\tproperty_type\tproperty_value\tproperty_default\n" + as_typed_columns(rows)


def as_records(rows: Rows) -> str:
    return "\n".join(
        f"-[ RECORD ]-\nproperty | {n}\nvalue    | {v}\ndefault  | null" for n, v in one_line(rows).items()
    )


def as_one_wide_row(rows: Rows) -> str:
    flat = one_line(rows)
    return "\t".join(flat) + "\n" + "\t".join(flat.values())


SHAPES = {
    "CSV download": lambda rows: as_delimited(rows, ","),
    "CSV with every cell quoted": lambda rows: as_delimited(rows, ",", quoting=csv.QUOTE_ALL),
    "CSV without its header": lambda rows: as_delimited(rows, ",", header=False),
    "CSV with semicolons": lambda rows: as_delimited(rows, ";", quoting=csv.QUOTE_ALL),
    "TSV download": lambda rows: as_delimited(rows, "\t"),
    "Snowsight grid": as_grid,
    "Snowsight grid with line numbers": as_grid_with_line_numbers,
    "unquoted tabs with a key over several lines": as_raw_tabs,
    "SnowSQL table": as_table,
    "table wrapped by the terminal": as_wrapped_table,
    "table wrapped by a very narrow terminal": as_very_narrow_table,
    "box drawing": as_box,
    "psql columns": as_psql_columns,
    "JSON": as_json,
    "nested JSON": as_nested_json_with_nulls,
    "SQL API": as_sql_api,
    "flat JSON": as_flat_json,
    "JSON in a code fence": as_fenced_json,
    "property: value lines": as_pairs,
    "plain columns": as_plain_columns,
    "stacked cells": as_stacked_cells,
    "typed columns": as_typed_columns,
    "typed columns in quotes": lambda rows: as_typed_columns(rows).replace("\tString\t", '\t"String"\t'),
    "typed columns with header": as_typed_columns_with_header,
    "records": as_records,
    "one wide row": as_one_wide_row,
}

KEY_PAIR_COLUMNS = ["name", "user_name", "fingerprint", "role_scope", "status", "comment", "created_on"]
KEY_PAIRS = [
    ["ETL_KEY", "SVC_ETL", OURS, "LOADER", "ACTIVE", "", "2026-10-01"],
    ["OLD_KEY", "SVC_ETL", THEIRS[7:], "", "EXPIRED", "", "2026-09-01"],
]

ALL_COLUMNS = [*KEY_PAIR_COLUMNS, "created_by", "last_used_on", "expires_at", "rotated_to"]
SINCE, UNTIL, USED = (f"{day} 10:00:00.000 +0000" for day in ("2026-10-01", "2027-01-29", "2026-11-20"))
OLD = "ETL_KEY_ROTATED_1790000000123"
LISTED = [
    ["ETL_KEY", "SVC_ETL", OURS, "LOADER", "ACTIVE", "loads, in the night", SINCE, "ADMIN", USED, UNTIL, "null"],
    [OLD, "SVC_ETL", THEIRS, "LOADER", "ACTIVE", "null", SINCE, "ADMIN", USED, UNTIL, "ETL_KEY"],
    ["NAME", "SVC_ETL", fingerprint_for("third"), "null", "DISABLED", "null", SINCE, "ADMIN", "null", "null", "null"],
]
List = list[list[str]]


def list_delimited(rows: List, delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows([ALL_COLUMNS, *rows])  # type: ignore[arg-type]
    return out.getvalue()


def list_as_table(rows: List, most: int = 99) -> str:
    """Draw the list as a terminal does that gives each column so many characters at most."""
    cells = [ALL_COLUMNS, *rows]
    widths = [min(most, max(len(row[at]) for row in cells)) for at in range(len(ALL_COLUMNS))]
    lines = []
    for row in cells:
        pieces = [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
        for at in range(max(map(len, pieces))):
            shown = [piece[at] if at < len(piece) else "" for piece in pieces]
            lines.append("| " + " | ".join(s.ljust(w) for s, w in zip(shown, widths, strict=True)) + " |")
        if row is ALL_COLUMNS:
            lines.append("|-" + "-+-".join("-" * width for width in widths) + "-|")
    edge = "+" + "-" * (sum(widths) + 3 * len(widths) - 1) + "+"
    return "\n".join([edge, *lines, edge, "3 Row(s) produced. Time Elapsed: 0.151s"])


def list_as_box(rows: List) -> str:
    return list_as_table(rows).replace("-+-", "─┼─").replace("|", "│")


def list_as_json(rows: List) -> str:
    def real(value: str) -> object:
        return None if value == "null" else value

    return json.dumps([dict(zip(ALL_COLUMNS, map(real, row), strict=True)) for row in rows], indent=1)


def list_as_sql_api(rows: List) -> str:
    meta = {"numRows": len(rows), "rowType": [{"name": name, "type": "text"} for name in ALL_COLUMNS]}
    return json.dumps({"resultSetMetaData": meta, "data": rows, "code": "090001"})


def list_as_records(rows: List) -> str:
    width = max(map(len, ALL_COLUMNS))
    lines = []
    for number, row in enumerate(rows, 1):
        lines.append(f"-[ RECORD {number} ]-")
        lines += [f"{name:<{width}} | {value}" for name, value in zip(ALL_COLUMNS, row, strict=True)]
    return "\n".join(lines)


def list_as_pairs(rows: List) -> str:
    blocks = ("\n".join(f"{name}: {value}" for name, value in zip(ALL_COLUMNS, row, strict=True)) for row in rows)
    return "\n\n".join(blocks)


LIST_SHAPES = {
    "CSV download": lambda rows: list_delimited(rows, ","),
    "CSV with every cell quoted": lambda rows: list_delimited(rows, ",", csv.QUOTE_ALL),
    "CSV with semicolons": lambda rows: list_delimited(rows, ";", csv.QUOTE_ALL),
    "TSV download": lambda rows: list_delimited(rows, "\t"),
    "Snowsight grid without its header": lambda rows: "\n".join("\t".join(row) for row in rows),
    "Snowsight grid with line numbers": lambda rows: "\n".join(
        "\t".join([str(at) if at else "", *row]) for at, row in enumerate([ALL_COLUMNS, *rows])
    ),
    "SnowSQL table": list_as_table,
    "table wrapped by the terminal": lambda rows: list_as_table(rows, 20),
    "table wrapped by a narrow terminal": lambda rows: list_as_table(rows, 12),
    "box drawing": list_as_box,
    "JSON": list_as_json,
    "JSON in a code fence": lambda rows: f"```json\n{list_as_json(rows)}\n```",
    "nested JSON": lambda rows: f"[{list_as_json(rows)}]",
    "SQL API": list_as_sql_api,
    "plain columns": lambda rows: "\n".join("   ".join(row) for row in [ALL_COLUMNS, *rows]),
    "records": list_as_records,
    "column: value lines": list_as_pairs,
    "stacked cells": lambda rows: "\n".join("\n".join(row) for row in [ALL_COLUMNS, *rows]),
}
