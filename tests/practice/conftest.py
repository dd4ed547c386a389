"""A practice Snowflake with its doors open, a login for it, and a network on which waiting takes no time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from wizard.checks.attempt import Attempt
from wizard.checks.network import Limits, Network
from wizard.checks.probe import others
from wizard.diagnosis.probes import tried_by_probes
from wizard.practice.outcome import Outcome, Session
from wizard.practice.practice import Practice
from wizard.practice.sql import first_session
from wizard.practice.users import ADMINISTRATOR, HOST, LOCATOR
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.login import Login
from wizard.snowflake.token import sign_token


class SkippingClock:
    """A clock that goes as the real one does, and leaps ahead when somebody waits by it."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def now(self) -> float:
        return time.time() + sum(self.waited)

    def monotonic(self) -> float:
        return time.monotonic() + sum(self.waited)

    def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


@dataclass
class Walk:
    """A person who walks through the wizard with the practice Snowflake at the other end."""

    practice: Practice
    private: rsa.RSAPrivateKey
    clock: SkippingClock
    network: Network

    @property
    def key(self) -> PublicKey:
        return PublicKey.of_private(self.private)

    def login(self, name: str = "JANE") -> Login:
        return Login(read_account("practice-snowflake", vouched=(HOST,)), name, self.key)

    def administrator(self) -> Session:
        return first_session(self.practice, ADMINISTRATOR)

    def worksheet(self, sql: str, session: Session | None = None) -> Outcome:
        return self.practice.run(sql, session or self.administrator())

    def registers(self, user: str = "JANE") -> None:
        outcome = self.worksheet(f"ALTER USER {user} SET RSA_PUBLIC_KEY='{self.key.base64}';")
        assert not outcome.failed, outcome.results[-1].error

    def attempt(self, name: str = "JANE", **more: object) -> Attempt:
        login = self.login(name)
        token = sign_token(login, self.private, int(self.network.now()))
        return Attempt(login, token, self.network, **{"user_name": name} | more)  # type: ignore[arg-type]

    def well_known_attempt(self) -> Attempt:
        """An attempt of JANE, who told both of her names, and both of the account's."""
        names = ("JANE", "jane@practice.example")
        account = replace(self.login().account, locator=LOCATOR)
        login = replace(self.login(), account=account)
        sign = partial(sign_token, private_key=self.private, now=int(self.network.now()))
        signed = {name: sign(tried) for name, tried in tried_by_probes(login, names).items()}
        return replace(self.attempt(), login=login, others=others(login, names, signed, sign(login)))


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
def practice(clock: SkippingClock) -> Iterator[Practice]:
    with Practice(now=clock.now) as running:
        yield running


@pytest.fixture
def walk(practice: Practice, clock: SkippingClock, rsa_2048: rsa.RSAPrivateKey) -> Walk:
    network = Network(
        practice=practice.endpoint_for,
        now=clock.now,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        limits=Limits(read=0.3, exchange=1.0, row=30.0),
        version="1.2.3",
    )
    return Walk(practice, rsa_2048, clock, network)
