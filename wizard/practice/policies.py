"""Policies that stand in the way of a good key: from where, and in which ways, somebody may log in.

https://docs.snowflake.com/en/user-guide/network-policies and /authentication-policies (checked 2026-11). Here a policy
counts for the users that it is set on; one of the whole account there is not.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal

Kind = Literal["network", "authentication"]

METHODS = (
    "ALL", "SAML", "OIDC", "PASSWORD", "OAUTH", "KEYPAIR", "PROGRAMMATIC_ACCESS_TOKEN", "WORKLOAD_IDENTITY",
)  # fmt: skip
"""What AUTHENTICATION_METHODS can list."""

LIST_OF: dict[Kind, str] = {"network": "ALLOWED_IP_LIST", "authentication": "AUTHENTICATION_METHODS"}
"""The property that says what a policy allows."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy. ``allows`` are IPv4 addresses or networks, or ways to log in; none at all leaves everything open."""

    kind: Kind
    name: str
    allows: tuple[str, ...] = ()
    comment: str = ""

    def lets_in(self, what: str) -> bool:
        """Whether it allows this address, or this way to log in."""
        if not self.allows:
            return True
        if self.kind == "authentication":
            return what in self.allows or "ALL" in self.allows
        return any(ipaddress.ip_address(what) in ipaddress.ip_network(allowed, strict=False) for allowed in self.allows)


def is_allowable(kind: Kind, text: str) -> bool:
    """Whether a policy of this kind can list ``text``."""
    if kind == "authentication":
        return text in METHODS
    try:
        ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        return False
    return True
