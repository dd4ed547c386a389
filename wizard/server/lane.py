"""Threads for the requests that wait for something: a lane for each kind, so that none stands in another's way."""

from __future__ import annotations

import _thread
import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

from wizard.web.lanes import KEYS, PAGES, TESTS

IDLE_SECONDS: Final = 30.0
"""After so long a thread that has nothing to do ends, but for the first few of each lane."""
KEPT_THREADS: Final = 2
AT_A_TURN: Final = 2
"""So many tests compute at a time, and so many requests about keys, while the others wait for what they wait for."""


def shares(threads: int) -> dict[str, int]:
    """Divide so many threads among the lanes: a few are kept for pages and for keys, tests may take the rest."""
    pages = max(1, min(32, threads // 8))
    keys = max(1, min(16, threads // 16))
    return {PAGES: pages, KEYS: keys, TESTS: max(1, threads - pages - keys)}


def lanes(threads: int) -> dict[str, Lane]:
    """Return the lanes that share so many threads."""
    return {name: Lane(most, most if name == PAGES else AT_A_TURN) for name, most in shares(threads).items()}


class Lane:
    """Threads for one kind of request: at most ``most``, started when they are needed.

    Places are given out on the event loop, in the order of asking (:meth:`enter`, :meth:`leave`), so that a job with
    a place (:meth:`run`) always finds a thread. ``turn`` is the semaphore that lets a few of them compute at a time.
    """

    def __init__(
        self, most: int, at_a_turn: int = AT_A_TURN, start: Callable[..., object] = _thread.start_new_thread
    ) -> None:
        # Not threading.Thread: it would hold up the event loop until the new thread has had its first turn.
        self._start = start
        self.turn = threading.Semaphore(at_a_turn)
        self.running = 0
        self._most = most
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._threads = 0
        self._lock = threading.Lock()

    async def enter(self, seconds: float) -> bool:
        """Take a place, waiting for one at most so long. Returns whether there was one."""
        if self._took_place():
            return True
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        await asyncio.wait((place,), timeout=seconds)
        if place.done():
            return True
        self._waiting.remove(place)
        return False

    def _took_place(self) -> bool:
        """Take a place if one is free, and see that there is a thread for it.

        A system that allows no more of them (a container's limit, say) makes the lane smaller, and breaks nothing.
        """
        with self._lock:
            if self.running >= self._most:
                return False
            if self._threads == self.running:
                try:
                    self._start(self._work, ())
                except RuntimeError:
                    return False
                self._threads += 1
            self.running += 1
            return True

    def leave(self) -> None:
        """Give the place to whoever has waited longest."""
        if self._waiting:
            self._waiting.popleft().set_result(None)
        else:
            with self._lock:
                self.running -= 1

    def run(self, job: Callable[[], None]) -> None:
        """Have the job done in a thread, by somebody who has a place."""
        self._jobs.put(job)

    def _work(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=IDLE_SECONDS)
            except Empty:
                with self._lock:
                    if self._threads > max(KEPT_THREADS, self.running):
                        self._threads -= 1
                        return
            else:
                job()
                del job  # it holds the request, and the next one may come tomorrow
