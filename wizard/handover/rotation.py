"""When a key pair is due for replacement, and how to replace it without a moment of downtime."""

from __future__ import annotations

from datetime import date, timedelta

from wizard.snowflake.user import SLOT_PROPERTIES, Place

ROTATION_DAYS = 180
"""After how many days a key pair is due for replacement.

Snowflake names no number. Rule 1.7 of the CIS Snowflake Foundations Benchmark v1.0.0 does: at least every 180 days.
https://www.cisecurity.org/benchmark/snowflake (checked 2026-11-21). A company's own rule is a setting.
"""


def rotation_day(made: date, days: int = ROTATION_DAYS) -> date:
    """Return the day by which a key pair made on ``made`` (a UTC day) is to be replaced."""
    return made + timedelta(days=days)


def rotation_steps(place: Place) -> tuple[str, ...]:
    """Return how to replace the key that stands at ``place`` without a moment of downtime.

    All keys of a user are good for logging in, and Snowflake picks the one that the fingerprint in the token names.
    https://docs.snowflake.com/en/user-guide/key-pair-auth#configuring-key-pair-rotation
    """
    if place.slot:
        old, new = SLOT_PROPERTIES[place.slot], SLOT_PROPERTIES[3 - place.slot]
        register = f"Register the new public key in the other slot, {new}, once DESC USER shows that it is empty."
        where = f"its slot is {old}"
    else:
        register = "Register the new public key where DESC USER shows an empty slot."
        where = (
            f"it is the named key pair {place.pair}"
            if place.pair
            else "find its fingerprint with DESC USER and SHOW USER KEY PAIRS, for where it stands was not told here"
        )
    return (
        "Walk through this wizard again with a new key pair.",
        f"{register} The old key goes on working.",
        "Give the new private key to every program that uses this user, and see each of them log in.",
        f"Only then take the old key away: {where}.",
    )
