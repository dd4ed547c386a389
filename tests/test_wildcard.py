"""Patterns of names: what fits, and that no pattern takes long."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.wildcard import fits


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("SVC_*", "SVC_ETL", True),
        ("svc_*", "SVC_ETL", True),
        ("SVC_*", "SVC_", True),
        ("SVC_*", "JANE", False),
        ("SVC_*", "MY_SVC_ETL", False),
        ("APP_??_*", "APP_EU_DBT", True),
        ("APP_??_*", "APP_E_DBT", False),
        ("*_BOT", "ETL_BOT_BOT", True),
        ("S[VC]_*", "SV_A", False),
        ("", "", True),
        ("", "A", False),
        ("*", "", True),
    ],
)
def test_a_name_fits_a_pattern(pattern: str, name: str, expected: bool) -> None:
    assert fits(pattern, name) is expected


@given(st.text("AB*?", max_size=12), st.text("AB", max_size=12))
def test_stars_and_question_marks_mean_what_they_mean_in_file_names(pattern: str, name: str) -> None:
    assert fits(pattern, name) is fnmatchcase(name, pattern)


class Counted(str):
    """A name that counts how often one of its characters is looked at."""

    looks = 0

    def upper(self) -> Counted:
        return self

    def __getitem__(self, key: object) -> str:
        Counted.looks += 1
        return super().__getitem__(key)  # type: ignore[index]


@pytest.mark.parametrize("pattern", ["*A" * 49 + "*B", "*" * 99 + "B", "*" + "A" * 98 + "B", "*?" * 50])
def test_the_worst_pattern_takes_no_more_steps_than_pattern_times_name(pattern: str) -> None:
    Counted.looks = 0
    fits(pattern, Counted("A" * 255))
    assert Counted.looks <= len(pattern) * 256
