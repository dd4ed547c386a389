"""Put it to work: the proved login, as the fields and files that tools ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import current_app

from wizard.handover import (
    KEY_FILE_ADVICE,
    TIDY_UP,
    Connection,
    UnsafeValue,
    hub_fields,
    render,
    rotation_day,
    rotation_steps,
    tools_for,
)
from wizard.journey import Journey
from wizard.practice.users import HOST as PRACTICE_HOST
from wizard.snowflake import sql
from wizard.snowflake.user import NOT_TOLD
from wizard.web.forms import StepForm
from wizard.web.steps.page import Page


def connection_of(journey: Journey) -> Connection:
    """Return what clients are told to log in with."""
    assert journey.account is not None
    account = journey.account
    practice = current_app.extensions.get("practice")
    if practice is not None and account.host == PRACTICE_HOST:
        # Client libraries get the practice Snowflake's plain port: whom they trust isn't ours to set.
        host, port = practice.client_address
        reached: dict[str, Any] = {"host": host, "port": port, "protocol": "http", "special_host": True}
    else:
        special = account.privatelink or account.vouched or not account.host.endswith(".snowflakecomputing.com")
        reached = {"host": account.host, "special_host": special}
    plain = Connection(
        account=account.identifier,
        user=journey.login_name or journey.user_name,
        encrypted=journey.key_encrypted,
        **reached,
    )
    try:
        return replace(plain, role=journey.session.get("role", ""), warehouse=journey.session.get("warehouse", ""))
    except UnsafeValue:
        # Snowflake lets a quoted name hold a line break. No file can carry one, and the user's defaults do as well.
        return plain


def _shows(journey: Journey) -> dict[str, Any]:
    connection = connection_of(journey)
    made = datetime.fromtimestamp(journey.key_known_since, UTC).date()
    clients: dict[str, list[tuple[Any, str]]] = {}
    for tool in tools_for(connection):
        clients.setdefault(tool.client, []).append((tool, render(tool, connection)))
    return {
        "connection": connection,
        "fields": hub_fields(connection),
        "clients": clients,
        "advice": KEY_FILE_ADVICE,
        "known_since": made,
        "rotate_on": rotation_day(made),
        "rotation": rotation_steps(journey.place or NOT_TOLD),
        "tidy_up": TIDY_UP,
        **_other_key(journey),
        "session": journey.session,
    }


def _other_key(journey: Journey) -> dict[str, Any]:
    """Return the other slot's key and how to take it away, where both slots are known and this key is in one of them.

    The key that was just proved is never offered for removal, and neither is what wasn't shown.
    """
    slot = 3 - journey.place.slot if journey.place and journey.place.slot else 0
    other = journey.description.slots[slot - 1] if slot and journey.description else None
    if not other:
        return {"other_slot": 0}
    unset = sql.unset_public_key(journey.user_name, slot)
    return {"other_slot": slot, "other_fingerprint": other, "sql_unset": unset}


PAGE = Page(StepForm, lambda _, journey: journey, shows=_shows)
