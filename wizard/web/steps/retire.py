"""Take the old key away: the statement, once the new key is in use; at once, where the old one has leaked."""

from __future__ import annotations

from datetime import date
from typing import Any

from wizard.journey import Journey
from wizard.problem import Problem
from wizard.replacing import retirement, seen_again
from wizard.snowflake import sql
from wizard.snowflake.user import compare
from wizard.walk import LEAKED
from wizard.web.company import role_that_runs
from wizard.web.forms import RetireForm
from wizard.web.mail import mail_to
from wizard.web.steps.old_key import old_key_shown
from wizard.web.steps.page import Page
from wizard.web.steps.verify import read
from wizard.web.walks import current_walk


def _answer(form: RetireForm, journey: Journey) -> Journey:
    if form.desc_user.data:
        return _look_again(form, journey)
    if not form.retired.data:
        raise Problem(
            "Nothing says yet that the old key is away.",
            "Run the statement in Snowflake, or have your administrator run it. Then say so here.",
            field="retired",
        )
    if not retirement(journey) and not journey.is_retired:
        raise Problem(
            "Where the old key stands is not known, so nothing can have taken it away for certain.",
            "Paste what the statement on this page answers.",
            field="desc_user",
        )
    return journey.with_retired()


def _look_again(form: RetireForm, journey: Journey) -> Journey:
    """Take where the old key stands now. With nothing of it in what was pasted, it is asked for once more."""
    description = read(form.desc_user.data or "")
    if compare(description, name=journey.user_name, fingerprint="").verdict == "other-user":
        raise Problem(f"This describes {description.name}.", "Run the statement as it stands here.", field="desc_user")
    seen = seen_again(journey, description)
    if not retirement(seen) and not seen.is_retired:
        raise Problem(
            "What you pasted does not show the old key.", "Copy the whole answer of the statement.", field="desc_user"
        )
    return seen


def _shows(journey: Journey) -> dict[str, Any]:
    user, old = journey.user_name, journey.old_key
    assert old is not None
    away, role = retirement(journey), role_that_runs(journey)
    since = date.fromisoformat(old.since) if old.since else None
    in_slot = bool(old.slot)
    look = sql.describe_user(user) if in_slot else sql.show_user_key_pairs(user)
    is_leak = current_walk() is LEAKED
    return {
        **old_key_shown(journey),
        "is_leak": is_leak,
        "sql_role": sql.use_role(role) if role else "",
        "sql_retire": away,
        "sql_look": look,
        "seen_in_place": journey.key_was_seen,
        "sql_logins": sql.key_pair_logins(user, since) if is_leak else sql.login_history(user),
        "mail": mail_to(
            f"Snowflake: take a key off {user}",
            f"Could you take {'a leaked' if is_leak else 'the old'} key off {user} in "
            f"{journey.account.claim if journey.account else ''}? It has the fingerprint {old.fingerprint}.\n\n"
            f"{sql.block(*filter(None, (sql.use_role(role) if role else '', away)))}\n",
        )
        if away
        else "",
    }


PAGE = Page(RetireForm, _answer, shows=_shows)
