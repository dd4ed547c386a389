"""Does it really connect? The live test, row by row or in one go.

With htmx one row loads the next, so no request is long and a buffering proxy does no harm; without it the same runner
runs to its end in one request and draws the same rows. Between rows nothing stays here: the rows so far travel
signed, and the token travels beside them, both by POST only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.wrappers import Response as BaseResponse

from wizard.checks import login as login_check
from wizard.checks.attempt import Attempt
from wizard.checks.clock import snowflake_ahead
from wizard.checks.key import check_given_token, check_key
from wizard.checks.probe import others as others_of
from wizard.checks.row import Row
from wizard.checks.runner import TITLES, next_check, run_all, run_check, to_come
from wizard.diagnosis import diagnose
from wizard.diagnosis.failure_details import read_failure_details
from wizard.diagnosis.probes import PROBE_NAMED, in_advance, tried_by_probes
from wizard.journey import Journey
from wizard.problem import Problem
from wizard.secret import Secret
from wizard.snowflake import sql
from wizard.snowflake.login import Login
from wizard.snowflake.token import expiry, read_token
from wizard.snowflake.token_command import token_command
from wizard.walk import SET_UP, Step
from wizard.web.drawing import draw
from wizard.web.forms import DetailsForm, TestForm
from wizard.web.lanes import COME_AGAIN, NoPlace, waiting
from wizard.web.limits import count, one_of_few
from wizard.web.pages import draw_step
from wizard.web.security import is_fragment, may_receive_secrets
from wizard.web.session import load_journey, save_journey
from wizard.web.steps.carried import (
    CARRIED,
    MEASURED,
    Carried,
    Measured,
    Tokens,
    browser_clock,
    carried_rows,
    clock_measured,
    good_others,
    measured_ahead,
    names_of,
)
from wizard.web.steps.key import given_key, only_unread, opening
from wizard.web.steps.message import to_administrator
from wizard.web.steps.outcome import (
    Outcome,
    background,
    conclude,
    statement_places,
    stations,
    stations_without_rows,
    without_lookup,
)
from wizard.web.steps.page import Page
from wizard.web.steps.verify import remarks_on
from wizard.web.walks import address_of, current_walk, in_every_walk, leads_on

blueprint = Blueprint("test", __name__)


def _answer(form: TestForm, journey: Journey) -> BaseResponse:
    login = _login(journey)
    count("test")
    now = current_app.extensions["now"]()
    if typed := (form.token.data or "").strip():
        token: Secret | None
        token, field = read_token(Secret(typed)), "token"
        now += measured_ahead(login)
        first = check_given_token(token, login, now, signed_by=_signed_by())
        others = good_others(Tokens.sent(), login, names_of(journey), now)
    else:
        only_unread("token")
        content, field = given_key(form, "private_key", "private_key_text")
        with opening():
            first, token, others = check_key(content, Secret(form.passphrase.data or ""), login, now, names_of(journey))
    if first.status == "failed" or token is None:
        return _draw_key_failure(form, journey, first, field)
    tokens = Tokens(token, others)
    if is_fragment():
        return _draw_run(journey, form, (first,), tokens)
    attempt = _attempt(journey, login, tokens)
    with _reaching_out():
        rows = run_all(attempt, first)
    return _draw_run(journey, form, rows, tokens)


@contextmanager
def _reaching_out(work: str = "") -> Iterator[None]:
    """Wait for Snowflake as one of few for each client, in nobody's way, and count ``work`` where it isn't yet."""
    with one_of_few():
        if work:
            count(work)  # only here: who has to come again hasn't had anything
        with waiting():
            yield


def _signed_by() -> str:
    """Say who signed a posted token. The page's script sends its clock along; only words depend on it."""
    return "person" if browser_clock() is None else "browser"


def _step() -> Step:
    return current_walk().named["test"]


def _is_open(journey: Journey) -> bool:
    return current_walk().is_open("test", journey)


def _login(journey: Journey) -> Login:
    login = journey.login
    assert login is not None  # the step isn't open before account, user and key are known
    return login


def _attempt(journey: Journey, login: Login, tokens: Tokens) -> Attempt:
    described = journey.description
    return Attempt(
        login=login,
        token=tokens.usual,
        network=current_app.extensions["network"],
        user_name=journey.user_name,
        role=described.default_role if described else "",
        restricted_to=journey.restricted_role,
        warehouse=described.default_warehouse if described else "",
        browser_clock=browser_clock(),
        snowflake_ahead=measured_ahead(login),
        others=others_of(login, names_of(journey), tokens.others, tokens.usual),
    )


