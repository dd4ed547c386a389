"""The token that logs in: signed here for a minute, or made elsewhere and checked before it is passed on.

Header ``{"alg":"RS256","typ":"JWT"}``, claims ``iss``, ``sub``, ``iat``, ``exp``
(https://docs.snowflake.com/en/developer-guide/sql-api/authenticating, read autumn 2026). Snowflake honours a token for
an hour at most; the wizard signs for a minute and passes none on that was made for more than two, because a token is
worth as much as the key while it lives.

:func:`check_token` is what keeps the live test from being a relay for anybody's token: only a token of the login in
the walk gets through, signed with its key. What is wrong is named before a request leaves.
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any, Final, NoReturn

from cryptography.hazmat.primitives.asymmetric import rsa

from wizard.problem import Problem
from wizard.secret import Secret
from wizard.snowflake.clock import CLOSE_ENOUGH
from wizard.snowflake.login import Login

ALGORITHM: Final = "RS256"
"""The one that every client signs RSA keys with, and the only one that is accepted: not what a token says of itself."""
MAX_TOKEN: Final = 8 * 1024
"""Characters. One made with a 4096-bit key is about 1,000 long."""
LIFETIME: Final = 60
MAX_LIFETIME: Final = 120
"""Seconds from ``iat`` to ``exp``."""
_MILLISECONDS: Final = 10**11
"""A time above this is in milliseconds, as the Node.js driver writes it: in seconds it would be the year 5138."""


class TokenProblem(Problem):
    """A token that isn't passed on, and why. Never carries the token or a piece of its signature."""


def sign_token(login: Login, private_key: rsa.RSAPrivateKey, now: int, lifetime: int = LIFETIME) -> Secret:
    """Return a token for ``login`` that lives for ``lifetime`` seconds from ``now`` (seconds since 1970, UTC).

    Whether ``private_key`` is the pair of ``login.key`` is for the caller to see: Snowflake answers 394306 if not.
    ``ValueError`` for a lifetime that isn't 1 to 120.
    """
    import jwt  # here, and below: it brings all algorithms there are, and no page needs one

    if not 1 <= lifetime <= MAX_LIFETIME:
        raise ValueError(f"a token lives for 1 to {MAX_LIFETIME} seconds, not {lifetime}")
    claims = {"iss": login.issuer, "sub": login.subject, "iat": int(now), "exp": int(now) + lifetime}
    return Secret(jwt.encode(claims, private_key, algorithm=ALGORITHM))


def read_token(pasted: Secret) -> Secret:
    """Return the token in a paste, without white space, line breaks, quotes, or ``Authorization: Bearer``."""
    text = pasted.reveal()
    if len(text) > 2 * MAX_TOKEN:
        return pasted  # check_token names it
    text = re.sub(
        r"[\s\"'`]", "", re.sub(r"^\W{0,20}(?:Authorization:\s*)?Bearer\s+", "", text.strip(), flags=re.IGNORECASE)
    )
    return Secret(text)


def taken_apart(pasted: Secret) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a pasted token; nothing in them is believed. Raises :class:`TokenProblem`."""
    return _parts(read_token(pasted).reveal())


def expiry(token: Secret) -> float:
    """Return when a token ends, by its own word (seconds since 1970, UTC); 0.0 for what is no token."""
    try:
        ends = _parts(token.reveal())[1].get("exp")
    except TokenProblem:
        return 0.0
    return float(ends) if isinstance(ends, int | float) else 0.0


def issued_at(token: Secret) -> float:
    """Return when a token was issued, by its own word (seconds since 1970, UTC); 0.0 for what is no token."""
    try:
        return seconds(_parts(token.reveal())[1].get("iat")) or 0.0
    except TokenProblem:
        return 0.0


def check_token(token: Secret, login: Login, now: int) -> Secret:
    """See that ``token`` is a fresh one for ``login``, signed with its key. ``now``: seconds since 1970, UTC.

    Returns the token as :func:`read_token` reads it: that is what to send. Raises :class:`TokenProblem`, in this
    order: shape and algorithm, account, user, key, times, signature. The signature comes last because a token for
    another user or key is that in the first place; nothing is believed before it, only named.
    """
    import jwt

    token = read_token(token)
    text = token.reveal()
    header, claims = _parts(text)
    _check_header(header)
    _check_names(claims, login)
    _check_times(claims, now)
    if login.key.verifier is None:
        return token
    try:
        # The key and the algorithm are ours, so nothing in the header can change what is computed.
        jwt.decode(text, login.key.verifier, algorithms=[ALGORITHM], options=_SIGNATURE_ALONE)
    except jwt.PyJWTError:
        raise TokenProblem(
            "The token names the right account, user and key, but was not signed with that key, or was changed since.",
            "Make a new token with the private key of this walk, and copy all of it.",
            cause="signature-broken",
        ) from None
    return token


#: PyJWT's own checks of the claims are off: ours say more, and take the time as an argument.
_SIGNATURE_ALONE: Final[Any] = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}
_SHAPE: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)")


def _malformed(message: str) -> TokenProblem:
    return TokenProblem(
        message, "Make a new token with the command on this page, and copy all of it.", cause="token-malformed"
    )


def _parts(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims, read strictly: a name that stands twice may mean one thing here and another there."""
    if not text:
        raise _malformed("There is no token in it: it is empty.")
    if len(text) > MAX_TOKEN:
        raise _malformed("This is far longer than a token. A token has about 800 characters.")
    if "PRIVATE" in text and "BEGIN" in text:
        raise TokenProblem(
            "This is a private key, and a token was expected. It is already forgotten here.",
            "Use the field for private keys, or make a token from the key with the command on this page.",
            cause="key-is-private",
        )
    shape = _SHAPE.fullmatch(text)
    if not shape:
        raise _malformed("This is not a token: a token has three parts of letters and digits, with a dot between them.")
    if not shape[3]:
        raise _malformed("The last part of the token, its signature, is missing.")
    return _json_object(shape[1], "first"), _json_object(shape[2], "second")


