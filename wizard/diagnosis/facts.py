"""What is known, as facts: each with where it was read. Rules conclude from them, whoever read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # what failed
        "check": "What the wizard's own test met: a kind of symptom.",
        "known-cause": "The cause, where the check that failed has named it already.",
        "reason": "The sentence that goes with such a cause.",
        "code": "A code of Snowflake's, six digits.",
        "http-status": "The status of an answer, three digits.",
        "client": "The program that printed the error, by its slug.",
        "client-version": "The version of that program.",
        "sentence": "A sentence of a client's that the engine knows, by its id.",
        "phrase": "A cause that common words speak for, and how strongly: 'clock-skew 92'.",
        "message": "The machine's own words.",
        "uuid": "The number under which Snowflake keeps the reason of a refusal.",
        "ip": "The address that Snowflake, or a name server, names.",
        "skew-seconds": "By how much a clock is off.",
        "token-ahead": "Seconds by which the token was from the future, by Snowflake's clock.",
        "whose-clock": "Whose clock that is.",
        "issuer": "Who issued the certificate that was shown.",
        "certificate-names": "The host names in the certificate that was shown.",
        "certificate-signer": "What kind of signer that is: itself, public, inspecting, stranger, or unknown.",
        "proxy": "The proxy through which the host was asked.",
        "no-proxy": "The entry of NO_PROXY that kept the host from the proxy.",
        "search-domain": "A search domain of this machine answered for a name that doesn't exist.",
        "error-user": "The user that an error, or a record of Snowflake's, names.",
        "error-account": "The account that an error names, as the client was given it.",
        "error-host": "The host that an error names.",
        "error-role": "The role that an error names.",
        "error-warehouse": "The warehouse that an error names.",
        "error-path": "The file that an error names.",
        "noted-empty": "What a client noted as empty among what it was given: user or account.",
        "user-denied": "A user who does not exist, or may not be seen, by Snowflake's own word.",
        "login-at": "When a refused login was, in words.",
        # the session
        "session-user": "The user of the session.",
        "session-account": "The account of the session.",
        "expected-user": "The user that it should be.",
        "expected-account": "The account that it should be.",
        "session-role": "The role of the session.",
        "session-warehouse": "The warehouse of the session.",
        # what the wizard's own test asked again, with one thing otherwise
        "accepted-login-name": "The login name of the token that was accepted.",
        "accepted-account": "The account's other name, in the token that was accepted.",
        "accepted-hyphens": "The account with hyphens for underscores, in the token that was accepted.",
        "accepted-later": "Seconds after which the very token that was refused was accepted.",
        "accepted-host": "The other spelling of the host, at which the token was accepted.",
        "refused-login-name": "A login name whose token was refused as well.",
        "refused-account": "The account's other name, whose token was refused as well.",
        "refused-hyphens": "The account with hyphens for underscores, whose token was refused as well.",
        "refused-later": "Seconds after which the same token was refused once more.",
        "refused-host": "The other spelling of the host, which did no good.",
        "recognised-login-name": "A login name that Snowflake knows: it said why this user may not log in.",
        # the walk
        "account-host": "The host of the account.",
        "account-claim": "What the token has to name the account by.",
        "account-locator": "The account's locator, where it goes by that.",
        "account-region": "The region behind a locator.",
        "privatelink": "The account is asked over PrivateLink.",
        "user-name": "NAME of the user, for SQL.",
        "login-name": "LOGIN_NAME of the user, as the token carries it.",
        "key-fingerprint": "The fingerprint of the key that logs in.",
        "public-key": "The public key that logs in, base64 on one line.",
        "slot": "The slot that the SQL fills: 1, 2, or 0 where the key was seen outside of the slots.",
        "registered": "Somebody says that the SQL has run.",
        "in-pair": "The SQL makes the key a named key pair.",
        "key-seen": "The key was seen on the user; where, as the end of a sentence.",
        "verify-skipped": "Nobody has looked for the key on the user.",
        "token-ours": "The wizard has made the token itself.",
        "login-passed": "This very login has passed before.",
        # the user, as Snowflake described it
        "described-name": "NAME in Snowflake's description of the user.",
        "described-login-name": "LOGIN_NAME there.",
        "described-type": "TYPE there.",
        "described-disabled": "DISABLED there: true or false.",
        "described-locked": "Whether the user is locked there: true or false.",
        "described-days": "DAYS_TO_EXPIRY there.",
        "described-role": "DEFAULT_ROLE there.",
        "described-warehouse": "DEFAULT_WAREHOUSE there.",
        "described-has-key": "HAS_RSA_PUBLIC_KEY or HAS_KEYPAIR there: true or false.",
        "slot-1": "The fingerprint in the first slot there, '' for an empty one.",
        "slot-2": "The fingerprint in the second slot there, '' for an empty one.",
        "pair-active": "The fingerprint of a named key pair that can log in.",
        "pair-disabled": "The fingerprint of a named key pair that is disabled.",
        "pair-expired": "The fingerprint of a named key pair that has expired.",
        "pair-called": "The name of a named key pair, behind its fingerprint.",
        "pair-role": "The role that a named key pair is restricted to.",
        "lone-fingerprint": "A fingerprint that was pasted by itself.",
        # the token
        "token-flaw": "Why a token can't be read, with its cause: 'token-malformed: …'.",
        "token-issuer": "iss of the token, as it stands there.",
        "token-subject": "sub of the token, as it stands there.",
        "token-algorithm": "alg of the token, as it stands there.",
        "token-account": "The account in the token, in capitals, with whatever stands behind it.",
        "token-user": "The user in the token, in capitals.",
        "token-life": "Seconds for which the token is made, from iat to exp.",
        "token-fingerprint": "The fingerprint in the token.",
        "token-age": "Seconds since the token was issued, by its own word; negative in the future.",
        "token-left": "Seconds until the token ends, by its own word; negative when it has ended.",
        # the key
        "key-form": "The form of a key file: pkcs8, pkcs8-encrypted, pkcs1, openssh, ec, dsa, public, ssh-public …",
        "key-breaks": "What became of the line breaks of a key's text: kept, escaped, lost.",
        "key-symbol": "A character at which a reader of a key stopped, by its number, and where: '92 0'.",
        "key-first-byte": "What a reader of DER found in place of a key: its first byte, as a number.",
        "key-read-as": "How the program reads a key: base64 of DER, text (PEM, else DER), or either.",
        "key-bytes-missing": "How many bytes a reader of DER missed at the end of a key.",
        "public-key-form": "The form in which the public key was written: pem, der, ssh.",
        "key-bits": "The size of the key.",
        "key-flaw": "A cause that the text of a key itself speaks for, with its sentence.",
        # the settings
        "settings": "The form of a settings fragment: connections-toml, profiles-yml, env …",
        "setting-account": "The account as it is given there.",
        "setting-host": "The host as it is given there.",
        "setting-region": "The region as it is given there.",
        "setting-user": "The user there.",
        "setting-authenticator": "The authenticator there; '' where it is missing.",
        "setting-key-path": "The path of the key file there.",
        "setting-key-content": "The key is given there as text: what kind of text, never the text.",
        "setting-path-as-content": "The path that stands there in place of the text of a key.",
        "setting-passphrase": "Whether a passphrase is given there: given, empty or missing.",
        "setting-password": "Whether a password or token of another kind is given there: given.",
        "setting-role": "The role there.",
        "setting-warehouse": "The warehouse there.",
        "setting-section": "The name of the connection there.",
        "setting-unread": "A name among the settings that the client doesn't read.",
        "setting-escapes": "A setting in which backslashes begin something else than they look like.",
        # what was run
        "key-cipher": "The key was encrypted in an old way.",
        "file-mode": "The mode that a file was given, and its name.",
        "command": "A command that somebody ran, by its program.",
    }
)
"""Every name of a fact, and what it tells."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known.

    * ``name``: one of :data:`NAMES`
    * ``value``: as text; never a secret
    * ``source``: where it was read, in words that go into a sentence: ``the error``, ``DESC USER``, ``this walk``

    ``ValueError`` for a name that is in no table.
    """

    name: str
    value: str
    source: str

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ValueError(f"no fact is called {self.name}")


class Evidence:
    """Facts by their names. Where several have one name, the first one counts."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._by_name: dict[str, list[Fact]] = {}
        for fact in facts:
            known = self._by_name.setdefault(fact.name, [])
            if fact not in known:
                known.append(fact)

    def of(self, source: str) -> Evidence:
        """What was read in one place alone."""
        return Evidence(fact for facts in self._by_name.values() for fact in facts if fact.source == source)

    def all(self, name: str) -> tuple[Fact, ...]:
        """Every fact of a name, in the order in which they were read."""
        return tuple(self._by_name.get(name, ()))

    def first(self, *names: str) -> Fact | None:
        """The first fact that says something under the first of these names that has one."""
        return next((fact for name in names for fact in self._by_name.get(name, ()) if fact.value), None)

    def get(self, *names: str) -> str:
        """The value of :meth:`first`, or ``""``."""
        fact = self.first(*names)
        return fact.value if fact else ""

    def held(self, name: str) -> str | None:
        """The value of the first fact of this name, ``""`` included; ``None`` where there is none."""
        known = self._by_name.get(name)
        return known[0].value if known else None

    def has(self, name: str, value: str) -> bool:
        """Whether a fact of this name has this value."""
        return any(fact.value == value for fact in self._by_name.get(name, ()))

    def number(self, name: str) -> float | None:
        """The value as a number, ``None`` where it is none or beyond reason."""
        try:
            number = float(self.get(name))
        except ValueError:
            return None
        return number if abs(number) < 1e12 else None
