"""Is it really Snowflake at the other end? The certificate must verify for the host."""

from __future__ import annotations

from wizard.checks.attempt import Attempt
from wizard.checks.network import Trouble
from wizard.checks.row import Row
from wizard.checks.transport import shake_hands

NAME = "tls"
TITLE = "The encrypted connection"


def check(attempt: Attempt, earlier: tuple[Row, ...]) -> Row:  # noqa: ARG001
    """Shake hands, verify, send nothing."""
    endpoint = attempt.endpoint
    try:
        shown = shake_hands(attempt.network, endpoint)
    except Trouble as trouble:
        return Row(NAME, "failed", trouble.sentence, trouble.words, symptom=trouble.symptom)
    issuer = f" It was issued by {shown.issuer}." if shown.issuer else ""
    return Row(
        NAME,
        "passed",
        f"The connection is encrypted, and the certificate proves that it is {endpoint.host}.{issuer}",
        shown.in_words,
        facts={"issuer": shown.issuer},
    )
