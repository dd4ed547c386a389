"""Where the live test may go, and how long it may take: hosts, addresses, proxies, certificates, clocks.

The host comes from the journey's account and is never typed. Which addresses it may lead to is judged here; the
judgement is made again on the connected socket (:mod:`wizard.checks.transport`), so that nothing can change between the
look-up and the use. Time, names, randomness and the environment are handed in.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wizard.checks.addresses import Address, objection_to, read_address
from wizard.checks.proxy import ProxySetting, proxy_of, proxy_setting
from wizard.diagnosis.symptom import Symptom

if TYPE_CHECKING:
    from wizard.snowflake.account import Account

Resolve = Callable[[str, int], Sequence[str]]
"""Host name and port to numeric addresses; raises ``OSError`` when there are none."""

_MAX_ADDRESSES = 4
_NO_SUCH_NAME = frozenset((socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one account's requests go.

    The practice Snowflake has an ``address`` (host or numeric address, and port) to dial instead of looking ``host``
    up, and a ``ca_pem``, the one authority to trust there. ``vouched``: the operator vouches for this host, so any
    address will do but those of a cloud's own services.
    """

    host: str
    port: int = 443
    address: tuple[str, int] | None = None
    ca_pem: str = ""
    vouched: bool = False

    @property
    def dialled(self) -> tuple[str, int]:
        """The name or address, and the port, that are really dialled."""
        return self.address or (self.host, self.port)

    @property
    def url(self) -> str:
        """``https://host`` with the port where it isn't 443."""
        return f"https://{self.host}" if self.port == 443 else f"https://{self.host}:{self.port}"

    @property
    def over_privatelink(self) -> bool:
        """Whether the host is a PrivateLink name, which may lead into a private network."""
        return ".privatelink." in self.host


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and bytes of an answer. ``row`` is for everything that one row of the test does, waits included."""

    lookup: float = 5.0
    connect: float = 5.0
    read: float = 15.0
    exchange: float = 20.0
    row: float = 30.0
    answer_bytes: int = 1024 * 1024


class Trouble(Exception):  # noqa: N818  # it is news, and not always an error of ours
    """The network did not do what was asked.

    ``kind`` is one of :data:`wizard.diagnosis.symptom.KINDS`; ``sentence`` is for people; ``words`` are the machine's
    own; ``message`` is what the other side itself said, where that is less than the words. ``is_unknown_name``: a name
    server answered, and has no such name.
    """

    def __init__(
        self,
        kind: str,
        sentence: str,
        words: str = "",
        facts: Mapping[str, str] | None = None,
        *,
        code: str = "",
        http_status: int = 0,
        message: str = "",
        is_unknown_name: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.words = words
        self.facts = facts or {}
        self.code = code
        self.http_status = http_status
        self.message = message or words
        self.is_unknown_name = is_unknown_name

    @property
    def symptom(self) -> Symptom:
        """The same for the diagnosis."""
        return Symptom(self.kind, self.code, self.http_status, self.message, dict(self.facts))


def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver. Names under ``.invalid`` don't exist, whatever a resolver says (RFC 6761)."""
    if host.rstrip(".").endswith(".invalid"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(eq=False)
class Network:
    """The outside world as the live test may see it. One for the whole program; safe to share between threads.

    ``trusted_hosts`` are the hosts (lower case) that the operator vouches for, with the port to use or ``None``;
    ``practice`` tells the practice Snowflake's endpoint by host, ``None`` for any other; ``environment`` is where
    ``HTTPS_PROXY``, ``NO_PROXY`` and ``REQUESTS_CA_BUNDLE`` are looked up. ``now`` gives Unix seconds, ``monotonic``
    seconds of a clock that only goes forward; ``version`` is this program's, for the User-Agent.
    """

    trusted_hosts: Mapping[str, int | None] = field(default_factory=dict)
    practice: Callable[[str], Endpoint | None] = lambda host: None  # noqa: ARG005  # nobody practises
    environment: Mapping[str, str] = field(default_factory=dict)
    resolve: Resolve = resolve_by_system
    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    new_uuid: Callable[[], uuid.UUID] = uuid.uuid4
    limits: Limits = field(default_factory=Limits)
    version: str = "0"
    _context: ssl.SSLContext | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def endpoint_for(self, account: Account) -> Endpoint:
        """Where requests for ``account`` go."""
        host = account.host.lower()
        practice = self.practice(host)
        if practice is not None:
            return practice
        if host in self.trusted_hosts:
            return Endpoint(host, self.trusted_hosts[host] or 443, vouched=True)
        return Endpoint(host)

    def proxy_for(self, endpoint: Endpoint) -> str:
        """The URL of the proxy that connects for us, or ``""``."""
        return "" if endpoint.address is not None else proxy_of(self.environment, endpoint.host, endpoint.port)

    def proxy_setting(self, endpoint: Endpoint) -> ProxySetting | None:
        """What the environment says of a proxy for this endpoint, and whether NO_PROXY keeps it from that."""
        return None if endpoint.address else proxy_setting(self.environment, endpoint.host, endpoint.port)

    # Certificates.

    def context_for(self, endpoint: Endpoint) -> ssl.SSLContext:
        """A context that verifies the certificate for the host.

        Raises :class:`Trouble` when the bundle can't be read.
        """
        if endpoint.ca_pem:
            return ssl.create_default_context(cadata=endpoint.ca_pem)
        with self._lock:
            if self._context is None:
                self._context = self._usual_context()
            return self._context

    def _usual_context(self) -> ssl.SSLContext:
        import certifi

        source = self.environment.get(self.bundle) or certifi.where()
        from pathlib import Path

        try:
            if Path(source).is_dir():
                return ssl.create_default_context(capath=source)
            return ssl.create_default_context(cafile=source)
        except OSError as error:
            raise Trouble(
                "tls",
                "This wizard can't read its file of trusted certificates, so it trusts nobody. Whoever runs it sets "
                "REQUESTS_CA_BUNDLE to a file that exists.",
                f"{type(error).__name__}: {error.strerror or error}",
                {"reason": "The file named by REQUESTS_CA_BUNDLE can't be read."},
            ) from None

    @cached_property
    def public_authorities(self) -> frozenset[str]:
        """The organizations of the public authorities, in small letters, whatever else this machine trusts."""
        import certifi

        known: Any = ssl.create_default_context(cafile=certifi.where()).get_ca_certs()
        # A name as the ssl module gives it: tuples of tuples of a kind and a text.
        parts = [part for certificate in known for part in certificate["subject"]]
        return frozenset(str(text).casefold() for part in parts for kind, text in part if kind == "organizationName")

    @property
    def bundle(self) -> str:
        """The variable by which the operator names a file of trusted certificates, ``""`` where there is none."""
        return next((name for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE") if self.environment.get(name)), "")

    # Addresses.

    def addresses(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Look the endpoint up and return the addresses that may be asked, IPv4 first, four at most.

        Raises :class:`Trouble`: the name doesn't resolve, or leads only to addresses that may not be asked.
        """
        name, port = endpoint.dialled
        found = self._look_up(name, port, endpoint.host)
        refusals: list[Trouble] = []
        allowed: list[Address] = []
        for text in found:
            refusal = self.refusal(endpoint, text)
            if refusal is None:
                allowed.append(read_address(text))
            else:
                refusals.append(refusal)
        if not allowed:
            raise refusals[0]
        allowed.sort(key=lambda address: address.version)  # Snowflake is at home on IPv4; broken IPv6 is common
        return tuple(map(str, allowed[:_MAX_ADDRESSES]))

    def is_a_search_domains(self, endpoint: Endpoint) -> bool:
        """Whether the name is known here with a search domain of this machine behind it alone.

        A final dot keeps a resolver from trying those (RFC 1034, section 3.1).
        """
        if endpoint.address is not None or endpoint.vouched or self.proxy_for(endpoint):
            return False
        try:
            self._look_up(f"{endpoint.host}.", endpoint.port, endpoint.host)
        except Trouble as trouble:
            return trouble.is_unknown_name
        return False

    def _look_up(self, name: str, port: int, host: str) -> Sequence[str]:
        answers: list[Sequence[str]] = []
        errors: list[Exception] = []

        def work() -> None:
            try:
                answers.append(self.resolve(name, port))
            except (OSError, UnicodeError) as error:
                errors.append(error)

        # The system's resolver knows no time limit, so it is asked on the side.
        asking = threading.Thread(target=work, name="look-up", daemon=True)
        asking.start()
        asking.join(self.limits.lookup)
        if answers and answers[0]:
            return answers[0]
        words = f"{type(errors[0]).__name__}: {errors[0]}" if errors else ""
        if not answers and not errors:
            sentence = f"The name servers did not answer within {self.limits.lookup:g} seconds when asked for {host}."
        elif errors and getattr(errors[0], "errno", None) == socket.EAI_AGAIN:
            sentence = f"The name servers could not say where {host} is: they failed, or can't be reached from here."
        else:
            sentence = f"There is no address for {host}: this name does not exist here."
        unknown = bool(errors) and getattr(errors[0], "errno", None) in _NO_SUCH_NAME
        raise Trouble("name-not-found", sentence, words, is_unknown_name=unknown)

    def refusal(self, endpoint: Endpoint, text: str) -> Trouble | None:
        """Why the address ``text`` may not be asked for this endpoint, or ``None``."""
        try:
            address = read_address(text)
        except ValueError:
            return Trouble("address-refused", f"{endpoint.host} leads to something that is no address.", text)
        objection = objection_to(address, over_privatelink=endpoint.over_privatelink, vouched=endpoint.vouched)
        if objection is None:
            return None
        return Trouble(
            objection.kind,
            f"{endpoint.host} leads to {address}, {objection.reason} Nothing was sent there.",
            f"{objection.block.network}: {objection.block.name} ({objection.block.source})",
            {"ip": str(address)},
        )
