"""Fills in the SQL of a fix with what is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from ipaddress import AddressValueError, IPv4Address
from types import MappingProxyType

from wizard.diagnosis.cause import Fix
from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.symptom import NO_ROLE
from wizard.quoting import shell
from wizard.snowflake import sql

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def uuid_in(text: str) -> str:
    """The first id in a text under which Snowflake may have written a failure down, or ``""``."""
    found = _UUID.search(text.lower())
    return found[0] if found else ""


def user_of(evidence: Evidence) -> str:
    """The user whom statements name: NAME, and never one whom Snowflake says it doesn't have."""
    user = evidence.get("user-name", "described-name")
    if not user:
        found = evidence.first("setting-user", "error-user", "token-user")
        # What clients are given is LOGIN_NAME; one with an @ is hardly NAME as well.
        user = found.value.upper() if found and "@" not in found.value else ""
    denied = [fact.value.casefold() for fact in evidence.all("user-denied")]
    return "" if user.casefold() in denied else user


def role_of(evidence: Evidence) -> str:
    """The role that the session has, or should have; ``""`` for none of its own."""
    role = evidence.get("session-role", "error-role", "setting-role")
    return evidence.get("described-role") if role in NO_ROLE else role


def warehouse_of(evidence: Evidence) -> str:
    """The warehouse that the session is to work with."""
    return evidence.get("session-warehouse", "error-warehouse", "setting-warehouse", "described-warehouse")


def _address_of(evidence: Evidence) -> str:
    try:
        return str(IPv4Address(evidence.get("ip")))
    except AddressValueError:
        return ""


def _for_user(statement: Callable[[str], str]) -> Callable[[Evidence], str]:
    return lambda evidence: statement(user) if (user := user_of(evidence)) else ""


def _failure_details(evidence: Evidence) -> str:
    uuid = uuid_in(evidence.get("uuid"))
    return sql.login_failure_details(uuid) if uuid else ""


def _set_public_key(evidence: Evidence) -> str:
    user, public_key, slot = user_of(evidence), evidence.get("public-key"), evidence.get("slot") or "1"
    return sql.set_public_key(user, public_key, int(slot)) if user and public_key and slot in ("1", "2") else ""


def _enable_key_pair(evidence: Evidence) -> str:
    """Enable the pair that holds the key; where that isn't known, the list shows which it is."""
    user = user_of(evidence)
    if not user:
        return ""
    ours = evidence.get("key-fingerprint", "token-fingerprint")
    names = dict(fact.value.split(" ", 1) for fact in evidence.all("pair-called"))
    look = sql.show_user_key_pairs(user)
    if ours not in names:
        return look
    return sql.block(look, sql.disable_key_pair(user, names[ours], disabled=False))


def _allow_address(evidence: Evidence) -> str:
    user, address = user_of(evidence), _address_of(evidence)
    return sql.allow_address(user, IPv4Address(address)) if user and address else ""


def _grant_role(evidence: Evidence) -> str:
    """A session without a role of its own does not tell which one is missing: DEFAULT_ROLE may be."""
    user = user_of(evidence)
    if not user:
        return ""
    look, role = sql.show_grants_to_user(user), role_of(evidence)
    return sql.block(look, sql.grant_role(user, role)) if role else look


def _grant_warehouse(evidence: Evidence) -> str:
    role, warehouse = role_of(evidence), warehouse_of(evidence)
    return sql.grant_warehouse(role, warehouse) if role and warehouse else ""


_STATEMENTS: Mapping[str, Callable[[Evidence], str]] = MappingProxyType(
    {
        "account_identifier": lambda _evidence: sql.ACCOUNT_IDENTIFIER,
        "allow_address": _allow_address,
        "current_user": lambda _evidence: sql.CURRENT_USER,
        "describe_user": _for_user(sql.describe_user),
        "enable_key_pair": _enable_key_pair,
        "enable_user": _for_user(sql.enable_user),
        "failure_details": _failure_details,
        "grant_role": _grant_role,
        "grant_warehouse": _grant_warehouse,
        "locator_and_region": lambda _evidence: sql.LOCATOR_AND_REGION,
        "set_public_key": _set_public_key,
        "show_authentication_policies": _for_user(sql.show_authentication_policies),
        "show_grants": _for_user(sql.show_grants_to_user),
        "show_key_pairs": _for_user(sql.show_user_key_pairs),
        "show_network_policies": _for_user(sql.show_network_policies_in_force),
        "show_warehouses": _for_user(sql.show_warehouses),
        "unlock_user": _for_user(sql.unlock_user),
    }
)


def statement(name: str, evidence: Evidence) -> str:
    """Return the statement of this name, ``""`` for what is not known or can't stand in a statement."""
    make = _STATEMENTS.get(name)
    try:
        return make(evidence) if make else ""
    except ValueError:  # a name out of a pasted text that no statement may carry
        return ""


_NAMES: Mapping[str, Callable[[Evidence], str]] = MappingProxyType(
    {
        "<USER>": lambda evidence: _identifier(user_of(evidence)),
        "<ROLE>": lambda evidence: _identifier(role_of(evidence)),
        "<WAREHOUSE>": lambda evidence: _identifier(warehouse_of(evidence)),
        "<ADDRESS>": _address_of,
    }
)
"""The names that the words of a fix leave open, and what is put there as soon as it is known."""


def _identifier(name: str) -> str:
    try:
        return sql.quote_identifier(name) if name else ""
    except ValueError:
        return ""


def fill(fix: Fix, evidence: Evidence) -> Fix:
    """Return the fix with its SQL, with the names in its words, and with the key file in its command.

    What is not known stays open in the words, an example in the command, and empty in the SQL.
    """
    what = fix.what
    for open_name, known in _NAMES.items():
        if open_name in what and (value := known(evidence)):
            what = what.replace(open_name, value)
    filled = statement(fix.statement, evidence) if fix.statement else fix.sql
    return replace(fix, what=what, sql=filled, command=_with_key_file(fix.command, evidence.get("setting-key-path")))


def _with_key_file(command: str, path: str) -> str:
    if not command or path == "content" or not _POSIX_PATH.fullmatch(path):
        return command
    made = path
    if "old." in command:  # what the command makes gets another name
        made = f"{path.rpartition('.')[0]}.p8" if path.endswith((".pem", ".key")) else f"{path}.new"
    names = {"rsa_key.p8": shell(made)}
    return _FILE.sub(lambda found: names.get(found[0], shell(path)), command)


_FILE = re.compile(r"\bold\.(?:pem|p8)\b|\brsa_key\.p8\b|<KEY FILE>")
_POSIX_PATH = re.compile(r"(?:/|\./|\.\./)?[\w. /-]{1,255}")
"""A path that a shell takes; one of Windows has other commands, and ``~`` would lose its meaning in quotes."""
