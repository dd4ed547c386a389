"""Where a key stands on a user, by what was pasted; and how two fingerprints differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.snowflake.user.description import UserDescription
from wizard.snowflake.user.place import NOT_TOLD, Place

Verdict = Literal["seen", "inactive", "other-key", "none", "not-shown", "other-user"]
"""``seen``: our key is there, and a token of it finds it. ``inactive``: it is there, in a named key pair that is
disabled or expired. ``other-key``: keys were shown, and none is ours. ``none``: all places were shown, and they are
empty. ``not-shown``: our key may stand where nothing was shown. ``other-user``: this describes another user."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where our key was found, or what was found instead."""

    verdict: Verdict
    place: Place = NOT_TOLD
    found: tuple[str, ...] = ()  # the fingerprints that were shown, each "SHA256:…="
    unshown: tuple[int, ...] = ()  # the slots that were not shown
    status: str = ""  # of the named key pair that holds our key: ACTIVE, DISABLED, EXPIRED
    successor: str = ""  # the key pair that took its place, where it was rotated out

    @property
    def matches(self) -> bool:
        """Whether a token of our key finds its key on this user."""
        return self.verdict == "seen"


def compare(description: UserDescription, *, name: str, fingerprint: str, in_pair: bool = False) -> Comparison:
    """Look for the key with ``fingerprint`` (``SHA256:…=``) on the user called ``name``.

    ``in_pair`` says that it was registered as a named key pair. Those stand in their own list, and whether in
    ``DESC USER`` is not documented; without, it was put into a slot.

    A description whose NAME is another is accepted when its LOGIN_NAME is ``name``: that is the same user, called by
    the other of their two names. Case counts in a NAME, where JANE and "Jane" are two users, and not in a LOGIN_NAME
    (:mod:`wizard.snowflake.user.names`).
    """
    unshown = tuple(slot for slot, held in enumerate(description.slots, 1) if held is None)
    named = description.name in ("", name) or description.login_name.casefold() == name.casefold()
    if not named:
        return Comparison("other-user", found=description.fingerprints, unshown=unshown)
    pair = description.pair_of(fingerprint)
    place = description.kept(fingerprint).place_of(fingerprint)
    if place is None and description.lone_fingerprint == fingerprint:
        place = NOT_TOLD
    if place is not None:
        verdict: Verdict = "seen"
    elif pair is not None:
        verdict, place = "inactive", pair.place
    elif in_pair and not description.lists_pairs and not description.lone_fingerprint:
        verdict = "not-shown"
    elif description.fingerprints:
        verdict = "other-key"
    else:
        verdict = "not-shown" if unshown and not in_pair else "none"
    return Comparison(
        verdict, place or NOT_TOLD, description.fingerprints, unshown, *((pair.status, pair.successor) if pair else ())
    )
