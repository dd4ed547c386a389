"""From facts to causes: asks every rule, and puts what they think in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.cause import Cause
from wizard.diagnosis.facts import Evidence, Fact
from wizard.diagnosis.reading.recognised import Recognised
from wizard.diagnosis.rules import NEVER, RULES, Opinion
from wizard.diagnosis.rules.contradictions import meant_first
from wizard.diagnosis.rules.settling import settling
from wizard.diagnosis.sentences import Settle
from wizard.diagnosis.settings.fragment import Corrected, Correction, corrected
from wizard.diagnosis.statements import fill
from wizard.diagnosis.symptom import Finding

MOST: Final = 5
"""How many causes are named."""
_CLEAR: Final = 50
"""The weight of a cause from which on the settings are corrected for it, where another one comes first."""
_TELLS: Final = 15
"""Below this weight a cause is not worth a word where better ones are known, or a word that it is ruled out."""


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A cause that something known rules out, and in one sentence what."""

    cause: Cause
    because: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What follows from the facts.

    * ``findings``: causes, most likely first, :data:`MOST` at most
    * ``ruled_out``: causes that would stand there, if something known did not rule them out
    * ``settle``: the one observation that tells apart what is left; None where nothing is left to tell apart
    * ``corrections``: what to change in the settings that were pasted
    """

    findings: tuple[Finding, ...] = ()
    ruled_out: tuple[RuledOut, ...] = ()
    settle: Settle | None = None
    corrections: tuple[Correction, ...] = ()


def conclude(facts: Iterable[Fact]) -> Diagnosis:
    """Return the causes that the facts speak for. No facts, or none that tell anything: no findings. Never raises."""
    evidence = Evidence(meant_first(facts))
    opinions = [opinion for rule in RULES for opinion in rule(evidence)]
    ranked = most_likely_first(opinions)
    findings = tuple(
        Finding(
            CATALOGUE[opinion.cause],
            opinion.because,
            opinion.certain,
            tuple(fill(fix, evidence) for fix in CATALOGUE[opinion.cause].fixes),
        )
        for at, opinion in enumerate(ranked[:MOST])
        if at == 0 or opinion.weight >= _TELLS or evidence.get("check")
    )
    return Diagnosis(
        findings, _ruled_out(opinions, ranked), settling(evidence, ranked), _corrections(opinions, ranked[:MOST])
    )


def corrected_settings(recognised: Iterable[Recognised], diagnosis: Diagnosis) -> tuple[Corrected, ...]:
    """Return the settings that were pasted as they should stand, those of the first cause first.

    Nothing where nothing of them has to change.
    """
    fragments = [one.fragment for one in recognised if one.fragment]
    sources = [correction.source for correction in diagnosis.corrections]
    fragments.sort(key=lambda one: sources.index(one.source) if one.source in sources else len(sources))
    return tuple(filter(None, (corrected(fragment, diagnosis.corrections) for fragment in fragments)))


def _corrections(opinions: Iterable[Opinion], shown: Sequence[Opinion]) -> tuple[Correction, ...]:
    """What to change for the first cause, and for the others that something speaks for clearly, in their order.

    A value that may be right stays: what is only a hint is corrected where nothing else is found.
    """
    opinions = list(opinions)
    found: list[Correction] = []
    for at, cause in enumerate(shown):
        if at == 0 or cause.weight >= _CLEAR:
            for one in opinions:
                if one.cause == cause.cause and (at == 0 or not one.weight or one.weight >= _CLEAR):
                    found += one.corrections
    return tuple(dict.fromkeys(found))


def most_likely_first(opinions: Iterable[Opinion]) -> list[Opinion]:
    """Return the strongest opinion on each cause, less what speaks against it: what is certain before all that isn't.

    A cause that is certain stands whatever speaks against it: Snowflake's own word is newer than any description.
    """
    strongest: dict[str, Opinion] = {}
    against: dict[str, float] = defaultdict(float)
    for opinion in sorted(opinions, key=lambda opinion: (not opinion.certain, -opinion.weight)):
        if opinion.cause not in CATALOGUE:
            continue
        if opinion.weight < 0:
            against[opinion.cause] += opinion.weight
        else:
            strongest.setdefault(opinion.cause, opinion)
    left = [
        opinion if opinion.certain else replace(opinion, weight=opinion.weight + against[opinion.cause])
        for opinion in strongest.values()
    ]
    return sorted((one for one in left if one.weight > 0), key=lambda one: (not one.certain, -one.weight))


def _ruled_out(opinions: Iterable[Opinion], ranked: Iterable[Opinion]) -> tuple[RuledOut, ...]:
    opinions = list(opinions)
    standing = {opinion.cause for opinion in ranked}
    spoken_for = {opinion.cause for opinion in opinions if opinion.weight >= _TELLS}
    told: dict[str, RuledOut] = {}
    for opinion in opinions:
        if opinion.weight == NEVER and opinion.cause in spoken_for - standing and opinion.cause in CATALOGUE:
            told.setdefault(opinion.cause, RuledOut(CATALOGUE[opinion.cause], opinion.because))
    return tuple(told.values())
