"""Public keys, read from whatever people paste."""

from __future__ import annotations

import base64
import re

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.key_files import certificate, certificate_request, one_line, private_pem, public_pem, sealed_pem
from wizard.snowflake.key import (
    KEY_NOTES,
    KeyProblem,
    PublicKey,
    read_public_key,
)
from wizard.snowflake.key.rsa import RsaPublic, bits_as_written, write_public


def public_problem(text: str) -> KeyProblem:
    with pytest.raises(KeyProblem) as caught:
        read_public_key(text)
    assert caught.value.blames == "public_key"
    return caught.value


def test_a_public_key_is_what_snowflake_stores(rsa_2048: rsa.RSAPrivateKey) -> None:
    key = PublicKey.of_private(rsa_2048)
    der = rsa_2048.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert key.der == der
    assert key.base64 == base64.b64encode(der).decode()
    assert key.pem == public_pem(rsa_2048)
    assert key.bits == 2048
    assert re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}=", key.fingerprint)
    assert str(key) == key.fingerprint
    assert key == read_public_key(public_pem(rsa_2048))[0]
    assert key.verifier.public_numbers() == rsa_2048.public_key().public_numbers()


def test_the_cookie_gives_back_the_key_and_nothing_else(rsa_2048: rsa.RSAPrivateKey) -> None:
    key = PublicKey.of_private(rsa_2048)
    assert PublicKey.from_base64(key.base64) == key
    elliptic = ec.generate_private_key(ec.SECP256R1()).public_key()
    ec_base64 = base64.b64encode(elliptic.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    of_another_algorithm = key.der.replace(b"\x01\x01\x01\x05\x00", b"\x01\x01\x0a\x05\x00")  # RSASSA-PSS
    broken = [
        base64.b64encode(of_another_algorithm).decode(),
        "",
        "x",
        "MII",
        key.base64[:-4],
        key.base64 + "\n",
        " " + key.base64,
        key.base64 + "AAAA",
        key.pem,
        ec_base64,
    ]
    for text in (*broken, "é", base64.b64encode(write_public(RsaPublic(1 << 1023 | 1, 3))).decode(), "A" * 100_000):
        with pytest.raises(KeyProblem):
            PublicKey.from_base64(text)


@pytest.mark.parametrize("bits", [2048, 2056, 3072, 4096])
@pytest.mark.parametrize("exponent", [3, 65537])
def test_a_stored_key_is_as_it_was_written_in_every_byte_around_its_modulus(bits: int, exponent: int) -> None:
    key = write_public(RsaPublic(1 << bits - 1 | 1, exponent))
    assert bits_as_written(key) == bits
    for at in range(34):  # from the first byte to the first of the modulus, whose highest bit says how long it is
        with pytest.raises(KeyProblem):
            bits_as_written(key[:at] + bytes([key[at] ^ 0x80]) + key[at + 1 :])
    for changed in (key[:-1] + bytes([key[-1] ^ 1]), key + b"\0", key[:-1]):
        with pytest.raises(KeyProblem):
            bits_as_written(changed)


@pytest.mark.parametrize(
    "shape",
    [
        "{pem}",
        "{line}",
        "'{line}'",
        '"{line}"',
        "{lines}",
        "RSA_PUBLIC_KEY='{line}'",
        "RSA_PUBLIC_KEY_2 = '{line}'",
        "ALTER USER JANE SET RSA_PUBLIC_KEY='{line}';",
        "alter user jane set rsa_public_key='{lines}';",
        "ALTER USER JANE SET RSA_PUBLIC_KEY='{pem}';",
        "ALTER USER JANE SET RSA_PUBLIC_KEY = $${line}$$;",
        "USE ROLE SECURITYADMIN;\nALTER USER \"o'hara\" SET RSA_PUBLIC_KEY='{line}' COMMENT='x';",
        "CREATE USER SVC TYPE = SERVICE RSA_PUBLIC_KEY = '{line}' DEFAULT_ROLE = R;",
        "ALTER USER ADD KEY PAIR laptop PUBLIC_KEY = '{line}';",
        "RSA_PUBLIC_KEY\t{line}\tnull\tRSA public key of the user",
        "| RSA_PUBLIC_KEY | {line} | null |",
        'rsa_public_key = "{line}"',
        "rsa_public_key: {line}",
        "{pem}{pem}",
    ],
)
def test_a_public_key_is_read_from_whatever_it_stands_in(rsa_2048: rsa.RSAPrivateKey, shape: str) -> None:
    pem = public_pem(rsa_2048)
    lines = "\n".join(pem.split("\n")[1:-2])
    text = shape.replace("{pem}", pem).replace("{lines}", lines).replace("{line}", one_line(pem))
    key, notes = read_public_key(text)
    assert key == PublicKey.of_private(rsa_2048)
    from_sql = "PUBLIC_KEY" in shape.upper() and any(mark in shape for mark in ("='", "= '", "$$"))
    assert (KEY_NOTES["public-from-sql"] in notes) == from_sql


def test_one_line_of_base64_needs_no_remark(rsa_2048: rsa.RSAPrivateKey) -> None:
    assert read_public_key(one_line(public_pem(rsa_2048)))[1] == ()


def test_other_forms_of_an_rsa_public_key_are_converted_with_a_note(rsa_2048: rsa.RSAPrivateKey) -> None:
    ssh = rsa_2048.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    blob = ssh.split()[1]
    wrapped = "\n".join(blob[at : at + 70] for at in range(0, len(blob), 70))
    ssh2 = f'---- BEGIN SSH2 PUBLIC KEY ----\nComment: "jane@laptop"\n{wrapped}\n---- END SSH2 PUBLIC KEY ----\n'
    forms = {
        public_pem(rsa_2048, PublicFormat.PKCS1): "public-from-pkcs1",
        one_line(public_pem(rsa_2048, PublicFormat.PKCS1)): "public-from-pkcs1",
        ssh: "public-from-ssh",
        f"{ssh} jane@laptop\n": "public-from-ssh",
        ssh2: "public-from-ssh",
        certificate(rsa_2048): "public-from-certificate",
        certificate_request(rsa_2048): "public-from-csr",
    }
    for text, code in forms.items():
        assert read_public_key(text) == (PublicKey.of_private(rsa_2048), (KEY_NOTES[code],))


def test_a_private_key_in_the_public_box_is_named_and_not_used(rsa_2048: rsa.RSAPrivateKey) -> None:
    plain = [
        private_pem(rsa_2048).decode(),
        private_pem(rsa_2048, PrivateFormat.TraditionalOpenSSL).decode(),
        private_pem(rsa_2048, PrivateFormat.OpenSSH).decode(),
        one_line(private_pem(rsa_2048).decode()),
        public_pem(rsa_2048) + private_pem(rsa_2048).decode(),
        private_pem(rsa_2048).decode()[:700],
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        .decode(),
    ]
    for text in plain:
        problem = public_problem(text)
        assert (problem.code, problem.cause) == ("key-is-private", "key-is-private")
        assert "exposed" in problem.message
        assert "new key pair" in problem.fix
    problem = public_problem(sealed_pem(rsa_2048).decode())
    assert (problem.code, problem.cause) == ("key-is-private-sealed", "key-is-private")


def test_two_different_public_keys_are_not_chosen_between(
    rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    two = public_pem(rsa_2048) + public_pem(other_rsa_2048)
    assert public_problem(two).code == "key-several"
    one, other = one_line(public_pem(rsa_2048)), one_line(public_pem(other_rsa_2048))
    sql = f"ALTER USER J SET RSA_PUBLIC_KEY='{one}' RSA_PUBLIC_KEY_2='{other}';"
    assert public_problem(sql).code == "key-several"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "key-empty"),
        ("RSA_PUBLIC_KEY=''", "key-empty"),
        ("RSA_PUBLIC_KEY='<paste it here>'", "key-placeholder"),
        ("RSA_PUBLIC_KEY='MIIBIjANBgkqh...'", "key-shortened"),
        ("rsa_key.pub", "key-is-path"),
        ("hello", "key-not-found"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIabc jane@laptop", "public-not-rsa"),
        ("ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAy jane", "public-not-rsa"),
        ("\ud800", "key-not-found"),
    ],
)
def test_what_stands_in_place_of_a_public_key_is_named(text: str, code: str) -> None:
    assert public_problem(text).code == code


def test_public_keys_of_other_kinds_and_sizes_are_named() -> None:
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505
    assert public_problem(public_pem(short)).message == "This RSA key has 1024 bits. Snowflake takes 2048 or more."
    elliptic = ec.generate_private_key(ec.SECP256R1())
    pem = elliptic.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert "EC (elliptic curve)" in public_problem(pem).message
    assert public_problem(certificate(elliptic)).code == "public-not-rsa"
    edwards = ed25519.Ed25519PrivateKey.generate().public_key()
    pem = edwards.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert "Ed25519" in public_problem(pem).message


def test_most_typing_errors_in_a_public_key_are_noticed(rsa_2048: rsa.RSAPrivateKey) -> None:
    line = one_line(public_pem(rsa_2048))
    unnoticed = 0
    for at in range(60, 360, 10):
        try:
            read_public_key(line[:at] + ("A" if line[at] != "A" else "B") + line[at + 1 :])
            unnoticed += 1
        except KeyProblem:
            continue
    assert unnoticed < 12
