"""DER: lengths that lie, limits kept, and nothing but the reader's own error."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from tests.key_files import pbes1, pbes2, pkcs8, spki, traditional
from wizard.snowflake.key import KEY_WORDS, KeyProblem, der
from wizard.snowflake.key.der import INTEGER, OCTETS, OID, SEQUENCE, Element, declared_length
from wizard.snowflake.key.pbes import read_sealed
from wizard.snowflake.key.rsa import identify, read_private, read_public, read_ssh_public


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_what_is_written_declares_its_own_length(size: int) -> None:
    written = der.write(OCTETS, b"x" * size)
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
    assert der.oid("1.2.840.113549.1.1.1") == bytes.fromhex("06092a864886f70d010101")
    assert der.oid("2.16.840.1.101.3.4.1.42") == bytes.fromhex("060960864801650304012a")


@pytest.mark.parametrize("content", [b"", b"\x80", b"\x00\x01", b"\xff\xff"])
def test_an_integer_is_not_negative_and_in_its_shortest_form(content: bytes) -> None:
    with pytest.raises(KeyProblem) as caught:
        der.magnitude(Element(INTEGER, content))
    assert caught.value.code == "key-damaged"


@pytest.mark.parametrize("content", [b"", b"\x2a\x80", b"\x2a\x80\x01", b"\x2a" + b"\xff" * 5 + b"\x01", b"\x2a" * 33])
def test_an_object_identifier_that_nobody_assigned_is_none(content: bytes) -> None:
    with pytest.raises(KeyProblem) as caught:
        der.dotted(Element(OID, content))
    assert caught.value.code == "key-damaged"


@pytest.mark.parametrize(
    "dots", ["1.2.840.113549.1.1.1", "2.16.840.1.101.3.4.1.42", "1.3.6.1.4.1.11591.4.11", "0.9.2342"]
)
def test_an_object_identifier_is_read_as_it_was_written(dots: str) -> None:
    assert der.dotted(der.only(der.oid(dots))) == dots


# --- fuzz -------------------------------------------------------------------------------------------------------------

READERS = (identify, read_private, read_public, read_sealed, read_ssh_public)


def _only_its_own_error(data: bytes) -> None:
    for reader in READERS:
        try:
            reader(data)
        except KeyProblem as error:
            code = error.code
        else:
            continue
        assert code in KEY_WORDS


@given(st.binary(max_size=600))
def test_random_bytes_raise_nothing_but_the_readers_own_error(data: bytes) -> None:
    _only_its_own_error(data)
    _only_its_own_error(der.write(SEQUENCE, data))


@given(st.data())
def test_a_bent_key_raises_nothing_but_the_readers_own_error(rsa_2048: rsa.RSAPrivateKey, data: st.DataObject) -> None:
    whole = data.draw(
        st.sampled_from(
            [pkcs8(rsa_2048), traditional(rsa_2048), spki(rsa_2048), pbes2(), pbes1("1.2.840.113549.1.12.1.3")]
        )
    )
    bent = bytearray(whole)
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, min(120, len(bent)) - 1), st.integers(0, 255)))):
        bent[at] = value
    _only_its_own_error(bytes(bent))


_element = st.recursive(
    st.builds(der.write, st.sampled_from([0x02, 0x03, 0x04, 0x05, 0x06, 0xA0]), st.binary(max_size=12)),
    lambda inner: st.builds(lambda parts: der.sequence(*parts), st.lists(inner, max_size=10)),
    max_leaves=30,
)


@given(_element)
def test_well_formed_nonsense_raises_nothing_but_the_readers_own_error(data: bytes) -> None:
    _only_its_own_error(data)
