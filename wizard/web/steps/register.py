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
from wizard.snowflake.user import (
    SLOT_PROPERTIES,
    NewKeyPair,
    free_name,
    proposed_key_pair_name,
    read_comment,
    read_days_to_expiry,
    read_key_pair_name,
    read_role_name,
)
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
    if "way" in request.form:
        chosen = replace(chosen, new_pair=_pair_in(form, journey))
    if form.registered.data:
        refuse_for_other_answers(journey, "registered", "This is the statement for it. Press again once it has run.")
        return chosen.with_registered()
    if request.form.keys().isdisjoint(("role", "slot", "grace_hours", "way")):
        raise Problem(
            "Nothing says yet that the statement has run.",
            "Run it in Snowflake, or have your administrator run it. Then say so here.",
            field="registered",
        )
    # Nothing new has run. The statements are shown as chosen, also to somebody who has been further than this.
    save_journey(chosen)
    return redirect(address_of("register"), 303)


def proposed_pair(journey: Journey) -> str:
    """Return a name for a new key pair, made of what has to log in, that no pair of the user is known to have."""
    tool = tool_named(journey.tool)
    words = tool.client if tool and not tool.is_the_rest else journey.user_name
    return free_name(proposed_key_pair_name(words), _names_taken(journey))


def _plan(journey: Journey) -> Plan | None:
    """Return where a rotation puts its new key; ``None`` where a named key pair was chosen, which overwrites none, and
    for a walk that replaces no key.
    """
    if current_walk() is SET_UP or journey.old_key is None or journey.key_was_seen or journey.new_pair:
        return None
    return plan(journey, proposed_pair(journey))


def is_listed(journey: Journey) -> bool:
    """Whether the key is, or is to be, a named key pair: then it stands in the list of those."""
    if journey.place:
        return bool(journey.place.pair)
    to = _plan(journey)
    return bool(to.pair if to else journey.new_pair)


def _looked_up_by(journey: Journey) -> str:
    """Return the statement whose answer shows the new key where it was put."""
    show = sql.show_user_key_pairs if is_listed(journey) else sql.describe_user
    return show(journey.user_name)


def _pair_in(form: RegisterForm, journey: Journey) -> NewKeyPair | None:
    """Return the named key pair that the form asks for; ``None`` for the classic way."""
    if form.way.data == "classic":
        return None
    if form.way.data != "named":
        raise Problem("No way was chosen.", "Choose how Snowflake should hold the key.", field="way")
    name = form.key_pair_name.read(read_key_pair_name, optional=True) or proposed_pair(journey)
    if name in _names_taken(journey):
        raise Problem(
            f"{journey.user_name} has a key pair called {name}: the one that was seen, and lets nobody in.",
            "Choose another name.",
            field="key_pair_name",
        )
    days = form.days_to_expiry.read(lambda typed: str(read_days_to_expiry(typed)), optional=True)
    return NewKeyPair(
        name,
        form.role_restriction.read(read_role_name, optional=True),
        int(days or 0),
        form.comment.read(read_comment, optional=True),
    )


def _names_taken(journey: Journey) -> tuple[str, ...]:
    pair = journey.description.pair if journey.description else None
    return (pair.name,) if pair and pair.name else ()


def advice(journey: Journey) -> str:
    """Say which way to choose, by what is known of this user, and who recommends it.

    Snowflake does (https://docs.snowflake.com/en/user-guide/key-pair-auth, read autumn 2026). A tool can't tell the two
    apart: its token names the key by its fingerprint.
    """
    held = journey.description.slots if journey.description else (None, None)
    if journey.new_pair:
        return "Choose a slot where somebody’s rules or guide ask for RSA_PUBLIC_KEY. Tools can’t tell them apart."
    if all(held):
        return "Choose a named key pair: it replaces neither, and Snowflake recommends it since July 2026."
    if held[journey.slot - 1] == "":
        return "This slot is free, so either way is fine. Snowflake recommends a named key pair since July 2026."
    recommended = "Snowflake recommends a named key pair since July 2026"
    return f"{recommended}: it replaces no other key, and tools can’t tell them apart."


def registration(journey: Journey) -> dict[str, Any]:
    """Return the statements that give Snowflake the journey's key, and what is known of the slot that they fill.

    A key that was seen outside of the slots is there already, and filling a slot with it would only replace another
    one: then there is no statement.
    """
    assert journey.key is not None
    to = _plan(journey)
    pair = None if to else journey.pair_to_add
    role, slot = role_that_runs(journey), to.slot if to else 0 if pair else journey.slot
    if to:
        alter = statement(journey, to)
    elif pair:
        alter = sql.add_key_pair(
            journey.user_name, pair.name, journey.key.base64, role=pair.role, days=pair.days, comment=pair.comment
        )
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
        "sql_look": _looked_up_by(journey),
        "plan": to,
        "rotating": current_walk() is not SET_UP,
        "pair": pair,
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
        sql.block(statements["sql_block"], statements["sql_look"]),
        f"The new key’s six words: {journey.key.face.words}\nIts fingerprint: {journey.key.fingerprint}",
        "Send me what the last line answers. Have me read you the words by telephone first.",
    )
    return "\n\n".join(filter(None, parts)) + "\n"


def _fill(journey: Journey) -> dict[str, Any]:
    role = role_that_runs(journey)
    pair = journey.new_pair
    return {
        "role": _written(role),
        "slot": str(journey.slot or 1),
        "grace_hours": str(journey.grace_hours),
        "way": "named" if pair else "classic",
        "key_pair_name": _written(pair.name if pair else proposed_pair(journey)),
        "role_restriction": _written(pair.role if pair else ""),
        "days_to_expiry": str(pair.days) if pair and pair.days else "",
        "comment": pair.comment if pair else "",
    }


def _written(name: str) -> str:
    """Write a name so that it is read as the same one."""
    return sql.quote_identifier(name) if name else ""


def _shows(journey: Journey) -> dict[str, Any]:
    statements = registration(journey)
    shown = {
        **statements,
        "message": _to_administrator(journey, statements),
        "roles": ROLES,
        "advice": advice(journey),
        "share_form": ShareForm(),
        "asked_on": day_in_words(day_of(journey.asked_at)) if journey.asked_at else "",
        "resume_link": "",
        "resume_days": RESUME.lives,
    }
    if journey.waits_for_administrator:
        return shown | {"question": "Waiting for your administrator", "resume_link": link_to(RESUME, journey)}
    return shown


PAGE = Page(RegisterForm, _answer, _fill, _shows)
