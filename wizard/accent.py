"""A company's accent colour: its shades on a light screen and on a dark one, and whether they can be read.

The wizard's own colours are those of ``static/css/tokens.css``, which is read here and nowhere written out again.
Contrast is that of WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

LEAST = 4.5
"""The least contrast of text with what it stands on: https://www.w3.org/TR/WCAG22/#contrast-minimum"""
COLOUR = re.compile(r"#[0-9a-f]{6}")
SCREENS = ("light", "dark")
_TOKEN = re.compile(r"^ {2}--([a-z-]{1,30}): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);$", re.MULTILINE)
_STEP = 0.05


class AccentError(ValueError):
    """A colour that can't be read on a page; the message says on which screen, and by how much."""


def tokens_of(sheet: str) -> dict[str, tuple[str, str]]:
    """Return the colours that a style sheet names, each on a light screen and on a dark one."""
    return {name: (light, dark) for name, light, dark in _TOKEN.findall(sheet)}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (``#rrggbb``), from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def mixed(colour: str, other: str, share: float) -> str:
    """Return ``share`` (0 to 1) of one colour and the rest of another."""
    both = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round((share * one + (1 - share) * two) * 255):02x}" for one, two in both)


@dataclass(frozen=True)
class Accent:
    """A colour for each screen, and the colours of the pages that it stands on. ``dark`` may be left to be found."""

    tokens: Mapping[str, tuple[str, str]]
    light: str
    dark: str

    @classmethod
    def made_of(cls, tokens: Mapping[str, tuple[str, str]], light: str, dark: str = "") -> Accent:
        """Return the accent. Without a ``dark`` colour the light one is mixed with white until it can be read.

        Raises :class:`AccentError` for a colour that contrasts too little.
        """
        white = 0.0
        accent = cls(tokens, light, dark or light)
        while not dark and accent.least(1)[0] < LEAST and white < 1.0:
            white = min(white + _STEP, 1.0)
            accent = cls(tokens, light, mixed("#ffffff", light, white))
        for screen, name in enumerate(SCREENS):
            figure, what = accent.least(screen)
            if figure < LEAST:
                other = "darker" if screen == 0 else "lighter"
                raise AccentError(
                    f"on a {name} screen {what} has a contrast of {int(figure * 100) / 100}:1, and {LEAST}:1 is the "
                    f"least: a {other} colour is expected"
                )
        return accent

    def shades(self, screen: int) -> dict[str, str]:
        """Return what the accent's tokens are on a screen: 0 is light, 1 is dark."""
        own = (self.light, self.dark)[screen]
        page = {name: pair[screen] for name, pair in self.tokens.items()}
        return {
            "accent": own,
            "accent-strong": mixed(own, ("#000000", "#ffffff")[screen], (0.75, 0.6)[screen]),
            "accent-wash": mixed(own, page["surface"], (0.1, 0.15)[screen]),
            "info-line": mixed(own, page["surface"], 0.35),
        }

    def _contrasts(self, screen: int) -> Iterator[tuple[float, str]]:
        page = {name: pair[screen] for name, pair in self.tokens.items()} | self.shades(screen)
        for text in ("accent", "accent-strong"):
            for ground in ("paper", "surface", "well", "accent-wash"):
                yield contrast(page[text], page[ground]), f"a link in it ({page[text]} on {page[ground]})"
            yield (
                contrast(page["on-accent"], page[text]),
                f"a button's text on it ({page['on-accent']} on {page[text]})",
            )
        for text in ("ink", "ink-soft"):
            yield contrast(page[text], page["accent-wash"]), f"text on a tint of it ({page['accent-wash']})"

    def least(self, screen: int) -> tuple[float, str]:
        """Return the least contrast that the accent has on a screen, and what has it."""
        return min(self._contrasts(screen))

    @cached_property
    def sheet(self) -> str:
        """The style sheet that says the accent's tokens once more, behind the wizard's own."""
        light, dark = self.shades(0), self.shades(1)
        rules = "".join(f"  --{name}: light-dark({light[name]}, {dark[name]});\n" for name in light)
        return f"@layer tokens {{\n:root {{\n{rules}}}\n}}\n"
