"""The day to rotate, as a calendar takes it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from wizard.handover import rotation_calendar

NOON = 1_790_000_000  # 2026-09-21 14:13:20 UTC


def calendar(summary: str = "Replace the key", description: str = "", number: str = "abc") -> str:
    return rotation_calendar(number, date(2027, 3, 20), NOON, summary, description, "https://wizard.example/")


def read(text: str) -> dict[str, str]:
    """Read the event as a calendar does: lines unfolded, values of text without their escapes."""
    lines = text.replace("\r\n ", "").split("\r\n")
    event = lines[: lines.index("BEGIN:VALARM")]
    told = dict(line.split(":", 1) for line in event)
    marks = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n"}
    for name in ("SUMMARY", "DESCRIPTION"):
        value, plain = told[name], ""
        while value:
            took = value[:2] if value[:2] in marks else value[:1]
            plain, value = plain + marks.get(took, took), value[len(took) :]
        told[name] = plain
    return told


def test_the_event_lasts_the_day_and_leads_to_the_wizard() -> None:
    event = read(calendar())
    assert event["DTSTART;VALUE=DATE"] == "20270320"
    assert event["DTEND;VALUE=DATE"] == "20270321"
    assert event["DTSTAMP"] == "20260921T141320Z"
    assert event["URL"] == "https://wizard.example/"
    assert "TRIGGER:-P14D\r\n" in calendar(), "two weeks before, somebody is reminded"


def test_the_same_key_on_the_same_user_is_the_same_event() -> None:
    assert read(calendar())["UID"] == read(calendar(summary="Other words"))["UID"]
    assert read(calendar())["UID"] != read(calendar(number="def"))["UID"]


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=300))
def test_what_people_named_comes_back_as_it_was_and_no_line_is_too_long(name: str) -> None:
    text = calendar(summary=name, description=f"{name}\nand more")
    assert read(text)["SUMMARY"] == name
    assert read(text)["DESCRIPTION"] == f"{name}\nand more"
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
