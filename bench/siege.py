"""What one process holds out: five ways to keep a server busy with nothing, and how long a page takes meanwhile.

``make siege``, or ``python -m bench.siege --parts 0.1`` for a tenth of each. Everything stays on this machine and is
bounded: in number by the table below, in time by ``SECONDS`` for each siege. The wizard runs with its rate limits off,
and is started from a shell that allows 1,024 open files, as many shells do. Its live tests reach a Snowflake that takes
connections and says nothing for ten seconds: it stands where the proxy to the internet would, or, with ``--directly``,
where Snowflake itself would.
"""

from __future__ import annotations

import argparse
import multiprocessing
import selectors
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import Self
from urllib.parse import urlsplit

from bench import served
from bench.__main__ import make_keys
from bench.person import Person
from wizard.server.sockets import raise_file_limit

HANGS_FOR = 10.0
SECONDS = 20.0  # of each siege; longer than any deadline of the server
MOST_SECONDS = 90.0  # until the last test has to be answered
BETWEEN_PAGES = 0.02
PAGE = "/steps/account"
AIM_MILLISECONDS = 100.0
AIM_MEBIBYTES = 300.0


@dataclass(frozen=True)
class Siege:
    """So many of each at once: live tests, bodies and heads that never end, connections that say nothing."""

    what: str
    tests: int = 0
    bodies: int = 0
    heads: int = 0
    silent: int = 0
    idle: int = 0

    def part(self, of_it: float) -> Siege:
        counts = {name: round(getattr(self, name) * of_it) for name in ("tests", "bodies", "heads", "silent", "idle")}
        return Siege(self.what, **counts)


SIEGES = (
    Siege("500 tests that hang", tests=500),
    Siege("3,000 unfinished bodies", bodies=3000),
    Siege("5,000 silent connections", silent=5000),
    Siege("2,000 half heads, 1,000 idle", heads=2000, idle=1000),
    Siege("300 tests, 2,000 silent, 1,000 bodies", tests=300, silent=2000, bodies=1000),
)


@dataclass(frozen=True)
class Outcome:
    """Milliseconds of a page, tests that got their answer, MiB of the server at its fullest."""

    pages: int
    median: float
    p99: float
    slowest: float
    tests: int
    answered: int
    waited: float
    memory: float

    @property
    def held(self) -> bool:
        return self.p99 < AIM_MILLISECONDS and self.answered == self.tests and self.memory < AIM_MEBIBYTES


@contextmanager
def hanging_snowflake() -> Iterator[str]:
    """Take every connection, say nothing, and hang up after ``HANGS_FOR`` seconds; yield its address."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    over = threading.Event()

    def hold() -> None:
        held: list[tuple[float, socket.socket]] = []
        listener.settimeout(0.1)
        while not over.is_set():
            with suppress(TimeoutError):
                held.append((time.monotonic() + HANGS_FOR, listener.accept()[0]))
            while held and held[0][0] < time.monotonic():
                held.pop(0)[1].close()
        for _, each in held:
            each.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        yield f"localhost:{listener.getsockname()[1]}"
    finally:
        over.set()
        thread.join()
        listener.close()


@dataclass(frozen=True)
class Held:
    """A connection that is held, what was sent on it and when, and whether it ends with its answer."""

    connection: socket.socket
    sent: bytes
    once: bool
    began: float
    got: bytearray


class Besieger:
    """Holds many connections to the wizard, and opens those again that it closes."""

    def __init__(self, url: str) -> None:
        self._address = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
        if self._address[0] != "127.0.0.1":
            raise ValueError("a siege is laid to this machine only")
        self._held = selectors.DefaultSelector()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._hold)
        self.answered = 0
        self.waited = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for key in list(self._held.get_map().values()):
            key.data.connection.close()
        self._held.close()

    def lay(self, count: int, sent: bytes, *, once: bool = False) -> None:
        """Open so many connections and send this on each. ``once``: they wait for an answer, and end with it."""
        for _ in range(count):
            self._open(sent, once)

    def _open(self, sent: bytes, once: bool) -> None:
        each = socket.create_connection(self._address, timeout=60)
        each.sendall(sent)
        each.setblocking(False)
        self._held.register(each, selectors.EVENT_READ, Held(each, sent, once, time.monotonic(), bytearray()))

    def _hold(self) -> None:
        while not self._over.is_set():
            for key, _ in self._held.select(0.05):
                held: Held = key.data
                try:
                    more = held.connection.recv(65536)
                except OSError:
                    more = b""
                held.got.extend(more)
                answered = held.once and b"data-verdict=" in held.got
                if more and not answered:
                    continue
                self._held.unregister(held.connection)
                held.connection.close()
                if answered:
                    self.answered += 1
                    self.waited = max(self.waited, time.monotonic() - held.began)
                elif not held.once:
                    self._open(held.sent, held.once)


def request_for_a_test(url: str, account: str) -> bytes:
    """Return the request of a person who has come to the test, and gives it a key file without scripts."""
    keys = make_keys()
    with Person.at(url) as person:
        person.get("/steps/account")
        person.post("/steps/account", account=account)
        person.post("/steps/user", username="JANE")
        person.post("/steps/key", source="public", public_key=keys.public)
        person.post("/steps/register", registered="yes")
        person.post("/steps/verify", skip="yes")
        return person.written("/steps/test", private_key_text=keys.private)


def milliseconds_of_a_page(url: str) -> float:
    """Return how long a newcomer's page takes, the connection included."""
    began = time.perf_counter()
    address = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
    with socket.create_connection(address, timeout=60) as each:
        each.settimeout(60)
        each.sendall(f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        got = b""
        while more := each.recv(65536):
            got += more
    if not got.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"the page was answered with {got[:200]!r}")
    return (time.perf_counter() - began) * 1000


