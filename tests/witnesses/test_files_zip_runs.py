"""What is handed over, run for real: another program, Snowflake's own connector, the practice Snowflake.

Nothing here is imported by the programs that run. They get the files as a person gets them, a key file beside them,
and an environment without the developer's own Snowflake settings.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from wizard import handover
from wizard.handover import Connection
from wizard.practice.practice import Practice
from wizard.practice.users import HOST

# Not every machine finds names below localhost by itself. This does for the program that runs what a line in
# /etc/hosts would do.
NAMES_LIKE_A_HOSTS_FILE = f"""
import socket
look_up = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: look_up("127.0.0.1" if host == "{HOST}" else host, *rest, **more)
"""

PASSPHRASE = "a pass phrase, with 'quotes'"


def login_to(practice: Practice, user: str = "JANE") -> Connection:
    host, port = practice.client_address
    return Connection(account="practice-snowflake", host=host, user=user, port=port, protocol="http")


def unpack(connection: Connection, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(handover.files_zip(connection))) as archive:
        archive.extractall(folder)


def save_key(key: rsa.RSAPrivateKey, path: Path, passphrase: str = "", mode: int = 0o600) -> None:
    protection: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    )
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection))
    path.chmod(mode)


def run(folder: Path, command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``command`` in ``folder`` as somebody whose home is empty and who has no terminal."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,  # no controlling terminal: getpass can't wait for somebody who isn't there
        check=False,
    )


def run_main(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(folder, [sys.executable, "main.py"], **environment)


def test_main_py_prints_the_user_as_a_tuple(practice: Practice, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    unpack(login_to(practice), tmp_path)
    save_key(rsa_2048, tmp_path / "rsa_key.p8")
    ran = run_main(tmp_path)
    assert (ran.stdout, ran.stderr, ran.returncode) == ("('JANE',)\n", "", 0)


def test_main_py_finds_its_key_from_any_folder(practice: Practice, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    folder = tmp_path / "o'brien's files"
    unpack(login_to(practice), folder)
    save_key(rsa_2048, folder / "rsa_key.p8")
    ran = run(tmp_path, [sys.executable, str(folder / "main.py")])
    assert (ran.stdout, ran.returncode) == ("('JANE',)\n", 0)


@pytest.mark.parametrize("variable", ["SNOWFLAKE_PRIVATE_KEY_PASSPHRASE", "PRIVATE_KEY_PASSPHRASE"])
def test_main_py_takes_the_passphrase_from_the_environment(
    variable: str, practice: Practice, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    unpack(login_to(practice), tmp_path)
    save_key(rsa_2048, tmp_path / "rsa_key.p8", PASSPHRASE)
    ran = run_main(tmp_path, **{variable: PASSPHRASE})
    assert (ran.stdout, ran.returncode) == ("('JANE',)\n", 0)


def test_main_py_asks_for_the_passphrase_of_a_key_file_that_has_one(
    practice: Practice, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    unpack(login_to(practice), tmp_path)
    save_key(rsa_2048, tmp_path / "rsa_key.p8", PASSPHRASE)
    # getpass reads standard input where there is no terminal.
    typed = subprocess.run(
        [sys.executable, "-W", "ignore", "main.py"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        input=f"{PASSPHRASE}\n",
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
        check=False,
    )
    assert "Passphrase of rsa_key.p8: " in typed.stderr
    assert (typed.stdout, typed.returncode) == ("('JANE',)\n", 0)


def test_main_py_says_that_a_passphrase_is_wrong(rsa_2048: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    unpack(Connection("practice-snowflake", "127.0.0.1", "JANE"), tmp_path)
    save_key(rsa_2048, tmp_path / "rsa_key.p8", PASSPHRASE)
    ran = run_main(tmp_path, PRIVATE_KEY_PASSPHRASE="another")
    assert (ran.stdout, ran.returncode) == ("", 1)
    assert ran.stderr == "This passphrase does not open rsa_key.p8.\n"


def test_main_py_says_where_the_key_file_belongs_when_it_is_missing(tmp_path: Path) -> None:
    unpack(Connection("practice-snowflake", "127.0.0.1", "JANE"), tmp_path)
    ran = run_main(tmp_path)
    assert (ran.stdout, ran.returncode) == ("", 1)
    assert ran.stderr.startswith(f"There is no key file {tmp_path / 'rsa_key.p8'}.")
    assert "Traceback" not in ran.stderr


def test_main_py_finds_its_key_at_home(practice: Practice, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    unpack(login_to(practice), tmp_path)
    keys = tmp_path / "home" / ".snowflake" / "keys"
    keys.mkdir(parents=True)
    save_key(rsa_2048, keys / "rsa_key.p8")
    ran = run_main(tmp_path)
    assert (ran.stdout, ran.returncode) == ("('JANE',)\n", 0)


def test_main_py_names_the_variable_where_nobody_can_be_asked(rsa_2048: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    unpack(Connection("practice-snowflake", "127.0.0.1", "JANE"), tmp_path)
    save_key(rsa_2048, tmp_path / "rsa_key.p8", PASSPHRASE)
    ran = run(tmp_path, [sys.executable, "-W", "ignore", "main.py"])
    assert (ran.stdout, ran.returncode) == ("", 1)
    assert "set the environment variable SNOWFLAKE_PRIVATE_KEY_PASSPHRASE" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_main_py_says_that_a_file_is_no_private_key(tmp_path: Path) -> None:
    unpack(Connection("practice-snowflake", "127.0.0.1", "JANE"), tmp_path)
    (tmp_path / "rsa_key.p8").write_text("-----BEGIN PUBLIC KEY-----\n")
    (tmp_path / "rsa_key.p8").chmod(0o600)
    ran = run_main(tmp_path)
    assert ran.returncode == 1
    assert "holds no private key that can be read" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(os.name != "posix", reason="file modes are a thing of POSIX systems")
def test_main_py_warns_when_others_can_read_the_key_and_logs_in_all_the_same(
    practice: Practice, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    unpack(login_to(practice), tmp_path)
    save_key(rsa_2048, tmp_path / "rsa_key.p8", mode=0o644)
    ran = run_main(tmp_path)
    assert (ran.stdout, ran.returncode) == ("('JANE',)\n", 0)
    assert f"chmod 600 {shlex.quote(str(tmp_path / 'rsa_key.p8'))}" in ran.stderr


def test_main_py_ends_with_snowflakes_own_words_when_the_login_is_refused(
    practice: Practice, other_rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    unpack(login_to(practice), tmp_path)
    save_key(other_rsa_2048, tmp_path / "rsa_key.p8")
    ran = run_main(tmp_path)
    assert (ran.stdout, ran.returncode) == ("", 1)
    assert ran.stderr.startswith("The login failed: ")
    assert "JWT token is invalid" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_connections_toml_logs_the_connector_in(
    practice: Practice, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    [tool] = [row for row in handover.TOOLS if row.slug == "connections-toml"]
    settings = tmp_path / "home" / ".snowflake"
    settings.mkdir(parents=True)
    (settings / "connections.toml").write_text(
        handover.render(tool, replace(login_to(practice), key_folder=str(tmp_path)))
    )
    (settings / "connections.toml").chmod(0o600)
    save_key(rsa_2048, tmp_path / "rsa_key.p8")
    program = (
        "import contextlib, snowflake.connector as sf\n"
        "with contextlib.closing(sf.connect(connection_name='keypair')) as connection:\n"
        "    print(connection.cursor().execute('select current_user()').fetchone())\n"
    )
    ran = run(tmp_path, [sys.executable, "-W", "ignore", "-c", program])
    assert (ran.stdout, ran.returncode) == ("('JANE',)\n", 0), ran.stderr


def test_the_environment_and_the_three_lines_log_snowflake_sql_api_in(
    practice: Practice, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    address = practice.endpoint.address
    assert address is not None
    connection = Connection(
        "practice-snowflake", HOST, "JANE", key_folder=str(tmp_path), encrypted=False, port=address[1]
    )
    texts = {row.slug: handover.render(row, connection) for row in handover.TOOLS}
    (tmp_path / "environment.sh").write_text(texts["snowflake-sql-api-environment"])
    (tmp_path / "whoami.py").write_text(texts["snowflake-sql-api"])
    (tmp_path / "authority.pem").write_text(practice.authority_pem)
    (tmp_path / "sitecustomize.py").write_text(NAMES_LIKE_A_HOSTS_FILE)
    save_key(rsa_2048, tmp_path / "rsa_key.p8")
    ran = run(
        tmp_path,
        ["sh", "-c", f". ./environment.sh; exec {shlex.quote(sys.executable)} whoami.py"],
        PYTHONPATH=str(tmp_path),
        SSL_CERT_FILE="authority.pem",
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.replace("'", '"')) == [{"CURRENT_USER()": "JANE"}]
