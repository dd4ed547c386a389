"""Does it really connect? The live test, row by row or in one go.

With htmx one row loads the next, so no request is long and a buffering proxy does no harm; without it the same runner
runs to its end in one request and draws the same rows. Between rows nothing stays here: the rows so far travel
signed, and the token travels beside them, both by POST only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from itsdangerous import BadSignature
from werkzeug.wrappers import Response as BaseResponse

from wizard.checks.attempt import Attempt
from wizard.checks.clock import snowflake_ahead
from wizard.checks.key import check_given_token, check_key
from wizard.checks.row import Row, RowError
from wizard.checks.runner import CHECKS, next_check, not_run, run_all, run_check, verdict
from wizard.diagnosis import Background, Finding, diagnose
from wizard.diagnosis.failure_details import read_failure_details
from wizard.journey import STEP_NAMED, Journey, is_open
from wizard.problem import Problem
from wizard.secret import Secret
from wizard.snowflake import sql
from wizard.snowflake.login import Login
from wizard.snowflake.token import expiry, read_token
from wizard.snowflake.token_command import token_command
from wizard.web.drawing import draw
from wizard.web.forms import DetailsForm, TestForm
from wizard.web.lanes import COME_AGAIN, NoPlace, waiting
from wizard.web.limits import count, one_of_few
from wizard.web.pages import draw_step
from wizard.web.security import is_fragment, may_receive_secrets
from wizard.web.session import load_journey, save_journey
from wizard.web.signed import signer
from wizard.web.steps.key import given_key, only_unread, opening
from wizard.web.steps.page import Page
from wizard.web.steps.verify import remarks_on

blueprint = Blueprint("test", __name__)

CARRIED_FOR = 180  # seconds: a token lives for 60, and the rows of one test follow each other


def _answer(form: TestForm, journey: Journey) -> BaseResponse:
    login = _login(journey)
    count("test")
    now = current_app.extensions["now"]()
    if typed := (form.token.data or "").strip():
        token: Secret | None
        token, field = read_token(Secret(typed)), "token"
        first = check_given_token(token, login, now + _snowflake_ahead(login), signed_by=_signed_by())
    else:
        only_unread("token")
        content, field = given_key(form, "private_key", "private_key_text")
        with opening():
            first, token = check_key(content, Secret(form.passphrase.data or ""), login, now)
    if first.status == "failed" or token is None:
        return _draw_key_failure(form, journey, first, field)
    if is_fragment():
        return _draw_run(journey, form, (first,), token)
    attempt = _attempt(journey, login, token)
    with _reaching_out():
        rows = run_all(attempt, first)
    return _draw_run(journey, form, rows, token)


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
    return "person" if _browser_clock() is None else "browser"


def _login(journey: Journey) -> Login:
    login = journey.login
    assert login is not None  # the step isn't open before account, user and key are known
    return login


def _attempt(journey: Journey, login: Login, token: Secret) -> Attempt:
    described = journey.description
    return Attempt(
        login=login,
        token=token,
        network=current_app.extensions["network"],
        user_name=journey.user_name,
        role=described.default_role if described else "",
        warehouse=described.default_warehouse if described else "",
        browser_clock=_browser_clock(),
        snowflake_ahead=_snowflake_ahead(login),
    )


@blueprint.post("/steps/test/clock")
def clock() -> Response:
    """Measure Snowflake's clock for the page's script, which times its token by it. Signed, for it comes back."""
    journey = load_journey()
    if not is_open(STEP_NAMED["test"], journey):
        return _interrupted()
    login = _login(journey)
    network = current_app.extensions["network"]
    with _reaching_out("row"):
        ahead = round(snowflake_ahead(network, network.endpoint_for(login.account)), 1)
    measured = signer("clock-of-snowflake").dumps({"login": login.digest, "ahead": ahead})
    return jsonify(server_time=current_app.extensions["clock"](), snowflake_ahead=ahead, measured=measured)


def _snowflake_ahead(login: Login) -> float:
    """Return the measured lead of Snowflake's clock that this request brought back, 0.0 without one of ours."""
    try:
        told = signer("clock-of-snowflake").loads(request.form.get("measured", ""), max_age=CARRIED_FOR)
    except BadSignature:
        return 0.0
    ours = isinstance(told, dict) and told.get("login") == login.digest
    return float(told.get("ahead", 0.0)) if ours else 0.0


