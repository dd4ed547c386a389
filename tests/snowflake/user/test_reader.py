"""Every shape in which the output of DESC USER is pasted is read as the same facts."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.snowflake.user.shapes import (
    KEY_LINES,
    KEY_PAIR_COLUMNS,
    KEY_PAIRS,
    OURS,
    ROWS,
    SHAPES,
    THEIRS,
    Rows,
    as_grid,
    as_pairs,
    as_table,
)
from wizard.snowflake.user import STORED_USER, DescriptionError, NamedKey, Place, compare, read_description

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
    assert description.slots == (OURS, "")
    assert not description.lone_fingerprint


UNSEEN = {"\u00a0": " ", "\u3000": " ", "\u200b": "", "\u00ad": "", "\u2060": ""}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("row", ["NAME", "LOGIN_NAME", "DEFAULT_ROLE", "DEFAULT_WAREHOUSE"])
def test_a_name_with_a_character_that_cannot_be_seen_is_not_read_as_the_name_without_it(shape: str, row: str) -> None:
    for unseen, instead in UNSEEN.items():
        try:
            read = read_description(SHAPES[shape](ROWS | {row: f"JANE{unseen}DOE"})).properties.get(row, "")
        except DescriptionError as error:
            read = error.message
        assert read != f"JANE{instead}DOE", f"U+{ord(unseen):04X}"


def test_it_is_named_and_so_is_what_to_do() -> None:
    key_pairs = f"name\tuser_name\tfingerprint\nETL\u200b_KEY\tJANE\t{OURS}"
    quoted = as_grid(ROWS | {"NAME": 'JANE "\u200bJ" DOE'})
    for text in (as_grid(ROWS | {"NAME": "JANE\u200bDOE"}), quoted, key_pairs):
        with pytest.raises(DescriptionError, match=r"U\+200B ZERO WIDTH SPACE") as raised:
            read_description(text)
        assert "straight out of Snowflake" in raised.value.fix


def test_characters_that_cannot_be_seen_around_names_and_in_other_rows_stop_nothing() -> None:
    rows = ROWS | {"NAME": "JANE DOE", "COMMENT": "JANE\u00a0D. OE\u200b"}
    text = as_grid(rows).replace("\t", "\u200b\t\ufeff").replace("null", "\u00a0null\u00a0")
    assert read_description(text).name == "JANE DOE"


@pytest.mark.parametrize("shape", SHAPES)
def test_the_second_slot_is_never_taken_for_the_first(shape: str) -> None:
    rows = ROWS | {
        "RSA_PUBLIC_KEY": "null",
        "RSA_PUBLIC_KEY_FP": "null",
        "RSA_PUBLIC_KEY_2": KEY_LINES,
        "RSA_PUBLIC_KEY_2_FP": OURS,
    }
    description = read_description(SHAPES[shape](rows))
    assert description.slots == ("", OURS)
    assert compare(description, name="SVC_ETL", fingerprint=OURS).place == Place(slot=2)


@pytest.mark.parametrize("shape", SHAPES)
def test_both_slots_are_kept_apart(shape: str) -> None:
    rows = ROWS | {"RSA_PUBLIC_KEY_FP": THEIRS, "RSA_PUBLIC_KEY_2_FP": OURS}
    description = read_description(SHAPES[shape](rows))
    assert description.slots == (THEIRS, OURS)


@pytest.mark.parametrize("width", range(9, 60))
def test_a_terminal_of_any_width_breaks_no_fingerprint(width: int) -> None:
    rows = ROWS | {"RSA_PUBLIC_KEY_2_FP": THEIRS}
    description = read_description(as_table(rows, widths=(max(width - 4, 11), width, 7, 11)))
    assert description.slots == (OURS, THEIRS)
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
    assert description.slots == (first.replace("null", ""), second.replace("null", ""))


def test_some_rows_are_enough() -> None:
    description = read_description(f"LOGIN_NAME\tJANE\tnull\nRSA_PUBLIC_KEY_FP\t{OURS}\tnull\tFingerprint")
    assert (description.name, description.login_name, description.slots) == ("", "JANE", (OURS, None))
    assert description.disabled is None
    assert description.locked is None


def test_a_copied_key_tells_its_fingerprint() -> None:
    der = base64.b64decode(KEY_LINES.replace("\n", ""))
    description = read_description(f"NAME\tJANE\tnull\nRSA_PUBLIC_KEY\t{KEY_LINES.replace(chr(10), '')}\tnull")
    assert description.slots == ("SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode(), None)


def test_the_rows_of_the_keys_themselves_show_an_empty_slot_and_not_what_a_cut_key_is() -> None:
    rows = "NAME\tJANE\tnull\nRSA_PUBLIC_KEY\tMIIBIjANBgkqhk…\tnull\nRSA_PUBLIC_KEY_2\tnull\tnull"
    assert read_description(rows).slots == (None, "")


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        OURS[7:],
        OURS.rstrip("="),
        f'"{OURS}"',
        f"KEY\n{OURS[7:]}",
        f"KEY\n{OURS[7:30]}\n{OURS[30:]}",
        f"fingerprint\n{OURS[:30]}\n{OURS[30:]}",
        f"+------+\n| KEY  |\n|------|\n| {OURS[7:]} |\n+------+\n1 Row(s) produced.",
        f"+------+\n| KEY |\n|------|\n| {OURS[7:27]} |\n| {OURS[27:47]} |\n| {OURS[47:]} |\n+------+",
        json.dumps([{"KEY": OURS[7:]}]),
        f"writing RSA key\n{OURS[7:]}",
    ],
)
def test_a_lone_fingerprint_is_enough(text: str) -> None:
    description = read_description(text)
    assert (description.lone_fingerprint, description.slots) == (OURS, (None, None))
    assert compare(description, name="JANE", fingerprint=OURS).matches


@pytest.mark.parametrize(
    "text",
    [
        f"ERROR: user has no RSA_PUBLIC_KEY_FP, expected {OURS}",
        f"not there: RSA_PUBLIC_KEY_FP null; wanted {OURS}",
        f"ALTER USER JANE SET RSA_PUBLIC_KEY='{KEY_LINES}';\nIts fingerprint: {OURS}",
    ],
)
def test_a_sentence_with_a_fingerprint_in_it_shows_nothing_of_a_user(text: str) -> None:
    with pytest.raises(DescriptionError):
        read_description(text)


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
    assert description.name == "SVC_ETL"
    assert description.slots == (None, None), "the list says nothing of the slots"


def test_the_list_of_the_sql_api_is_read_by_its_columns_in_any_order() -> None:
    columns = ["status", "fingerprint", "name", "user_name"]
    meta = {"rowType": [{"name": name} for name in columns]}
    text = json.dumps({"resultSetMetaData": meta, "data": [["DISABLED", OURS, "ETL_KEY", "SVC_ETL"]]})
    assert read_description(text).named_keys == (NamedKey("ETL_KEY", OURS, "DISABLED"),)


def test_a_status_that_was_not_copied_speaks_against_no_key() -> None:
    assert [NamedKey("A", OURS, status).active for status in ("", "ACTIVE", "EXPIRED")] == [True, True, False]
    assert NamedKey("A", OURS).active


def test_columns_with_a_header_may_stand_in_any_order() -> None:
    text = f"property_default\tproperty_value\tproperty_name\nnull\t{OURS}\tRSA_PUBLIC_KEY_FP\nnull\tJANE\tNAME"
    description = read_description(text)
    assert (description.name, description.slots) == ("JANE", (OURS, None))


@pytest.mark.parametrize("quote", ["'", '"', "`"])
def test_quotes_that_came_with_a_value_are_no_part_of_it(quote: str) -> None:
    text = f"NAME\t{quote}JANE{quote}\nLOGIN_NAME\t{quote}jane\nDEFAULT_ROLE\tLOADER{quote}"
    description = read_description(text)
    assert (description.name, description.default_role) == ("JANE", f"LOADER{quote}")


def test_an_empty_list_of_key_pairs_is_told_from_a_text_that_is_none() -> None:
    description = read_description("\t".join(KEY_PAIR_COLUMNS))
    assert description.lists_pairs and not description.named_keys
    assert not read_description(as_grid(ROWS)).lists_pairs


def test_a_fingerprint_cut_off_in_the_list_is_said_to_stand_in_its_column() -> None:
    rows = [KEY_PAIR_COLUMNS, ["ETL_KEY", "SVC_ETL", OURS[:25] + "…", "", "ACTIVE", "", "2026-10-01"]]
    with pytest.raises(DescriptionError, match="in the column fingerprint is not complete"):
        read_description("\n".join("\t".join(row) for row in rows))


def test_a_statement_above_its_output_does_not_matter() -> None:
    assert read_description("JANE#WH@DB.PUBLIC>DESC USER SVC_ETL;\n" + as_table(ROWS)).slots[0] == OURS
    assert read_description("DESC USER SVC_ETL;\n" + as_grid(ROWS)).slots[0] == OURS


def test_a_comment_that_reads_like_a_property_changes_nothing() -> None:
    rows = ROWS | {"COMMENT": f"RSA_PUBLIC_KEY_FP\n{THEIRS}", "DISPLAY_NAME": "NAME"}
    for shape in ("CSV download", "JSON", "SQL API", "TSV download"):
        assert read_description(SHAPES[shape](rows)).slots[0] == OURS


def test_a_stray_quote_in_a_comment_swallows_nothing() -> None:
    assert read_description(as_grid(ROWS | {"COMMENT": '"open'})).slots[0] == OURS


@pytest.mark.parametrize(
    ("rows", "locked"),
    [
        ({"SNOWFLAKE_LOCK": "true"}, True),
        ({"SNOWFLAKE_LOCK": "false", "MINS_TO_UNLOCK": "14"}, True),
        ({"SNOWFLAKE_LOCK": "false", "MINS_TO_UNLOCK": "0.5"}, True),
        ({"MINS_TO_UNLOCK": "0"}, False),
        ({"NAME": "JANE"}, None),
    ],
)
def test_a_lock_is_seen(rows: Rows, locked: bool | None) -> None:
    assert read_description(as_pairs({"TYPE": "PERSON"} | rows)).locked is locked


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
        kept = description.kept(OURS)
        assert STORED_USER.read(json.loads(json.dumps(STORED_USER.write(kept)))) == kept
        compare(description, name="JANE", fingerprint=OURS)


@pytest.mark.parametrize(
    "piece",
    [" ", "|", "| a ", "\t", '"', "a ", "A", "[", "RSA_PUBLIC_KEY|", "RSA_PUBLIC_KEY\t\n",
     "NAME\n", "SHA256:", "A/+", "--\n", "/*", ",", ";;", "|\n", "| R | S |\n", "desc ", "a\tb\n", "NAME:",
     "{\"a\":[", "\x1b[", "DESC\n"],
)  # fmt: skip
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        started = time.thread_time()
        with contextlib.suppress(DescriptionError):
            read_description(text)
        return time.thread_time() - started

    assert seconds(65_536) < 0.5 + 12 * seconds(8_192), "eight times the text may take eight times as long"
