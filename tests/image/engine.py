"""A container engine, as far as these tests need one: Docker or Podman, or buildah where neither can run anything.

What a container is asked, it is asked by a program inside it, so no port is published and no network is set up.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PATIENCE = 30  # seconds for a start; it takes about two
STOP = 5  # seconds that an engine waits before it kills
HEALTH_CHECK = ("python", "/opt/healthcheck.py")


def call(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


def answer(*command: str | Path) -> str:
    """Return what a command prints. Fails the test with the command's own words when it does not end well."""
    ran = call(*command)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout.strip()


@dataclass(frozen=True)
class Image:
    """An image that was built: the engine's command, and the image's and its base's names."""

    engine: tuple[str, ...]
    name: str
    base: str

    @property
    def is_confined(self) -> bool:
        """Whether the engine runs programs with limits of their own. buildah's chroot knows none."""
        return self.engine[0] != "buildah"

    def save(self, path: Path) -> None:
        match self.engine[0]:
            case "docker":
                answer(*self.engine, "save", "--output", path, self.name)
            case "podman":
                answer(*self.engine, "save", "--format", "docker-archive", "--output", path, self.name)
            case _:
                answer(*self.engine, "push", self.name, f"docker-archive:{path}:{self.name}")

    def remove(self) -> None:
        call(*self.engine, "rmi", self.name)

    @property
    def _run(self) -> tuple[str, ...]:
        # Podman asks for more open files and processes than a machine may be allowed to give. The last word counts.
        limits = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096") if self.engine[0] == "podman" else ()
        return (*self.engine, "run", "--network", "none", *limits)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the image's own command, or the one given, to its end."""
        if not self.is_confined:
            with self._working_container() as container:
                return call(*self._in_chroot(container, variables, (), command or self._own_command()))
        entrypoint = ("--entrypoint", command[0]) if command else ()
        return call(*self._run, "--rm", *_set(variables), *entrypoint, self.name, *command[1:])

    @contextmanager
    def serving(self, *flags: str, **variables: str) -> Iterator[Container]:
        """Run the image's own command with more flags of the engine, until it is healthy; end it in any case."""
        if not self.is_confined:
            with self._serving_in_chroot(flags, variables) as chroot:
                yield chroot
            return
        container = Container(self.engine, f"keypair-wizard-{secrets.token_hex(8)}")
        try:
            answer(*self._run, "--detach", "--name", container.name, *flags, *_set(variables), self.name)
            container.wait_until_healthy()
            yield container
        finally:
            call(*self.engine, "rm", "--force", container.name)

    @contextmanager
    def _serving_in_chroot(self, flags: Sequence[str], variables: dict[str, str]) -> Iterator[Chroot]:
        with socket.socket() as probe:  # a chroot is on the machine's own network
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        variables = {**variables, "WIZARD_PORT": str(port)}
        with self._working_container() as known:
            inside = self._in_chroot(known, variables, flags, ())
            with subprocess.Popen(
                [*inside, *self._own_command()], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            ) as process:
                container = Chroot(self.engine, known, port, chroot=tuple(inside), process=process)
                try:
                    container.wait_until_healthy()
                    yield container
                finally:
                    for pid in container.processes():
                        os.kill(pid, signal.SIGKILL)

    @contextmanager
    def _working_container(self) -> Iterator[str]:
        known = answer(*self.engine, "from", "--pull-never", self.name)
        try:
            yield known
        finally:
            call(*self.engine, "rm", known)

    def _in_chroot(
        self, container: str, variables: dict[str, str], flags: Sequence[str], command: Sequence[str]
    ) -> list[str]:
        return [*self.engine, "run", "--isolation", "chroot", *flags, *_set(variables), container, "--", *command]

    def _own_command(self) -> list[str]:
        parts = "{{range .OCIv1.Config.Entrypoint}}{{.}} {{end}}{{range .OCIv1.Config.Cmd}}{{.}} {{end}}"
        return answer(*self.engine, "inspect", "--type", "image", "--format", parts, self.name).split()


@dataclass
class Container:
    """A running container of Docker or Podman."""

    engine: tuple[str, ...]
    name: str
    port: int = 8080

    @property
    def inside(self) -> tuple[str, ...]:
        """The command that runs another one inside, as the user and with the variables of the container."""
        return (*self.engine, "exec", self.name)

    def execute(self, *command: str) -> subprocess.CompletedProcess[str]:
        return call(*self.inside, *command)

    @contextmanager
    def beside(self, program: str, *arguments: str) -> Iterator[str]:
        """Run a Python program inside until it has printed a line, which is yielded; end it afterwards."""
        command = [*self.inside, "python", "-c", program, *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield process.stdout.readline()
            finally:
                process.kill()

    def ask(self, program: str, *arguments: str) -> str:
        """Return what a Python program prints inside."""
        ran = self.execute("python", "-c", program, *arguments)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout.strip()

    @property
    def runs(self) -> bool:
        return answer(*self.engine, "inspect", "--format", "{{.State.Running}}", self.name) == "true"

    @property
    def is_healthy(self) -> bool:
        return self.execute(*HEALTH_CHECK).returncode == 0

    def wait_until_healthy(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self.is_healthy:
            if not self.runs or time.monotonic() > until:
                pytest.fail(f"it does not get healthy:\n{self.said()}\n{self.execute(*HEALTH_CHECK).stderr}")
            time.sleep(0.1)

    def said(self) -> str:
        """Return what it has written so far, to both outputs."""
        logs = call(*self.engine, "logs", self.name)
        return logs.stdout + logs.stderr

    def stop(self) -> int:
        """Send SIGTERM, and SIGKILL where that did not end it in time. Return the exit code: 137 if it was killed."""
        answer(*self.engine, "stop", "--time", str(STOP), self.name)
        return int(answer(*self.engine, "inspect", "--format", "{{.State.ExitCode}}", self.name))


@dataclass
class Chroot(Container):
    """A program that buildah runs in a chroot: nothing is confined but its user and its files."""

    chroot: tuple[str, ...] = ()
    process: subprocess.Popen[str] = field(kw_only=True)

    @property
    def inside(self) -> tuple[str, ...]:
        return self.chroot

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def processes(self) -> list[int]:
        """Return the wizard's processes, the first one first; buildah's own are not among them."""
        found = []
        waiting = [self.process.pid]
        while waiting:
            pid = waiting.pop(0)
            with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
                for task in Path(f"/proc/{pid}/task").glob("*/children"):
                    waiting += map(int, task.read_text().split())
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                found += [pid] if command and not command.startswith(b"buildah") else []
        return found

    def said(self) -> str:
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        return self.process.communicate()[0]

    def stop(self) -> int:
        os.kill(self.processes()[0], signal.SIGTERM)
        try:
            return self.process.wait(STOP)
        except subprocess.TimeoutExpired:
            return 128 + signal.SIGKILL


def _set(variables: dict[str, str]) -> list[str]:
    return [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]
