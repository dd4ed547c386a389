"""What is tested: one login, its token, and the names of the person's role and warehouse where they are known."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.checks.network import Endpoint, Network
from wizard.secret import Secret
from wizard.snowflake.login import Login


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything a check is given.

    :ivar login: account, login name and public key
    :ivar token: signed for that login; empty while the ``key`` check has not made one
    :ivar network: the outside world
    :ivar user_name: NAME of the user in its stored form; empty means the same as the login name
    :ivar role: default role from DESC USER, stored form, or empty
    :ivar warehouse: default warehouse from DESC USER, stored form, or empty
    :ivar snowflake_ahead: by how many seconds Snowflake's clock was measured to be ahead of this server's before the
        browser signed; its token is timed by that
    :ivar browser_clock: where the browser signs: what its clock showed at the token's ``iat``, in Unix seconds
    """

    login: Login
    token: Secret
    network: Network
    user_name: str = ""
    role: str = ""
    warehouse: str = ""
    browser_clock: float | None = None
    snowflake_ahead: float = 0.0

    @property
    def endpoint(self) -> Endpoint:
        """Where this login's requests go."""
        return self.network.endpoint_for(self.login.account)
