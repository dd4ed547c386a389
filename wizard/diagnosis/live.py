"""The wizard's own live test, as facts for the engine: what it met, and what the walk knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.cause import Fix, you
from wizard.diagnosis.conclusion import conclude
from wizard.diagnosis.facts import Evidence, Fact
from wizard.diagnosis.reading.user import described
from wizard.diagnosis.reading.words import phrases_in
from wizard.diagnosis.rules.refusal import TELLING
from wizard.diagnosis.rules.settling import ON_THE_USER
from wizard.diagnosis.rules.user_and_key import is_described
from wizard.diagnosis.sentences.settles import LOOK_UP
from wizard.diagnosis.statements import fill, uuid_in
from wizard.diagnosis.symptom import KINDS, Background, Finding, Symptom
from wizard.snowflake.codes import Code

_WALK: Final = "this walk"
TEST: Final = "the live test"
_DESC_USER: Final = "DESC USER"
_NAMES: Final = {
    "cause": "known-cause",
    "reason": "reason",
    "ip": "ip",
    "issuer": "issuer",
    "names": "certificate-names",
    "signer": "certificate-signer",
    "proxy": "proxy",
    "no_proxy": "no-proxy",
    "search_domain": "search-domain",
    "skew_seconds": "skew-seconds",
    "whose_clock": "whose-clock",
    "user": "session-user",
    "expected_user": "expected-user",
    "account": "session-account",
    "expected_account": "expected-account",
    "role": "session-role",
    "warehouse": "session-warehouse",
}
"""What a check calls a fact, and what the engine calls it."""


def diagnose(symptom: Symptom, background: Background, seen: Iterable[Fact] = ()) -> tuple[Finding, ...]:
    """Return the causes of a failed check, most likely first: one at least, five at most, each once.

    ``seen`` is what the test saw beside it.
    """
    facts = (*known(background), *met(symptom), *seen, Fact("token-ours", "yes", TEST))
    findings = conclude(facts).findings
    if not findings:
        cause = CATALOGUE["answer-unexpected"]
        findings = (Finding(cause, _unknown_answer(symptom), False, cause.fixes),)
    evidence = Evidence(facts)
    if theirs := evidence.get("described-login-name"):
        findings = tuple(_with_login_name(finding, theirs) for finding in findings)
    if settled := _mended_by(evidence):
        # In place of the first, which says the same without the name.
        return (replace(findings[0], fixes=(settled, *findings[0].fixes[1:])), *findings[1:])
    if look := _look_first(evidence, findings):
        others = (fix for fix in findings[0].fixes if fix.sql != look.sql)
        findings = (replace(findings[0], fixes=(look, *others)), *findings[1:])
    if details := failure_details_fix(symptom):
        findings = (replace(findings[0], fixes=(*findings[0].fixes, details)), *findings[1:])
    return findings


def _mended_by(evidence: Evidence) -> Fix | None:
    """What to do where the test itself has found what Snowflake accepts: the very name, and no way to look it up."""
    if name := evidence.get("accepted-login-name"):
        return you(f"Enter {name} as the login name. Your tools take it as the user.", step="user")
    if claim := evidence.get("accepted-hyphens"):
        return you(f"Give your tools the account as {claim.lower()}: the token then names it so.")
    if claim := evidence.get("accepted-account"):
        return you(
            f"Paste jdbc:snowflake://{evidence.get('account-host')}/?account={claim} as the account, which keeps the "
            f"host. A tool that makes its own token has to name the account {claim} in it.",
            step="account",
        )
    if host := evidence.get("accepted-host"):
        return you(f"Paste {host} as the account. Give your tools this host too.", step="account")
    return None


def _with_login_name(finding: Finding, theirs: str) -> Finding:
    """Say of a login name that differs, once it is known, where one press takes it over."""
    if finding.cause.id != "login-name-differs":
        return finding
    take_over = Fix(f"Log in as {theirs}: the check takes it over.", "you", step="verify")
    return replace(finding, fixes=(take_over, *finding.fixes[1:]))


def _look_first(evidence: Evidence, findings: Sequence[Finding]) -> Fix | None:
    """To look at the user, where nobody has so far and several causes are left that its rows tell apart."""
    left = {finding.cause.id for finding in findings[:3]} & ON_THE_USER
    if findings[0].certain or len(left) < 2 or is_described(evidence) or not evidence.get("user-name"):
        return None
    what = "Look first: run this, and paste its answer."
    return fill(Fix(what, "you", statement="describe_user", step="verify"), evidence)


def failure_details_fix(symptom: Symptom) -> Fix | None:
    """The statement that makes Snowflake tell the exact reason, when the refusal came with an id."""
    evidence = Evidence(met(symptom))
    if symptom.code not in ("", Code.JWT_TOKEN_INVALID) or not evidence.get("uuid"):
        return None
    fix = Fix(LOOK_UP.what, LOOK_UP.who, statement=LOOK_UP.statement)
    return fill(fix, evidence)


def met(symptom: Symptom) -> tuple[Fact, ...]:
    """What a check met, as facts."""
    kind = symptom.kind if symptom.kind in KINDS else "answer"
    facts = [Fact("check", kind, TEST)]
    if symptom.code:
        facts.append(Fact("code", symptom.code, TEST))
    if symptom.http_status:
        facts.append(Fact("http-status", str(symptom.http_status), TEST))
    if symptom.message:
        facts.append(Fact("message", symptom.message, TEST))
    if uuid := uuid_in(symptom.facts.get("uuid", "")) or uuid_in(symptom.message):
        facts.append(Fact("uuid", uuid, TEST))
    facts += [Fact(_NAMES[name], value, TEST) for name, value in symptom.facts.items() if name in _NAMES]
    of_words = kind in ("key", "token") or (kind == "answer" and symptom.code not in TELLING)
    if of_words and "cause" not in symptom.facts:
        facts += phrases_in(f"{symptom.code} {symptom.message}", TEST)
    return tuple(facts)


def known(background: Background) -> tuple[Fact, ...]:
    """What a walk knows, as facts: of the account, the user, the key, and of Snowflake's answers about them."""
    account = background.account
    told = {
        "account-host": account.host if account else "",
        "account-claim": account.claim if account else "",
        "account-locator": account.locator if account else "",
        "account-region": account.region if account else "",
        "privatelink": "yes" if account and account.privatelink else "",
        "user-name": background.user_name,
        "login-name": background.login_name,
        "key-fingerprint": background.fingerprint,
        "public-key": background.public_key,
        "slot": str(background.slot) if background.public_key else "",
        "registered": "yes" if background.registered else "",
        "in-pair": "yes" if background.in_pair else "",
        "verify-skipped": "yes" if background.verify_skipped else "",
        "login-passed": "yes" if background.passed else "",
    }
    facts = [Fact(name, value, _WALK) for name, value in told.items() if value]
    if background.place:
        facts.append(Fact("key-seen", background.place.in_words(), _DESC_USER))
    if background.described:
        facts += described(background.described, _DESC_USER)
    return tuple(facts)


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
