"""Causes on a terminal: as plain text, and as what becomes JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wizard.checks.row import plain
from wizard.diagnosis import Finding, Fix
from wizard.diagnosis.open_names import with_names_open


def findings_in_words(findings: Sequence[Finding], public_url: str) -> Iterator[str]:
    """Yield the lines that tell causes and how to mend them, likeliest first."""
    for number, finding in enumerate(findings, start=1):
        cause = finding.cause
        likelihood = "this is the cause" if finding.certain else "most likely" if number == 1 else "also possible"
        yield f"{number}. {cause.title} ({cause.id}; {likelihood})"
        if finding.because:
            yield f"   {plain(finding.because)}"
        for fix in finding.fixes:
            yield from _fix_in_words(fix)
        yield f"   More: {public_url}/causes/{cause.id}"
        yield ""
    if findings and not public_url:
        yield "The pages /causes/… are the wizard's own: keypair-wizard serve shows them."
        yield ""


def _fix_in_words(fix: Fix) -> Iterator[str]:
    yield f"   - {fix.doer}: {plain(fix.what)}"
    yield from (f"       {line}" for line in plain(_statement(fix) or fix.command).splitlines())


def _statement(fix: Fix) -> str:
    """The statement of a fix; where something in it isn't known, that is left open: nobody fills it in later here."""
    return fix.sql or with_names_open(fix).sql


def findings_as_data(findings: Sequence[Finding], public_url: str) -> list[dict[str, Any]]:
    """Return the same as data; ``page`` is an address where the wizard's own is known, else its path."""
    return [
        {
            "cause": finding.cause.id,
            "title": finding.cause.title,
            "because": finding.because,
            "certain": finding.certain,
            "fixes": [
                {"who": fix.who, "what": fix.what, "sql": _statement(fix), "command": fix.command}
                for fix in finding.fixes
            ],
            "page": f"{public_url}/causes/{finding.cause.id}",
        }
        for finding in findings
    ]
