"""What travels between the requests of one live test: the rows so far and the measured clock, signed, and the tokens.

Nothing of it stays here. It comes by POST alone, and goes out again in the answer that asks for the next row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request

from wizard.checks.row import STORED_ROW, Row
from wizard.diagnosis.probes import PROBES, tried_by_probes
from wizard.journey import Journey
from wizard.secret import Secret
from wizard.snowflake.login import Login
from wizard.snowflake.token import TokenProblem, check_token
from wizard.stored import StoredError, Table, number, records, stored, text
from wizard.web.signed import Signed

CARRIED_FOR = 180  # seconds: a token lives for 60, and the rows of one test follow each other


@dataclass(frozen=True, slots=True)
class Carried:
    """The rows so far, and the digests of the login and the tokens that they are about."""

    login: str = field(metadata=stored("login", text(32)))
    rows: tuple[Row, ...] = field(metadata=stored("answers", records(STORED_ROW)))
    token: str = field(default="", metadata=stored("token", text(64)))


@dataclass(frozen=True, slots=True)
class Measured:
    """By how many seconds Snowflake's clock was ahead of ours, and the digest of the login that asked for it."""

    login: str = field(metadata=stored("login", text(32)))
    ahead: float = field(metadata=stored("ahead", number(10**12)))


CARRIED = Signed("rows-of-a-test", Table(Carried), CARRIED_FOR)
MEASURED = Signed("clock-of-snowflake", Table(Measured), CARRIED_FOR)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The token of a test, and those of the probes that may follow, by their names."""

    usual: Secret
    others: Mapping[str, Secret]

    @classmethod
    def sent(cls) -> Tokens:
        """Return what this request brought; nothing is believed of it yet."""
        own = (probe.name for probe in PROBES if probe.own_token)
        others = {name: Secret(sent) for name in own if (sent := request.form.get(name, ""))}
        return cls(Secret(request.form.get("token", "")), others)

    @property
    def digest(self) -> str:
        """Stands for all of them."""
        all_of_them = (self.usual, *(self.others[name] for name in sorted(self.others)))
        return hashlib.sha256("\n".join(token.reveal() for token in all_of_them).encode()).hexdigest()

    def revealed(self) -> dict[str, str]:
        """Return them as the next request brings them back."""
        return {"token": self.usual.reveal(), **{name: token.reveal() for name, token in self.others.items()}}


def names_of(journey: Journey) -> tuple[str, ...]:
    """Return every name that the user of a walk may sign in by, what Snowflake said of it first."""
    described = journey.description
    return (described.login_name if described else "", journey.login_name, journey.user_name)


def good_others(sent: Tokens, login: Login, names: tuple[str, ...], now: float) -> Mapping[str, Secret]:
    """Return the tokens for probes that are what they should be: fresh, of this key, for that probe's login."""
    good: dict[str, Secret] = {}
    for name, tried in tried_by_probes(login, names).items():
        try:
            if name in sent.others:
                good[name] = check_token(sent.others[name], tried, int(now))
        except TokenProblem:
            continue
    return good


def carried_rows(login: Login, tokens: Tokens) -> tuple[Row, ...]:
    """Return the rows that this request brought, none where they are not ours, too old, or of other tokens or logins.

    The first of them says that the token was signed by the key of this login. A user may have two keys: a token of the
    other one would log in, and prove a key that no one asked Snowflake about.
    """
    try:
        carried = CARRIED.read(request.form.get("carried", ""))
    except StoredError:
        return ()
    return carried.rows if (carried.login, carried.token) == (login.digest, tokens.digest) else ()


def clock_measured(login: Login) -> Measured | None:
    """Return what this request brought back of Snowflake's clock, ``None`` without one of ours."""
    try:
        measured = MEASURED.read(request.form.get("measured", ""))
    except StoredError:
        return None
    return measured if measured.login == login.digest else None


def measured_ahead(login: Login) -> float:
    """Return by how many seconds Snowflake's clock was measured to be ahead, 0.0 where nobody has."""
    measured = clock_measured(login)
    return measured.ahead if measured else 0.0


def browser_clock() -> float | None:
    """Return what the browser's clock showed when it signed, in epoch seconds, where the page's script told it."""
    told = request.form.get("browser_clock", "")
    return float(told) if told.isascii() and told.isdigit() and len(told) < 12 else None
