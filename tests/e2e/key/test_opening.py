"""Key files of other tools, opened in a page: what opens, what is named, and what a wrong passphrase shows."""

from __future__ import annotations

import hashlib
import secrets
import time

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from playwright.sync_api import Page

from tests.e2e.key.stand import open_in, text_of
from tests.key_files import PASSPHRASE, Files, openssl, pbes2
from wizard.snowflake.key import PublicKey

LEGACY = ("-provider", "legacy", "-provider", "default")
PKCS8, PKCS1 = ("pkcs8", "-topk8"), ("rsa", "-traditional")
# The command of openssl, the form that its file has, and the notes. The openssl of macOS writes PBE-MD5-DES.
OPENED = {
    "pbes2-sha1-aes128": ((*PKCS8, "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"), "pkcs8-pbes2", []),
    "pbes2-sha256-aes128": ((*PKCS8, "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA256"), "pkcs8-pbes2", []),
    "pbes2-sha256-aes256": ((*PKCS8, "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256"), "pkcs8-pbes2", []),
    "pbes2-sha384-aes256": ((*PKCS8, "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA384"), "pkcs8-pbes2", []),
    "pbes2-sha512-aes256": ((*PKCS8, "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"), "pkcs8-pbes2", []),
    "pbes2-a-million-rounds": ((*PKCS8, "-v2", "aes-256-cbc", "-iter", "1000000"), "pkcs8-pbes2", []),
    "pbes2-3des": ((*PKCS8, "-v2", "des3"), "pkcs8-pbes2", ["triple-des"]),
    "pbes2-3des-sha1": ((*PKCS8, "-v2", "des3", "-v2prf", "hmacWithSHA1"), "pkcs8-pbes2", ["triple-des"]),
    "pbes1-sha1-3des": ((*PKCS8, "-v1", "PBE-SHA1-3DES"), "pkcs8-pbes1", ["pbes1"]),
    "pbes1-sha1-2des": ((*PKCS8, "-v1", "PBE-SHA1-2DES"), "pkcs8-pbes1", ["pbes1"]),
    "pbes1-sha1-des": ((*PKCS8, "-v1", "PBE-SHA1-DES", *LEGACY), "pkcs8-pbes1", ["pbes1"]),
    "pbes1-md5-des": ((*PKCS8, "-v1", "PBE-MD5-DES", *LEGACY), "pkcs8-pbes1", ["pbes1"]),
    "proc-type-aes128": ((*PKCS1, "-aes128"), "pkcs1-sealed", ["pkcs1-sealed"]),
    "proc-type-aes256": ((*PKCS1, "-aes256"), "pkcs1-sealed", ["pkcs1-sealed"]),
    "proc-type-3des": ((*PKCS1, "-des3"), "pkcs1-sealed", ["pkcs1-sealed"]),
    "proc-type-des": ((*PKCS1, "-des", *LEGACY), "pkcs1-sealed", ["pkcs1-sealed"]),
}


@pytest.mark.parametrize("kind", OPENED)
@pytest.mark.parametrize("passphrase", [PASSPHRASE, "pässwörd €"], ids=["ascii", "beyond-ascii"])
def test_a_file_sealed_by_openssl_opens(bench: Page, files: Files, kind: str, passphrase: str) -> None:
    command, form, notes = OPENED[kind]
    data = openssl(*command, "-passout", f"pass:{passphrase}", given=files.plain.encode())
    found = open_in(bench, data, passphrase)
    assert found.get("form") == form, found
    assert found["notes"] == notes
    assert found["fingerprint"] == PublicKey.of_private(files.key).fingerprint
    assert open_in(bench, data, passphrase + "?")["code"] == "passphrase-wrong"
    assert open_in(bench, data)["code"] == "passphrase-missing"


# Chromium has no AES with keys of 192 bits, and no browser HMAC-SHA-224; the server opens both.
NAMED = {
    "aes192": ((*PKCS8, "-v2", "aes-192-cbc"), "cipher-not-in-browser", "AES-192-CBC"),
    "hmac-sha224": (
        (*PKCS8, "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA224"),
        "cipher-not-in-browser",
        "HMAC-SHA-224",
    ),
    "scrypt": ((*PKCS8, "-scrypt"), "cipher-scrypt", "scrypt"),
    "pbe-sha1-rc2": ((*PKCS8, "-v1", "PBE-SHA1-RC2-40", *LEGACY), "cipher-not-opened", "RC2-40"),
}


