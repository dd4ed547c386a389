"""New RSA keys, in the one form that every Snowflake client opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from wizard.secret import Secret
from wizard.snowflake.key.passphrase import check_new_passphrase
from wizard.snowflake.key.pbes import IV_BYTES, SALT_BYTES, seal
from wizard.snowflake.key.pem import armour
from wizard.snowflake.key.public import PublicKey
from wizard.snowflake.key.specification import SPECIFICATION

SIZES: Final[tuple[int, ...]] = tuple(SPECIFICATION["writing"]["sizes"])
"""Bits of the keys that are made here."""
_EXPONENT: Final = 65537


def make_private_key(
    bits: int,
    passphrase: Secret,
    *,
    new_key: Callable[[int, int], rsa.RSAPrivateKey],
    random_bytes: Callable[[int], bytes],
) -> tuple[bytes, PublicKey]:
    """Make a key pair; return the content of ``rsa_key.p8`` and the public key.

    All chance is handed in: ``new_key`` makes an RSA key of a public exponent and a number of bits, ``random_bytes``
    so many bytes.

    PKCS#8 in PEM: plain when ``passphrase`` is empty, else PBES2 with AES-256-CBC and 600,000 rounds of
    PBKDF2-HMAC-SHA256. ``bits`` is one of :data:`SIZES` (else ``ValueError``). Raises :class:`KeyProblem` as
    :func:`check_new_passphrase` does, before anything is made. With the generator of ``cryptography`` it takes 0.1 s
    for 2048 bits and half a second, at times two, for 4096; other threads run meanwhile.
    """
    if bits not in SIZES:
        raise ValueError(f"{bits} is not one of {SIZES}")
    if passphrase:
        check_new_passphrase(passphrase)
    private = new_key(_EXPONENT, bits)
    key = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    public = PublicKey.of_private(private)
    if not passphrase:
        return armour("PRIVATE KEY", key), public
    sealed = seal(key, passphrase.reveal().encode("ascii"), salt=random_bytes(SALT_BYTES), iv=random_bytes(IV_BYTES))
    return armour("ENCRYPTED PRIVATE KEY", sealed), public
