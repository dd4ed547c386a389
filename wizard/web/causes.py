"""A page for each cause that the wizard can name, and an index of them: what people send each other."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from wizard.diagnosis import CATALOGUE
from wizard.diagnosis.catalogue import SUBJECTS
from wizard.diagnosis.explained import EXPLAINED, Explanation
from wizard.diagnosis.open_names import with_names_open
from wizard.web.drawing import draw_alike

blueprint = Blueprint("causes", __name__)


@blueprint.get("/causes")
def index() -> Response:
    """List every cause by its subject, with what programs print for it, to search in."""

    def context() -> dict[str, Any]:
        return {
            "page_title": "Why a key pair login fails",
            "subjects": SUBJECTS,
            "sentences": {cause: " ".join(seen.sentence for seen in _explained(cause).seen) for cause in CATALOGUE},
        }

    return draw_alike((), "causes/index.html", context)


@blueprint.get("/causes/<cause_id>")
def explanation(cause_id: str) -> Response:
    """Explain one cause, with its names left open."""
    cause = CATALOGUE.get(cause_id) or abort(404)

    def context() -> dict[str, Any]:
        return {
            "page_title": cause.title,
            "cause": cause,
            "fixes": [with_names_open(fix) for fix in cause.fixes],
            "explained": _explained(cause_id),
            "catalogue": CATALOGUE,
            "sources": (cause.source, *_explained(cause_id).sources),
        }

    return draw_alike(cause_id, "causes/cause.html", context)


def _explained(cause_id: str) -> Explanation:
    return EXPLAINED.get(cause_id, Explanation())
