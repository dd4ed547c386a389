"""Run the SQL that the wizard prints, and answer as a worksheet does: a grid, or Snowflake's own words of refusal.

Only what a key pair needs: ALTER, DESCRIBE and CREATE USER, two kinds of GRANT, SHOW GRANTS TO USER, USE ROLE and
USE WAREHOUSE, and SELECT of context functions. A run happens under the practice's lock, one statement after the other,
and the first one that fails ends it.

Grammar: https://docs.snowflake.com/en/sql-reference/sql/alter-user, /desc-user, /create-user (checked 2026-11).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from wizard.practice import users
from wizard.practice.sql_reader import SqlTextError, Statement, Token, place, read_statements
from wizard.practice.users import ADMIN_ROLES, KeyRejectedError, User, read_registered_key

if TYPE_CHECKING:
    from wizard.practice.practice import Practice

MAX_NAME_CHARACTERS = 255
MAX_TEXT_CHARACTERS = 1_000
_MAX_DEPTH = 20
_MAX_COLUMNS = 50

DONE = "Statement executed successfully."


@dataclass(frozen=True, slots=True)
class Session:
    """Who is at the worksheet: user and role by stored name, warehouse "" for none."""

    user: str = users.ADMINISTRATOR
    role: str = "PUBLIC"
    warehouse: str = ""


@dataclass(frozen=True, slots=True)
class SqlError:
    """A refusal: Snowflake's code (six digits), SQLSTATE and words."""

    code: str
    state: str
    message: str

    @property
    def text(self) -> str:
        """As a client prints it: ``003001 (42501): SQL access control error: …``."""
        return f"{self.code} ({self.state}): {self.message}"


