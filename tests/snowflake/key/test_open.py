"""Private keys opened, or refused by what they are."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)

from tests.key_files import (
    PASSPHRASE,
    certificate,
    certificate_request,
    one_line,
    openssl,
    private_pem,
    public_pem,
    sealed_pem,
)
from wizard.secret import Secret
from wizard.snowflake.key import (
    KEY_NOTES,
    KEY_WORDS,
    KeyProblem,
    PublicKey,
    open_private_key,
)

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl isn't installed")


def private_problem(data: bytes, passphrase: str = "") -> KeyProblem:
    with pytest.raises(KeyProblem) as caught:
        open_private_key(data, Secret(passphrase))
    return caught.value


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_a_plain_key_opens(rsa_2048: rsa.RSAPrivateKey, form: PrivateFormat) -> None:
    opened = open_private_key(private_pem(rsa_2048, form), Secret(""))
    assert opened.private.private_numbers() == rsa_2048.private_numbers()
    assert opened.public == PublicKey.of_private(rsa_2048)
    assert opened.form == ("pkcs8" if form is PrivateFormat.PKCS8 else "pkcs1")
    assert opened.notes == (() if form is PrivateFormat.PKCS8 else (KEY_NOTES["pkcs1"],))


def test_an_opened_key_does_not_print_itself(rsa_2048: rsa.RSAPrivateKey) -> None:
    opened = open_private_key(private_pem(rsa_2048), Secret(""))
    assert "private=" not in repr(opened)
    assert str(rsa_2048.private_numbers().p) not in repr(opened)


def test_an_encrypted_key_opens_with_its_passphrase(rsa_2048: rsa.RSAPrivateKey) -> None:
    opened = open_private_key(sealed_pem(rsa_2048), Secret(PASSPHRASE))
    assert (opened.public, opened.form, opened.notes) == (PublicKey.of_private(rsa_2048), "pkcs8-pbes2", ())


def test_passphrases_missing_and_wrong_are_told_apart(rsa_2048: rsa.RSAPrivateKey) -> None:
    missing = private_problem(sealed_pem(rsa_2048))
    assert (missing.code, missing.blames) == ("passphrase-missing", "passphrase")
    for wrong in ("four unrelated word", "Four unrelated words", "x", "\ud800"):
        problem = private_problem(sealed_pem(rsa_2048), wrong)
        assert (problem.code, problem.blames) == ("passphrase-wrong", "passphrase")
    assert private_problem(sealed_pem(rsa_2048), "x" * 1001).code == "passphrase-too-long"


def test_a_wrong_passphrase_is_wrong_also_when_the_padding_looks_right(rsa_2048: rsa.RSAPrivateKey) -> None:
    sealed = sealed_pem(rsa_2048)
    assert {private_problem(sealed, f"wrong {number}").code for number in range(400)} == {"passphrase-wrong"}


def test_a_passphrase_for_a_plain_key_is_a_note_and_no_error(rsa_2048: rsa.RSAPrivateKey) -> None:
    assert open_private_key(private_pem(rsa_2048), Secret("x")).notes == (KEY_NOTES["passphrase-unneeded"],)


@pytest.mark.parametrize("edge", ["{}\n", "{}\r\n", " {}", "{} "])
def test_a_space_or_line_break_at_the_edge_of_a_passphrase_is_forgiven(rsa_2048: rsa.RSAPrivateKey, edge: str) -> None:
    opened = open_private_key(sealed_pem(rsa_2048), Secret(edge.format(PASSPHRASE)))
    assert opened.notes == (KEY_NOTES["passphrase-trimmed"],)


def test_a_space_that_belongs_to_the_passphrase_is_kept(rsa_2048: rsa.RSAPrivateKey) -> None:
    assert open_private_key(sealed_pem(rsa_2048, " words "), Secret(" words ")).notes == ()


def test_a_passphrase_beyond_ascii_opens_an_old_file(rsa_2048: rsa.RSAPrivateKey) -> None:
    assert open_private_key(sealed_pem(rsa_2048, "größer"), Secret("größer")).notes == ()


def test_public_keys_and_certificates_are_named_in_the_private_box(rsa_2048: rsa.RSAPrivateKey) -> None:
    ssh = rsa_2048.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    cases = {
        public_pem(rsa_2048).encode(): "key-is-public",
        public_pem(rsa_2048, PublicFormat.PKCS1).encode(): "key-is-public",
        one_line(public_pem(rsa_2048)).encode(): "key-is-public",
        certificate(rsa_2048).encode(): "key-is-certificate",
        certificate_request(rsa_2048).encode(): "key-is-csr",
        ssh: "key-is-ssh-public",
        private_pem(rsa_2048, PrivateFormat.OpenSSH): "key-openssh",
        pkcs12.serialize_key_and_certificates(b"x", rsa_2048, None, None, NoEncryption()): "key-pkcs12",
    }
    assert {code: private_problem(data).code for data, code in cases.items()} == {code: code for code in cases.values()}


def test_private_keys_of_other_kinds_and_sizes_are_named() -> None:
    kinds: dict[str, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | dsa.DSAPrivateKey] = {
        "EC (elliptic curve)": ec.generate_private_key(ec.SECP256R1()),
        "Ed25519": ed25519.Ed25519PrivateKey.generate(),
        "DSA": dsa.generate_private_key(1024),  # noqa: S505
    }
    for kind, key in kinds.items():
        for sealing in (NoEncryption(), BestAvailableEncryption(PASSPHRASE.encode())):
            problem = private_problem(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing), PASSPHRASE)
            assert problem.cause == "key-type"
            assert kind in problem.message
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505
    assert private_problem(private_pem(short)).cause == "key-too-short"
    assert private_problem(sealed_pem(short), PASSPHRASE).cause == "key-too-short"


@needs_openssl
@pytest.mark.parametrize(
    ("arguments", "kind", "note"),
    [
        (("pkcs8", "-topk8", "-v2", "des3"), "pkcs8-pbes2", "triple-des"),
        (("pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES"), "pkcs8-pbes1", "pbes1"),
        (("pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"), "pkcs8-pbes2", None),
        (("rsa", "-traditional", "-aes128"), "pkcs1-sealed", "pkcs1-sealed"),
        (("rsa", "-traditional", "-des3"), "pkcs1-sealed", "pkcs1-sealed"),
    ],
)
def test_what_openssl_encrypts_opens_and_says_who_will_refuse_it(
    rsa_2048: rsa.RSAPrivateKey, arguments: tuple[str, ...], kind: str, note: str | None
) -> None:
    sealed = openssl(*arguments, "-passout", f"pass:{PASSPHRASE}", given=private_pem(rsa_2048))
    for data in (sealed, sealed.replace(b"\n", b" "), sealed.replace(b"\n", b"\r\n")):
        opened = open_private_key(data, Secret(PASSPHRASE))
        assert (opened.public, opened.form) == (PublicKey.of_private(rsa_2048), kind)
        assert note is None or KEY_NOTES[note] in opened.notes
    assert private_problem(sealed, "wrong").code == "passphrase-wrong"
    assert private_problem(sealed).code == "passphrase-missing"


@needs_openssl
def test_an_empty_passphrase_is_opened_and_remarked_on(rsa_2048: rsa.RSAPrivateKey) -> None:
    sealed = openssl("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:", given=private_pem(rsa_2048))
    assert open_private_key(sealed, Secret("")).notes == (KEY_NOTES["passphrase-blank"],)


@needs_openssl
def test_scrypt_is_refused_with_the_line_that_converts_and_the_line_works(
    rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    sealed = openssl("pkcs8", "-topk8", "-scrypt", "-passout", f"pass:{PASSPHRASE}", given=private_pem(rsa_2048))
    problem = private_problem(sealed, PASSPHRASE)
    assert (problem.code, problem.cause) == ("cipher-scrypt", "key-cipher")
    (tmp_path / "old_key.pem").write_bytes(sealed)
    command = [*problem.command.split(), "-passin", f"pass:{PASSPHRASE}", "-passout", f"pass:{PASSPHRASE}"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    opened = open_private_key((tmp_path / "rsa_key.p8").read_bytes(), Secret(PASSPHRASE))
    assert opened.public == PublicKey.of_private(rsa_2048)


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen isn't installed")
def test_the_line_that_converts_an_openssh_key_works(rsa_2048: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    key = tmp_path / "id_rsa"
    key.write_bytes(private_pem(rsa_2048, PrivateFormat.OpenSSH))
    key.chmod(0o600)
    problem = private_problem(key.read_bytes())
    assert "Make a copy of the file, call it rsa_key.p8" in problem.fix
    shutil.copy(key, tmp_path / "rsa_key.p8")
    command = [*problem.command.split(), "-P", "", "-N", PASSPHRASE]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    opened = open_private_key((tmp_path / "rsa_key.p8").read_bytes(), Secret(PASSPHRASE))
    assert (opened.public, opened.form) == (PublicKey.of_private(rsa_2048), "pkcs8-pbes2")


@needs_openssl
@pytest.mark.parametrize(("code", "bits"), [("private-too-short", 2048), ("private-too-long", 4096)])
def test_the_line_that_makes_a_new_key_makes_one_that_every_client_opens(tmp_path: Path, code: str, bits: int) -> None:
    command = [*KEY_WORDS[code]["command"].split(), "-pass", f"pass:{PASSPHRASE}"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    opened = open_private_key((tmp_path / "rsa_key.p8").read_bytes(), Secret(PASSPHRASE))
    assert (opened.public.bits, opened.form, opened.notes) == (bits, "pkcs8-pbes2", ())
