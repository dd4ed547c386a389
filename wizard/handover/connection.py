"""The proved login, as clients are told it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from wizard.unseen import bends


class UnsafeValue(ValueError):  # noqa: N818 - it names what is wrong with the value
    """A value holds a character that no line of a file may carry: one that would end a line or hide text in any format.

    Raise it for those, not for what quoting takes care of. Account and user names were read under a stricter rule, so
    meeting this with one of them means that something went round the reading.
    """


@dataclass(frozen=True, slots=True)
class Connection:
    """What clients are told to log in with. Raises :class:`UnsafeValue`."""

    account: str  # the identifier for clients: "myorg-my_acct", "xy12345.us-east-2.aws"
    host: str  # the whole name, without a port: "myorg-my-acct.snowflakecomputing.com"
    user: str  # LOGIN_NAME, for that is what clients call "user" (never NAME, where the two differ)
    key_file: str = "rsa_key.p8"
    encrypted: bool | None = None  # whether the key file has a passphrase; None: not known
    role: str = ""  # "" in these two leaves the choice to the user's own defaults
    warehouse: str = ""
    port: int = 443
    protocol: Literal["https", "http"] = "https"  # http: the practice Snowflake, and nothing else
    special_host: bool = False  # PrivateLink, China, practice: clients can't work out the host from the account

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str) and any(bends(letter) for letter in value):
                raise UnsafeValue(f"The {field.name} holds a line break or a character that can't be seen: {value!r}")

    @property
    def netloc(self) -> str:
        """Host, and port where it is not the usual one: ``127.0.0.1:8085``."""
        usual = {"https": 443, "http": 80}[self.protocol]
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    @property
    def label(self) -> str:
        """The account without region, cloud and ``privatelink``: ``xy12345`` of ``xy12345.us-east-2.aws``."""
        return self.account.partition(".")[0]

    @property
    def organization_and_name(self) -> tuple[str, str] | None:
        """``("myorg", "my_acct")``, or ``None`` for a locator.

        The first hyphen divides the two, since neither an organization nor an account name holds one.
        https://docs.snowflake.com/en/user-guide/admin-account-identifier
        """
        label, _, rest = self.account.partition(".")
        organization, hyphen, name = label.partition("-")
        if rest not in ("", "privatelink") or not (organization and hyphen and name):
            return None
        return organization, name
