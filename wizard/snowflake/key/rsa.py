"""What stands inside an RSA key file once its armour and its cipher are off.

Fixed shapes of PKCS#8 (RFC 5958), PKCS#1 (RFC 8017), SubjectPublicKeyInfo and certificates (RFC 5280), certificate
requests (RFC 2986) and OpenSSH public keys (RFC 4253), weighed before a number is made of any of their bytes.
``cryptography`` never sees them: it gets eight numbers and does the arithmetic. Raises :class:`KeyProblem`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from wizard.snowflake.key import der
from wizard.snowflake.key.der import BIT_STRING, INTEGER, OCTETS, OID, SEQUENCE, Element, children, magnitude
from wizard.snowflake.key.problem import KeyProblem
from wizard.snowflake.key.specification import BROWSER_LIMITS, LIMITS, SPECIFICATION

_RSA: Final[str] = SPECIFICATION["oids"]["rsa"]
_KEY_KINDS: Final[dict[str, str]] = SPECIFICATION["key_kinds"]
_SHAPES: Final[dict[str, str]] = SPECIFICATION["shapes"]
_SHAPE_NAMES: Final[dict[str, str]] = SPECIFICATION["shape_names"]
_RSA_WITHOUT_PARAMETERS: Final = der.sequence(der.oid(_RSA), der.null())


@dataclass(frozen=True, slots=True)
class RsaPublic:
    """The two public numbers of an RSA key: modulus and exponent."""

    n: int
    e: int


@dataclass(frozen=True, slots=True)
class RsaPrivate:
    """The eight numbers of an RSA private key (RFC 8017, A.1.2), as read: :func:`usable` looks whether they agree."""

    n: int
    e: int
    d: int = field(repr=False)
    p: int = field(repr=False)
    q: int = field(repr=False)
    dp: int = field(repr=False)
    dq: int = field(repr=False)
    qi: int = field(repr=False)

    @property
    def public(self) -> RsaPublic:
        return RsaPublic(self.n, self.e)


def identify(key: bytes) -> str:
    """Say what a DER document is, by its shape alone: labels lie, and bare base64 has none.

    One of ``pkcs8``, ``pkcs8-sealed``, ``pkcs1``, ``spki``, ``pkcs1-public``, ``certificate``, ``csr``, ``ec``,
    ``dsa``, ``pkcs12`` and ``pkcs7``.
    """
    parts = children(der.only(key))
    shape = _tags(parts)
    kind = next((_SHAPES[known] for known in _SHAPES if _fits(shape, known)), "")
    if not kind:
        raise KeyProblem("key-unknown-shape")
    if kind != "signed":
        return kind
    body = _tags(children(parts[0]))
    return "csr" if body.startswith("023030") and len(body) <= 8 else "certificate"


def _fits(shape: str, known: str) -> bool:
    return shape.startswith(known[:-1]) if known.endswith("*") else shape == known


def _tags(elements: tuple[Element, ...]) -> str:
    return bytes(element.tag for element in elements).hex()


def algorithm(element: Element) -> str:
    """Return the object identifier of an AlgorithmIdentifier."""
    return der.dotted(children(element, OID)[0])


def _insist_on_rsa(identifier: str, half: str) -> None:
    if identifier != _RSA:
        raise KeyProblem(f"{half}-not-rsa", kind=_KEY_KINDS.get(identifier, f"object identifier {identifier}"))


def _measured(modulus: Element, exponent: Element, half: str) -> RsaPublic:
    """Read modulus and exponent, having weighed both before a number is made of them."""
    n, e = magnitude(modulus), magnitude(exponent)
    bits = der.bit_length(n)
    if bits < LIMITS["least_bits"]:
        raise KeyProblem(f"{half}-too-short", bits=bits)
    limit = f"{half}_bits"
    if bits > BROWSER_LIMITS[limit]:
        raise KeyProblem(f"{half}-too-long", bits=bits, limit=BROWSER_LIMITS[limit])
    if bits > LIMITS[limit]:
        raise KeyProblem(f"{half}-too-long-for-server", bits=bits, limit=LIMITS[limit])
    if len(e) > 5 or not 3 <= int.from_bytes(e, "big") <= LIMITS["exponent"] or e[-1] % 2 == 0:
        raise KeyProblem("key-exponent")
    return RsaPublic(int.from_bytes(n, "big"), int.from_bytes(e, "big"))


def read_private(key: bytes) -> RsaPrivate:
    """Return the numbers of a plain PKCS#8 or PKCS#1 private key within the limits; PKCS#8 attributes are passed over.

    Names kinds of key other than RSA, and sizes out of bounds before any arithmetic is done with them.
    """
    kind = identify(key)
    top = der.only(key)
    if kind == "pkcs8":
        version, identifier, inner, *_ = children(top, INTEGER, SEQUENCE, OCTETS)
        if magnitude(version) not in (b"\0", b"\1"):
            raise KeyProblem("key-damaged")
        _insist_on_rsa(algorithm(identifier), "private")
        if identify(inner.content) != "pkcs1":
            raise KeyProblem("key-damaged")
        top = der.only(inner.content)
    elif kind in _SHAPE_NAMES:
        raise KeyProblem("private-not-rsa", kind=_SHAPE_NAMES[kind])
    elif kind != "pkcs1":
        raise KeyProblem("key-damaged")
    version, modulus, exponent, *secret = children(top, *(INTEGER,) * 9)
    if magnitude(version) != b"\0" or len(secret) != 6:
        raise KeyProblem("key-many-primes")
    public = _measured(modulus, exponent, "private")
    digits = [magnitude(element) for element in secret]
    if any(len(each) > len(magnitude(modulus)) for each in digits):
        raise KeyProblem("key-damaged")
    return RsaPrivate(public.n, public.e, *(int.from_bytes(each, "big") for each in digits))


def read_public(key: bytes) -> RsaPublic:
    """Return the public numbers in a public key (X.509 or PKCS#1), certificate or certificate request.

    A certificate is only taken apart: nothing in it is verified, and nothing of it is used but the key.
    """
    kind = identify(key)
    top = der.only(key)
    if kind in ("certificate", "csr"):
        body = children(children(top)[0])
        # The version is left out of certificates of the first version.
        at = 2 if kind == "csr" else 6 if body and body[0].tag == 0xA0 else 5
        if len(body) <= at:
            raise KeyProblem("key-damaged")
        top = body[at]
    elif kind not in ("spki", "pkcs1-public"):
        raise KeyProblem("key-damaged")
    if kind != "pkcs1-public":
        identifier, bits, *_ = children(top, SEQUENCE, BIT_STRING)
        _insist_on_rsa(algorithm(identifier), "public")
        top = der.only(der.whole_bytes(bits))
    numbers = children(top, INTEGER, INTEGER)
    if len(numbers) != 2:
        raise KeyProblem("key-damaged")
    return _measured(numbers[0], numbers[1], "public")


def read_ssh_public(blob: bytes) -> RsaPublic:
    """Return the public numbers in an ``ssh-rsa`` key (RFC 4253, 6.6): three strings, each after its length."""
    parts: list[bytes] = []
    at = 0
    while at < len(blob) and len(parts) < 4:
        size = int.from_bytes(blob[at : at + 4], "big")
        parts.append(blob[at + 4 : at + 4 + size])
        at += 4 + size
    if at != len(blob) or not parts:
        raise KeyProblem("key-damaged")
    if parts[0] != b"ssh-rsa":
        raise KeyProblem("public-not-rsa", kind="OpenSSH, not ssh-rsa")
    if len(parts) != 3:
        raise KeyProblem("key-damaged")
    exponent, modulus = (Element(INTEGER, part) for part in parts[1:])
    return _measured(modulus, exponent, "public")


def write_public(public: RsaPublic) -> bytes:
    """Write the SubjectPublicKeyInfo that Snowflake stores and fingerprints."""
    numbers = der.sequence(der.integer(public.n), der.integer(public.e))
    return der.sequence(_RSA_WITHOUT_PARAMETERS, der.write(BIT_STRING, b"\0", numbers))


def _around(bits: int) -> tuple[bytes, bytes]:
    """Return what stands before and behind the modulus in a public key of so many bits, with the usual exponent."""
    written = write_public(RsaPublic(1 << bits - 1, 65537))
    modulus = (1 << bits - 1).to_bytes(bits // 8, "big")
    before, _, behind = written.partition(modulus)
    return before, behind


# By the length of the whole in bytes. Every page that shows a walk reads its key, and it is nearly always one of these.
_USUAL: Final = {
    sum(map(len, around)) + bits // 8: (bits, *around) for bits in (2048, 3072, 4096) for around in (_around(bits),)
}


def bits_as_written(key: bytes) -> int:
    """Return the bits of a public key that :func:`write_public` wrote, within the limits; raise for anything else."""
    bits, before, behind = _USUAL.get(len(key), (0, b"", b""))
    if bits and key.startswith(before) and key.endswith(behind) and key[len(before)] & 0x80:
        return bits
    _, numbers = children(der.only(key), SEQUENCE, BIT_STRING)
    modulus, exponent = children(der.only(der.whole_bytes(numbers)), INTEGER, INTEGER)
    public = _measured(modulus, exponent, "public")
    if write_public(public) != key:
        raise KeyProblem("key-damaged")
    return public.n.bit_length()


def usable(numbers: RsaPrivate) -> rsa.RSAPrivateKey:
    """Make a usable key of ``numbers``, having seen that they belong together; else raise ``key-inconsistent``.

    The library's own check asks whether both primes are prime, and that is what a load costs. It answers a question
    that nobody has here: whoever uploads a key with a false prime fools nobody but themselves, and the signature
    below fails. So the numbers are compared with each other, which rules out every accident, and one signature is made
    and verified. Measured with cryptography 50 on two busy cores, in ms, for 2048 / 3072 / 4096 bits: with the check
    44 / 132 / 453; comparing, signing and verifying 1 / 4 / 9.
    """
    if not _agree(numbers):
        raise KeyProblem("key-inconsistent")
    try:
        private = rsa.RSAPrivateNumbers(
            numbers.p,
            numbers.q,
            numbers.d,
            numbers.dp,
            numbers.dq,
            numbers.qi,
            rsa.RSAPublicNumbers(numbers.e, numbers.n),
        ).private_key(unsafe_skip_rsa_key_validation=True)
        probe = b"does this key sign?"
        private.public_key().verify(private.sign(probe, PKCS1v15(), SHA256()), probe, PKCS1v15(), SHA256())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        raise KeyProblem("key-inconsistent") from None
    return private


def _agree(numbers: RsaPrivate) -> bool:
    """Tell whether the eight numbers are those of one key. That the primes are prime, a signature shows."""
    n, e, d, p, q = numbers.n, numbers.e, numbers.d, numbers.p, numbers.q
    return (
        p * q == n
        and min(p, q) > 1
        and n % 2 == 1
        and 1 < d < n
        and e * d % (p - 1) == 1
        and e * d % (q - 1) == 1
        and numbers.dp == d % (p - 1)
        and numbers.dq == d % (q - 1)
        and numbers.qi < p
        and numbers.qi * q % p == 1
    )
