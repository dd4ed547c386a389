"""What keys are read by, for the page's scripts: the specification and the words that the server itself uses."""

from __future__ import annotations

import gzip
import json
from functools import cache

from flask import Blueprint, Response, request

from wizard.snowflake.key import KEY_NOTES, KEY_WORDS, SPECIFICATION
from wizard.web.packing import packed, takes

TYPE = "application/json"
blueprint = Blueprint("key_words", __name__)


@cache
def _content() -> tuple[bytes, bytes]:
    """Return the tables as JSON, and packed by gzip."""
    told = {"specification": SPECIFICATION, "problems": KEY_WORDS, "notes": KEY_NOTES}
    content = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return content, gzip.compress(content, mtime=0)


@blueprint.get("/keys/words.json")
def key_words() -> Response:
    """Return ``{"specification": {…}, "problems": {code: …}, "notes": {code: sentence}}``. The same for everybody.

    Browsers keep it and ask whether it is still so: a page of a new release must not read by the rules of an old one.
    """
    plain, zipped = _content()
    response = packed(zipped, TYPE) if takes("gzip") else Response(plain, content_type=TYPE)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    response.add_etag()
    response.make_conditional(request)
    return response
