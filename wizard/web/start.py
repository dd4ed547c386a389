"""The start page, what has to log in, and starting over."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response

from wizard.handover import tool_named
from wizard.journey import Journey
from wizard.walk import SET_UP, under_way
from wizard.web.drawing import draw, draw_alike
from wizard.web.pages import progress
from wizard.web.practising import NAMES, is_practice
from wizard.web.security import LOOPBACK_NAMES, host_name, may_receive_secrets
from wizard.web.session import load_journey, new_journey, save_journey

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def start() -> Response:
    """Say what this is; a visitor who comes back sees where they were."""
    journey = load_journey()
    began, walk = journey != new_journey(), under_way(journey)
    goes_on = walk.to_do(journey)
    seen = {
        "may_receive_secrets": may_receive_secrets(),
        "over_tls": request.is_secure,
        "on_this_machine": may_receive_secrets() and host_name(request.host) in LOOPBACK_NAMES,
    }

    def context() -> dict[str, Any]:
        return seen | {
            "page_title": "Log in to Snowflake with a key pair",
            "journey": journey,
            "began": began,
            "goes_on": goes_on,
            "goes_on_href": walk.address(goes_on.slug),
            "progress": progress(journey, None, walk=walk) if began else (),
            "names": NAMES,
            "chosen": tool_named(journey.tool),
            "practice_account": is_practice(journey),
        }

    return draw("start.html", **context()) if began else draw_alike(tuple(seen.values()), "start.html", context)


@blueprint.get("/begin/<slug>")
def begin(slug: str) -> Response:
    """Take what has to log in, and lead to the step to do. A company's own pages may link to this address too.

    A link and no form, so that the start page is the same for everybody and sets no cookie.
    """
    tool = tool_named(slug) or abort(404)
    journey = load_journey().with_tool(tool.slug)
    save_journey(journey)
    return redirect(SET_UP.address(SET_UP.to_do(journey).slug), 303)


@blueprint.post("/start-over")
def start_over() -> Response:
    """Forget everything that this browser holds of the wizard; ``keep=account`` goes on with the account alone."""
    kept = Journey(account=load_journey().account) if request.form.get("keep") == "account" else Journey()
    session.clear()
    if kept != Journey():
        save_journey(kept)
        return redirect(url_for("start.start"), 303)
    response = redirect(url_for("start.start"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