@dataclass(frozen=True, slots=True)
class Result:
    """What one statement gave: a grid of text (``None`` is SQL's NULL), or an error. ``statement`` is as typed."""

    statement: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str | None, ...], ...] = ()
    error: SqlError | None = None

    @property
    def as_copied(self) -> str:
        """The grid as Snowsight's copy button gives it: header and rows, cells parted by tabs."""
        lines = [self.columns, *(tuple(cell or "" for cell in row) for row in self.rows)]
        return "\n".join("\t".join(_cell(text) for text in line) for line in lines)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the worksheet gave, and the session as it stands after it."""

    results: tuple[Result, ...]
    session: Session

    @property
    def failed(self) -> bool:
        """Whether the last statement was refused."""
        return bool(self.results) and self.results[-1].error is not None


def first_session(practice: Practice, user: str) -> Session:
    """The session a user begins with: default role if granted, else PUBLIC, and the default warehouse."""
    found = practice.user(user)
    if found is None:
        return Session(user)
    role = found.default_role if found.default_role and found.holds_role(found.default_role) else "PUBLIC"
    warehouse = found.default_warehouse if found.default_warehouse in users.WAREHOUSES else ""
    return Session(user, role, warehouse)


def run(practice: Practice, sql: str, session: Session) -> Outcome:
    """Run every statement of ``sql`` as ``session``; never raises."""
    try:
        statements = read_statements(sql)
    except SqlTextError as problem:
        return Outcome((Result(sql[:200], error=SqlError("001003", "42000", problem.message)),), session)
    return practice.locked(lambda: _run_all(practice, sql, statements, session))


def _run_all(practice: Practice, sql: str, statements: tuple[Statement, ...], session: Session) -> Outcome:
    user = practice.stored_user(session.user)
    if user is None or not user.holds_role(session.role):
        session = Session(session.user)
    results: list[Result] = []
    for statement in statements:
        work = _Work(practice, sql, statement, session)
        try:
            columns, rows = work.run()
        except _RefusedError as refusal:
            results.append(Result(statement.text, error=refusal.error))
            break
        session = work.session
        results.append(Result(statement.text, columns, rows))
    return Outcome(tuple(results), session)


class _RefusedError(Exception):
    def __init__(self, code: str, state: str, message: str) -> None:
        super().__init__(message)
        self.error = SqlError(code, state, message)


Grid = tuple[tuple[str, ...], tuple[tuple[str | None, ...], ...]]


def _status(text: str = DONE) -> Grid:
    return ("status",), ((text,),)


def _compilation(code: str, state: str, message: str) -> _RefusedError:
    return _RefusedError(code, state, f"SQL compilation error:\n{message}")


def _unknown(kind: str, name: str) -> _RefusedError:
    return _compilation("002003", "02000", f"{kind} '{name}' does not exist or not authorized.")


def _not_allowed(what: str) -> _RefusedError:
    return _RefusedError("003001", "42501", f"SQL access control error:\nInsufficient privileges to operate on {what}")


@dataclass
class _Work:
    """One statement on its way: a cursor over its tokens, and the session it runs in."""

    practice: Practice
    sql: str
    statement: Statement
    session: Session
    at: int = 0
    _depth: int = field(default=0, init=False)

    # The cursor.

    def _peek(self, ahead: int = 0) -> Token:
        tokens = self.statement.tokens
        return tokens[min(self.at + ahead, len(tokens) - 1)]

    def _next(self) -> Token:
        token = self._peek()
        self.at += 1
        return token

    def _is(self, *words: str) -> bool:
        return all(
            self._peek(ahead).kind in ("word", "symbol") and self._peek(ahead).value == word
            for ahead, word in enumerate(words)
        )

    def _accept(self, *words: str) -> bool:
        if not self._is(*words):
            return False
        self.at += len(words)
        return True

    def _expect(self, *words: str) -> None:
        for word in words:
            if not self._accept(word):
                self._unexpected()

    def _end(self) -> None:
        if self._peek().kind != "end":
            self._unexpected()

    def _unexpected(self) -> NoReturn:
        token = self._peek()
        line, position = place(self.sql, token.start)
        raw = self.sql[token.start : token.stop][:60] if token.kind != "end" else "<EOF>"
        raise _compilation("001003", "42000", f"syntax error line {line} at position {position} unexpected '{raw}'.")

    def _name(self) -> str:
        token = self._peek()
        if token.kind not in ("word", "quoted") or not token.value:
            self._unexpected()
        if len(token.value) > MAX_NAME_CHARACTERS:
            raise _compilation("002027", "42000", f"Identifier is too long: {MAX_NAME_CHARACTERS} characters at most.")
        self.at += 1
        return token.value

    # Statements.

    def run(self) -> Grid:
        work = next((work for words, work in _STATEMENTS if self._accept(*words)), None)
        if work is None:
            self._unexpected()
        return work(self)

    def use_role(self) -> Grid:
        role = self._name()
        self._end()
        if role not in users.ROLES:
            raise _unknown("Role", role)
        user = self.practice.stored_user(self.session.user)
        if user is None or not user.holds_role(role):
            raise _RefusedError(
                "003013", "42501",
                f"SQL access control error:\nRequested role '{role}' is not assigned to the executing user. "
                "Specify another role to activate.",
            )  # fmt: skip
        self.session = replace(self.session, role=role)
        return _status()

    def use_warehouse(self) -> Grid:
        warehouse = self._name()
        self._end()
        if warehouse not in users.WAREHOUSES:
            raise _compilation("002043", "02000", "Object does not exist, or operation cannot be performed.")
        self.session = replace(self.session, warehouse=warehouse)
        return _status()

    def alter_user(self) -> Grid:
        if_exists = self._accept("IF", "EXISTS")
        myself = self._is("SET") or self._is("UNSET")
        name = self.session.user if myself and self._peek(1).value not in ("SET", "UNSET") else self._name()
        removing = self._accept("UNSET")
        if not removing:
            self._expect("SET")
        changes = self._names_to_unset() if removing else self._properties()
        self._end()
        seen = self.practice.user(name)
        stored = self.practice.stored_user(name)
        if seen is None or stored is None:
            if if_exists:
                return _status()
            raise _unknown("User", name)
        self._need_right_to_alter(name, set(changes))
        user = stored
        for property_name, value in changes.items():
            user = self._with(user, property_name, value)
        self._need_free_login_name(user)
        self.practice.store(user)
        return _status()

    def describe_user(self) -> Grid:
        name = self._name()
        user = self.practice.user(name)
        piped = self._piped_property()
        self._end()
        if user is None:
            raise _unknown("User", name)
        if name != self.session.user and self.session.role not in ADMIN_ROLES:
            raise _not_allowed(f"user '{name}'")
        rows = _description(user)
        if piped is None:
            return ("property", "value", "default", "description"), rows
        wanted, skipped, alias = piped
        value = next((row[1] for row in rows if row[0] == wanted), None)
        return (alias,), ((value[skipped:] if value is not None else None,),)

    def _piped_property(self) -> tuple[str, int, str] | None:
        """What Snowflake's key pair page pipes into: ``->> SELECT SUBSTR((SELECT "value" FROM $1 WHERE …), …)``."""
        if not self._accept("->>"):
            return None
        self._expect("SELECT", "SUBSTR", "(", "(", "SELECT")
        self._expect_value("quoted", "value")
        self._expect("FROM", "$1", "WHERE")
        self._expect_value("quoted", "property")
        self._expect("=")
        wanted = self._string()
        self._expect(")", ",", "LEN", "(")
        prefix = self._string()
        self._expect(")", "+")
        self._expect_value("number", "1")
        self._expect(")")
        self._accept("AS")
        alias = self._name() if self._peek().kind != "end" else "SUBSTR"
        return wanted, len(prefix), alias

    def _expect_value(self, kind: str, value: str) -> None:
        if (self._peek().kind, self._peek().value) != (kind, value):
            self._unexpected()
        self.at += 1

    def _string(self) -> str:
        if self._peek().kind != "string":
            self._unexpected()
        return self._next().value

    def create_user(self) -> Grid:
        if_not_exists = self._accept("IF", "NOT", "EXISTS")
        name = self._name()
        properties = self._properties(may_be_empty=True)
        self._end()
        if self.session.role not in ADMIN_ROLES:
            raise _not_allowed(f"account '{users.ACCOUNT}'")
        if self.practice.stored_user(name) is not None:
            if if_not_exists:
                return _status(f"{name} already exists, statement succeeded.")
            raise _compilation("002002", "42710", f"Object '{name}' already exists.")
        user = User(name, name, display_name=name, created_at=self.practice.now())
        for property_name, value in properties.items():
            user = self._with(user, property_name, value)
        self._need_free_login_name(user)
        from wizard.practice.practice import TooManyUsersError

        try:
            self.practice.store(user)
        except TooManyUsersError:
            raise _RefusedError("000000", "54000", "The practice Snowflake is full: it keeps 200 users.") from None
        return _status(f"User {name} successfully created.")

    def grant_role(self) -> Grid:
        role = self._name()
        self._expect("TO", "USER")
        name = self._name()
        self._end()
        if role not in users.ROLES:
            raise _unknown("Role", role)
        user = self.practice.stored_user(name)
        if user is None:
            raise _unknown("User", name)
        # Every role here was made by USERADMIN, so the administrator's roles may all hand it on.
        if self.session.role not in ADMIN_ROLES:
            raise _not_allowed(f"role '{role}'")
        self.practice.store(replace(user, roles=user.roles | {role}))
        return _status()

    def grant_key_setting(self) -> Grid:
        name = self._name()
        self._expect("TO", "ROLE")
        role = self._name()
        self._end()
        if self.practice.stored_user(name) is None:
            raise _unknown("User", name)
        if role not in users.ROLES:
            raise _unknown("Role", role)
        if self.session.role not in ADMIN_ROLES:
            raise _not_allowed(f"user '{name}'")
        self.practice.let_role_set_keys(role, name)
        return _status()

    def change_nothing(self) -> Grid:
        """COMMIT and its kin: clients send them on their own, and there is nothing here that they could do."""
        self._accept("WORK")
        self._accept("TRANSACTION")
        self._end()
        return _status()

    def show_grants(self) -> Grid:
        name = self._name()
        self._end()
        user = self.practice.user(name)
        if user is None:
            raise _unknown("User", name)
        if name != self.session.user and self.session.role not in ADMIN_ROLES:
            raise _not_allowed(f"user '{name}'")
        since = _moment(user.created_at)
        return (
            ("created_on", "role", "granted_to", "grantee_name", "granted_by"),
            tuple((since, role, "USER", name, "USERADMIN") for role in sorted(user.roles)),
        )

    # SELECT.

    def select(self) -> Grid:
        columns: list[str] = []
        values: list[str | None] = []
        while True:
            start = self._peek().start
            value = self._expression()
            stop = self.statement.tokens[self.at - 1].stop
            title = self._alias() or _title(self.sql[start:stop])
            columns.append(title)
            values.append(value)
            if len(columns) > _MAX_COLUMNS:
                raise _compilation("001003", "42000", f"The practice Snowflake selects {_MAX_COLUMNS} columns at most.")
            if not self._accept(","):
                break
        self._end()
        return tuple(columns), (tuple(values),)

    def _alias(self) -> str:
        if self._accept("AS"):
            return self._name()
        token = self._peek()
        if token.kind == "quoted" or (token.kind == "word" and token.value != "FROM"):
            return self._name()
        return ""

    def _expression(self) -> str | None:
        value = self._term()
        while self._accept("||"):
            right = self._term()
            value = None if value is None or right is None else (value + right)[:MAX_TEXT_CHARACTERS]
        return value

    def _term(self) -> str | None:
        token = self._peek()
        if token.kind in ("string", "number"):
            self.at += 1
            return token.value[:MAX_TEXT_CHARACTERS]
        if token.kind == "symbol" and token.value == "(":
            before = self._deeper()
            self.at += 1
            value = self._expression()
            self._expect(")")
            self._depth = before
            return value
        if token.kind != "word":
            self._unexpected()
        return self._function()

    def _function(self) -> str | None:
        token = self._next()
        if token.value == "NULL":
            return None
        arguments: list[str | None] = []
        called = self._accept("(")
        if called and not self._accept(")"):
            before = self._deeper()
            arguments.append(self._expression())
            while self._accept(","):
                arguments.append(self._expression())
            self._expect(")")
            self._depth = before
        if token.value in _CONTEXT and not arguments:
            return _CONTEXT[token.value](self.session)
        if token.value in _CONSTANTS and not arguments:
            return _CONSTANTS[token.value]
        if called:
            return self._call(token.value, arguments)
        line, position = place(self.sql, token.start)
        raise _compilation(
            "000904", "42000", f"error line {line} at position {position}\ninvalid identifier '{token.value}'"
        )

    def _call(self, name: str, arguments: list[str | None]) -> str | None:
        count, function = _FUNCTIONS.get(name, (0, None))
        if name == "SYSTEM$GET_LOGIN_FAILURE_DETAILS":
            count, function = 1, self.login_failure_details
        if function is None:
            raise _compilation("002140", "42601", f"Unknown function {name[:MAX_NAME_CHARACTERS]}")
        if len(arguments) != count:
            raise _compilation("000938", "22023", f"wrong number of arguments for {name}: {count} expected.")
        return function(*arguments)

    def _deeper(self) -> int:
        before = self._depth
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            self._unexpected()
        return before

    def login_failure_details(self, failure: str | None) -> str | None:
        if self.session.role not in ("ACCOUNTADMIN", "SECURITYADMIN"):
            raise _not_allowed("function 'SYSTEM$GET_LOGIN_FAILURE_DETAILS'")
        return self.practice.details_of(failure or "")

    # Properties of a user.

    def _properties(self, *, may_be_empty: bool = False) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        while self._peek().kind != "end":
            name = self._property_name()
            self._expect("=")
            found[name] = self._value()
            self._accept(",")
        if not found and not may_be_empty:
            self._unexpected()
        return found

    def _names_to_unset(self) -> dict[str, str | None]:
        found: dict[str, str | None] = {self._property_name(): None}
        while self._accept(","):
            found[self._property_name()] = None
        return found

    def _property_name(self) -> str:
        token = self._peek()
        if token.kind != "word":
            self._unexpected()
        if token.value not in _PROPERTIES:
            raise _compilation("001420", "22023", f"invalid property '{token.value[:60]}' for 'USER'")
        self.at += 1
        return token.value

    def _value(self) -> str | None:
        if self._accept("("):  # DEFAULT_SECONDARY_ROLES = ('ALL')
            parts: list[str] = []
            while not self._accept(")"):
                parts.append(self._string())
                self._accept(",")
            return ",".join(parts)
        token = self._peek()
        if token.kind == "word" and token.value == "NULL":
            self.at += 1
            return None
        if token.kind not in ("string", "number", "word", "quoted"):
            self._unexpected()
        self.at += 1
        return token.value

    def _with(self, user: User, name: str, value: str | None) -> User:
        kind, attribute = _PROPERTIES[name]
        if kind == "key":
            try:
                key = read_registered_key(value, self.practice.now()) if value else None
            except KeyRejectedError as problem:
                raise _compilation(
                    "003002", "42601", f"New public key rejected by current policy. Reason: '{problem.reason}'"
                ) from None
            return replace(user, key_1=key) if attribute == "key_1" else replace(user, key_2=key)
        if kind == "switch":
            if value is not None and value.upper() not in ("TRUE", "FALSE"):
                raise self._wrong_value(name, value)
            return replace(user, disabled=(value or "").upper() == "TRUE")
        if kind == "unlock":
            if value is not None and not value.isdecimal():
                raise self._wrong_value(name, value)
            return replace(user, locked=value not in (None, "0"))
        if value is not None and len(value) > (MAX_NAME_CHARACTERS if kind == "name" else MAX_TEXT_CHARACTERS):
            raise self._wrong_value(name, value[:20] + "…")
        if name == "TYPE" and value is not None:
            value = value.upper()
            if value not in ("PERSON", "SERVICE", "LEGACY_SERVICE", "SERVICE_AGENT"):
                raise self._wrong_value(name, value)
        text = value or ""
        if name == "LOGIN_NAME":
            text = text or user.name
        if attribute and (name in _NOT_FOR_SERVICES and text and user.type == "SERVICE"):
            raise _compilation("001422", "22023", f"Cannot set {name} on a user of TYPE = SERVICE.")
        return _replaced(user, attribute, text) if attribute else user

    @staticmethod
    def _wrong_value(name: str, value: str) -> _RefusedError:
        return _compilation("001008", "22023", f"invalid value [{value}] for parameter '{name}'")

    def _need_right_to_alter(self, name: str, changes: set[str]) -> None:
        if self.session.role in ADMIN_ROLES:
            return
        if name == self.session.user and changes <= {"DEFAULT_ROLE", "DEFAULT_WAREHOUSE", "DEFAULT_NAMESPACE"}:
            return
        keys_only = changes <= {"RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2"}
        if keys_only and self.practice.role_may_set_keys(self.session.role, name):
            return
        raise _not_allowed(f"user '{name}'")

    def _need_free_login_name(self, user: User) -> None:
        for other in self.practice.user_names():
            stored = self.practice.stored_user(other)
            if stored and stored.name != user.name and stored.login_name.upper() == user.login_name.upper():
                raise _compilation("002002", "42710", f"Object '{user.login_name}' already exists.")


