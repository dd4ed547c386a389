"""A token that was refused without a reason: ``JWT token is invalid``, Snowflake's one answer to many mistakes.

How often each is the cause: https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting names the causes;
about 25 public threads, read by hand in autumn 2026, their order. It is an impression, so the weights stay below what
any sentence that names its cause has.
"""

from __future__ import annotations

import re
from typing import Final

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.probes import AHEAD
from wizard.diagnosis.rules.connection import skew
from wizard.diagnosis.rules.opinion import Opinion, Opinions, ruled_out
from wizard.diagnosis.rules.user_and_key import is_described, key_on_the_user, login_of, state_of_the_user
from wizard.snowflake.clock import CLOSE_ENOUGH
from wizard.snowflake.token import in_words

_OFTEN: Final = (
    ("account-region-in-claim", 30, "A region or privatelink that is left in the token's account is the commonest."),
    ("key-mismatch", 29, "The key on the user may be another one than the one that signs."),
    ("user-unknown", 28, "The account may have no user of this login name."),
    ("key-not-registered", 27, "The statement that registers the key may not have run, or not on this user."),
    ("login-name-differs", 26, "The token has to carry LOGIN_NAME, which may differ from NAME."),
    ("account-form", 25, "There are reports of accounts that accepted only one of their two names."),
    ("clock-skew", 24, "A clock that is off makes tokens that are too old or too new."),
    ("key-replaced", 20, "Somebody may have registered another key in the meantime."),
    ("user-case", 15, "A program that makes its own token may leave small letters in it."),
    ("keypair-not-allowed", 12, "A policy may forbid logins by key pair for this user."),
)
CAREFUL: Final = frozenset(
    ("python-connector", "python-connector-5", "snow", "snowsql", "snowpark", "sqlalchemy", "dbt", "jdbc", "odbc",
     "dotnet", "node", "spark", "kafka", "airflow", "dbeaver", "tableau", "metabase", "sql-api-client")
)  # fmt: skip
"""Clients that cut region and privatelink off the account by themselves."""
_REGION: Final = re.compile(
    r"[a-z0-9_]{2,40}\.(?:[a-z0-9-]{2,30}\.)?[a-z]{2,12}-[a-z0-9-]{2,30}(?:\.(?:aws|azure|gcp))?"
)


def bare_refusal(evidence: Evidence, *, at_most: int = 100) -> Opinions:
    """What 390144 may mean, beside what else is known. ``at_most`` is the heaviest weight."""
    if not evidence.get("token-ours"):
        yield from _of_another_program(evidence)
        return
    for opinion in (*_user(evidence), *key_on_the_user(evidence, exact=False)):
        yield Opinion(opinion.cause, opinion.because, min(opinion.weight, at_most), opinion.certain)
    off = abs(skew(evidence))
    if off >= CLOSE_ENOUGH:
        yield Opinion("clock-skew", f"The clocks are {off:.0f} seconds apart.", min(91, at_most))
    ahead = evidence.number("token-ahead") or 0.0
    if AHEAD <= ahead < CLOSE_ENOUGH:
        seen = (
            f"By Snowflake’s clock the token was {in_words(ahead)} from the future. How much it takes isn’t published."
        )
        yield Opinion("clock-skew", seen, min(65, at_most))
    elif abs(ahead) >= CLOSE_ENOUGH:
        yield Opinion("clock-skew", f"By Snowflake’s clock the token was {in_words(abs(ahead))} off.", min(91, at_most))
    if evidence.get("account-claim"):
        form, other = (
            ("locator", "organization-account")
            if evidence.get("account-locator")
            else ("organization-account", "its locator")
        )
        seen = f"The token names the account by {form}. There are reports of accounts that accepted only {other}."
        yield Opinion("account-form", seen, min(45, at_most))
        if evidence.held("key-seen") is not None:
            # All was in place when DESC USER ran: either that was in another account, or something changed since.
            yield Opinion(
                "account-mismatch",
                "The key was seen on the user, but perhaps in another account than this one.",
                min(60, at_most),
            )
            yield Opinion(
                "login-name-differs",
                "LOGIN_NAME was as expected when DESC USER ran. Run it again and see whether it still is.",
                min(52, at_most),
            )
    yield Opinion("keypair-not-allowed", "A policy may forbid logins by key pair for this user.", min(20, at_most))


def _user(evidence: Evidence) -> Opinions:
    if is_described(evidence):
        yield from state_of_the_user(evidence)
        return
    yield Opinion(
        "login-name-differs",
        "LOGIN_NAME was not seen so far. The token must carry it, and it may be another one than NAME.",
        66,
    )
    yield Opinion("user-unknown", f"This account may have no user who signs in as {login_of(evidence)}.", 64)


def _of_another_program(evidence: Evidence) -> Opinions:
    for cause, weight, because in _OFTEN:
        yield Opinion(cause, because, weight)
    client = evidence.get("client")
    if client in CAREFUL:
        seen = "This program takes region and privatelink off the account by itself, so the key or the user is likelier"
        for cause, weight in (("key-mismatch", 50), ("user-unknown", 48), ("key-not-registered", 46)):
            yield Opinion(cause, f"{seen}.", weight)
        yield Opinion("account-region-in-claim", f"{seen}.", -20)
        yield ruled_out("user-case", "This program turns account and user into capital letters by itself.")
    host = evidence.get("error-host").partition(".snowflakecomputing.")[0]
    if host and "-" not in host.partition(".")[0]:
        yield Opinion("account-form", f"The account goes by its locator, {host}; some accept only the other name.", 49)
    elif host or client in CAREFUL:
        yield Opinion("account-form", "The account goes by organization and account, as it should.", -10)
    given = evidence.first("setting-account", "error-account", "error-host", "setting-host")
    if given and client not in CAREFUL:
        yield from _account_given(given.value.lower().partition(".snowflakecomputing.")[0], given.source)
    if is_described(evidence):
        yield from state_of_the_user(evidence)
        yield from key_on_the_user(evidence, exact=False)


def _account_given(account: str, source: str) -> Opinions:
    if "privatelink" in account:
        yield Opinion("account-region-in-claim", f"The account in {source} has privatelink in it.", 76)
    elif _REGION.fullmatch(account):
        yield Opinion("account-region-in-claim", f"The account in {source} has its region in it: {account}.", 62)
    elif "." not in account and "-" in account:
        yield Opinion("account-region-in-claim", f"The account in {source} has no region: {account}.", -12)
