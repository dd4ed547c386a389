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
PAGES = ("/", "/how-it-works", "/causes", "/causes/key-mismatch", *(f"/steps/{slug}" for slug in STEPS))
# Chromium sends nothing but what the page asks for; as root its sandbox can't start.
FLAGS = ("--headless=new --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync") + (" --no-sandbox" if os.geteuid() == 0 else "")  # fmt: skip
SECONDS = 120  # for one look


class LighthouseError(Exception):
    """Lighthouse saw nothing; the text is its own."""


@dataclass(frozen=True)
class Look:
    """The four marks of a page (0 to 100), its layout shift, and what kept a mark below 100."""

    marks: dict[str, int]
    shift: float
    faults: tuple[str, ...]


def look(url: str, cookie: str, device: str) -> Look:
    """Have Lighthouse look at a page. Raises :class:`LighthouseError` where it can't."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        headers = json.dumps({"Cookie": cookie} if cookie else {})
        command = ["npx", "--yes", LIGHTHOUSE, url, *DEVICES[device], "--quiet", "--output=json"]
        command += [f"--output-path={report}", f"--chrome-flags={FLAGS}", f"--extra-headers={headers}"]
        environment = os.environ | {"CHROME_PATH": find_chromium(), "PUPPETEER_SKIP_DOWNLOAD": "1"}
        done = subprocess.run(command, env=environment, timeout=SECONDS, capture_output=True, text=True, cwd=folder)
        told = json.loads(report.read_text(encoding="utf-8")) if report.is_file() else {}
        # What it couldn't look at it says in the report, where it came so far; else npm or its own trace has the words.
        if problem := told.get("runtimeError", {}).get("message"):
            raise LighthouseError(f"{url} on a {device}: {problem}")
        if done.returncode or not told:
            raise LighthouseError(f"{url} on a {device}: exit code {done.returncode}\n{done.stderr or done.stdout}")
        return _read(told)


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
    try:
        missed = _print_all(looks(list(given.pages), given.times))
    except LighthouseError as error:
        print(f"Lighthouse could not look at {error}", file=sys.stderr)
        return 2
    return int(bool(missed))


def _print_all(seen_pages: Iterator[tuple[str, str, Look]]) -> int:
    """Print a line a look, with its faults below; return how many missed the aim."""
    missed = 0
    for page, device, seen in seen_pages:
        marks = "  ".join(f"{seen.marks[name]:>14}" for name in CATEGORIES)
        print(f"{page:<18} {device:<8} {marks}  {seen.shift:>6.2f}", flush=True)
        for fault in seen.faults:
            print(f"{'':<18} {fault}", flush=True)
        missed += min(seen.marks.values()) < 100 or seen.shift >= 0.005
    return missed


if __name__ == "__main__":
    sys.exit(main())
