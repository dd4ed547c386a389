"""Which Snowflake account? One box takes whatever people paste, and shows how it was read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from wizard.journey import Journey
from wizard.practice.users import CLAIM as PRACTICE_CLAIM
from wizard.problem import Problem
from wizard.snowflake.account import Account, AccountError, RegionMissing, as_typed, read_account
from wizard.web.company import house
from wizard.web.drawing import draw
from wizard.web.elsewhere import failure_in
from wizard.web.forms import UNKNOWN_REGION, AccountForm, KnownAccountForm
from wizard.web.steps.page import Page

blueprint = Blueprint("account", __name__)


def read(form: AccountForm | KnownAccountForm) -> Account:
    """Read the box (and the region, where it was asked for), or the choice.

    Raises :class:`Problem` for what can't be read, and for an account that is not for this company.
    """
    account = _read(form)
    if not house().takes(account):
        names = ", ".join(known.name for known in house().accounts)
        raise Problem(
            f"{account.claim} is not one of the accounts that people use here.",
            f"Choose one of these: {names}. Whoever runs this wizard can add another.",
            field="account",
        )
    return account


def _read(form: AccountForm | KnownAccountForm) -> Account:
    text = form.account.data or ""
    if not text.strip() and house().accounts:
        raise Problem("No account was chosen.", "Choose the one that your tool logs in to.", field="account")
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
            region = request.form["region"]
            if region == UNKNOWN_REGION:
                raise Problem(
                    "The region is not chosen yet.", missing.fix, field="region", cause=missing.cause
                ) from None
            return read_account(text, region=region, vouched=vouched)
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
    told_elsewhere = failure_in(form.account.data or "") if account or problem else ""
    return draw("account/reading.html", account=account, problem=problem, form=form, told_elsewhere=told_elsewhere)


def _form(*positional: Any, **named: Any) -> AccountForm | KnownAccountForm:
    """Return the box to paste into, or the choice where the company takes no other account."""
    if house().accounts and not house().other_accounts:
        return _choice(*positional, **named)
    return AccountForm(*positional, **named)


def _choice(*positional: Any, **named: Any) -> KnownAccountForm:
    form = KnownAccountForm(*positional, **named)
    form.offer({known.typed: known.name for known in house().accounts})
    return form


def _shows(journey: Journey) -> dict[str, Any]:
    """Return the choice that stands beside the box, where the company takes both."""
    accounts, known = house().accounts, house().known(journey.account)
    choice = _choice(data={"account": known.typed if known else ""}) if accounts and house().other_accounts else None
    if choice is not None:
        choice.account.id = "known"
    return {
        "choice": choice,
        "claims": {one.typed: one.account.claim for one in accounts},
        "other": journey.account is not None and known is None,
    }


def _answer(form: AccountForm, journey: Journey) -> Journey:
    if request.form.get("practise") and "practice" in current_app.extensions and not house().accounts:
        form.account.data = PRACTICE_CLAIM  # pressed in place of typing it
    return journey.with_account(read(form))


def _fill(journey: Journey) -> dict[str, Any]:
    if journey.account is None:
        return {"account": ""}
    if known := house().known(journey.account):
        return {"account": known.typed}
    return {"account": as_typed(journey.account, vouched=current_app.extensions["vouched_hosts"])}


PAGE = Page(_form, _answer, _fill, _shows)
