"""The host that an error names: what its labels say of the account that the program was given."""

from __future__ import annotations

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.opinion import Opinion, Opinions
from wizard.diagnosis.sentences import SENTENCES
from wizard.snowflake.account.regions import looks_like_suffix

_BEHIND_A_LOCATOR = ("privatelink", "global", "aws", "azure", "gcp", "fhplus", "dod")


def hosts(evidence: Evidence) -> Opinions:
    """What is wrong with the host itself, where the program could not even reach it."""
    yield from _privatelink(evidence)
    host = evidence.get("error-host")
    name, _, behind = host.partition(".snowflakecomputing.")[0].partition(".")
    if not name or evidence.get("uuid"):
        return
    if "snowflakecomputing" in behind or "snowflakecomputing" in name:
        yield Opinion("account-url-pasted", f"The host in the error ends twice in Snowflake's domain: {host}.", 112)
    elif (
        behind and not looks_like_suffix(behind) and not any(label in _BEHIND_A_LOCATOR for label in behind.split("."))
    ):
        yield Opinion("account-dot-form", f"In the host {host} a dot stands where a hyphen belongs.", 114)


def _privatelink(evidence: Evidence) -> Opinions:
    """Where a program could not get there by a PrivateLink name, the name is what is special."""
    if evidence.get("check") or evidence.get("uuid"):
        return
    could = {cause for fact in evidence.all("sentence") for cause in SENTENCES[fact.value].causes}
    names = ("setting-host", "setting-account", "error-account", "error-host")
    asked = next((fact for name in names for fact in evidence.all(name) if ".privatelink" in fact.value.lower()), None)
    if asked and could & {"host-not-found", "connection-blocked", "tls-name-mismatch"}:
        seen = f"By {asked.source} the account is asked over PrivateLink: {asked.value}."
        yield Opinion("privatelink-name", seen, 112)
