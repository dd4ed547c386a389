"""Ranks the causes of a symptom that the wizard's own live test met.

Here much is known that is not known of a pasted text. The wizard built the token, so its shape, its capital
letters, its algorithm
and the account in it are right, and what causes most such refusals elsewhere is ruled out. What is left is
decided by the
journey: what DESC USER showed, whether the SQL has run, how far the clocks are apart.

Codes and their meaning: https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.cause import Fix
from wizard.diagnosis.recognise import scores
from wizard.diagnosis.statements import fill, uuid_of
from wizard.diagnosis.symptom import Background, Finding, Symptom
from wizard.snowflake.clock import CLOSE_ENOUGH
from wizard.snowflake.codes import Code, meaning_of

_MOST = 5

# What the wizard's own token can't have wrong, so it is never an answer to the wizard's own test.
_RULED_OUT = frozenset({"account-region-in-claim", "account-dot-form", "account-url-pasted", "user-case"})


@dataclass(frozen=True, slots=True)
class Guess:
    """A cause that something speaks for: by how much (of 100), or without a doubt."""

    cause: str
    because: str
    weight: int
    certain: bool = False


Guesses = Iterator[Guess]


def diagnose(symptom: Symptom, background: Background) -> tuple[Finding, ...]:
    """Return the causes of a failed check, most likely first: one at least, five at most, each once."""
    ranked = most_likely_first(_guesses(symptom, background))
    if not ranked:
        ranked = [Guess("answer-unexpected", _unknown_answer(symptom), 0)]
    findings = [_finding(guess, symptom, background) for guess in ranked[:_MOST]]
    if details := failure_details_fix(symptom):
        findings[0] = Finding(
            findings[0].cause, findings[0].because, findings[0].certain, (*findings[0].fixes, details)
        )
    return tuple(findings)


def most_likely_first(guesses: Iterable[Guess]) -> list[Guess]:
    """Return the strongest guess at each cause: what is certain before all that isn't, then by weight."""
    strongest: dict[str, Guess] = {}
    for guess in sorted(guesses, key=lambda guess: (not guess.certain, -guess.weight)):
        if guess.cause in CATALOGUE:
            strongest.setdefault(guess.cause, guess)
    return list(strongest.values())


def failure_details_fix(symptom: Symptom) -> Fix | None:
    """The statement that makes Snowflake tell the exact reason, when the refusal came with an id."""
    if symptom.code not in ("", Code.JWT_TOKEN_INVALID) or not uuid_of(symptom):
        return None
    fix = Fix(
        "Snowflake tells only administrators why it refused a token. Have this run, and paste the answer "
        "below: it names the cause.",
        "your Snowflake administrator",
        statement="failure_details",
    )
    return fill(fix, Background(), symptom)


def _finding(guess: Guess, symptom: Symptom, background: Background) -> Finding:
    cause = CATALOGUE[guess.cause]
    fixes = tuple(fill(fix, background, symptom) for fix in cause.fixes)
    return Finding(cause, guess.because, guess.certain, fixes)


def _guesses(symptom: Symptom, background: Background) -> Guesses:
    if (known := symptom.facts.get("cause", "")) in CATALOGUE:
        reason = symptom.facts.get("reason", "") or symptom.message.strip().partition("\n")[0]
        reason = reason if reason.endswith(".") else "The wizard's own check found it."
        yield Guess(known, reason, 100, certain=True)
        return
    yield from _KINDS.get(symptom.kind, _answer)(symptom, background)


# --- before anything is sent -----------------------------------------------------------------------------------


def _key(symptom: Symptom, _background: Background) -> Guesses:
    yield from _by_words(symptom, "The private key could not be used, and these words say how.")
    yield Guess("key-mismatch", "The private key is not the pair of the public key of this journey.", 1)


def _token(symptom: Symptom, _background: Background) -> Guesses:
    yield from _by_words(symptom, "The token was not accepted by the wizard's own check.")
    yield Guess("token-malformed", "The token that was handed in is not the one the wizard asked for.", 1)


# --- the way there ---------------------------------------------------------------------------------------------


def _host(background: Background) -> str:
    return background.account.host if background.account else "the host"


def _is_privatelink(background: Background) -> bool:
    return background.account is not None and background.account.privatelink


def _name_not_found(_symptom: Symptom, background: Background) -> Guesses:
    host = _host(background)
    if _is_privatelink(background):
        yield Guess(
            "privatelink-name", f"{host} is a PrivateLink name, and this machine's name servers don't know it.", 90
        )
    yield Guess(
        "host-not-found",
        f"The name servers of this machine don't know {host}.",
        80,
        certain=not _is_privatelink(background),
    )


