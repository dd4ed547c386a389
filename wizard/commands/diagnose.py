"""``keypair-wizard diagnose``: say what is behind an error text, or whatever else was pasted, and what mends it.

It reads what the wizard's own page reads, by the same engine, and sends nothing anywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from wizard.commands.program import FAILED, PASSED, USAGE
from wizard.settings import Outside

if TYPE_CHECKING:
    from wizard.commands.program import Subcommands
    from wizard.diagnosis import Diagnosis, Recognised

_MOST_BYTES: Final = 1024 * 1024


def add_to(commands: Subcommands) -> None:
    """Add this command and its options to the program's."""
    parser = commands.add_parser(
        "diagnose",
        help="say what is behind an error text, and what mends it",
        description="Say what is behind what a tool printed: an error, a log, an answer of Snowflake's, settings, a "
        "token, several of them at once. Nothing is sent anywhere.",
        epilog="Exit codes: 0 a cause is named, 1 none is, 2 the file can't be read or a setting can't be used.",
        allow_abbrev=False,
    )
    parser.set_defaults(run=run)
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="the text; - or nothing is standard input")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")


def run(options: argparse.Namespace) -> int:
    """Diagnose a file or standard input, and return the exit code. Raises :class:`SettingsError`."""
    outside = Outside.from_environment(os.environ)
    try:
        text = _text(options.file)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else ""
        print(f"keypair-wizard diagnose: {options.file} can't be read. {why or ''}".rstrip(), file=sys.stderr)
        return USAGE
    return tell(text, int(time.time()), outside.public_url, sys.stdout, as_json=options.json)


def _text(name: str) -> str:
    if name != "-":
        with Path(name).open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    if sys.stdin.isatty():
        end = "Ctrl+Z and Enter" if os.name == "nt" else "Ctrl+D"
        print(f"Paste what your tool printed, and end with {end} on a line of its own.", file=sys.stderr)
    return sys.stdin.buffer.read(_MOST_BYTES).decode("utf-8", "replace")


def tell(text: str, now: int, public_url: str, out: IO[str], *, as_json: bool) -> int:
    """Print what is behind ``text`` to ``out``, and return the exit code. ``now`` is in Unix seconds."""
    from wizard.diagnosis import conclude, read

    recognised = read(text, now)
    diagnosis = conclude(fact for piece in recognised for fact in piece.facts)
    if as_json:
        print(json.dumps(_as_data(recognised, diagnosis, public_url), indent=2), file=out)
    else:
        for line in _in_words(recognised, diagnosis, public_url):
            print(line, file=out)
    return PASSED if diagnosis.findings else FAILED


def _in_words(recognised: tuple[Recognised, ...], diagnosis: Diagnosis, public_url: str) -> Iterator[str]:
    from wizard.checks.row import plain
    from wizard.commands.findings import findings_in_words
    from wizard.diagnosis import corrected_settings

    if not recognised:
        yield "There is nothing to read."
        return
    for piece in recognised:
        yield f"Read: {plain(piece.title)}"
    yield ""
    yield from findings_in_words(diagnosis.findings, public_url)
    if not diagnosis.findings:
        yield "No cause can be told from this. Add the whole message, with its code and the lines around it."
        yield ""
    for corrected in corrected_settings(recognised, diagnosis):
        yield f"Corrected: {corrected.source} (changed: {', '.join(corrected.changed)})"
        yield from (f"    {plain(line)}" for line in corrected.text.splitlines())
        yield ""
    for ruled_out in diagnosis.ruled_out:
        yield f"Ruled out: {ruled_out.cause.title} ({ruled_out.cause.id}). {plain(ruled_out.because)}"
    if diagnosis.settle:
        yield f"To be sure: {plain(diagnosis.settle.what)}"
        yield from (f"    {line}" for line in diagnosis.settle.sql.splitlines())


def _as_data(recognised: tuple[Recognised, ...], diagnosis: Diagnosis, public_url: str) -> dict[str, Any]:
    from wizard.commands.findings import findings_as_data
    from wizard.diagnosis import corrected_settings

    settle = diagnosis.settle
    return {
        "recognised": [{"kind": piece.kind, "title": piece.title} for piece in recognised],
        "findings": findings_as_data(diagnosis.findings, public_url),
        "ruled_out": [{"cause": one.cause.id, "because": one.because} for one in diagnosis.ruled_out],
        "corrected_settings": [
            {"settings": one.source, "text": one.text, "changed": list(one.changed)}
            for one in corrected_settings(recognised, diagnosis)
        ],
        "settle": {"what": settle.what, "who": settle.who, "sql": settle.sql} if settle else None,
    }
