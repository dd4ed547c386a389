"""A tool that logs in once a second, by whichever key it holds, notices nothing of a whole rotation."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import PageClient
from tests.web.steps.test_rotation import ACCOUNT, USER, proved, run, told_new
from tests.web.walking import private_pem, public_base64
from wizard.app import create_app
from wizard.practice.doorkeeper import Refusal
from wizard.practice.login import log_in
from wizard.practice.practice import Practice
from wizard.practice.users import HOST
from wizard.secret import Secret
from wizard.settings import Settings
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey, open_private_key
from wizard.snowflake.login import Login
from wizard.snowflake.token import sign_token

SECONDS_A_STEP = 20  # how long a person takes for a page, as the tool counts it


class Clock:
    """The time of the wizard and of the practice Snowflake. It stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = time.time()

    def __call__(self) -> float:
        return self.seconds


@cache
def opened(key: rsa.RSAPrivateKey) -> tuple[Login, rsa.RSAPrivateKey]:
    account = read_account(ACCOUNT, vouched=(HOST,))
    private = open_private_key(private_pem(key), Secret("")).private
    return Login(account, USER, PublicKey.of_private(key)), private


@dataclass
class Tool:
    """A program that logs in each second with the key file that it was given."""

    practice: Practice
    clock: Clock
    key: rsa.RSAPrivateKey
    logins: int = field(default=0)

    def is_let_in(self) -> bool:
        login, private = opened(self.key)
        token = sign_token(login, private, int(self.clock()))
        return not isinstance(log_in(self.practice, token.reveal(), 60, "192.0.2.1", None), Refusal)

    def works(self) -> None:
        """Log in for as long as a person takes for a page; every login has to be let in."""
        for _ in range(SECONDS_A_STEP):
            self.clock.seconds += 1
            assert self.is_let_in(), f"login {self.logins} was refused"
            self.logins += 1


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(clock: Clock) -> Iterator[Flask]:
    """A wizard with a practice Snowflake, both by this clock."""
    settings = Settings.from_environment(
        {"WIZARD_SECRET_KEY": "a secret key of the tests, long enough", "WIZARD_PRACTICE": "on"}
    )
    made = create_app(settings, now=clock)
    yield made
    made.extensions["practice"].stop()


WAYS: dict[str, tuple[str, str]] = {
    "slots": ("ALTER USER {user} SET RSA_PUBLIC_KEY='{key}';", "DESC USER {user};"),
    "named": ("ALTER USER {user} ADD KEY PAIR ETL_KEY PUBLIC_KEY = '{key}';", "SHOW USER KEY PAIRS FOR USER {user};"),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_login_fails_through_a_whole_rotation(
    app: Flask, clock: Clock, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey, way: str
) -> None:
    set_up, look = (sql.format(user=USER, key=public_base64(rsa_2048)) for sql in WAYS[way])
    run(app, set_up)
    tool = Tool(app.extensions["practice"], clock, rsa_2048)
    tool.works()
    page = PageClient(app).visit("/rotate/account").fill("account", ACCOUNT).press("Continue")
    tool.works()
    page = page.fill("username", USER).press("Continue")
    tool.works()
    page = page.fill("desc_user", run(app, look)).press("Show me the keys")
    tool.works()
    page = told_new(page, other_rsa_2048)
    tool.works()
    run(app, page.copied("register-sql"))
    tool.works()
    page = page.press("I’ve run it").fill("desc_user", run(app, look)).press("Compare")
    tool.works()
    page = proved(page, other_rsa_2048)
    tool.works()
    page = page.client.visit(page.link("Put it to work"))
    tool.works()
    tool.key = other_rsa_2048
    tool.works()
    page = page.press("It logs in with the new key")
    tool.works()
    tool.key = rsa_2048
    tool.works()  # the way back is open until now
    tool.key = other_rsa_2048
    run(app, page.copied("retire-block"))
    tool.works()
    assert "The old key is away" in page.press("It has run").text
    tool.works()
    assert tool.logins == 14 * SECONDS_A_STEP
    tool.key = rsa_2048
    assert not tool.is_let_in()
