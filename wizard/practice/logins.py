"""Who has tried to log in: what the two views of LOGIN_HISTORY show."""

from __future__ import annotations

from typing import NamedTuple


class TriedLogin(NamedTuple):
    """One login, let in or refused. ``at`` is in Unix seconds; ``user`` is "" where none was recognised."""

    at: float
    user: str
    client: str  # an address
    code: str  # of the refusal, "" for who was let in
