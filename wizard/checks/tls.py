"""Is it really Snowflake at the other end? The certificate must verify for the host."""

from __future__ import annotations

from wizard.checks.attempt import Attempt
from wizard.checks.certificate import Shown, signer_of
from wizard.checks.network import Trouble
from wizard.checks.row import Row
from wizard.checks.transport import shake_hands
from wizard.checks.way import by_proxy, failed

NAME = "tls"
TITLE = "The encrypted connection"


def check(attempt: Attempt, earlier: tuple[Row, ...]) -> Row:  # noqa: ARG001
    """Shake hands, verify, send nothing."""
    network, endpoint = attempt.network, attempt.endpoint
    try:
        shown = shake_hands(network, endpoint)
    except Trouble as trouble:
        return failed(NAME, network, endpoint, trouble)
    sentence = f"The connection is encrypted, and the certificate proves that it is {endpoint.host}."
    if shown.issuer:
        sentence += f" It was issued by {shown.signed_by}."
    if network.bundle and not endpoint.ca_pem and _is_private(attempt, shown):
        sentence += (
            f" That is no public authority: this server trusts it by {network.bundle}. A proxy of this network seems "
            "to open the connection, and your tools need the same file."
        )
    if proxy := by_proxy(network, endpoint):
        sentence += f" The way leads through the proxy {proxy}."
    words = "\n".join((shown.in_words, *(f"Tried before: {line}" for line in shown.unreached)))
    return Row(NAME, "passed", sentence, words, facts={"issuer": shown.signed_by})


def _is_private(attempt: Attempt, shown: Shown) -> bool:
    signer = signer_of(shown, attempt.endpoint.host, attempt.network.public_authorities)
    return signer in ("inspecting", "itself")
