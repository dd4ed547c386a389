"""The administrator's part: the message that asks for it, and the page behind its link.

Nothing is stored here. What the administrator needs to see is in the signed link itself (:mod:`wizard.web.links`),
which opens without a cookie and sets none, and changes nothing when opened. What the asker says of themself is shown as
unverified: the worst realistic use of a page like this is to get an administrator to put somebody's key on somebody
else's user.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from wizard.diagnosis.remarks import remarks
from wizard.handover import tool_named
from wizard.journey import Journey
from wizard.link import Carried
from wizard.problem import Problem
from wizard.snowflake import sql
from wizard.snowflake.key import face_of
from wizard.snowflake.user import (
    MOST_KEY_PAIRS,
    Comparison,
    UserDescription,
    compare,
    free_name,
    refuse_unseen,
)
from wizard.web.drawing import draw
from wizard.web.forms import SharedForm, ShareForm
from wizard.web.links import RESUME, RETURN, SHARE, link_to, opened
from wizard.web.mail import mail_to
from wizard.web.pages import UNREADABLE, draw_step
from wizard.web.practising import failure_in_force, is_practice
from wizard.web.security import LOOPBACK_NAMES, host_name
from wizard.web.session import load_journey, save_journey
from wizard.web.steps import register
from wizard.web.steps.verify import read, told_by
from wizard.web.walks import address_of, current_walk

blueprint = Blueprint("share", __name__)

LONGEST_NOTE = 80  # characters
LONGEST_REASON = 400  # characters


@blueprint.get("/share")
def made_before() -> Response:
    """Lead back to the step whose answer the message was: it is reloaded where nobody sent anything."""
    return redirect(address_of("register"), 303)


@blueprint.post("/share")
def make() -> Response:
    """Write the message for the administrator, with the link in it, and note that they were asked."""
    journey = load_journey()
    if not journey.registration or journey.key is None:
        return redirect(url_for("start.start"), 303)
    form = ShareForm(request.form)
    try:
        note = form.note.read(lambda text: _one_line(text, "note", LONGEST_NOTE), optional=True)
        save_journey(journey.with_administrator_asked(current_app.extensions["now"]()))
    except Problem as problem:
        return _ask_again(journey, form, problem)
    link = link_to(SHARE, replace(journey, chosen_slot=journey.slot), note)
    statements = register.registration(journey)
    carried = opened(SHARE, link.rpartition("/")[2]).journey
    return draw(
        "share/made.html",
        page_title="Send this to your administrator",
        journey=journey,
        practice_account=is_practice(journey),
        practised_failure=failure_in_force(journey),
        link=link,
        resume_link=link_to(RESUME, journey),
        resume_days=RESUME.lives,
        program=_program(journey),
        note=note,
        mail_to=mail_to,
        without_comment=carried.new_pair != journey.pair_to_add,
        local_only=host_name(urlsplit(link).netloc) in LOOPBACK_NAMES,
        back=address_of("register"),
        **statements,
    )


def _program(journey: Journey) -> str:
    """Name what is to log in."""
    tool = tool_named(journey.tool)
    return tool.client if tool and not tool.is_the_rest else "a program"


def _ask_again(journey: Journey, form: ShareForm, problem: Problem) -> Response:
    """Draw the page that the note was typed on, with what is wrong with it."""
    form.note.errors = (problem.message, problem.fix)
    page = register.PAGE
    shown = page.shows(journey) | {"share_form": form}
    return draw_step(current_walk().named["register"], journey, page.form(data=page.fill(journey)), problem, **shown)


def _one_line(text: str, what: str, longest: int) -> str:
    """Return what somebody said as one short line that can't look like part of the page.

    White space becomes single spaces, and what has no width of its own (direction marks, joiners) is left out: both
    come along when text is copied, and some names are written with them. Raises :class:`Problem` for anything else
    that can't be seen, which nobody types by accident.
    """
    line = "".join(letter for letter in text if letter.isspace() or unicodedata.category(letter)[0] != "C")
    line = " ".join(line.split())
    refuse_unseen(line, what)
    return line[:longest].rstrip()


# --- the administrator's page -----------------------------------------------------------------------------------------
@blueprint.get("/share/<token>")
def shared(token: str) -> Response:
    """Show an administrator what they are asked for: to look first."""
    return _draw(token, opened(SHARE, token), SharedForm(), "look")


@blueprint.post("/share/<token>")
def shared_verify(token: str) -> Response:
    """Take what the administrator pastes: before the statement ran, after it did, or why they won't run it.

    Nothing is kept of it. The answer of ``DESC USER`` decides what the page says next: which slot the statement fills,
    or that the key is there.
    """
    carried = opened(SHARE, token)
    form = SharedForm(request.form)
    state = "run" if form.looked.data else "look"
    if "declined" in request.form:
        return _decline(token, carried, form, state)
    journey = carried.journey
    assert journey.key is not None
    try:
        form.refuse_too_long()
        description = read(form.desc_user.data or "")
    except Problem as problem:
        return _refuse(token, carried, form, state, problem)
    comparison = compare(
        description,
        name=journey.user_name,
        fingerprint=journey.key.fingerprint,
        in_pair=journey.pair_to_add is not None,
    )
    if comparison.verdict != "other-user":
        carried = Carried(told_by(description, journey, seen=comparison.matches), carried.note)
    # Who looks first is told what is there; who has run the statement is told that it isn't what it should be.
    unclear = comparison.verdict in ("other-user", "not-shown") and not comparison.matches
    wrong = not comparison.matches and (unclear or state == "run")
    if state == "look" and not wrong:
        form.desc_user.data = ""  # what was found is said; the box waits for the answer after the statement
    state = "done" if comparison.matches else state if unclear else "run"
    return _draw(
        token, carried, form, state, UNREADABLE if wrong else 200, comparison=comparison, description=description
    )


def _refuse(token: str, carried: Carried, form: SharedForm, state: str, problem: Problem) -> Response:
    field = form.reason if problem.field == "reason" else form.desc_user
    field.errors = (problem.message, problem.fix)
    return _draw(token, carried, form, state, UNREADABLE, errors=[(field.name, problem.message)])


def _decline(token: str, carried: Carried, form: SharedForm, state: str) -> Response:
    """Write the answer of an administrator who won't run the statement, for them to send."""
    try:
        form.refuse_too_long()
        reason = form.reason.read(lambda text: _one_line(text, "reason", LONGEST_REASON), optional=True)
    except Problem as problem:
        return _refuse(token, carried, form, state, problem)
    return draw(
        "share/declined.html",
        page_title="Send this to the person who asked",
        journey=carried.journey,
        reason=reason,
        mail_to=mail_to,
        back=url_for("share.shared", token=token),
    )


