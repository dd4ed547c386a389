"""Does Snowflake accept the token? The moment of truth, and nothing else: no warehouse, no data, and no role.

But for a named key pair that is restricted to one: such a key is good only for who asks for that role, and in the SQL
API that means to send it. https://docs.snowflake.com/en/sql-reference/sql/alter-user-add-key-pair says so of "the role
requested"; that it is this field of the request is our reading (autumn 2026).
"""

from __future__ import annotations

from dataclasses import replace

from wizard.checks.attempt import Attempt
from wizard.checks.network import Trouble
from wizard.checks.row import Row
from wizard.checks.statements import run_statement
from wizard.diagnosis.symptom import Symptom
from wizard.secret import Secret
from wizard.snowflake.codes import Code, meaning_of
from wizard.snowflake.token import TokenProblem, check_token

NAME = "login"
TITLE = "The login"

COLUMNS = {
    "user": "CURRENT_USER",
    "role": "CURRENT_ROLE",
    "account": "CURRENT_ACCOUNT_NAME",
    "organization": "CURRENT_ORGANIZATION_NAME",
    "region": "CURRENT_REGION",
    "warehouse": "CURRENT_WAREHOUSE",
    "version": "CURRENT_VERSION",
    "locator": "CURRENT_ACCOUNT",
}
ROLE_REFUSED = frozenset({Code.ROLE_NOT_GRANTED, Code.ROLE_UNKNOWN})
STATEMENT = f"SELECT {', '.join(f'{function}()' for function in COLUMNS.values())}"
"""A constant: nothing that a person typed is ever in it. Context functions need no warehouse and no role."""


def check(attempt: Attempt, earlier: tuple[Row, ...]) -> Row:  # noqa: ARG001
    """Send the token and the smallest statement there is."""
    token = good_token(attempt, NAME)
    if isinstance(token, Row):
        return token
    try:
        accepted = run_statement(attempt.network, attempt.endpoint, token, STATEMENT, role=attempt.restricted_to)
    except Trouble as trouble:
        if attempt.restricted_to and trouble.code in ROLE_REFUSED:
            return _role_refused(trouble, attempt.restricted_to)
        return Row(NAME, "failed", meaning_of(trouble.code) or trouble.sentence, trouble.words, symptom=trouble.symptom)
    facts = {"authenticated": "yes"}
    if accepted.lacking == "warehouse":
        facts["lacking"] = "warehouse"
        sentence = "Snowflake accepted the token. It wants a warehouse before it runs even the smallest statement."
        return Row(NAME, "passed", sentence, accepted.words, facts=facts)
    if accepted.lacking == "time":
        facts["lacking"] = "time"
        sentence = (
            "Snowflake accepted the token, but did not finish even the smallest statement in time. Run the test again."
        )
        symptom = Symptom("answer", Code.IN_PROGRESS, message=accepted.words, facts={"cause": "snowflake-unavailable"})
        return Row(NAME, "failed", sentence, accepted.words, symptom=symptom, facts=facts)
    facts |= {name: accepted.value(function, place) for place, (name, function) in enumerate(COLUMNS.items())}
    alone = f", with the one role of this key pair, {attempt.restricted_to}" if attempt.restricted_to else ""
    again = f" It took {accepted.tries} requests." if accepted.tries > 1 else ""
    sentence = f"Snowflake accepted the token: you are {facts.get('user') or 'logged in'}{alone}.{again}"
    return Row(NAME, "passed", sentence, accepted.words, facts=facts)


def _role_refused(trouble: Trouble, role: str) -> Row:
    sentence = (
        f"Snowflake did not let this key in with the role {role}, the only one that its key pair allows: the user does "
        "not have that role, or the key pair is restricted to another one."
    )
    symptom = replace(trouble.symptom, facts={**trouble.symptom.facts, "role": role})
    return Row(NAME, "failed", sentence, trouble.words, symptom=symptom)


def good_token(attempt: Attempt, name: str) -> Secret | Row:
    """The token to send, or a failed row when it isn't this login's, or is past its time.

    This is what keeps the relay from being a proxy: only a token that the journey's own key has signed, for the
    journey's own user and account, and for at most two minutes, ever leaves.
    """
    try:
        return check_token(attempt.token, attempt.login, int(attempt.network.now() + attempt.snowflake_ahead))
    except TokenProblem as problem:
        facts = {"cause": problem.cause} if problem.cause else {}
        sentence = f"{problem.message} {problem.fix}".strip()
        return Row(name, "failed", sentence, symptom=Symptom("token", message=problem.message, facts=facts))
