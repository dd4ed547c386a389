"""Causes on a terminal: as plain text, and as what becomes JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wizard.checks.row import plain
from wizard.diagnosis import Finding, Fix


def page_of(cause_id: str, public_url: str) -> str:
    """Say where the cause's page is: its address, or how to come by it where nobody has told the wizard's address."""
    path = f"/causes/{cause_id}"
    return f"{public_url}{path}" if public_url else f"the page {path} of the wizard (keypair-wizard serve)"


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
        yield f"   More: {page_of(cause.id, public_url)}"
        yield ""


def _fix_in_words(fix: Fix) -> Iterator[str]:
    yield f"   - {fix.who[0].upper()}{fix.who[1:]}: {plain(fix.what)}"
    yield from (f"       {line}" for line in plain(fix.sql or fix.command).splitlines())


def findings_as_data(findings: Sequence[Finding], public_url: str) -> list[dict[str, Any]]:
    """Return the same as data; ``page`` is an address where the wizard's own is known, else its path."""
    return [
        {
            "cause": finding.cause.id,
            "title": finding.cause.title,
            "because": finding.because,
            "certain": finding.certain,
            "fixes": [
                {"who": fix.who, "what": fix.what, "sql": fix.sql, "command": fix.command} for fix in finding.fixes
            ],
            "page": f"{public_url}/causes/{finding.cause.id}",
        }
        for finding in findings
    ]
