"""One Snowflake account, as the wizard knows it: the host to ask and the name for the token.

This is the gate that keeps the wizard from being aimed at other machines: every host of an :class:`Account` ends in one
of Snowflake's two domains, or is one that the operator vouches for, and an account of any other can't be made.

The forms of an account come from https://docs.snowflake.com/en/user-guide/admin-account-identifier and
https://docs.snowflake.com/en/user-guide/organizations-connect (read autumn 2026).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from wizard.snowflake.account.domain import domain_of
from wizard.snowflake.account.errors import AccountError, shown
from wizard.snowflake.account.regions import is_suffix, title_of
from wizard.stored import FLAG, Table, stored, text

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,9}}")
# Four labels at most (locator, compliance, region, cloud), and the fixed word of PrivateLink behind them.
_SNOWFLAKE_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,3}}(?:\.privatelink)?\.snowflakecomputing\.(?:com|cn)")
_CLAIM: Final = re.compile(r"[A-Z0-9_](?:[A-Z0-9_-]{0,61}[A-Z0-9_])?")
_IDENTIFIER: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,4}}")
_PART: Final = re.compile(r"[A-Z0-9_-]{0,63}")
_TEXT: Final = text(640)  # ten labels and their dots; what each may hold, the account itself says


@dataclass(frozen=True, slots=True)
class Account:
    """One Snowflake account.

    An Account with any other host than one in Snowflake's domains can only be made with ``vouched=True``; making
    one that breaks this, or any other shape named below, raises AccountError.
    """

    host: str = field(metadata=stored("host", _TEXT))
    """Where to connect, lower case: ``myorg-my-acct.snowflakecomputing.com``. No underscores, except in a
    PrivateLink host, which stays as pasted: its owner may have published that one name only."""
    claim: str = field(metadata=stored("claim", _TEXT))
    """What goes in the token, upper case, underscores kept: ``MYORG-MY_ACCT`` or ``XY12345``."""
    identifier: str = field(metadata=stored("identifier", _TEXT))
    """What client tools are given as ``account``, lower case: ``myorg-my_acct``, ``xy12345.us-east-2.aws``."""
    organization: str = field(default="", metadata=stored("organization", _TEXT))
    """``MYORG``, where the account is known by organization and name."""
    name: str = field(default="", metadata=stored("name", _TEXT))
    """``MY_ACCT``, where the account is known by organization and name."""
    locator: str = field(default="", metadata=stored("locator", _TEXT))
    """``XY12345``, where the account is known by its locator."""
    region: str = field(default="", metadata=stored("region", _TEXT))
    """What follows the locator, without the dot: ``us-east-2.aws``. ``""`` with a locator is AWS US West (Oregon)."""
    privatelink: bool = field(default=False, metadata=stored("privatelink", FLAG))
    vouched: bool = field(default=False, metadata=stored("vouched", FLAG))
    """The operator vouches for this host, which is outside Snowflake's domains. Whoever connects checks that again."""
    notes: tuple[str, ...] = field(default=(), compare=False)
    """What was changed or assumed while reading, one sentence each, for the person to check. Not stored."""

    def __post_init__(self) -> None:
        parts = (self.organization, self.name, self.locator)
        shapes_are_right = (
            _CLAIM.fullmatch(self.claim)
            and _IDENTIFIER.fullmatch(self.identifier)
            and all(_PART.fullmatch(part) for part in parts)
            and bool(self.organization) == bool(self.name)
            and (self.region == "" or (self.locator != "" and is_suffix(self.region)))
        )
        if not shapes_are_right or not (self._is_vouched() if self.vouched else self._is_snowflakes()):
            raise AccountError(f"{shown(self.host)} is not the address of a Snowflake account.")

    def _is_snowflakes(self) -> bool:
        """Tell whether the host is in Snowflake's domains, and host, identifier and claim are of one account."""
        return (
            _SNOWFLAKE_HOST.fullmatch(self.host) is not None
            and self.privatelink == (".privatelink." in self.host)
            and squashed(self.host).rpartition(".snowflakecomputing.")[0] == squashed(self.identifier)
            # Some clients write hyphens for the underscores of a claim; a live test may try that.
            and self.claim in _spellings(self.locator, f"{self.organization}-{self.name}")
        )

    def _is_vouched(self) -> bool:
        return HOST.fullmatch(self.host) is not None and domain_of(f".{self.host}") is None

    def in_words(self) -> str:
        """Describe the account so that a person can check it: ``organization MYORG, account MY_ACCT``."""
        words: list[str] = []
        if self.organization:
            words.append(f"organization {self.organization}, account {self.name}")
            if self.locator:
                words.append(f"known to the token as {self.locator}")
        elif self.region == "global":
            words.append(f"account {self.locator} at an old global address")
        elif self.locator and not self.region and self.privatelink:
            words.append(f"account locator {self.locator}")
        elif self.locator:
            words.append(f"account locator {self.locator} in {title_of(self.region)}")
        else:
            words.append(f"account {self.claim}")
        if self.host.endswith(".cn") and not self.region:
            words.append("in China")
        if self.privatelink:
            words.append("over PrivateLink")
        return ", ".join(words)


STORED_ACCOUNT: Final = Table(Account)
"""How an account is stored. ``vouched`` is what the operator's list said at that time, not what it says now."""


def _spellings(*names: str) -> tuple[str, ...]:
    return (*names, *(name.replace("_", "-") for name in names))


def squashed(name: str) -> str:
    """Make two spellings of one name equal: case, and hyphen for underscore."""
    return name.lower().replace("_", "-")
