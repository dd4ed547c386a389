"""The reader that stands before every library: shapes told apart, limits kept, hostile files refused by name."""

from __future__ import annotations

import base64
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from wizard.secret import Secret
from wizard.snowflake.key import KEY_WORDS, KeyProblem, open_private_key, read_public_key
from wizard.snowflake.key.container import (
    AES_256_CBC,
    HMAC_SHA256,
    INTEGER,
    NULL,
    OCTETS,
    OID,
    PBES2,
    PBKDF2,
    RSA,
    SCRYPT,
    SEQUENCE,
    ContainerError,
    RsaPublic,
    declared_length,
    der,
    der_integer,
    der_oid,
    identify,
    read_private,
    read_public,
    read_sealed,
    read_ssh_public,
    write_public,
)

EC_OID = der_oid("1.2.840.10045.2.1")


def pkcs8(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | dsa.DSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def traditional(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def spki(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def pem(label: str, key: bytes) -> bytes:
    body = base64.encodebytes(key).replace(b"\n", b"")
    lines = b"\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return b"-----BEGIN %b-----\n%b\n-----END %b-----\n" % (label.encode(), lines, label.encode())


def pkcs1_numbers(*numbers: int) -> bytes:
    return der(SEQUENCE, *(der_integer(number) for number in numbers))


def rsa_pkcs8(inner: bytes) -> bytes:
    algorithm = der(SEQUENCE, der(OID, RSA), der(NULL))
    return der(SEQUENCE, der_integer(0), algorithm, der(OCTETS, inner))


def pbes2(
    *,
    salt: bytes = b"s" * 16,
    rounds: bytes = der_integer(2048),
    kdf: bytes = PBKDF2,
    iv: bytes = b"i" * 16,
    data: bytes = b"d" * 1232,
    cipher: bytes = AES_256_CBC,
) -> bytes:
    prf = der(SEQUENCE, der(OID, HMAC_SHA256), der(NULL))
    derivation = der(SEQUENCE, der(OID, kdf), der(SEQUENCE, der(OCTETS, salt), rounds, prf))
    encryption = der(SEQUENCE, der(OID, cipher), der(OCTETS, iv))
    return der(SEQUENCE, der(SEQUENCE, der(OID, PBES2), der(SEQUENCE, derivation, encryption)), der(OCTETS, data))


# ---------------------------------------------------------------------------------------------------------- DER itself


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_what_is_written_declares_its_own_length(size: int) -> None:
    written = der(OCTETS, b"x" * size)
    assert declared_length(written) == len(written)


@pytest.mark.parametrize(
    "lying",
    [
        b"\x30\x80\x02\x01\x00\x00\x00",  # indefinite
        b"\x30\x84\x00\x00\x00\x01\x00",  # four bytes of length
        b"\x30\x81\x05hello",  # one more byte of length than needed
        b"\x30\x82\x00\xffx",
        b"\x30",
        b"",
    ],
)
def test_a_length_that_is_not_der_is_no_length(lying: bytes) -> None:
    assert declared_length(lying) is None


def test_object_identifiers_are_written_as_the_library_reads_them() -> None:
    assert der_oid("1.2.840.113549.1.1.1") == bytes.fromhex("06092a864886f70d010101")
    assert der_oid("2.16.840.1.101.3.4.1.42") == bytes.fromhex("060960864801650304012a")


# ------------------------------------------------------------------------------------------------------- shapes of keys


def test_every_shape_is_told_apart_without_its_label(rsa_2048: rsa.RSAPrivateKey) -> None:
    elliptic = ec.generate_private_key(ec.SECP256R1())
    public = rsa_2048.public_key()
    shapes = {
        "pkcs8": pkcs8(rsa_2048),
        "pkcs1": traditional(rsa_2048),
        "spki": spki(rsa_2048),
        "pkcs1-public": public.public_bytes(Encoding.DER, PublicFormat.PKCS1),
        "pkcs8-sealed": pbes2(),
        "ec": traditional(elliptic),
        "dsa": traditional(dsa.generate_private_key(1024)),  # noqa: S505
    }
    assert {name: identify(key) for name, key in shapes.items()} == {name: name for name in shapes}


def test_the_numbers_are_the_librarys(rsa_2048: rsa.RSAPrivateKey) -> None:
    theirs = rsa_2048.private_numbers()
    for key in (pkcs8(rsa_2048), traditional(rsa_2048)):
        ours = read_private(key)
        assert (ours.n, ours.e, ours.d) == (theirs.public_numbers.n, theirs.public_numbers.e, theirs.d)
        assert (ours.p, ours.q, ours.dp, ours.dq, ours.qi) == (
            theirs.p,
            theirs.q,
            theirs.dmp1,
            theirs.dmq1,
            theirs.iqmp,
        )


def test_a_private_key_does_not_print_its_numbers(rsa_2048: rsa.RSAPrivateKey) -> None:
    numbers = read_private(pkcs8(rsa_2048))
    assert str(numbers.p) not in repr(numbers)
    assert str(numbers.d) not in repr(numbers)


def test_the_public_key_is_written_as_the_library_writes_it(rsa_2048: rsa.RSAPrivateKey) -> None:
    assert write_public(read_public(spki(rsa_2048))) == spki(rsa_2048)


def test_pkcs8_attributes_are_passed_over(rsa_2048: rsa.RSAPrivateKey) -> None:
    plain = pkcs8(rsa_2048)
    header = 4
    assert read_private(der(SEQUENCE, plain[header:], der(0xA0, b"\x30\x00"))) == read_private(plain)


def test_an_openssh_public_key_has_the_same_numbers(rsa_2048: rsa.RSAPrivateKey) -> None:
    line = rsa_2048.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    assert write_public(read_ssh_public(base64.b64decode(line.split()[1]))) == spki(rsa_2048)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: pkcs8(ec.generate_private_key(ec.SECP384R1())), "EC (elliptic curve)"),
        (lambda: pkcs8(ed25519.Ed25519PrivateKey.generate()), "Ed25519"),
        (lambda: pkcs8(dsa.generate_private_key(1024)), "DSA"),  # noqa: S505
        (lambda: traditional(dsa.generate_private_key(1024)), "DSA"),  # noqa: S505
        (lambda: der(SEQUENCE, der_integer(0), der(SEQUENCE, der_oid("1.2.3.4")), der(OCTETS, b"x")), "1.2.3.4"),
    ],
)
def test_a_key_of_another_kind_is_named(make, kind: str) -> None:
    with pytest.raises(ContainerError) as caught:
        read_private(make())
    assert caught.value.code == "private-not-rsa"
    assert kind in str(caught.value.facts["kind"])


