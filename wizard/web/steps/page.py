"""What is particular to the page of one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from wizard.journey import Journey
from wizard.problem import Problem
from wizard.web.forms import StepForm


def refuse_for_other_answers(
    journey: Journey,
    field: str = "",
    fix: str = "Nothing was done. Press the button again if that is right.",
    *,
    asks_for_key: bool = False,
) -> None:
    """Raise :class:`Problem` where this request's form was drawn for other answers than the walk has now.

    Tabs share one walk: what a page shows may have been changed beside it. A form that doesn't say what it was drawn
    for is taken as it comes; one that ``asks_for_key`` may have been drawn for another key.
    """
    told = request.form.get("told", journey.told)
    if not told.startswith(journey.told_of_user) if asks_for_key else told != journey.told:
        account = journey.account.claim if journey.account else ""
        changed = f"Your answers were changed in another tab: this is for {journey.user_name} in {account} now."
        raise Problem(changed if field else f"{changed} {fix}", fix if field else "", field=field)


def _nothing(_journey: Journey) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Page:
    """A step's form and what stands around it.

    ``answer`` makes the new journey of a posted form, or returns a finished response of its own; it raises
    ``Problem`` for input that can't be used. ``fill`` gives the form's fields from what is known, ``shows``
    whatever else the template draws. ``must_read`` says that the page holds something to read before going on.
    ``told_by_address`` makes the new journey of what the address says of it.
    """

    form: Callable[..., StepForm]
    answer: Callable[[Any, Journey], Journey | Response]
    fill: Callable[[Journey], dict[str, Any]] = _nothing
    shows: Callable[[Journey], dict[str, Any]] = _nothing
    must_read: Callable[[Journey], bool] = lambda _: False
    told_by_address: Callable[[Journey], Journey] = lambda journey: journey
