"""The link for the administrator: what they are asked to run, and for whom.

Everything is in the signed link itself. It is bound to its purpose, good for seven days, opens without a cookie and
sets none, and changes nothing when opened. What the asker says of themself is shown as unverified: the worst realistic
use of a page like this is to get an administrator to put somebody's key on somebody else's user.
"""

from __future__ import annotations

import base64
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from wizard.journey import STEP_NAMED, STORED_JOURNEY, Journey
from wizard.problem import Problem
from wizard.snowflake.key import PublicKey
from wizard.snowflake.user import Described, compare, differing, refuse_unseen
from wizard.stored import StoredError, Table, record, stored, text, written
from wizard.web.drawing import draw
from wizard.web.forms import SharedVerifyForm, ShareForm
from wizard.web.pages import UNREADABLE, draw_step
from wizard.web.security import LOOPBACK_NAMES, host_name, public_address
from wizard.web.session import load_journey
from wizard.web.signed import ExpiredError, Signed
from wizard.web.steps import register
from wizard.web.steps.verify import read, remarks_on, told_by

blueprint = Blueprint("share", __name__)

GOOD_FOR = 7 * 24 * 60 * 60  # seconds
LONGEST_NOTE = 80


def _key_in_link(key: PublicKey) -> str:
    return base64.urlsafe_b64encode(key.der).decode()


def _key_of_link(text: str) -> PublicKey:
    return PublicKey.from_base64(text.replace("-", "+").replace("_", "/"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the link says: the journey up to the registration, the key beside it, and a note of who asks."""

    journey: Journey = field(metadata=stored("j", record(STORED_JOURNEY)))
    key: PublicKey = field(metadata=stored("k", written(_key_in_link, _key_of_link)))
    note: str = field(metadata=stored("n", text(LONGEST_NOTE)))


ASKED = Signed("share-with-administrator", Table(Asked), GOOD_FOR)


@blueprint.post("/share")
def make() -> Response:
    """Make the link and show it, with a message to send along."""
    journey = load_journey()
    if not journey.registration or journey.key is None:
        return redirect(url_for("start.start"), 303)
    form = ShareForm(request.form)
    try:
        note = form.note.read(_one_line, optional=True)
    except Problem as problem:
        return _ask_again(journey, form, problem)
    asked = Journey(
        account=journey.account,
        user_name=journey.user_name,
        login_name=journey.login_name,
        role=journey.role,
        chosen_slot=journey.slot,
        **_seen(journey),
    )
    token = ASKED.write(Asked(asked, journey.key, note))
    link = public_address() + url_for("share.shared", token=token)
    return draw(
        "share/made.html",
        page_title="A link for your administrator",
        journey=journey,
        link=link,
        note=note,
        local_only=host_name(urlsplit(link).netloc) in LOOPBACK_NAMES,
        back=url_for("steps.step", slug="register"),
    )


def _ask_again(journey: Journey, form: ShareForm, problem: Problem) -> Response:
    """Draw the page that the note was typed on, with what is wrong with it."""
    form.note.errors = (problem.message, problem.fix)
    page = register.PAGE
    shown = page.shows(journey) | {"share_form": form}
    return draw_step(STEP_NAMED["register"], journey, page.form(data=page.fill(journey)), problem, **shown)


def _seen(journey: Journey) -> dict[str, Any]:
    """Return what was seen of the key on the user, where it was: nothing is to be run for a key that is there."""
    held = journey.description
    if not journey.key_was_seen:
        return {}
    described = Described(name=journey.user_name, slots=held.slots, pair=held.pair) if held else None
    return {"described": described, "described_at": journey.described_at, "verified": journey.registration}


def _one_line(text: str) -> str:
    """Return a note as one short line that can't look like part of the page.

    White space becomes single spaces, and what has no width of its own (direction marks, joiners) is left out: both
    come along when text is copied, and some names are written with them. Raises :class:`Problem` for anything else
    that can't be seen, which nobody types by accident.
    """
    line = "".join(letter for letter in text if letter.isspace() or unicodedata.category(letter)[0] != "C")
    line = " ".join(line.split())
    refuse_unseen(line, "note")
    return line[:LONGEST_NOTE].rstrip()


@blueprint.get("/share/<token>")
def shared(token: str) -> Response:
    """Show an administrator what they are asked to run."""
    journey, note = _read(token)
    return _draw(token, journey, note, SharedVerifyForm())


@blueprint.post("/share/<token>")
def shared_verify(token: str) -> Response:
    """Compare the DESC USER output that the administrator pastes; nothing is kept of it."""
    journey, note = _read(token)
    form = SharedVerifyForm(request.form)
    assert journey.key is not None
    try:
        form.refuse_too_long()
        description = read(form.desc_user.data or "")
    except Problem as problem:
        form.desc_user.errors = (problem.message, problem.fix)
        return _draw(token, journey, note, form, UNREADABLE, errors=[("desc_user", problem.message)])
    comparison = compare(description, name=journey.user_name, fingerprint=journey.key.fingerprint)
    if comparison.verdict != "other-user":
        journey = told_by(description, journey, seen=comparison.matches)
    return _draw(
        token,
        journey,
        note,
        form,
        200 if comparison.matches else UNREADABLE,
        comparison=comparison,
        description=description,
        remarks=remarks_on(journey),
    )


def _read(token: str) -> tuple[Journey, str]:
    try:
        asked = ASKED.read(token)
    except ExpiredError:
        abort(410)
    except StoredError:
        abort(404)
    return replace(asked.journey, key=asked.key), asked.note


def _draw(
    token: str, journey: Journey, note: str, form: SharedVerifyForm, status: int = 200, **context: Any
) -> Response:
    title = "Put a public key on a Snowflake user"
    assert journey.key is not None
    ours = journey.key.fingerprint
    shown = {
        "page_title": f"Error: {title}" if status == UNREADABLE else title,
        "journey": journey,
        "note": note,
        "form": form,
        "token": token,
        "differing": lambda theirs: differing(ours, theirs),
        "errors": (),
        "comparison": None,
        "description": None,
        "remarks": (),
        **register.registration(journey),
    }
    return draw("share/shared.html", status, **shown | context)
