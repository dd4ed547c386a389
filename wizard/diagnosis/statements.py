"""Fills in the SQL of a fix with what the journey knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from ipaddress import AddressValueError, IPv4Address
from types import MappingProxyType

from wizard.diagnosis.cause import Fix
from wizard.diagnosis.symptom import NO_ROLE, Background, Symptom
from wizard.snowflake import sql

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def uuid_of(symptom: Symptom) -> str:
    """The id under which Snowflake wrote this failure down, or ``""``."""
    for text in (symptom.facts.get("uuid", ""), symptom.message):
        if found := _UUID.search(text.lower()):
            return found[0]
    return ""


def _for_user(statement: Callable[[str], str]) -> Callable[[Background, Symptom], str]:
    return lambda background, _symptom: statement(background.user_name) if background.user_name else ""


def _failure_details(_background: Background, symptom: Symptom) -> str:
    uuid = uuid_of(symptom)
    return sql.login_failure_details(uuid) if uuid else ""


def _set_public_key(background: Background, _symptom: Symptom) -> str:
    if not background.user_name or not background.public_key or not background.slot:
        return ""
    return sql.set_public_key(background.user_name, background.public_key, background.slot)


def _allow_address(background: Background, symptom: Symptom) -> str:
    user = background.user_name
    if not user:
        return ""
    look = sql.show_network_policy(user)
    try:
        return sql.block(look, sql.allow_address(user, IPv4Address(symptom.facts.get("ip", ""))))
    except AddressValueError:
        return look


def _grant_role(background: Background, symptom: Symptom) -> str:
    """A session without a role of its own does not tell which one is missing: DEFAULT_ROLE may be."""
    user, role = background.user_name, symptom.facts.get("role", "")
    if not user:
        return ""
    look = sql.show_grants_to_user(user)
    if role in NO_ROLE:
        role = background.described.default_role if background.described else ""
    return sql.block(look, sql.grant_role(user, role)) if role else look


_STATEMENTS: Mapping[str, Callable[[Background, Symptom], str]] = MappingProxyType(
    {
        "account_identifier": lambda _background, _symptom: sql.ACCOUNT_IDENTIFIER,
        "allow_address": _allow_address,
        "current_user": lambda _background, _symptom: sql.CURRENT_USER,
        "describe_user": _for_user(sql.describe_user),
        "enable_user": _for_user(sql.enable_user),
        "failure_details": _failure_details,
        "grant_role": _grant_role,
        "locator_and_region": lambda _background, _symptom: sql.LOCATOR_AND_REGION,
        "set_public_key": _set_public_key,
        "show_authentication_policies": _for_user(sql.show_authentication_policies),
        "show_grants": _for_user(sql.show_grants_to_user),
        "show_key_pairs": _for_user(sql.show_user_key_pairs),
        "show_warehouses": _for_user(sql.show_warehouses),
        "unlock_user": _for_user(sql.unlock_user),
    }
)


def fill(fix: Fix, background: Background, symptom: Symptom) -> Fix:
    """Return the fix with its SQL. What is not known stays empty, and the words of the fix say it without."""
    make = _STATEMENTS.get(fix.statement)
    return replace(fix, sql=make(background, symptom)) if make else fix
