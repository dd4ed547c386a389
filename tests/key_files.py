"""Key files in every form that people have, written byte by byte: the same files from the same seed.

``cryptography`` and openssl write most of these too, but with random salts, and neither writes files that are wrong on
purpose. What they write is opened in tests of its own; here it is about having each form at hand.
"""

from __future__ import annotations

import base64
import datetime as dt
import random
import secrets
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property, partial

from cryptography import x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from wizard.snowflake.key import SPECIFICATION, der, make_private_key, pbes
from wizard.snowflake.key.pbes import CIPHER_SIZES, Sealed
from wizard.snowflake.key.rsa import RsaPublic, write_public

PASSPHRASE = "correct horse battery"
new_key_file = partial(make_private_key, new_key=rsa.generate_private_key, random_bytes=secrets.token_bytes)
OIDS: dict[str, str] = SPECIFICATION["oids"]
PRFS = {digest: dots for dots, digest in SPECIFICATION["prfs"].items()}
PBES2_CIPHERS = {cipher: dots for dots, cipher in SPECIFICATION["pbes2_ciphers"].items()}
PBES1_SCHEMES: dict[str, tuple[str, str, str]] = SPECIFICATION["pbes1_schemes"]

_NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "jane")])
AnyPrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | dsa.DSAPrivateKey


def pem(label: str, key: bytes) -> str:
    """Return a clean PEM file."""
    text = base64.b64encode(key).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""))


