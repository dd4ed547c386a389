"""Password-based encryption: what is written opens everywhere, and what openssl writes is opened."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from tests.key_files import OIDS, pbes2
from wizard.snowflake.key import KeyProblem, der
from wizard.snowflake.key.der import INTEGER
from wizard.snowflake.key.pbes import ROUNDS, read_sealed, seal, unseal

PASSPHRASE = b"four unrelated words"


def _pkcs8(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def test_what_is_sealed_opens_with_the_library(rsa_2048: rsa.RSAPrivateKey) -> None:
    sealed = seal(_pkcs8(rsa_2048), PASSPHRASE, salt=b"s" * 16, iv=b"i" * 16, rounds=1000)
    opened = load_der_private_key(sealed, PASSPHRASE)
    assert isinstance(opened, rsa.RSAPrivateKey)
    assert opened.private_numbers() == rsa_2048.private_numbers()


def test_what_is_sealed_says_six_hundred_thousand_rounds(rsa_2048: rsa.RSAPrivateKey) -> None:
    recipe = read_sealed(seal(_pkcs8(rsa_2048), PASSPHRASE, salt=b"s" * 16, iv=b"i" * 16))
    assert (recipe.derivation, recipe.digest, recipe.cipher) == ("pbkdf2", "sha256", "aes-256-cbc")
    assert (recipe.iterations, recipe.salt, recipe.iv) == (ROUNDS, b"s" * 16, b"i" * 16)
    assert ROUNDS == 600_000


def test_what_the_library_seals_opens_here(rsa_2048: rsa.RSAPrivateKey) -> None:
    theirs = rsa_2048.private_bytes(Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE))
    assert unseal(read_sealed(theirs), PASSPHRASE) == _pkcs8(rsa_2048)


def test_a_wrong_passphrase_opens_nothing(rsa_2048: rsa.RSAPrivateKey) -> None:
    recipe = read_sealed(seal(_pkcs8(rsa_2048), PASSPHRASE, salt=b"s" * 16, iv=b"i" * 16, rounds=1))
    opened = [unseal(recipe, f"wrong {number}".encode()) for number in range(600)]
    # Padding looks right by chance about once in 256 times. Then the bytes are no key, and keys.py sees that.
    assert opened.count(None) > 580
    assert _pkcs8(rsa_2048) not in opened


RECIPES = {
    "AES-128, SHA-1": ("-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"),
    "AES-192, SHA-512": ("-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA512"),
    "AES-256, SHA-224": ("-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA224"),
    "AES-256, SHA-384": ("-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA384"),
    "triple DES, as Snowflake's pages had it": ("-v2", "des3"),
    "PBES1, triple DES": ("-v1", "PBE-SHA1-3DES"),
    "PBES1, two-key triple DES": ("-v1", "PBE-SHA1-2DES"),
    "PBES1, MD5 and DES, as on macOS": ("-v1", "PBE-MD5-DES"),
    "PBES1, SHA-1 and DES": ("-v1", "PBE-SHA1-DES"),
}


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl isn't installed")
@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("passphrase", ["x", "four unrelated words", "größer als ß", "p" * 64])
def test_what_openssl_seals_opens_here(
    rsa_2048: rsa.RSAPrivateKey, tmp_path: Path, recipe: str, passphrase: str
) -> None:
    plain = tmp_path / "plain.der"
    plain.write_bytes(_pkcs8(rsa_2048))
    command = ["openssl", "pkcs8", "-topk8", "-inform", "DER", "-outform", "DER", "-in", str(plain), *RECIPES[recipe]]
    command += ["-passout", f"pass:{passphrase}", "-provider", "legacy", "-provider", "default"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"this openssl doesn't write {recipe}")
    assert unseal(read_sealed(done.stdout), passphrase.encode()) == _pkcs8(rsa_2048)


def test_a_recipe_within_the_limits_is_read() -> None:
    sealed = read_sealed(pbes2(rounds=2_000_000))
    assert (sealed.derivation, sealed.digest, sealed.iterations, sealed.cipher) == (
        "pbkdf2",
        "sha256",
        2_000_000,
        "aes-256-cbc",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rounds": 2_000_001}, "too-many-rounds-for-server"),
        ({"rounds": 10_000_000}, "too-many-rounds-for-server"),
        ({"rounds": 10_000_001}, "too-many-rounds"),
        ({"rounds": 2**31 - 1}, "too-many-rounds"),
        ({"rounds": 1 << 20_000}, "too-many-rounds"),
        ({"rounds": 0}, "key-damaged"),
        ({"rounds": der.write(INTEGER, b"\xff")}, "key-damaged"),
        ({"salt": b"s" * 1025}, "sealed-too-long"),
        ({"data": b"d" * 16400}, "sealed-too-long"),
        ({"data": b""}, "key-truncated-sealed"),
        ({"data": b"d" * 17}, "key-truncated-sealed"),
        ({"iv": b"i" * 8}, "key-damaged"),
        ({"key_length": 16}, "key-damaged"),
        ({"kdf": OIDS["scrypt"]}, "cipher-scrypt"),
        ({"kdf": "1.2.3"}, "cipher-not-opened"),
        ({"prf": "1.2.3"}, "cipher-not-opened"),
        ({"cipher": "1.2.3"}, "cipher-not-opened"),
    ],
)
def test_a_recipe_beyond_the_limits_is_refused_before_it_is_followed(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(KeyProblem) as caught:
        read_sealed(pbes2(**changes))
    assert caught.value.code == code
    assert ("in your browser" in caught.value.fix) == code.endswith("-for-server")
