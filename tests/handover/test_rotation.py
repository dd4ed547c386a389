"""When a key is due, how it is replaced, and where its file belongs."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import date

import pytest

from tests.handover.connections import PUBLIC
from wizard import handover
from wizard.snowflake.user import NOT_TOLD, Place


def test_a_key_made_on_new_years_day_is_due_in_summer() -> None:
    assert handover.rotation_day(date(2026, 1, 1)) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("slot", "other", "old"), [(1, "RSA_PUBLIC_KEY_2", "RSA_PUBLIC_KEY."), (2, "RSA_PUBLIC_KEY", "_2.")]
)
def test_rotation_fills_the_other_slot_and_ends_by_taking_the_old_key_away(slot: int, other: str, old: str) -> None:
    steps = handover.rotation_steps(Place(slot=slot))
    assert f"the other slot, {other}, once DESC USER shows that it is empty." in steps[1]
    assert steps[-1].endswith(old)


def test_a_named_key_pair_is_taken_away_by_its_name() -> None:
    steps = handover.rotation_steps(Place(pair="ETL_KEY"))
    assert steps[-1] == "Only then take the old key away: it is the named key pair ETL_KEY."
    assert not [words for words in steps if "RSA_PUBLIC_KEY" in words]


def test_where_the_place_was_not_told_none_is_named() -> None:
    steps = handover.rotation_steps(NOT_TOLD)
    assert "where it stands was not told" in steps[-1]
    assert not [words for words in steps if "RSA_PUBLIC_KEY" in words]


def test_every_machine_is_told_where_the_key_belongs_and_how_to_keep_others_out() -> None:
    advice = {row.system: row for row in handover.key_file_advice(PUBLIC)}
    assert "chmod 600" in advice["macOS, Linux"].commands
    assert "icacls" in advice["Windows"].commands
    assert len(advice) == 3


def test_the_key_goes_into_the_folder_that_was_told() -> None:
    [posix, _] = handover.key_file_advice(replace(PUBLIC, key_folder="/srv/it's keys"))
    assert shlex.split(posix.commands.splitlines()[-1]) == ["chmod", "600", "/srv/it's keys/rsa_key.p8"]
    [windows, _] = handover.key_file_advice(replace(PUBLIC, key_folder=r"D:\keys"))
    assert r"icacls 'D:\keys\rsa_key.p8' /inheritance:r" in windows.commands
