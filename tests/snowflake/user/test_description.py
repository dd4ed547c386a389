"""What is kept of a description comes back from the cookie as it was, and nothing else does."""

from __future__ import annotations

import json

import pytest

from tests.snowflake.user.shapes import OURS, ROWS, as_grid
from wizard.snowflake.user import Described, DescriptionError, UserDescription, read_description


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