def _json_object(part: str, which: str) -> dict[str, Any]:
    import jwt

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a name stands twice")
        return found

    try:
        found = json.loads(jwt.utils.base64url_decode(part), object_pairs_hook=once)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _malformed(f"The {which} part of the token cannot be read: characters were lost or changed.")
    return found


def _check_header(header: dict[str, Any]) -> None:
    algorithm = header.get("alg")
    if algorithm != ALGORITHM:
        known = isinstance(algorithm, str) and re.fullmatch(r"[A-Za-z0-9-]{1,12}", algorithm)
        raise _malformed(
            f"The token is signed with {algorithm if known else 'another algorithm'}. Snowflake wants {ALGORITHM}."
        )
    if "crit" in header or str(header.get("typ", "JWT")).upper() != "JWT":
        raise _malformed("The header of the token asks for more than Snowflake knows. It has only alg and typ.")


def _check_names(claims: dict[str, Any], login: Login) -> None:
    """See that issuer and subject are exactly the login's, or say which piece of them isn't."""
    subject, issuer = claims.get("sub"), claims.get("iss")
    if not isinstance(subject, str) or not isinstance(issuer, str):
        raise _malformed("The token does not name who logs in: iss or sub is missing.")
    if _same(subject, login.subject) and _same(issuer, login.issuer):
        return
    stem, mark, _ = issuer.rpartition(".SHA256:")
    if not mark:
        raise _malformed("The issuer in the token (iss) does not end with the fingerprint of a key.")
    if stem != subject:
        raise _malformed("The token contradicts itself: its issuer (iss) and its subject (sub) name different logins.")
    _name_the_difference(subject, login)
    # The account and the user are the login's, and the issuer isn't: what is left to differ is the fingerprint.
    raise TokenProblem(
        "The token was made with another key than the one in this walk: the fingerprint in it is a different one.",
        "Make the token with the private key of this walk, or go back to the key step and take the other key.",
        cause="key-mismatch",
    )


def _name_the_difference(subject: str, login: Login) -> None:
    """Raise for a subject that isn't the login's, by the piece that differs. User names may hold dots themselves."""
    given, claim, user = subject.upper(), login.account.claim.upper(), login.name.upper()
    organization = claim.partition("-")[0]
    if subject == login.subject:
        return
    if given == login.subject:
        _raise("user-case", "The account or the user stands in small letters in the token. Snowflake wants capitals.")
    if "SNOWFLAKECOMPUTING." in given or "://" in given:
        _raise("account-url-pasted", "The token has the address of the account in it, where its name alone belongs.")
    if given.startswith(f"{claim}.") and given.endswith(f".{user}"):
        _raise(
            "account-region-in-claim",
            "The account in the token still has its region, cloud or privatelink part. Only what stands before the "
            "first dot belongs there.",
        )
    if given.startswith(f"{claim}."):
        _raise("login-name-differs", f"The token is for another user than {user}.")
    if "-" in claim and (given == f"{organization}.{user}" or given.startswith(f"{claim.replace('-', '.', 1)}.")):
        _raise(
            "account-dot-form",
            "The account was written with a dot between organization and name when the token was made. A hyphen "
            "belongs there.",
        )
    if given.startswith(f"{claim.replace('_', '-')}."):
        _raise("account-form", "The account in the token has hyphens where the account of this walk has underscores.")
    _raise("account-mismatch", "The token is for another account than the one in this walk.")


def _raise(cause: str, message: str) -> NoReturn:
    raise TokenProblem(
        message,
        "Make a new token with the command on this page: it has the account and the user of this walk in it.",
        cause=cause,
    )


def _same(one: str, other: str) -> bool:
    return compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _check_times(claims: dict[str, Any], now: int) -> None:
    issued, expires = seconds(claims.get("iat")), seconds(claims.get("exp"))
    if issued is None or expires is None:
        raise _malformed("The token does not say from when to when it holds: iat or exp is missing or no number.")
    if expires - issued > MAX_LIFETIME:
        raise TokenProblem(
            f"The token is made to live for {in_words(expires - issued)}. Tokens of at most two minutes are passed on, "
            "because a token is worth as much as the key while it lives.",
            "Make one that lives for a minute, with the command on this page.",
            cause="token-expired",
        )
    if issued > now + CLOSE_ENOUGH:
        raise TokenProblem(
            f"The token was made {in_words(issued - now)} in the future, by the clock of the machine that made "
            f"it. It is now {datetime.fromtimestamp(now, UTC):%H:%M:%S} UTC here.",
            "Set the clock of that machine by a time server, and make a new token.",
            cause="clock-skew",
        )
    if expires <= now or expires <= issued:
        raise TokenProblem(
            f"The token ended {in_words(max(now - expires, 0))} ago. A token lives for a minute or two.",
            "Make a new one and paste it at once. If it was made a moment ago, the clock of the machine that made "
            "it is slow: set it by a time server.",
            cause="token-expired",
        )


def seconds(value: object) -> float | None:
    """Return a time of the token in seconds, or ``None`` when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if not 0 < value < 10**15:
        return None
    return value / 1000 if value > _MILLISECONDS else float(value)


def in_words(seconds: float) -> str:
    """Say a duration as a person would: seconds up to two minutes, then minutes, hours, days."""
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return "a second" if round(seconds) == 1 else f"{seconds:,.0f} seconds"
