"""A session that is not the one expected, or that can't do what it should."""

from __future__ import annotations

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.opinion import Opinion, Opinions
from wizard.diagnosis.symptom import NO_ROLE


def session(evidence: Evidence) -> Opinions:
    """What the wizard's own test saw of the session."""
    if evidence.has("check", "identity"):
        yield from _identity(evidence)
    if evidence.has("check", "role"):
        yield from _role(evidence)
    if evidence.has("check", "warehouse"):
        yield from _warehouse(evidence)


def _identity(evidence: Evidence) -> Opinions:
    user, expected_user = evidence.get("session-user"), evidence.get("expected-user", "user-name")
    account, expected_account = evidence.get("session-account"), evidence.get("expected-account")
    if user and user.casefold() != expected_user.casefold():
        yield Opinion(
            "identity-differs", f"The session belongs to {user}, and the user of this journey is {expected_user}.", 80
        )
        login = evidence.get("login-name") or expected_user
        yield Opinion("login-name-differs", f"{login} is the LOGIN_NAME of {user}.", 90)
    if account and expected_account and account.casefold() != expected_account.casefold():
        yield Opinion(
            "identity-differs",
            f"The session is in {account}, and the account of this journey is {expected_account}.",
            85,
        )
    yield Opinion("identity-differs", "The session is not the one that was expected.", 50)


def _role(evidence: Evidence) -> Opinions:
    role = evidence.get("session-role", "described-role")
    role = "" if role in NO_ROLE else role
    seen = (
        f"The login worked, and Snowflake did not let the session use the role {role}."
        if role
        else "The login worked, and the session has no role of its own."
    )
    yield Opinion("role-not-granted", seen, 90, certain=True)


def _warehouse(evidence: Evidence) -> Opinions:
    warehouse = evidence.get("session-warehouse", "described-warehouse")
    seen = (
        f"The login worked, and the session can't use the warehouse {warehouse}."
        if warehouse
        else "The login worked, and the session has no warehouse."
    )
    yield Opinion("warehouse-unusable", seen, 90, certain=True)
