"""When a key is due, how it is replaced, and where its file belongs."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import date

from tests.handover.connections import PUBLIC
from wizard import handover


def test_a_key_made_on_new_years_day_is_due_in_summer() -> None:
    assert handover.rotation_day(date(2026, 1, 1)) == date(2026, 6, 30)


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
