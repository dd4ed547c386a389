"""What the live test saw, what the journey knows, and what follows from both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wizard.diagnosis.cause import Cause, Fix
from wizard.snowflake.account import Account
from wizard.snowflake.user import Described, Place
from wizard.stored import Table, integer, one_of, stored, text, texts

KINDS = (
    "key",  # the private key does not open, or is not the pair of the public key
    "token",  # a token signed elsewhere is not the one that was asked for
    "name-not-found",  # the host name does not resolve
    "address-refused",  # it resolves to an address that nobody may ask (link-local, metadata …)
    "private-address",  # a public name resolves to a private address
    "public-address",  # a PrivateLink name resolves to a public address
    "timeout",
    "refused",
    "reset",
    "certificate-issuer",  # the certificate's issuer is not trusted
    "certificate-name",  # the certificate is for other names
    "tls",  # any other failure of the handshake
    "clock",  # a clock is off
    "answer",  # Snowflake's JSON with a code
    "not-json",  # an answer that is not JSON
    "redirect",  # an answer that sends elsewhere
    "cut",  # the answer ended early
    "too-large",  # the answer went on beyond 1 MiB
    "identity",  # the session is another user or account
    "role",  # the default role is not usable
    "warehouse",  # the default warehouse is not usable
)
"""Every kind of symptom. Anything else is treated as an ``answer`` that nobody knows."""

NO_ROLE = ("", "NONE", "PUBLIC")
"""What CURRENT_ROLE() gives a session without a role of its own: NONE, or the role that everybody has."""

_NO_FACTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Symptom:
    """What went wrong in a check.

    * ``kind``: one of :data:`KINDS`
    * ``code``: Snowflake's code, such as ``390144``
    * ``http_status``: 0 when there was no answer
    * ``message``: the machine's own words, at most 2000 characters
    * ``facts``: any of ``cause`` (id of a cause that is already known), ``reason`` (one sentence why),
        ``uuid``, ``ip``, ``issuer``,
        ``names``, ``signer``, ``proxy``, ``no_proxy``, ``search_domain``,
        ``skew_seconds``, ``whose_clock``, ``user``, ``expected_user``, ``account``, ``expected_account``,
        ``role``, ``warehouse``
    """

    kind: str = field(metadata=stored("kind", one_of(KINDS)))
    code: str = field(default="", metadata=stored("code", text(40, cut=True)))
    http_status: int = field(default=0, metadata=stored("http_status", integer(0, 999)))
    message: str = field(default="", metadata=stored("message", text(2000, cut=True)))
    facts: Mapping[str, str] = field(default_factory=lambda: _NO_FACTS, metadata=stored("facts", texts(300, cut=True)))


STORED_SYMPTOM = Table(Symptom)
"""How a symptom travels to the request for the next row of the test; what is too long is cut."""


@dataclass(frozen=True, slots=True)
class Background:
    """What the journey knows, as far as it helps to tell one cause from another.

    * ``fingerprint``: of our key, ``SHA256:…=``
    * ``public_key``: of our key, base64 on one line, for the SQL that registers it
    * ``slot``: the slot that the SQL fills, 1 or 2; 0 where the key was seen outside of the slots, or is to stand there
    * ``in_pair``: the SQL makes the key a named key pair
    * ``described``: what was kept of pasted answers about the user, None when none was pasted
    * ``registered``: the person says that the SQL has run
    * ``place``: where this key was seen on this user, None when it was not seen
    * ``verify_skipped``: the person went past that step
    * ``passed``: this very login has passed the live test before
    """

    account: Account | None = None
    user_name: str = ""
    login_name: str = ""
    fingerprint: str = ""
    public_key: str = ""
    slot: int = 1
    in_pair: bool = False
    described: Described | None = None
    registered: bool = False
    place: Place | None = None
    verify_skipped: bool = False
    passed: bool = False

    @property
    def login(self) -> str:
        """The login name that the token carries."""
        return self.login_name or self.user_name


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause, found.

    * ``because``: one sentence: what was seen here that speaks for it
    * ``certain``: whether that leaves no doubt
    * ``fixes``: the cause's fixes with their SQL filled in
    """

    cause: Cause
    because: str
    certain: bool
    fixes: tuple[Fix, ...]
