"""Collect anew what the real clients print when something is wrong: ``tests/diagnosis/told``.

``collect-failures.py [CLIENT …]`` runs each client in each situation of ``tests/clients/told``, two clients at a time,
in network and mount namespaces of their own (Linux, root; ``unshare`` and ``mount`` of util-linux, ``ip``, ``curl``,
``openssl``). It needs the environments that ``scripts/install-clients.py`` makes, and takes half an hour.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.clients.told.gathering import EVERY  # noqa: E402  # found by the path above
from tests.clients.told.texts import entries, held_back  # noqa: E402

COLLECTION = ROOT / "tests" / "diagnosis" / "told"


def main() -> None:
    every = [client.slug for client in EVERY]
    chosen = sys.argv[1:] or every
    if unknown := set(chosen) - set(every):
        sys.exit(f"collect-failures: no such client: {', '.join(sorted(unknown))}. There are {', '.join(every)}.")
    with ThreadPoolExecutor(2) as pool:
        failed = [slug for slug, fine in zip(chosen, pool.map(collect, chosen), strict=True) if not fine]
    if failed:
        sys.exit(f"collect-failures: this did not work: {', '.join(failed)}")


def collect(slug: str) -> bool:
    """Run one client in all situations and keep what it printed; say whether that worked."""
    with tempfile.TemporaryDirectory() as folder:
        gathered = Path(folder) / "gathered.json"
        command = ["unshare", "--net", "--mount", sys.executable, "-m", "tests.clients.told.gathering", slug, gathered]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            return False
        keep(json.loads(gathered.read_text(encoding="utf-8")))
    return True


def keep(gathered: dict) -> None:
    """Write both halves of a client's texts."""
    client = gathered["client"]
    found = entries(client, gathered["version"], gathered["rows"], gathered["keys"])
    for half in ("kept", "held"):
        chosen = [entry for entry in found if held_back(client, entry["situation"]) == (half == "held")]
        path = COLLECTION / half / f"{client}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(chosen, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{client} {gathered['version']}: {len(found)} texts of {len(gathered['rows'])} failures", flush=True)


if __name__ == "__main__":
    main()
