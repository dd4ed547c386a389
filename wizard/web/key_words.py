"""The table of words about keys, for the page's scripts: the same sentences that the server uses."""

from __future__ import annotations

from flask import Blueprint, Response, json

from wizard.snowflake.key import KEY_NOTES, KEY_WORDS

blueprint = Blueprint("key_words", __name__)


@blueprint.get("/keys/words.json")
def key_words() -> Response:
    """Return ``{"problems": {code: …}, "notes": {code: sentence}}``. Public, and the same for everybody."""
    return Response(json.dumps({"problems": KEY_WORDS, "notes": KEY_NOTES}), content_type="application/json")
