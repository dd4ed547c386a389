"""Say in words whose certificate was shown, without trusting it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from wizard.checks.row import plain

if TYPE_CHECKING:
    from cryptography import x509

Signer = Literal["unknown", "itself", "public", "inspecting", "stranger"]
"""``public``: an organization that has a public authority; ``inspecting``: one that has none, and made a certificate
for the very host that was asked; ``stranger``: one that has none, and shows a certificate for somebody else."""

_MAX_NAMES = 8
_MAX_DER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Shown:
    """What a certificate says about itself. Times in Unix seconds; empty where it says nothing.

    ``organization`` is the issuer's. ``unreached`` are the addresses that were tried before, and what became of each.
    """

    issuer: str = ""
    organization: str = ""
    names: tuple[str, ...] = ()
    signed_itself: bool = False
    begins: float = 0.0
    ends: float = 0.0
    unreached: tuple[str, ...] = ()

    @property
    def signed_by(self) -> str:
        """The issuer, with the organization that it belongs to where its name doesn't say so already."""
        if not self.organization or self.organization.casefold() in self.issuer.casefold():
            return self.issuer
        return f"{self.issuer} ({self.organization})"

    def covers(self, host: str) -> bool:
        """Whether it is for this host; a star stands for one label."""
        wanted = host.casefold()
        behind = wanted.partition(".")[2]
        return any(name.casefold() in (wanted, f"*.{behind}") for name in self.names)

    @property
    def in_words(self) -> str:
        """For the folded part of a row."""
        lines = [f"Issued by: {self.signed_by or 'nobody named'}", f"For: {', '.join(self.names) or 'no names'}"]
        if self.ends:
            lines.append(f"From {_day(self.begins)} to {_day(self.ends)}")
        return "\n".join(lines)


def read_certificate(der: bytes) -> Shown:
    """Read a certificate in DER; what can't be read is left empty."""
    from cryptography import x509

    if len(der) > _MAX_DER:
        return Shown()
    try:
        certificate = x509.load_der_x509_certificate(der)
        issuer = _named(certificate.issuer)
        organization = _said(certificate.issuer, x509.NameOID.ORGANIZATION_NAME)
        signed_itself = certificate.issuer == certificate.subject
        begins = certificate.not_valid_before_utc.timestamp()
        ends = certificate.not_valid_after_utc.timestamp()
    except Exception:  # noqa: BLE001  # a stranger wrote it: the library complains in many ways, all meaning "unreadable"
        return Shown()
    try:
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = alternative.value.get_values_for_type(x509.DNSName)
    except Exception:  # noqa: BLE001
        names = []
    shown = tuple(plain(name, 100) for name in names[:_MAX_NAMES]) or (
        (own,) if (own := _named(certificate.subject)) else ()
    )
    if len(names) > _MAX_NAMES:
        shown = (*shown, f"and {len(names) - _MAX_NAMES} more")
    return Shown(issuer, organization, shown, signed_itself, begins, ends)


def signer_of(shown: Shown, host: str, public: Collection[str]) -> Signer:
    """Say what kind of signer a certificate has that nobody here trusts, or that only a file of the operator's trusts.

    ``public`` are the organizations of the public authorities. A list of makers of proxies would never be whole; what
    such a proxy does shows by itself: a certificate for just this host, from somebody whom no public authority knows.
    """
    if not shown.issuer:
        return "unknown"
    if shown.signed_itself:
        return "itself"
    if shown.organization and shown.organization.casefold() in public:
        return "public"
    return "inspecting" if shown.covers(host) else "stranger"


def _named(name: x509.Name) -> str:
    from cryptography import x509

    oids = (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME, x509.NameOID.ORGANIZATIONAL_UNIT_NAME)
    return next((said for oid in oids if (said := _said(name, oid))), "")


def _said(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    for attribute in name.get_attributes_for_oid(oid):
        value = attribute.value
        return plain(value if isinstance(value, str) else value.decode("utf-8", "replace"), 100)
    return ""


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %B %Y")
