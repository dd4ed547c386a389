"""What a person gave that can't be used, in words for that person: the one base of every such error."""

from __future__ import annotations


class Problem(ValueError):  # noqa: N818  # a person has a problem, not an error
    """Something given that can't be used.

    ``message`` says in one sentence what is wrong, ``fix`` what to do (``""`` where the message says it all), ``cause``
    is an id of the diagnosis catalogue or ``""``, ``command`` a line to run or ``""``, and ``field`` the form field
    that the problem is about, once that is known. The texts may carry pieces of what was typed, so escape them like any
    other input; they never carry a secret.

    Raise it for input only. A mistake of a caller is a plain ``ValueError``.
    """

    def __init__(self, message: str, fix: str = "", *, cause: str = "", command: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.cause = cause
        self.command = command
        self.field = field

    def at(self, field: str) -> Problem:
        """Return the same problem as one of the form field ``field``."""
        return Problem(self.message, self.fix, cause=self.cause, command=self.command, field=field)
