"""When a key is due, how it is replaced, and where its file belongs."""

from __future__ import annotations

from datetime import date

import pytest

from wizard import handover


def test_a_key_made_on_new_years_day_is_due_in_summer() -> None:
    assert handover.rotation_day(date(2026, 1, 1)) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("slot", "free", "old"), [(1, "RSA_PUBLIC_KEY_2", "RSA_PUBLIC_KEY."), (2, "RSA_PUBLIC_KEY", "_2.")]
)
def test_rotation_fills_the_other_slot_and_ends_by_taking_the_old_key_away(slot: int, free: str, old: str) -> None:
    steps = handover.rotation_steps(slot)
    assert f"free slot, {free}." in steps[1]
    assert steps[-1].endswith(old)


def test_there_are_two_slots() -> None:
    with pytest.raises(ValueError, match="slots 1 and 2"):
        handover.rotation_steps(3)


def test_every_machine_is_told_where_the_key_belongs_and_how_to_keep_others_out() -> None:
    advice = {row.system: row for row in handover.KEY_FILE_ADVICE}
    assert "chmod 600" in advice["macOS, Linux"].commands
    assert "icacls" in advice["Windows"].commands
    assert len(advice) == 3
