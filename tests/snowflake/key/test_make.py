"""New keys, in the form that every client opens."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.key_files import PASSPHRASE, new_key_file, openssl
from wizard.secret import Secret
from wizard.snowflake.key import (
    KeyProblem,
    check_new_passphrase,
    make_private_key,
    open_private_key,
    pbes,
    pem,
)

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl isn't installed")


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_a_new_key_has_the_size_asked_for_and_opens(bits: int) -> None:
    content, public = new_key_file(bits, Secret(""))
    assert content.startswith(b"-----BEGIN PRIVATE KEY-----\n")
    assert content.endswith(b"-----END PRIVATE KEY-----\n")
    assert max(len(line) for line in content.splitlines()) == 64
    opened = open_private_key(content, Secret(""))
    assert (opened.public, opened.notes, public.bits) == (public, (), bits)
    # Here the library checks the primes.
    assert load_pem_private_key(content, None).public_key() == opened.private.public_key()


def test_a_new_key_with_a_passphrase_is_sealed_in_the_form_all_clients_open() -> None:
    content, public = new_key_file(2048, Secret(PASSPHRASE))
    assert content.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    sealed = pbes.read_sealed(pem.read_blocks(content)[0].der)
    assert (sealed.derivation, sealed.digest, sealed.cipher) == ("pbkdf2", "sha256", "aes-256-cbc")
    assert (sealed.iterations, len(sealed.salt), len(sealed.iv)) == (600_000, 16, 16)
    opened = open_private_key(content, Secret(PASSPHRASE))
    assert (opened.public, opened.notes) == (public, ())
    theirs = load_pem_private_key(content, PASSPHRASE.encode())
    assert theirs.public_key() == opened.private.public_key()


def test_two_new_keys_share_nothing() -> None:
    (one, first), (other, second) = (new_key_file(2048, Secret(PASSPHRASE)) for _ in range(2))
    assert first != second
    assert one[60:200] != other[60:200]


def test_all_chance_in_a_new_key_is_handed_in(rsa_2048: rsa.RSAPrivateKey) -> None:
    def made(random_bytes: Callable[[int], bytes]) -> bytes:
        return make_private_key(2048, Secret(PASSPHRASE), new_key=lambda *_: rsa_2048, random_bytes=random_bytes)[0]

    assert made(bytes) == made(bytes)
    assert made(bytes) != made(lambda count: b"\x01" * count)


@needs_openssl
def test_openssl_opens_a_new_key(tmp_path: Path) -> None:
    content, public = new_key_file(2048, Secret(PASSPHRASE))
    pem = openssl("pkey", "-pubout", "-passin", f"pass:{PASSPHRASE}", given=content)
    assert pem.decode() == public.pem


@pytest.mark.skipif(not shutil.which("node"), reason="Node.js isn't installed")
def test_node_opens_a_new_key() -> None:
    content, public = new_key_file(2048, Secret(PASSPHRASE))
    program = """
        const { createPrivateKey, createPublicKey } = require("node:crypto");
        const [key, passphrase] = JSON.parse(require("node:fs").readFileSync(0));
        const opened = createPublicKey(createPrivateKey({ key, passphrase }));
        process.stdout.write(opened.export({ type: "spki", format: "pem" }));
    """
    given = json.dumps([content.decode(), PASSPHRASE]).encode()
    done = subprocess.run(["node", "-e", program], input=given, capture_output=True, check=True)
    assert done.stdout.decode() == public.pem


def test_other_sizes_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="1024"):
        new_key_file(1024, Secret(""))


@pytest.mark.parametrize(
    ("passphrase", "code"),
    [
        ("", "new-passphrase-short"),
        ("eleven char", "new-passphrase-short"),
        ("größer als zwölf", "new-passphrase-not-ascii"),
        ("twelve chars\n", "new-passphrase-not-ascii"),
        ("twelve\tcharacters", "new-passphrase-not-ascii"),
        ("twelve “characters”", "new-passphrase-not-ascii"),
        (" twelve characters", "new-passphrase-edge"),
        ("twelve characters ", "new-passphrase-edge"),
        ("x" * 1001, "passphrase-too-long"),
    ],
)
def test_a_new_passphrase_that_will_make_trouble_is_refused_with_the_reason(passphrase: str, code: str) -> None:
    with pytest.raises(KeyProblem) as caught:
        check_new_passphrase(Secret(passphrase))
    assert (caught.value.code, caught.value.blames) == (code, "passphrase")
    if passphrase:
        with pytest.raises(KeyProblem):
            new_key_file(2048, Secret(passphrase))


def test_java_is_named_as_the_reason_for_ascii() -> None:
    with pytest.raises(KeyProblem, match="Java"):
        check_new_passphrase(Secret("größer als zwölf"))


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=60))
def test_twelve_printable_characters_are_enough(passphrase: str) -> None:
    check_new_passphrase(Secret(passphrase))
