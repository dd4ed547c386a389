"""What is wrong with a key, in words: the one error of this package."""

from __future__ import annotations

import re
from typing import Literal

from wizard.problem import Problem
from wizard.snowflake.key.specification import KEY_WORDS

Half = Literal["private_key", "passphrase", "public_key"]
_PLACEHOLDER = re.compile(r"\{([a-z_]{1,20})\}")


class KeyProblem(Problem):
    """A key or passphrase that can't be used, in words for the person who gave it.

    Raised for everything that is wrong with what was *given*, with a code of ``key_words.json``. Carries no piece of
    it: ``values``, which fill the placeholders of that row, are counts and names from our own lists. Not for mistakes
    of the caller, such as a size that is not offered: those are ``ValueError``.
    """

    def __init__(self, code: str, *, blames: Half | None = None, **values: int | str) -> None:
        row = KEY_WORDS[code]
        words = {"half": "public key" if blames == "public_key" else "private key", **values}
        super().__init__(
            _filled(row["message"], words),
            _filled(row["fix"], words),
            cause=row["cause"],
            command=_filled(row["command"], words),
        )
        self.code = code
        self.values = values
        self.blames: str = blames or row["blames"]

    def in_public_box(self) -> KeyProblem:
        """Return the same problem, said of a public key."""
        return KeyProblem(self.code, blames="public_key", **self.values)


def _filled(text: str, values: dict[str, int | str]) -> str:
    """Put ``values`` where ``{name}`` stands. Other braces stay: ``str.format`` would trip over them."""
    return _PLACEHOLDER.sub(lambda found: str(values.get(found.group(1), found.group())), text)
