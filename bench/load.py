"""As many requests as a server answers, from one process that costs little itself.

Connections are kept open; a request is written to each, then each answer is read. Only loopback is ever asked.
"""

from __future__ import annotations

import re
import socket
import time
from urllib.parse import urlsplit

from bench.person import request_line

CONNECTIONS = 8
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def requests_per_second(
    url: str, path: str, seconds: float, *, cookie: str = "", connections: int = CONNECTIONS
) -> float:
    """Return how many times a second ``path`` was answered, over about ``seconds``, to whoever has ``cookie``."""
    host, port = urlsplit(url).hostname or "", urlsplit(url).port or 80
    if host != "127.0.0.1":
        raise ValueError("load goes to this machine only")
    asked = request_line("GET", path, cookie)
    sockets = [socket.create_connection((host, port)) for _ in range(connections)]
    try:
        _round(sockets, asked)  # warm
        answered, began = 0, time.perf_counter()
        while (spent := time.perf_counter() - began) < seconds:
            _round(sockets, asked)
            answered += connections
        return answered / spent
    finally:
        for each in sockets:
            each.close()


def _round(sockets: list[socket.socket], asked: bytes) -> None:
    for each in sockets:
        each.sendall(asked)
    for each in sockets:
        head, _, body = _read_head(each)
        length = _LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200") or length is None:
            raise RuntimeError(f"the server answered {head[:200]!r}")
        left = int(length[1]) - len(body)
        while left > 0:
            left -= len(each.recv(min(left, 65536)))


def _read_head(each: socket.socket) -> tuple[bytes, bytes, bytes]:
    got = b""
    while b"\r\n\r\n" not in got:
        more = each.recv(65536)
        if not more:
            raise RuntimeError("the server hung up")
        got += more
    return got.partition(b"\r\n\r\n")
