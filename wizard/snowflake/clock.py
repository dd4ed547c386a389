"""How far two clocks may be apart, and for how long a token counts: the one place for these numbers, in seconds.

https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting and
https://docs.snowflake.com/en/developer-guide/sql-api/authenticating (checked 2026-11). What is signed in a browser goes
by the same numbers: ``static/js/key/token.js`` repeats them, and a test compares the two.
"""

from __future__ import annotations

from typing import Final

CLOSE_ENOUGH: Final = 30
"""Up to this difference a clock is right enough, and a token may come from the future. Snowflake publishes no number
for that; half of the time in which a login must arrive leaves the other half for the way."""

LOGIN_AGE: Final = 60
"""A login must arrive within this time after the token's issue (394302), so a clock that is slower than this never
logs in."""

TOKEN_AGE: Final = 3600
"""Snowflake honours a token for this long after its issue, whatever end stands in it."""
