"""What a person who practises is up against: the failure that plays, and whether it is mended for their user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from flask import current_app

from wizard.diagnosis import CATALOGUE, Cause
from wizard.journey import Journey
from wizard.practice.scenarios import SCENARIOS, Scenario
from wizard.practice.users import CLAIM, HOST

if TYPE_CHECKING:
    from wizard.practice.practice import Practice

NAMES = {"account": CLAIM, "analyst": "JANE", "service_user": "SVC_ETL"}  # what a person types to practise


@dataclass(frozen=True, slots=True)
class Standing:
    """The scenario that plays, and how it stands: nothing fails, it is ``broken``, or ``mended`` for this ``user``."""

    scenario: Scenario
    state: Literal["fine", "broken", "mended"]
    user: str = ""

    @property
    def cause(self) -> Cause | None:
        """What the wizard should find."""
        return CATALOGUE.get(self.scenario.cause)


def is_practice(journey: Journey) -> bool:
    """Whether a walk is through the practice Snowflake."""
    return journey.account is not None and journey.account.host == HOST


def standing(journey: Journey) -> Standing:
    """Return how the scenario stands for whoever walks ``journey``; for anybody, where that is another account."""
    practice: Practice = current_app.extensions["practice"]
    user = journey.user_name if is_practice(journey) else ""
    playing = practice.scenario
    if playing is SCENARIOS[0]:
        return Standing(playing, "fine", user)
    return Standing(playing, "broken" if practice.is_broken(user) else "mended", user)


def failure_in_force(journey: Journey) -> Scenario | None:
    """Return what fails in a practice walk, until it is mended; ``None`` in every other walk."""
    if not is_practice(journey) or current_app.extensions.get("practice") is None:
        return None
    now = standing(journey)
    return now.scenario if now.state == "broken" else None
