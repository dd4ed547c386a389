"""Key files that the page and the server once read differently, found by generated cases and each read one way since.

The names say what happened to the file; who read it how is history.
"""

from __future__ import annotations

import random

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.key_damages import Damage
from tests.key_files import (
    PASSPHRASE,
    Files,
    pbes1,
    pbes1_file,
    pbes2,
    pem,
    pkcs8_of,
    proc_type_file,
    traditional,
)
from wizard.snowflake.key import der

_EC = ec.generate_private_key(ec.SECP256R1()).public_key()
_EC_PUBLIC = _EC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _macos(files: Files) -> str:
    """``openssl pkcs8 -topk8`` of macOS: MD5 and DES."""
    return pbes1_file(files.der, PASSPHRASE, "1.2.840.113549.1.5.3", random.Random("macOS")).text


def _numbers(files: Files) -> list[int]:
    one = files.key.private_numbers()
    return [0, one.public_numbers.n, one.public_numbers.e, one.d, one.p, one.q, one.dmp1, one.dmq1, one.iqmp]


def _long_form(files: Files) -> str:
    """A number with one zero more in front than DER allows."""
    first, *rest = _numbers(files)
    modulus, *others = map(der.integer, rest)
    longer = der.write(der.INTEGER, b"\0", modulus[4:])
    return pem("RSA PRIVATE KEY", der.sequence(der.integer(first), longer, *others))


def _proc_type(files: Files, cipher: str) -> str:
    return proc_type_file(traditional(files.key), PASSPHRASE, cipher, random.Random(cipher)).text


DISAGREEMENTS: tuple[Damage, ...] = (
    # --- what shells, editors and mails do
    Damage("PRIVATE_KEY=MIIE", lambda f: f"PRIVATE_KEY={f.body}", ("markers-missing", "text-around")),
    Damage("\\n eaten by a shell", lambda f: f.plain.replace("\n", "n"), ("newlines-escaped",)),
    Damage("five backslashes", lambda f: f.plain.replace("\n", "\\" * 5 + "n"), ("newlines-escaped",)),
    Damage("a star before each line", lambda f: "* " + f.plain.strip().replace("\n", "\n* "), ("text-around",)),
    Damage("a semicolon at the end", lambda f: f.plain.strip() + ";"),
    Damage("next-line characters", lambda f: f.plain.replace("\n", "\x85")),
    Damage("stars in place of the body", lambda f: f.plain[:28] + "*******\n" + f.plain[-26:], problem="key-shortened"),
    Damage("dots in bare base64", lambda f: f.body[:200] + " ... " + f.body[-200:], problem="key-shortened"),
    # --- sizes
    Damage("forty kilobytes of log around it", lambda f: "a line of a log\n" * 2500 + f.plain, ("text-around",)),
    Damage("one byte more than is read", lambda f: f.plain + " " * (65537 - len(f.plain)), problem="key-too-large"),
    Damage(
        "5 kB sealed",
        lambda f: pem("ENCRYPTED PRIVATE KEY", pbes2(data=bytes(5008), rounds=1)),
        problem="passphrase-missing",
    ),
    Damage(
        "150,000 rounds of PBES1", lambda f: pbes1("1.2.840.113549.1.12.1.3", rounds=150_000), problem="too-many-rounds"
    ),
    # --- forms
    Damage("what openssl on macOS encrypts", _macos, ("pbes1",), passphrase=PASSPHRASE),
    Damage("Proc-Type with AES", lambda f: _proc_type(f, "aes-128-cbc"), ("pkcs1-sealed",), passphrase=PASSPHRASE),
    Damage("Proc-Type with DES", lambda f: _proc_type(f, "des-cbc"), ("pkcs1-sealed",), passphrase=PASSPHRASE),
    Damage("Proc-Type without its passphrase", lambda f: f.proc_type, problem="passphrase-missing"),
    Damage(
        "a version of PKCS#8 that there is not",
        lambda f: pem("PRIVATE KEY", pkcs8_of(traditional(f.key), version=2)),
        problem="key-damaged",
    ),
    Damage("a number that is not in its shortest form", _long_form, problem="key-damaged"),
    Damage("an ssh-ed25519 line", lambda f: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 jane", problem="key-is-public"),
    # --- company
    Damage("an elliptic public key beside it", lambda f: f.plain + _EC_PUBLIC, problem="key-companion"),
    # --- passphrases
    Damage(
        "a passphrase without end for a plain key", lambda f: f.plain, ("passphrase-unneeded",), passphrase="x" * 1001
    ),
    Damage(
        "a passphrase of 600 rare characters",
        lambda f: f.sealed,
        problem="passphrase-wrong",
        passphrase="\U0001d4ab" * 600,
    ),
)
