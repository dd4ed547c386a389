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


def to_administrator(journey: Journey, findings: Sequence[Finding], lookup: str) -> Message | None:
    """Return the message about the likeliest cause, ``None`` where an administrator can do nothing about it.

    ``lookup`` is the statement that makes Snowflake tell the exact reason, ``""`` where it gave no number.
    """
    if not findings or journey.account is None:
        return None
    fixes = [fix for fix in findings[0].fixes if fix.who == ADMINISTRATOR]
    if not fixes and not lookup:
        return None
    host, user = journey.account.host, journey.user_name
    parts = [
        f"The key pair login of the user {user} at {host} does not work yet.",
        f"{'The cause' if findings[0].certain else 'The likeliest cause'}: {findings[0].cause.title}.",
    ]
    if lookup:
        parts.append(f"Snowflake’s own record of the refused login, and its exact reason:\n\n{lookup}")
    parts += [f"What would mend it: {fix.what}" + (f"\n\n{fix.sql}" if fix.sql else "") for fix in fixes]
    return Message(f"Snowflake: the key pair login of {user}", "\n\n".join(parts) + "\n")
