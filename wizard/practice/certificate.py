"""Certificates for the practice Snowflake, made when it starts and gone when it stops.

Three are needed: its own, signed by an authority that only the wizard beside it trusts; one of the same authority for
other names; and one of a stranger, as an inspecting proxy would show. Elliptic curve keys, because they take under a
millisecond to make. The private keys pass through a file for the time of one call, because Python's ``ssl`` reads them
from nowhere else; the file can only be read by this user, and is gone before the doors open.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.practice.users import HOST

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

OTHER_NAMES = ("*.us-west-2.snowflakecomputing.example", "*.global.snowflakecomputing.example")
INSPECTOR = "Example Corporation Web Inspection CA"
_LIFE = timedelta(days=397)


@dataclass(frozen=True)
class Certificates:
    """What the doors need: a server context for each certificate a scenario can ask for, and whom to trust."""

    authority_pem: str
    contexts: dict[str, ssl.SSLContext]


def make_certificates(now: float) -> Certificates:
    """Make all of them, good from an hour before ``now`` (Unix seconds) for 397 days."""
    begins = datetime.fromtimestamp(now, UTC) - timedelta(hours=1)
    authority = _Authority("Practice Snowflake, not a real one", begins)
    inspector = _Authority(INSPECTOR, begins)
    return Certificates(
        authority_pem=authority.pem,
        contexts={
            "own": authority.server((HOST,)),
            "other-names": authority.server(OTHER_NAMES),
            "inspecting": inspector.server((HOST,)),
        },
    )


class _Authority:
    def __init__(self, name: str, begins: datetime) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import Encoding

        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self._begins = begins
        usage = x509.KeyUsage(
            digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        certificate = self._sign(self._name, self._key, [
            (x509.BasicConstraints(ca=True, path_length=0), True),
            (usage, True),
            (x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), False),
        ])  # fmt: skip
        self.pem = certificate.public_bytes(Encoding.PEM).decode()

    def server(self, names: tuple[str, ...]) -> ssl.SSLContext:
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
        from cryptography.x509.oid import ExtendedKeyUsageOID

        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])]), key, [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), False),
        ])  # fmt: skip
        pem = certificate.public_bytes(Encoding.PEM) + key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        handle, path = tempfile.mkstemp(prefix="practice-", suffix=".pem")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(pem)
            context.load_cert_chain(path)
        finally:
            Path(path).unlink()
        return context

    def _sign(
        self, subject: object, key: EllipticCurvePrivateKey, extensions: list[tuple[object, bool]]
    ) -> Certificate:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes

        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)  # type: ignore[arg-type]
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._begins)
            .not_valid_after(self._begins + _LIFE)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)  # type: ignore[arg-type]
        return builder.sign(self._key, hashes.SHA256())
