"""Pages for what ends before there is a request to answer: plain, drawn once, and sent by the server itself.

They cost nothing to send, so that many of them at once do no harm. Their words are written like those of
:mod:`wizard.web.errors`.
"""

from __future__ import annotations

from html import escape
from typing import Final

from wizard.web.errors import ErrorPage
from wizard.web.security import HEADERS, STRICT_TRANSPORT

BROKEN_OFF = ErrorPage(
    "That did not arrive whole",
    "What your browser sent broke off on the way, so nothing was done with it.",
    ("Go back and try again.",),
)
SLOW = ErrorPage(
    "That took too long to arrive",
    "What your browser sent did not arrive whole in time, so nothing was done with it.",
    ("Go back and try again. If it happens every time, the connection between you and this server is the reason.",),
)
OVERLOADED = ErrorPage(
    "This server has too much to do",
    "More was asked of it than it can work on.",
    ("Go back and try again in a few seconds.",),
)
BROKEN = ErrorPage(
    "Something broke on this server",
    "The wizard made a mistake of its own. It was noted in its log; your answers are kept.",
    ("Try again.", "If it happens again, tell whoever runs this wizard."),
)
_ERROR_PAGES: Final = {400: BROKEN_OFF, 408: SLOW, 500: BROKEN, 503: OVERLOADED}
_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def _drawn(error_page: ErrorPage) -> bytes:
    todo = "".join(f"<li>{escape(line)}</li>" for line in error_page.todo)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(error_page.title)}</title></head><body><main><h1>{escape(error_page.title)}</h1>"
        f"<p>{escape(error_page.happened)}</p><h2>What to do</h2><ul>{todo}</ul></main></body></html>"
    ).encode()


_PAGES: Final = {status: _drawn(error_page) for status, error_page in _ERROR_PAGES.items()}


def refusal(status: int, secure: bool) -> tuple[list[tuple[str, str]], bytes]:
    """Return headers and body of the answer with this status: 400, 408, 500 or 503. ``secure``: over TLS."""
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", _POLICY),
        *HEADERS.items(),
    ]
    if secure:
        headers.append(("Strict-Transport-Security", STRICT_TRANSPORT))
    if status == 503:
        headers.append(("Retry-After", "5"))
    return headers, _PAGES[status]
