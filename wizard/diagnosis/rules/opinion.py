"""What a rule thinks of a cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from wizard.diagnosis.settings.fragment import Correction

NEVER: Final = -1000
"""The weight of what rules a cause out."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A cause that something speaks for or against.

    * ``because``: one sentence: what was seen
    * ``weight``: 100 names the cause outright, 50 is typical of it, 20 is a guess from experience. Below zero it is
        taken off what speaks for the cause; :data:`NEVER` rules the cause out
    * ``certain``: whether that leaves no doubt
    * ``corrections``: what to change in the settings, if this is the cause. An opinion with the weight 0 is none about
        the cause: it only knows what to change
    """

    cause: str
    because: str
    weight: float
    certain: bool = False
    corrections: tuple[Correction, ...] = ()


Opinions = Iterator[Opinion]


def ruled_out(cause: str, because: str) -> Opinion:
    """An opinion that it can't be this."""
    return Opinion(cause, because, NEVER)


Rule = Callable[..., Opinions]
