"""Give the tool the new key: what changes there, and how to see that it logs in with it."""

from __future__ import annotations

from typing import Any

from wizard.handover import tool_named
from wizard.journey import Journey
from wizard.problem import Problem
from wizard.snowflake import sql
from wizard.walk import SET_UP
from wizard.web.forms import SwitchForm
from wizard.web.steps.old_key import old_key_shown
from wizard.web.steps.page import Page


def _answer(form: SwitchForm, journey: Journey) -> Journey:
    if not form.switched.data:
        raise Problem(
            "Nothing says yet that the tool has the new key.",
            "Change it there, see it log in, and then say so here.",
            field="switched",
        )
    return journey.with_switched()


def _shows(journey: Journey) -> dict[str, Any]:
    tool = tool_named(journey.tool)
    return {
        **old_key_shown(journey),
        "tool": tool.client if tool and not tool.is_the_rest else "",
        "settings_address": SET_UP.address("handover"),
        "sql_logins": sql.login_history(journey.user_name),
        "sql_show_pairs": sql.show_user_key_pairs(journey.user_name) if journey.place and journey.place.pair else "",
    }


PAGE = Page(SwitchForm, _answer, shows=_shows)
