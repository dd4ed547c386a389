"""What clients note of the settings that they were given: the table of dbt debug, the log of the Node.js driver.

Their errors name a host at most; these lines tell what was behind it. Sources: ``debug_config`` of dbt-snowflake's
credentials, and ``connection_config.js`` and ``connection.js`` of snowflake-connector-nodejs, autumn 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wizard.diagnosis.facts import Fact
from wizard.diagnosis.reading.recognised import LONGEST_VALUE

_TABLE: Final = re.compile(
    r"^(?:\d\d:\d\d:\d\d)?[ \t]{2,12}(account|user|host|private_key_path): ?([^\n]{0,255})$", re.MULTILINE
)
_HEAD: Final = "Connection:\n"
_LOG: Final = re.compile(
    r"with host: (?P<host>[^,\n]{0,255}), account: (?P<account>[^,\n]{0,255}), accessUrl: [^,\n]{0,400}, "
    r"user: (?P<user>[^,\n]{0,255}), role:"
)
_LOG_PATH: Final = re.compile(r"private key path: ([^,\n]{1,255}), private key pass")
_NOTHING: Final = ("", "None", "undefined", "null")


def read_notes(text: str) -> Iterator[Fact]:
    """Yield what a client notes of account, user, host and key file; each with a source of its own, so that they are
    compared.
    """
    if _HEAD in text:
        for line in _TABLE.finditer(text):
            yield from _noted(line[1], line[2], f"the line {line[1]} of dbt")
    if noted := _LOG.search(text):
        for name in ("account", "user", "host"):
            yield from _noted(name, noted[name], f"the {name} in the driver's log")
    if path := _LOG_PATH.search(text):
        yield from _noted("private_key_path", path[1], "the path in the driver's log")


def _noted(name: str, value: str, source: str) -> Iterator[Fact]:
    value = value.strip()[:LONGEST_VALUE]
    if value not in _NOTHING:
        yield Fact("error-path" if name == "private_key_path" else f"error-{name}", value, source)
    elif name in ("account", "user"):
        yield Fact("noted-empty", name, source)
