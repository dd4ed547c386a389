"""Messages that open in the person's own mail program. This server sends none."""

from __future__ import annotations

from urllib.parse import quote


def mail_to(subject: str, text: str) -> str:
    """Return the ``mailto:`` address of a new message. Lines end as RFC 6068 says in its section 5."""
    lines = text.replace("\n", "\r\n")
    return f"mailto:?subject={quote(subject)}&body={quote(lines)}"
