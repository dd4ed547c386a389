"""A guess at a cause, and what most guesses are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wizard.diagnosis.symptom import Background, Symptom


@dataclass(frozen=True, slots=True)
class Guess:
    """A cause that something speaks for: by how much (of 100), or without a doubt."""

    cause: str
    because: str
    weight: int
    certain: bool = False


Guesses = Iterator[Guess]


def host_of(background: Background) -> str:
    return background.account.host if background.account else "the host"


def is_privatelink(background: Background) -> bool:
    return background.account is not None and background.account.privatelink


def skew_of(symptom: Symptom) -> float:
    try:
        seconds = float(symptom.facts.get("skew_seconds", ""))
    except ValueError:
        return 0.0
    return seconds if abs(seconds) < 1e12 else 0.0
