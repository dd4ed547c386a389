"""Keys opened, refused, made; public keys read; every refusal in words that help."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import shutil
import subprocess
import time
from importlib import resources
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st

from wizard.secret import Secret
from wizard.snowflake.key import (
    KEY_NOTES,
    KEY_WORDS,
    KeyProblem,
    PublicKey,
    check_new_passphrase,
    container,
    make_private_key,
    open_private_key,
    pem,
    read_public_key,
)
from wizard.snowflake.key.container import RsaPublic, write_public

PASSPHRASE = "four unrelated words"
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl isn't installed")


def private_pem(key: rsa.RSAPrivateKey, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return key.private_bytes(Encoding.PEM, form, NoEncryption())


def sealed_pem(key: rsa.RSAPrivateKey, passphrase: str = PASSPHRASE) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))


def public_pem(key: rsa.RSAPrivateKey, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    return key.public_key().public_bytes(Encoding.PEM, form).decode()


def one_line(pem: str) -> str:
    return "".join(pem.split("\n")[1:-2])


def openssl(*arguments: str, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True).stdout


def private_problem(data: bytes, passphrase: str = "") -> KeyProblem:
    with pytest.raises(KeyProblem) as caught:
        open_private_key(data, Secret(passphrase))
    return caught.value


def public_problem(text: str) -> KeyProblem:
    with pytest.raises(KeyProblem) as caught:
        read_public_key(text)
    assert caught.value.blames == "public_key"
    return caught.value


def _subject() -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "jane")])


def _certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder().subject_name(_subject()).issuer_name(_subject()).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(day).not_valid_after(day + dt.timedelta(days=9))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


def _request(key: rsa.RSAPrivateKey) -> str:
    builder = x509.CertificateSigningRequestBuilder().subject_name(_subject())
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


# ------------------------------------------------------------------------------------------------------ the words table

CAUSES = {
    *(
        "key-markers-missing",
        "key-is-path",
        "key-encoding",
        "key-openssh",
        "key-is-public",
        "key-is-private",
        "key-empty",
    ),
    *("key-truncated", "key-type", "key-too-short", "key-cipher", "key-mismatch", "public-key-rejected"),
    *("passphrase-missing", "passphrase-wrong"),
}


@pytest.mark.parametrize("code", KEY_WORDS)
def test_every_row_of_words_is_whole_and_kind(code: str) -> None:
    row = KEY_WORDS[code]
    assert set(row) == {"cause", "blames", "message", "fix", "command"}
    assert row["cause"] in CAUSES
    assert row["blames"] in {"private_key", "passphrase", "public_key"}
    assert row["message"].endswith(".")
    assert row["fix"]
    text = f"{row['message']} {row['fix']}"
    assert not re.search(r"\b(please|invalid|required|oops|sorry|simply|just)\b|!", text, re.IGNORECASE)
    placeholders = set(re.findall(r"\{(\w+)\}", text + row["command"]))
    assert placeholders <= {
        *("half", "limit", "bits", "kind", "cipher", "rounds", "have", "expected", "extra", "count", "length", "found")
    }


def test_every_code_that_is_raised_has_its_words() -> None:
    package = resources.files("wizard.snowflake.key")
    source = "".join(package.joinpath(f"{name}.py").read_text("utf-8") for name in ("container", "pem", "keys"))
    raised = set(
        re.findall(r"\"((?:key|cipher|private|public|passphrase|new-passphrase|too|sealed)-[a-z0-9-]+)\"", source)
    )
    assert raised - set(KEY_WORDS) - set(KEY_NOTES) <= {
        *("key-pkcs", "private-key", "public-key", "passphrase-trimmed"),
        *("public-beside-private", "public-from-sql"),
    }


def test_every_mending_has_its_sentence() -> None:
    assert all(sentence[-1] in ".8" or "openssl" in sentence for sentence in KEY_NOTES.values())
    assert (
        json.loads(resources.files("wizard.snowflake.key").joinpath("key_notes.json").read_text("utf-8")) == KEY_NOTES
    )


# ---------------------------------------------------------------------------------------------------------- public keys


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
    broken = [
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
        _certificate(rsa_2048): "public-from-certificate",
        _request(rsa_2048): "public-from-csr",
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
    assert public_problem(_certificate(elliptic)).code == "public-not-rsa"
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


# --------------------------------------------------------------------------------------------------------- private keys


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_a_plain_key_opens(rsa_2048: rsa.RSAPrivateKey, form: PrivateFormat) -> None:
    opened = open_private_key(private_pem(rsa_2048, form), Secret(""))
    assert opened.private.private_numbers() == rsa_2048.private_numbers()
    assert opened.public == PublicKey.of_private(rsa_2048)
    assert opened.container == ("pkcs8" if form is PrivateFormat.PKCS8 else "pkcs1")
    assert opened.notes == (() if form is PrivateFormat.PKCS8 else (KEY_NOTES["pkcs1"],))


def test_an_opened_key_does_not_print_itself(rsa_2048: rsa.RSAPrivateKey) -> None:
    opened = open_private_key(private_pem(rsa_2048), Secret(""))
    assert "private=" not in repr(opened)
    assert str(rsa_2048.private_numbers().p) not in repr(opened)


def test_an_encrypted_key_opens_with_its_passphrase(rsa_2048: rsa.RSAPrivateKey) -> None:
    opened = open_private_key(sealed_pem(rsa_2048), Secret(PASSPHRASE))
    assert (opened.public, opened.container, opened.notes) == (PublicKey.of_private(rsa_2048), "pkcs8-pbes2", ())


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
        _certificate(rsa_2048).encode(): "key-is-certificate",
        _request(rsa_2048).encode(): "key-is-csr",
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


def test_numbers_that_do_not_belong_together_are_noticed(
    rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    ours, theirs = rsa_2048.private_numbers(), other_rsa_2048.private_numbers()
    fields = [0, ours.public_numbers.n, 65537, ours.d, ours.p, ours.q, ours.dmp1, ours.dmq1, ours.iqmp]
    others = [0, theirs.public_numbers.n, 3, theirs.d, theirs.p, theirs.q, theirs.dmp1, theirs.dmq1, theirs.iqmp]
    for at in range(1, 9):
        numbers = [*fields[:at], others[at], *fields[at + 1 :]]
        der = container.der(0x30, *(container.der_integer(number) for number in numbers))
        assert private_problem(der).code == "key-inconsistent"


@needs_openssl
@pytest.mark.parametrize(
    ("arguments", "kind", "note"),
    [
        (("pkcs8", "-topk8", "-v2", "des3"), "pkcs8-pbes2", "triple-des"),
        (("pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES"), "pkcs8-pbes1", "pbes1"),
        (("pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"), "pkcs8-pbes2", None),
        (("rsa", "-traditional", "-aes128"), "pkcs1-encrypted", "pkcs1-sealed"),
        (("rsa", "-traditional", "-des3"), "pkcs1-encrypted", "pkcs1-sealed"),
    ],
)
def test_what_openssl_encrypts_opens_and_says_who_will_refuse_it(
    rsa_2048: rsa.RSAPrivateKey, arguments: tuple[str, ...], kind: str, note: str | None
) -> None:
    sealed = openssl(*arguments, "-passout", f"pass:{PASSPHRASE}", given=private_pem(rsa_2048))
    for data in (sealed, sealed.replace(b"\n", b" "), sealed.replace(b"\n", b"\r\n")):
        opened = open_private_key(data, Secret(PASSPHRASE))
        assert (opened.public, opened.container) == (PublicKey.of_private(rsa_2048), kind)
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
    line = f"{private_problem(key.read_bytes()).command} -P '' -N '{PASSPHRASE}'"
    subprocess.run(["sh", "-c", line], cwd=tmp_path, check=True, capture_output=True)
    opened = open_private_key((tmp_path / "rsa_key.p8").read_bytes(), Secret(PASSPHRASE))
    assert (opened.public, opened.container) == (PublicKey.of_private(rsa_2048), "pkcs8-pbes2")


def test_opening_a_key_costs_far_less_than_checking_its_primes(rsa_2048: rsa.RSAPrivateKey) -> None:
    data = private_pem(rsa_2048)

    def fastest(what) -> float:
        times = []
        for _ in range(5):
            began = time.thread_time()
            what()
            times.append(time.thread_time() - began)
        return min(times)

    assert fastest(lambda: open_private_key(data, Secret(""))) < fastest(lambda: load_pem_private_key(data, None)) / 2


# ------------------------------------------------------------------------------------------------------------- new keys


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_a_new_key_has_the_size_asked_for_and_opens(bits: int) -> None:
    content, public = make_private_key(bits, Secret(""))
    assert content.startswith(b"-----BEGIN PRIVATE KEY-----\n")
    assert content.endswith(b"-----END PRIVATE KEY-----\n")
    assert max(len(line) for line in content.splitlines()) == 64
    opened = open_private_key(content, Secret(""))
    assert (opened.public, opened.notes, public.bits) == (public, (), bits)
    # Here the library checks the primes.
    assert load_pem_private_key(content, None).public_key() == opened.private.public_key()


def test_a_new_key_with_a_passphrase_is_sealed_in_the_form_all_clients_open() -> None:
    content, public = make_private_key(2048, Secret(PASSPHRASE))
    assert content.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    sealed = container.read_sealed(pem.read_blocks(content)[0].der)
    assert (sealed.derivation, sealed.digest, sealed.cipher) == ("pbkdf2", "sha256", "aes-256-cbc")
    assert (sealed.iterations, len(sealed.salt), len(sealed.iv)) == (600_000, 16, 16)
    opened = open_private_key(content, Secret(PASSPHRASE))
    assert (opened.public, opened.notes) == (public, ())
    theirs = load_pem_private_key(content, PASSPHRASE.encode())
    assert theirs.public_key() == opened.private.public_key()


def test_two_new_keys_share_nothing() -> None:
    (one, first), (other, second) = (make_private_key(2048, Secret(PASSPHRASE)) for _ in range(2))
    assert first != second
    assert one[60:200] != other[60:200]


@needs_openssl
def test_openssl_opens_a_new_key(tmp_path: Path) -> None:
    content, public = make_private_key(2048, Secret(PASSPHRASE))
    pem = openssl("pkey", "-pubout", "-passin", f"pass:{PASSPHRASE}", given=content)
    assert pem.decode() == public.pem


@pytest.mark.skipif(not shutil.which("node"), reason="Node.js isn't installed")
def test_node_opens_a_new_key() -> None:
    content, public = make_private_key(2048, Secret(PASSPHRASE))
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
        make_private_key(1024, Secret(""))


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
            make_private_key(2048, Secret(passphrase))


def test_java_is_named_as_the_reason_for_ascii() -> None:
    with pytest.raises(KeyProblem, match="Java"):
        check_new_passphrase(Secret("größer als zwölf"))


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=60))
def test_twelve_printable_characters_are_enough(passphrase: str) -> None:
    check_new_passphrase(Secret(passphrase))


def test_a_problem_carries_no_piece_of_what_was_given(rsa_2048: rsa.RSAPrivateKey) -> None:
    line = one_line(private_pem(rsa_2048).decode())
    problem = private_problem(line[:900].encode())
    shown = " ".join((problem.message, problem.fix, problem.command, repr(problem), repr(problem.values)))
    assert not any(line[at : at + 8] in shown for at in range(0, 900, 8))
    assert problem.__cause__ is None
