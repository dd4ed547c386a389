"""Whether a form was sent from a page of ours: every form holds a token that no other site can read.

The secret behind it is in the signed cookie. A token is that secret under a mask which is drawn anew for each answer:
``mask + (mask xor secret)``, in base64. So nothing of a token stands in two answers, which lets pages that hold one be
compressed: whoever measures the lengths of many answers (BREACH, https://breachattack.com) looks for what stands in all
of them. Django masks its tokens in the same way, for the same reason.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Collection
from urllib.parse import urlsplit

from flask import Flask, request, session
from werkzeug.exceptions import BadRequest

FIELD = "csrf_token"  # of a form, and of the cookie
HEADER = "X-CSRFToken"  # for scripts that send no form
_LENGTH = 20  # bytes
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110, section 9.2.1: these change nothing


class FormIsNotOurs(BadRequest):
    """A form without a token that fits the cookie, or one that came from the page of another site."""


def csrf_token() -> str:
    """Return a token for the forms of one answer. The cookie takes a secret, if it holds none yet."""
    secret = _secret()
    if not secret:
        secret = secrets.token_bytes(_LENGTH)
        session[FIELD] = secret.hex()
    mask = secrets.token_bytes(_LENGTH)
    return base64.urlsafe_b64encode(mask + _xor(mask, secret)).decode()


def refuse_foreign_forms(app: Flask, exempt: Collection[str]) -> None:
    """Let ``app`` take no form whose token doesn't fit; ``exempt`` are endpoints that change nothing for anybody."""

    @app.before_request
    def check() -> None:
        if request.method in _SAFE or request.endpoint is None or request.endpoint in exempt:
            return
        if not _fits(request.form.get(FIELD) or request.headers.get(HEADER, "")):
            raise FormIsNotOurs
        # Over https somebody on the way can't take the Referer out, and our own pages always send one.
        if request.is_secure and not _is_ours(request.referrer or request.origin or ""):
            raise FormIsNotOurs


def _secret() -> bytes:
    """Return what the cookie holds, ``b""`` without one that is ours."""
    try:
        secret = bytes.fromhex(session.get(FIELD, ""))
    except (TypeError, ValueError):
        return b""
    return secret if len(secret) == _LENGTH else b""


def _fits(token: str) -> bool:
    secret = _secret()
    try:
        told = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    except ValueError:
        return False
    mask, masked = told[:_LENGTH], told[_LENGTH:]
    return len(masked) == _LENGTH and bool(secret) and hmac.compare_digest(_xor(mask, masked), secret)


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(_LENGTH)


def _is_ours(address: str) -> bool:
    try:
        sent, ours = urlsplit(address), urlsplit(request.host_url)
        return (sent.scheme, sent.hostname, sent.port or 443) == (ours.scheme, ours.hostname, ours.port or 443)
    except ValueError:  # a port that is none
        return False
