"""How many connections there may be, and for how long: granian with the limits that the wizard needs."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from wizard.settings import Settings

MOST_CONNECTIONS: Final = 8192
"""At a time, for one process. Each costs 16 to 48 kB."""
HEAD_SECONDS: Final = 10
"""For a head to arrive whole, and for a connection that is kept to ask again."""
HEAD_BYTES: Final = 32 * 1024
"""Cookies of everything else that was served from localhost may come along; granian takes 400 kB if it isn't told."""
READ_SECONDS: Final = 30
"""In which the other end has to read something of an answer that doesn't fit on the way."""
STOP_SECONDS: Final = 3
"""After which a stop waits no longer: pages and keys are done by then, and tests can be begun again."""
BACKLOG: Final = 2048
UNLIMITED: Final = 1_000_000
GOOD_FILES: Final = 4096
"""With fewer, the wizard holds fewer connections than it could, and the operator is told."""


def raise_file_limit() -> int:
    """Let this process, and those it starts, open as many files as the system allows; return how many those are.

    A connection is a file, and many shells start programs with a limit of 1,024 where the system allows far more.
    """
    try:
        import resource
    except ImportError:  # Windows, which knows no such limit
        return UNLIMITED
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in (hard, 65_536, 10_240):  # macOS calls the hard limit infinite, and then takes 10,240
        if soft == resource.RLIM_INFINITY or (limit != resource.RLIM_INFINITY and limit <= soft):
            continue
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            break
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return UNLIMITED if allowed == resource.RLIM_INFINITY else allowed


def most_connections(files: int, threads: int) -> int:
    """Return how many connections fit into so many files, beside those that the threads open for live tests."""
    return max(64, min(MOST_CONNECTIONS, files - min(2 * threads + 128, files // 2)))


def listening(settings: Settings, files: int) -> Any:
    """Return granian, ready to serve: HTTP/1 alone, with deadlines, and with an end to how many may come.

    HTTP/2 is left out, also over TLS, because there one connection carries many requests: what is bounded by the
    number of connections would not be bounded any more.
    """
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings

    return Granian(
        "wizard",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEAD_SECONDS * 1000, keep_alive=True, max_buffer_size=HEAD_BYTES
        ),
        websockets=False,
        loop=Loops.asyncio,
        workers=settings.workers,
        backlog=BACKLOG,
        backpressure=most_connections(files, settings.threads),
        log_enabled=False,
        ssl_cert=settings.tls_certificate,
        ssl_key=settings.tls_key,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
    )


def hang_up_on_who_does_not_read() -> None:
    """Have the system end a connection whose other end reads nothing of its answer for :data:`READ_SECONDS`.

    Otherwise it would stay for good, for granian waits until all is sent. The option is set where this process
    listens, and handed on to each connection. On systems without it (all but Linux), nothing happens.
    """
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is None:
        return
    for opened in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the folder itself was open while it was read
            if opened.readlink().name.startswith("socket:"):
                with socket.socket(fileno=os.dup(int(opened.name))) as ours:
                    if ours.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                        ours.setsockopt(socket.IPPROTO_TCP, option, READ_SECONDS * 1000)
