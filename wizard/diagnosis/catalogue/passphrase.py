"""The passphrase of a private key."""

from __future__ import annotations

from wizard.diagnosis.catalogue.words import KEY_PAIR
from wizard.diagnosis.cause import Cause, code, says, you

_NOT_A_BUFFER = r"argument 'password'|password.{0,60}(?:bytes|buffer)|cannot convert .{0,40}instance to a buffer"

CAUSES = (
    Cause(
        "passphrase-missing",
        "The key is encrypted, and no passphrase arrived",
        "A file that begins with BEGIN ENCRYPTED PRIVATE KEY opens only with its passphrase. The tool got "
        "none: the setting is empty, has another name, or the tool can't handle "
        "encrypted keys at all. An empty passphrase counts as none.",
        (
            you(
                "Enter the passphrase in the tool's setting for it. Its name differs from tool to tool: "
                "private_key_file_pwd, private_key_passphrase, private_key_pwd."
            ),
            you(
                "If the tool has no such setting, take the passphrase off:",
                command="openssl pkcs8 -topk8 -nocrypt -in rsa_key.p8 -out plain.p8",
            ),
        ),
        "https://github.com/snowflakedb/snowflake-cli/issues/2864",
        (
            says(104, r"password was not given|must provide the passphrase"),
            says(
                94,
                r"key is encrypted|encrypted (?:private )?key,? (?:requires|needs|but|without|detected)|"
                r"(?:passphrase|password)(?: for (?:the )?(?:private )?key)? (?:is |was )?(?:required|missing|"
                r"not (?:provided|given|set|specified)|empty)|(?:no|missing|without|need an?|needs an?|"
                r"empty) passphrase|bad password read|interrupted or cancelled|passphrase callback",
                unless=(r"not encrypted", r"impossible|can ?n[o']t be used|not (?:possible|supported|allowed)"),
            ),
            says(82, _NOT_A_BUFFER),
            says(
                72,
                r"encrypted (?:private )?key|encrypted key pair|begin encrypted|no passphrase field|passphrase field",
                unless=(r"not encrypted|invalid encrypted",),
            ),
            says(79, r"getbigintegerinternal|not expected 48"),
            says(77, r"tags don't match|asn1: structure error"),
            says(76, r"integer tag error"),
            says(73, r"lengthtag|derinputstream|dervalue"),
            says(60, r"must be a string in pem format|" + code("404026")),
            says(55, r"(?:private key provided is invalid or not supported).{0,200}(?:: null|null$)"),
            says(44, r"1e08010c|encrypted with an unsupported algorithm"),
            says(38, r"(?:key|file) (?:file )?is invalid|invalid private key|without (?:a )?passphrase"),
        ),
    ),
    Cause(
        "passphrase-wrong",
        "The passphrase does not open this key",
        "The key was encrypted with another passphrase. Common slips: a blank or line end that was copied "
        "along, a shell that ate a $ or a quotation mark, or the passphrase of another key.",
        (
            you(
                "Try it by hand. This asks for the passphrase, and says nothing when it is right:",
                command="openssl pkey -in rsa_key.p8 -noout",
            ),
            you("A lost passphrase can't be recovered. Make a new pair and register its public key."),
        ),
        KEY_PAIR,
        (
            says(
                98,
                r"bad decrypt|incorrect password|could not decrypt|unable to decrypt|failed to decrypt|"
                r"decrypt\w{0,3} (?:failed|error)|(?:incorrect|wrong|bad|invalid) (?:key |"
                r"private key )?(?:passphrase|passcode)|wrong (?:key )?password|pad block corrupted|mac (?:mismatch|"
                r"check failed|invalid)|not properly padded|badpadding|1c800064|06065064|maybe wrong password|"
                r"invalid passphrase",
            ),
            says(
                86,
                r"invalid encrypted private key|private_key_pwd|private_key_file_pwd",
                r"invalid|wrong|incorrect|fail",
            ),
            says(75, _NOT_A_BUFFER),
            says(64, r"could not read private key with value passed in connection string"),
        ),
    ),
    Cause(
        "passphrase-unneeded",
        "A passphrase was given, and the key has none",
        "The key is not encrypted, so a passphrase has nothing to open. Some tools insist on one all the same.",
        (
            you(
                "Leave the passphrase empty, or remove the setting. Some tools tell an empty value from a missing one."
            ),
            you(
                "If the tool insists, put a passphrase on the key:",
                command="openssl pkcs8 -topk8 -v2 aes-256-cbc -in plain.p8 -out rsa_key.p8",
            ),
        ),
        "https://github.com/apache/superset/pull/34156",
        (
            says(
                104,
                r"password was given but private key is not encrypted|(?:key|file) is not encrypted|"
                r"not encrypted",
            ),
            says(
                86,
                r"(?:without|no|w/o|empty) (?:a |any )?passphrase.{0,40}(?:impossible|not|fail|can'?t|support|allow|"
                r"error)|passphrase.{0,30}(?:mandatory|obligatory|always required|made required|should be optional)|"
                r"requires? an? passphrase|no-passphrase|'privatekey_pass'|unencrypted (?:private )?key",
                unless=(r"in der format|only supports unencrypted|begin encrypted",),
            ),
        ),
    ),
)