def clock() -> Response:
    """Measure Snowflake's clock for the page's script, which times its token by it. Signed, for it comes back."""
    journey = load_journey()
    if not _is_open(journey):
        return _interrupted()
    login = _login(journey)
    network = current_app.extensions["network"]
    with _reaching_out("row"):
        ahead = round(snowflake_ahead(network, network.endpoint_for(login.account)), 1)
    measured = MEASURED.write(Measured(login.digest, ahead))
    return jsonify(server_time=current_app.extensions["clock"](), snowflake_ahead=ahead, measured=measured)


def _draw_key_failure(form: TestForm, journey: Journey, first: Row, field: str) -> Response:
    """Draw the failed first row. A file that can't be used is wrong input; a good key of another pair is a finding."""
    cause = first.symptom.facts.get("cause", "") if first.symptom else ""
    if cause == "key-mismatch":
        return _draw_run(journey, form, (first,), None)
    blamed = "passphrase" if cause.startswith("passphrase") and field != "token" else field
    return _draw_run(journey, form, (first,), None, Problem(first.sentence, field=blamed, cause=cause))


def row() -> Response:
    """Run the next check and draw the rows so far. The token comes by this request's body and goes with its answer."""
    journey = load_journey()
    if not _is_open(journey):
        return _interrupted()
    login, tokens = _login(journey), Tokens.sent()
    rows = carried_rows(login, tokens)
    if not rows or not tokens.usual:
        return _interrupted()
    due = next_check(rows)
    if due is not None:
        attempt = _attempt(journey, login, tokens)
        with _reaching_out("row"):
            rows = (*rows, run_check(due, attempt, rows))
    return _draw_outcome(_conclude(journey, rows), TestForm(), tokens, rows_alone=True)


@blueprint.errorhandler(NoPlace)
def stand_in_line(error: NoPlace) -> Response:
    """Draw the rows so far, and let the next one ask again by itself. Nothing was done, and nothing is lost.

    Only a token that has ended meanwhile ends the waiting. The page's script, which asks for Snowflake's clock, does
    without it.
    """
    if request.endpoint != "steps.test.row":
        return Response(status=503, headers={"Retry-After": str(COME_AGAIN)})
    journey = load_journey()
    tokens = Tokens.sent()
    login = _login(journey) if _is_open(journey) else None
    rows = carried_rows(login, tokens) if login else ()
    now = current_app.extensions["now"]() + (measured_ahead(login) if login else 0)
    if login is None or not rows or expiry(tokens.usual) <= now:
        return _interrupted()
    return _draw_outcome(conclude(journey, rows), TestForm(), tokens, rows_alone=True, in_line=error)


def _interrupted() -> Response:
    """Say that the rows this request builds on are not there any more."""
    return draw("test/interrupted.html", status=409, error_page=None)


def _draw_run(
    journey: Journey,
    form: TestForm,
    rows: tuple[Row, ...],
    tokens: Tokens | None,
    problem: Problem | None = None,
) -> Response:
    return _draw_outcome(_conclude(journey, rows), form, tokens, problem, rows_alone=_again())


def _conclude(journey: Journey, rows: tuple[Row, ...]) -> Outcome:
    """Say what the rows have come to, keep the evidence, and note the end in the log."""
    outcome = conclude(journey, rows)
    if outcome.journey != journey:
        save_journey(outcome.journey)
    if outcome.state != "running":
        cause = outcome.findings[0].cause.id if outcome.findings else ""
        current_app.extensions["audit"].record("test", outcome=outcome.state, check=outcome.failed_check, cause=cause)
    return outcome


# --- drawing ----------------------------------------------------------------------------------------------------------
HEADINGS = {"passed": "It connects.", "failed": "It does not connect yet", "details": "Snowflake’s record says why"}
# The whole page where a part of it was asked for.
WHOLE_PAGE = {"HX-Retarget": "#page", "HX-Reswap": "outerHTML scroll:top scrollTarget:window"}


def _shows(journey: Journey) -> dict[str, Any]:
    """Return what the page shows before anything ran. Its states: idle, running, passed, failed, details."""
    login = _login(journey)
    tested = journey.test_has_passed
    tried = tried_by_probes(login, names_of(journey))
    return {
        "test_slug": "test",
        "old_test": address_of("test/old") if current_walk() is not SET_UP and journey.has_new_key else "",
        "state": "idle",
        "question": _step().question,
        "ended": "passed" if tested else "",
        "may_receive_secrets": may_receive_secrets(),
        "login": login,
        "tested": tested,
        "token_command": token_command(login),
        "remarks": remarks_on(journey),
        "server_time": current_app.extensions["now"](),
        "outcome": None,
        "to_come": (),
        "in_advance": in_advance(tried),
        "probe_subjects": {name: tried[name].subject for name in tried if PROBE_NAMED[name].own_token},
        "next_row": None,
        "again": False,
        "stations": stations_without_rows() if tested else stations(()),
        "in_line": None,
        "findings": (),
        "places": {},
        "message": None,
        "details": _details(""),
        "titles": TITLES,
    }


