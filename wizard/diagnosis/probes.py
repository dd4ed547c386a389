"""What is worth asking Snowflake again after a failed login: the same login, with one thing otherwise.

Each probe is a login more, so it is made where the failure leaves its question open and nowhere else, and none is made
after an answer that speaks of a lock, a policy or too many requests: five failed logins lock a user
(https://docs.snowflake.com/en/user-guide/admin-user-management, read autumn 2026), and whether refused tokens count
towards them is not published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from wizard.diagnosis.symptom import Symptom
from wizard.snowflake.codes import Code
from wizard.snowflake.login import Login

MOST: Final = 3
"""How many more logins one test may try."""
AHEAD: Final = 2.0
"""From so many seconds on a token counts as one from the future. Which of these Snowflake takes, it doesn't publish;
the header by which clocks are compared tells whole seconds."""

_REFUSALS: Final = frozenset(
    (
        Code.JWT_TOKEN_INVALID,
        Code.JWT_TOKEN_INVALID_USER_IN_ISSUER,
        Code.JWT_TOKEN_INVALID_ISSUE_TIME,
        Code.JWT_TOKEN_INVALID_EXPIRATION_TIME,
        Code.JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH,
        Code.JWT_TOKEN_ACCOUNT_MISMATCH,
        Code.PASSWORD_REFUSED,
    )
)
_OF_THE_USER: Final = frozenset((Code.JWT_TOKEN_INVALID, Code.JWT_TOKEN_INVALID_USER_IN_ISSUER, Code.PASSWORD_REFUSED))
_OF_THE_ACCOUNT: Final = frozenset((Code.JWT_TOKEN_INVALID, Code.JWT_TOKEN_ACCOUNT_MISMATCH))
_OF_THE_TIME: Final = frozenset((Code.JWT_TOKEN_INVALID, Code.JWT_TOKEN_INVALID_ISSUE_TIME))
_OF_THE_HOST: Final = frozenset(("name-not-found", "certificate-name", "tls"))
_LEAVE_ALONE: Final = ("lock", "disabled", "policy", "too many", "not allowed")


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that failed: its symptom, and by how many seconds the token was from the future by Snowflake's clock
    (``None`` where nobody could compare them).
    """

    symptom: Symptom
    ahead: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Probe:
    """One row of the table.

    * ``name``: stable, stands in the page as ``data-check``
    * ``tells``: the end of its facts: ``accepted-<tells>`` and ``refused-<tells>``
    * ``login``: the login that it tries, from the one of the test and other names of the user; None where there is none
    * ``shown``: what that login has otherwise, as it stands in a sentence
    * ``said``: the same before anything ran: "this server may ask again …"
    * ``useful``: whether a failure leaves its question open
    * ``own_token``: whether it needs another token than the one of the test
    """

    name: str
    title: str
    tells: str
    login: Callable[[Login, Sequence[str]], Login | None]
    shown: Callable[[Login], str]
    said: str
    useful: Callable[[Failure], bool]
    own_token: bool = True


def _other_name(login: Login, names: Sequence[str]) -> Login | None:
    other = next((name for name in names if name and name.upper() != login.name.upper()), "")
    return replace(login, name=other) if other else None


def _other_form(login: Login, _names: Sequence[str]) -> Login | None:
    account = login.account
    by_organization = f"{account.organization}-{account.name}" if account.organization else ""
    other = next((form for form in (by_organization, account.locator) if form and form != account.claim), "")
    # The two differ by more than a hyphen: that is another question.
    return _claiming(login, other) if other and other.replace("_", "-") != account.claim.replace("_", "-") else None


def _with_hyphens(login: Login, _names: Sequence[str]) -> Login | None:
    claim = login.account.claim
    return _claiming(login, claim.replace("_", "-")) if "_" in claim else None


def _claiming(login: Login, claim: str) -> Login:
    return replace(login, account=replace(login.account, claim=claim))


def _other_host(login: Login, _names: Sequence[str]) -> Login | None:
    host = login.account.host
    # A host that the operator vouches for is the one that was named, and no other spelling of it.
    if "_" not in host or login.account.vouched:
        return None
    return replace(login, account=replace(login.account, host=host.replace("_", "-")))


def _is_refused(failure: Failure, codes: frozenset[Code]) -> bool:
    return failure.symptom.kind == "answer" and failure.symptom.code in codes


def _is_from_the_future(failure: Failure) -> bool:
    return failure.ahead is None or failure.ahead >= AHEAD


PROBES: Final[tuple[Probe, ...]] = (
    Probe(
        "probe-name", "The other login name", "login-name", _other_name,
        shown=lambda login: login.name,
        said="with the login name {}",
        useful=lambda failure: _is_refused(failure, _OF_THE_USER),
    ),
    Probe(
        "probe-account", "The account’s other name", "account", _other_form,
        shown=lambda login: login.account.claim,
        said="with the account named {}",
        useful=lambda failure: _is_refused(failure, _OF_THE_ACCOUNT),
    ),
    Probe(
        "probe-again", "The same token again", "later", lambda login, _names: login,
        shown=lambda _login: "the same token",
        said="with the same token, if it was too new for Snowflake’s clock",
        useful=lambda failure: _is_refused(failure, _OF_THE_TIME) and _is_from_the_future(failure),
        own_token=False,
    ),
    Probe(
        "probe-hyphen", "Hyphens in the account", "hyphens", _with_hyphens,
        shown=lambda login: login.account.claim,
        said="with the account written {}",
        useful=lambda failure: _is_refused(failure, _OF_THE_ACCOUNT),
    ),
    Probe(
        "probe-host", "Hyphens in the host", "host", _other_host,
        shown=lambda login: login.account.host,
        said="at {}, if the host with underscores can’t be reached",
        useful=lambda failure: failure.symptom.kind in _OF_THE_HOST,
        own_token=False,
    ),
)  # fmt: skip
"""Every probe, in the order in which they are made: what is answered soonest and settles most comes first."""

PROBE_NAMED: Final[Mapping[str, Probe]] = MappingProxyType({probe.name: probe for probe in PROBES})


def tried_by_probes(login: Login, names: Iterable[str]) -> Mapping[str, Login]:
    """Return the login that each probe would try, by its name. ``names`` are all names that the user may sign in by."""
    names = tuple(names)
    tried = ((probe.name, probe.login(login, names)) for probe in PROBES)
    return {name: other for name, other in tried if other is not None}


def useful_probes(failure: Failure, possible: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the probes to make after ``failure``, in their order, :data:`MOST` at most."""
    if speaks_of_a_lock(failure.symptom):
        return ()
    possible = frozenset(possible)
    return tuple(probe.name for probe in PROBES if probe.name in possible and probe.useful(failure))[:MOST]


def speaks_of_a_lock(symptom: Symptom) -> bool:
    """Whether an answer says that asking again does harm, or no good: a lock, a policy, too many requests."""
    words = symptom.message.lower()
    if symptom.kind != "answer":
        return False
    return symptom.code not in _REFUSALS or any(word in words for word in _LEAVE_ALONE)


def in_advance(tried: Mapping[str, Login]) -> tuple[str, ...]:
    """Return what to say before a test: each probe that may come, as the end of "this server may ask again"."""
    return tuple(probe.said.format(probe.shown(tried[probe.name])) for probe in PROBES if probe.name in tried)
