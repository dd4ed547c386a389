"""The receipt of a login that was proved: what to keep, on one page, and nothing secret."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from wizard.quoting import markdown

TITLE = "A key pair login to Snowflake"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was set up. Days are UTC days; ``""`` stands for what was not told."""

    account: str
    host: str
    user: str  # NAME
    login_name: str  # LOGIN_NAME, where it differs
    fingerprint: str
    face: str  # its six words
    place: str  # where the key stands on the user, in words
    tool: str
    tested: str  # what the test saw, one sentence
    written_on: date
    rotate_on: date
    undo: str  # what takes the key off the user
    link: str  # which leads back to this key in the wizard: signed, public facts only

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """What it says, as names and values; what was not told is left out."""
        told = (
            ("Account", self.account),
            ("Server address", self.host),
            ("User", self.user),
            ("Login name", self.login_name),
            ("Tool", self.tool),
            ("Fingerprint", self.fingerprint),
            ("Fingerprint in words", self.face),
            ("Place of the key", self.place),
            ("Tested", self.tested),
            ("Written on", day_in_words(self.written_on)),
            ("Replace by", day_in_words(self.rotate_on)),
            ("To undo", self.undo),
            ("To come back", self.link),
        )
        return tuple((name, value) for name, value in told if value)


def day_of(moment: float) -> date:
    """Return the UTC day of ``moment``, which is epoch seconds."""
    return datetime.fromtimestamp(moment, UTC).date()


def day_in_words(day: date) -> str:
    """Return ``21 September 2026``. Not by ``%-d``, which Windows doesn't know."""
    return f"{day.day} {day:%B %Y}"


def receipt_in_json(receipt: Receipt) -> str:
    """Return the receipt as a JSON object for scripts: a text each, days as ``2026-11-21``, nothing told is ``""``."""
    told = {name: getattr(receipt, name) for name in Receipt.__dataclass_fields__}
    days = {name: value.isoformat() for name, value in told.items() if isinstance(value, date)}
    return json.dumps(told | days, indent=2, ensure_ascii=False) + "\n"


def receipt_in_markdown(receipt: Receipt) -> str:
    """Return the receipt as a Markdown file: a list, each value in a code span, so that nothing in it is markup."""
    lines = (f"- {name}: {markdown(value)}" for name, value in receipt.rows)
    return f"# {TITLE}\n\n" + "\n".join(lines) + "\n\nThe private key is not in this file.\n"
