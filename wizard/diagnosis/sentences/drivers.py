"""What the drivers for Java, ODBC, .NET, Go and Node.js print, and what is built on them: Terraform, Kafka, Spark.

Read in the sources of snowflake-jdbc (jdbc_error_messages.properties, SessionUtilKeyPair.java), libsnowflakeclient
(Authenticator.cpp), snowflake-connector-net (ErrorMessages.resx, KeyPairAuthenticator.cs), gosnowflake (errors.go,
auth.go), snowflake-connector-nodejs (errors.js), terraform-provider-snowflake (provider_helpers.go),
snowflake-kafka-connector (SnowflakeErrors.java) and spark-snowflake (Parameters.scala), summer 2026.
"""

from __future__ import annotations

from wizard.diagnosis.sentences.sentence import alone, either
from wizard.diagnosis.sentences.settles import FIRST_LINE, REACH, SETTINGS, WHOLE_TEXT

_KEY = "key-encoding key-newlines-lost key-markers-missing "


SENTENCES = (
    alone("key-file-missing", "Java found no file at this path.", r"\bnosuchfileexception: [^ ]"),
    alone("key-file-unreadable", "Java may not read the file at this path.", r"\baccessdeniedexception: [^ ]"),
    # --- the Snowflake CLI --------------------------------------------------------------------------------------------
    either(
        "key-pkcs1 key-markers-missing key-stray-characters key-is-public key-openssh key-encoding key-empty "
        "key-is-path",
        "The Snowflake CLI says so of whatever does not begin as a PKCS#8 key does.",
        r"private key provided is not in pkcs ?#?8 format",
        settles=FIRST_LINE,
    ),
    alone(
        "key-truncated",
        "The key begins as it should, and has no END line.",
        r"use --debug option to see the traceback.{0,60}unable to load pem file",
        r"malformedframing",
    ),
    alone("proxy-page", "The answer is none of Snowflake's.", r"exception message: 'data'"),
    # --- Java ---------------------------------------------------------------------------------------------------------
    alone(
        "user-empty",
        "The driver was given no user.",
        r"missing user name|user parameter is missing|missed snowflake user name",
    ),
    alone(
        "keypair-mode-off",
        "The driver asks for a password, so it is not using the key.",
        r"missing password\b|password parameter is missing|both password and token are empty",
    ),
    alone(
        "account-empty",
        "The driver was given no account.",
        r"missing server url|neither host nor account is specified|"
        r"account parameter is missing|missed snowflake url",
    ),
    either(
        "account-url-pasted account-empty",
        "The driver can't read the address that it was given.",
        r"invalid connect(?:ion url| string):",
        settles=SETTINGS,
        unless=(r"format of the initialization",),
    ),
    alone(
        "keypair-mode-off",
        "The driver knows no authenticator of that name, or the account none.",
        r"the specified authenticator is not accepted|unknown authenticator:|"
        r"failed to parse an authenticator|unsupported authenticator|"
        r"invalid authenticator(?: type)?\b",
    ),
    alone("keypair-mode-off", "Two ways of giving the key are set at once.", r"cannot have both private key "),
    either(
        "key-type key-empty",
        "What was given as the key is no RSA key with all its numbers.",
        r"use java\.security\.interfaces\.rsaprivatecrtkey",
    ),
    either(
        "key-file-missing key-file-unreadable",
        "The driver could not open the key file.",
        r"could not read private key from file|failed to open private key file",
    ),
    either(
        "connection-blocked host-not-found tls-intercepted tls-name-mismatch",
        "The driver could not open a connection to the host.",
        r"exception encountered when opening connection|"
        r"jdbc driver encountered communication error",
        unless=(r"unknownhost|pkix|certificate|http status|timed out|refused|reset|ssl",),
        settles=WHOLE_TEXT,
    ),
    either(
        "config-section-missing",
        "The connection of that name stands in no file that was read.",
        r"the connection .{0,120}not found in connections\.toml|"
        r"specified connection name does not exist in connections\.toml|"
        r"failed to find dsn in toml|profile \"?.{0,120}\"? not found in file|"
        r"missing configuration parameters for the connection",
    ),
    alone(
        "config-permissions",
        "The driver refuses a settings file that others may change or read.",
        r"is writable by group or others|is executable.{0,60}(?:permission is not allowed|"
        r"security risk)|too broad permissions|file permissions are different than read/write|"
        r"has unsafe permissions|not owned by the effective user",
    ),
    alone(
        "session-expired",
        "The session has ended, and a new login is due.",
        r"session token is invalid\. please reconnect|session no longer exists on the server",
    ),
    # --- ODBC ---------------------------------------------------------------------------------------------------------
    either(
        "keypair-mode-off key-empty",
        "The driver was told to sign, and got no key file.",
        r"priv_key_file parameter is missing",
        settles=SETTINGS,
    ),
    alone(
        "account-url-pasted",
        "The account or the host has characters of an address in it.",
        r"(?:account|host) parameter contains invalid characters",
    ),
    either(
        "passphrase-wrong passphrase-missing " + _KEY + "key-openssh key-is-public key-truncated",
        "The driver opened the file and could not make a key of it.",
        r"marshaling private key failed",
        settles=FIRST_LINE,
    ),
    alone(
        "key-type",
        "The key is of another kind than RSA.",
        r"public key extract failed|failed to generate jwt token|privatekey not of type rsa|"
        r"expected type \*rsa\.privatekey",
    ),
    # --- .NET ---------------------------------------------------------------------------------------------------------
    either(
        "key-newlines-lost key-encoding key-markers-missing passphrase-wrong passphrase-missing",
        "The driver could not read the key out of the connection string.",
        r"could not read private key with value passed in connection string",
        settles=FIRST_LINE,
    ),
    either(
        "passphrase-wrong key-encoding key-markers-missing key-openssh key-type",
        "The driver could not read the key file.",
        r"could not read private key file|could not read private key [^w]",
        settles=FIRST_LINE,
        unless=(r"private key from file", r"is a directory|no such file|permission denied|cannot find the"),
    ),
    either(
        "keypair-mode-off user-empty account-empty key-empty",
        "A setting that the driver needs is not there.",
        r"required property .{0,60}is not provided",
        unless=(r"required property (?:user|account|private_key)",),
        settles=SETTINGS,
    ),
    alone("user-empty", "The driver was given no user.", r"required property user"),
    alone("account-empty", "The driver was given no account.", r"required property account"),
    either(
        "key-empty keypair-mode-off", "The driver was told to sign, and got no key.", r"required property private_key"
    ),
    alone(
        "account-url-pasted",
        "Host and account do not make an address.",
        r"do not combine into a valid uri|host includes a url scheme|"
        r"failed to parse a (?:host name|port number)",
    ),
    either(
        "connection-blocked host-not-found snowflake-unavailable",
        "The driver tried until its time was up, and says no more.",
        r"request reach(?:ed)? its timeout|authentication timed out",
        settles=REACH,
    ),
    either(
        "key-newlines-lost key-encoding account-url-pasted keypair-mode-off",
        "The driver can't take the connection string apart: a key's line breaks or equals signs may stand in it.",
        r"connection string is invalid|format of the initialization string",
        settles=SETTINGS,
    ),
    # --- Go and Terraform ---------------------------------------------------------------------------------------------
    alone("account-empty", "The driver was given no account.", r"\baccount is empty"),
    alone("user-empty", "The driver was given no user.", r"\buser is empty"),
    either(
        "snowflake-unavailable connection-blocked proxy-page",
        "The driver got an answer that says the service is not there.",
        r"service is unavailable\. check your connectivity",
        settles=REACH,
    ),
    either(
        "account-not-found",
        "The host answers, and knows no such account.",
        r"verify account name is correct|failed to auth for unknown reason",
    ),
    either(
        "key-pkcs1 key-encoding key-truncated key-is-public",
        "The driver takes PKCS#8 only, and this was something else.",
        r"error decoding private key using pkcs8",
        settles=FIRST_LINE,
    ),
    either(
        "key-empty keypair-mode-off",
        "The driver was told to sign, and got no key.",
        r"privatekey was not provided in the driver config|private key must be provided|"
        r"snowflake\.private\.key cannot be empty|missed private key",
    ),
    either(
        "key-markers-missing key-newlines-lost key-stray-characters key-truncated key-is-path key-empty key-encoding",
        "No PEM block was found in the text.",
        r"failed to parse pem block containing the private key",
        settles=FIRST_LINE,
    ),
    alone(
        "key-pkcs1",
        "The parser itself says that the key is PKCS#1.",
        r"use parsepkcs1privatekey|not in pkcs ?#?8 format",
        unless=(r"private key provided is not in",),
    ),
    alone("key-type", "The parser itself says that the key is no RSA key.", r"use parseecprivatekey"),
    alone(
        "tls-intercepted",
        "The certificate could not be checked for whether it was revoked.",
        r"no ocsp server is attached|\bocsp unknown",
    ),
    alone(
        "proxy-page",
        "The answer is none of Snowflake's.",
        r"failed to parse a response from snowflake|strconv\.atoi: parsing \"\"|"
        r"json: cannot unmarshal",
    ),
    either(
        "key-newlines-lost key-markers-missing key-is-path key-encoding key-empty",
        "The provider found no PEM block in the key.",
        r"could not parse private key, key is not in pem format",
        settles=FIRST_LINE,
    ),
    alone(
        "passphrase-missing",
        "The key is encrypted, and no passphrase was given.",
        r"requires a passphrase, but private_key_passphrase was not supplied|"
        r"you must provide the passphrase in the environment",
    ),
    either(
        "passphrase-wrong key-cipher",
        "The key could not be decrypted with this passphrase.",
        r"could not parse encrypted private key with passphrase|pkcs8: incorrect password",
    ),
    either(
        "key-stray-characters key-newlines-lost key-truncated key-markers-missing",
        "The driver found no PEM block between the marker lines, and did not look whether it did.",
        r"go panic in snowflake driver.{0,80}nil pointer",
        settles=FIRST_LINE,
    ),
    alone(
        "key-type",
        "The key is of another kind than RSA.",
        r"go panic in snowflake driver.{0,80}typeassertionerror|"
        r"does not contain an rsa private key|"
        r"\bec private key is not supported",
    ),
    either(
        "key-pkcs1 passphrase-missing passphrase-wrong passphrase-unneeded key-cipher",
        "The driver takes a key that is encrypted in the PKCS#8 way, and this file begins otherwise.",
        r"\brsa private key is not supported",
        settles=FIRST_LINE,
    ),
    alone("key-is-public", "The file begins as a public one does.", r"\b(?:public key|certificate) is not supported"),
    alone("key-openssh", "The file begins as OpenSSH's own keys do.", r"\bopenssh private key is not supported"),
    alone(
        "passphrase-missing", "The driver was given no passphrase.", r"jwt_private_key_pkcs8_password is not configured"
    ),
    either(
        "key-truncated key-stray-characters",
        "The key begins as one does, and its inside does not hold together.",
        r"asn1: (?:syntax|structure) error: (?:data|sequence) truncated|asn1: (?:syntax|structure) error: (?:trailing|"
        r"length|indefinite|superfluous|non-minimal|integer|base 128|truncated)|"
        r"tags don't match \((?:[13-9]|2 vs \{class:[1-3]|2 vs \{class:0 tag:(?!16\b))|crypto/rsa: invalid",
        unless=(r"tags don't match \(16",),
    ),
    alone(
        "key-too-short",
        "Go takes no RSA key of less than 1024 bits, and Snowflake none of less than 2048.",
        r"crypto/rsa: \d{3,4}-bit keys are insecure",
    ),
    alone(
        "key-type",
        "The key is of another algorithm than RSA.",
        r"pkcs#8 wrapping contained private key with unknown algorithm",
    ),
    alone("key-cipher", "Go's reader of encrypted keys knows fewer ways than openssl.", r"pkcs8: (?:only|unsupported)"),
    # The algorithm of a public key of RSA takes 13 bytes; that of an encrypted key names salt and rounds.
    alone(
        "key-is-public",
        "Where a number belongs, the algorithm of a public key was found.",
        r"tags don't match \(2 vs \{class:0 tag:16 length:13 ",
    ),
    alone(
        "passphrase-missing",
        "Where a number belongs, an algorithm was found that is as long as that of an encrypted key.",
        r"tags don't match \(2 vs \{class:0 tag:16 length:(?:[2-9]\d|1\d\d) ",
    ),
    either(
        "account-url-pasted account-dot-form",
        "The account has a slash in it, so no address could be made.",
        r"invalid url escape \"?%2f|first path segment in url",
    ),
    # --- Kafka and Spark ----------------------------------------------------------------------------------------------
    either(
        _KEY + "passphrase-missing key-pkcs1",
        "The connector found no RSA key in the setting.",
        r"private key should be a valid pem rsa private key",
        settles=FIRST_LINE,
    ),
    either(
        "passphrase-wrong passphrase-unneeded key-cipher",
        "The connector could not decrypt the key.",
        r"failed to decrypt private key\. please verify",
        settles=FIRST_LINE,
        unless=(r"unable to decode base64",),
    ),
    either(
        "account-url-pasted account-dot-form account-empty",
        "The connector can't read the address that it was given.",
        r"invalid snowflake url",
    ),
    either(
        _KEY + "key-pkcs1 passphrase-missing",
        "The connector made no key of the text.",
        r"input pem private key is invalid",
        settles=FIRST_LINE,
    ),
    either(
        "keypair-mode-off key-empty",
        "No way to log in is set.",
        r"authentication credentials must be provided\. please specify one of",
        settles=SETTINGS,
    ),
)
