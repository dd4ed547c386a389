"""Reads what ``DESC USER`` printed, in whatever shape it was copied.

People copy this output from Snowsight, SnowSQL, the ``snow`` command, DBeaver, a CSV download or a chat
message, whole or in
part. The text goes through several *readers*, each of which cuts it into rows of cells in its own way; the
reading
in which most properties are recognised wins. Nothing here depends on the order or the completeness of the
rows.

Property names and their order: https://docs.snowflake.com/en/sql-reference/sql/desc-user
Named key pairs: https://docs.snowflake.com/en/sql-reference/sql/show-user-key-pairs
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple, cast

from wizard.problem import Problem
from wizard.snowflake.user.pasted_rows import (
    ANY_BAR,
    KEY_PROPERTIES,
    PART_OF_FINGERPRINT,
    READERS,
    Reading,
    Row,
    is_rule,
    property_named,
    tidy,
)

__all__ = [
    "MAX_BYTES",
    "Comparison",
    "Described",
    "DescriptionError",
    "NamedKey",
    "UserDescription",
    "compare",
    "differing",
    "read_description",
]

MAX_BYTES = 64 * 1024
"""Longest text that is read, in bytes of UTF-8. A real description has about four kilobytes."""

MAX_NAME = 255
"""Longest NAME or LOGIN_NAME, in characters (https://docs.snowflake.com/en/sql-reference/identifiers-syntax)."""

_ABSENT = frozenset({"", "null", "none", "<null>", "[null]", "(null)", "nil", "\\n"})
_CUT = ("…", "...")

_FINGERPRINT = re.compile(r"(?:SHA256:)?[A-Za-z0-9+/]{43}=")
_LOOSE_FINGERPRINT = re.compile(r"(?<![A-Za-z0-9+/=])(?:SHA256:)?[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])")
_UNPADDED = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_PROPERTY_SHAPE = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
_SQL_TYPES = frozenset({"string", "boolean", "integer", "number", "list", "varchar", "text", "timestamp", "long"})


class DescriptionError(Problem):
    """The text could not be read as the description of one user."""


_COPY_AGAIN = "Run DESC USER again, click into the result, select everything and copy it whole."


class NamedKey(NamedTuple):
    """One row of ``SHOW USER KEY PAIRS``."""

    name: str
    fingerprint: str
    status: str = ""  # ACTIVE, EXPIRED, DISABLED; "" when the column was not copied
    role: str = ""  # the role the key is restricted to, "" for none

    @property
    def active(self) -> bool:
        """Whether this key can log in, as far as was copied."""
        return self.status.upper() in ("", "ACTIVE")


@dataclass(frozen=True, slots=True)
class Described:
    """The few facts of a description that the journey keeps in its cookie. Nothing here is a secret."""

    name: str = ""
    login_name: str = ""
    type: str = ""
    disabled: bool | None = None
    locked: bool | None = None
    days_to_expiry: float | None = None
    default_role: str = ""
    default_warehouse: str = ""
    fingerprint_1: str = ""
    fingerprint_2: str = ""

    def to_dict(self) -> dict[str, str | bool | float]:
        """Return what is known as a small JSON object; what is not known is left out."""
        return {
            name: value
            for name in _DESCRIBED
            if (value := cast("str | bool | float | None", getattr(self, name))) not in ("", None)
        }

    @classmethod
    def from_dict(cls, stored: object) -> Described:
        """Read what :meth:`to_dict` gave.

        :raises DescriptionError: for anything that :meth:`to_dict` does not produce
        """
        if not isinstance(stored, Mapping):
            raise _not_ours()
        for name, value in stored.items():
            if not isinstance(name, str) or name not in _DESCRIBED or not _DESCRIBED[name](value):
                raise _not_ours()
        return cls(**stored)


def _is_short_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_days(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and abs(value) < 1e6


def _is_fingerprint(value: object) -> bool:
    return isinstance(value, str) and value.startswith("SHA256:") and _FINGERPRINT.fullmatch(value) is not None


_DESCRIBED: Mapping[str, Callable[[object], bool]] = MappingProxyType(
    {
        "name": _is_short_text,
        "login_name": _is_short_text,
        "type": _is_short_text,
        "disabled": _is_flag,
        "locked": _is_flag,
        "days_to_expiry": _is_days,
        "default_role": _is_short_text,
        "default_warehouse": _is_short_text,
        "fingerprint_1": _is_fingerprint,
        "fingerprint_2": _is_fingerprint,
    }
)


def _not_ours() -> DescriptionError:
    return DescriptionError("The stored description has a shape that this wizard does not write.", _COPY_AGAIN)


@dataclass(frozen=True, slots=True)
class UserDescription:
    """What Snowflake says about one user.

    :ivar properties: property name in upper case to value; a value that Snowflake has not set is ``""``, and
        a row
        that was not copied is missing
    :ivar only_fingerprint: a lone fingerprint was pasted, without a word on whose it is or in which slot;
        it stands in :attr:`fingerprint_1`
    :ivar named_keys: rows of ``SHOW USER KEY PAIRS``
    """

    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    only_fingerprint: bool = False
    named_keys: tuple[NamedKey, ...] = ()

    def _text(self, name: str) -> str:
        return self.properties.get(name, "")

    def _flag(self, name: str) -> bool | None:
        return {"true": True, "false": False, "yes": True, "no": False}.get(self._text(name).lower())

    def _number(self, name: str) -> float | None:
        try:
            number = float(self._text(name))
        except ValueError:
            return None
        return round(number, 2) if _is_days(number) else None

    @property
    def name(self) -> str:
        """NAME: what SQL statements call the user."""
        return self._text("NAME")

    @property
    def login_name(self) -> str:
        """LOGIN_NAME: what the user signs in with, and what the token carries."""
        return self._text("LOGIN_NAME")

    @property
    def type(self) -> str:
        """TYPE, in upper case: PERSON, SERVICE, LEGACY_SERVICE …; ``""`` means PERSON or not copied."""
        return self._text("TYPE").upper()

    @property
    def disabled(self) -> bool | None:
        """DISABLED; None when the row was not copied."""
        return self._flag("DISABLED")

    @property
    def locked(self) -> bool | None:
        """Whether Snowflake holds the user locked; None when neither row that tells was copied."""
        minutes = self.mins_to_unlock
        if self._flag("SNOWFLAKE_LOCK") or (minutes is not None and minutes > 0):
            return True
        if "SNOWFLAKE_LOCK" in self.properties or "MINS_TO_UNLOCK" in self.properties:
            return False
        return None

    @property
    def mins_to_unlock(self) -> float | None:
        """Minutes until a lock after failed logins ends by itself."""
        return self._number("MINS_TO_UNLOCK")

    @property
    def days_to_expiry(self) -> float | None:
        """Days until the user stops being able to log in; None when no end is set."""
        return self._number("DAYS_TO_EXPIRY")

    @property
    def has_mfa(self) -> bool | None:
        """HAS_MFA; None when the row was not copied."""
        return self._flag("HAS_MFA")

    @property
    def default_role(self) -> str:
        """DEFAULT_ROLE in stored form."""
        return self._text("DEFAULT_ROLE")

    @property
    def default_warehouse(self) -> str:
        """DEFAULT_WAREHOUSE in stored form."""
        return self._text("DEFAULT_WAREHOUSE")

    @property
    def fingerprint_1(self) -> str:
        """``SHA256:…=`` of the key in slot 1, or ``""``."""
        return self._text("RSA_PUBLIC_KEY_FP")

    @property
    def fingerprint_2(self) -> str:
        """``SHA256:…=`` of the key in slot 2, or ``""``."""
        return self._text("RSA_PUBLIC_KEY_2_FP")

    @property
    def shows_keys(self) -> bool:
        """Whether the copied part says anything about keys."""
        return bool(self.named_keys) or not self.properties.keys().isdisjoint(
            ("RSA_PUBLIC_KEY_FP", "RSA_PUBLIC_KEY_2_FP")
        )

    def kept(self) -> Described:
        """Return the small facts that the journey keeps."""
        return Described(
            name=self.name[:MAX_NAME],
            login_name=self.login_name[:MAX_NAME],
            type=self.type[:MAX_NAME],
            disabled=self.disabled,
            locked=self.locked,
            days_to_expiry=self.days_to_expiry,
            default_role=self.default_role[:MAX_NAME],
            default_warehouse=self.default_warehouse[:MAX_NAME],
            fingerprint_1=self.fingerprint_1,
            fingerprint_2=self.fingerprint_2,
        )


# --- comparing ------------------------------------------------------------------------------------

Verdict = Literal["slot-1", "slot-2", "named", "named-inactive", "other-key", "none", "not-shown", "other-user"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where our key was found.

    :ivar verdict: ``slot-1``, ``slot-2``, ``named`` (an active named key pair): our key is there.
        ``named-inactive``: it is
        there but disabled or expired. ``other-key``: there are keys, none is ours. ``none``: there is no key.
        ``not-shown``: the rows about keys were not copied. ``other-user``: this is another user's description
    :ivar found: the fingerprints that are there, each ``SHA256:…=``
    :ivar detail: the name of the named key pair, or of the other user
    """

    verdict: Verdict
    found: tuple[str, ...] = ()
    detail: str = ""

    @property
    def matches(self) -> bool:
        """Whether a token of our key finds its key on this user."""
        return self.verdict in ("slot-1", "slot-2", "named")


def compare(description: UserDescription, *, name: str, fingerprint: str) -> Comparison:
    """Look for the key with ``fingerprint`` on the user called ``name``.

    A description whose NAME is another is accepted when its LOGIN_NAME is ``name``: that is the same user,
    called by the other
    of their two names. Names are compared without case, since a typed e-mail name keeps its case and a
    stored one may not.
    """
    ours = _whole_fingerprint(fingerprint) or fingerprint
    found = tuple(
        dict.fromkeys(
            fp
            for fp in (
                description.fingerprint_1,
                description.fingerprint_2,
                *(k.fingerprint for k in description.named_keys),
            )
            if fp
        )
    )
    if description.name and name.casefold() not in (
        description.name.casefold(),
        description.login_name.casefold(),
    ):
        return Comparison("other-user", found, description.name)
    if ours == description.fingerprint_1:
        return Comparison("slot-1", found)
    if ours == description.fingerprint_2:
        return Comparison("slot-2", found)
    named = [key for key in description.named_keys if key.fingerprint == ours]
    for key in sorted(named, key=lambda key: not key.active):
        return Comparison("named" if key.active else "named-inactive", found, key.name)
    if found:
        return Comparison("other-key", found)
    return Comparison("none" if description.shows_keys else "not-shown", found)


Marked = tuple[tuple[str, bool], ...]


def differing(a: str, b: str) -> tuple[Marked, Marked]:
    """Cut two fingerprints into runs of ``(text, differs)``, position by position, for marking what differs.

    Joining the texts of one side gives that side back.
    """
    same = [x == y for x, y in zip(a, b, strict=False)]
    return _runs(a, same), _runs(b, same)


def _runs(text: str, same: Sequence[bool]) -> Marked:
    runs: list[tuple[str, bool]] = []
    start = 0
    for at in range(1, len(text) + 1):
        differs = not (start < len(same) and same[start])
        if at == len(text) or (not (at < len(same) and same[at])) != differs:
            runs.append((text[start:at], differs))
            start = at
    return tuple(runs)


# --- reading --------------------------------------------------------------------------------------


def read_description(text: str) -> UserDescription:
    """Read pasted ``DESC USER`` or ``SHOW USER KEY PAIRS`` output, or a lone fingerprint.

    :raises DescriptionError: when the text is empty, longer than :data:`MAX_BYTES`, an error message of
        Snowflake's, a statement
        instead of its output, about two users at once, or carries a fingerprint that is cut short
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise DescriptionError(
            "This text is longer than 64 kB, which no DESC USER output is.",
            "Paste only the result of DESC USER.",
        )
    text = tidy(text)
    if not text:
        raise DescriptionError("Nothing was pasted.", "Run DESC USER in Snowflake and paste what it prints.")
    best = _Facts()
    for reader in READERS:
        facts = _Facts()
        facts.take(reader(text))
        if facts.score > best.score:
            best = facts
    if best.score and not best.doubtful(text):
        return best.description()
    _refuse_known_texts(text)
    return _lone_fingerprint(text)


def _value(cell: str) -> str:
    cell = cell.strip()
    if len(cell) >= 2 and cell[0] == cell[-1] and cell[0] in "\"'`":
        cell = cell[1:-1].replace('""', '"').strip()
    return "" if cell.lower() in _ABSENT else cell


def _whole_fingerprint(value: str) -> str:
    """Return ``SHA256:…=`` when the value is a complete fingerprint, else ``""``."""
    squeezed = "".join(value.split())
    if _UNPADDED.fullmatch(squeezed):
        # A double click selects up to the padding and leaves the "=" behind.
        squeezed += "="
    if not _FINGERPRINT.fullmatch(squeezed):
        return ""
    return squeezed if squeezed.startswith("SHA256:") else "SHA256:" + squeezed


def _fingerprint_of(public_key: str) -> str:
    """Fingerprint of a base64 public key as DESC USER echoes it, or ``""``."""
    lines = [line for line in public_key.split("\n") if "-----" not in line]
    try:
        der = base64.b64decode("".join("".join(lines).split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if len(der) < 64 or der[0] != 0x30:
        return ""
    return "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode("ascii")


class _Facts:
    """What one reading of the text yields. Rows go in, properties and named keys are remembered."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.unknown: dict[str, str] = {}
        self.clashes: set[str] = set()
        self.named: list[NamedKey] = []
        self.weak = False

    @property
    def score(self) -> int:
        return len(self.found) + 2 * len(self.named)

    def doubtful(self, text: str) -> bool:
        """Whether properties were recognised in something that is no description at all."""
        if self.weak and _STATEMENT.match(_without_comments(text)):
            return True
        return KEY_PROPERTIES.isdisjoint(self.found) and "has_rsa_public_key" in text.lower()

    def take(self, reading: Reading) -> None:
        rows = reading.rows
        self.weak = reading.weak
        position = _value_position(rows)
        header: tuple[int, int] | None = None
        keys: dict[str, int] | None = None
        pending = ""
        previous: Row = ()
        for row in rows:
            lowered = [cell.strip().strip('"').lower() for cell in row]
            if "fingerprint" in lowered and ("name" in lowered or "user_name" in lowered):
                keys, header = {name: at for at, name in enumerate(lowered) if name}, None
            elif (head := _header(lowered)) is not None:
                header, keys = head, None
            elif keys is not None:
                self._key_row(row, keys)
            elif header is not None and len(row) > max(header):
                self._put(row[header[0]], row[header[1]], named_by_header=True)
            elif len(row) > 1 and lowered[0] in ("property", "property_name"):
                pending = row[1]  # record view: the property on one line, its value on the next
            elif len(row) > 1 and pending and lowered[0] in ("value", "property_value"):
                self._put(pending, row[1], named_by_header=True)
                pending = ""
            elif len(previous) > 2 and len(previous) == len(row) and _names_in(previous) > 2 and _names_in(row) < 2:
                for name, cell in zip(previous, row, strict=True):  # one column for each property
                    self._put(name, cell)
            else:
                self._plain_row(row, position)
            previous = row

    def _plain_row(self, row: Row, position: int) -> None:
        for at in range(min(3, len(row))):
            if property_named(row[at]):
                # A row whose neighbours are properties too is a header lying on its side.
                if at + position < len(row) and _names_in(row) <= 2:
                    self._put(row[at], row[at + position])
                return
        if len(row) > 3 and _whole_fingerprint(row[2]):
            # SHOW USER KEY PAIRS without its header: name, user_name, fingerprint, role_scope, status
            self._key_row(row, {"name": 0, "user_name": 1, "fingerprint": 2, "role_scope": 3, "status": 4})

    def _put(self, name: str, cell: str, *, named_by_header: bool = False) -> None:
        known = property_named(name)
        value = _value(cell)
        if known:
            if known in self.found and self.found[known] != value:
                self.clashes.add(known)
            self.found.setdefault(known, value)
        elif named_by_header and _PROPERTY_SHAPE.fullmatch(name.strip()):
            self.unknown.setdefault(name.strip(), value)

    def _key_row(self, row: Row, columns: Mapping[str, int]) -> None:
        def cell(name: str) -> str:
            at = columns.get(name, -1)
            return _value(row[at]) if 0 <= at < len(row) else ""

        fingerprint = _whole_fingerprint(cell("fingerprint"))
        if not fingerprint:
            if _is_cut(cell("fingerprint")):
                self.found["RSA_PUBLIC_KEY_FP"] = cell("fingerprint")
            return
        self.named.append(
            NamedKey(
                cell("name")[:MAX_NAME],
                fingerprint,
                cell("status").upper()[:32],
                cell("role_scope")[:MAX_NAME],
            )
        )
        if (user := cell("user_name")) and self.found.setdefault("NAME", user) != user:
            self.clashes.add("NAME")

    def description(self) -> UserDescription:
        properties = {**self.unknown, **self.found}
        if "NAME" in self.clashes:
            raise DescriptionError(
                "Two different users were pasted at once.", "Paste the DESC USER output of one user only."
            )
        for slot in ("RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2"):
            name = slot + "_FP"
            if name in self.clashes:
                raise DescriptionError(
                    f"Two results were pasted at once: {name} stands there with two values.",
                    "Run DESC USER once more and paste only the newest result.",
                )
            if name not in properties and properties.get(slot) and (computed := _fingerprint_of(properties[slot])):
                properties[name] = computed  # the key itself was copied, its fingerprint was not
            if value := properties.get(name, ""):
                properties[name] = _whole_fingerprint(value)
                if not properties[name]:
                    raise _cut_fingerprint(name)
        return UserDescription(MappingProxyType(properties), named_keys=tuple(self.named))


def _cut_fingerprint(where: str = "") -> DescriptionError:
    place = f"in {where} " if where else ""
    return DescriptionError(
        f"The fingerprint {place}is not complete: part of it was cut off on the screen.",
        "Widen the column or click the cell to see the whole value, then copy again. A whole fingerprint is "
        "SHA256: and 44 characters, "
        "the last of them =.",
    )


def _is_cut(value: str) -> bool:
    return value.endswith(_CUT) or (value.startswith("SHA256:") and PART_OF_FINGERPRINT.fullmatch(value) is not None)


def _header(lowered: Sequence[str]) -> tuple[int, int] | None:
    """Positions of the property and the value column, when these cells are a header row."""
    for property_name in ("property", "property_name"):
        for value_name in ("value", "property_value"):
            if property_name in lowered and value_name in lowered:
                return lowered.index(property_name), lowered.index(value_name)
    return None


def _names_in(row: Row) -> int:
    return sum(1 for cell in row if property_named(cell))


def _value_position(rows: Iterable[Row]) -> int:
    """How far right of its name a value stands when there is no header.

    Next to it, unless every row has a type there: the columns of the older ``property, property_type,
    property_value`` form.
    """
    seen = typed = 0
    for row in rows:
        for at in range(min(3, len(row))):
            if property_named(row[at]):
                if len(row) > at + 2:
                    seen += 1
                    typed += row[at + 1].strip().strip('"').lower() in _SQL_TYPES
                break
    return 2 if seen >= 3 and typed == seen else 1


# --- texts that are no description ----------------------------------------------------------------

_STATEMENT = re.compile(r"(?:desc|describe|show|alter|create|use|grant|select|set)\s+[a-z_\"*$]", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*\n|/\*[^*]{0,2000}\*/")


def _without_comments(text: str) -> str:
    return _COMMENT.sub("", text + "\n").strip().removeprefix("```sql").strip()


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


def _refuse_known_texts(text: str) -> None:
    lowered = " ".join(text.lower().split())
    for known in _KNOWN_TEXTS:
        if all(word in lowered for word in known.words):
            raise DescriptionError(known.message, known.fix, cause=known.cause)
    if _STATEMENT.match(_without_comments(text)):
        raise DescriptionError(
            "This is the statement itself, not what Snowflake printed for it.",
            "Run it in Snowflake, then copy the result that appears under it and paste that here.",
        )


def _lone_fingerprint(text: str) -> UserDescription:
    """The pipe form and the single copied cell: one fingerprint, perhaps under ``KEY`` or in a drawn box."""
    found = {_whole_fingerprint(match) for match in _LOOSE_FINGERPRINT.findall(text)}
    if not found:
        lines = (ANY_BAR.sub(" ", line) for line in text.split("\n") if not is_rule(line))
        words = [word.strip("\"'`,;()[]{}") for word in " ".join(lines).split()]
        words = [word for word in words if word.lower() not in ("key", "value", "rsa_public_key_fp", "fingerprint", "")]
        whole = _whole_fingerprint("".join(words)) if len(words) <= 44 else ""
        if not whole and len(words) <= 2 and any(_is_cut(word) and len(word) > 7 for word in words):
            raise _cut_fingerprint()
        found = {whole} if whole else set()
    if len(found) > 1:
        raise DescriptionError(
            "There are several fingerprints here, and nothing says whose they are.",
            "Paste the whole output of DESC USER.",
        )
    if not found:
        raise DescriptionError(
            "No property of a user was recognised in this text.",
            "Run DESC USER in Snowflake and paste the whole result, with the rows NAME, LOGIN_NAME and "
            "RSA_PUBLIC_KEY_FP.",
        )
    return UserDescription(MappingProxyType({"RSA_PUBLIC_KEY_FP": found.pop()}), only_fingerprint=True)
