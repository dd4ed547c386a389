"""Is it really Snowflake at the other end? The certificate must verify for the host."""

from __future__ import annotations

from wizard.checks.answer import Answer
from wizard.checks.network import Trouble
from wizard.checks.subject import Subject
from wizard.checks.transport import shake_hands

NAME = "tls"
TITLE = "The encrypted connection"


def check(subject: Subject, earlier: tuple[Answer, ...]) -> Answer:  # noqa: ARG001
    """Shake hands, verify, send nothing."""
    endpoint = subject.endpoint
    try:
        shown = shake_hands(subject.network, endpoint)
    except Trouble as trouble:
        return Answer(NAME, "failed", trouble.sentence, trouble.words, symptom=trouble.symptom)
    issuer = f" It was issued by {shown.issuer}." if shown.issuer else ""
    return Answer(
        NAME,
        "passed",
        f"The connection is encrypted, and the certificate proves that it is {endpoint.host}.{issuer}",
        shown.in_words,
        facts={"issuer": shown.issuer},
    )
