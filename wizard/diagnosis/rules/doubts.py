"""What speaks against a cause: known facts that make it unlikely, or rule it out."""

from __future__ import annotations

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.opinion import Opinion, Opinions, ruled_out
from wizard.diagnosis.rules.user_and_key import PASSED


def doubts(evidence: Evidence) -> Opinions:
    """What can't be, and what is less likely than it looks."""
    if evidence.get("token-ours"):
        ours = "The wizard made this token itself, and knows what stands in it."
        for cause in ("account-region-in-claim", "account-dot-form", "account-url-pasted", "user-case"):
            yield ruled_out(cause, ours)
    if evidence.get("login-passed"):
        for cause in ("account-mismatch", "account-form", "login-name-differs", "user-unknown", "key-not-registered"):
            yield Opinion(cause, PASSED, -45)
    if evidence.has("described-disabled", "false"):
        yield ruled_out("user-disabled", "DESC USER showed DISABLED = false, when that was asked.")
    if evidence.has("described-locked", "false"):
        yield ruled_out("user-locked", "DESC USER showed no lock, when that was asked.")
    names = [evidence.get("described-name"), evidence.get("described-login-name")]
    if all(names) and names[0].casefold() == names[1].casefold():
        yield ruled_out("login-name-differs", f"DESC USER showed the same name as NAME and LOGIN_NAME: {names[0]}.")
    if evidence.get("uuid") or evidence.get("code").startswith("39"):
        yield from _snowflake_has_answered(evidence)


def _snowflake_has_answered(evidence: Evidence) -> Opinions:
    """An answer of Snowflake's shows that the way there is open and the key could sign."""
    reached = "Snowflake itself has answered, so the way there is open."
    for cause in ("host-not-found", "connection-blocked", "tls-intercepted", "tls-name-mismatch", "proxy-page"):
        yield Opinion(cause, reached, -60)
    if evidence.get("uuid"):
        signed = "A token reached Snowflake, so the key could be read and has signed."
        for cause in ("passphrase-missing", "passphrase-wrong", "key-encoding", "key-newlines-lost", "key-is-path"):
            yield Opinion(cause, signed, -40)
