"""Encrypted private keys: PBES2 written and opened, PBES1 and ``Proc-Type`` files opened (RFC 8018, 7292, 1421).

Writing: one form only, PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC, because it is the one form that every Snowflake
client opens. ``cryptography`` writes that form too, but with 2,048 rounds and no way to ask for more; so the sixty
bytes around the ciphertext are written here, around its AES.

Opening: the recipe is read within limits before anything is derived, and the decrypting is done here and not by a PEM
reader for two reasons. The key inside can be weighed before a library sees it, like one that came unencrypted. And
:func:`hashlib.pbkdf2_hmac` lets other threads run, which the PEM readers don't: two million rounds delay the one who
sent them, and nobody else.

PBES1 stays: the openssl of macOS writes it. Old ciphers (DES, triple DES) and digests (MD5, SHA-1) appear only in
opening what other tools have written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, CipherAlgorithm
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from wizard.snowflake.key import der
from wizard.snowflake.key.der import INTEGER, OCTETS, OID, SEQUENCE, Element, children, magnitude
from wizard.snowflake.key.problem import KeyProblem
from wizard.snowflake.key.rsa import algorithm
from wizard.snowflake.key.specification import BROWSER_LIMITS, LIMITS, SPECIFICATION

ROUNDS: Final[int] = SPECIFICATION["writing"]["rounds"]
"""PBKDF2-HMAC-SHA256, as OWASP's password storage cheat sheet asks for; 0.1 to 0.4 s of one core."""
SALT_BYTES: Final[int] = SPECIFICATION["writing"]["salt_bytes"]
IV_BYTES: Final = 16

_OIDS: Final[dict[str, str]] = SPECIFICATION["oids"]
_PRFS: Final[dict[str, str]] = SPECIFICATION["prfs"]
_PBES2_CIPHERS: Final[dict[str, str]] = SPECIFICATION["pbes2_ciphers"]
_PBES1_SCHEMES: Final[dict[str, tuple[str, str, str]]] = SPECIFICATION["pbes1_schemes"]
_NOT_OPENED: Final[dict[str, str]] = SPECIFICATION["not_opened"]
CIPHER_SIZES: Final[dict[str, tuple[int, int]]] = SPECIFICATION["cipher_sizes"]
"""The ciphers that are opened, all in CBC mode: bytes of key, bytes of block."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted private key and the whole recipe for opening it, all of it within the limits.

    ``derivation`` is ``pbkdf2`` (PBES2), ``pkcs12`` or ``pbkdf1`` (PBES1), or ``openssl`` (the ``Proc-Type`` header
    of old PEM files); ``digest`` a name that :mod:`hashlib` knows; ``cipher`` a key of :data:`CIPHER_SIZES`.
    """

    derivation: str
    digest: str
    salt: bytes
    iterations: int
    cipher: str
    iv: bytes
    data: bytes = field(repr=False)


# --- reading the recipe -----------------------------------------------------------------------------------------------


def read_sealed(key: bytes) -> Sealed:
    """Return the recipe of an EncryptedPrivateKeyInfo (RFC 5958), PBES2 or PBES1.

    Raises :class:`KeyProblem`: ``cipher-scrypt``, ``cipher-not-opened``, ``too-many-rounds`` and ``sealed-too-long``
    for recipes that are not followed here.
    """
    scheme, data, *_ = children(der.only(key), SEQUENCE, OCTETS)
    if len(data.content) > LIMITS["sealed_bytes"]:
        raise KeyProblem("sealed-too-long")
    name, *parameters = children(scheme, OID)
    identifier = der.dotted(name)
    if identifier != _OIDS["pbes2"] and identifier not in _PBES1_SCHEMES:
        raise _not_opened(identifier)
    if len(parameters) != 1:
        raise KeyProblem("key-damaged")
    if identifier == _OIDS["pbes2"]:
        return _read_pbes2(parameters[0], data.content)
    salt, count, *_ = children(parameters[0], OCTETS, INTEGER)
    derivation, digest, cipher = _PBES1_SCHEMES[identifier]
    iterations = _rounds(count, "pbes1_rounds")
    return checked(Sealed(derivation, digest, salt.content, iterations, cipher, b"", data.content))


def _not_opened(identifier: str) -> KeyProblem:
    return KeyProblem("cipher-not-opened", cipher=_NOT_OPENED.get(identifier, f"object identifier {identifier}"))


