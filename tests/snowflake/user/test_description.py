"""What is kept of a description comes back from the cookie as it was, and nothing else does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.snowflake.user.shapes import OURS, ROWS, THEIRS, as_grid
from wizard.snowflake.user import (
    STORED_USER,
    Described,
    NamedKey,
    Place,
    UserDescription,
    read_description,
)
from wizard.stored import StoredError

PAIR = NamedKey("ETL_KEY", OURS, "ACTIVE", "LOADER")
BEFORE = Described(
    name="JANE", login_name="jane@example.com", disabled=False, default_role="LOADER", slots=(THEIRS, "")
)
LIST = "name\tuser_name\tfingerprint\trole_scope\tstatus\n"


@pytest.mark.parametrize(
    "described",
    [
        Described(),
        Described(slots=("", "")),
        Described(slots=(None, "")),
        Described(name="JANE", slots=(OURS, None), pair=PAIR),
        Described(pair=NamedKey("", OURS)),
        Described(disabled=False, locked=True, days_to_expiry=0.0),
    ],
)
def test_whatever_is_known_comes_back_and_an_empty_slot_is_not_one_that_was_not_shown(described: Described) -> None:
    assert STORED_USER.read(json.loads(json.dumps(STORED_USER.write(described)))) == described


def test_the_former_release_told_no_empty_slot_from_one_that_was_not_shown() -> None:
    assert STORED_USER.read({"name": "JANE", "fingerprint_2": OURS}).slots == (None, OURS)


def test_what_a_text_shows_takes_the_place_of_what_was_known_and_the_rest_stays() -> None:
    kept = read_description(f"NAME\tJANE\nRSA_PUBLIC_KEY_2_FP\t{OURS}").kept(OURS, BEFORE)
    assert kept == replace(BEFORE, slots=(THEIRS, OURS))
    whole = read_description("NAME\tJANE\nDISABLED\ttrue\nRSA_PUBLIC_KEY_FP\tnull").kept(OURS, BEFORE)
    assert whole == Described(name="JANE", disabled=True, slots=("", "")), "of the user itself, it is the newer text"


def test_a_key_that_is_seen_elsewhere_now_is_no_longer_where_it_was() -> None:
    listed = read_description(f"{LIST}ETL_KEY\tJANE\t{THEIRS}\t\tACTIVE")
    assert listed.kept(THEIRS, BEFORE).slots == (None, "")
    moved = read_description(f"RSA_PUBLIC_KEY_2_FP\t{OURS}\nNAME\tJANE").kept(OURS, replace(BEFORE, pair=PAIR))
    assert (moved.pair, moved.place_of(OURS)) == (None, Place(slot=2))
    rotated_out = read_description(f"{LIST}OLD\tJANE\t{THEIRS}\t\tEXPIRED")
    assert rotated_out.kept(THEIRS, BEFORE).slots == (THEIRS, ""), "only an active key is in one place alone"


def test_a_list_decides_on_the_key_pair_and_desc_user_does_not() -> None:
    before = replace(BEFORE, pair=PAIR)
    assert read_description("NAME\tJANE\nRSA_PUBLIC_KEY_FP\tnull").kept(OURS, before).pair == PAIR
    assert read_description(f"{LIST}OTHER\tJANE\t{THEIRS}\t\tACTIVE").kept(OURS, before).pair is None
    assert read_description(LIST).kept(OURS, before).pair is None
    disabled = read_description(f"{LIST}ETL_KEY\tJANE\t{OURS}\t\tDISABLED").kept(OURS, before)
    assert (disabled.place_of(OURS), disabled.pair) == (None, NamedKey("ETL_KEY", OURS, "DISABLED"))


def test_a_fingerprint_alone_says_nothing_against_where_the_key_was_seen() -> None:
    assert read_description(THEIRS).kept(THEIRS, BEFORE) == BEFORE


def test_what_is_in_doubt_is_neither_here_nor_there() -> None:
    both = replace(BEFORE, slots=(OURS, THEIRS), pair=PAIR)
    assert both.without(OURS) == replace(both, slots=(None, THEIRS), pair=None)
    assert both.without(THEIRS) == replace(both, slots=(OURS, None))


def test_half_a_name_would_be_another_one_so_a_name_that_is_too_long_is_left_out() -> None:
    long = "N" * 256
    text = f"NAME\t{long}\nLOGIN_NAME\t{long}\nDEFAULT_ROLE\t{long[1:]}\nDEFAULT_WAREHOUSE\t{long}"
    assert read_description(text).kept() == Described(default_role=long[1:])
    assert read_description(f"{LIST}{long}\tJANE\t{OURS}\t\tACTIVE").kept(OURS).pair is None


def test_what_no_page_could_show_is_not_kept() -> None:
    row = '{{"property": "{}", "value": "{}"}}'
    rows = [row.format(name, "\\ud800") for name in ("TYPE", "DEFAULT_ROLE")] + [row.format("NAME", "JANE")]
    assert read_description(f"[{', '.join(rows)}]").kept() == Described(name="JANE")


def test_the_kept_facts_survive_the_cookie() -> None:
    kept = read_description(as_grid(ROWS | {"DAYS_TO_EXPIRY": "29.987", "DISABLED": "true"})).kept()
    assert kept.days_to_expiry == 29.99
    assert kept.disabled is True
    stored = json.loads(json.dumps(STORED_USER.write(kept)))
    assert STORED_USER.read(stored) == kept
    assert len(json.dumps(stored)) < 500
    assert STORED_USER.read({}) == Described() == UserDescription().kept()


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        "x",
        {"nmae": "x"},
        {"name": 1},
        {"name": "x" * 256},
        {"disabled": "true"},
        {"days_to_expiry": True},
        {"days_to_expiry": float("nan")},
        {"fingerprint_1": "SHA256:x"},
        {"fingerprint_1": OURS[7:]},
        {"slots": None},
        {"slots": [None]},
        {"slots": [None, OURS[:-1]]},
        {"slots": [OURS, ""], "slot_1": OURS},
        {"slot_1": OURS[:-1]},
        {"slot_3": OURS},
        {"pair": "ETL_KEY"},
        {"pair": ["ETL_KEY", OURS, "ACTIVE"]},
        {"pair": ["ETL_KEY", OURS, "ACTIVE", "", ""]},
        {"pair": ["ETL_KEY", "", "ACTIVE", ""]},
        {"pair": ["x" * 256, OURS, "ACTIVE", ""]},
        {"pair": [1, OURS, "ACTIVE", ""]},
        {1: "x"},
    ],
)
def test_a_tampered_cookie_is_refused(stored: object) -> None:
    with pytest.raises(StoredError):
        STORED_USER.read(stored)
