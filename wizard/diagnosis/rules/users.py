"""The user, as Snowflake described it in what was pasted."""

from __future__ import annotations

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.opinion import Opinion, Opinions, ruled_out
from wizard.diagnosis.rules.user_and_key import state_of_the_user


def users(evidence: Evidence) -> Opinions:
    """What stands in the way of a login on the user's side. The wizard's own test has rules of its own for this."""
    for user in evidence.all("user-denied"):
        yield Opinion("user-unknown", f"Snowflake says that {user.value} does not exist, or may not be seen.", 112)
    if evidence.get("check"):
        return
    yield from state_of_the_user(evidence)
    slots = [evidence.held("slot-1"), evidence.held("slot-2")]
    if slots == ["", ""] and not evidence.get("pair-active"):
        yield Opinion("key-not-registered", "DESC USER showed both slots empty, when that was asked.", 97)
        yield ruled_out("key-mismatch", "DESC USER showed no key on this user, when that was asked.")
    elif evidence.has("described-has-key", "false"):
        yield Opinion("key-not-registered", "This user was listed without a public key, when that was asked.", 97)
    if evidence.has("described-type", "SNOWFLAKE_SERVICE"):
        yield Opinion(
            "keypair-not-allowed", "Snowflake's own container services manage the login of such a user themselves.", 60
        )
    if role := evidence.first("pair-role"):
        asked = evidence.first("error-role", "setting-role")
        if asked and asked.value.casefold() != role.value.casefold():
            yield Opinion(
                "role-not-granted",
                f"{role.source} lets a session have the role {role.value} alone, and {asked.source} asks for "
                f"{asked.value}.",
                104,
            )
