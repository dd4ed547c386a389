"""Texts that leave this server and come back: signed, bound to one purpose, and of known age by the wizard's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import current_app
from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from wizard.settings import Settings
from wizard.stored import StoredError, Table

T = TypeVar("T")

AHEAD = 60  # seconds that the clock of another copy may be ahead of this one's


class ByOurClock(TimestampSigner):
    """Takes the time from ``now`` (epoch seconds), to which it is handed, and not from the machine.

    What another copy of the wizard has signed may be a little younger than nothing: clocks differ, and a link or a row
    of a test must not depend on which copy it comes back to.
    """

    def __init__(self, *positional: Any, now: Callable[[], float], **named: Any) -> None:
        super().__init__(*positional, **named)
        self._now = now
        self._derived: dict[str | bytes | None, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Return the key that is signed with, a hash of hashes that is the same each time."""
        if secret_key not in self._derived:
            self._derived[secret_key] = super().derive_key(secret_key)
        return self._derived[secret_key]

    def get_timestamp(self) -> int:
        return int(self._now())

    def unsign(self, signed_value: Any, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        """Return what was signed, with the time if asked for. Raises ``SignatureExpired`` for a wrong age."""
        value, signed_at = super().unsign(signed_value, None, return_timestamp=True)
        age = self.get_timestamp() - int(signed_at.timestamp())
        if max_age is not None and not -AHEAD <= age <= max_age:
            raise SignatureExpired(f"signed {age} seconds ago", payload=value, date_signed=signed_at)
        return (value, signed_at) if return_timestamp else value


class KeepsItsSigner(URLSafeTimedSerializer):
    """Signs and reads many texts with one secret and one salt, by one signer, which is made when first asked for."""

    _signer: ByOurClock | None = None

    def make_signer(self, salt: str | bytes | None = None) -> Any:
        if self._signer is None:
            self._signer = super().make_signer(salt)  # type: ignore[assignment]
        return self._signer

    def iter_unsigners(self, salt: str | bytes | None = None) -> Iterator[Any]:
        yield self.make_signer(salt)


class ExpiredError(StoredError):
    """What came back was written here, and longer ago than it is good for."""


@dataclass(frozen=True, slots=True)
class Signed(Generic[T]):
    """One thing that travels as a signed text: for what it is written, as what, and for how many seconds it is good.

    A text signed for another purpose is refused.
    """

    purpose: str
    table: Table[T]
    good_for: int

    def write(self, value: T) -> str:
        """Return ``value`` as a text for a link or a field of a form."""
        return str(self._signer().dumps(self.table.write(value)))

    def read(self, text: str) -> T:
        """Return what :meth:`write` was given. Raises :class:`StoredError`, as :class:`ExpiredError` for its age."""
        try:
            return self.table.read(self._signer().loads(text, max_age=self.good_for))
        except SignatureExpired as error:
            raise ExpiredError(str(error)) from error
        except BadData as error:
            raise StoredError(str(error)) from error

    def _signer(self) -> URLSafeTimedSerializer:
        settings: Settings = current_app.extensions["settings"]
        return URLSafeTimedSerializer(
            settings.signing_keys,
            salt=self.purpose,
            signer=ByOurClock,
            signer_kwargs={"now": current_app.extensions["clock"]},
        )
