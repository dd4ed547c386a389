"""The people, programs, roles and warehouses that live in the practice Snowflake.

A :class:`User` is a frozen record: the state replaces it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

ORGANIZATION = "PRACTICE"
ACCOUNT = "SNOWFLAKE"
CLAIM = f"{ORGANIZATION}-{ACCOUNT}"
HOST = "practice-snowflake.localhost"
"""``localhost`` is reserved (RFC 6761): this name can never be a real account's."""
LOCATOR = "PX00000"
REGION = "PUBLIC.AWS_US_WEST_2"
VERSION = "10.40.0 practice"

ADMINISTRATOR = "PRACTICE_ADMIN"
"""The one user that no scenario touches, so that somebody can always put things right."""

ADMIN_ROLES = frozenset({"ACCOUNTADMIN", "SECURITYADMIN", "USERADMIN"})
"""Roles that own every user here: they may alter and describe them."""
ROLES = frozenset({*ADMIN_ROLES, "SYSADMIN", "PUBLIC", "ANALYST", "LOADER", "REPORTER"})
WAREHOUSES = frozenset({"COMPUTE_WH", "LOAD_WH"})

MAX_KEY_CHARACTERS = 8_192
MIN_KEY_BITS, MAX_KEY_BITS = 2_048, 8_192


class KeyRejectedError(ValueError):
    """The text is nothing that Snowflake takes as RSA_PUBLIC_KEY; ``reason`` is what it says then."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class RegisteredKey:
    """A public key as it was entered, and since when (Unix seconds)."""

    text: str
    der: bytes
    set_at: float

    @property
    def fingerprint(self) -> str:
        """``SHA256:`` and the base64 of the SHA-256 of the DER, as DESC USER shows it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.der).digest()).decode()

    @cached_property
    def loaded(self) -> RSAPublicKey:
        """The key, ready to verify a signature with."""
        return _load(self.der)


def read_registered_key(text: str, now: float) -> RegisteredKey:
    """Read a value of RSA_PUBLIC_KEY: base64 of a SubjectPublicKeyInfo; white space between is fine, nothing else is.

    Markers (``-----BEGIN``), ``ssh-rsa``, a private key, a cut copy: all raise :class:`KeyRejectedError` with
    Snowflake's own reason. Source: https://docs.snowflake.com/en/user-guide/key-pair-auth (checked 2026-11).
    """
    if len(text) > MAX_KEY_CHARACTERS:
        raise KeyRejectedError("Invalid public key")
    try:
        der = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise KeyRejectedError("Invalid public key") from None
    _load(der)
    return RegisteredKey(text=text, der=der, set_at=now)


def _load(der: bytes) -> RSAPublicKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(der)
    except Exception:  # noqa: BLE001  # raised in many kinds for text that is no key; all mean the same here
        raise KeyRejectedError("Invalid public key") from None
    if not isinstance(key, RSAPublicKey):
        raise KeyRejectedError("The provided public key uses an unsupported key algorithm.")
    if key.key_size < MIN_KEY_BITS:
        raise KeyRejectedError(f"Key length {key.key_size} is smaller than minimal requirement of {MIN_KEY_BITS}.")
    if key.key_size > MAX_KEY_BITS:
        raise KeyRejectedError("Invalid public key")
    # A PKCS#1 public key loads too, but Snowflake takes only the SubjectPublicKeyInfo.
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != der:
        raise KeyRejectedError("Invalid public key")
    return key


