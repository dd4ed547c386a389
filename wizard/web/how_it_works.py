"""The page for whoever has to trust the wizard: what leaves the browser, and how to check it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from wizard.web.assets import Assets
from wizard.web.drawing import draw_alike

blueprint = Blueprint("how_it_works", __name__)


@blueprint.get("/how-it-works")
def how_it_works() -> Response:
    """Say what this server sees and keeps, and list the scripts with their hashes."""
    assets: Assets = current_app.extensions["assets"]

    def context() -> dict[str, Any]:
        scripts = [(name, assets.url(name), asset) for name, asset in assets.files.items() if name.endswith(".js")]
        return {"page_title": "How this wizard handles your key", "scripts": scripts}

    return draw_alike((), "how_it_works.html", context)