def _read_pbes2(parameters: Element, data: bytes) -> Sealed:
    derivation, encryption, *_ = children(parameters, SEQUENCE, SEQUENCE)
    kdf, *kdf_parameters = children(derivation, OID)
    if der.dotted(kdf) == _OIDS["scrypt"]:
        raise KeyProblem("cipher-scrypt")
    if der.dotted(kdf) != _OIDS["pbkdf2"]:
        raise _not_opened(der.dotted(kdf))
    if len(kdf_parameters) != 1:
        raise KeyProblem("key-damaged")
    salt, count, *rest = children(kdf_parameters[0], OCTETS, INTEGER)
    iterations = _rounds(count, "pbkdf2_rounds")
    cipher_name, *cipher_parameters = children(encryption, OID)
    cipher = _PBES2_CIPHERS.get(der.dotted(cipher_name))
    if cipher is None:
        raise _not_opened(der.dotted(cipher_name))
    if rest and rest[0].tag == INTEGER and magnitude(rest.pop(0)) != bytes((CIPHER_SIZES[cipher][0],)):
        raise KeyProblem("key-damaged")
    prf = algorithm(rest[0]) if rest else _OIDS["hmac_sha1"]  # what an absent one means (RFC 8018, A.2)
    if prf not in _PRFS:
        raise _not_opened(prf)
    if len(cipher_parameters) != 1 or cipher_parameters[0].tag != OCTETS:
        raise KeyProblem("key-damaged")
    return checked(Sealed("pbkdf2", _PRFS[prf], salt.content, iterations, cipher, cipher_parameters[0].content, data))


def _rounds(element: Element, limit: str) -> int:
    digits = magnitude(element)
    rounds = int.from_bytes(digits, "big") if len(digits) <= 6 else 1 << 48
    if rounds < 1:
        raise KeyProblem("key-damaged")
    # The number itself may be thousands of digits long: said in full only where that is a help.
    said = f"{rounds:,}" if len(digits) <= 6 else "an absurd number of"
    if rounds > BROWSER_LIMITS[limit]:
        raise KeyProblem("too-many-rounds", rounds=said, limit=f"{BROWSER_LIMITS[limit]:,}")
    if rounds > LIMITS[limit]:
        raise KeyProblem("too-many-rounds-for-server", rounds=said, limit=f"{LIMITS[limit]:,}")
    return rounds


def checked(sealed: Sealed) -> Sealed:
    """Return ``sealed``, having checked what all recipes have in common: salt, initial value, whole blocks."""
    block = CIPHER_SIZES[sealed.cipher][1]
    if len(sealed.salt) > LIMITS["salt_bytes"] or len(sealed.data) > LIMITS["sealed_bytes"]:
        raise KeyProblem("sealed-too-long")
    if sealed.derivation in ("pbkdf2", "openssl") and len(sealed.iv) != block:
        raise KeyProblem("key-damaged")
    if not sealed.data or len(sealed.data) % block:
        raise KeyProblem("key-truncated-sealed")
    return sealed


# --- writing and opening ----------------------------------------------------------------------------------------------


def seal(pkcs8: bytes, passphrase: bytes, *, salt: bytes, iv: bytes, rounds: int = ROUNDS) -> bytes:
    """Return the EncryptedPrivateKeyInfo (DER) of ``pkcs8``. ``salt`` and ``iv`` are 16 random bytes each."""
    key = hashlib.pbkdf2_hmac("sha256", passphrase, salt, rounds, 32)
    fill = 16 - len(pkcs8) % 16
    encryptor = Cipher(AES(key), CBC(iv)).encryptor()
    data = encryptor.update(pkcs8 + bytes([fill]) * fill) + encryptor.finalize()
    prf = der.sequence(der.oid(_OIDS["hmac_sha256"]), der.null())
    derivation = der.sequence(der.oid(_OIDS["pbkdf2"]), der.sequence(der.octets(salt), der.integer(rounds), prf))
    cipher = der.sequence(der.oid(_OIDS["aes_256_cbc"]), der.octets(iv))
    scheme = der.sequence(der.oid(_OIDS["pbes2"]), der.sequence(derivation, cipher))
    return der.sequence(scheme, der.octets(data))


def unseal(sealed: Sealed, passphrase: bytes) -> bytes | None:
    """Return what ``sealed`` holds, or ``None`` when ``passphrase`` doesn't open it.

    A wrong passphrase shows as bad padding, but for one time in about 256 when the padding looks right by chance:
    whoever calls must still see whether the bytes are a key.
    """
    key_bytes, block_bytes = CIPHER_SIZES[sealed.cipher]
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
