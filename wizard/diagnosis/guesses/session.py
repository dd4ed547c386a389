"""Guesses at a session that is not the one expected, or that can't do what it should."""

from __future__ import annotations

from wizard.diagnosis.guesses.guess import Guess, Guesses
from wizard.diagnosis.symptom import NO_ROLE, Background, Symptom


def identity(symptom: Symptom, background: Background) -> Guesses:
    facts = symptom.facts
    user, expected_user = facts.get("user", ""), facts.get("expected_user", "") or background.user_name
    account, expected_account = facts.get("account", ""), facts.get("expected_account", "")
    if user and user.casefold() != expected_user.casefold():
        yield Guess(
            "identity-differs", f"The session belongs to {user}, and the user of this journey is {expected_user}.", 80
        )
        yield Guess("login-name-differs", f"{background.login or expected_user} is the LOGIN_NAME of {user}.", 90)
    if account and expected_account and account.casefold() != expected_account.casefold():
        yield Guess(
            "identity-differs",
            f"The session is in {account}, and the account of this journey is {expected_account}.",
            85,
        )
    yield Guess("identity-differs", "The session is not the one that was expected.", 50)


def role(symptom: Symptom, background: Background) -> Guesses:
    role = symptom.facts.get("role", "") or (background.described.default_role if background.described else "")
    role = "" if role in NO_ROLE else role
    seen = (
        f"The login worked, and Snowflake did not let the session use the role {role}."
        if role
        else ("The login worked, and the session has no role of its own.")
    )
    yield Guess("role-not-granted", seen, 90, certain=True)


def warehouse(symptom: Symptom, background: Background) -> Guesses:
    warehouse = symptom.facts.get("warehouse", "") or (
        background.described.default_warehouse if background.described else ""
    )
    seen = (
        f"The login worked, and the session can't use the warehouse {warehouse}."
        if warehouse
        else ("The login worked, and the session has no warehouse.")
    )
    yield Guess("warehouse-unusable", seen, 90, certain=True)