def _address(symptom: Symptom, background: Background) -> Guesses:
    address = symptom.facts.get("ip", "") or "an address inside a private network"
    host = _host(background)
    yield Guess(
        "address-not-vouched", f"{host} resolves to {address}, and nobody has vouched for this host.", 90, certain=True
    )
    if not _is_privatelink(background):
        yield Guess(
            "privatelink-name",
            "The public name leads into a private network, as it does where PrivateLink is set up for it.",
            40,
        )
        yield Guess("proxy-page", "A name server or proxy may be answering in Snowflake's place.", 20)


def _public_address(symptom: Symptom, background: Background) -> Guesses:
    address = symptom.facts.get("ip", "") or "a public address"
    yield Guess(
        "privatelink-name",
        f"{_host(background)} is a PrivateLink name, but resolves here to {address}, which is public.",
        90,
        certain=True,
    )


def _no_connection(symptom: Symptom, background: Background) -> Guesses:
    host = _host(background)
    seen = {
        "timeout": f"{host} resolves, but nothing answered in time.",
        "refused": f"{host} resolves, but the connection was refused.",
        "reset": f"The connection to {host} was cut off on the way.",
        "cut": f"The answer from {host} ended before it was complete.",
    }[symptom.kind]
    yield Guess("connection-blocked", seen, 80)
    if _is_privatelink(background):
        yield Guess(
            "privatelink-name", f"{host} can only be reached from inside the private network it belongs to.", 85
        )
    if symptom.kind in ("reset", "cut"):
        yield Guess("tls-intercepted", "Inspecting proxies often cut connections that they can't open.", 40)
    if symptom.kind in ("timeout", "cut"):
        yield Guess("snowflake-unavailable", "Snowflake itself may be slow at the moment.", 20)


def _certificate_issuer(symptom: Symptom, _background: Background) -> Guesses:
    issuer = symptom.facts.get("issuer", "")
    seen = (
        f"The certificate was issued by {issuer}, which this machine does not trust."
        if issuer
        else ("The certificate's issuer is not one that this machine trusts.")
    )
    yield Guess("tls-intercepted", seen, 90, certain=bool(issuer))


def _certificate_name(symptom: Symptom, background: Background) -> Guesses:
    host = _host(background)
    names = symptom.facts.get("names", "")
    seen = f"The certificate is for {names}, not for {host}." if names else f"The certificate is not for {host}."
    if "_" in host:
        yield Guess("account-underscore", f"There is an underscore in {host}.", 92)
    yield Guess("tls-name-mismatch", seen, 90, certain="_" not in host and "snowflakecomputing" in names)
    if "snowflake" not in names:
        yield Guess("tls-intercepted", "A proxy that opens connections may show its own certificate.", 60)
    if background.account and background.account.locator:
        yield Guess("account-not-found", "The account is given as a locator, whose region may be wrong.", 50)


def _tls(_symptom: Symptom, background: Background) -> Guesses:
    host = _host(background)
    if "_" in host:
        yield Guess("account-underscore", f"There is an underscore in {host}.", 92)
    yield Guess("tls-intercepted", "The encrypted connection could not be set up.", 70)
    yield Guess("connection-blocked", "Something between this machine and Snowflake may cut connections off.", 60)
    yield Guess("tls-name-mismatch", f"The server behind {host} may not be the one for this account.", 30)


def _skew(symptom: Symptom) -> float:
    try:
        seconds = float(symptom.facts.get("skew_seconds", ""))
    except ValueError:
        return 0.0
    return seconds if abs(seconds) < 1e12 else 0.0


_CLOCKS: Mapping[str, str] = MappingProxyType(
    {
        "server": "the clock of the server that runs this wizard",
        "browser": "the clock of your computer",
        "yours": "the clock of the computer that signed the token",
    }
)


def _clock(symptom: Symptom, _background: Background) -> Guesses:
    whose = symptom.facts.get("whose_clock", "") or "one of the clocks"
    whose = _CLOCKS.get(whose, whose)
    seconds = abs(_skew(symptom))
    by = f"by {seconds:.0f} seconds " if seconds else ""
    yield Guess(
        "clock-skew",
        f"Compared with Snowflake's clock, {whose} is off {by}.".replace(" .", "."),
        90,
        certain=bool(seconds),
    )


# --- the answer ------------------------------------------------------------------------------------------------


