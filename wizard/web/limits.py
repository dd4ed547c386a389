"""How often one client may ask for what costs the server something. A brake, kept in memory, not an account."""

from __future__ import annotations

import time

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

# Per client and ten minutes. The rows of a test that arrive one by one are six more requests for each test.
LIMITS: dict[str, RateLimitItem] = {
    "make": parse("10 per 10 minutes"),
    "open": parse("30 per 10 minutes"),
    "test": parse("60 per 10 minutes"),
    "row": parse("420 per 10 minutes"),
}


def brake(app: Flask, on: bool) -> None:
    """Give ``app`` its limits; with ``on`` false nothing is counted (for measuring)."""
    app.extensions["limiter"] = MovingWindowRateLimiter(MemoryStorage()) if on else None


def count(work: str) -> None:
    """Count one piece of work of the client at hand. Raises ``TooManyRequests`` (429) above its limit."""
    limiter: MovingWindowRateLimiter | None = current_app.extensions["limiter"]
    client = request.remote_addr or ""
    if limiter is not None and not limiter.hit(LIMITS[work], work, client):
        window = limiter.get_window_stats(LIMITS[work], work, client)
        raise TooManyRequests(retry_after=max(1, int(window.reset_time - time.time()) + 1))
