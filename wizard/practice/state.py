"""What the practice Snowflake knows: its users, its clock, the scenario that plays, and its memory of failed logins.

All of it is in one :class:`State`, behind one lock, bounded, and gone when it stops. Time and randomness are handed in.
What it does not imitate: data, roles beyond a handful, policies of the whole account, password logins.

What a scenario breaks about a user is broken in the user's own record, so whatever SQL mends it has mended it. Choosing
another scenario puts back what is still as the scenario left it, and leaves alone what somebody has changed since.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

from wizard.practice.doorkeeper import Refusal, failure_details
from wizard.practice.logins import TriedLogin
from wizard.practice.outcome import Outcome, Session
from wizard.practice.policies import Kind, Policy
from wizard.practice.scenarios import SCENARIOS, Scenario, scenario
from wizard.practice.users import ADMINISTRATOR, FIRST_NAMES, User, first_users
from wizard.practice.wire import Asked

MAX_USERS = 200
MAX_POLICIES = 50
"""Above these the oldest that a visitor made gives way to a new one."""
MAX_REMEMBERED = 200
"""How many grants, failed logins, connector sessions, request ids and pending statements are remembered, each."""

T = TypeVar("T")


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
            self._before: dict[str, tuple[User, User | None]] = {}  # as each user was, and as the scenario left them
            self._policies: dict[tuple[Kind, str], Policy] = {}
            self._key_admins: OrderedDict[tuple[str, str], None] = OrderedDict()
            self._failures: OrderedDict[str, str] = OrderedDict()
            self._tries: OrderedDict[str, int] = OrderedDict()
            self._logins: deque[TriedLogin] = deque(maxlen=MAX_REMEMBERED)
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
        """Choose a scenario, which ends the one before; raises ``KeyError`` for a slug that there isn't."""
        chosen = scenario(slug)
        with self._lock:
            self._put_back()
            self._scenario = chosen
            self._break(chosen)
            self._tries.clear()
            return chosen

    def is_broken(self, user: str = "") -> bool:
        """Whether what the scenario broke is broken still: for the user of that name, else for anybody."""
        with self._lock:
            if self._scenario.sets is None:
                return self._scenario is not SCENARIOS[0]
            known = self._known()
            return any(map(self._is_as_set, {user} if user in known else known))

    def broken_users(self) -> frozenset[str]:
        """The names of those who are as the scenario leaves users."""
        with self._lock:
            return frozenset(filter(self._is_as_set, self._known()))

    def _known(self) -> set[str]:
        return {*self._users, *self._before} - {ADMINISTRATOR}

    def _is_as_set(self, name: str) -> bool:
        user, sets, policy = self._users.get(name), self._scenario.sets, self._scenario.policy
        if sets is None or (policy and self._policies.get((policy.kind, policy.name)) != policy):
            return False
        return user is None or sets(user) == user

    def _break(self, chosen: Scenario) -> None:
        if chosen.policy is not None:
            self._policies[chosen.policy.kind, chosen.policy.name] = chosen.policy
        for name, user in list(self._users.items()):
            if chosen.sets is None or name == ADMINISTRATOR:
                continue
            left = chosen.sets(user)
            self._before[name] = (user, left)
            if left is None:
                del self._users[name]
            else:
                self._users[name] = left

    def _put_back(self) -> None:
        came_later = {name: user for name, user in self._users.items() if name not in self._before}
        back = {name: _put_back(*self._before[name], self._users.get(name)) for name in self._before}
        administrator = came_later.pop(ADMINISTRATOR)
        self._users = {ADMINISTRATOR: administrator, **back, **came_later}
        self._before.clear()
        if self._scenario.policy is not None:
            self._policies.pop((self._scenario.policy.kind, self._scenario.policy.name), None)

    def now(self) -> float:
        """The practice Snowflake's clock in Unix seconds: the real one, unless the scenario sets it wrong."""
        return self._now() + self.scenario.clock_off_seconds

    def true_now(self) -> float:
        """The real time, whatever the scenario says."""
        return self._now()

    # Users.

    def user(self, name: str) -> User | None:
        """The user of that (stored) name."""
        with self._lock:
            return self._users.get(name)

    def user_by_login(self, login_name: str) -> User | None:
        """The user who signs in with ``login_name``, in any case of letters."""
        wanted = login_name.upper()
        with self._lock:
            return next((user for user in self._users.values() if user.login_name.upper() == wanted), None)

    def is_login_name_taken(self, login_name: str, name: str) -> bool:
        """Whether somebody else than the user ``name`` signs in so, or will again when the scenario ends."""
        wanted = login_name.upper()
        with self._lock:
            users = [*self._users.values(), *(before for before, _ in self._before.values())]
            return any(user.login_name.upper() == wanted for user in users if user.name != name)

    def user_names(self) -> tuple[str, ...]:
        """The names of all users, in the order of their making."""
        with self._lock:
            return tuple(self._users)

    def note_use(self, name: str, pair: str) -> None:
        """Remember that a user has logged in with a named key pair, now."""
        with self._lock:
            user = self._users.get(name)
            used = user.pair(pair) if user else None
            if user and used:
                self._users[name] = user.with_pair(pair, replace(used, last_used_at=self.now()))

    def note_login(self, user: str, client: str, code: str) -> None:
        """Remember that somebody tried to log in, now; ``code`` is that of the refusal, ``""`` for who was let in."""
        with self._lock:
            self._logins.appendleft(TriedLogin(self.now(), user, client, code))

    def logins_of(self, name: str) -> tuple[TriedLogin, ...]:
        """The last logins of a user, the newest first."""
        with self._lock:
            return tuple(tried for tried in self._logins if tried.user == name)

    def store(self, user: User) -> None:
        """Keep ``user``, new or changed."""
        with self._lock:
            known = dict.fromkeys((*self._before, *self._users))
            if user.name not in known and len(known) >= MAX_USERS:
                oldest = next(name for name in known if name not in FIRST_NAMES)
                self._users.pop(oldest, None)
                self._before.pop(oldest, None)
            self._users[user.name] = user

    def policy(self, kind: Kind, name: str) -> Policy | None:
        """The policy of that kind and name."""
        with self._lock:
            return self._policies.get((kind, name))

    def policies(self, kind: Kind) -> tuple[Policy, ...]:
        """All policies of a kind, in the order of their making."""
        with self._lock:
            return tuple(policy for policy in self._policies.values() if policy.kind == kind)

    def keep_policy(self, policy: Policy) -> None:
        """Keep ``policy``, new or changed."""
        with self._lock:
            if (policy.kind, policy.name) not in self._policies and len(self._policies) >= MAX_POLICIES:
                del self._policies[self._least_missed_policy()]
            self._policies[policy.kind, policy.name] = policy

    def _least_missed_policy(self) -> tuple[Kind, str]:
        """The oldest that is not the scenario's, of those that nobody has, if there are any."""
        plays = self._scenario.policy
        made = [known for known in self._policies if plays is None or known != (plays.kind, plays.name)]
        had = {("network", user.network_policy) for user in self._users.values()}
        had |= {("authentication", user.authentication_policy) for user in self._users.values()}
        return next((known for known in made if known not in had), made[0])

    def let_role_set_keys(self, role: str, user: str) -> None:
        """Remember GRANT MODIFY PROGRAMMATIC AUTHENTICATION METHODS ON USER ``user`` TO ROLE ``role``."""
        with self._lock:
            _remember(self._key_admins, (role, user), None)

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


def _put_back(before: User, left: User | None, now: User | None) -> User:
    """Return a user as they are after a scenario: ``before`` it, but for what is not any more as the scenario left it.

    Where there was no such user meanwhile, one that was made since counts as changed where something was said of it.
    """
    if now is None:
        return before
    left = left or User(now.name, now.name, display_name=now.name, created_at=now.created_at)
    changed = {field.name: getattr(now, field.name) for field in fields(User)
               if getattr(now, field.name) != getattr(left, field.name)}  # fmt: skip
    if "roles" in changed:  # nothing here takes a role away
        changed["roles"] = before.roles | now.roles
    return replace(before, **changed)


def _remember(memory: OrderedDict[Any, Any], key: object, value: object) -> None:
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > MAX_REMEMBERED:
        memory.popitem(last=False)
