"""What was pasted into a box that asks for something else, and says why something fails: there is a page for that."""

from __future__ import annotations

from typing import Final

from flask import current_app

from wizard.diagnosis import read
from wizard.snowflake.secret_text import holds_password, looks_secret

FEWEST_WORDS: Final = 4
"""A name has fewer, and so has what is hardly worth reading."""
_FAILURES: Final = frozenset({"error", "failure-details", "login-history", "sql-answer"})


def failure_in(text: str) -> str:
    """Return ``text`` where it tells of a failure and holds no secret, else ``""``."""
    if len(text.split()) < FEWEST_WORDS or looks_secret(text) or holds_password(text):
        return ""
    recognised = read(text, current_app.extensions["now"]())
    return text if any(one.kind in _FAILURES for one in recognised) else ""
