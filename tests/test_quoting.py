"""Whatever a value holds, the reader of its format gets it back whole."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given

from tests.handover.connections import hostile
from tests.handover.readers import READERS
from wizard import quoting


def test_every_filter_has_a_reader_that_checks_it() -> None:
    assert set(READERS) == set(quoting.FILTERS)


@pytest.mark.parametrize("name", READERS)
@given(value=hostile)
def test_whatever_a_value_holds_its_format_reads_it_back(name: str, value: str) -> None:
    value = value.replace(";", ",") if name == "dotnet_name" else value  # it has no spelling for a semicolon
    quoted = quoting.FILTERS[name](value)
    assert READERS[name](quoted) == value
    assert "\n" not in quoted


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\n\n", "\r"])
def test_no_line_break_ends_a_code_span_of_markdown(ends: str) -> None:
    told = quoting.markdown(f"A`{ends}# Urgent{ends}[run this](http://evil.example)")
    assert len(told.splitlines()) == 1
    assert READERS["markdown"](told).split() == ["A`", "#", "Urgent", "[run", "this](http://evil.example)"]


@given(value=hostile)
def test_a_shell_sees_one_word(value: str) -> None:
    assert shlex.split(f"command {quoting.shell(value)} rest", comments=True) == ["command", value, "rest"]


def test_python_strings_are_in_double_quotes_where_that_reads_better() -> None:
    assert quoting.python("JANE") == '"JANE"'
    assert quoting.python("o'brien") == '"o\'brien"'
    assert quoting.python('say "x"') == "'say \"x\"'"


def test_plain_values_stay_plain_where_the_format_allows_it() -> None:
    assert quoting.shell("myorg-my_acct") == "myorg-my_acct"
    assert quoting.odbc("/home/jane/rsa_key.p8") == "/home/jane/rsa_key.p8"
    assert quoting.dotnet(r"C:\keys\rsa_key.p8") == r"C:\keys\rsa_key.p8"
    assert quoting.url("/home/jane/rsa_key.p8") == "/home/jane/rsa_key.p8"
    assert quoting.dbt("JANE") == '"JANE"'
