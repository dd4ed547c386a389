"""What comes in and goes out over HTTP, as plain data, so that all answers can be made without a socket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. ``headers`` have lower-case names; ``client`` is the address it came from."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    client: str = "127.0.0.1"

    @property
    def path(self) -> str:
        """The path, without the query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's names and (last) values."""
        return dict(parse_qsl(urlsplit(self.target).query, max_num_fields=32))

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; raises ``ValueError`` when it is anything else."""
        try:
            found = json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        if not isinstance(found, dict):
            raise ValueError("not an object")
        return found


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer.

    ``promised`` is the Content-Length to announce when it isn't the body's; ``wait_seconds`` passes before the
    answer; ``trickle_seconds`` passes after every byte of the body; ``padding_bytes`` blanks follow it.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None
    wait_seconds: float = 0.0
    trickle_seconds: float = 0.0
    padding_bytes: int = 0


def json_reply(status: int, data: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Reply:
    """An answer with ``data`` as its JSON body."""
    return Reply(status, json.dumps(data).encode(), {"Content-Type": "application/json", **(headers or {})})
