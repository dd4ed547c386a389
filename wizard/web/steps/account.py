"""Which Snowflake account? One box takes whatever people paste, and shows how it was read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from wizard.journey import Journey
from wizard.problem import Problem
from wizard.snowflake.account import Account, AccountError, RegionMissing, as_typed, read_account
from wizard.web.drawing import draw
from wizard.web.forms import UNKNOWN_REGION, AccountForm
from wizard.web.steps.page import Page

blueprint = Blueprint("account", __name__)


def read(form: AccountForm) -> Account:
    """Read the box (and the region, where it was asked for). Raises :class:`Problem`."""
    text = form.account.data or ""
    if not text.strip():
        raise Problem(
            "Nothing was pasted.",
            "Paste the account identifier, or the address at which you open Snowflake in the browser.",
            field="account",
        )
    vouched = current_app.extensions["vouched_hosts"]
    try:
        try:
            return read_account(text, vouched=vouched)
        except RegionMissing as missing:
            form.region_asked = True
            if "region" not in request.form:
                raise missing.at("account") from None
            if form.region.data == UNKNOWN_REGION:
                raise Problem(
                    "The region is not chosen yet.", missing.fix, field="region", cause=missing.cause
                ) from None
            return read_account(text, region=form.region.data, vouched=vouched)
    except AccountError as error:
        raise error.at("account") from None


@blueprint.post("/steps/account/reading")
def reading() -> Response:
    """Show how the text in the box is read while it is typed. Nothing is kept, and half a name is no mistake yet."""
    form = AccountForm(request.form)
    account, problem = None, None
    if (form.account.data or "").strip():
        try:
            form.refuse_too_long()
            account = read(form)
        except Problem as found:
            problem = found
    return draw("account/reading.html", account=account, problem=problem, form=form)


def _answer(form: AccountForm, journey: Journey) -> Journey:
    return journey.with_account(read(form))


def _fill(journey: Journey) -> dict[str, Any]:
    if journey.account is None:
        return {"account": ""}
    return {"account": as_typed(journey.account, vouched=current_app.extensions["vouched_hosts"])}


PAGE = Page(AccountForm, _answer, _fill)