def _not_json(symptom: Symptom, background: Background) -> Guesses:
    status = symptom.http_status
    host = _host(background)
    if status in (403, 404):
        yield Guess(
            "account-not-found", f"{host} answered {status} with something else than Snowflake's usual message.", 90
        )
        if background.account and background.account.locator and not background.account.region:
            yield Guess(
                "account-not-found",
                f"{host} answered {status}, and the locator is given without a region, which means AWS US "
                f"West (Oregon).",
                95,
            )
    if status == 407:
        yield Guess("connection-blocked", "The proxy on the way out asks for a user and a password.", 95, certain=True)
    if status == 429:
        yield Guess("rate-limited", "The answer was 429, too many requests.", 95, certain=True)
    if status >= 500:
        yield Guess("snowflake-unavailable", f"The answer was {status}, which is a fault on the server's side.", 80)
    yield Guess("proxy-page", f"The answer{f' with status {status}' if status else ''} is not JSON.", 60)


def _redirect(_symptom: Symptom, background: Background) -> Guesses:
    yield Guess(
        "proxy-page",
        f"The request to {_host(background)} was sent elsewhere, which Snowflake's interface does not do.",
        80,
    )
    yield Guess("account-not-found", "The account may have been renamed or moved.", 30)


def _too_large(_symptom: Symptom, background: Background) -> Guesses:
    yield Guess("proxy-page", f"{_host(background)} sent more than one megabyte where Snowflake sends a few lines.", 80)


def _identity(symptom: Symptom, background: Background) -> Guesses:
    facts = symptom.facts
    user, expected_user = facts.get("user", ""), facts.get("expected_user", "") or background.user_name
    account, expected_account = facts.get("account", ""), facts.get("expected_account", "")
    if user and user.casefold() != expected_user.casefold():
        yield Guess(
            "identity-differs", f"The session belongs to {user}, and the user of this journey is {expected_user}.", 80
        )
        yield Guess("login-name-differs", f"{background.login or expected_user} is the LOGIN_NAME of {user}.", 90)
    if account and expected_account and account.casefold() != expected_account.casefold():
        yield Guess(
            "identity-differs",
            f"The session is in {account}, and the account of this journey is {expected_account}.",
            85,
        )
    yield Guess("identity-differs", "The session is not the one that was expected.", 50)


def _role(symptom: Symptom, background: Background) -> Guesses:
    role = symptom.facts.get("role", "") or (background.described.default_role if background.described else "")
    role = "" if role == "NONE" else role  # what CURRENT_ROLE() prints for no role at all
    seen = (
        f"The login worked, and Snowflake did not let the session use the role {role}."
        if role
        else ("The login worked, and the session has no role of its own.")
    )
    yield Guess("role-not-granted", seen, 90, certain=True)


def _warehouse(symptom: Symptom, background: Background) -> Guesses:
    warehouse = symptom.facts.get("warehouse", "") or (
        background.described.default_warehouse if background.described else ""
    )
    seen = (
        f"The login worked, and the session can't use the warehouse {warehouse}."
        if warehouse
        else ("The login worked, and the session has no warehouse.")
    )
    yield Guess("warehouse-unusable", seen, 90, certain=True)


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


def _answer(symptom: Symptom, background: Background) -> Guesses:
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
        yield from _by_words(symptom, "Snowflake's own words point to it.")
        if symptom.http_status in (401, 403) and "policy" not in symptom.message.lower():
            yield from _bare_refusal(symptom, background, at_most=40)


def _by_words(symptom: Symptom, because: str) -> Guesses:
    for cause, score in scores(f"{symptom.code} {symptom.message}"):
        if score >= 50 and cause not in _RULED_OUT:
            yield Guess(cause, because, min(int(score), 95))


def _unknown_answer(symptom: Symptom) -> str:
    parts = [
        f"status {symptom.http_status}" if symptom.http_status else "",
        f"code {symptom.code}" if symptom.code else "",
    ]
    named = " and ".join(part for part in parts if part)
    return (
        f"The answer has {named}, which is in no table of this wizard."
        if named
        else "Nothing in it is known to this wizard."
    )


def _user_in_issuer(_symptom: Symptom, background: Background) -> Guesses:
    described = background.described
    login = background.login or "the login name of the token"
    if described and described.login_name and described.login_name.casefold() != login.casefold():
        yield Guess("login-name-differs", _login_differs(background), 100, certain=True)
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
    skew = _skew(symptom)
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
    if abs(_skew(symptom)) >= CLOSE_ENOUGH:
        yield Guess("clock-skew", f"The clocks are {abs(_skew(symptom)):.0f} seconds apart.", 95)
    else:
        yield Guess("clock-skew", "A clock that is late makes a token that has already ended.", 60)


def _fingerprint_mismatch(_symptom: Symptom, background: Background) -> Guesses:
    yield from _key_evidence(background, exact=True)


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


def _login_differs(background: Background) -> str:
    theirs = background.described.login_name if background.described else ""
    return f"DESC USER shows LOGIN_NAME {theirs}, and the token carries {background.login}."


