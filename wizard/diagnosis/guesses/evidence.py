"""What the journey knows of the key and of the user, as guesses."""

from __future__ import annotations

from wizard.diagnosis.guesses.guess import Guess, Guesses
from wizard.diagnosis.symptom import Background


def login_differs(background: Background) -> str:
    theirs = background.described.login_name if background.described else ""
    return f"DESC USER shows LOGIN_NAME {theirs}, and the token carries {background.login}."


def key_evidence(background: Background, *, exact: bool) -> Guesses:
    """What the journey knows about the key on the user; ``exact``: Snowflake has said that it is the key (394304)."""
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


def user_evidence(background: Background) -> Guesses:
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
        yield Guess("login-name-differs", login_differs(background), 98)
    if described.disabled:
        yield Guess("user-disabled", "DESC USER shows DISABLED = true.", 97)
    if described.locked:
        yield Guess("user-locked", "DESC USER showed this user as locked.", 94)
    if described.days_to_expiry is not None and described.days_to_expiry <= 0:
        yield Guess("user-expired", "DESC USER shows that the user has reached its end date.", 95)
