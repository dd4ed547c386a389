"""What a program said: by its sentences, and in the last resort by common words."""

from __future__ import annotations

from typing import Final

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.opinion import Opinion, Opinions
from wizard.diagnosis.sentences import SENTENCES

_LEAST: Final = 50
"""How strongly words have to speak before the wizard's own test listens to them."""

_NAMES_IT: Final = 104
"""How strongly words have to speak where a sentence is known: that is worth more than any words around it."""


def known(evidence: Evidence) -> Opinions:
    """What a check has named already."""
    for cause in evidence.all("known-cause"):
        if cause.value in CATALOGUE:
            reason = evidence.get("reason") or evidence.get("message").strip().partition("\n")[0]
            reason = reason if reason.endswith(".") else "The wizard's own check found it."
            yield Opinion(cause.value, reason, 100, certain=True)


def sentences(evidence: Evidence) -> Opinions:
    """What the sentences of clients can mean."""
    for fact in evidence.all("sentence"):
        if sentence := SENTENCES.get(fact.value):
            for cause, weight in sentence.causes.items():
                yield Opinion(cause, sentence.because, weight)
            if {"passphrase-wrong", "passphrase-missing"} <= sentence.causes.keys():
                yield from _passphrase(evidence)


def _passphrase(evidence: Evidence) -> Opinions:
    """What was given tells a wrong passphrase from a missing one."""
    given = evidence.first("setting-passphrase")
    if given and given.value == "given":
        yield Opinion("passphrase-missing", f"By {given.source} a passphrase was given.", -30)
    elif given:
        yield Opinion("passphrase-wrong", f"By {given.source} no passphrase was given.", -30)


def noted(evidence: Evidence) -> Opinions:
    """What a client noted of what it was given."""
    for nothing in evidence.all("noted-empty"):
        yield Opinion(f"{nothing.value}-empty", f"There is nothing in {nothing.source}.", 116)
    for path in (*evidence.all("error-path"), *evidence.all("setting-key-path")):
        if path.value.lower().endswith(_PUBLIC):
            seen = f"By its name the file in {path.source} holds a public key: {path.value}."
            yield Opinion("key-is-public", seen, 114)


_PUBLIC: Final = (".pub", ".crt", ".cer", "_pub.pem", ".pub.pem")


def phrases(evidence: Evidence) -> Opinions:
    """What common words hint at."""
    check = evidence.get("check")
    because = {
        "key": "The private key could not be used, and these words say how.",
        "token": "The token was not accepted by the wizard's own check.",
        "answer": "Snowflake's own words point to it.",
        "": "Words in the text point to it.",
    }
    by_sentence = bool(evidence.all("sentence") or evidence.all("key-symbol"))
    for fact in evidence.all("phrase"):
        cause, _, weight = fact.value.partition(" ")
        strength = float(weight)
        if not check and by_sentence and strength < _NAMES_IT:
            continue
        if not check:
            yield Opinion(cause, because[""], strength)
        elif strength >= _LEAST:
            yield Opinion(cause, because.get(check, because["answer"]), min(int(strength), 95))
    if evidence.get("known-cause"):
        return
    if check == "key":
        yield Opinion("key-mismatch", "The private key is not the pair of the public key of this journey.", 1)
    elif check == "token":
        yield Opinion("token-malformed", "The token that was handed in is not the one the wizard asked for.", 1)
