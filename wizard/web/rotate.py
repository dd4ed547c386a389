"""The door to rotating: a key whose day has come is replaced without a gap, one that has leaked goes first."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from wizard.journey import Journey
from wizard.walk import LEAKED, ROTATE, Walk
from wizard.web.drawing import draw
from wizard.web.session import load_journey

blueprint = Blueprint("rotate", __name__)


@blueprint.get("/rotate")
def rotate() -> Response:
    """Ask whether it is due or has leaked; who is under way goes on."""
    journey = load_journey()
    return draw(
        "rotate.html",
        page_title="Rotate a key",
        under_way=journey.old_key is not None and not journey.is_exchanged,
        user=journey.user_name,
        due=_begins(ROTATE, journey),
        leaked=_begins(LEAKED, journey),
    )


def _begins(walk: Walk, journey: Journey) -> str:
    """Return where the walk begins or goes on; one that has come to its end begins with a look at the keys."""
    return walk.address("look" if journey.is_exchanged else walk.to_do(journey).slug)
