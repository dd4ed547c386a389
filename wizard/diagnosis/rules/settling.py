"""The one observation that tells apart what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.opinion import Opinion
from wizard.diagnosis.rules.user_and_key import is_described
from wizard.diagnosis.sentences import SENTENCES, Settle
from wizard.diagnosis.sentences.settles import LOOK_UP
from wizard.diagnosis.statements import statement

_CLEAR: Final = 30
"""A cause that is this far before the next needs nothing to tell them apart."""
ON_THE_USER: Final = frozenset(
    (
        "key-mismatch", "key-not-registered", "key-replaced", "login-name-differs", "user-unknown", "key-pair-disabled",
        "key-pair-expired", "user-disabled", "user-locked",
    )
)  # fmt: skip
"""The causes that DESC USER tells apart."""
_IN_THE_KEY: Final = frozenset(
    (
        "key-newlines-lost", "key-markers-missing", "key-encoding", "key-pkcs1", "key-openssh", "key-is-public",
        "key-truncated", "key-cipher", "key-is-path", "key-empty", "key-stray-characters", "passphrase-missing",
    )
)  # fmt: skip
_NUMBER: Final = Settle(
    "Look for a number in square brackets behind the message, like [0d9a1c52-…], and paste the message with it. An "
    "administrator can ask Snowflake for the reason by that number.",
    kind="error",
)
_DESCRIBE: Final = Settle(
    "Run DESC USER for this user and paste all of its answer: it tells the login name, the keys and whether the user "
    "may log in.",
    statement="describe_user",
    kind="desc-user",
)
_FIRST_LINE: Final = Settle(
    "Look at the first line of the key file, and at whether the key stands on several lines where the tool reads it. "
    "Don't paste the key: its first line alone, such as -----BEGIN PRIVATE KEY-----, tells which form it has.",
)


def settling(evidence: Evidence, ranked: Sequence[Opinion]) -> Settle | None:
    """Return what to look at next; None where one cause is certain or far before all others."""
    if len(ranked) < 2 or ranked[0].certain or ranked[0].weight - ranked[1].weight >= _CLEAR:
        return None
    chosen = _chosen(evidence, ranked)
    return replace(chosen, sql=statement(chosen.statement, evidence)) if chosen and chosen.statement else chosen


def _chosen(evidence: Evidence, ranked: Sequence[Opinion]) -> Settle | None:
    if evidence.get("uuid") and not any(code.value.startswith("3943") for code in evidence.all("code")):
        return LOOK_UP
    leading = {opinion.cause for opinion in ranked[:3]}
    for fact in evidence.all("sentence"):
        sentence = SENTENCES.get(fact.value)
        if sentence and sentence.settles and leading & set(sentence.causes):
            return sentence.settles
    if len(leading & ON_THE_USER) >= 2:
        if evidence.get("check") or is_described(evidence):
            return None
        return (
            _DESCRIBE if evidence.has("described-name", "") or evidence.get("error-user", "setting-user") else _NUMBER
        )
    if len(leading & _IN_THE_KEY) >= 2 and not evidence.get("key-form"):
        return _FIRST_LINE
    return None
