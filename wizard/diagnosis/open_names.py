"""The fixes of a cause as its page shows them: with names left open, for nobody in particular."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from wizard.diagnosis.cause import Fix
from wizard.diagnosis.facts import Evidence, Fact
from wizard.diagnosis.statements import fill

_STANDS_FOR = MappingProxyType(
    {
        "THE_USER": "<USER>",
        "THE_ROLE": "<ROLE>",
        "THE_WAREHOUSE": "<WAREHOUSE>",
        "THEPUBLICKEY": "<PUBLIC KEY>",
        "192.0.2.1": "<ADDRESS>",
        "00000000-0000-0000-0000-000000000000": "<NUMBER>",
    }
)
"""What is put into the statements, each a value that they take as it is, and what a reader sees in its place."""
_USER, _ROLE, _WAREHOUSE, _KEY, _ADDRESS, _NUMBER = _STANDS_FOR
_NOBODY = Evidence(
    Fact(name, value, "nowhere")
    for name, value in {
        "user-name": _USER,
        "public-key": _KEY,
        "session-role": _ROLE,
        "session-warehouse": _WAREHOUSE,
        "ip": _ADDRESS,
        "uuid": _NUMBER,
    }.items()
)


def with_names_open(fix: Fix) -> Fix:
    """Return a fix with its statement, in which ``<USER>``, ``<PUBLIC KEY>`` … are to be filled in."""
    sql = fill(fix, _NOBODY).sql
    for value, name in _STANDS_FOR.items():
        sql = sql.replace(value, name)
    return replace(fix, sql=sql)  # its words leave them open by themselves
