"""The browser knows Unicode's property by name, so it is asked whether our table of it is right."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.e2e.windows import window
from wizard.unseen import IGNORABLE

IGNORED = """() => Array.from({length: 0x110000}, (_, code) => code)
    .filter((code) => /\\p{Default_Ignorable_Code_Point}/u.test(String.fromCodePoint(code)))"""


def test_the_table_of_ignorable_characters_is_the_browsers(browser: Browser) -> None:
    with window(browser) as context:
        ignored = context.new_page().evaluate(IGNORED)
    assert ignored == [code for first, last in IGNORABLE for code in range(first, last + 1)]
