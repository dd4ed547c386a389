"""RSA keys: opened from whatever they came in, made, and known by their fingerprint.

Snowflake knows a key by ``SHA256:`` and the base64 of the SHA-256 of its SubjectPublicKeyInfo in DER
(https://docs.snowflake.com/en/user-guide/key-pair-auth, read autumn 2026), and takes RSA keys of 2048 bits and more.

No library here reads bytes that came from outside. :mod:`wizard.snowflake.key.pem` and
:mod:`wizard.snowflake.key.container` read them, within limits;
``cryptography`` gets eight numbers and does the arithmetic. Every way in which a key can be unusable is a row of
``key_words.json``, and comes out as a :class:`KeyProblem` with the words of that row. The same table is served to the
page, for keys that are opened there.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from typing import Any, Final, Literal, Self, cast

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from wizard.problem import Problem
from wizard.secret import Secret
from wizard.snowflake.key.container import (
    ContainerError,
    RsaPrivate,
    RsaPublic,
    Sealed,
    identify,
    read_private,
    read_public,
    read_sealed,
    read_ssh_public,
    write_public,
)
from wizard.snowflake.key.pem import Block, read_blocks
from wizard.snowflake.key.sealing import IV_BYTES, SALT_BYTES, seal, unseal

Half = Literal["private_key", "passphrase", "public_key"]


def _table(name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(resources.files(__package__).joinpath(name).read_text("utf-8")))


KEY_WORDS: Final[dict[str, dict[str, str]]] = _table("key_words.json")
"""What can be wrong with a key, by code: ``cause``, ``blames``, and ``message``, ``fix``, ``command`` with
``{placeholders}``."""
KEY_NOTES: Final[dict[str, str]] = _table("key_notes.json")
"""What was mended in reading a key, or what other tools will say to it, by code: one or two sentences each."""

SIZES: Final = (2048, 3072, 4096)
"""Bits of the keys that are made here."""
MIN_PASSPHRASE: Final = 12
MAX_PASSPHRASE: Final = 1000
"""Characters. OpenSSL's own prompt reads no more than 1,023."""
MOST_ROUNDS_TRIED_AGAIN: Final = 100_000
"""Up to so many rounds a passphrase is tried without the space or line break it came with. Files have 2,048 mostly."""
_EXPONENT: Final = 65537


class KeyProblem(Problem):
    """A key or passphrase that can't be used, in words for the person who gave it.

    Raised for everything that is wrong with what was *given*. Carries no piece of it: ``values`` are counts and names
    from our own lists. Not for mistakes of the caller, such as a size that is not offered: those are ``ValueError``.
    """

    def __init__(self, code: str, *, blames: Half | None = None, **values: int | str) -> None:
        row = KEY_WORDS[code]
        half = "public key" if blames == "public_key" else "private key"
        values = {"half": half, **values}
        super().__init__(
            _filled(row["message"], values),
            _filled(row["fix"], values),
            cause=row["cause"],
            command=_filled(row["command"], values),
        )
        self.code = code
        self.values = values
        self.blames: str = blames or row["blames"]


def _filled(text: str, values: dict[str, int | str]) -> str:
    """Put ``values`` where ``{name}`` stands. Other braces stay: ``str.format`` would trip over them."""
    return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found.group(1), found.group())), text)


