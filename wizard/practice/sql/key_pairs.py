"""Statements about a user's named key pairs: ALTER USER … ADD, ROTATE, MODIFY and REMOVE KEY PAIR, and their list.

Grammar and rules: https://docs.snowflake.com/en/sql-reference/sql/alter-user-add-key-pair, -rotate-, -modify- and
-remove-key-pair, /show-user-key-pairs (checked 2026-11). What is open there, and how it is here: a pair that was
rotated out without a grace stays in the list as DISABLED until the next one is added or rotated; the slots are not in
the list; a key that stands in a slot counts as one of the user's active keys. EC keys, which Snowflake takes too, are
refused. The numbers of the refusals are our choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from wizard.practice.sql.cursor import Cursor, RefusedError, compilation
from wizard.practice.sql.description import moment
from wizard.practice.sql.properties import MAX_TEXT_CHARACTERS, read_key, wrong_value
from wizard.practice.users import ROLES, KeyPair, RegisteredKey, User
from wizard.snowflake.codes import Code
from wizard.snowflake.user import GRACE_HOURS, MOST_KEY_PAIRS, RESERVED_NAMES, rotated_name

COLUMNS = (
    "name", "user_name", "fingerprint", "role_scope", "status", "comment", "created_on", "created_by", "last_used_on",
    "expires_at", "rotated_to",
)  # fmt: skip
_DAY, _HOUR = 86_400, 3_600
_FARTHEST_DAYS = 100_000  # a date that Python can print

Change = Callable[[User, float, str], User]
"""What a statement does to a user at a time (Unix seconds), asked by somebody (their NAME). It may refuse."""


def read_change(cursor: Cursor) -> Change:
    """Read what stands after the name of ALTER USER, from the verb to the end of the statement."""
    verb = next((verb for verb in _VERBS if cursor.accept(verb, "KEY", "PAIR")), "")
    if not verb:
        cursor.unexpected()
    name = cursor.name()
    change = _VERBS[verb](cursor, name)
    cursor.end()
    return change


def is_about_key_pairs(cursor: Cursor) -> bool:
    """Whether one of these statements goes on from here."""
    return any(cursor.sees(verb, "KEY", "PAIR") for verb in _VERBS)


def listed(user: User, now: float) -> tuple[tuple[str | None, ...], ...]:
    """Return the rows of SHOW USER KEY PAIRS; ``None`` is SQL's NULL."""

    def at(seconds: float | None) -> str | None:
        return None if seconds is None else moment(seconds)

    return tuple(
        (
            pair.name, user.name, pair.key.fingerprint, pair.role or None, pair.status(now), pair.comment or None,
            moment(pair.key.set_at), pair.created_by or None, at(pair.last_used_at), at(pair.expires_at),
            pair.rotated_to or None,
        )
        for pair in user.pairs
        if not _is_gone(pair, now) or pair.disabled
    )  # fmt: skip


def _is_gone(pair: KeyPair, now: float) -> bool:
    """Whether it was rotated out and its grace is over: it counts no more, and leaves."""
    return bool(pair.rotated_to) and pair.is_over(now)


def _add(cursor: Cursor, name: str) -> Change:
    given = _parameters(cursor, "ROLE_RESTRICTION", "DAYS_TO_EXPIRY", "COMMENT")

    def add(user: User, now: float, by: str) -> User:
        _refuse_reserved(name)
        user = _with_room(user, now)
        _free(name, user)
        key = _unused(given["PUBLIC_KEY"], user, now)
        days = _days(given["DAYS_TO_EXPIRY"]) if "DAYS_TO_EXPIRY" in given else 0
        role = _granted(given["ROLE_RESTRICTION"], user) if "ROLE_RESTRICTION" in given else ""
        pair = KeyPair(name, key, role, days, given.get("COMMENT", ""), created_by=by, expires_at=_end(days, now))
        return replace(user, pairs=(*user.pairs, pair))

    return add


def _rotate(cursor: Cursor, name: str) -> Change:
    given = _parameters(cursor, "EXPIRE_ROTATED_KEY_PAIR_AFTER_HOURS")

    def rotate(user: User, now: float, by: str) -> User:
        old = _known(user, name)
        if old.rotated_to:
            raise _impossible(f"Key pair '{name}' was rotated out already. Rotate '{old.rotated_to}' instead.")
        user = _with_room(user, now)
        key = _unused(given["PUBLIC_KEY"], user, now)
        left = None if old.expires_at is None else max(0.0, old.expires_at - now) / _HOUR
        if (told := given.get("EXPIRE_ROTATED_KEY_PAIR_AFTER_HOURS")) is not None:
            hours = float(_number("EXPIRE_ROTATED_KEY_PAIR_AFTER_HOURS", told, 0))
            if left is not None and hours > left:
                raise wrong_value("EXPIRE_ROTATED_KEY_PAIR_AFTER_HOURS", told)
        else:
            hours = GRACE_HOURS if left is None else min(GRACE_HOURS, left)
        out = replace(
            old, name=_free(rotated_name(name, now), user), rotated_to=name, expires_at=now + hours * _HOUR,
            disabled=old.disabled or not hours,
        )  # fmt: skip
        new = KeyPair(name, key, old.role, old.days, old.comment, created_by=by, expires_at=_end(old.days, now))
        user = user.with_pair(name, out)
        return replace(user, pairs=(*user.pairs, new))

    return rotate


