"""What a paste says about the account, before anybody has judged it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clue:
    """The part of a paste that names an account: an address or identifier, or the parts of one.

    All of it is still untrusted text. ``account`` stands beside an ``address`` when both were given, as in a JDBC URL.
    ``region`` is a region ID or a suffix as pasted. ``notes`` are sentences for the person.
    """

    address: str = ""
    account: str = ""
    organization: str = ""
    name: str = ""
    locator: str = ""
    region: str = ""
    notes: tuple[str, ...] = ()
