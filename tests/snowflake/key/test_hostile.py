"""Key files that are made to hurt: refused by name before any work is done, and read in time linear in their size."""

from __future__ import annotations

import time
from statistics import median

import pytest

from tests.key_files import OIDS, of_size, pbes1, pbes2, pem, pkcs1_of, pkcs8_of
from wizard.secret import Secret
from wizard.snowflake.key import LIMITS, KeyProblem, der, open_private_key, read_public_key
from wizard.snowflake.key.der import SEQUENCE


def _nested(depth: int) -> bytes:
    """Sequences in sequences, honest lengths, as deep as 32 kB allow."""
    content = b""
    for _ in range(depth):
        content = der.write(SEQUENCE, content)
    return content


SEALED = "ENCRYPTED PRIVATE KEY"
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "pbkdf2, 50 million rounds": (pem(SEALED, pbes2(rounds=50_000_000)), "too-many-rounds"),
    "pbkdf2, 2**31 - 1 rounds": (pem(SEALED, pbes2(rounds=2**31 - 1)), "too-many-rounds"),
    "pbkdf2, a count of 1 kB": (pem(SEALED, pbes2(rounds=1 << 8000)), "too-many-rounds"),
    "pbkdf2, a salt of 20 kB": (pem(SEALED, pbes2(salt=b"s" * 20_000)), "sealed-too-long"),
    "pbkdf2, 20 kB sealed": (pem(SEALED, pbes2(data=b"d" * 20_000)), "sealed-too-long"),
    "pkcs12 derivation, 50 million rounds": (
        pem(SEALED, pbes1("1.2.840.113549.1.12.1.3", rounds=50_000_000)),
        "too-many-rounds",
    ),
    "scrypt, N = 2**20": (pem(SEALED, pbes2(kdf=OIDS["scrypt"], rounds=2**20)), "cipher-scrypt"),
    "scrypt, N = 2**24": (pem(SEALED, pbes2(kdf=OIDS["scrypt"], rounds=2**24)), "cipher-scrypt"),
    "8192 bits": (pem("PRIVATE KEY", of_size(8192)), "private-too-long-for-server"),
    "16384 bits": (pem("PRIVATE KEY", of_size(16384)), "private-too-long"),
    "an even modulus": (pem("PRIVATE KEY", pkcs8_of(pkcs1_of(0, 1 << 2047, *[3] * 7))), "key-inconsistent"),
    "all numbers zero": (pem("PRIVATE KEY", pkcs8_of(pkcs1_of(*[0] * 9))), "private-too-short"),
    "primes of one": (
        pem("PRIVATE KEY", pkcs8_of(pkcs1_of(0, 1 << 2047 | 1, 3, 5, 1, 1 << 2047 | 1, 0, 0, 0))),
        "key-inconsistent",
    ),
    "a secret number of 3 kB": (
        pem("PRIVATE KEY", pkcs8_of(pkcs1_of(0, 1 << 2047 | 1, 3, 1 << 24000, *[3] * 5))),
        "key-damaged",
    ),
    "8,000 nested sequences": (_nested(8000)[:30000], "key-truncated"),
    "8,000 nested sequences, honest": (_nested(6000), "key-unknown-shape"),
    "nested, in PEM": (pem("PRIVATE KEY", _nested(4000)), "key-unknown-shape"),
    "10,000 children": (der.write(SEQUENCE, b"\x05\x00" * 10_000), "key-damaged"),
    "a length of 16 MB": (b"\x30\x83\xff\xff\xff" + b"x" * 100, "key-truncated"),
    "a length of 4 GB": (b"\x30\x84\xff\xff\xff\xff" + b"x" * 100, "key-damaged"),
    "an inner length that lies": (pem("PRIVATE KEY", der.write(SEQUENCE, b"\x02\x7f\x00")), "key-damaged"),
    "an indefinite length": (b"\x30\x80" + b"\x02\x01\x00" * 10 + b"\0\0", "key-damaged"),
    "a tag of many bytes": (der.write(SEQUENCE, b"\x1f\xff\xff\xff\x01\x00"), "key-damaged"),
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
def test_a_hostile_file_is_refused_by_name(name: str) -> None:
    data, expected = HOSTILE[name]
    with pytest.raises(KeyProblem) as caught:
        open_private_key(data if isinstance(data, bytes) else data.encode(), Secret("a passphrase of some length"))
    assert caught.value.code == expected
    assert "{" not in caught.value.message


UNITS = (
    *"\\-=nxM+/.%<>${['\"` \t\n#|*,;:@~A",
    *("\\n", "\\u00", "%0A", "= ", "==", "ssh-rsa ", "ssh-rsa AAAA", "LS0t", "BEGIN", "-----BEGIN", "END-----"),
    *("-----END X-----", "Proc-Type: 4,ENCRYPTED", "DEK-Info: ", "Comment: ", "> ", "* ", "a.", "/a", "PUBLIC_KEY='"),
    *("PUBLIC_KEY=$$", "M A", "MIIE", "eyJ.", "\u200b", "your key "),
)


def _seconds(paste: str) -> float:
    began = time.thread_time()
    with pytest.raises(KeyProblem):
        open_private_key(paste.encode(), Secret(""))
    with pytest.raises(KeyProblem):
        read_public_key(paste)
    return time.thread_time() - began


@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize("unit", UNITS)
def test_a_text_of_anything_takes_time_in_proportion_to_its_size(unit: str, marked: bool) -> None:
    def text(size: int) -> str:
        filling = (unit * size).encode()[: size - 60].decode("utf-8", "ignore")
        return f"-----BEGIN PRIVATE KEY-----\n{filling}\n-----END PRIVATE KEY-----" if marked else filling

    most = LIMITS["file_bytes"]
    short, long = (median(_seconds(text(size)) for _ in range(3)) for size in (most // 8, most))
    assert long < 40 * max(short, 0.001)
