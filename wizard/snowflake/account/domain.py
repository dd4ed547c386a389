"""Snowflake's domains, and what stands in front of them in an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wizard.snowflake.account.address import Address
from wizard.snowflake.account.errors import WHERE_TO_FIND_IT, AccountError, shown
from wizard.snowflake.account.regions import looks_like_suffix

DOMAINS: Final = ("snowflakecomputing.com", "snowflakecomputing.cn")
"""Everything Snowflake answers on; the second one is China's."""

# First labels of hosts that belong to Snowflake, and to no account.
NOT_ACCOUNTS: Final = frozenset(
    (
        *("www", "app", "apps", "api", "ocsp", "login", "signup", "trial", "status", "support", "community"),
        *("docs", "other-docs", "learn", "university", "developer", "developers", "quickstarts", "resources"),
        *("careers", "investors"),
    )
)


@dataclass(frozen=True, slots=True)
class Front:
    """The labels in front of the domain. ``exact``: they were pasted as a whole host, which is used as it is."""

    labels: tuple[str, ...]  # letters in the case they were typed in
    domain: str | None  # None where none was pasted
    exact: bool
    notes: tuple[str, ...] = ()


def in_front_of_domain(address: Address) -> Front:
    """Return what names the account in an address. Raises AccountError where the address is nobody's of Snowflake's."""
    host = address.host
    lowered = host.lower()
    notes: list[str] = []
    if address.port not in ("", "443"):
        notes.append(f"Left out the port {address.port}: Snowflake answers on 443.")
    domain = domain_of(lowered)
    exact = domain is not None
    if domain:
        bare = host[: -len(domain) - 1]
        if again := domain_of(bare.lower()):
            bare = bare[: -len(again) - 1]
            notes.append("Left out the second domain: it was there twice.")
        if domain_of(bare.lower()):
            raise AccountError(f"{shown(host)} has Snowflake's domain in it more than twice.")
    elif lowered in ("localhost", "localhost.localdomain"):
        raise AccountError(f"{shown(host)} is the address of a machine, not a Snowflake account.")
    elif lowered in DOMAINS:
        raise AccountError("This is Snowflake's domain alone; the account in front of it is missing.")
    else:
        bare, domain, note = _without_mistyped_domain(host)
        if note:
            notes.append(note)
        elif address.decorated and not _stands_alone(bare, address.by_client):
            raise AccountError(
                f"{shown(host)} is not an address of Snowflake's.",
                f"Snowflake's addresses end in {DOMAINS[0]}. {WHERE_TO_FIND_IT}",
            )
    if not bare:
        raise AccountError("The account in front of the domain is missing.")
    return Front(tuple(bare.split(".")), domain, exact, tuple(notes))


def domain_of(lowered_host: str) -> str | None:
    """Return the domain of Snowflake's that a host is in, or None. The domain alone is not in itself."""
    return next((domain for domain in DOMAINS if lowered_host.endswith(f".{domain}")), None)


def _without_mistyped_domain(host: str) -> tuple[str, str | None, str]:
    """Take off an ending that was meant to be Snowflake's domain. Returns the rest, the domain, and a note."""
    lowered = host.lower()
    if lowered.endswith(".snowflakecomputing"):
        return host[: -len(".snowflakecomputing")], None, f"Read the end of the address as {DOMAINS[0]}."
    for mistyped, domain in zip((".snowflake.com", ".snowflake.cn"), DOMAINS, strict=True):
        if lowered.endswith(mistyped):
            bare = host[: -len(mistyped)]
            if bare.lower().rpartition(".")[2] in NOT_ACCOUNTS:
                raise AccountError(f"{shown(host)} is a page of Snowflake's, and belongs to no account.")
            return bare, domain, f"Read {mistyped[1:]} as {domain}, where accounts are reached."
    return host, None, ""


def _stands_alone(bare: str, by_client: bool) -> bool:
    """Tell whether something dressed up as a URL is an identifier all the same, as in ``https://myorg-acct/``.

    One word in a URL that only Snowflake's clients use may be a locator; in any other it is some machine.
    """
    first, _, rest = bare.lower().removesuffix(".privatelink").partition(".")
    return looks_like_suffix(rest) if rest else by_client or "-" in first
