"""Reads what a key came in, bounded before any library sees a byte.

The key readers of the usual libraries limit nothing and hold the interpreter's lock while they work: a two-kilobyte
file that asks for fifty million rounds of key derivation, or an honest key of 16384 bits, stops every thread of a
server for many seconds. So the bytes are read here first, by code that an auditor can read whole. What comes out is
either plain numbers within the limits below, or a :class:`ContainerError` that names what was found.

This module reads DER, in the fixed shapes of RFC 5958 (PKCS#8), RFC 8017 (PKCS#1), RFC 5280 (SubjectPublicKeyInfo,
certificates), RFC 2986 (CSR) and RFC 8018 (password-based encryption); :mod:`wizard.snowflake.key.pem` finds the DER
in what people paste. The depth is that of the code: nothing here calls itself on what a file contains.

Pure, and in time linear in the size of the input. The only exception that comes out is :class:`ContainerError`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

# The limits. Each is well above what an honest file needs and well below what hurts.
MAX_BYTES: Final = 32 * 1024
"""Of a pasted text or file. A 4096-bit key is 3.4 kB."""
MAX_BLOCKS: Final = 4
"""PEM blocks in one paste: a key, its public key and a certificate leave one to spare."""
MAX_LENGTH_BYTES: Final = 3
MAX_CHILDREN: Final = 12
"""Elements side by side in one DER sequence. A PKCS#1 private key has nine, a certificate's body ten."""
MAX_ITERATIONS: Final = 2_000_000
"""PBKDF2. OpenSSL writes 2,048, careful tools 600,000."""
MAX_OLD_ITERATIONS: Final = 100_000
"""PBES1. Its derivation is a loop in Python here, about 1 µs a round, and no tool wrote more than 50,000."""
MAX_SALT: Final = 1024
MAX_SEALED: Final = 4096
"""Bytes of an encrypted private key. 4096 bits take 2.4 kB."""
PRIVATE_BITS: Final = range(2048, 4096 + 1)
PUBLIC_BITS: Final = range(2048, 8192 + 1)
MAX_EXPONENT: Final = 2**32

INTEGER, BIT_STRING, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x03, 0x04, 0x05, 0x06, 0x30


