"""A lane: places in the order of asking, threads when they are needed, and an answer for who finds none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from wizard.server.lane import Lane, shares
from wizard.web.lanes import KEYS, PAGES, TESTS

SOON = 0.02  # seconds


class Job:
    """Something that takes until it is released, in a thread of its lane."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._loop = asyncio.get_running_loop()
        self._released = threading.Event()
        self.done = self._loop.create_future()
        self.thread = 0
        lane.run(self._work)

    def _work(self) -> None:
        self.thread = threading.get_ident()
        assert self._released.wait(10)
        self._loop.call_soon_threadsafe(self.done.set_result, None)

    async def end(self) -> None:
        self._released.set()
        await self.done
        self._lane.leave()


def test_who_comes_when_all_places_are_taken_waits_and_then_is_told() -> None:
    async def scene() -> None:
        lane = Lane(2)
        assert await lane.enter(SOON) and await lane.enter(SOON)
        jobs = [Job(lane), Job(lane)]
        assert not await lane.enter(SOON)
        assert lane.running == 2
        for job in jobs:
            await job.end()
        assert lane.running == 0
        assert len({job.thread for job in jobs}) == 2

    asyncio.run(scene())


def test_places_are_given_out_in_the_order_of_asking() -> None:
    async def scene() -> list[int]:
        lane, order = Lane(1), []
        assert await lane.enter(SOON)
        job = Job(lane)

        async def ask(number: int) -> None:
            assert await lane.enter(10)
            order.append(number)
            await Job(lane).end()

        waiting = [asyncio.create_task(ask(number)) for number in range(3)]
        await asyncio.sleep(0)
        await job.end()
        await asyncio.gather(*waiting)
        assert lane.running == 0
        return order

    assert asyncio.run(scene()) == [0, 1, 2]


def test_who_gave_up_waiting_is_not_given_a_place_later() -> None:
    async def scene() -> None:
        lane = Lane(1)
        assert await lane.enter(SOON)
        job = Job(lane)
        assert not await lane.enter(SOON)
        await job.end()
        assert lane.running == 0
        assert await lane.enter(SOON)

    asyncio.run(scene())


def test_one_thread_does_for_jobs_that_follow_each_other() -> None:
    async def scene() -> set[int]:
        lane, used = Lane(50), set()
        for _ in range(5):
            assert await lane.enter(SOON)
            job = Job(lane)
            await job.end()
            used.add(job.thread)
        return used

    assert len(asyncio.run(scene())) == 1


def test_a_system_that_allows_no_more_threads_makes_the_lane_smaller_and_breaks_nothing() -> None:
    started: list[threading.Thread] = []

    def start(work: Callable[[], None], _arguments: tuple[()]) -> None:
        if started:
            raise RuntimeError("can't start new thread")
        started.append(threading.Thread(target=work, daemon=True))
        started[0].start()

    async def scene() -> None:
        lane = Lane(5, start=start)
        assert await lane.enter(SOON)
        job = Job(lane)
        assert not await lane.enter(SOON)
        waiting = asyncio.create_task(lane.enter(10))
        await asyncio.sleep(0)
        await job.end()
        assert await waiting
        await Job(lane).end()

    asyncio.run(scene())


@pytest.mark.parametrize("threads", [1, 2, 3, 8, 100, 600, 4096])
def test_tests_leave_pages_and_keys_a_share_of_the_threads(threads: int) -> None:
    share = shares(threads)
    assert min(share.values()) >= 1
    assert sum(share.values()) == max(3, threads)
    assert share[TESTS] >= share[PAGES] >= share[KEYS]


def test_five_hundred_tests_may_hang_at_the_same_time_if_nothing_else_is_set() -> None:
    from wizard.settings import Settings

    given = {"WIZARD_SECRET_KEY": "a secret key of the tests, long enough"}
    assert shares(Settings.from_environment(given).threads)[TESTS] >= 500
