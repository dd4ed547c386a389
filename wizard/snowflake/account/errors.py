"""What is said when a paste can't be read as one account."""

from __future__ import annotations

from typing import Final

from wizard.problem import Problem
from wizard.unseen import codepoint

WHERE_TO_FIND_IT: Final = (
    "In Snowsight, open the account menu, choose “View account details”, and copy the account identifier. "
    "It looks like MYORG-MY_ACCOUNT."
)


class AccountError(Problem):
    """What was pasted can't be read as one account."""

    def __init__(self, message: str, fix: str = WHERE_TO_FIND_IT, *, cause: str = "") -> None:
        super().__init__(message, fix, cause=cause)


class RegionMissing(AccountError):  # noqa: N818  (an answer that is missing, more than an error)
    """The text may be a locator (``locator``, upper case), and a locator means nothing without its region."""

    def __init__(self, message: str, fix: str, *, locator: str) -> None:
        super().__init__(message, fix, cause="account-not-found")
        self.locator = locator


def shown(text: str, limit: int = 60) -> str:
    """Quote a piece of a paste for a message: cut to ``limit`` characters, nothing invisible left invisible."""
    visible = "".join(
        character if character.isprintable() else f"[{codepoint(character)}]" for character in text[:limit]
    )
    return f"“{visible}…”" if len(text) > limit else f"“{visible}”"
