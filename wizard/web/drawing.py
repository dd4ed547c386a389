"""From a template to an answer, without drawing the same thing twice.

What differs from answer to answer whatever the page says (the nonce, the CSRF token, the addresses of its walk) is
*marked* when a template is rendered and *filled in* when it is sent. That leaves much of a page alike for everybody,
and what is alike is kept:

* whole pages that show no answer, such as those a newcomer sees (:func:`draw_alike`);
* parts of templates that are included ``without context``: Jinja draws those once.

Nothing that a person answered is ever kept: a page that shows it is drawn for them and forgotten.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from jinja2.utils import LRUCache

from wizard.web import csrf, packing
from wizard.web.security import is_fragment, is_somebodys, nonce
from wizard.web.walks import WALK_MARK, at, current_walk

# Nobody outside this process ever sees a mark: text that happened to hold one would have to guess 128 bits.
NONCE_MARK = f"nonce-{secrets.token_hex(16)}"
CSRF_MARK = f"csrf-{secrets.token_hex(16)}"
MOST_KEPT = 256  # pages; the wizard has fewer that are alike, each as a document and as a part of one


def draw(template: str, status: int = 200, **context: Any) -> Response:
    """Render a template as this request wants it: the whole document, or the part that htmx swaps in."""
    return _answer(_rendered(template, context), status)


def draw_alike(key: Hashable, template: str, context: Callable[[], Mapping[str, Any]]) -> Response:
    """Answer with a page that shows nothing of anybody's answers, and so is drawn once for everybody.

    ``key`` holds all that the page depends on beside its template; ``context`` is asked for the first time only.
    """
    kept: LRUCache = current_app.extensions["kept"]
    name = (template, key, is_fragment())
    text = kept.get(name)
    if text is None:
        text = kept[name] = _rendered(template, context())
    return _answer(text, 200)


def _rendered(template: str, context: Mapping[str, Any]) -> str:
    # Not Flask's render_template: no page reads the request, the session or g, and nobody listens to its signals.
    drawn = current_app.jinja_env.get_template(template)
    return drawn.render(fragment=is_fragment(), somebodys=is_somebodys(), **context)


def _answer(text: str, status: int) -> Response:
    text = text.replace(NONCE_MARK, nonce()).replace(WALK_MARK, current_walk().prefix)
    if CSRF_MARK in text:
        text = text.replace(CSRF_MARK, csrf.csrf_token())
    response = packing.page(text.encode(), "text/html; charset=utf-8")
    response.status_code = status
    response.headers["Vary"] = "Accept-Encoding, HX-Request"
    if is_fragment() and request.method == "GET" and status < 300:
        # After a redirect htmx doesn't know where it ended; the address bar follows what is shown.
        response.headers["HX-Push-Url"] = quote(request.path)
    return response


def keep_what_is_alike(app: Flask) -> None:
    """Give ``app`` the marks, and a bounded memory for pages."""
    app.extensions["kept"] = LRUCache(MOST_KEPT)
    app.jinja_env.globals.update(nonce=lambda: NONCE_MARK, csrf_token=lambda: CSRF_MARK, at=at, walk_mark=WALK_MARK)
