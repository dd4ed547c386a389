"""What Lighthouse says of every page, on a phone and on a desktop, as one table. ``make lighthouse``.

The wizard is served with its practice Snowflake, and each step is looked at by somebody who has answered those before
it. Lighthouse comes from npm for the occasion, in one version, and stays in npm's own cache; no browser is downloaded.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import served
from bench.__main__ import STEPS, USER, cookies_before, make_keys, register
from bench.browser import find_chromium

LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
DEVICES = {"phone": (), "desktop": ("--preset=desktop",)}
PAGES = ("/", "/how-it-works", *(f"/steps/{slug}" for slug in STEPS))
# Chromium sends nothing but what the page asks for; as root its sandbox can't start.
FLAGS = ("--headless=new --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync") + (" --no-sandbox" if os.geteuid() == 0 else "")  # fmt: skip
SECONDS = 120  # for one look


@dataclass(frozen=True)
class Look:
    """The four marks of a page (0 to 100), its layout shift, and what kept a mark below 100."""

    marks: dict[str, int]
    shift: float
    faults: tuple[str, ...]


def look(url: str, cookie: str, device: str) -> Look:
    """Have Lighthouse look at a page. Raises ``CalledProcessError`` where it can't."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        headers = json.dumps({"Cookie": cookie} if cookie else {})
        command = ["npx", "--yes", LIGHTHOUSE, url, *DEVICES[device], "--quiet", "--output=json"]
        command += [f"--output-path={report}", f"--chrome-flags={FLAGS}", f"--extra-headers={headers}"]
        environment = os.environ | {"CHROME_PATH": find_chromium(), "PUPPETEER_SKIP_DOWNLOAD": "1"}
        subprocess.run(command, env=environment, check=True, timeout=SECONDS, capture_output=True, cwd=folder)
        return _read(json.loads(report.read_text(encoding="utf-8")))


def _read(told: dict[str, Any]) -> Look:
    audits = told["audits"]
    names = {each["id"] for name in CATEGORIES for each in told["categories"][name]["auditRefs"] if each["weight"]}
    faults = [audits[name] for name in sorted(names) if (audits[name]["score"] or 0) < 1 and _counts(audits[name])]
    return Look(
        {name: round(100 * (told["categories"][name]["score"] or 0)) for name in CATEGORIES},
        audits["cumulative-layout-shift"]["numericValue"],
        tuple(f"{fault['id']} {fault.get('displayValue', '')}".strip() for fault in faults),
    )


def _counts(audit: dict[str, Any]) -> bool:
    return audit["scoreDisplayMode"] not in ("notApplicable", "informative", "manual")


def looks(pages: list[str], times: int) -> Iterator[tuple[str, str, Look]]:
    """Yield a page, a device and what was seen; of several times the best, for a busy machine only makes them worse."""
    keys = make_keys()
    with served.wizard(practice=True) as server:
        cookies = cookies_before(server, keys, register(server.url, keys))
        for page in pages:
            for device in DEVICES:
                cookie = cookies.get(page.removeprefix("/steps/"), "")
                seen = [look(server.url + page, cookie, device) for _ in range(times)]
                yield page, device, max(seen, key=lambda each: each.marks["performance"])


def main() -> int:
    options = argparse.ArgumentParser(prog="bench.lighthouse", description=__doc__)
    options.add_argument("--times", type=int, default=1, help="look so often at each page, and take the best")
    options.add_argument("pages", nargs="*", default=PAGES, help="paths, such as /steps/key; all of them if none")
    given = options.parse_args()
    print(f"wizard for {USER}, {LIGHTHOUSE}; aim: 100 everywhere, layout shift 0.00")
    print(f"{'page':<18} {'device':<8} {'  '.join(f'{name:>14}' for name in CATEGORIES)}  {'shift':>6}")
    missed = 0
    for page, device, seen in looks(list(given.pages), given.times):
        marks = "  ".join(f"{seen.marks[name]:>14}" for name in CATEGORIES)
        print(f"{page:<18} {device:<8} {marks}  {seen.shift:>6.2f}", flush=True)
        for fault in seen.faults:
            print(f"{'':<18} {fault}", flush=True)
        missed += min(seen.marks.values()) < 100 or seen.shift >= 0.005
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
