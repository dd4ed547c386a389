"""Which of my files is the key in Snowflake? Open without a walk; the files are opened in the browser and not sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from wizard.journey import Journey
from wizard.problem import Problem
from wizard.snowflake.key import face_of
from wizard.snowflake.secret_text import PRIVATE_SIGNS
from wizard.snowflake.user import Place, UserDescription
from wizard.web.drawing import draw
from wizard.web.forms import WhichKeyForm
from wizard.web.pages import UNREADABLE
from wizard.web.security import is_fragment
from wizard.web.session import load_journey
from wizard.web.steps.verify import read

blueprint = Blueprint("which_key", __name__)

SCRIPT = "js/key/find.js"
"""The page's own script, named on no other page."""
FINGERPRINT_COMMAND = "openssl pkey -in rsa_key.p8 -pubout -outform DER | openssl dgst -sha256 -binary | openssl base64"
"""Prints the base64 of a private key's fingerprint: SHA-256 over the SubjectPublicKeyInfo of its public half."""


@dataclass(frozen=True, slots=True)
class KeyThere:
    """A key that a user has in Snowflake, or that is about to get there."""

    fingerprint: str
    words: str  # what it is, as a part of a sentence: "the key in slot 1 of JANE"


@blueprint.get("/which-key")
def which_key() -> Response:
    """Show the place for files, and the keys that are known from this browser's walk."""
    return draw("which_key/page.html", **_shown(WhichKeyForm(), _of_the_walk(load_journey())))


@blueprint.post("/which-key")
def compare() -> Response:
    """Read what DESC USER answered: the part of the page with the keys in Snowflake. Nothing of it is kept."""
    form = WhichKeyForm(request.form)
    template = "which_key/there.html" if is_fragment() else "which_key/page.html"
    try:
        form.refuse_too_long()
        description = read(form.desc_user.data or "")
    except Problem as problem:
        form.desc_user.errors = (problem.message, problem.fix)
        return draw(template, UNREADABLE, **_shown(form, [], problem=problem))
    there = _of_an_answer(description)
    return draw(template, **_shown(form, there) | {"nothing_there": not there})


def _shown(form: WhichKeyForm, there: list[KeyThere], problem: Problem | None = None) -> dict[str, Any]:
    title = "Which of my files is the key in Snowflake?"
    return {
        "page_title": f"Error: {title}" if problem else title,
        "title": title,
        "form": form,
        "errors": [("desc_user", problem.message)] if problem else [],
        "there": there,
        "nothing_there": False,
        "face_of": face_of,
        "fingerprint_command": FINGERPRINT_COMMAND,
        "private_signs": PRIVATE_SIGNS,
        "script": SCRIPT,
        "journey": load_journey(),
    }


def _of_an_answer(description: UserDescription) -> list[KeyThere]:
    of_user = f" of {description.name}" if description.name else ""
    found = {description.lone_fingerprint: "the key that you pasted"}
    found |= {key.fingerprint: f"the key{key.place.in_words()}{of_user}" for key in description.named_keys}
    found |= {
        held: f"the key{Place(slot=slot).in_words()}{of_user}" for slot, held in enumerate(description.slots, 1) if held
    }
    return [KeyThere(fingerprint, words) for fingerprint, words in found.items() if fingerprint]


def _of_the_walk(journey: Journey) -> list[KeyThere]:
    found = {}
    if journey.key:
        where = journey.place.in_words() if journey.place else ""
        found[journey.key.fingerprint] = f"the key of your walk{f',{where} of {journey.user_name}' if where else ''}"
    for slot, held in enumerate(journey.description.slots if journey.description else (), 1):
        if held:
            found.setdefault(held, f"the key{Place(slot=slot).in_words()} of {journey.user_name}")
    return [KeyThere(fingerprint, words) for fingerprint, words in found.items()]
