"""Guarded HTTPS: every connection the live test makes is made here.

* https only; the certificate is always verified for the host. That is what defeats DNS rebinding: a false host sees a
  TLS alert and not one byte of a request.
* The address is judged on the connected socket, before TLS, so there is no gap between look-up and use. A proxy of
  the operator looks names up itself, and is trusted to.
* No redirect is followed, no ``.netrc`` read, no connection kept, at most 1 MiB of an answer read, and there is an end
  to the waiting even when bytes keep trickling in.

HTTP is the standard library's (:mod:`http.client`), over a line that is opened here: whatever opens a connection there
goes through the public ``connect()``, which is ours.
"""

from __future__ import annotations

import errno
import http.client
import io
import json
import re
import socket
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from wizard.checks.certificate import Shown, Signer, read_certificate, signer_of
from wizard.checks.line import Deadline, Line, PlainLine, SecuredLine
from wizard.checks.network import Endpoint, Network, Trouble
from wizard.checks.proxy import Proxy, ProxyRefusedError, open_tunnel
from wizard.checks.row import plain
from wizard.secret import Secret

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# OpenSSL's numbers for why a certificate doesn't verify (X509_V_ERR_…).
_NOT_YET_VALID, _EXPIRED, _WRONG_NAME = 9, 10, 62

_CHUNK = 64 * 1024
_VISIBLE = re.compile(r"[\x21-\x7e]+")


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
    sent = {
        "User-Agent": f"snowflake-keypair-wizard/{network.version}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **(headers or {}),
    }
    body = None
    if payload is not None:
        body = json.dumps(payload).encode()
        sent["Content-Type"] = "application/json"
    if token is not None:
        if not _VISIBLE.fullmatch(token.reveal()):
            raise ValueError("a token has visible ASCII characters alone")
        sent["Authorization"] = f"Bearer {token.reveal()}"
        sent["X-Snowflake-Authorization-Token-Type"] = "KEYPAIR_JWT"
    try:
        context = network.context_for(endpoint)
        line = _open(network, endpoint, context, _deadline(network, seconds))
        try:
            connection = _Connection(endpoint, context, line, network.limits.answer_bytes)
            connection.request(method, f"{path}?{urlencode(query)}" if query else path, body, sent)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status, found, _body(response, method, network.limits.answer_bytes))
        finally:
            line.hang_up()
    except (http.client.HTTPException, OSError, ValueError, zlib.error) as error:
        raise _trouble(error, network, endpoint) from None


def shake_hands(network: Network, endpoint: Endpoint) -> Shown:
    """Open a connection, verify the certificate, say goodbye. Sends no request. Raises :class:`Trouble`."""
    try:
        return _shake_hands(network, endpoint, network.context_for(endpoint))
    except (OSError, ValueError) as error:
        raise _trouble(error, network, endpoint) from None


def _shake_hands(network: Network, endpoint: Endpoint, context: ssl.SSLContext) -> Shown:
    line = _open(network, endpoint, context, _deadline(network, None))
    line.hang_up()
    return replace(read_certificate(line.certificate), unreached=line.unreached)


# The way there.


def _deadline(network: Network, seconds: float | None) -> Deadline:
    limits = network.limits
    seconds = limits.exchange if seconds is None else min(seconds, limits.exchange)
    return Deadline(network.monotonic, network.monotonic() + seconds, limits.read)


def _open(network: Network, endpoint: Endpoint, context: ssl.SSLContext, deadline: Deadline) -> SecuredLine:
    """Open an encrypted line to the endpoint, through the operator's proxy where there is one."""
    proxy = network.proxy_for(endpoint)
    below: Line = (
        _line_through(proxy, network, endpoint, context, deadline) if proxy else _dial(network, endpoint, deadline)
    )
    try:
        below.deadline = deadline.sooner(network.limits.connect)
        line = SecuredLine(below, context, endpoint.host)
    except BaseException:
        below.hang_up()
        raise
    line.deadline = deadline
    return line


