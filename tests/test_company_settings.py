"""What a company sets: read from variables and one file, and refused with the place and what is expected."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.accent import LEAST, Accent, AccentError, contrast, tokens_of
from wizard.handover import rotation_day
from wizard.handover.rotation import ROTATION_DAYS
from wizard.house import LINK_DAYS, House
from wizard.journey import USUAL_ROLE
from wizard.settings import TABLE, Settings, SettingsError

KEY = "a-test-key-that-is-long-enough-to-sign-with"
TOKENS = tokens_of((Path(__file__).parents[1] / "static" / "css" / "tokens.css").read_text("utf-8"))


def settings(**variables: str) -> Settings:
    return Settings.from_environment({"WIZARD_SECRET_KEY": KEY, **{f"WIZARD_{k}": v for k, v in variables.items()}})


@pytest.fixture
def of_file(tmp_path: Path):
    file = tmp_path / "wizard.toml"

    def read(text: str, **variables: str) -> Settings:
        file.write_text(text, encoding="utf-8")
        return settings(CONFIG=str(file), **variables)

    return read


# --- one file ---------------------------------------------------------------------------------------------------------
def test_without_settings_the_house_is_the_wizards_own() -> None:
    assert settings().house == House()
    defaults = {row.name: row.default for row in TABLE}
    assert defaults["USUAL_ROLE"] == USUAL_ROLE
    assert defaults["KEY_WAYS"] == ", ".join(House().key_ways)
    assert defaults["LEAST_KEY_SIZE"] == str(House().least_key_size)
    assert (defaults["ROTATION_DAYS"], defaults["LINK_DAYS"]) == (str(ROTATION_DAYS), str(LINK_DAYS))


def test_settings_come_from_one_file_and_a_variable_wins_over_it(of_file) -> None:
    read = of_file(
        'title = "Keys at Example"\nsupport = "#data"\nport = 9000\npractice = true\n'
        'trusted_hosts = ["a.example:8443"]\n',
        SUPPORT="#mine",
    )
    assert (read.house.title, read.house.support, read.port, read.practice) == ("Keys at Example", "#mine", 9000, True)
    assert read.trusted_hosts == {"a.example": 8443}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('title = "Keys"\n\nport = "http"\n', 3, "a whole number from 0 to 65535 is expected"),
        ("# ours\nrotation_days = 0\n", 2, "a whole number from 1 to 3650 is expected"),
        ('title = "Keys"\ncolour = "red"\n', 2, "'colour' is not a setting of the wizard"),
        ('\nsuport = "#data"\n', 2, "Is support meant?"),
        ('title = "Keys"\nport = = 3\n', 2, "can't be read as TOML"),
        ('secret_key = "x"\n', 1, "secret_key_file"),
        ('config = "x"\n', 1, "It names this file."),
        ('title = """\nport = 1\n"""\nport = 70000\n', 4, "a whole number"),
        ('trusted_hosts = [\n  "a.example",\n  3,\n]\n', 1, "a list or a table of texts is expected"),
        ("title = 2026-11-21\n", 1, "a text, a whole number"),
        ('title = ["a"]\n', 1, "a single text is expected"),
        ('\naccent = "#ffff00"\n', 2, "4.5:1 is the least"),
        ('[accounts]\nA = "myorg-a"\nB = "me@b"\n', 3, "the identifier of an account"),
        ('logo = "nowhere.svg"\n', 1, "there is no such file"),
        ("practice = true\nport = 0x" + "f" * 50_000, 2, "a number of too many digits"),
        ("trusted_hosts = [0x" + "f" * 50_000 + "]", 1, "a list or a table of texts is expected"),
        ('[accounts]\nA = "myorg-a"\n" A" = "myorg-b"\n', 1, "'A' stands there twice"),
    ],
)
def test_a_wrong_setting_of_the_file_stops_the_start_and_names_the_line(
    of_file, text: str, line: int, says: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        of_file(text)
    assert f"wizard.toml, line {line}" in str(refused.value)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = " + "[" * 20_000, "lists and tables are nested too deeply"),
        ("port = " + "9" * 5_000, "a number has too many digits"),
    ],
)
def test_a_file_that_pythons_reader_gives_up_on_stops_the_start_with_a_sentence(of_file, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=rf"wizard\.toml: {says}"):
        of_file(text)


def test_a_name_that_stands_twice_among_the_accounts_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"WIZARD_ACCOUNTS.*'A' stands there twice"):
        settings(ACCOUNTS="A = myorg-a, B = myorg-c, A = myorg-b")


def test_a_long_file_that_is_right_is_read_once(of_file, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []
    loads = tomllib.loads

    def counted(text: str) -> dict[str, object]:
        reads.append(text)
        return loads(text)

    monkeypatch.setattr("tomllib.loads", counted)
    of_file("# why this is set as it is\n" * 1000 + 'title = "Keys"\nsupport = "#data"\nport = 9000\n')
    assert len(reads) == 1


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match=r"WIZARD_CONFIG names '/nowhere/wizard\.toml'"):
        settings(CONFIG="/nowhere/wizard.toml")


def test_text_that_is_not_utf_8_is_named_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "wizard.toml"
    file.write_bytes(b'title = "Keys"\nsupport = "\xff"\n')
    with pytest.raises(SettingsError, match="line 2: text in UTF-8"):
        settings(CONFIG=str(file))


def test_a_file_that_the_settings_name_lies_beside_them(of_file, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text('<svg viewBox="0 0 24 12"></svg>')
    logo = of_file('logo = "logo.svg"').house.logo
    assert logo
    assert (logo.width, logo.height) == (24, 12)


def test_the_example_of_the_documents_is_one_that_starts(of_file, tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "docs" / "company.md").read_text("utf-8")
    (tmp_path / "logo.svg").write_text('<svg viewBox="0 0 24 12"></svg>')
    house = of_file(text.partition("```toml\n")[2].partition("```")[0]).house
    same = [name for name in House.__slots__ if getattr(house, name) == getattr(House(), name)]
    assert not same, "the example sets everything, to something of its own"


# --- single values ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TITLE", "x" * 61),
        ("SUPPORT", "a\u202eb"),
        ("ACCENT", "teal"),
        ("ACCENT", "#0b5c73 #74c6da #000000"),
        ("USUAL_ROLE", "a" * 300),
        ("ROTATION_DAYS", "never"),
        ("LINK_DAYS", "91"),
        ("OTHER_ACCOUNTS", "perhaps"),
        ("NOTE", "x" * 401),
        ("KEY_WAYS", "browser, pigeon"),
        ("LEAST_KEY_SIZE", "1024"),
        ("LEAST_KEY_SIZE", "2500"),
        ("PASSPHRASE_REQUIRED", "sometimes"),
        ("SERVICE_USERS", "SVC *"),
        ("SERVICE_USERS", "*" * 101),
        ("ACCOUNTS", "Production = xy12345"),
        ("ACCOUNTS", "Production = https://evil.example"),
        ("ACCOUNTS", "A = myorg-a, B = https://myorg-a.snowflakecomputing.com"),
        ("ACCOUNTS", "= myorg-a"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"WIZARD_{variable}.* expected"):
        settings(**{variable: value})


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a",
        b"<svg></svg>",
        b'<svg viewBox="0 0 0 0"></svg>',
        b'<svg viewBox="0 0 nan 3"></svg>',
        b'<svg viewBox="0 0 1 1"><style>*{}</style></svg>',
        b'<svg viewBox="0 0 1 1"><script>1</script></svg>',
        b'<svg viewBox="0 0 1 1" onload="x()"></svg>',
        b'<svg viewBox="0 0 1 1" xmlns:s="http://www.w3.org/2000/svg"><s:script>1</s:script></svg>',
        b'<svg viewBox="0 0 1 1"><a href="javascript:x()"><path/></a></svg>',
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x80\0\0\0\0\0\0\x01\x08\6\0\0\0",
        b" " * (64 * 1024 + 1),
    ],
)
def test_a_logo_that_could_not_be_shown_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "logo.svg"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"WIZARD_LOGO.* expected"):
        settings(LOGO=str(file))


def test_the_rotation_day_follows_the_companys_rule() -> None:
    assert rotation_day(date(2026, 1, 1), settings(ROTATION_DAYS="90").house.rotation_days) == date(2026, 4, 1)


# --- the accent -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given_colours", "screen"), [("#e8a33d", "light"), ("#0b5c73 #0b5c73", "dark"), ("#74c6da #74c6da", "light")]
)
def test_a_colour_that_cannot_be_read_is_refused_with_its_contrast(given_colours: str, screen: str) -> None:
    with pytest.raises(
        SettingsError, match=rf"on a {screen} screen .* contrast of \d+\.?\d*:1, and 4\.5:1 is the least"
    ):
        settings(ACCENT=given_colours)


def test_the_dark_colour_of_one_that_reads_well_on_both_is_found() -> None:
    accent = settings(ACCENT="#0B5C73").house.accent
    assert accent
    assert accent.light == "#0b5c73"
    assert contrast(accent.dark, TOKENS["paper"][1]) >= LEAST


def test_the_sheet_says_only_tokens_that_there_are() -> None:
    accent = Accent.made_of(TOKENS, "#0b5c73")
    assert accent.shades(0).keys() <= TOKENS.keys()
    assert {"paper", "surface", "well", "ink", "ink-soft", "on-accent"} <= TOKENS.keys()


@given(st.integers(0, 0xFFFFFF))
def test_whatever_colour_is_taken_can_be_read_on_both_screens(number: int) -> None:
    try:
        accent = Accent.made_of(TOKENS, f"#{number:06x}")
    except AccentError:
        return
    for screen in (0, 1):
        colours = {name: pair[screen] for name, pair in TOKENS.items()} | accent.shades(screen)
        for text in ("accent", "accent-strong", "ink", "ink-soft"):
            for ground in ("accent-wash", "paper", "surface", "well"):
                assert contrast(colours[text], colours[ground]) >= LEAST
        assert contrast(colours["on-accent"], colours["accent"]) >= LEAST
