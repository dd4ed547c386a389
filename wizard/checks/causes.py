"""What the rows of a test come to: the causes of the one that failed, and of those that only warned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wizard.checks.row import Row
from wizard.diagnosis import Background, Fact, Finding, diagnose
from wizard.diagnosis.facts import NAMES
from wizard.diagnosis.live import TEST
from wizard.diagnosis.probes import PROBE_NAMED


class Causes(NamedTuple):
    """``findings`` are the causes of the row that failed, likeliest first; ``remarked`` is the first cause of each row
    that only warned.
    """

    findings: tuple[Finding, ...]
    remarked: tuple[Finding, ...]


def causes_of(rows: Iterable[Row], known: Background) -> Causes:
    """Return the causes that ``rows`` speak for, weighed against what is ``known`` of the login."""
    rows = tuple(rows)
    failed = next((row.symptom for row in rows if row.status == "failed"), None)
    warned = [row.symptom for row in rows if row.status == "warned" and row.symptom]
    return Causes(
        diagnose(failed, known, seen_beside(rows)) if failed else (),
        tuple(diagnose(symptom, known)[0] for symptom in warned),
    )


def seen_beside(rows: Iterable[Row]) -> Iterator[Fact]:
    """Yield what the rows show beside the failure itself: how new the token was, and what came of each probe."""
    for row in rows:
        if ahead := row.facts.get("token_ahead"):
            yield Fact("token-ahead", ahead, TEST)
        if row.check in PROBE_NAMED:
            yield from (Fact(name, value, TEST) for name, value in row.facts.items() if name in NAMES)
            if row.symptom and row.symptom.code:
                yield Fact("code", row.symptom.code, TEST)
