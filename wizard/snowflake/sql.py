"""Writes the statements that people and administrators are asked to run.

Whatever a name looks like, the statement stays one statement about that one name: a name goes bare only where
Snowflake would read it back as itself, else in double quotes; text goes in single quotes with quotes and backslashes
doubled; and characters that break the line or bend the text around them are refused. Every function takes *stored*
names (see :mod:`wizard.snowflake.user.names`) and returns one statement that ends in a semicolon, unless it says
otherwise.

Identifiers and quotes: https://docs.snowflake.com/en/sql-reference/identifiers-syntax
String constants: https://docs.snowflake.com/en/sql-reference/data-types-text
Keys: https://docs.snowflake.com/en/user-guide/key-pair-auth (all read autumn 2026)
"""

from __future__ import annotations

import re
from datetime import date
from ipaddress import IPv4Address
from typing import Final

from wizard.snowflake.user import MAX_CHARACTERS, RESERVED_NAMES, SLOT_PROPERTIES, UserNameError, refuse_unseen
from wizard.unseen import bends

CURRENT_USER: Final = "SELECT CURRENT_USER();"
ACCOUNT_IDENTIFIER: Final = "SELECT CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME();"
LOCATOR_AND_REGION: Final = "SELECT CURRENT_ACCOUNT(), CURRENT_REGION();"

_NETWORK = "_NETWORK"
"""The end of the name of a user's own network policy."""
_KEY_PAIR_ONLY = "_KEY_PAIR_ONLY"
"""The end of the name of a user's own authentication policy."""

_BARE = re.compile(r"[A-Z_][A-Z0-9_$]*")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

# Words that Snowflake keeps for itself: as a name they work in quotes only.
# https://docs.snowflake.com/en/sql-reference/reserved-keywords
_RESERVED: Final = frozenset(
    (
        *("ACCOUNT", "ALL", "ALTER", "AND", "ANY", "AS", "BETWEEN", "BY", "CASE", "CAST", "CHECK", "COLUMN", "CONNECT"),
        *(
            "CONNECTION",
            "CONSTRAINT",
            "CREATE",
            "CROSS",
            "CURRENT",
            "CURRENT_DATE",
            "CURRENT_TIME",
            "CURRENT_TIMESTAMP",
        ),
        *("CURRENT_USER", "DATABASE", "DELETE", "DISTINCT", "DROP", "ELSE", "EXISTS", "FALSE", "FOLLOWING", "FOR"),
        *("FROM", "FULL", "GRANT", "GROUP", "GSCLUSTER", "HAVING", "IF", "ILIKE", "IN", "INCREMENT", "INNER", "INSERT"),
        *(
            "INTERSECT",
            "INTO",
            "IS",
            "ISSUE",
            "JOIN",
            "LATERAL",
            "LEFT",
            "LIKE",
            "LOCALTIME",
            "LOCALTIMESTAMP",
            "MINUS",
        ),
        *("NATURAL", "NOT", "NULL", "OF", "ON", "OR", "ORDER", "ORGANIZATION", "QUALIFY", "REGEXP", "REVOKE", "RIGHT"),
        *("RLIKE", "ROW", "ROWS", "SAMPLE", "SCHEMA", "SELECT", "SET", "SOME", "START", "TABLE", "TABLESAMPLE", "THEN"),
        *("TO", "TRIGGER", "TRUE", "TRY_CAST", "UNION", "UNIQUE", "UNSET", "UPDATE", "USING", "VALUES", "VIEW", "WHEN"),
        *("WHENEVER", "WHERE", "WITH"),
    )
)


def quote_identifier(stored_name: str) -> str:
    """Write a stored name as an identifier: bare where that reads back as the same name, else in double quotes.

    Raises UserNameError for an empty name, one over 255 characters, and one that would bend the text around it.
    """
    refuse_unseen(stored_name, "name", bends)
    if not 0 < len(stored_name) <= MAX_CHARACTERS:
        raise UserNameError(
            f"The name has {len(stored_name):,} characters; Snowflake's names have 1 to {MAX_CHARACTERS}.",
            "Enter the name as Snowflake shows it.",
        )
    # "$$" opens a string in Snowflake, and worksheets cut a text into statements before Snowflake sees them.
    if _BARE.fullmatch(stored_name) and "$$" not in stored_name and stored_name not in _RESERVED:
        return stored_name
    return '"' + stored_name.replace('"', '""') + '"'