def pkcs8(key: AnyPrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def traditional(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def spki(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def private_pem(key: AnyPrivateKey, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return key.private_bytes(Encoding.PEM, form, NoEncryption())


def sealed_pem(key: AnyPrivateKey, passphrase: str = PASSPHRASE) -> bytes:
    """Return what ``cryptography`` encrypts."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))


def public_pem(key: rsa.RSAPrivateKey, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    return key.public_key().public_bytes(Encoding.PEM, form).decode()


def one_line(pem: str) -> str:
    """Return the base64 of a PEM file."""
    return "".join(pem.split("\n")[1:-2])


def openssl(*arguments: str, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True).stdout


def certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder().subject_name(_NAME).issuer_name(_NAME).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(day).not_valid_after(day + dt.timedelta(days=9))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


def certificate_request(key: rsa.RSAPrivateKey) -> str:
    builder = x509.CertificateSigningRequestBuilder().subject_name(_NAME)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


# --- plain, from numbers ----------------------------------------------------------------------------------------------


def pkcs1_of(*numbers: int) -> bytes:
    """Return PKCS#1 of a version and numbers, whether they belong together or not."""
    return der.sequence(*map(der.integer, numbers))


def pkcs8_of(inner: bytes, *, version: int = 0, kind: str = OIDS["rsa"]) -> bytes:
    """Return PKCS#8 around ``inner``."""
    return der.sequence(der.integer(version), der.sequence(der.oid(kind), der.null()), der.octets(inner))


def of_size(bits: int) -> bytes:
    """Return PKCS#8 of numbers that are no key, with a modulus of so many bits."""
    return pkcs8_of(pkcs1_of(0, 1 << bits - 1 | 1, 65537, *[3] * 6))


# --- encrypted --------------------------------------------------------------------------------------------------------


def pbes2(
    *,
    salt: bytes = b"s" * 16,
    rounds: int | bytes = 2048,
    kdf: str = OIDS["pbkdf2"],
    prf: str | None = OIDS["hmac_sha256"],
    key_length: int | None = None,
    iv: bytes = b"i" * 16,
    data: bytes = b"d" * 1232,
    cipher: str = OIDS["aes_256_cbc"],
) -> bytes:
    """Return an EncryptedPrivateKeyInfo (PBES2) with these parts, whether they fit or not."""
    count = rounds if isinstance(rounds, bytes) else der.integer(rounds)
    length = b"" if key_length is None else der.integer(key_length)
    function = der.sequence(der.oid(prf), der.null()) if prf else b""
    derivation = der.sequence(der.oid(kdf), der.sequence(der.octets(salt), count, length, function))
    encryption = der.sequence(der.oid(cipher), der.octets(iv))
    scheme = der.sequence(der.oid(OIDS["pbes2"]), der.sequence(derivation, encryption))
    return der.sequence(scheme, der.octets(data))


def pbes1(scheme: str, *, salt: bytes = b"s" * 8, rounds: int = 2048, data: bytes = b"d" * 1232) -> bytes:
    """Return an EncryptedPrivateKeyInfo (PBES1) with these parts."""
    parameters = der.sequence(der.octets(salt), der.integer(rounds))
    return der.sequence(der.sequence(der.oid(scheme), parameters), der.octets(data))


def encrypted(sealed: Sealed, plain: bytes, passphrase: str) -> bytes:
    """Return ``plain`` encrypted by the recipe of ``sealed`` (its data does not count)."""
    key_bytes, block = CIPHER_SIZES[sealed.cipher]
    key, iv = pbes._DERIVATIONS[sealed.derivation](sealed, passphrase.encode(), key_bytes)
    fill = block - len(plain) % block
    algorithm: BlockCipherAlgorithm = AES(key) if sealed.cipher.startswith("aes") else TripleDES((key * 3)[:24])
    encryptor = Cipher(algorithm, CBC(iv)).encryptor()
    return encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()


@dataclass(frozen=True)
class SealedFile:
    """An encrypted key file and what opens it."""

    text: str
    passphrase: str


def pbes2_file(plain: bytes, passphrase: str, prf: str | None, cipher: str, rng: random.Random) -> SealedFile:
    """Return ``plain`` in PBES2; ``prf`` and ``cipher`` by the names of the specification, ``None`` for no prf."""
    rounds, salt, iv = rng.randint(1, 3), rng.randbytes(rng.choice((8, 16))), rng.randbytes(CIPHER_SIZES[cipher][1])
    data = encrypted(Sealed("pbkdf2", prf or "sha1", salt, rounds, cipher, iv, b""), plain, passphrase)
    length = rng.choice((None, CIPHER_SIZES[cipher][0]))
    key = pbes2(
        salt=salt,
        rounds=rounds,
        prf=PRFS[prf] if prf else None,
        key_length=length,
        iv=iv,
        data=data,
        cipher=PBES2_CIPHERS[cipher],
    )
    return SealedFile(pem("ENCRYPTED PRIVATE KEY", key), passphrase)


def pbes1_file(plain: bytes, passphrase: str, scheme: str, rng: random.Random) -> SealedFile:
    """Return ``plain`` in PBES1; ``scheme`` is an object identifier."""
    derivation, digest, cipher = PBES1_SCHEMES[scheme]
    rounds, salt = rng.randint(1, 3), rng.randbytes(8)
    data = encrypted(Sealed(derivation, digest, salt, rounds, cipher, b"", b""), plain, passphrase)
    return SealedFile(pem("ENCRYPTED PRIVATE KEY", pbes1(scheme, salt=salt, rounds=rounds, data=data)), passphrase)


def proc_type_file(plain: bytes, passphrase: str, cipher: str, rng: random.Random) -> SealedFile:
    """Return PKCS#1 with the ``Proc-Type`` header of old openssl."""
    iv = rng.randbytes(CIPHER_SIZES[cipher][1])
    data = encrypted(Sealed("openssl", "md5", iv[:8], 1, cipher, iv, b""), plain, passphrase)
    head = f"Proc-Type: 4,ENCRYPTED\nDEK-Info: {cipher.upper()},{iv.hex().upper()}\n\n"
    marker = "-----BEGIN RSA PRIVATE KEY-----\n"
    return SealedFile(pem("RSA PRIVATE KEY", data).replace(marker, marker + head), passphrase)


# --- keys from a seed -------------------------------------------------------------------------------------------------


@cache
def rsa_key(seed: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return the RSA key of a seed: the same one in every run."""
    rng = random.Random(seed)
    p, q = _prime(rng, bits // 2), _prime(rng, bits // 2)
    p, q = max(p, q), min(p, q)
    d = pow(65537, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(65537, p * q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def _prime(rng: random.Random, bits: int) -> int:
    while True:
        number = rng.getrandbits(bits) | 3 << bits - 2 | 1
        if (number - 1) % 65537 and all(number % small for small in range(3, 2000, 2)) and _is_prime(number):
            return number


def _is_prime(number: int) -> bool:
    """Miller and Rabin's test with a few bases: enough for random numbers."""
    twos = (number - 1 & 1 - number).bit_length() - 1
    for base in (2, 3, 5, 7, 11):
        power = pow(base, number - 1 >> twos, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


class Files:
    """The honest files of one RSA key and of another, as PEM text unless the name says otherwise."""

    def __init__(self, key: rsa.RSAPrivateKey, other: rsa.RSAPrivateKey) -> None:
        self.key = key
        self.other = other
        self._rng = random.Random("salts")

    @cached_property
    def der(self) -> bytes:
        return pkcs8(self.key)

    @cached_property
    def plain(self) -> str:
        return pem("PRIVATE KEY", self.der)

    @cached_property
    def pkcs1(self) -> str:
        return pem("RSA PRIVATE KEY", traditional(self.key))

    @cached_property
    def sealed(self) -> str:
        return pbes2_file(self.der, PASSPHRASE, "sha256", "aes-256-cbc", self._rng).text

    @cached_property
    def proc_type(self) -> str:
        return proc_type_file(traditional(self.key), PASSPHRASE, "aes-128-cbc", self._rng).text

    @cached_property
    def public(self) -> str:
        return pem("PUBLIC KEY", spki(self.key))

    @cached_property
    def ssh_line(self) -> str:
        return self.key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode() + " jane@laptop\n"

    @cached_property
    def certificate(self) -> str:
        return certificate(self.key)

    @cached_property
    def request(self) -> str:
        return certificate_request(self.key)

    @cached_property
    def other_public(self) -> str:
        return pem("PUBLIC KEY", spki(self.other))

    @cached_property
    def other_plain(self) -> str:
        return pem("PRIVATE KEY", pkcs8(self.other))

    @cached_property
    def body(self) -> str:
        """The base64 of the plain file, in one line."""
        return base64.b64encode(self.der).decode()


def public_of(bits: int, exponent: int = 65537) -> bytes:
    """Return a public key with a modulus of so many bits that is no product of primes."""
    return write_public(RsaPublic(1 << bits - 1 | 1, exponent))
