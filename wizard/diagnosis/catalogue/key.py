"""The key itself: the wrong form, the wrong half, the wrong kind, or only part of one."""

from __future__ import annotations

from wizard.diagnosis.catalogue.words import (
    DOTNET_STRING,
    GENERIC_JAVA,
    JDBC,
    KEY_PAIR,
    NODE_FORMAT,
    NOT_A_PEM,
    PRIVATE_KEY,
    VAGUE,
)
from wizard.diagnosis.cause import Cause, administrator, says, you

CAUSES = (
    Cause(
        "key-encoding",
        "The key is in another encoding than the tool wants",
        "The same key can be written as PEM text with BEGIN and END lines, as bare base64, as base64 of the "
        "whole PEM text, or as binary DER. Each tool, and sometimes each version of it, wants one of "
        "them.",
        (
            you(
                "Look up which form the setting wants. A setting called file or path wants PEM. A setting "
                "called base64 or der wants the key without BEGIN and END lines."
            ),
            you(
                "The base64 alone, without its BEGIN and END lines, as one line:",
                command="sed '/-----/d' rsa_key.p8 | tr -d '\\r\\n'",
            ),
            you("Base64 of a whole PEM file, in one line:", command="base64 < rsa_key.p8 | tr -d '\\n'"),
        ),
        "https://github.com/apache/airflow/issues/58573",
        (
            says(100, r"der format as bytes|illegal base64 character:? 2d|invalidbyte\(\d{1,6}, 45\)"),
            says(92, r"expected type:? java\.security\.privatekey|invalid parameter value type|incorrect padding"),
            says(
                88,
                r"illegal base64|bad base64|base64 decod|invalid base64|url.?safe|base64url|rawurlencoding|"
                r"error decoding private key",
            ),
            says(
                86,
                r"expected bytes|bytes-like|must be (?:a )?bytes|as bytes|not 'str'|expects bytes|has to be bytes",
                PRIVATE_KEY + r"|key",
                unless=(r"password",),
            ),
            says(84, r"codec can'?t decode|invalid start byte", PRIVATE_KEY + r"|key|pem"),
            says(
                85,
                r"stored (?:as )?base64|base64.encoded|undecoded|double.?encoded|base64 (?:vs|or|and|instead)",
                r"key|pem",
            ),
            says(86, r"could not deserialize", r"base64|provider|private_key_content|reason_text=unsupported"),
            says(74, r"invalid_?format|asn1|der input|derinputstream|dervalue|lengthtag"),
            says(75, r"not a valid base-?64 string|non-base ?64 character"),
            says(72, r"malformedframing|format of the initialization string|" + DOTNET_STRING),
            says(54, NOT_A_PEM + r"|1e08010c|decoder routines::unsupported"),
            says(58, NODE_FORMAT),
            says(57, GENERIC_JAVA, r"null$|: null\b"),
            says(42, VAGUE),
            says(31, GENERIC_JAVA),
        ),
    ),
    Cause(
        "key-pkcs1",
        "The key is in the older PKCS#1 form",
        "A file that begins with BEGIN RSA PRIVATE KEY is PKCS#1. Snowflake's documentation, and several "
        "clients, ask for PKCS#8, which begins with BEGIN PRIVATE KEY or BEGIN ENCRYPTED PRIVATE KEY. It is "
        "the same key in another wrapping, so the public key stays as it is.",
        (
            you("Convert the file:", command="openssl pkcs8 -topk8 -nocrypt -in old.pem -out rsa_key.p8"),
            you("Or open the file in this wizard, where it asks for the key pair, and take the converted one."),
        ),
        KEY_PAIR,
        (
            says(98, r"use parsepkcs1privatekey|not in pkcs ?#?8|pkcs ?#?1\b|pkcs1"),
            says(94, r"begin rsa private key"),
            says(
                82,
                r"type pkcs ?#?8|pkcs ?#?8 (?:format|expected|only|required|key)|expected pkcs ?#?8|traditional|"
                r"convert\w{0,3} to pkcs ?#?8",
                PRIVATE_KEY + r"|key",
                unless=(NODE_FORMAT,),
            ),
            says(62, NODE_FORMAT),
            says(60, r"parsepkcs8privatekey|pkcs8 private key|algid parse error|tags don't match"),
        ),
    ),
    Cause(
        "key-openssh",
        "The key is in OpenSSH's own form",
        "ssh-keygen writes a private key that begins with BEGIN OPENSSH PRIVATE KEY and a public key that "
        "begins with ssh-rsa. Snowflake and its clients read neither.",
        (
            you("Make a new pair here, which is the quickest way."),
            you("Or convert the private file, in its place:", command="ssh-keygen -p -m PKCS8 -f <KEY FILE>"),
            you("And print the public key of the pair:", command="ssh-keygen -e -m PKCS8 -f <KEY FILE>.pub"),
        ),
        KEY_PAIR,
        (
            says(104, r"begin openssh|ssh-rsa|ssh-ed25519|ssh-keygen"),
            says(
                88, r"openssh (?:private |public )?key|openssh format|\bopenssh\b", unless=(r"openssl|openssh_[0-9]",)
            ),
            says(50, r"new public key rejected", r"invalid public key"),
        ),
    ),
    Cause(
        "key-is-public",
        "A public key was given where the private key belongs",
        "The two files of a pair look alike. Tools log in with the private key, whose first line says "
        "PRIVATE KEY. The public one goes to Snowflake.",
        (
            you(
                "Choose the file that was made first, usually rsa_key.p8. The one called rsa_key.pub is the public key."
            ),
        ),
        KEY_PAIR,
        (
            says(96, r"begin (?:rsa )?public key", r"private"),
            says(
                94,
                r"public key (?:was |is )?(?:given|pasted|provided|passed|used|supplied|uploaded|found|instead|"
                r"where|for (?:the )?private)|is a public key|got (?:a )?public ?key|rsapublickey",
            ),
            says(70, r"begin certificate", r"key"),
        ),
    ),
    Cause(
        "key-is-private",
        "A private key was given where the public key belongs",
        "Snowflake needs the public key only. A private key that was pasted into a worksheet, a ticket or a "
        "chat has been seen by others and is no secret any more.",
        (
            you("Make a new pair and throw this one away. Then give Snowflake the public key of the new pair."),
            administrator(
                "If the statement with the private key has run, remove it from the query history's readers' "
                "sight as far as possible, and register the new public key."
            ),
        ),
        KEY_PAIR,
        (
            says(
                97,
                r"begin (?:rsa |encrypted )?private key",
                r"rsa_public_key|alter user|public key rejected|invalid public key",
            ),
            says(
                94,
                r"private key (?:was |is )?(?:given|pasted|provided|passed|used|supplied|uploaded|instead|where|"
                r"in) .{0,30}public|is a private key",
            ),
        ),
    ),
    Cause(
        "key-empty",
        "No key arrived at all",
        "The tool reached for the private key and found nothing: an environment variable that is not set, "
        "an empty file, a field that the form did not save, or a setting under another name.",
        (
            you(
                "Enter the key again and save. Several tools forget it when another setting of the "
                "connection is changed."
            ),
            you("Check that the variable or the file has content on the machine where the tool runs."),
        ),
        "https://github.com/metabase/metabase/issues/53749",
        (
            says(
                96,
                r"\"?this\.text\"? is null|charsequence\.length|readpemobject\(\)\"? is null|"
                r"return value of .{0,160}pem.{0,60} is null",
            ),
            says(
                88,
                r"(?:private.?key|key (?:file|content|data)|pem) (?:is |was |must not be |cannot be |can't be |"
                r"may not be |value is )?(?:null|none|empty|blank|missing|undefined|required)|(?:no|empty|missing|"
                r"without an?) private.?key|private.?key.{0,40}(?:must be specified|not (?:specified|set|provided|"
                r"given|configured|found))",
            ),
            says(84, r"nonetype", PRIVATE_KEY + r"|key|encode"),
            says(80, r"integer tag error"),
            says(
                66,
                r"object reference not set|nullpointer|nullreference|cannot (?:invoke|read propert)",
                PRIVATE_KEY + r"|key",
            ),
            says(56, GENERIC_JAVA, r"null$|: null\b"),
        ),
    ),
    Cause(
        "key-truncated",
        "Part of the key is missing",
        "The key ends too early or lacks a piece in the middle. Fields with a length limit, terminals and "
        "chat programs cut long lines.",
        (
            you(
                "Copy the file again as a file, not through a screen. A 2048-bit key in PEM has about 28 "
                "lines, and its last line is the END line."
            ),
        ),
        KEY_PAIR,
        (
            says(82, r"integer tag error"),
            says(
                92,
                r"last encoded character|appears to be truncated|data truncated|unexpected end|premature end|"
                r"too short|shortdata|short data|not enough data|extra data at|trailing data|unexpected eof|"
                r"insufficient data|asn1_d2i|too long$",
                PRIVATE_KEY + r"|key|der|asn|base ?64|pem",
            ),
            says(88, r"truncat|cut off|incomplete|partial", r"key|pem"),
            says(80, r"input byte array has|wrong 4-byte|header too long|overran|detect premature"),
        ),
    ),
    Cause(
        "key-type",
        "This kind of key is not accepted",
        "Snowflake's drivers sign with RSA keys. Elliptic-curve keys work with few of them, and Ed25519 and "
        "DSA keys with none.",
        (you("Make an RSA key pair of 2048 bits or more, here or with openssl genrsa."),),
        KEY_PAIR,
        (
            says(100, r"unsupported key algorithm"),
            says(
                94,
                r"unsupported key type: |not an? rsa|not rsa|rather than rsa|ed25519|ecdsa|elliptic|\bdsa\b|"
                r"begin ec private|rsa (?:private )?key (?:is )?(?:required|expected)|expected (?:an )?rsa|ec key",
            ),
        ),
    ),
    Cause(
        "key-too-short",
        "The key is shorter than 2048 bits",
        "Snowflake accepts RSA keys of 2048 bits or more. A shorter one signs, but is refused.",
        (you("Make a new pair of 2048, 3072 or 4096 bits, and register its public key."),),
        KEY_PAIR,
        (
            says(106, r"key length \d{2,4} is smaller|minimal requirement of 2048"),
            says(
                96,
                r"(?:at least|minimum(?: of)?|min\.?|less than|smaller than|under|below) (?:2048|2,048)|key (?:size|"
                r"length) .{0,30}(?:too (?:small|short)|insufficient)|key.{0,20}too (?:small|short|weak)|(?:512|768|"
                r"1024)[- ]?bit",
            ),
        ),
    ),
    Cause(
        "key-cipher",
        "The key is encrypted in a way this program can't open",
        "A passphrase can be put on a key with different ciphers. Java programs and newer drivers refuse "
        "the older ones (PBES1, 3DES) or, in old versions, the newer ones. The passphrase may well be right.",
        (
            you(
                "Encrypt the key again in the form that all current drivers read:",
                command="openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.p8 -out rsa_key.p8",
            ),
            you("With an old JDBC driver, update it, or start Java with -Dnet.snowflake.jdbc.enableBouncyCastle=true"),
            you("If the tool allows it, use a key without a passphrase, and protect the file by its permissions."),
        ),
        JDBC,
        (
            says(102, r"object identifier for aes|1\.2\.840\.113549\.1\.5\.1[0-9]|desede|tripledes|secretkeyfactory"),
            says(
                98,
                r"\bpbe\b|pbes ?1|pbes ?2|des3|3des|des-ede|scrypt|pbewith|unsupported (?:cipher|encryption|pbe)|"
                r"cipher .{0,40}(?:unsupported|not (?:supported|available))|nosuchalgorithm|operatorcreation|"
                r"object id \(tag|isn't an object id",
            ),
            says(84, r"getbigintegerinternal|not expected 48|unsupported algorithm"),
            says(81, r"integer tag error"),
            says(90, r"integer tag error", r"pwd|passphrase|encrypted|password"),
            says(78, r"lengthtag|derinputstream|dervalue"),
            says(72, r"fips 140"),
            says(58, GENERIC_JAVA, r"null$|: null\b"),
            says(50, r"encrypted with an unsupported algorithm"),
            says(41, VAGUE),
            says(32, GENERIC_JAVA),
        ),
    ),
)
