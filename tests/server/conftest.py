"""A wizard served as people serve it, small enough that little fills it, and a Snowflake that never answers."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.test_cli import PATIENCE, environment

FEW_FILES = 64  # what a shell may allow; the hard limit is far above it


@dataclass
class HangingSnowflake:
    """Takes every connection, where the proxy to the internet would stand, and says nothing until it is let go."""

    listener: socket.socket
    held: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def hold(self) -> None:
        with suppress(OSError):
            while True:
                self.held.append(self.listener.accept()[0])

    def let_go(self) -> None:
        while self.held:
            self.held.pop().close()


@contextmanager
def hanging_snowflake() -> Iterator[HangingSnowflake]:
    snowflake = HangingSnowflake(socket.create_server(("127.0.0.1", 0), backlog=64))
    thread = threading.Thread(target=snowflake.hold)
    thread.start()
    try:
        yield snowflake
    finally:
        snowflake.listener.shutdown(socket.SHUT_RDWR)  # wakes the one who accepts, which closing alone would not
        snowflake.listener.close()
        thread.join()
        snowflake.let_go()


@dataclass(frozen=True)
class Besieged:
    """A wizard with eight threads, six of them for tests, started from a shell that allows few open files."""

    process: subprocess.Popen[bytes]
    port: int
    snowflake: HangingSnowflake
    tests_at_a_time: int = 6

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)


@contextmanager
def besieged(folder: Path, **more: str) -> Iterator[Besieged]:
    log = folder / "wizard.log"
    command = ["sh", "-c", f'ulimit -S -n {FEW_FILES} && exec "$@"', "sh", sys.executable, "-m", "wizard", "serve"]
    with hanging_snowflake() as snowflake, log.open("wb") as out:
        given = {"WIZARD_RATE_LIMITS": "off", "WIZARD_THREADS": "8", "HTTPS_PROXY": snowflake.url} | more
        process = subprocess.Popen([*command, "--port", "0"], env=environment(**given), stdout=out, stderr=out)
        try:
            yield Besieged(process, _port_when_ready(process, log), snowflake)
        finally:
            process.kill()
            process.wait()


def _port_when_ready(process: subprocess.Popen[bytes], log: Path) -> int:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"https?://127\.0\.0\.1:(\d+)", log.read_text(encoding="utf-8"))
        if found:
            with suppress(OSError), socket.create_connection(("127.0.0.1", int(found[1]))):
                return int(found[1])
        time.sleep(0.02)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def _no_loop_of_the_browser_runs() -> Iterator[None]:
    """Let a test start a loop where a browser test has run before it in this process.

    Playwright leaves its own loop running in the thread for as long as the browser is there.
    """
    of_the_browser = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(of_the_browser)


@pytest.fixture(scope="module")
def wizard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    with besieged(tmp_path_factory.mktemp("besieged")) as served:
        yield served
