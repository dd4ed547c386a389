"""What Python programs print: the connectors 4 and 5, the cryptography library below them, and snowflake-sql-api.

Read in snowflake-connector-python 4.8.1 (connection.py, auth/keypair.py, config_manager.py) and 5.2.0 (sf_core:
config/resolver.rs, config/private_key.rs), snowflake-sql-api 0.1.4, cryptography 46 (x509, backend/keys.rs), autumn
2026. Connector 5 gives the words of its Rust core.
"""

from __future__ import annotations

from wizard.diagnosis.sentences.sentence import alone, either
from wizard.diagnosis.sentences.settles import (
    FIRST_LINE,
    PASSPHRASE,
    REACH,
    RESOLVE,
    SETTINGS,
    SIZE,
    WHOLE_TEXT,
)

_SAYS_WHY = (
    r"login request is retryable",
    r"host='https?'",
    r"getaddrinfo|name or service not known|nameresolution|failed to resolve|nodename nor servname",
    r"certificate",
    r"proxyerror|tunnel",
    r"connection ?refused|connection reset|connecttimeout|readtimeout|timed out",
    r"http 5\d\d|50[0-4]: ",
    r"jsondecode|expecting value",
)
"""Where the exceptions before the last line tell what was met, the last line is not asked."""

SENTENCES = (
    # --- cryptography -------------------------------------------------------------------------------------------------
    either(
        "key-markers-missing key-encoding key-truncated key-empty key-stray-characters key-is-public key-openssh",
        "The key's text has no complete pair of BEGIN and END lines.",
        r"unable to load pem file",
        r"malformedframing",
        unless=(r"use --debug option to see the traceback",),
        settles=FIRST_LINE,
    ),
    either(
        "key-is-public key-openssh",
        "There is a pair of BEGIN and END lines, and it is not that of a private key this program reads.",
        r"valid pem but no begin/end delimiters for a private key",
        settles=FIRST_LINE,
    ),
    either(
        "key-markers-missing key-truncated key-newlines-lost key-is-public passphrase-wrong key-stray-characters "
        "key-encoding key-empty key-cipher key-openssh",
        "The program read something as a key that is none, or that it can't open.",
        r"could not deserialize key data.{0,40}the data may be in an incorrect format",
        unless=(
            r"asn\.1 parsing error: short data",
            r"unexpected tag",
            r"invalid length",
            r"reason_text",
            r"explicitly encoded",
        ),
        settles=FIRST_LINE,
    ),
    alone(
        "passphrase-missing",
        "The key is encrypted, and the program was given no passphrase.",
        r"password was not given but private key is encrypted",
    ),
    alone(
        "passphrase-unneeded",
        "The key is not encrypted, and the program was given a passphrase.",
        r"password was given but private key is not encrypted",
    ),
    either(
        "passphrase-wrong key-cipher",
        "The program could not decrypt the key with the passphrase that it was given.",
        r"incorrect password, could not decrypt key|bad decrypt\. incorrect password",
    ),
    # --- files, as Python and Rust tell of them -----------------------------------------------------------------------
    alone(
        "key-is-path",
        "The text of the key was taken for the name of a file.",
        r"file ?name too long|no such file or directory(?:: |, open )'[^']{0,400}(?:\\n|begin )",
    ),
    alone(
        "key-empty",
        "The path of the key is empty: what was opened is the folder itself.",
        r"is a directory: (?:posixpath\()?'\.?'",
    ),
    alone(
        "key-file-missing",
        "What stands at the path of the key is a folder.",
        r"is a directory: (?:posixpath\()?'[^']{2}|private key file.{0,300}is a directory",
        unless=(r"\.toml",),
    ),
    alone(
        "key-file-missing",
        "There is no file at this path, where the program runs.",
        r"no such file or directory|cannot find the (?:file|path) specified|enoent|"
        r"could not find file",
        unless=(
            r"file ?name too long|no such file or directory(?:: |, open )'[^']{0,400}(?:\\n|begin )",
            r"(?:\.toml|\.ya?ml|\.cfg|\.sock|\.crt|cacert\.pem|ca-bundle)['\"]? ?(?:\(|$)",
            r"no such file or directory: 'openssl",
        ),
    ),
    alone(
        "config-permissions",
        "The settings file may not be read, or others may change it.",
        r"permission denied.{0,200}(?:\.toml|profiles\.yml)|\.toml.{0,200}permission denied|"
        r"is writable by group or others|"
        r"bad owner or permissions on .{0,200}\.toml|too wide permissions.{0,200}\.toml|"
        r"\.toml.{0,200}too wide permissions",
    ),
    alone(
        "key-file-unreadable",
        "The key file is there, and the program may not read it.",
        r"permission denied|permissionerror|eacces",
        unless=(r"\.toml|profiles\.yml", r"publickey"),
    ),
    # --- connector 4 --------------------------------------------------------------------------------------------------
    alone(
        "key-type",
        "The key is of a kind that the connector does not sign with.",
        r"private key type \([a-z0-9]{1,40}\) not supported",
    ),
    either(
        "key-encoding key-openssh",
        "The text given as the key is no base64 of a DER key.",
        r"failed to decode private key: incorrect padding",
        settles=FIRST_LINE,
    ),
    alone(
        "key-cipher",
        "The key is encrypted by a recipe that this library does not read.",
        r"asn\.1 parsing error: default value was explicitly encoded",
    ),
    either(
        "key-encoding passphrase-missing key-is-path key-truncated",
        "The connector wants the bytes of a DER key, and got something else.",
        r"please provide a valid (?:unencrypted )?rsa .{0,20}private key in der format|"
        r"valid unencrypted rsa private key in der",
        unless=(r"details:", r"cannot convert", r"not supported", r"incorrect padding"),
        settles=FIRST_LINE,
    ),
    either(
        "config-permissions config-section-missing",
        "The connector met something that it did not expect in a settings file.",
        r"unknown error happened while loading '[^']{0,300}\.toml",
    ),
    either(
        "key-is-public key-openssh key-encoding",
        "What the base64 holds is no private key.",
        r"failed to load private key.{0,400}asn\.1 parsing error: invalid length",
        settles=FIRST_LINE,
    ),
    either(
        "key-empty keypair-mode-off",
        "The connector was told to sign, and found no key in its settings.",
        r"expected bytes,? (?:or )?rsaprivatekey.{0,60}got <class 'nonetype'>",
        settles=SETTINGS,
    ),
    either(
        "passphrase-wrong passphrase-missing",
        "The passphrase was given as another type than the key loader takes.",
        r"cannot convert .{0,40}instance to a buffer",
        settles=PASSPHRASE,
    ),
    alone("user-empty", "The connector was given no user.", r"user is empty|missing required parameter 'user'"),
    alone(
        "account-empty",
        "The connector was given no account.",
        r"account must be specified|missing required parameter 'account'",
    ),
    either(
        "keypair-mode-off key-empty",
        "The connector asks for a password, so it found no key to use.",
        r"password is empty",
    ),
    alone(
        "account-url-pasted",
        "The account has characters of an address in it.",
        r"invalid account identifier: only letters|invalid character '[:/]' in account identifier",
    ),
    alone(
        "config-section-missing",
        "The connection of that name stands in none of the files that were read.",
        r"invalid connection_name|connection '[^']{0,120}' not found in config files|"
        r"connection .{1,120} is not configured|"
        r"default connection with name .{0,120}cannot be found",
    ),
    either(
        "connection-blocked host-not-found privatelink-name proxy-page snowflake-unavailable account-url-pasted "
        "rate-limited",
        "The connector gave up after several tries to reach the host.",
        r"could not connect to snowflake backend after",
        unless=_SAYS_WHY,
        settles=WHOLE_TEXT,
        vague=True,
    ),
    # --- connector 5 --------------------------------------------------------------------------------------------------
    either(
        "key-markers-missing key-empty key-encoding key-is-public key-openssh key-stray-characters",
        "The connector's core found no key in the text that it was given.",
        r"authentication failed\.? unexpectederror",
        settles=FIRST_LINE,
    ),
    either(
        "passphrase-wrong passphrase-missing key-too-short",
        "The connector's core could not sign with the key, and says no more.",
        r"authentication failed\.? unspecified",
        settles=SIZE,
    ),
    alone("key-truncated", "The key has no END line.", r"no `-----end` line"),
    alone("key-truncated", "The content of the key ends too early.", r"authentication failed\.? invalidencoding"),
    alone(
        "key-is-public",
        "The file begins as a public key or a certificate does.",
        r"unsupported pem label `(?:rsa )?(?:public key|certificate)",
    ),
    alone("key-openssh", "The file begins as OpenSSH's own keys do.", r"unsupported pem label `openssh"),
    alone("key-type", "The file begins as a key of another kind than RSA does.", r"unsupported pem label `(?:ec|dsa) "),
    alone(
        "key-encoding",
        "The key file is no text: it may be DER, or a text of two bytes a letter.",
        r"stream did not contain valid utf-8",
    ),
    alone(
        "key-cipher",
        "The core knows no such way of encrypting a key.",
        r"could not parse the encrypted private-key envelope|unsupported (?:pbe|"
        r"encryption) (?:scheme|algorithm)",
    ),
    either(
        "key-encoding key-empty",
        "The bytes that were given as the key are no key in DER.",
        r"private key was rejected as der",
        settles=FIRST_LINE,
    ),
    either(
        "connection-blocked host-not-found tls-intercepted account-url-pasted tls-name-mismatch account-dot-form "
        "rate-limited",
        "The connector tried until its time was up, and says no more.",
        r"failed to login: login timed out",
        settles=REACH,
    ),
    either(
        "host-not-found privatelink-name account-url-pasted proxy-page",
        "The name of the host, or of the proxy, is not known where the program runs.",
        r"failed to lookup address information",
        unless=(r"privatelink",),
        settles=RESOLVE,
    ),
    alone(
        "connection-blocked",
        "The connection was cut off in the middle of an answer.",
        r"invalid snowflake response.{0,20}peer closed connection",
    ),
    alone(
        "proxy-page",
        "The answer is not what Snowflake answers to a login.",
        r"invalid snowflake response",
        unless=(r"peer closed connection", r"responded with error status"),
    ),
    either(
        "connection-blocked proxy-page",
        "The proxy on the way out wants a user and a password.",
        r"tunnel error: proxy authorization required",
    ),
    either(
        "proxy-page connection-blocked",
        "The proxy on the way out did not let the connection through.",
        r"tunnel error: unsuccessful",
    ),
    # --- snowflake-sql-api --------------------------------------------------------------------------------------------
    alone(
        "key-empty", "The client was given neither a key nor a path.", r"a private_key or private_key_path is required"
    ),
    either(
        "user-empty account-empty",
        "One of the two is not set where the program runs.",
        r"snowflake_account and snowflake_user are required",
        settles=SETTINGS,
    ),
    alone("key-type", "The key is of another kind than RSA.", r"expecting a pem-formatted key"),
    alone("proxy-page", "The answer lacks what every answer of Snowflake has.", r"completed statement has no handle"),
    either(
        "connection-blocked account-url-pasted host-not-found tls-name-mismatch privatelink-name proxy-page "
        "account-dot-form snowflake-unavailable account-not-found rate-limited tls-intercepted",
        "The client gave up after several tries, and its last line says no more.",
        r"retries exhausted after \d",
        unless=_SAYS_WHY,
        settles=WHOLE_TEXT,
        vague=True,
    ),
)
