"""Something fails: paste anything, and be told what it is.

No account, no walk and no script is needed, and nothing that is pasted is stored, logged or sent on: it is read for the
one answer, and what the page offers to carry on with travels in that page's own forms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import Any

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from wizard.diagnosis import Diagnosis, Fact, Recognised, conclude, corrected_settings, known, read
from wizard.journey import Journey
from wizard.problem import Problem
from wizard.snowflake import sql
from wizard.snowflake.account import read_account
from wizard.snowflake.secret_text import PRIVATE_SIGNS
from wizard.snowflake.user import read_user_name
from wizard.walk import SET_UP
from wizard.web.drawing import draw, draw_alike
from wizard.web.fields import refuse_secret
from wizard.web.forms import AccountForm, TroubleshootForm
from wizard.web.pages import UNREADABLE, draw_step
from wizard.web.report import reports
from wizard.web.session import load_journey, save_journey
from wizard.web.steps import account
from wizard.web.steps.message import to_administrator
from wizard.web.steps.outcome import background, statement_places
from wizard.web.walks import address_to_do

blueprint = Blueprint("troubleshoot", __name__)

TITLE = "Something fails? Paste what you see"
ACCOUNTS = ("setting-account", "setting-host", "error-account", "error-host", "token-account")
USERS = ("described-name", "setting-user", "error-user", "token-user")


@blueprint.get("/troubleshoot")
def ask() -> Response:
    """Show the box to paste into."""
    return draw_alike((), "troubleshoot.html", lambda: _shown(TroubleshootForm()))


@blueprint.post("/troubleshoot")
def answer() -> Response:
    """Say what the pasted text is, and what follows from it."""
    form = TroubleshootForm(request.form)
    text: str = form.text.data or ""
    try:
        form.refuse_too_long()
        if not text.strip():
            raise Problem("There is nothing to read.", "Paste the error, or whatever else you have.", field="text")
    except Problem as problem:
        form.text.errors = (problem.message, problem.fix)
        return draw("troubleshoot.html", UNREADABLE, **_shown(form, problem=problem))
    now: int = current_app.extensions["now"]()
    recognised = read(text, now)
    facts = [fact for one in recognised for fact in one.facts]
    journey = load_journey()
    of_this_walk = _is_about(journey, facts)
    diagnosis = conclude([*facts, *(known(background(journey)) if of_this_walk else ())])
    return draw(
        "troubleshoot.html",
        **_shown(form, recognised, diagnosis),
        journey=journey,
        of_this_walk=of_this_walk,
        corrected=corrected_settings(recognised, diagnosis),
        goes_on_with=_goes_on_with(facts),
        message=to_administrator(diagnosis.findings),
        reports=reports(recognised, diagnosis, now),
    )


@blueprint.post("/troubleshoot/begin")
def begin() -> Response:
    """Go on in the wizard with the account and the user that were recognised; what is wrong with them is said there."""
    journey, form = load_journey(), AccountForm(request.form)
    try:
        form.refuse_too_long()
        journey = journey.with_account(account.read(form))
    except Problem as problem:
        return draw_step(SET_UP.named["account"], journey, form, problem, **account.PAGE.shows(journey))
    with suppress(Problem):  # without a user the walk asks for one
        journey = journey.with_user(read_user_name(refuse_secret(request.form.get("user", ""))).name, "")
    save_journey(journey)
    return redirect(address_to_do(journey), 303)


def _shown(
    form: TroubleshootForm,
    recognised: Sequence[Recognised] = (),
    diagnosis: Diagnosis | None = None,
    problem: Problem | None = None,
) -> dict[str, Any]:
    findings = diagnosis.findings if diagnosis else ()
    read_well = any(one.kind not in ("unknown", "private-key") for one in recognised)
    nothing = "Nothing wrong was found in it" if read_well else "Nothing here is known"
    title = "This is what it looks like" if findings else nothing if diagnosis else TITLE
    return {
        "page_title": f"Error: {title}" if problem else title,
        "title": title,
        "form": form,
        "errors": [("text", problem.message)] if problem else [],
        "recognised": recognised,
        "diagnosis": diagnosis,
        "places": statement_places(findings),
        "private_signs": PRIVATE_SIGNS,
    }


def _values(facts: Iterable[Fact], names: Collection[str]) -> list[str]:
    return [fact.value for fact in facts if fact.name in names and fact.value]


def _is_about(journey: Journey, facts: Sequence[Fact]) -> bool:
    """Whether the paste is about the login of this browser's walk: it names that login's user, and no other one."""
    users = {name.casefold() for name in _values(facts, USERS)}
    ours = {name.casefold() for name in (journey.user_name, journey.login_name) if name}
    return bool(users) and users <= ours


def _goes_on_with(facts: Sequence[Fact]) -> dict[str, str]:
    """Return the account and the user to carry on with, the first of each that can be read; nothing without an
    account.
    """
    account = next((value for name in ACCOUNTS for value in _values(facts, (name,)) if _is_account(value)), "")
    user = next(filter(None, map(_user, _values(facts, USERS))), "")
    return {"account": account, "user": user} if account else {}


def _is_account(text: str) -> bool:
    with suppress(Problem):
        read_account(text, vouched=current_app.extensions["vouched_hosts"])
        return True
    return False


def _user(text: str) -> str:
    """Return a user name as it would have to be typed, ``""`` for what is none."""
    with suppress(Problem):
        return sql.quote_identifier(read_user_name(text).name)
    return ""
