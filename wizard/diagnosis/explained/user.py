"""The user in Snowflake: whether it is there, may log in, and holds this key."""

from __future__ import annotations

from wizard.diagnosis.explained.explanation import (
    EVERY_CLIENT,
    LOGIN_FAILURE,
    SAME_ANSWER,
    Explanation,
    says,
    unlike,
)

_WORKSHEET = "A worksheet"
_KEY_IN_DESC_USER = "DESC USER shows RSA_PUBLIC_KEY_FP as null."

EXPLAINED = {
    "user-unknown": Explanation(
        (
            unlike("login-name-differs", "DESC USER finds the user, and its LOGIN_NAME is another one than its NAME."),
            unlike("account-mismatch", "The look-up says 394307: the token went to another account."),
            unlike("key-not-registered", _KEY_IN_DESC_USER + " Then the user is there."),
        ),
        "Copy LOGIN_NAME from DESC USER into the tool. In the login history such a try has no user name.",
        (
            *says(EVERY_CLIENT, SAME_ANSWER),
            *says(LOGIN_FAILURE, "394300 JWT_TOKEN_INVALID_USER_IN_ISSUER"),
            *says(_WORKSHEET, "User '<USER>' does not exist or not authorized."),
        ),
    ),
    "user-empty": Explanation(
        (
            unlike("config-section-missing", "The message names a connection that it can't find."),
            unlike("account-empty", "The message speaks of the account."),
            unlike("keypair-mode-off", "The message speaks of the password: the user is there."),
        ),
        "Let the start of the program end with a sentence that names the variable when it is not set.",
        (
            *says("Python connector", "251005: User is empty"),
            *says("Go", "260001: user is empty"),
        ),
    ),
    "login-name-differs": Explanation(
        (
            unlike("user-unknown", "DESC USER finds no user of that name, or NAME and LOGIN_NAME are the same."),
            unlike("key-not-registered", _KEY_IN_DESC_USER),
        ),
        "Use LOGIN_NAME in every tool, and NAME in SQL. For service users, keep both the same.",
        (
            *says(EVERY_CLIENT, SAME_ANSWER),
            *says(LOGIN_FAILURE, "394300 JWT_TOKEN_INVALID_USER_IN_ISSUER"),
        ),
    ),
    "user-case": Explanation(
        (
            unlike("account-region-in-claim", "The account of the token has a dot, whatever its letters."),
            unlike("user-unknown", "The token is in capital letters already, and the look-up says 394300."),
        ),
        "Let a driver sign. Code of your own turns account and user into capital letters in one place.",
        (*says(EVERY_CLIENT, SAME_ANSWER),),
    ),
    "user-disabled": Explanation(
        (
            unlike("user-locked", "DESC USER shows DISABLED as false. A lock ends by itself."),
            unlike("user-expired", "DESC USER shows DAYS_TO_EXPIRY as 0 or less."),
            unlike("key-pair-disabled", "DESC USER shows DISABLED as false; SHOW USER KEY PAIRS shows the state."),
        ),
        "Before a user is disabled, look in the login history for what still uses it.",
        (*says(EVERY_CLIENT, "390101 (08004): User access disabled. Contact your local system administrator."),),
    ),
    "user-locked": Explanation(
        (
            unlike("user-disabled", "DESC USER shows DISABLED as true. Waiting does not help then."),
            unlike("rate-limited", "The answer has the status 429 or the code 390505."),
        ),
        "Let a tool stop after two refused logins, instead of trying again and again.",
        (
            *says(
                EVERY_CLIENT,
                "Your user account has been temporarily locked due to too many failed attempts.",
            ),
        ),
    ),
    "user-expired": Explanation(
        (
            unlike("user-disabled", "DESC USER shows DISABLED as true."),
            unlike("key-pair-expired", "DESC USER shows no DAYS_TO_EXPIRY; a named key pair has its own end."),
        ),
        "Give service users no end, and their keys a date to rotate.",
        (*says("DESC USER", "DAYS_TO_EXPIRY   0"),),
    ),
    "key-mismatch": Explanation(
        (
            unlike("key-not-registered", _KEY_IN_DESC_USER),
            unlike("signature-broken", "The look-up says 394306: the fingerprint is right, and the signature is not."),
            unlike("key-replaced", "It worked before, and RSA_PUBLIC_KEY_LAST_SET_TIME is later than that."),
            unlike("account-region-in-claim", "The account in the token has a dot. Driver programs cut it off."),
            unlike("key-pair-disabled", "SHOW USER KEY PAIRS lists this fingerprint, as DISABLED."),
        ),
        "Read the fingerprint, or its six words, to each other whenever a key is handed on.",
        (
            *says(EVERY_CLIENT, SAME_ANSWER),
            *says(LOGIN_FAILURE, "394304 JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH"),
        ),
        ("https://github.com/snowflakedb/snowflake-jdbc/issues/595",),
    ),
    "key-not-registered": Explanation(
        (
            unlike("key-mismatch", "DESC USER shows a fingerprint, and it is not that of your key."),
            unlike("user-unknown", "DESC USER finds no such user."),
            unlike("login-name-differs", "DESC USER shows your fingerprint, and a LOGIN_NAME that is not the NAME."),
        ),
        "Look at DESC USER once the statement has run, in the account that the tool uses.",
        (
            *says(EVERY_CLIENT, SAME_ANSWER),
            *says("DESC USER", "RSA_PUBLIC_KEY_FP   null"),
        ),
    ),
    "key-pair-disabled": Explanation(
        (
            unlike("key-pair-expired", "SHOW USER KEY PAIRS shows the status EXPIRED, or expires_at in the past."),
            unlike("key-mismatch", "SHOW USER KEY PAIRS and DESC USER hold no such fingerprint."),
            unlike("user-disabled", "DESC USER shows DISABLED as true: then no key of the user works."),
        ),
        "Write into the comment of a named key pair who uses it: that is what is read before somebody disables it.",
        (
            *says(EVERY_CLIENT, SAME_ANSWER),
            *says("SHOW USER KEY PAIRS", "status   DISABLED"),
        ),
    ),
    "key-pair-expired": Explanation(
        (
            unlike("key-pair-disabled", "SHOW USER KEY PAIRS shows the status DISABLED: it can be enabled again."),
            unlike("key-mismatch", "SHOW USER KEY PAIRS and DESC USER hold no such fingerprint."),
            unlike("key-replaced", "The key was in one of the two slots, which have no end."),
        ),
        "Note the day in expires_at in a calendar, and rotate while the old pair still works.",
        (
            *says(EVERY_CLIENT, SAME_ANSWER),
            *says("SHOW USER KEY PAIRS", "status   EXPIRED"),
        ),
    ),
    "key-replaced": Explanation(
        (
            unlike("key-mismatch", "It never worked with this key."),
            unlike("clock-skew", "It comes and goes within minutes, with no new key on the user."),
            unlike("key-pair-expired", "SHOW USER KEY PAIRS shows the pair as EXPIRED."),
        ),
        "One user for each program. Rotate with the empty slot: new key in, programs switched over, old key out.",
        (*says(EVERY_CLIENT, SAME_ANSWER),),
        ("https://docs.snowflake.com/en/user-guide/key-pair-auth",),
    ),
    "public-key-rejected": Explanation(
        (
            unlike("not-allowed-to-alter", "The message speaks of privileges, and not of the key."),
            unlike("key-too-short", "The message names a length, such as 1024."),
            unlike("key-openssh", "The value begins with ssh-rsa."),
            unlike("key-is-private", "The value begins with MIIE, and not with MIIBI or MIICI: it is the private key."),
        ),
        "Copy the whole statement with the button, and never retype a key.",
        (*says(_WORKSHEET, "New public key rejected by current policy. Reason: 'Invalid Public key'"),),
    ),
    "not-allowed-to-alter": Explanation(
        (
            unlike("user-unknown", "With a role that owns the user, the message stays: then there is no such user."),
            unlike("public-key-rejected", "The message speaks of the key, and not of privileges."),
        ),
        "Have the right granted once, to the role that looks after service users: MODIFY PROGRAMMATIC AUTHENTICATION "
        "METHODS.",
        (
            *says(
                _WORKSHEET,
                "003001 (42501): SQL access control error: Insufficient privileges to operate on user '<USER>'",
            ),
        ),
    ),
    "keypair-not-allowed": Explanation(
        (
            unlike("keypair-mode-off", "The tool speaks of a password or of MFA: it did not use the key at all."),
            unlike("network-policy", "The message names an address."),
        ),
        "Before a policy is tightened, look in the login history for RSA_KEYPAIR as first_authentication_factor.",
        (*says(EVERY_CLIENT, "Authentication attempt rejected by the current authentication policy."),),
    ),
    "identity-differs": Explanation(
        (
            unlike("login-name-differs", "The login is refused. Here it works, as somebody else."),
            unlike("account-mismatch", "The login is refused with 394307."),
        ),
        "Keep NAME and LOGIN_NAME of a service user the same.",
        (*says("SELECT CURRENT_USER()", "another name than the one in the settings"),),
    ),
}
