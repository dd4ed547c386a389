"""Builds the image once, from a copy of what it is made of in which secrets lie about, as `make image` builds it."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.image.archive import Archive
from tests.image.engine import Image

ROOT = Path(__file__).parents[2]
NAME = "keypair-wizard-under-test"
NOTHING_BUILT = 3  # exit code of scripts/build-image where there is no engine, or no base
FOUND = pytest.StashKey[str]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if found := terminalreporter.config.stash.get(FOUND, ""):
        terminalreporter.write_line(found)


@dataclass(frozen=True)
class Planted:
    """What lay about where the image was built: in the environment, and in files that are no part of the wizard."""

    secret: str
    private_key: str


@pytest.fixture(scope="session")
def planted(rsa_2048: rsa.RSAPrivateKey) -> Planted:
    pem = rsa_2048.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Planted(secret=f"planted-{secrets.token_hex(16)}", private_key=pem.decode())


@pytest.fixture(scope="session")
def image(planted: Planted, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Image]:
    """The image, built by scripts/build-image, which may install an engine for it.

    Skips, with the script's reason, where no engine can be had; a build that fails fails every test.
    """
    context = tmp_path_factory.mktemp("image") / "context"
    copy_context(context)
    plant(context, planted)
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    said = ""
    with (
        capture.global_and_fixture_disabled(),
        subprocess.Popen(
            [context / "scripts" / "build-image", "--install"],
            env={**os.environ, "IMAGE": NAME, "WIZARD_SECRET_KEY": planted.secret},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as build,
    ):  # fmt: skip
        assert build.stdout is not None
        for line in build.stdout:
            print(line, end="", flush=True)  # noqa: T201  it takes a minute or two, and is worth watching
            said += line
    if build.returncode == NOTHING_BUILT:
        why = said[said.rfind("build-image: no image was built") :].strip()
        pytestconfig.stash[FOUND] = f"image: not tested. {why}"
        pytest.skip("no container engine can be had here; what was tried stands above the summary")
    assert build.returncode == 0, said[-4000:]
    note = dict(
        line.split(": ", 1) for line in (context / "build" / "image.txt").read_text(encoding="utf-8").splitlines()
    )
    built = Image(tuple(note["engine"].split()), note["image"], note["base"])
    yield built
    built.remove()


def copy_context(context: Path) -> None:
    """Copy what the image is made of, as somebody has it who keeps their files to themselves (umask 077)."""
    kept = [line[1:].rstrip("/") for line in read(".dockerignore").splitlines() if line.startswith("!")]
    for name in [*kept, "Dockerfile", ".dockerignore", "scripts/build-image"]:
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, context / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, context / name)
    for path in context.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)


def plant(context: Path, planted: Planted) -> None:
    for name in (".env", "rsa_key.p8", "requirements/pip.conf", "wizard/rsa_key.p8", "static/key.pem", "build/note"):
        (context / name).parent.mkdir(exist_ok=True)
        (context / name).write_text(f"{planted.secret}\n{planted.private_key}", encoding="utf-8")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def archive(image: Image, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("archive") / "image.tar"
    image.save(path)
    saved = Archive(path)
    whole, environment = sum(entry.size for entry in saved.files.values()), saved.size("opt/wizard")
    pytestconfig.stash[FOUND] = (
        f"image: {whole / 1e6:.0f} MB, of which the environment {environment / 1e6:.0f} MB; on {image.base}, "
        f"with {' '.join(image.engine)}"
    )
    yield saved
    path.unlink()
