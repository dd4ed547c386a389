"""The user: which one, whether it may log in, and which public key Snowflake holds for it."""

from __future__ import annotations

from wizard.diagnosis.catalogue.words import (
    ALTER_USER,
    AUTHENTICATION_POLICIES,
    CONFIGURING_CLIENTS,
    CREATE_USER,
    DESCRIBE_USER,
    JWT,
    KEY_PAIR,
    NAMED_KEY_PAIRS,
    SQL_API,
    TROUBLESHOOTING,
    USER_MANAGEMENT,
)
from wizard.diagnosis.cause import Cause, administrator, code, says, you
from wizard.snowflake.codes import Code

_SUDDEN = (
    r"intermittent|sometimes|sporadic|occasional|random|suddenly|stopped working|worked (?:yesterday|before|"
    r"until|fine)|flaky|every few|rotat|re-?creat"
)

CAUSES = (
    Cause(
        "user-unknown",
        "This account has no user with that login name",
        "The token names a login that the account does not know. It is misspelt, belongs to another "
        "account, or it is the user's NAME while Snowflake "
        "expects the LOGIN_NAME.",
        (
            you("Check the spelling, and that you are in the right account."),
            administrator(
                "Look up LOGIN_NAME in the output of this statement, and use it as the login name here.",
                "describe_user",
            ),
        ),
        TROUBLESHOOTING,
        (
            says(58, JWT, r"\bkafka|snowflake\.user\.name"),
            says(100, code(Code.JWT_TOKEN_INVALID_USER_IN_ISSUER) + r"|jwt_token_invalid_user_in_issuer"),
            says(84, r"user '?\"?[^ ]{1,120} does not exist or not authorized"),
            says(
                82,
                r"\b(?:wrong|unknown|no such|another|other person'?s?) (?:snowflake )?user|user (?:not found|"
                r"does ?n[o']t exist|is unknown)",
            ),
            says(60, r"incorrect username or password|" + code(Code.PASSWORD_REFUSED), r"key|jwt|\.p8|\.pem"),
            says(50, r"user is empty|" + code("260001", "251005")),
        ),
    ),
    Cause(
        "user-empty",
        "The tool was given no user",
        "The tool looked for the user and found nothing: the setting is empty or called otherwise, or it "
        "stands in a variable that is not set where the tool runs. Nothing was sent to Snowflake.",
        (
            you(
                "Set the user in the tool. The setting is called user in most tools, username in Node.js, SnowSQL and "
                "many forms, and uid in ODBC."
            ),
            you(
                "If it comes from a variable, look whether it is set in the very place where the tool runs: a service, "
                "a container or a scheduled job does not see what your own shell has."
            ),
        ),
        CONFIGURING_CLIENTS,
    ),
    Cause(
        "login-name-differs",
        "The name that logs in is not the user's LOGIN_NAME",
        "A Snowflake user has two names: NAME for SQL and LOGIN_NAME for signing in. They are the same "
        "unless somebody set them apart, as single sign-on "
        "often does with e-mail addresses. The token must carry LOGIN_NAME.",
        (
            you("Give the tool LOGIN_NAME as the user. Keep NAME for the SQL.", step="user"),
            administrator("Both names stand in the output of this statement.", "describe_user"),
        ),
        TROUBLESHOOTING,
        (
            says(57, JWT, r"\bkafka|snowflake\.user\.name"),
            says(88, r"login[_ ]?name", r"differ|instead|\bnot\b|mismatch|e-?mail|jwt|token|wrong"),
            says(74, JWT, r"e-?mail|@[a-z0-9.-]{1,60}\.[a-z]{2,6}"),
        ),
    ),
    Cause(
        "user-case",
        "Account or user is not in capital letters inside the token",
        "Snowflake compares the account and the user of the token as capital letters. Drivers change them "
        "by themselves; code that builds its own token "
        "has to do it too.",
        (you("Turn account and user into capital letters in iss and sub. Leave the fingerprint exactly as it is."),),
        SQL_API,
        (
            says(
                90,
                r"upper.?cas|lower.?cas|toupper|\.upper\(|capital|mixed.?case|case.?sensitiv",
                r"jwt|\biss\b|issuer|claims?|subject|token|account|user",
                unless=(r"\brole",),
            ),
        ),
    ),
    Cause(
        "user-disabled",
        "The user is disabled",
        "A disabled user can't log in by any means, however right the key is.",
        (administrator("Enable the user, if it is meant to be in use.", "enable_user"),),
        USER_MANAGEMENT,
        (
            says(100, code(Code.USER_DISABLED)),
            says(
                98,
                r"user access disabled|user (?:account )?(?:is |has been )?disabled|account (?:is |"
                r"has been )?disabled",
            ),
            says(90, r"disabled[\"']? ?[=:|] ?[\"']?true"),
        ),
    ),
    Cause(
        "user-locked",
        "The user is locked after too many failed logins",
        "After five failed logins in a row Snowflake locks a user for about fifteen minutes. The lock also "
        "stops logins by key.",
        (
            you("Wait fifteen minutes, and stop the tool that keeps trying with a wrong password or key."),
            administrator("Lift the lock at once.", "unlock_user"),
        ),
        USER_MANAGEMENT,
        (
            says(100, code(Code.USER_LOCKED)),
            says(
                98,
                r"temporarily locked|user (?:account )?(?:is |has been )?(?:temporarily )?locked|account (?:is |"
                r"has been )?locked|locked out",
            ),
            says(80, r"too many failed (?:login|attempt)|mins_to_unlock"),
        ),
    ),
    Cause(
        "user-expired",
        "The user has reached its end date",
        "DAYS_TO_EXPIRY counts down to the day from which a user can't log in any more. It is a setting of "
        "the user, not of the key.",
        (
            administrator(
                "Set a new number of days with ALTER USER … SET DAYS_TO_EXPIRY, or remove the end with "
                "UNSET DAYS_TO_EXPIRY."
            ),
        ),
        CREATE_USER,
        (says(90, r"user (?:account )?(?:is |has )?expired|days_to_expiry"),),
    ),
    Cause(
        "key-mismatch",
        "Snowflake holds another key for this user",
        "Each key pair has a fingerprint. The token carries the fingerprint of your key, and the user in "
        "Snowflake has a public key with a different one. Either "
        "the private key is from another pair, or the public key was registered from another file.",
        (
            you(
                "Compare RSA_PUBLIC_KEY_FP in its answer with the fingerprint that this wizard shows.",
                "describe_user",
            ),
            administrator(
                "If this is the right key, register it. A key that stands in the slot which the statement names is "
                "replaced.",
                "set_public_key",
            ),
        ),
        TROUBLESHOOTING,
        (
            says(55, JWT, r"\bkafka"),
            says(100, code(Code.JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH) + r"|fingerprint_mismatch"),
            says(92, r"fingerprint", r"mismatch|differ|not match|n't match|other|wrong"),
            says(
                78,
                rf"{JWT}|public key|snowflake",
                r"wrong (?:one|key|private)|another key|different key|other key|key (?:pair )?(?:does ?n[o']t|"
                r"did ?n[o']t) match|keys? mismatch|right private|correct private",
            ),
        ),
    ),
    Cause(
        "key-not-registered",
        "The public key is not on this user",
        "Snowflake can only check a login against a public key that an administrator has put on the user. "
        "Either that statement has not run yet, or it ran on another user "
        "or in another account.",
        (
            administrator("Run this once, in the right account.", "set_public_key"),
            you("Afterwards look whether RSA_PUBLIC_KEY_FP is filled.", "describe_user"),
        ),
        KEY_PAIR,
        (
            says(56, JWT, r"\bkafka"),
            says(92, r"rsa_public_key_fp", r"\bnull\b|empty|blank|missing"),
            says(
                86,
                r"public key (?:is |was |has )?(?:not |never |n't )(?:been )?(?:set|registered|assigned|added|"
                r"uploaded)|no public key|(?:has no|missing) rsa_public_key|forgot",
            ),
            says(52, JWT, r"alter user|rsa_public_key|new user|service user"),
        ),
    ),
    Cause(
        "key-pair-disabled",
        "The named key pair is disabled",
        "Snowflake knows this key as a named key pair of the user, and somebody has set that key pair to DISABLED. "
        "Until it is enabled again, no login with it is let in.",
        (
            administrator(
                "See the state of the user's named key pairs: the column status. If nothing speaks against it, set "
                "DISABLED = FALSE with ALTER USER … MODIFY KEY PAIR.",
                "enable_key_pair",
            ),
        ),
        NAMED_KEY_PAIRS,
        (says(90, r"named key pair|show user key pairs|modify key pair", r"\bdisabled\b"),),
    ),
    Cause(
        "key-pair-expired",
        "The named key pair has expired",
        "A named key pair can have an end, and one that was rotated out has only a few hours left. The end can't be "
        "moved afterwards.",
        (
            you("See when the user's named key pairs end: the columns status and expires_at.", "show_key_pairs"),
            administrator("Register the key once more, under another name or in a slot.", "set_public_key"),
            you("Or make a new key pair here, and have its public key registered."),
        ),
        NAMED_KEY_PAIRS,
        (says(90, r"named key pair|show user key pairs|rotate key pair", r"\bkey", r"\bexpired\b"),),
    ),
    Cause(
        "key-replaced",
        "The key on the user was replaced by another one",
        "A user has two slots for public keys. When somebody registers a new key in the slot that holds "
        "yours, your key stops working at once. Two programs that both rotate "
        "keys in the same slot throw each other out again and again.",
        (
            you(
                "See which keys are there now, and when they were set: the rows RSA_PUBLIC_KEY_LAST_SET_TIME.",
                "describe_user",
            ),
            administrator(
                "Give each program its own user, or its own slot. While rotating, fill the empty slot first "
                "and clear the old one last."
            ),
            administrator("To bring this key back, give it to Snowflake once more.", "set_public_key"),
        ),
        "https://github.com/hashicorp/vault-plugin-database-snowflake/issues/159",
        (
            says(76, rf"{JWT}|fingerprint", _SUDDEN),
            says(84, r"rotat", r"\bkey|slot", r"fail|invalid|stop|old|overwr|both|two|same"),
            says(
                82,
                r"(?:key|slot) (?:was |is |gets |has been |been )?(?:replaced|overwritten)|old (?:private )?key|"
                r"two rotators",
            ),
        ),
    ),
    Cause(
        "public-key-rejected",
        "Snowflake refused the public key",
        "RSA_PUBLIC_KEY takes the middle lines of a PEM public key: one long text that begins with MII. A "
        "placeholder, a copy with a part missing, an ssh-rsa line, a private key "
        "or a fingerprint is refused.",
        (
            administrator(
                "Run the statement that this wizard prints, unchanged from the first letter to the semicolon.",
                "set_public_key",
            ),
            you(
                "If the file begins with ssh-rsa, make the right form of it:",
                command="ssh-keygen -e -m PKCS8 -f <KEY FILE>.pub",
            ),
        ),
        KEY_PAIR,
        (
            says(96, r"new public key rejected|public key rejected"),
            says(
                90,
                r"invalid (?:rsa )?public.?key|public key is (?:invalid|not valid)|provided public key|"
                + code("393000", "002152"),
            ),
            says(84, r"alter user|rsa_public_key", r"path/to|<public|placeholder|'?\.\.\.'?;|ey[a-z0-9]{8}"),
        ),
    ),
    Cause(
        "not-allowed-to-alter",
        "Your role may not change or look at this user",
        "Only a role that owns the user, or holds MODIFY PROGRAMMATIC AUTHENTICATION METHODS on it, may set "
        "its key. You can't set your own key without "
        "that right, so this is usually a job for an administrator.",
        (
            administrator(
                "Run this for the person who asks, after comparing the fingerprint with them.", "set_public_key"
            ),
            you(
                "Send your administrator the message that the page “Give Snowflake the public key” writes: the "
                "statement is in it, and who asks for it."
            ),
            you("If you have a stronger role, such as USERADMIN or SECURITYADMIN, switch to it first with USE ROLE."),
        ),
        ALTER_USER,
        (
            says(100, r"insufficient privileges to operate on user"),
            says(
                94,
                r"insufficient privileges|access control error|not authorized|permission|"
                + code(Code.PRIVILEGES_MISSING),
                r"alter user|rsa_public_key|desc user|describe user|operate on (?:the )?user",
            ),
            says(
                82,
                r"may not alter|can ?n[o']t (?:alter|set|change) (?:my|the|a) (?:own )?(?:user|public key)|"
                r"modify programmatic",
            ),
        ),
    ),
    Cause(
        "keypair-not-allowed",
        "A policy does not let this user log in with a key pair",
        "An authentication policy on the account or on the user lists the ways to log in. When KEYPAIR is "
        "not among them, a valid token is refused all the same.",
        (
            administrator(
                "Look which authentication policy holds for this user: its own, else the account's. Add KEYPAIR to "
                "those that it lists, with ALTER AUTHENTICATION POLICY … SET AUTHENTICATION_METHODS = (…);",
                "show_authentication_policies",
            ),
        ),
        AUTHENTICATION_POLICIES,
        (
            says(96, r"authentication policy|authentication_policy|" + code(Code.AUTHENTICATION_POLICY)),
            says(
                90,
                r"authentication method.{0,60}(?:not allowed|not permitted|disallowed|rejected|denied)|"
                r"authentication attempt rejected",
            ),
            says(84, r"key.?pair (?:authentication )?(?:is )?(?:not allowed|not permitted|disabled|not enabled)"),
        ),
    ),
    Cause(
        "identity-differs",
        "The login worked, but as somebody or somewhere else",
        "The session belongs to another user or account than the wizard was told. The login name may be "
        "that of another user, or the address may be an alias of "
        "another account.",
        (
            you("Compare NAME and LOGIN_NAME of the user you meant.", "describe_user"),
            you("If the names that the session shows are the ones you want, enter those.", step="user"),
        ),
        DESCRIBE_USER,
    ),
)
