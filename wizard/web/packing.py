"""What is compressed on its way, and what is not.

The length of a compressed answer can tell a secret in it to somebody who puts texts of their own beside that secret,
again and again, and sees the lengths pass (BREACH, https://breachattack.com). So a page is compressed only where this
can't be done:

* It answers a GET whose address holds nothing from outside: no query, unless it is one of a list of ours
  (:func:`query_is_ours`), and no token of a link (such a page shows what the link's maker wrote). What else a page
  shows comes from the signed cookie, into which no other site can write.
* What it holds of ours, nonce and CSRF token, is drawn anew for each answer (:mod:`wizard.web.csrf`).

Answers to a POST are sent as they are: they show what was typed or pasted, and those of a running test carry its token.
Static files hold no secret; each is compressed once.
"""

from __future__ import annotations

from functools import lru_cache

from flask import Response, g, request
from isal.igzip_lib import COMP_GZIP, compress
from werkzeug.http import parse_accept_header

from wizard.web.security import is_fragment, is_somebodys

# Intel's ISA-L, of 0 to 3: level 3 takes a third of the time of zlib's level 4 (0.07 ms of the mean page), for answers
# that are four hundredths larger, and level 2 half of that again, for two hundredths. A document comes once in a visit.
# What htmx swaps in comes with each step, and may cost 6 kB.
_LEVEL_OF_DOCUMENT = 2
_LEVEL_OF_PART = 3


def takes(coding: str) -> bool:
    """Say whether the sender of this request unpacks a content coding, ``gzip`` or ``br``."""
    return _takes(request.environ.get("HTTP_ACCEPT_ENCODING", ""), coding)


@lru_cache(maxsize=64)  # browsers have a few ways of saying it
def _takes(accepted: str, coding: str) -> bool:
    return parse_accept_header(accepted)[coding] > 0


def packed(content: bytes, content_type: str, coding: str = "gzip") -> Response:
    """Return an answer whose ``content`` is in this coding already."""
    response = Response(content, content_type=content_type)
    response.headers["Content-Encoding"] = coding
    return response


def query_is_ours() -> None:
    """Say that the query of this request is, letter for letter, one of a short list of ours: nobody can guess by it."""
    g.query_is_ours = True


def page(content: bytes, content_type: str) -> Response:
    """Return a page, compressed where it may be and its reader unpacks that."""
    from_outside = request.query_string and not g.get("query_is_ours")
    may_be = request.method in ("GET", "HEAD") and not from_outside and not is_somebodys()
    if may_be and takes("gzip"):
        level = _LEVEL_OF_PART if is_fragment() else _LEVEL_OF_DOCUMENT
        return packed(compress(content, level, COMP_GZIP), content_type)
    return Response(content, content_type=content_type)
