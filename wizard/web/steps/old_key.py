"""What the pages of a rotation say of the key that is to be replaced."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app

from wizard.handover import day_in_words, day_of
from wizard.journey import Journey
from wizard.snowflake.key import face_of
from wizard.snowflake.user import StandingKey


def key_in_words(key: StandingKey) -> str:
    """Return by what a person tells one key of a user from another."""
    words = f"{key.place.in_words().strip().capitalize() or 'Not told where'}: {face_of(key.fingerprint).words}"
    words += f", there since {_in_words(key.since)}" if key.since else ""
    return words + (f", last used {_in_words(key.used)}" if key.used else "")


def _in_words(day: str) -> str:
    return day_in_words(date.fromisoformat(day))


def old_key_shown(journey: Journey) -> dict[str, Any]:
    """Return what a page says of the key to be replaced."""
    old = journey.old_key
    since = date.fromisoformat(old.since) if old and old.since else None
    return {
        "old_key": old,
        "old_face": face_of(old.fingerprint) if old else None,
        "old_place": old.place.in_words().strip() if old else "",
        "old_since": day_in_words(since) if since else "",
        "old_days": (day_of(current_app.extensions["now"]()) - since).days if since else 0,
        "old_used": _in_words(old.used) if old and old.used else "",
    }
