"""Who asks: the address of a request's client, for the log and for the limits, and whether it is on this machine."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from flask import request

NETWORK_BITS = 64  # whoever has one IPv6 address has 2^64 of them, and may come from another one each time
# As PEP 3333 names the headers Forwarded, Via, X-Forwarded-For and so on.
_FORWARDING = ("FORWARDED", "VIA", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PROTO", "X_REAL_IP")
FORWARDED = frozenset(f"HTTP_{name}" for name in _FORWARDING)


def client() -> str:
    """Return this request's client: an IPv4 address, the /64 of an IPv6 address, or ``""`` for what is no address.

    Behind proxies it is what the outermost trusted one wrote into ``X-Forwarded-For``. Where none stands in front
    although the settings say so, that is text of the client's own, and it gets no further than this.
    """
    return _client_at(request.remote_addr or "")


@lru_cache(maxsize=256)  # the next request mostly comes from the same client
def _client_at(text: str) -> str:
    found = _address(text)
    if isinstance(found, IPv6Address):
        network = int(found) >> (128 - NETWORK_BITS) << (128 - NETWORK_BITS)
        return f"{IPv6Address(network)}/{NETWORK_BITS}"
    return str(found or "")


def is_on_this_machine() -> bool:
    """Say whether this request came without leaving this machine, as far as its sender's address tells.

    One that says that it was forwarded came by a proxy, whatever the settings say: who sent it is not known. One
    without an address was made in this process.
    """
    told = request.environ
    if not FORWARDED.isdisjoint(told):
        return False
    found = _address(told.get("REMOTE_ADDR") or "127.0.0.1")
    return found is not None and found.is_loopback


@lru_cache(maxsize=256)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address in a text, without the port that some proxies add and the zone that some systems add."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
