"""What holds for the repository as a whole: its pins, its documents, its scripts, and what no file may say."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from wizard import __version__

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ("runtime", "build", "dev")
# Put together here, so that this file does not say what it forbids.
FORBIDDEN = {
    "a package index's host": re.compile(
        "|".join(["pypi" + r"\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)"])
    ),
    "a path of somebody's machine": re.compile(
        "|".join("/" + path for path in ("work/", r"root\b", "opt/(pypi|wheels)", "Users/[a-z]", "home/[a-z]"))
    ),
    "a private key": re.compile("-----BEGIN (RSA |EC |ENCRYPTED )?PRIVATE" + r" KEY-----(\s+[A-Za-z0-9+/]{64}){2}"),
}
# Examples in texts for people, and the home of root inside the container image.
ALLOWED = re.compile("/" + r"home/(jane|you|app|airflow|user)\b|/" + r"Users/(jane|you)\b|/" + r"root/\.cache")


def committed() -> list[Path]:
    """Return every file that git knows; outside a repository (a source archive) there is nothing to look at."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git repository")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_file_holds(what: str) -> None:
    found = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if FORBIDDEN[what].search(ALLOWED.sub("", line)):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
        if what == "a private key" and FORBIDDEN[what].search(text):
            found.append(str(path.relative_to(ROOT)))
    assert not found


