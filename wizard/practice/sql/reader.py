"""Cut the text of a worksheet into statements, and each statement into tokens.

One pass, one character after another, no backtracking: hostile text costs as much time as it is long.
What counts as a comment, a name and a string: https://docs.snowflake.com/en/sql-reference/identifiers-syntax and
https://docs.snowflake.com/en/sql-reference/data-types-text (checked 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

MAX_CHARACTERS = 65_536
MAX_STATEMENTS = 50
MAX_TOKENS = 5_000

Kind = Literal["word", "quoted", "string", "number", "symbol", "end"]

_PAIRS = ("->>", "||", "=>", "::")
_STRING_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "f": "\f"}


class SqlTextError(ValueError):
    """The text can't be cut into statements: a quote or a comment that never ends, or simply too much of it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a statement.

    ``value`` is what the piece means: a bare word upper-cased, a quoted name or a string without its quotes.
    ``start`` and ``stop`` are offsets into the worksheet's text.
    """

    kind: Kind
    value: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Statement:
    """The tokens of one statement, closed by a token of kind ``end``, and the words as they were typed."""

    tokens: tuple[Token, ...]
    text: str
    offset: int


def read_statements(text: str) -> tuple[Statement, ...]:
    """Return the statements in ``text``; empty ones (a stray ``;``, a comment alone) are left out.

    Raises :class:`SqlTextError`.
    """
    if len(text) > MAX_CHARACTERS:
        raise SqlTextError(f"This worksheet takes {MAX_CHARACTERS:,} characters at most.")
    statements: list[Statement] = []
    tokens: list[Token] = []
    for token in _tokens(text):
        if token.kind != "end" and not (token.kind == "symbol" and token.value == ";"):
            tokens.append(token)
            continue
        if tokens:
            first, last = tokens[0].start, tokens[-1].stop
            closing = Token("end", "<EOF>", last, last)
            statements.append(Statement((*tokens, closing), text[first:last], first))
            if len(statements) > MAX_STATEMENTS:
                raise SqlTextError(f"This worksheet runs {MAX_STATEMENTS} statements at once at most.")
        tokens = []
    return tuple(statements)


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line (from 1) and position in it (from 0), the way Snowflake's messages count."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1)


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(text):
        after = _after_blank(text, at)
        if after > at:
            at = after
            continue
        token = _token(text, at)
        found.append(token)
        if len(found) > MAX_TOKENS:
            raise SqlTextError(f"This worksheet reads {MAX_TOKENS:,} words and signs at most.")
        at = token.stop
    found.append(Token("end", "<EOF>", len(text), len(text)))
    return found


def _after_blank(text: str, at: int) -> int:
    """Where the white space or the comment at ``at`` ends; ``at`` itself if there is neither."""
    if text[at].isspace() or text[at] in "\ufeff\u200b":
        return at + 1
    if text.startswith(("--", "//"), at):
        return _line_end(text, at)
    if text.startswith("/*", at):
        end = text.find("*/", at + 2)
        if end < 0:
            raise SqlTextError(_parse_error(text, at, "a comment that starts here has no end"))
        return end + 2
    return at


def _token(text: str, at: int) -> Token:
    char = text[at]
    if char == "'":
        return _string(text, at)
    if char == '"':
        return _quoted(text, at)
    if text.startswith("$$", at):
        end = text.find("$$", at + 2)
        if end < 0:
            raise SqlTextError(_parse_error(text, at, "unexpected '<EOF>'"))
        return Token("string", text[at + 2 : end], at, end + 2)
    if char.isascii() and char.isdigit():
        end = _run_of(text, at, lambda one: one.isascii() and (one.isdigit() or one == "."))
        return Token("number", text[at:end], at, end)
    if char in "_$" or char.isalpha():
        end = _run_of(text, at, lambda one: one in "_$" or one.isalnum())
        return Token("word", text[at:end].upper(), at, end)
    symbol = next((pair for pair in _PAIRS if text.startswith(pair, at)), char)
    return Token("symbol", symbol, at, at + len(symbol))


def _run_of(text: str, at: int, belongs: Callable[[str], bool]) -> int:
    while at < len(text) and belongs(text[at]):
        at += 1
    return at


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _string(text: str, at: int) -> Token:
    parts: list[str] = []
    here = at + 1
    while here < len(text):
        char = text[here]
        if char == "'":
            if not text.startswith("''", here):
                return Token("string", "".join(parts), at, here + 1)
            parts.append("'")
            here += 2
        elif char == "\\" and here + 1 < len(text):
            escaped = text[here + 1]
            parts.append(_STRING_ESCAPES.get(escaped, escaped))
            here += 2
        else:
            parts.append(char)
            here += 1
    raise SqlTextError(_parse_error(text, at, "unexpected '<EOF>': a ' that starts here has no end"))


def _quoted(text: str, at: int) -> Token:
    parts: list[str] = []
    here = at + 1
    while here < len(text):
        if text[here] != '"':
            parts.append(text[here])
            here += 1
        elif text.startswith('""', here):
            parts.append('"')
            here += 2
        else:
            return Token("quoted", "".join(parts), at, here + 1)
    raise SqlTextError(_parse_error(text, at, "unexpected '<EOF>': a \" that starts here has no end"))


def _parse_error(text: str, offset: int, what: str) -> str:
    line, position = place(text, offset)
    return f"SQL compilation error:\nparse error line {line} at position {position}: {what}."
