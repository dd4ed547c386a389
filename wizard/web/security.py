"""What every request must bring and every answer carries: hosts, origins, headers, nonces.

The headers are those of the MDN observatory's best marks; :data:`POLICY` is data, with each exception's reason.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request

from wizard.settings import Settings
from wizard.web.client import is_on_this_machine

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Nothing is allowed but what stands here. script-src holds the nonce alone: a module's imports inherit it. Trusted
# Types leave one policy, htmx's, which its hx-csp extension uses for the fragments that this server sends.
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types htmx"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: under that, browsers send "Origin: null" with a form, and no Referer to check.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), display-capture=(), "
        "fullscreen=(), browsing-topics=(), idle-detection=(), local-fonts=(), publickey-credentials-get=(), "
        "clipboard-read=(), clipboard-write=(self)"
    ),
}
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
TURN_ON_TLS = (
    "People reach the wizard over plain http, so no private key may pass through it, and their browsers make none. Set "
    "WIZARD_TLS_CERTIFICATE and WIZARD_TLS_KEY, or put a proxy with https in front and set WIZARD_PROXY_HOPS."
)
MOST_FIELDS = 40  # of a form; ours have ten
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def nonce() -> str:
    """Return this answer's nonce. It is made when first asked for: an early abort never reaches a request hook."""
    made: str = g.get("nonce", "")
    if not made:
        made = g.nonce = secrets.token_urlsafe(18)
    return made


def is_fragment() -> bool:
    """Say whether htmx asks, which wants the changed part of the page and not the whole document."""
    return bool(request.environ.get("HTTP_HX_REQUEST") == "true")


def is_somebodys() -> bool:
    """Say whether the address alone opens what is somebody's: it has a token in it, as the links that people are given.

    Every other page shows a visitor without our cookie, and so a search engine, what it shows everybody.
    """
    return "token" in (request.view_args or {})


@lru_cache(maxsize=16)  # nearly all requests come by one or two names
def host_name(host: str) -> str:
    """Return the name in a Host header, without port and brackets, in lower case; ``""`` when there is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def may_receive_secrets() -> bool:
    """Say whether a private key could reach this server unread: over TLS, or without leaving the person's machine.

    The Host header alone proves nothing: a proxy may send 127.0.0.1 for everybody who came to it over plain http.
    """
    if request.is_secure:
        return True
    settings: Settings = current_app.extensions["settings"]
    return not settings.proxy_hops and is_on_this_machine() and host_name(request.host) in LOOPBACK_NAMES


def _served_names(settings: Settings) -> frozenset[str]:
    """Return the host names under which the wizard answers.

    A list, because of DNS rebinding: a page somewhere may let its own name point at 127.0.0.1 and so talk to a
    wizard on somebody's laptop; its requests carry that page's name.
    """
    names = set(LOOPBACK_NAMES)
    if settings.public_url:
        names.add(host_name(urlsplit(settings.public_url).netloc))
    try:
        if not ip_address(settings.host).is_unspecified:
            names.add(settings.host.lower())
    except ValueError:
        names.add(settings.host.lower())
    return frozenset(names)


def _is_of_another_site(settings: Settings) -> bool:
    """Say whether a page of another site sent this request, as far as the browser tells.

    Browsers leave Sec-Fetch-Site out on plain http beyond this machine, and old ones everywhere; Origin comes with
    every POST. Where neither is told, the token in the form decides alone.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    ours = {_netloc(request.host_url), _netloc(settings.public_url)} - {""}
    return origin != "null" and _netloc(origin) not in ours


def _netloc(address: str) -> str:
    """Return name and port of an address, without the port where a scheme implies it: a proxy may add it to Host."""
    return re.sub(r":(?:80|443)\Z", "", address.partition("://")[2].partition("/")[0].lower())


def protect(app: Flask, settings: Settings) -> None:
    """Put the incoming checks and the outgoing headers on every request of ``app``."""
    served = _served_names(settings)
    plain_http_told: list[bool] = []  # the operator is told once, and not with every request

    @app.before_request
    def refuse_foreign_requests() -> None:
        # The health page is asked for by address, by what watches over the container. Static files make the page
        # readable that explains the refusal. Neither tells anything, or changes it.
        if request.endpoint in ("health.healthz", "assets.static_file"):
            return
        if host_name(request.host) not in served:
            abort(400, "host")
        if request.method == "POST" and _is_of_another_site(settings):
            abort(403, "origin")
        if not plain_http_told and not may_receive_secrets():
            plain_http_told.append(True)
            app.extensions["audit"].record("advice", advice=TURN_ON_TLS)

    @app.after_request
    def set_headers(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = POLICY.replace("{nonce}", nonce())
        if request.is_secure:
            headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
            headers.setdefault("Vary", "HX-Request")
        return response

    app.wsgi_app = _with_headers(app.wsgi_app)  # type: ignore[assignment,method-assign]


def _with_headers(application: WSGIApplication) -> WSGIApplication:
    """Put what every answer carries on those of ``application``: behind Flask, which would copy each header twice."""
    every = list(HEADERS.items())

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            return start_response(status, headers + every, *error)

        return application(environ, start)

    return answer


def refuse_odd_forms(app: Flask) -> None:
    """Let ``app`` read no form that no page of ours sends. Comes before the CSRF check, which reads the form.

    A few hundred thousand empty fields would take a core for a third of a second, and everybody would wait.
    """

    @app.before_request
    def refuse() -> None:
        kind = request.mimetype
        if kind == "application/x-www-form-urlencoded":
            if request.get_data().count(b"&") >= MOST_FIELDS:
                abort(400)
        elif kind == "multipart/form-data" and None in request.form:
            abort(400)  # a part without a name, which no reader of forms expects


def public_address() -> str:
    """Return the scheme and host that absolute links begin with, without a slash at the end."""
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url or request.host_url.rstrip("/")
