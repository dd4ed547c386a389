"""Every shape in which the output of DESC USER is pasted is read as the same facts."""

from __future__ import annotations

import base64
import contextlib
import csv
import hashlib
import io
import json
import textwrap
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wizard.snowflake.user import (
    Described,
    DescriptionError,
    UserDescription,
    compare,
    differing,
    read_description,
)


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
    return as_table(rows).replace("|", "│").replace("-", "─").replace("+", "┼")


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
    "typed columns with header": as_typed_columns_with_header,
    "records": as_records,
    "one wide row": as_one_wide_row,
}

FACTS = (
    "name",
    "login_name",
    "type",
    "disabled",
    "locked",
    "days_to_expiry",
    "default_role",
    "default_warehouse",
)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_read_as_the_same_facts(shape: str) -> None:
    description = read_description(SHAPES[shape](ROWS))
    assert {fact: getattr(description, fact) for fact in FACTS} == {
        "name": "SVC_ETL",
        "login_name": "svc.etl@example.com",
        "type": "SERVICE",
        "disabled": False,
        "locked": False,
        "days_to_expiry": None,
        "default_role": "LOADER",
        "default_warehouse": "LOAD_WH",
    }
    assert (description.fingerprint_1, description.fingerprint_2) == (OURS, "")
    assert not description.only_fingerprint


@pytest.mark.parametrize("shape", SHAPES)
def test_the_second_slot_is_never_taken_for_the_first(shape: str) -> None:
    rows = ROWS | {
        "RSA_PUBLIC_KEY": "null",
        "RSA_PUBLIC_KEY_FP": "null",
        "RSA_PUBLIC_KEY_2": KEY_LINES,
        "RSA_PUBLIC_KEY_2_FP": OURS,
    }
    description = read_description(SHAPES[shape](rows))
    assert (description.fingerprint_1, description.fingerprint_2) == ("", OURS)
    assert compare(description, name="SVC_ETL", fingerprint=OURS).verdict == "slot-2"


@pytest.mark.parametrize("shape", SHAPES)
def test_both_slots_are_kept_apart(shape: str) -> None:
    rows = ROWS | {"RSA_PUBLIC_KEY_FP": THEIRS, "RSA_PUBLIC_KEY_2_FP": OURS}
    description = read_description(SHAPES[shape](rows))
    assert (description.fingerprint_1, description.fingerprint_2) == (THEIRS, OURS)


@pytest.mark.parametrize("width", range(9, 60))
def test_a_terminal_of_any_width_breaks_no_fingerprint(width: int) -> None:
    rows = ROWS | {"RSA_PUBLIC_KEY_2_FP": THEIRS}
    description = read_description(as_table(rows, widths=(max(width - 4, 11), width, 7, 11)))
    assert (description.fingerprint_1, description.fingerprint_2) == (OURS, THEIRS)
    assert (description.name, description.login_name) == ("SVC_ETL", "svc.etl@example.com")


names = st.from_regex(r"[A-Z_][A-Z0-9_$]{0,40}", fullmatch=True).filter(
    lambda name: name.lower() not in ("null", "none", "nil")
)
fingerprints = st.binary(min_size=32, max_size=32).map(lambda raw: "SHA256:" + base64.b64encode(raw).decode())


@settings(max_examples=60, deadline=None)
@given(
    shape=st.sampled_from([name for name in SHAPES if "narrow" not in name]),
    name=names,
    role=names,
    first=st.one_of(st.just("null"), fingerprints),
    second=st.one_of(st.just("null"), fingerprints),
    disabled=st.sampled_from(["true", "false"]),
)
def test_what_is_rendered_in_any_shape_is_read_back(
    shape: str, name: str, role: str, first: str, second: str, disabled: str
) -> None:
    taken = {n.lower() for n in ROWS} | {"property", "value"}
    if name.lower() in taken or role.lower() in taken:
        return
    rows = ROWS | {
        "NAME": name,
        "DEFAULT_ROLE": role,
        "DISABLED": disabled,
        "RSA_PUBLIC_KEY_FP": first,
        "RSA_PUBLIC_KEY_2_FP": second,
    }
    description = read_description(SHAPES[shape](rows))
    assert description.name == name
    assert description.default_role == role
    assert description.disabled is (disabled == "true")
    assert (description.fingerprint_1 or "null") == first
    assert (description.fingerprint_2 or "null") == second