def _modify(cursor: Cursor, name: str) -> Change:
    if cursor.accept("RENAME", "TO"):
        new = cursor.name()

        def rename(user: User, now: float, by: str) -> User:  # noqa: ARG001
            pair = _known(user, name)
            _refuse_reserved(new)
            return user.with_pair(name, replace(pair, name=new if new == name else _free(new, user)))

        return rename
    changes = _settings(cursor)

    def change(user: User, now: float, by: str) -> User:  # noqa: ARG001
        pair = _known(user, name)
        if "DISABLED" in changes:
            pair = replace(pair, disabled=changes["DISABLED"] == "TRUE")
        return user.with_pair(name, replace(pair, comment=changes.get("COMMENT", pair.comment)))

    return change


def _remove(cursor: Cursor, name: str) -> Change:  # noqa: ARG001
    def remove(user: User, now: float, by: str) -> User:  # noqa: ARG001
        return user.with_pair(_known(user, name).name, None)

    return remove


_VERBS: Mapping[str, Callable[[Cursor, str], Change]] = MappingProxyType(
    {"ADD": _add, "ROTATE": _rotate, "MODIFY": _modify, "REMOVE": _remove}
)


# --- reading ----------------------------------------------------------------------------------------------------------
def _parameters(cursor: Cursor, *optional: str) -> dict[str, str]:
    """Read PUBLIC_KEY, which has to be there, and those that may be, in the order of the documentation."""
    cursor.expect("PUBLIC_KEY", "=")
    found = {"PUBLIC_KEY": cursor.string()}
    for name in optional:
        if cursor.accept(name, "="):
            is_text = name in ("ROLE_RESTRICTION", "COMMENT")
            found[name] = cursor.string() if is_text else _token(cursor, "number")
    if len(found.get("COMMENT", "")) > MAX_TEXT_CHARACTERS:
        raise wrong_value("COMMENT", found["COMMENT"][:20] + "…")
    return found


def _settings(cursor: Cursor) -> dict[str, str]:
    """Read what stands after MODIFY KEY PAIR and the name: nothing but DISABLED and COMMENT can be changed."""
    removing = cursor.accept("UNSET")
    if not removing:
        cursor.expect("SET")
    found: dict[str, str] = {}
    while cursor.peek().kind != "end":
        name = _token(cursor, "word")
        if name not in ("DISABLED", "COMMENT"):
            raise compilation(Code.PROPERTY_UNKNOWN, "22023", f"invalid property '{name[:60]}' for 'KEY PAIR'")
        if not removing:
            cursor.expect("=")
            found[name] = cursor.string() if name == "COMMENT" else _token(cursor, "word")
            if name == "DISABLED" and found[name] not in ("TRUE", "FALSE"):
                raise wrong_value(name, found[name])
        else:
            found[name] = ""
        cursor.accept(",")
    if not found:
        cursor.unexpected()
    if len(found.get("COMMENT", "")) > MAX_TEXT_CHARACTERS:
        raise wrong_value("COMMENT", found["COMMENT"][:20] + "…")
    return found


def _token(cursor: Cursor, kind: str) -> str:
    if cursor.peek().kind != kind:
        cursor.unexpected()
    return cursor.next().value


def _number(name: str, text: str, least: int) -> int:
    if not text.isdecimal() or len(text) > 9 or not least <= int(text) <= _FARTHEST_DAYS:
        raise wrong_value(name, text[:20])
    return int(text)


def _days(text: str) -> int:
    return _number("DAYS_TO_EXPIRY", text, 1)


# --- rules ------------------------------------------------------------------------------------------------------------
def _end(days: int, now: float) -> float | None:
    return now + days * _DAY if days else None


def _impossible(why: str) -> RefusedError:
    return compilation(Code.OPERATION_IMPOSSIBLE, "0A000", why)


def _refuse_reserved(name: str) -> None:
    if name in RESERVED_NAMES:
        raise _impossible(f"Key pair name '{name}' is reserved.")


def _free(name: str, user: User) -> str:
    """Return the name of a pair that is to be. One that another pair has is refused."""
    if user.pair(name) is not None:
        raise compilation(Code.OBJECT_EXISTS, "42710", f"Object '{name}' already exists.")
    return name


def _known(user: User, name: str) -> KeyPair:
    _refuse_reserved(name)
    pair = user.pair(name)
    if pair is None:
        raise compilation(Code.OBJECT_UNKNOWN, "02000", f"Key pair '{name}' does not exist or not authorized.")
    return pair


def _with_room(user: User, now: float) -> User:
    """Return the user without what counts no more. One that has as many as there can be is refused another."""
    user = replace(user, pairs=tuple(pair for pair in user.pairs if not _is_gone(pair, now)))
    if len(user.pairs) >= MOST_KEY_PAIRS:
        raise _impossible(f"The maximum number of key pairs ({MOST_KEY_PAIRS}) for user '{user.name}' is reached.")
    return user


def _unused(text: str, user: User, now: float) -> RegisteredKey:
    """Read a public key, which none of the user's active keys may be already."""
    key = read_key(text, now)
    held = (*user.slots(), *(pair.key for pair in user.active_pairs(now)))
    if any(one.der == key.der for one in held):
        raise compilation(Code.KEY_REJECTED, "42601", "The public key is in use already by another key of this user.")
    return key


def _granted(text: str, user: User) -> str:
    """Read the role of a restriction: as an identifier, or as the stored name. It has to be the user's own."""
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    spellings = (text[1:-1].replace('""', '"') if quoted else text.upper(), text)
    role = next((name for name in spellings if name in ROLES), "")
    if not role or not user.holds_role(role):
        raise compilation(Code.OBJECT_UNKNOWN, "02000", f"Role '{text[:255]}' does not exist or not authorized.")
    return role