@pytest.mark.parametrize("kind", NAMED)
def test_a_file_that_is_not_opened_here_is_named_with_the_line_that_converts_it(
    bench: Page, files: Files, kind: str
) -> None:
    command, code, name = NAMED[kind]
    data = openssl(*command, "-passout", f"pass:{PASSPHRASE}", given=files.plain.encode())
    found = open_in(bench, data, PASSPHRASE)
    assert found["code"] == code
    assert name in found["message"]
    assert found["command"] == "openssl pkcs8 -topk8 -v2 aes-256-cbc -in old_key.pem -out rsa_key.p8"


def test_more_rounds_than_ten_million_are_refused_before_any_is_done(bench: Page) -> None:
    for rounds, said in ((10_000_001, "10,000,001"), (2**31 - 1, "2,147,483,647"), (2**200, "an absurd number of")):
        begun = time.monotonic()
        found = open_in(bench, pbes2(rounds=rounds), PASSPHRASE)
        assert found["code"] == "too-many-rounds"
        assert f"asks for {said} rounds" in found["message"]
        assert time.monotonic() - begun < 2


def test_more_text_than_any_key_is_refused_before_it_is_read(bench: Page, files: Files) -> None:
    assert open_in(bench, files.plain.encode() + b" " * 64 * 1024)["code"] == "key-too-large"


def test_an_rsa_pss_key_is_named(bench: Page) -> None:
    data = openssl("genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048")
    found = open_in(bench, data)
    assert (found["code"], "RSA-PSS" in found["message"]) == ("private-not-rsa", True)


def test_a_wrong_passphrase_whose_padding_is_right_by_luck_is_still_wrong(bench: Page, files: Files) -> None:
    """One wrong passphrase in 256 leaves padding in order; here enough are tried to meet some."""
    options = ["-v2", "aes-256-cbc", "-iter", "1"]
    data = openssl("pkcs8", "-topk8", *options, "-passout", f"pass:{PASSPHRASE}", given=files.plain.encode())
    lucky, wrongly_opened = bench.evaluate(
        """async (file) => {
          let lucky = 0, opened = 0;
          const block = key.pem.readBlocks(key.bytes(file))[0];
          const sealed = key.pbes.readSealed(block.der);
          for (let attempt = 0; attempt < 1500; attempt += 1) {
            if (!(await key.pbes.unseal(sealed, `wrong ${attempt}`))) continue;
            lucky += 1;
            try { await key.open.openKey(key.bytes(file), `wrong ${attempt}`); opened += 1; }
            catch (problem) { if (problem.code !== "passphrase-wrong") throw problem; }
          }
          return [lucky, opened];
        }""",
        text_of(data),
    )
    assert lucky > 0
    assert wrongly_opened == 0


def test_des_agrees_with_openssl_on_random_keys_and_lengths(bench: Page) -> None:
    cases = []
    for length in [*range(40), 1217, 2374]:
        secret, vector, clear = (
            secrets.token_bytes(8 * (1 + length % 3)),
            secrets.token_bytes(8),
            secrets.token_bytes(length),
        )
        padder = PKCS7(64).padder()
        encryptor = Cipher(TripleDES((secret * 3)[:24]), CBC(vector)).encryptor()
        sealed = encryptor.update(padder.update(clear) + padder.finalize()) + encryptor.finalize()
        cases.append([text_of(part) for part in (secret, vector, sealed, clear)])
    opened = bench.evaluate(
        "(cases) => cases.map((parts) => key.text(key.des.openDes(...parts.slice(0, 3).map(key.bytes)) ?? []))",
        cases,
    )
    assert opened == [case[3] for case in cases]


def test_md5_agrees_with_hashlib_on_every_length(bench: Page) -> None:
    texts = [secrets.token_bytes(length) for length in range(200)]
    found = bench.evaluate(
        "(texts) => texts.map((one) => key.text(key.md5.md5(key.bytes(one))))", list(map(text_of, texts))
    )
    assert found == [text_of(hashlib.md5(text, usedforsecurity=False).digest()) for text in texts]
