"""Does the private key open, and is it the pair of the public key in the journey? Before any request leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from wizard.checks.row import Row
from wizard.diagnosis.probes import PROBE_NAMED, tried_by_probes
from wizard.diagnosis.symptom import Symptom
from wizard.problem import Problem
from wizard.secret import Secret
from wizard.snowflake.account import Account
from wizard.snowflake.key import KeyProblem, OpenedKey, open_private_key
from wizard.snowflake.login import Login
from wizard.snowflake.token import TokenProblem, check_token, sign_token

NAME = "key"
TITLE = "The private key"
_NO_OTHERS: Mapping[str, Secret] = MappingProxyType({})


class Signed(NamedTuple):
    """The row of the check, and the token that was signed, ``None`` where it failed. ``others`` are those of the probes
    that may follow, by their names.
    """

    row: Row
    token: Secret | None = None
    others: Mapping[str, Secret] = _NO_OTHERS


def check_key(data: bytes, passphrase: Secret, login: Login, now: float, names: Sequence[str] = ()) -> Signed:
    """Open the key, compare it with the journey's, sign one token of 60 seconds, forget the key.

    One more is signed for each probe that has another login to try, which depends on the ``names`` that the user may
    sign in by. ``now`` is in Unix seconds.
    """
    try:
        opened = open_private_key(data, passphrase)
    except KeyProblem as problem:
        return Signed(unusable(problem))
    if opened.public.fingerprint != login.key.fingerprint:
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
        return Signed(_failed(sentence, words, symptom))
    return _signed(opened, login, now, names, "The private key opens, and it is the pair of your public key.")


def check_key_alone(
    data: bytes, passphrase: Secret, account: Account, name: str, now: float, names: Sequence[str] = ()
) -> tuple[Login, Signed]:
    """Open a key that nothing is known of, and sign a token of 60 seconds for ``name`` (LOGIN_NAME) with it.

    Returns the login that this makes, and what was signed, as :func:`check_key` does. Raises :class:`KeyProblem`, of
    which :func:`unusable` makes a row. ``now`` is in Unix seconds.
    """
    opened = open_private_key(data, passphrase)
    login = Login(account, name, opened.public)
    return login, _signed(opened, login, now, names, "The private key opens.")


def unusable(problem: Problem) -> Row:
    """The row of a key that can't be used."""
    facts = {"cause": problem.cause} if problem.cause else {}
    sentence = f"{problem.message} {problem.fix}".strip()
    return _failed(sentence, problem.command, Symptom("key", message=problem.message, facts=facts))


def _signed(opened: OpenedKey, login: Login, now: float, names: Sequence[str], sentence: str) -> Signed:
    token = sign_token(login, opened.private, int(now))
    others = {
        name: sign_token(tried, opened.private, int(now))
        for name, tried in tried_by_probes(login, names).items()
        if PROBE_NAMED[name].own_token
    }
    many = "One token was signed" if not others else f"{len(others) + 1} tokens were signed, in case one is refused"
    words = "\n".join((login.key.fingerprint, *opened.notes))
    facts = {"signed_by": "server", "key_form": opened.form}
    return Signed(Row(NAME, "passed", f"{sentence} {many}; the key is forgotten.", words, facts=facts), token, others)


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
