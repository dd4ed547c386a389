"""Files to take away that hold nothing secret."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from wizard.handover import files_zip
from wizard.journey import STEP_NAMED, is_open
from wizard.web.session import load_journey
from wizard.web.steps.handover import connection_of
from wizard.web.steps.key import attachment

blueprint = Blueprint("downloads", __name__)


@blueprint.get("/handover/python-connector/files.zip")
def python_connector() -> Response:
    """Return ``files.zip`` for the Python connector: ``main.py``, ``requirements.txt`` and a README, filled in."""
    journey = load_journey()
    if not is_open(STEP_NAMED["handover"], journey):
        return redirect(url_for("steps.step", slug="handover"), 303)
    return attachment(files_zip(connection_of(journey)), "files.zip")