def _dial(network: Network, endpoint: Endpoint, deadline: Deadline) -> PlainLine:
    """Connect to the first address that answers, and judge the one that did."""
    addresses = network.addresses(endpoint)
    port = endpoint.dialled[1]
    failed: list[tuple[str, OSError]] = []
    patience = max(1.0, network.limits.connect / len(addresses))
    for address in addresses:
        left = deadline.sooner(patience).left()
        try:
            connected = socket.create_connection((address, port), left)
        except OSError as problem:
            failed.append((address, problem))
            continue
        refusal = network.refusal(endpoint, connected.getpeername()[0])
        if refusal is not None:
            connected.close()
            raise refusal
        return PlainLine(connected, deadline, tuple(f"{tried}: {_words(error)}" for tried, error in failed))
    # The first one is IPv4 where there is any. That IPv6 leads nowhere, as it mostly doesn't, explains nothing then.
    error = failed[0][1]
    if len(failed) > 1:
        error.add_note("\n".join(f"{tried}: {_words(one)}" for tried, one in failed))
    raise error


def _line_through(url: str, network: Network, endpoint: Endpoint, context: ssl.SSLContext, deadline: Deadline) -> Line:
    """Open a line that the proxy has connected to the endpoint. Raises :class:`Trouble`."""
    line: Line | None = None
    try:
        proxy = Proxy.from_url(url)
        soon = deadline.sooner(network.limits.connect)
        line = PlainLine(socket.create_connection((proxy.host, proxy.port), soon.left()), soon)
        if proxy.secured:
            line = SecuredLine(line, context, proxy.host)
        open_tunnel(line, proxy, *endpoint.dialled)
    except (OSError, ValueError) as error:
        if line is not None:
            line.hang_up()
        raise _proxy_trouble(error, endpoint) from None
    return line


# HTTP.


class _Connection(http.client.HTTPSConnection):
    """A connection of the standard library over a line that was opened, and looked at, before."""

    def __init__(self, endpoint: Endpoint, context: ssl.SSLContext, line: Line, most: int) -> None:
        super().__init__(endpoint.host, endpoint.port, context=context)
        self._over = _Socket(line, most)

    def connect(self) -> None:
        self.sock = self._over


class _Socket:
    """As much of a socket as the standard library's HTTP asks for. Closing it does nothing: the body is still to come,
    and whoever opened the line hangs up.
    """

    def __init__(self, line: Line, most: int) -> None:
        self._line, self._most = line, most

    def sendall(self, data: bytes) -> None:
        self._line.send(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._line, self._most))

    def close(self) -> None:
        pass


class _Incoming(io.RawIOBase):
    """What comes in, bounded also where it is no body: a head that never ends, or the frames of tiny chunks."""

    def __init__(self, line: Line, most: int) -> None:
        self._line, self._most, self._left = line, most, 2 * most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer).cast("B")
        arrived = self._line.receive(len(room))
        self._left -= len(arrived)
        if self._left < 0:
            raise _too_large(self._most)
        room[: len(arrived)] = arrived
        return len(arrived)


def _body(response: http.client.HTTPResponse, method: str, most: int) -> bytes:
    """Read the body, unpacked. Raises ``IncompleteRead`` when it is cut off, ``zlib.error``, and :class:`Trouble`."""
    packed = response.headers.get("Content-Encoding", "").strip().lower()
    # Nobody asked for a packed answer, but some servers don't listen.
    unpack = {"gzip": zlib.decompressobj(zlib.MAX_WBITS | 16), "deflate": zlib.decompressobj()}.get(packed)
    body, arrived = bytearray(), 0
    while part := response.read(_CHUNK):
        arrived += len(part)
        body += unpack.decompress(part, most + 1 - len(body)) if unpack else part
        if len(body) > most:
            raise _too_large(most)
    promised = response.headers.get("Content-Length", "")
    chunked = "Transfer-Encoding" in response.headers
    if method != "HEAD" and not chunked and promised.isdecimal() and arrived < int(promised):
        raise http.client.IncompleteRead(bytes(body), int(promised) - arrived)
    return bytes(body)


