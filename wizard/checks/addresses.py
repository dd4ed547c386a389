"""Which addresses the live test may ask: every special-purpose block there is, and what becomes of it.

The table holds both of IANA's registries whole, the blocks that only the address space registries name (multicast,
what nobody was ever given), and the addresses at which clouds serve their own machines. A block inside another one goes
before it. What the standard library calls global changes with its patch release, so it isn't asked.

https://www.iana.org/assignments/iana-ipv4-special-registry and /iana-ipv6-special-registry,
/ipv4-address-space and /ipv6-address-space (read autumn 2026).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import cache
from typing import Literal

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

Rule = Literal["asked", "as the address inside", "over PrivateLink", "this machine", "services", "never"]
"""``as the address inside``: an IPv4 address stands in the last 32 bits, and is what is judged. ``over PrivateLink``:
for PrivateLink names alone, because such addresses are what they lead to. ``services``: not even for a host that the
operator vouches for."""


@dataclass(frozen=True, slots=True)
class Block:
    """One row: a network, what it is called, where that is written, and whether it may be asked."""

    network: ipaddress.IPv4Network | ipaddress.IPv6Network
    name: str
    source: str
    rule: Rule


def _row(network: str, name: str, source: str, rule: Rule) -> Block:
    return Block(ipaddress.ip_network(network), name, source, rule)


TABLE: tuple[Block, ...] = (
    # IPv4.
    _row("0.0.0.0/0", "the internet", "IANA, IPv4 address space", "asked"),
    _row("0.0.0.0/8", "“this network”", "RFC 791", "this machine"),
    _row("0.0.0.0/32", "“this host on this network”", "RFC 1122", "this machine"),
    _row("10.0.0.0/8", "private use", "RFC 1918", "over PrivateLink"),
    _row("100.64.0.0/10", "shared address space", "RFC 6598", "over PrivateLink"),
    _row("100.100.100.200/32", "Alibaba Cloud's metadata", "Alibaba Cloud", "services"),
    _row("127.0.0.0/8", "loopback", "RFC 1122", "this machine"),
    _row("168.63.129.16/32", "Azure's platform service", "Microsoft", "services"),
    _row("169.254.0.0/16", "link local, where most clouds serve metadata", "RFC 3927", "services"),
    _row("172.16.0.0/12", "private use", "RFC 1918", "over PrivateLink"),
    _row("192.0.0.0/24", "IETF protocol assignments", "RFC 6890", "never"),
    _row("192.0.0.0/29", "IPv4 service continuity", "RFC 7335", "never"),
    _row("192.0.0.8/32", "the IPv4 dummy address", "RFC 7600", "never"),
    _row("192.0.0.9/32", "port control protocol, anycast", "RFC 7723", "never"),
    _row("192.0.0.10/32", "traversal using relays around NAT, anycast", "RFC 8155", "never"),
    _row("192.0.0.170/32", "NAT64 and DNS64 discovery", "RFC 8880", "never"),
    _row("192.0.0.171/32", "NAT64 and DNS64 discovery", "RFC 8880", "never"),
    _row("192.0.0.192/32", "Oracle Cloud's metadata", "Oracle", "services"),
    _row("192.0.2.0/24", "documentation", "RFC 5737", "never"),
    _row("192.31.196.0/24", "AS112 name servers", "RFC 7535", "never"),
    _row("192.52.193.0/24", "automatic multicast tunneling", "RFC 7450", "never"),
    _row("192.88.99.0/24", "6to4 relays, anycast, deprecated", "RFC 7526", "never"),
    _row("192.88.99.2/32", "6a44 relays, anycast", "RFC 6751", "never"),
    _row("192.168.0.0/16", "private use", "RFC 1918", "over PrivateLink"),
    _row("192.175.48.0/24", "AS112 name servers", "RFC 7534", "never"),
    _row("198.18.0.0/15", "benchmarking", "RFC 2544", "never"),
    _row("198.51.100.0/24", "documentation", "RFC 5737", "never"),
    _row("203.0.113.0/24", "documentation", "RFC 5737", "never"),
    _row("224.0.0.0/4", "multicast", "RFC 5771", "never"),
    _row("240.0.0.0/4", "reserved", "RFC 1112", "never"),
    _row("255.255.255.255/32", "limited broadcast", "RFC 919", "never"),
    # IPv6.
    _row("::/0", "reserved", "IANA, IPv6 address space", "never"),
    _row("::/96", "IPv4-compatible, deprecated", "RFC 4291", "never"),
    _row("::/128", "the unspecified address", "RFC 4291", "this machine"),
    _row("::1/128", "loopback", "RFC 4291", "this machine"),
    _row("::ffff:0:0/96", "IPv4-mapped", "RFC 4291", "as the address inside"),
    _row("::ffff:0:0:0/96", "IPv4-translated, deprecated", "RFC 2765", "never"),
    _row("64:ff9b::/96", "NAT64", "RFC 6052", "as the address inside"),
    # Where the IPv4 address stands in these, and so what is behind them, only the network's own translator knows.
    _row("64:ff9b:1::/48", "a network's own NAT64", "RFC 8215", "never"),
    _row("100::/64", "discard only", "RFC 6666", "never"),
    _row("100:0:0:1::/64", "the IPv6 dummy prefix", "RFC 9780", "never"),
    _row("2000::/3", "the internet", "RFC 4291", "asked"),
    _row("2001::/23", "IETF protocol assignments", "RFC 2928", "never"),
    _row("2001::/32", "Teredo tunnels", "RFC 4380", "never"),
    _row("2001:1::1/128", "port control protocol, anycast", "RFC 7723", "never"),
    _row("2001:1::2/128", "traversal using relays around NAT, anycast", "RFC 8155", "never"),
    _row("2001:1::3/128", "DNS service registration, anycast", "RFC 9665", "never"),
    _row("2001:2::/48", "benchmarking", "RFC 5180", "never"),
    _row("2001:3::/32", "automatic multicast tunneling", "RFC 7450", "never"),
    _row("2001:4:112::/48", "AS112 name servers", "RFC 7535", "never"),
    _row("2001:10::/28", "ORCHID, deprecated", "RFC 4843", "never"),
    _row("2001:20::/28", "ORCHIDv2", "RFC 7343", "never"),
    _row("2001:30::/28", "drone remote ID", "RFC 9374", "never"),
    _row("2001:db8::/32", "documentation", "RFC 3849", "never"),
    _row("2002::/16", "6to4 tunnels", "RFC 3056", "never"),
    _row("2620:4f:8000::/48", "AS112 name servers", "RFC 7534", "never"),
    _row("3fff::/20", "documentation", "RFC 9637", "never"),
    _row("5f00::/16", "segment routing", "RFC 9602", "never"),
    _row("fc00::/7", "unique local", "RFC 4193", "over PrivateLink"),
    _row("fd00:42::42/128", "Scaleway's metadata", "Scaleway", "services"),
    _row("fd00:100::100:200/128", "Alibaba Cloud's metadata", "Alibaba Cloud", "services"),
    _row("fd00:a9fe:a9fe::1/128", "Akamai's metadata", "Akamai", "services"),
    _row("fd00:c1::a9fe:a9fe/128", "Oracle Cloud's metadata", "Oracle", "services"),
    _row("fd00:ec2::/32", "AWS's metadata, pod identity and other services", "AWS", "services"),
    _row("fd20:ce::254/128", "Google Cloud's metadata", "Google", "services"),
    _row("fe80::/10", "link local", "RFC 4291", "services"),
    _row("fec0::/10", "site local, deprecated", "RFC 3879", "never"),
    _row("ff00::/8", "multicast", "RFC 4291", "never"),
)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an address isn't asked: a kind of symptom, the end of a sentence ("… leads to 10.0.0.1, …"), and the row."""

    kind: Literal["address-refused", "private-address"]
    reason: str
    block: Block


