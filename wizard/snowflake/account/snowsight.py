"""Finds the account in an address of Snowsight, Snowflake's web interface, which serves all accounts at one host."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.snowflake.account.address import Address, take_apart
from wizard.snowflake.account.domain import DOMAINS, NOT_ACCOUNTS, domain_of
from wizard.snowflake.account.errors import WHERE_TO_FIND_IT, AccountError, shown
from wizard.snowflake.account.regions import looks_like_suffix

_PATH_PART = re.compile(r"[A-Za-z0-9_-]{1,130}")


def out_of_snowsight(address: Address) -> Address:
    """Return the account's own address where this one is Snowsight's, else the same.

    Snowsight's path is ``/<organization>/<account>/``, on older pages ``/<region>/<locator>/``. Raises AccountError
    where it names no account.
    """
    host = address.host.lower()
    if host not in ("app.snowflake.com", "app.snowflake.cn") and not _is_private(host):
        return address
    path = address.path
    parts = path[1:] if path[:1] in (("streamlit",), ("console",)) else path
    if len(parts) < 2 or parts[0].lower() in NOT_ACCOUNTS:
        seen = f", and {shown(parts[0])} alone is not enough" if parts else ""
        raise AccountError(
            f"This is Snowsight's address, but it doesn't say which account{seen}.",
            f"Sign in first and copy the address then, or take the identifier. {WHERE_TO_FIND_IT}",
        )
    first, second = parts[:2]
    region = first.lower().removesuffix(".privatelink")
    by_locator = first.isascii() and looks_like_suffix(region)
    for part in (second,) if by_locator else (first, second):
        if not _PATH_PART.fullmatch(part):
            raise AccountError(f"{shown(part)} in this Snowsight address is neither an organization nor an account.")
    private = ".privatelink" if ".privatelink." in host or region != first.lower() else ""
    china = f".{DOMAINS[1]}" if host.endswith(".cn") else ""
    found = f"{second}.{region}{private}" if by_locator else f"{first}-{second}{private}{china}"
    return replace(take_apart(found), port=address.port)


def _is_private(lowered_host: str) -> bool:
    return lowered_host.startswith("app.") and ".privatelink." in lowered_host and domain_of(lowered_host) is not None
