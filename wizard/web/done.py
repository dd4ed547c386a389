"""The end of the walk: the receipt, the day in the calendar, and undoing.

Open once the test has passed. Nothing here is secret, and nothing is kept that the walk doesn't keep already.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, current_app, redirect
from werkzeug.wrappers import Response

from wizard.handover import Receipt, day_of, receipt_in_json, receipt_in_markdown, rotation_calendar, tool_named
from wizard.journey import Journey
from wizard.snowflake import sql
from wizard.walk import SET_UP
from wizard.web.company import rotate_on
from wizard.web.drawing import draw
from wizard.web.links import KEPT, link_to
from wizard.web.pages import progress
from wizard.web.practising import is_practice
from wizard.web.session import load_journey
from wizard.web.steps.key import attachment

blueprint = Blueprint("done", __name__)


def _of_a_proved_login(view: Callable[[Journey], Response]) -> Callable[[], Response]:
    @wraps(view)
    def guarded() -> Response:
        journey = load_journey()
        if not SET_UP.is_open("handover", journey):
            return redirect(SET_UP.address("handover"), 303)
        return view(journey)

    return guarded


def _now() -> int:
    now: int = current_app.extensions["now"]()
    return now


def _undo(journey: Journey) -> str:
    """Return the statement that takes the proved key off its user; ``""`` where it wasn't seen in a place."""
    place = journey.place
    if place and place.slot:
        return sql.unset_public_key(journey.user_name, place.slot)
    return sql.remove_key_pair(journey.user_name, place.pair) if place and place.pair else ""


def _receipt(journey: Journey) -> Receipt:
    assert journey.account is not None
    assert journey.key is not None
    session = journey.session
    role, warehouse = session.get("role", ""), session.get("warehouse", "")
    seen = f"Snowflake let {session.get('user') or journey.user_name} in with this key"
    seen += f", role {role}" if role else ""
    seen += f", warehouse {warehouse}" if warehouse else ""
    tool = tool_named(journey.tool)
    return Receipt(
        account=journey.account.claim,
        host=journey.account.host,
        user=journey.user_name,
        login_name=journey.login_name,
        fingerprint=journey.key.fingerprint,
        face=journey.key.face.words,
        place=journey.place.in_words().strip() if journey.place else "",
        tool=tool.client if tool else "",
        tested=f"{seen}.",
        written_on=day_of(_now()),
        rotate_on=rotate_on(journey),
        undo=_undo(journey)
        or f"Take the key off the user: {sql.describe_user(journey.user_name)} shows where it stands",
        link=link_to(KEPT, journey),
    )


def _page(journey: Journey, template: str, title: str, **context: Any) -> Response:
    rail = progress(journey, None, through=True)
    shown = context | {"journey": journey, "progress": rail, "back": SET_UP.address("handover")}
    return draw(template, page_title=title, practice_account=is_practice(journey), **shown)


@blueprint.get("/done")
@_of_a_proved_login
def done(journey: Journey) -> Response:
    """Show the receipt, and what can be done with it."""
    return _page(journey, "done/receipt.html", "Done", receipt=_receipt(journey))


@blueprint.get("/done/receipt.md")
@_of_a_proved_login
def receipt(journey: Journey) -> Response:
    """Return the receipt as a Markdown file."""
    return attachment(receipt_in_markdown(_receipt(journey)).encode(), "snowflake-key.md")


@blueprint.get("/done/receipt.json")
@_of_a_proved_login
def receipt_for_scripts(journey: Journey) -> Response:
    """Return the receipt as a JSON file."""
    return attachment(receipt_in_json(_receipt(journey)).encode(), "snowflake-key.json")


@blueprint.get("/done/rotation.ics")
@_of_a_proved_login
def calendar(journey: Journey) -> Response:
    """Return the day to rotate as a calendar file."""
    told = _receipt(journey)
    text = rotation_calendar(
        journey.registration,
        told.rotate_on,
        _now(),
        summary=f"Replace the Snowflake key of {told.user}",
        description=f"Account {told.account}, user {told.user}, key {told.fingerprint}.\n"
        f"A user can have two keys, so nothing has to stop meanwhile. Begin here:\n{told.link}",
        url=told.link,
    )
    return attachment(text.encode(), "rotate-snowflake-key.ics")


@blueprint.get("/done/undo")
@_of_a_proved_login
def undo(journey: Journey) -> Response:
    """Ask before anything that takes the proved key away is shown."""
    return _page(journey, "done/undo.html", _question(journey), sure=False, sql_undo="")


@blueprint.get("/done/undo/yes")
@_of_a_proved_login
def undo_for_sure(journey: Journey) -> Response:
    """Show how to take the key away, to who has said yes."""
    shown = _undo(journey) or sql.block(
        sql.describe_user(journey.user_name), sql.show_user_key_pairs(journey.user_name)
    )
    return _page(journey, "done/undo.html", _question(journey), sure=True, sql_undo=shown)


def _question(journey: Journey) -> str:
    return f"Take this key off {journey.user_name}?"
