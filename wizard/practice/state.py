"""What the practice Snowflake knows: its users, its clock, the scenario that plays, and its memory of failed logins.

All of it is in one :class:`State`, behind one lock, bounded, and gone when it stops. Time and randomness are handed in.
What it does not imitate: data, roles beyond a handful, policies as objects, named key pairs, password logins.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from wizard.practice.doorkeeper import Refusal, failure_details
from wizard.practice.outcome import Outcome, Session
from wizard.practice.scenarios import SCENARIOS, Scenario, scenario
from wizard.practice.users import ADMINISTRATOR, User, first_users
from wizard.practice.wire import Asked

MAX_USERS = 200
MAX_REMEMBERED = 200
"""How many failed logins, connector sessions, request ids and pending statements are remembered, each."""

T = TypeVar("T")


class TooManyUsersError(Exception):
    """There is room for :data:`MAX_USERS` users."""


class State:
    """Everything that changes. ``now`` gives Unix seconds, ``new_uuid`` gives UUIDs."""

    def __init__(self, *, now: Callable[[], float] = time.time, new_uuid: Callable[[], uuid.UUID] = uuid.uuid4) -> None:
        self._now = now
        self._new_uuid = new_uuid
        self._lock = threading.RLock()
        self.forget()

    def forget(self) -> None:
        """Go back to the beginning."""
        with self._lock:
            self._scenario = SCENARIOS[0]
            self._users = {user.name: user for user in first_users(self._now())}
            self._key_admins: set[tuple[str, str]] = set()
            self._failures: OrderedDict[str, str] = OrderedDict()
            self._tries: OrderedDict[str, int] = OrderedDict()
            self._sessions: OrderedDict[str, Session] = OrderedDict()
            self._pending: OrderedDict[str, tuple[Outcome, int]] = OrderedDict()

    def locked(self, work: Callable[[], T]) -> T:
        """Do ``work`` while nobody else changes anything."""
        with self._lock:
            return work()

    # Scenarios.

    @property
    def scenario(self) -> Scenario:
        """The scenario that plays now."""
        with self._lock:
            return self._scenario

    def play(self, slug: str) -> Scenario:
        """Choose a scenario; raises ``KeyError`` for a slug that there isn't."""
        with self._lock:
            self._scenario = scenario(slug)
            self._tries.clear()
            return self._scenario

    def now(self) -> float:
        """The practice Snowflake's clock in Unix seconds: the real one, unless the scenario sets it wrong."""
        return self._now() + self.scenario.clock_off_seconds

    def true_now(self) -> float:
        """The real time, whatever the scenario says."""
        return self._now()

    # Users.

    def user(self, name: str) -> User | None:
        """The user of that (stored) name, as the scenario lets it be seen."""
        with self._lock:
            found = self._users.get(name)
            if found is None or found.name == ADMINISTRATOR or self._scenario.seen is None:
                return found
            return self._scenario.seen(found)

    def stored_user(self, name: str) -> User | None:
        """The user of that name as stored, whatever the scenario shows."""
        with self._lock:
            return self._users.get(name)

    def user_by_login(self, login_name: str) -> User | None:
        """The user who signs in with ``login_name``, in any case of letters."""
        wanted = login_name.upper()
        with self._lock:
            for name in self._users:
                seen = self.user(name)
                if seen is not None and seen.login_name.upper() == wanted:
                    return seen
        return None

    def user_names(self) -> tuple[str, ...]:
        """The names of all users, in the order of their making."""
        with self._lock:
            return tuple(self._users)

    def store(self, user: User) -> None:
        """Keep ``user``, new or changed. Raises :class:`TooManyUsersError`."""
        with self._lock:
            if user.name not in self._users and len(self._users) >= MAX_USERS:
                raise TooManyUsersError
            self._users[user.name] = user

    def let_role_set_keys(self, role: str, user: str) -> None:
        """Remember GRANT MODIFY PROGRAMMATIC AUTHENTICATION METHODS ON USER ``user`` TO ROLE ``role``."""
        with self._lock:
            if len(self._key_admins) < MAX_REMEMBERED:
                self._key_admins.add((role, user))

    def role_may_set_keys(self, role: str, user: str) -> bool:
        """Whether that grant was given."""
        with self._lock:
            return (role, user) in self._key_admins

    # Logins, sessions and statements.

    def fail(self, refusal: Refusal, asked: Asked) -> str:
        """Remember a refused login and return the UUID that the client is told."""
        failure = str(self._new_uuid())
        details = failure_details(
            refusal, client=asked.client, agent=asked.headers.get("user-agent", ""), at=self.now()
        )
        with self._lock:
            _remember(self._failures, failure, details)
        return failure

    def details_of(self, failure: str) -> str | None:
        """The JSON about a refused login, or ``None`` for a UUID that isn't known (any more)."""
        with self._lock:
            return self._failures.get(failure.strip().lower())

    def count_try(self, request_id: str) -> int:
        """How many times this request was sent, this one included."""
        with self._lock:
            tries = self._tries.get(request_id, 0) + 1
            _remember(self._tries, request_id, tries)
            return tries

    def open_session(self, session: Session) -> str:
        """Begin a client's session and return its token."""
        token = f"practice-{self._new_uuid()}"
        with self._lock:
            _remember(self._sessions, token, session)
        return token

    def session(self, token: str) -> Session | None:
        """The session of that token."""
        with self._lock:
            return self._sessions.get(token)

    def keep_session(self, token: str, session: Session | None) -> None:
        """Replace a client's session, or end it with ``None``."""
        with self._lock:
            if session is None:
                self._sessions.pop(token, None)
            elif token in self._sessions:
                self._sessions[token] = session

    def put_off(self, handle: str, outcome: Outcome, polls: int) -> None:
        """Hold a statement's outcome back until it has been asked for ``polls`` times."""
        with self._lock:
            _remember(self._pending, handle, (outcome, polls))

    def collect(self, handle: str) -> tuple[Outcome, bool] | None:
        """The outcome of a statement and whether it is done; ``None`` for a handle that isn't known."""
        with self._lock:
            if handle not in self._pending:
                return None
            outcome, polls = self._pending[handle]
            self._pending[handle] = (outcome, max(0, polls - 1))
            return outcome, polls <= 1

    def fresh_uuid(self) -> str:
        """A new UUID, for statement handles."""
        return str(self._new_uuid())


def _remember(memory: OrderedDict[str, Any], key: str, value: object) -> None:
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > MAX_REMEMBERED:
        memory.popitem(last=False)
