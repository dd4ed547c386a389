"""Asks pip-audit about every pin in a requirements file, and fails unless it has really answered for each of them.

pip-audit by itself may skip what it could not look up and still say "no known vulnerabilities". So the answer is
read as data: a pin without an answer is a failure, the same as a pin with a vulnerability.

    python scripts/audit.py requirements/runtime.txt …
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path


def pins(text: str) -> set[str]:
    """Return the normalised names of everything that a requirements file pins."""
    return {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}


def judge(wanted: set[str], answer: str) -> list[str]:
    """Return what stands between ``answer`` (pip-audit's JSON) and a clean bill for every pin in ``wanted``."""
    try:
        dependencies = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return ["pip-audit gave no answer that could be read: nothing is known, which is not the same as nothing found"]
    wrong, answered = [], set()
    for dependency in dependencies:
        name = re.sub(r"[-_.]+", "-", dependency["name"]).lower()
        if "skip_reason" in dependency:
            wrong.append(f"{name} was not looked up: {dependency['skip_reason']}")
            continue
        answered.add(name)
        for found in dependency["vulns"]:
            mended = ", ".join(found.get("fix_versions") or []) or "no release yet"
            wrong.append(f"{name} {dependency['version']}: {found['id']} (mended in {mended})")
    wrong += [f"{name} was not answered for" for name in sorted(wanted - answered)]
    return wrong


def main(paths: list[str]) -> int:
    failed = False
    for path in paths:
        ran = subprocess.run(
            [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes",
             "--progress-spinner=off", "--format=json", "--requirement", path],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        wanted = pins(Path(path).read_text(encoding="utf-8"))
        wrong = judge(wanted, ran.stdout)
        if ran.returncode and not wrong:
            wrong.append(f"pip-audit failed: {ran.stderr.strip()[-500:]}")
        if wrong:
            failed = True
            print(f"{path}:\n  " + "\n  ".join(wrong))
            if not ran.stdout.strip():
                print("  " + ran.stderr.strip()[-500:].replace("\n", "\n  "))
        else:
            print(f"{path}: {len(wanted)} pins looked up, nothing known against them")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
