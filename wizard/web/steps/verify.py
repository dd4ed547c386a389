"""Did Snowflake take it? The output of DESC USER, compared with this key's fingerprint."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from wizard.diagnosis.remarks import Remark, remarks
from wizard.journey import Journey
from wizard.problem import Problem
from wizard.replacing import seen_again
from wizard.snowflake import sql
from wizard.snowflake.key import face_of
from wizard.snowflake.user import (
    NAMES,
    SLOT_PROPERTIES,
    UserDescription,
    compare,
    read_description,
    read_login_name,
)
from wizard.web.fields import refuse_secret
from wizard.web.forms import VerifyForm
from wizard.web.pages import UNREADABLE, draw_step
from wizard.web.session import save_journey
from wizard.web.steps.page import Page, refuse_for_other_answers
from wizard.web.steps.register import is_listed
from wizard.web.walks import current_walk


def _answer(form: VerifyForm, journey: Journey) -> Journey | Response:
    refuse_for_other_answers(journey)
    if request.form.get("skip"):
        return journey.with_verify_skipped()
    if seen := request.form.get("use_login_name"):
        return _use_login_name(seen, journey)
    assert journey.key is not None
    description = read(form.desc_user.data or "")
    comparison = compare(
        description,
        name=journey.user_name,
        fingerprint=journey.key.fingerprint,
        in_pair=is_listed(journey) and journey.place is None,
    )
    if comparison.verdict != "other-user":
        journey = told_by(description, _by_its_name(journey, description), seen=comparison.matches)
        # What was seen before and is not shown now still counts: to be asked again would be asked for nothing.
        if journey.key_was_seen:
            return journey
    save_journey(journey)
    return draw_step(
        current_walk().named["verify"],
        journey,
        form,
        status=UNREADABLE,
        **_shows(journey) | {"comparison": comparison, "description": description},
    )


def read(text: str) -> UserDescription:
    """Read pasted DESC USER output. Raises :class:`Problem` for the box ``desc_user``."""
    try:
        description = read_description(text)
        # What may not be typed may not come this way either.
        for row in NAMES:
            if name := description.properties.get(row):
                refuse_secret(read_login_name(name, f"value of {row}"))
        for key in description.named_keys:
            for column, name in {"name": key.name, "status": key.status, "role_scope": key.role}.items():
                if name:
                    refuse_secret(read_login_name(name, f"value of {column}"))
    except Problem as problem:
        raise problem.at("desc_user") from None
    return description


def _by_its_name(journey: Journey, description: UserDescription) -> Journey:
    """Take over NAME as Snowflake spells it, where the person gave the login name in its place.

    The statement of the step before ran, or DESC USER wouldn't have found the user; that much is known of it.
    """
    if description.name in ("", journey.user_name):
        return journey
    renamed = journey.with_user(description.name, journey.login_name or description.login_name)
    return renamed.with_registered()


def told_by(description: UserDescription, journey: Journey, *, seen: bool) -> Journey:
    """Return the journey with what ``description`` tells of its user; ``seen`` says whether it shows the key."""
    assert journey.key is not None
    if description.lone_fingerprint:
        return journey.with_key_seen() if seen else journey.with_key_in_doubt()
    told = journey.with_description(description.kept(journey.key.fingerprint, journey.description))
    told = seen_again(told, description)
    if journey.key_was_seen and not description.shows_keys:
        return told.with_key_seen()
    return told


def _use_login_name(seen: str, journey: Journey) -> Journey:
    try:
        return journey.with_user(journey.user_name, refuse_secret(read_login_name(seen)))
    except Problem as problem:
        raise problem.at("desc_user") from None


def remarks_on(journey: Journey) -> tuple[Remark, ...]:
    """Return what DESC USER said about this user that matters for logging in, beside the key."""
    described = journey.description
    return remarks(described, journey.login_name or journey.user_name, user_name=journey.user_name) if described else ()


def _must_read(journey: Journey) -> bool:
    return journey.key_was_seen and any(remark.severity == "danger" for remark in remarks_on(journey))


def _shows(journey: Journey) -> dict[str, Any]:
    return {
        "named": is_listed(journey),
        "sql_describe": sql.describe_user(journey.user_name),
        "sql_show_pairs": sql.show_user_key_pairs(journey.user_name),
        "slot_properties": SLOT_PROPERTIES,
        "remarks": remarks_on(journey),
        "face_of": face_of,
        "comparison": None,
        "description": None,
    }


PAGE = Page(VerifyForm, _answer, shows=_shows, must_read=_must_read)
