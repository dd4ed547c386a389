"""Links that carry a walk: made, signed, and taken back. Nothing of them is kept on this server.

A link is bound to its purpose and good for so many days, and one that a mail program broke is told from one that has
expired. The signature is HMAC-SHA-256, cut to 96 bits (section 5 of RFC 2104 asks for 80 at least): nobody can try
signatures but by asking this server.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field, replace
from typing import Final

from flask import abort, current_app, url_for

from wizard.house import LINK_DAYS
from wizard.journey import STORED_JOURNEY, Journey
from wizard.link import Carried, LinkError, pack, unpack
from wizard.secret import Secret
from wizard.settings import Settings
from wizard.snowflake.key import PublicKey
from wizard.stored import StoredError, Table, record, stored, text, written
from wizard.web.company import house
from wizard.web.security import public_address
from wizard.web.signed import AHEAD, ExpiredError, Signed

DAY: Final = 24 * 60  # minutes
LONGEST: Final = 450  # characters of a whole link: what mail programs and chats leave in one piece
_EPOCH: Final = 29_453_760  # minutes from 1970 to 2026-01-01, UTC
_SIGNATURE: Final = 12  # bytes
_STAMP: Final = 3  # bytes: minutes since 2026, good until 2057

INCOMPLETE: Final = "incomplete-link"
NOT_OURS: Final = "link-not-ours"
FROM_AHEAD: Final = "link-from-ahead"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a link is for: the endpoint that opens it, and how many days it lives, or the setting that says so."""

    endpoint: str
    days: int | str = "link_days"

    @property
    def lives(self) -> int:
        """How long such a link lives, in days."""
        return self.days if isinstance(self.days, int) else getattr(house(), self.days)


SHARE = Purpose("share.shared")
RETURN = Purpose("returns.come_back")
RESUME = Purpose("returns.resume", 30)
KEPT = Purpose("kept.key", "key_link_days")


def link_to(purpose: Purpose, journey: Journey, note: str = "") -> str:
    """Return a whole link that carries ``journey``; the note is cut where it would make the link too long."""
    address = public_address() + url_for(purpose.endpoint, token="")
    room = (LONGEST - len(address)) * 3 // 4 - _STAMP - _SIGNATURE
    minute = _now() // 60
    if journey.key_known_since > (minute - DAY) * 60:
        journey = replace(journey, key_known_since=0)  # of the last day: the link's own time tells it
    told = (minute - _EPOCH).to_bytes(_STAMP, "big") + pack(journey, note, room)
    signature = _signature(purpose, told, _settings().secret_key)
    return address + base64.urlsafe_b64encode(told + signature).decode().rstrip("=")


def opened(purpose: Purpose, token: str) -> Carried:
    """Return what a link carries.

    Answers 410 for one that is too old, or made by a clock that is ahead of ours, and 404 for one that isn't whole or
    isn't signed with a key of ours. Which of the two it was is told; what it says is taken from neither.
    """
    if purpose is SHARE and "." in token:
        return _formerly(token)
    try:
        told = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        abort(404, INCOMPLETE)
    told, signature = told[:-_SIGNATURE], told[-_SIGNATURE:]
    settings = _settings()
    keys = (settings.secret_key, *settings.old_secret_keys)
    if not any(hmac.compare_digest(signature, _signature(purpose, told, key)) for key in keys):
        abort(404, NOT_OURS if _is_whole(told[_STAMP:]) else INCOMPLETE)
    made = (int.from_bytes(told[:_STAMP], "big") + _EPOCH) * 60
    age = _now() - made
    if age < -AHEAD:
        abort(410, FROM_AHEAD)
    if age >= purpose.lives * DAY * 60 + 60:  # the stamp is the minute in which it was made
        abort(410)
    try:
        carried = unpack(told[_STAMP:])
    except LinkError:  # signed by us and not written by this release
        abort(404, INCOMPLETE)
    if carried.journey.key_known_since:
        return carried
    return replace(carried, journey=replace(carried.journey, key_known_since=made))


def _is_whole(told: bytes) -> bool:
    """Tell whether nothing is missing at the end. A note has no end that could be seen, so with one nobody knows."""
    try:
        return not unpack(told).note
    except LinkError:
        return False


def _now() -> int:
    """Return the time in epoch seconds, as near as a stamp can tell it: of a clock that is years wrong, its end."""
    latest = (_EPOCH + (1 << 8 * _STAMP) - 1) * 60
    return min(max(int(current_app.extensions["clock"]()), _EPOCH * 60), latest)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _signature(purpose: Purpose, told: bytes, secret_key: Secret) -> bytes:
    key = hashlib.sha256(f"link:{purpose.endpoint}\n{secret_key.reveal()}".encode()).digest()
    return hmac.digest(key, told, "sha256")[:_SIGNATURE]


# --- links of a former release ----------------------------------------------------------------------------------------
def _key_in_link(key: PublicKey) -> str:
    return base64.urlsafe_b64encode(key.der).decode()


def _key_of_link(text: str) -> PublicKey:
    return PublicKey.from_base64(text.replace("-", "+").replace("_", "/"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link for the administrator said in release 0.1.0: the journey, the key beside it, and a note."""

    journey: Journey = field(metadata=stored("j", record(STORED_JOURNEY)))
    key: PublicKey = field(metadata=stored("k", written(_key_in_link, _key_of_link)))
    note: str = field(metadata=stored("n", text(80)))


ASKED = Signed("share-with-administrator", Table(Asked), LINK_DAYS * DAY * 60)


def _formerly(token: str) -> Carried:
    try:
        asked = ASKED.read(token)
    except ExpiredError:
        abort(410)
    except StoredError:
        abort(404, INCOMPLETE)
    return Carried(replace(asked.journey, key=asked.key), asked.note)
