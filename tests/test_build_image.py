"""scripts/build-image: which engine it takes, what it says and what it notes. The engines here are stand-ins that log.

What a real engine makes of it is proved by tests/image.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("cat", "cksum", "cut", "dirname", "id", "mkdir", "rm", "sed", "sh", "tail")
PINNED = f"python:3.11-slim@sha256:{'a' * 64}"


@dataclass
class Machine:
    """A machine with a few commands, and a copy of the script."""

    folder: Path

    def engine(self, name: str, script: str = "") -> None:
        """Install an engine that logs what it is told, then runs a piece of shell, and succeeds."""
        path = self.folder / "bin" / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>{self.folder}/told\n{script}\n', encoding="utf-8")
        path.chmod(0o755)

    def build(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "scripts" / "build-image", *arguments],
            env={"PATH": str(self.folder / "bin"), **variables},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    @property
    def told(self) -> list[str]:
        return (self.folder / "told").read_text(encoding="utf-8").splitlines()

    @property
    def note(self) -> dict[str, str]:
        lines = (self.folder / "build" / "image.txt").read_text(encoding="utf-8").splitlines()
        return dict(line.split(": ", 1) for line in lines)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    for folder in ("bin", "scripts"):
        (tmp_path / folder).mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / "bin" / tool).symlink_to(found)
    shutil.copy(ROOT / "scripts" / "build-image", tmp_path / "scripts")
    (tmp_path / "Dockerfile").write_text(f"ARG PYTHON_IMAGE={PINNED}\n", encoding="utf-8")
    return Machine(tmp_path)


def test_without_an_engine_it_says_so_and_what_to_do(machine: Machine) -> None:
    ran = machine.build()
    assert ran.returncode == 3
    assert "no image was built: there is no Docker, Podman or buildah here" in ran.stderr
    assert "scripts/build-image --install installs one" in ran.stderr


def test_where_nothing_can_be_installed_it_says_that_no_image_was_built(machine: Machine) -> None:
    ran = machine.build("--install")
    assert ran.returncode == 3
    assert "can't install podman" in ran.stderr
    assert "no apt-get here" in ran.stderr
    assert "no image was built" in ran.stderr


def test_an_engine_that_is_there_and_does_not_work_is_passed_over(machine: Machine) -> None:
    machine.engine("docker", 'echo "Cannot connect to the Docker daemon" >&2; exit 1')
    machine.engine("podman")
    ran = machine.build()
    assert ran.returncode == 0, ran.stderr
    assert machine.note == {
        "engine": "podman",
        "image": "keypair-wizard",
        "base": PINNED,
        "digest": "sha256:" + "a" * 64,
    }


def test_where_none_works_each_is_told_with_its_own_words(machine: Machine) -> None:
    machine.engine("docker", 'echo "Cannot connect to the Docker daemon" >&2; exit 1')
    machine.engine("buildah", 'echo "operation not permitted" >&2; exit 125')
    ran = machine.build()
    assert ran.returncode == 3
    assert "docker: Cannot connect to the Docker daemon" in ran.stderr
    assert "buildah --storage-driver vfs: operation not permitted" in ran.stderr


def test_another_runtime_is_tried_where_the_plain_one_runs_nothing(machine: Machine) -> None:
    machine.engine("podman", '[ "$1" != run ] || { echo "crun: not supported" >&2; exit 1; }')
    assert machine.build().returncode == 0
    assert machine.note["engine"] == "podman --runtime runc"


def test_an_engine_that_was_asked_for_and_does_not_work_is_a_failure(machine: Machine) -> None:
    machine.engine("docker")
    machine.engine("podman", "exit 1")
    ran = machine.build(ENGINE="podman")
    assert ran.returncode == 1
    assert not any(line.startswith("docker") for line in machine.told)


def test_a_build_that_fails_is_a_failure_and_leaves_no_note_of_an_earlier_one(machine: Machine) -> None:
    machine.engine("podman")
    assert machine.build().returncode == 0
    machine.engine("podman", '[ "$1" != build ] || exit 125')
    ran = machine.build()
    assert ran.returncode == 1
    assert "the build failed" in ran.stderr
    assert not (machine.folder / "build" / "image.txt").exists()


def test_podman_is_told_to_keep_the_health_check(machine: Machine) -> None:
    machine.engine("podman")
    machine.build()
    assert " --format docker " in next(line for line in machine.told if line.startswith("podman build"))


def test_the_digest_of_a_base_without_one_is_told_and_noted(machine: Machine) -> None:
    machine.engine("docker", f'case "$*" in *RepoDigests*) echo python@sha256:{"b" * 64} ;; esac')
    ran = machine.build(PYTHON_IMAGE="python:3.11-slim", IMAGE="mine")
    assert f"ARG PYTHON_IMAGE=python:3.11-slim@sha256:{'b' * 64} in the Dockerfile" in ran.stderr
    assert machine.note == {
        "engine": "docker", "image": "mine", "base": "python:3.11-slim", "digest": "sha256:" + "b" * 64
    }  # fmt: skip


def test_a_base_that_is_only_here_is_built_on_and_gets_no_digest(machine: Machine) -> None:
    machine.engine(
        "podman", f'[ "$1" != pull ] || exit 1; case "$*" in *RepoDigests*) echo mine@sha256:{"b" * 64} ;; esac'
    )
    ran = machine.build(PYTHON_IMAGE="localhost/mine")
    assert ran.returncode == 0
    assert "ARG PYTHON_IMAGE" not in ran.stderr
    assert (machine.note["base"], machine.note["digest"]) == ("localhost/mine", "none")


def test_a_base_that_cannot_be_pulled_and_cannot_be_made_is_named(machine: Machine) -> None:
    machine.engine("docker", 'case "$1" in pull | image) exit 1 ;; esac')
    ran = machine.build()
    assert ran.returncode == 3
    assert "docker: there is no debootstrap on the PATH to make a base with" in ran.stderr
