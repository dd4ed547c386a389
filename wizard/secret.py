"""A value that can be handed around and used, but not shown by accident."""

from __future__ import annotations

from typing import NoReturn, Self


class Secret(str):
    """A private key, passphrase or token that prints as ``***`` wherever text is made of it.

    The string itself *is* ``***``: ``str``, ``repr``, f-strings, ``json.dumps``, ``logging`` and a template that
    forgets itself all show that and nothing else. Only :meth:`reveal` gives the value, so a search for
    ``reveal(`` lists every place where a secret is used.

    Equality and truth are those of the value, for ``if passphrase:`` to mean what it says. Pickling raises
    ``TypeError``: a secret does not leave the process that was given it.
    """

    _value: str

    def __new__(cls, value: str = "") -> Self:
        self = super().__new__(cls, "***")
        self._value = value
        return self

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        # Imported here: comparing secrets is rare, and the module is on the path to the first answer.
        from hmac import compare_digest

        if not isinstance(other, Secret):
            return False
        return compare_digest(self._value.encode(), other._value.encode())

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]  # a secret is no dictionary key: keys get printed

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret is not written anywhere")
