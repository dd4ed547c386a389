"""Which characters a person can't see."""

from __future__ import annotations

import sys
import unicodedata
from itertools import pairwise

import pytest

from wizard.unseen import BLANK, IGNORABLE, bends, codepoint, is_unseen


def test_the_table_of_ignorable_characters_is_as_long_as_unicode_says():
    # "# Total code points: 4174", at the end of the property's section in DerivedCoreProperties.txt
    assert sum(last - first + 1 for first, last in IGNORABLE) == 4174
    assert all(first <= last for first, last in IGNORABLE + BLANK)
    assert all(one[1] < two[0] for one, two in pairwise(IGNORABLE)), "in order, none twice"


def test_what_the_table_calls_ignorable_is_no_letter_that_anybody_sees():
    # The only letters in the property are fillers; the rest are marks without a shape, format characters and reserves.
    letters = {chr(code) for first, last in IGNORABLE for code in range(first, last + 1) if chr(code).isalpha()}
    assert letters == set("\u115f\u1160\u3164\uffa0")
    names = {unicodedata.name(chr(first)) for first, _ in BLANK if chr(first) != "\U00013441"}
    assert names == {"BRAILLE PATTERN BLANK", "MUSICAL SYMBOL NULL NOTEHEAD"}


def test_everything_that_bends_the_text_around_it_is_unseen():
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            assert bends(character) and is_unseen(character), hex(code)


@pytest.mark.parametrize("character", list("\u3164\u115f\u2800\u034f\ufe0f\U000e0100\u00a0\u3000\u200b\t\uffff\ufdd0"))
def test_blank_and_ignorable_characters_are_unseen(character: str):
    assert is_unseen(character)


@pytest.mark.parametrize("character", list("aZ0_$ -\"'“é\u0301ßשاक漢\u2801😀\ufffd"))
def test_what_a_person_sees_is_not_unseen(character: str):
    assert not is_unseen(character)


def test_a_character_is_named_so_that_it_can_be_looked_up():
    assert codepoint("\u3164") == "U+3164 HANGUL FILLER"
    assert codepoint("\x00") == "U+0000"
    assert codepoint("\U000e0100") == "U+E0100 VARIATION SELECTOR-17"
