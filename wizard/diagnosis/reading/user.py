"""Snowflake's answers about a user: DESC USER, SHOW USER KEY PAIRS, SHOW USERS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wizard.diagnosis.facts import Fact
from wizard.diagnosis.reading.json_rows import json_rows
from wizard.diagnosis.reading.recognised import Recognised
from wizard.snowflake.user import Described, DescriptionError, NamedKey, UserDescription, read_description
from wizard.snowflake.user.pasted_rows import READERS, Row, property_named, tidy

_DESC_USER: Final = "DESC USER"
_SHOW_USERS: Final = "SHOW USERS"
_MOST_LINES: Final = 2000
"""No answer about a user is longer, even with each of its cells on a line of its own."""
_COLUMNS: Final = ("name", "login_name", "disabled", "has_rsa_public_key", "default_role", "default_warehouse")


def described(user: Described, source: str) -> Iterator[Fact]:
    """Yield what Snowflake's answers told of a user; what was not shown is no fact."""
    for name, text in (
        ("name", user.name),
        ("login-name", user.login_name),
        ("type", user.type),
        ("role", user.default_role),
        ("warehouse", user.default_warehouse),
    ):
        if text:
            yield Fact(f"described-{name}", text, source)
    for name, flag in (("disabled", user.disabled), ("locked", user.locked)):
        if flag is not None:
            yield Fact(f"described-{name}", str(flag).lower(), source)
    if user.days_to_expiry is not None:
        yield Fact("described-days", str(user.days_to_expiry), source)
    for slot, held in enumerate(user.slots, 1):
        if held is not None:
            yield Fact(f"slot-{slot}", held, source)
    if user.pair:
        yield from _pair(user.pair)


def _pair(pair: NamedKey) -> Iterator[Fact]:
    place = f"the named key pair {pair.name}" if pair.name else "a named key pair"
    status = pair.status.lower() if pair.status in ("DISABLED", "EXPIRED") else "active"
    yield Fact(f"pair-{status}", pair.fingerprint, place)
    if pair.name:
        yield Fact("pair-called", f"{pair.fingerprint} {pair.name}", place)
    if pair.role:
        yield Fact("pair-role", pair.role, place)


def read_user(text: str) -> Recognised | None:
    """Read DESC USER, SHOW USERS or SHOW USER KEY PAIRS. None for what is none of them."""
    if text.count("\n") > _MOST_LINES:
        return None
    if listed := _show_users(text):
        return listed
    try:
        description = read_description(text)
    except DescriptionError:
        return None
    return _recognised(description)


def _recognised(description: UserDescription) -> Recognised | None:
    if description.lone_fingerprint:
        return None
    facts = [*described(description.kept(), _DESC_USER)]
    for pair in description.named_keys:
        facts += _pair(pair)
    if description.lists_pairs and not any(fact.name == "described-login-name" for fact in facts):
        count = len(description.named_keys)
        of = f" of {description.name}" if description.name else ""
        keys = (
            "No named key pairs" if count == 0 else "One named key pair" if count == 1 else f"{count} named key pairs"
        )
        return Recognised("key-pairs", f"{keys}{of}", tuple(dict.fromkeys(facts)))
    if not facts:
        return None
    of = f" of {description.name}" if description.name else ""
    return Recognised("desc-user", f"DESC USER{of}, as it was when that was run", tuple(dict.fromkeys(facts)))


def _show_users(text: str) -> Recognised | None:
    """Read the list of users. Of several, none is the one that is meant, so only a single row tells anything."""
    if "has_rsa_public_key" not in text.lower():
        return None
    if users := [row for row in json_rows(text) if row.get("has_rsa_public_key") in ("true", "false")]:
        return _recognised_users(users)
    tidied = tidy(text).text
    for reader in READERS:
        rows = reader(tidied).rows
        head = next((at for at, row in enumerate(rows) if "has_rsa_public_key" in _lowered(row)), -1)
        if head < 0:
            continue
        names = _lowered(rows[head])
        users = [
            dict(zip(names, row, strict=False))
            for row in rows[head + 1 :]
            if len(row) >= len(names) - 1 and row[0].strip()
        ]
        users = [user for user in users if user.get("has_rsa_public_key", "").strip().lower() in ("true", "false")]
        if users:
            return _recognised_users(users)
    return None


def _recognised_users(users: list[dict[str, str]]) -> Recognised:
    return Recognised("show-users", _listed(users), tuple(_facts(users[0])) if len(users) == 1 else ())


def _listed(users: list[dict[str, str]]) -> str:
    if len(users) == 1:
        return f"SHOW USERS: {users[0].get('name', 'one user')}"
    return f"SHOW USERS: {len(users)} users. Paste the row of the one that is meant"


def _facts(user: dict[str, str]) -> Iterator[Fact]:
    fact_names = ("name", "login-name", "disabled", "has-key", "role", "warehouse")
    for column, name in zip(_COLUMNS, fact_names, strict=True):
        value = user.get(column, "").strip().strip('"')
        if column in ("disabled", "has_rsa_public_key"):
            value = value.lower() if value.lower() in ("true", "false") else ""
        if value and value.lower() != "null":
            yield Fact(f"described-{name}", value, _SHOW_USERS)


def _lowered(row: Row) -> list[str]:
    return [cell.strip().strip('"').lower() for cell in row]


_BARS: Final = "|│┃║"


def is_row_of_user(line: str) -> bool:
    """Whether a line can be one of such an answer: drawn, or beginning with a property."""
    if any(bar in line for bar in _BARS) or not line.strip():
        return True
    return bool(property_named(line.split(None, 1)[0])) or set(line) <= set("+-=─━┼ ")
