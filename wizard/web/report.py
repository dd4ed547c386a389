"""What was found, as a text for a ticket: plain to read, and Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from wizard import __version__
from wizard.diagnosis import Diagnosis, Fact, Recognised

# The facts whose values are names of somebody's, with what stands in their place where they are to be left out.
_NAMES = {
    "account": "ACCOUNT",
    "host": "HOST",
    "user": "USER",
    "login-name": "USER",
    "name": "USER",
    "subject": "SUBJECT",
    "issuer": "ISSUER",
    "role": "ROLE",
    "warehouse": "WAREHOUSE",
    "path": "PATH",
}
_SHORTEST_NAME = 3  # characters: a shorter one stands in half of all words


class Reports(NamedTuple):
    """The same report with the names that were pasted and without them."""

    whole: str
    masked: str


def reports(recognised: Sequence[Recognised], diagnosis: Diagnosis, now: int) -> Reports | None:
    """Return what was found, ``None`` where nothing was. ``now``: seconds since 1970, UTC. It holds no secret."""
    if not diagnosis.findings:
        return None
    whole = "\n".join(_lines(recognised, diagnosis, now)) + "\n"
    return Reports(whole, _without_names(whole, [fact for one in recognised for fact in one.facts]))


def _lines(recognised: Sequence[Recognised], diagnosis: Diagnosis, now: int) -> list[str]:
    when = datetime.fromtimestamp(now, UTC)
    lines = ["## Snowflake key pair login: what it looks like", ""]
    lines += [f"Read on {when:%Y-%m-%d %H:%M} UTC by the key pair wizard {__version__}.", ""]
    lines += ["Recognised:", "", *(f"- {one.title}" for one in recognised), ""]
    for number, finding in enumerate(diagnosis.findings, start=1):
        lines += [f"{number}. **{finding.cause.title}** ({finding.cause.id})"]
        lines += [f"   {finding.because}"] if finding.because else []
        for fix in finding.fixes if number == 1 else ():
            lines += [f"   - {fix.doer}: {fix.what}"]
            if fix.sql:
                lines += ["", *(f"     {line}" for line in ("```sql", *fix.sql.splitlines(), "```")), ""]
    if diagnosis.ruled_out:
        lines += ["", "Ruled out:", "", *(f"- {one.cause.title}: {one.because}" for one in diagnosis.ruled_out)]
    if diagnosis.settle:
        lines += ["", f"To be sure: {diagnosis.settle.what}"]
    return lines


def _without_names(text: str, facts: Sequence[Fact]) -> str:
    """Return a report with placeholders for the names in it; the longest first, for one may hold another."""
    named = {fact.value: _place_of(fact) for fact in facts if _place_of(fact) and len(fact.value) >= _SHORTEST_NAME}
    for value in sorted(named, key=len, reverse=True):
        for spelling in {value, value.upper(), value.lower()}:
            text = text.replace(spelling, named[value])
    return text


def _place_of(fact: Fact) -> str:
    # error-user, setting-account, described-login-name …: what a fact is the name of stands after the first hyphen.
    return _NAMES.get(fact.name.partition("-")[2], "")
