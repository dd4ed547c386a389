"""Drawing a page of the walk: which step, what is done, what was answered, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Response, url_for

from wizard.handover import tool_named
from wizard.journey import Journey
from wizard.problem import Problem
from wizard.snowflake.key import KEY_NOTES
from wizard.walk import Step, Walk
from wizard.web.drawing import draw
from wizard.web.elsewhere import failure_in
from wizard.web.forms import StepForm
from wizard.web.practising import failure_in_force, is_practice
from wizard.web.walks import address_of, current_walk, leads_on

UNREADABLE = 422


class ProgressRow(NamedTuple):
    """One step as the progress list shows it. ``state`` is done, skipped, current, open or closed.

    ``facts`` are what else is worth knowing of the answer: names that others find it by, and values. ``ended`` says of
    the current step how its test has ended: passed, failed or not at all, ``""``.
    """

    slug: str
    number: int
    title: str
    state: str
    answer: str
    href: str
    facts: tuple[tuple[str, str], ...] = ()
    ended: str = ""


def progress(
    journey: Journey, current: Step | None, ended: str = "", *, through: bool = False, walk: Walk | None = None
) -> tuple[ProgressRow, ...]:
    """Return the rows of the progress list; ``current`` is the step whose page it stands on, if any, ``ended`` how its
    test has ended. ``through``: the page stands behind the last step, which no fact of the walk ever closes.
    """
    walk = walk or current_walk()
    steps = walk.steps
    all_done = [through or step.done(journey) for step in steps]
    to_do = all_done.index(False) if False in all_done else len(steps)
    rows = []
    for position, (step, done) in enumerate(zip(steps, all_done, strict=True)):
        is_open = position <= to_do
        skipped = done and step.slug == "verify" and not journey.key_was_seen
        state = "skipped" if skipped else "done" if done else "open" if is_open else "closed"
        rows.append(
            ProgressRow(
                slug=step.slug,
                number=position + 1,
                title=step.title,
                state="current" if step is current else state,
                answer=answer_in_words(step, journey) if done or step.slug == "handover" else "",
                href=walk.address(step.slug) if is_open else "",
                facts=_facts(step, journey) if step is not current else (),
                ended=ended if step is current else "",
            )
        )
    return tuple(rows)


def answer_in_words(step: Step, journey: Journey) -> str:
    """Say in a few words what was answered at a step that is done, and of the last one which tool it is for."""
    if step.slug == "account" and journey.account:
        return journey.account.claim
    if step.slug == "user":
        return f"{journey.user_name}, logs in as {journey.login_name}" if journey.login_name else journey.user_name
    if step.slug == "key" and journey.key:
        return f"RSA {journey.key.bits} bits, {journey.key.fingerprint[:15]}…"
    if step.slug == "look" and journey.old_key:
        return f"The key{journey.old_key.place.in_words()} goes"
    if step.slug == "verify" and not journey.key_was_seen:
        return "Skipped"
    if step.slug == "verify":
        return f"Snowflake holds the key{journey.place.in_words() if journey.place else ''}"
    if step.slug == "handover":
        tool = tool_named(journey.tool)
        return tool.client if tool else ""
    return _SAID.get(step.slug, "")


_SAID = {
    "register": "The statement has run",
    "test": "The login works",
    "switch": "The tool has the new key",
    "retire": "The old key is away",
}


def _facts(step: Step, journey: Journey) -> tuple[tuple[str, str], ...]:
    """Return how the account was read: the host that is asked, and its name in the token."""
    if step.slug != "account" or journey.account is None:
        return ()
    return (("account-claim", journey.account.claim), ("account-host", journey.account.host))


def draw_step(
    step: Step,
    journey: Journey,
    form: StepForm,
    problem: Problem | None = None,
    status: int = 0,
    *,
    template: str = "",
    **context: Any,
) -> Response:
    """Draw a step's page, or by another ``template`` a page that belongs to it.

    With ``problem`` its field carries the message and the answer is 422.
    """
    status = status or (UNREADABLE if problem else 200)
    if problem is not None and problem.field in form:
        form[problem.field].errors = (problem.message, problem.fix) if problem.fix else (problem.message,)
    drawn = step_context(step, journey, form, context, wrong=status == UNREADABLE)
    if problem is not None:
        drawn |= {"problem": problem, "errors": [(problem.field, problem.message)]}
        if problem.field in form and isinstance(form[problem.field].data, str):
            drawn["told_elsewhere"] = failure_in(form[problem.field].data)
    return draw(template or f"steps/{step.slug}.html", status=status, **drawn)


def step_context(
    step: Step, journey: Journey, form: StepForm, shows: Mapping[str, Any], *, wrong: bool = False
) -> dict[str, Any]:
    """Return what a step's template is given: what every step's is, and what this one ``shows``.

    A page that has something else to say than its step's question shows that as ``question``, and one whose test has
    ended how it did as ``ended``: ``passed`` or ``failed``.
    """
    before = current_walk().before(step.slug)
    question = shows.get("question", step.question)
    return {
        "question": question,
        "step": step,
        "journey": journey,
        "form": form,
        "problem": None,
        "told_elsewhere": "",
        "errors": [],
        "page_title": f"Error: {question}" if wrong else question,
        "progress": progress(journey, step, shows.get("ended", "")),
        "key_notes": [KEY_NOTES[code] for code in journey.key_notes],
        "practice_account": is_practice(journey),
        "chosen_tool": tool_named(journey.tool) if step.slug != "handover" else None,
        "practised_failure": failure_in_force(journey),
        "back": address_of(before.slug) if before else url_for("start.start"),
        **leads_on(step.slug),
        **shows,
    }
