"""The user, and which key Snowflake holds for it: what a refused token means beside what is known of both."""

from __future__ import annotations

from typing import Final

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.opinion import Opinion, Opinions

PASSED: Final = "This very login has passed before, with the same account, user and key."
_SLOTS: Final = ("slot-1", "slot-2")


def login_of(evidence: Evidence) -> str:
    """The login name that the token carries, as far as it is known."""
    return evidence.get("login-name", "user-name", "token-user", "setting-user", "error-user")


def is_described(evidence: Evidence) -> bool:
    """Whether anything of an answer about the user is known."""
    names = ("name", "login-name", "type", "disabled", "locked", "days", "role", "warehouse", "has-key")
    return any(evidence.held(f"described-{name}") is not None for name in names) or any(
        evidence.held(slot) is not None for slot in _SLOTS
    )


def login_differs(evidence: Evidence) -> str:
    """That LOGIN_NAME is another than the one in the token; ``""`` where nothing says so."""
    theirs, ours = evidence.get("described-login-name"), login_of(evidence)
    if not theirs or not ours or theirs.casefold() == ours.casefold():
        return ""
    carries = f"the token carries {ours}" if evidence.get("token-ours", "token-user") else f"{ours} is used"
    return f"DESC USER shows LOGIN_NAME {theirs}, and {carries}."


def key_on_the_user(evidence: Evidence, *, exact: bool) -> Opinions:
    """What is known about the key on the user; ``exact``: Snowflake has said that it is the key (394304)."""
    said = (
        "Snowflake says that it does not hold the key that the token names" if exact else "Snowflake refused the token"
    )
    yield from _described_another(evidence, said)
    if evidence.get("login-passed"):
        yield Opinion("key-replaced", f"{PASSED} Something has changed since, and a key is what changes most.", 82)
    seen = evidence.held("key-seen")
    in_pair = evidence.get("in-pair")  # then the slots say nothing: whether DESC USER shows it is not documented
    shown = [None if in_pair else evidence.held(slot) for slot in _SLOTS]
    theirs = [fingerprint for fingerprint in shown if fingerprint]
    ours = evidence.get("key-fingerprint", "token-fingerprint")
    inactive = next((kind for kind in ("disabled", "expired") if ours and evidence.has(f"pair-{kind}", ours)), "")
    if seen is not None:
        yield Opinion("key-replaced", f"{said}, although it was seen{seen} before.", 90 if exact else 56)
        yield Opinion(
            "account-mismatch",
            f"{said}, and it was seen{seen}: that answer may be from another account.",
            70 if exact else 48,
        )
    elif inactive:
        yield Opinion(f"key-pair-{inactive}", f"{said}, and SHOW USER KEY PAIRS listed it as {inactive.upper()}.", 97)
    elif theirs:
        yield Opinion("key-mismatch", f"{said}, and DESC USER showed another key: {theirs[0]}.", 96, certain=exact)
        yield Opinion("key-replaced", "The key that is there may have taken the place of yours.", 60)
        yield Opinion("key-not-registered", "The SQL that registers this key may have run on another user.", 55)
    elif shown == ["", ""]:
        yield Opinion("key-not-registered", f"{said}, and DESC USER showed both slots empty.", 96, certain=exact)
        elsewhere = "DESC USER may not show named key pairs, and a key of one that is {} is refused alike."
        yield Opinion("key-pair-disabled", elsewhere.format("disabled"), 40)
        yield Opinion("key-pair-expired", elsewhere.format("expired"), 39)
    elif "" in shown:
        empty = shown.index("") + 1
        yield Opinion(
            "key-not-registered", f"{said}. DESC USER showed slot {empty} empty, and the other one was not shown.", 88
        )
    elif evidence.has("described-has-key", "false"):
        yield Opinion("key-not-registered", f"{said}, and SHOW USERS lists this user without a public key.", 94)
    elif not evidence.get("registered"):
        yield Opinion("key-not-registered", f"{said}, and nobody has said so far that the SQL has run.", 92)
        yield Opinion("key-mismatch", "There may be another key on this user.", 60)
    else:
        skipped = (
            "the step that looks for it was skipped"
            if evidence.get("verify-skipped")
            else "nobody has looked whether it is there"
        )
        yield Opinion("key-not-registered", f"{said}, and {skipped}.", 84)
        yield Opinion("key-mismatch", f"{said}. Another key may be on this user.", 80)
        if in_pair:
            yield Opinion("key-pair-disabled", f"{said}. It does not for a named key pair that is disabled.", 79)
            yield Opinion("key-pair-expired", f"{said}. It does not for a named key pair that has expired.", 78)
        if exact:
            yield Opinion("key-replaced", "A key that was registered later may have taken its place.", 50)


def _described_another(evidence: Evidence, said: str) -> Opinions:
    name, user = evidence.get("described-name"), evidence.get("user-name")
    if name and user and name.casefold() not in (user.casefold(), login_of(evidence).casefold()):
        yield Opinion("key-not-registered", f"{said}, and the DESC USER output was about {name}, not {user}.", 93)


def state_of_the_user(evidence: Evidence) -> Opinions:
    """What the description of the user says against a login."""
    if differs := login_differs(evidence):
        yield Opinion("login-name-differs", differs, 98)
    if evidence.has("described-disabled", "true"):
        yield Opinion("user-disabled", "DESC USER shows DISABLED = true.", 97)
    if evidence.has("described-locked", "true"):
        yield Opinion("user-locked", "DESC USER showed this user as locked.", 94)
    days = evidence.number("described-days")
    if days is not None and days <= 0:
        yield Opinion("user-expired", "DESC USER shows that the user has reached its end date.", 95)