def _browser_clock() -> float | None:
    """Return what the browser's clock showed when it signed, in epoch seconds, where the page's script told it."""
    told = request.form.get("browser_clock", "")
    return float(told) if told.isascii() and told.isdigit() and len(told) < 12 else None


def _draw_key_failure(form: TestForm, journey: Journey, first: Row, field: str) -> Response:
    """Draw the failed first row. A file that can't be used is wrong input; a good key of another pair is a finding."""
    cause = first.symptom.facts.get("cause", "") if first.symptom else ""
    if cause == "key-mismatch":
        return _draw_run(journey, form, (first,), None)
    blamed = "passphrase" if cause.startswith("passphrase") and field != "token" else field
    return _draw_run(journey, form, (first,), None, Problem(first.sentence, field=blamed, cause=cause))


@blueprint.post("/steps/test/rows")
def row() -> Response:
    """Run the next check and draw the rows so far. The token comes by this request's body and goes with its answer."""
    journey = load_journey()
    if not is_open(STEP_NAMED["test"], journey):
        return _interrupted()
    login, token = _login(journey), Secret(request.form.get("token", ""))
    rows = _carried(login)
    if not rows or not token:
        return _interrupted()
    due = next_check(rows)
    if due is not None:
        attempt = _attempt(journey, login, token)
        with _reaching_out("row"):
            rows = (*rows, run_check(due, attempt, rows))
    context = _run_context(journey, rows, token)
    return draw("test/run.html", journey=journey, rows_alone=True, **context)


@blueprint.errorhandler(NoPlace)
def stand_in_line(error: NoPlace) -> Response:
    """Draw the rows so far, and let the next one ask again by itself. Nothing was done, and nothing is lost.

    Only a token that has ended meanwhile ends the waiting. The page's script, which asks for Snowflake's clock, does
    without it.
    """
    if request.endpoint != "steps.test.row":
        return Response(status=503, headers={"Retry-After": str(COME_AGAIN)})
    journey = load_journey()
    token = Secret(request.form.get("token", ""))
    login = _login(journey) if is_open(STEP_NAMED["test"], journey) else None
    rows = _carried(login) if login else ()
    now = current_app.extensions["now"]() + (_snowflake_ahead(login) if login else 0)
    if login is None or not rows or expiry(token) <= now:
        return _interrupted()
    context = _run_context(journey, rows, token) | {"carried": request.form["carried"]}
    return draw("test/run.html", journey=journey, rows_alone=True, in_line=error, **context)


def _interrupted() -> Response:
    """Say that the rows this request builds on are not there any more."""
    return draw("test/interrupted.html", status=409)


def _carry(login: Login, rows: tuple[Row, ...]) -> str:
    told = {"login": login.digest, "answers": [row.to_dict() for row in rows]}
    return str(signer("rows-of-a-test").dumps(told))


def _carried(login: Login) -> tuple[Row, ...]:
    """Return the rows that this request brought, none where they are not ours, too old or of another login."""
    try:
        told = signer("rows-of-a-test").loads(request.form.get("carried", ""), max_age=CARRIED_FOR)
    except BadSignature:
        return ()
    if told["login"] != login.digest:
        return ()
    try:
        return tuple(Row.from_dict(row) for row in told.get("answers", ()))
    except RowError:  # signed by another release of ours
        return ()


def _draw_run(
    journey: Journey,
    form: TestForm,
    rows: tuple[Row, ...],
    token: Secret | None,
    problem: Problem | None = None,
) -> Response:
    context = _run_context(journey, rows, token)
    return draw_step(STEP_NAMED["test"], load_journey(), form, problem, **{**_shows(journey), **context})


