"""The key itself: the wrong form, the wrong half, the wrong kind, or only part of one."""

from __future__ import annotations

from wizard.diagnosis.explained.explanation import Explanation, says, unlike

_PYTHON, _GO, _JAVA, _NODE = "Python connector", "Go", "JDBC", "Node.js"
_JAVA_REFUSES = "Private key provided is invalid or not supported"
_WORKSHEET = "A worksheet"

EXPLAINED = {
    "key-encoding": Explanation(
        (
            unlike("key-newlines-lost", "The text has a BEGIN line, and everything in one line."),
            unlike("key-markers-missing", "The setting wants PEM, and only the middle of it was copied."),
            unlike("key-cipher", "The file begins with BEGIN ENCRYPTED PRIVATE KEY."),
            unlike("key-is-path", "The value is a file name."),
        ),
        "Copy the line for your tool from the hand-over page: each shows the key in the form that the tool reads.",
        (
            *says(_JAVA, "Illegal base64 character 2d"),
            *says("Python connector 3", "Expected bytes or RSAPrivateKey, got <class 'str'>"),
            *says("Prefect", "a valid unencrypted rsa private key in der format as bytes object"),
            *says(_GO, "illegal base64 data at input byte 0"),
            *says("dbt", "Incorrect padding"),
        ),
        ("https://github.com/PrefectHQ/prefect/issues/13085",),
    ),
    "key-pkcs1": Explanation(
        (
            unlike("key-openssh", "The first line says BEGIN OPENSSH PRIVATE KEY."),
            unlike("passphrase-missing", "The first line says BEGIN ENCRYPTED PRIVATE KEY."),
            unlike("key-type", "The first line says BEGIN EC PRIVATE KEY."),
        ),
        "Make keys with openssl pkcs8 -topk8, or here: both write PKCS#8.",
        (
            *says("Snowflake CLI", "Private key provided is not in PKCS#8 format."),
            *says(_GO, "x509: failed to parse private key (use ParsePKCS1PrivateKey instead for this key format)"),
        ),
    ),
    "key-openssh": Explanation(
        (
            unlike("key-pkcs1", "The first line says BEGIN RSA PRIVATE KEY."),
            unlike("public-key-rejected", "The value in ALTER USER does not begin with ssh-rsa."),
        ),
        "Have ssh-keygen write the usual form with -m PKCS8, or make the key with openssl or here.",
        (
            *says(_PYTHON, "Could not deserialize key data."),
            *says(_WORKSHEET, "New public key rejected by current policy. Reason: 'Invalid Public key'"),
        ),
    ),
    "key-is-public": Explanation(
        (
            unlike("key-pkcs1", "The first line says PRIVATE KEY."),
            unlike("key-empty", "The file is empty."),
        ),
        "Keep the names that the wizard gives: rsa_key.p8 is private, rsa_key.pub is public.",
        (
            *says(_PYTHON, "Could not deserialize key data."),
            *says(_NODE, "error:1E08010C:DECODER routines::unsupported"),
        ),
    ),
    "key-is-private": Explanation(
        (
            unlike("public-key-rejected", "The value begins with MIIBI or MIICI, or is no key at all."),
            unlike("key-openssh", "The value begins with ssh-rsa."),
        ),
        "Copy the statement from the wizard: it never holds a private key.",
        (*says(_WORKSHEET, "New public key rejected by current policy. Reason: 'Invalid Public key'"),),
    ),
    "key-empty": Explanation(
        (
            unlike("key-file-missing", "The message names a path."),
            unlike("keypair-mode-off", "The message speaks of a password: the tool did not look for a key."),
            unlike("key-truncated", "Something arrived, and it ends too early."),
        ),
        "Let the start of the program end with a sentence that names the variable when it is not set.",
        (
            *says("Metabase", 'Cannot invoke "java.lang.CharSequence.length()" because "this.text" is null'),
            *says(_JAVA, 'the return value of "org.bouncycastle.util.io.pem.PemReader.readPemObject()" is null'),
            *says("dbt", "'NoneType' object has no attribute 'encode'"),
        ),
    ),
    "key-truncated": Explanation(
        (
            unlike("key-markers-missing", "The middle is whole, and the first or last line is missing."),
            unlike("key-cipher", "The file begins with BEGIN ENCRYPTED PRIVATE KEY, and opens with openssl."),
            unlike("key-newlines-lost", "Everything is there, in one line."),
        ),
        "Copy files as files, and look at the length that a field allows: a 2048-bit key has about 1,700 characters.",
        (
            *says(_JAVA, f"{_JAVA_REFUSES}: java.security.InvalidKeyException: DER input, Integer tag error"),
            *says(
                _JAVA,
                "Last encoded character (before the paddings if any) is a valid base 64 alphabet but not a "
                "possible value.",
            ),
            *says(_PYTHON, "Could not deserialize key data."),
        ),
    ),
    "key-type": Explanation(
        (
            unlike("key-pkcs1", "The first line says BEGIN RSA PRIVATE KEY: that is an RSA key."),
            unlike("key-too-short", "The key is RSA, and the message names a length."),
        ),
        "RSA with 2048 bits or more is what every client takes.",
        (
            *says("Python connector 3", "Expected bytes or RSAPrivateKey"),
            *says(_WORKSHEET, "The provided public key uses an unsupported key algorithm."),
        ),
    ),
    "key-too-short": Explanation(
        (
            unlike("key-type", "The message speaks of an algorithm, and of no length."),
            unlike("public-key-rejected", "The message names no length."),
        ),
        "Make keys of 2048 bits or more: 3072 and 4096 work with every client, too.",
        (
            *says(
                _WORKSHEET,
                "New public key rejected by current policy. Reason: 'Key length 1024 is smaller than minimal "
                "requirement of 2048.'",
            ),
        ),
    ),
    "key-cipher": Explanation(
        (
            unlike("passphrase-wrong", "openssl pkey -in rsa_key.p8 -noout does not open it with this passphrase."),
            unlike("passphrase-missing", "The tool has no passphrase at all."),
            unlike("key-truncated", "openssl can't read the file either."),
        ),
        "Give -v2 aes-256-cbc to openssl pkcs8: the openssl of macOS picks an old cipher by itself.",
        (
            *says(
                _JAVA, f"{_JAVA_REFUSES}: PBE parameter parsing error: expecting the object identifier for AES cipher"
            ),
            *says(_JAVA, "1.2.840.113549.1.5.13 SecretKeyFactory not available"),
            *says(_JAVA, f"{_JAVA_REFUSES}: DerInputStream.getLength(): lengthTag=56, too big."),
        ),
        ("https://github.com/airbytehq/airbyte/issues/62037",),
    ),
}
