"""The day in a moment, as each program prints it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.snowflake.user.moment import day_in


@pytest.mark.parametrize(
    "text",
    [
        "2027-05-20 14:04:33.000 -0700",
        "2027-05-20T14:04:33-07:00",
        "2027-05-20",
        " Thu, 20 May 2027 14:04:33 -0700 ",
        "1810836273.000000000",
        "1810836273.123456789 1020",
        "1810836273",
    ],
)
def test_the_day_is_read(text: str) -> None:
    assert day_in(text) == date(2027, 5, 20)


@pytest.mark.parametrize(
    "text", ["", "null", "never", "2027-13-20", "2027-05-20x", "20", "Thu, 99 May 2027 14:04:33 -0700", "a, b"]
)
def test_what_is_no_moment_has_none(text: str) -> None:
    assert day_in(text) is None


@given(st.text(max_size=80))
def test_any_text_has_a_day_or_none(text: str) -> None:
    assert day_in(text) is None or isinstance(day_in(text), date)
