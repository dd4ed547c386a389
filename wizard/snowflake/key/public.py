"""Public keys: read from what people paste, and known by their fingerprint.

Snowflake knows a key by ``SHA256:`` and the base64 of the SHA-256 of its SubjectPublicKeyInfo in DER
(https://docs.snowflake.com/en/user-guide/key-pair-auth, read autumn 2026), and takes RSA keys of 2048 bits and more.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric import rsa

from wizard.snowflake.key.face import Face, face_of
from wizard.snowflake.key.pem import Block, armour, read_blocks
from wizard.snowflake.key.problem import KeyProblem
from wizard.snowflake.key.rsa import RsaPublic, bits_as_written, read_public, read_ssh_public, write_public
from wizard.snowflake.key.specification import KEY_NOTES, LIMITS


@dataclass(frozen=True)
class PublicKey:
    """An RSA public key of 2048 to 8192 bits, as Snowflake stores it."""

    der: bytes = field(repr=False)
    """SubjectPublicKeyInfo."""
    bits: int

    @classmethod
    def of(cls, numbers: RsaPublic) -> Self:
        """Return the key with this modulus and exponent."""
        return cls(write_public(numbers), numbers.n.bit_length())

    @classmethod
    def of_private(cls, private: rsa.RSAPrivateKey) -> Self:
        """Return the public half of ``private``."""
        numbers = private.public_key().public_numbers()
        return cls.of(RsaPublic(numbers.n, numbers.e))

    @classmethod
    def from_base64(cls, text: str) -> Self:
        """Return the key that :attr:`base64` wrote, and take nothing else: this reads what the cookie carries.

        Raises :class:`KeyProblem`.
        """
        try:
            key = base64.b64decode(text, validate=True)
            bits = bits_as_written(key) if len(key) <= 2048 else 0
        except (binascii.Error, ValueError):  # a KeyProblem is a ValueError
            bits = 0
        if not bits or base64.b64encode(key).decode() != text:
            raise KeyProblem("key-damaged", blames="public_key")
        return cls(key, bits)

    @cached_property
    def fingerprint(self) -> str:
        """``SHA256:`` and 44 characters, as in ``RSA_PUBLIC_KEY_FP`` of DESC USER and in the token's issuer."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.der).digest()).decode()

    @cached_property
    def face(self) -> Face:
        """Six words and a picture, made from the fingerprint."""
        return face_of(self.fingerprint)

    @cached_property
    def base64(self) -> str:
        """The value of RSA_PUBLIC_KEY: one line, no markers."""
        return base64.b64encode(self.der).decode()

    @cached_property
    def pem(self) -> str:
        """The content of ``rsa_key.pub``, with a line break at its end."""
        return armour("PUBLIC KEY", self.der).decode()

    @cached_property
    def numbers(self) -> RsaPublic:
        """The modulus and the exponent."""
        return read_public(self.der)

    @cached_property
    def verifier(self) -> rsa.RSAPublicKey:
        """The same key for checking signatures."""
        return rsa.RSAPublicNumbers(self.numbers.e, self.numbers.n).public_key()

    def __str__(self) -> str:
        return self.fingerprint


#: The product of the odd primes below 2000. A modulus that shares a factor with it is no modulus of an honest key; one
#: that had a character changed on its way shares one nine times in ten, because then it is a number like any other.
_SMALL_PRIMES: Final = math.prod(
    number for number in range(3, 2000, 2) if all(number % other for other in range(3, math.isqrt(number) + 1, 2))
)
#: `… RSA_PUBLIC_KEY = '…'`, `… RSA_PUBLIC_KEY_2='…'`, `… ADD KEY PAIR name PUBLIC_KEY = '…'`
_IN_SQL: Final = re.compile(r"PUBLIC_KEY(?:_2)?\s{0,8}=\s{0,8}(?:'([^']*)'|\$\$([^$]*)\$\$)", re.IGNORECASE)
_NOTES: Final = {
    "certificate": "public-from-certificate",
    "csr": "public-from-csr",
    "pkcs1-public": "public-from-pkcs1",
    "ssh-public": "public-from-ssh",
}


def read_public_key(text: str) -> tuple[PublicKey, tuple[str, ...]]:
    """Return the public key in a paste, and notes: sentences on what was mended or converted to read it.

    Takes PEM, base64 in one line or many, the value with quotes, a whole ``ALTER USER`` statement, a PKCS#1 public key,
    an ``ssh-rsa`` line, a certificate or a certificate request. Raises :class:`KeyProblem` for everything else. A
    private key is refused and not used, although its public half could be worked out: who pasted it here should know.
    """
    data = text.encode("utf-8", "replace")
    notes: list[str] = []
    if len(data) <= LIMITS["file_bytes"] and (found := _IN_SQL.findall(text)):
        values = {"".join(" ".join(pair).split()): " ".join(pair) for pair in found}
        if len(values) > 1:
            raise KeyProblem("key-several", blames="public_key")
        data = next(iter(values.values())).encode("utf-8", "replace")
        notes.append("public-from-sql")
    try:
        blocks = read_blocks(data)
        if any(block.private for block in blocks):
            raise _is_private(blocks)
        keys = [public_in(block) for block in blocks]
    except KeyProblem as problem:
        raise _in_public_words(problem, text) from None
    if len(set(keys)) > 1:
        raise KeyProblem("key-several", blames="public_key")
    if math.gcd(keys[0].n, _SMALL_PRIMES) != 1 or keys[0].n % 2 == 0:
        raise KeyProblem("key-inconsistent", blames="public_key")
    # That base64 stands without markers is the usual state of a public key here: RSA_PUBLIC_KEY is written so.
    notes += [code for code in blocks[0].repairs if code != "markers-missing"]
    if "public-from-sql" in notes:
        notes = [code for code in notes if code not in ("quoted", "text-around")]
    if len(blocks) > 1:
        notes.append("twice")
    if blocks[0].kind in _NOTES:
        notes.append(_NOTES[blocks[0].kind])
    return PublicKey.of(keys[0]), tuple(KEY_NOTES[code] for code in dict.fromkeys(notes))


def public_in(block: Block) -> RsaPublic:
    """Return the public numbers in a block that holds nothing private."""
    return read_ssh_public(block.der) if block.kind == "ssh-public" else read_public(block.der)


def _is_private(blocks: Iterable[Block]) -> KeyProblem:
    plain = any(block.private and not block.kind.endswith("-sealed") for block in blocks)
    return KeyProblem("key-is-private" if plain else "key-is-private-sealed")


_PRIVATE_MARKER: Final = re.compile(r"BEGIN[A-Z0-9\s]{0,20}PRIVATE\s?KEY", re.IGNORECASE)


def _in_public_words(problem: KeyProblem, text: str) -> KeyProblem:
    """Say for the public key's box what the reader found. A private key is one even when it can't be read."""
    if problem.code in ("cipher-scrypt", "cipher-not-opened", "sealed-too-long") or "rounds" in problem.values:
        return KeyProblem("key-is-private-sealed", blames="public_key")
    known = problem.code.startswith(("private-", "key-is-private")) or problem.code in ("key-openssh", "key-putty")
    if known or _PRIVATE_MARKER.search(text):
        return KeyProblem(problem.code if "is-private" in problem.code else "key-is-private", blames="public_key")
    return problem.in_public_box()
