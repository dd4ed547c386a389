"""What a form field can be told about what was typed, beyond what WTForms knows."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import Field, StringField, TextAreaField

from wizard.problem import Problem
from wizard.snowflake.key import LIMITS
from wizard.snowflake.secret_text import holds_password, looks_secret

# In bytes of UTF-8, as files are: so the form's limits and that of the request's body are one measure.
LONGEST_NAME = 4 * 1024
LONGEST_TEXT = 64 * 1024  # the longest DESC USER output is far below


def refuse_secret(name: str) -> str:
    """Return a name that is about to be kept. Raises :class:`Problem` for a private key, a token or a password."""
    if looks_secret(name) or holds_password(name):
        raise Problem(
            "This is a private key or a token, or it holds a password, and is not what this box asks for.",
            "Nothing of it was kept, but it has passed through this server: if it was a private key, make a new "
            "pair. Enter only what is asked for.",
            cause="key-is-private",
        )
    return name


def size_of(text: str) -> int:
    """Return the size of a text, in bytes of UTF-8."""
    return len(text.encode(errors="replace"))


def drawn_again(typed: str, longest: int) -> str:
    """Return what was typed as far as a page may show it: nothing of a secret, or of more than ``longest`` bytes."""
    held_back = size_of(typed) > longest or looks_secret(typed) or holds_password(typed)
    return "" if held_back else typed


class _TypedField(Field):
    """A text that is drawn again for the person to mend, but no secret and nothing of more than ``longest`` bytes."""

    def __init__(self, *positional: Any, longest: int, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.longest = longest

    def _value(self) -> str:
        kept = not self.raw_data  # filled in from the journey, into which no secret comes, and not typed
        return self.data or "" if kept else drawn_again(self.data or "", self.longest)

    def refuse_too_long(self) -> None:
        """Raise :class:`Problem` for a text of more than the field takes."""
        size = size_of(self.data or "")
        if size > self.longest:
            raise Problem(
                f"This text has {ceil(size / 102.4) / 10:,} kB, and this box takes {self.longest // 1024} kB at most.",
                "It was not kept. Enter only what is asked for.",
                field=self.name,
            )


class NameField(_TypedField, StringField):
    """A line for a name. A private key or token that was pasted into it by mistake doesn't come back."""

    def __init__(self, *positional: Any, longest: int = LONGEST_NAME, **named: Any) -> None:
        super().__init__(*positional, longest=longest, **named)

    def read(self, reader: Callable[[str], str], *, optional: bool = False) -> str:
        """Return what ``reader`` makes of the text typed here, ``""`` for no text in an ``optional`` field.

        Raises :class:`Problem` at this field where the reader does, and for a private key or token.
        """
        typed: str = self.data or ""
        if optional and not typed.strip():
            return ""
        try:
            read = reader(refuse_secret(typed))
            # Asked a second time: letters that were typed small may be stored as capitals, and then look like a key.
            return read if read == typed else refuse_secret(read)
        except Problem as problem:
            raise problem.at(self.name) from None


class PasteField(_TypedField, TextAreaField):
    """A box to paste into. ``secret`` says that it is for secrets, and never drawn again."""

    def __init__(self, *positional: Any, secret: bool = False, longest: int = LONGEST_TEXT, **named: Any) -> None:
        super().__init__(*positional, longest=longest, **named)
        self._secret = secret

    def _value(self) -> str:
        return "" if self._secret else super()._value()


def uploaded(file: FileStorage | None) -> bytes:
    """Return a chosen file's bytes, ``b""`` when none was chosen: no more than it takes to see that it is too large.

    The file's name isn't looked at: it says nothing about a key, and names end up in logs.
    """
    if file is None or not file.filename:
        return b""
    return file.stream.read(LIMITS["file_bytes"] + 1)
