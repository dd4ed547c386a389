"""Private keys, opened from whatever they came in.

No library here reads bytes that came from outside: ``pem``, ``der``, ``rsa`` and ``pbes`` read them, within limits, and
``cryptography`` gets eight numbers. The page opens keys in the same way (``static/js/key/open.js``), and a test holds
both to the same outcome.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa

from wizard.secret import Secret
from wizard.snowflake.key.passphrase import spellings
from wizard.snowflake.key.pbes import Sealed, read_sealed, unseal
from wizard.snowflake.key.pem import Block, read_blocks
from wizard.snowflake.key.problem import KeyProblem
from wizard.snowflake.key.public import PublicKey, public_in
from wizard.snowflake.key.rsa import RsaPrivate, identify, read_private, usable
from wizard.snowflake.key.specification import KEY_NOTES, SPECIFICATION

_NO_PRIVATE_KEY: Final[dict[str, str]] = SPECIFICATION["no_private_key"]


@dataclass(frozen=True)
class OpenedKey:
    """A private key, opened for the length of one request."""

    private: rsa.RSAPrivateKey = field(repr=False)
    public: PublicKey
    form: str
    """``pkcs8``, ``pkcs8-pbes2``, ``pkcs8-pbes1``, ``pkcs1`` or ``pkcs1-sealed``."""
    notes: tuple[str, ...]
    """Sentences: what was mended to read the file, and which clients will refuse it as it is."""

    @property
    def encrypted(self) -> bool:
        """Whether its file was encrypted."""
        return self.form not in ("pkcs8", "pkcs1")


def open_private_key(data: bytes, passphrase: Secret) -> OpenedKey:
    """Open the private key in a file or a paste. An empty ``passphrase`` means that none was given.

    Costs 2 ms for a plain 2048-bit key and 8 ms for 4096 bits, and a few seconds at worst (of PBKDF2, while other
    threads run) for the most that the limits allow. Raises :class:`KeyProblem` for everything that is no RSA private
    key of 2048 to 4096 bits, for a passphrase that is missing or wrong, and for numbers that don't belong together.
    """
    block, companions, notes = _choose(_blocks(data))
    numbers, form, more = _open_block(block, passphrase)
    private = usable(numbers)
    if not all(_is_pair(companion, numbers) for companion in companions):
        raise KeyProblem("key-companion")
    notes += [*more, *(["public-beside-private"] if companions else [])]
    sentences = tuple(KEY_NOTES[code] for code in dict.fromkeys(notes))
    return OpenedKey(private, PublicKey.of(numbers.public), form, sentences)


def _blocks(data: bytes) -> tuple[Block, ...]:
    try:
        return read_blocks(data)
    except KeyProblem as problem:
        if problem.code == "public-not-rsa":  # of whatever kind: it isn't what belongs here
            raise KeyProblem("key-is-public") from None
        raise


def _choose(blocks: tuple[Block, ...]) -> tuple[Block, list[Block], list[str]]:
    """Return the one private key among ``blocks``, the public ones beside it, and codes of notes."""
    private = [block for block in blocks if block.private]
    companions = [block for block in blocks if not block.private]
    if not private:
        raise KeyProblem(_NO_PRIVATE_KEY.get(blocks[0].kind, "key-is-public"))
    if any(block.der != private[0].der for block in private):
        raise KeyProblem("key-several")
    notes = [*blocks[0].repairs, *private[0].repairs]
    return private[0], companions, [*notes, "twice"] if len(private) > 1 else notes


def _is_pair(companion: Block, numbers: RsaPrivate) -> bool:
    try:
        return public_in(companion) == numbers.public
    except KeyProblem as problem:
        if problem.code.startswith("public-"):  # of another kind or size
            return False
        raise


def _open_block(block: Block, passphrase: Secret) -> tuple[RsaPrivate, str, list[str]]:
    """Return the numbers in ``block``, the name of its form, and codes of notes."""
    if block.kind == "pkcs1-sealed" and block.sealed:
        key, notes = _unsealed(block.sealed, passphrase, "pkcs1")
        return read_private(key), "pkcs1-sealed", [*notes, "pkcs1-sealed"]
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
    """Decrypt ``sealed`` and see that a key of ``kind`` came out: only then was the passphrase right.

    Some keys are encrypted with an empty passphrase, by scripts that meant none: tried when none was given.
    """
    typed = passphrase.reveal()
    for text in spellings(typed, sealed.iterations):
        key = unseal(sealed, text.encode("utf-8", "replace"))
        if key is not None and _is_key(key, kind):
            return key, [] if text and text == typed else ["passphrase-trimmed" if text else "passphrase-blank"]
    raise KeyProblem("passphrase-wrong" if typed else "passphrase-missing")


def _is_key(key: bytes, kind: str) -> bool:
    try:
        return identify(key) == kind
    except KeyProblem:
        return False