# --- pins -------------------------------------------------------------------------------------------------------------
def pins(name: str) -> dict[NormalizedName, str]:
    """Return what a requirements file pins: normalised name to version."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {canonicalize_name(found[1]): found[2] for found in re.finditer(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_pin_has_hashes_and_the_file_names_no_index(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=\S)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    for block in filter(None, map(str.strip, blocks)):
        assert re.match(r"[\w.-]+==\S+ \\\n\s+--hash=sha256:[0-9a-f]{64}", block), block.splitlines()[0]
        assert not re.search(r"^-|://|find-links|index-url", block, re.MULTILINE)


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_the_pins_are_whole_on_every_python_and_system_we_promise(name: str) -> None:
    """pip-compile looks at one Python on one system; what only another needs would fail there for want of a hash."""
    pinned = pins(name)
    known = {canonicalize_name(found.metadata["Name"]): found for found in distributions()}
    missing = set()
    for package in pinned.keys() & known.keys():
        for line in known[package].requires or []:
            needed = Requirement(line)
            for version in ("3.11", "3.12", "3.13", "3.14"):
                for system, kernel in (("linux", "Linux"), ("darwin", "Darwin")):
                    there = {
                        "python_version": version,
                        "python_full_version": f"{version}.0",
                        "sys_platform": system,
                        "platform_system": kernel,
                        "platform_python_implementation": "CPython",
                        "implementation_name": "cpython",
                        "extra": "",
                    }
                    wanted = needed.marker is None or needed.marker.evaluate(there)
                    if wanted and canonicalize_name(needed.name) not in pinned:
                        missing.add(f"{needed.name}, for {package} on Python {version} on {system}")
    assert not missing


def test_what_is_pinned_satisfies_what_the_package_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for line in project["project"]["dependencies"]:
        needed = Requirement(line)
        assert needed.specifier.contains(pins("runtime")[canonicalize_name(needed.name)]), line
    for line in project["build-system"]["requires"]:
        assert str(Requirement(line).specifier) == f"=={pins('build')[canonicalize_name(Requirement(line).name)]}"


def test_the_tests_run_on_the_versions_that_are_served() -> None:
    served, tested = pins("runtime"), pins("dev")
    assert {name: tested.get(name) for name in served} == served


def test_this_python_is_one_that_the_package_promises_to_run_on() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert Requirement(f"python{project['requires-python']}").specifier.contains(platform.python_version())


# --- documents --------------------------------------------------------------------------------------------------------
def test_the_make_targets_that_the_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"\bmake ([a-z-]+)\b`", (ROOT / document).read_text(encoding="utf-8")))
        assert named <= targets, document


def test_the_changelog_knows_the_version() -> None:
    assert f"[{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# --- scripts ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("script", ["scripts/find-python", "scripts/find-chromium", "scripts/build-image", ".ci/run"])
def test_a_shell_script_can_be_read_by_the_shell_it_names(script: str) -> None:
    path = ROOT / script
    shell = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#!").split()
    subprocess.run([*shell, "-n", path], check=True)
    assert path.stat().st_mode & 0o111, "it is not executable"


def test_find_python_says_what_to_install_when_there_is_none() -> None:
    ran = subprocess.run(
        [ROOT / "scripts" / "find-python"], env={"PATH": "/usr/bin:/bin", "PYTHON": "no-such-python"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "no Python 3.11 or later" in ran.stderr
    assert "apt-get install python3 python3-venv" in ran.stderr


@pytest.mark.parametrize(
    ("asked", "there", "broken", "found"),
    [
        ((), ("chromium", "chromium-headless-shell"), "", "chromium"),
        (("--headless",), ("chromium", "chromium-headless-shell"), "", "chromium-headless-shell"),
        (("--headless",), ("chromium", "chromium-headless-shell"), "chromium-headless-shell", "chromium"),
        (("--headless",), ("chromium",), "", "chromium"),
        (
            ("--headless",),
            ("playwright/chromium-7/linux/chrome", "playwright/chromium_headless_shell-7/linux/headless_shell"),
            "",
            "playwright/chromium_headless_shell-7/linux/headless_shell",
        ),
    ],
)
def test_find_chromium_takes_a_headless_shell_where_one_is_asked_for_and_starts(
    tmp_path: Path, asked: tuple[str, ...], there: tuple[str, ...], broken: str, found: str
) -> None:
    python = tmp_path / "python"  # says where Playwright would have put its browser
    texts = {name: "false" if name == broken else "true" for name in there}
    texts |= {python.name: f"echo {tmp_path}/playwright/chromium-7/linux/chrome"}
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
    folder = tmp_path / "tools"
    folder.mkdir()
    for tool in ("dirname", "head", "grep", "readlink", "sed"):
        (folder / tool).symlink_to(str(shutil.which(tool)))
    ran = subprocess.run(
        ["/bin/sh", ROOT / "scripts" / "find-chromium", *asked],
        env={"PATH": f"{tmp_path}:{folder}", "HOME": str(tmp_path), "PYTHON": str(python)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.stdout, ran.stderr) == (f"{tmp_path / found}\n", "")


class TestAudit:
    """A vulnerability scan that could not ask is no clean bill."""

    @staticmethod
    def judge(wanted: set[str], dependencies: object) -> list[str]:
        sys.path.insert(0, str(ROOT / "scripts"))
        try:
            from audit import judge  # type: ignore[import-not-found]
        finally:
            sys.path.pop(0)
        answer = dependencies if isinstance(dependencies, str) else json.dumps({"dependencies": dependencies})
        wrong: list[str] = judge(wanted, answer)
        return wrong

    def test_passes_when_every_pin_was_answered_for(self) -> None:
        assert self.judge({"flask"}, [{"name": "Flask", "version": "3.1.3", "vulns": []}]) == []

    def test_fails_when_a_pin_was_skipped_or_left_out(self) -> None:
        assert self.judge({"flask"}, [{"name": "flask", "skip_reason": "service unreachable"}])
        assert self.judge({"flask", "requests"}, [{"name": "flask", "version": "3.1.3", "vulns": []}])

    def test_fails_when_there_is_no_answer(self) -> None:
        assert self.judge({"flask"}, "No known vulnerabilities found")
        assert self.judge({"flask"}, "")

    def test_fails_on_a_vulnerability(self) -> None:
        found = [{"name": "flask", "version": "0.1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.0"]}]}]
        assert self.judge({"flask"}, found) == ["flask 0.1: PYSEC-1 (mended in 1.0)"]