_STATEMENTS: tuple[tuple[tuple[str, ...], Callable[[_Work], Grid]], ...] = (
    (("USE", "ROLE"), _Work.use_role),
    (("USE", "WAREHOUSE"), _Work.use_warehouse),
    (("ALTER", "USER"), _Work.alter_user),
    (("DESC", "USER"), _Work.describe_user),
    (("DESCRIBE", "USER"), _Work.describe_user),
    (("CREATE", "USER"), _Work.create_user),
    (("GRANT", "ROLE"), _Work.grant_role),
    (("GRANT", "MODIFY", "PROGRAMMATIC", "AUTHENTICATION", "METHODS", "ON", "USER"), _Work.grant_key_setting),
    (("SHOW", "GRANTS", "TO", "USER"), _Work.show_grants),
    (("SELECT",), _Work.select),
    (("BEGIN",), _Work.change_nothing),
    (("COMMIT",), _Work.change_nothing),
    (("ROLLBACK",), _Work.change_nothing),
)

_CONTEXT: dict[str, Callable[[Session], str | None]] = {
    "CURRENT_USER": lambda session: session.user,
    "CURRENT_ROLE": lambda session: session.role,
    "CURRENT_WAREHOUSE": lambda session: session.warehouse or None,
}
_CONSTANTS: dict[str, str | None] = {
    "CURRENT_DATABASE": None,
    "CURRENT_SCHEMA": None,
    "CURRENT_ACCOUNT": users.LOCATOR,
    "CURRENT_ACCOUNT_NAME": users.ACCOUNT,
    "CURRENT_ORGANIZATION_NAME": users.ORGANIZATION,
    "CURRENT_REGION": users.REGION,
    "CURRENT_VERSION": users.VERSION,
}


