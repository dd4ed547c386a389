"""Names and ends of named key pairs, as Snowflake takes them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.snowflake import sql
from wizard.snowflake.user import (
    MAX_CHARACTERS,
    MOST_DAYS,
    UserNameError,
    proposed_key_pair_name,
    read_days_to_expiry,
    read_key_pair_name,
    rotated_from,
    rotated_name,
)

NOW = 1_790_000_000.123


@pytest.mark.parametrize(
    ("typed", "stored"), [("dbt_key", "DBT_KEY"), (' "dbt key" ', "dbt key"), ("dbt-key", "dbt-key"), ("A", "A")]
)
def test_a_name_is_read_as_any_identifier(typed: str, stored: str) -> None:
    assert read_key_pair_name(typed) == stored


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "is empty"),
        ("public_key_1", "keeps the name PUBLIC_KEY_1 for the key in slot 1"),
        ('"Public_Key_2"', "for the key in slot 2"),
        ("dbt_key_rotated_1790000000000", "rotated out"),
        ("x" * 240, "could not rotate"),
        ("x" * 300, "Snowflake allows 255"),
        ("a\tb", "a tab"),
    ],
)
def test_a_name_that_snowflake_would_not_take_or_could_not_rotate_is_refused(typed: str, words: str) -> None:
    with pytest.raises(UserNameError, match=words) as raised:
        read_key_pair_name(typed)
    assert raised.value.fix


@pytest.mark.parametrize(
    ("tool", "name"),
    [
        ("dbt", "DBT_KEY"),
        ("Python connector", "PYTHON_CONNECTOR_KEY"),
        ("3rd party", "MY_3RD_PARTY_KEY"),
        ("", "MY_KEY"),
        ("Ä/ö", "MY_KEY"),
        (".NET driver", "NET_DRIVER_KEY"),
    ],
)
def test_a_name_is_proposed_from_the_tool(tool: str, name: str) -> None:
    assert proposed_key_pair_name(tool) == name


@given(st.text(max_size=80))
def test_whatever_the_tool_is_called_its_name_is_taken_and_stands_bare_in_sql(tool: str) -> None:
    name = proposed_key_pair_name(tool)
    assert read_key_pair_name(name) == name
    assert sql.quote_identifier(name) == name


def test_one_that_was_rotated_out_is_known_by_its_name() -> None:
    out = rotated_name("DBT_KEY", NOW)
    assert (out, rotated_from(out)) == ("DBT_KEY_ROTATED_1790000000123", "DBT_KEY")
    assert rotated_from("DBT_KEY") == rotated_from("KEY_ROTATED_OUT") == ""
    assert len(rotated_name("x" * 233, NOW)) == MAX_CHARACTERS


@pytest.mark.parametrize(("typed", "days"), [("90", 90), (" 1 ", 1), (str(MOST_DAYS), MOST_DAYS), ("007", 7)])
def test_days_are_a_whole_number(typed: str, days: int) -> None:
    assert read_days_to_expiry(typed) == days


@pytest.mark.parametrize("typed", ["", "0", "-1", "1.5", "90 days", "3651", "9" * 5000, "٣", "1_0", "²"])
def test_anything_else_is_no_number_of_days(typed: str) -> None:
    with pytest.raises(UserNameError, match="whole number of days"):
        read_days_to_expiry(typed)


@given(st.text(max_size=300))
def test_nothing_but_its_own_error_comes_out_of_any_text(typed: str) -> None:
    for read in (read_key_pair_name, read_days_to_expiry):
        with contextlib.suppress(UserNameError):
            read(typed)
