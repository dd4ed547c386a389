"""Ranks the causes of a symptom that the wizard's own live test met.

Here much is known that is not known of a pasted text. The wizard built the token, so its shape, its capital letters,
its algorithm and the account in it are right, and what causes most such refusals elsewhere is ruled out. What is left
is decided by the journey: what DESC USER showed, whether the SQL has run, how far the clocks are apart.

Codes and their meaning: https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.cause import Fix
from wizard.diagnosis.guesses import connection, refusal, session, words
from wizard.diagnosis.guesses.guess import Guess, Guesses
from wizard.diagnosis.statements import fill, uuid_of
from wizard.diagnosis.symptom import Background, Finding, Symptom
from wizard.snowflake.codes import Code

_MOST = 5


def diagnose(symptom: Symptom, background: Background) -> tuple[Finding, ...]:
    """Return the causes of a failed check, most likely first: one at least, five at most, each once."""
    ranked = most_likely_first(_guesses(symptom, background))
    if not ranked:
        ranked = [Guess("answer-unexpected", _unknown_answer(symptom), 0)]
    findings = [_finding(guess, symptom, background) for guess in ranked[:_MOST]]
    if details := failure_details_fix(symptom):
        findings[0] = Finding(
            findings[0].cause, findings[0].because, findings[0].certain, (*findings[0].fixes, details)
        )
    return tuple(findings)


def most_likely_first(guesses: Iterable[Guess]) -> list[Guess]:
    """Return the strongest guess at each cause: what is certain before all that isn't, then by weight."""
    strongest: dict[str, Guess] = {}
    for guess in sorted(guesses, key=lambda guess: (not guess.certain, -guess.weight)):
        if guess.cause in CATALOGUE:
            strongest.setdefault(guess.cause, guess)
    return list(strongest.values())


def failure_details_fix(symptom: Symptom) -> Fix | None:
    """The statement that makes Snowflake tell the exact reason, when the refusal came with an id."""
    if symptom.code not in ("", Code.JWT_TOKEN_INVALID) or not uuid_of(symptom):
        return None
    fix = Fix(
        "Snowflake tells only administrators why it refused a token. Have this run, and paste the answer "
        "below: it names the cause.",
        "your Snowflake administrator",
        statement="failure_details",
    )
    return fill(fix, Background(), symptom)


def _finding(guess: Guess, symptom: Symptom, background: Background) -> Finding:
    cause = CATALOGUE[guess.cause]
    fixes = tuple(fill(fix, background, symptom) for fix in cause.fixes)
    return Finding(cause, guess.because, guess.certain, fixes)


def _guesses(symptom: Symptom, background: Background) -> Guesses:
    if (known := symptom.facts.get("cause", "")) in CATALOGUE:
        reason = symptom.facts.get("reason", "") or symptom.message.strip().partition("\n")[0]
        reason = reason if reason.endswith(".") else "The wizard's own check found it."
        yield Guess(known, reason, 100, certain=True)
        return
    yield from _KINDS.get(symptom.kind, refusal.answer)(symptom, background)


def _unknown_answer(symptom: Symptom) -> str:
    parts = [
        f"status {symptom.http_status}" if symptom.http_status else "",
        f"code {symptom.code}" if symptom.code else "",
    ]
    named = " and ".join(part for part in parts if part)
    return (
        f"The answer has {named}, which is in no table of this wizard."
        if named
        else "Nothing in it is known to this wizard."
    )


_KINDS: Mapping[str, Callable[[Symptom, Background], Guesses]] = MappingProxyType(
    {
        "key": words.key,
        "token": words.token,
        "name-not-found": connection.name_not_found,
        "address-refused": connection.address,
        "private-address": connection.address,
        "public-address": connection.public_address,
        "timeout": connection.no_connection,
        "refused": connection.no_connection,
        "reset": connection.no_connection,
        "cut": connection.no_connection,
        "certificate-issuer": connection.certificate_issuer,
        "certificate-name": connection.certificate_name,
        "tls": connection.tls,
        "clock": connection.clock,
        "answer": refusal.answer,
        "not-json": connection.not_json,
        "redirect": connection.redirect,
        "too-large": connection.too_large,
        "identity": session.identity,
        "role": session.role,
        "warehouse": session.warehouse,
    }
)
