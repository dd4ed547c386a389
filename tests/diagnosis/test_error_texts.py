"""A text pasted from any tool leads to its cause."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.diagnosis.error_texts import ERROR_TEXTS
from wizard.diagnosis import CATALOGUE, Diagnosis, conclude, read


def diagnosed(text: str) -> Diagnosis:
    return conclude(fact for recognised in read(text, 0) for fact in recognised.facts)


def causes(text: str) -> list[str]:
    return [finding.cause.id for finding in diagnosed(text).findings]


@pytest.mark.parametrize(("text", "right"), ERROR_TEXTS, ids=[text[:60] for text, _ in ERROR_TEXTS])
def test_the_first_answer_is_a_right_one(text: str, right: set[str]) -> None:
    assert causes(text)[:1] in [[cause] for cause in right]


@pytest.mark.parametrize(("text", "right"), ERROR_TEXTS[::7])
def test_case_line_breaks_and_noise_around_a_message_change_nothing(text: str, right: set[str]) -> None:
    noisy = f"Traceback (most recent call last):\n  File main.py, line 7\n\n\t{text.upper()}\r\n\n"
    assert causes(noisy)[0] in right


def test_a_bare_refusal_offers_the_usual_suspects() -> None:
    assert causes("JWT token is invalid.") == [
        "account-region-in-claim",
        "key-mismatch",
        "user-unknown",
        "key-not-registered",
        "login-name-differs",
    ]


def test_what_names_a_cause_outright_stands_before_the_usual_suspects() -> None:
    assert causes("390144 JWT token is invalid. Login history: 394304")[0] == "key-mismatch"


@pytest.mark.parametrize("text", ["", "   ", "hello", "the weather is fine", "\x00\ud800"])
def test_nothing_is_recognised_in_nothing(text: str) -> None:
    assert causes(text) == []


@pytest.mark.parametrize("text", [text for text, _ in ERROR_TEXTS])
def test_what_a_word_processor_made_of_a_text_changes_nothing(text: str) -> None:
    typeset = text.replace("...", "…").replace("-", "–").replace("'", "’").replace('"', "”")
    assert causes(typeset) == causes(text)


def test_a_long_log_names_its_cause_at_either_end() -> None:
    noise = "at com.example.Pool.connect(Pool.java:7)\n" * 5_000
    assert causes(f"Bad decrypt. Incorrect password?\n{noise}")[0] == "passphrase-wrong"
    assert causes(f"{noise}Caused by: Bad decrypt. Incorrect password?")[0] == "passphrase-wrong"
    assert causes(f"{noise}Bad decrypt{noise}") == []


words = st.sampled_from([text for text, _ in ERROR_TEXTS] + ["\n", " ", "…", "key", "not", "\x00", "\ud800", "private"])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(words, st.text(max_size=20)), max_size=12).map(" ".join))
def test_any_text_gives_at_most_five_causes_each_once(text: str) -> None:
    found = causes(text)
    assert len(found) <= 5
    assert len(set(found)) == len(found)
    assert set(found) <= set(CATALOGUE)
