"""The command: what it says, how it stops, and what it refuses to start with. Each test runs it as a person would."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

SECRET = "a secret key of the tests that nobody may print"
PATIENCE = 60  # seconds; a start takes about one


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WIZARD_")}
    return kept | {"WIZARD_SECRET_KEY": SECRET, "PYTHONPATH": str(Path(__file__).parents[1])} | more


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wizard", *arguments],
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@contextmanager
def serving(*arguments: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """Serve on a free port; yield the process, its address, and the lines it printed up to there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "wizard", "serve", "--port", "0", *arguments],
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines: list[str] = []
        while not any(line.startswith("Practice Snowflake:") for line in lines):
            line = process.stdout.readline()
            assert line, lines
            lines.append(line)
        found = re.search(r"https?://\S+:\d+", "".join(lines))
        assert found, lines
        yield process, found[0], lines
    finally:
        if process.poll() is None:
            process.kill()
        if process.stdout is not None:
            process.stdout.close()
        process.wait()


def fetch(address: str, context: ssl.SSLContext | None = None) -> bytes:
    until = time.monotonic() + PATIENCE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), *([urllib.request.HTTPSHandler(context=context)] if context else [])
    )
    while True:
        try:
            with opener.open(address, timeout=5) as answer:
                return bytes(answer.read())
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


# --- starting and stopping --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_serves_and_stops_cleanly(stop: signal.Signals) -> None:
    with serving() as (process, address, lines):
        assert address.startswith("http://127.0.0.1:")
        assert "Practice Snowflake: off\n" in lines
        assert fetch(address + "/healthz") == b"ok"
        process.send_signal(stop)
        assert process.stdout is not None
        rest = process.stdout.read()
        assert process.wait(PATIENCE) == 0
        assert SECRET not in "".join(lines) + rest
        assert "Traceback" not in rest


def test_a_killed_server_leaves_nobody_behind_on_its_port() -> None:
    with serving() as (process, address, _):
        assert fetch(address + "/healthz") == b"ok"
        process.kill()
        process.wait(PATIENCE)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and answers(address):
            time.sleep(0.1)
        assert not answers(address)


def test_pages_come_and_forms_are_read_when_whoever_read_the_log_has_gone() -> None:
    with serving() as (process, address, _):
        assert fetch(address + "/healthz") == b"ok"
        assert process.stdout is not None
        process.stdout.close()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _ in range(40):  # more than there are places for pages
            assert b'data-step="account"' in fetch(address + "/steps/account")
            with pytest.raises(urllib.error.HTTPError) as refused:  # without a cookie the form is none of ours
                opener.open(address + "/steps/account", b"account=a", timeout=10)
            with refused.value as answer:
                assert answer.code == 400


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_it_starts_and_serves_with_its_log_on_a_full_disk() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "wizard", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment(), stdout=full, stderr=full)
        try:
            assert b'data-step="account"' in fetch(f"http://127.0.0.1:{port}/steps/account")
        finally:
            process.terminate()
            process.wait(PATIENCE)


def answers(address: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address + "/healthz", timeout=2):
            return True
    except OSError:
        return False


def test_several_processes_serve_where_that_is_asked_for() -> None:
    with serving(WIZARD_WORKERS="2") as (process, address, _):
        assert {fetch(address + "/healthz") for _ in range(8)} == {b"ok"}
        listed = subprocess.run(["ps", "-A", "-o", "ppid="], capture_output=True, text=True, check=True).stdout.split()
        assert listed.count(str(process.pid)) == 2
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_practice_comes_when_it_is_asked_for() -> None:
    with serving("--practice") as (process, address, lines):
        assert "Practice Snowflake: on\n" in lines
        assert b"Practice Snowflake" in fetch(address + "/practice")
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_the_option_wins_over_the_variable() -> None:
    with serving("--no-practice", WIZARD_PRACTICE="on") as (_, _, lines):
        assert "Practice Snowflake: off\n" in lines


def test_no_server_names_its_version() -> None:
    with serving() as (_, address, _):
        fetch(address + "/healthz")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address + "/healthz") as answer:
            assert not re.search(r"\d", answer.headers.get("Server", ""))


