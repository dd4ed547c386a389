"""Runs one client in all situations, in a world of its own, and writes what it printed as JSON.

``python -m tests.clients.told.gathering CLIENT OUT`` has to be started by root in its own network and mount
namespaces; ``scripts/collect-failures.py`` does.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.clients.told.broken_keys import make_keys
from tests.clients.told.pipelines import PIPELINES
from tests.clients.told.programs import CLIENTS, Client, Given, Started
from tests.clients.told.situations import (
    ACCOUNT,
    FILES,
    FINE,
    REFUSALS,
    RIGHT,
    SCENES,
    TOKENS,
    USER,
    WAYS,
    Situation,
    concerning,
    der_situations,
    key_situations,
    with_way,
)
from tests.clients.told.tokens import build
from tests.clients.told.world import AS_JANE, HOME, VENV, World, bind, mount_home, tidy_home
from tests.key_files import spki
from wizard.practice.practice import Practice
from wizard.practice.sql import first_session
from wizard.practice.users import ADMINISTRATOR

TOOLS = Path(__file__).parents[3] / ".tools" / "clients"
_FORK_SERVER = Path(__file__).with_name("fork_server.py")
_NO_TEXT = frozenset({"der", "utf-16"})
_ONLY_TEXT = frozenset({"a-path", "variable-name"})


class Desk:
    """Jane's machine: lays out what she has for a situation, runs the client, returns how it ended and its words."""

    def __init__(self, client: Client, practice: Practice, key: rsa.RSAPrivateKey, keys: dict[str, bytes]) -> None:
        self.client, self.practice, self.key, self.keys = client, practice, key, keys
        folder = TOOLS / client.environment
        bind(folder, VENV)
        if (folder / "node_modules").exists():
            bind(folder / "node_modules", HOME / "node_modules")
        self.world = World(practice)
        self.last = ""
        self._server: subprocess.Popen[str] | None = None

    def run(self, situation: Situation) -> tuple[int, str]:
        """Run the client once."""
        tidy_home()
        self.practice.play(situation.scenario)
        self.world.network = situation.network
        key = self.keys[situation.key]
        place = HOME / situation.place
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(key)
        path = str(place) if situation.path is None else situation.path
        path = key.decode() if path == "<content>" else path
        settings = {"account": ACCOUNT, "user": USER, "authenticator": "SNOWFLAKE_JWT", **situation.settings}
        told = {name: value for name, value in settings.items() if value is not None}
        given = Given(told, situation.way, path, key, situation.passphrase, situation.config)
        started = self.client.write(given)
        (HOME / ".snowflake").mkdir(exist_ok=True)
        place.chmod(situation.mode)
        if situation.place.startswith("locked/"):
            place.parent.chmod(0)
        if self.client.imports:
            return self._fork(started)
        return self._start(started)

    def _environment(self, started: Started) -> dict[str, str]:
        return {
            "HOME": str(HOME), "PATH": f"{VENV}/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
            "TERM": "dumb", "COLUMNS": "140", **self.world.environment(), **started.variables,
        }  # fmt: skip

    def _fork(self, started: Started) -> tuple[int, str]:
        if self._server is None:
            tidy = {
                "HOME": str(HOME),
                "PATH": "/usr/bin:/bin",
                "LC_ALL": "C.UTF-8",
                "AIRFLOW__CORE__UNIT_TEST_MODE": "True",
            }
            command = [*AS_JANE, str(VENV / "bin" / "python"), str(_FORK_SERVER), *self.client.imports]
            self._server = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=tidy, cwd=HOME
            )
            self._line()
        out = HOME.parent / "printed"
        job = {
            "command": started.command, "environment": self._environment(started), "folder": str(HOME),
            "out": str(out), "seconds": self.client.seconds,
        }  # fmt: skip
        assert self._server.stdin
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        code = json.loads(self._line())["code"]
        return code, out.read_text(encoding="utf-8", errors="replace")

    def _line(self) -> str:
        assert self._server and self._server.stdout
        for line in self._server.stdout:
            if line.startswith(("{", "ready")):
                return line
        raise RuntimeError("the fork server ended")

    def _start(self, started: Started) -> tuple[int, str]:
        command = list(started.command)
        if command[0].endswith(".py"):
            command.insert(0, str(VENV / "bin" / "python"))
        out = HOME.parent / "printed"
        with out.open("wb") as printed:
            try:
                ran = subprocess.run(
                    [*AS_JANE, *command], cwd=HOME, env=self._environment(started), stdin=subprocess.DEVNULL,
                    stdout=printed, stderr=subprocess.STDOUT, timeout=self.client.seconds, start_new_session=True,
                    check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                return -1, out.read_text(encoding="utf-8", errors="replace")
        return ran.returncode, out.read_text(encoding="utf-8", errors="replace")

    def version(self) -> str:
        """The client's version, from what is installed."""
        if self.client.environment == "node":
            told = (HOME / "node_modules" / self.client.package / "package.json").read_text()
            return str(json.loads(told)["version"])
        if self.client.slug == "curl":
            return subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        program = f"import importlib.metadata as m; print(m.version({self.client.package!r}))"
        command = [str(VENV / "bin" / "python"), "-c", program]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def situations_of(client: Client, desk: Desk) -> Iterator[Situation]:
    """All that concern a client; its way to take a key as text is found out by trying."""
    usual = client.ways[0]
    for way in client.ways:
        if _opens(client, desk, way, "plain", None):
            sealed_opens = _opens(client, desk, way, "sealed", RIGHT)
            yield from (
                situation
                for situation in key_situations(way)
                if situation.key not in (_NO_TEXT if way == "text" else _ONLY_TEXT)
                and (sealed_opens or not situation.key.startswith("sealed") or situation.passphrase is None)
            )
        elif way == usual:
            sys.exit(f"{client.slug} does not log in even when all is well:\n{desk.last[-3000:]}")
        elif way == "bytes":
            yield Situation("key-plain-as-bytes", ("key-encoding",), way=way)
        elif _opens(client, desk, way, "body", None):
            sealed_opens = _opens(client, desk, way, "sealed-body", RIGHT)
            yield from (
                situation
                for situation in der_situations(way)
                if sealed_opens or situation.key != "sealed-body" or situation.passphrase is None
            )
        else:
            sys.exit(f"{client.slug} takes no key as {way}:\n{desk.last[-3000:]}")
    for situation in FILES if client.only_keys else concerning(client.slug):
        if situation.config and situation.config not in client.config:
            continue
        if situation.slug.startswith("authenticator-") and not client.has_authenticator:
            continue
        yield with_way(situation, usual)


def _opens(client: Client, desk: Desk, way: str, key: str, passphrase: str | None) -> bool:
    """Whether a client logs in with this key when nothing is wrong: what it can't read anyhow shows no mistake."""
    code, desk.last = desk.run(replace(FINE, way=way, key=key, passphrase=passphrase))
    return logged_in(client, code, desk.last)


def logged_in(client: Client, code: int, printed: str) -> bool:
    return code == 0 and client.logs_in in printed


def curl(desk: Desk) -> Iterator[tuple[Situation, str]]:
    """The SQL API by hand: tokens that somebody built, and what answers them."""
    for situation in (*TOKENS, *SCENES, *WAYS, *REFUSALS):
        if "curl" in situation.never or (situation.only and "curl" not in situation.only):
            continue
        tidy_home()
        desk.practice.play(situation.scenario)
        desk.world.network = situation.network
        call = build(situation.token, desk.key, desk.practice.true_now())
        command = [
            "curl",
            "--silent",
            "--show-error",
            "--max-time",
            "10",
            "--write-out",
            "\nHTTP status %{http_code}\n",
        ]
        lines = (*call.headers, "Content-Type: application/json", "Accept: application/json", "User-Agent: my-tool/1.0")
        for line in lines:
            command += ["--header", line]
        command += ["--data", '{"statement": "select current_user()"}', f"https://{call.host}/api/v2/statements"]
        _, printed = desk._start(Started(tuple(command)))
        if '"090001"' not in printed:
            yield situation, printed


def gather(client: Client) -> dict[str, Any]:
    """Return the version of a client and what it printed in each situation, as it came."""
    mount_home()
    key, keys = make_keys()
    rows = []
    with Practice() as practice:
        text = base64.b64encode(spki(key)).decode()
        statement = f"ALTER USER JANE SET RSA_PUBLIC_KEY = '{text}';"
        [result] = practice.run(statement, first_session(practice, ADMINISTRATOR)).results
        assert result.error is None
        desk = Desk(client, practice, key, keys)
        if client.slug == "curl":
            for situation, printed in curl(desk):
                rows.append(row(situation, printed))
            return {"client": client.slug, "version": desk.version(), "rows": rows, "keys": _secrets(keys)}
        for situation in situations_of(client, desk):
            begun = time.monotonic()
            code, printed = desk.run(situation)
            seconds = time.monotonic() - begun
            ended = "logged in" if logged_in(client, code, printed) else f"code {code}"
            print(f"{client.slug} {situation.slug}: {ended}, {seconds:.1f} s", flush=True)
            stopped = code < 0
            # What Snowflake says of a token, the client below says in more situations than these.
            others = (*situation.unless, *(("JWT token",) if client.only_keys else ()))
            if not stopped and ended != "logged in" and not any(words in printed for words in others):
                rows.append(row(situation, printed))
        return {"client": client.slug, "version": desk.version(), "rows": rows, "keys": _secrets(keys)}


def row(situation: Situation, printed: str) -> dict[str, Any]:
    return {"situation": situation.slug, "causes": situation.causes, "printed": printed}


def _secrets(keys: dict[str, bytes]) -> list[str]:
    """The base64 of all keys in one line each, so that no piece of them is kept."""
    return ["".join(text.decode("latin-1").split()) for text in keys.values() if b"\0" not in text]


CURL = Client("curl", "others", "curl", ("file",), lambda given: Started(()))
EVERY = (*CLIENTS, *PIPELINES, CURL)

if __name__ == "__main__":
    [chosen] = [client for client in EVERY if client.slug == sys.argv[1]]
    Path(sys.argv[2]).write_text(json.dumps(gather(chosen)), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)
