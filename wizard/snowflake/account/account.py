"""Which Snowflake account: read from whatever people paste, never guessed where it can't be known.

One function, :func:`read_account`, turns text into an :class:`Account`: the host to ask and the name for the token.
This is also the gate that keeps the wizard from being aimed at other machines: every host it returns ends in one of
Snowflake's two domains, or is exactly a host that the operator vouches for. The pieces are checked character by
character (ASCII, whole match, few labels) before a host is put together; none is ever cut out of a URL and trusted.

The forms of an account come from https://docs.snowflake.com/en/user-guide/admin-account-identifier and
https://docs.snowflake.com/en/user-guide/organizations-connect (read autumn 2026).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Final, Self

from wizard.snowflake.account.address import (
    DOMAINS,
    MAX_LABEL,
    NOT_ACCOUNTS,
    NUMBERS,
    WEB_ENDINGS,
    domain_of,
    take_apart,
    too_long,
    without_mistyped_domain,
)
from wizard.snowflake.account.paste import (
    WHERE_TO_FIND_IT,
    AccountError,
    Clue,
    RegionMissing,
    find_clue,
    shown,
)
from wizard.snowflake.account.regions import (
    CLOUDS,
    REGIONS,
    Region,
    is_suffix,
    looks_like_region_id,
    looks_like_suffix,
    region_of_id,
    region_of_suffix,
    suffix_of_id,
    title_of,
)

__all__ = ["DOMAINS", "REGIONS", "Account", "AccountError", "Region", "RegionMissing", "read_account"]

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,9}}")
# Four labels at most (locator, compliance, region, cloud), and the fixed word of PrivateLink behind them.
_SNOWFLAKE_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,3}}(?:\.privatelink)?\.snowflakecomputing\.(?:com|cn)")
_CLAIM: Final = re.compile(r"[A-Z0-9_](?:[A-Z0-9_-]{0,61}[A-Z0-9_])?")
_IDENTIFIER: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,4}}")
_PART: Final = re.compile(r"[A-Z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """One Snowflake account.

    An Account with any other host than one in Snowflake's domains can only be made with ``vouched=True``; making
    one that breaks this, or any other shape named below, raises AccountError.
    """

    host: str
    """Where to connect, lower case: ``myorg-my-acct.snowflakecomputing.com``. No underscores, except in a
    PrivateLink host, which stays as pasted: its owner may have published that one name only."""
    claim: str
    """What goes in the token, upper case, underscores kept: ``MYORG-MY_ACCT`` or ``XY12345``."""
    identifier: str
    """What client tools are given as ``account``, lower case: ``myorg-my_acct``, ``xy12345.us-east-2.aws``."""
    organization: str = ""
    """``MYORG``, where the account is known by organization and name."""
    name: str = ""
    """``MY_ACCT``, where the account is known by organization and name."""
    locator: str = ""
    """``XY12345``, where the account is known by its locator."""
    region: str = ""
    """What follows the locator, without the dot: ``us-east-2.aws``. ``""`` with a locator is AWS US West (Oregon)."""
    privatelink: bool = False
    vouched: bool = False
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
            and _squashed(self.host).rpartition(".snowflakecomputing.")[0] == _squashed(self.identifier)
            and self.claim in (self.locator, f"{self.organization}-{self.name}")
        )

    def _is_vouched(self) -> bool:
        return _HOST.fullmatch(self.host) is not None and domain_of(f".{self.host}") is None

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

    def to_dict(self) -> dict[str, str | bool]:
        """Return a small JSON object: what is empty or false is left out, and so are the notes."""
        values = ((item.name, getattr(self, item.name)) for item in fields(self) if item.name != "notes")
        return {name: value for name, value in values if value}

    @classmethod
    def from_dict(cls, value: object) -> Self:
        """Read what :meth:`to_dict` gave. Raises AccountError for anything else.

        A dictionary from outside the process is to be trusted as far as its signature; ``vouched`` says what the
        operator's list said when it was written, not what it says now.
        """
        broken = AccountError("The account that was kept can't be read any more.", "Enter the account once more.")
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise broken
        types = {item.name: bool if item.type == "bool" else str for item in fields(cls) if item.name != "notes"}
        if not value.keys() <= types.keys() or not {"host", "claim", "identifier"} <= value.keys():
            raise broken
        # Only what is true or not empty is ever written.
        if not all(type(item) is types[key] and item for key, item in value.items()):
            raise broken
        return cls(**value)


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
    account = reader.read_clue(clue)
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
        f"{shown(region)} is not a region of Snowflake.",
        "Choose the region from the list, or enter it as Snowflake writes it behind a locator, like us-east-2.aws.",
    )


def _vouched_hosts(vouched: Iterable[str]) -> tuple[str, ...]:
    """Return the vouched hosts that are outside Snowflake's domains, without ports; those inside are read normally."""
    hosts = (re.sub(r":[0-9]{0,5}$", "", entry.strip().lower()) for entry in vouched)
    return tuple(
        host
        for host in hosts
        # An address in numbers names no account.
        if _HOST.fullmatch(host) and not NUMBERS.fullmatch(host) and not domain_of(f".{host}")
    )


