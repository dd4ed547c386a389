"""Files to take away that hold nothing secret."""

from __future__ import annotations

from flask import Blueprint, abort, redirect
from werkzeug.wrappers import Response

from wizard.handover import files_zip, tool_named
from wizard.walk import SET_UP
from wizard.web.session import load_journey
from wizard.web.steps.handover import connection_of
from wizard.web.steps.key import attachment

blueprint = Blueprint("downloads", __name__)


@blueprint.get("/handover/<slug>/files.zip")
def files_of_tool(slug: str) -> Response:
    """Return ``files.zip`` for a tool: its texts as files, and a README, filled in."""
    tool = tool_named(slug) or abort(404)
    journey = load_journey()
    if not SET_UP.is_open("handover", journey):
        return redirect(SET_UP.address("handover"), 303)
    connection = connection_of(journey)
    return attachment(files_zip(connection, tool), "files.zip") if tool.suits(connection) else abort(404)
