"""Every way in which the practice Snowflake can fail, by name, with the cause that the wizard must find.

A scenario is data. It breaks something about every user (``sets``), which is mended by the SQL that mends it in
Snowflake; or it lies about the time, refuses a login, or lets something else answer in Snowflake's place, which ends
when another scenario is chosen. ``tests/practice/test_scenarios.py`` walks every row through the real checks over
real HTTP, and ``tests/web/test_mending.py`` mends each with what the wizard prints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from wizard.practice import stand_ins
from wizard.practice.policies import Policy
from wizard.practice.users import ADMINISTRATOR, CLAIM, LOCATOR, KeyPair, User, another_key
from wizard.practice.wire import Reply
from wizard.snowflake.clock import LOGIN_AGE
from wizard.snowflake.codes import Code

Setting = Callable[[User], User | None]
"""How a user is in a scenario, ``None`` where there is no such user. A user who is so already comes back equal."""

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "key": "The key and the clock",
        "user": "The user and what it may do",
        "account": "The account and its address",
        "network": "The network on the way",
        "busy": "Slow or busy",
    }
)
"""Where a person looks for a failure: a scenario's ``group``, and its title."""

Mends = Literal["", "statement", "name", "answer", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way to fail (or to succeed the hard way).

    ``cause`` is an id of the diagnosis catalogue, "" where the test should pass without a word; ``check`` is the row
    that tells; ``verdict`` is how the test as a whole ends (some causes only deserve a warning). ``bare`` marks those
    that show as nothing but 390144 from outside, so that only an administrator can tell them apart. ``group`` is one
    of :data:`GROUPS`.

    ``sets`` is how it leaves each user, ``policy`` one that it puts into the account. ``mends`` says what helps: a
    ``statement`` that the wizard prints, one that wants a ``name`` from the list which the wizard prints the statement
    for, another ``answer`` to one of its steps; whatever else has a cause is mended ``elsewhere``, by no SQL.

    ``probe`` is the row of the live test that settles it, where the person is known by another name too, or the account
    is. ``claim`` is the account's name that tokens have to carry, ``future`` how many seconds a token may be from the
    future.

    ``stands_in`` answers in Snowflake's place: for good, or the first ``gives_way_after`` times that a request is sent;
    for statements only, or for the ``whole_host``. ``refuses`` is the code of a refusal behind a good token, ``polls``
    how often a result must be asked for, ``runs_as`` the user that the session says it is.
    """

    slug: str
    title: str
    explanation: str
    cause: str = ""
    check: str = ""
    verdict: Literal["passed", "failed"] = "failed"
    bare: bool = False
    group: str = ""
    mends: Mends = ""
    sets: Setting | None = None
    policy: Policy | None = None
    refuses: str = ""
    clock_off_seconds: float = 0.0
    route: Literal["", "name-not-found", "refused", "reset"] = ""
    certificate: Literal["own", "inspecting", "other-names"] = "own"
    stands_in: Reply | None = None
    gives_way_after: int = 0
    whole_host: bool = False
    polls: int = 0
    runs_as: str = ""
    probe: str = ""
    claim: str = CLAIM
    future: float = LOGIN_AGE

    @property
    def mended(self) -> Mends:
        """What helps: ``mends``, and ``elsewhere`` for whatever has a cause and says nothing else."""
        return self.mends or ("elsewhere" if self.cause else "")

    @property
    def in_a_sentence(self) -> str:
        """The title as it goes on after a colon."""
        return self.title if self.title[1:2].isupper() else self.title[0].lower() + self.title[1:]


# Settings: how a user is in a scenario.


def _other_key_registered(user: User) -> User:
    return replace(user, key_1=another_key(user.created_at), key_2=None, pairs=())


def _no_key_registered(user: User) -> User:
    return replace(user, key_1=None, key_2=None, pairs=())


def _pairs_of(user: User) -> tuple[KeyPair, ...]:
    """The user's named key pairs; one that is in a slot becomes one."""
    key = user.key_1 or user.key_2
    return user.pairs or ((KeyPair("MY_KEY", key, created_by=ADMINISTRATOR),) if key else ())


def _key_pairs_disabled(user: User) -> User:
    pairs = tuple(replace(pair, disabled=True) for pair in _pairs_of(user))
    return replace(user, key_1=None, key_2=None, pairs=pairs)


def _key_pairs_expired(user: User) -> User:
    pairs = tuple(replace(pair, days=1, expires_at=pair.key.set_at) for pair in _pairs_of(user))
    return replace(user, key_1=None, key_2=None, pairs=pairs)


def _key_in_slot_2(user: User) -> User:
    return replace(user, key_1=None, key_2=user.key_1 or user.key_2)


def _signs_in_by_email(user: User) -> User:
    return replace(user, login_name=f"{user.name.lower()}@practice.example")


def _unknown(_: User) -> None:
    return None


def _disabled(user: User) -> User:
    return replace(user, disabled=True)


def _locked(user: User) -> User:
    return replace(user, locked=True)


def _default_role_not_granted(user: User) -> User:
    if user.default_role and not user.holds_role(user.default_role):
        return user
    # No role but PUBLIC is left: a wizard that remembers another one from before is refused it too.
    return replace(user, default_role="REPORTER", roles=frozenset())


def _no_warehouse(user: User) -> User:
    return replace(user, default_warehouse="")


_OFFICE_ONLY = Policy("network", "OFFICE_ONLY", ("203.0.113.0/24",), "Logins from the office alone")
_NO_KEY_PAIRS = Policy("authentication", "NO_KEY_PAIRS", ("PASSWORD", "SAML"), "Logins without key pairs")


def _lets_the_office_in(user: User) -> User:
    return replace(user, network_policy=_OFFICE_ONLY.name)


def _lets_no_key_pairs_in(user: User) -> User:
    return replace(user, authentication_policy=_NO_KEY_PAIRS.name)


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("fine", "Everything works", "The practice Snowflake behaves.", verdict="passed"),
    # The key and the clock.
    Scenario(
        "key-in-slot-2", "The key is in slot 2",
        "The key sits in RSA_PUBLIC_KEY_2, as after a rotation. Snowflake looks in both slots, so the test passes.",
        verdict="passed", sets=_key_in_slot_2, group="key",
    ),
    Scenario(
        "wrong-key", "Another key is registered",
        "Every user has a key, but not yours: somebody replaced it, or pasted the wrong file.",
        "key-mismatch", "login", bare=True, sets=_other_key_registered, group="key", mends="statement",
    ),
    Scenario(
        "key-not-registered", "No key is registered",
        "ALTER USER has not run, or ran on another user.",
        "key-not-registered", "login", bare=True, sets=_no_key_registered, group="key", mends="statement",
    ),
    Scenario(
        "key-pair-disabled", "The named key pair is disabled",
        "The key is a named key pair, and somebody has set DISABLED = TRUE on it.",
        "key-pair-disabled", "login", bare=True, sets=_key_pairs_disabled, group="key", mends="statement",
    ),
    Scenario(
        "key-pair-expired", "The named key pair has expired",
        "The key is a named key pair that was made with DAYS_TO_EXPIRY, and the days are over.",
        "key-pair-expired", "login", bare=True, sets=_key_pairs_expired, group="key", mends="statement",
    ),
    Scenario(
        "signature-broken", "The signature does not verify",
        "The token names the registered key, but was signed with another one, or changed on its way.",
        "signature-broken", "login", bare=True, refuses=Code.JWT_TOKEN_INVALID_SIGNATURE, group="key",
    ),
    Scenario(
        "token-expired", "The token arrives too late",
        "Something held the request up until the token was past its time.",
        "token-expired", "login", bare=True, refuses=Code.JWT_TOKEN_INVALID_EXPIRATION_TIME, group="key",
    ),
    Scenario(
        "clock-slow", "This computer's clock is slow",
        "Snowflake's clock is five minutes ahead of this computer's, so every token is old when it arrives.",
        "clock-skew", "clock", clock_off_seconds=300.0, group="key",
    ),
    Scenario(
        "clock-fast", "This computer's clock is fast",
        "Snowflake's clock is five minutes behind this computer's, so every token comes from the future.",
        "clock-skew", "clock", clock_off_seconds=-300.0, group="key",
    ),
    Scenario(
        "clock-ahead", "This computer's clock is a little fast",
        "Snowflake's clock is nine seconds behind this computer's, and it takes no token from the future: the same one "
        "is good when it is sent again a moment later.",
        "clock-skew", "login", bare=True, clock_off_seconds=-9.0, future=1.0, group="key", probe="probe-again",
    ),
    # The user and what it may do. Where the login works, these only warn.
    Scenario(
        "unknown-user", "The user does not exist",
        "This account has no such user: a typing mistake, or the right user in another account.",
        "user-unknown", "login", bare=True, sets=_unknown, group="user",
    ),
    Scenario(
        "login-name-differs", "The login name is not the user name",
        "Every user signs in as <user name>@practice.example. The token needs that name; the SQL needs the other.",
        "login-name-differs", "login", bare=True, sets=_signs_in_by_email, group="user", mends="answer",
        probe="probe-name",
    ),
    Scenario(
        "another-user", "The session is another user",
        "Snowflake lets you in, but as somebody else: the login name belongs to another user than you named.",
        "login-name-differs", "identity", runs_as="SVC_SOMEBODY_ELSE", group="user",
    ),
    Scenario(
        "disabled", "The user is disabled",
        "An administrator has set DISABLED = TRUE.",
        "user-disabled", "login", sets=_disabled, group="user", mends="statement",
    ),
    Scenario(
        "locked", "The user is locked",
        "Too many failed logins: Snowflake locks the user for about 15 minutes.",
        "user-locked", "login", sets=_locked, group="user", mends="statement",
    ),
    Scenario(
        "keypair-not-allowed", "A policy does not allow key pairs",
        "An authentication policy names the ways to log in, and KEYPAIR is not one of them.",
        "keypair-not-allowed", "login", sets=_lets_no_key_pairs_in, policy=_NO_KEY_PAIRS, group="user", mends="name",
    ),
    Scenario(
        "role-not-granted", "The default role is not granted",
        "DEFAULT_ROLE names a role that the user does not have: setting it grants nothing.",
        "role-not-granted", "context", "passed", sets=_default_role_not_granted, group="user", mends="statement",
    ),
    Scenario(
        "no-warehouse", "There is no warehouse",
        "The user has no default warehouse, so the first real query will ask for one.",
        "warehouse-unusable", "context", "passed", sets=_no_warehouse, group="user", mends="name",
    ),
    Scenario(
        "warehouse-demanded", "Nothing runs without a warehouse",
        "Snowflake accepts the token, then refuses even the smallest statement for lack of a warehouse.",
        "warehouse-unusable", "context", "passed", sets=_no_warehouse, refuses=Code.WAREHOUSE_DEMANDED,
        group="user", mends="name",
    ),
    # The account and its address.
    Scenario(
        "account-mismatch", "The token is for another account",
        "The account in the token is not the account of the address that was asked.",
        "account-mismatch", "login", bare=True, refuses=Code.JWT_TOKEN_ACCOUNT_MISMATCH, group="account",
    ),
    Scenario(
        "other-form", "The account wants its other name",
        f"Tokens have to name the account by its locator, {LOCATOR}, and not by organization and account.",
        "account-form", "login", claim=LOCATOR, group="account", probe="probe-account",
    ),
    Scenario(
        "account-not-found", "No such account (404)",
        "The address exists because every name under it does, but there is no account behind it.",
        "account-not-found", "login", stands_in=stand_ins.NOT_FOUND, whole_host=True, group="account",
    ),
    Scenario(
        "account-forbidden", "No such account (403)",
        "The same, the way older parts of Snowflake say it.",
        "account-not-found", "login", stands_in=stand_ins.FORBIDDEN, whole_host=True, group="account",
    ),
    Scenario(
        "name-not-found", "The name does not resolve",
        "No address is known for the account's host: a typing mistake in the account.",
        "host-not-found", "dns", route="name-not-found", group="account",
    ),
    Scenario(
        "other-names", "The certificate is for other names",
        "The certificate is a real one, but for another region's names.",
        "tls-name-mismatch", "tls", certificate="other-names", group="account",
    ),
    # The network on the way.
    Scenario(
        "network-policy", "A network policy blocks this address",
        "The account only lets certain addresses in, and this computer's is not among them.",
        "network-policy", "login", sets=_lets_the_office_in, policy=_OFFICE_ONLY, group="network", mends="statement",
    ),
    Scenario(
        "connection-refused", "The connection is refused",
        "A firewall or a proxy says no at once.",
        "connection-blocked", "tls", route="refused", group="network",
    ),
    Scenario(
        "connection-reset", "The connection is dropped",
        "A firewall hangs up as soon as it sees where the connection goes.",
        "connection-blocked", "tls", route="reset", group="network",
    ),
    Scenario(
        "inspecting-proxy", "A proxy opens the encryption",
        "The company's proxy puts its own certificate in place of Snowflake's.",
        "tls-intercepted", "tls", certificate="inspecting", group="network",
    ),
    Scenario(
        "html-answer", "A sign-in page answers",
        "A proxy or a hotel network answers with its own page instead of passing the request on.",
        "proxy-page", "login", stands_in=stand_ins.LOGIN_PAGE, group="network",
    ),
    Scenario(
        "redirect", "The request is sent elsewhere",
        "Something answers with a redirect. Snowflake never does; following it would carry the token away.",
        "proxy-page", "login", stands_in=stand_ins.REDIRECT, group="network",
    ),
    Scenario(
        "garbage-json", "JSON that is not Snowflake's",
        "The answer is well formed, but Snowflake's statements service does not talk like that.",
        "proxy-page", "login", stands_in=stand_ins.GARBAGE, group="network",
    ),
    Scenario(
        "cut-body", "The answer is cut off",
        "The connection ends in the middle of the answer.",
        "connection-blocked", "login", stands_in=stand_ins.CUT, group="network",
    ),
    Scenario(
        "huge-body", "The answer is far too large",
        "Megabytes arrive where a few lines belong.",
        "proxy-page", "login", stands_in=stand_ins.HUGE, group="network",
    ),
    # Slow or busy.
    Scenario(
        "slow", "No answer in time",
        "The request arrives and nothing comes back.",
        "connection-blocked", "login", stands_in=stand_ins.SLOW, group="busy",
    ),
    Scenario(
        "trickled", "An answer that never ends",
        "The answer comes one byte at a time: no single wait is long, but the whole is.",
        "connection-blocked", "login", stands_in=stand_ins.TRICKLED, group="busy",
    ),
    Scenario(
        "pending", "The answer takes a while",
        "Snowflake takes the statement, says that it is working on it, and answers when asked again.",
        verdict="passed", polls=2, group="busy",
    ),
    Scenario(
        "pending-forever", "The answer never comes",
        "Snowflake takes the statement, says that it is working on it, and goes on saying so.",
        "snowflake-unavailable", "login", polls=1_000_000, group="busy",
    ),
    Scenario(
        "busy-at-first", "Too busy at first",
        "Snowflake answers 429 twice, with the seconds to wait, and then works.",
        verdict="passed", stands_in=stand_ins.BUSY, gives_way_after=2, group="busy",
    ),
    Scenario(
        "busy-forever", "Too busy for long",
        "Snowflake answers 429 for as long as anybody asks.",
        "rate-limited", "login", stands_in=stand_ins.BUSY, group="busy",
    ),
    Scenario(
        "away-at-first", "Away for a moment",
        "Snowflake answers 503 twice and then works.",
        verdict="passed", stands_in=stand_ins.AWAY, gives_way_after=2, group="busy",
    ),
    Scenario(
        "away-forever", "Away for long",
        "Snowflake answers 503 for as long as anybody asks.",
        "snowflake-unavailable", "login", stands_in=stand_ins.AWAY_FOR_GOOD, group="busy",
    ),
)  # fmt: skip

_BY_SLUG = {scenario.slug: scenario for scenario in SCENARIOS}


def scenario(slug: str) -> Scenario:
    """Return the scenario of that name; raises ``KeyError``."""
    return _BY_SLUG[slug]