_PATH_PART = re.compile(r"[A-Za-z0-9_-]{1,130}")

# --- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reader:
    """What a reading knows besides the text."""

    region: str | None
    hosts: tuple[str, ...]

    def read_clue(self, clue: Clue) -> Account:
        if clue.organization:
            return self._pair(clue.organization, clue.name)
        word = clue.locator or clue.address
        if clue.region and not re.search(r"[.-]", word):
            return self._located(word, clue.region)
        account = self.read_address(word)
        return self._renamed(account, clue.account) if clue.account else account

    def _located(self, locator: str, region: str) -> Account:
        """Read a locator with what stood beside it: a suffix or the answer of ``CURRENT_REGION()``."""
        if not looks_like_region_id(region):
            return self.read_address(f"{locator}.{region}")
        suffix = suffix_of_id(region)
        if suffix is None and self.region is None:
            raise RegionMissing(
                f"The locator is {shown(locator)}, but its region {shown(region)} is not in this wizard's list.",
                f"Paste the account identifier or the account's web address instead. {WHERE_TO_FIND_IT}",
                locator=locator.upper(),
            )
        return replace(self, region=self.region if suffix is None else suffix).read_address(locator)

    def _pair(self, organization: str, name: str) -> Account:
        for what, part in (("organization", organization), ("account", name)):
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,63}", part):
                raise AccountError(f"{shown(part)} can't be the name of an {what}.")
        # Some configs ask for the name alone and get the whole identifier.
        if name.lower().startswith(f"{organization.lower()}-"):
            name = name[len(organization) + 1 :]
        return self.read_address(f"{organization}-{name}")

    def _renamed(self, account: Account, named: str) -> Account:
        """Let the account that stands beside a host decide what goes in the token, as the JDBC driver does."""
        # The region is settled by the host: a bare locator is enough here.
        beside = _Reader(region="", hosts=self.hosts).read_address(named)
        if _squashed(beside.claim) == _squashed(account.claim):
            # The same account; the spelling with underscores is the real one.
            identifier = account.identifier if account.privatelink or account.locator else beside.identifier
            notes = tuple(note for note in account.notes if note != _HYPHENS_READ)
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
        note = (
            f"The address names the account {account.claim}; the token will carry {beside.claim}, as given beside it."
        )
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

    def read_address(self, text: str) -> Account:
        address = take_apart(text)
        if account := self._vouched(address.host):
            return account
        host = address.host
        lowered = host.lower()
        notes: list[str] = []
        if address.port not in ("", "443"):
            notes.append(f"Left out the port {address.port}: Snowflake answers on 443.")
        domain = domain_of(lowered)
        if lowered in ("app.snowflake.com", "app.snowflake.cn") or (domain and _is_private_snowsight(lowered)):
            return _with_notes(self._snowsight(lowered, address.path), notes)
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
            bare, domain, note = without_mistyped_domain(host)
            if note:
                notes.append(note)
            elif address.decorated and not _stands_alone(bare, address.by_client):
                raise AccountError(
                    f"{shown(host)} is not an address of Snowflake's.",
                    f"Snowflake's addresses end in {DOMAINS[0]}. {WHERE_TO_FIND_IT}",
                )
        if not bare:
            raise AccountError("The account in front of the domain is missing.")
        account = self._labels(bare.split("."), domain, exact=exact)
        return _with_notes(account, notes)

    def _vouched(self, host: str) -> Account | None:
        lowered = host.lower()
        for known in self.hosts:
            label = known.partition(".")[0]
            typed = host.replace(".", "-", 1) if host.count(".") == 1 and lowered != known else host
            if lowered != known and _squashed(typed) != _squashed(label):
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

    def _snowsight(self, host: str, path: tuple[str, ...]) -> Account:
        """Read ``app.snowflake.com/<organization>/<account>/`` and the older ``/<region>/<locator>/``."""
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
                raise AccountError(
                    f"{shown(part)} in this Snowsight address is neither an organization nor an account."
                )
        private = ".privatelink" if ".privatelink." in host or region != first.lower() else ""
        china = f".{DOMAINS[1]}" if host.endswith(".cn") else ""
        return self.read_address(f"{second}.{region}{private}" if by_locator else f"{first}-{second}{private}{china}")

    def _labels(self, labels: list[str], domain: str | None, *, exact: bool) -> Account:
        """Read the labels in front of the domain. ``exact``: they were pasted as a host, which is used as it is."""
        written = ".".join(labels)
        lowered = written.lower()
        privatelink = len(labels) > 1 and labels[-1].lower() == "privatelink"
        first, *tail = labels[:-1] if privatelink else labels
        if len(tail) > 3:
            raise AccountError(
                f"{shown(written)} has more parts than an account has.",
                "The longest form is locator, compliance, region, cloud: xy12345.fhplus.us-gov-west-1.aws.",
            )
        if not any(character.isalpha() for character in first):
            raise AccountError(f"{shown(first)} has no letter in it; every account name has one.")
        if exact and (first.lower() in NOT_ACCOUNTS or (privatelink and first.lower() == "privatelink")):
            raise _no_account(written)
        suffix = ".".join(tail).lower()
        form = _Form(first, domain, privatelink, exact)
        if suffix == "global":
            return form.replicated()
        if not tail:
            if not exact and (region := region_of_suffix(lowered) or region_of_id(lowered)):
                raise AccountError(
                    f"{shown(written)} is a region ({region.title}), not an account.",
                    f"The locator in front of it is missing. {WHERE_TO_FIND_IT}",
                )
            if "-" in first:
                return form.organization_account()
            return form.located("") if exact else self._bare(form)
        if not exact and region_of_suffix(lowered):
            raise AccountError(
                f"{shown(written)} is a region ({title_of(lowered)}), not an account.",
                f"The locator in front of it is missing: xy12345.{lowered}.",
            )
        if suffix in CLOUDS:
            return self._bare(form)
        return self._dotted(form, tail, suffix)

    def _dotted(self, form: _Form, tail: list[str], suffix: str) -> Account:
        """Read what has a second label: a locator's region, or an account behind its organization."""
        first = form.first
        if looks_like_region_id(suffix):
            known = suffix_of_id(suffix)
            if known is None:
                return self._bare(form)
            return form.located(known, f"Read {suffix.upper()} as the region of a locator.")
        is_region = looks_like_suffix(suffix.replace("_", "-")) or region_of_suffix(suffix) is not None
        if is_region and "-" in first and not form.exact:
            return form.organization_account(
                f"Left out the region {suffix}: only a locator has one, "
                f"and {first.upper()} is an organization and an account."
            )
        if is_region or (form.exact and (len(tail) > 1 or form.privatelink)):
            return form.located(suffix)
        if len(tail) == 1 and "-" not in first and suffix not in WEB_ENDINGS:
            return replace(form, first=f"{first}-{tail[0]}", exact=False).organization_account(
                "Read the dot as a hyphen: Snowflake shows the form with a dot for data sharing only."
            )
        if suffix.rpartition(".")[2] in WEB_ENDINGS:
            raise AccountError(
                f"{shown(f'{first}.{suffix}')} is a web address, but not one of Snowflake's.",
                f"Snowflake's addresses end in {DOMAINS[0]}. {WHERE_TO_FIND_IT}",
            )
        raise AccountError(
            f"{shown(f'{first}.{suffix}')} is neither an organization with an account nor a locator with its region.",
            "Organization and account are joined by one hyphen (MYORG-MY_ACCOUNT), "
            "a locator and its region by a dot (xy12345.us-east-2.aws).",
        )

    def _bare(self, form: _Form) -> Account:
        """Read one word without a hyphen, which says nothing about its region."""
        if self.region is not None and "-" not in form.first:
            if not self.region and form.first.lower() in NOT_ACCOUNTS:
                raise _no_account(form.first)
            return form.located(self.region)
        word = form.first
        choose = (
            "If it is a locator, choose its region (SELECT CURRENT_REGION(); shows it). "
            "If it is not, paste the whole identifier, organization and account joined by a hyphen. "
        )
        if "-" in word:
            raise AccountError(
                f"{shown(word)} is followed by something that is neither a region nor an account.",
                f"An organization and an account stand alone, without a region. {WHERE_TO_FIND_IT}",
            )
        if re.fullmatch(r"[A-Za-z]{2,3}[0-9]{4,6}", word):
            message = f"{shown(word)} looks like an account locator, and its region is missing."
        elif "_" in word:
            message = (
                f"{shown(word)} alone is not enough: it is either an account name without its organization, "
                "or a locator without its region."
            )
        else:
            message = (
                f"{shown(word)} alone is not enough: it is either an account locator without its region, "
                "or the name of an organization without its account."
            )
        raise RegionMissing(message, choose + WHERE_TO_FIND_IT, locator=word.upper())