def test_keys_of_2047_bits_and_less_are_too_short() -> None:
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505
    with pytest.raises(ContainerError) as caught:
        read_private(pkcs8(short))
    assert (caught.value.code, caught.value.facts) == ("private-too-short", {"bits": 1024})


@pytest.mark.parametrize(("bits", "code"), [(4096, None), (4097, "private-too-long"), (16384, "private-too-long")])
def test_private_keys_end_at_4096_bits(bits: int, code: str | None) -> None:
    key = pkcs1_numbers(0, 1 << bits - 1 | 1, 65537, 3, 3, 3, 3, 3, 3)
    if code is None:
        assert read_private(rsa_pkcs8(key)).n.bit_length() == bits
        return
    with pytest.raises(ContainerError) as caught:
        read_private(rsa_pkcs8(key))
    assert (caught.value.code, caught.value.facts) == (code, {"bits": bits})


@pytest.mark.parametrize(("bits", "code"), [(8192, None), (8193, "public-too-long"), (100_000, "public-too-long")])
def test_public_keys_end_at_8192_bits(bits: int, code: str | None) -> None:
    key = write_public(RsaPublic(1 << bits - 1 | 1, 65537))
    if code is None:
        assert read_public(key).n.bit_length() == bits
        return
    with pytest.raises(ContainerError) as caught:
        read_public(key)
    assert caught.value.code == code


@pytest.mark.parametrize("exponent", [0, 1, 2, 65536, 2**32 + 1, 2**2000 + 1])
def test_exponents_that_no_key_has_are_refused(exponent: int) -> None:
    with pytest.raises(ContainerError, match="key-exponent"):
        read_public(write_public(RsaPublic(1 << 2047 | 1, exponent)))


# -------------------------------------------------------------------------------------------------------- sealed keys


def test_a_recipe_within_the_limits_is_read() -> None:
    sealed = read_sealed(pbes2(rounds=der_integer(2_000_000)))
    assert (sealed.derivation, sealed.digest, sealed.iterations, sealed.cipher) == (
        "pbkdf2",
        "sha256",
        2_000_000,
        "aes-256-cbc",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rounds": der_integer(2_000_001)}, "too-many-rounds"),
        ({"rounds": der_integer(2**31 - 1)}, "too-many-rounds"),
        ({"rounds": der_integer(1 << 20_000)}, "too-many-rounds"),
        ({"rounds": der_integer(0)}, "key-damaged"),
        ({"rounds": der(INTEGER, b"\xff")}, "key-damaged"),
        ({"salt": b"s" * 1025}, "sealed-too-long"),
        ({"data": b"d" * 4112}, "sealed-too-long"),
        ({"data": b""}, "key-truncated-sealed"),
        ({"data": b"d" * 17}, "key-truncated-sealed"),
        ({"iv": b"i" * 8}, "key-damaged"),
        ({"kdf": SCRYPT}, "cipher-scrypt"),
        ({"kdf": b"\x2a\x03"}, "cipher-not-opened"),
        ({"cipher": b"\x2a\x03"}, "cipher-not-opened"),
        ({"cipher": b""}, "cipher-not-opened"),
    ],
)
def test_a_recipe_beyond_the_limits_is_refused_before_it_is_followed(changes: dict[str, bytes], code: str) -> None:
    with pytest.raises(ContainerError) as caught:
        read_sealed(pbes2(**changes))
    assert caught.value.code == code