def test_some_rows_are_enough() -> None:
    description = read_description(f"LOGIN_NAME\tJANE\tnull\nRSA_PUBLIC_KEY_FP\t{OURS}\tnull\tFingerprint")
    assert (description.name, description.login_name, description.fingerprint_1) == ("", "JANE", OURS)
    assert description.disabled is None
    assert description.locked is None
    assert compare(description, name="JANE", fingerprint=OURS).verdict == "slot-1"


def test_rows_without_keys_are_told_from_a_user_without_keys() -> None:
    assert (
        compare(read_description("NAME\tJANE\nLOGIN_NAME\tJANE"), name="JANE", fingerprint=OURS).verdict == "not-shown"
    )
    described = read_description("NAME\tJANE\nRSA_PUBLIC_KEY_FP\tnull")
    assert compare(described, name="JANE", fingerprint=OURS).verdict == "none"


def test_a_copied_key_tells_its_fingerprint() -> None:
    der = base64.b64decode(KEY_LINES.replace("\n", ""))
    description = read_description(f"NAME\tJANE\tnull\nRSA_PUBLIC_KEY\t{KEY_LINES.replace(chr(10), '')}\tnull")
    assert description.fingerprint_1 == "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode()


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        OURS[7:],
        OURS.rstrip("="),
        f'"{OURS}"',
        f"KEY\n{OURS[7:]}",
        f"KEY\n{OURS[7:30]}\n{OURS[30:]}",
        f"+------+\n| KEY  |\n|------|\n| {OURS[7:]} |\n+------+\n1 Row(s) produced.",
        f"+------+\n| KEY |\n|------|\n| {OURS[7:27]} |\n| {OURS[27:47]} |\n| {OURS[47:]} |\n+------+",
        json.dumps([{"KEY": OURS[7:]}]),
        f"writing RSA key\n{OURS[7:]}",
    ],
)
def test_a_lone_fingerprint_is_enough(text: str) -> None:
    description = read_description(text)
    assert description.only_fingerprint
    assert description.fingerprint_1 == OURS
    assert compare(description, name="JANE", fingerprint=OURS).verdict == "slot-1"


KEY_PAIR_COLUMNS = ["name", "user_name", "fingerprint", "role_scope", "status", "comment", "created_on"]
KEY_PAIRS = [
    ["ETL_KEY", "SVC_ETL", OURS, "LOADER", "ACTIVE", "", "2026-10-01"],
    ["OLD_KEY", "SVC_ETL", THEIRS[7:], "", "EXPIRED", "", "2026-09-01"],
]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("\t".join(row) for row in [KEY_PAIR_COLUMNS, *KEY_PAIRS]),
        "\n".join("\t".join(row) for row in KEY_PAIRS),
        "\n".join(",".join(row) for row in [KEY_PAIR_COLUMNS, *KEY_PAIRS]),
        "\n".join("| " + " | ".join(row) + " |" for row in [KEY_PAIR_COLUMNS, *KEY_PAIRS]),
        json.dumps([dict(zip(KEY_PAIR_COLUMNS, row, strict=True)) for row in KEY_PAIRS]),
    ],
)
def test_show_user_key_pairs_is_read(text: str) -> None:
    description = read_description(text)
    assert [(key.name, key.fingerprint, key.status, key.role) for key in description.named_keys] == [
        ("ETL_KEY", OURS, "ACTIVE", "LOADER"),
        ("OLD_KEY", THEIRS, "EXPIRED", ""),
    ]
    found = compare(description, name="SVC_ETL", fingerprint=OURS)
    assert (found.verdict, found.detail, found.matches) == ("named", "ETL_KEY", True)
    expired = compare(description, name="SVC_ETL", fingerprint=THEIRS)
    assert (expired.verdict, expired.matches) == ("named-inactive", False)


def test_another_key_and_another_user_are_told_apart() -> None:
    description = read_description(as_grid(ROWS))
    other = compare(description, name="SVC_ETL", fingerprint=THEIRS)
    assert (other.verdict, other.found) == ("other-key", (OURS,))
    assert compare(description, name="JANE", fingerprint=OURS).verdict == "other-user"
    assert compare(description, name="svc_etl", fingerprint=OURS).verdict == "slot-1"
    assert compare(description, name="SVC.ETL@EXAMPLE.COM", fingerprint=OURS).verdict == "slot-1"


