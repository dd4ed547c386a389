"""Encrypts and decrypts private key files: the password-based encryption of PKCS#8 (RFC 8018).

Writing: one form only, PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC, because it is the one form that every Snowflake
client opens. ``cryptography`` writes that form too, but with 2,048 rounds and no way to ask for more; so the sixty
bytes of container are written here, around its AES.

Reading: the recipe comes from :func:`~wizard.snowflake.key.container.read_sealed`, within limits. The decrypting
is done here and not by a PEM reader for two reasons. The key inside can be weighed before a library sees it, like one
that came unencrypted. And :func:`hashlib.pbkdf2_hmac` lets other threads run, which the PEM readers don't: two million
rounds delay the one who sent them, and nobody else.

Old ciphers (DES, triple DES) and digests (MD5, SHA-1) appear only in opening what other tools have written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, CipherAlgorithm
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from wizard.snowflake.key.container import (
    AES_256_CBC,
    CIPHERS,
    HMAC_SHA256,
    NULL,
    OCTETS,
    OID,
    PBES2,
    PBKDF2,
    SEQUENCE,
    Sealed,
    der,
    der_integer,
)

ROUNDS: Final = 600_000
"""PBKDF2-HMAC-SHA256, as OWASP's password storage cheat sheet asks for; 0.1 to 0.4 s of one core."""
SALT_BYTES: Final = 16
IV_BYTES: Final = 16


def seal(pkcs8: bytes, passphrase: bytes, *, salt: bytes, iv: bytes, rounds: int = ROUNDS) -> bytes:
    """Return the EncryptedPrivateKeyInfo (DER) of ``pkcs8``. ``salt`` and ``iv`` are 16 random bytes each."""
    key = hashlib.pbkdf2_hmac("sha256", passphrase, salt, rounds, 32)
    fill = 16 - len(pkcs8) % 16
    encryptor = Cipher(AES(key), CBC(iv)).encryptor()
    data = encryptor.update(pkcs8 + bytes([fill]) * fill) + encryptor.finalize()
    prf = der(SEQUENCE, der(OID, HMAC_SHA256), der(NULL))
    derivation = der(SEQUENCE, der(OID, PBKDF2), der(SEQUENCE, der(OCTETS, salt), der_integer(rounds), prf))
    cipher = der(SEQUENCE, der(OID, AES_256_CBC), der(OCTETS, iv))
    scheme = der(SEQUENCE, der(OID, PBES2), der(SEQUENCE, derivation, cipher))
    return der(SEQUENCE, scheme, der(OCTETS, data))


def unseal(sealed: Sealed, passphrase: bytes) -> bytes | None:
    """Return what ``sealed`` holds, or ``None`` when ``passphrase`` doesn't open it.

    A wrong passphrase shows as bad padding, but for one time in about 256 when the padding looks right by chance:
    whoever calls must still see whether the bytes are a key.
    """
    key_bytes, block_bytes = CIPHERS[sealed.cipher]
    key, iv = _DERIVATIONS[sealed.derivation](sealed, passphrase, key_bytes)
    decryptor = Cipher(_algorithm(sealed.cipher, key), CBC(iv)).decryptor()
    plain = decryptor.update(sealed.data) + decryptor.finalize()
    fill = plain[-1]
    if not 1 <= fill <= block_bytes or plain[-fill:] != bytes([fill]) * fill:
        return None
    return plain[:-fill]


def _algorithm(cipher: str, key: bytes) -> CipherAlgorithm:
    algorithm: BlockCipherAlgorithm
    if cipher.startswith("aes"):
        algorithm = AES(key)
    elif cipher == "des-cbc":
        algorithm = TripleDES(key * 3)  # encrypt, decrypt, encrypt with one key is single DES
    elif cipher == "des-ede-cbc":
        algorithm = TripleDES(key + key[:8])
    else:
        algorithm = TripleDES(key)
    return algorithm


def _pbkdf2(sealed: Sealed, passphrase: bytes, key_bytes: int) -> tuple[bytes, bytes]:
    """PBKDF2 (RFC 8018, 5.2)."""
    return hashlib.pbkdf2_hmac(sealed.digest, passphrase, sealed.salt, sealed.iterations, key_bytes), sealed.iv


def _pbkdf1(sealed: Sealed, passphrase: bytes, key_bytes: int) -> tuple[bytes, bytes]:
    """PBKDF1 (RFC 8018, 5.1), which PBES1 cuts into eight bytes of DES key and eight of initial value."""
    derived = hashlib.new(sealed.digest, passphrase + sealed.salt, usedforsecurity=False).digest()
    for _ in range(sealed.iterations - 1):
        derived = hashlib.new(sealed.digest, derived, usedforsecurity=False).digest()
    return derived[:key_bytes], derived[8:16]


def _pkcs12(sealed: Sealed, passphrase: bytes, key_bytes: int) -> tuple[bytes, bytes]:
    """The derivation of PKCS#12 (RFC 7292, B.2), which OpenSSL also takes for PKCS#8."""
    password = passphrase.decode("utf-8", "replace").encode("utf-16-be") + b"\0\0"
    return _pkcs12_bytes(sealed, password, 1, key_bytes), _pkcs12_bytes(sealed, password, 2, 8)


def _pkcs12_bytes(sealed: Sealed, password: bytes, purpose: int, wanted: int) -> bytes:
    block = 64  # of SHA-1, in bytes
    stretched = _repeated(sealed.salt, block) + _repeated(password, block)
    derived = b""
    while len(derived) < wanted:
        part = bytes([purpose]) * block + stretched
        for _ in range(sealed.iterations):
            part = hashlib.sha1(part, usedforsecurity=False).digest()
        derived += part
        addend = int.from_bytes(_repeated(part, block), "big") + 1
        stretched = b"".join(
            ((int.from_bytes(stretched[at : at + block], "big") + addend) % (1 << 8 * block)).to_bytes(block, "big")
            for at in range(0, len(stretched), block)
        )
    return derived[:wanted]


def _repeated(text: bytes, block: int) -> bytes:
    """Repeat ``text`` until it fills whole blocks; nothing stays nothing."""
    if not text:
        return b""
    size = block * -(-len(text) // block)
    return (text * (size // len(text) + 1))[:size]


def _openssl(sealed: Sealed, passphrase: bytes, key_bytes: int) -> tuple[bytes, bytes]:
    """OpenSSL's ``EVP_BytesToKey`` with MD5 and one round, of PEM files with a ``Proc-Type`` header."""
    derived = last = b""
    while len(derived) < key_bytes:
        last = hashlib.md5(last + passphrase + sealed.salt, usedforsecurity=False).digest()
        derived += last
    return derived[:key_bytes], sealed.iv


_DERIVATIONS: Final[dict[str, Callable[[Sealed, bytes, int], tuple[bytes, bytes]]]] = {
    "pbkdf2": _pbkdf2,
    "pbkdf1": _pbkdf1,
    "pkcs12": _pkcs12,
    "openssl": _openssl,
}
