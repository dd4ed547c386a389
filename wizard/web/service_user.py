"""A service user from nothing: the statements for an administrator, with the key in them where it is known.

Open without a walk. What is typed here is for these statements alone: it is drawn again with them, and not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from wizard.handover import tool_named
from wizard.journey import Journey
from wizard.problem import Problem
from wizard.snowflake import sql
from wizard.snowflake.user import (
    TYPE_CHANGES,
    read_login_name,
    read_role_name,
    read_user_name,
    read_warehouse_name,
)
from wizard.walk import SET_UP
from wizard.web.company import house
from wizard.web.drawing import draw
from wizard.web.forms import ServiceUserForm
from wizard.web.pages import UNREADABLE
from wizard.web.practising import is_practice
from wizard.web.session import load_journey

blueprint = Blueprint("service_user", __name__)

TITLE = "Create a service user"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was said of the user to create. ``""`` and ``None`` stand for what was not."""

    name: str
    role: str
    warehouse: str
    comment: str
    address: IPv4Address | None

    def create(self, key: str) -> str:
        """Return the statements that make the user with this public key, and show it."""
        made = sql.create_service_user(self.name, self.role, self.warehouse, key, self.comment)
        return sql.block(made, sql.describe_user(self.name))


@blueprint.get("/service-user")
def service_user() -> Response:
    """Ask what the user is for, and with what it works."""
    journey = load_journey()
    name = journey.user_name or house().example_service_user
    return draw("service_user.html", **_shown(ServiceUserForm(data={"username": sql.quote_identifier(name)}), journey))


@blueprint.post("/service-user")
def write() -> Response:
    """Show the statements for what was typed."""
    journey, form = load_journey(), ServiceUserForm(request.form)
    try:
        form.refuse_too_long()
        wanted = _read(form)
    except Problem as problem:
        return draw("service_user.html", UNREADABLE, **_shown(form, journey, problem=problem))
    return draw("service_user.html", **_shown(form, journey, wanted))


def _read(form: ServiceUserForm) -> Wanted:
    purpose = form.purpose.read(lambda typed: read_login_name(typed, "purpose"), optional=True)
    owner = form.owner.read(lambda typed: read_login_name(typed, "owner"), optional=True)
    return Wanted(
        name=form.username.read(lambda typed: read_user_name(typed).name),
        role=form.default_role.read(read_role_name, optional=True),
        warehouse=form.default_warehouse.read(read_warehouse_name, optional=True),
        comment="; ".join((*([purpose] if purpose else []), *([f"owner: {owner}"] if owner else []))),
        address=_address(form),
    )


def _address(form: ServiceUserForm) -> IPv4Address | None:
    typed = form.allowed_address.read(lambda text: read_login_name(text, "address"), optional=True)
    try:
        return IPv4Address(typed) if typed else None
    except AddressValueError:
        raise Problem(
            "This is not one IPv4 address, such as 203.0.113.7.",
            "Ask whoever runs the program from which address it reaches the internet. Leave it empty for no policy.",
            field="allowed_address",
        ) from None


def _shown(
    form: ServiceUserForm, journey: Journey, wanted: Wanted | None = None, problem: Problem | None = None
) -> dict[str, Any]:
    if problem:
        form[problem.field].errors = (problem.message, problem.fix)
    tool = tool_named(journey.tool)
    key = journey.key.base64 if journey.key else ""
    in_walk = bool(wanted and key and wanted.name == journey.user_name and SET_UP.is_open("register", journey))
    return {
        "page_title": f"Error: {TITLE}" if problem else TITLE,
        "title": TITLE,
        "errors": [(problem.field, problem.message)] if problem else [],
        "form": form,
        "journey": journey,
        "wanted": wanted,
        "tool": tool.client if tool and not tool.is_the_rest else "the program",
        "sql_create": wanted.create(key) if wanted else "",
        "sql_network": sql.allow_address(wanted.name, wanted.address) if wanted and wanted.address else "",
        "sql_in_force": sql.show_network_policies_in_force(wanted.name) if wanted else "",
        "sql_key_pair_only": sql.allow_key_pair_only(wanted.name) if wanted else "",
        "in_walk": in_walk,
        "practice_account": is_practice(journey),
        "type_changes": TYPE_CHANGES,
        "their_type": journey.description.type if journey.description else "",
        "back": _way_back(journey),
    }


def _way_back(journey: Journey) -> str:
    if journey.account is None:
        return "/"  # nobody's walk
    return SET_UP.address("register" if SET_UP.is_open("register", journey) else "user")
