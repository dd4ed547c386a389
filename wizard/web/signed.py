"""Texts that leave this server and come back: signed, bound to one purpose, and of known age by the wizard's clock."""

from __future__ import annotations

from flask import current_app
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from wizard.settings import Settings


class _ByOurClock(TimestampSigner):
    """Takes the time from the application, to which it is handed, and not from the machine."""

    def get_timestamp(self) -> int:
        now: int = current_app.extensions["now"]()
        return now


def signer(purpose: str) -> URLSafeTimedSerializer:
    """Return what signs and reads texts for ``purpose``; a text signed for another purpose is refused."""
    settings: Settings = current_app.extensions["settings"]
    return URLSafeTimedSerializer(settings.secret_key.reveal(), salt=purpose, signer=_ByOurClock)