@pytest.mark.parametrize("at", range(len("SHA256:"), len(OURS) - 1))
@pytest.mark.parametrize("row", ["RSA_PUBLIC_KEY_FP", "RSA_PUBLIC_KEY_2_FP", "named", "alone"])
def test_a_fingerprint_that_differs_in_one_letter_anywhere_is_another_key(row: str, at: int) -> None:
    theirs = OURS[:at] + ("A" if OURS[at] != "A" else "B") + OURS[at + 1 :]
    text = {
        "named": f"name\tuser_name\tfingerprint\tstatus\nETL_KEY\tSVC_ETL\t{theirs}\tACTIVE",
        "alone": theirs,
    }.get(row, f"NAME\tSVC_ETL\n{row}\t{theirs}")
    found = compare(read_description(text), name="SVC_ETL", fingerprint=OURS)
    assert (found.verdict, found.matches, found.found) == ("other-key", False, (theirs,))


@pytest.mark.parametrize(
    ("text", "cause", "words"),
    [
        (
            "SQL compilation error:\nUser 'JANE' does not exist or not authorized.",
            "user-unknown",
            "does not know this user",
        ),
        (
            "003001 (42501): SQL access control error:\nInsufficient privileges to operate on user 'JANE'",
            "not-allowed-to-alter",
            "may not look",
        ),
        (
            '{"code":"002003","message":"SQL error:\\nUser \'X\' does not exist or not authorized."}',
            "user-unknown",
            "not know",
        ),
        (
            "SQL compilation error:\nsyntax error line 1 at position 10 unexpected '<EOF>'.",
            "",
            "could not read the statement",
        ),
        ("Object 'X' does not exist or not authorized.", "", "error message"),
        ("DESC USER JANE;", "", "statement itself"),
        ('-- run this\ndescribe user "Jane Doe"', "", "statement itself"),
        (f"ALTER USER JANE SET RSA_PUBLIC_KEY='{KEY_LINES}';", "", "statement itself"),
        ("ALTER USER JANE SET\n  RSA_PUBLIC_KEY: 'x'", "", "statement itself"),
        ("Statement executed successfully.", "", "ALTER USER has run"),
        ("+---+\n| status |\n|---|\n| Statement executed successfully. |\n+---+", "", "ALTER USER has run"),
        (
            "New public key rejected by current policy. Reason: 'Invalid public key'",
            "public-key-rejected",
            "refused the public key",
        ),
        (
            "000606 (57P03): No active warehouse selected in the current session.",
            "warehouse-unusable",
            "needs a warehouse",
        ),
        ("name\tcreated_on\thas_rsa_public_key\nJANE\t2026\ttrue", "", "SHOW USERS"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "key-is-private", "private key"),
        ("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "", "public key"),
        ("hello there", "", "No property"),
        ("  \n ", "", "Nothing was pasted"),
        (f"{OURS}\n{THEIRS}", "", "several fingerprints"),
        (OURS[:30], "", "not complete"),
        (OURS[:30] + "…", "", "not complete"),
        (f"NAME\tJANE\nRSA_PUBLIC_KEY_FP\t{OURS[:25]}...", "", "RSA_PUBLIC_KEY_FP is not complete"),
        (
            f"| NAME | JANE |\n| RSA_PUBLIC_KEY_2_FP | {OURS[:25]}… |",
            "",
            "RSA_PUBLIC_KEY_2_FP is not complete",
        ),
        (as_grid(ROWS) + "\n" + as_grid(ROWS | {"NAME": "JANE"}), "", "Two different users"),
        (as_grid(ROWS) + "\n" + as_grid(ROWS | {"RSA_PUBLIC_KEY_FP": THEIRS}), "", "Two results"),
        ("x" * 70_000, "", "64 kB"),
    ],
)
def test_what_is_no_description_is_named(text: str, cause: str, words: str) -> None:
    with pytest.raises(DescriptionError) as raised:
        read_description(text)
    assert words in raised.value.message
    assert raised.value.cause == cause
    assert raised.value.fix


def test_a_statement_above_its_output_does_not_matter() -> None:
    assert read_description("JANE#WH@DB.PUBLIC>DESC USER SVC_ETL;\n" + as_table(ROWS)).fingerprint_1 == OURS
    assert read_description("DESC USER SVC_ETL;\n" + as_grid(ROWS)).fingerprint_1 == OURS


def test_a_comment_that_reads_like_a_property_changes_nothing() -> None:
    rows = ROWS | {"COMMENT": f"RSA_PUBLIC_KEY_FP\n{THEIRS}", "DISPLAY_NAME": "NAME"}
    for shape in ("CSV download", "JSON", "SQL API", "TSV download"):
        assert read_description(SHAPES[shape](rows)).fingerprint_1 == OURS


def test_a_stray_quote_in_a_comment_swallows_nothing() -> None:
    assert read_description(as_grid(ROWS | {"COMMENT": '"open'})).fingerprint_1 == OURS


@pytest.mark.parametrize(
    ("rows", "locked"),
    [
        ({"SNOWFLAKE_LOCK": "true"}, True),
        ({"SNOWFLAKE_LOCK": "false", "MINS_TO_UNLOCK": "14"}, True),
        ({"MINS_TO_UNLOCK": "0"}, False),
        ({"NAME": "JANE"}, None),
    ],
)
def test_a_lock_is_seen(rows: Rows, locked: bool | None) -> None:
    assert read_description(as_pairs({"TYPE": "PERSON"} | rows)).locked is locked


def test_the_kept_facts_survive_the_cookie() -> None:
    kept = read_description(as_grid(ROWS | {"DAYS_TO_EXPIRY": "29.987", "DISABLED": "true"})).kept()
    assert kept.days_to_expiry == 29.99
    assert kept.disabled is True
    stored = json.loads(json.dumps(kept.to_dict()))
    assert Described.from_dict(stored) == kept
    assert len(json.dumps(stored)) < 500
    assert Described.from_dict({}) == Described() == UserDescription().kept()


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        "x",
        {"nmae": "x"},
        {"name": 1},
        {"name": ""},
        {"name": "x" * 256},
        {"disabled": "true"},
        {"days_to_expiry": True},
        {"days_to_expiry": float("nan")},
        {"fingerprint_1": "SHA256:x"},
        {"fingerprint_1": OURS[7:]},
        {1: "x"},
    ],
)
def test_a_tampered_cookie_is_refused(stored: object) -> None:
    with pytest.raises(DescriptionError):
        Described.from_dict(stored)


