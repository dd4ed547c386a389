"""What the browser's own key costs: the time to make one, the scripts it takes, and how long the page is held up."""

from __future__ import annotations

import gzip
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "static" / "js" / "key"
SIZES = (2048, 3072, 4096)
TIMES = 20
PASSPHRASE = "a passphrase for the benchmark"  # noqa: S105  # of keys that nobody keeps

# Makes keys as the key page does, seals them as it does, and looks out for tasks that hold up the page.
MAKE = """async ([address, bits, times, passphrase]) => {
  const { makeKey } = await import(address);
  const tasks = [];
  const watcher = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)));
  watcher.observe({ entryTypes: ["longtask"] });
  const took = [];
  for (let made = 0; made < times; made += 1) {
    const began = performance.now();
    await makeKey(bits, passphrase);
    took.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  watcher.disconnect();
  return { took, longest: Math.max(0, ...tasks) };
}"""


def script_bytes() -> tuple[int, int]:
    """Return the bytes of all scripts that touch a key, raw and each packed by gzip."""
    files = [path.read_bytes() for path in sorted(SCRIPTS.glob("*.js"))]
    return sum(map(len, files)), sum(len(gzip.compress(content)) for content in files)


def openssl_milliseconds(bits: int) -> float:
    """Return the median time of ``openssl genrsa`` in milliseconds."""
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        subprocess.run(["openssl", "genrsa", str(bits)], capture_output=True, check=True)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def costs(url: str) -> Iterator[tuple[str, str, float | None]]:
    """Yield a label, a value to print, and, for the longest task, its milliseconds."""
    raw, packed = script_bytes()
    yield "scripts that touch a key, raw and gzip", f"{raw / 1024:.0f} and {packed / 1024:.0f} kB", None
    found = subprocess.run(
        [ROOT / "scripts" / "find-chromium"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHON": sys.executable},
    )
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=["--disable-gpu", *sandbox])
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(f"{url}/steps/account")
        longest = 0.0
        for bits in SIZES:
            label, value, held_up = _making(page, bits)
            longest = max(longest, held_up)
            yield label, value, None
        browser.close()
    yield "longest task on the page's thread while making keys", f"{longest:.0f} ms", longest


def _making(page: Page, bits: int) -> tuple[str, str, float]:
    entry: str = page.evaluate("document.querySelector('script[src*=\"/js/app.js\"]').src")
    address = entry.replace("app.js", "key/make.js")
    told = page.evaluate(MAKE, [address, bits, TIMES, PASSPHRASE])
    ours, theirs = statistics.median(told["took"]), openssl_milliseconds(bits)
    return f"make and seal {bits} bits in the page; openssl genrsa", f"{ours:.0f} and {theirs:.0f} ms", told["longest"]
