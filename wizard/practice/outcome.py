"""Who is at a worksheet, and what the statements that they ran gave: plain values, shared by all that answer SQL."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.practice import users


@dataclass(frozen=True, slots=True)
class Session:
    """Who is at the worksheet: user and role by stored name, warehouse "" for none.

    One that a restricted key pair let in is ``restricted``: it keeps its role.
    """

    user: str = users.ADMINISTRATOR
    role: str = "PUBLIC"
    warehouse: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class SqlError:
    """A refusal: Snowflake's code (six digits), SQLSTATE and words."""

    code: str
    state: str
    message: str

    @property
    def text(self) -> str:
        """As a client prints it: ``003001 (42501): SQL access control error: …``."""
        return f"{self.code} ({self.state}): {self.message}"


@dataclass(frozen=True, slots=True)
class Result:
    """What one statement gave: a grid of text (``None`` is SQL's NULL), or an error. ``statement`` is as typed."""

    statement: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str | None, ...], ...] = ()
    error: SqlError | None = None

    @property
    def as_copied(self) -> str:
        """The grid as Snowsight's copy button gives it: header and rows, cells parted by tabs."""
        lines = [self.columns, *(tuple(cell or "" for cell in row) for row in self.rows)]
        return "\n".join("\t".join(_cell(text) for text in line) for line in lines)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the worksheet gave, and the session as it stands after it."""

    results: tuple[Result, ...]
    session: Session

    @property
    def failed(self) -> bool:
        """Whether the last statement was refused."""
        return bool(self.results) and self.results[-1].error is not None


def _cell(text: str) -> str:
    """Quote a cell that would break the grid."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in "\t\n\r") else text
