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

from wizard.journey import STORED_JOURNEY, Journey
from wizard.problem import Problem
from wizard.settings import Settings
from wizard.stored import StoredError
from wizard.web.company import house
from wizard.web.signed import AHEAD, ByOurClock, KeepsItsSigner

LIKELY_TO_FIT = 2000  # characters of JSON that need no measuring
LONGEST_COOKIE = 3900  # bytes; with its name and attributes it has to stay below 4096
LONGEST_LIFE = 24 * 60 * 60  # seconds from the first answer, however often the cookie is renewed
_BEGAN = "began"
_JOURNEY = "journey"
_DIGITS = hashlib.sha512(b"evidence").hexdigest()  # like those of digests, which hardly get shorter
_TOLD_ONCE_MORE: dict[str, Any] = {"described": None, "described_at": "", "session": {}}
_STILL_TO_COME: dict[str, Any] = {
    "tool": _DIGITS[104:],
    "registered": _DIGITS[:24],
    "verified": _DIGITS[24:48],
    "verify_skipped": _DIGITS[48:72],
    "tested": _DIGITS[72:104],
    "asked": _DIGITS[12:36],
    "asked_at": 10**10,
    "old_tested": _DIGITS[24:48],
    "switched": _DIGITS[48:72],
    "retired": _DIGITS[72:96],
}


class _PlainJson:
    """What is in the cookie is JSON already. Flask's own writer looks at each value for types that JSON has not."""

    dumps = staticmethod(json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode)
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
            settings: Settings = app.extensions["settings"]
            self._serializer = KeepsItsSigner(
                settings.signing_keys, self.salt, self.serializer, signer=ByOurClock, signer_kwargs=how
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
                varies = response.headers.get("Vary")
                response.headers["Vary"] = f"{varies}, Cookie" if varies else "Cookie"
            return
        if session:
            session.setdefault(_BEGAN, int(self._now()))
        super().save_session(app, session, response)

    def _young(self, opened: SecureCookieSession) -> bool:
        began = opened.get(_BEGAN)
        return isinstance(began, int) and -AHEAD <= self._now() - began <= LONGEST_LIFE


def load_journey() -> Journey:
    """Return the journey of this request's cookie; one that an older release wrote and this can't read is a new one."""
    if _JOURNEY not in session:
        return new_journey()
    try:
        journey = STORED_JOURNEY.read(session[_JOURNEY])
    except StoredError:
        return new_journey()
    if house().accounts and (journey.account is None or not house().takes(journey.account)):
        return replace(journey, account=house().only_account)
    return journey


def new_journey() -> Journey:
    """Return the walk of somebody who has just arrived. Where there is one account, that is answered already."""
    return Journey(account=house().only_account)


def save_journey(journey: Journey) -> None:
    """Put the journey into the cookie of this request's answer.

    A cookie of more than 4 kB is dropped by browsers without a word. Only very long names get there, and what DESC
    USER said of the user is what can best be told once more. Raises :class:`Problem` where the answers don't fit
    without it. Room is left for all evidence and for a tool, which nobody types: they are never what doesn't fit.
    """
    told = STORED_JOURNEY.write(journey)
    if len(json.dumps(told)) > LIKELY_TO_FIT:
        proved = _proved(journey)
        if _length(STORED_JOURNEY.write(proved)) > LONGEST_COOKIE and proved != _proved(load_journey()):
            raise Problem(  # of no single field, so all of it stands in one sentence
                "These answers are too long for the 4 kB that a browser keeps for this page: use a user, a login name, "
                "a role or a folder with a shorter name, or a key of 4096 bits."
            )
        if _length(told) > LONGEST_COOKIE:
            told = STORED_JOURNEY.write(replace(journey, **_TOLD_ONCE_MORE))
    session[_JOURNEY] = told


def _proved(journey: Journey) -> Journey:
    """Return the answers alone, with as much beside them as can still come."""
    return replace(journey.with_key_opened("pkcs1-sealed"), **_TOLD_ONCE_MORE, **_STILL_TO_COME)


def _length(told: dict[str, Any]) -> int:
    """Return how long the cookie of this request's answer would be with this journey, in bytes."""
    cookie: JourneyCookie = current_app.session_interface  # type: ignore[assignment]
    return len(cookie.get_signing_serializer(current_app).dumps(dict(session) | {_JOURNEY: told}))