def string_literal(text: str) -> str:
    r"""Write a text in single quotes. Snowflake reads ``\`` as an escape there, so it is doubled like the quote.

    Raises UserNameError for characters that break the line or bend the text around them.
    """
    refuse_unseen(text, "text", bends)
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def use_role(role: str) -> str:
    """Switch the worksheet to a role."""
    return f"USE ROLE {quote_identifier(role)};"


def set_public_key(user: str, public_key_base64: str, slot: int = 1) -> str:
    """Put a public key (base64 of the SubjectPublicKeyInfo, one line) into one of a user's two slots.

    Raises ValueError for a key that isn't base64, or a slot other than 1 and 2.
    """
    return f"ALTER USER {quote_identifier(user)} SET {_property(slot)}={_key(public_key_base64)};"


def unset_public_key(user: str, slot: int = 1) -> str:
    """Empty one of a user's two slots. Raises ValueError for a slot other than 1 and 2."""
    return f"ALTER USER {quote_identifier(user)} UNSET {_property(slot)};"


def add_key_pair(
    user: str, pair: str, public_key_base64: str, *, role: str = "", days: int = 0, comment: str = ""
) -> str:
    """Register a public key as a new named key pair.

    ``role`` (stored name) is the only one that its sessions have, and has to be granted to the user already. Whether a
    name that needs quotes has them inside of the text is not documented: it is written as an identifier, which is how
    the documented example reads. After ``days`` the pair ends, with 0 never. Neither can be changed later.
    Raises ValueError for a name that is kept for a slot, and for what isn't base64.

    https://docs.snowflake.com/en/sql-reference/sql/alter-user-add-key-pair
    """
    parts = [f"{_of_pair(user, 'ADD', pair)} PUBLIC_KEY = {_key(public_key_base64)}"]
    if role:
        parts.append(f"ROLE_RESTRICTION = {string_literal(quote_identifier(role))}")
    if days:
        parts.append(f"DAYS_TO_EXPIRY = {_whole(days)}")
    if comment:
        parts.append(f"COMMENT = {string_literal(comment)}")
    return " ".join(parts) + ";"


def rotate_key_pair(user: str, pair: str, public_key_base64: str, hours: int | None = None) -> str:
    """Put another public key in the place of the one that a named key pair holds.

    The old key goes on working for so many ``hours``, under a name that Snowflake makes
    (:func:`~wizard.snowflake.user.rotated_name`); with ``None`` for Snowflake's 24, with 0 not at all. The role that
    the pair is restricted to, its comment and the length of its life pass to the new key. Raises ValueError for what
    isn't base64.

    https://docs.snowflake.com/en/sql-reference/sql/alter-user-rotate-key-pair
    """
    grace = "" if hours is None else f" EXPIRE_ROTATED_KEY_PAIR_AFTER_HOURS = {_whole(hours)}"
    return f"{_of_pair(user, 'ROTATE', pair)} PUBLIC_KEY = {_key(public_key_base64)}{grace};"


def disable_key_pair(user: str, pair: str, *, disabled: bool = True) -> str:
    """Stop a named key pair from logging in, or let it again.

    https://docs.snowflake.com/en/sql-reference/sql/alter-user-modify-key-pair
    """
    return f"{_of_pair(user, 'MODIFY', pair)} SET DISABLED = {'TRUE' if disabled else 'FALSE'};"


def comment_key_pair(user: str, pair: str, comment: str) -> str:
    """Say something about a named key pair."""
    return f"{_of_pair(user, 'MODIFY', pair)} SET COMMENT = {string_literal(comment)};"


def rename_key_pair(user: str, pair: str, name: str) -> str:
    """Give a named key pair another name. Raises ValueError for one that is kept for a slot."""
    return f"{_of_pair(user, 'MODIFY', pair)} RENAME TO {_pair_name(name)};"