def _shows_outcome(outcome: Outcome, tokens: Tokens | None, in_line: NoPlace | None = None) -> dict[str, Any]:
    """Return what the rows show, and with which values the next one is asked for; ``in_line`` where it has to wait."""
    running = outcome.state == "running"
    details = _details(outcome.uuid)
    findings = without_lookup(outcome.findings, details["sql"]) or outcome.remarked
    return {
        "state": outcome.state,
        "question": HEADINGS.get(outcome.state, _step().question),
        "ended": "" if running else outcome.state,
        "outcome": outcome,
        "stations": stations(outcome.rows, running=running and not in_line),
        "findings": findings,
        "places": statement_places(findings),
        "message": to_administrator(findings, details["sql"], outcome.journey) if outcome.state == "failed" else None,
        "again": running and _again(),
        "in_line": in_line,
        "to_come": to_come(outcome.rows) if running else (),
        "next_row": {
            **tokens.revealed(),
            # Signed once: waiting makes the rows no younger.
            "carried": request.form["carried"]
            if in_line
            else CARRIED.write(Carried(_login(outcome.journey).digest, outcome.rows, tokens.digest)),
            "again": "yes" if _again() else "",
            "browser_clock": "" if browser_clock() is None else request.form["browser_clock"],
            "measured": request.form.get("measured", "") if clock_measured(_login(outcome.journey)) else "",
        }
        if running and tokens
        else None,
        "details": details,
        "titles": TITLES,
    }


def _again() -> bool:
    """Return whether the page that asks shows how the last test failed, and keeps that in sight."""
    return is_fragment() and request.form.get("again") == "yes"


def _draw_outcome(
    outcome: Outcome,
    form: TestForm,
    tokens: Tokens | None,
    problem: Problem | None = None,
    *,
    rows_alone: bool = False,
    in_line: NoPlace | None = None,
) -> Response:
    """Draw the page, or, while the test goes on, the rows alone for a part of it that asked."""
    shown = _shows(outcome.journey) | _shows_outcome(outcome, tokens, in_line)
    if rows_alone and outcome.state == "running":
        return draw("test/run.html", journey=outcome.journey, form=form, **leads_on("test"), **shown)
    if problem is not None:
        shown["question"] = _step().question
    answer = draw_step(_step(), outcome.journey, form, problem, **shown)
    if is_fragment():
        answer.headers.update(WHOLE_PAGE)
    return answer


def _details(uuid: str, form: DetailsForm | None = None) -> dict[str, Any]:
    """Return what asks for Snowflake's own record of a refused login: the statement, and the box for its answer."""
    try:
        statement = sql.login_failure_details(uuid)
    except ValueError:
        uuid = statement = ""
    return {"uuid": uuid, "sql": statement, "form": form or DetailsForm()}


def details() -> Response:
    """Read what the administrator got for the number of a refused login, and name the exact cause."""
    journey = load_journey()
    if not _is_open(journey):
        return _interrupted()
    form = DetailsForm(request.form)
    shown = _shows(journey) | {
        "state": "details",
        "details": _details(request.form.get("uuid", ""), form),
        # Snowflake keeps a record of refused logins alone.
        "ended": "failed",
        "stations": stations_without_rows(failed=login_check.NAME),
    }
    step, test_form = _step(), TestForm()
    try:
        form.refuse_too_long()
        found = read_failure_details(form.failure_details.data or "")
    except Problem as problem:
        form.failure_details.errors = (problem.message, problem.fix)
        return draw_step(step, journey, test_form, problem.at("failure_details"), **shown)
    shown["findings"] = findings = without_lookup(diagnose(found.symptom, background(journey)), shown["details"]["sql"])
    shown["places"] = statement_places(findings)
    shown["message"] = to_administrator(findings, "", journey)
    shown["question"] = HEADINGS["details"]
    return draw_step(step, journey, test_form, **shown)


PAGE = Page(TestForm, _answer, shows=_shows)
in_every_walk(blueprint, "test/clock", clock, method="POST")
in_every_walk(blueprint, "test/rows", row, method="POST")
in_every_walk(blueprint, "test/details", details, method="POST")
