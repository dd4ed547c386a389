"""The real snowflake-connector-python logs in to the practice Snowflake, as the program from the hand-over does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

PROGRAM = """
import sys, warnings
warnings.simplefilter("ignore")
import snowflake.connector
key, host, port, user, role = sys.argv[1:]
with snowflake.connector.connect(
    account="practice-snowflake", user=user, private_key_file=key, authenticator="SNOWFLAKE_JWT",
    host=host, port=int(port), protocol="http", role=role or None, login_timeout=10,
) as connection:
    cursor = connection.cursor()
    print(cursor.execute("select current_user()").fetchone())
    print(cursor.execute("select current_role(), current_warehouse() as wh").fetchone())
    print([column[0] for column in cursor.description])
    try:
        cursor.execute("select no_such_thing")
    except snowflake.connector.errors.ProgrammingError as error:
        print(error.errno, error.sqlstate)
"""


@pytest.fixture
def key_file(walk, tmp_path: Path) -> Path:
    file = tmp_path / "rsa_key.p8"
    file.write_bytes(walk.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    file.chmod(0o600)
    return file


def connect(walk, key_file: Path, user: str = "JANE", role: str = "") -> subprocess.CompletedProcess[str]:
    host, port = walk.practice.client_address
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(key_file), host, str(port), user, role],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(key_file.parent)},
        cwd=key_file.parent,
    )


def test_the_connector_logs_in_and_asks_who_it_is(walk, key_file: Path) -> None:
    walk.registers()

    ran = connect(walk, key_file)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        "('JANE',)",
        "('ANALYST', 'COMPUTE_WH')",
        "['CURRENT_ROLE()', 'WH']",
        "904 42000",
    ]


def test_the_connector_is_told_no_more_than_that_its_token_is_refused(walk, key_file: Path) -> None:
    ran = connect(walk, key_file)

    assert ran.returncode != 0
    assert "JWT token is invalid" in ran.stderr


def test_a_role_that_is_not_granted_is_refused_by_name(walk, key_file: Path) -> None:
    walk.registers()

    ran = connect(walk, key_file, role="REPORTER")

    assert ran.returncode != 0
    assert "is not granted to this user" in ran.stderr
