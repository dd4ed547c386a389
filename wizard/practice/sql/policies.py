"""Statements about network and authentication policies, as far as they let a key pair in.

Grammar: https://docs.snowflake.com/en/sql-reference/sql/create-network-policy, /alter-network-policy,
/alter-authentication-policy, /show-authentication-policies (checked 2026-11).
"""

from __future__ import annotations

from dataclasses import replace

from wizard.practice.policies import LIST_OF, Kind, Policy, is_allowable
from wizard.practice.sql.cursor import Cursor, compilation, unknown
from wizard.practice.sql.properties import MAX_TEXT_CHARACTERS, wrong_value
from wizard.practice.state import State
from wizard.snowflake.codes import Code

DATABASE, SCHEMA = "PRACTICE", "POLICIES"
"""Authentication policies stand in a schema; whichever is named, here it is this one."""


def policy_name(cursor: Cursor) -> str:
    """Read a policy's name, with the database and schema in front of it or without."""
    name = cursor.name()
    while cursor.accept("."):
        name = cursor.name()
    return name


def known_policy(state: State, kind: Kind, name: str) -> Policy:
    """Return the policy of that name. Raises :class:`RefusedError` where there is none."""
    policy = state.policy(kind, name)
    if policy is None:
        raise unknown(f"{kind.capitalize()} policy", name)
    return policy


def create(state: State, cursor: Cursor, kind: Kind) -> str:
    """Run what stands after CREATE … POLICY, and return what the worksheet says."""
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    policy = _with_properties(cursor, Policy(kind, policy_name(cursor)))
    if state.policy(kind, policy.name) is not None:
        if if_not_exists:
            return f"{policy.name} already exists, statement succeeded."
        raise compilation(Code.OBJECT_EXISTS, "42710", f"Object '{policy.name}' already exists.")
    state.keep_policy(policy)
    return f"{kind.capitalize()} policy {policy.name} successfully created."


def alter(state: State, cursor: Cursor, kind: Kind) -> None:
    """Run what stands after ALTER … POLICY."""
    if_exists = cursor.accept("IF", "EXISTS")
    name = policy_name(cursor)
    cursor.expect("SET")
    changed = _with_properties(cursor, state.policy(kind, name) or Policy(kind, name))
    if not if_exists:
        known_policy(state, kind, name)
    if state.policy(kind, name) is not None:
        state.keep_policy(changed)


def describe(state: State, cursor: Cursor, kind: Kind) -> tuple[tuple[str, str], ...]:
    """Run what stands after DESCRIBE … POLICY, and return names and values."""
    policy = known_policy(state, kind, policy_name(cursor))
    cursor.end()
    allows = ",".join(policy.allows)
    listed = f"[{allows.replace(',', ', ')}]" if kind == "authentication" else allows
    rows = (("NAME", policy.name), ("COMMENT", policy.comment or "null")) if kind == "authentication" else ()
    return (*rows, (LIST_OF[kind], listed))


def show(state: State, cursor: Cursor, kind: Kind) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Run what stands after SHOW … POLICIES: all of them, or with ON those of one user or of the account."""
    policies = state.policies(kind)
    if kind == "authentication" and cursor.accept("ON"):
        if cursor.accept("ACCOUNT"):
            policies = ()
        else:
            cursor.expect("USER")
            name = cursor.name()
            user = state.user(name)
            if user is None:
                raise unknown("User", name)
            policies = tuple(one for one in policies if one.name == user.authentication_policy)
    cursor.end()
    if kind == "network":
        counted = tuple((one.name, one.comment, str(len(one.allows))) for one in policies)
        return ("name", "comment", "entries_in_allowed_ip_list"), counted
    return ("name", "kind", "database_name", "schema_name", "comment"), tuple(
        (one.name, "AUTHENTICATION_POLICY", DATABASE, SCHEMA, one.comment) for one in policies
    )


def _with_properties(cursor: Cursor, policy: Policy) -> Policy:
    while cursor.peek().kind != "end":
        if cursor.accept("COMMENT", "="):
            comment = cursor.string()
            if len(comment) > MAX_TEXT_CHARACTERS:
                raise wrong_value("COMMENT", comment[:20] + "…")
            policy = replace(policy, comment=comment)
            continue
        cursor.expect(LIST_OF[policy.kind], "=", "(")
        allows: list[str] = []
        while not cursor.accept(")"):
            token = cursor.peek()
            allows.append(cursor.string().upper())
            if not is_allowable(policy.kind, allows[-1]):
                raise wrong_value(LIST_OF[policy.kind], token.value[:60])
            cursor.accept(",")
        policy = replace(policy, allows=tuple(allows))
    return policy