def read_address(text: str) -> Address:
    """Read a numeric address, its zone left out. An IPv4-mapped one comes out as the IPv4 address that is dialled.

    Raises ``ValueError``.
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def block_of(address: Address) -> Block:
    """Return the smallest block of the table that ``address`` is in; of a wrapped IPv4 address, the one inside."""
    block = next(row for row in _innermost_first(address.version) if address in row.network)
    if block.rule == "as the address inside":
        return block_of(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return block


@cache
def _innermost_first(version: int) -> tuple[Block, ...]:
    rows = (row for row in TABLE if row.network.version == version)
    return tuple(sorted(rows, key=lambda row: -row.network.prefixlen))


def objection_to(address: Address, *, over_privatelink: bool, vouched: bool = False) -> Objection | None:
    """Return why ``address`` may not be asked, or ``None`` if it may.

    ``over_privatelink``: for a PrivateLink name. ``vouched``: for a host that the operator vouches for, which may lead
    anywhere but to a cloud's own services.
    """
    block = block_of(address)
    if block.rule == "services":
        reason = "an address for a machine's own services. No Snowflake account lives there."
        return Objection("address-refused", reason, block)
    if vouched or block.rule == "asked":
        return None
    if block.rule == "over PrivateLink":
        reason = (
            "an address of a private network. Only PrivateLink names may lead there, unless whoever runs this wizard "
            "vouches for the host in WIZARD_TRUSTED_HOSTS."
        )
        return None if over_privatelink else Objection("private-address", reason, block)
    if block.rule == "this machine":
        reason = "which is this machine itself. No Snowflake account lives there."
        return Objection("address-refused", reason, block)
    reason = (
        f"an address set aside for something else ({block.name}, {block.source}). No Snowflake account lives there."
    )
    return Objection("address-refused", reason, block)
