"""Passphrases: which a new file may have, and which spellings of a given one are tried on an old file."""

from __future__ import annotations

from typing import Final

from wizard.secret import Secret
from wizard.snowflake.key.problem import KeyProblem
from wizard.snowflake.key.specification import LIMITS, PATTERNS, SPECIFICATION

_BLANKS: Final[str] = SPECIFICATION["blanks"]


def check_new_passphrase(passphrase: Secret) -> None:
    """See that every client can use ``passphrase``: 12 characters or more of printable ASCII, no space at the edges.

    Raises :class:`KeyProblem`. Python's clients take any UTF-8, but Java stops with "Password is not ASCII". For new
    files only: an old file opens with whatever it was closed with.
    """
    text = passphrase.reveal()
    if not PATTERNS["printable"].match(text):
        raise KeyProblem("new-passphrase-not-ascii")
    if text != text.strip(" "):
        raise KeyProblem("new-passphrase-edge")
    if len(text) < LIMITS["new_passphrase"]:
        raise KeyProblem("new-passphrase-short", length=len(text))
    if len(text) > LIMITS["passphrase"]:
        raise KeyProblem("passphrase-too-long")


def spellings(typed: str, rounds: int) -> list[str]:
    """Return what to try for ``typed``, in order: as it is, and without the blanks that copying brings along.

    One try alone where a derivation has many ``rounds``. Raises :class:`KeyProblem` for a text that is too long.
    """
    if len(typed) > LIMITS["passphrase"]:
        raise KeyProblem("passphrase-too-long")
    if rounds > LIMITS["retried_rounds"]:
        return [typed]
    return list(dict.fromkeys((typed, typed.rstrip("\r\n"), typed.strip(_BLANKS))))
