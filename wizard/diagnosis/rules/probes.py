"""What came of asking Snowflake again with one thing otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from wizard.diagnosis.facts import Evidence, Fact
from wizard.diagnosis.rules.opinion import Opinion, Opinions, ruled_out
from wizard.snowflake.token import in_words

_SETTLED: Final = 140
"""The weight of what the test has proved: before whatever is concluded."""
_OF_A_TOKEN: Final = (
    "user-unknown", "login-name-differs", "key-not-registered", "key-mismatch", "key-replaced", "account-form",
    "account-mismatch", "clock-skew", "keypair-not-allowed", "key-pair-disabled", "key-pair-expired", "token-expired",
)  # fmt: skip
"""What a bare refusal may mean. Where a token that differs in one thing is accepted, it is that thing."""


def probes(evidence: Evidence) -> Opinions:
    """What the extra logins of a test settle, and what they make less likely."""
    for name, cause in _CAUSES.items():
        if fact := evidence.first(f"accepted-{name}"):
            seen = _accepted(name, fact, evidence)
            settled = _privatelink_or_underscore(evidence) if name == "host" else cause
            yield Opinion(settled, seen, _SETTLED, certain=True)
            for other in _OF_A_TOKEN:
                if other != settled:
                    yield ruled_out(other, seen)
        for fact in evidence.all(f"refused-{name}"):
            yield from _refused(name, fact)
    if known := evidence.first("recognised-login-name"):
        seen = f"Snowflake knows {known.value}: it said what stands in this user’s way."
        yield Opinion("login-name-differs", seen, 95)


def _accepted(name: str, fact: Fact, evidence: Evidence) -> str:
    if name == "later":
        seconds = evidence.number("accepted-later") or 0.0
        return f"Snowflake accepted the very same token {in_words(seconds)} later: it was too new the first time."
    was = {"login-name": ("login-name", "user-name"), "host": ("account-host",)}.get(name, ("account-claim",))
    place = "in place of" if evidence.get(*was) else ""
    what = "at" if name == "host" else "with"
    return f"Snowflake accepted the login {what} {fact.value} {place} {evidence.get(*was)}".rstrip() + "."


def _refused(name: str, fact: Fact) -> Opinions:
    match name:
        case "login-name":
            seen = f"Snowflake refused {fact.value} as well, so the name alone is not it."
            yield Opinion("login-name-differs", seen, -30)
        case "account":
            yield ruled_out("account-form", f"Snowflake refused the account’s other name as well: {fact.value}.")
        case "later":
            yield Opinion("clock-skew", "Snowflake refused the same token again when it was no longer too new.", -40)


def _privatelink_or_underscore(evidence: Evidence) -> str:
    return "privatelink-name" if evidence.has("check", "name-not-found") else "account-underscore"


_CAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "login-name": "login-name-differs",
        "account": "account-form",
        "hyphens": "account-form",
        "later": "clock-skew",
        "host": "account-underscore",
    }
)
"""What the end of a fact's name settles."""
