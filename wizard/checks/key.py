"""Does the private key open, and is it the pair of the public key in the journey? Before any request leaves."""

from __future__ import annotations

from wizard.checks.row import Row
from wizard.diagnosis.symptom import Symptom
from wizard.problem import Problem
from wizard.secret import Secret
from wizard.snowflake.account import Account
from wizard.snowflake.key import KeyProblem, OpenedKey, open_private_key
from wizard.snowflake.login import Login
from wizard.snowflake.token import TokenProblem, check_token, sign_token

NAME = "key"
TITLE = "The private key"


def check_key(data: bytes, passphrase: Secret, login: Login, now: float) -> tuple[Row, Secret | None]:
    """Open the key, compare it with the journey's, sign one token of 60 seconds, forget the key.

    Returns the row, and the token when the check passed. ``now`` is in Unix seconds.
    """
    try:
        opened = open_private_key(data, passphrase)
    except KeyProblem as problem:
        return unusable(problem), None
    if opened.public.der != login.key.der:
        sentence = (
            "This private key opens, but it is not the pair of the public key you gave in the step before. "
            "Choose the file that was made together with it, or go back and register this one."
        )
        words = f"This key:      {opened.public.fingerprint}\nExpected key:  {login.key.fingerprint}"
        symptom = Symptom(
            "key",
            message="The private key is not the pair of the public key.",
            facts={
                "cause": "key-mismatch",
                "reason": "The private key you opened belongs to another public key than the one in this walk.",
            },
        )
        return _failed(sentence, words, symptom), None
    sentence = (
        "The private key opens, and it is the pair of your public key. One token was signed; the key is forgotten."
    )
    return _signed(opened, login, now, sentence)


def check_key_alone(
    data: bytes, passphrase: Secret, account: Account, name: str, now: float
) -> tuple[Row, Login, Secret]:
    """Open a key that nothing is known of, and sign a token of 60 seconds for ``name`` (LOGIN_NAME) with it.

    Returns the row, the login that this makes, and the token. Raises :class:`KeyProblem`, of which :func:`unusable`
    makes a row. ``now`` is in Unix seconds.
    """
    opened = open_private_key(data, passphrase)
    login = Login(account, name, opened.public)
    row, token = _signed(opened, login, now, "The private key opens. One token was signed; the key is forgotten.")
    return row, login, token


def unusable(problem: Problem) -> Row:
    """The row of a key that can't be used."""
    facts = {"cause": problem.cause} if problem.cause else {}
    sentence = f"{problem.message} {problem.fix}".strip()
    return _failed(sentence, problem.command, Symptom("key", message=problem.message, facts=facts))


def _signed(opened: OpenedKey, login: Login, now: float, sentence: str) -> tuple[Row, Secret]:
    token = sign_token(login, opened.private, int(now))
    words = "\n".join((login.key.fingerprint, *opened.notes))
    return Row(NAME, "passed", sentence, words, facts={"signed_by": "server", "key_form": opened.form}), token


def check_given_token(token: Secret, login: Login, now: float, *, signed_by: str = "person") -> Row:
    """Judge a token signed elsewhere: in the browser (``signed_by="browser"``) or by the person's own tools."""
    try:
        check_token(token, login, int(now))
    except TokenProblem as problem:
        facts = {"cause": problem.cause} if problem.cause else {}
        symptom = Symptom("token", message=problem.message, facts=facts)
        return _failed(f"{problem.message} {problem.fix}".strip(), "", symptom).without(token)
    where = "in your browser; the private key never left it" if signed_by == "browser" else "by your own tools"
    return Row(
        NAME,
        "passed",
        f"The token was signed with the private key that belongs to your public key, {where}.",
        login.key.fingerprint,
        facts={"signed_by": signed_by},
    )


def _failed(sentence: str, words: str, symptom: Symptom) -> Row:
    return Row(NAME, "failed", sentence, words, symptom=symptom)
