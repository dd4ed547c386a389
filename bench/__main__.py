"""What the wizard costs, as one table. ``make bench``, or ``python -m bench --walks 500`` for a shorter one.

Everything runs on this machine, one thing after another; rates are compared within one run, turn by turn, because a
machine's speed changes from hour to hour. Server CPU is that of the wizard's processes, read from the system.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bench import browser, crowd, hostile, load, served
from bench.person import Person, acts

USER = "JANE"
STARTS = 5
ROUNDS = 5
SECONDS = 2.0
PAGE_LOOKS = 200
CPU_WALKS = 100
CROWDED = 256  # connections: of 64 that come at once, the process that is awake may take nearly all
FIRST_WALKS = 100
TESTED = 10  # one walk in so many runs the live test too, when walks are only counted for memory


@dataclass(frozen=True)
class Row:
    what: str
    value: str
    aim: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        mark = {True: "met", False: "MISSED", None: ""}[self.met]
        return f"{self.what:<58} {self.value:>16}   {self.aim:<14} {mark}".rstrip()


@dataclass(frozen=True)
class Keys:
    private: str
    public: str


def make_keys() -> Keys:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Keys(private.decode(), public.decode())


def register(url: str, keys: Keys) -> str:
    """Give the practice Snowflake the key; return its DESC USER output as a grid copies it."""
    body = "".join(keys.public.splitlines()[1:-1])
    with Person.at(url) as administrator:
        administrator.get("/practice/worksheet")
        statements = f"ALTER USER {USER} SET RSA_PUBLIC_KEY='{body}'; DESC USER {USER};"
        page = administrator.post("/practice/worksheet", role="ACCOUNTADMIN", sql=statements)
    fingerprint = re.search(r"SHA256:[A-Za-z0-9+/]{43}=", page.replace("&#43;", "+"))
    if fingerprint is None:
        raise RuntimeError(f"the practice Snowflake did not take the key: {page[:3000]}")
    rows = {"NAME": USER, "LOGIN_NAME": USER, "DISABLED": "false", "RSA_PUBLIC_KEY_FP": fingerprint[0]}
    return "\n".join(["property\tvalue", *(f"{name}\t{value}" for name, value in rows.items())])


# --- what is measured -------------------------------------------------------------------------------------------------
def starts() -> Row:
    times = []
    for _ in range(STARTS):
        with served.wizard() as server:
            times.append(server.started_in)
    seconds = statistics.median(times)
    return Row("from start to the first answer", f"{seconds:.2f} s", "≤ 0.5 s", seconds <= 0.5)


def rates() -> Iterator[Row]:
    with served.wizard() as ours, Person.at(ours.url) as person:
        size = len(person.get("/steps/account").encode())
        with served.bare(size) as theirs:
            turns = [
                (
                    load.requests_per_second(ours.url, "/steps/account", SECONDS),
                    load.requests_per_second(theirs.url, "/", SECONDS),
                )
                for _ in range(ROUNDS)
            ]
    wizard, bare = (statistics.median(turn[which] for turn in turns) for which in (0, 1))
    ratio = statistics.median(turn[0] / turn[1] for turn in turns)
    yield Row(f"the account page ({size / 1024:.0f} KiB), requests a second", f"{wizard:.0f}")
    yield Row("a bare Flask page of that size, the same server", f"{bare:.0f}")
    yield Row("the wizard's page beside the bare one", f"{ratio:.0%}", "≥ 60 %", ratio >= 0.6)


def pages(server: served.Server, keys: Keys, described: str) -> Iterator[Row]:
    with Person.at(server.url) as person:
        person.walk_to_the_test(USER, keys.public, described)
        person.test(keys.private)
        costs = {}
        for path in (*WALKED, "/practice", "/healthz"):
            before = server.cpu()
            for _ in range(PAGE_LOOKS):
                person.get(path)
            costs[path] = (server.cpu() - before) / PAGE_LOOKS * 1000
            yield Row(f"GET {path}, server CPU", f"{costs[path]:.2f} ms")
    mean = statistics.mean(costs[path] for path in WALKED)
    yield Row("the mean page of a walk, server CPU", f"{mean:.2f} ms", "≤ 1.0 ms", mean <= 1.0)


STEPS = ("account", "user", "key", "register", "verify", "test", "handover")
WALKED = ("/", *(f"/steps/{slug}" for slug in STEPS))


def walks(server: served.Server, keys: Keys, described: str) -> Iterator[Row]:
    """Measure the walk in two parts, each for many people: its pages, and the live test at its end."""
    crowd = [Person.at(server.url) for _ in range(CPU_WALKS)]
    people = [person.__enter__() for person in crowd]
    try:

        def cost(part: Callable[[Person], None]) -> float:
            before = server.cpu()
            for person in people:
                part(person)
            return (server.cpu() - before) / CPU_WALKS * 1000

        answered = cost(lambda person: person.walk_to_the_test(USER, keys.public, described))
        tested = cost(lambda person: person.test(keys.private))
        finished = cost(Person.finish)
        requests = people[0].requests
    finally:
        for person in crowd:
            person.__exit__(None, None, None)
    yield Row(
        f"a walk's pages ({requests - 1} requests), server CPU",
        f"{answered + finished:.1f} ms",
        "≤ 12 ms",
        answered + finished <= 12,
    )
    yield Row("the live test, server CPU, the practice Snowflake's included", f"{tested:.1f} ms")
    yield Row("the whole walk, the practice Snowflake's CPU included", f"{answered + tested + finished:.1f} ms")


def crowds(server: served.Server, keys: Keys, described: str) -> Iterator[Row]:
    seen = crowd.walk(crowd.Orders(server.url, USER, keys.public, described))
    if seen.failures:
        raise RuntimeError(f"{seen.failures} of {seen.pages} pages did not come to the crowd")
    pace = f"{crowd.PEOPLE} people, {seen.pages / crowd.SECONDS:.0f} pages a second"
    yield Row(f"{pace}: a page, median", f"{seen.median:.1f} ms")
    yield Row(f"{pace}: a page, p99", f"{seen.p99:.0f} ms", "< 100 ms", seen.p99 < 100)


def scaling(keys: Keys) -> Iterator[Row]:
    """Compare two processes with one, on a page that is drawn for one person.

    Each needs a core for itself, and on a machine of two the load takes a part of both. So the rates aren't compared,
    but what bounds them: how evenly the two share the answers (2 for half each), and what an answer costs more of CPU
    because there are two. It can't cost less; what looks so is the machine, whose speed changes.
    """

    def shares(server: served.Server) -> tuple[float, float]:
        """Return the CPU seconds of an answer, and those of all processes beside those of the busiest."""
        with Person.at(server.url) as person:
            person.get("/steps/account")
            person.post("/steps/account", account="myorg-my_acct")
            person.post("/steps/user", username=USER)
            person.post("/steps/key", source="public", public_key=keys.public)
            cookie = person.cookie
        before, began = server.cpu_of_each(), time.perf_counter()
        rate = load.requests_per_second(server.url, "/steps/register", SECONDS, cookie=cookie, connections=CROWDED)
        answers = rate * (time.perf_counter() - began)
        used = [now - then for now, then in zip(server.cpu_of_each(), before, strict=True)]
        return sum(used) / answers, sum(used) / max(used)

    with served.wizard() as one, served.wizard(WIZARD_WORKERS="2") as two:
        turns = [(shares(one), shares(two)) for _ in range(ROUNDS)]
    ratio = statistics.median(even * min(1.0, alone / beside) for (alone, _), (beside, even) in turns)
    yield Row(
        "one process, requests in a second of its CPU", f"{statistics.median(1 / one[0] for one, _ in turns):.0f}"
    )
    yield Row("two processes beside one", f"{ratio:.2f} times", "≥ 1.8 times", ratio >= 1.8)


def memory(server: served.Server, keys: Keys, described: str, count: int) -> Iterator[Row]:
    """Measure resident memory after a hundred walks and after ``count``, by two people at a time."""

    def walk(number: int) -> None:
        with Person.at(server.url) as person:
            person.walk_to_the_test(USER, keys.public, described)
            if number % TESTED == 0:
                person.test(keys.private)
                person.finish()

    with ThreadPoolExecutor(2) as two:
        list(two.map(walk, range(FIRST_WALKS)))
        early = server.memory()
        yield Row(f"resident memory after {FIRST_WALKS} walks", f"{early:.1f} MiB")
        list(two.map(walk, range(FIRST_WALKS, count)))
    late = server.memory()
    yield Row(f"resident memory after {count:,} walks", f"{late:.1f} MiB", "+ 10 % at most", late <= early * 1.1)


def cookies_before(server: served.Server, keys: Keys, described: str) -> dict[str, str]:
    """Return, for each step, the cookie of somebody who has answered those before it."""
    cookies = {}
    with Person.at(server.url) as person:
        for (method, path, fields), slug in zip(acts(USER, keys.public, described), ("", *STEPS), strict=False):
            person.get(path) if method == "GET" else person.post(path, **fields)
            cookies[slug] = person.cookie
        person.test(keys.private)
        cookies["handover"] = person.cookie
    return cookies


def visits(server: served.Server, keys: Keys, described: str) -> Iterator[Row]:
    first, later = browser.visit(server.url, cookies_before(server, keys, described))
    yield Row("the first page, requests", f"{first.requests}", "≤ 10", first.requests <= 10)
    yield Row("the first page, headers and all", f"{first.bytes / 1000:.1f} kB", "≤ 45 kB", first.bytes <= 45_000)
    for slug, size in later.items():
        yield Row(f"the step {slug} later, headers and all", f"{size / 1000:.1f} kB", "≤ 6 kB", size <= 6_000)


def browsers(server: served.Server) -> Iterator[Row]:
    for label, value, milliseconds in browser.costs(server.url):
        held_up = milliseconds is not None
        yield Row(label, value, "≤ 50 ms" if held_up else "", milliseconds <= 50 if milliseconds is not None else None)


def parsers() -> Iterator[Row]:
    for name, parser in hostile.PARSERS.items():
        milliseconds, seed = hostile.slowest(parser)
        yield Row(f"1 MiB of {seed[:12]!r} as {name}", f"{milliseconds:.0f} ms", "≤ 500 ms", milliseconds <= 500)


def rows(count: int) -> Iterator[Row]:
    yield starts()
    yield from rates()
    keys = make_keys()
    with served.wizard(practice=True) as server:
        described = register(server.url, keys)
        yield from pages(server, keys, described)
        yield from walks(server, keys, described)
        yield from crowds(server, keys, described)
        yield from visits(server, keys, described)
        yield from browsers(server)
        yield from memory(server, keys, described, count)
    yield from scaling(keys)
    yield from parsers()


def main() -> int:
    options = argparse.ArgumentParser(prog="bench", description=__doc__)
    options.add_argument("--walks", type=int, default=10_000, help="how many walks memory is measured after")
    count = max(options.parse_args().walks, FIRST_WALKS + 1)
    missed = 0
    print(f"{'what':<58} {'measured':>16}   {'aim':<14}")
    print("-" * 98)
    for row in rows(count):
        print(row, flush=True)
        missed += row.met is False
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