# ---------------------------------------------------------------------------------------------------------- public keys


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
            numbers = read_public(key) if len(key) <= 2048 else None
        except (binascii.Error, ValueError):  # a ContainerError is a ValueError
            numbers = None
        if numbers is None or write_public(numbers) != key or base64.b64encode(key).decode() != text:
            raise KeyProblem("key-damaged", blames="public_key")
        return cls(key, numbers.n.bit_length())

    @cached_property
    def fingerprint(self) -> str:
        """``SHA256:`` and 44 characters, as in ``RSA_PUBLIC_KEY_FP`` of DESC USER and in the token's issuer."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.der).digest()).decode()

    @cached_property
    def base64(self) -> str:
        """The value of RSA_PUBLIC_KEY: one line, no markers."""
        return base64.b64encode(self.der).decode()

    @cached_property
    def pem(self) -> str:
        """The content of ``rsa_key.pub``, with a line break at its end."""
        return _armoured("PUBLIC KEY", self.der).decode()

    @cached_property
    def verifier(self) -> rsa.RSAPublicKey:
        """The same key for checking signatures."""
        numbers = read_public(self.der)
        return rsa.RSAPublicNumbers(numbers.e, numbers.n).public_key()

    def __str__(self) -> str:
        return self.fingerprint


def _armoured(label: str, key: bytes) -> bytes:
    """Write PEM with lines of 64 characters (RFC 7468)."""
    text = base64.b64encode(key).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", "")).encode()


#: The product of the odd primes below 2000. A modulus that shares a factor with it is no modulus of an honest key; one
#: that had a character changed on its way shares one nine times in ten, because then it is a number like any other.
_SMALL_PRIMES: Final = math.prod(
    number for number in range(3, 2000, 2) if all(number % other for other in range(3, math.isqrt(number) + 1, 2))
)
#: `… RSA_PUBLIC_KEY = '…'`, `… RSA_PUBLIC_KEY_2='…'`, `… ADD KEY PAIR name PUBLIC_KEY = '…'`
_IN_SQL: Final = re.compile(r"PUBLIC_KEY(?:_2)?\s{0,8}=\s{0,8}(?:'([^']*)'|\$\$([^$]*)\$\$)", re.IGNORECASE)


def read_public_key(text: str) -> tuple[PublicKey, tuple[str, ...]]:
    """Return the public key in a paste, and notes: sentences on what was mended or converted to read it.

    Takes PEM, base64 in one line or many, the value with quotes, a whole ``ALTER USER`` statement, a PKCS#1 public key,
    an ``ssh-rsa`` line, a certificate or a certificate request. Raises :class:`KeyProblem` for everything else. A
    private key is refused and not used, although its public half could be worked out: who pasted it here should know.
    """
    data = text.encode("utf-8", "replace")
    notes: list[str] = []
    if len(data) <= 1 << 15 and (found := _IN_SQL.findall(text)):
        values = {"".join(" ".join(pair).split()): " ".join(pair) for pair in found}
        if len(values) > 1:
            raise KeyProblem("key-several", blames="public_key")
        data = next(iter(values.values())).encode("utf-8", "replace")
        notes.append("public-from-sql")
    try:
        blocks = read_blocks(data)
        if any(block.private for block in blocks):
            raise _private_in_public_box(blocks)
        keys = [_public_in(block) for block in blocks]
    except ContainerError as error:
        raise _in_public_words(error, text) from None
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
    if blocks[0].kind in _PUBLIC_NOTES:
        notes.append(_PUBLIC_NOTES[blocks[0].kind])
    return PublicKey.of(keys[0]), _sentences(notes)


_PUBLIC_NOTES: Final = {
    "certificate": "public-from-certificate",
    "csr": "public-from-csr",
    "pkcs1-public": "public-from-pkcs1",
    "ssh-public": "public-from-ssh",
}


def _public_in(block: Block) -> RsaPublic:
    return read_ssh_public(block.der) if block.kind == "ssh-public" else read_public(block.der)


def _private_in_public_box(blocks: Iterable[Block]) -> KeyProblem:
    plain = any(block.private and not block.kind.endswith("-sealed") for block in blocks)
    return KeyProblem("key-is-private" if plain else "key-is-private-sealed", blames="public_key")


_PRIVATE_MARKER: Final = re.compile(r"BEGIN[A-Z0-9\s]{0,20}PRIVATE\s?KEY", re.IGNORECASE)


def _in_public_words(error: ContainerError, text: str) -> KeyProblem:
    """Say for the public key's box what the reader found. A private key is one even when it can't be read."""
    if error.code in ("cipher-scrypt", "cipher-not-opened", "too-many-rounds", "sealed-too-long"):
        return KeyProblem("key-is-private-sealed", blames="public_key")
    if error.code in ("key-openssh", "key-putty") or error.code.startswith("private-") or _PRIVATE_MARKER.search(text):
        return KeyProblem("key-is-private", blames="public_key")
    return KeyProblem(error.code, blames="public_key", **error.facts)


def _sentences(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(KEY_NOTES[code] for code in dict.fromkeys(codes))


# --------------------------------------------------------------------------------------------------------- private keys


@dataclass(frozen=True)
class OpenedKey:
    """A private key, opened for the length of one request."""

    private: rsa.RSAPrivateKey = field(repr=False)
    public: PublicKey
    container: str
    """``pkcs8``, ``pkcs8-pbes2``, ``pkcs8-pbes1``, ``pkcs1`` or ``pkcs1-encrypted``."""
    notes: tuple[str, ...]
    """Sentences: what was mended to read the file, and which clients will refuse it as it is."""


def open_private_key(data: bytes, passphrase: Secret) -> OpenedKey:
    """Open the private key in a file or a paste. An empty ``passphrase`` means that none was given.

    Costs 2 ms for a plain 2048-bit key and 8 ms for 4096 bits, and a few seconds at worst (of PBKDF2, while other
    threads run) for the most that the limits allow. Raises :class:`KeyProblem` for everything that is no RSA private
    key of 2048 to 4096 bits, for a passphrase that is missing or wrong, and for numbers that don't belong together.
    """
    try:
        block, companions, notes = _choose(read_blocks(data))
        numbers, container, more = _open_block(block, passphrase)
        notes += more
        public = RsaPublic(numbers.n, numbers.e)
        if any(_public_in(companion) != public for companion in companions):
            raise KeyProblem("key-companion")
    except ContainerError as error:
        code = "key-is-public" if error.code == "public-not-rsa" else error.code
        raise KeyProblem(code, blames="private_key", **error.facts) from None
    if companions:
        notes.append("public-beside-private")
    return OpenedKey(_assembled(numbers), PublicKey.of(public), container, _sentences(notes))


def _choose(blocks: tuple[Block, ...]) -> tuple[Block, list[Block], list[str]]:
    """Return the one private key among ``blocks``, the public ones beside it, and codes of notes."""
    private = list({block.der: block for block in reversed(blocks) if block.private}.values())
    if not private:
        kind = blocks[0].kind
        code = {"certificate": "key-is-certificate", "csr": "key-is-csr", "ssh-public": "key-is-ssh-public"}
        raise KeyProblem(code.get(kind, "key-is-public"))
    if len(private) > 1:
        raise KeyProblem("key-several")
    companions = [block for block in blocks if not block.private]
    notes = list(dict.fromkeys([*blocks[0].repairs, *private[0].repairs]))
    if len(blocks) > 1 + len(companions):
        notes.append("twice")
    return private[0], companions, notes


def _open_block(block: Block, passphrase: Secret) -> tuple[RsaPrivate, str, list[str]]:
    """Return the numbers in ``block``, the name of its container, and codes of notes."""
    if block.kind == "pkcs1-sealed" and block.sealed:
        key, notes = _unsealed(block.sealed, passphrase, "pkcs1")
        return read_private(key), "pkcs1-encrypted", [*notes, "pkcs1-sealed"]
    if block.kind == "pkcs8-sealed":
        sealed = read_sealed(block.der)
        key, notes = _unsealed(sealed, passphrase, "pkcs8")
        if sealed.derivation != "pbkdf2":
            return read_private(key), "pkcs8-pbes1", [*notes, "pbes1"]
        if sealed.cipher == "des-ede3-cbc":
            notes.append("triple-des")
        return read_private(key), "pkcs8-pbes2", notes
    notes = ["pkcs1"] if block.kind == "pkcs1" else []
    if passphrase:
        notes.append("passphrase-unneeded")
    return read_private(block.der), block.kind, notes


def _unsealed(sealed: Sealed, passphrase: Secret, kind: str) -> tuple[bytes, list[str]]:
    """Decrypt ``sealed`` and see that a key of ``kind`` came out: only then was the passphrase right."""
    typed = passphrase.reveal()
    if len(typed) > MAX_PASSPHRASE:
        raise KeyProblem("passphrase-too-long")
    # Copied passphrases bring a line break or a space along. And some keys are encrypted with an empty passphrase, by
    # scripts that meant none: tried when none was given.
    tries = list(dict.fromkeys((typed, typed.rstrip("\r\n"), typed.strip())))
    if sealed.iterations > MOST_ROUNDS_TRIED_AGAIN:
        del tries[1:]  # each try costs the whole derivation
    for text in tries:
        key = unseal(sealed, text.encode("utf-8", "replace"))
        if key is not None and _is_key(key, kind):
            return key, [] if text and text == typed else ["passphrase-trimmed" if text else "passphrase-blank"]
    raise KeyProblem("passphrase-wrong" if typed else "passphrase-missing")


def _is_key(key: bytes, kind: str) -> bool:
    try:
        return identify(key) == kind
    except ContainerError:
        return False


def _assembled(numbers: RsaPrivate) -> rsa.RSAPrivateKey:
    """Make a usable key of ``numbers``, having seen that they belong together.

    The library's own check asks whether both primes are prime, and that is what a load costs. It answers a question
    that nobody has here: whoever uploads a key with a false prime fools nobody but themselves, and the signature
    below fails. So the numbers are compared with each other, which rules out every accident, and one signature is made
    and verified. Measured with cryptography 50 on two busy cores, in ms, for 2048 / 3072 / 4096 bits: with the check
    44 / 132 / 453; comparing, signing and verifying 1 / 4 / 9.
    """
    n, e, d, p, q = numbers.n, numbers.e, numbers.d, numbers.p, numbers.q
    agree = (
        p * q == n
        and min(p, q) > 1
        and n % 2 == 1
        and 1 < d < n
        and e * d % (p - 1) == 1
        and e * d % (q - 1) == 1
        and numbers.dp == d % (p - 1)
        and numbers.dq == d % (q - 1)
        and numbers.qi < p
        and numbers.qi * q % p == 1
    )
    if not agree:
        raise KeyProblem("key-inconsistent", blames="private_key")
    try:
        private = rsa.RSAPrivateNumbers(
            p, q, d, numbers.dp, numbers.dq, numbers.qi, rsa.RSAPublicNumbers(e, n)
        ).private_key(unsafe_skip_rsa_key_validation=True)
        probe = b"does this key sign?"
        private.public_key().verify(private.sign(probe, PKCS1v15(), SHA256()), probe, PKCS1v15(), SHA256())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        raise KeyProblem("key-inconsistent", blames="private_key") from None
    return private


# ------------------------------------------------------------------------------------------------------------- new keys


def make_private_key(bits: int, passphrase: Secret) -> tuple[bytes, PublicKey]:
    """Make a key pair; return the content of ``rsa_key.p8`` and the public key.

    PKCS#8 in PEM: plain when ``passphrase`` is empty, else PBES2 with AES-256-CBC and 600,000 rounds of
    PBKDF2-HMAC-SHA256. ``bits`` is one of :data:`SIZES` (else ``ValueError``). Raises :class:`KeyProblem` as
    :func:`check_new_passphrase` does, before anything is made. Takes 0.1 s for
    2048 bits and half a second, at times two, for 4096; other threads run meanwhile.
    """
    if bits not in SIZES:
        raise ValueError(f"{bits} is not one of {SIZES}")
    if passphrase:
        check_new_passphrase(passphrase)
    private = rsa.generate_private_key(_EXPONENT, bits)
    key = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    public = PublicKey.of_private(private)
    if not passphrase:
        return _armoured("PRIVATE KEY", key), public
    salt, iv = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(IV_BYTES)
    sealed = seal(key, passphrase.reveal().encode("ascii"), salt=salt, iv=iv)
    return _armoured("ENCRYPTED PRIVATE KEY", sealed), public


def check_new_passphrase(passphrase: Secret) -> None:
    """See that every client can use ``passphrase``: 12 characters or more of printable ASCII, no space at the edges.

    Raises :class:`KeyProblem`. Python's clients take any UTF-8, but Java stops with "Password is not ASCII". For new
    files only: an old file opens with whatever it was closed with.
    """
    text = passphrase.reveal()
    if not all(" " <= character <= "~" for character in text):
        raise KeyProblem("new-passphrase-not-ascii")
    if text != text.strip(" "):
        raise KeyProblem("new-passphrase-edge")
    if len(text) < MIN_PASSPHRASE:
        raise KeyProblem("new-passphrase-short", length=len(text))
    if len(text) > MAX_PASSPHRASE:
        raise KeyProblem("passphrase-too-long")
