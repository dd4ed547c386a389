"""The days in Snowflake's moments, in the ways in which programs print them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]|$)", re.ASCII)
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d{1,9})?(?: \d{1,4})?", re.ASCII)


def day_in(text: str) -> date | None:
    """Return the day that a moment is on, by the clock that it was printed for; ``None`` for what is no moment.

    ``2027-05-20 14:04:33.000 -0700`` (Snowsight, the SQL API's texts), ``Thu, 20 May 2027 14:04:33 -0700`` (SnowSQL's
    own format), ``2027-05-20T14:04:33-07:00`` (JSON), ``1810847073.000000000 1020`` (the SQL API: Unix seconds).
    https://docs.snowflake.com/en/sql-reference/date-time-input-output (read autumn 2026)
    """
    text = text.strip()
    try:
        if found := _ISO.match(text):
            return date.fromisoformat(found[1])
        if found := _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(found[1]), UTC).date()
        return parsedate_to_datetime(text).date() if "," in text[:5] and len(text) < 60 else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
