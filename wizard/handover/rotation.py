"""When a key pair is due for replacement, and how to replace it without a moment of downtime."""

from __future__ import annotations

from datetime import date, timedelta

ROTATION_DAYS = 180
"""After how many days a key pair is due for replacement.

Snowflake names no number. Rule 1.7 of the CIS Snowflake Foundations Benchmark v1.0.0 does: at least every 180 days.
https://www.cisecurity.org/benchmark/snowflake (checked 2026-11-21). A shorter policy of your own wins.
"""


def rotation_day(made: date) -> date:
    """Return the day by which a key pair made on ``made`` (a UTC day) is to be replaced."""
    return made + timedelta(days=ROTATION_DAYS)


def rotation_steps(slot: int = 1) -> tuple[str, ...]:
    """Return how to replace the key that stands in ``slot`` (1 or 2) without a moment of downtime.

    Both slots are good for logging in, and Snowflake picks the key by the fingerprint in the token.
    https://docs.snowflake.com/en/user-guide/key-pair-auth#configuring-key-pair-rotation
    """
    if slot not in (1, 2):
        raise ValueError(f"a user has slots 1 and 2, not {slot}")
    old, new = ("RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2") if slot == 1 else ("RSA_PUBLIC_KEY_2", "RSA_PUBLIC_KEY")
    return (
        "Walk through this wizard again with a new key pair.",
        f"Register the new public key in the free slot, {new}. The old key goes on working.",
        "Give the new private key to every program that uses this user, and see each of them log in.",
        f"Only then take the old key away: its slot is {old}.",
    )
