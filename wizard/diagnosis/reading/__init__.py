"""Takes a paste apart into what is in it, each piece read by the reader that knows it.

Keys and tokens are taken out first, wherever they stand. What is left is cut at empty lines; each piece goes to the
first reader that knows it, and what no reader knows is read together as an error, because the words around a message
tell of it too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Final

from wizard.diagnosis.reading.answers import read_details, read_history, read_sql_answer
from wizard.diagnosis.reading.command import is_command, read_commands
from wizard.diagnosis.reading.error import read_error
from wizard.diagnosis.reading.fragments import are_settings
from wizard.diagnosis.reading.key import (
    PUBLIC_TAKEN_OUT,
    TAKEN_OUT,
    read_fingerprint,
    read_openssl,
    take_first_line,
    take_keys,
)
from wizard.diagnosis.reading.recognised import Kind, Recognised
from wizard.diagnosis.reading.settings import read_settings, without_settings
from wizard.diagnosis.reading.token import PATTERN as TOKEN
from wizard.diagnosis.reading.token import read_token
from wizard.diagnosis.reading.user import is_row_of_user, read_user
from wizard.diagnosis.reading.words import without_frames

MAX_CHARACTERS: Final = 32 * 1024
"""How much of a paste is looked at: the first three quarters and the last quarter of this."""
_MOST_PIECES: Final = 40
_MOST_TOKENS: Final = 4
_LEAST_ROWS: Final = 4
_MOST_ROWS: Final = 400
_EMPTY_LINES: Final = re.compile(r"\n(?:[ \t]*\n)+")

_READERS: Final[tuple[Callable[[str], Recognised | None], ...]] = (
    read_details,
    read_history,
    read_sql_answer,
    read_user,
    read_openssl,
    read_fingerprint,
)


def read(text: str, now: int) -> tuple[Recognised, ...]:
    """Recognise what is in a paste, each piece by itself, in the order of the paste. Never raises.

    ``now``: seconds since 1970, UTC, which the times in a token are compared with. Nothing in the answer is a secret: a
    private key is dropped unread, of a token nothing but its claims is told, and of settings no secret value.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_CHARACTERS:
        quarter = MAX_CHARACTERS // 4
        text = f"{text[: 3 * quarter]}\n{text[-quarter:]}"
    found = [read_token(token[0], now) for token in islice(TOKEN.finditer(text), _MOST_TOKENS)]
    text = TOKEN.sub(TAKEN_OUT, text)
    taken = take_keys(text)
    line = take_first_line(taken.text)
    found += (*taken.recognised, *line.recognised)
    unread: list[str] = []
    for piece in _pieces(line.text):
        recognised = None if are_settings(piece) else _first_reading(piece)
        if recognised:
            found.append(recognised)
        else:
            unread.append(piece)
    rest = "\n\n".join(unread)
    commands = "\n".join(line for line in rest.split("\n") if is_command(line))
    if commands and (told := read_commands(commands)):
        found.append(told)
        rest = "\n".join(line for line in rest.split("\n") if not is_command(line))
    if settings := read_settings(without_frames(rest)):
        found += settings
        rest = without_settings(rest)
    rest = rest.strip(f" \n\t{TAKEN_OUT}{PUBLIC_TAKEN_OUT}")
    if rest and (told := read_error(rest)):
        found.append(told)
    elif rest and not found:
        found.append(Recognised("unknown", "Something that is not known here"))
    return tuple(found)


def _first_reading(piece: str) -> Recognised | None:
    return next((told for told in (reader(piece) for reader in _READERS) if told), None)


def _pieces(text: str) -> list[str]:
    """Cut a text at its empty lines; an answer about a user keeps together, however it was copied."""
    pieces = [piece for piece in _EMPTY_LINES.split(text, _MOST_PIECES) if piece.strip()]
    if len(pieces) > 1 and (whole := _torn_user(text, pieces)):
        pieces = [whole, *(piece for piece in pieces if not all(map(is_row_of_user, piece.split("\n"))))]
    return pieces


def _torn_user(text: str, pieces: list[str]) -> str:
    """The lines of an answer about a user that empty lines have torn apart; ``""`` where there are none."""
    lines = [line for line in text.split("\n") if line.strip() and is_row_of_user(line)]
    if not _LEAST_ROWS <= len(lines) <= _MOST_ROWS or any(read_user(piece) for piece in pieces):
        return ""
    rows = "\n".join(lines)
    return rows if read_user(rows) else ""


__all__ = ["Kind", "Recognised", "read"]