def _json_path(text: str | None, path: str | None) -> str | None:
    try:
        value = json.loads(text or "null").get(path)
    except (ValueError, AttributeError, RecursionError):
        return None
    return None if value is None else str(value)


_FUNCTIONS: dict[str, tuple[int, Callable[..., str | None]]] = {
    "JSON_EXTRACT_PATH_TEXT": (2, _json_path),
    "UPPER": (1, lambda text: None if text is None else text.upper()),
    "LOWER": (1, lambda text: None if text is None else text.lower()),
}

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
    "TYPE": ("name", "type"),
    "COMMENT": ("text", "comment"),
    "DAYS_TO_EXPIRY": ("text", "days_to_expiry"),
}
"""How a property's value is read, and the attribute of :class:`User` it sets ("" for taken and forgotten)."""

_NOT_FOR_SERVICES = frozenset({"FIRST_NAME", "LAST_NAME"})


def _replaced(user: User, attribute: str, text: str) -> User:
    changes: dict[str, str] = {attribute: text}
    return replace(user, **changes)  # type: ignore[arg-type]  # every attribute that gets here is text


def _title(expression: str) -> str:
    """What Snowflake prints above a column without a name: the expression, upper-cased outside quotes."""
    parts = expression.split("'")
    outside = [re.sub(r"\s+", " ", part.upper()) if index % 2 == 0 else part for index, part in enumerate(parts)]
    return "'".join(outside)[:200]