def remove_key_pair(user: str, pair: str) -> str:
    """Take one named key pair off a user.

    https://docs.snowflake.com/en/sql-reference/sql/alter-user-remove-key-pair
    """
    return f"{_of_pair(user, 'REMOVE', pair)};"


def describe_user(user: str) -> str:
    """Show a user's properties, the fingerprints of both slots among them."""
    return f"DESC USER {quote_identifier(user)};"


def show_user_key_pairs(user: str) -> str:
    """Show a user's named key pairs, each with its fingerprint and state.

    https://docs.snowflake.com/en/sql-reference/sql/show-user-key-pairs
    """
    return f"SHOW USER KEY PAIRS FOR USER {quote_identifier(user)};"


def show_grants_to_user(user: str) -> str:
    """Show the roles that whoever logs in as this user can take."""
    return f"SHOW GRANTS TO USER {quote_identifier(user)};"


def grant_role(user: str, role: str) -> str:
    """Let a user take a role."""
    return f"GRANT ROLE {quote_identifier(role)} TO USER {quote_identifier(user)};"


def show_warehouses(user: str) -> str:
    """Show a user's properties, DEFAULT_WAREHOUSE among them, and the warehouses there are. Two statements."""
    return block(describe_user(user), "SHOW WAREHOUSES;")


def show_network_policy(user: str) -> str:
    """Show the name of the network policy that holds for a user: its own, else the account's.

    https://docs.snowflake.com/en/user-guide/network-policies
    """
    return f"SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN USER {quote_identifier(user)};"


def show_network_policies_in_force(user: str) -> str:
    """Show the network policy that holds for a user, and the account's. Two statements, each on a line of its own."""
    return block(show_network_policy(user), "SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN ACCOUNT;")


def grant_warehouse(role: str, warehouse: str) -> str:
    """Let a role run queries in a warehouse."""
    return f"GRANT USAGE ON WAREHOUSE {quote_identifier(warehouse)} TO ROLE {quote_identifier(role)};"


def allow_address(user: str, address: IPv4Address) -> str:
    """Let a user in from one address: by a network policy of their own, which takes the place of the account's.

    Two statements, each on a line of its own. https://docs.snowflake.com/en/user-guide/network-policies
    """
    policy = quote_identifier(f"{user[: MAX_CHARACTERS - len(_NETWORK)]}{_NETWORK}")
    return block(
        f"CREATE NETWORK POLICY IF NOT EXISTS {policy} ALLOWED_IP_LIST = ('{address}');",
        f"ALTER USER {quote_identifier(user)} SET NETWORK_POLICY = {policy};",
    )


def allow_key_pair_only(user: str) -> str:
    """Let a user log in with a key pair and in no other way: by an authentication policy of their own.

    Two statements, each on a line of its own. The policy is made in the schema that is in use.
    https://docs.snowflake.com/en/user-guide/authentication-policies
    """
    policy = quote_identifier(f"{user[: MAX_CHARACTERS - len(_KEY_PAIR_ONLY)]}{_KEY_PAIR_ONLY}")
    return block(
        f"CREATE AUTHENTICATION POLICY IF NOT EXISTS {policy} AUTHENTICATION_METHODS = ('KEYPAIR');",
        f"ALTER USER {quote_identifier(user)} SET AUTHENTICATION POLICY {policy};",
    )


def show_authentication_policies(user: str) -> str:
    """Show which authentication policy is set on a user, and which on the account. Two statements, each on a line.

    https://docs.snowflake.com/en/sql-reference/sql/show-authentication-policies
    """
    return block(
        f"SHOW AUTHENTICATION POLICIES ON USER {quote_identifier(user)};",
        "SHOW AUTHENTICATION POLICIES ON ACCOUNT;",
    )


def unlock_user(user: str) -> str:
    """End the wait after too many failed logins."""
    return f"ALTER USER {quote_identifier(user)} SET MINS_TO_UNLOCK = 0;"


def enable_user(user: str) -> str:
    """Let a disabled user log in again."""
    return f"ALTER USER {quote_identifier(user)} SET DISABLED = FALSE;"


