"""Coming back to a key that was put to work: the link on its receipt and in the calendar.

It carries public facts only, signed, and lives as long as a key may. The wizard keeps nothing of a login once its
cookie is gone, so this link is how a person takes it up again, a year later and on another computer. Only the receipt
makes one, and a receipt is given for a login that has passed the test: the link brings that back with it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from wizard.handover import REMINDS_BEFORE, day_in_words, day_of, tool_named
from wizard.journey import Journey
from wizard.problem import Problem
from wizard.web.company import rotate_on
from wizard.web.drawing import draw
from wizard.web.links import KEPT, opened
from wizard.web.pages import UNREADABLE
from wizard.web.practising import is_practice
from wizard.web.session import load_journey, new_journey, save_journey
from wizard.web.walks import address_of

blueprint = Blueprint("kept", __name__)

_UNDO: Final = "undo"
_ROTATE: Final = "rotate"
OFFERS: Final = ("test", "handover", _UNDO, _ROTATE)


@blueprint.get("/key/<token>")
def key(token: str) -> Response:
    """Show how the key stands, and what can be done with it. Opening it changes nothing."""
    there, here = opened(KEPT, token).journey, load_journey()
    today, due = day_of(current_app.extensions["now"]()), rotate_on(there)
    tool = tool_named(there.tool)
    return draw(
        "done/kept.html",
        page_title=f"The key of {there.user_name}",
        there=there,
        tool=tool.client if tool else "",
        made=day_in_words(day_of(there.key_known_since)),
        due=day_in_words(due),
        days=(due - today).days,
        is_due=today >= due - timedelta(days=REMINDS_BEFORE),
        other_walk=here not in (Journey(), new_journey()) and here.login != there.login,
        practice_account=is_practice(there),
        action=request.path,
    )


@blueprint.post("/key/<token>")
def take_up(token: str) -> Response:
    """Take the login up again in this browser, in the place of another walk, and go where the person wants to.

    What this browser knows of the very same login is younger than the link, and stays.
    """
    there, here = opened(KEPT, token).journey, load_journey()
    try:
        save_journey(here if here.login == there.login else _standing(there))
    except Problem as problem:
        title = "Error: This walk is too long to keep"
        return draw("share/too_long.html", UNREADABLE, page_title=title, problem=problem)
    to = request.form.get("to", "")
    if to == _UNDO:
        return redirect(url_for("done.undo"), 303)
    if to == _ROTATE:
        return redirect(url_for("rotate.rotate"), 303)
    return redirect(address_of(to if to in OFFERS else "test"), 303)


def _standing(journey: Journey) -> Journey:
    """Return the walk of a login that is known to have passed the test."""
    journey = journey.with_registered()
    if not journey.key_was_seen:
        journey = journey.with_verify_skipped()
    return journey.with_tested(journey.session)
