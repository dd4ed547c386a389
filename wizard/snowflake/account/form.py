"""The forms in which Snowflake writes an account: which of them was pasted, and the account that it names.

An organization and an account joined by a hyphen; a locator with its region behind a dot; either of them over
PrivateLink; an old global address. A form is read label by label, and what was changed or assumed is said in a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from wizard.snowflake.account.account import Account
from wizard.snowflake.account.address import MAX_LABEL, too_long
from wizard.snowflake.account.domain import DOMAINS, NOT_ACCOUNTS, Front
from wizard.snowflake.account.errors import WHERE_TO_FIND_IT, AccountError, RegionMissing, shown
from wizard.snowflake.account.regions import (
    CLOUDS,
    looks_like_region_id,
    looks_like_suffix,
    region_of_id,
    region_of_suffix,
    suffix_of_id,
    title_of,
)

# Endings that are the public internet's, and not the name of an account: "example.com" is no data sharing form.
_WEB_ENDINGS: Final = frozenset(("com", "net", "org", "edu", "io", "cn", "localhost", "localdomain"))


def account_named_by(front: Front, chosen_region: str | None) -> Account:
    """Return the account that the labels in front of the domain name.

    ``chosen_region`` is a suffix, and counts only where the labels leave the region open. Raises RegionMissing where
    they do and it is None, AccountError where the labels are none of the forms.
    """
    account = _read(front, chosen_region)
    return replace(account, notes=front.notes + account.notes)


def _read(front: Front, chosen_region: str | None) -> Account:
    labels, exact = front.labels, front.exact
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
    form = _Form(first, front.domain, privatelink, exact)
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
        return form.located("") if exact else _bare(form, chosen_region)
    if not exact and region_of_suffix(lowered):
        raise AccountError(
            f"{shown(written)} is a region ({title_of(lowered)}), not an account.",
            f"The locator in front of it is missing: xy12345.{lowered}.",
        )
    if suffix in CLOUDS:
        return _bare(form, chosen_region)
    return _dotted(form, tail, suffix, chosen_region)


def _dotted(form: _Form, tail: list[str], suffix: str, chosen_region: str | None) -> Account:
    """Read what has a second label: a locator's region, or an account behind its organization."""
    first = form.first
    if looks_like_region_id(suffix):
        known = suffix_of_id(suffix)
        if known is None:
            return _bare(form, chosen_region)
        return form.located(known, f"Read {suffix.upper()} as the region of a locator.")
    is_region = looks_like_suffix(suffix.replace("_", "-")) or region_of_suffix(suffix) is not None
    if is_region and "-" in first and not form.exact:
        return form.organization_account(
            f"Left out the region {suffix}: only a locator has one, "
            f"and {first.upper()} is an organization and an account."
        )
    if is_region or (form.exact and (len(tail) > 1 or form.privatelink)):
        return form.located(suffix)
    if len(tail) == 1 and "-" not in first and suffix not in _WEB_ENDINGS:
        return replace(form, first=f"{first}-{tail[0]}", exact=False).organization_account(
            "Read the dot as a hyphen: Snowflake shows the form with a dot for data sharing only."
        )
    if suffix.rpartition(".")[2] in _WEB_ENDINGS:
        raise AccountError(
            f"{shown(f'{first}.{suffix}')} is a web address, but not one of Snowflake's.",
            f"Snowflake's addresses end in {DOMAINS[0]}. {WHERE_TO_FIND_IT}",
        )
    raise AccountError(
        f"{shown(f'{first}.{suffix}')} is neither an organization with an account nor a locator with its region.",
        "Organization and account are joined by one hyphen (MYORG-MY_ACCOUNT), "
        "a locator and its region by a dot (xy12345.us-east-2.aws).",
    )


def _bare(form: _Form, chosen_region: str | None) -> Account:
    """Read one word without a hyphen, which says nothing about its region."""
    if chosen_region is not None and "-" not in form.first:
        if not chosen_region and form.first.lower() in NOT_ACCOUNTS:
            raise _no_account(form.first)
        return form.located(chosen_region)
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


HYPHENS_READ: Final = (
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

    def host(self, front: str) -> str:
        if self.privatelink:
            # The customer made these DNS records, and may have made only the one with underscores.
            front += ".privatelink"
        else:
            front = front.replace("_", "-")
        return f"{front}.{self.domain or DOMAINS[0]}"

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
            notes += (HYPHENS_READ,)
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
