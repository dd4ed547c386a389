"""What a form field can be told about what was typed, beyond what WTForms knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import TextAreaField


@dataclass(frozen=True)
class FieldProblem(Exception):  # noqa: N818  # a person has a problem, not an error
    """Something typed that can't be used: ``message`` says what is wrong, ``fix`` what to do, ``field`` where.

    Raise it for input only. ``cause`` is a cause of the catalogue where there is one, ``command`` a line to run.
    """

    field: str
    message: str
    fix: str = ""
    cause: str = ""
    command: str = ""


class PasteField(TextAreaField):
    """A box to paste into. What can't be used comes back in it, so that it can be mended, but no private key ever does.

    ``secret`` says that the box is for secrets. A private key that was pasted into another box by mistake is held
    back too, as far as its markers show it.
    """

    def __init__(self, *positional: Any, secret: bool = False, **named: Any) -> None:
        super().__init__(*positional, **named)
        self._secret = secret

    def _value(self) -> str:
        typed = self.data or ""
        return "" if self._secret or "PRIVATE KEY" in typed else typed


LONGEST_KEY_FILE = 32 * 1024  # bytes; a 4096-bit key with its passphrase takes 3.4 kB


def uploaded(file: FileStorage | None, field: str) -> bytes:
    """Return a chosen file's bytes, ``b""`` when none was chosen. Raises :class:`FieldProblem` when it is too large.

    The file's name isn't looked at: it says nothing about a key, and names end up in logs.
    """
    if file is None or not file.filename:
        return b""
    content = file.stream.read(LONGEST_KEY_FILE + 1)
    if len(content) > LONGEST_KEY_FILE:
        raise FieldProblem(
            field,
            "This file is larger than 32 kB, and no private key is.",
            "Choose the key file itself, usually rsa_key.p8. It is about 2 kB.",
        )
    return content
