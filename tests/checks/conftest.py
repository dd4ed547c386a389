"""A server that answers as a script says, over TLS on this machine, and a login to send to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from wizard.checks.attempt import Attempt
from wizard.checks.network import Endpoint, Limits, Network
from wizard.practice.listener import Doors
from wizard.practice.scenarios import Scenario, scenario
from wizard.practice.users import HOST
from wizard.practice.wire import Asked, Reply
from wizard.snowflake.account import Account, read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.login import Login
from wizard.snowflake.token import sign_token


@dataclass
class Script:
    """Stands where the practice Snowflake stands: answers what ``reply`` says and remembers what it was asked."""

    reply: Callable[[Asked], Reply] = lambda asked: Reply(404)
    scenario: Scenario = field(default_factory=lambda: scenario("fine"))
    asked: list[Asked] = field(default_factory=list)
    ahead: float = 0.0

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self.reply(asked)

    def answer_client(self, asked: Asked) -> Reply:
        return self.answer(asked)

    def now(self) -> float:
        return time.time() + self.ahead

    def true_now(self) -> float:
        return time.time()


@dataclass
class Server:
    """The script, where it listens, and whom to trust."""

    script: Script
    doors: Doors

    @property
    def port(self) -> int:
        return self.doors.address_for(scenario("fine"))[1]

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(
            HOST, address=("127.0.0.1", self.port), ca_pem=self.doors.certificates.authority_pem, vouched=True
        )


@pytest.fixture
def server() -> Iterator[Server]:
    script = Script()
    doors = Doors(script)
    yield Server(script, doors)
    doors.close()


@pytest.fixture
def bundle(server: Server, tmp_path: Path) -> str:
    """A file of trusted certificates, as REQUESTS_CA_BUNDLE names it."""
    file = tmp_path / "authorities.pem"
    file.write_text(server.doors.certificates.authority_pem)
    return str(file)


class Clock:
    """Goes as the real one does, and leaps when somebody waits by it."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def monotonic(self) -> float:
        return time.monotonic() + sum(self.waited)

    def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def network(server: Server, clock: Clock) -> Network:
    return Network(
        practice=lambda host: server.endpoint if host == HOST else None,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        limits=Limits(connect=5.0, read=2.0, exchange=4.0),
        version="9.9",
    )


PRACTICE = read_account("practice-snowflake", vouched=(HOST,))


@pytest.fixture
def make_attempt(rsa_2048: rsa.RSAPrivateKey, network: Network) -> Callable[..., Attempt]:
    """An attempt to log in to the practice account; anything can be said otherwise."""

    def make(*, account: Account = PRACTICE, name: str = "JANE", now: int | None = None, **more: object) -> Attempt:
        login = Login(account, name, PublicKey.of_private(rsa_2048))
        token = sign_token(login, rsa_2048, int(time.time()) if now is None else now)
        return replace(Attempt(login, token, network, name), **more)  # type: ignore[arg-type]

    return make
