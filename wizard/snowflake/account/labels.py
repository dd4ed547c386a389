"""Finds the account where a label says what a value is: config files, connection strings, a dialog copied whole.

The words that people and programs call the parts of an account by stand here, in one table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from wizard.snowflake.account.clue import Clue
from wizard.snowflake.account.errors import WHERE_TO_FIND_IT, AccountError, shown

SLOTS: Final = {
    "account": "account",
    "account_identifier": "account",
    "accountname": "account",
    "accountidentifier": "account",
    "account_id": "account",
    "identifier": "account",
    "data_sharing_account_identifier": "sharing",
    "account_name": "name",
    "current_account_name": "name",
    "organization": "organization",
    "organization_name": "organization",
    "organisation": "organization",
    "organisation_name": "organization",
    "org": "organization",
    "org_name": "organization",
    "orgname": "organization",
    "current_organization_name": "organization",
    "account_locator": "locator",
    "locator": "locator",
    "current_account": "locator",
    "region": "region",
    "region_id": "region",
    "snowflake_region": "region",
    "current_region": "region",
    "host": "address",
    "hostname": "address",
    "server": "address",
    "server_url": "address",
    "account_url": "address",
    "account/server_url": "address",
    "connection_url": "address",
    "url": "address",
    "uri": "address",
}
_LABEL_WORDS: Final = sorted(SLOTS, key=len, reverse=True)
_LABEL = re.compile(
    r"(?<![\w.?&#/+-])[\"']?(?:snowflake_|sf_)?(?:connections_\w{1,60}?_)?(?:extra__snowflake__)?"
    r"(?P<label>" + "|".join(word.replace("_", "[_ ]") for word in _LABEL_WORDS) + r")"
    r"[\"']?[ \t]{0,20}(?:=>|[=:\t\n])\s{0,20}"
    r"(?P<value>\"[^\"\n]{0,400}\"|'[^'\n]{0,400}'|[^\s\"',;&)}\]]{1,400})",
    re.IGNORECASE | re.ASCII,
)
_COMMENT: Final = ("#", "//", "--", ";")


def canonical(label: str) -> str:
    return label.strip(" \t\"'`").removesuffix("()").lower().replace(" ", "_")


def in_labels(text: str) -> Clue | None:
    lines = text.replace("\r", "\n").split("\n")
    kept = "\n".join(line for line in lines if not line.lstrip().startswith(_COMMENT))
    found: dict[str, list[str]] = {}
    for match in _LABEL.finditer(kept):
        value = match["value"].strip("\"' \t")
        if value and canonical(value) not in SLOTS:
            found.setdefault(SLOTS[canonical(match["label"])], []).append(value)
    return clue_of(found)


def clue_of(found: Mapping[str, list[str]]) -> Clue | None:
    """Put labelled values together; the slots are those of ``SLOTS``."""
    values: dict[str, str] = {}
    for slot, candidates in found.items():
        if slot == "address":  # a config file has many addresses, most of them not Snowflake's
            candidates = [host for host in candidates if "snowflake" in host.lower()] or candidates[:1]
        distinct = {candidate.lower().rstrip("/."): candidate for candidate in candidates}
        if len(distinct) > 1:
            first, second, *_ = distinct.values()
            raise AccountError(
                f"Several accounts are named here: {shown(first, 40)} and {shown(second, 40)}.",
                "Paste only the part that belongs to the account you want to connect to.",
            )
        values[slot] = next(iter(distinct.values()))
    account = values.get("account", "")
    name = values.get("name", "")
    organization = values.get("organization", "")
    region = values.get("region", "")
    if organization and not name and account and not re.search(r"[.-]", account):
        account, name = "", account
    address = values.get("address", "")
    if address and ("snowflake" in address.lower() or not (account or name or values.get("locator"))):
        return Clue(address=address, account=account)
    if account:
        return Clue(address=account, region=region)
    if organization and name:
        return Clue(organization=organization, name=name)
    if values.get("locator"):
        return Clue(locator=values["locator"], region=region)
    if values.get("sharing"):
        return Clue(address=values["sharing"])
    if name:
        return Clue(address=name, region=region)
    if organization:
        raise AccountError(
            f"{shown(organization)} is the name of an organization; the account is missing.",
            f"An organization holds several accounts. {WHERE_TO_FIND_IT}",
        )
    return None
