"""Two things that contradict each other are the finding: what one source says against what another says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wizard.diagnosis.facts import Evidence, Fact
from wizard.diagnosis.rules.opinion import Opinion, Opinions, ruled_out
from wizard.diagnosis.rules.user_and_key import login_differs
from wizard.snowflake.account.account import squashed

_FIRST: Final = 130
"""The weight of a contradiction: before whatever one source alone can say."""


def meant_first(facts: Iterable[Fact]) -> list[Fact]:
    """Put the facts of the one connection first that is meant, where the settings of several were pasted.

    It is the one whose account or user the error or the token names. The others come last: what is known of several
    connections is no contradiction, and their facts count where the first one tells nothing.
    """
    facts = list(facts)
    sources = [fact.source for fact in facts if fact.name == "settings"]
    if len(sources) < 2:
        return facts
    named = {_plain(fact) for fact in facts if fact.name in _NAMED_ELSEWHERE and fact.value}
    ours = {
        source: sum(fact.name in _NAMED_THERE and _plain(fact) in named for fact in facts if fact.source == source)
        for source in sources
    }
    meant = max(sources, key=ours.__getitem__)
    return sorted(facts, key=lambda fact: fact.source in ours and fact.source != meant)


_NAMED_ELSEWHERE: Final = ("error-user", "error-account", "error-host", "token-user", "token-account")
_NAMED_THERE: Final = ("setting-user", "setting-account", "setting-host")


def _plain(fact: Fact) -> str:
    return squashed(_bare(fact.value)) if fact.name.endswith(("account", "host")) else fact.value.casefold()


def contradictions(evidence: Evidence) -> Opinions:
    """What does not fit together."""
    if evidence.get("token-ours"):
        return  # what the walk knows was compared where it was told; the test's own rules weigh it
    yield from _keys(evidence)
    yield from _key_on_the_user(evidence)
    yield from _accounts(evidence)
    yield from _users(evidence)


def _keys(evidence: Evidence) -> Opinions:
    """The key of one source against that of another."""
    keys = (*evidence.all("key-fingerprint"), *evidence.all("token-fingerprint"))
    first = keys[0] if keys else None
    other = next((key for key in keys if first and key.value != first.value), None)
    if first and other:
        yield Opinion(
            "key-mismatch",
            f"{_capital(first.source)} has the fingerprint {first.value}, {other.source} has {other.value}.",
            _FIRST,
            certain=True,
        )


def _key_on_the_user(evidence: Evidence) -> Opinions:
    ours = evidence.first("key-fingerprint", "token-fingerprint")
    slots = [fact for name in ("slot-1", "slot-2") for fact in evidence.all(name)]
    active = [fact for fact in (*slots, *evidence.all("pair-active"), *evidence.all("lone-fingerprint")) if fact.value]
    if ours is None:
        return
    for kind in ("disabled", "expired"):
        for pair in evidence.all(f"pair-{kind}"):
            if pair.value == ours.value:
                yield Opinion(
                    f"key-pair-{kind}",
                    f"The key of {ours.source} is that of {pair.source}, which was {kind} when that was asked.",
                    _FIRST,
                )
                return
    for held in active:
        if held.value == ours.value:
            seen = f"{_capital(held.source)} showed the key of {ours.source}, when that was asked."
            yield ruled_out("key-mismatch", seen)
            yield ruled_out("key-not-registered", seen)
            return
    if active and (len(slots) == 2 or evidence.all("pair-active") or evidence.all("lone-fingerprint")):
        yield Opinion(
            "key-mismatch",
            f"{_capital(ours.source)} has the fingerprint {ours.value}, and {active[0].source} showed "
            f"{active[0].value}, when that was asked.",
            _FIRST,
        )
        yield Opinion("key-replaced", "The key that is there may have taken the place of yours.", 60)
        yield ruled_out("key-not-registered", f"{_capital(active[0].source)} showed a key on this user.")
    elif active:
        yield Opinion(
            "key-mismatch",
            f"{_capital(active[0].source)} showed another key than {ours.source} has; the other slot was not shown.",
            92,
        )


def _accounts(evidence: Evidence) -> Opinions:
    """The account of the token, of the settings and of the address."""
    known = [
        fact
        for name in ("token-account", "setting-account", "setting-host", "error-account", "error-host", "account-host")
        for fact in evidence.all(name)
        if fact.value and not _of_another_connection(fact, evidence)
    ]
    for at, one in enumerate(known):
        for other in known[at + 1 :]:
            if one.source != other.source and _is_another_account(one.value, other.value):
                yield Opinion(
                    "account-mismatch",
                    f"{_capital(one.source)} names the account {_bare(one.value)}, {other.source} names "
                    f"{_bare(other.value)}.",
                    _FIRST - 2,
                )
                return


def _of_another_connection(fact: Fact, evidence: Evidence) -> bool:
    """Whether a fact is one of the settings of a connection that isn't the one that is meant."""
    meant = evidence.first("settings")
    return (
        fact.name.startswith("setting-")
        and meant is not None
        and fact.source != meant.source
        and any(fact.source == other.source for other in evidence.all("settings"))
    )


def _bare(account: str) -> str:
    """What stands before region, cloud and domain."""
    return account.casefold().partition("://")[2 if "://" in account else 0].partition(".")[0]


def _is_another_account(one: str, other: str) -> bool:
    """Whether two spellings are of two accounts, as far as both have the same form."""
    first, second = squashed(_bare(one)), squashed(_bare(other))
    return first != second and ("-" in first) == ("-" in second)


def _users(evidence: Evidence) -> Opinions:
    described = evidence.first("described-login-name")
    names = {
        fact.value.casefold() for name in ("described-name", "described-login-name") for fact in evidence.all(name)
    }
    used = [
        fact
        for name in ("token-user", "setting-user", "error-user", "login-name")
        for fact in evidence.all(name)
        if fact.value and not _of_another_connection(fact, evidence)
    ]
    if described and (differs := login_differs(evidence)) and used:
        if evidence.get("described-name").casefold() == used[0].value.casefold():
            yield Opinion("login-name-differs", differs, _FIRST - 1, certain=True)
        elif used[0].value.casefold() not in names:
            yield Opinion(
                "user-unknown",
                f"{_capital(used[0].source)} names the user {used[0].value}, and {described.source} describes "
                f"{evidence.get('described-name', 'described-login-name')}.",
                _FIRST - 1,
            )
    for at, one in enumerate(used):
        for other in used[at + 1 :]:
            if one.source != other.source and one.value.casefold() != other.value.casefold():
                yield Opinion("user-unknown", _two_users(one, other), _FIRST - 4)
                return


def _two_users(one: Fact, other: Fact) -> str:
    return f"{_capital(one.source)} names the user {one.value}, {other.source} names {other.value}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
