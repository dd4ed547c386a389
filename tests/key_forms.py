"""The forms that a generated case starts from: every kind of key file, and what people take for one."""

from __future__ import annotations

import base64
import random
import textwrap
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from tests.key_files import (
    OIDS,
    PASSPHRASE,
    PBES1_SCHEMES,
    PBES2_CIPHERS,
    PRFS,
    Files,
    SealedFile,
    of_size,
    pbes1,
    pbes1_file,
    pbes2,
    pbes2_file,
    pem,
    pkcs1_of,
    pkcs8,
    pkcs8_of,
    proc_type_file,
    public_of,
    rsa_key,
    traditional,
)
from wizard.snowflake.key import der
from wizard.snowflake.key.pbes import CIPHER_SIZES

PASSPHRASES = (PASSPHRASE, "x", "pässwörd €", "𝒫 astral", " blank edged ", "tab\t", "")


@cache
def files() -> Files:
    return Files(rsa_key("one"), rsa_key("other"))


@cache
def forms() -> dict[str, str | bytes]:
    """Return the files without a passphrase, by name: text, or the bytes of DER."""
    mine = files()
    elliptic = ec.derive_private_key(7**60, ec.SECP384R1())
    edwards = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    private = mine.key.private_numbers()
    n = private.public_numbers.n
    numbers = (0, n, 65537, private.d, private.p, private.q, private.dmp1, private.dmq1, private.iqmp)
    blob = base64.b64encode(b"openssh-key-v1\0" + random.Random("blob").randbytes(900)).decode()
    ssh = "\n".join(textwrap.wrap(mine.ssh_line.split()[1], 70))
    return {
        "pkcs8": mine.plain,
        "pkcs1": mine.pkcs1,
        "pkcs8 in DER": mine.der,
        "pkcs1 in DER": traditional(mine.key),
        "version 1 of pkcs8": pem("PRIVATE KEY", pkcs8_of(traditional(mine.key), version=1)),
        "version 2 of pkcs8": pem("PRIVATE KEY", pkcs8_of(traditional(mine.key), version=2)),
        "attributes": pem("PRIVATE KEY", der.sequence(mine.der[4:], der.write(0xA0, b"\x30\x00"))),
        "a public key": mine.public,
        "a PKCS#1 public key": pem("RSA PUBLIC KEY", pkcs1_of(n, 65537)),
        "a certificate": mine.certificate,
        "a request": mine.request,
        "ssh-rsa": mine.ssh_line,
        "ssh2": f'---- BEGIN SSH2 PUBLIC KEY ----\nComment: "jane"\n{ssh}\n---- END SSH2 PUBLIC KEY ----\n',
        "ssh-ed25519": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKVp jane@laptop\n",
        "openssh": f"-----BEGIN OPENSSH PRIVATE KEY-----\n{blob}\n-----END OPENSSH PRIVATE KEY-----\n",
        "openssh, bare": blob,
        "EC": pem("PRIVATE KEY", pkcs8(elliptic)),
        "EC in SEC 1": pem("EC PRIVATE KEY", traditional(elliptic)),
        "EC, bare": base64.b64encode(traditional(elliptic)).decode(),
        "Ed25519": pem("PRIVATE KEY", pkcs8(edwards)),
        "DSA": pem("PRIVATE KEY", pkcs1_of(0, *[1 << 900 | 1] * 5)),
        "RSA-PSS": pem("PRIVATE KEY", pkcs8_of(traditional(mine.key), kind="1.2.840.113549.1.1.10")),
        "an unknown kind": pem("PRIVATE KEY", pkcs8_of(traditional(mine.key), kind="1.3.6.1.4.1.99999.1")),
        "three primes": pem("RSA PRIVATE KEY", pkcs1_of(1, *numbers[1:], 3)),
        "another exponent": pem("RSA PRIVATE KEY", pkcs1_of(0, n, 3, *numbers[3:])),
        "an even exponent": pem("RSA PRIVATE KEY", pkcs1_of(0, n, 65536, *numbers[3:])),
        "another factor": pem("RSA PRIVATE KEY", pkcs1_of(*numbers[:4], private.p + 2, *numbers[5:])),
        "a long number": pem("RSA PRIVATE KEY", pkcs1_of(*numbers[:3], 1 << 2048, *numbers[4:])),
        "1024 bits": pem("PRIVATE KEY", of_size(1024)),
        "2047 bits": pem("PRIVATE KEY", of_size(2047)),
        "8193 bits": pem("PRIVATE KEY", of_size(8193)),
        "8193 public bits": pem("PUBLIC KEY", public_of(8193)),
        "scrypt": pem("ENCRYPTED PRIVATE KEY", pbes2(kdf=OIDS["scrypt"])),
        "an unknown kdf": pem("ENCRYPTED PRIVATE KEY", pbes2(kdf="1.2.3")),
        "an unknown cipher": pem("ENCRYPTED PRIVATE KEY", pbes2(cipher="2.16.840.1.101.3.4.1.46")),
        "an unknown prf": pem("ENCRYPTED PRIVATE KEY", pbes2(prf="1.2.840.113549.2.12")),
        "another key length": pem("ENCRYPTED PRIVATE KEY", pbes2(key_length=16)),
        "no rounds": pem("ENCRYPTED PRIVATE KEY", pbes2(rounds=0)),
        "many rounds": pem("ENCRYPTED PRIVATE KEY", pbes2(rounds=10_000_001)),
        "an absurd number of rounds": pem("ENCRYPTED PRIVATE KEY", pbes2(rounds=1 << 400)),
        "a long salt": pem("ENCRYPTED PRIVATE KEY", pbes2(salt=bytes(1025))),
        "a short vector": pem("ENCRYPTED PRIVATE KEY", pbes2(iv=bytes(8))),
        "half a block": pem("ENCRYPTED PRIVATE KEY", pbes2(data=bytes(1000))),
        "much sealed": pem("ENCRYPTED PRIVATE KEY", pbes2(data=bytes(16400))),
        "many rounds of PBES1": pem("ENCRYPTED PRIVATE KEY", pbes1("1.2.840.113549.1.5.3", rounds=100_001)),
        "RC2": pem("ENCRYPTED PRIVATE KEY", pbes1("1.2.840.113549.1.12.1.6")),
        "pkcs12": der.sequence(der.integer(3), der.sequence(der.oid("1.2.840.113549.1.7.1")), der.sequence()),
        "pkcs7": pem("PKCS7", der.sequence(der.oid("1.2.840.113549.1.7.2"), der.write(0xA0))),
        "a putty file": "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: jane\n",
        "a JWK": '{"kty" : "RSA", "n": "abc", "e": "AQAB"}',
        "a token": "Bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJBIn0.c2lnbmF0dXJl",
        "a fingerprint": "SHA256:uH9Haf7jOiPmWWnIaKVx1/qRS5B1xAoGecmip1+2zBs=",
        "a path": "C:\\Users\\jane\\Schlüssel\\rsa_key.p8",
        "a directory": "/home/jane/keys/production",
        "a placeholder": "-----BEGIN PRIVATE KEY-----\n<your private key>\n-----END PRIVATE KEY-----\n",
        "a variable": "${SNOWFLAKE_PRIVATE_KEY}",
        "prose": "Dear Jane, the key comes in another mail.",
        "nothing between": "-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n",
        "binary": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "a zip": b"PK\x03\x04" + bytes(60),
    }


