"""The operator's proxy: whether a host goes through it, and asking it to connect (RFC 9110, section 9.3.6).

The variables are those of the environment that every tool reads: ``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY``, in small
letters too. A proxy looks names up itself and is trusted to; what is inside the tunnel is encrypted for the host.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from wizard.checks.line import Line

_LONGEST_HEAD = 16 * 1024
_STATUS_LINE = re.compile(rb"HTTP/\d\.\d (\d{3})(?: ([^\r\n]{0,200}))?\r?\n")


class ProxyRefusedError(OSError):
    """The proxy did not connect. The message is what it said."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, ``secured`` where it is spoken to over TLS. ``credentials`` is the value of Proxy-Authorization."""

    host: str
    port: int
    secured: bool
    credentials: str

    @classmethod
    def from_url(cls, url: str) -> Proxy:
        """Read ``http://user:password@host:port``, or the same with ``https``. Raises ``ValueError``, without the URL.

        User and password stand percent-encoded in it.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        else:
            if parts.scheme not in ("http", "https"):
                raise ValueError(f"{parts.scheme[:20]}:// is a kind of proxy that this wizard does not speak to")
        if not host:
            raise ValueError("there is no host name, or no port, that can be read")
        credentials = ""
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            credentials = "Basic " + base64.b64encode(pair.encode()).decode()
        secured = parts.scheme == "https"
        return cls(host, port or (443 if secured else 80), secured, credentials)


@dataclass(frozen=True, slots=True)
class ProxySetting:
    """What the environment says of a proxy for one host. ``variable`` names the proxy, ``spared_by`` is the entry of
    NO_PROXY that keeps the host from it, ``""`` where none does.
    """

    url: str
    variable: str
    spared_by: str = ""


def proxy_setting(environment: Mapping[str, str], host: str, port: int) -> ProxySetting | None:
    """Return what is set of a proxy for ``host``, ``None`` where no proxy is named."""

    def told(name: str) -> tuple[str, str]:
        named = next((one for one in (name.lower(), name) if environment.get(one)), name)
        return (environment.get(named) or "").strip(), named

    url, variable = next((found for name in ("HTTPS_PROXY", "ALL_PROXY") if (found := told(name))[0]), ("", ""))
    if not url:
        return None
    spared_by = _spared(host, port, told("NO_PROXY")[0])
    return ProxySetting(url if "://" in url else f"http://{url}", variable, spared_by)


def proxy_of(environment: Mapping[str, str], host: str, port: int) -> str:
    """Return the URL of the proxy through which ``host`` is reached, ``""`` where there is none."""
    setting = proxy_setting(environment, host, port)
    return setting.url if setting and not setting.spared_by else ""


def _spared(host: str, port: int, no_proxy: str) -> str:
    """The entry of NO_PROXY that spares this host: ``*``, its name, or a domain above it, with a port or without."""
    for entry in no_proxy.lower().replace(" ", ",").split(","):
        name, _, only_port = entry.partition(":")
        if only_port and only_port != str(port):
            continue
        name = name.removeprefix("*").lstrip(".") if entry != "*" else "*"
        if name == "*" or (name and (host == name or host.endswith(f".{name}"))):
            return entry
    return ""


def address_of(url: str) -> str:
    """Scheme, host and port of the proxy's URL: for people to read, and nothing to log in with."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('/')[0]}"


def open_tunnel(line: Line, proxy: Proxy, host: str, port: int) -> None:
    """Have the proxy at the other end of ``line`` connect to ``host``: what is sent from now on goes there.

    Raises :class:`ProxyRefusedError`, or ``OSError`` of the line.
    """
    head = [f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}"]
    if proxy.credentials:
        head.append(f"Proxy-Authorization: {proxy.credentials}")
    line.send("\r\n".join((*head, "", "")).encode())
    answer = b""
    # One byte at a time: what follows the head is the host's already.
    while not answer.endswith((b"\r\n\r\n", b"\n\n")):
        byte = line.receive(1)
        if not byte or len(answer) > _LONGEST_HEAD:
            raise ProxyRefusedError("the proxy hung up, or did not answer as a proxy does")
        answer += byte
    status = _STATUS_LINE.match(answer)
    if status is None:
        raise ProxyRefusedError("the proxy did not answer as a proxy does")
    if not status[1].startswith(b"2"):
        said = (status[2] or b"").decode("latin-1")
        raise ProxyRefusedError(f"Tunnel connection failed: {int(status[1])} {said}".strip())
