"""What happens around a login: sessions that end, Snowflake being busy, answers nobody expected."""

from __future__ import annotations

from wizard.diagnosis.catalogue.words import SQL_API_REFERENCE
from wizard.diagnosis.cause import Cause, code, operator, says, you
from wizard.snowflake.codes import Code

CAUSES = (
    Cause(
        "session-expired",
        "The session has ended, not the key",
        "After a login the tool works with a session, which Snowflake ends after about four hours without "
        "use. The key pair is still good: a new login is all it takes.",
        (
            you(
                "Let the tool connect again. For long pauses set CLIENT_SESSION_KEEP_ALIVE to true, or have "
                "the pool test connections before using them."
            ),
        ),
        "https://docs.snowflake.com/en/user-guide/session-policies",
        (
            says(
                108,
                code(
                    Code.MASTER_TOKEN_EXPIRED,
                    Code.SESSION_EXPIRED,
                    Code.SESSION_GONE,
                    Code.MASTER_TOKEN_UNKNOWN,
                    Code.SESSION_UNKNOWN,
                ),
            ),
            says(
                106,
                r"authentication token has expired|must authenticate again|session no longer exists|master token|"
                r"session token|session (?:has )?(?:expired|timed out|gone)|new login required",
            ),
        ),
    ),
    Cause(
        "rate-limited",
        "Snowflake asks to slow down",
        "Too many requests came in a short time, and the tries of the test were not enough to wait it out. "
        "This says nothing about the key.",
        (you("Wait some minutes and test again. When it goes on, let the tool open fewer connections at once."),),
        SQL_API_REFERENCE,
        (
            says(98, code(Code.TOO_MANY_REQUESTS)),
            says(92, r"too many requests|rate.?limit|(?<![0-9])429(?![0-9])"),
            says(60, r"throttl"),
        ),
    ),
    Cause(
        "snowflake-unavailable",
        "Snowflake could not answer",
        "The service, or a gateway in front of it, was not able to deal with the request. This says nothing "
        "about the key.",
        (you("Wait some minutes and test again. Snowflake tells about disturbances at https://status.snowflake.com"),),
        SQL_API_REFERENCE,
        (
            says(
                90,
                r"service (?:is )?(?:temporarily )?unavailable|bad gateway|gateway time-?out|internal server error|"
                r"http:? ?(?:code:? ?|status:? ?|error:? ?)?5\d\d\b|(?<![0-9])(?:502|503|504) (?:server error|"
                r"service|bad|gateway)|temporarily unavailable",
            ),
            says(84, code(Code.STATEMENT_TIMED_OUT, "290503", "290500", "290502", "290504")),
        ),
    ),
    Cause(
        "answer-unexpected",
        "Snowflake gave an answer that the wizard does not know",
        "The connection reached Snowflake, and the answer carries a code that is in no table of ours. Its "
        "own words are the best hint there is.",
        (
            you("Read Snowflake's words below the row, and look the code up in its documentation."),
            operator(
                "When it comes back, report it to the makers of this wizard with code and words, and without any key."
            ),
        ),
        SQL_API_REFERENCE,
    ),
)
