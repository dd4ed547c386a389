"""Links that bring the asker back: from the administrator when the key is there, and to a walk begun elsewhere.

Both carry public facts only, signed (:mod:`wizard.web.links`). In a browser that has no walk, or this one, a link is
followed at once; where another walk is under way it asks first, so that a link can't put somebody else's key under it.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from wizard.journey import Journey, step_to_do
from wizard.problem import Problem
from wizard.web.drawing import draw
from wizard.web.links import RESUME, RETURN, Purpose, opened
from wizard.web.pages import UNREADABLE, address_of
from wizard.web.session import load_journey, new_journey, save_journey

blueprint = Blueprint("returns", __name__)


@blueprint.get("/return/<token>", endpoint="come_back", defaults={"purpose": RETURN})
@blueprint.get("/resume/<token>", endpoint="resume", defaults={"purpose": RESUME})
def follow(token: str, purpose: Purpose) -> Response:
    """Take the administrator's word that Snowflake holds the key of exactly this login, or go on with a walk begun
    elsewhere; ask where another walk is under way here.
    """
    carried = opened(purpose, token).journey
    here = load_journey()
    if here in (Journey(), new_journey()) or here.registration == carried.registration:
        return _take(purpose, carried, here)
    return draw(
        "share/other_walk.html",
        page_title="Another walk is under way here",
        here=here,
        there=carried,
        action=request.path,
        back=address_of(step_to_do(here).slug),
    )


@blueprint.post("/return/<token>", endpoint="come_back_anyway", defaults={"purpose": RETURN})
@blueprint.post("/resume/<token>", endpoint="resume_anyway", defaults={"purpose": RESUME})
def follow_anyway(token: str, purpose: Purpose) -> Response:
    """Put the link's walk in the place of the one that this browser has."""
    return _take(purpose, opened(purpose, token).journey, load_journey())


def _take(purpose: Purpose, carried: Journey, here: Journey) -> Response:
    # What this browser knows beyond the link (which tool, how the key was made, what has been tested) stays.
    journey = here if here.registration == carried.registration else carried.with_administrator_asked(0)
    if purpose is RETURN:
        journey = _registered(journey, carried)
    try:
        save_journey(journey)
    except Problem as problem:
        title = "Error: This walk is too long to keep"
        return draw("share/too_long.html", UNREADABLE, page_title=title, problem=problem)
    return redirect(address_of(step_to_do(journey).slug), 303)


def _registered(journey: Journey, carried: Journey) -> Journey:
    """Take it that the statement ran, and that the key was seen where the link says.

    A LOGIN_NAME that the administrator saw is taken over: a token with another one would be refused.
    """
    if carried.description and carried.description.login_name:
        journey = journey.with_user(journey.user_name, carried.description.login_name)
    journey = journey.with_registered()
    if journey.key_was_seen:
        return journey
    told = carried.description
    if told is None:
        return journey.with_key_seen()
    before = journey.description
    return journey.with_description(replace(before, slots=told.slots, pair=told.pair) if before else told)
