"""The real clients, each in an environment of its own, and what a person copies from the hand-over.

``make test-clients`` installs them in ``.tools/clients``. Nothing of the wizard is in reach of the programs that run:
they get the texts as they are copied, the commands as they are typed, and a key file with mode 600.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from wizard import handover
from wizard.handover import Connection
from wizard.practice.practice import Practice

TOOLS = Path(__file__).parents[2] / ".tools" / "clients"
# No blanks at its ends: Airflow cuts them off. Every other client takes them.
PASSPHRASE = 'it\'s a "pass\\phrase" $HOME für 1'


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("clients")


@dataclass(frozen=True)
class Desk:
    """A person at a machine: a home, a folder with the key file, another one in which programs start."""

    folder: Path
    connection: Connection
    encrypted: bool

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def copied(self, slug: str) -> str:
        tool = handover.tool_named(slug)
        assert tool
        return handover.render(tool, self.connection)

    def save(self, slug: str, name: str = "", mode: int = 0o600) -> Path:
        """Save the text of a tool under its own name, or as ``name``, in the folder where programs start."""
        tool = handover.tool_named(slug)
        assert tool
        path = self.work / (name or tool.file_name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.copied(slug), encoding="utf-8")
        path.chmod(mode)
        return path

    def run(self, environment: str, slug: str, command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Type ``command`` in a shell; where the key has a passphrase, after the line for it that ``slug`` shows."""
        tool = handover.tool_named(slug)
        assert tool
        shown = handover.passphrase_commands(tool, self.connection)
        asked = [command.text for command in shown if command.language == "shell" and self.encrypted]
        path = f"{TOOLS / environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-c", "\n".join([*asked, command])],
            cwd=self.work,
            env={"PATH": path, "HOME": str(self.home), "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "ignore"} | variables,
            input=f"{PASSPHRASE}\n",
            capture_output=True,
            text=True,
            timeout=300,
            start_new_session=True,
            check=False,
        )


@pytest.fixture(params=["plain", "encrypted"])
def desk(request: pytest.FixtureRequest, practice: Practice, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path) -> Desk:
    """The login of JANE, with a plain and with an encrypted key."""
    encrypted = request.param == "encrypted"
    keys = tmp_path / "the keys"
    for folder in (keys, tmp_path / "work", tmp_path / "home"):
        folder.mkdir()
    protection = BestAvailableEncryption(PASSPHRASE.encode()) if encrypted else NoEncryption()
    key_file = keys / "rsa_key.p8"
    key_file.write_bytes(rsa_2048.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection))
    key_file.chmod(0o600)
    host, port = practice.client_address
    connection = Connection(
        "practice-snowflake", host, "JANE", key_folder=str(keys), encrypted=encrypted, port=port, protocol="http"
    )
    return Desk(tmp_path, connection, encrypted)


@pytest.fixture
def desk_at_home(desk: Desk) -> Desk:
    """The same where the folder was not told, nor whether there is a passphrase: the key is in ~/.snowflake/keys."""
    keys = desk.home / ".snowflake" / "keys"
    keys.parent.mkdir()
    (desk.folder / "the keys").rename(keys)
    return replace(desk, connection=replace(desk.connection, key_folder="", encrypted=None))


def logged_in(ran: subprocess.CompletedProcess[str]) -> bool:
    """Whether the program said who it is. Raises AssertionError, with its own words, where it ended with an error."""
    assert ran.returncode == 0, f"{shlex.join(map(str, ran.args))}\n{ran.stdout[-6000:]}\n{ran.stderr[-6000:]}"
    return "JANE" in ran.stdout
