"""Values that leave in a cookie or a signed link and come back: written short, read strictly.

What is stored of a type stands at its fields, as one table::

    user_name: str = field(default="", metadata=stored("u", text(255)))

and ``Table(Journey)`` writes such a value as JSON types and reads it back. A field that holds its default is left out.
A stored value is what it is: nothing here, and nobody behind it, reads it once more as if it had been typed.

:attr:`Table.rows` keeps the order of the fields, for whoever writes another form of the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import MISSING, Field, dataclass, fields
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

_STORED: Final = "stored"
_MOST: Final = 40  # entries of a list or an object that has no limit of its own


class StoredError(ValueError):
    """What came back is nothing that this wizard writes. Raise it for nothing that a person typed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How the values of a field are written as JSON types, and read.

    ``read`` raises a ``ValueError`` for all that ``write`` doesn't give. ``write`` is ``None`` where the value is a
    JSON type already.
    """

    read: Callable[[object], Any]
    write: Callable[[Any], Any] | None = None

    def takes(self, value: object) -> bool:
        """Tell whether a JSON value will be read."""
        try:
            self.read(value)
        except ValueError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row of a table: a field, the name it is written under, how, and what it is where nothing is written."""

    field: str
    name: str
    kind: Kind
    default: Any = MISSING  # a field without one is always written


def stored(name: str, kind: Kind) -> dict[str, Any]:
    """Return what a dataclass's field has as ``metadata`` to be stored under ``name``."""
    return {_STORED: (name, kind)}


class Table(Generic[T]):
    """How one dataclass is stored: the rows at its fields, of which those without :func:`stored` stay behind.

    ``former`` makes what another release wrote into what this one writes. With ``newer``, a name that isn't known is
    passed over: a newer release wrote it, beside which this one serves for a while. Else it is refused.
    """

    def __init__(
        self, of: type[T], *, former: Callable[[dict[str, Any]], dict[str, Any]] | None = None, newer: bool = False
    ) -> None:
        self.rows = tuple(
            StoredRow(item.name, *_at(item))
            for item in fields(of)  # type: ignore[arg-type]  # any dataclass
            if _STORED in item.metadata
        )
        self._of = of
        self._former = former
        self._newer = newer
        self._reads = {row.name: (row.field, row.kind.read) for row in self.rows}
        self._needed = {row.field for row in self.rows if row.default is MISSING}
        self._writes = tuple((row.name, row.default, row.kind.write, attrgetter(row.field)) for row in self.rows)
        if len(self._reads) < len(self.rows):
            raise TypeError(f"two fields of {of.__name__} are stored under one name")

    def write(self, value: T) -> dict[str, Any]:
        """Return ``value`` as JSON types, without what holds its default."""
        told: dict[str, Any] = {}
        for name, default, write, get in self._writes:
            held = get(value)
            if held is not default and held != default:
                told[name] = write(held) if write else held
        return told

    def read(self, told: object) -> T:
        """Return the value that :meth:`write` gave. Raises :class:`StoredError` for all else."""
        if type(told) is not dict:
            raise StoredError("no object")
        if self._former:
            told = self._former(told)
        values: dict[str, Any] = {}
        name = ""
        try:
            for name, value in told.items():
                if name in self._reads:
                    field, read = self._reads[name]
                    values[field] = read(value)
                elif not self._newer:
                    raise StoredError("not known")
            if not self._needed <= values.keys():
                raise StoredError("incomplete")
            return self._of(**values)
        except ValueError as error:  # of this module, or of the type itself
            raise StoredError(f"no {self._of.__name__}, by its {name!r}") from error


def _at(item: Field[Any]) -> tuple[str, Kind, Any]:
    name, kind = item.metadata[_STORED]
    return name, kind, item.default if item.default_factory is MISSING else item.default_factory()


# --- kinds ------------------------------------------------------------------------------------------------------------
def checked(is_one: Callable[[object], bool]) -> Kind:
    """A JSON value of which ``is_one`` is true."""

    def read(value: object) -> object:
        if not is_one(value):
            raise StoredError("out of range")
        return value

    return Kind(read)


def text(longest: int, *, cut: bool = False) -> Kind:
    """A text of at most so many characters that can be written in UTF-8; with ``cut``, a longer one is written cut."""

    def read(value: object) -> str:
        if type(value) is not str or len(value) > longest:
            raise StoredError(f"no text of at most {longest} characters")
        if not value.isascii():
            value.encode()  # a lone surrogate would stop the page that it stands on
        return value

    return Kind(read, (lambda value: value[:longest]) if cut else None)


def integer(least: int, most: int) -> Kind:
    """A whole number within two bounds."""
    return checked(lambda value: type(value) is int and least <= value <= most)


FLAG: Final = checked(lambda value: type(value) is bool)


def number(most: float) -> Kind:
    """A number of at most this size, on either side of zero."""
    return checked(lambda value: type(value) in (int, float) and -most <= value <= most)  # type: ignore[operator]


def one_of(words: Collection[str]) -> Kind:
    """One of a few texts."""
    return checked(lambda value: type(value) is str and value in words)


def some_of(words: Collection[str]) -> Kind:
    """Texts of a list, as a tuple. What isn't in the list is passed over: another release had another one."""

    def read(value: object) -> tuple[str, ...]:
        return tuple(word for word in map(each, _listed(value)) if word in words)

    each = text(_MOST).read
    return Kind(read, list)


def texts(longest: int, *, cut: bool = False) -> Kind:
    """Texts by name; names and texts have at most ``longest`` characters, and with ``cut`` longer texts are cut."""
    each = text(longest).read

    def read(value: object) -> dict[str, str]:
        if type(value) is not dict or len(value) > _MOST:
            raise StoredError(f"no object of at most {_MOST} texts")
        return {each(name): each(held) for name, held in value.items()}

    return Kind(read, (lambda value: {name: held[:longest] for name, held in value.items()}) if cut else dict)


def written(write: Callable[[Any], str], read: Callable[[str], Any]) -> Kind:
    """A value that has a text form of its own. ``read`` raises a ``ValueError`` for all that ``write`` doesn't give."""

    def read_text(value: object) -> Any:
        if type(value) is not str:
            raise StoredError("no text")
        return read(value)

    return Kind(read_text, write)


def columns(make: Callable[..., Any], *kinds: Kind) -> Kind:
    """A tuple (a named one, say) as a list of JSON values; ``make`` takes them one by one."""

    def read(value: object) -> Any:
        return make(*(kind.read(held) for kind, held in zip(kinds, _listed(value, len(kinds)), strict=True)))

    return Kind(read, list)


def record(table: Table[Any]) -> Kind:
    """A value of another table."""
    return Kind(table.read, table.write)


def records(table: Table[Any]) -> Kind:
    """Values of another table, as a tuple."""
    return Kind(
        lambda value: tuple(map(table.read, _listed(value))), lambda values: [table.write(held) for held in values]
    )


def _listed(value: object, length: int | None = None) -> list[object]:
    if type(value) is not list or len(value) > _MOST or length not in (None, len(value)):
        raise StoredError("no list of the right length")
    return value
