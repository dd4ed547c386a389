"""A secret prints as stars, wherever it is printed."""

import json
import logging
import pickle

import pytest

from wizard.secret import Secret

WORD = "correct horse battery"


@pytest.mark.parametrize(
    "shown",
    [
        str,
        repr,
        "{}".format,
        "{!r}".format,
        "%s".__mod__,
        json.dumps,
        lambda secret: f"{secret:>40}",
        lambda secret: "-" + secret,
    ],
)
def test_a_secret_shows_stars_and_nothing_else(shown: object) -> None:
    text = shown(Secret(WORD))  # type: ignore[operator]
    assert "***" in text
    assert WORD not in text


def test_a_secret_in_a_log_line_or_an_error_shows_stars(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("given %s", Secret(WORD))
    assert WORD not in caplog.text
    assert WORD not in str(ValueError(Secret(WORD)))


def test_only_reveal_gives_the_value() -> None:
    assert Secret(WORD).reveal() == WORD


def test_a_secret_is_true_when_it_holds_something() -> None:
    assert Secret(WORD)
    assert not Secret("")


def test_secrets_are_equal_by_value_and_never_to_plain_text() -> None:
    assert Secret(WORD) == Secret(WORD)
    assert Secret(WORD) != Secret("another")
    assert Secret(WORD) != WORD
    assert Secret("x") != "***"


def test_a_secret_is_not_pickled() -> None:
    with pytest.raises(TypeError, match="not written anywhere"):
        pickle.dumps(Secret(WORD))


def test_a_secret_is_no_dictionary_key() -> None:
    with pytest.raises(TypeError):
        hash(Secret(WORD))
