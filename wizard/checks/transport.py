"""Guarded HTTPS: every connection the live test makes is made here.

* https only; the certificate is always verified for the host. That is what defeats DNS rebinding: a false host sees a
  TLS alert and not one byte of a request.
* The address is judged on the connected socket, before TLS, so there is no gap between look-up and use. A proxy of
  the operator looks names up itself, and is trusted to.
* No redirect is followed, no ``.netrc`` read, no connection kept, at most 1 MiB of an answer read, and there is an end
  to the waiting even when bytes keep trickling in.
"""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError, IncompleteRead, InvalidChunkLength
from urllib3.util.retry import Retry

from wizard.checks.answer import plain
from wizard.checks.certificate import Shown, read_certificate
from wizard.checks.network import Endpoint, Network, Trouble
from wizard.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

# OpenSSL's numbers for why a certificate doesn't verify (X509_V_ERR_…).
_NOT_YET_VALID, _EXPIRED, _WRONG_NAME = 9, 10, 62

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: header names are lower case, the body is decoded and complete."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, whatever it is."""
        return self.body.decode("utf-8", "replace")


def ask(
    network: Network,
    endpoint: Endpoint,
    method: str,
    path: str,
    *,
    token: Secret | None = None,
    query: Mapping[str, str] | None = None,
    payload: object = None,
    headers: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> Reply:
    """Send one request and read the whole answer, in at most ``seconds``. Raises :class:`Trouble`."""
    limits = network.limits
    seconds = limits.exchange if seconds is None else min(seconds, limits.exchange)
    proxy = network.proxy_for(endpoint)
    with requests.Session() as session, _time_limit(network, seconds):
        session.trust_env = False  # no .netrc; proxies and certificates are looked up in the environment handed in
        session.adapters.clear()
        session.mount("https://", _Adapter(network, endpoint, network.context_for(endpoint)))
        # Nothing is followed; without this, requests would still work out where to.
        session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]  # noqa: ARG005
        try:
            with session.request(
                method,
                endpoint.url + path,
                params=dict(query or {}),
                json=payload,
                headers={
                    "User-Agent": f"snowflake-keypair-wizard/{network.version}",
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                    "Connection": "close",
                    **(headers or {}),
                },
                auth=_Bearer(token) if token is not None else _Nobody(),
                proxies={"https": proxy} if proxy else {},
                timeout=(min(limits.connect, seconds), min(limits.read, seconds)),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _read(response, limits.answer_bytes)
                found = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status_code, found, body)
        except (requests.RequestException, HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            raise trouble_from(error, network, endpoint) from None


def shake_hands(network: Network, endpoint: Endpoint) -> Shown:
    """Open a connection, verify the certificate, say goodbye. Sends no request. Raises :class:`Trouble`."""
    try:
        return _shake_hands(network, endpoint, network.context_for(endpoint))
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        raise trouble_from(error, network, endpoint) from None


class _Bearer(AuthBase):
    """Sets the token last of all, so that nothing (``.netrc``, a header of a proxy) can put another in its place."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        request.headers["X-Snowflake-Authorization-Token-Type"] = "KEYPAIR_JWT"
        return request


class _Nobody(AuthBase):
    """Sends no credentials."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Connection(HTTPSConnection):
    """A connection that looks at whom it reached before it says a word."""

    def __init__(self, *args: Any, dial: Callable[[float], socket.socket], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        timeout = self.timeout if isinstance(self.timeout, int | float) else 5.0
        return self._dial(float(timeout))


class _Adapter(HTTPAdapter):
    """Sends through connections that dial under guard, with one context and no second try."""

    def __init__(self, network: Network, endpoint: Endpoint, context: ssl.SSLContext) -> None:
        self._context = _limited(context)
        self._pool = partial(_guarded_pool, dial=partial(_dial, network, endpoint))
        super().__init__(max_retries=Retry(0, read=False, redirect=False), pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": self._pool}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002
        """The context says whom to trust; requests is not to add its own list."""
        conn.cert_reqs = "CERT_NONE" if self._context.verify_mode == ssl.CERT_NONE else "CERT_REQUIRED"

    def connection(self, endpoint: Endpoint, proxy: str, timeout: float) -> HTTPSConnection:
        """A connection that has shaken hands and sent nothing."""
        manager = self.proxy_manager_for(proxy) if proxy else self.poolmanager
        pool = manager.connection_from_host(endpoint.host, endpoint.port, scheme="https")
        connection: HTTPSConnection = pool._get_conn()  # noqa: SLF001  # urllib3 has no public way to stop there
        connection.timeout = timeout
        if proxy:
            pool._prepare_proxy(connection)  # noqa: SLF001
        else:
            connection.connect()
        return connection


def _guarded_pool(
    host: str, port: int, *, dial: Callable[[float], socket.socket], **kwargs: Any
) -> HTTPSConnectionPool:
    pool = HTTPSConnectionPool(host, port, **kwargs)
    pool.ConnectionCls = partial(_Connection, dial=dial)  # type: ignore[assignment]
    return pool


def _dial(network: Network, endpoint: Endpoint, timeout: float) -> socket.socket:
    """Connect to the first address that answers, and judge the one that did."""
    addresses = network.addresses(endpoint)
    port = endpoint.dialled[1]
    error: OSError = TimeoutError("timed out")
    for address in addresses:
        try:
            connected = socket.create_connection((address, port), max(1.0, timeout / len(addresses)))
        except OSError as problem:
            error = problem
            continue
        refusal = network.refusal(endpoint, connected.getpeername()[0])
        if refusal is not None:
            connected.close()
            raise refusal
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.settimeout(timeout)
        return connected
    raise error


# The end of the waiting. A time limit on a socket starts anew with every byte; this one doesn't.

_until: ContextVar[tuple[Callable[[], float], float] | None] = ContextVar("until", default=None)


@contextmanager
def _time_limit(network: Network, seconds: float) -> Iterator[None]:
    before = _until.set((network.monotonic, network.monotonic() + seconds))
    try:
        yield
    finally:
        _until.reset(before)


class _LimitedSocket(ssl.SSLSocket):
    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        limit = _until.get()
        if limit is not None:
            monotonic, until = limit
            left = until - monotonic()
            if left <= 0:
                raise TimeoutError("the answer did not end in time")
            self.settimeout(min(left, self.gettimeout() or left))
        return super().recv_into(buffer, nbytes, flags)


def _limited(context: ssl.SSLContext) -> ssl.SSLContext:
    context.sslsocket_class = _LimitedSocket
    return context


def _read(response: requests.Response, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := response.raw.read(_CHUNK, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > most:
            raise Trouble(
                "too-large",
                f"More than {most // 1024:,} kilobytes came back where a few lines belong, so reading stopped.",
            )
    return b"".join(parts)


def _shake_hands(network: Network, endpoint: Endpoint, context: ssl.SSLContext) -> Shown:
    adapter = _Adapter(network, endpoint, context)
    try:
        connection = adapter.connection(endpoint, network.proxy_for(endpoint), network.limits.connect)
        try:
            secured = connection.sock
            shown = secured.getpeercert(binary_form=True) if isinstance(secured, ssl.SSLSocket) else b""
        finally:
            connection.close()
    finally:
        adapter.close()
    return read_certificate(shown or b"")


def _look_at_certificate(network: Network, endpoint: Endpoint) -> Shown:
    """Whose certificate is it? A second handshake that trusts anybody, sends nothing and hangs up."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        return _shake_hands(network, endpoint, context)
    except (Trouble, HTTPError, http.client.HTTPException, OSError, ValueError):
        return Shown()


# What went wrong, in words.


def trouble_from(error: BaseException, network: Network, endpoint: Endpoint) -> Trouble:
    """Turn whatever the libraries raised into one :class:`Trouble`."""
    chain = _chain(error)
    words = plain("\n".join(dict.fromkeys(f"{type(link).__name__}: {link}" for link in chain[-2:])), 1_000)
    host = endpoint.host

    def first(*kinds: type[BaseException]) -> BaseException | None:
        return next((link for link in chain if isinstance(link, kinds)), None)

    own = first(Trouble)
    if isinstance(own, Trouble):
        return own
    unverified = first(ssl.SSLCertVerificationError)
    if isinstance(unverified, ssl.SSLCertVerificationError):
        return _certificate_trouble(unverified, network, endpoint)
    tunnel = next((link for link in chain if "unnel connection failed" in str(link)), None)
    proxy = network.proxy_for(endpoint)
    if tunnel is not None or (proxy and first(requests.exceptions.ProxyError)):
        return Trouble(
            "refused",
            f"The proxy that this wizard is told to use did not let the connection to {host} through.",
            plain(str(tunnel or chain[-1]), 300),
            {"reason": "The proxy refused to connect to this host."},
        )
    if first(TimeoutError, requests.exceptions.Timeout):
        return Trouble("timeout", f"{host} did not answer in time.", words)
    if first(ConnectionRefusedError):
        return Trouble("refused", f"The connection to {host} was refused.", words)
    if first(ConnectionResetError, ConnectionAbortedError, BrokenPipeError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return Trouble("reset", f"The connection to {host} was cut off by something on the way.", words)
    if first(IncompleteRead, InvalidChunkLength, http.client.IncompleteRead):
        return Trouble("cut", f"The answer of {host} ended in the middle.", words)
    if first(ssl.SSLError):
        return Trouble("tls", f"No encrypted connection to {host} could be agreed on.", words)
    if first(http.client.HTTPException, DecodeError, ValueError):
        return Trouble("not-json", f"What came back from {host} is not an answer that a web server gives.", words)
    unreachable = next(
        (link for link in chain if getattr(link, "errno", None) in (errno.ENETUNREACH, errno.EHOSTUNREACH)), None
    )
    if unreachable is not None:
        return Trouble("refused", f"There is no way from here to {host}.", words)
    return Trouble("reset", f"The connection to {host} failed.", words)


def _certificate_trouble(error: ssl.SSLCertVerificationError, network: Network, endpoint: Endpoint) -> Trouble:
    shown = _look_at_certificate(network, endpoint)
    words = plain(f"{error.verify_message}\n{shown.in_words}", 1_500)
    facts = {"issuer": shown.issuer[:200], "names": ", ".join(shown.names)[:250]}
    if error.verify_code == _WRONG_NAME:
        names = f": it is for {' and '.join(shown.names[:2])}" if shown.names else ""
        return Trouble(
            "certificate-name", f"The certificate that answered is not for {endpoint.host}{names}.", words, facts
        )
    if error.verify_code in (_EXPIRED, _NOT_YET_VALID):
        state = "has run out" if error.verify_code == _EXPIRED else "is not valid yet"
        return Trouble(
            "tls", f"The certificate of {endpoint.host} {state}, going by this server's clock.", words, facts
        )
    issuer = f" It was issued by “{shown.issuer}”." if shown.issuer else ""
    return Trouble(
        "certificate-issuer",
        f"The certificate shown for {endpoint.host} comes from somebody this server does not trust.{issuer}",
        words,
        facts,
    )


def _chain(error: BaseException) -> list[BaseException]:
    """The error and everything it wraps, outermost first."""
    chain: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(chain) < 20:
        link = waiting.pop(0)
        if isinstance(link, BaseException) and link not in chain:
            chain.append(link)
            waiting += [*link.args, getattr(link, "reason", None), link.__cause__, link.__context__]
    return chain
