"""The commands of the secret stores, run by the real client against a small stand-in for the store."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.clients.conftest import TOOLS
from tests.web.walking import private_pem
from wizard.handover import STORES, Connection, store_texts


class SecretsManager:
    """Keeps what it is sent, under its name. It answers as Secrets Manager does, over plain HTTP."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        manager = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = manager.answer(self.headers["X-Amz-Target"].partition(".")[2], asked)
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def answer(self, deed: str, asked: dict[str, str]) -> tuple[int, dict[str, str]]:
        name = asked.get("Name") or asked["SecretId"]
        if (deed == "CreateSecret") == (name in self.secrets):
            kind = "ResourceExistsException" if name in self.secrets else "ResourceNotFoundException"
            return 400, {"__type": kind, "Message": f"{deed}: {name}"}
        if deed != "GetSecretValue":
            self.secrets[name] = asked["SecretString"]
            return 200, {"Name": name}
        return 200, {"Name": name, "SecretString": self.secrets[name]}


@pytest.fixture
def manager() -> Iterator[SecretsManager]:
    manager = SecretsManager()
    serving = threading.Thread(target=manager.server.serve_forever, args=(0.01,))
    serving.start()
    yield manager
    manager.server.shutdown()
    serving.join()
    manager.server.server_close()


def test_aws_keeps_the_key_and_gives_it_back_to_its_owner_alone(
    manager: SecretsManager, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    folder = tmp_path / 'it\'s $HOME, the "keys"'
    folder.mkdir()
    file = folder / "rsa_key.p8"
    connection = Connection(account="", host="", user="jane.o'\"brien@example.com", key_folder=str(folder))
    [store] = [row for row in STORES if row.slug == "aws"]
    commands = {text.name: text.text for text in store_texts(store, connection)}

    def run(deed: str) -> None:
        subprocess.run(
            ["bash", "-c", commands[deed]],
            env={
                "PATH": f"{TOOLS / 'aws' / 'bin'}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(tmp_path),
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{manager.server.server_port}",
                "AWS_REGION": "eu-central-1",
                "AWS_DEFAULT_REGION": "eu-central-1",
                "AWS_ACCESS_KEY_ID": "example",
                "AWS_SECRET_ACCESS_KEY": "example",
            },
            check=True,
            capture_output=True,
            timeout=120,
        )

    for key, deed in ((rsa_2048, "store"), (other_rsa_2048, "replace")):
        file.write_bytes(private_pem(key))
        run(deed)
        [(name, kept)] = manager.secrets.items()
        assert (name, kept.encode()) == ("snowflake/jane_o_brien_example_com", private_pem(key))

    file.unlink()
    run("read")
    assert file.read_bytes() == private_pem(other_rsa_2048) + b"\n", "one line break more, as the page says"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    load_pem_private_key(file.read_bytes(), None)
    assert list(folder.iterdir()) == [file]