def _run_context(journey: Journey, rows: tuple[Row, ...], token: Secret | None) -> dict[str, Any]:
    """Return what the rows show, and keep the evidence when the test has passed."""
    ended = "" if next_check(rows) else verdict(rows)
    if ended and rows[-1].status != "skipped":
        rows = (*rows, *not_run(rows))
    if ended == "passed":
        facts = {name: value for row in rows for name, value in row.facts.items()}
        journey = journey.with_tested(facts)
        if "key_form" in facts:
            journey = journey.with_key_opened(facts["key_form"])
        save_journey(journey)
    elif ended and journey.tested and rows[0].status == "passed":
        journey = journey.with_failed_test()
        save_journey(journey)
    titles = {check.name: check.title for check in CHECKS}
    findings, remarked = _findings(journey, rows)
    uuid = next((row.symptom.facts.get("uuid", "") for row in rows if row.symptom), "")
    login = _login(journey)
    audit = current_app.extensions["audit"]
    if ended:
        failed = next((row.check for row in rows if row.status == "failed"), "")
        audit.record("test", outcome=ended, check=failed, cause=findings[0].cause.id if findings else "")
    return {
        "rows": rows,
        "titles": titles,
        "waiting": [] if ended else [check for check in CHECKS if check.name not in {row.check for row in rows}],
        "verdict": ended,
        "findings": findings,
        "remarked": remarked,
        "session": journey.session,
        "carried": "" if ended else _carry(login, rows),
        "token": token.reveal() if token and not ended else "",
        "browser_clock": request.form.get("browser_clock", ""),
        "measured": request.form.get("measured", ""),
        "rows_url": url_for("steps.test.row"),
        "uuid": uuid,
        "sql_details": _details_sql(uuid),
        "details_form": DetailsForm(),
    }


def _findings(journey: Journey, rows: tuple[Row, ...]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the causes of the failed row, likeliest first, and the first cause of each row that only warned."""
    background = _background(journey)
    failed = next((row for row in rows if row.status == "failed"), None)
    causes = diagnose(failed.symptom, background) if failed and failed.symptom else ()
    warned = [row.symptom for row in rows if row.status == "warned" and row.symptom]
    return causes, tuple(diagnose(symptom, background)[0] for symptom in warned)


def _background(journey: Journey) -> Background:
    return Background(
        account=journey.account,
        user_name=journey.user_name,
        login_name=journey.login_name or journey.user_name,
        fingerprint=journey.key.fingerprint if journey.key else "",
        public_key=journey.key.base64 if journey.key else "",
        slot=journey.slot,
        described=journey.description,
        registered=STEP_NAMED["register"].done(journey),
        place=journey.place,
        verify_skipped=journey.check_was_skipped,
    )


@blueprint.post("/steps/test/details")
def details() -> Response:
    """Read what the administrator got for the number of a refused login, and name the exact cause."""
    journey = load_journey()
    if not is_open(STEP_NAMED["test"], journey):
        return _interrupted()
    form = DetailsForm(request.form)
    uuid = request.form.get("uuid", "")
    context = {**_shows(journey), "details_form": form, "uuid": uuid, "sql_details": _details_sql(uuid)}
    step, test_form = STEP_NAMED["test"], TestForm()
    try:
        form.refuse_too_long()
        found = read_failure_details(form.failure_details.data or "")
    except Problem as problem:
        form.failure_details.errors = (problem.message, problem.fix)
        return draw_step(step, journey, test_form, problem.at("failure_details"), **context)
    return draw_step(step, journey, test_form, findings=diagnose(found.symptom, _background(journey)), **context)


def _details_sql(uuid: str) -> str:
    try:
        return sql.login_failure_details(uuid)
    except ValueError:
        return ""


def _shows(journey: Journey) -> dict[str, Any]:
    login = _login(journey)
    return {
        "may_receive_secrets": may_receive_secrets(),
        "login": login,
        "tested": STEP_NAMED["test"].done(journey),
        "token_command": token_command(login),
        "remarks": remarks_on(journey),
        "server_time": current_app.extensions["now"](),
    }


PAGE = Page(TestForm, _answer, shows=_shows)