@dataclass(frozen=True, slots=True)
class KeyPair:
    """One named key pair. Times are Unix seconds.

    ``role`` is the one that it is restricted to, "" for none; ``days`` how long it was made to live, 0 for ever, which
    passes to the key that takes its place; ``rotated_to`` the name of that one, once it was rotated out.
    """

    name: str
    key: RegisteredKey
    role: str = ""
    days: int = 0
    comment: str = ""
    disabled: bool = False
    expires_at: float | None = None
    created_by: str = ""
    last_used_at: float | None = None
    rotated_to: str = ""

    def status(self, now: float) -> str:
        """ACTIVE, EXPIRED or DISABLED, which is said of one that is both."""
        return "DISABLED" if self.disabled else "EXPIRED" if self.is_over(now) else "ACTIVE"

    def is_over(self, now: float) -> bool:
        """Whether its end, or its grace after a rotation, is behind it."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class User:
    """One user. Empty text stands for Snowflake's ``null``; ``locked`` is the lock after too many failed logins."""

    name: str
    login_name: str
    type: str = ""
    display_name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    comment: str = ""
    disabled: bool = False
    locked: bool = False
    days_to_expiry: str = ""
    default_warehouse: str = ""
    default_namespace: str = ""
    default_role: str = ""
    network_policy: str = ""
    authentication_policy: str = ""
    roles: frozenset[str] = frozenset()
    key_1: RegisteredKey | None = None
    key_2: RegisteredKey | None = None
    pairs: tuple[KeyPair, ...] = ()
    created_at: float = 0.0

    def holds_role(self, role: str) -> bool:
        """Whether this user may run as ``role``: PUBLIC is everybody's, and an admin role brings those below it."""
        if role == "PUBLIC" or role in self.roles:
            return True
        if "ACCOUNTADMIN" in self.roles:
            return role in ADMIN_ROLES or role == "SYSADMIN"
        return "SECURITYADMIN" in self.roles and role == "USERADMIN"

    def slots(self) -> tuple[RegisteredKey, ...]:
        """The keys of both slots, empty slots left out."""
        return tuple(key for key in (self.key_1, self.key_2) if key is not None)

    def active_pairs(self, now: float) -> tuple[KeyPair, ...]:
        """The named key pairs that let somebody in at ``now``."""
        return tuple(pair for pair in self.pairs if pair.status(now) == "ACTIVE")

    def pair(self, name: str) -> KeyPair | None:
        """The named key pair of that (stored) name."""
        return next((pair for pair in self.pairs if pair.name == name), None)

    def with_pair(self, name: str, pair: KeyPair | None) -> User:
        """Return the user with ``pair`` in the place of the one called ``name``; ``None`` takes that one away."""
        pairs = [pair if one.name == name else one for one in self.pairs]
        return replace(self, pairs=tuple(one for one in pairs if one is not None))


def first_users(now: float) -> tuple[User, ...]:
    """The users there are when the practice Snowflake starts; ``now`` in Unix seconds."""
    return (
        User(
            ADMINISTRATOR, ADMINISTRATOR, "PERSON", "Practice Administrator",
            comment="Plays your Snowflake administrator", default_role="ACCOUNTADMIN",
            default_warehouse="COMPUTE_WH", roles=frozenset({"ACCOUNTADMIN"}), created_at=now,
        ),
        User(
            "JANE", "JANE", "PERSON", "Jane", "Jane", "Doe", "jane.doe@example.com",
            comment="An analyst who may not alter users", default_role="ANALYST",
            default_warehouse="COMPUTE_WH", roles=frozenset({"ANALYST"}), created_at=now,
        ),
        User(
            "SVC_ETL", "SVC_ETL", "SERVICE", "SVC_ETL",
            comment="A program that loads data", default_role="LOADER",
            default_warehouse="LOAD_WH", roles=frozenset({"LOADER"}), created_at=now,
        ),
        User(
            "Max.Mustermann", "max@example.com", "PERSON", "Max", "Max", "Mustermann", "max@example.com",
            comment="Name needs quotes in SQL, and signs in by e-mail address", default_role="ANALYST",
            default_warehouse="COMPUTE_WH", roles=frozenset({"ANALYST"}), created_at=now,
        ),
    )  # fmt: skip


FIRST_NAMES = frozenset(user.name for user in first_users(0.0))


@lru_cache(maxsize=256)
def another_key(now: float) -> RegisteredKey:
    """The public half of a key pair whose private half nobody kept, for the scenario in which it is registered."""
    return read_registered_key(_ANOTHER_KEY, now)


_ANOTHER_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlNeE39GLSc1tjzyaMz4e"
    "FYBsccA5s/5nfKwI44EDdTS5llwqfWSoRO33ZXb+Of7G0Lj95BMuzIfuUCzkarUS"
    "ixMqPFuj8Vci0QD81IMbF4eI9CGfmhTSb5LiTCO0I/5pQ79xjW/5gU4pIoiArEhC"
    "t7U0hvTf6YqOM7dpHv+KeveIto5YZo/hanylq+/oF0L8uo0xx+8PAcqCXfJD+Ea9"
    "gfiOkm5iUdnwZIk83NhWmUv5geStVA3iuRp6WMDn2IblFb3ly3ZlBjcU7jfAuyq4"
    "5lEMOXL56Jw6N79poFsngzdOLeXC1Pd/HzbCXKNtmtkPlrODYGc53LXm8vr/OQVE"
    "GwIDAQAB"
)
