"""The properties of a user that SET, UNSET and CREATE USER take, and what each does to the user.

Grammar: https://docs.snowflake.com/en/sql-reference/sql/alter-user, /create-user (checked 2026-11).
"""

from __future__ import annotations

from dataclasses import replace

from wizard.practice.sql.cursor import Cursor, RefusedError, compilation
from wizard.practice.users import KeyRejectedError, RegisteredKey, User, read_registered_key
from wizard.snowflake.codes import Code
from wizard.snowflake.user import MAX_CHARACTERS

MAX_TEXT_CHARACTERS = 1_000

_PROPERTIES: dict[str, tuple[str, str]] = {
    "RSA_PUBLIC_KEY": ("key", "key_1"),
    "RSA_PUBLIC_KEY_2": ("key", "key_2"),
    "DISABLED": ("switch", "disabled"),
    "MINS_TO_UNLOCK": ("unlock", "locked"),
    "LOGIN_NAME": ("name", "login_name"),
    "DISPLAY_NAME": ("name", "display_name"),
    "FIRST_NAME": ("name", "first_name"),
    "LAST_NAME": ("name", "last_name"),
    "EMAIL": ("name", "email"),
    "DEFAULT_ROLE": ("name", "default_role"),
    "DEFAULT_WAREHOUSE": ("name", "default_warehouse"),
    "DEFAULT_NAMESPACE": ("name", "default_namespace"),
    "DEFAULT_SECONDARY_ROLES": ("text", ""),
    "NETWORK_POLICY": ("name", "network_policy"),
    "TYPE": ("name", "type"),
    "COMMENT": ("text", "comment"),
    "DAYS_TO_EXPIRY": ("text", "days_to_expiry"),
}
"""How a property's value is read, and the attribute of :class:`User` it sets ("" for taken and forgotten)."""

_TYPES = ("PERSON", "SERVICE", "LEGACY_SERVICE", "SERVICE_AGENT")
_NOT_FOR_SERVICES = frozenset({"FIRST_NAME", "LAST_NAME"})

Changes = dict[str, str | None]


def read_changes(cursor: Cursor, *, may_be_empty: bool = False) -> Changes:
    """Read ``NAME = value …``; ``None`` is SQL's NULL."""
    found: Changes = {}
    while cursor.peek().kind != "end":
        name = _name(cursor)
        cursor.expect("=")
        found[name] = _value(cursor)
        cursor.accept(",")
    if not found and not may_be_empty:
        cursor.unexpected()
    return found


def read_unset(cursor: Cursor) -> Changes:
    """Read the names after UNSET, each of which becomes ``None``."""
    found: Changes = {_name(cursor): None}
    while cursor.accept(","):
        found[_name(cursor)] = None
    return found


def _name(cursor: Cursor) -> str:
    token = cursor.peek()
    if token.kind != "word":
        cursor.unexpected()
    if token.value not in _PROPERTIES:
        raise compilation(Code.PROPERTY_UNKNOWN, "22023", f"invalid property '{token.value[:60]}' for 'USER'")
    return cursor.next().value


def _value(cursor: Cursor) -> str | None:
    if cursor.accept("("):  # DEFAULT_SECONDARY_ROLES = ('ALL')
        parts: list[str] = []
        while not cursor.accept(")"):
            parts.append(cursor.string())
            cursor.accept(",")
        return ",".join(parts)
    if cursor.accept("NULL"):
        return None
    if cursor.peek().kind not in ("string", "number", "word", "quoted"):
        cursor.unexpected()
    return cursor.next().value


def changed(user: User, changes: Changes, now: float) -> User:
    """Return ``user`` with ``changes``; ``now`` (Unix seconds) is when a key was set. Raises :class:`RefusedError`."""
    for name, value in changes.items():
        user = _with(user, name, value, now)
    return user


def _with(user: User, name: str, value: str | None, now: float) -> User:
    kind, attribute = _PROPERTIES[name]
    if kind == "key":
        key = read_key(value, now) if value else None
        return replace(user, key_1=key) if attribute == "key_1" else replace(user, key_2=key)
    if kind == "switch":
        if value is not None and value.upper() not in ("TRUE", "FALSE"):
            raise wrong_value(name, value)
        return replace(user, disabled=(value or "").upper() == "TRUE")
    if kind == "unlock":
        if value is not None and not value.isdecimal():
            raise wrong_value(name, value)
        return replace(user, locked=value not in (None, "0"))
    return _with_text(user, name, value)


def read_key(text: str, now: float) -> RegisteredKey:
    """Read a public key that a statement brings; ``now`` (Unix seconds) is when. Raises :class:`RefusedError`."""
    try:
        return read_registered_key(text, now)
    except KeyRejectedError as problem:
        raise compilation(
            Code.KEY_REJECTED, "42601", f"New public key rejected by current policy. Reason: '{problem.reason}'"
        ) from None


def _with_text(user: User, name: str, value: str | None) -> User:
    kind, attribute = _PROPERTIES[name]
    if value is not None and len(value) > (MAX_CHARACTERS if kind == "name" else MAX_TEXT_CHARACTERS):
        raise wrong_value(name, value[:20] + "…")
    if name == "TYPE" and value is not None:
        value = value.upper()
        if value not in _TYPES:
            raise wrong_value(name, value)
    text = value or ""
    if name == "LOGIN_NAME":
        text = text or user.name
    if attribute and (name in _NOT_FOR_SERVICES and text and user.type == "SERVICE"):
        raise compilation(Code.PROPERTY_NOT_SETTABLE, "22023", f"Cannot set {name} on a user of TYPE = SERVICE.")
    if not attribute:
        return user
    texts: dict[str, str] = {attribute: text}
    return replace(user, **texts)  # type: ignore[arg-type]  # every attribute that gets here is text


def wrong_value(name: str, value: str) -> RefusedError:
    """Return the refusal of a value that the property ``name`` can't have."""
    return compilation(Code.VALUE_UNUSABLE, "22023", f"invalid value [{value}] for parameter '{name}'")
