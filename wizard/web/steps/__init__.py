"""One view for all steps: show the question, read the answer, go on to the first step that isn't done.

What is particular to a step stands in the module of its slug, as a :class:`~wizard.web.steps.page.Page`. No step
knows its neighbours; order and guards come from ``wizard.journey``.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from wizard.journey import STEP_NAMED, Journey, Step, is_open, step_to_do
from wizard.problem import Problem
from wizard.web.drawing import draw, draw_alike
from wizard.web.pages import address_of, draw_step, step_context
from wizard.web.session import load_journey, new_journey, save_journey
from wizard.web.steps import account, handover, key, register, test, user, verify
from wizard.web.steps.page import Page

blueprint = Blueprint("steps", __name__)

PAGES: dict[str, Page] = {
    "account": account.PAGE,
    "user": user.PAGE,
    "key": key.PAGE,
    "register": register.PAGE,
    "verify": verify.PAGE,
    "test": test.PAGE,
    "handover": handover.PAGE,
}


@blueprint.get("/steps/<slug>")
def step(slug: str) -> Response:
    """Show a step, or lead to the one to do when this one isn't open yet."""
    found, page = _named(slug)
    journey = load_journey()
    if not is_open(found, journey):
        return _to(step_to_do(journey))
    journey = _told_by_address(page, journey)

    def context() -> dict[str, Any]:
        return step_context(found, journey, page.form(data=page.fill(journey)), page.shows(journey))

    template = f"steps/{slug}.html"
    return draw_alike((), template, context) if journey == new_journey() else draw(template, **context())


@blueprint.post("/steps/<slug>")
def answer(slug: str) -> Response:
    """Take a step's answer: 303 to the next step to do, or 422 and the same page with what was typed."""
    found, page = _named(slug)
    journey = load_journey()
    if not is_open(found, journey):
        return _to(step_to_do(journey))
    form = page.form(request.form)
    try:
        form.refuse_too_long()
        outcome = page.answer(form, journey)
        if isinstance(outcome, Response):
            return outcome
        save_journey(outcome)
    except Problem as problem:
        return draw_step(found, journey, form, problem, **page.shows(journey))
    stays = not found.done(outcome) or page.must_read(outcome)
    return _to(found if stays else step_to_do(outcome))


def _told_by_address(page: Page, journey: Journey) -> Journey:
    told = page.told_by_address(journey)
    if told != journey:
        save_journey(told)
    return told


def _named(slug: str) -> tuple[Step, Page]:
    found = STEP_NAMED.get(slug) or abort(404)
    return found, PAGES[found.slug]


def _to(step: Step) -> Response:
    return redirect(address_of(step.slug), 303)


blueprint.register_blueprint(account.blueprint)
blueprint.register_blueprint(user.blueprint)
blueprint.register_blueprint(test.blueprint)
