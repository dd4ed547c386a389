"""What a person sees of a page when it opens: without what is folded away, hidden, or said to screen readers alone."""

from __future__ import annotations

import copy

from bs4 import Tag

from tests.web.page_checks import text_of
from tests.web.page_client import Page

_OUT_OF_SIGHT = "details:not([open]) > :not(summary), [hidden], .visually-hidden, noscript, template, svg"


def words_in_sight(page: Page) -> list[str]:
    """Return the words of the page's main part that are there to read when it opens, first to last."""
    main = copy.copy(page.one("main"))
    for unseen in main.select(_OUT_OF_SIGHT):
        unseen.decompose()
    assert isinstance(main, Tag)
    return text_of(main).split()
