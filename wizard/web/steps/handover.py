"""Put it to work: the proved login, as the fields and files that tools ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, request

from wizard.handover import (
    TIDY_UP,
    TOOLS,
    Command,
    Connection,
    FormField,
    Remark,
    Tool,
    UnsafeValue,
    day_in_words,
    day_of,
    form_fields,
    key_file_advice,
    passphrase_commands,
    read_key_folder,
    remarks,
    render,
    rows_of,
    tool_named,
    tools_by_group,
    tools_for,
)
from wizard.journey import Journey
from wizard.practice.users import HOST as PRACTICE_HOST
from wizard.snowflake import sql
from wizard.snowflake.account import Account
from wizard.web import packing
from wizard.web.company import rotate_on
from wizard.web.forms import HandoverForm
from wizard.web.practising import is_practice
from wizard.web.steps.page import Page

LINES_IN_SIGHT = 25  # a longer text opens folded: its head says what it is, and its button copies it all


def connection_of(journey: Journey) -> Connection:
    """Return what clients are told to log in with."""
    assert journey.account is not None
    account = journey.account
    practice = current_app.extensions.get("practice")
    if practice is not None and account.host == PRACTICE_HOST:
        # Client libraries get the practice Snowflake's plain port: whom they trust isn't ours to set.
        host, port = practice.client_address
        reached: dict[str, Any] = {"host": host, "port": port, "protocol": "http"}
    else:
        reached = {"host": account.host}
    plain = Connection(
        account=_account_for_clients(account),
        user=journey.login_name or journey.user_name,
        key_folder=journey.key_folder,
        encrypted=journey.key_encrypted,
        key_notes=journey.key_notes if journey.key_form_was_seen else None,
        **reached,
    )
    try:
        return replace(plain, role=journey.session.get("role", ""), warehouse=journey.session.get("warehouse", ""))
    except UnsafeValue:
        # Snowflake lets a quoted name hold a line break. No file can carry one, and the user's defaults do as well.
        return plain


def _account_for_clients(account: Account) -> str:
    """Return the account in the spelling from which clients make the claim that was proved.

    They cut at the first dot. An organization's account in a PrivateLink address may stand there with hyphens in place
    of its underscores, which makes another claim of it; so it goes by its claim, and the host is told beside it.
    """
    if account.organization or account.identifier.partition(".")[0].upper() != account.claim:
        return account.claim.lower()
    return account.identifier


def _shows(journey: Journey) -> dict[str, Any]:
    connection, practising = connection_of(journey), is_practice(journey)
    named = tool_named(journey.tool)
    why_not = named.why_not(connection) if named else ""
    # Who practises sees the page of every tool: one that can't be tried stands as it does with a real account. Beside
    # one that can be tried, the others of its kind are offered: the page of a step has 6 kB.
    offered = TOOLS if practising and (why_not or not named) else tools_for(connection)
    tool = named if practising or not why_not else None
    as_real = replace(connection, host=PRACTICE_HOST, port=443, protocol="https")
    shown = as_real if practising and why_not else connection
    return {
        "tool": tool,
        "unsuited": named.client if named and why_not else "",
        "why_not": why_not,
        "tools": tools_by_group(offered),
        "texts": [_text(row, shown) for row in rows_of(tool, offered)] if tool else [],
        "encrypted": connection.encrypted,
        "advice": key_file_advice(connection),
        "known_since": day_in_words(day_of(journey.key_known_since)),
        "rotate_on": day_in_words(rotate_on(journey)),
        "tidy_up": TIDY_UP,
        **_other_key(journey),
    }


@dataclass(frozen=True, slots=True)
class ToolText:
    """One text of a tool, and what goes with it, as the page draws them."""

    tool: Tool
    text: str
    folded: bool
    fields: tuple[FormField, ...]
    passphrase: tuple[Command, ...]
    remarks: tuple[Remark, ...]


def _text(tool: Tool, connection: Connection) -> ToolText:
    text = render(tool, connection)
    return ToolText(
        tool,
        text,
        folded=text.count("\n") > LINES_IN_SIGHT,
        fields=form_fields(tool, connection) if tool.is_form else (),
        passphrase=passphrase_commands(tool, connection),
        remarks=remarks(tool, connection),
    )


def _other_key(journey: Journey) -> dict[str, Any]:
    """Return the other slot's key and how to take it away, where both slots are known and this key is in one of them.

    The key that was just proved is never offered for removal, and neither is what wasn't shown.
    """
    slot = 3 - journey.place.slot if journey.place and journey.place.slot else 0
    other = journey.description.slots[slot - 1] if slot and journey.description else None
    if not other:
        return {"other_slot": 0, "other_fingerprint": "", "sql_unset": ""}
    unset = sql.unset_public_key(journey.user_name, slot)
    return {"other_slot": slot, "other_fingerprint": other, "sql_unset": unset}


def _answer(form: HandoverForm, journey: Journey) -> Journey:
    return replace(journey, key_folder=form.key_folder.read(read_key_folder, optional=True))


def _fill(journey: Journey) -> dict[str, Any]:
    return {"key_folder": journey.key_folder}


def _told_by_address(journey: Journey) -> Journey:
    """Take the tool that ``?tool=`` names. It says what is shown, and so may stand in an address."""
    tool = tool_named(request.args.get("tool", ""))
    if tool is None:
        return journey
    if request.query_string == f"tool={tool.slug}".encode():
        packing.query_is_ours()
    return journey.with_tool(tool.slug)


PAGE = Page(HandoverForm, _answer, _fill, _shows, told_by_address=_told_by_address)
