"""What every test may use, and what no test may do.

* ``rsa_2048`` and ``other_rsa_2048`` are two key pairs, made once per process: making one is slow, and no test may
  bring a private key in a file.
* A test that reaches for anything but this machine's loopback addresses fails at once, whatever the code under test
  does with the error (see :func:`_refuse_the_outside_world`).
* Every page that a test meets is checked as HTML at the end of the run (see :mod:`tests.web.nu`).
"""

from __future__ import annotations

import base64
import ipaddress
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from wizard.practice.practice import Practice

pytest_plugins = ("tests.web.nu",)

# --- hypothesis -------------------------------------------------------------------------------------------------------
# "ci" is what everybody runs: the same few examples every time, so that a red run means a change and not a die.
# "search" looks further: HYPOTHESIS_PROFILE=search pytest tests/snowflake
_SLOW_FIXTURES = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile(
    "ci", derandomize=True, max_examples=40, deadline=None, suppress_health_check=_SLOW_FIXTURES, database=None
)
settings.register_profile("search", max_examples=2000, deadline=None, suppress_health_check=_SLOW_FIXTURES)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


# --- order ------------------------------------------------------------------------------------------------------------
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the browser tests: they are the longest, and what is left at the end is quickly shared out.

    The tests of the container image and of the real clients, which want much installed, run only where they are asked
    for by name.
    """
    items.sort(key=lambda item: "e2e" not in item.path.parts)
    unasked = [marker for marker in ("clients", "image") if marker not in config.option.markexpr]
    left_out = [item for item in items if any(map(item.get_closest_marker, unasked))]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


# --- figures ----------------------------------------------------------------------------------------------------------
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say the figures that tests tell by ``record_property("figures", …)``, in whichever process they ran."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(f"\n{value}")


# --- keys -------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def rsa_2048() -> rsa.RSAPrivateKey:
    """A 2048-bit RSA key pair: the person's own."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def other_rsa_2048() -> rsa.RSAPrivateKey:
    """A second 2048-bit RSA key pair: somebody else's, or yesterday's."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def practice(rsa_2048: rsa.RSAPrivateKey) -> Iterator[Practice]:
    """A running practice Snowflake in which JANE has the public key of ``rsa_2048``."""
    from wizard.practice.practice import Practice
    from wizard.practice.sql import first_session
    from wizard.practice.users import ADMINISTRATOR

    public = rsa_2048.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    with Practice() as running:
        statement = f"ALTER USER JANE SET RSA_PUBLIC_KEY = '{base64.b64encode(public).decode()}';"
        assert not running.run(statement, first_session(running, ADMINISTRATOR)).failed
        yield running


# --- the network ------------------------------------------------------------------------------------------------------
def _is_here(host: object) -> bool:
    """Whether ``host`` (a name or an address) means this machine and needs no name server to be found."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    name = name.strip("[]").rstrip(".").lower()
    if name in {"", "localhost"} or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback or address.is_unspecified


def _is_an_address(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host).split("%")[0])
    except ValueError:
        return False
    return True


def _refuse_the_outside_world(event: str, arguments: tuple[Any, ...]) -> None:
    """Fail the test that looks up a name, or opens a connection, outside this machine.

    An audit hook sees every way to a socket, also those of C code that goes through Python's ``socket``. The failure is
    no ``Exception``, so a check that turns every error into an answer cannot hide it.
    """
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and address and not _is_here(address[0]):
            pytest.fail(f"this test tried to reach {address[0]!r}: hand in a fake, or serve it on 127.0.0.1")
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
        if not _is_here(host) and not _is_an_address(host):
            pytest.fail(f"this test tried to look up {host!r}: hand in a resolver that answers for it")


sys.addaudithook(_refuse_the_outside_world)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the developer's own environment says about proxies, certificates and the wizard."""
    for name in list(os.environ):
        if name.startswith("WIZARD_") or name.upper() in {
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "NO_PROXY",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "SSL_CERT_FILE",
            "NETRC",
        }:
            monkeypatch.delenv(name)
