"""One login: which account, by which name, with which key. What a token says, and what evidence is evidence of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from wizard.snowflake.account import Account
from wizard.snowflake.key import PublicKey


class SeenKey(NamedTuple):
    """A key of which no more than its fingerprint was seen: what was signed with it, Snowflake alone can tell."""

    fingerprint: str
    verifier: None = None
    der: bytes = b""
    base64: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """The three things that a key pair login consists of.

    ``name`` is the LOGIN_NAME as typed, not the NAME that SQL statements take: Snowflake looks for the former, and
    answers 394300 where they differ and the latter was used
    (https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting, read autumn 2026).
    """

    account: Account
    name: str
    key: PublicKey | SeenKey

    @property
    def subject(self) -> str:
        """``sub`` of the token: account and login name in upper case, as all clients write them. Dots stay."""
        return f"{self.account.claim.upper()}.{self.name.upper()}"

    @property
    def issuer(self) -> str:
        """``iss`` of the token: the subject and the key's fingerprint, by which Snowflake finds the key."""
        return f"{self.subject}.{self.key.fingerprint}"

    @property
    def digest(self) -> str:
        """32 hexadecimal digits that stand for this login: "verified" and "tested" mean *this* host, name and key.

        Not a secret. Changes with any of the three, and comes back when they do.
        """
        return hashlib.sha256(f"{self.account.host}\n{self.issuer}".encode("utf-8", "replace")).hexdigest()[:32]
