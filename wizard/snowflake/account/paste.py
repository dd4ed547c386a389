"""Finds, in whatever was pasted, the words that name a Snowflake account.

People paste a URL, an identifier, a line of a config file, two cells of a result, a whole dialog. Each shape has a
module that knows it; this one tidies the text and asks them in order. What is found is a :class:`Clue`, untrusted
text that :mod:`wizard.snowflake.account.reader` reads under the strict rules.

Every search is linear, and texts beyond a size nobody needs are refused first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from wizard.snowflake.account.clue import Clue
from wizard.snowflake.account.errors import WHERE_TO_FIND_IT, AccountError
from wizard.snowflake.account.jdbc_url import in_jdbc_url
from wizard.snowflake.account.json_answer import in_json
from wizard.snowflake.account.labels import in_labels
from wizard.snowflake.account.table import in_table
from wizard.snowflake.account.words import in_words
from wizard.snowflake.secret_text import looks_secret
from wizard.unseen import bends, codepoint

MAX_CHARACTERS: Final = 4_096
"""Longest text read; a whole connection section of a config file fits many times."""

MAX_JSON_CHARACTERS: Final = 262_144
"""Longest JSON read: the answer of ``SYSTEM$ALLOWLIST()`` lists dozens of hosts."""


def find_clue(text: str) -> Clue:
    """Find what names the account in ``text``.

    Raises AccountError when the text is empty, too long, something else altogether (a key, a statement), or when
    it names several accounts.
    """
    text, notes = _tidied(text)
    _refuse_keys(text)
    clue = in_json(text)
    if clue is None:
        if len(text) > MAX_CHARACTERS:
            raise _too_much(text)
        _refuse_what_is_something_else(text)
        searches: tuple[Callable[[str], Clue | None], ...] = (in_jdbc_url, in_table, in_labels)
        clue = next((found for search in searches if (found := search(text))), None) or in_words(text)
    if max(len(clue.address), len(clue.account), len(clue.organization), len(clue.name)) > MAX_CHARACTERS:
        raise _too_much(clue.address)
    return replace(clue, notes=notes + clue.notes)


def _too_much(text: str) -> AccountError:
    return AccountError(
        f"This text has {len(text):,} characters; the name of an account has a few dozen.",
        "Paste only the account identifier, its web address, or the line that names the account.",
    )


# Word processors and chat programs put these where a keyboard has a plain hyphen, quote or space.
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_PLAIN: Final = str.maketrans(
    dict.fromkeys(_DASHES, "-")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u2018\u2019\u201a", "'")
    | dict.fromkeys("\u00a0\u2007\u202f", " ")
)
_EDGES: Final = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff"


def _tidied(text: str) -> tuple[str, tuple[str, ...]]:
    if len(text) > MAX_JSON_CHARACTERS:
        raise _too_much(text)
    text = text.strip(_EDGES)
    if not text:
        raise AccountError("Nothing was entered.")
    plain = text.translate(_PLAIN)
    for character in dict.fromkeys(plain):
        if character not in "\t\r\n" and bends(character):
            raise AccountError(
                f"There is a character in it that can't be seen: {codepoint(character)}.",
                "Type the account by hand, or copy it once more from Snowflake itself.",
            )
    notes = ("Read the long dash as a plain hyphen.",) if any(dash in text for dash in _DASHES) else ()
    return plain, notes


_STATEMENT = re.compile(r"(?i)(?:select|show|desc|describe|alter|create|use|call)\s")


def _refuse_keys(text: str) -> None:
    """Refuse what must not be repeated in a message, before anything else looks at it."""
    if "-----BEGIN" in text or looks_secret(text):
        raise AccountError(
            "This is a key, a certificate or a token, not an account.",
            f"The key comes in a later step; a private key should never be pasted here. {WHERE_TO_FIND_IT}",
        )


def _refuse_what_is_something_else(text: str) -> None:
    if _STATEMENT.match(text) and ("(" in text or ";" in text) and "://" not in text:
        raise AccountError(
            "This is an SQL statement, not its answer.",
            "Run it in a Snowflake worksheet, and paste what it returns.",
        )
