"""The commands that make a key pair with a person's own tools: a page, and the part of the key page that opens there.

They stand on a page of their own because the key page is the largest of the walk, and few need them.
"""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from wizard.web.drawing import draw_alike
from wizard.web.security import is_fragment

blueprint = Blueprint("key_commands", __name__)


@blueprint.get("/keys/commands")
def key_commands() -> Response:
    """Show the commands: htmx puts them into the key page, and whoever comes by the link gets a page."""
    template = "key/commands.html" if is_fragment() else "key/commands_page.html"
    response = draw_alike((), template, lambda: {"page_title": "Commands that make a key pair"})
    response.headers.pop("HX-Push-Url", None)  # a part of the page: the address stays
    return response
