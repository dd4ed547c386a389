"""Every regular expression of the scripts takes time in proportion to the text, in the engine that runs it.

``tests/test_patterns.py`` asks the same of Python's engine, which is plainer: this one sees at once that a repetition
can't go on, where another browser's would go back over the text.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.script_patterns import ScriptPattern, literals, made, script_patterns
from tests.slow_texts import TRIED_FIRST, Hostile, grows_faster_than_linearly, hostile_texts

PATTERNS = script_patterns()
LENGTHS = (1024, 4096, 16384)
RESOLUTION = 2e-5  # seconds: four steps of the page's clock
# Replaces every match, so that the engine looks from everywhere. What takes long once is tried at no greater length.
MEASURE = """
({ source, flags, texts, lengths }) => texts.map(([before, piece, after]) => {
  const pattern = new RegExp(source, flags.includes("g") ? flags : `${flags}g`);
  let took = 0;
  return lengths.map((length) => {
    if (took > 20) return took / 1000;
    const text = before + piece.repeat(Math.floor(length / piece.length)) + after;
    const began = performance.now();
    text.replace(pattern, "");
    took = performance.now() - began;
    return took / 1000;
  });
})
"""


class Looks:
    """Measures one pattern in the page, in seconds: the first look at every text at once, for asking takes longer."""

    def __init__(self, page: Page, pattern: ScriptPattern, texts: list[Hostile]) -> None:
        self._page = page
        self._pattern = pattern
        lengths = [8, *TRIED_FIRST, *LENGTHS[:2]]
        self._first = {
            (text, length): seconds
            for text, row in zip(texts, self._measured(texts, lengths), strict=True)
            for length, seconds in zip(lengths, row, strict=True)
        }

    def __call__(self, text: Hostile, length: int) -> float:
        if (text, length) in self._first:
            return self._first.pop((text, length))
        return self._measured([text], [length])[0][0]

    def _measured(self, texts: list[Hostile], lengths: list[int]) -> list[list[float]]:
        tried = [[text.before, text.piece, text.after] for text in texts]
        source, flags = self._pattern.source, self._pattern.flags
        took: list[list[float]] = self._page.evaluate(
            MEASURE, {"source": source, "flags": flags, "texts": tried, "lengths": lengths}
        )
        return took


def slow_on(page: Page, pattern: ScriptPattern) -> Hostile | None:
    texts = hostile_texts(pattern.for_python)
    return grows_faster_than_linearly(texts, Looks(page, pattern, texts), LENGTHS, RESOLUTION)


def test_the_patterns_of_the_scripts_are_found() -> None:
    assert len(PATTERNS) > 40
    assert {"app.js", "key/specification.js"} <= {pattern.place for pattern in PATTERNS}
    script = r"""
      const part = "[-\\u2010]{1,8}"; // a /comment/ and "a string"
      const a = x / y / z, b = (x) / 2, c = `${n / 2}/${/t`}\}/.test("`") ? { q: 1 / 2 } : ""}/`;
      if (/[/"]\/+/giu.test(a)) text.replace(/'/g, "/");
      const made = new RegExp(`${part}BEGIN\\b`, "i");
    """
    assert [*literals(script)] == [(r"t`}\}", ""), (r'[/"]\/+', "giu"), ("'", "g")]
    assert [*made(script, "")] == [(r"[-\u2010]{1,8}BEGIN\b", "i")]
    with pytest.raises(AssertionError, match="is no constant of this file"):
        list(made("new RegExp(`${typed}+`)", ""))


def test_no_pattern_of_the_scripts_goes_back_over_a_text(page: Page) -> None:
    page.goto("/healthz")
    slow = {f"{pattern.place}: /{pattern.source}/": slow_on(page, pattern) for pattern in PATTERNS}
    assert {place: text for place, text in slow.items() if text is not None} == {}


@pytest.mark.parametrize("source", [r"[a-z0-9]+x", r"eyJ[A-Za-z0-9_-]{10,}\.", r"^(?:[a-z]+-?)+!$", r"a[^;]*;"])
def test_a_pattern_that_does_is_found_out(page: Page, source: str) -> None:
    page.goto("/healthz")
    assert slow_on(page, ScriptPattern("here", source, "")) is not None
