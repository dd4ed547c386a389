"""Give Snowflake the public key: the exact statement, who may run it, and what Snowflake answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from wizard.handover import day_in_words, day_of, tool_named
from wizard.journey import Journey
from wizard.problem import Problem
from wizard.replacing import Plan, plan, statement
from wizard.snowflake import sql
from wizard.snowflake.user import SLOT_PROPERTIES, proposed_key_pair_name, read_role_name
from wizard.walk import SET_UP
from wizard.web.company import role_that_runs
from wizard.web.forms import GRACES, RegisterForm, ShareForm
from wizard.web.links import RESUME, link_to
from wizard.web.session import save_journey
from wizard.web.steps.page import Page, refuse_for_other_answers
from wizard.web.walks import address_of, current_walk

ROLES = ("SECURITYADMIN", "USERADMIN", "ACCOUNTADMIN")


def _answer(form: RegisterForm, journey: Journey) -> Journey | Response:
    chosen = journey
    if "role" in request.form:
        role = form.role.read(read_role_name, optional=True)
        # What comes back as it was filled in is no choice: it goes on following what DESC USER says.
        chosen = chosen if role == role_that_runs(journey) else replace(chosen, role=role)
    if request.form.get("grace_hours", "") in GRACES:
        chosen = replace(chosen, grace_hours=int(form.grace_hours.data))
    if form.slot.data in ("1", "2") and form.slot.data != str(journey.slot):
        chosen = replace(chosen, chosen_slot=int(form.slot.data))
    if form.registered.data:
        refuse_for_other_answers(journey, "registered", "This is the statement for it. Press again once it has run.")
        return chosen.with_registered()
    if not request.form.keys() & {"role", "slot", "grace_hours"}:
        raise Problem(
            "Nothing says yet that the statement has run.",
            "Run it in Snowflake, or have your administrator run it. Then say so here.",
            field="registered",
        )
    # Nothing new has run. The statements are shown as chosen, also to somebody who has been further than this.
    save_journey(chosen)
    return redirect(address_of("register"), 303)


def proposed_pair(journey: Journey) -> str:
    """Return a name for a new key pair, made of what has to log in."""
    tool = tool_named(journey.tool)
    return proposed_key_pair_name(tool.client if tool and not tool.is_the_rest else journey.user_name)


def _plan(journey: Journey) -> Plan | None:
    """Return where a rotation puts its new key; ``None`` for a walk that replaces none."""
    if current_walk() is SET_UP or journey.old_key is None or journey.key_was_seen:
        return None
    return plan(journey, proposed_pair(journey))


def looked_up_by(journey: Journey) -> str:
    """Return the statement whose answer shows the new key where it was put."""
    to = _plan(journey)
    pair = to.pair if to else journey.place.pair if journey.place else ""
    return sql.show_user_key_pairs(journey.user_name) if pair else sql.describe_user(journey.user_name)


def registration(journey: Journey) -> dict[str, Any]:
    """Return the statements that give Snowflake the journey's key, and what is known of the user's two slots.

    A key that was seen outside of the slots is there already, and filling a slot with it would only replace another
    one: then there is no statement.
    """
    assert journey.key is not None
    to = _plan(journey)
    role, slot = role_that_runs(journey), to.slot if to else journey.slot
    if to:
        alter = statement(journey, to)
    else:
        alter = sql.set_public_key(journey.user_name, journey.key.base64, slot) if slot else ""
    use = [sql.use_role(role)] if role and alter else []
    slots = journey.description.slots if journey.description else (None, None)
    return {
        "role": role,
        "sql_role": use[0] if use else "",
        "sql_alter": alter,
        "sql_block": sql.block(*use, alter),
        "sql_grant": sql.grant_programmatic_authentication(journey.user_name, "MY_ROLE"),
        "sql_grants": sql.show_grants_to_user(journey.user_name),
        "sql_describe": looked_up_by(journey),
        "plan": to,
        "sql_show_pairs": sql.show_user_key_pairs(journey.user_name),
        "place": journey.place,
        "slot": slot,
        "in_slot": slots[slot - 1] if slot else None,  # a fingerprint, "" for nothing, None for "not shown"
        "in_other_slot": slots[2 - slot] if slot else None,
        "slot_properties": SLOT_PROPERTIES,
    }


def _to_administrator(journey: Journey, statements: dict[str, Any]) -> str:
    """Return the message that asks for a rotation's statement. It says what has to be seen before.

    The page behind an administrator's link chooses a slot by itself, and may fill one that is taken.
    """
    to: Plan | None = statements["plan"]
    if to is None or journey.key is None or journey.old_key is None or journey.account is None:
        return ""
    first = f"{SLOT_PROPERTIES[to.slot]}_FP has to be empty in what DESC USER shows." if to.slot else ""
    parts = (
        f"Could you give {journey.user_name} in {journey.account.claim} a new public key? The old one goes on working.",
        first,
        sql.block(statements["sql_block"], statements["sql_describe"]),
        f"The new key’s six words: {journey.key.face.words}\nIts fingerprint: {journey.key.fingerprint}",
        "Send me what the last line answers. Have me read you the words by telephone first.",
    )
    return "\n\n".join(filter(None, parts)) + "\n"


def _fill(journey: Journey) -> dict[str, Any]:
    role = role_that_runs(journey)
    return {
        "role": sql.quote_identifier(role) if role else "",
        "slot": str(journey.slot or 1),
        "grace_hours": str(journey.grace_hours),
    }


def _shows(journey: Journey) -> dict[str, Any]:
    statements = registration(journey)
    shown = {
        **statements,
        "message": _to_administrator(journey, statements),
        "roles": ROLES,
        "share_form": ShareForm(),
        "asked_on": day_in_words(day_of(journey.asked_at)) if journey.asked_at else "",
        "resume_link": "",
        "resume_days": RESUME.lives,
    }
    if journey.waits_for_administrator:
        return shown | {"question": "Waiting for your administrator", "resume_link": link_to(RESUME, journey)}
    return shown


PAGE = Page(RegisterForm, _answer, _fill, _shows)
