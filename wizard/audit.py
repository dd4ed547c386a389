"""The log: one JSON object a line, on standard output, with nothing secret in it.

What may be logged is named here, field by field; a value that is no short text or number is not written. Bodies,
cookies, query strings, file names and paths never come in: a request is known by its route's *rule*.

A log that can't be written (a full disk, a reader that has gone) costs nobody their page: its lines are lost, and
standard error is told once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

LONGEST_VALUE = 200
LONGEST_ADVICE = 1000  # to the operator, in words of ours
LOST = (
    "keypair-wizard: the log can’t be written ({error}). The wizard goes on and its lines are lost: make room on the "
    "disk, or start the wizard again with a log that is read."
)
FIELDS = frozenset(
    {
        "event", "request", "route", "method", "status", "milliseconds", "client", "outcome", "check", "cause",
        "step", "source", "bits", "error", "where", "address", "practice", "advice",
    }
)  # fmt: skip


class Audit:
    """Writes log lines through ``write`` (one call a line, which includes the line's end)."""

    def __init__(
        self,
        write: Callable[[str], object] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._write = write or _to_standard_output
        self._now = now
        self._told_of_loss = False

    def record(self, event: str, **fields: str | int | float | bool) -> None:
        """Write one line. Raises ``KeyError`` for a field that :data:`FIELDS` doesn't name (a mistake of ours)."""
        line: dict[str, object] = {"time": self._now().isoformat(timespec="milliseconds"), "event": event}
        for name, value in fields.items():
            if name not in FIELDS:
                raise KeyError(f"{name} is not a field of the log")
            longest = LONGEST_ADVICE if name == "advice" else LONGEST_VALUE
            line[name] = str(value)[:longest] if isinstance(value, str) else value
        try:
            self._write(json.dumps(line) + "\n")
        except (OSError, ValueError) as error:  # ValueError: it is closed
            self._tell_of_loss(error)

    def _tell_of_loss(self, error: Exception) -> None:
        if self._told_of_loss:
            return
        self._told_of_loss = True
        with suppress(OSError, ValueError):  # it may be the same disk
            sys.stderr.write(LOST.format(error=error) + "\n")


def _to_standard_output(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()
