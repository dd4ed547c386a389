"""Is the session the user and the account that were meant?

CURRENT_USER() is the user's NAME, while the token carries LOGIN_NAME; both are right answers.
https://docs.snowflake.com/en/sql-reference/sql/create-user (checked 2026-11).
"""

from __future__ import annotations

from wizard.checks.attempt import Attempt
from wizard.checks.row import Row
from wizard.diagnosis.symptom import Symptom

NAME = "identity"
TITLE = "The user and the account"


def check(attempt: Attempt, earlier: tuple[Row, ...]) -> Row:
    """Compare what the login row was told with what the journey expects. Sends nothing."""
    facts = next((row.facts for row in earlier if row.check == "login"), {})
    user = facts.get("user", "")
    if not user:
        sentence = "Snowflake accepted the token of this login name, but did not get as far as saying who that is."
        return Row(NAME, "skipped", sentence)
    words = "\n".join(
        f"{title}: {facts[name]}"
        for name, title in (("user", "User"), ("organization", "Organization"), ("account", "Account"),
                            ("locator", "Locator"), ("region", "Region"))
        if facts.get(name)
    )  # fmt: skip
    wrong_account = _other_account(attempt, facts, words)
    if wrong_account is not None and wrong_account.status == "failed":
        return wrong_account
    wrong_user = _other_user(attempt, user, words)
    if wrong_user is not None:
        return wrong_user
    if wrong_account is not None:
        return wrong_account
    where = f"{facts['organization']}-{facts['account']}" if facts.get("organization") else facts.get("locator", "")
    return Row(NAME, "passed", f"The session is {user} in account {where}, as expected.", words)


def _other_user(attempt: Attempt, user: str, words: str) -> Row | None:
    expected = attempt.user_name or attempt.login.name
    same_letters = user.upper() == expected.upper()
    # Without a user name there is only the login name to go by, and that is the same in any case of letters.
    if user == expected or (same_letters and not attempt.user_name):
        return None
    facts = {"user": user[:255], "expected_user": expected[:255]}
    symptom = Symptom("identity", message=words, facts=facts)
    if same_letters:
        sentence = (
            f"The session is {user}, written with other capitals than {expected}. In SQL that makes a difference: "
            f'the name needs double quotes there, "{user}".'
        )
        return Row(NAME, "warned", sentence, words, symptom=symptom)
    sentence = (
        f"The login works, but the session is {user} and not {expected}: the login name in the token belongs to that "
        "other user."
    )
    return Row(NAME, "failed", sentence, words, symptom=symptom)


def _other_account(attempt: Attempt, told: dict[str, str] | object, words: str) -> Row | None:
    facts = told if isinstance(told, dict) else {}
    account = attempt.login.account
    organization, name = facts.get("organization", ""), facts.get("account", "")
    locator = facts.get("locator", "")
    if account.organization and organization:
        same_organization = account.organization.upper() == organization.upper()
        same_name = _loosely(account.name) == _loosely(name)
        if same_organization and same_name:
            return None
        expected, found = f"{account.organization}-{account.name}", f"{organization}-{name}"
        certain = not same_organization and not same_name
    elif account.locator and locator:
        if account.locator.upper() == locator.upper():
            return None
        expected, found, certain = account.locator, locator, True
    else:
        return None
    symptom = Symptom("identity", message=words, facts={"account": found[:255], "expected_account": expected[:255]})
    if certain:
        return Row(NAME, "failed", f"The session is in account {found}, and not in {expected}.", words, symptom=symptom)
    sentence = (
        f"The session is in account {found}. The name you gave, {expected}, leads there: an older name of the account, "
        "or a connection that can be pointed at another one."
    )
    return Row(NAME, "warned", sentence, words, symptom=symptom)


def _loosely(name: str) -> str:
    """Account names have no hyphens; where a URL shows one, an underscore is meant."""
    return name.upper().replace("-", "_")
