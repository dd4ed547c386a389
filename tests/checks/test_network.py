"""Which addresses may be asked, which proxy is used, and what is said about a name that leads nowhere good."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence

import pytest

from wizard.checks import dns
from wizard.checks.network import Endpoint, Limits, Network, Trouble, resolve_by_system
from wizard.snowflake.account import read_account

PUBLIC = "myorg-acct.snowflakecomputing.com"
PRIVATELINK = "myorg-acct.privatelink.snowflakecomputing.com"


def network(*addresses: str, **more: object) -> Network:
    return Network(resolve=lambda host, port: addresses, **more)  # type: ignore[arg-type]


def test_one_bad_address_among_good_ones_is_left_out() -> None:
    assert network("2600:1f14::1", "127.0.0.1", "52.1.1.1").addresses(Endpoint(PUBLIC)) == ("52.1.1.1", "2600:1f14::1")


def test_the_operators_word_overrides_the_rules() -> None:
    there = network("10.0.0.1", trusted_hosts={PUBLIC: 8443})
    endpoint = there.endpoint_for(read_account(PUBLIC))
    assert (endpoint.port, endpoint.url) == (8443, f"https://{PUBLIC}:8443")
    assert there.addresses(endpoint) == ("10.0.0.1",)


def test_the_operators_word_does_not_reach_a_clouds_own_services() -> None:
    there = network("169.254.169.254", trusted_hosts={PUBLIC: None})
    with pytest.raises(Trouble, match="own services"):
        there.addresses(there.endpoint_for(read_account(PUBLIC)))


def test_any_other_account_goes_to_port_443_under_the_rules() -> None:
    endpoint = network(trusted_hosts={PUBLIC: None}).endpoint_for(read_account("other-acct"))
    assert endpoint == Endpoint("other-acct.snowflakecomputing.com")


def row(there: Network, account: str, make_attempt):
    return dns.check(make_attempt(account=read_account(account), network=there), ())


@pytest.mark.parametrize(
    ("account", "addresses", "status", "kind", "words"),
    [
        (PUBLIC, ["52.1.1.1"], "passed", "", "leads to 52.1.1.1, an address on the internet"),
        (PUBLIC, ["10.1.1.1"], "failed", "private-address", "WIZARD_TRUSTED_HOSTS"),
        (PUBLIC, ["127.0.0.1"], "failed", "address-refused", "this machine itself"),
        (PUBLIC, ["169.254.169.254"], "failed", "address-refused", "Nothing was sent there"),
        (PUBLIC, [], "failed", "name-not-found", "There is no address"),
        (PRIVATELINK, ["10.1.1.1"], "passed", "", "as a PrivateLink name should"),
        (PRIVATELINK, ["52.1.1.1"], "warned", "public-address", "private name resolution is not set up"),
        (PRIVATELINK, ["169.254.169.254"], "failed", "address-refused", ""),
        (PRIVATELINK, ["fd00:ec2::23"], "failed", "address-refused", "Nothing was sent there"),
        (PUBLIC, ["168.63.129.16"], "failed", "address-refused", "own services"),
        (PUBLIC, ["64:ff9b:1::340a:141e"], "failed", "address-refused", "a network's own NAT64, RFC 8215"),
    ],
)
def test_the_dns_row_says_which_rule_spoke(
    make_attempt, account: str, addresses: list[str], status: str, kind: str, words: str
) -> None:
    answer = row(network(*addresses), account, make_attempt)
    assert answer.status == status
    assert (answer.symptom.kind if answer.symptom else "") == kind
    assert words in answer.sentence


def test_a_name_that_does_not_exist_and_a_resolver_that_fails_are_told_apart(make_attempt) -> None:
    def raising(code: int):
        def resolve(host: str, port: int) -> Sequence[str]:
            raise socket.gaierror(code, "no")

        return Network(resolve=resolve)

    assert "this name does not exist" in row(raising(socket.EAI_NONAME), PUBLIC, make_attempt).sentence
    assert "could not say where" in row(raising(socket.EAI_AGAIN), PUBLIC, make_attempt).sentence


def test_a_resolver_that_never_answers_is_not_waited_for(make_attempt) -> None:
    done = threading.Event()

    def resolve(host: str, port: int) -> Sequence[str]:
        done.wait(10)
        return ()

    answer = row(Network(resolve=resolve, limits=Limits(lookup=0.05)), PUBLIC, make_attempt)
    done.set()
    assert "did not answer within 0.05 seconds" in answer.sentence


def test_names_under_invalid_are_not_even_looked_up() -> None:
    with pytest.raises(socket.gaierror):
        resolve_by_system("practice-snowflake.invalid", 443)


def test_a_bundle_that_can_not_be_read_is_the_operators_business() -> None:
    with pytest.raises(Trouble, match="REQUESTS_CA_BUNDLE"):
        network(environment={"REQUESTS_CA_BUNDLE": "/no/such/file"}).context_for(Endpoint(PUBLIC))
