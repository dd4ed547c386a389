"""SHOW USER KEY PAIRS is read in every shape in which DESC USER is, by itself and beside it."""

from __future__ import annotations

import pytest

from tests.snowflake.user.shapes import (
    LIST_SHAPES,
    LISTED,
    OLD,
    OURS,
    ROWS,
    SHAPES,
    SINCE,
    UNTIL,
    USED,
    fingerprint_for,
    list_as_table,
)
from wizard.snowflake.user import NamedKey, Place, UserDescription, compare, read_description

THIRD = fingerprint_for("third")


def told(description: UserDescription) -> list[tuple[str, str, str, str, str]]:
    return [(key.name, key.fingerprint, key.status, key.role, key.successor) for key in description.named_keys]


EXPECTED = [
    ("ETL_KEY", OURS, "ACTIVE", "LOADER", ""),
    (OLD, LISTED[1][2], "ACTIVE", "LOADER", "ETL_KEY"),
    ("NAME", THIRD, "DISABLED", "", ""),
]


@pytest.mark.parametrize("shape", LIST_SHAPES)
def test_each_shape_is_read_as_the_same_key_pairs(shape: str) -> None:
    description = read_description(LIST_SHAPES[shape](LISTED))
    assert told(description) == EXPECTED
    assert (description.name, description.slots, description.lists_pairs) == ("SVC_ETL", (None, None), True)


@pytest.mark.parametrize("shape", [shape for shape in LIST_SHAPES if "wrapped" not in shape])
def test_its_moments_and_its_comment_are_read_as_they_were_printed(shape: str) -> None:
    first, second, _ = read_description(LIST_SHAPES[shape](LISTED)).named_keys
    assert first == NamedKey("ETL_KEY", OURS, "ACTIVE", "LOADER", UNTIL, "", SINCE, USED, "loads, in the night")
    assert (second.rotated_to, second.comment) == ("ETL_KEY", "")


@pytest.mark.parametrize("width", range(11, 40))
def test_a_terminal_of_any_width_breaks_no_fingerprint(width: int) -> None:
    description = read_description(list_as_table(LISTED, width))
    assert [key.fingerprint for key in description.named_keys] == [row[2] for row in LISTED]


BOTH = [
    ("Snowsight grid", "TSV download"),
    ("TSV download", "TSV download"),
    ("TSV download", "Snowsight grid without its header"),
    ("CSV download", "CSV download"),
    ("SnowSQL table", "SnowSQL table"),
    ("table wrapped by the terminal", "table wrapped by the terminal"),
    ("box drawing", "box drawing"),
    ("JSON", "JSON"),
    ("SQL API", "SQL API"),
    ("records", "records"),
    ("property: value lines", "column: value lines"),
]


@pytest.mark.parametrize(("one", "other"), BOTH)
@pytest.mark.parametrize("list_first", [False, True])
def test_both_answers_are_read_in_one_paste(one: str, other: str, list_first: bool) -> None:
    texts = [SHAPES[one](ROWS | {"RSA_PUBLIC_KEY": "null", "RSA_PUBLIC_KEY_FP": "null"}), LIST_SHAPES[other](LISTED)]
    description = read_description("\n".join(reversed(texts) if list_first else texts))
    assert told(description) == EXPECTED
    assert (description.name, description.login_name, description.disabled) == ("SVC_ETL", "svc.etl@example.com", False)
    assert description.slots == ("", "")
    assert compare(description, name="SVC_ETL", fingerprint=OURS).place == Place(pair="ETL_KEY")
