"""What an administrator is sent after a failed test: what failed, how to look it up, what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wizard.diagnosis import Finding
from wizard.journey import Journey
from wizard.web.mail import mail_to

ADMINISTRATOR = "your Snowflake administrator"


@dataclass(frozen=True, slots=True)
class Message:
    """A message to copy. It holds public facts only."""

    subject: str
    text: str

    @property
    def mailto(self) -> str:
        """The address that opens it in a mail program."""
        return mail_to(self.subject, self.text)


def to_administrator(findings: Sequence[Finding], lookup: str = "", journey: Journey | None = None) -> Message | None:
    """Return the message about the likeliest cause, ``None`` where an administrator can do nothing about it.

    ``lookup`` is the statement that makes Snowflake tell the exact reason, ``""`` where it gave no number. ``journey``
    says whose login it is, where that is known.
    """
    user = journey.user_name if journey else ""
    host = journey.account.host if journey and journey.account else ""
    fixes = [fix for fix in findings[0].fixes if fix.who == ADMINISTRATOR] if findings else []
    if not findings or not (fixes or lookup):
        return None
    of_whom = (f" of the user {user}" if user else "") + (f" at {host}" if host else "")
    parts = [
        f"The key pair login{of_whom} does not work yet.",
        f"{'The cause' if findings[0].certain else 'The likeliest cause'}: {findings[0].cause.title}.",
    ]
    if lookup:
        parts.append(f"Snowflake’s own record of the refused login, and its exact reason:\n\n{lookup}")
    parts += [f"What would mend it: {fix.what}" + (f"\n\n{fix.sql}" if fix.sql else "") for fix in fixes]
    return Message(f"Snowflake: the key pair login{f' of {user}' if user else ''}", "\n\n".join(parts) + "\n")
