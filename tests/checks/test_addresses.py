"""Which addresses may be asked: both registries of IANA, row by row, and what clouds keep for their own machines."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.checks.addresses import TABLE, block_of, objection_to, read_address

# What the registries hold, written down once more: the IPv4 and IPv6 special-purpose address registries (autumn 2026).
_WRITTEN_DOWN = """
    0.0.0.0/8 0.0.0.0/32 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.0/29
    192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32 192.0.0.171/32 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24
    192.88.99.0/24 192.88.99.2/32 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
    240.0.0.0/4 255.255.255.255/32
    ::1/128 ::/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 2001:1::1/128
    2001:1::2/128 2001:1::3/128 2001:2::/48 2001:3::/32 2001:4:112::/48 2001:10::/28 2001:20::/28 2001:30::/28
    2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10
"""
REGISTRIES = _WRITTEN_DOWN.split()
FOR_PRIVATELINK = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"]
AS_THE_ADDRESS_INSIDE = ["::ffff:0:0/96", "64:ff9b::/96"]
SERVICES = [
    "169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fe80::a9fe:a9fe",
    "fd00:ec2::254", "fd00:ec2::23", "fd00:ec2::253", "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fd00:42::42",
    "fd00:a9fe:a9fe::1", "fd00:100::100:200",
]  # fmt: skip
INTERNET = [
    "52.10.20.30", "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
    "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
    "2600:1f14::1", "2001:200::1", "2001:db7::1", "2001:db9::1", "2003::1", "2620:4f:8001::1", "3ffe::1",
]  # fmt: skip


def kind(address: str, **rules: bool) -> str:
    """What is said of ``address``: a kind of symptom, ``""`` where it may be asked."""
    objection = objection_to(read_address(address), **{"over_privatelink": False, **rules})
    return objection.kind if objection else ""


def samples(network: str) -> list[str]:
    """The first, the last and a middle address of a network."""
    there = ipaddress.ip_network(network)
    return [str(there[place]) for place in (0, there.num_addresses // 2, -1)]


def test_the_table_holds_both_registries_whole() -> None:
    assert {str(ipaddress.ip_network(network)) for network in REGISTRIES} <= {str(row.network) for row in TABLE}
    assert len({row.network for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize("network", sorted({*REGISTRIES} - {*FOR_PRIVATELINK, *AS_THE_ADDRESS_INSIDE}))
def test_a_special_purpose_block_is_asked_by_nobody(network: str) -> None:
    for address in samples(network):
        assert kind(address) == kind(address, over_privatelink=True) == "address-refused", address


@pytest.mark.parametrize("network", FOR_PRIVATELINK)
def test_private_addresses_are_for_privatelink_names_alone(network: str) -> None:
    for address in samples(network):
        assert kind(address) == "private-address", address
        assert kind(address, over_privatelink=True) == "", address


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.network}")
def test_every_row_of_the_table_decides_over_its_own_addresses(row) -> None:
    inner = [other.network for other in TABLE if other.network.version == row.network.version
             and other.network != row.network and other.network.subnet_of(row.network)]  # fmt: skip
    for address in samples(str(row.network)):
        inside = ipaddress.ip_address(address)
        if row.rule != "as the address inside" and not any(inside in network for network in inner):
            assert block_of(inside) is row
    assert row.name
    assert row.source


@pytest.mark.parametrize("address", SERVICES)
def test_a_clouds_own_services_are_asked_by_nobody_whoever_vouches(address: str) -> None:
    for rules in ({}, {"over_privatelink": True}, {"vouched": True}, {"over_privatelink": True, "vouched": True}):
        assert kind(address, **rules) == "address-refused"


@pytest.mark.parametrize("address", INTERNET)
def test_addresses_of_the_internet_may_be_asked(address: str) -> None:
    assert kind(address) == kind(address, over_privatelink=True) == ""


@pytest.mark.parametrize("wrapped", ["::ffff:{}", "64:ff9b::{}"])
@pytest.mark.parametrize(
    ("inside", "expected", "over_privatelink"),
    [
        ("52.10.20.30", "", ""),
        ("10.0.0.1", "private-address", ""),
        ("100.64.0.1", "private-address", ""),
        ("127.0.0.1", "address-refused", "address-refused"),
        ("0.0.0.0", "address-refused", "address-refused"),
        ("169.254.169.254", "address-refused", "address-refused"),
        ("168.63.129.16", "address-refused", "address-refused"),
        ("100.100.100.200", "address-refused", "address-refused"),
        ("224.0.0.1", "address-refused", "address-refused"),
    ],
)
def test_an_address_in_the_clothes_of_another_is_judged_by_what_it_is(
    wrapped: str, inside: str, expected: str, over_privatelink: str
) -> None:
    assert kind(wrapped.format(inside)) == expected
    assert kind(wrapped.format(inside), over_privatelink=True) == over_privatelink


@pytest.mark.parametrize(
    "address",
    [
        "::127.0.0.1", "::52.10.20.30",  # IPv4-compatible
        "::ffff:0:7f00:1", "::ffff:0:340a:141e",  # IPv4-translated
        "64:ff9b:1::7f00:1", "64:ff9b:1::340a:141e", "64:ff9b:1:a00:0:100::",  # a network's own NAT64
        "2002:7f00:1::", "2002:a00:1::", "2002:340a:141e::1",  # 6to4
        "2001:0:7f00:1::", "2001:0:340a:141e:0:ffff:80ff:fffe",  # Teredo
        "fec0::1", "fe80::1%eth0", "ff02::1", "4000::1", "8000::1", "200::1",
    ],
)  # fmt: skip
def test_wrappings_that_have_no_business_here_are_refused_whatever_is_inside(address: str) -> None:
    assert kind(address) == kind(address, over_privatelink=True) == "address-refused"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "fd12::1", "198.18.0.7", "52.10.20.30"])
def test_the_operators_word_is_enough_for_any_other_address(address: str) -> None:
    assert kind(address, vouched=True) == ""


def test_an_ipv4_mapped_address_is_dialled_as_what_it_is_and_a_translated_one_as_it_stands() -> None:
    assert str(read_address("::ffff:52.10.20.30")) == "52.10.20.30"
    assert str(read_address("64:ff9b::340a:141e")) == "64:ff9b::340a:141e"


def test_a_refusal_says_what_the_address_is_for() -> None:
    objection = objection_to(read_address("198.18.0.7"), over_privatelink=False)
    assert objection is not None
    assert "(benchmarking, RFC 2544)" in objection.reason


@given(st.ip_addresses())
def test_nothing_is_asked_that_this_python_knows_to_be_no_address_of_the_internet(address) -> None:
    """Newer Pythons know more blocks: whatever they add must be in the table as well."""
    read = read_address(str(address))
    refused = objection_to(read, over_privatelink=False)
    wraps = isinstance(read, ipaddress.IPv6Address) and read in ipaddress.ip_network("64:ff9b::/96")
    if not (read.is_global or wraps) or read.is_multicast:
        assert refused is not None
