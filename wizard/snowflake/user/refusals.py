"""Texts that are pasted where ``DESC USER`` belongs and are no description of a user, each with what to do."""

from __future__ import annotations

import re
from typing import NamedTuple

from wizard.snowflake.user.description import DescriptionError

_STATEMENT = re.compile(r"(?:desc|describe|show|alter|create|use|grant|select|set)\s+[a-z_\"*$]", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*\n?|/\*[^*]{0,2000}\*/")


def is_statement(text: str) -> bool:
    """Whether a text is SQL, and not what Snowflake printed for it."""
    return _STATEMENT.match(_COMMENT.sub("", text + "\n").strip().removeprefix("```sql").strip()) is not None


class _Known(NamedTuple):
    words: tuple[str, ...]  # all of them, in lower case
    message: str
    fix: str
    cause: str = ""


_ASK_ADMIN = (
    "Ask an administrator to run DESC USER and send you the output, or skip this step: the live "
    "test is the stronger proof."
)
_KNOWN_TEXTS: tuple[_Known, ...] = (
    _Known(
        ("insufficient privileges",),
        "Snowflake answered that your role may not look at this user.",
        _ASK_ADMIN,
        "not-allowed-to-alter",
    ),
    _Known(
        ("user", "does not exist or not authorized"),
        "Snowflake answered that it does not know this user, or that your role may not see it.",
        "Compare the name with SELECT CURRENT_USER(); and put a name with small letters or signs in double "
        "quotes. " + _ASK_ADMIN,
        "user-unknown",
    ),
    _Known(
        ("new public key rejected",),
        "This is the answer to ALTER USER, and it says that Snowflake refused the public key.",
        "Go back to the step before and run its statement unchanged, from the first letter to the semicolon.",
        "public-key-rejected",
    ),
    _Known(
        ("no active warehouse",),
        "Snowflake answered that the statement needs a warehouse, so it described no user.",
        "Run the plain statement DESC USER with the user's name. It needs no warehouse.",
        "warehouse-unusable",
    ),
    _Known(
        ("does not exist or not authorized",),
        "This is an error message of Snowflake's, not the description of a user.",
        "Run DESC USER with the name of the user, and paste its result.",
    ),
    _Known(
        ("sql compilation error",),
        "This is an error message of Snowflake's: it could not read the statement.",
        "Copy the DESC USER statement again from this page, and run it as one line.",
    ),
    _Known(
        ("syntax error",),
        "This is an error message of Snowflake's: it could not read the statement.",
        "Copy the DESC USER statement again from this page, and run it as one line.",
    ),
    _Known(
        ("statement executed successfully",),
        "This says that ALTER USER has run. That is good news, but it does not show which key Snowflake holds.",
        "Now run DESC USER and paste its result.",
    ),
    _Known(
        ("has_rsa_public_key",),
        "This is the output of SHOW USERS: it tells whether a user has a key, not which one.",
        "Run DESC USER with the name of the user, and paste its result.",
    ),
    _Known(
        ("begin", "private key-----"),
        "This is a private key. It has been read by nobody and is not kept.",
        "Paste the output of DESC USER here, and never paste a private key into a place that does not ask for one.",
        "key-is-private",
    ),
    _Known(
        ("begin", "public key-----"),
        "This is a public key, not the description of a user.",
        "Run DESC USER in Snowflake and paste what it prints.",
    ),
)


def refuse_known_texts(text: str) -> None:
    """Raise :class:`DescriptionError` for a text that is known to be something else."""
    lowered = " ".join(text.lower().split())
    for known in _KNOWN_TEXTS:
        if all(word in lowered for word in known.words):
            raise DescriptionError(known.message, known.fix, cause=known.cause)
    if is_statement(text):
        raise DescriptionError(
            "This is the statement itself, not what Snowflake printed for it.",
            "Run it in Snowflake, then copy the result that appears under it and paste that here.",
        )


def cut_fingerprint(where: str = "") -> DescriptionError:
    """Return the error for a fingerprint that is not complete; ``where`` is the property it stands in."""
    place = f"in {where} " if where else ""
    return DescriptionError(
        f"The fingerprint {place}is not complete: part of it was cut off on the screen.",
        "Widen the column or click the cell to see the whole value, then copy again. A whole fingerprint is "
        "SHA256: and 44 characters, the last of them =.",
    )