def test_it_speaks_https_with_a_certificate_of_ones_own(tmp_path: Path, rsa_2048: rsa.RSAPrivateKey) -> None:
    certificate, key = make_certificate(tmp_path, rsa_2048)
    context = ssl.create_default_context(cafile=str(certificate))
    more = {"WIZARD_TLS_CERTIFICATE": str(certificate), "WIZARD_TLS_KEY": str(key)}
    with serving("--host", "127.0.0.1", **more) as (process, address, _):
        assert address.startswith("https://")
        assert fetch(address + "/healthz", context) == b"ok"
        assert b"may be used" not in fetch(address + "/", context)
        process.terminate()
        assert process.wait(PATIENCE) == 0


def make_certificate(folder: Path, key: rsa.RSAPrivateKey) -> tuple[Path, Path]:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    import ipaddress

    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, key_file


# --- what it refuses --------------------------------------------------------------------------------------------------
def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = run("serve", "--port", str(port))
    assert ran.returncode == 1
    assert f"could not listen on 127.0.0.1 port {port}" in ran.stderr
    assert "Traceback" not in ran.stderr + ran.stdout


def test_an_address_of_another_machine_is_said_in_a_sentence() -> None:
    ran = run("serve", "--host", "192.0.2.1", "--port", "0")
    assert (ran.returncode, "could not listen on 192.0.2.1" in ran.stderr) == (1, True)
    assert "Traceback" not in ran.stderr
    assert ran.stdout == "", "no address is told that nobody listens on"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"WIZARD_PORT": "eighty"}, "WIZARD_PORT is 'eighty'"),
        ({"WIZARD_PRACTICE": "perhaps"}, "WIZARD_PRACTICE is 'perhaps'; on or off is expected."),
        ({"WIZARD_SECRET_KEY": "short"}, "that is no secret"),
        ({"WIZARD_SECRET_KEY": "8 letters", "WIZARD_HOST": "0.0.0.0"}, "The secret key has 9 characters"),
        ({"WIZARD_WORKERS": "2", "WIZARD_PRACTICE": "on"}, "It lives in one process, so leave one of the two out."),
        ({"WIZARD_TLS_KEY": "/nowhere/key.pem"}, "there is no such file"),
        ({"WIZARD_PUBLIC_URL": "keys.example"}, "WIZARD_PUBLIC_URL is 'keys.example'"),
        ({"WIZARD_TRUSTED_HOSTS": "http://a/b"}, "WIZARD_TRUSTED_HOSTS holds"),
        ({"WIZARD_SECRET_KEY": "", "WIZARD_CONTAINER": "on"}, "In a container the wizard needs WIZARD_SECRET_KEY"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_would_do(more: dict[str, str], words: str) -> None:
    ran = run("serve", "--port", "0", **more)
    assert ran.returncode == 2
    assert ran.stderr.startswith("keypair-wizard: ")
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_a_host_that_no_name_server_could_be_asked_for_is_said_in_a_sentence() -> None:
    ran = run("serve", "--host", "ü" * 64, "--port", "0")
    assert (ran.returncode, "could not listen on üüü" in ran.stderr) == (1, True)
    assert "Traceback" not in ran.stderr


def test_a_port_outside_the_range_is_refused() -> None:
    ran = run("serve", "--port", "70000")
    assert (ran.returncode, "65535" in ran.stderr) == (2, True)


def test_help_tells_the_options_and_where_the_settings_are() -> None:
    ran = run("serve", "--help")
    assert ran.returncode == 0
    for option in ("--host", "--port", "--practice", "--no-practice"):
        assert option in ran.stdout
    assert "WIZARD_HOST" in run("--help").stdout


def test_without_a_command_it_says_which_there_are() -> None:
    ran = run()
    assert ran.returncode == 2
    assert "command" in ran.stderr


def test_a_secret_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    for _ in range(2):
        with serving(WIZARD_SECRET_KEY="", WIZARD_DATA_DIR=str(tmp_path / "data")) as (_, address, lines):
            fetch(address + "/healthz")
            kept = tmp_path / "data" / "secret_key"
            assert kept.stat().st_mode & 0o777 == 0o600
            secret = kept.read_text()
            assert secret.strip() not in "".join(lines)
    assert kept.read_text() == secret
