"""What is particular to the page of one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from wizard.journey import Journey
from wizard.web.forms import StepForm


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
