"""What happens around a login: sessions that end, Snowflake being busy, answers nobody expected."""

from __future__ import annotations

from wizard.diagnosis.explained.explanation import EVERY_CLIENT, Explanation, says, unlike

EXPLAINED = {
    "session-expired": Explanation(
        (
            unlike("token-expired", "The login itself is refused, with 394303, 390198 or 390318."),
            unlike("keypair-mode-off", "A new login fails as well, and the message speaks of a password."),
        ),
        "Let the pool test connections before it hands them out.",
        (
            *says(
                EVERY_CLIENT,
                "390114: Authentication token has expired. The user must authenticate again.",
                "390111: Session no longer exists. New login required to access the service.",
            ),
        ),
    ),
    "rate-limited": Explanation(
        (
            unlike("user-locked", "The message says that the user is locked."),
            unlike("snowflake-unavailable", "The status is 500 or more."),
        ),
        "Share one connection, and wait longer after each refusal.",
        (*says("The SQL API", '429 {"code": "390505", "message": "Too many requests"}'),),
    ),
    "snowflake-unavailable": Explanation(
        (
            unlike("rate-limited", "The status is 429."),
            unlike("connection-blocked", "There is no status at all: nothing answered."),
            unlike("proxy-page", "The page that comes with the status names a proxy or a company."),
        ),
        "Let jobs try again after some minutes, and subscribe to https://status.snowflake.com.",
        (*says(EVERY_CLIENT, "503 Service Unavailable"),),
    ),
    "answer-unexpected": Explanation(
        (unlike("proxy-page", "The answer is a web page, and not JSON."),),
        "Keep the wizard up to date: its tables of codes grow.",
    ),
}
