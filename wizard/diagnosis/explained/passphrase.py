"""The passphrase of a private key."""

from __future__ import annotations

from wizard.diagnosis.explained.explanation import Explanation, says, unlike

_PYTHON, _NODE = "Python connector", "Node.js"

EXPLAINED = {
    "passphrase-missing": Explanation(
        (
            unlike("passphrase-wrong", "The message speaks of a bad decrypt or a wrong password: one did arrive."),
            unlike("key-cipher", "A passphrase is set, and openssl opens the file with it."),
            unlike("key-pkcs1", "The first line says BEGIN RSA PRIVATE KEY, and no line says ENCRYPTED."),
        ),
        "Keep the passphrase in a secret store beside the key, and the name of the variable in the tool's settings.",
        (
            *says(_PYTHON, "TypeError: Password was not given but private key is encrypted"),
            *says(
                "Snowflake CLI",
                "Encrypted private key, you must provide the passphrase in the environment variable "
                "PRIVATE_KEY_PASSPHRASE",
            ),
            *says(_NODE, "error:07880109:common libcrypto routines::interrupted or cancelled"),
            *says("dbt", "Env var required but not provided"),
        ),
    ),
    "passphrase-wrong": Explanation(
        (
            unlike("passphrase-missing", "The message says that none was given."),
            unlike("key-cipher", "openssl opens the file with this passphrase: the tool can't deal with the cipher."),
            unlike("key-truncated", "openssl can't read the file with any passphrase."),
        ),
        "Set the passphrase from a secret store, in single quotes, and not by hand in a shell.",
        (
            *says(_PYTHON, "Incorrect password, could not decrypt key", "Bad decrypt. Incorrect password?"),
            *says(_NODE, "error:1C800064:Provider routines::bad decrypt"),
        ),
    ),
    "passphrase-unneeded": Explanation(
        (
            unlike("passphrase-wrong", "The file begins with BEGIN ENCRYPTED PRIVATE KEY."),
            unlike("passphrase-missing", "The message asks for a passphrase, and says nothing of one too many."),
        ),
        "Put a passphrase on every key that is stored: then each tool is set up alike.",
        (
            *says(_PYTHON, "TypeError: Password was given but private key is not encrypted."),
            *says("Superset", "'privatekey_pass'"),
        ),
    ),
}
