"""``keypair-wizard diagnose``: what the wizard's page says of a paste, on a terminal."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from wizard.commands.diagnose import tell

NOW = 1_800_000_000
UUID = "0d9a1c52-7a50-4f0e-9c8e-6d0f3f6f2b11"
ROOT = Path(__file__).parents[1]


def said(text: str, public_url: str = "") -> str:
    out = io.StringIO()
    tell(text, NOW, public_url, out, as_json=False)
    return out.getvalue()


def run(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "wizard", "diagnose", *arguments],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"} | environment,
        input=given, capture_output=True, check=False, timeout=60,
    )  # fmt: skip


def test_the_cause_comes_first_with_what_mends_it_and_its_page() -> None:
    lines = said("getaddrinfo failed for myorg-acct.snowflakecomputing.com").splitlines()
    assert lines[0].startswith("Read: An error")
    assert lines[2] == "1. No such host: the name does not resolve (host-not-found; most likely)"
    assert "   More: /causes/host-not-found" in lines


def test_a_page_has_its_whole_address_where_the_wizards_is_known() -> None:
    text = said("394304", "https://keys.example.com")
    assert "More: https://keys.example.com/causes/key-mismatch\n" in text
    assert "keypair-wizard serve" not in text


def test_what_is_not_known_is_left_open_in_a_statement() -> None:
    assert "       DESC USER <USER>;" in said("394304 JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH").splitlines()


def test_where_several_causes_print_the_same_it_says_what_to_look_at() -> None:
    text = said(f"390144 (08004): JWT token is invalid. [{UUID}]")
    assert f"    SELECT SYSTEM$GET_LOGIN_FAILURE_DETAILS('{UUID}');" in text.partition("To be sure: ")[2]


@pytest.mark.parametrize(
    ("text", "line"), [("", "There is nothing to read."), ("good morning", "No cause can be told")]
)
def test_a_text_that_tells_nothing_ends_with_1_and_says_so(text: str, line: str) -> None:
    ended = run(given=text.encode())
    assert ended.returncode == 1
    assert line in ended.stdout.decode()


def test_standard_input_and_a_file_say_the_same(tmp_path: Path) -> None:
    text = f"390422: Incoming request with IP/Token 203.0.113.9 is not allowed to access Snowflake. [{UUID}]".encode()
    (tmp_path / "error.log").write_bytes(text)
    ended = [run(given=text), run("-", given=text), run(str(tmp_path / "error.log"))]
    assert {one.returncode for one in ended} == {0}
    assert len({one.stdout for one in ended}) == 1
    assert b"(network-policy; " in ended[0].stdout


def test_the_same_as_data() -> None:
    ended = run("--json", given=f"JWT token is invalid. [{UUID}]".encode())
    told = json.loads(ended.stdout)
    assert ended.returncode == 0
    assert told["recognised"][0]["kind"] == "error"
    assert told["findings"][0]["page"] == f"/causes/{told['findings'][0]['cause']}"
    assert told["settle"]["sql"]
    assert told.keys() == {"recognised", "findings", "ruled_out", "corrected_settings", "settle"}


def test_bytes_that_are_no_text_are_read_all_the_same() -> None:
    assert b"(network-policy; " in run(given=b"\xff\xfe\x00 390422 \x1b[31m\n").stdout


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    for name in (tmp_path / "nothing.log", tmp_path):
        ended = run(str(name))
        assert ended.returncode == 2
        assert b"can't be read" in ended.stderr
        assert b"Traceback" not in ended.stderr


def test_a_terminal_that_lacks_a_letter_shows_another() -> None:
    ended = run(given="390189: Role 'ÄRZTE' specified in the connect string".encode(), PYTHONIOENCODING="ascii")
    assert ended.returncode == 0
    assert b"(role-not-granted; " in ended.stdout


def test_a_reader_that_hangs_up_is_no_reason_to_complain() -> None:
    arguments = [sys.executable, "-m", "wizard", "diagnose"]
    with subprocess.Popen(
        arguments, env={"PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        process.stdin.write(b"390144 JWT token is invalid.")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141
