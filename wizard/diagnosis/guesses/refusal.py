"""Guesses at what Snowflake refused, by its code or by its words.

Codes and their meaning: https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from wizard.diagnosis.guesses.evidence import key_evidence, login_differs, user_evidence
from wizard.diagnosis.guesses.guess import Guess, Guesses, skew_of
from wizard.diagnosis.guesses.words import by_words
from wizard.diagnosis.symptom import Background, Symptom
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


def answer(symptom: Symptom, background: Background) -> Guesses:
    code = symptom.code
    if code in _EXACT:
        yield Guess(_EXACT[code], meaning_of(code), 100, certain=True)
    if code in _BY_CODE:
        yield from _BY_CODE[code](symptom, background)
    elif not code and symptom.http_status == 429:
        yield Guess("rate-limited", "The answer was 429, too many requests.", 95, certain=True)
    elif symptom.http_status >= 500:
        yield Guess(
            "snowflake-unavailable", f"The answer was {symptom.http_status}, which is a fault on the server's side.", 80
        )
    if code not in _EXACT and code not in _BY_CODE:
        yield from by_words(symptom, "Snowflake's own words point to it.")
        if symptom.http_status in (401, 403) and "policy" not in symptom.message.lower():
            yield from _bare_refusal(symptom, background, at_most=40)


def _user_in_issuer(_symptom: Symptom, background: Background) -> Guesses:
    described = background.described
    login = background.login or "the login name of the token"
    if described and described.login_name and described.login_name.casefold() != login.casefold():
        yield Guess("login-name-differs", login_differs(background), 100, certain=True)
        return
    yield Guess("user-unknown", f"Snowflake says that this account has no user who signs in as {login}.", 90)
    if described and described.login_name:
        yield Guess(
            "account-mismatch",
            f"DESC USER showed the login name {login}, so that output may be from another account.",
            80,
        )
    else:
        yield Guess("login-name-differs", "LOGIN_NAME was not seen so far, and it may be another one than NAME.", 85)


def _issue_time(symptom: Symptom, _background: Background) -> Guesses:
    skew = skew_of(symptom)
    if skew and abs(skew) < CLOSE_ENOUGH:
        yield Guess("connection-blocked", "The clocks agree, so the token was more than a minute on its way.", 70)
    yield Guess(
        "clock-skew",
        "Snowflake says that the token arrived more than a minute after the time written in it.",
        90,
        certain=abs(skew) >= CLOSE_ENOUGH,
    )


def _expiration_time(symptom: Symptom, _background: Background) -> Guesses:
    yield Guess("token-expired", "Snowflake says that the token had expired when it arrived.", 90)
    if abs(skew_of(symptom)) >= CLOSE_ENOUGH:
        yield Guess("clock-skew", f"The clocks are {abs(skew_of(symptom)):.0f} seconds apart.", 95)
    else:
        yield Guess("clock-skew", "A clock that is late makes a token that has already ended.", 60)


def _fingerprint_mismatch(_symptom: Symptom, background: Background) -> Guesses:
    yield from key_evidence(background, exact=True)


def _password_refused(_symptom: Symptom, background: Background) -> Guesses:
    yield from _user_in_issuer(_symptom, background)
    yield Guess("keypair-mode-off", "Snowflake judged this login as one with a password.", 60)


def _network_policy(symptom: Symptom, _background: Background) -> Guesses:
    ip = symptom.facts.get("ip", "")
    seen = (
        f"Snowflake saw the request come from {ip} and does not let that address in."
        if ip
        else ("Snowflake does not let the address of this machine in.")
    )
    yield Guess("network-policy", seen, 100, certain=True)


def _policy(_symptom: Symptom, _background: Background) -> Guesses:
    yield Guess("keypair-not-allowed", "Snowflake speaks of an authentication policy.", 80)


def _object_in_login(symptom: Symptom, _background: Background) -> Guesses:
    words = symptom.message.lower()
    of_data = "database" in words or "schema" in words
    yield Guess(
        "privileges-missing" if of_data else "warehouse-unusable",
        "The login worked; something that it asks for does not exist or may not be used.",
        80,
    )
    yield Guess("role-not-granted", "The role may lack the right to it.", 50)


def _oauth_judged(_symptom: Symptom, _background: Background) -> Guesses:
    yield Guess("token-expired", "Snowflake answers so to a token that it no longer accepts.", 70)
    yield Guess("token-malformed", "Snowflake answers so when it can't read a token as one of a key pair.", 65)
    yield Guess("keypair-mode-off", "Snowflake judged the token as one of OAuth.", 50)


def _bare_refusal_of_a_token(symptom: Symptom, background: Background) -> Guesses:
    yield from _bare_refusal(symptom, background, at_most=100)


def _bare_refusal(symptom: Symptom, background: Background, *, at_most: int) -> Guesses:
    """390144 says only that something about the token is wrong."""
    for guess in (*user_evidence(background), *key_evidence(background, exact=False)):
        yield Guess(guess.cause, guess.because, min(guess.weight, at_most), guess.certain)
    skew = abs(skew_of(symptom))
    if skew >= CLOSE_ENOUGH:
        yield Guess("clock-skew", f"The clocks are {skew:.0f} seconds apart.", min(91, at_most))
    account = background.account
    if account is not None:
        form, other = (
            ("locator", "organization-account") if account.locator else ("organization-account", "its locator")
        )
        seen = f"The token names the account by {form}. There are reports of accounts that accepted only {other}."
        yield Guess("account-form", seen, min(45, at_most))
        if background.place:
            # All was in place when DESC USER ran: either that was in another account, or something changed since.
            yield Guess(
                "account-mismatch",
                "The key was seen on the user, but perhaps in another account than this one.",
                min(60, at_most),
            )
            yield Guess(
                "login-name-differs",
                "LOGIN_NAME was as expected when DESC USER ran. Run it again and see whether it still is.",
                min(52, at_most),
            )
    yield Guess("keypair-not-allowed", "A policy may forbid logins by key pair for this user.", min(20, at_most))


_BY_CODE: Mapping[str, Callable[[Symptom, Background], Guesses]] = MappingProxyType(
    {
        Code.PASSWORD_REFUSED: _password_refused,
        Code.JWT_TOKEN_INVALID: _bare_refusal_of_a_token,
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
