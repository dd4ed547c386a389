"""What Snowflake refused, by its code.

Codes and their meaning: https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from wizard.diagnosis.facts import Evidence, Fact
from wizard.diagnosis.rules.bare_refusal import bare_refusal
from wizard.diagnosis.rules.connection import skew
from wizard.diagnosis.rules.opinion import Opinion, Opinions
from wizard.diagnosis.rules.user_and_key import is_described, key_on_the_user, login_differs, login_of
from wizard.snowflake.clock import CLOSE_ENOUGH
from wizard.snowflake.codes import Code, meaning_of

_EXACT: Mapping[str, str] = MappingProxyType(
    {
        Code.USER_DISABLED: "user-disabled",
        Code.USER_LOCKED: "user-locked",
        Code.ROLE_NOT_GRANTED: "role-not-granted",
        Code.ROLE_UNKNOWN: "role-not-granted",
        Code.WAREHOUSE_DEMANDED: "warehouse-unusable",
        Code.NO_ACTIVE_WAREHOUSE: "warehouse-unusable",
        Code.TOO_MANY_REQUESTS: "rate-limited",
        Code.SESSION_GONE: "session-expired",
        Code.SESSION_EXPIRED: "session-expired",
        Code.SESSION_UNKNOWN: "session-expired",
        Code.MASTER_TOKEN_UNKNOWN: "session-expired",
        Code.MASTER_TOKEN_EXPIRED: "session-expired",
        Code.OAUTH_TOKEN_EXPIRED: "token-expired",
        Code.KEYPAIR_TOKEN_EXPIRED: "token-expired",
        Code.JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME: "token-malformed",
        Code.JWT_TOKEN_INVALID_ALGORITHM: "token-malformed",
        Code.JWT_TOKEN_INVALID_SIGNATURE: "signature-broken",
        Code.JWT_TOKEN_ACCOUNT_MISMATCH: "account-mismatch",
    }
)
"""What a code leaves no doubt about; why, its meaning says."""


def refusal(evidence: Evidence) -> Opinions:
    """What each code says, and the status where an answer has no code."""
    for code in evidence.all("code"):
        if code.value == Code.AUTHORIZATION_MISSING and _without_token(evidence):
            continue
        if code.value in _EXACT:
            yield Opinion(_EXACT[code.value], meaning_of(code.value), 100, certain=True)
        if code.value in _BY_CODE:
            yield from _BY_CODE[code.value](code, evidence)
    status = int(evidence.number("http-status") or 0)
    if not evidence.get("check") or evidence.get("check") == "answer":
        yield from _status(status, evidence)


def _without_token(evidence: Evidence) -> bool:
    """Whether the number means a request without a token; the same one tells of a disabled user."""
    return any("authorization header" in sentence.value for sentence in evidence.all("sentence"))


def _status(status: int, evidence: Evidence) -> Opinions:
    codes = [code.value for code in evidence.all("code")]
    ours = bool(evidence.get("check"))
    if not codes and status == 429:
        yield Opinion("rate-limited", "The answer was 429, too many requests.", 95, certain=True)
    elif status >= 500 and not any(code in _BY_CODE for code in codes):
        yield Opinion("snowflake-unavailable", f"The answer was {status}, which is a fault on the server's side.", 80)
    known = any(code in TELLING for code in codes)
    if ours and not known and status in (401, 403) and "policy" not in evidence.get("message").lower():
        yield from bare_refusal(evidence, at_most=40)


def _user_in_issuer(_code: Fact, evidence: Evidence) -> Opinions:
    login = login_of(evidence) or "the login name of the token"
    if differs := login_differs(evidence):
        yield Opinion("login-name-differs", differs, 100, certain=True)
        return
    yield Opinion("user-unknown", f"Snowflake says that this account has no user who signs in as {login}.", 90)
    if evidence.get("described-login-name"):
        yield Opinion(
            "account-mismatch",
            f"DESC USER showed the login name {login}, so that output may be from another account.",
            80,
        )
    else:
        yield Opinion("login-name-differs", "LOGIN_NAME was not seen so far, and it may be another one than NAME.", 85)


def _issue_time(_code: Fact, evidence: Evidence) -> Opinions:
    off = abs(skew(evidence))
    if off and off < CLOSE_ENOUGH:
        yield Opinion("connection-blocked", "The clocks agree, so the token was more than a minute on its way.", 70)
    yield Opinion(
        "clock-skew",
        "Snowflake says that the token arrived more than a minute after the time written in it.",
        90,
        certain=off >= CLOSE_ENOUGH,
    )


def _expiration_time(_code: Fact, evidence: Evidence) -> Opinions:
    yield Opinion("token-expired", "Snowflake says that the token had expired when it arrived.", 90)
    off = abs(skew(evidence))
    if off >= CLOSE_ENOUGH:
        yield Opinion("clock-skew", f"The clocks are {off:.0f} seconds apart.", 95)
    else:
        yield Opinion("clock-skew", "A clock that is late makes a token that has already ended.", 60)


def _fingerprint_mismatch(code: Fact, evidence: Evidence) -> Opinions:
    if evidence.get("user-name") or evidence.get("key-fingerprint", "token-fingerprint") or is_described(evidence):
        yield from key_on_the_user(evidence, exact=True)
    else:
        yield Opinion("key-mismatch", meaning_of(code.value), 100)
        yield Opinion("key-not-registered", "Perhaps no key has been put on this user so far, or on another one.", 85)
        yield Opinion("key-replaced", "A key that was registered later may have taken its place.", 60)
        yield Opinion("key-pair-disabled", "A named key pair that is disabled is answered alike.", 40)
        yield Opinion("key-pair-expired", "A named key pair that has expired is answered alike.", 39)


def _password_refused(code: Fact, evidence: Evidence) -> Opinions:
    if evidence.get("check"):
        yield from _user_in_issuer(code, evidence)
        yield Opinion("keypair-mode-off", "Snowflake judged this login as one with a password.", 60)
    else:
        yield Opinion("keypair-mode-off", "Snowflake judged this login as one with a password.", 88)
        yield Opinion("user-unknown", "Snowflake answers so to a user that it doesn't know as well.", 60)


def _network_policy(_code: Fact, evidence: Evidence) -> Opinions:
    ip = evidence.get("ip")
    seen = (
        f"Snowflake saw the request come from {ip} and does not let that address in."
        if ip
        else "Snowflake does not let the address of this machine in."
    )
    yield Opinion("network-policy", seen, 100, certain=True)


def _policy(_code: Fact, _evidence: Evidence) -> Opinions:
    yield Opinion("keypair-not-allowed", "Snowflake speaks of an authentication policy.", 80)


def _object_in_login(_code: Fact, evidence: Evidence) -> Opinions:
    words = evidence.get("message").lower()
    of_data = "database" in words or "schema" in words
    yield Opinion(
        "privileges-missing" if of_data else "warehouse-unusable",
        "The login worked; something that it asks for does not exist or may not be used.",
        80,
    )
    yield Opinion("role-not-granted", "The role may lack the right to it.", 50)


def _oauth_judged(_code: Fact, _evidence: Evidence) -> Opinions:
    yield Opinion("token-expired", "Snowflake answers so to a token that it no longer accepts.", 70)
    yield Opinion("token-malformed", "Snowflake answers so when it can't read a token as one of a key pair.", 65)
    yield Opinion("keypair-mode-off", "Snowflake judged the token as one of OAuth.", 50)


def _refused_token(_code: Fact, evidence: Evidence) -> Opinions:
    yield from bare_refusal(evidence)


_BY_CODE: Mapping[str, Callable[[Fact, Evidence], Opinions]] = MappingProxyType(
    {
        Code.PASSWORD_REFUSED: _password_refused,
        Code.JWT_TOKEN_INVALID: _refused_token,
        Code.ID_TOKEN_INVALID: _oauth_judged,
        Code.OBJECT_IN_LOGIN_UNKNOWN: _object_in_login,
        Code.AUTHENTICATION_POLICY: _policy,
        Code.OAUTH_TOKEN_INVALID: _oauth_judged,
        Code.NETWORK_POLICY: _network_policy,
        Code.JWT_TOKEN_INVALID_USER_IN_ISSUER: _user_in_issuer,
        Code.JWT_TOKEN_INVALID_ISSUE_TIME: _issue_time,
        Code.JWT_TOKEN_INVALID_EXPIRATION_TIME: _expiration_time,
        Code.JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH: _fingerprint_mismatch,
    }
)

TELLING: frozenset[str] = frozenset((*_EXACT, *_BY_CODE))
"""The codes that tell more than the words beside them."""
