"""The face of a key: six words and a small picture, by which two people know it again in seconds, on the telephone too.

Both are made from the SHA-256 that the fingerprint shows, and from nothing else. ``static/js/key/face.js`` makes the
same from it, and a test holds the two together. Of its 32 bytes, counted from 0:

* bits 0 to 65 are the words, 11 bits each: the number of a line of ``face_words.txt``, which is the English list of
  BIP 39 (https://github.com/bitcoin/bips/blob/master/bip-0039/bip-0039-wordlists.md), chosen there so that four letters
  tell its 2,048 words apart;
* byte 16, modulo 8, is the palette of the picture;
* bytes 17 to 21 are its cells, two bits each: six rows of three, mirrored to six.

The words carry 66 of the fingerprint's 256 bits. That is enough to see that two pages show the same key, and too little
to rely on where somebody has searched long for another key with the same words: in doubt the fingerprint counts.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from wizard.snowflake.key.specification import FACE_WORD_LIST

WORDS, BITS_OF_A_WORD = 6, 11
ROWS, COLUMNS = 6, 3  # the columns of one half
_LINES: Final = tuple(FACE_WORD_LIST.split())
# The points of each cell and its mirror image, row by row.
_CELLS: Final = tuple(
    "".join(f"M{x} {2 * row + 1}h.01" for x in (2 * column + 1, 11 - 2 * column))
    for row in range(ROWS)
    for column in range(COLUMNS)
)


@dataclass(frozen=True, slots=True)
class Face:
    """What a key is known by, beside its fingerprint."""

    words: str
    """Six words with a space between them."""
    palette: int
    """0 to 7."""
    squares: str
    """SVG path data on a field of 12 by 12: a point in the middle of each cell that is a square."""
    pale: str
    """The same of the paler squares."""
    dots: str
    """The same of the dots. A cell that is in none of the three is empty."""


def face_of(fingerprint: str) -> Face:
    """Return the face of the key with a fingerprint (``SHA256:`` and base64). Raises ``ValueError`` for other texts."""
    kind, _, digits = fingerprint.partition(":")
    try:
        digest = base64.b64decode(digits, validate=True)
    except ValueError:  # also binascii.Error
        digest = b""
    if kind != "SHA256" or len(digest) != 32:
        raise ValueError("no fingerprint")
    number = int.from_bytes(digest)
    lines = [number >> (256 - BITS_OF_A_WORD * (place + 1)) & 0x7FF for place in range(WORDS)]
    points = ["", "", "", ""]
    for cell, both in enumerate(_CELLS):
        shape = digest[17 + cell // 4] >> (6 - 2 * (cell % 4)) & 3
        points[shape] += both
    _, squares, pale, dots = points
    return Face(" ".join(_LINES[line] for line in lines), digest[16] % 8, squares, pale, dots)
