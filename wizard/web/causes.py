"""A page for each cause that the wizard can name, and an index of them: what people send each other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
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
            "sentences": {cause: _searched(cause) for cause in CATALOGUE},
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
            "seen": _seen(cause_id),
            "catalogue": CATALOGUE,
            "sources": (cause.source, *_explained(cause_id).sources),
        }

    return draw_alike(cause_id, "causes/cause.html", context)


def _explained(cause_id: str) -> Explanation:
    return EXPLAINED.get(cause_id, Explanation())


def _seen(cause_id: str) -> Mapping[str, list[str]]:
    """Return what it looks like: each sentence, with who prints it. What Snowflake says comes first."""
    told = _told().get(cause_id, {})
    seen: dict[str, list[str]] = {}
    for one in _explained(cause_id).seen:
        if not any(client.startswith(one.program) for client in told):  # it was run, or read, and says it better
            seen.setdefault(one.sentence, []).append(one.program)
    for client, sentence in told.items():
        seen.setdefault(sentence, []).append(client)
    return seen


def _searched(cause_id: str) -> str:
    return " ".join(dict.fromkeys([*_seen(cause_id), *(one.sentence for one in _explained(cause_id).seen)]))


@cache
def _told() -> Mapping[str, Mapping[str, str]]:
    """Cause to client to the sentence that the client printed; ``scripts/tell-causes.py`` writes the file."""
    found: Mapping[str, Mapping[str, str]] = json.loads(
        resources.files("wizard.diagnosis").joinpath("told.json").read_text(encoding="utf-8")
    )
    return found
