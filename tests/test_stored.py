"""What is stored of a value comes back as it was, and whatever else comes in its place is refused with one error."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.checks.row import STORED_ROW
from wizard.diagnosis.symptom import STORED_SYMPTOM
from wizard.journey import STORED_JOURNEY
from wizard.snowflake.account import STORED_ACCOUNT, read_account
from wizard.snowflake.user import STORED_NEW_PAIR, STORED_STANDING, STORED_USER
from wizard.stored import (
    FLAG,
    StoredError,
    Table,
    columns,
    integer,
    number,
    one_of,
    record,
    records,
    some_of,
    stored,
    text,
    texts,
    written,
)
from wizard.web.links import ASKED
from wizard.web.signed import Signed
from wizard.web.steps.carried import CARRIED, MEASURED


class Pair(NamedTuple):
    left: str
    right: int


@dataclass(frozen=True)
class Leaf:
    colour: str = field(metadata=stored("c", one_of(("green", "red"))))
    size: float = field(default=0.0, metadata=stored("s", number(100)))

    def __post_init__(self) -> None:
        if self.colour == "red" and self.size > 50:
            raise ValueError("a red leaf is small")


LEAF = Table(Leaf)


@dataclass(frozen=True)
class Tree:
    name: str = field(metadata=stored("n", text(5)))
    felled: bool | None = field(default=None, metadata=stored("f", FLAG))
    rings: int = field(default=1, metadata=stored("r", integer(1, 9)))
    tags: tuple[str, ...] = field(default=(), metadata=stored("t", some_of(("old", "tall"))))
    names: Mapping[str, str] = field(default_factory=dict, metadata=stored("m", texts(5, cut=True)))
    pair: Pair | None = field(default=None, metadata=stored("p", columns(Pair, text(5), integer(0, 9))))
    leaf: Leaf | None = field(default=None, metadata=stored("l", record(LEAF)))
    leaves: tuple[Leaf, ...] = field(default=(), metadata=stored("v", records(LEAF)))
    bark: bytes = field(default=b"", metadata=stored("b", written(lambda bark: bark.hex(), bytes.fromhex)))
    words: str = field(default="", metadata=stored("w", text(5, cut=True)))
    birds: int = 0


TREE = Table(Tree)
WHOLE = Tree(
    "oak", False, 2, ("old",), {"de": "Eiche"}, Pair("x", 0), Leaf("red"), (Leaf("green", 2.5), Leaf("red")), b"\x01"
)


def as_json(told: object) -> Any:
    return json.loads(json.dumps(told))


def test_a_value_is_written_short_and_comes_back() -> None:
    told = TREE.write(WHOLE)
    assert told == {
        "n": "oak",
        "f": False,
        "r": 2,
        "t": ["old"],
        "m": {"de": "Eiche"},
        "p": ["x", 0],
        "l": {"c": "red"},
        "v": [{"c": "green", "s": 2.5}, {"c": "red"}],
        "b": "01",
    }
    assert TREE.read(as_json(told)) == WHOLE


def test_what_holds_its_default_is_left_out_and_what_is_not_stored_stays_behind() -> None:
    assert TREE.write(Tree("oak", birds=3)) == {"n": "oak"}
    assert TREE.read({"n": "oak"}) == Tree("oak")
    assert [row.field for row in TREE.rows][-1] == "words"


def test_what_may_be_cut_is_cut_and_comes_back() -> None:
    told = TREE.write(Tree("oak", words="longer", names={"de": "Eichenbaum"}))
    assert told == {"n": "oak", "w": "longe", "m": {"de": "Eiche"}}
    assert TREE.read(told).words == "longe"


@pytest.mark.parametrize(
    "change",
    [
        {"n": "birch!"},
        {"n": 1},
        {"n": None},
        {"n": "\ud800"},
        {"f": 1},
        {"f": None},
        {"f": "true"},
        {"r": 0},
        {"r": 10},
        {"r": True},
        {"r": 2.0},
        {"t": "old"},
        {"t": [1]},
        {"t": ["old"] * 41},
        {"m": ["de"]},
        {"m": {"de": 1}},
        {"m": {"de": "Eichenbaum"}},
        {"m": {str(number): "" for number in range(41)}},
        {"p": ["x"]},
        {"p": ["x", 0, 0]},
        {"p": ["x", -1]},
        {"p": "x0"},
        {"l": {}},
        {"l": {"c": "blue"}},
        {"l": {"c": ["red"]}},
        {"l": {"c": "red", "s": 51}},
        {"l": {"c": "red", "s": float("nan")}},
        {"l": {"c": "red", "s": float("inf")}},
        {"l": {"c": "red", "s": True}},
        {"l": {"c": "red", "x": 1}},
        {"l": [["c", "red"]]},
        {"v": {"c": "red"}},
        {"v": [{"c": "red"}, {"c": "blue"}]},
        {"b": 1},
        {"b": "0"},
        {"x": 1},
        {"birds": 1},
        {1: "x"},
    ],
)
def test_what_is_not_known_or_of_another_type_or_out_of_range_is_refused(change: dict[Any, Any]) -> None:
    with pytest.raises(StoredError):
        TREE.read(TREE.write(WHOLE) | change)


@pytest.mark.parametrize("told", [None, [], "x", 1, {}, {"f": True}])
def test_what_is_no_object_or_lacks_what_is_always_written_is_refused(told: object) -> None:
    with pytest.raises(StoredError):
        TREE.read(told)


def test_a_word_of_another_releases_list_is_passed_over() -> None:
    assert TREE.read({"n": "oak", "t": ["tall", "wise", "old"]}).tags == ("tall", "old")


def test_a_name_that_a_newer_release_wrote_is_passed_over_where_the_table_says_so() -> None:
    assert Table(Tree, newer=True).read({"n": "oak", "z": [1]}) == Tree("oak")


def test_what_a_former_release_wrote_is_read() -> None:
    table = Table(Tree, former=lambda told: {{"called": "n"}.get(name, name): held for name, held in told.items()})
    assert table.read({"called": "oak"}) == Tree("oak")


def test_two_fields_under_one_name_are_a_mistake() -> None:
    @dataclass(frozen=True)
    class Twins:
        first: str = field(default="", metadata=stored("n", text(5)))
        second: str = field(default="", metadata=stored("n", text(5)))

    with pytest.raises(TypeError, match="Twins"):
        Table(Twins)


# --- every table of the wizard ----------------------------------------------------------------------------------------
TABLES: dict[str, Table[Any]] = {
    "account": STORED_ACCOUNT,
    "asked": ASKED.table,
    "carried": CARRIED.table,
    "journey": STORED_JOURNEY,
    "measured": MEASURED.table,
    "row": STORED_ROW,
    "symptom": STORED_SYMPTOM,
    "user": STORED_USER,
    "standing": STORED_STANDING,
    "new-pair": STORED_NEW_PAIR,
}
NAMES = sorted({row.name for table in TABLES.values() for row in table.rows})
WORDS = ("", "upload", "failed", "answer", "quoted", "SHA256:" + "A" * 43 + "=", "A" * 24, "\ud800", "AA==", "01")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=12,
)
WRITTEN: dict[str, dict[str, Any]] = {
    "account": STORED_ACCOUNT.write(read_account("xy12345.us-east-1.privatelink")),
    "asked": {"j": {"u": "JANE"}, "k": "", "n": ""},
    "carried": {"login": "0" * 32, "answers": [{"check": "dns", "status": "passed", "sentence": "It resolves."}]},
    "journey": {"u": "JANE", "e": True, "r": "", "d": {"slots": ["", None]}},
    "measured": {"login": "0" * 32, "ahead": 0.5},
    "row": {"check": "key", "status": "failed", "sentence": "No.", "symptom": {"kind": "key"}},
    "symptom": {"kind": "key", "facts": {"cause": "key-mismatch"}},
    "user": {"name": "JANE", "disabled": False},
    "standing": {"f": f"SHA256:{'A' * 43}=", "s": 2, "d": "2026-03-03"},
    "new-pair": {"n": "ETL"},
}


@pytest.mark.parametrize("of", TABLES)
@given(told=JSON, change=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=2))
def test_arbitrary_json_is_refused_with_one_error_or_is_a_value_that_comes_back(
    of: str, told: object, change: dict[str, object]
) -> None:
    table = TABLES[of]
    for given_ in (told, WRITTEN[of] | change):
        try:
            value = table.read(given_)
        except StoredError:
            continue
        assert table.read(as_json(table.write(value))) == value


def test_every_table_of_the_wizard_is_tried_here() -> None:
    named = {name for module in sys.modules.values() if module.__name__.startswith("wizard.")
             for name, held in vars(module).items() if isinstance(held, Table | Signed)}  # fmt: skip
    assert len({id(table) for table in TABLES.values()}) == len(TABLES) == len(named)
