"""Messages that open in the person's own mail program. This server sends none."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

LONGEST_ADDRESS: Final = 2000  # characters; Windows hands on 2,083 at most
_LONGEST_SUBJECT: Final = 100  # characters
_STEP: Final = 8  # characters that are cut at a time: at most 96 of an address


def mail_to(subject: str, text: str, spare: str = "") -> str:
    """Return the ``mailto:`` address of a new message. Lines end as RFC 6068 says in its section 5.

    Of a text that makes the address longer than systems hand on, ``spare`` is left out, and then the end is cut.
    """
    address = _address(subject, text)
    if len(address) > LONGEST_ADDRESS and spare:
        text = text.replace(spare, "", 1)
        address = _address(subject, text)
    text = text[:LONGEST_ADDRESS]
    while len(address) > LONGEST_ADDRESS and text:
        text = text[:-_STEP]
        address = _address(subject, f"{text}…")
    return address


def _address(subject: str, text: str) -> str:
    lines = text.replace("\n", "\r\n")
    return f"mailto:?subject={quote(subject[:_LONGEST_SUBJECT])}&body={quote(lines)}"
