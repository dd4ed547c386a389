"""Does Snowflake accept the token? The moment of truth, and nothing else: no role, no warehouse, no data."""

from __future__ import annotations

from wizard.checks.answer import Answer
from wizard.checks.network import Trouble
from wizard.checks.statements import run_statement
from wizard.checks.subject import Subject
from wizard.diagnosis.symptom import Symptom
from wizard.secret import Secret
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
STATEMENT = f"SELECT {', '.join(f'{function}()' for function in COLUMNS.values())}"
"""A constant: nothing that a person typed is ever in it. Context functions need no warehouse and no role."""

_IN_PROGRESS = "333334"
_SENTENCES = {
    "390144": "Snowflake refused the token. To us it does not say why; an administrator can look the reason up.",
    "390422": "Snowflake does not let this server in: a network policy does not list its address.",
    "390202": "Snowflake read the token, but an authentication policy does not allow this way to log in.",
    "390101": "Snowflake knows the user, and the user is disabled.",
    "390102": "Snowflake knows the user, and has locked it for a while after too many failed logins.",
    "394300": "Snowflake knows no user with this login name.",
    "394302": "Snowflake refused the token for the time at which it was signed.",
    "394303": "Snowflake says that the token has expired.",
    "394304": "Snowflake does not hold the public key that the token names for this user.",
    "394306": "Snowflake says that the token was not signed with the key that it names.",
    "394307": "Snowflake says that the token is for another account than the address.",
    "390186": "Snowflake accepted the token, but the user may not use the role that the session begins with.",
    "390189": "Snowflake accepted the token, but the role that the session begins with does not exist for this user.",
    "390303": "Snowflake read the token as one of OAuth, and refused it.",
    "390318": "Snowflake says that the token has expired.",
    "390505": "Snowflake is busy: it answered “too many requests”, and asks to be left alone for a while.",
}
"""What Snowflake's commonest refusals mean, in a sentence. The causes are the diagnosis's business."""


def check(subject: Subject, earlier: tuple[Answer, ...]) -> Answer:  # noqa: ARG001
    """Send the token and the smallest statement there is."""
    token = good_token(subject, NAME)
    if isinstance(token, Answer):
        return token
    try:
        accepted = run_statement(subject.network, subject.endpoint, token, STATEMENT)
    except Trouble as trouble:
        sentence = _SENTENCES.get(trouble.code, trouble.sentence)
        return Answer(NAME, "failed", sentence, trouble.words, symptom=trouble.symptom)
    facts = {"authenticated": "yes"}
    if accepted.lacking == "warehouse":
        facts["lacking"] = "warehouse"
        sentence = "Snowflake accepted the token. It wants a warehouse before it runs even the smallest statement."
        return Answer(NAME, "passed", sentence, accepted.words, facts=facts)
    if accepted.lacking == "time":
        facts["lacking"] = "time"
        sentence = (
            "Snowflake accepted the token, but did not finish even the smallest statement in time. Run the test again."
        )
        symptom = Symptom("answer", _IN_PROGRESS, message=accepted.words, facts={"cause": "snowflake-unavailable"})
        return Answer(NAME, "failed", sentence, accepted.words, symptom=symptom, facts=facts)
    facts |= {name: accepted.value(function, place) for place, (name, function) in enumerate(COLUMNS.items())}
    again = f" It took {accepted.tries} requests." if accepted.tries > 1 else ""
    sentence = f"Snowflake accepted the token: you are {facts.get('user') or 'logged in'}.{again}"
    return Answer(NAME, "passed", sentence, accepted.words, facts=facts)


def good_token(subject: Subject, name: str) -> Secret | Answer:
    """The token to send, or a failed answer when it isn't this login's, or is past its time.

    This is what keeps the relay from being a proxy: only a token that the journey's own key has signed, for the
    journey's own user and account, and for at most two minutes, ever leaves.
    """
    try:
        return check_token(subject.token, subject.login, int(subject.network.now() + subject.snowflake_ahead))
    except TokenProblem as problem:
        facts = {"cause": problem.cause} if problem.cause else {}
        sentence = f"{problem.message} {problem.fix}".strip()
        return Answer(name, "failed", sentence, symptom=Symptom("token", message=problem.message, facts=facts))