class ContainerError(ValueError):
    """Nothing usable in the bytes, with the reason as a code of ``key_words.json``.

    ``facts`` fill the placeholders of that row. They are counts and names from lists of our own, never a piece of
    what was pasted: that may be a secret.
    """

    def __init__(self, code: str, **facts: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


# ---------------------------------------------------------------------------------------------------------------- DER


@dataclass(frozen=True, slots=True)
class Element:
    """One DER element: its tag, its content, and the whole of it with both."""

    tag: int
    content: bytes = field(repr=False)
    whole: bytes = field(repr=False)


def declared_length(der: bytes) -> int | None:
    """Return how many bytes the element at the start of ``der`` says it has, header included.

    ``None`` when there is no honest definite length (RFC 5280 asks for DER): indefinite, more than
    :data:`MAX_LENGTH_BYTES` long, or written in more bytes than needed.
    """
    if len(der) < 2:
        return None
    first = der[1]
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    if not 1 <= count <= MAX_LENGTH_BYTES or len(der) < 2 + count:
        return None
    length = int.from_bytes(der[2 : 2 + count], "big")
    if length < 0x80 or length >> (8 * (count - 1)) == 0:
        return None
    return 2 + count + length


def _elements(content: bytes) -> tuple[Element, ...]:
    """Split ``content`` into the elements that stand in it side by side, one level deep."""
    found: list[Element] = []
    at = 0
    while at < len(content):
        if len(found) == MAX_CHILDREN:
            raise ContainerError("key-damaged")
        tag = content[at]
        size = declared_length(content[at : at + 2 + MAX_LENGTH_BYTES])
        if size is None or at + size > len(content) or tag & 0x1F == 0x1F:
            raise ContainerError("key-damaged")
        header = 2 if content[at + 1] < 0x80 else 2 + (content[at + 1] & 0x7F)
        found.append(Element(tag, content[at + header : at + size], content[at : at + size]))
        at += size
    return tuple(found)


def _children(element: Element, *tags: int) -> tuple[Element, ...]:
    """Return the children of a sequence, having checked that the first ones carry ``tags``."""
    if element.tag != SEQUENCE:
        raise ContainerError("key-damaged")
    children = _elements(element.content)
    if len(children) < len(tags) or any(child.tag != tag for child, tag in zip(children, tags, strict=False)):
        raise ContainerError("key-damaged")
    return children


def _top(der: bytes) -> Element:
    """Return the one element that ``der`` consists of."""
    elements = _elements(der)
    if len(elements) != 1:
        raise ContainerError("key-damaged")
    return elements[0]


def _number(element: Element, most_bytes: int = MAX_SEALED) -> int:
    """Return a DER INTEGER that is not negative and at most ``most_bytes`` long."""
    content = element.content
    if element.tag != INTEGER or not content or len(content) > most_bytes + 1 or content[0] & 0x80:
        raise ContainerError("key-damaged")
    if len(content) > 1 and content[0] == 0 and not content[1] & 0x80:
        raise ContainerError("key-damaged")
    return int.from_bytes(content, "big")


def _bits_inside(element: Element) -> bytes:
    """Return the bytes of a BIT STRING that holds whole bytes."""
    if element.tag != BIT_STRING or not element.content or element.content[0] != 0:
        raise ContainerError("key-damaged")
    return element.content[1:]


def der(tag: int, *contents: bytes) -> bytes:
    """Write one DER element. The few that this program writes are all built with it."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def der_integer(value: int) -> bytes:
    """Write a DER INTEGER that is not negative."""
    return der(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def der_oid(dotted: str) -> bytes:
    """Write a DER OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    content = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        content.extend(reversed(groups))
    return der(OID, bytes(content))


def _oid(dotted: str) -> bytes:
    return der_oid(dotted)[2:]


RSA: Final = _oid("1.2.840.113549.1.1.1")

#: Kinds of key that are not plain RSA, by what people call them.
OTHER_KINDS: Final = {
    _oid("1.2.840.113549.1.1.10"): "RSA-PSS",
    _oid("1.2.840.10045.2.1"): "EC (elliptic curve)",
    _oid("1.2.840.10040.4.1"): "DSA",
    _oid("1.2.840.113549.1.3.1"): "DH",
    _oid("1.3.101.110"): "X25519",
    _oid("1.3.101.111"): "X448",
    _oid("1.3.101.112"): "Ed25519",
    _oid("1.3.101.113"): "Ed448",
}


def identify(key: bytes) -> str:
    """Say what a DER document is, by its shape alone: labels lie, and bare base64 has none.

    One of ``pkcs8``, ``pkcs8-sealed``, ``pkcs1``, ``spki``, ``pkcs1-public``, ``certificate``, ``csr``, ``ec``,
    ``dsa``, ``pkcs12`` and ``pkcs7``. Raises :class:`ContainerError` for any other shape.
    """
    children = _children(_top(key))
    tags = tuple(child.tag for child in children)
    match tags:
        case (0x02, 0x30, 0x04, *_):
            return "pkcs8"
        case (0x30, 0x04):
            return "pkcs8-sealed"
        case (0x30, 0x03):
            return "spki"
        case (0x02, 0x02):
            return "pkcs1-public"
        case (0x02, 0x02, 0x02, 0x02, 0x02, 0x02):
            return "dsa"
        case (0x02, 0x02, 0x02, 0x02, 0x02, 0x02, 0x02, 0x02, 0x02, *_):
            return "pkcs1"
        case (0x02, 0x04, *_):
            return "ec"
        case (0x02, 0x30) | (0x02, 0x30, 0x30):
            return "pkcs12"
        case (0x06, 0xA0):
            return "pkcs7"
        case (0x30, 0x30, 0x03):
            body = _children(children[0])
            if len(body) >= 3 and tuple(part.tag for part in body[:3]) == (0x02, 0x30, 0x30) and len(body) < 5:
                return "csr"
            return "certificate"
    raise ContainerError("key-unknown-shape")


def _algorithm(element: Element) -> bytes:
    """Return the object identifier of an AlgorithmIdentifier."""
    return _children(element, OID)[0].content


def _insist_on_rsa(algorithm: bytes, half: str) -> None:
    if algorithm != RSA:
        raise ContainerError(f"{half}-not-rsa", kind=OTHER_KINDS.get(algorithm) or _dotted(algorithm))


def _dotted(content: bytes) -> str:
    """Name an object identifier that has no name here. Only digits and dots come out, and not many."""
    if not content or len(content) > 20 or content[-1] & 0x80:
        return "of an unknown name"
    arcs: list[int] = []
    arc = 0
    for byte in content:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return "object identifier " + ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


@dataclass(frozen=True, slots=True)
class RsaPublic:
    """The two public numbers of an RSA key: modulus and exponent."""

    n: int
    e: int


@dataclass(frozen=True, slots=True)
class RsaPrivate:
    """The eight numbers of an RSA private key (RFC 8017, A.1.2), as read: whether they agree is not looked at here."""

    n: int
    e: int
    d: int = field(repr=False)
    p: int = field(repr=False)
    q: int = field(repr=False)
    dp: int = field(repr=False)
    dq: int = field(repr=False)
    qi: int = field(repr=False)


def _measured(modulus: Element, exponent: Element, half: str) -> RsaPublic:
    """Read modulus and exponent, having weighed the modulus before it is made into a number."""
    allowed = PRIVATE_BITS if half == "private" else PUBLIC_BITS
    if len(modulus.content) > MAX_SEALED:
        raise ContainerError(f"{half}-too-long", bits=8 * len(modulus.content))
    n = _number(modulus)
    if n.bit_length() < allowed[0]:
        raise ContainerError(f"{half}-too-short", bits=n.bit_length())
    if n.bit_length() > allowed[-1]:
        raise ContainerError(f"{half}-too-long", bits=n.bit_length())
    e = _number(exponent)
    if not 3 <= e <= MAX_EXPONENT or e % 2 == 0:
        raise ContainerError("key-exponent")
    return RsaPublic(n, e)


def read_private(key: bytes) -> RsaPrivate:
    """Return the numbers of a plain PKCS#8 or PKCS#1 private key of 2048 to 4096 bits.

    PKCS#8 attributes are passed over. Raises :class:`ContainerError` for everything else, naming kinds of key other
    than RSA, and sizes out of bounds before any arithmetic is done with them.
    """
    kind = identify(key)
    top = _top(key)
    if kind == "pkcs8":
        _, algorithm, inner, *_ = _children(top, INTEGER, SEQUENCE, OCTETS)
        _insist_on_rsa(_algorithm(algorithm), "private")
        if identify(inner.content) != "pkcs1":
            raise ContainerError("key-damaged")
        top = _top(inner.content)
    elif kind in ("ec", "dsa"):
        raise ContainerError("private-not-rsa", kind="DSA" if kind == "dsa" else "EC (elliptic curve)")
    elif kind != "pkcs1":
        raise ContainerError("key-damaged")
    version, modulus, exponent, *secret = _children(top, *(INTEGER,) * 9)
    if _number(version) != 0 or len(secret) != 6:
        raise ContainerError("key-many-primes")
    public = _measured(modulus, exponent, "private")
    d, p, q, dp, dq, qi = (_number(element, PRIVATE_BITS[-1] // 8) for element in secret)
    return RsaPrivate(public.n, public.e, d, p, q, dp, dq, qi)


def read_public(key: bytes) -> RsaPublic:
    """Return the public numbers, of 2048 to 8192 bits, in a public key (X.509 or PKCS#1), certificate or CSR.

    A certificate is only taken apart: nothing in it is verified, and nothing of it is used but the key.
    """
    kind = identify(key)
    top = _top(key)
    if kind == "certificate":
        body = _children(_children(top)[0])
        at = 6 if body and body[0].tag == 0xA0 else 5  # the version is left out of certificates of the first version
        if len(body) <= at:
            raise ContainerError("key-damaged")
        top = body[at]
    elif kind == "csr":
        top = _children(_children(top)[0])[2]
    elif kind not in ("spki", "pkcs1-public"):
        raise ContainerError("key-damaged")
    if kind != "pkcs1-public":
        algorithm, bits, *_ = _children(top, SEQUENCE, BIT_STRING)
        _insist_on_rsa(_algorithm(algorithm), "public")
        top = _top(_bits_inside(bits))
    numbers = _children(top, INTEGER, INTEGER)
    if len(numbers) != 2:
        raise ContainerError("key-damaged")
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
        raise ContainerError("key-damaged")
    if parts[0] != b"ssh-rsa":
        raise ContainerError("public-not-rsa", kind="OpenSSH, not ssh-rsa")
    if len(parts) != 3:
        raise ContainerError("key-damaged")
    exponent, modulus = (Element(INTEGER, part, part) for part in parts[1:])
    return _measured(modulus, exponent, "public")


def write_public(public: RsaPublic) -> bytes:
    """Write the SubjectPublicKeyInfo that Snowflake stores and fingerprints."""
    numbers = der(SEQUENCE, der_integer(public.n), der_integer(public.e))
    return der(SEQUENCE, der(SEQUENCE, der(OID, RSA), der(NULL)), der(BIT_STRING, b"\0", numbers))


# --------------------------------------------------------------------------------------------- encrypted private keys


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted private key and the whole recipe for opening it, all of it within the limits.

    ``derivation`` is ``pbkdf2`` (PBES2), ``pkcs12`` or ``pbkdf1`` (PBES1), or ``openssl`` (the ``Proc-Type`` header
    of old PEM files); ``digest`` a name that :mod:`hashlib` knows; ``cipher`` a key of :data:`CIPHERS`.
    """

    derivation: str
    digest: str
    salt: bytes
    iterations: int
    cipher: str
    iv: bytes
    data: bytes = field(repr=False)


#: Ciphers that can be opened: bytes of key, bytes of block. All in CBC mode.
CIPHERS: Final = {
    "aes-128-cbc": (16, 16),
    "aes-192-cbc": (24, 16),
    "aes-256-cbc": (32, 16),
    "des-ede3-cbc": (24, 8),
    "des-ede-cbc": (16, 8),
    "des-cbc": (8, 8),
}
PBES2: Final = _oid("1.2.840.113549.1.5.13")
PBKDF2: Final = _oid("1.2.840.113549.1.5.12")
SCRYPT: Final = _oid("1.3.6.1.4.1.11591.4.11")
HMAC_SHA256: Final = _oid("1.2.840.113549.2.9")
AES_256_CBC: Final = _oid("2.16.840.1.101.3.4.1.42")
_PRFS: Final = {
    _oid("1.2.840.113549.2.7"): "sha1",
    _oid("1.2.840.113549.2.8"): "sha224",
    HMAC_SHA256: "sha256",
    _oid("1.2.840.113549.2.10"): "sha384",
    _oid("1.2.840.113549.2.11"): "sha512",
}
_PBES2_CIPHERS: Final = {
    _oid("2.16.840.1.101.3.4.1.2"): "aes-128-cbc",
    _oid("2.16.840.1.101.3.4.1.22"): "aes-192-cbc",
    AES_256_CBC: "aes-256-cbc",
    _oid("1.2.840.113549.3.7"): "des-ede3-cbc",
}
_PBES1_SCHEMES: Final = {
    _oid("1.2.840.113549.1.12.1.3"): ("pkcs12", "sha1", "des-ede3-cbc"),
    _oid("1.2.840.113549.1.12.1.4"): ("pkcs12", "sha1", "des-ede-cbc"),
    _oid("1.2.840.113549.1.5.3"): ("pbkdf1", "md5", "des-cbc"),
    _oid("1.2.840.113549.1.5.10"): ("pbkdf1", "sha1", "des-cbc"),
}
#: Recipes that are not followed here, by what people call them.
_NOT_OPENED: Final = {
    _oid("1.2.840.113549.1.12.1.1"): "PBE-SHA1-RC4-128",
    _oid("1.2.840.113549.1.12.1.2"): "PBE-SHA1-RC4-40",
    _oid("1.2.840.113549.1.12.1.5"): "PBE-SHA1-RC2-128",
    _oid("1.2.840.113549.1.12.1.6"): "PBE-SHA1-RC2-40",
    _oid("1.2.840.113549.1.5.6"): "PBE-MD5-RC2-64",
    _oid("1.2.840.113549.1.5.11"): "PBE-SHA1-RC2-64",
    _oid("1.2.840.113549.3.2"): "RC2-CBC",
    _oid("1.3.14.3.2.7"): "DES-CBC",
    _oid("2.16.840.1.101.3.4.1.6"): "AES-128-GCM",
    _oid("2.16.840.1.101.3.4.1.46"): "AES-256-GCM",
}


def read_sealed(key: bytes) -> Sealed:
    """Return the recipe of an EncryptedPrivateKeyInfo (RFC 5958), PBES2 or PBES1, within the limits.

    Raises :class:`ContainerError`: ``cipher-scrypt``, ``cipher-not-opened``, ``too-many-rounds`` and
    ``sealed-too-long`` for recipes that are not followed here.
    """
    scheme, data = _children(_top(key), SEQUENCE, OCTETS)[:2]
    if len(data.content) > MAX_SEALED:
        raise ContainerError("sealed-too-long")
    name, *parameters = _children(scheme, OID)
    if name.content not in (PBES2, *_PBES1_SCHEMES):
        raise _not_opened(name)
    if len(parameters) != 1:
        raise ContainerError("key-damaged")
    if name.content == PBES2:
        sealed = _read_pbes2(parameters[0], data.content)
    else:
        salt, rounds = _children(parameters[0], OCTETS, INTEGER)[:2]
        derivation, digest, cipher = _PBES1_SCHEMES[name.content]
        iterations = _rounds(rounds, MAX_OLD_ITERATIONS)
        sealed = Sealed(derivation, digest, salt.content, iterations, cipher, b"", data.content)
    return check_sealed(sealed)


def _not_opened(name: Element) -> ContainerError:
    return ContainerError("cipher-not-opened", cipher=_NOT_OPENED.get(name.content) or _dotted(name.content))


def _read_pbes2(parameters: Element, data: bytes) -> Sealed:
    derivation, encryption = _children(parameters, SEQUENCE, SEQUENCE)[:2]
    kdf, *kdf_parameters = _children(derivation, OID)
    if kdf.content == SCRYPT:
        raise ContainerError("cipher-scrypt")
    if kdf.content != PBKDF2:
        raise _not_opened(kdf)
    if len(kdf_parameters) != 1:
        raise ContainerError("key-damaged")
    salt, rounds, *rest = _children(kdf_parameters[0], OCTETS, INTEGER)
    iterations = _rounds(rounds, MAX_ITERATIONS)
    cipher_name, *cipher_parameters = _children(encryption, OID)
    cipher = _PBES2_CIPHERS.get(cipher_name.content)
    if cipher is None:
        raise _not_opened(cipher_name)
    if rest and rest[0].tag == INTEGER and _number(rest.pop(0)) != CIPHERS[cipher][0]:
        raise ContainerError("key-damaged")
    digest = "sha1"  # what an absent prf means (RFC 8018, A.2)
    if rest:
        name = _children(rest[0], OID)[0]
        if name.content not in _PRFS:
            raise _not_opened(name)
        digest = _PRFS[name.content]
    if len(cipher_parameters) != 1 or cipher_parameters[0].tag != OCTETS:
        raise ContainerError("key-damaged")
    return Sealed("pbkdf2", digest, salt.content, iterations, cipher, cipher_parameters[0].content, data)


def _rounds(element: Element, most: int) -> int:
    rounds = _number(element)
    if rounds < 1:
        raise ContainerError("key-damaged")
    if rounds > most:
        # The number itself may be thousands of digits long: said in full only where that is a help.
        said = f"{rounds:,}" if rounds < 10**15 else "an absurd number of"
        raise ContainerError("too-many-rounds", rounds=said, limit=f"{most:,}")
    return rounds


def check_sealed(sealed: Sealed) -> Sealed:
    """Check what all recipes have in common: salt, initial value, whole blocks."""
    block = CIPHERS[sealed.cipher][1]
    if len(sealed.salt) > MAX_SALT or len(sealed.data) > MAX_SEALED:
        raise ContainerError("sealed-too-long")
    if sealed.derivation in ("pbkdf2", "openssl") and len(sealed.iv) != block:
        raise ContainerError("key-damaged")
    if not sealed.data or len(sealed.data) % block:
        raise ContainerError("key-truncated-sealed")
    return sealed
