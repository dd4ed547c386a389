"""What the rows of a test come to: the causes of the one that failed, and of those that only warned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wizard.checks.row import Row
from wizard.diagnosis import Background, Finding, diagnose


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
    return Causes(diagnose(failed, known) if failed else (), tuple(diagnose(symptom, known)[0] for symptom in warned))
