"""One key in the place of another: where the new one goes, and which statement takes the old one away.

All active keys of a user let somebody in, and Snowflake picks the one that the fingerprint in a token names. So a key
is replaced without a gap by three rules: the new key goes where nothing stands, what is not known to be empty is never
filled, and the old key goes when the new one is in use.

https://docs.snowflake.com/en/user-guide/key-pair-auth#configuring-key-pair-rotation
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.journey import Journey
from wizard.snowflake import sql
from wizard.snowflake.user import Place, UserDescription, rotated_from, standing_keys


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the new key goes: into an empty slot, or into a named key pair.

    ``rotates``: the pair holds the old key, which Snowflake then keeps beside it under another name until the grace is
    over.
    """

    slot: int = 0
    pair: str = ""
    rotates: bool = False


def plan(journey: Journey, proposed: str) -> Plan:
    """Return where the new key goes; ``proposed`` is the name of a key pair that is to be made, where it takes one."""
    old = journey.old_key
    if old and old.pair:
        return Plan(pair=rotated_from(old.pair) or old.pair, rotates=not journey.is_retired)
    slots = journey.description.slots if journey.description else (None, None)
    idle = next((slot for slot, held in enumerate(slots, 1) if held == ""), 0)
    return Plan(slot=idle) if idle else Plan(pair=proposed)


def both_slots_are_taken(journey: Journey) -> bool:
    """Whether each slot of the user was seen to hold a key."""
    return journey.description is not None and all(journey.description.slots)


def statement(journey: Journey, to: Plan) -> str:
    """Return the statement that puts the new key there. No key that is in use is overwritten by it.

    Raises ValueError before there is a key.
    """
    user, key = journey.user_name, journey.key.base64 if journey.key else ""
    if to.slot:
        return sql.set_public_key(user, key, to.slot)
    if to.rotates:
        return sql.rotate_key_pair(user, to.pair, key, journey.grace_hours)
    return sql.add_key_pair(user, to.pair, key, role=journey.old_key.role if journey.old_key else "")


def retirement(journey: Journey) -> str:
    """Return the statement that takes the old key away, ``""`` where it is not certain that it takes away that one.

    A rotated key pair leaves its name to the new key. So once the statement may have run, the name that the old key had
    before is not taken for its own, unless the new key was seen elsewhere.
    """
    old = journey.old_key
    new = journey.place if journey.has_new_key else None
    if old is None or old.gone or old.place == Place() or old.place == new:
        return ""
    if old.slot:
        return sql.unset_public_key(journey.user_name, old.slot)
    may_have_moved = journey.has_new_key and journey.is_registered and new in (None, Place())
    if may_have_moved and not rotated_from(old.pair):
        return ""
    return sql.remove_key_pair(journey.user_name, old.pair)


def seen_again(journey: Journey, description: UserDescription) -> Journey:
    """Take what a later answer says of the old key: where it stands now, or that its place holds it no more."""
    old = journey.old_key
    if old is None:
        return journey
    for key in standing_keys(description, rotated_out=True):
        if key.fingerprint == old.fingerprint:
            return journey.with_old_key(
                replace(key, since=key.since or old.since, used=key.used or old.used, role=key.role or old.role)
            )
    shown = description.slots[old.slot - 1] is not None if old.slot else description.lists_pairs
    return journey.with_old_key(replace(old, gone=True)) if shown else journey
