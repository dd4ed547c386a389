"""The types of users, and what changes for each: Snowflake moves passwords out of programs' hands.

The months are Snowflake's estimates (https://docs.snowflake.com/en/user-guide/security-mfa-rollout, read autumn 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TYPE_CHANGES: Final[Mapping[str, str]] = {
    "SERVICE": "It has no password and needs no second factor. Nothing changes for it.",
    "LEGACY_SERVICE": "By Snowflake’s estimate, no new ones can be made since May to July 2026, and those that "
    "are left become SERVICE from August to October 2026: their passwords stop working. A key goes on working.",
    "PERSON": "By Snowflake’s estimate, everybody who logs in with a password needs a second factor from August to "
    "October 2026. A key needs none.",
}
"""TYPE to what changes for such users, as sentences."""
