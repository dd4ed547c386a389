"""Where a key stands on a user, by what was pasted; and how two fingerprints differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wizard.snowflake.user.description import UserDescription
from wizard.snowflake.user.fingerprint import whole_fingerprint

Verdict = Literal["slot-1", "slot-2", "named", "named-inactive", "other-key", "none", "not-shown", "other-user"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where our key was found.

    :ivar verdict: ``slot-1``, ``slot-2``, ``named`` (an active named key pair): our key is there.
        ``named-inactive``: it is
        there but disabled or expired. ``other-key``: there are keys, none is ours. ``none``: there is no key.
        ``not-shown``: the rows about keys were not copied. ``other-user``: this is another user's description
    :ivar found: the fingerprints that are there, each ``SHA256:…=``
    :ivar detail: the name of the named key pair, or of the other user
    """

    verdict: Verdict
    found: tuple[str, ...] = ()
    detail: str = ""

    @property
    def matches(self) -> bool:
        """Whether a token of our key finds its key on this user."""
        return self.verdict in ("slot-1", "slot-2", "named")


def compare(description: UserDescription, *, name: str, fingerprint: str) -> Comparison:
    """Look for the key with ``fingerprint`` on the user called ``name``.

    A description whose NAME is another is accepted when its LOGIN_NAME is ``name``: that is the same user,
    called by the other
    of their two names. Names are compared without case, since a typed e-mail name keeps its case and a
    stored one may not.
    """
    ours = whole_fingerprint(fingerprint) or fingerprint
    found = tuple(
        dict.fromkeys(
            fp
            for fp in (
                description.fingerprint_1,
                description.fingerprint_2,
                *(k.fingerprint for k in description.named_keys),
            )
            if fp
        )
    )
    if description.name and name.casefold() not in (
        description.name.casefold(),
        description.login_name.casefold(),
    ):
        return Comparison("other-user", found, description.name)
    if ours == description.fingerprint_1:
        return Comparison("slot-1", found)
    if ours == description.fingerprint_2:
        return Comparison("slot-2", found)
    named = [key for key in description.named_keys if key.fingerprint == ours]
    for key in sorted(named, key=lambda key: not key.active):
        return Comparison("named" if key.active else "named-inactive", found, key.name)
    if found:
        return Comparison("other-key", found)
    return Comparison("none" if description.shows_keys else "not-shown", found)


Marked = tuple[tuple[str, bool], ...]


def differing(a: str, b: str) -> tuple[Marked, Marked]:
    """Cut two fingerprints into runs of ``(text, differs)``, position by position, for marking what differs.

    Joining the texts of one side gives that side back.
    """
    same = [x == y for x, y in zip(a, b, strict=False)]
    return _runs(a, same), _runs(b, same)


def _runs(text: str, same: Sequence[bool]) -> Marked:
    runs: list[tuple[str, bool]] = []
    start = 0
    for at in range(1, len(text) + 1):
        differs = not (start < len(same) and same[start])
        if at == len(text) or (not (at < len(same) and same[at])) != differs:
            runs.append((text[start:at], differs))
            start = at
    return tuple(runs)
