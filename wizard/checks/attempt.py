"""What is tested: one attempt to log in, with its token, and the role and warehouse where they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wizard.checks.network import Endpoint, Network
from wizard.secret import Secret
from wizard.snowflake.login import Login


@dataclass(frozen=True, slots=True)
class Other:
    """What a probe sends after a failure: a login that differs in one thing, and a token for it."""

    login: Login
    token: Secret


_NONE: Mapping[str, Other] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Attempt:
    """Everything a check is given.

    ``token`` is signed for ``login``, and empty while the ``key`` check has not made one. ``user_name`` is NAME in its
    stored form, empty where it is the login name; ``role`` and ``warehouse`` are the default ones of DESC USER, stored
    form, or empty; ``restricted_to`` is the one role that the key may ask for, or empty. Where the browser signs,
    ``browser_clock`` is what its clock showed at the token's ``iat`` (Unix seconds), and ``snowflake_ahead`` by how
    many seconds Snowflake's clock was measured to be ahead of this server's before: the token is timed by that.
    ``others`` are what each probe would send, by its name.
    """

    login: Login
    token: Secret
    network: Network
    user_name: str = ""
    role: str = ""
    restricted_to: str = ""
    warehouse: str = ""
    browser_clock: float | None = None
    snowflake_ahead: float = 0.0
    others: Mapping[str, Other] = field(default_factory=lambda: _NONE)

    @property
    def endpoint(self) -> Endpoint:
        """Where this login's requests go."""
        return self.network.endpoint_for(self.login.account)
