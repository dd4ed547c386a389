"""openssl is asked for the fingerprint by the commands in Snowflake's own documentation.

https://docs.snowflake.com/en/user-guide/key-pair-auth, read autumn 2026.
"""

from __future__ import annotations

import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.key_files import new_key_file
from wizard.secret import Secret
from wizard.snowflake.key import PublicKey, open_private_key

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl isn't installed")
DIGEST = "openssl dgst -sha256 -binary | openssl enc -base64"


def shell(pipeline: str, given: bytes) -> str:
    done = subprocess.run(["sh", "-c", pipeline], input=given, capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_the_public_key_has_openssls_fingerprint(rsa_2048: rsa.RSAPrivateKey) -> None:
    key = PublicKey.of_private(rsa_2048)
    theirs = shell(f"openssl rsa -pubin -outform DER | {DIGEST}", key.pem.encode())
    assert key.fingerprint == f"SHA256:{theirs}"


def test_the_private_key_has_openssls_fingerprint(rsa_2048: rsa.RSAPrivateKey) -> None:
    pem = rsa_2048.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    theirs = shell(f"openssl pkey -pubout -outform DER | {DIGEST}", pem)
    assert open_private_key(pem, Secret("")).public.fingerprint == f"SHA256:{theirs}"


def test_a_key_made_here_has_openssls_fingerprint() -> None:
    pem, key = new_key_file(3072, Secret("four unrelated words"))
    command = "openssl pkey -passin 'pass:four unrelated words' -pubout -outform DER"
    assert key.fingerprint == f"SHA256:{shell(f'{command} | {DIGEST}', pem)}"


def test_a_key_made_by_openssl_has_the_same_fingerprint_here() -> None:
    pem = shell("openssl genrsa 2048 2>/dev/null | openssl pkcs8 -topk8 -nocrypt", b"").encode()
    theirs = shell(f"openssl pkey -pubout -outform DER | {DIGEST}", pem)
    assert open_private_key(pem, Secret("")).public.fingerprint == f"SHA256:{theirs}"


def test_the_value_of_rsa_public_key_is_openssls_in_one_line(rsa_2048: rsa.RSAPrivateKey) -> None:
    pem = rsa_2048.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    theirs = shell("openssl rsa -pubout 2>/dev/null | grep -v -- ----- | tr -d '\\n'", pem)
    assert open_private_key(pem, Secret("")).public.base64 == theirs
