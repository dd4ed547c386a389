"""The wheel, installed as the container image installs it, and started where nothing can be written.

The image itself is built and run by ``tests/image``, where a container engine can be had. What can be proved without
one, in less time: an environment with the hash-pinned requirements and the wheel and nothing else, started from another
folder, with a home that cannot be made, by the Dockerfile's own command, environment and health check.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a source archive, so that both are seen to hold everything."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT], check=True, capture_output=True
    )
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment with the pinned requirements and the wheel."""
    folder = tmp_path_factory.mktemp("image")
    environment = folder / "wizard"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        environment / "bin" / "python",
        "install",
        "--quiet",
    ]
    pinned: list[str | Path] = [
        "--require-hashes",
        "--only-binary",
        ":all:",
        "-r",
        ROOT / "requirements" / "runtime.txt",
    ]
    subprocess.run([*pip, *pinned], check=True)
    subprocess.run([*pip, "--no-index", "--no-deps", wheel], check=True)
    return environment / "bin"


def image_environment() -> dict[str, str]:
    """Return the variables that the last stage of the Dockerfile sets."""
    block = re.search(r"^ENV PATH=(?:.*\\\n)*.*$", DOCKERFILE.split("\nFROM ")[-1], re.MULTILINE)
    assert block is not None
    told = dict(re.findall(r"([A-Z_]+)=(\S+)", block[0]))
    return {name: value for name, value in told.items() if name != "PATH"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(
    installed: Path, folder: Path, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Start the image's command with the image's environment, in ``folder``; end it however the test ends."""
    # HOME is a device: nobody can make a folder below it, root neither.
    given = {"PATH": f"{installed}:/usr/bin:/bin", **image_environment(), "HOME": os.devnull, **environment}
    command = json.loads(re.findall(r"^ENTRYPOINT (.*)$", DOCKERFILE, re.MULTILINE)[-1])
    command += json.loads(re.findall(r"^CMD (.*)$", DOCKERFILE, re.MULTILINE)[-1])
    process = subprocess.Popen(
        [installed / command[0], *command[1:]],
        cwd=folder, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield process, given
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def answers(process: subprocess.Popen[str], url: str) -> bytes:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            body: bytes = answer.read()
            return body
        time.sleep(0.05)
    process.kill()
    pytest.fail(f"no answer: {process.communicate()[0]}")


def test_the_wheel_carries_templates_and_static_files_and_nothing_of_the_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "static"):
        ours = {path for path in (ROOT / folder).rglob("*") if path.is_file() and not path.name.startswith(".")}
        assert {f"wizard/{path.relative_to(ROOT).as_posix()}" for path in ours} <= names
    assert {name.split("/")[0] for name in names} == {"wizard", f"{wheel.name.split('-py3')[0]}.dist-info"}
    assert {f"wizard/snowflake/key/{name}.json" for name in ("specification", "key_words", "key_notes")} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_installed_wheel_serves_from_any_folder_with_nothing_to_write_to(installed: Path, tmp_path: Path) -> None:
    """And it refuses to start without a secret key. One test, so that the environment is made by one worker only."""
    with started(installed, tmp_path) as (process, _):
        said, _ = process.communicate(timeout=20)
        assert process.returncode == 2
        assert "WIZARD_SECRET_KEY" in said
        assert "Traceback" not in said

    port = free_port()
    secret = "the secret key of a test of the image"
    with started(installed, tmp_path, WIZARD_PORT=str(port), WIZARD_SECRET_KEY=secret) as (process, environment):
        url = f"http://127.0.0.1:{port}"
        assert answers(process, f"{url}/healthz").strip() == b"ok"
        page = answers(process, f"{url}/").decode()
        style = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert style is not None
        assert answers(process, url + style[1])

        health = json.loads(re.findall(r"HEALTHCHECK .*CMD (.*)$", DOCKERFILE, re.MULTILINE)[-1])
        assert health[1] == "/opt/healthcheck.py"
        assert "COPY --from=build /opt/healthcheck.py /opt/healthcheck.py" in DOCKERFILE
        asked = [installed / "python", ROOT / "scripts" / "healthcheck.py"]
        assert subprocess.run(asked, env=environment, check=False).returncode == 0

        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Practice Snowflake: off" in said
        assert secret not in said
        stopped = subprocess.run(asked, env=environment, check=False, capture_output=True)
        assert stopped.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_the_image_ends_without_root_and_without_what_installs_things() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "pip uninstall" in last
    assert not re.search(r"apt-get|curl|pip install", last)
    assert re.search(r"^COPY (?!--from=build /opt/(wizard|healthcheck\.py) )", last, re.MULTILINE) is None


def test_the_base_is_the_official_image_by_digest_of_a_python_that_is_promised() -> None:
    named = re.findall(r"^ARG PYTHON_IMAGE=python:(\d\.\d+)-slim@sha256:[0-9a-f]{64}$", DOCKERFILE, re.MULTILINE)
    assert len(named) == 1
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"Programming Language :: Python :: {named[0]}" in project["classifiers"]


def test_only_what_the_image_is_made_of_goes_to_the_builder() -> None:
    sent = {
        line.removeprefix("!").rstrip("/")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = set()
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE):
        copied |= {part.rstrip("/") for part in line.split()}
    assert sent == copied