_HYPHENS_READ: Final = (
    "Read the further hyphens as underscores, because the name of an account never has a hyphen: "
    "addresses show MY-ACCOUNT where the account is called MY_ACCOUNT. See that the name is right."
)
_REGION_IN_ADDRESS: Final = (
    "An organization and account have no region in their address. If the test fails, paste the identifier instead."
)
_HYPHENS_WRITTEN: Final = "The address has hyphens where the name has underscores. Snowflake answers to both."


@dataclass(frozen=True, slots=True)
class _Form:
    """The first label as typed, and what is known about the rest of the host."""

    first: str
    domain: str | None
    privatelink: bool
    exact: bool

    def host(self, front: str, default_domain: str = DOMAINS[0]) -> str:
        if self.privatelink:
            # The customer made these DNS records, and may have made only the one with underscores.
            front += ".privatelink"
        else:
            front = front.replace("_", "-")
        return f"{front}.{self.domain or default_domain}"

    def _identifier(self, front: str) -> str:
        return f"{front}.privatelink" if self.privatelink else front

    def organization_account(self, *notes: str) -> Account:
        """Read ``organization-account``: the first hyphen separates, since neither name can hold one."""
        typed = self.first.lower()
        if self.privatelink and typed.startswith("app-") and typed.count("-") > 1:
            typed = typed.removeprefix("app-")
            notes += ("Left out “app-”: that is Snowsight's address, and programs use the one without.",)
        organization, _, name = typed.partition("-")
        if name.startswith("-") or "--" in name:
            raise AccountError(
                f"{shown(self.first)} has two hyphens in a row: something between them seems to be missing.",
                f"Copy the whole identifier. {WHERE_TO_FIND_IT}",
            )
        if len(typed) > MAX_LABEL:
            raise too_long(typed)
        if "_" in organization:
            notes += (
                f"The name of an organization never has an underscore: see that {organization.upper()} is right.",
            )
        if "-" in name:
            notes += (_HYPHENS_READ,)
        elif "_" in name and not self.privatelink:
            notes += (_HYPHENS_WRITTEN,)
        name = name.replace("-", "_")
        return Account(
            host=self.host(typed),
            claim=f"{organization}-{name}".upper(),
            # A client makes the host of the identifier: behind PrivateLink it has to stay as it was pasted.
            identifier=self._identifier(typed if self.privatelink else f"{organization}-{name}"),
            organization=organization.upper(),
            name=name.upper(),
            privatelink=self.privatelink,
            notes=notes,
        )

    def located(self, suffix: str, *notes: str) -> Account:
        """Read ``locator.region``. A pasted host is used as it is; a region typed behind a locator is respelt."""
        region = region_of_suffix(suffix) if suffix else None
        if self.privatelink and not self.exact and not suffix:
            # A PrivateLink name always says its region, Oregon's too.
            suffix = "us-west-2"
            notes += ("Added the region us-west-2, which PrivateLink names of AWS US West (Oregon) carry.",)
        elif region and not self.exact and not self.privatelink and suffix != region.suffix:
            if region.suffix:
                notes += (f"Wrote the region {suffix} as Snowflake does in addresses: {region.suffix}.",)
            else:
                notes += (f"Left out the region {suffix}: a locator in {region.title} stands alone.",)
            suffix = region.suffix
        elif not suffix and self.exact and not self.privatelink:
            notes += (
                "A locator without a region is in AWS US West (Oregon). Elsewhere the region belongs in the address.",
            )
        suffix = suffix.replace("_", "-")
        if suffix and not region and not looks_like_region_id(suffix):
            notes += (f"The region {suffix} is not in this wizard's list. See that it is right.",)
        if self.exact and "-" in self.first:
            notes += (_REGION_IN_ADDRESS,)
        china = suffix.startswith("cn-")
        if china and self.domain == DOMAINS[0]:
            notes += (f"Accounts in China are reached at {DOMAINS[1]}.",)
        front = ".".join(part for part in (self.first.lower(), suffix) if part)
        form = replace(self, domain=DOMAINS[1]) if china else self
        return Account(
            host=form.host(front),
            claim=self.first.upper(),
            identifier=self._identifier(front),
            locator=self.first.upper(),
            region=suffix,
            privatelink=self.privatelink,
            notes=notes,
        )

    def replicated(self) -> Account:
        """Read ``account-external.global``, an address of old replication: the token leaves out the external part."""
        typed = self.first.lower()
        claim = (typed.rpartition("-")[0] or typed).upper()
        return Account(
            host=self.host(f"{typed}.global"),
            claim=claim,
            identifier=self._identifier(f"{typed}.global"),
            locator=claim,
            region="global",
            privatelink=self.privatelink,
            notes=("This is an old global address. If it no longer answers, paste the account identifier instead.",),
        )


def _no_account(written: str) -> AccountError:
    return AccountError(f"The address {shown(written)} belongs to Snowflake, but to no account.")


def _with_notes(account: Account, notes: Iterable[str]) -> Account:
    return replace(account, notes=(*notes, *account.notes))


def _squashed(name: str) -> str:
    """Make two spellings of one name equal: case, and hyphen for underscore."""
    return name.lower().replace("_", "-")


def _is_private_snowsight(lowered_host: str) -> bool:
    return lowered_host.startswith("app.") and ".privatelink." in lowered_host


def _stands_alone(bare: str, by_client: bool) -> bool:
    """Tell whether something dressed up as a URL is an identifier all the same, as in ``https://myorg-acct/``.

    One word in a URL that only Snowflake's clients use may be a locator; in any other it is some machine.
    """
    first, _, rest = bare.lower().removesuffix(".privatelink").partition(".")
    return looks_like_suffix(rest) if rest else by_client or "-" in first
