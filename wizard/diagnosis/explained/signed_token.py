"""The signed token: its shape, its signature, its times and the clocks behind them."""

from __future__ import annotations

from wizard.diagnosis.explained.explanation import (
    EVERY_CLIENT,
    LOGIN_FAILURE,
    SAME_ANSWER,
    Explanation,
    says,
    unlike,
)

_SQL_API = "The SQL API"

EXPLAINED = {
    "signature-broken": Explanation(
        (
            unlike("key-mismatch", "The look-up says 394304: the user does not hold the key that the token names."),
            unlike("token-malformed", "The token has not three parts, or its algorithm is not RS256."),
        ),
        "Compute the fingerprint from the private key that signs, and never keep it in a setting of its own.",
        (
            *says(EVERY_CLIENT, SAME_ANSWER),
            *says(LOGIN_FAILURE, "394306 JWT_TOKEN_INVALID_SIGNATURE"),
        ),
    ),
    "token-malformed": Explanation(
        (
            unlike("token-expired", "The answer says expired."),
            unlike("signature-broken", "The look-up says 394306."),
            unlike("keypair-mode-off", "The answer speaks of OAuth: the header that says KEYPAIR_JWT is missing."),
        ),
        "Let a driver sign. Code of your own checks that signing gave three parts before it sends them.",
        (
            *says(_SQL_API, "JWT token is invalid. null"),
            *says(LOGIN_FAILURE, "394301 JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME"),
            *says(LOGIN_FAILURE, "394305 JWT_TOKEN_INVALID_ALGORITHM"),
        ),
    ),
    "token-expired": Explanation(
        (
            unlike("clock-skew", "A token that was signed this second is refused as well."),
            unlike("session-expired", "The login worked, and the code is 390114, 390112 or 390111."),
            unlike("token-malformed", "The token has no exp, or one in milliseconds where seconds are meant."),
        ),
        "Sign for each login, and again for each retry.",
        (
            *says(_SQL_API, '{"code": "390198", "message": "Keypair access token expired."}'),
            *says(_SQL_API, "390318: OAuth access token expired."),
            *says(LOGIN_FAILURE, "394303 JWT_TOKEN_INVALID_EXPIRATION_TIME"),
        ),
        ("https://github.com/snowflakedb/snowflake-connector-python/pull/919",),
    ),
    "clock-skew": Explanation(
        (
            unlike("token-expired", "The clock is right, and the token is older than its time."),
            unlike("key-mismatch", "The look-up says 394304."),
            unlike("key-replaced", "A key was set on the user since it last worked."),
        ),
        "Let every machine that signs follow a time server, and look at the clock of virtual machines that slept.",
        (
            *says(EVERY_CLIENT, SAME_ANSWER),
            *says(LOGIN_FAILURE, "394302 JWT_TOKEN_INVALID_ISSUE_TIME"),
        ),
    ),
}
