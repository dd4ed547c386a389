"""What Node.js prints: snowflake-sdk, and jsonwebtoken below it. OpenSSL, its crypto, has a file of its own.

Read in snowflake-connector-nodejs 3.3 (lib/constants/error_messages.js, lib/authentication/auth_keypair.js) and
jsonwebtoken 9 (sign.js), autumn 2026.
"""

from __future__ import annotations

from wizard.diagnosis.sentences.sentence import alone, either
from wizard.diagnosis.sentences.settles import FIRST_LINE, SETTINGS

SENTENCES = (
    either(
        "key-newlines-lost key-markers-missing key-stray-characters key-is-public key-is-path key-encoding key-openssh "
        "key-type key-empty",
        "The driver looks for the marker lines of a PEM key, and did not find them as they should be.",
        r"must be a string in pem format|must be a pem-formatted private key",
        settles=FIRST_LINE,
    ),
    alone("key-type", "The key is of another kind than RSA.", r"\"alg\" parameter for \"(?:ec|ed25519|dsa)\" key type"),
    alone("key-too-short", "The signer takes RSA keys of 2048 bits and more.", r"minimum key size of 2048 bits"),
    either(
        "key-empty keypair-mode-off",
        "The signer was given no key.",
        r"secretorprivatekey must have a value",
        settles=SETTINGS,
    ),
    alone("key-file-missing", "What stands at the path of the key is a folder.", r"eisdir: illegal operation"),
    alone("user-empty", "The driver was given no user.", r"a user ?name must be specified"),
    alone("account-empty", "The driver was given no account.", r"an account must be specified"),
    either(
        "account-url-pasted account-dot-form account-empty",
        "The driver can make no host name out of the account.",
        r"invalid account\. the specified value must be a valid subdomain",
        settles=SETTINGS,
    ),
    alone(
        "proxy-page",
        "The driver took an answer for a login that is none.",
        r"networkerror\]: statement executed success",
    ),
)
