"""Which key is to be replaced? What Snowflake's answers show of the user's keys, and where the new one has a place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wizard.journey import Journey
from wizard.problem import Problem
from wizard.replacing import both_slots_are_taken, plan
from wizard.snowflake import sql
from wizard.snowflake.user import StandingKey, UserDescription, compare, standing_keys
from wizard.walk import LEAKED, ROTATE
from wizard.web.forms import LookForm
from wizard.web.steps.old_key import key_in_words, old_key_shown
from wizard.web.steps.page import Page
from wizard.web.steps.register import proposed_pair
from wizard.web.steps.verify import read
from wizard.web.walks import current_walk


def _answer(form: LookForm, journey: Journey) -> Journey:
    description = read(form.desc_user.data or "")
    _refuse_other_user(description, journey)
    keys = standing_keys(description)
    if not keys:
        raise Problem(*_why_none(description, journey), field="desc_user")
    if description.name not in ("", journey.user_name):  # the login name was given in the place of NAME
        journey = journey.with_user(description.name, journey.login_name or description.login_name)
    under_way = journey.has_new_key and not journey.is_exchanged
    old = _the_one(form, journey, keys, under_way=under_way)
    # What stands on the user is no new key, unless this rotation has put it there.
    if journey.key and not under_way and journey.key.fingerprint in {key.fingerprint for key in keys} - {old}:
        journey = replace(journey, key=None, key_source="", key_known_since=0, key_encrypted=None, key_notes=())
    fingerprint = journey.key.fingerprint if journey.key else ""
    journey = journey.with_description(description.kept(fingerprint, journey.description))
    chosen = next(key for key in keys if key.fingerprint == old)
    return journey.with_old_key(chosen, leaked=current_walk() is LEAKED)


def _refuse_other_user(description: UserDescription, journey: Journey) -> None:
    if compare(description, name=journey.user_name, fingerprint="").verdict == "other-user":
        raise Problem(
            f"This describes {description.name}, and your user is {journey.user_name}.",
            f"Run the statement as it stands here, or go back and change the user if {description.name} is the "
            "right one.",
            field="desc_user",
        )


def _why_none(description: UserDescription, journey: Journey) -> tuple[str, str]:
    """Say why there is nothing to replace, and what to do."""
    user = journey.user_name
    if description.lone_fingerprint:
        return "This is a fingerprint alone, and does not say where its key stands.", "Paste the whole answer."
    if description.lists_pairs:
        return (
            f"The list shows no named key pair of {user} that works.",
            "The key may stand in a slot: run DESC USER, and paste its answer.",
        )
    if None in description.slots:
        return "The rows about keys are missing.", "Copy the whole answer of DESC USER."
    return (
        f"Both slots of {user} are empty.",
        "It may be a named key pair: paste what the second statement answers. Without any key, set one up first.",
    )


def _the_one(form: LookForm, journey: Journey, keys: tuple[StandingKey, ...], *, under_way: bool) -> str:
    """Return the fingerprint of the key to replace: the chosen one, the only one, or the one that the walk knows."""
    shown = [key.fingerprint for key in keys]
    new = journey.key.fingerprint if journey.key and under_way else ""
    known = journey.old_key.fingerprint if journey.old_key and under_way else ""
    ours = journey.key.fingerprint if journey.key and not under_way else ""
    others = [fingerprint for fingerprint in shown if fingerprint != new]
    form.offer({key.fingerprint: key_in_words(key) for key in keys if key.fingerprint != new})
    for choice in (form.old_key.data, known, ours):
        if choice in others:
            return str(choice)
    if len(others) == 1:
        return others[0]
    if not others:
        raise Problem(
            "Only the new key was shown, and not the one that it replaces.",
            f"If the old key is off {journey.user_name} by now, this rotation is over.",
            field="desc_user",
        )
    form.is_asked = True
    raise Problem(
        f"{journey.user_name} has {len(others)} keys.", "Choose the one that your tool logs in with.", field="old_key"
    )


def _shows(journey: Journey) -> dict[str, Any]:
    user = journey.user_name
    other = next((slot for slot in (1, 2) if journey.old_key and slot != journey.old_key.slot), 0)
    return {
        **old_key_shown(journey),
        "plan": plan(journey, proposed_pair(journey)) if journey.old_key else None,
        "both_taken": both_slots_are_taken(journey) and not journey.has_new_key,
        "other_slot": other,
        "sql_describe": sql.describe_user(user),
        "sql_show_pairs": sql.show_user_key_pairs(user),
        "sql_logins": sql.login_history(user),
        "sql_free": sql.unset_public_key(user, other) if other else "",
        "is_leak": current_walk() is LEAKED,
        "calm_address": ROTATE.address("look"),
        "leak_address": LEAKED.address("look"),
    }


def _must_read(journey: Journey) -> bool:
    """A place that nobody expects the new key in is told before it is made."""
    old = journey.old_key
    return old is not None and not journey.has_new_key and not old.pair and both_slots_are_taken(journey)


PAGE = Page(LookForm, _answer, shows=_shows, must_read=_must_read)
