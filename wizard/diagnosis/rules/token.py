"""A token, taken apart claim by claim.

What the claims have to be: https://docs.snowflake.com/en/developer-guide/sql-api/authenticating
"""

from __future__ import annotations

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.opinion import Opinion, Opinions, ruled_out
from wizard.snowflake.account.regions import looks_like_suffix
from wizard.snowflake.clock import CLOSE_ENOUGH, TOKEN_AGE
from wizard.snowflake.token import ALGORITHM, in_words


def token(evidence: Evidence) -> Opinions:
    """What the claims of a token say against it."""
    for flaw in evidence.all("token-flaw"):
        cause, _, because = flaw.value.partition(": ")
        yield Opinion(cause, because, 100, certain=True)
    if evidence.held("token-subject") is not None:
        yield from _shape(evidence)
        yield from _account(evidence)
        yield from _times(evidence)


def _shape(evidence: Evidence) -> Opinions:
    issuer, subject = evidence.get("token-issuer"), evidence.get("token-subject")
    algorithm = evidence.get("token-algorithm")
    if algorithm != ALGORITHM:
        yield Opinion(
            "token-malformed",
            f"The token is signed with {algorithm or 'no algorithm'}. Snowflake wants {ALGORITHM}.",
            104,
            certain=True,
        )
    if not issuer or not subject:
        yield Opinion("token-malformed", "The token has no issuer (iss) or no subject (sub).", 104, certain=True)
    elif not evidence.get("token-fingerprint"):
        yield Opinion(
            "token-malformed",
            "The issuer of the token (iss) does not end with SHA256: and the fingerprint of a key.",
            104,
            certain=True,
        )
    elif issuer.rpartition(".SHA256:")[0].casefold() != subject.casefold():
        yield Opinion(
            "token-malformed",
            "The issuer of the token (iss) and its subject (sub) name different logins.",
            103,
            certain=True,
        )
    if subject != subject.upper():
        yield Opinion(
            "user-case",
            f"The subject of the token is {subject}. Snowflake compares capital letters.",
            103,
            certain=True,
        )
    elif subject:
        yield ruled_out("user-case", "The account and the user stand in capital letters in the token.")


def _account(evidence: Evidence) -> Opinions:
    account = evidence.get("token-account")
    subject = evidence.get("token-subject").upper()
    if "://" in subject or "SNOWFLAKECOMPUTING" in subject:
        yield Opinion(
            "account-url-pasted",
            "The token has the address of the account in it, where its name alone belongs.",
            106,
            certain=True,
        )
        return
    if "." not in account:
        if account:
            yield ruled_out("account-region-in-claim", f"The token names the account {account} alone.")
        return
    name, _, behind = account.partition(".")
    if "PRIVATELINK" in behind or looks_like_suffix(behind.lower()):
        yield Opinion(
            "account-region-in-claim",
            f"The token names the account {account}. Only {name} belongs there.",
            105,
            certain=True,
        )
    else:
        yield Opinion(
            "account-dot-form",
            f"The token has a dot in what may be the account: {account}. A hyphen belongs between organization and "
            "account.",
            60,
        )


def _times(evidence: Evidence) -> Opinions:
    age, left, life = (evidence.number(f"token-{name}") for name in ("age", "left", "life"))
    if age is None or left is None or life is None:
        yield Opinion(
            "token-malformed",
            "The token does not say from when to when it holds: iat or exp is missing or no number.",
            104,
            certain=True,
        )
        return
    if life <= 0:
        yield Opinion("token-expired", "The token ends before it begins: exp is not after iat.", 103, certain=True)
    elif life > TOKEN_AGE:
        yield Opinion(
            "token-expired",
            f"The token is made to live for {in_words(life)}. Snowflake honours one hour at most.",
            70,
        )
    if age < -CLOSE_ENOUGH:
        yield Opinion(
            "clock-skew",
            f"The token was made {in_words(-age)} in the future, by the clock of the machine that made it.",
            102,
        )
    elif left < 0 < life:
        yield Opinion(
            "token-expired",
            f"The token ended {in_words(-left)} ago. That is no fault if it was used before.",
            18,
        )
