"""Links that bring the asker back: from the administrator when the key is there, and to a walk begun elsewhere.

Both carry public facts only, signed (:mod:`wizard.web.links`). In a browser that has no walk, or this one, a link is
followed at once; where another walk is under way it asks first, so that a link can't put somebody else's key under it.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from wizard.journey import Journey, step_to_do
from wizard.problem import Problem
from wizard.web.drawing import draw
from wizard.web.links import RESUME, RETURN, Purpose, opened
from wizard.web.pages import UNREADABLE
from wizard.web.session import load_journey, new_journey, save_journey

blueprint = Blueprint("returns", __name__)


@blueprint.get("/return/<token>")
def come_back(token: str) -> Response:
    """Take the administrator's word that Snowflake holds the key, for exactly the login that the link is about."""
    return _follow(RETURN, token)


@blueprint.post("/return/<token>")
def come_back_anyway(token: str) -> Response:
    """Put the link's walk in the place of the one that this browser has."""
    return _take(RETURN, token)


@blueprint.get("/resume/<token>")
def resume(token: str) -> Response:
    """Go on with a walk that was begun in another browser, or longer ago than a cookie lives."""
    return _follow(RESUME, token)


@blueprint.post("/resume/<token>")
def resume_anyway(token: str) -> Response:
    """Put the link's walk in the place of the one that this browser has."""
    return _take(RESUME, token)


def _follow(purpose: Purpose, token: str) -> Response:
    carried = opened(purpose, token).journey
    here = load_journey()
    if here in (Journey(), new_journey()) or here.registration == carried.registration:
        return _take(purpose, token)
    return draw(
        "share/other_walk.html",
        page_title="Another walk is under way here",
        here=here,
        there=carried,
        action=request.path,
        back=url_for("steps.step", slug=step_to_do(here).slug),
    )


def _take(purpose: Purpose, token: str) -> Response:
    carried = opened(purpose, token).journey
    here = load_journey()
    # What this browser knows beyond the link (which tool, how the key was made, what has been tested) stays.
    journey = here if here.registration == carried.registration else carried.with_administrator_asked(0)
    if purpose is RETURN:
        journey = _registered(journey, carried)
    try:
        save_journey(journey)
    except Problem as problem:
        return draw("share/too_long.html", UNREADABLE, page_title="This walk is too long to keep", problem=problem)
    return redirect(url_for("steps.step", slug=step_to_do(journey).slug), 303)


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
