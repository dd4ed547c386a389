"""Say in words whose certificate was shown, without trusting it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from wizard.checks.row import plain

_MAX_NAMES = 8
_MAX_DER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Shown:
    """What a certificate says about itself. Times in Unix seconds; empty where it says nothing."""

    issuer: str = ""
    names: tuple[str, ...] = ()
    begins: float = 0.0
    ends: float = 0.0

    @property
    def in_words(self) -> str:
        """For the folded part of a row."""
        lines = [f"Issued by: {self.issuer or 'nobody named'}", f"For: {', '.join(self.names) or 'no names'}"]
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
    return Shown(issuer, shown, begins, ends)


def _named(name: object) -> str:
    from cryptography import x509

    assert isinstance(name, x509.Name)  # noqa: S101
    for oid in (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME, x509.NameOID.ORGANIZATIONAL_UNIT_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            value = attribute.value
            return plain(value if isinstance(value, str) else value.decode("utf-8", "replace"), 100)
    return ""


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %B %Y")
