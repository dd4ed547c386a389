"""The one cookie: signed, readable, below 4 kB, a day old at most.

Signed is not sealed, so only public things go in: the journey and the CSRF token. Its name and its Secure flag follow
the scheme of the request: on https it is ``__Host-wizard``, which a sub-domain or a plain http page can't plant; on
``http://localhost`` WebKit drops Secure cookies, and a cookie that never comes back would be an endless loop.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask, Request, current_app, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from wizard.journey import Journey, JourneyError
from wizard.web.signed import AHEAD, ByOurClock, KeepsItsSigner

LIKELY_TO_FIT = 2000  # characters of JSON that need no measuring
LONGEST_COOKIE = 3900  # bytes; with its name and attributes it has to stay below 4096
LONGEST_LIFE = 24 * 60 * 60  # seconds from the first answer, however often the cookie is renewed
_BEGAN = "began"
_JOURNEY = "journey"


class _PlainJson:
    """What is in the cookie is JSON already. Flask's own writer looks at each value for types that JSON has not."""

    @staticmethod
    def dumps(told: Any) -> str:
        return json.dumps(told, separators=(",", ":"))

    loads = staticmethod(json.loads)


class JourneyCookie(SecureCookieSessionInterface):
    """Flask's signed cookie with our name, and an age that renewing doesn't stretch.

    ``now`` gives epoch seconds; it is handed in so that a test can let a day pass.
    """

    serializer = _PlainJson  # type: ignore[assignment]  # Flask asks for an instance of its own writer
    digest_method = staticmethod(hashlib.sha1)  # Flask's too, under a name by which hmac finds OpenSSL's

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._serializer: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        if self._serializer is None:
            how = {"key_derivation": self.key_derivation, "digest_method": self.digest_method, "now": self._now}
            self._serializer = KeepsItsSigner(
                str(app.secret_key), self.salt, self.serializer, signer=ByOurClock, signer_kwargs=how
            )
        return self._serializer

    def get_cookie_name(self, _app: Flask) -> str:
        return "__Host-wizard" if request.is_secure else "wizard"

    def get_cookie_secure(self, _app: Flask) -> bool:
        return request.is_secure

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        opened = super().open_session(app, request)
        if opened and not self._young(opened):
            opened = self.session_class()
            opened.modified = True  # the browser is told to drop what it holds
        return opened

    def save_session(self, app: Flask, session: Any, response: Any) -> None:
        if not session.modified:
            if session.accessed:
                response.vary.add("Cookie")
            return
        if session:
            session.setdefault(_BEGAN, int(self._now()))
        super().save_session(app, session, response)

    def _young(self, opened: SecureCookieSession) -> bool:
        began = opened.get(_BEGAN)
        return isinstance(began, int) and -AHEAD <= self._now() - began <= LONGEST_LIFE


def load_journey() -> Journey:
    """Return the journey of this request's cookie; one that an older release wrote and this can't read is a new one."""
    told = session.get(_JOURNEY)
    if not isinstance(told, dict):
        return Journey()
    try:
        return Journey.from_dict(told)
    except JourneyError:
        return Journey()


def save_journey(journey: Journey) -> None:
    """Put the journey into the cookie of this request's answer.

    A cookie of more than 4 kB is dropped by browsers without a word. Only very long names get there, and what DESC
    USER said of the user is what can best be told once more.
    """
    session[_JOURNEY] = journey.to_dict()
    if len(json.dumps(session[_JOURNEY])) > LIKELY_TO_FIT and _length() > LONGEST_COOKIE:
        session[_JOURNEY] = replace(journey, described=None, described_at="", session={}).to_dict()


def _length() -> int:
    """Return how long the cookie of this request's answer would be now, in bytes."""
    cookie: JourneyCookie = current_app.session_interface  # type: ignore[assignment]
    return len(cookie.get_signing_serializer(current_app).dumps(dict(session)))
