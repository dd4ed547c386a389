"""Finds the account among plain words: one identifier, the two cells of a result, a sentence."""

from __future__ import annotations

import re
from typing import Final

from wizard.snowflake.account.clue import Clue
from wizard.snowflake.account.errors import WHERE_TO_FIND_IT, AccountError, shown
from wizard.snowflake.account.labels import SLOTS, canonical
from wizard.snowflake.account.regions import looks_like_region_id, looks_like_suffix

_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]*-[A-Za-z0-9_-]*[A-Za-z0-9](?:\.privatelink)?", re.IGNORECASE)
# Words that stand around an identifier in a sentence, a dialog or a shell line, and are none themselves.
_NOISE: Final = frozenset(
    (
        *("account", "identifier", "account_identifier", "snowflake_account", "organization", "organisation", "url"),
        *("server", "host", "name", "locator", "region", "export", "set", "setx", "env", "is", "the", "our"),
    )
)


def _is_noise(word: str) -> bool:
    return word.lower() in _NOISE or canonical(word) in SLOTS or "(" in word or word == "-"


def in_words(text: str) -> Clue:
    words = [word for word in (piece.strip("\"'`,;()[]") for piece in re.split(r"[\s|,;]+", text)) if word]
    if len(words) > 1:
        words = [word for word in words if not _is_noise(word)] or words
    # The same thing twice is one thing.
    words = list(dict.fromkeys(words))
    if not words:
        raise AccountError(f"There is no name in {shown(text)}.")
    if len(words) == 1:
        return Clue(address=words[0])
    if len(words) == 2 and (clue := _in_two_cells(text, words[0], words[1])):
        return clue
    return _in_a_sentence(words)


def _in_two_cells(text: str, first: str, second: str) -> Clue | None:
    for locator, region in ((first, second), (second, first)):
        if not _PLAIN_NAME.fullmatch(locator) or looks_like_region_id(locator):
            continue
        if looks_like_region_id(region) or (region.isascii() and looks_like_suffix(region.lower())):
            return Clue(locator=locator, region=region)
    if not (_PLAIN_NAME.fullmatch(first) and _PLAIN_NAME.fullmatch(second)):
        return None
    # Two words in a sentence are no cells; Snowflake answers in capitals.
    if not (re.search(r"[\t\n\r|,]", text) or (first.isupper() and second.isupper())):
        return None
    # Only the name of an account may hold an underscore.
    if "_" in first and "_" not in second:
        first, second = second, first
    note = f"Read as organization {first.upper()}, then account {second.upper()}."
    if re.fullmatch(r"[A-Za-z]{2,3}[0-9]{4,6}", second):
        note += (
            f" If {second.upper()} came from CURRENT_ACCOUNT() it is a locator, and doesn't belong here:"
            " take CURRENT_ACCOUNT_NAME()."
        )
    return Clue(organization=first, name=second, notes=(note,))


def _in_a_sentence(words: list[str]) -> Clue:
    hosts = [word for word in words if "snowflakecomputing." in word.lower() or "app.snowflake.c" in word.lower()]
    found = hosts or [word for word in words if _IDENTIFIER.fullmatch(word)]
    found = list({word.lower().strip("/.()[]<>!:"): word for word in found}.values())
    if len(found) == 1:
        word = found[0].strip("()[]<>!:.")
        return Clue(address=word, notes=(f"Out of the {len(words)} words that were pasted, read {shown(word)}.",))
    if found:
        raise AccountError(
            f"Several accounts may be meant here: {shown(found[0], 40)} and {shown(found[1], 40)}.",
            "Paste only the one you want to connect to.",
        )
    raise AccountError(
        f"These are {len(words)} separate words, and none of them is an account identifier or address.",
        WHERE_TO_FIND_IT,
    )
