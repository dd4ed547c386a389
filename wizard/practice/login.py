"""What stands between a good token and a session, and the words in which a login is refused."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from wizard.practice.doorkeeper import Refusal, Visitor, judge
from wizard.practice.state import State
from wizard.practice.users import ADMINISTRATOR, User
from wizard.snowflake.codes import Code

# Refusals that name themselves, as reported by users of the real one; the HTTP status is our choice for all of them.
_TOLD: Mapping[str, tuple[HTTPStatus, str]] = {
    Code.NETWORK_POLICY: (
        HTTPStatus.FORBIDDEN,
        "Incoming request with IP/Token {client} is not allowed to access Snowflake.",
    ),
    Code.AUTHENTICATION_POLICY: (
        HTTPStatus.UNAUTHORIZED,
        "Authentication attempt rejected by the current authentication policy.",
    ),
    Code.ROLE_NOT_GRANTED: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The role asked for is not the one that the role restriction of the key pair allows.",
    ),
    Code.USER_DISABLED: (HTTPStatus.UNAUTHORIZED, "User access disabled. Contact your local system administrator."),
    Code.USER_LOCKED: (
        HTTPStatus.UNAUTHORIZED,
        "User temporarily locked. Try again later, or contact your local system administrator.",
    ),
}


def log_in(state: State, token: str, max_age_seconds: int, client: str, role: str | None) -> Visitor | Refusal:
    """Judge ``token`` and everything that can stand between a good token and a session.

    ``client`` is an address, ``role`` the one that is asked for (stored name), ``""`` for none, and ``None`` for a
    request that can't ask for one.
    """
    found = _judged(state, token, max_age_seconds, client, role)
    name, code = (found.user, found.code) if isinstance(found, Refusal) else (found.user.name, "")
    state.note_login(name if state.user(name) else "", client, code)
    return found


def _judged(state: State, token: str, max_age_seconds: int, client: str, role: str | None) -> Visitor | Refusal:
    playing = state.scenario
    found = judge(
        token,
        now=state.now(),
        find_login=state.user_by_login,
        max_age_seconds=max_age_seconds,
        claim=playing.claim,
        future=playing.future,
    )
    user = state.user(found.user) if isinstance(found, Refusal) else found.user
    # Snowflake looks at the network policy before the token.
    if user and (policy := state.policy("network", user.network_policy)) and not policy.lets_in(client):
        return Refusal(Code.NETWORK_POLICY, user.name)
    if isinstance(found, Refusal):
        return found
    if code := _kept_out(state, found.user) or _not_the_role(found, role):
        return Refusal(code, found.user.name)
    if found.pair is not None:
        state.note_use(found.user.name, found.pair.name)
    return found


def _kept_out(state: State, user: User) -> str:
    if user.name == ADMINISTRATOR:
        return ""
    if user.disabled:
        return Code.USER_DISABLED
    if user.locked:
        return Code.USER_LOCKED
    if (policy := state.policy("authentication", user.authentication_policy)) and not policy.lets_in("KEYPAIR"):
        return Code.AUTHENTICATION_POLICY
    forced = state.scenario.refuses
    return "" if forced == Code.WAREHOUSE_DEMANDED else forced


def _not_the_role(visitor: Visitor, role: str | None) -> str:
    """A restricted key pair lets in whoever asks for its role, and has it.

    Whether it is enough that the role is the user's default one is not documented: here it has to be asked for.
    """
    only = visitor.pair.role if visitor.pair else ""
    if not only or (role in (None, only) and visitor.user.holds_role(only)):
        return ""
    return Code.ROLE_NOT_GRANTED


def refusal_words(code: str, *, client: str, failure: str) -> tuple[HTTPStatus, str, str]:
    """HTTP status, code and message of a refused login; ``failure`` is the UUID where it says no more than 390144."""
    if code in _TOLD:
        status, message = _TOLD[code]
        return status, code, message.format(client=client)
    return HTTPStatus.UNAUTHORIZED, Code.JWT_TOKEN_INVALID, f"JWT token is invalid. [{failure}]"