def _cell(text: str) -> str:
    """Quote a cell that would break the grid."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in "\t\n\r") else text


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S.000 +0000")


def _description(user: User) -> tuple[tuple[str, str, str, str], ...]:
    """The rows of DESCRIBE USER in the documented order; an empty value reads ``null``."""

    def yes(value: bool) -> str:
        return "true" if value else "false"

    def set_time(key: users.RegisteredKey | None) -> str:
        return _moment(key.set_at) if key else ""

    first, second = user.key_1, user.key_2
    rows = (
        ("NAME", user.name, "", "Name"),
        ("COMMENT", user.comment, "", "user comment associated to an object in the dictionary"),
        ("DISPLAY_NAME", user.display_name, "", "Display name of the associated object"),
        ("TYPE", user.type, "", "Type of the user"),
        ("LOGIN_NAME", user.login_name, "", "Login name of the user"),
        ("FIRST_NAME", user.first_name, "", "First name of the user"),
        ("MIDDLE_NAME", "", "", "Middle name of the user"),
        ("LAST_NAME", user.last_name, "", "Last name of the user"),
        ("EMAIL", user.email, "", "Email address of the user"),
        ("PASSWORD", "", "", "Password of the user"),
        ("MUST_CHANGE_PASSWORD", "false", "false", "User must change the password"),
        ("DISABLED", yes(user.disabled), "false", "Whether the user is disabled"),
        ("SNOWFLAKE_LOCK", yes(user.locked), "false", "Whether the user, account or organization is locked"),
        ("SNOWFLAKE_SUPPORT", "false", "false", "Snowflake Support may use the user or account"),
        ("DAYS_TO_EXPIRY", user.days_to_expiry, "", "User record will be treated as expired after this many days"),
        ("MINS_TO_UNLOCK", "15" if user.locked else "", "", "A temporary lock ends after this many minutes"),
        ("DEFAULT_WAREHOUSE", user.default_warehouse, "", "Default warehouse for this user"),
        ("DEFAULT_NAMESPACE", user.default_namespace, "", "Default database namespace prefix for this user"),
        ("DEFAULT_ROLE", user.default_role, "", "Primary principal of user session will be set to this role"),
        ("DEFAULT_SECONDARY_ROLES", '["ALL"]', '["ALL"]', "The secondary roles will be set to all roles provided here"),
        ("EXT_AUTHN_DUO", "false", "false", "Whether Duo Security is enabled as second factor authentication"),
        ("EXT_AUTHN_UID", "", "", "External authentication ID of the user"),
        ("HAS_MFA", "false", "false", "Whether the user is enrolled in multi-factor authentication"),
        ("HAS_PAT", "false", "false", "Whether the user has a programmatic access token"),
        ("HAS_WORKLOAD_IDENTITY", "false", "false", "Whether the user has workload identities"),
        ("MINS_TO_BYPASS_MFA", "", "", "Temporary bypass MFA for the user for this many minutes"),
        ("MINS_TO_BYPASS_NETWORK_POLICY", "", "", "Temporary bypass network policy on the user for this many minutes"),
        ("RSA_PUBLIC_KEY", first.text if first else "", "", "RSA public key of the user"),
        ("RSA_PUBLIC_KEY_FP", first.fingerprint if first else "", "", "Fingerprint of user's RSA public key"),
        ("RSA_PUBLIC_KEY_LAST_SET_TIME", set_time(first), "", "When the user's RSA public key was last set"),
        ("RSA_PUBLIC_KEY_2", second.text if second else "", "", "Second RSA public key of the user"),
        ("RSA_PUBLIC_KEY_2_FP", second.fingerprint if second else "", "", "Fingerprint of the second RSA public key"),
        ("RSA_PUBLIC_KEY_2_LAST_SET_TIME", set_time(second), "", "When the user's second RSA public key was last set"),
        ("PASSWORD_LAST_SET_TIME", "", "", "The timestamp on which the last non-null password was set for the user"),
        ("CUSTOM_LANDING_PAGE_URL", "", "", "Snowflake will redirect the user to this URL"),
        ("CUSTOM_LANDING_PAGE_URL_FLUSH_NEXT_UI_LOAD", "false", "false", "Cleared after the next load"),
        ("IS_FROM_ORGANIZATION_USER", "false", "false", "Whether the user comes from an organization user"),
    )  # fmt: skip
    return tuple((name, value or "null", default or "null", words) for name, value, default, words in rows)
