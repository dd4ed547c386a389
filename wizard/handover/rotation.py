"""When a key pair is due for replacement."""

from __future__ import annotations

from datetime import date, timedelta

ROTATION_DAYS = 180
"""After how many days a key pair is due for replacement.

Snowflake names no number. Rule 1.7 of the CIS Snowflake Foundations Benchmark v1.0.0 does: at least every 180 days.
https://www.cisecurity.org/benchmark/snowflake (checked 2026-11-21). A company's own rule is a setting.
"""


def rotation_day(made: date, days: int = ROTATION_DAYS) -> date:
    """Return the day by which a key pair made on ``made`` (a UTC day) is to be replaced."""
    return made + timedelta(days=days)
