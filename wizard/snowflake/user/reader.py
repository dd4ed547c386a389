"""Reads what ``DESC USER`` printed, in whatever shape it was copied.

People copy this output from Snowsight, SnowSQL, the ``snow`` command, DBeaver, a CSV download or a chat message, whole
or in part. The text goes through several readers of :mod:`wizard.snowflake.user.pasted_rows`, each of which cuts it
into rows of cells in its own way; the reading in which most properties are recognised wins. Nothing here depends on the
order or the completeness of the rows.

Property names and their order: https://docs.snowflake.com/en/sql-reference/sql/desc-user
Named key pairs: https://docs.snowflake.com/en/sql-reference/sql/show-user-key-pairs
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from wizard.snowflake.user.description import DescriptionError, UserDescription
from wizard.snowflake.user.fingerprint import fingerprint_of, fingerprints_in, is_cut, whole_fingerprint
from wizard.snowflake.user.pasted_rows import (
    ANY_BAR,
    KEY_PAIR_COLUMNS,
    KEY_PROPERTIES,
    READERS,
    Reading,
    Row,
    Tidied,
    is_rule,
    laid_flat,
    property_named,
    tidy,
)
from wizard.snowflake.user.place import SLOT_PROPERTIES, NamedKey
from wizard.snowflake.user.refusals import cut_fingerprint, is_statement, refuse_known_texts
from wizard.unseen import codepoint

MAX_BYTES = 64 * 1024
"""Longest text that is read, in bytes of UTF-8. A real description has about four kilobytes."""

NAMES = ("NAME", "LOGIN_NAME", "DEFAULT_ROLE", "DEFAULT_WAREHOUSE")
"""The rows whose values are kept, and go into SQL, tokens and pages."""

_KEY_COLUMNS = {name: at for at, name in enumerate(KEY_PAIR_COLUMNS)}
_MOST_KEYS = 12  # of one user: two slots and ten named key pairs
_ABSENT = frozenset({"", "null", "none", "<null>", "[null]", "(null)", "nil", "\\n"})
_PROPERTY_SHAPE = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
_SQL_TYPES = frozenset({"string", "boolean", "integer", "number", "list", "varchar", "text", "timestamp", "long"})


def read_description(text: str) -> UserDescription:
    """Read pasted ``DESC USER`` or ``SHOW USER KEY PAIRS`` output, or a lone fingerprint.

    Raises :class:`DescriptionError` when the text is empty, longer than :data:`MAX_BYTES`, an error message of
    Snowflake's, a statement instead of its output, about two users at once, or carries a fingerprint that is cut short.
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise DescriptionError(
            "This text is longer than 64 kB, which no DESC USER output is.",
            "Paste only the result of DESC USER.",
        )
    tidied = tidy(text)
    text = tidied.text
    if not text:
        raise DescriptionError("Nothing was pasted.", "Run DESC USER in Snowflake and paste what it prints.")
    best = _Facts()
    for reader in READERS:
        facts = _Facts()
        facts.take(reader(text))
        if facts.score > best.score:
            best = facts
    if best.score and not best.doubtful(text):
        description = best.description()
        _refuse_other_names(description, tidied)
        return description
    refuse_known_texts(text)
    return _lone_fingerprint(text)


def _refuse_other_names(description: UserDescription, tidied: Tidied) -> None:
    """Refuse a name that was read without a character which can't be seen: with it, it would be another one's."""
    names = {description.properties.get(row, "") for row in NAMES}
    names.update(name for key in description.named_keys[:_MOST_KEYS] for name in (key.name, key.role, key.rotated_to))
    for name in names | {name.replace('"', '""') for name in names}:  # inside of quotes, a quote is written twice
        if found := tidied.unseen_in(name):
            raise DescriptionError(
                f"The name {name[:60]} stands there with a character that can’t be seen ({codepoint(found)}).",
                "Copy the result once more, straight out of Snowflake: some programs add such characters.",
            )


def _value(cell: str) -> str:
    cell = cell.strip()
    if len(cell) >= 2 and cell[0] == cell[-1] and cell[0] in "\"'`":
        cell = cell[1:-1].replace('""', '"').strip()
    return "" if cell.lower() in _ABSENT else cell


