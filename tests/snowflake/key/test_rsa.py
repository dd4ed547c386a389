"""RSA keys in DER: shapes told apart, numbers read, kinds and sizes named."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.key_files import of_size, pbes2, pkcs1_of, pkcs8, pkcs8_of, public_of, spki, traditional
from wizard.snowflake.key import KeyProblem, der
from wizard.snowflake.key.rsa import identify, read_private, read_public, read_ssh_public, usable, write_public


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
    assert read_private(der.sequence(plain[header:], der.write(0xA0, b"\x30\x00"))) == read_private(plain)


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
        (lambda: pkcs8_of(b"x", kind="1.2.3.4"), "1.2.3.4"),
    ],
)
def test_a_key_of_another_kind_is_named(make, kind: str) -> None:
    with pytest.raises(KeyProblem) as caught:
        read_private(make())
    assert caught.value.code == "private-not-rsa"
    assert kind in str(caught.value.values["kind"])


def test_keys_of_2047_bits_and_less_are_too_short() -> None:
    with pytest.raises(KeyProblem) as caught:
        read_private(of_size(2047))
    assert (caught.value.code, caught.value.values) == ("private-too-short", {"bits": 2047})


def test_private_keys_end_at_4096_bits_here_and_at_8192_in_the_browser() -> None:
    assert read_private(of_size(4096)).n.bit_length() == 4096
    for bits, code, limit in (
        (4097, "private-too-long-for-server", 4096),
        (8192, "private-too-long-for-server", 4096),
        (8193, "private-too-long", 8192),
        (16384, "private-too-long", 8192),
    ):
        with pytest.raises(KeyProblem) as caught:
            read_private(of_size(bits))
        assert (caught.value.code, caught.value.values) == (code, {"bits": bits, "limit": limit})
        assert ("in your browser" in caught.value.fix) == code.endswith("-for-server")


@pytest.mark.parametrize(("bits", "code"), [(8192, None), (8193, "public-too-long"), (100_000, "public-too-long")])
def test_public_keys_end_at_8192_bits(bits: int, code: str | None) -> None:
    key = public_of(bits)
    if code is None:
        assert read_public(key).n.bit_length() == bits
        return
    with pytest.raises(KeyProblem) as caught:
        read_public(key)
    assert caught.value.code == code


@pytest.mark.parametrize("exponent", [0, 1, 2, 65536, 2**32 + 1, 2**2000 + 1])
def test_exponents_that_no_key_has_are_refused(exponent: int) -> None:
    with pytest.raises(KeyProblem) as caught:
        read_public(public_of(2048, exponent))
    assert caught.value.code == "key-exponent"


def test_numbers_that_do_not_belong_together_are_noticed(
    rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    ours, theirs = rsa_2048.private_numbers(), other_rsa_2048.private_numbers()
    fields = [0, ours.public_numbers.n, 65537, ours.d, ours.p, ours.q, ours.dmp1, ours.dmq1, ours.iqmp]
    others = [0, theirs.public_numbers.n, 3, theirs.d, theirs.p, theirs.q, theirs.dmp1, theirs.dmq1, theirs.iqmp]
    for at in range(1, 9):
        numbers = [*fields[:at], others[at], *fields[at + 1 :]]
        with pytest.raises(KeyProblem) as caught:
            usable(read_private(pkcs1_of(*numbers)))
        assert caught.value.code == "key-inconsistent"