# ------------------------------------------------------------------------------------------------------ hostile files


def _nested(depth: int) -> bytes:
    """Sequences in sequences, honest lengths, as deep as 32 kB allow."""
    content = b""
    for _ in range(depth):
        content = der(SEQUENCE, content)
    return content


def _scrypt(cost: int) -> bytes:
    parameters = der(SEQUENCE, der(OCTETS, b"s" * 16), der_integer(cost), der_integer(8), der_integer(1))
    derivation = der(SEQUENCE, der(OID, SCRYPT), parameters)
    encryption = der(SEQUENCE, der(OID, AES_256_CBC), der(OCTETS, b"i" * 16))
    scheme = der(SEQUENCE, der(OID, PBES2), der(SEQUENCE, derivation, encryption))
    return der(SEQUENCE, scheme, der(OCTETS, b"d" * 1232))


def _pbes1(rounds: int) -> bytes:
    scheme = der(
        SEQUENCE, der_oid("1.2.840.113549.1.12.1.3"), der(SEQUENCE, der(OCTETS, b"s" * 8), der_integer(rounds))
    )
    return der(SEQUENCE, scheme, der(OCTETS, b"d" * 1232))


SEALED = "ENCRYPTED PRIVATE KEY"
HOSTILE = {
    "pbkdf2, 50 million rounds": (pem(SEALED, pbes2(rounds=der_integer(50_000_000))), "too-many-rounds"),
    "pbkdf2, 2**31 - 1 rounds": (pem(SEALED, pbes2(rounds=der_integer(2**31 - 1))), "too-many-rounds"),
    "pbkdf2, a count of 1 kB": (pem(SEALED, pbes2(rounds=der_integer(1 << 8000))), "too-many-rounds"),
    "pbkdf2, a salt of 20 kB": (pem(SEALED, pbes2(salt=b"s" * 20_000)), "sealed-too-long"),
    "pbkdf2, 20 kB sealed": (pem(SEALED, pbes2(data=b"d" * 20_000)), "sealed-too-long"),
    "pkcs12 derivation, 50 million rounds": (pem(SEALED, _pbes1(50_000_000)), "too-many-rounds"),
    "scrypt, N = 2**20": (pem(SEALED, _scrypt(2**20)), "cipher-scrypt"),
    "scrypt, N = 2**24": (pem(SEALED, _scrypt(2**24)), "cipher-scrypt"),
    "8192 bits": (pem("PRIVATE KEY", rsa_pkcs8(pkcs1_numbers(0, 1 << 8191 | 1, *[3] * 7))), "private-too-long"),
    "16384 bits": (pem("RSA PRIVATE KEY", pkcs1_numbers(0, 1 << 16383 | 1, *[3] * 7)), "private-too-long"),
    "an even modulus": (pem("PRIVATE KEY", rsa_pkcs8(pkcs1_numbers(0, 1 << 2047, *[3] * 7))), "key-inconsistent"),
    "all numbers zero": (pem("PRIVATE KEY", rsa_pkcs8(pkcs1_numbers(*[0] * 9))), "private-too-short"),
    "primes of one": (
        pem("PRIVATE KEY", rsa_pkcs8(pkcs1_numbers(0, 1 << 2047 | 1, 3, 5, 1, 1 << 2047 | 1, 0, 0, 0))),
        "key-inconsistent",
    ),
    "a secret number of 3 kB": (
        pem("PRIVATE KEY", rsa_pkcs8(pkcs1_numbers(0, 1 << 2047 | 1, 3, 1 << 24000, *[3] * 5))),
        "key-damaged",
    ),
    "8,000 nested sequences": (_nested(8000)[:30000], "key-truncated"),
    "8,000 nested sequences, honest": (_nested(6000), "key-unknown-shape"),
    "nested, in PEM": (pem("PRIVATE KEY", _nested(4000)), "key-unknown-shape"),
    "10,000 children": (der(SEQUENCE, b"\x05\x00" * 10_000), "key-damaged"),
    "a length of 16 MB": (b"\x30\x83\xff\xff\xff" + b"x" * 100, "key-truncated"),
    "a length of 4 GB": (b"\x30\x84\xff\xff\xff\xff" + b"x" * 100, "key-damaged"),
    "an inner length that lies": (pem("PRIVATE KEY", der(SEQUENCE, b"\x02\x7f\x00")), "key-damaged"),
    "an indefinite length": (b"\x30\x80" + b"\x02\x01\x00" * 10 + b"\0\0", "key-damaged"),
    "a tag of many bytes": (der(SEQUENCE, b"\x1f\xff\xff\xff\x01\x00"), "key-damaged"),
    "a megabyte": (b"-----BEGIN PRIVATE KEY-----\n" + b"A" * 2**20, "key-too-large"),
    "a megabyte of hyphens": (b"-" * 2**20, "key-too-large"),
    "32 kB of hyphens": (b"-" * 32768, "key-not-found"),
    "32 kB of BEGIN": (b"-----BEGIN " * 2900, "key-several"),
    "a thousand begin markers": (b"-----BEGIN PRIVATE KEY-----\n" * 1000, "key-several"),
    "32 kB of MII": (b"MIIEvQIBADANBgkq " * 1900, "key-trailing"),
    "32 kB of MII and quotes": (b"'MIIEvQIBADANBgkq" * 1900, "key-truncated"),
    "utf-16 of one letter": (("x" * 16000).encode("utf-16"), "key-start-missing"),
    "a zip": (b"PK\x03\x04" + b"\0" * 5000, "key-zip"),
    "a gzip": (b"\x1f\x8b\x08" + b"\0" * 5000, "key-zip"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "key-binary"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "key-not-found"),
    "a script as file name": (b"<script>alert(1)</script>.pem", "key-placeholder"),
    "backslashes": (b"\\" * 32768, "key-not-found"),
    "white space": (b" \n\t" * 10_000, "key-empty"),
    "zeros": (b"\0" * 32768, "key-empty"),
    "words without end": (b"MIIE" + b"A" * 32000, "key-trailing"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_name_and_at_once(name: str) -> None:
    data, expected = HOSTILE[name]
    began = time.thread_time()
    with pytest.raises(KeyProblem) as caught:
        open_private_key(data, Secret("a passphrase of some length"))
    took = time.thread_time() - began
    assert caught.value.code == expected
    assert "{" not in caught.value.message
    assert took < 0.5


@pytest.mark.parametrize(
    "unit",
    [
        *"\\-=nxM+/.%<>${['\"` \t\n#|,;:@~A",
        "\\n",
        "\\u00",
        "%0A",
        "= ",
        "==",
        "ssh-rsa ",
        "ssh-rsa AAAA",
        "LS0t",
        "BEGIN",
        "-----BEGIN",
        "END-----",
        "-----END X-----",
        "Proc-Type: 4,ENCRYPTED",
        "DEK-Info: ",
        "Comment: ",
        "> ",
        "a.",
        "/a",
        "PUBLIC_KEY='",
        "PUBLIC_KEY=$$",
        "M A",
        "eyJ.",
        "\u200b",
        "your key ",
    ],
)
def test_thirty_two_kilobytes_of_anything_are_read_at_once(unit: str) -> None:
    text = (unit * 32768)[:32000]
    for paste in (text, f"-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----"):
        began = time.thread_time()
        with pytest.raises(KeyProblem):
            open_private_key(paste.encode(), Secret(""))
        with pytest.raises(KeyProblem):
            read_public_key(paste)
        assert time.thread_time() - began < 0.5


# ----------------------------------------------------------------------------------------------------------------- fuzz

READERS = (identify, read_private, read_public, read_sealed, read_ssh_public)


def _only_its_own_error(data: bytes) -> None:
    for reader in READERS:
        try:
            reader(data)
        except ContainerError as error:
            code = error.code
        else:
            continue
        assert code in KEY_WORDS


@given(st.binary(max_size=600))
def test_random_bytes_raise_nothing_but_the_readers_own_error(data: bytes) -> None:
    _only_its_own_error(data)
    _only_its_own_error(der(SEQUENCE, data))


@given(st.data())
def test_a_bent_key_raises_nothing_but_the_readers_own_error(rsa_2048: rsa.RSAPrivateKey, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([pkcs8(rsa_2048), traditional(rsa_2048), spki(rsa_2048), pbes2(), _pbes1(2048)]))
    bent = bytearray(whole)
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, min(120, len(bent)) - 1), st.integers(0, 255)))):
        bent[at] = value
    _only_its_own_error(bytes(bent))


_element = st.recursive(
    st.builds(der, st.sampled_from([0x02, 0x03, 0x04, 0x05, 0x06, 0xA0]), st.binary(max_size=12)),
    lambda inner: st.builds(lambda parts: der(SEQUENCE, *parts), st.lists(inner, max_size=10)),
    max_leaves=30,
)


@given(_element)
def test_well_formed_nonsense_raises_nothing_but_the_readers_own_error(data: bytes) -> None:
    _only_its_own_error(data)
