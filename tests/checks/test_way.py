"""What a failure on the way says beside itself: who signed, which proxy, which addresses, who answered for a name."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from wizard.checks import dns, tls
from wizard.checks.certificate import Signer, read_certificate, signer_of
from wizard.checks.network import Endpoint, Limits, Network, Trouble
from wizard.checks.row import Row
from wizard.checks.transport import shake_hands
from wizard.checks.way import by_proxy, failed
from wizard.diagnosis import Background, diagnose
from wizard.practice.scenarios import scenario
from wizard.snowflake.account import read_account

PUBLIC = "myorg-acct.snowflakecomputing.com"
PRIVATE = "myorg-acct.privatelink.snowflakecomputing.com"
PROXIED = {"HTTPS_PROXY": "http://me:hunter2@proxy.example:3128"}


def certificate(issuer: dict[x509.ObjectIdentifier, str], *names: str, subject: str = "server") -> bytes:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    of = x509.Name([x509.NameAttribute(oid, text) for oid, text in issuer.items()])
    whom = of if subject == "itself" else x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
    built = (
        x509.CertificateBuilder()
        .issuer_name(of)
        .subject_name(whom)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(Encoding.DER)


# --- who signed ---
NAME, OF = x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME


@pytest.mark.parametrize(
    ("issuer", "names", "subject", "signer"),
    [
        ({NAME: "Inspection CA", OF: "Example Corporation"}, [PUBLIC], "server", "inspecting"),
        ({NAME: "Inspection CA"}, ["*.snowflakecomputing.com"], "server", "inspecting"),
        ({NAME: "DigiCert Global G2 TLS", OF: "DigiCert Inc"}, [PUBLIC], "server", "public"),
        ({NAME: "Amazon RSA 2048 M02", OF: "Amazon"}, [PUBLIC], "server", "public"),
        ({NAME: "Hotel"}, ["portal.hotel.example"], "server", "stranger"),
        ({NAME: "Hotel"}, ["*.computing.com", "snowflakecomputing.com"], "server", "stranger"),
        ({NAME: "box"}, [PUBLIC], "itself", "itself"),
    ],
)
def test_who_signed_is_told_by_a_rule_and_not_by_a_list_of_proxies(
    issuer: dict[x509.ObjectIdentifier, str], names: list[str], subject: str, signer: Signer
) -> None:
    shown = read_certificate(certificate(issuer, *names, subject=subject))
    assert signer_of(shown, PUBLIC, Network().public_authorities) == signer


def test_what_can_not_be_read_has_no_signer() -> None:
    assert signer_of(read_certificate(b"\x30\x03junk"), PUBLIC, frozenset()) == "unknown"


def test_the_organization_stands_behind_the_issuer_where_the_name_lacks_it() -> None:
    assert read_certificate(certificate({NAME: "R11", OF: "Let's Encrypt"})).signed_by == "R11 (Let's Encrypt)"
    assert read_certificate(certificate({NAME: "Zscaler Root", OF: "Zscaler"})).signed_by == "Zscaler Root"


def test_an_inspecting_proxy_is_named_as_one(server, network: Network) -> None:
    server.script.scenario, network.limits = scenario("inspecting-proxy"), Limits()
    with pytest.raises(Trouble) as caught:
        shake_hands(network, server.endpoint)
    assert caught.value.facts["signer"] == "inspecting"
    assert "as proxies do that open connections" in caught.value.sentence
    finding = diagnose(caught.value.symptom, Background())[0]
    assert (finding.cause.id, finding.certain) == ("tls-intercepted", True)
    assert "Example Corporation Web Inspection CA is no public authority" in finding.because


@pytest.mark.parametrize("signer", ["public", "stranger", "itself"])
def test_who_is_no_inspecting_proxy_for_certain_is_not_called_one_for_certain(signer: str) -> None:
    trouble = Trouble("certificate-issuer", "", facts={"issuer": "Somebody", "signer": signer})
    findings = diagnose(trouble.symptom, Background())
    assert findings[0].cause.id == "tls-intercepted"
    assert not findings[0].certain
    assert ("proxy-page" in [finding.cause.id for finding in findings]) is (signer == "stranger")


def test_an_authority_that_only_the_operators_file_knows_is_told_where_it_passed(
    server, bundle: str, make_attempt
) -> None:
    there = Network(
        trusted_hosts={"practice-snowflake.localhost": server.port},
        resolve=lambda _host, _port: ["127.0.0.1"],
        environment={"REQUESTS_CA_BUNDLE": bundle},
    )
    row = tls.check(make_attempt(network=there), ())
    assert row.status == "passed"
    assert "no public authority: this server trusts it by REQUESTS_CA_BUNDLE" in row.sentence


def test_of_the_practice_snowflake_no_such_thing_is_said(make_attempt, network: Network) -> None:
    network.limits = Limits()
    row = tls.check(make_attempt(), ())
    assert (row.status, "authority" in row.sentence) == ("passed", False)


# --- proxies ---
def row_of(kind: str, host: str = PUBLIC, environment: dict[str, str] | None = None, *, known: bool = True) -> Row:
    def resolve(name: str, _port: int) -> Sequence[str]:
        if name.endswith(".") and not known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return ["52.1.1.1"]

    there = Network(environment=environment or {}, resolve=resolve)
    return failed("tls", there, Endpoint(host), Trouble(kind, "It failed.", "words"))


def causes_of(row: Row, account: str = PUBLIC) -> list[str]:
    assert row.symptom is not None
    return [finding.cause.id for finding in diagnose(row.symptom, Background(account=read_account(account)))]


def test_the_proxy_that_was_used_is_named_with_its_variable_and_without_its_password() -> None:
    row = row_of("timeout", environment=PROXIED)
    assert "http://proxy.example:3128 (HTTPS_PROXY)" in row.sentence
    assert "hunter2" not in repr(row)


def test_an_entry_of_no_proxy_that_spares_the_host_is_named() -> None:
    row = row_of("timeout", environment=PROXIED | {"NO_PROXY": "localhost,.snowflakecomputing.com"})
    assert "NO_PROXY has “.snowflakecomputing.com”" in row.sentence
    assert row.symptom is not None
    first = diagnose(row.symptom, Background())[0]
    assert first.cause.id == "connection-blocked"
    assert "NO_PROXY" in first.because


def test_an_answer_of_snowflakes_says_nothing_of_no_proxy() -> None:
    row = row_of("certificate-name", environment=PROXIED | {"NO_PROXY": "*"})
    assert "NO_PROXY" not in row.sentence


def test_a_privatelink_name_that_fails_through_a_proxy_is_to_go_around_it() -> None:
    row = row_of("refused", PRIVATE, PROXIED)
    assert f"put {PRIVATE} into NO_PROXY" in row.sentence
    assert causes_of(row, PRIVATE)[0] == "privatelink-name"


def test_without_a_proxy_nothing_is_said_of_one() -> None:
    row = row_of("timeout", environment={"HTTP_PROXY": "http://p:1", "NO_PROXY": "*"})
    assert row.sentence == "It failed."
    assert by_proxy(Network(), Endpoint(PUBLIC)) == ""


# --- search domains ---
@pytest.mark.parametrize("kind", ["certificate-name", "certificate-issuer", "tls"])
def test_a_search_domain_that_answered_for_a_name_is_found_out(kind: str) -> None:
    row = row_of(kind, known=False)
    assert f"{PUBLIC}. is a name that does not exist" in row.sentence
    assert causes_of(row)[0] == "host-not-found"
    assert "search domain" not in row_of(kind).sentence


def test_a_private_address_that_a_search_domain_gave_is_found_out(make_attempt) -> None:
    def resolve(name: str, _port: int) -> Sequence[str]:
        if name.endswith("."):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return ["10.1.1.1"]

    row = dns.check(make_attempt(account=read_account(PUBLIC), network=Network(resolve=resolve)), ())
    assert "a search domain or the hosts file" in row.sentence


def test_a_resolver_that_fails_for_the_full_name_proves_nothing() -> None:
    def resolve(_name: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    assert not Network(resolve=resolve).is_a_search_domains(Endpoint(PUBLIC))


def test_a_host_that_the_operator_vouches_for_may_stand_in_the_hosts_file() -> None:
    def resolve(_name: str, _port: int) -> Sequence[str]:
        raise AssertionError("nobody is asked")

    assert not Network(resolve=resolve).is_a_search_domains(Endpoint(PUBLIC, vouched=True))


# --- addresses ---
class Deaf(Network):
    """The host has these addresses, where nobody listens."""

    def addresses(self, endpoint: Endpoint) -> tuple[str, ...]:
        return ("127.0.0.1", "::1")


def test_where_no_address_answers_each_is_told_and_the_first_gives_the_reason() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and never listens
        port = nobody.getsockname()[1]
        with pytest.raises(Trouble) as caught:
            shake_hands(Deaf(limits=Limits(connect=2.0)), Endpoint(PUBLIC, address=("127.0.0.1", port)))
    assert caught.value.kind == "refused"
    assert "127.0.0.1: ConnectionRefusedError" in caught.value.words
    assert "::1: " in caught.value.words


def test_an_address_that_did_not_answer_before_another_one_is_told(server, make_attempt) -> None:
    class Two(Network):
        def addresses(self, endpoint: Endpoint) -> tuple[str, ...]:
            return ("::1", "127.0.0.1")

    there = Two(practice=lambda _host: server.endpoint)
    row = tls.check(make_attempt(network=there), ())
    assert row.status == "passed"
    assert "Tried before: ::1: " in row.words
