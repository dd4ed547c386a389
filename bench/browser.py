"""What a visit costs a browser: bytes and requests, and a key of its own, with how long that holds up the page."""

from __future__ import annotations

import gzip
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Request, sync_playwright

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


@dataclass(frozen=True)
class Visit:
    """What came for a page: the number of requests, and the bytes of their answers on the wire, with their heads."""

    requests: int
    bytes: int


def visit(url: str, cookies: Mapping[str, str]) -> tuple[Visit, dict[str, int]]:
    """Return what a first visit of the start page brings, and the bytes of each later step as htmx asks for it.

    ``cookies`` holds, for each step, the cookie of somebody who has answered those before it.
    """
    ask = "(path) => fetch(path, { headers: { 'HX-Request': 'true' } }).then((answer) => answer.text())"
    later: dict[str, int] = {}
    with _chromium() as chromium:
        came: list[Request] = []
        page = chromium.new_page()
        page.on("requestfinished", lambda request: came.append(request))
        page.goto(url, wait_until="networkidle")
        first = Visit(len(came), sum(map(_size, came)))
        for slug in filter(None, cookies):
            name, _, value = cookies[slug].partition("=")
            page.context.add_cookies([{"name": name, "value": value, "url": url}])
            with page.expect_event("requestfinished") as asked:
                page.evaluate(ask, f"/steps/{slug}")
            later[slug] = _size(asked.value)
    return first, later


def _size(request: Request) -> int:
    sizes = request.sizes()
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]


def find_chromium() -> str:
    """Return the path of a Chromium that can be driven."""
    found = subprocess.run(
        [ROOT / "scripts" / "find-chromium"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHON": sys.executable},
    )
    return found.stdout.strip()


@contextmanager
def _chromium() -> Iterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--disable-gpu", *sandbox])
        yield browser
        browser.close()


def costs(url: str) -> Iterator[tuple[str, str, float | None]]:
    """Yield a label, a value to print, and, for the longest task, its milliseconds."""
    raw, packed = script_bytes()
    yield "scripts that touch a key, raw and gzip", f"{raw / 1024:.0f} and {packed / 1024:.0f} kB", None
    with _chromium() as browser:
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(f"{url}/steps/account")
        longest = 0.0
        for bits in SIZES:
            label, value, held_up = _making(page, bits)
            longest = max(longest, held_up)
            yield label, value, None
    yield "longest task on the page's thread while making keys", f"{longest:.0f} ms", longest


def _making(page: Page, bits: int) -> tuple[str, str, float]:
    entry: str = page.evaluate("document.querySelector('script[src*=\"/js/app.js\"]').src")
    address = entry.replace("app.js", "key/make.js")
    told = page.evaluate(MAKE, [address, bits, TIMES, PASSPHRASE])
    ours, theirs = statistics.median(told["took"]), openssl_milliseconds(bits)
    return f"make and seal {bits} bits in the page; openssl genrsa", f"{ours:.0f} and {theirs:.0f} ms", told["longest"]
