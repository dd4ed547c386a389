"""A token, taken apart claim by claim. Nothing of its signature is kept, and nothing in it is believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from wizard.diagnosis.facts import Fact
from wizard.diagnosis.reading.recognised import LONGEST_VALUE, Recognised
from wizard.secret import Secret
from wizard.snowflake.account.regions import CLOUDS, looks_like_suffix
from wizard.snowflake.token import TokenProblem, in_words, seconds, taken_apart
from wizard.snowflake.user.fingerprint import whole_fingerprint

SOURCE: Final = "the token"
PATTERN: Final = re.compile(
    r"(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]{6,2000}\.[A-Za-z0-9_-]{2,4000}(?:\.[A-Za-z0-9_-]{0,4000})?"
)
"""A token in a text; the signature may be cut off."""


def read_token(text: str, now: int) -> Recognised:
    """Read one token. ``now``: seconds since 1970, UTC."""
    try:
        header, claims = taken_apart(Secret(text))
    except TokenProblem as problem:
        flaw = Fact("token-flaw", f"{problem.cause or 'token-malformed'}: {problem.message}", SOURCE)
        return Recognised("token", "A token that can't be read", (flaw,))
    facts = [Fact("token-algorithm", _text(header.get("alg"))[:40], SOURCE), *_names(claims), *_times(claims, now)]
    return Recognised("token", _title(facts), tuple(facts))


def _names(claims: dict[str, Any]) -> Iterator[Fact]:
    issuer, subject = _text(claims.get("iss")), _text(claims.get("sub"))
    yield Fact("token-issuer", issuer, SOURCE)
    yield Fact("token-subject", subject, SOURCE)
    _, mark, digest = issuer.rpartition(".SHA256:")
    if fingerprint := whole_fingerprint(f"SHA256:{digest}") if mark else "":
        yield Fact("token-fingerprint", fingerprint, SOURCE)
    account, user = split_subject(subject.upper())
    if account:
        yield Fact("token-account", account, SOURCE)
    if user:
        yield Fact("token-user", user, SOURCE)


def split_subject(subject: str) -> tuple[str, str]:
    """Take a subject apart into account and user. What a region, a cloud or privatelink is counts to the account.

    A user name may hold dots itself, so all that is no such part belongs to the user.
    """
    labels = subject.split(".")
    end = 1
    for at in range(1, min(len(labels), 5)):
        label = labels[at].lower()
        if label in (*CLOUDS, "privatelink", "global", "fhplus", "dod") or (
            at < len(labels) - 1 and looks_like_suffix(label)
        ):
            end = at + 1
    return ".".join(labels[:end])[:LONGEST_VALUE], ".".join(labels[end:])[:LONGEST_VALUE]


def _times(claims: dict[str, Any], now: int) -> Iterator[Fact]:
    issued, expires = seconds(claims.get("iat")), seconds(claims.get("exp"))
    if issued is not None and expires is not None:
        yield Fact("token-age", str(round(now - issued)), SOURCE)
        yield Fact("token-left", str(round(expires - now)), SOURCE)
        yield Fact("token-life", str(round(expires - issued)), SOURCE)


def _text(value: object) -> str:
    return value[: 2 * LONGEST_VALUE] if isinstance(value, str) else ""


def _title(facts: list[Fact]) -> str:
    told = {fact.name: fact.value for fact in facts}
    whose = f" for {told['token-user']}" if told.get("token-user") else ""
    where = f" in {told['token-account']}" if told.get("token-account") else ""
    age = float(told.get("token-age", "0"))
    made = "" if "token-age" not in told else f", made {in_words(age)} ago" if age >= 0 else ", made in the future"
    return f"A token{whose}{where}{made}"
