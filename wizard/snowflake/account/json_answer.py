"""Finds the account in Snowflake's answers that are JSON: its lists of hosts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from wizard.snowflake.account.clue import Clue
from wizard.snowflake.account.errors import AccountError

_JSON_AHEAD = re.compile(r"(?:\"?SYSTEM\$[A-Z_]{1,40}\([^)\n]{0,40}\)\"?\s{1,8})?(?=\"?[\[{])")

# Types of SYSTEM$ALLOWLIST(), best first: the address by organization and account needs no region.
# https://docs.snowflake.com/en/sql-reference/functions/system_allowlist
_ALLOWLIST_TYPES: Final = ("SNOWFLAKE_DEPLOYMENT_REGIONLESS", "SNOWFLAKE_DEPLOYMENT", "CLIENT_FAILOVER")

# Keys of SYSTEM$GET_PRIVATELINK_CONFIG(), best first.
# https://docs.snowflake.com/en/sql-reference/functions/system_get_privatelink_config
_PRIVATELINK_KEYS: Final = ("regionless-privatelink-account-url", "privatelink-account-url")


def in_json(text: str) -> Clue | None:
    ahead = _JSON_AHEAD.match(text)
    if not ahead:
        return None
    body = text[ahead.end() :]
    if body.startswith('"'):  # a cell of a CSV file
        body = body.strip('"').replace('""', '"')
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None  # a section of a TOML file begins with a bracket, too
    if isinstance(value, dict):
        for key in _PRIVATELINK_KEYS:
            if isinstance(url := value.get(key), str) and url:
                return Clue(address=url, notes=(f"Read the address under “{key}”.",))
        return None
    if isinstance(value, list) and any(isinstance(row, dict) and "host" in row for row in value):
        return _in_allowlist(row for row in value if isinstance(row, dict))
    return None


def _in_allowlist(rows: Iterable[Mapping[object, object]]) -> Clue:
    hosts: dict[str, list[str]] = {}
    for row in rows:
        kind, host = row.get("type"), row.get("host")
        if isinstance(kind, str) and isinstance(host, str):
            hosts.setdefault(kind, []).append(host)
    for kind in _ALLOWLIST_TYPES:
        if found := hosts.get(kind):
            # An account with underscores is listed twice; only that spelling shows its real name.
            host = next((host for host in found if "_" in host), found[0])
            return Clue(address=host, notes=(f"Read the address in the row {kind}.",))
    raise AccountError(
        "This is a list of hosts, but none of its rows is the address of an account.",
        "The answer of SELECT SYSTEM$ALLOWLIST(); has a row SNOWFLAKE_DEPLOYMENT_REGIONLESS: paste its host.",
    )
