"""What openssl prints of a key that it can't open leads to what is wrong with the key."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.web.walking import private_pem, public_pem
from wizard.diagnosis.conclusion import conclude
from wizard.diagnosis.reading import read


def causes(text: str) -> list[str]:
    facts = [fact for recognised in read(text, 0) for fact in recognised.facts]
    return [finding.cause.id for finding in conclude(facts).findings]


def said(folder: Path, *arguments: str) -> str:
    """Return what the openssl of this machine prints, which has nobody to ask for a passphrase."""
    ran = subprocess.run(
        ["openssl", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # else it asks the terminal of whoever runs the tests
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C"},
    )
    assert ran.returncode
    return str(ran.stderr)


@pytest.mark.parametrize("command", [("pkey", "-noout"), ("rsa", "-noout"), ("pkcs8", "-out", "out")])
def test_a_wrong_passphrase_is_named(tmp_path: Path, rsa_2048: rsa.RSAPrivateKey, command: tuple[str, ...]) -> None:
    (tmp_path / "rsa_key.p8").write_bytes(private_pem(rsa_2048, "the right one"))
    told = said(tmp_path, *command, "-in", "rsa_key.p8", "-passin", "pass:another one")
    assert causes(told)[0] == "passphrase-wrong", told


def test_a_passphrase_that_was_not_given_is_named(tmp_path: Path, rsa_2048: rsa.RSAPrivateKey) -> None:
    (tmp_path / "rsa_key.p8").write_bytes(private_pem(rsa_2048, "the right one"))
    told = said(tmp_path, "pkey", "-noout", "-in", "rsa_key.p8")
    assert causes(told)[0] == "passphrase-missing", told


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    told = said(tmp_path, "pkey", "-noout", "-in", "rsa_key.p8")
    assert causes(told)[0] == "key-file-missing", told


@pytest.mark.parametrize("damage", ["one line", "no markers", "cut off", "public"])
def test_a_damaged_key_is_said_to_be_one(tmp_path: Path, rsa_2048: rsa.RSAPrivateKey, damage: str) -> None:
    pem = private_pem(rsa_2048).decode()
    lines = pem.splitlines()
    text, cause = {
        "one line": (pem.replace("\n", " "), "key-newlines-lost"),
        "no markers": ("\n".join(lines[1:-1]), "key-markers-missing"),
        "cut off": ("\n".join(lines[:5]), "key-truncated"),
        "public": (public_pem(rsa_2048), "key-is-public"),
    }[damage]
    (tmp_path / "rsa_key.p8").write_text(text)
    told = said(tmp_path, "pkey", "-noout", "-in", "rsa_key.p8")
    assert cause in causes(told), told


OLDER = {
    "unable to load key\n139:error:06065064:digital envelope routines:EVP_DecryptFinal_ex:bad decrypt:evp_enc.c:583:\n"
    "139:error:23077074:PKCS12 routines:PKCS12_pbe_crypt:pkcs12 cipherfinal error:p12_decr.c:63:": "passphrase-wrong",
    "unable to load Private Key\n4506:error:09FFF06C:CRYPTO_internal:no start line:pem_lib.c:694:"
    "Expecting: ANY PRIVATE KEY": "key-markers-missing",
    "unable to load Private Key\n139:error:09069066:PEM routines:get_header_and_data:bad end line:": "key-truncated",
    "unable to load Private Key\n139:error:0906D064:PEM routines:PEM_read_bio:bad base64 decode:": (
        "key-stray-characters"
    ),
    'Load key "rsa_key.p8": incorrect passphrase supplied to decrypt private key': "passphrase-wrong",
}


@pytest.mark.parametrize("text", OLDER)
def test_the_words_of_older_ones_and_of_ssh_keygen_are_known(text: str) -> None:
    assert causes(text)[0] == OLDER[text]


def test_what_it_says_of_a_sound_key_names_no_cause() -> None:
    assert causes("writing RSA key\nKey is valid") == []
