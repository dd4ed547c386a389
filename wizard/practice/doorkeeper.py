"""Judge a key pair token as strictly as Snowflake does, and keep the true reason for the administrator.

Rules and codes: https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting and
https://docs.snowflake.com/en/developer-guide/sql-api/authenticating (checked 2026-11). The client is told 390144 and
a UUID, whatever the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wizard.practice.users import CLAIM, KeyPair, RegisteredKey, User
from wizard.snowflake.clock import LOGIN_AGE, TOKEN_AGE
from wizard.snowflake.codes import FAILURE_NAMES, Code

MAX_TOKEN_CHARACTERS = 8_192


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a login is refused: the exact code, and the user if one was recognised."""

    code: str
    user: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody whose token is good, and the named key pair that it was signed with; ``None`` for a key in a slot."""

    user: User
    pair: KeyPair | None = None

    @property
    def is_restricted(self) -> bool:
        """Whether the key pair lets a session have one role and no other."""
        return self.pair is not None and bool(self.pair.role)


def judge(
    token: str,
    *,
    now: float,
    find_login: Callable[[str], User | None],
    max_age_seconds: int = TOKEN_AGE,
    claim: str = CLAIM,
    future: float = LOGIN_AGE,
) -> Visitor | Refusal:
    """Return who ``token`` logs in, or the :class:`Refusal`.

    ``find_login`` finds a user by (upper-case) login name; ``max_age_seconds`` is how old the token may be on arrival,
    ``future`` by how many seconds it may be from the future; ``claim`` is the account's name in it.
    """
    import jwt

    if len(token) > MAX_TOKEN_CHARACTERS:
        return Refusal(Code.JWT_TOKEN_INVALID)
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False, "verify_exp": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return Refusal(Code.JWT_TOKEN_INVALID)
    if header.get("alg") != "RS256":
        return Refusal(Code.JWT_TOKEN_INVALID_ALGORITHM)
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not isinstance(issuer, str) or not isinstance(subject, str):
        return Refusal(Code.JWT_TOKEN_INVALID)
    before, _, digest = issuer.rpartition(".SHA256:")
    account, _, login_name = before.partition(".")
    if not (digest and account and login_name) or subject != before or before != before.upper():
        return Refusal(Code.JWT_TOKEN_INVALID)
    if account != claim:
        # An account that takes its other name alone says no more than this; of any other it says so.
        return Refusal(Code.JWT_TOKEN_INVALID if account == CLAIM else Code.JWT_TOKEN_ACCOUNT_MISMATCH)
    user = find_login(login_name)
    if user is None:
        return Refusal(Code.JWT_TOKEN_INVALID_USER_IN_ISSUER)
    code = _wrong_times(claims, now, max_age_seconds, future)
    if code:
        return Refusal(code, user.name)
    fingerprint = f"SHA256:{digest}"
    pair = next((pair for pair in user.active_pairs(now) if pair.key.fingerprint == fingerprint), None)
    key = pair.key if pair else next((key for key in user.slots() if key.fingerprint == fingerprint), None)
    code = _wrong_key(token, key)
    return Refusal(code, user.name) if code else Visitor(user, pair)


def _wrong_times(claims: dict[str, Any], now: float, max_age_seconds: int, future: float) -> str:
    times = _times(claims)
    if times is None:
        return Code.JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME
    issued, expires = times
    # How far in the future a token may be issued Snowflake does not publish: here it is mostly as far as in the past.
    if issued > now + future or now - issued > max_age_seconds:
        return Code.JWT_TOKEN_INVALID_ISSUE_TIME
    return Code.JWT_TOKEN_INVALID_EXPIRATION_TIME if min(expires, issued + TOKEN_AGE) <= now else ""


def _wrong_key(token: str, key: RegisteredKey | None) -> str:
    import jwt

    if key is None:  # nor does Snowflake document another answer for one that is disabled or past its end
        return Code.JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH
    unchecked = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
    try:
        jwt.decode(token, key.loaded, algorithms=["RS256"], options=unchecked)  # type: ignore[arg-type]
    except jwt.PyJWTError:
        return Code.JWT_TOKEN_INVALID_SIGNATURE
    return ""


def _times(claims: dict[str, Any]) -> tuple[float, float] | None:
    """``iat`` and ``exp`` in seconds; Snowflake takes milliseconds as well."""
    found: list[float] = []
    for name in ("iat", "exp"):
        value = claims.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e15:
            return None
        found.append(value / 1000 if value > 1e11 else float(value))
    return found[0], found[1]


def failure_details(refusal: Refusal, *, client: str, agent: str, at: float) -> str:
    """The JSON that SYSTEM$GET_LOGIN_FAILURE_DETAILS answers with.

    Shape: https://docs.snowflake.com/en/sql-reference/functions/system_get_login_failure_details (checked 2026-11).
    """
    kind, _, version = agent.partition("/")
    return json.dumps(
        {
            "clientIP": client,
            "clientType": {"PythonConnector": "PYTHON_DRIVER"}.get(kind, "OTHER"),
            "clientVersion": version.split(" ")[0][:40] or None,
            "username": refusal.user or None,
            "errorCode": FAILURE_NAMES.get(refusal.code, refusal.code),
            "timestamp": int(at),
        }
    )
