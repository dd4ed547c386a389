"""RSA keys: read from whatever they came in, made, encrypted, and known by their fingerprint."""

from wizard.snowflake.key.keys import (
    KEY_NOTES,
    KEY_WORDS,
    KeyProblem,
    OpenedKey,
    PublicKey,
    check_new_passphrase,
    make_private_key,
    open_private_key,
    read_public_key,
)

__all__ = [
    "KEY_NOTES",
    "KEY_WORDS",
    "KeyProblem",
    "OpenedKey",
    "PublicKey",
    "check_new_passphrase",
    "make_private_key",
    "open_private_key",
    "read_public_key",
]
