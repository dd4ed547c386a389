"""Links that bring the asker back: from the administrator when the key is there, and to a walk begun elsewhere.

Both carry public facts only, signed (:mod:`wizard.web.links`), and opening one changes nothing. Anybody can make a walk
and send its links about: what they bring is shown first, with the key's face where this browser doesn't know that key,
and taken when the person says so.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from wizard.journey import Journey
from wizard.problem import Problem
from wizard.web.drawing import draw
from wizard.web.links import RESUME, RETURN, Purpose, opened
from wizard.web.pages import UNREADABLE
from wizard.web.session import load_journey, new_journey, save_journey
from wizard.web.walks import address_to_do

blueprint = Blueprint("returns", __name__)


@blueprint.get("/return/<token>", endpoint="come_back", defaults={"purpose": RETURN})
@blueprint.get("/resume/<token>", endpoint="resume", defaults={"purpose": RESUME})
def show(token: str, purpose: Purpose) -> Response:
    """Show what the link would bring into this browser, or lead on at once where it brings nothing new."""
    carried, here = opened(purpose, token).journey, load_journey()
    taken = _taken(purpose, carried, here)
    if taken == here:
        return redirect(address_to_do(here), 303)
    same = here.registration == carried.registration
    if not same and here not in (Journey(), new_journey()):
        return draw(
            "share/other_walk.html",
            page_title="Another walk is under way here",
            here=here,
            there=taken,
            action=request.path,
            back=address_to_do(here),
        )
    is_answer = purpose is RETURN
    title = f"Your administrator has set the key of {carried.user_name}" if is_answer else "Go on with this walk?"
    return draw(
        "share/by_link.html",
        page_title=title,
        title=title,
        is_answer=is_answer,
        same=same,
        there=taken,
        here=here,
        action=request.path,
    )


@blueprint.post("/return/<token>", endpoint="come_back_now", defaults={"purpose": RETURN})
@blueprint.post("/resume/<token>", endpoint="resume_now", defaults={"purpose": RESUME})
def take(token: str, purpose: Purpose) -> Response:
    """Take what the link brings, in the place of another walk that this browser may have."""
    journey = _taken(purpose, opened(purpose, token).journey, load_journey())
    try:
        save_journey(journey)
    except Problem as problem:
        title = "Error: This walk is too long to keep"
        return draw("share/too_long.html", UNREADABLE, page_title=title, problem=problem)
    return redirect(address_to_do(journey), 303)


def _taken(purpose: Purpose, carried: Journey, here: Journey) -> Journey:
    """Return the walk of this browser once the link is taken: that it goes on, or that Snowflake holds its key."""
    # What this browser knows beyond the link (which tool, how the key was made, what has been tested) stays.
    journey = here if here.registration == carried.registration else carried.with_administrator_asked(0)
    return _registered(journey, carried) if purpose is RETURN else journey


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