def grant_programmatic_authentication(user: str, role: str) -> str:
    """Let a role set the keys of one user, without owning that user."""
    return (
        f"GRANT MODIFY PROGRAMMATIC AUTHENTICATION METHODS ON USER {quote_identifier(user)} "
        f"TO ROLE {quote_identifier(role)};"
    )


def create_service_user(
    user: str, role: str = "", warehouse: str = "", public_key_base64: str = "", comment: str = ""
) -> str:
    """Create a user for a program: no password, keys only. With a role, a second statement on a line of its own.

    DEFAULT_ROLE alone grants nothing, hence the GRANT (https://docs.snowflake.com/en/sql-reference/sql/create-user).
    """
    name = quote_identifier(user)
    parts = [f"CREATE USER {name} TYPE = SERVICE"]
    if role:
        parts.append(f"DEFAULT_ROLE = {quote_identifier(role)}")
    if warehouse:
        parts.append(f"DEFAULT_WAREHOUSE = {quote_identifier(warehouse)}")
    if public_key_base64:
        parts.append(f"RSA_PUBLIC_KEY = {_key(public_key_base64)}")
    if comment:
        parts.append(f"COMMENT = {string_literal(comment)}")
    statements = [" ".join(parts) + ";"]
    if role:
        statements.append(grant_role(user, role))
    return block(*statements)


def login_failure_details(uuid: str) -> str:
    """Ask Snowflake why a login failed, by the UUID of its error message. Raises ValueError for anything else.

    https://docs.snowflake.com/en/sql-reference/functions/system_get_login_failure_details
    """
    if not _UUID.fullmatch(uuid):
        raise ValueError("the UUID of a failed login has 32 hexadecimal digits in five groups")
    return f"SELECT SYSTEM$GET_LOGIN_FAILURE_DETAILS('{uuid}');"


def login_history(user: str) -> str:
    """Show a user's logins of the last seven days, the newest first. It needs a database to run in.

    https://docs.snowflake.com/en/sql-reference/functions/login_history
    """
    logins = f"INFORMATION_SCHEMA.LOGIN_HISTORY_BY_USER(USER_NAME => {string_literal(user)}, RESULT_LIMIT => 50)"
    return f"SELECT * FROM TABLE({logins}) ORDER BY EVENT_TIMESTAMP DESC;"  # noqa: S608  # the name is quoted above


def key_pair_logins(user: str, since: date | None) -> str:
    """Show from where a user has logged in by key pair, in the last year or ``since`` a day; up to two hours late.

    https://docs.snowflake.com/en/sql-reference/account-usage/login_history
    """
    of_user = f"USER_NAME = {string_literal(user)} AND FIRST_AUTHENTICATION_FACTOR = 'RSA_KEYPAIR'"
    of_user += f" AND EVENT_TIMESTAMP >= '{since.isoformat()}'" if since else ""
    columns = "EVENT_TIMESTAMP, CLIENT_IP, REPORTED_CLIENT_TYPE, IS_SUCCESS, ERROR_MESSAGE"
    history = "SNOWFLAKE.ACCOUNT_USAGE.LOGIN_HISTORY"
    return f"SELECT {columns} FROM {history} WHERE {of_user} ORDER BY EVENT_TIMESTAMP DESC;"  # noqa: S608  # quoted above


def block(*statements: str) -> str:
    """Join statements for copying in one go, one a line."""
    return "\n".join(statements)


def _property(slot: int) -> str:
    if slot not in SLOT_PROPERTIES:
        raise ValueError(f"a user has the slots 1 and 2 for public keys, not {slot}")
    return SLOT_PROPERTIES[slot]


def _of_pair(user: str, verb: str, pair: str) -> str:
    return f"ALTER USER {quote_identifier(user)} {verb} KEY PAIR {_pair_name(pair)}"


def _pair_name(name: str) -> str:
    if name in RESERVED_NAMES:
        raise ValueError(f"{name} stands for a slot: only SET and UNSET of its property change that")
    return quote_identifier(name)


def _whole(number: int) -> str:
    if number < 0:
        raise ValueError("days and hours are not below 0")
    return str(int(number))


def _key(public_key_base64: str) -> str:
    if not _BASE64.fullmatch(public_key_base64):
        raise ValueError("a public key in SQL is base64 on one line")
    return string_literal(public_key_base64)
