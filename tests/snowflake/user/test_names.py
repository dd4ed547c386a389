"""How user names, login names and role names are read."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wizard.snowflake.sql import quote_identifier
from wizard.snowflake.user import (
    MAX_CHARACTERS,
    UserName,
    UserNameError,
    read_login_name,
    read_role_name,
    read_user_name,
)
from wizard.unseen import is_unseen


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("JANE", "JANE"),
        ("jane", "JANE"),
        ("  Jane_Doe \n", "JANE_DOE"),
        ("_svc$1", "_SVC$1"),
        ('"JANE"', "JANE"),
        ('"Jane"', "Jane"),
        ("“Jane”", "Jane"),
        ("„Jane“", "Jane"),
        ('"“Jane”"', "“Jane”"),
        ("'jane'", "JANE"),
        ('"Jane ""the"" Doe"', 'Jane "the" Doe'),
        ('" jane "', " jane "),
        ("jane.doe", "jane.doe"),
        ("Jane Doe", "Jane Doe"),
        ("1jane", "1jane"),
        ("jane-doe", "jane-doe"),
        ("jane@example.com", "jane@example.com"),
        ("JANE@EXAMPLE.COM", "JANE@EXAMPLE.COM"),
        ("Jürgen", "Jürgen"),
        ("CURRENT_USER()\nJANE", "JANE"),
        ("O'Brien", "O'Brien"),
        ("'", "'"),
        ('"', '"'),
        ('x"; GRANT ROLE ACCOUNTADMIN TO USER x; --', 'x"; GRANT ROLE ACCOUNTADMIN TO USER x; --'),
        ('"; DROP USER x; --"', "; DROP USER x; --"),
        ('"x"; DROP USER y; --"', '"x"; DROP USER y; --"'),
        ("ſ", "ſ"),
    ],
)
def test_a_user_name_is_read_as_snowflake_stores_it(typed: str, stored: str):
    assert read_user_name(typed).name == stored
    assert read_role_name(typed) == stored


def test_a_bare_name_needs_no_words():
    assert read_user_name("jane").notes == ()
    assert read_user_name('"JANE"').notes == ()


@pytest.mark.parametrize("typed", ['"Jane"', "jane.doe", "Jane Doe"])
def test_a_name_that_is_kept_as_it_stands_says_so(typed: str):
    assert "exactly as it stands" in read_user_name(typed).notes[0]
    assert "Capitals and small letters count." in read_user_name(typed).notes[0]


@pytest.mark.parametrize("typed", ["jane@example.com", '"jane.doe@mail.example.com"', "A@B.C"])
def test_an_email_address_is_noticed_and_not_refused(typed: str):
    name = read_user_name(typed)
    assert name.looks_like_email
    assert any("CURRENT_USER()" in note and "login name" in note for note in name.notes)


@pytest.mark.parametrize("typed", ["jane", "jane@home", "@example.com", "a b@example.com", "a@b@c.d", "jane@."])
def test_what_only_resembles_an_email_address_is_left_alone(typed: str):
    assert not read_user_name(typed).looks_like_email


@pytest.mark.parametrize("typed", ["jane@example.com", "Jane Doe!", "100%*", '"jane"', "jane"])
def test_a_login_name_is_kept_as_typed(typed: str):
    assert read_login_name(f"  {typed}\n") == typed


@pytest.mark.parametrize("read", [read_user_name, read_login_name, read_role_name])
class TestWhatIsRefused:
    @pytest.mark.parametrize("typed", ["", "   ", "\n\t"])
    def test_an_empty_name(self, read, typed):
        with pytest.raises(UserNameError, match="is empty") as error:
            read(typed)
        assert "shows" in error.value.fix

    @pytest.mark.parametrize(
        ("typed", "seen"),
        [
            ("jane\ndoe", "a line break at position 5"),
            ("jane\rdoe", "a line break"),
            ("jane\u2028doe", "a line break"),
            ("jane\tdoe", "a tab"),
            ("jane\x00", "U+0000"),
            ("ja\u200bne", "ZERO WIDTH SPACE"),
            ("jane\u202ecod", "RIGHT-TO-LEFT OVERRIDE"),
            ("\ufeffjane", "ZERO WIDTH NO-BREAK SPACE"),
            ("ja\u00adne", "SOFT HYPHEN"),
            ("ja\U000e0041ne", "TAG LATIN CAPITAL LETTER A"),
            ("ja\ud800ne", "U+D800"),
            ("jane\u3164", "HANGUL FILLER) at position 5"),
            ("\u115fjane", "HANGUL CHOSEONG FILLER"),
            ("ja\u2800ne", "BRAILLE PATTERN BLANK"),
            ("ja\u034fne", "COMBINING GRAPHEME JOINER"),
            ("jane\ufe0f", "VARIATION SELECTOR-16"),
            ("jane\U000e0100", "VARIATION SELECTOR-17"),
            ("jane\u00a0doe", "NO-BREAK SPACE"),
            ("jane\u3000doe", "IDEOGRAPHIC SPACE"),
            ('"\u00a0jane"', "NO-BREAK SPACE"),
        ],
    )
    def test_characters_that_cannot_be_seen(self, read, typed, seen):
        with pytest.raises(UserNameError) as error:
            read(typed)
        assert seen in error.value.message
        assert "by hand" in error.value.fix
        assert error.value.message.isprintable()

    @pytest.mark.parametrize("length", [256, 513, 70_000, 1_000_000])
    def test_a_name_beyond_255_characters(self, read, length):
        with pytest.raises(UserNameError, match=f"{length:,} characters; Snowflake allows 255"):
            read("a" * length)

    def test_hostile_lengths_of_anything(self, read):
        for piece in ('"', '""', "'", "a@", "a.", "\u200b", " a", "\n"):
            with pytest.raises(UserNameError):
                read(piece * 70_000)


@pytest.mark.parametrize("typed", ['""', "''", '"  "', "' '", "“ ”"])
def test_quotes_around_nothing_are_empty(typed: str):
    with pytest.raises(UserNameError, match="is empty"):
        read_user_name(typed)


def test_single_quotes_are_taken_off_only_where_they_hold_one_text():
    assert read_user_name("'Jane Doe'").name == "Jane Doe"
    assert read_user_name("'it's'").name == "'it's'"


@pytest.mark.parametrize("blank", ["\u00a0", "\u2003", "\u202f", "\u3000", "\r\n"])
def test_blanks_at_the_edges_of_a_paste_are_trimmed(blank: str):
    assert read_user_name(f"{blank}jane{blank}").name == "JANE"
    assert read_login_name(f"{blank}jane{blank}") == "jane"


def test_what_is_known_about_a_name_is_known_without_reading_it_again():
    for name in ("", "''", '"""', "“”"):
        assert UserName(name).notes == ("Taken exactly as it stands, and put in quotes in SQL.",)
    assert UserName("JANE").notes == ()
    assert UserName("jane@example.com") == read_user_name("jane@example.com")


def test_255_characters_are_fine_with_every_quote_doubled():
    assert read_user_name('"' + '""' * 255 + '"').name == '"' * 255
    assert read_login_name("a" * 255) == "a" * 255


@given(st.text(max_size=300))
@example('"' * 600)
@example("'" * 3)
def test_any_text_is_a_name_that_can_be_seen_or_a_reasoned_no(text: str):
    for read in (lambda text: read_user_name(text).name, read_login_name, read_role_name):
        try:
            name = read(text)
        except UserNameError as error:
            assert error.message.isprintable()  # noqa: PT017  (either way is fine; both are looked at)
            assert error.fix  # noqa: PT017
        else:
            assert 0 < len(name) <= MAX_CHARACTERS
            assert not any(is_unseen(character) for character in name)
            assert name.strip()


@given(st.text(st.characters().filter(lambda character: not is_unseen(character)), min_size=1, max_size=255))
@example("''")
@example('""')
@example("“”")
def test_a_quoted_name_is_exactly_what_stands_between_the_quotes(name: str):
    if not name.strip():
        return
    quoted = '"' + name.replace('"', '""') + '"'
    assert read_user_name(quoted).name == name
    assert read_user_name(quote_identifier(name)).name == name
