"""What stands between a good token and a session, and the words in which a login is refused."""

from __future__ import annotations

from http import HTTPStatus

from wizard.practice.doorkeeper import Refusal, judge
from wizard.practice.state import State
from wizard.practice.users import ADMINISTRATOR, User

# Refusals that name themselves, as reported by users of the real one; the HTTP status is our choice for all of them.
_TOLD = {
    "390422": (HTTPStatus.FORBIDDEN, "Incoming request with IP/Token {client} is not allowed to access Snowflake."),
    "390202": (HTTPStatus.UNAUTHORIZED, "Authentication attempt rejected by the current authentication policy."),
    "390101": (HTTPStatus.UNAUTHORIZED, "User access disabled. Contact your local system administrator."),
    "390102": (
        HTTPStatus.UNAUTHORIZED,
        "User temporarily locked. Try again later, or contact your local system administrator.",
    ),
}


def log_in(state: State, token: str, max_age_seconds: int) -> User | Refusal:
    """Judge ``token`` and everything that can stand between a good token and a session."""
    forced = state.scenario.refuses
    if forced == "390422":  # Snowflake looks at the network policy before the token
        return Refusal(forced)
    found = judge(token, now=state.now(), find_login=state.user_by_login, max_age_seconds=max_age_seconds)
    if isinstance(found, Refusal) or found.name == ADMINISTRATOR:
        return found
    if found.disabled:
        return Refusal("390101", found.name)
    if found.locked:
        return Refusal("390102", found.name)
    if forced and forced != "391920":
        return Refusal(forced, found.name)
    return found


def refusal_words(code: str, *, client: str, failure: str) -> tuple[HTTPStatus, str, str]:
    """HTTP status, code and message of a refused login; ``failure`` is the UUID where it says no more than 390144."""
    if code in _TOLD:
        status, message = _TOLD[code]
        return status, code, message.format(client=client)
    return HTTPStatus.UNAUTHORIZED, "390144", f"JWT token is invalid. [{failure}]"
