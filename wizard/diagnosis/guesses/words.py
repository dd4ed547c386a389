"""Guesses from the words of a program, for what failed before anything was sent."""

from __future__ import annotations

from wizard.diagnosis.guesses.guess import Guess, Guesses
from wizard.diagnosis.recognise import scores
from wizard.diagnosis.symptom import Background, Symptom

# What the wizard's own token can't have wrong, so it is never an answer to the wizard's own test.
_RULED_OUT = frozenset({"account-region-in-claim", "account-dot-form", "account-url-pasted", "user-case"})


def key(symptom: Symptom, _background: Background) -> Guesses:
    yield from by_words(symptom, "The private key could not be used, and these words say how.")
    yield Guess("key-mismatch", "The private key is not the pair of the public key of this journey.", 1)


def token(symptom: Symptom, _background: Background) -> Guesses:
    yield from by_words(symptom, "The token was not accepted by the wizard's own check.")
    yield Guess("token-malformed", "The token that was handed in is not the one the wizard asked for.", 1)


def by_words(symptom: Symptom, because: str) -> Guesses:
    for cause, score in scores(f"{symptom.code} {symptom.message}"):
        if score >= 50 and cause not in _RULED_OUT:
            yield Guess(cause, because, min(int(score), 95))
