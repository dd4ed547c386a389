"""RSA keys: read from whatever they came in, made, encrypted, and known by their fingerprint."""

from wizard.snowflake.key.face import Face, face_of
from wizard.snowflake.key.make import make_private_key
from wizard.snowflake.key.open import OpenedKey, open_private_key
from wizard.snowflake.key.passphrase import check_new_passphrase
from wizard.snowflake.key.problem import KeyProblem
from wizard.snowflake.key.public import PublicKey, read_public_key
from wizard.snowflake.key.specification import FACE_WORD_LIST, KEY_NOTES, KEY_WORDS, LIMITS, SPECIFICATION

__all__ = [
    "FACE_WORD_LIST",
    "KEY_NOTES",
    "KEY_WORDS",
    "LIMITS",
    "SPECIFICATION",
    "Face",
    "KeyProblem",
    "OpenedKey",
    "PublicKey",
    "check_new_passphrase",
    "face_of",
    "make_private_key",
    "open_private_key",
    "read_public_key",
]
