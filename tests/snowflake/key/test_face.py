"""The face of a key: six words and a picture, made from the fingerprint and from nothing else."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.snowflake.key import FACE_WORD_LIST, PublicKey, face_of

LINES = FACE_WORD_LIST.splitlines()
DIGESTS = st.binary(min_size=32, max_size=32)


def shown(digest: bytes) -> str:
    return "SHA256:" + base64.b64encode(digest).decode()


def points(path: str) -> list[tuple[int, int]]:
    found = re.findall(r"M(\d+) (\d+)h\.01", path)
    assert "".join(f"M{x} {y}h.01" for x, y in found) == path
    return [(int(x), int(y)) for x, y in found]


def test_the_words_are_the_published_list() -> None:
    # The list of BIP 39 as the release of its authors carries it: mnemonic 0.21, english.txt.
    digest = hashlib.sha256(FACE_WORD_LIST.encode()).hexdigest()
    assert digest == "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"


def test_four_letters_tell_the_words_apart() -> None:
    assert len(LINES) == len(set(LINES)) == len({word[:4] for word in LINES}) == 2048
    assert all(re.fullmatch(r"[a-z]{3,8}", word) for word in LINES)


def test_the_face_of_a_key_is_that_of_its_fingerprint(rsa_2048) -> None:
    key = PublicKey.of_private(rsa_2048)
    assert key.face == face_of(key.fingerprint)


@pytest.mark.parametrize(
    ("digest", "words", "palette"),
    [
        (bytes(32), "abandon abandon abandon abandon abandon abandon", 0),
        (b"\xff" * 32, "zoo zoo zoo zoo zoo zoo", 7),
        (bytes(range(32)), "abandon amount liar amount expire adjust", 0),
        (bytes(range(255, 223, -1)), "zoo wave left wave question wise", 7),
        (hashlib.sha256(b"JANE").digest(), "cliff undo prosper hello easily tattoo", 6),
    ],
)
def test_known_fingerprints_have_known_faces(digest: bytes, words: str, palette: int) -> None:
    face = face_of(shown(digest))
    assert (face.words, face.palette) == (words, palette)


def test_a_known_fingerprint_has_a_known_picture() -> None:
    # Bytes 17 to 21 are 11 22 33 44 55 in hexadecimal digits: the cells 0 1 0, 1 0 2, 0 2 0, 3 0 3, 1 0 1, 0 1 1.
    face = face_of(shown(bytes(17) + bytes.fromhex("1122334455") + bytes(10)))
    assert points(face.squares) == [
        (3, 1), (9, 1), (1, 3), (11, 3), (1, 9), (11, 9), (5, 9), (7, 9), (3, 11), (9, 11), (5, 11), (7, 11),
    ]  # fmt: skip
    assert points(face.pale) == [(5, 3), (7, 3), (3, 5), (9, 5)]
    assert points(face.dots) == [(1, 7), (11, 7), (5, 7), (7, 7)]


@given(DIGESTS)
def test_each_word_is_eleven_bits_of_the_fingerprint_in_their_order(digest: bytes) -> None:
    bits = "".join(f"{byte:08b}" for byte in digest)
    assert face_of(shown(digest)).words.split() == [LINES[int(bits[at : at + 11], 2)] for at in range(0, 66, 11)]


@given(DIGESTS, st.integers(0, 65))
def test_another_bit_is_another_word(digest: bytes, bit: int) -> None:
    other = (int.from_bytes(digest) ^ 1 << (255 - bit)).to_bytes(32)
    pairs = zip(face_of(shown(digest)).words.split(), face_of(shown(other)).words.split(), strict=True)
    assert [one != two for one, two in pairs] == [place == bit // 11 for place in range(6)]


@given(DIGESTS)
def test_the_picture_is_symmetric_and_each_cell_is_one_thing(digest: bytes) -> None:
    face = face_of(shown(digest))
    cells = [point for path in (face.squares, face.pale, face.dots) for point in points(path)]
    assert len(cells) == len(set(cells))
    assert set(cells) <= {(x, y) for x in range(1, 12, 2) for y in range(1, 12, 2)}
    for path in (face.squares, face.pale, face.dots):
        assert {(12 - x, y) for x, y in points(path)} == set(points(path))


@given(DIGESTS)
def test_the_picture_does_not_follow_from_the_words(digest: bytes) -> None:
    face, empty = face_of(shown(digest)), face_of(shown(digest[:9] + bytes(23)))
    assert face.words == empty.words
    assert (empty.squares, empty.pale, empty.dots) == ("", "", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SHA256:",
        "MD5:AAAA",
        shown(bytes(31)),
        shown(bytes(33)),
        shown(bytes(32)) + "=",
        shown(bytes(32))[7:],
        "SHA256:ä",
    ],
)
def test_what_is_no_fingerprint_has_no_face(text: str) -> None:
    with pytest.raises(ValueError, match="no fingerprint"):
        face_of(text)
