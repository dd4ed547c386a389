"""Characters that a person can't see: what breaks a line or bends the text around it, and what stands there as nothing.

Python's ``unicodedata`` knows categories, but not the property Default_Ignorable_Code_Point, nor which characters are
drawn blank. :data:`IGNORABLE` and :data:`BLANK` say those two, and a test holds them against Unicode's own counts.
"""

from __future__ import annotations

import unicodedata
from typing import Final

IGNORABLE: Final[tuple[tuple[int, int], ...]] = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x061C, 0x061C),  # Arabic letter mark
    (0x115F, 0x1160),  # Hangul choseong and jungseong fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian variation selectors and vowel separator
    (0x200B, 0x200F),  # zero width space and joiners, direction marks
    (0x202A, 0x202E),  # direction embeddings and overrides
    (0x2060, 0x206F),  # word joiner, invisible operators, direction isolates
    (0x3164, 0x3164),  # Hangul filler
    (0xFE00, 0xFE0F),  # variation selectors 1 to 16
    (0xFEFF, 0xFEFF),  # zero width no-break space, the byte order mark
    (0xFFA0, 0xFFA0),  # halfwidth Hangul filler
    (0xFFF0, 0xFFF8),  # reserved for more of them
    (0x1BCA0, 0x1BCA3),  # shorthand format controls
    (0x1D173, 0x1D17A),  # musical beams, ties, slurs and phrases
    (0xE0000, 0xE0FFF),  # tags, variation selectors 17 to 256, reserved for more
)
"""Default_Ignorable_Code_Point, as first and last code point: what a font without a picture for it shows as nothing.

https://www.unicode.org/Public/17.0.0/ucd/DerivedCoreProperties.txt (Unicode 17.0; the same since 14.0).
"""

BLANK: Final[tuple[tuple[int, int], ...]] = (
    (0x2800, 0x2800),  # Braille pattern blank
    (0x13441, 0x13442),  # Egyptian hieroglyph full and half blank
    (0x1D159, 0x1D159),  # musical symbol null notehead
)
"""Letters and symbols that are drawn as white space and don't have that property. https://www.unicode.org/charts/"""

# Control, format (zero width, bidirectional), surrogate, line and paragraph separator.
_BENDING: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def bends(character: str) -> bool:
    """Tell whether a character breaks the line, or hides or reorders what stands around it.

    No statement, file or message of ours carries one, whoever it came from.
    """
    return unicodedata.category(character) in _BENDING


def is_unseen(character: str) -> bool:
    """Tell whether a person can't tell that the character is there; the space of the keyboard they can.

    Beyond :func:`bends` these are the other spaces, what is drawn blank or ignored, and code points that Unicode says
    are no characters.
    """
    code = ord(character)
    return (
        bends(character)
        or (unicodedata.category(character) == "Zs" and character != " ")
        or any(first <= code <= last for first, last in (*IGNORABLE, *BLANK))
        or 0xFDD0 <= code <= 0xFDEF
        or code & 0xFFFE == 0xFFFE
    )


def codepoint(character: str) -> str:
    """Name a character so that a person can look it up: ``U+200B ZERO WIDTH SPACE``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()
