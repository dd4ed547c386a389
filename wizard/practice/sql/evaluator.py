"""Run the SQL that the wizard prints, and answer as a worksheet does: a grid, or Snowflake's own words of refusal.

Only what a key pair needs: ALTER, DESCRIBE and CREATE USER, named key pairs, two kinds of GRANT, SHOW of grants and
warehouses, policies that keep a login out, USE ROLE and USE WAREHOUSE, and SELECT of context functions. A run happens
under the lock of the state, one statement after the other, and the first one that fails ends it.

Grammar: https://docs.snowflake.com/en/sql-reference/sql/alter-user, /desc-user, /create-user (checked 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from wizard.practice import users
from wizard.practice.logins import TriedLogin
from wizard.practice.outcome import Outcome, Result, Session, SqlError
from wizard.practice.policies import Kind
from wizard.practice.sql import key_pairs, policies
from wizard.practice.sql.cursor import Cursor, RefusedError, compilation, not_allowed, unknown
from wizard.practice.sql.description import COLUMNS, description, moment
from wizard.practice.sql.login_history import asks_for_logins, login_history
from wizard.practice.sql.properties import changed, read_changes, read_unset
from wizard.practice.sql.reader import SqlTextError, Statement, read_statements
from wizard.practice.sql.select import select
from wizard.practice.state import State
from wizard.practice.users import ADMIN_ROLES, User
from wizard.snowflake.codes import Code

DONE = "Statement executed successfully."
MAX_SHOWN = 60_000
"""Characters of what the statements of a worksheet give, all together: after so much none is run any more."""
_OWN_PROPERTIES = frozenset({"DEFAULT_ROLE", "DEFAULT_WAREHOUSE", "DEFAULT_NAMESPACE"})
_KEY_PROPERTIES = frozenset({"RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2"})
SHOWN_ENOUGH = SqlError(
    Code.OPERATION_IMPOSSIBLE,
    "54000",
    f"What ran before this shows more than {MAX_SHOWN:,} characters, and after so much this worksheet runs nothing. "
    "Run the rest by itself.",
)

Grid = tuple[tuple[str, ...], tuple[tuple[str | None, ...], ...]]


def first_session(state: State, user: str) -> Session:
    """Return the session a user begins with: the default role if granted, else PUBLIC, and the default warehouse."""
    found = state.user(user)
    if found is None:
        return Session(user)
    role = found.default_role if found.default_role and found.holds_role(found.default_role) else "PUBLIC"
    warehouse = found.default_warehouse if found.default_warehouse in users.WAREHOUSES else ""
    return Session(user, role, warehouse)


def run(state: State, sql: str, session: Session) -> Outcome:
    """Run every statement of ``sql`` as ``session``; never raises."""
    try:
        statements = read_statements(sql)
    except SqlTextError as problem:
        return Outcome((Result(sql[:200], error=SqlError(Code.SYNTAX, "42000", problem.message)),), session)
    return state.locked(lambda: _run_all(state, sql, statements, session))


def _run_all(state: State, sql: str, statements: tuple[Statement, ...], session: Session) -> Outcome:
    user = state.user(session.user)
    if user is None or not user.holds_role(session.role):
        session = Session(session.user)
    results: list[Result] = []
    shown = 0
    for statement in statements:
        if shown > MAX_SHOWN:
            results.append(Result(statement.text, error=SHOWN_ENOUGH))
            break
        work = _Work(state, Cursor(sql, statement), session)
        try:
            columns, rows = work.run()
        except RefusedError as refusal:
            results.append(Result(statement.text, error=refusal.error))
            break
        session = work.session
        results.append(Result(statement.text, columns, rows))
        shown += len(results[-1].as_copied)
    return Outcome(tuple(results), session)


def _status(text: str = DONE) -> Grid:
    return ("status",), ((text,),)


@dataclass
class _Work:
    """One statement on its way, and the session it runs in."""

    state: State
    cursor: Cursor
    session: Session

    def run(self) -> Grid:
        work = next((work for words, work in _STATEMENTS if self.cursor.accept(*words)), None)
        if work is None:
            self.cursor.unexpected()
        return work(self)

    @property
    def _is_administrator(self) -> bool:
        return self.session.role in ADMIN_ROLES

    def use_role(self) -> Grid:
        role = self.cursor.name()
        self.cursor.end()
        if role not in users.ROLES:
            raise unknown("Role", role)
        user = self.state.user(self.session.user)
        kept_from = self.session.restricted and role != self.session.role
        if user is None or kept_from or not user.holds_role(role):
            raise RefusedError(
                Code.ROLE_NOT_ASSIGNED, "42501",
                f"SQL access control error:\nRequested role '{role}' is not assigned to the executing user. "
                "Specify another role to activate.",
            )  # fmt: skip
        self.session = replace(self.session, role=role)
        return _status()

    def use_warehouse(self) -> Grid:
        warehouse = self.cursor.name()
        self.cursor.end()
        if warehouse not in users.WAREHOUSES:
            raise compilation(
                Code.OPERATION_IMPOSSIBLE, "02000", "Object does not exist, or operation cannot be performed."
            )
        self.session = replace(self.session, warehouse=warehouse)
        return _status()

    def alter_user(self) -> Grid:
        cursor = self.cursor
        if_exists = cursor.accept("IF", "EXISTS")
        myself = (cursor.sees("SET") or cursor.sees("UNSET")) and cursor.peek(1).value not in ("SET", "UNSET")
        name = self.session.user if myself or key_pairs.is_about_key_pairs(cursor) else cursor.name()
        if key_pairs.is_about_key_pairs(cursor):
            return self._change_key_pairs(name, if_exists=if_exists)
        removing = cursor.accept("UNSET")
        if not removing:
            cursor.expect("SET")
        if cursor.accept("AUTHENTICATION", "POLICY"):
            return self._set_authentication_policy(name, "" if removing else policies.policy_name(cursor))
        changes = read_unset(cursor) if removing else read_changes(cursor)
        cursor.end()
        stored = self.state.user(name)
        if stored is None:
            if if_exists:
                return _status()
            raise unknown("User", name)
        if not self._may_alter(name, frozenset(changes)):
            raise not_allowed(f"user '{name}'")
        if policy := changes.get("NETWORK_POLICY"):
            policies.known_policy(self.state, "network", policy)
        user = changed(stored, changes, self.state.now())
        self._need_free_login_name(user)
        self.state.store(user)
        return _status()

    def _change_key_pairs(self, name: str, *, if_exists: bool) -> Grid:
        change = key_pairs.read_change(self.cursor)
        user = self.state.user(name)
        if user is None:
            if if_exists:
                return _status()
            raise unknown("User", name)
        if not self._may_set_keys(name):
            raise not_allowed(f"user '{name}'")
        self.state.store(change(user, self.state.now(), self.session.user))
        return _status()

    def _set_authentication_policy(self, name: str, policy: str) -> Grid:
        forced = self.cursor.accept("FORCE")
        self.cursor.end()
        user = self.state.user(name)
        if user is None:
            raise unknown("User", name)
        self._need_policies(f"user '{name}'")
        if policy:
            policies.known_policy(self.state, "authentication", policy)
            if user.authentication_policy and not forced:
                raise compilation(
                    Code.OBJECT_EXISTS, "42710",
                    f"Object {name} already has a AUTHENTICATION_POLICY. Only one AUTHENTICATION_POLICY is allowed at "
                    "a time.",
                )  # fmt: skip
        self.state.store(replace(user, authentication_policy=policy))
        return _status()

    def _need_policies(self, what: str) -> None:
        if self.session.role not in ("ACCOUNTADMIN", "SECURITYADMIN"):
            raise not_allowed(what)

    def create_policy(self, kind: Kind) -> Grid:
        self._need_policies(f"account '{users.ACCOUNT}'")
        return _status(policies.create(self.state, self.cursor, kind))

    def alter_policy(self, kind: Kind) -> Grid:
        self._need_policies(f"{kind} policy")
        policies.alter(self.state, self.cursor, kind)
        return _status()

    def describe_policy(self, kind: Kind) -> Grid:
        self._need_policies(f"{kind} policy")
        return ("property", "value"), policies.describe(self.state, self.cursor, kind)

    def show_policies(self, kind: Kind) -> Grid:
        self._need_policies(f"account '{users.ACCOUNT}'")
        return policies.show(self.state, self.cursor, kind)

    def show_network_policy(self) -> Grid:
        """The one parameter that there is here, of a user or of the account, which has none."""
        if self.cursor.string().upper() != "NETWORK_POLICY":
            raise compilation(Code.SYNTAX, "42000", "The practice Snowflake has no parameter but NETWORK_POLICY.")
        self.cursor.expect("IN")
        if self.cursor.accept("ACCOUNT"):
            self.cursor.end()
            policy = ""
        else:
            self.cursor.expect("USER")
            policy = self._user_to_look_at().network_policy
        level = "USER" if policy else ""
        columns = ("key", "value", "default", "level", "description")
        return columns, (("NETWORK_POLICY", policy, "", level, "Network policy assigned for the target."),)

    def show_warehouses(self) -> Grid:
        self.cursor.end()
        return ("name", "state", "type", "size"), tuple(
            (name, "SUSPENDED", "STANDARD", "X-Small") for name in sorted(users.WAREHOUSES)
        )

    def _may_alter(self, name: str, properties: frozenset[str]) -> bool:
        if self._is_administrator or (name == self.session.user and properties <= _OWN_PROPERTIES):
            return True
        return properties <= _KEY_PROPERTIES and self._may_set_keys(name)

    def _may_set_keys(self, name: str) -> bool:
        return self._is_administrator or self.state.role_may_set_keys(self.session.role, name)

    def _need_free_login_name(self, user: User) -> None:
        if self.state.is_login_name_taken(user.login_name, user.name):
            raise compilation(Code.OBJECT_EXISTS, "42710", f"Object '{user.login_name}' already exists.")

    def describe_user(self) -> Grid:
        return COLUMNS, description(self._user_to_look_at())

    def _user_to_look_at(self) -> User:
        name = self.cursor.name()
        self.cursor.end()
        user = self.state.user(name)
        if user is None:
            raise unknown("User", name)
        if name != self.session.user and not self._is_administrator:
            raise not_allowed(f"user '{name}'")
        return user

    def create_user(self) -> Grid:
        cursor = self.cursor
        if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
        name = cursor.name()
        changes = read_changes(cursor, may_be_empty=True)
        cursor.end()
        if not self._is_administrator:
            raise not_allowed(f"account '{users.ACCOUNT}'")
        if self.state.user(name) is not None:
            if if_not_exists:
                return _status(f"{name} already exists, statement succeeded.")
            raise compilation(Code.OBJECT_EXISTS, "42710", f"Object '{name}' already exists.")
        now = self.state.now()
        user = changed(User(name, name, display_name=name, created_at=now), changes, now)
        self._need_free_login_name(user)
        self.state.store(user)
        return _status(f"User {name} successfully created.")

    def grant_role(self) -> Grid:
        role = self.cursor.name()
        self.cursor.expect("TO", "USER")
        name = self.cursor.name()
        self.cursor.end()
        if role not in users.ROLES:
            raise unknown("Role", role)
        user = self.state.user(name)
        if user is None:
            raise unknown("User", name)
        # Every role here was made by USERADMIN, so the administrator's roles may all hand it on.
        if not self._is_administrator:
            raise not_allowed(f"role '{role}'")
        self.state.store(replace(user, roles=user.roles | {role}))
        return _status()

    def grant_warehouse(self) -> Grid:
        """Every role may use every warehouse here, so that nothing changes."""
        warehouse = self.cursor.name()
        self.cursor.expect("TO", "ROLE")
        role = self.cursor.name()
        self.cursor.end()
        for known, kind, name in ((users.WAREHOUSES, "Warehouse", warehouse), (users.ROLES, "Role", role)):
            if name not in known:
                raise unknown(kind, name)
        if not self._is_administrator:
            raise not_allowed(f"warehouse '{warehouse}'")
        return _status()

    def grant_key_setting(self) -> Grid:
        name = self.cursor.name()
        self.cursor.expect("TO", "ROLE")
        role = self.cursor.name()
        self.cursor.end()
        if self.state.user(name) is None:
            raise unknown("User", name)
        if role not in users.ROLES:
            raise unknown("Role", role)
        if not self._is_administrator:
            raise not_allowed(f"user '{name}'")
        self.state.let_role_set_keys(role, name)
        return _status()

    def change_nothing(self) -> Grid:
        """COMMIT and its kin: clients send them on their own, and there is nothing here that they could do."""
        self.cursor.accept("WORK")
        self.cursor.accept("TRANSACTION")
        self.cursor.end()
        return _status()

    def show_grants(self) -> Grid:
        user = self._user_to_look_at()
        since = moment(user.created_at)
        return (
            ("created_on", "role", "granted_to", "grantee_name", "granted_by"),
            tuple((since, role, "USER", user.name, "USERADMIN") for role in sorted(user.roles)),
        )

    def show_key_pairs(self) -> Grid:
        """The named ones. Whether Snowflake lists the slots as well is not documented."""
        name = self.cursor.name() if self.cursor.accept("FOR", "USER") else self.session.user
        self.cursor.end()
        user = self.state.user(name)
        if user is None:
            raise unknown("User", name)
        if name != self.session.user and not self._may_set_keys(name):
            raise not_allowed(f"user '{name}'")
        return key_pairs.COLUMNS, key_pairs.listed(user, self.state.now())

    def select(self) -> Grid:
        if asks_for_logins(self.cursor):
            return login_history(self.cursor, self._logins)
        columns, row = select(self.cursor, self.session, self._failure_details)
        return columns, (row,)

    def _logins(self, name: str) -> Sequence[TriedLogin]:
        if name != self.session.user and not self._is_administrator:
            raise not_allowed(f"user '{name}'")
        return self.state.logins_of(name)

    def _failure_details(self, failure: str) -> str | None:
        if self.session.role not in ("ACCOUNTADMIN", "SECURITYADMIN"):
            raise not_allowed("function 'SYSTEM$GET_LOGIN_FAILURE_DETAILS'")
        return self.state.details_of(failure)


_STATEMENTS: tuple[tuple[tuple[str, ...], Callable[[_Work], Grid]], ...] = (
    (("USE", "ROLE"), _Work.use_role),
    (("USE", "WAREHOUSE"), _Work.use_warehouse),
    (("ALTER", "USER"), _Work.alter_user),
    (("DESC", "USER"), _Work.describe_user),
    (("DESCRIBE", "USER"), _Work.describe_user),
    (("CREATE", "USER"), _Work.create_user),
    (("GRANT", "ROLE"), _Work.grant_role),
    (("GRANT", "USAGE", "ON", "WAREHOUSE"), _Work.grant_warehouse),
    (("GRANT", "MODIFY", "PROGRAMMATIC", "AUTHENTICATION", "METHODS", "ON", "USER"), _Work.grant_key_setting),
    (("SHOW", "GRANTS", "TO", "USER"), _Work.show_grants),
    (("SHOW", "USER", "KEY", "PAIRS"), _Work.show_key_pairs),
    (("SHOW", "PARAMETERS", "LIKE"), _Work.show_network_policy),
    (("SHOW", "WAREHOUSES"), _Work.show_warehouses),
    (("CREATE", "NETWORK", "POLICY"), lambda work: work.create_policy("network")),
    (("ALTER", "NETWORK", "POLICY"), lambda work: work.alter_policy("network")),
    (("DESC", "NETWORK", "POLICY"), lambda work: work.describe_policy("network")),
    (("DESCRIBE", "NETWORK", "POLICY"), lambda work: work.describe_policy("network")),
    (("SHOW", "NETWORK", "POLICIES"), lambda work: work.show_policies("network")),
    (("CREATE", "AUTHENTICATION", "POLICY"), lambda work: work.create_policy("authentication")),
    (("ALTER", "AUTHENTICATION", "POLICY"), lambda work: work.alter_policy("authentication")),
    (("DESC", "AUTHENTICATION", "POLICY"), lambda work: work.describe_policy("authentication")),
    (("DESCRIBE", "AUTHENTICATION", "POLICY"), lambda work: work.describe_policy("authentication")),
    (("SHOW", "AUTHENTICATION", "POLICIES"), lambda work: work.show_policies("authentication")),
    (("SELECT",), _Work.select),
    (("BEGIN",), _Work.change_nothing),
    (("COMMIT",), _Work.change_nothing),
    (("ROLLBACK",), _Work.change_nothing),
)
