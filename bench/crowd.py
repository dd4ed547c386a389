"""Many people who walk at their own pace: each on a line of their own, thinking between pages, for a bounded time.

``python -m bench.crowd`` reads what they answer from standard input, and prints how long their pages took. It is a
process of its own, so that the crowd and the server don't take turns under one interpreter's lock. Only loopback is
ever asked.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from bench.person import TOKEN, acts, request_line
from bench.served import ROOT

PEOPLE = 500
SECONDS = 40.0
THINKS = 5.0  # seconds between two pages, on average
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_LOCATION = re.compile(r"^location: *(\S+)", re.IGNORECASE | re.MULTILINE)
_COOKIE = re.compile(r"^set-cookie: *([^;\r\n]+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Orders:
    """Where the crowd walks, and what each of them answers."""

    url: str
    user: str
    public_key: str
    described: str


@dataclass(frozen=True)
class Seen:
    """How many pages were seen, how many times something else came instead, and the times of a page in milliseconds."""

    pages: int
    failures: int
    median: float
    p99: float


def walk(orders: Orders) -> Seen:
    """Send the crowd, and return what it saw."""
    command = [sys.executable, "-m", "bench.crowd"]
    sent = json.dumps(asdict(orders))
    done = subprocess.run(command, input=sent, capture_output=True, text=True, cwd=ROOT, check=True)
    return Seen(**json.loads(done.stdout))


class Walker:
    """One of the crowd: a line, a cookie, and the token of the form in front of them."""

    def __init__(self, orders: Orders, chance: random.Random, ends: float) -> None:
        self._orders, self._chance, self._ends = orders, chance, ends
        self._cookie = self._token = ""
        self.times: list[float] = []
        self.failures = 0

    async def walk(self) -> None:
        """Walk again and again until the time is over, each time as somebody new."""
        await asyncio.sleep(self._chance.random() * THINKS)  # nobody arrives in the same moment
        while time.monotonic() < self._ends:
            self._cookie = self._token = ""
            for act in acts(self._orders.user, self._orders.public_key, self._orders.described):
                try:
                    await self._see(*act)
                except (OSError, asyncio.IncompleteReadError, ValueError):
                    self.failures += 1
                    break
                await asyncio.sleep(self._chance.expovariate(1 / THINKS))
                if time.monotonic() > self._ends:
                    return

    async def _see(self, method: str, path: str, fields: dict[str, str]) -> None:
        """Open a page, or answer a form and see where it leads."""
        address = urlsplit(self._orders.url)
        began = time.perf_counter()
        # A line of its own each time: a server doesn't wait for a browser that has gone quiet.
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        try:
            sent = {"csrf_token": self._token, **fields} if method == "POST" else None
            head, body = await self._ask(reader, writer, request_line(method, path, self._cookie, sent))
            if head.startswith("HTTP/1.1 303"):
                found = _LOCATION.search(head)
                led = found[1] if found else path
                head, body = await self._ask(reader, writer, request_line("GET", led, self._cookie))
        finally:
            writer.close()
        self.times.append((time.perf_counter() - began) * 1000)
        if not head.startswith("HTTP/1.1 200"):
            raise ValueError(head.partition("\r\n")[0])
        token = TOKEN.search((gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode())
        self._token = token[1] if token else ""

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
    ) -> tuple[str, bytes]:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        told = head.decode("latin-1")
        given = _COOKIE.search(told)
        self._cookie = given[1] if given else self._cookie
        return told, body


async def _send(orders: Orders) -> Seen:
    if urlsplit(orders.url).hostname != "127.0.0.1":
        raise ValueError("a crowd walks on this machine only")
    chance, ends = random.Random(1), time.monotonic() + SECONDS  # noqa: S311  # the same crowd each time
    crowd = [Walker(orders, random.Random(chance.random()), ends) for _ in range(PEOPLE)]  # noqa: S311
    await asyncio.gather(*(walker.walk() for walker in crowd))
    times = sorted(each for walker in crowd for each in walker.times)
    failures = sum(walker.failures for walker in crowd)
    return Seen(len(times), failures, statistics.median(times), times[int(len(times) * 0.99)])


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_send(Orders(**json.load(sys.stdin)))))))