def _key_evidence(background: Background, *, exact: bool) -> Guesses:
    """What the journey knows about the key on the user.

    :param exact: Snowflake has said that it is the key (394304)
    """
    described = background.described
    slots = described.slots if described else (None, None)
    theirs = [fingerprint for fingerprint in slots if fingerprint]
    said = (
        "Snowflake says that it does not hold the key that the token names" if exact else "Snowflake refused the token"
    )
    if (
        described
        and described.name
        and background.user_name
        and described.name.casefold() not in (background.user_name.casefold(), background.login.casefold())
    ):
        yield Guess(
            "key-not-registered",
            f"{said}, and the DESC USER output was about {described.name}, not {background.user_name}.",
            93,
        )
    if background.place:
        seen = f"it was seen{background.place.in_words()}"
        yield Guess("key-replaced", f"{said}, although {seen} before.", 90 if exact else 56)
        yield Guess(
            "account-mismatch",
            f"{said}, and {seen}: that answer may be from another account.",
            70 if exact else 48,
        )
    elif described and described.pair and described.pair.fingerprint == background.fingerprint:
        cause = "key-pair-disabled" if described.pair.status == "DISABLED" else "key-pair-expired"
        yield Guess(cause, f"{said}, and SHOW USER KEY PAIRS listed it as {described.pair.status}.", 97)
    elif theirs:
        yield Guess("key-mismatch", f"{said}, and DESC USER showed another key: {theirs[0]}.", 96, certain=exact)
        yield Guess("key-replaced", "The key that is there may have taken the place of yours.", 60)
        yield Guess("key-not-registered", "The SQL that registers this key may have run on another user.", 55)
    elif slots == ("", ""):
        yield Guess("key-not-registered", f"{said}, and DESC USER showed both slots empty.", 96, certain=exact)
    elif "" in slots:
        empty = slots.index("") + 1
        yield Guess(
            "key-not-registered", f"{said}. DESC USER showed slot {empty} empty, and the other one was not shown.", 88
        )
    elif not background.registered:
        yield Guess("key-not-registered", f"{said}, and nobody has said so far that the SQL has run.", 92)
        yield Guess("key-mismatch", "There may be another key on this user.", 60)
    else:
        skipped = (
            "the step that looks for it was skipped"
            if background.verify_skipped
            else "nobody has looked whether it is there"
        )
        yield Guess("key-not-registered", f"{said}, and {skipped}.", 84)
        yield Guess("key-mismatch", f"{said}. Another key may be on this user.", 80)
        if exact:
            yield Guess("key-replaced", "A key that was registered later may have taken its place.", 50)


def _user_evidence(background: Background) -> Guesses:
    described = background.described
    if described is None:
        yield Guess(
            "login-name-differs",
            "LOGIN_NAME was not seen so far. The token must carry it, and it may be another one than NAME.",
            66,
        )
        yield Guess("user-unknown", f"This account may have no user who signs in as {background.login}.", 64)
        return
    if described.login_name and background.login and described.login_name.casefold() != background.login.casefold():
        yield Guess("login-name-differs", _login_differs(background), 98)
    if described.disabled:
        yield Guess("user-disabled", "DESC USER shows DISABLED = true.", 97)
    if described.locked:
        yield Guess("user-locked", "DESC USER showed this user as locked.", 94)
    if described.days_to_expiry is not None and described.days_to_expiry <= 0:
        yield Guess("user-expired", "DESC USER shows that the user has reached its end date.", 95)


def _bare_refusal(symptom: Symptom, background: Background, *, at_most: int) -> Guesses:
    """390144 says only that something about the token is wrong."""
    for guess in (*_user_evidence(background), *_key_evidence(background, exact=False)):
        yield Guess(guess.cause, guess.because, min(guess.weight, at_most), guess.certain)
    skew = abs(_skew(symptom))
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

_KINDS: Mapping[str, Callable[[Symptom, Background], Guesses]] = MappingProxyType(
    {
        "key": _key,
        "token": _token,
        "name-not-found": _name_not_found,
        "address-refused": _address,
        "private-address": _address,
        "public-address": _public_address,
        "timeout": _no_connection,
        "refused": _no_connection,
        "reset": _no_connection,
        "cut": _no_connection,
        "certificate-issuer": _certificate_issuer,
        "certificate-name": _certificate_name,
        "tls": _tls,
        "clock": _clock,
        "answer": _answer,
        "not-json": _not_json,
        "redirect": _redirect,
        "too-large": _too_large,
        "identity": _identity,
        "role": _role,
        "warehouse": _warehouse,
    }
)
