"""Pages for what goes wrong outside a form: what happened, what to do, who does it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask, Response, g, request, session
from werkzeug.exceptions import HTTPException

from wizard.walk import WALKS
from wizard.web.csrf import FormIsNotOurs
from wizard.web.drawing import draw
from wizard.web.lanes import TESTS
from wizard.web.links import FROM_AHEAD, INCOMPLETE, NOT_OURS
from wizard.web.security import is_fragment


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """An error page: its title, what happened, and what to do (with the name of who does it).

    ``again`` says that the same may work another time: the page then leads back to the step that it was about.
    """

    title: str
    happened: str
    todo: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = field(default=(("Go to the start page", "/"),))
    again: bool = False


NOT_FOUND = ErrorPage(
    "Page not found",
    "The address leads to nothing in this wizard.",
    ("Check the address for a typing mistake, or begin at the start page.",),
)
EXPIRED = ErrorPage(
    "The wizard has lost track of your answers",
    "Your browser did not bring back the wizard’s cookie, in which your answers travel, or it was older than a day.",
    (
        "Begin at the start page. What has run in Snowflake stays as it is, and so does your key file.",
        "If this happens every time: your browser is set to refuse cookies for this address. Allow them for this site.",
        "If the address begins with http and not with https: whoever runs this wizard should put https in front of it.",
    ),
)
STALE = ErrorPage(
    "This page is from an earlier visit",
    "The page was opened before your answers were started over, so its form no longer fits them.",
    ("Open the step again and answer it there.",),
    again=True,
)
FOREIGN = ErrorPage(
    "Another site sent this",
    "The form was sent from a page of another site, and the wizard takes answers from its own pages only.",
    ("If you came here by a link, begin at the start page. Nothing was changed.",),
)
FOREIGN_HOST = ErrorPage(
    "This wizard goes by another name",
    "The address you used isn’t one that this wizard answers to.",
    (
        "Use the address that you were given for it.",
        "Whoever runs this wizard: set WIZARD_PUBLIC_URL to the address that people type.",
    ),
)
TOO_LARGE = ErrorPage(
    "That was too much to take",
    "What you sent is larger than any key file or user description.",
    ("Go back and choose the key file itself, or paste the one table that is asked for.",),
    again=True,
)
TOO_MANY = ErrorPage(
    "That was many times in a short while",
    "This server makes keys, opens key files, tests connections and reads long texts only so often for one visitor.",
    ("Wait a little, then try again. Nothing you answered is lost.",),
    again=True,
)
BUSY = ErrorPage(
    "All hands are busy making keys",
    "Making a key takes a processor for a moment, and all of them are at it.",
    ("Try again in a few seconds.",),
    again=True,
)
TESTING = ErrorPage(
    "Too many connections are being tested",
    "This server tests as many as it may at a time, so yours was not begun. Nothing that you sent was kept.",
    ("Wait a few seconds, open the step again, and give the key or the token once more.",),
    again=True,
)
UNEXPECTED = ErrorPage(
    "Something broke on this server",
    "The wizard made a mistake of its own. It was noted in its log; your answers are kept.",
    (
        "Try again.",
        "If it happens again, tell whoever runs this wizard the number below. It leads to the line in the log.",
    ),
    again=True,
)
GONE = ErrorPage(
    "This link has expired",
    "Links live for some days only, and this one has had them.",
    ("Ask the person who sent it for a new one. On their page “Give Snowflake the public key” they can make it.",),
)
LINK_FROM_AHEAD = ErrorPage(
    "This link is ahead of its time",
    "By this server’s clock it has not been made yet: that clock, or the one of the server that made it, is wrong.",
    (
        "Open the link again in a few minutes.",
        "Whoever runs this wizard: let all its servers take their time from one time server (NTP).",
    ),
)
INCOMPLETE_LINK = ErrorPage(
    "This link is incomplete",
    "A part of it is missing or was changed on the way. Mail programs and chats break long links.",
    (
        "Copy the whole link from the message, from https:// to its last letter, and paste it into the address bar.",
        "If it still does not open, ask the person who sent it for a new one.",
    ),
)
LINK_NOT_OURS = ErrorPage(
    "This link is not of this wizard",
    "Nothing of it is missing, but it was signed by another wizard, or by this one before it had a new secret key.",
    (
        "Was it made at another address? It opens there.",
        "Whoever runs this wizard: with the key of before in WIZARD_OLD_SECRET_KEYS, its links open again.",
        "Otherwise a letter was changed on the way: copy the whole link from the message once more.",
    ),
)
OTHER = ErrorPage(
    "This can’t be answered", "The request is one that the wizard doesn’t know.", ("Begin at the start page.",)
)

_BY_STATUS = {404: NOT_FOUND, 410: GONE, 413: TOO_LARGE, 429: TOO_MANY, 503: BUSY, 500: UNEXPECTED}
_BY_REASON = {
    "host": FOREIGN_HOST,
    "origin": FOREIGN,
    TESTS: TESTING,
    INCOMPLETE: INCOMPLETE_LINK,
    NOT_OURS: LINK_NOT_OURS,
    FROM_AHEAD: LINK_FROM_AHEAD,
}


def explain(app: Flask) -> None:
    """Give ``app`` its error pages."""

    def log_exception(exc_info: Any) -> None:
        # For a mistake inside one of the pages below. Flask would write the path and a trace with values in it.
        app.extensions["audit"].record("unexpected-error", error=exc_info[0].__name__, where=_where(exc_info[1]))

    app.log_exception = log_exception  # type: ignore[method-assign]

    @app.errorhandler(FormIsNotOurs)
    def form_is_not_ours(_error: FormIsNotOurs) -> Response:
        # A cookie that is too old, or not ours, has left no session: then it is the cookie that was lost, not the page.
        return _page(STALE if session else EXPIRED, 400)

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None or status < 400:
            return error.get_response()  # type: ignore[return-value]
        error_page = _BY_REASON.get(error.description or "") or _BY_STATUS.get(status, OTHER)
        if error_page is TOO_LARGE and request.content_length and request.max_content_length:
            error_page = replace(TOO_LARGE, happened=_how_large(request.content_length, request.max_content_length))
        response = _page(error_page, status)
        retry_after = getattr(error, "retry_after", None)
        if retry_after is not None:
            response.headers["Retry-After"] = str(retry_after)
        if status == 405 and getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
        return response

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        if app.config["PROPAGATE_EXCEPTIONS"]:  # for whoever works on the wizard; no setting turns it on
            raise error
        app.extensions["audit"].record(
            "unexpected-error", request=g.get("request_id", ""), error=type(error).__name__, where=_where(error)
        )
        return _page(UNEXPECTED, 500)


def _where(error: BaseException) -> str:
    """Return file and line where an error arose: no message and no value, either could hold what was sent."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else ""


def _how_large(sent: int, most: int) -> str:
    """Say how much was sent (bytes), and how much the page takes."""
    told = f"it has {-(-sent // 1024):,} kB, and this page takes {most // 1024:,} kB at most."
    return f"{TOO_LARGE.happened.removesuffix('.')}: {told}"


def _step_asked_for() -> str:
    """Return the address of the step that this request was about, ``""`` if it was about none."""
    prefix, slug = f"{request.path[1:]}//".split("/")[:2]
    walk = WALKS.get(prefix)
    return walk.address(slug) if walk and slug in walk.named else ""


def _page(error_page: ErrorPage, status: int) -> Response:
    if is_fragment() and request.endpoint == "steps.test.row":
        # A row of the live test has no room for a page; it ends the test in its own place.
        return draw("test/interrupted.html", status, error_page=error_page)
    # Not by the Back button: a step that was swapped in place lies one page further back than it looks.
    step = _step_asked_for() if error_page.again else ""
    return draw(
        "errors/page.html",
        status,
        error_page=error_page,
        page_title=error_page.title,
        request_id=g.get("request_id", "") if error_page is UNEXPECTED else "",
        again=step or (request.path if error_page.again and request.method == "GET" else ""),
        again_is_step=bool(step),
    )