def test_differing_parts_of_two_fingerprints_are_marked() -> None:
    assert differing("SHA256:abXd=", "SHA256:abYd=") == (
        (("SHA256:ab", False), ("X", True), ("d=", False)),
        (("SHA256:ab", False), ("Y", True), ("d=", False)),
    )
    assert differing("abc", "ab") == ((("ab", False), ("c", True)), (("ab", False),))
    assert differing("", "x") == ((), (("x", True),))


@given(st.text(alphabet="abc", max_size=12), st.text(alphabet="abc", max_size=12))
def test_marked_parts_join_to_the_whole(a: str, b: str) -> None:
    left, right = differing(a, b)
    assert "".join(text for text, _ in left) == a
    assert "".join(text for text, _ in right) == b


soup = st.lists(
    st.one_of(
        st.sampled_from(
            [*ROWS, OURS, OURS[:20], "|", "\t", "\n", ",", '"', "null", "property", "value", "fingerprint",
             "name", "[", "{", "}", "]", ":", "…", "  ", "+--", "_FP", "\x00", "\u202e", "\ud800"]
        ),
        st.text(max_size=8),
    ),
    max_size=60,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(soup)
@example("[" * 40_000)
@example('{"a":' * 13_000)
@example("[" + "9" * 60_000 + "]")
def test_only_its_own_error_comes_out(text: str) -> None:
    try:
        description = read_description(text)
    except DescriptionError as error:
        assert all((error.message, error.fix))  # noqa: PT017 - raising is one of two good outcomes
    else:
        assert Described.from_dict(description.kept().to_dict()) == description.kept()
        compare(description, name="JANE", fingerprint=OURS)


@pytest.mark.parametrize(
    "piece",
    [" ", "|", "| a ", "\t", '"', "a ", "A", "[", "RSA_PUBLIC_KEY|", "RSA_PUBLIC_KEY\t\n",
     "NAME\n", "SHA256:", "A/+", "--\n", "/*", ",", ";;", "|\n", "| R | S |\n", "desc ", "a\tb\n", "NAME:",
     "{\"a\":[", "\x1b[", "DESC\n"],
)  # fmt: skip
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    text = (piece * 65_536)[:65_536]
    started = time.perf_counter()
    with contextlib.suppress(DescriptionError):
        read_description(text)
    assert time.perf_counter() - started < 3
