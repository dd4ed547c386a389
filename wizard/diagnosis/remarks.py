"""What a pasted description tells beyond the key: things that would stop the login, or surprise after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.cause import Fix
from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.live import known
from wizard.diagnosis.statements import fill
from wizard.diagnosis.symptom import Background
from wizard.snowflake.user import TYPE_CHANGES, Described

Severity = Literal["danger", "warning", "info"]

_EXPIRES_SOON = 30
"""Days: a user that ends within a month is worth a word before work is built on it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing worth saying about a user.

    * ``kind``: stable name, such as ``login-name-differs``
    * ``severity``: ``danger`` stops the login, ``warning`` may, ``info`` is good to know
    * ``sentence``: what was seen
    * ``fix``: what to do
    * ``cause``: id in the catalogue, or ``""``
    """

    kind: str
    severity: Severity
    sentence: str
    fix: Fix
    cause: str = ""


def remarks(described: Described, login_name: str, *, user_name: str = "") -> tuple[Remark, ...]:
    """Return what is worth saying about ``described``, what stops the login first.

    ``login_name`` is the one that the token is going to carry; ``user_name`` is NAME as the journey has it, for the SQL
    (the description's own NAME when left out).
    """
    background = Background(user_name=described.name or user_name, login_name=login_name, described=described)
    evidence = Evidence(known(background))

    def fix(cause: str, at: int = 0) -> Fix:
        return fill(CATALOGUE[cause].fixes[at], evidence)

    found: list[Remark] = []
    if described.disabled:
        found.append(
            Remark(
                "disabled",
                "danger",
                "This user is disabled, so every login fails.",
                fix("user-disabled"),
                "user-disabled",
            )
        )
    if described.locked:
        found.append(
            Remark("locked", "danger", "This user is locked at the moment.", fix("user-locked", 1), "user-locked")
        )
    days = described.days_to_expiry
    if days is not None and days <= 0:
        found.append(
            Remark("expired", "danger", "This user has reached its end date.", fix("user-expired"), "user-expired")
        )
    if login_name and described.login_name and described.login_name.casefold() != login_name.casefold():
        found.append(
            Remark(
                "login-name-differs",
                "danger",
                f"Snowflake's LOGIN_NAME for this user is {described.login_name}, and the token would carry "
                f"{login_name}.",
                Fix(f"Enter {described.login_name} as the login name.", "you", step="user"),
                "login-name-differs",
            )
        )
    if days is not None and 0 < days <= _EXPIRES_SOON:
        found.append(
            Remark(
                "expiring",
                "warning",
                f"This user stops being able to log in {_in_days(days)}.",
                fix("user-expired"),
                "user-expired",
            )
        )
    if described.pair and described.pair.active and (successor := described.pair.successor):
        ends = f" It works until {described.pair.expires_at}." if described.pair.expires_at else " It works for hours."
        found.append(
            Remark(
                "key-pair-rotated-out",
                "danger",
                f"This key was rotated out: the named key pair {successor} holds a newer one.{ends}",
                Fix(f"Go on with the key of {successor}, or rotate once more with a new key.", "you"),
                "key-replaced",
            )
        )
    elif described.pair and described.pair.active and described.pair.expires_at:
        found.append(
            Remark(
                "key-pair-ends",
                "info",
                f"The named key pair {described.pair.name} ends on {described.pair.expires_at}, and its end can’t be "
                "moved.",
                Fix("Rotate it before that day: the new key gets as many days as this one had.", "you"),
                "key-pair-expired",
            )
        )
    if described.pair and described.pair.role:
        found.append(
            Remark(
                "key-pair-restricted",
                "warning",
                f"The named key pair {described.pair.name} lets a session have the role {described.pair.role} and no "
                "other.",
                Fix(
                    f"Name the role {described.pair.role} in the tool's settings. Whether a login that names none is "
                    "let in is not documented.",
                    "you",
                ),
                "role-not-granted",
            )
        )
    found.extend(_type_remarks(described))
    if described.disabled is not None and described.locked is not None:
        # Only then was enough copied for an empty value to mean that there is none.
        found.extend(_default_remarks(described))
    return tuple(found)


def _in_days(days: float) -> str:
    whole = int(days)
    return "within a day" if whole < 1 else "in one day" if whole == 1 else f"in {whole} days"


def _type_remarks(described: Described) -> list[Remark]:
    if described.type == "LEGACY_SERVICE":
        return [
            Remark(
                "type-legacy-service",
                "info",
                "This user is of the type LEGACY_SERVICE, which Snowflake is phasing out. "
                + TYPE_CHANGES["LEGACY_SERVICE"],
                Fix(
                    "Change it with ALTER USER … SET TYPE = SERVICE once no tool uses its password any more.",
                    "your Snowflake administrator",
                ),
            )
        ]
    if described.type == "SNOWFLAKE_SERVICE":
        return [
            Remark(
                "type-snowflake-service",
                "warning",
                "This user belongs to Snowflake's own container services, which manage its login themselves.",
                Fix("Create a user of the type SERVICE for the tool.", "your Snowflake administrator"),
            )
        ]
    return []


def _default_remarks(described: Described) -> list[Remark]:
    found: list[Remark] = []
    if described.type in ("", "PERSON"):
        found.append(
            Remark(
                "type-person",
                "info",
                "This is a person's user. That is fine for a person's own tools.",
                Fix(
                    "For a program that runs by itself, have a user of the type SERVICE created: it has no "
                    "password that could leak.",
                    "your Snowflake administrator",
                ),
            )
        )
    if not described.default_role:
        found.append(
            Remark(
                "no-default-role",
                "info",
                "This user has no default role, so a tool that names none starts as PUBLIC and sees next to nothing.",
                Fix("Name the role in the tool's settings, or have a default role set.", "you"),
                "role-not-granted",
            )
        )
    if not described.default_warehouse:
        found.append(
            Remark(
                "no-default-warehouse",
                "info",
                "This user has no default warehouse, so a tool that names none can't read tables.",
                Fix("Name the warehouse in the tool's settings, or have a default warehouse set.", "you"),
                "warehouse-unusable",
            )
        )
    return found
