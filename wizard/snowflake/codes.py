"""Snowflake's codes: every number that the wizard knows the meaning of, by name, in one table.

A member is the code itself, as text: ``Code.JWT_TOKEN_INVALID == "390144"``. Its name is Snowflake's own where
Snowflake publishes one (the ``JWT_TOKEN_…`` ones), else ours; ``meaning`` is a sentence for people, ``source`` where
it is written. Numbers that only client programs use stand with the words of those programs, in
:mod:`wizard.diagnosis.catalogue`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_TROUBLESHOOTING = "https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting"
_SQL_API = "https://docs.snowflake.com/en/developer-guide/sql-api/reference"
_CONNECTOR = "https://github.com/snowflakedb/snowflake-connector-python/blob/main/src/snowflake/connector/network.py"
_GO = "https://github.com/snowflakedb/gosnowflake/blob/master/errors.go"
_REPORTS = "public reports, read autumn 2026"


class Code(StrEnum):
    """One code: its number, as text."""

    meaning: str
    source: str

    def __new__(cls, number: str, meaning: str, source: str) -> Code:
        code = str.__new__(cls, number)
        code._value_ = number
        code.meaning = meaning
        code.source = source
        return code

    # A login by key pair.
    JWT_TOKEN_INVALID = (
        "390144",
        "Snowflake refused the token. To us it does not say why; an administrator can look the reason up.",
        _TROUBLESHOOTING,
    )
    JWT_TOKEN_INVALID_USER_IN_ISSUER = "394300", "Snowflake knows no user with this login name.", _TROUBLESHOOTING
    JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME = (
        "394301",
        "Snowflake found no time of issue or no end in the token.",
        _TROUBLESHOOTING,
    )
    JWT_TOKEN_INVALID_ISSUE_TIME = (
        "394302",
        "Snowflake refused the token for the time at which it was signed.",
        _TROUBLESHOOTING,
    )
    JWT_TOKEN_INVALID_EXPIRATION_TIME = "394303", "Snowflake says that the token has expired.", _TROUBLESHOOTING
    JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH = (
        "394304",
        "Snowflake does not hold the public key that the token names for this user.",
        _TROUBLESHOOTING,
    )
    JWT_TOKEN_INVALID_ALGORITHM = "394305", "Snowflake says that the token is not signed with RS256.", _TROUBLESHOOTING
    JWT_TOKEN_INVALID_SIGNATURE = (
        "394306",
        "Snowflake says that the token was not signed with the key that it names.",
        _TROUBLESHOOTING,
    )
    JWT_TOKEN_ACCOUNT_MISMATCH = (
        "394307",
        "Snowflake says that the token is for another account than the address.",
        _TROUBLESHOOTING,
    )
    KEYPAIR_TOKEN_EXPIRED = "390198", "Snowflake says that the token has expired.", _REPORTS
    OAUTH_TOKEN_INVALID = "390303", "Snowflake read the token as one of OAuth, and refused it.", _SQL_API
    OAUTH_TOKEN_EXPIRED = "390318", "Snowflake says that the token has expired.", _CONNECTOR
    ID_TOKEN_INVALID = "390195", "Snowflake read the token as one of another kind of login, and refused it.", _CONNECTOR

    # The user, and what stands between a good token and a session.
    PASSWORD_REFUSED = "390100", "Snowflake says that the user name or the password is wrong.", _CONNECTOR
    USER_DISABLED = "390101", "Snowflake knows the user, and the user is disabled.", _REPORTS
    AUTHORIZATION_MISSING = USER_DISABLED  # the SQL API says the same number of a request without credentials
    USER_LOCKED = (
        "390102",
        "Snowflake knows the user, and has locked it for a while after too many failed logins.",
        _REPORTS,
    )
    AUTHENTICATION_POLICY = (
        "390202",
        "Snowflake read the token, but an authentication policy does not allow this way to log in.",
        _REPORTS,
    )
    NETWORK_POLICY = (
        "390422",
        "Snowflake does not let this server in: a network policy does not list its address.",
        _REPORTS,
    )
    ROLE_NOT_GRANTED = (
        "390186",
        "Snowflake accepted the token, but the user may not use the role that the session begins with.",
        _GO,
    )
    ROLE_UNKNOWN = (
        "390189",
        "Snowflake accepted the token, but the role that the session begins with does not exist for this user.",
        _GO,
    )
    OBJECT_IN_LOGIN_UNKNOWN = (
        "390201",
        "Snowflake accepted the token, but something that the login asks for does not exist for it.",
        _GO,
    )

    # Sessions.
    SESSION_UNKNOWN = "390104", "Snowflake says that the session is unknown or has ended.", _REPORTS
    SESSION_GONE = "390111", "Snowflake says that the session is gone.", _CONNECTOR
    SESSION_EXPIRED = "390112", "Snowflake says that the session has expired.", _CONNECTOR
    MASTER_TOKEN_UNKNOWN = "390113", "Snowflake says that the session is gone.", _CONNECTOR
    MASTER_TOKEN_EXPIRED = "390114", "Snowflake says that the session has expired.", _CONNECTOR

    # The SQL API.
    SUCCESS = "090001", "Snowflake ran the statement.", _SQL_API
    IN_PROGRESS = "333334", "Snowflake is still running the statement.", _SQL_API
    PAYLOAD_UNREADABLE = "390142", "Snowflake could not read what was sent.", _SQL_API
    NOT_FOUND = "390404", "Snowflake knows nothing at this path.", _REPORTS
    TOO_MANY_REQUESTS = (
        "390505",
        "Snowflake is busy: it answered “too many requests”, and asks to be left alone for a while.",
        _SQL_API,
    )
    USER_AGENT_UNSUPPORTED = "391901", "Snowflake wants a User-Agent with a product and its version.", _REPORTS
    ACCEPT_UNSUPPORTED = "391902", "Snowflake wants an Accept header that takes JSON.", _REPORTS
    CONTENT_TYPE_UNSUPPORTED = "391903", "Snowflake wants JSON.", _SQL_API
    REQUEST_ID_UNREADABLE = "391905", "Snowflake wants a UUID as requestId.", _SQL_API
    WAREHOUSE_DEMANDED = "391920", "The login worked, and Snowflake asks for a warehouse.", _REPORTS
    NO_ACTIVE_WAREHOUSE = "000606", "The login worked, and Snowflake asks for a warehouse.", _REPORTS
    STATEMENT_TIMED_OUT = "000630", "Snowflake stopped the statement, because it took too long.", _REPORTS
    HANDLE_UNKNOWN = "000709", "Snowflake knows no statement of this handle.", _SQL_API

    # SQL.
    STATEMENT_COUNT = "000008", "Snowflake was sent another number of statements than it was told.", _SQL_API
    IDENTIFIER_UNKNOWN = "000904", "Snowflake knows no column of this name.", _SQL_API
    ARGUMENT_COUNT = "000938", "The function takes another number of arguments.", _REPORTS
    SYNTAX = "001003", "Snowflake could not read the statement.", _REPORTS
    VALUE_UNUSABLE = "001008", "The property does not take this value.", _REPORTS
    PROPERTY_UNKNOWN = "001420", "There is no such property.", _REPORTS
    PROPERTY_NOT_SETTABLE = "001422", "This kind of user does not have this property.", _REPORTS
    OBJECT_EXISTS = "002002", "Something of this name exists already.", _REPORTS
    OBJECT_UNKNOWN = "002003", "It does not exist, or the role may not see it.", _REPORTS
    IDENTIFIER_TOO_LONG = "002027", "The name is too long.", _REPORTS
    OPERATION_IMPOSSIBLE = "002043", "It does not exist, or this can't be done with it.", _REPORTS
    FUNCTION_UNKNOWN = "002140", "There is no such function.", _REPORTS
    PRIVILEGES_MISSING = "003001", "The role may not do this.", _REPORTS
    KEY_REJECTED = "003002", "Snowflake does not take this public key.", _REPORTS
    ROLE_NOT_ASSIGNED = "003013", "The user does not have this role.", _REPORTS
    NO_DATABASE = "090105", "The session has no database.", _REPORTS


FAILURE_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {str(code): code.name for code in Code if code.name.startswith("JWT_TOKEN_")}
)
"""Number to name, of the refusals that ``SYSTEM$GET_LOGIN_FAILURE_DETAILS`` tells by their names."""


_BY_NUMBER: Final[Mapping[str, Code]] = MappingProxyType({str(code): code for code in Code})


def meaning_of(number: str) -> str:
    """What a code means, as a sentence; ``""`` for one that is in no table of ours."""
    code = _BY_NUMBER.get(number)
    return code.meaning if code else ""
