"""A line to the other side: bytes there and back, over TCP or over TLS inside another line, and no wait without an end.

TLS is done on memory (:meth:`ssl.SSLContext.wrap_bio`), so that it goes over any line, also one that is encrypted
already, and all waiting is in one place.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

_AT_ONCE = 64 * 1024
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of the waiting. A time limit on a socket starts anew with every byte; this one doesn't.

    ``until`` is a time of ``monotonic``, in seconds; ``wait`` is for how long nothing at all may happen.
    """

    monotonic: Callable[[], float]
    until: float
    wait: float

    def left(self) -> float:
        """Return for how many seconds to wait now. Raises ``TimeoutError`` when there are none."""
        left = self.until - self.monotonic()
        if left <= 0:
            raise TimeoutError("the answer did not end in time")
        return min(left, self.wait)

    def sooner(self, seconds: float) -> Deadline:
        """Return a deadline that is ``seconds`` from now, or this one where that comes first."""
        return Deadline(self.monotonic, min(self.until, self.monotonic() + seconds), min(self.wait, seconds))


class Line(Protocol):
    """What both kinds of line can do. All of it raises ``OSError``, ``TimeoutError`` among them."""

    deadline: Deadline

    @property
    def unreached(self) -> tuple[str, ...]:
        """What became of the addresses that were tried before."""

    def send(self, data: bytes) -> None:
        """Send all of ``data``."""

    def receive(self, most: int) -> bytes:
        """Return up to ``most`` bytes as soon as there are any; ``b""`` when the other side has hung up."""

    def hang_up(self) -> None:
        """End the connection."""


class PlainLine:
    """A line over a connected TCP socket. ``unreached``: the addresses that were tried before, each with its words."""

    def __init__(self, connected: socket.socket, deadline: Deadline, unreached: tuple[str, ...] = ()) -> None:
        self.deadline = deadline
        self._unreached = unreached
        self._socket = connected
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def unreached(self) -> tuple[str, ...]:
        """What became of the addresses that were tried before."""
        return self._unreached

    def send(self, data: bytes) -> None:
        self._socket.settimeout(self.deadline.left())
        self._socket.sendall(data)

    def receive(self, most: int) -> bytes:
        self._socket.settimeout(self.deadline.left())
        return self._socket.recv(most)

    def hang_up(self) -> None:
        self._socket.close()


class SecuredLine:
    """A line that is encrypted inside another one. Shakes hands when it is made, and raises ``ssl.SSLError``."""

    def __init__(self, below: Line, context: ssl.SSLContext, host: str) -> None:
        self._below = below
        self._arrived, self._leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._arrived, self._leaving, server_hostname=host)
        self._complete(self._tls.do_handshake)

    @property
    def deadline(self) -> Deadline:
        """That of the line below."""
        return self._below.deadline

    @deadline.setter
    def deadline(self, deadline: Deadline) -> None:
        self._below.deadline = deadline

    @property
    def unreached(self) -> tuple[str, ...]:
        """That of the line below."""
        return self._below.unreached

    @property
    def certificate(self) -> bytes:
        """The other side's certificate in DER."""
        return self._tls.getpeercert(binary_form=True) or b""

    def send(self, data: bytes) -> None:
        self._complete(lambda: self._tls.write(data))

    def receive(self, most: int) -> bytes:
        try:
            return self._complete(lambda: self._tls.read(most))
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return b""  # many hang up without a goodbye; an answer that was cut off shows by its length

    def hang_up(self) -> None:
        self._below.hang_up()

    def _complete(self, act: Callable[[], T]) -> T:
        """Do ``act``, sending what it leaves to be sent and bringing what it waits for."""
        while True:
            try:
                done = act()
            except ssl.SSLWantReadError:
                self._flush()
                if arrived := self._below.receive(_AT_ONCE):
                    self._arrived.write(arrived)
                else:
                    self._arrived.write_eof()
            except ssl.SSLError:
                with suppress(OSError):  # the alert that says why; whoever caused it may be gone
                    self._flush()
                raise
            else:
                self._flush()
                return done

    def _flush(self) -> None:
        if self._leaving.pending:
            self._below.send(self._leaving.read())
