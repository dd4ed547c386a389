"""The signed token: its shape, its signature, its times and the clocks behind them."""

from __future__ import annotations

from wizard.diagnosis.catalogue.words import JWT, SQL_API, TROUBLESHOOTING
from wizard.diagnosis.cause import Cause, code, operator, says, you
from wizard.snowflake.codes import Code

_BURST = (
    r"parallel|concurren|many (?:threads|logins|connections)|multi-?thread|burst|throttl|503|under load|"
    r"retr(?:y|ied|ies)"
)

CAUSES = (
    Cause(
        "signature-broken",
        "The signature of the token does not fit the key",
        "The token names the fingerprint of a key that Snowflake knows, but it was signed with another "
        "private key, or was changed afterwards.",
        (
            you(
                "Sign with the private key of the very pair whose fingerprint stands in the token. Open its "
                "file for the test again."
            ),
            you("If the token is copied by hand, copy it whole: three parts with two dots, no blanks or line ends."),
        ),
        TROUBLESHOOTING,
        (
            says(100, code(Code.JWT_TOKEN_INVALID_SIGNATURE) + r"|jwt_token_invalid_signature"),
            says(
                84,
                r"signature (?:verification|does|did|mismatch|is (?:invalid|wrong)|invalid|failed)|"
                r"invalid signature|bad signature",
            ),
        ),
    ),
    Cause(
        "token-malformed",
        "What arrived is not a complete token",
        "Snowflake got an empty token, a part of one, or one without its times or signed by another method "
        "than RS256. This is a slip of the program that builds the token.",
        (
            you("Update the tool, or look at the step before: signing may have failed, and the empty result was sent."),
            operator(
                "When this comes from the wizard's own test, report it with the words above: the wizard's "
                "token should never look like this."
            ),
        ),
        "https://github.com/rinsed-org/rb-snowflake-client/pull/188",
        (
            says(106, r"jwt token is invalid\.? ?null"),
            says(
                100,
                code(
                    Code.JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME,
                    Code.JWT_TOKEN_INVALID_ALGORITHM,
                    Code.PAYLOAD_UNREADABLE,
                )
                + r"|jwt_token_missing|jwt_token_invalid_algorithm",
            ),
            says(
                92,
                r"bearer (?:\"\"|null|none|undefined|token is (?:empty|missing))|empty (?:bearer|token|jwt)|"
                r"token is (?:empty|null)|(?:missing|no) (?:bearer )?token\b",
            ),
            says(
                90,
                r"jwt malformed|malformed (?:jwt|token)|not enough segments|algorithm (?:not|mismatch)|"
                r"wrong algorithm|hs256|could not sign",
            ),
            says(80, r"unsupported accept header|valid payload|" + code(Code.ACCEPT_UNSUPPORTED)),
            says(64, r"invalid oauth access token|" + code(Code.OAUTH_TOKEN_INVALID)),
        ),
    ),
    Cause(
        "token-expired",
        "The token is past its time",
        "A login token is good for a short time, one hour at most. It is signed anew for every login. A "
        "token that waits in a queue, in a cache or behind a slow proxy is refused.",
        (
            you(
                "Sign a new token for each attempt, also for a retry. Update the driver: older ones sent "
                "the same token again."
            ),
            you(
                "When the program builds its own token, set exp to a few minutes after iat, never more than "
                "an hour, in seconds."
            ),
        ),
        SQL_API,
        (
            says(
                100,
                code(Code.JWT_TOKEN_INVALID_EXPIRATION_TIME, Code.OAUTH_TOKEN_EXPIRED, Code.KEYPAIR_TOKEN_EXPIRED)
                + r"|jwt_token_invalid_expiration_time",
            ),
            says(
                94,
                r"(?:jwt|access token|keypair access token|keypair token|token)(?: has| is)? expired|expired (?:jwt|"
                r"token)|expirationtime|\bexp\b claim",
                unless=(r"must authenticate again|id token|session",),
            ),
            says(90, r"invalid oauth access token|" + code(Code.OAUTH_TOKEN_INVALID)),
            says(66, JWT, _BURST),
            says(64, JWT, r"after (?:an hour|1 ?h|\d{1,3} ?(?:min|hours?|h\b))|long.running|eventually|expir"),
            says(57, JWT, r"intermittent|sometimes|sporadic|occasional|random"),
        ),
    ),
    Cause(
        "clock-skew",
        "The clock of the machine that signs is wrong",
        "The token says when it was made. Snowflake compares this with its own clock, and a minute of "
        "difference is enough for a login to be refused.",
        (
            you(
                "Set the clock of the machine that signs the token, and let it follow a time server. Check "
                "the time zone of containers and virtual machines that were asleep."
            ),
            operator(
                "When it is this server's clock, start its time service, for instance chrony or systemd-timesyncd."
            ),
        ),
        TROUBLESHOOTING,
        (
            says(100, code(Code.JWT_TOKEN_INVALID_ISSUE_TIME) + r"|jwt_token_invalid_issue_time"),
            says(
                92,
                r"clock|time ?skew|\bntp\b|system time|time (?:is )?out of sync|issued in the future|not yet valid|"
                r"immature",
                unless=(r"o'clock",),
            ),
            says(65, JWT, _BURST),
            says(56, JWT, r"intermittent|sometimes|sporadic|occasional|random"),
            says(60, JWT, r"docker|virtual machine|\bvm\b|wsl|time ?zone|utc"),
        ),
    ),
)
