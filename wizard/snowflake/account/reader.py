"""Reads the account in whatever was pasted, and never guesses where it can't be known.

The way goes down: :mod:`~wizard.snowflake.account.paste` finds the words that name an account, they are taken apart as
an address, and :mod:`~wizard.snowflake.account.form` reads what stands in front of Snowflake's domain. The pieces are
checked character by character (ASCII, whole match, few labels) before a host is put together; none is ever cut out of
a URL and trusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from wizard.snowflake.account.account import HOST, Account, squashed
from wizard.snowflake.account.address import NUMBERS, take_apart
from wizard.snowflake.account.clue import Clue
from wizard.snowflake.account.domain import domain_of, in_front_of_domain
from wizard.snowflake.account.errors import WHERE_TO_FIND_IT, AccountError, RegionMissing, shown
from wizard.snowflake.account.form import HYPHENS_READ, account_named_by
from wizard.snowflake.account.paste import find_clue
from wizard.snowflake.account.regions import looks_like_region_id, looks_like_suffix, region_of_suffix, suffix_of_id
from wizard.snowflake.account.snowsight import out_of_snowsight


def read_account(text: str, *, region: str | None = None, vouched: Iterable[str] = ()) -> Account:
    """Read the account in ``text``: an identifier, a web address, a JDBC URL, a config line, a result, …

    ``region`` is the suffix a person chose when asked (``""`` is AWS US West (Oregon), None: not asked). It counts
    only where the text leaves the region open. ``vouched`` are hosts, ``:port`` allowed, that the operator vouches for.

    Raises RegionMissing when the text may be a locator without its region, AccountError when it can't be read as
    exactly one account. Takes time linear in the text; texts beyond a few thousand characters are refused (JSON:
    beyond 256 Ki).
    """
    reader = _Reader(region=_chosen_region(region), hosts=_vouched_hosts(vouched))
    clue = find_clue(text)
    account = reader.read(clue)
    return replace(account, notes=tuple(dict.fromkeys(clue.notes + account.notes)))


def as_typed(account: Account, *, vouched: Iterable[str] = ()) -> str:
    """Return the shortest text that :func:`read_account` reads as this very account, for a box that shows the answer.

    Mostly that is the identifier. It leaves out China's domain, the region of an organization's address and a name that
    stood beside the address; and a locator in Oregon, whose identifier has no region, would be asked for one again.
    """
    vouched = tuple(vouched)
    _, domain, ending = account.host.partition(".snowflakecomputing.")
    hosts = (f"{account.identifier}{domain}{ending}", account.host)
    for text in (
        account.identifier,
        *hosts,
        *(f"jdbc:snowflake://{host}/?account={account.claim}" for host in hosts),
    ):
        try:
            if read_account(text, vouched=vouched) == account:
                return text
        except AccountError:
            continue
    return account.host  # of a list of vouched hosts that has changed since


def _chosen_region(region: str | None) -> str | None:
    if not region:
        return region
    suffix = region.strip().lower().removeprefix(".")
    if known := region_of_suffix(suffix):
        return known.suffix
    if looks_like_suffix(suffix):
        return suffix
    raise AccountError(
        "This is not a region of Snowflake.",
        "Choose the region from the list, or enter it as Snowflake writes it behind a locator, like us-east-2.aws.",
    )


def _vouched_hosts(vouched: Iterable[str]) -> tuple[str, ...]:
    """Return the vouched hosts that are outside Snowflake's domains, without ports; those inside are read normally."""
    hosts = (re.sub(r":[0-9]{0,5}$", "", entry.strip().lower()) for entry in vouched)
    return tuple(
        host
        for host in hosts
        # An address in numbers names no account.
        if HOST.fullmatch(host) and not NUMBERS.fullmatch(host) and not domain_of(f".{host}")
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """What a reading knows besides the text."""

    region: str | None
    hosts: tuple[str, ...]

    def read(self, clue: Clue) -> Account:
        account = self._at(*self._address(clue))
        if not clue.account:
            return account
        # The region is settled by the host: a bare locator is enough here.
        return _renamed(account, self._at(clue.account, ""))

    def _address(self, clue: Clue) -> tuple[str, str | None]:
        """Return a clue's parts as one address, and the region that counts where the address leaves it open."""
        if clue.organization:
            return _joined(clue.organization, clue.name), self.region
        word = clue.locator or clue.address
        if not clue.region or re.search(r"[.-]", word):
            return word, self.region
        if not looks_like_region_id(clue.region):
            return f"{word}.{clue.region}", self.region
        suffix = suffix_of_id(clue.region)
        if suffix is None and self.region is None:
            raise RegionMissing(
                f"The locator is {shown(word)}, but its region {shown(clue.region)} is not in this wizard's list.",
                f"Paste the account identifier or the account's web address instead. {WHERE_TO_FIND_IT}",
                locator=word.upper(),
            )
        return word, self.region if suffix is None else suffix

    def _at(self, written: str, region: str | None) -> Account:
        """Read an address, or an identifier, which is an address without its domain."""
        address = out_of_snowsight(take_apart(written))
        return self._vouched(address.host) or account_named_by(in_front_of_domain(address), region)

    def _vouched(self, host: str) -> Account | None:
        lowered = host.lower()
        for known in self.hosts:
            label = known.partition(".")[0]
            typed = host.replace(".", "-", 1) if host.count(".") == 1 and lowered != known else host
            if lowered != known and squashed(typed) != squashed(label):
                continue
            # The person may know better where the underscores are; the separator has to be a hyphen all the same.
            if lowered == known or typed.partition("-")[0].lower() != label.partition("-")[0]:
                typed = label
            organization, _, name = typed.upper().partition("-")
            return Account(
                host=known,
                claim=typed.upper(),
                identifier=typed.lower(),
                organization=organization if name else "",
                name=name,
                vouched=True,
            )
        return None


def _joined(organization: str, name: str) -> str:
    for what, part in (("organization", organization), ("account", name)):
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,63}", part):
            raise AccountError(f"{shown(part)} can't be the name of an {what}.")
    # Some configs ask for the name alone and get the whole identifier.
    if name.lower().startswith(f"{organization.lower()}-"):
        name = name[len(organization) + 1 :]
    return f"{organization}-{name}"


def _renamed(account: Account, beside: Account) -> Account:
    """Let the account that stands beside a host decide what goes in the token, as the JDBC driver does."""
    if squashed(beside.claim) == squashed(account.claim):
        # The same account; the spelling with underscores is the real one.
        identifier = account.identifier if account.privatelink or account.locator else beside.identifier
        notes = tuple(note for note in account.notes if note != HYPHENS_READ)
        return replace(
            account,
            claim=beside.claim,
            identifier=identifier,
            organization=beside.organization or account.organization,
            name=beside.name or account.name,
            notes=notes,
        )
    if (account.organization and beside.organization) or (account.locator and beside.locator):
        raise AccountError(
            f"The address belongs to {account.claim}, but the account beside it is {beside.claim}.",
            "Paste only the one that is right.",
            cause="account-mismatch",
        )
    note = f"The address names the account {account.claim}; the token will carry {beside.claim}, as given beside it."
    if account.vouched:
        return replace(account, claim=beside.claim, notes=(*account.notes, note))
    return replace(
        account,
        claim=beside.claim,
        organization=account.organization or beside.organization,
        name=account.name or beside.name,
        locator=account.locator or beside.locator,
        notes=(*account.notes, note),
    )
