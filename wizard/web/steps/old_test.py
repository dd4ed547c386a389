"""Does the old key still log in, beside the new one? Who has its file here can see that the way back is open.

It is a test of its own, run to its end in one request, and no step: whoever changes the tool may have no access to the
old key, which stands in that tool alone.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from wizard.checks.attempt import Attempt
from wizard.checks.key import check_given_token, check_key
from wizard.checks.row import Row
from wizard.checks.runner import run_all, verdict
from wizard.journey import Journey
from wizard.problem import Problem
from wizard.secret import Secret
from wizard.snowflake.login import Login, SeenKey
from wizard.snowflake.token import read_token
from wizard.snowflake.token_command import token_command
from wizard.web.forms import TestForm
from wizard.web.lanes import waiting
from wizard.web.limits import count, one_of_few
from wizard.web.pages import draw_step
from wizard.web.security import may_receive_secrets
from wizard.web.session import load_journey, save_journey
from wizard.web.steps.key import given_key, only_unread, opening
from wizard.web.steps.old_key import old_key_shown
from wizard.web.walks import address_to_do, current_walk, in_every_walk

blueprint = Blueprint("old_test", __name__)

QUESTION = "Does the old key still log in?"


def ask() -> Response:
    """Show the ways to test the old key."""
    journey = load_journey()
    login = _login(journey)
    if login is None:
        return redirect(address_to_do(journey), 303)
    return _draw(journey, login, TestForm())


def answer() -> Response:
    """Test the old key, and keep whether it logged in. The new one's evidence stays as it is."""
    journey = load_journey()
    login = _login(journey)
    if login is None:
        return redirect(address_to_do(journey), 303)
    form = TestForm(request.form)
    count("test")
    try:
        form.refuse_too_long()
        first, token = _signed(form, login)
    except Problem as problem:
        return _draw(journey, login, form, problem)
    with one_of_few(), waiting():
        rows = run_all(_attempt(journey, login, token), first)
    passed = verdict(rows) == "passed"
    journey = journey.with_old_key_tested(passed)
    save_journey(journey)
    failed = next((row for row in rows if row.status == "failed"), None)
    return _draw(journey, login, TestForm(), ran=True, failed=failed)


def _login(journey: Journey) -> Login | None:
    """Return the login with the old key; ``None`` where there is none that could work beside the new one."""
    old, account = journey.old_key, journey.account
    if old is None or account is None or journey.is_retired or not journey.test_has_passed or not journey.has_new_key:
        return None
    return Login(account, journey.login_name or journey.user_name, SeenKey(old.fingerprint))


def _signed(form: TestForm, login: Login) -> tuple[Row, Secret]:
    """Return the first row and the token. Raises :class:`Problem` for a key or a token that is not the old one's."""
    now = current_app.extensions["now"]()
    if typed := (form.token.data or "").strip():
        token: Secret | None
        token, field = read_token(Secret(typed)), "token"
        first = check_given_token(token, login, now)
    else:
        only_unread("token")
        content, field = given_key(form, "private_key", "private_key_text")
        with opening():
            first, token, _ = check_key(content, Secret(form.passphrase.data or ""), login, now)
    cause = first.symptom.facts.get("cause", "") if first.symptom else ""
    if cause == "key-mismatch":
        raise Problem("This is another key than the old one.", "Choose the file that the tool holds now.", field=field)
    if first.status == "failed" or token is None:
        blamed = "passphrase" if cause.startswith("passphrase") and field != "token" else field
        raise Problem(first.sentence, field=blamed, cause=cause)
    return first, token


def _attempt(journey: Journey, login: Login, token: Secret) -> Attempt:
    old = journey.old_key
    return Attempt(
        login=login,
        token=token,
        network=current_app.extensions["network"],
        user_name=journey.user_name,
        restricted_to=old.role if old else "",
    )


def _draw(
    journey: Journey,
    login: Login,
    form: TestForm,
    problem: Problem | None = None,
    *,
    ran: bool = False,
    failed: Row | None = None,
) -> Response:
    shown: dict[str, Any] = {
        **old_key_shown(journey),
        "question": QUESTION,
        "ended": "passed",  # the new key's test has
        "test_slug": "test/old",
        "state": "idle",
        "tested": journey.old_key_was_tested,
        "ran": ran,
        "failed": failed,
        "login": login,
        "probe_subjects": {},
        "server_time": current_app.extensions["now"](),
        "may_receive_secrets": may_receive_secrets(),
        "token_command": token_command(login),
    }
    return draw_step(current_walk().named["test"], journey, form, problem, template="test/old.html", **shown)


in_every_walk(blueprint, "test/old", ask)
in_every_walk(blueprint, "test/old", answer, method="POST")
