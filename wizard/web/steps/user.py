"""Which user will log in? NAME for the SQL, and LOGIN_NAME for the token where the two differ."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from wizard.handover import tool_named
from wizard.journey import Journey
from wizard.problem import Problem
from wizard.snowflake import sql
from wizard.snowflake.user import UserName, read_login_name, read_user_name
from wizard.web.company import house
from wizard.web.drawing import draw
from wizard.web.elsewhere import failure_in
from wizard.web.forms import UserForm
from wizard.web.steps.page import Page

blueprint = Blueprint("user", __name__)


@blueprint.post("/steps/user/reading")
def reading() -> Response:
    """Say of a name, while it is typed, whether it looks like an e-mail address. Nothing is kept."""
    return draw("user/reading.html", is_email=UserName(request.form.get("username", "").strip(' "')).looks_like_email)


def _answer(form: UserForm, journey: Journey) -> Journey:
    if failure_in(form.username.data or ""):
        raise Problem(
            "This is a message about a failure, not a user name.",
            "Enter the user name alone. What the message means, another page can tell.",
            field="username",
        )
    user_name = form.username.read(lambda typed: read_user_name(typed).name)
    tool = tool_named(journey.tool)
    if tool and tool.unattended and not house().is_service_user(user_name):
        raise Problem(
            f"{tool.client} runs by itself, so it logs in as a service user, and {user_name} has not the name of one.",
            f"{house().service_users_in_words} The statement below makes one.",
            field="username",
        )
    return journey.with_user(user_name, form.login_name.read(read_login_name, optional=True))


def _fill(journey: Journey) -> dict[str, Any]:
    # As it would have to be typed: a stored "Jane" without its quotes would be read as JANE.
    name = sql.quote_identifier(journey.user_name) if journey.user_name else ""
    return {"username": name, "login_name": journey.login_name}


def _shows(journey: Journey) -> dict[str, Any]:
    name = journey.user_name or house().example_service_user
    return {
        "sql_current_user": sql.CURRENT_USER,
        "sql_describe": sql.describe_user(name) if journey.user_name else "",
        "sql_service_user": sql.create_service_user(name),
        "tool": tool_named(journey.tool),
        "is_email": UserName(journey.user_name).looks_like_email,
    }


PAGE = Page(UserForm, _answer, _fill, _shows)
