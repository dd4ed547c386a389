"""A calendar file for the day on which a key is due for replacement, by RFC 5545.

https://www.rfc-editor.org/rfc/rfc5545
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75  # octets, without the line break (section 3.1)
REMINDS_BEFORE = 14  # days


def rotation_calendar(receipt_number: str, day: date, now: int, summary: str, description: str, url: str) -> str:
    """Return a calendar with one event that lasts all of ``day``, and reminds two weeks before.

    ``receipt_number`` tells this key on this user from every other: the same number is the same event, so that a file
    taken a second time moves it instead of making another. ``now`` is in epoch seconds.
    """
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Snowflake key pair wizard//EN",
        "BEGIN:VEVENT",
        f"UID:{receipt_number}@snowflake-keypair-wizard",
        f"DTSTAMP:{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        "TRANSP:TRANSPARENT",
        f"SUMMARY:{_text(summary)}",
        f"DESCRIPTION:{_text(description)}",
        f"URL:{url}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(summary)}",
        f"TRIGGER:-P{REMINDS_BEFORE}D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _text(value: str) -> str:
    """Escape a value of the type TEXT (section 3.3.11)."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> str:
    """Fold a line where it would be longer than 75 octets, between letters (section 3.1)."""
    pieces, length = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if length + octets > LONGEST_LINE:
            pieces.append("")
            length = 1  # the blank that a continued line begins with
        pieces[-1] += letter
        length += octets
    return "\r\n ".join(pieces)
