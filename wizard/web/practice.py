"""The pages of the practice Snowflake: its names, its scenarios, its worksheet. Every one carries the banner."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from wizard.diagnosis import CATALOGUE
from wizard.practice.outcome import Session
from wizard.practice.practice import Practice
from wizard.practice.scenarios import GROUPS, SCENARIOS
from wizard.practice.sql import first_session
from wizard.practice.users import ADMINISTRATOR
from wizard.problem import Problem
from wizard.snowflake.secret_text import looks_secret
from wizard.walk import SET_UP, WALKS
from wizard.web.drawing import draw
from wizard.web.fields import LONGEST_NAME, drawn_again
from wizard.web.forms import WorksheetForm
from wizard.web.pages import UNREADABLE
from wizard.web.practising import NAMES, standing
from wizard.web.session import load_journey, new_journey
from wizard.web.walks import address_to_do

blueprint = Blueprint("practice", __name__, url_prefix="/practice")

_GROUPS = {"": "", **GROUPS}  # first what is in none of them: that everything works


def _practice() -> Practice:
    practice: Practice = current_app.extensions["practice"]
    return practice


@blueprint.get("")
def about() -> Response:
    """Say what this is, whom one can be, and in which ways it can be told to fail."""
    return _draw_about([])


def _goes_on() -> str:
    """Return where a person who practises goes on with the wizard."""
    journey = load_journey()
    return address_to_do(journey) if journey != new_journey() else url_for("start.start")


def _draw_about(errors: list[tuple[str, str]]) -> Response:
    title = "Practice Snowflake"
    return draw(
        "practice/about.html",
        UNREADABLE if errors else 200,
        page_title=f"Error: {title}" if errors else title,
        names=NAMES,
        groups=[(title, [one for one in SCENARIOS if one.group == group]) for group, title in _GROUPS.items()],
        now=standing(load_journey()),
        catalogue=CATALOGUE,
        errors=errors,
        goes_on=_goes_on(),
    )


@blueprint.post("/scenario")
def play() -> Response:
    """Choose how it behaves from now on, for everybody who practises here. Whoever is at a step stays there."""
    try:
        _practice().play(request.form.get("scenario", ""))
    except KeyError:
        return _draw_about([("scenario", "No scenario was chosen.")])
    step, walk = request.form.get("step", ""), WALKS.get(request.form.get("walk", ""), SET_UP)
    return redirect(walk.address(step) if step in walk.named else url_for("practice.about"), 303)


@blueprint.get("/worksheet")
def worksheet() -> Response:
    """Show an empty worksheet, signed in as whoever ``as`` names, by default the administrator."""
    return _draw(WorksheetForm(), first_session(_practice(), _somebody(request.args.get("as", ADMINISTRATOR))))


def _somebody(name: str) -> str:
    """Return ``name`` if there is such a user, else the administrator."""
    return name if name in _practice().user_names() else ADMINISTRATOR


@blueprint.post("/worksheet")
def run() -> Response:
    """Run the statements and show what each answered. Who is signed in travels in the form; nothing is kept of it."""
    form = WorksheetForm(request.form)
    session = Session(
        _somebody(request.form.get("user", ADMINISTRATOR)),
        drawn_again(request.form.get("role", ""), LONGEST_NAME),
        drawn_again(request.form.get("warehouse", ""), LONGEST_NAME),
    )
    practice = _practice()
    broken = practice.broken_users()
    try:
        outcome = practice.run(_statements(form), session)
    except Problem as problem:
        form.sql.errors = (problem.message, problem.fix)
        return _draw(form, session, problem=problem)
    return _draw(form, outcome.session, results=outcome.results, mended=broken - practice.broken_users())


@blueprint.post("/worksheet/open")
def open_with() -> Response:
    """Show the worksheet with what is to be run there already in it. That comes by form, never in an address."""
    form = WorksheetForm(request.form)
    session = first_session(_practice(), ADMINISTRATOR)
    try:
        _statements(form)
    except Problem as problem:
        form.sql.errors = (problem.message, problem.fix)
        return _draw(form, session, problem=problem)
    return _draw(form, session)


def _statements(form: WorksheetForm) -> str:
    form.refuse_too_long()
    typed: str = form.sql.data or ""
    if looks_secret(typed):
        raise Problem("This holds a private key or a token.", "Paste one of the wizard’s statements.", field="sql")
    if not typed.strip():
        raise Problem("There is no statement to run.", "Paste one of the wizard’s statements.", field="sql")
    return typed


def _draw(
    form: WorksheetForm,
    session: Session,
    results: object = (),
    problem: Problem | None = None,
    mended: frozenset[str] = frozenset(),
) -> Response:
    title = "Practice worksheet"
    return draw(
        "practice/worksheet.html",
        UNREADABLE if problem else 200,
        page_title=f"Error: {title}" if problem else title,
        form=form,
        session=session,
        results=results,
        own_tab=request.values.get("tab") == "own",
        mended=[name for name in _practice().user_names() if name in mended],
        playing=_practice().scenario,
        errors=[(problem.field, problem.message)] if problem else [],
        people=_practice().user_names(),
        goes_on=_goes_on(),
    )
