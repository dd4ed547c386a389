"""Will the first real query find a role and a warehouse? Never fails: the key pair is proved by now."""

from __future__ import annotations

from wizard.checks.attempt import Attempt
from wizard.checks.login import ROLE_REFUSED, good_token
from wizard.checks.network import Trouble
from wizard.checks.row import Row
from wizard.checks.statements import Accepted, run_statement
from wizard.diagnosis.symptom import Symptom
from wizard.snowflake.codes import Code

NAME = "context"
TITLE = "Role and warehouse"

STATEMENT = "SELECT CURRENT_ROLE(), CURRENT_WAREHOUSE()"
_NONE = "PUBLIC"
"""The role everybody has, and that a session falls back to when it has no other."""


def check(attempt: Attempt, earlier: tuple[Row, ...]) -> Row:
    """Ask for the default role and warehouse by name, where they are known, and see what the session gets."""
    told = next((row.facts for row in earlier if row.check == "login"), {})
    role = attempt.restricted_to or attempt.role or told.get("role", "")
    warehouse = attempt.warehouse or told.get("warehouse", "")
    token = good_token(attempt, NAME)
    if isinstance(token, Row):
        return Row(NAME, "skipped", "The token ran out before role and warehouse could be tried.", token.sentence)
    try:
        accepted = run_statement(attempt.network, attempt.endpoint, token, STATEMENT, role=role, warehouse=warehouse)
    except Trouble as trouble:
        return _refused(trouble, role)
    return _judged(accepted, role, warehouse)


def _refused(trouble: Trouble, role: str) -> Row:
    if trouble.code in ROLE_REFUSED or "specified in the connect string" in trouble.message:
        symptom = Symptom("role", trouble.code, trouble.http_status, trouble.message, {"role": role})
        sentence = f"The login works, but not with the role {role}: not granted, or spelt otherwise."
        return Row(NAME, "warned", sentence, trouble.words, symptom=symptom)
    if trouble.kind == "answer" and trouble.code:
        symptom = trouble.symptom
        return Row(NAME, "warned", f"The login works, but the session is refused something: error {trouble.code}.",
                      trouble.words, symptom=symptom)  # fmt: skip
    return Row(NAME, "skipped", f"The login works; role and warehouse could not be tried. {trouble.sentence}",
                  trouble.words)  # fmt: skip


def _judged(accepted: Accepted, wanted_role: str, wanted_warehouse: str) -> Row:
    if accepted.lacking == "warehouse":
        return _no_warehouse(wanted_warehouse, accepted.words, Code.WAREHOUSE_DEMANDED, wanted_role)
    if accepted.lacking == "time":
        return Row(NAME, "skipped", "The login works; Snowflake took too long over role and warehouse.", accepted.words)
    role, warehouse = accepted.value("CURRENT_ROLE", 0), accepted.value("CURRENT_WAREHOUSE", 1)
    facts = {"role": role, "warehouse": warehouse}
    if role in ("", _NONE) and wanted_role in ("", _NONE):
        symptom = Symptom("role", message=accepted.words, facts={"role": role})
        sentence = (
            "The session runs as PUBLIC, a role that may do next to nothing: the user has no default role, or never "
            "got it granted."
        )
        return Row(NAME, "warned", sentence, accepted.words, symptom=symptom, facts=facts)
    if not warehouse:
        return _no_warehouse(wanted_warehouse, accepted.words, "", role, facts)
    return Row(NAME, "passed", f"Queries will run as {role} in warehouse {warehouse}.", accepted.words, facts=facts)


def _no_warehouse(wanted: str, words: str, code: str, role: str, facts: dict[str, str] | None = None) -> Row:
    if wanted:
        sentence = f"The login works, but without a warehouse: {wanted} is not there, or not for this role."
    else:
        sentence = "The login works, but the user has no default warehouse: the first real query will ask for one."
    symptom = Symptom("warehouse", code, message=words, facts={"warehouse": wanted, "role": role})
    return Row(NAME, "warned", sentence, words, symptom=symptom, facts=facts or {})