def _draw(
    token: str,
    carried: Carried,
    form: SharedForm,
    state: str,
    status: int = 200,
    *,
    comparison: Comparison | None = None,
    description: UserDescription | None = None,
    errors: list[tuple[str, str]] | tuple[()] = (),
) -> Response:
    """Draw the page. ``state`` is "look", "run" or "done": which of the three parts is the administrator's next."""
    journey = carried.journey
    assert journey.key is not None
    listed = tuple(pair.name for pair in description.named_keys) if description else ()
    if journey.new_pair and journey.new_pair.name in listed and not journey.place:
        free = free_name(journey.new_pair.name, listed)
        journey = replace(journey, new_pair=replace(journey.new_pair, name=free))
    statements = register.registration(journey)
    title = f"Done. {journey.user_name} has the key." if state == "done" else f"Add a key for {journey.user_name}"
    told = journey.description
    return draw(
        "share/shared.html",
        status,
        page_title=f"Error: {title}" if status == UNREADABLE else title,
        title=title,
        state=state,
        journey=journey,
        practice_account=is_practice(journey),
        practised_failure=failure_in_force(journey),
        note=carried.note,
        form=form,
        token=token,
        program=_program(journey),
        wizard_host=host_name(request.host),
        face_of=face_of,
        errors=errors,
        comparison=comparison,
        description=description,
        remarks=remarks(told, journey.login_name or journey.user_name, user_name=journey.user_name) if told else (),
        listed=listed,
        asked_name=carried.journey.new_pair.name if carried.journey.new_pair else "",
        most_pairs=MOST_KEY_PAIRS,
        sql_undo=_undo(journey, statements["slot"]),
        return_link=link_to(RETURN, _by_its_login_name(journey)) if state == "done" else "",
        **statements,
    )


def _undo(journey: Journey, slot: int) -> str:
    """Return the statement that takes back what the one on the page does, or what it did."""
    if journey.new_pair and (pair := journey.place.pair if journey.place else journey.new_pair.name):
        return sql.remove_key_pair(journey.user_name, pair)
    return sql.unset_public_key(journey.user_name, slot) if slot else ""


def _by_its_login_name(journey: Journey) -> Journey:
    """Take over the LOGIN_NAME that Snowflake showed: a token with another one would be refused."""
    told = journey.description
    return journey.with_user(journey.user_name, told.login_name) if told and told.login_name else journey
