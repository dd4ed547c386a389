"""Finds the account in a JDBC URL, wherever in the text that stands."""

from __future__ import annotations

import re

from wizard.snowflake.account.clue import Clue

_JDBC = re.compile(r"(?i)jdbc:snowflake://[^\s\"'<>]+")
_JDBC_ACCOUNT = re.compile(r"(?i)[?&;]account=([^&;#\s]*)")


def in_jdbc_url(text: str) -> Clue | None:
    url = _JDBC.search(text)
    if not url:
        return None
    account = _JDBC_ACCOUNT.search(url[0])
    return Clue(address=url[0], account=account[1] if account else "")
