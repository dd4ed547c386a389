"""What stands between a good token and a session, and the words in which a login is refused."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from wizard.practice.doorkeeper import Refusal, judge
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
    Code.USER_DISABLED: (HTTPStatus.UNAUTHORIZED, "User access disabled. Contact your local system administrator."),
    Code.USER_LOCKED: (
        HTTPStatus.UNAUTHORIZED,
        "User temporarily locked. Try again later, or contact your local system administrator.",
    ),
}


def log_in(state: State, token: str, max_age_seconds: int, client: str) -> User | Refusal:
    """Judge ``token`` and everything that can stand between a good token and a session. ``client`` is an address."""
    forced = state.scenario.refuses
    found = judge(token, now=state.now(), find_login=state.user_by_login, max_age_seconds=max_age_seconds)
    user = state.user(found.user) if isinstance(found, Refusal) else found
    # Snowflake looks at the network policy before the token.
    if user and (policy := state.policy("network", user.network_policy)) and not policy.lets_in(client):
        return Refusal(Code.NETWORK_POLICY, user.name)
    if isinstance(found, Refusal) or found.name == ADMINISTRATOR:
        return found
    if found.disabled:
        return Refusal(Code.USER_DISABLED, found.name)
    if found.locked:
        return Refusal(Code.USER_LOCKED, found.name)
    if (policy := state.policy("authentication", found.authentication_policy)) and not policy.lets_in("KEYPAIR"):
        return Refusal(Code.AUTHENTICATION_POLICY, found.name)
    if forced and forced != Code.WAREHOUSE_DEMANDED:
        return Refusal(forced, found.name)
    return found


def refusal_words(code: str, *, client: str, failure: str) -> tuple[HTTPStatus, str, str]:
    """HTTP status, code and message of a refused login; ``failure`` is the UUID where it says no more than 390144."""
    if code in _TOLD:
        status, message = _TOLD[code]
        return status, code, message.format(client=client)
    return HTTPStatus.UNAUTHORIZED, Code.JWT_TOKEN_INVALID, f"JWT token is invalid. [{failure}]"