def _too_large(most: int) -> Trouble:
    return Trouble(
        "too-large", f"More than {most // 1024:,} kilobytes came back where a few lines belong, so reading stopped."
    )


# What went wrong, in words.


def _trouble(error: Exception, network: Network, endpoint: Endpoint) -> Trouble:
    """Turn whatever was raised on the way into one :class:`Trouble`."""
    host, words = endpoint.host, _words(error)
    match error:
        case ssl.SSLCertVerificationError():
            return _certificate_trouble(error, network, endpoint)
        case TimeoutError():
            return Trouble("timeout", f"{host} did not answer in time.", words)
        case ConnectionRefusedError():
            return Trouble("refused", f"The connection to {host} was refused.", words)
        case ConnectionError() | ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return Trouble("reset", f"The connection to {host} was cut off by something on the way.", words)
        case http.client.IncompleteRead():
            return Trouble("cut", f"The answer of {host} ended in the middle.", words)
        case ssl.SSLError():
            return Trouble("tls", f"No encrypted connection to {host} could be agreed on.", words)
        case http.client.HTTPException() | zlib.error() | ValueError():
            return Trouble("not-json", f"What came back from {host} is not an answer that a web server gives.", words)
        case OSError(errno=errno.ENETUNREACH | errno.EHOSTUNREACH):
            return Trouble("refused", f"There is no way from here to {host}.", words)
        case _:
            return Trouble("reset", f"The connection to {host} failed.", words)


def _words(error: Exception) -> str:
    return plain("\n".join((f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ()))), 1_000)


def _proxy_trouble(error: Exception, endpoint: Endpoint) -> Trouble:
    host = endpoint.host
    if isinstance(error, ProxyRefusedError):
        sentence = f"The proxy that this wizard is told to use did not let the connection to {host} through."
        reason = "The proxy refused to connect to this host."
        words = plain(str(error), 300)
    elif isinstance(error, OSError):
        sentence = f"There is no way to {host} through the proxy that this wizard is told to use."
        reason = "The proxy that leads out of this network did not answer."
        words = _words(error)
    else:
        sentence = (
            "This wizard can't use the proxy that it is told to use. Whoever runs it sets HTTPS_PROXY to an address "
            "like http://proxy.example.com:3128."
        )
        reason = "The address in HTTPS_PROXY can't be used."
        words = plain(str(error), 300)
    return Trouble("refused", sentence, words, {"cause": "connection-blocked", "reason": reason})


def _look_at_certificate(network: Network, endpoint: Endpoint) -> Shown:
    """Whose certificate is it? A second handshake that trusts anybody, sends nothing and hangs up."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        return _shake_hands(network, endpoint, context)
    except (Trouble, OSError, ValueError):
        return Shown()


def _certificate_trouble(error: ssl.SSLCertVerificationError, network: Network, endpoint: Endpoint) -> Trouble:
    shown = _look_at_certificate(network, endpoint)
    words = plain(f"{error.verify_message}\n{shown.in_words}", 1_500)
    signer = signer_of(shown, endpoint.host, network.public_authorities)
    facts = {"issuer": shown.signed_by[:200], "names": ", ".join(shown.names)[:250], "signer": signer}
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
    issuer = f" It was issued by “{shown.signed_by}”." if shown.issuer else ""
    return Trouble(
        "certificate-issuer",
        f"The certificate shown for {endpoint.host} comes from somebody this server does not trust.{issuer}"
        f"{_SIGNERS[signer]}",
        words,
        facts,
    )


_SIGNERS: Mapping[Signer, str] = MappingProxyType(
    {
        "unknown": "",
        "itself": " It has signed itself, as test servers and some devices on the way do.",
        "public": " That name belongs to a public authority: the list of authorities here may be too old.",
        "inspecting": " It was made for this very host by no public authority, as proxies do that open connections.",
        "stranger": " It is for other names: something else has answered.",
    }
)
