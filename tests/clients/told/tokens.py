"""Tokens for the SQL API as people build them, right and wrong."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.clients.told.situations import ACCOUNT, HOST
from tests.key_files import spki
from wizard.practice.users import RegisteredKey

_HOUR, _DAY = 3600, 86400


@dataclass(frozen=True)
class Call:
    """A request to the SQL API: the host, and the header lines about the login."""

    host: str
    headers: tuple[str, ...]


def build(name: str, key: rsa.RSAPrivateKey, now: float) -> Call:
    """Return the request with the token of that name; ``now`` in Unix seconds."""
    account = ACCOUNT.upper()
    fingerprint = RegisteredKey("", spki(key), 0).fingerprint
    subject = {
        "lower-case": f"{ACCOUNT}.jane",
        "account-lower-case": f"{ACCOUNT}.JANE",
        "region": f"{account}.US-EAST-1.JANE",
        "region-and-cloud": f"{account}.US-EAST-1.AWS.JANE",
        "privatelink": f"{account}.PRIVATELINK.JANE",
        "url": f"HTTPS://{HOST.upper()}.JANE",
        "dot-form": f"{account.replace('-', '.')}.JANE",
        "locator": "PX00000.JANE",
        "other-account": "PRACTICE-OTHER.JANE",
        "other-user": f"{account}.JANNE",
    }.get(name, f"{account}.JANE")
    digest = fingerprint.removeprefix("SHA256:")
    other = RegisteredKey("", spki(rsa.generate_private_key(65537, 2048)), 0).fingerprint
    issuer = {
        "issuer-without-fingerprint": subject,
        "issuer-without-prefix": f"{subject}.{digest}",
        "issuer-hex-fingerprint": f"{subject}.SHA256:{base64.b64decode(digest).hex()}",
        "other-key": f"{subject}.{other}",
    }.get(name, f"{subject}.{fingerprint}")
    if name == "issuer-swapped":
        issuer, subject = subject, issuer
    subject = {"subject-only-user": "JANE", "subject-other-user": f"{account}.JANNE"}.get(name, subject)
    issued, life = {
        "expired": (now - 2 * _HOUR, _HOUR),
        "issued-yesterday": (now - _DAY, 2 * _DAY),
        "of-a-day": (now - 2 * _HOUR, _DAY),
        "from-the-future": (now + _HOUR, _HOUR),
    }.get(name, (now, _HOUR))
    claims = {"iss": issuer, "sub": subject, "iat": int(issued), "exp": int(issued) + life}
    if name == "no-times":
        claims = {"iss": issuer, "sub": subject}
    return Call(_host(name), _headers(name, _sign(name, key, claims)))


def _sign(name: str, key: rsa.RSAPrivateKey, claims: dict[str, object]) -> str:
    if name == "hs256":
        return jwt.encode(claims, "a shared secret of thirty-two bytes", "HS256")
    if name == "signed-by-another":
        return jwt.encode(claims, rsa.generate_private_key(65537, 2048), "RS256")
    token = jwt.encode(claims, key, "RS256")
    return {
        "cut": token[:120],
        "signature-cut": token[:-40],
        "empty": "",
        "quoted": f'"{token}"',
        "twice-bearer": f"Bearer {token}",
        "private-key-sent": "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
    }.get(name, token)


def _host(name: str) -> str:
    return {
        "host-misspelt": HOST.replace("practice", "practise"),
        "host-region": HOST.replace(ACCOUNT, f"{ACCOUNT}.us-east-1"),
        "host-underscore": HOST.replace(ACCOUNT, "practice-snow_flake"),
        "host-privatelink": HOST.replace(ACCOUNT, f"{ACCOUNT}.privatelink"),
        "host-wrong-domain": HOST.replace(".com", ".con"),
    }.get(name, HOST)


def _headers(name: str, token: str) -> tuple[str, ...]:
    kind = "X-Snowflake-Authorization-Token-Type: KEYPAIR_JWT"
    scheme = "" if name == "no-bearer" else "Bearer "
    authorization = f"Authorization: {scheme}{token}"
    return {"no-type-header": (authorization,), "no-authorization": (kind,)}.get(name, (authorization, kind))
