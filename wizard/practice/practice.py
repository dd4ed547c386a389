"""The practice Snowflake as one thing: its state, the SQL it runs, and its doors to the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from wizard.practice import connector_login, sql, sql_api
from wizard.practice.outcome import Outcome, Session
from wizard.practice.state import State
from wizard.practice.users import HOST
from wizard.practice.wire import Asked, Reply

if TYPE_CHECKING:
    from wizard.checks.network import Endpoint
    from wizard.practice.listener import Doors


class Practice(State):
    """A practice Snowflake. ``with Practice() as practice:`` opens its doors and closes them again.

    Without :meth:`start` everything works but the network.
    """

    _doors: Doors | None = None

    def start(self) -> Self:
        """Open the doors on loopback: the SQL API over TLS, and a plain port for client libraries."""
        from wizard.practice.listener import Doors

        with self._lock:
            if self._doors is None:
                self._doors = Doors(self)
        return self

    def stop(self) -> None:
        """Close the doors and forget everything. A second call does nothing."""
        with self._lock:
            doors, self._doors = self._doors, None
        if doors is not None:
            doors.close()
        self.forget()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @property
    def endpoint(self) -> Endpoint:
        """Where the connection test finds it right now; the scenario may lead it astray.

        Raises ``RuntimeError`` when stopped.
        """
        from wizard.checks.network import Endpoint

        doors = self._doors
        if doors is None:
            raise RuntimeError("The practice Snowflake is not running.")
        return Endpoint(
            host=HOST, address=doors.address_for(self.scenario), ca_pem=doors.certificates.authority_pem, vouched=True
        )

    def endpoint_for(self, host: str) -> Endpoint | None:
        """The endpoint if ``host`` is the practice account's and it is running, else ``None``."""
        return self.endpoint if host == HOST and self._doors is not None else None

    @property
    def client_address(self) -> tuple[str, int]:
        """Host and port for client libraries with ``protocol="http"``. Raises ``RuntimeError`` when stopped."""
        doors = self._doors
        if doors is None:
            raise RuntimeError("The practice Snowflake is not running.")
        return doors.client_address

    @property
    def authority_pem(self) -> str:
        """The certificate that signs the practice's own, for a client that wants the SQL API port."""
        return self.endpoint.ca_pem

    def run(self, statements: str, session: Session) -> Outcome:
        """Run the statements of a worksheet; never raises. The session that comes back goes into the next run."""
        return sql.run(self, statements, session)

    def answer(self, asked: Asked) -> Reply:
        """Answer a request to the SQL API."""
        return sql_api.answer(self, asked)

    def answer_client(self, asked: Asked) -> Reply:
        """Answer a request of a client library."""
        return connector_login.answer(self, asked)
