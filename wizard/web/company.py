"""What the company's own settings say, for the pages and for what they hand down."""

from __future__ import annotations

from datetime import date

from flask import current_app

from wizard.handover import day_of, rotation_day
from wizard.house import House
from wizard.journey import Journey
from wizard.settings import Settings


def house() -> House:
    """Return what the company has made its own."""
    settings: Settings = current_app.extensions["settings"]
    return settings.house


def role_that_runs(journey: Journey) -> str:
    """Return the role that the statements begin with, as chosen in the walk or usual in this company."""
    return journey.role_that_runs(house().usual_role)


def rotate_on(journey: Journey) -> date:
    """Return the day by which the journey's key is to be replaced, by the company's rule."""
    return rotation_day(day_of(journey.key_known_since), house().rotation_days)
