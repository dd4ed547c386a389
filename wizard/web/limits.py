"""How often one client may ask for what costs the server something. A brake, kept in memory, not an account.

Making and opening keys and testing are counted where they are done; a long text is counted before it is read, whoever
sends it and to whichever page.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask, current_app, request
from werkzeug.exceptions import TooManyRequests

from wizard.web.client import client
from wizard.web.lanes import TESTS, NoPlace

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter

# Per client. The rows of a test that arrive one by one are six more requests for each test.
MOST_IN_TEN_MINUTES = {"make": 10, "open": 30, "test": 60, "row": 420, "read": 300}
LONG_TEXT = 4 * 1024  # bytes of a request's body; names and accounts are never counted
COUNTED_BY_THEMSELVES = frozenset({"steps.test.row", "steps.test.clock"})
MOST_TESTS_AT_A_TIME = 16


def brake(app: Flask, on: bool) -> None:
    """Give ``app`` its limits; with ``on`` false nothing is counted (for measuring)."""
    app.extensions["limits_on"] = on
    app.extensions["tests_at_a_time"] = Counter()
    app.extensions["tests_lock"] = Lock()

    # Before the form is read, and so before its token is: reading is what costs. What the page of another site sends
    # is refused by then (wizard.web.security), so nobody uses up the limit of somebody else.
    @app.before_request
    def count_long_texts() -> None:
        if request.method != "POST" or request.endpoint in COUNTED_BY_THEMSELVES:
            return
        if request.content_length is None or request.content_length > LONG_TEXT:
            count("read")


@contextmanager
def one_of_few() -> Iterator[None]:
    """Count a test of the client at hand while it reaches out. Raises :class:`NoPlace` (503) above the limit."""
    if not current_app.extensions["limits_on"]:
        yield
        return
    running: Counter[str] = current_app.extensions["tests_at_a_time"]
    lock, who = current_app.extensions["tests_lock"], client()
    with lock:
        if running[who] >= MOST_TESTS_AT_A_TIME:
            raise NoPlace(TESTS, running[who], of_yours=True)
        running[who] += 1
    try:
        yield
    finally:
        with lock:
            running[who] -= 1
            if not running[who]:
                del running[who]


@cache
def _limit(work: str) -> RateLimitItem:
    from limits import RateLimitItemPerMinute

    return RateLimitItemPerMinute(MOST_IN_TEN_MINUTES[work], 10)


def _limiter() -> MovingWindowRateLimiter:
    # The library takes longer to load than the rest of the wizard, and most pages count nothing.
    if "limiter" not in current_app.extensions:
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        current_app.extensions.setdefault("limiter", MovingWindowRateLimiter(MemoryStorage()))
    limiter: MovingWindowRateLimiter = current_app.extensions["limiter"]
    return limiter


def count(work: str) -> None:
    """Count one piece of work of the client at hand. Raises ``TooManyRequests`` (429) above its limit."""
    if not current_app.extensions["limits_on"]:
        return
    limiter, asking = _limiter(), client()
    if not limiter.hit(_limit(work), work, asking):
        window = limiter.get_window_stats(_limit(work), work, asking)
        raise TooManyRequests(retry_after=max(1, int(window.reset_time - time.time()) + 1))
