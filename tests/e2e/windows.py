"""Windows of the browser, opened and closed in one place, so that what still runs in one never ends another test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext

PATIENCE = 60  # seconds that a busy machine may take for what a quick one does at once


@contextmanager
def window(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """Open a window with cookies of its own; ``options`` are those of Playwright's ``new_context``."""
    context = browser.new_context(**options)
    try:
        yield context
    finally:
        end(context)


def end(context: BrowserContext) -> None:
    """Close a window, whatever it still waits for.

    Chromium asks for a page's icon when it likes. Where a test answers its requests (``route``), one that is under way
    as the window closes is an error of Playwright, which the *next* test's first call would raise.
    """
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.unroute_all(behavior="ignoreErrors")
    context.close()