@cache
def sealed_forms() -> dict[str, SealedFile]:
    """Return the files with a passphrase, by name."""
    found: dict[str, SealedFile] = {}
    rng, plain, old = random.Random("sealed"), files().der, traditional(files().key)
    for passphrase in PASSPHRASES:
        for prf in (None, *PRFS):
            for cipher in PBES2_CIPHERS:
                found[f"pbes2 {prf} {cipher} {passphrase!r}"] = pbes2_file(plain, passphrase, prf, cipher, rng)
        for scheme in PBES1_SCHEMES:
            found[f"pbes1 {scheme} {passphrase!r}"] = pbes1_file(plain, passphrase, scheme, rng)
        for cipher in CIPHER_SIZES:
            found[f"proc-type {cipher} {passphrase!r}"] = proc_type_file(old, passphrase, cipher, rng)
    short = pkcs8_of(pkcs1_of(0, 1 << 1023 | 1, 65537, *[3] * 6))
    found["1024 bits in pbes2"] = pbes2_file(short, PASSPHRASE, "sha256", "aes-256-cbc", rng)
    elliptic = pkcs8(ec.derive_private_key(7**60, ec.SECP256R1()))
    found["EC in pbes2"] = pbes2_file(elliptic, PASSPHRASE, "sha256", "aes-256-cbc", rng)
    return found