def look(url: str, over: Event, seen: Connection) -> None:
    """Ask for a page again and again, in a process that does nothing else, and send the milliseconds when it is over.

    What is sent first says that it has begun.
    """
    seen.send([])
    times: list[float] = []
    while not over.wait(BETWEEN_PAGES):
        times.append(milliseconds_of_a_page(url))
    seen.send(sorted(times))


def outcome(server: served.Server, siege: Siege, test: bytes) -> Outcome:
    head = f"POST {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode()
    apart = multiprocessing.get_context("spawn")
    over, (seen, sent) = apart.Event(), apart.Pipe(duplex=False)
    looking = apart.Process(target=look, args=(server.url, over, sent))
    looking.start()
    seen.recv()
    fullest, began = 0.0, time.monotonic()
    with Besieger(server.url) as besieger:
        besieger.lay(siege.silent, b"")
        besieger.lay(siege.idle, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        besieger.lay(siege.heads, head)
        besieger.lay(siege.bodies, head + b"Content-Length: 2000\r\n\r\naccount=")
        besieger.lay(siege.tests, test, once=True)
        while time.monotonic() - began < (SECONDS if besieger.answered == siege.tests else MOST_SECONDS):
            time.sleep(0.5)
            fullest = max(fullest, server.memory())
        over.set()
        times: list[float] = seen.recv()
        looking.join()
        answered, waited = besieger.answered, besieger.waited
    return Outcome(
        pages=len(times),
        median=times[len(times) // 2],
        p99=times[int(len(times) * 0.99)],
        slowest=times[-1],
        tests=siege.tests,
        answered=answered,
        waited=waited,
        memory=fullest,
    )


def main() -> int:
    options = argparse.ArgumentParser(prog="bench.siege", description=__doc__)
    options.add_argument("--parts", type=float, default=1.0, help="lay a part of each siege only, such as 0.1")
    options.add_argument("--directly", action="store_true", help="the wizard dials the Snowflake that hangs itself")
    options.add_argument("--only", type=int, help="lay one siege only, by its number")
    given = options.parse_args()
    raise_file_limit()
    print(f"{'siege':<38} {'a page, p50':>12} {'p99':>8} {'slowest':>8}  {'tests answered':>15} {'memory':>9}")
    print("-" * 104)
    lost = 0
    for number, siege in enumerate(SIEGES, 1):
        if given.only not in (None, number):
            continue
        with ExitStack() as stack:
            snowflake = stack.enter_context(hanging_snowflake())
            serving = (
                served.wizard(files=1024, WIZARD_TRUSTED_HOSTS=snowflake)
                if given.directly
                else served.wizard(files=1024, HTTPS_PROXY=f"http://{snowflake}")
            )
            server = stack.enter_context(serving)
            test = request_for_a_test(server.url, "localhost" if given.directly else "myorg-hanging")
            found = outcome(server, siege.part(given.parts), test)
        tests = f"{found.answered}/{found.tests} {found.waited:.0f} s" if found.tests else ""
        print(
            f"{siege.what:<38} {found.median:>9.0f} ms {found.p99:>5.0f} ms {found.slowest:>5.0f} ms  {tests:>15} "
            f"{found.memory:>5.0f} MiB  {'held' if found.held else 'LOST'}",
            flush=True,
        )
        lost += not found.held
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