class _Facts:
    """What one reading of the text yields. Rows go in, properties and named keys are remembered."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.unknown: dict[str, str] = {}
        self.clashes: set[str] = set()
        self.named: list[NamedKey] = []
        self.lists_pairs = False
        self.cut_in_list = False
        self.weak = False

    @property
    def score(self) -> int:
        return len(self.found) + 2 * len(self.named) + self.lists_pairs

    def doubtful(self, text: str) -> bool:
        """Whether properties were recognised in something that is no description at all."""
        if self.weak and is_statement(text):
            return True
        return KEY_PROPERTIES.isdisjoint(self.found) and "has_rsa_public_key" in text.lower()

    def take(self, reading: Reading) -> None:
        rows = tuple(laid_flat(reading.rows))
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
                self.lists_pairs = True
            elif (head := _header(lowered)) is not None:
                header, keys = head, None
            elif keys is not None and _has_fingerprint_at(row, keys["fingerprint"]):
                self._key_row(row, keys)
            elif _is_listed(row):  # without the header of its list
                self._key_row(row, _KEY_COLUMNS)
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

        self.lists_pairs = True
        fingerprint = whole_fingerprint(cell("fingerprint"))
        if not fingerprint:
            self.cut_in_list |= is_cut(cell("fingerprint"))
            return
        told = ("expires_at", "rotated_to", "created_on", "last_used_on", "comment")
        pair = NamedKey(cell("name"), fingerprint, cell("status").upper(), cell("role_scope"), *map(cell, told))
        self.named.append(pair)
        if (user := cell("user_name")) and self.found.setdefault("NAME", user) != user:
            self.clashes.add("NAME")

    def description(self) -> UserDescription:
        properties = {**self.unknown, **self.found}
        if "NAME" in self.clashes:
            raise DescriptionError(
                "Two different users were pasted at once.", "Paste the DESC USER output of one user only."
            )
        if self.cut_in_list:
            raise cut_fingerprint("the column fingerprint")
        for slot in SLOT_PROPERTIES.values():
            name = slot + "_FP"
            if name in self.clashes:
                raise DescriptionError(
                    f"Two results were pasted at once: {name} stands there with two values.",
                    "Run DESC USER once more and paste only the newest result.",
                )
            if name not in properties and slot in properties:
                # The key itself was copied, its fingerprint was not. A key that can't be read tells nothing.
                computed = fingerprint_of(properties[slot]) if properties[slot] else ""
                if computed or not properties[slot]:
                    properties[name] = computed
            if value := properties.get(name, ""):
                properties[name] = whole_fingerprint(value)
                if not properties[name]:
                    raise cut_fingerprint(name)
        return UserDescription(MappingProxyType(properties), tuple(self.named), self.lists_pairs)


def _has_fingerprint_at(row: Row, at: int) -> bool:
    """Whether a row of the list is one: what isn't stands below it, a result of another statement perhaps."""
    return at < len(row) and bool(whole_fingerprint(row[at]) or is_cut(row[at].strip()))


def _is_listed(row: Row) -> bool:
    """Whether a row can only be one of SHOW USER KEY PAIRS; DESC USER has fingerprints beside its own properties."""
    if len(row) < 4 or not whole_fingerprint(row[2]):
        return False
    return not any(property_named(cell) in KEY_PROPERTIES for cell in row[:2])


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


# What stands around a fingerprint that was copied by itself: the head of its column, and what programs say below it.
_HEADS: Final = ("", "key", "value", "property", "fingerprint", "rsa_public_key_fp", "rsa_public_key_2_fp")
_AROUND: Final = frozenset((*_HEADS, "1", "row(s", "row(s)", "rows", "produced", "produced.", "writing", "rsa"))


def _lone_fingerprint(text: str) -> UserDescription:
    """The pipe form and the single copied cell: one fingerprint, perhaps under ``KEY`` or in a drawn box.

    Nothing else may stand there: a sentence with a fingerprint in it (a message that asks for the key, an error that
    misses it) shows nothing of the user.
    """
    lines = (ANY_BAR.sub(" ", line) for line in text.split("\n") if not is_rule(line))
    words = [word.strip("\"'`,;:()[]{}") for word in " ".join(lines).split()]
    words = [word for word in words if word.lower() not in _AROUND]
    found = fingerprints_in(text)
    if found and any(not fingerprints_in(word) for word in words):
        found = set()
    elif not found:
        whole = whole_fingerprint("".join(words)) if len(words) <= 44 else ""
        if not whole and len(words) <= 2 and any(is_cut(word) and len(word) > 7 for word in words):
            raise cut_fingerprint()
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
    return UserDescription(lone_fingerprint=found.pop())
