"""One view for all steps of all walks: show the question, read the answer, go on to the first step that isn't done.

What is particular to a step stands in the module of its slug, as a :class:`~wizard.web.steps.page.Page`. No step
knows its neighbours; order and guards come from ``wizard.walk``.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from wizard.journey import Journey
from wizard.problem import Problem
from wizard.walk import WALKS, Step
from wizard.web import walks
from wizard.web.drawing import draw, draw_alike
from wizard.web.pages import draw_step, step_context
from wizard.web.session import load_journey, new_journey, save_journey
from wizard.web.steps import account, handover, key, look, old_test, register, retire, switch, test, user, verify
from wizard.web.steps.page import Page
from wizard.web.walks import address_of, address_to_do, current_walk, in_every_walk

blueprint = Blueprint("steps", __name__)

PAGES: dict[str, Page] = {
    "account": account.PAGE,
    "user": user.PAGE,
    "look": look.PAGE,
    "key": key.PAGE,
    "register": register.PAGE,
    "verify": verify.PAGE,
    "test": test.PAGE,
    "handover": handover.PAGE,
    "switch": switch.PAGE,
    "retire": retire.PAGE,
}


@blueprint.url_value_preprocessor
def _take_walk(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "walk" in values:
        walks.on(WALKS[values.pop("walk")])


def step(slug: str) -> Response:
    """Show a step, or lead to the one to do when this one isn't open yet."""
    found, page = _named(slug)
    journey = load_journey()
    if not current_walk().is_open(slug, journey):
        return redirect(address_to_do(journey), 303)
    journey = _told_by_address(page, journey)

    def context() -> dict[str, Any]:
        return step_context(found, journey, page.form(data=page.fill(journey)), page.shows(journey))

    template = f"steps/{slug}.html"
    if journey == new_journey():
        return draw_alike((current_walk().prefix,), template, context)
    return draw(template, **context())


def answer(slug: str) -> Response:
    """Take a step's answer: 303 to the next step to do, or 422 and the same page with what was typed."""
    found, page = _named(slug)
    journey = load_journey()
    if not current_walk().is_open(slug, journey):
        return redirect(address_to_do(journey), 303)
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
    return redirect(address_of(slug) if stays else address_to_do(outcome), 303)


def _told_by_address(page: Page, journey: Journey) -> Journey:
    told = page.told_by_address(journey)
    if told != journey:
        save_journey(told)
    return told


def _named(slug: str) -> tuple[Step, Page]:
    found = current_walk().named.get(slug) or abort(404)
    return found, PAGES[found.slug]


in_every_walk(blueprint, "<slug>", step)
in_every_walk(blueprint, "<slug>", answer, method="POST")
blueprint.register_blueprint(account.blueprint)
blueprint.register_blueprint(user.blueprint)
blueprint.register_blueprint(test.blueprint)
blueprint.register_blueprint(old_test.blueprint)
