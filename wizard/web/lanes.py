"""Which requests wait for something, and for what: one table, so that none of them stands in a page's way.

A page is drawn from the cookie, within a millisecond or two, and waits for nobody. A live test waits for Snowflake, a
key for a core, each for seconds. The server (:mod:`wizard.server`) gives each kind threads of its own, which it calls a
*lane*. For a request that finds its lane full, it runs the application in the pages' lane and says so in the
environment; then nothing of the request is done but to tell the person (:class:`NoPlace`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore
from typing import Final

from flask import Flask, request
from werkzeug.exceptions import ServiceUnavailable

from wizard.walk import WALKS

AT_ONCE: Final = "at once"
"""Needs no thread of its own: it waits for nothing, not for a body either."""
FORMS: Final = "forms"
"""Drawn from the cookie and an answer: at once where that is a :data:`SHORT_FORM`, else in the pages' lane."""
PAGES: Final = "pages"
TESTS: Final = "tests"
KEYS: Final = "keys"

# Where these are drawn from memory, a thread would cost more than the page. Whatever isn't named here or below, such as
# a page that asks a database, gets a thread of the pages' lane.
_DRAWN_FROM_THE_COOKIE: Final = frozenset(
    {
        "",
        "begin",
        "causes",
        "done",
        "healthz",
        "leaked",
        "how-it-works",
        "keys",
        "resume",
        "return",
        "rotate",
        "share",
        "static",
        "steps",
        "troubleshoot",
    }
)
# What a walk's forms wait for, whichever walk it is: the lane, and the lane where htmx asks, whose tests begin with the
# key alone and go on row by row. A form of a walk that isn't named here waits for nothing.
_WALKS: Final = frozenset(WALKS)
_WAITS: Final = {
    "key": (KEYS, KEYS),
    "test": (TESTS, KEYS),
    "test/rows": (TESTS, TESTS),
    "test/clock": (TESTS, TESTS),
    "test/old": (TESTS, TESTS),
}

SHORT_FORM: Final = 1024
"""Bytes of a request's body: a name, an account or a choice. Its text is read within a few milliseconds."""

FULL: Final = "wizard.full-lane"
"""Key of the WSGI environment: the lane that has no place for this request. No header can set it."""
RUNNING: Final = "wizard.running"
"""Key of the WSGI environment: how many requests that lane works on."""
TURN: Final = "wizard.turn"
"""Key of the WSGI environment: the semaphore that lets a few of a lane's requests compute at a time."""
COME_AGAIN: Final = 4
"""Seconds after which to ask a full lane again."""


class NoPlace(ServiceUnavailable):
    """503: as many of this kind run as may at a time, ``running`` in number. ``description`` is the lane.

    ``of_yours``: it is the client at hand who has so many, and others may have a place.
    """

    def __init__(self, lane: str, running: int = 0, *, of_yours: bool = False) -> None:
        super().__init__(lane, retry_after=COME_AGAIN)
        self.running = running
        self.of_yours = of_yours


def lane_of(method: str, path: str, by_htmx: bool) -> str:
    """Return the lane of a request, by its method, its path (decoded, as the routes are written) and who asks."""
    first, _, rest = path[1:].partition("/")
    if method in ("GET", "HEAD"):
        return AT_ONCE if first in _DRAWN_FROM_THE_COOKIE else PAGES
    if first not in _WALKS:
        return PAGES
    return _WAITS[rest][by_htmx] if rest in _WAITS else FORMS


@contextmanager
def waiting() -> Iterator[None]:
    """Let others of this lane compute while this request waits: for the network, say, or for a core.

    A hundred tests may wait at the same time. If they all ended in the same moment, and all computed, a page would
    have to compete with a hundred threads.
    """
    turn: Semaphore | None = request.environ.get(TURN)
    if turn is None:
        yield
        return
    turn.release()
    try:
        yield
    finally:
        turn.acquire()


def turn_away_where_full(app: Flask) -> None:
    """Let ``app`` do nothing for a request whose lane is full. Comes after the checks of who sends it."""

    @app.before_request
    def turn_away() -> None:
        if lane := request.environ.get(FULL):
            raise NoPlace(lane, request.environ.get(RUNNING, 0))
