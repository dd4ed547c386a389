"""Programs that serve, in processes of their own, and what they cost."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """A server at ``url`` whose first process is ``pid``; it gave its first answer after ``started_in`` seconds."""

    url: str
    pid: int
    started_in: float

    def cpu(self) -> float:
        """Return the CPU seconds that all its processes have used so far."""
        return sum(seconds for seconds, _ in self._processes())

    def cpu_of_each(self) -> list[float]:
        """Return the CPU seconds that each of its processes has used so far, in the order of their start."""
        return [seconds for seconds, _ in self._processes()]

    def memory(self) -> float:
        """Return the resident memory of all its processes, in MiB."""
        return sum(mebibytes for _, mebibytes in self._processes())

    def _processes(self) -> list[tuple[float, float]]:
        return [_cost_on_linux(pid) if sys.platform == "linux" else _cost_elsewhere(pid) for pid in _family(self.pid)]


def _family(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(child): int(parent) for child, parent in (line.split() for line in listed.splitlines())}
    family = [pid]
    for member in family:  # grows while it is read: children of children
        family += [child for child, parent in parents.items() if parent == member]
    return family


def _cost_on_linux(pid: int) -> tuple[float, float]:
    ticks = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    seconds = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    return seconds, pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _cost_elsewhere(pid: int) -> tuple[float, float]:
    said = subprocess.run(["ps", "-o", "time=,rss=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout
    clock, kibibytes = said.split()
    seconds = 0.0
    for part in re.split("[-:]", clock):
        seconds = seconds * 60 + float(part)
    return seconds, int(kibibytes) / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def wizard(*, practice: bool = False, files: int = 0, **more: str) -> Iterator[Server]:
    """Serve the wizard by its own command, with ``more`` in its environment, from a shell that allows so many files."""
    port = free_port()
    arguments = ["wizard", "serve", "--port", str(port), "--practice" if practice else "--no-practice"]
    shell = ["sh", "-c", f'ulimit -S -n {files} && exec "$@"', "sh"] if files else []
    with _serving([*shell, sys.executable, "-m", *arguments], port, more) as server:
        yield server


@contextmanager
def bare(size: int) -> Iterator[Server]:
    """Serve a Flask application of one page of ``size`` bytes, by the same server with the same settings."""
    port = free_port()
    with _serving([sys.executable, "-m", "bench.bare", str(port), str(size)], port) as server:
        yield server


@contextmanager
def _serving(command: list[str], port: int, more: Mapping[str, str] = MappingProxyType({})) -> Iterator[Server]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WIZARD_")}
    environment |= {
        "WIZARD_SECRET_KEY": "the secret key of the benchmark, long enough",
        "WIZARD_RATE_LIMITS": "off",
        "PYTHONPATH": str(ROOT),
        **more,
    }
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield Server(f"http://127.0.0.1:{port}", process.pid, _first_answer(process, port) - began)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _first_answer(process: subprocess.Popen[bytes], port: int) -> float:
    while process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        with suppress(OSError):
            connection.request("GET", "/")
            if connection.getresponse().read():
                return time.perf_counter()
        connection.close()
        time.sleep(0.005)
    raise RuntimeError(f"the server ended with {process.returncode}")
