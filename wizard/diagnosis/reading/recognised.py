"""One thing that was recognised in a paste."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from wizard.diagnosis.facts import Fact
from wizard.diagnosis.settings.fragment import Fragment

Kind = Literal[
    "error",
    "sql-answer",
    "failure-details",
    "login-history",
    "desc-user",
    "show-users",
    "key-pairs",
    "settings",
    "token",
    "public-key",
    "certificate",
    "fingerprint",
    "openssl",
    "command",
    "private-key",
    "unknown",
]

LONGEST_VALUE: Final = 255
"""Characters of a name, host or path that are kept; no name of Snowflake's is longer."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """One piece of a paste.

    * ``kind``: stable name, stands in the page as ``data-recognised``
    * ``title``: what it was taken for, one short line without a full stop
    * ``facts``: what was read in it; never a secret
    * ``fragment``: of settings, what can be mended; it holds no secret either
    """

    kind: Kind
    title: str
    facts: tuple[Fact, ...] = ()
    fragment: Fragment | None = None
