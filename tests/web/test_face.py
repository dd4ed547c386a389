"""The face of the walk's key: wherever somebody compares it or goes on with it, beside the whole fingerprint."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from tests.web.walking import arrive, fingerprint
from wizard.snowflake.key import FACE_WORD_LIST, face_of

WITHOUT_TOKEN = {"csrf"}  # the administrator's page sets no cookie


def shows_the_face(page: Page, key: rsa.RSAPrivateKey) -> None:
    face = face_of(fingerprint(key))
    assert page.copied("fingerprint") == fingerprint(key)
    assert page.copied("key-words") == face.words
    picture = page.one("[data-face] svg")
    assert (picture["role"], picture["aria-label"]) == ("img", face.words)
    assert [path["d"] for path in picture.find_all("path")] == [face.squares, face.pale, face.dots]


@pytest.mark.parametrize("slug", ["register", "verify", "test", "handover"])
def test_a_step_shows_the_face_of_the_key(app: Flask, rsa_2048: rsa.RSAPrivateKey, slug: str) -> None:
    shows_the_face(arrive(app, slug, rsa_2048), rsa_2048)


def test_the_key_step_shows_the_face_of_the_key_that_is_known(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    page = arrive(app, "register", rsa_2048)
    shows_the_face(page.follow("Change the key"), rsa_2048)


def test_the_asker_and_the_administrator_see_the_same_face(app: Flask, rsa_2048: rsa.RSAPrivateKey) -> None:
    made = arrive(app, "register", rsa_2048).press("Write the message")
    theirs = PageClient(app).visit(made.copied("share-link"), unchecked=WITHOUT_TOKEN)
    for page in (made, theirs):
        shows_the_face(page, rsa_2048)
        assert "The words carry 66 bits of the fingerprint. In doubt, compare the whole fingerprint." in page.text


def test_two_keys_have_two_faces(app: Flask, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey) -> None:
    ours, theirs = (arrive(app, "register", key).copied("key-words") for key in (rsa_2048, other_rsa_2048))
    assert ours != theirs


def test_the_words_are_served_as_they_are_read_here_and_kept_for_a_year(app: Flask) -> None:
    answer = app.test_client().get(app.extensions["assets"].url("vendor/face_words.txt"))
    assert answer.text == FACE_WORD_LIST
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
