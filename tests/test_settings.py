"""Settings: read once, from the environment, with words for what can't be used."""

import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from wizard.secret import Secret
from wizard.settings import TABLE, Settings, SettingsError

KEY = "a-test-key-that-is-long-enough-to-sign-with"


def settings(**variables: str) -> Settings:
    return Settings.from_environment({"WIZARD_SECRET_KEY": KEY, **{f"WIZARD_{k}": v for k, v in variables.items()}})


def test_without_settings_the_wizard_listens_on_this_machine_only() -> None:
    assert (settings().host, settings().port, settings().practice) == ("127.0.0.1", 8080, False)
    assert settings().rate_limits


def test_every_setting_is_read() -> None:
    read = settings(
        HOST="0.0.0.0", PORT="9000", PUBLIC_URL="https://keys.example.com/", PROXY_HOPS="2", PRACTICE="on",
        RATE_LIMITS="off", TRUSTED_HOSTS="a.example:8443, B.Example ,", THREADS="3", WORKERS="1",
    )  # fmt: skip
    assert (read.host, read.port, read.public_url, read.proxy_hops) == ("0.0.0.0", 9000, "https://keys.example.com", 2)
    assert (read.practice, read.rate_limits, read.threads, read.workers) == (True, False, 3, 1)
    assert read.trusted_hosts == {"a.example": 8443, "b.example": None}
    assert read.advice == ()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "80a"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PROXY_HOPS", "ten"),
        ("PRACTICE", "maybe"),
        ("PUBLIC_URL", "keys.example.com"),
        ("PUBLIC_URL", "https://keys.example.com/wizard"),
        ("PUBLIC_URL", "https://keys.example.com:port"),
        ("PUBLIC_URL", "https://keys.example.com:99999"),
        ("PUBLIC_URL", "https://me:word@keys.example.com"),
        ("PUBLIC_URL", "https://keys.example.com#here"),
        ("PUBLIC_URL", "https://keys.example.com?"),
        ("PUBLIC_URL", "https://keys example.com"),
        ("PUBLIC_URL", "https://keys.exa\tmple.com"),
        ("PUBLIC_URL", "https://schlüssel.example.com"),
        ("PUBLIC_URL", "https://[not-an-address]"),
        ("TRUSTED_HOSTS", "https://a.example"),
        ("TRUSTED_HOSTS", "a.example:http"),
        ("TRUSTED_HOSTS", "me@a.example"),
        ("TRUSTED_HOSTS", "a.example:²"),
        ("TRUSTED_HOSTS", "a.example:" + "1" * 5000),
        ("TLS_CERTIFICATE", "/nowhere/cert.pem"),
        ("THREADS", "0"),
        ("WORKERS", "0"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"WIZARD_{variable}"):
        settings(**{variable: value})


@pytest.mark.parametrize(
    "address", ["https://keys.example.com", "HTTP://Keys_1.example:8443", "http://[::1]:8080", "https://192.0.2.1"]
)
def test_an_address_that_people_can_type_is_taken(address: str) -> None:
    assert settings(PUBLIC_URL=address).public_url == address


def test_a_misspelt_setting_is_told_and_does_not_stop_the_start() -> None:
    (advice,) = settings(PRATCICE="on").advice
    assert "WIZARD_PRATCICE is not a setting" in advice
    assert "WIZARD_PRACTICE" in advice


def test_a_short_secret_key_is_advised_against_and_a_tiny_one_refused() -> None:
    assert "short" in Settings.from_environment({"WIZARD_SECRET_KEY": "short-key"}).advice[0]
    with pytest.raises(SettingsError, match="no secret"):
        Settings.from_environment({"WIZARD_SECRET_KEY": "abc"})


@pytest.mark.parametrize("length", [8, 31])
@pytest.mark.parametrize(
    "given",
    [
        {"WIZARD_HOST": "0.0.0.0"},
        {"WIZARD_HOST": "::"},
        {"WIZARD_HOST": "192.0.2.1"},
        {"WIZARD_HOST": "keys.example"},
        {"WIZARD_PROXY_HOPS": "1"},
        {"WIZARD_PUBLIC_URL": "https://keys.example"},
        {"WIZARD_CONTAINER": "on", "WIZARD_HOST": "0.0.0.0"},
    ],
)
def test_a_short_secret_key_is_refused_where_others_can_come(length: int, given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=rf"has {length} characters.*32.*token_urlsafe"):
        Settings.from_environment({"WIZARD_SECRET_KEY": "x" * length} | given)
    assert Settings.from_environment({"WIZARD_SECRET_KEY": "x" * 32} | given).advice == ()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_a_short_secret_key_will_do_on_this_machine(host: str) -> None:
    given = {"WIZARD_SECRET_KEY": "x" * 8, "WIZARD_HOST": host, "WIZARD_PUBLIC_URL": "http://localhost:8080"}
    assert Settings.from_environment(given).advice


def test_a_host_of_the_command_line_counts_as_one_of_the_environment() -> None:
    settings = Settings.from_environment({"WIZARD_SECRET_KEY": "x" * 8})
    with pytest.raises(SettingsError, match="has 8 characters"):
        replace(settings, host="0.0.0.0")


def test_a_container_without_a_secret_key_does_not_start() -> None:
    with pytest.raises(SettingsError, match="container"):
        Settings.from_environment({"WIZARD_CONTAINER": "on"})


