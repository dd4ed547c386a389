"""What a form field can be told about what was typed, beyond what WTForms knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import StringField, TextAreaField

from wizard.problem import Problem

_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")
_KEY_BODY = re.compile(r"MII[A-Za-z0-9+/]{200,}")
_PUBLIC_BODY = re.compile(r"MII[A-Z][a-zA-Z](?:jANBgkqhkiG9w0BAQEFAAO|gKC)")


def looks_secret(text: str) -> bool:
    """Say whether a text holds a private key, with its markers or without, or a token.

    Keys begin with the same letters in base64: a public key's SubjectPublicKeyInfo says rsaEncryption right after its
    length, and a PKCS#1 public key begins with its modulus. Everything else that long and of that shape is taken for
    a private key (or a sealed one): to hold a certificate back costs less than to show a key.
    """
    if "PRIVATE KEY" in text or _TOKEN.search(text):
        return True
    return any(not _PUBLIC_BODY.match(found[0]) for found in _KEY_BODY.finditer("".join(text.split())))


def refuse_secret(name: str) -> str:
    """Return a name that is about to be kept. Raises :class:`Problem` for a private key or a token."""
    if looks_secret(name):
        raise Problem(
            "This is a private key or a token, and not a name.",
            "Nothing of it was kept, but it has passed through this server: if it was a private key, make a new "
            "pair. Enter the name.",
            cause="key-is-private",
        )
    return name


class NameField(StringField):
    """A line for a name. A private key or token that was pasted into it by mistake doesn't come back."""

    def _value(self) -> str:
        typed = self.data or ""
        return "" if looks_secret(typed) else typed

    def read(self, reader: Callable[[str], str], *, optional: bool = False) -> str:
        """Return what ``reader`` makes of the text typed here, ``""`` for no text in an ``optional`` field.

        Raises :class:`Problem` at this field where the reader does, and for a private key or token.
        """
        typed: str = self.data or ""
        if optional and not typed.strip():
            return ""
        try:
            # Asked a second time: letters that were typed small may be stored as capitals, and then look like a key.
            return refuse_secret(reader(refuse_secret(typed)))
        except Problem as problem:
            raise problem.at(self.name) from None


class PasteField(TextAreaField):
    """A box to paste into. What can't be used comes back in it, so that it can be mended, but no secret ever does.

    ``secret`` says that the box is for secrets. A private key or token that was pasted into another box by mistake is
    held back too, as far as :func:`looks_secret` sees.
    """

    def __init__(self, *positional: Any, secret: bool = False, **named: Any) -> None:
        super().__init__(*positional, **named)
        self._secret = secret

    def _value(self) -> str:
        typed = self.data or ""
        return "" if self._secret or looks_secret(typed) else typed


LONGEST_KEY_FILE = 32 * 1024  # bytes; a 4096-bit key with its passphrase takes 3.4 kB


def uploaded(file: FileStorage | None, field: str) -> bytes:
    """Return a chosen file's bytes, ``b""`` when none was chosen. Raises :class:`Problem` when it is too large.

    The file's name isn't looked at: it says nothing about a key, and names end up in logs.
    """
    if file is None or not file.filename:
        return b""
    content = file.stream.read(LONGEST_KEY_FILE + 1)
    if len(content) > LONGEST_KEY_FILE:
        raise Problem(
            "This file is larger than 32 kB, and no private key is.",
            "Choose the key file itself, usually rsa_key.p8. It is about 2 kB.",
            field=field,
        )
    return content
