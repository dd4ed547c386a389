"""Where does the key pair come from? Whatever the way, what stays here is the public key."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from flask import current_app, redirect, request
from werkzeug.wrappers import Response

from wizard.handover import tool_named
from wizard.journey import KEY_SOURCES, Journey
from wizard.problem import Problem
from wizard.secret import Secret
from wizard.snowflake.key import (
    KeyProblem,
    OpenedKey,
    PublicKey,
    check_new_passphrase,
    make_private_key,
    open_private_key,
    read_public_key,
)
from wizard.snowflake.user import UserName
from wizard.walk import SET_UP
from wizard.web.company import house
from wizard.web.fields import uploaded
from wizard.web.forms import KeyForm
from wizard.web.lanes import KEYS, NoPlace, waiting
from wizard.web.limits import count
from wizard.web.security import may_receive_secrets
from wizard.web.session import save_journey
from wizard.web.steps.old_key import old_key_shown
from wizard.web.steps.page import Page, refuse_for_other_answers
from wizard.web.walks import address_of, current_walk

PRIVATE_KEY_FILE = "rsa_key.p8"

PATIENCE = 20  # seconds
MADE_WITHIN = PATIENCE + 10  # seconds from the press to the file: the wait for a core, then its work


def _cores() -> int:
    """Return how many cores this process may use; a container's limit counts as well (cgroup v2, ``cpu.max``)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):
        allowed, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        cores = min(cores, max(1, int(allowed) // int(period)))  # "max" for no limit is no number
    return cores


# Making a 4096-bit key takes a core for up to a second, and so does opening a file encrypted with two million rounds.
# One core is left for pages, where there is more than one.
_cores_for_keys = threading.BoundedSemaphore(max(1, _cores() - 1))


@contextmanager
def one_at_a_core() -> Iterator[None]:
    """Do costly work when there is a core for it. Raises :class:`NoPlace` (503) after waiting in vain."""
    with waiting():
        if not _cores_for_keys.acquire(timeout=PATIENCE):
            raise NoPlace(KEYS)
        try:
            yield
        finally:
            _cores_for_keys.release()


@contextmanager
def opening() -> Iterator[None]:
    """Count a key file that this client has opened, and wait for a core to do it on."""
    count("open")
    with one_at_a_core():
        yield


def _answer(form: KeyForm, journey: Journey) -> Journey | Response:
    refuse_for_other_answers(journey, asks_for_key=True)
    source = form.source.data or ""
    if source in KEY_SOURCES and source not in house().key_ways:
        raise Problem("This way to a key pair is not offered here.", "Choose one of those below.", field="source")
    if source == "server":
        return _make(form, journey)
    if source == "upload":
        return _open(form, journey)
    if source in ("public", "browser"):
        return _take_public_key(form, journey, source)
    raise Problem("No way was chosen.", "Choose where the key pair comes from.", field="source")


def _make(form: KeyForm, journey: Journey) -> Response:
    """Answer with the key file itself, while the cookie takes the public key. Nothing of the private key is kept."""
    only_unread("source")
    if _made_already(form, journey):
        return redirect(address_of("key"), 303)
    sizes = [str(size) for size in house().key_sizes]
    if form.size.data not in sizes:
        raise Problem(f"Keys here have {' or '.join(sizes)} bits.", "Choose one of the sizes.", field="size")
    passphrase = Secret(form.passphrase.data or "")
    if passphrase:
        try:
            check_new_passphrase(passphrase)
        except KeyProblem as problem:
            raise about_key(problem, {"passphrase": "passphrase"}) from None
    elif house().passphrase_required:
        raise Problem("Here every key has a passphrase.", "Enter one of 12 characters or more.", field="passphrase")
    count("make")
    with one_at_a_core():
        content, public = make_private_key(
            int(form.size.data), passphrase, new_key=rsa.generate_private_key, random_bytes=secrets.token_bytes
        )
    save_journey(journey.with_key(public, "server", current_app.extensions["now"](), bool(passphrase)))
    return attachment(content, PRIVATE_KEY_FILE)


def _made_already(form: KeyForm, journey: Journey) -> bool:
    """Say whether a key was made here since this form was drawn: then its button was pressed once more.

    The answer to a press is the file, so the browser keeps showing the form. Another key would come under the same
    name, and nobody could tell which of the files is the one to use. A form that doesn't tell is a first press.
    """
    told = form.instead_of.data
    return bool(told) and journey.key_source == "server" and journey.key is not None and journey.key.fingerprint != told


def attachment(content: bytes, name: str) -> Response:
    """Return a file to be saved under a fixed ASCII name, kept by no cache and opened by no browser."""
    response = Response(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _open(form: KeyForm, journey: Journey) -> Journey:
    only_unread("source")
    chosen = request.files.get("private_key")
    field = "private_key" if chosen and chosen.filename else "private_key_text"
    opened = open_given_key(form, "private_key", "private_key_text")
    _hold_to_size(opened.public, field)
    if house().passphrase_required and not opened.encrypted:
        raise Problem(
            "This key file has no passphrase, and here every key has one.",
            "Give it one on your computer, and choose the new file.",
            field=field,
            command="openssl pkcs8 -topk8 -v2 aes-256-cbc -in rsa_key.p8 -out rsa_key_encrypted.p8",
        )
    _refuse_old(opened.public, journey, field)
    return journey.with_key(opened.public, "upload", current_app.extensions["now"](), opened.encrypted, opened.notes)


def _hold_to_size(key: PublicKey, field: str) -> None:
    """Raise :class:`Problem` at ``field`` for a key that is smaller than the company allows."""
    least = house().least_key_size
    if key.bits < least:
        raise Problem(
            f"This key has {key.bits} bits, and here {least} is the least.",
            f"Make a new key pair of {least} bits or more.",
            field=field,
        )


def _refuse_old(key: PublicKey, journey: Journey, field: str) -> None:
    """Raise :class:`Problem` at ``field`` for the key that is to be replaced, where one is."""
    if current_walk() is not SET_UP and journey.old_key and key.fingerprint == journey.old_key.fingerprint:
        raise Problem(
            "This is the old key, the one to be replaced.", "Make a new key pair, or choose its file.", field=field
        )


def given_key(form: Any, file_field: str, text_field: str) -> tuple[bytes, str]:
    """Return the key chosen or pasted, and the field it came by. Raises :class:`Problem` without one."""
    if content := uploaded(request.files.get(file_field)):
        return content, file_field
    if (text := form[text_field].data or "").strip():
        return text.encode(), text_field
    raise Problem(
        "No private key was chosen.", "Choose the key file, usually rsa_key.p8, or paste its content.", field=file_field
    )


def open_given_key(form: Any, file_field: str, text_field: str) -> OpenedKey:
    """Open the key file chosen or pasted. Raises :class:`Problem` where it can't be opened."""
    content, field = given_key(form, file_field, text_field)
    try:
        with opening():
            return open_private_key(content, Secret(form.passphrase.data or ""))
    except KeyProblem as problem:
        raise about_key(problem, {"private_key": field, "public_key": field, "passphrase": "passphrase"}) from None


def about_key(problem: KeyProblem, fields: dict[str, str]) -> Problem:
    """Say a key's problem at the field it is about; ``fields`` maps what a problem blames to field names."""
    field = fields.get(problem.blames, next(iter(fields.values())))
    return problem.at(field)


def only_unread(field: str) -> None:
    """Raise :class:`Problem` at ``field`` where others could read on the way what is sent from this page."""
    if not may_receive_secrets():
        raise Problem(
            "This page came over plain http, so a private key would cross the network readable by others.",
            "Use commands on your computer and paste the public key here. Whoever runs this wizard can turn on https.",
            field=field,
        )


def _take_public_key(form: KeyForm, journey: Journey, source: str) -> Journey:
    text = form.public_key.data or ""
    if not text.strip():
        raise Problem("No public key was pasted.", "Paste the content of rsa_key.pub.", field="public_key")
    try:
        public, notes = read_public_key(text)
    except KeyProblem as problem:
        if problem.cause == "key-is-private":
            form.public_key.data = ""
        raise about_key(problem, {"public_key": "public_key"}) from None
    field = "public_key" if "public" in house().key_ways else "source"
    _hold_to_size(public, field)
    _refuse_old(public, journey, field)
    if source == journey.key_source and text.split() == _fill(journey)["public_key"].split():
        return journey  # sent as it was filled in, which says nothing of the form in which it was pasted
    return journey.with_key(public, source, current_app.extensions["now"](), None, notes)


def _fill(journey: Journey) -> dict[str, Any]:
    # A public key that the person pasted may be shown again; one made elsewhere is shown by its fingerprint alone.
    pasted = journey.key.pem if journey.key and journey.key_source == "public" else ""
    # Where no script runs; where one does, it takes the browser's own way unless another was chosen (step.js).
    own = journey.key_source if journey.key_source in ("upload", "public") else ""
    return {"source": own or ("server" if may_receive_secrets() else "public"), "public_key": pasted}


def _shows(journey: Journey) -> dict[str, Any]:
    return {
        "user_notes": UserName(journey.user_name).notes,
        "may_receive_secrets": may_receive_secrets(),
        "tool": tool_named(journey.tool),
        "made_within": MADE_WITHIN,
        "is_done": current_walk().named["key"].done(journey),
        **(old_key_shown(journey) if current_walk() is not SET_UP else old_key_shown(Journey())),
    }


def _form(*positional: Any, **named: Any) -> KeyForm:
    """Return the form with the ways and sizes that the company offers."""
    form, ways = KeyForm(*positional, **named), house().key_ways
    form.offer(ways, house().key_sizes)
    if not positional and form.source.data not in ways and (form.source.data or len(ways) == 1):
        form.source.data = ways[-1]  # the way that would be chosen otherwise is not there
    return form


PAGE = Page(_form, _answer, _fill, _shows)