def test_the_secret_key_can_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY + "\n")
    assert Settings.from_environment({"WIZARD_SECRET_KEY_FILE": str(file)}).secret_key == Secret(KEY)


def test_old_secret_keys_come_from_the_variable_or_a_line_each_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "old"
    file.write_text("the key of last year\n\nthe key of, say, 2024\n")
    assert settings(OLD_SECRET_KEYS_FILE=str(file)).old_secret_keys == (
        Secret("the key of last year"),
        Secret("the key of, say, 2024"),
    )
    assert settings(OLD_SECRET_KEYS="the first one, the second").old_secret_keys == (
        Secret("the first one"),
        Secret("the second"),
    )
    assert settings().old_secret_keys == ()


def test_an_old_secret_key_that_is_too_short_for_one_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="WIZARD_OLD_SECRET_KEYS holds 3 characters; that is no secret"):
        settings(OLD_SECRET_KEYS="the key of last year, abc")


def test_a_secret_key_is_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = Settings.from_environment({"WIZARD_DATA_DIR": str(folder)})
    again = Settings.from_environment({"WIZARD_DATA_DIR": str(folder)})
    assert first.secret_key == again.secret_key
    assert len(first.secret_key.reveal()) >= 32
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("variable", ["SECRET_KEY", "TITLE", "HOST", "DATA_DIR"])
def test_a_variable_that_is_no_text_stops_the_start_with_a_sentence(variable: str) -> None:
    as_python_reads_it = (b"secret-\xff\xfe\xe9-" * 6).decode(errors="surrogateescape")
    with pytest.raises(SettingsError, match=f"WIZARD_{variable} holds bytes that are no text") as refused:
        settings(**{variable: as_python_reads_it})
    assert "secret-" not in str(refused.value)


def test_a_file_of_a_secret_key_that_is_no_text_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"\xff\xfe\xe9" * 20)
    with pytest.raises(SettingsError, match=r"the file of WIZARD_SECRET_KEY_FILE holds bytes.*token_urlsafe"):
        Settings.from_environment({"WIZARD_SECRET_KEY_FILE": str(file)})


def test_wizards_that_start_at_the_same_moment_agree_on_the_key(tmp_path: Path) -> None:
    starters, rounds = 4, 40
    moment = threading.Barrier(starters)

    def start(number: int) -> str:
        moment.wait(30)
        return Settings.from_environment({"WIZARD_DATA_DIR": str(tmp_path / str(number))}).secret_key.reveal()

    with ThreadPoolExecutor(starters) as pool:
        for number in range(rounds):
            assert len({*pool.map(start, [number] * starters)}) == 1
            assert [file.name for file in (tmp_path / str(number)).iterdir()] == ["secret_key"]


def test_a_full_disk_at_the_first_start_leaves_nothing_behind(tmp_path: Path) -> None:
    first_start = """
import resource
from wizard.settings import Settings, SettingsError
resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))
try:
    Settings.from_environment({"WIZARD_DATA_DIR": "data"})
except SettingsError as error:
    print(error)
"""
    package = str(Path(__file__).parents[1])
    ran = subprocess.run(
        [sys.executable, "-c", first_start], cwd=tmp_path, env={"PYTHONPATH": package}, capture_output=True, text=True
    )
    assert "No secret key could be kept in data" in ran.stdout, ran.stderr
    assert not list((tmp_path / "data").iterdir())


def test_a_folder_that_takes_no_second_name_for_a_file_keeps_the_key_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(_source: str, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")  # as FAT answers

    monkeypatch.setattr("os.link", link)
    first = Settings.from_environment({"WIZARD_DATA_DIR": str(tmp_path)})
    assert Settings.from_environment({"WIZARD_DATA_DIR": str(tmp_path)}).secret_key == first.secret_key
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_a_damaged_kept_key_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("half")
    with pytest.raises(SettingsError, match="Delete that file"):
        Settings.from_environment({"WIZARD_DATA_DIR": str(tmp_path)})


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(SettingsError, match="WIZARD_DATA_DIR"):
        Settings.from_environment({"WIZARD_DATA_DIR": str(blocked / "data")})


def test_certificate_and_key_come_together(tmp_path: Path) -> None:
    file = tmp_path / "cert.pem"
    file.write_text("")
    with pytest.raises(SettingsError, match="belong together"):
        settings(TLS_CERTIFICATE=str(file))


def test_settings_never_print_the_secret_key() -> None:
    assert KEY not in repr(settings())


def test_every_row_of_the_table_has_words() -> None:
    assert all(row.meaning.endswith((".", ")")) for row in TABLE)
    assert len({row.name for row in TABLE}) == len(TABLE)


def test_a_trusted_host_may_be_spelt_with_underscores_as_the_account_is() -> None:
    hosts = settings(TRUSTED_HOSTS="MYORG-MY_ACCT.snowflakecomputing.com:8443,a_b.privatelink.snowflakecomputing.com")
    assert hosts.trusted_hosts == {
        "myorg-my-acct.snowflakecomputing.com": 8443,
        "a_b.privatelink.snowflakecomputing.com": None,
    }


def test_a_certificate_that_cannot_be_used_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("junk")
    with pytest.raises(SettingsError, match="can't be used together"):
        settings(TLS_CERTIFICATE=str(junk), TLS_KEY=str(junk))
