"""The proved login, as clients are told it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from wizard.handover.key_folder import KEY_FILE, is_windows
from wizard.snowflake.sql import quote_identifier
from wizard.unseen import bends


class UnsafeValue(ValueError):  # noqa: N818 - it names what is wrong with the value
    """A value holds a character that no line of a file may carry: one that would end a line or hide text in any format.

    Raise it for those, not for what quoting takes care of. Account and user names were read under a stricter rule, so
    meeting this with one of them means that something went round the reading.
    """


@dataclass(frozen=True, slots=True)
class Connection:
    """What clients are told to log in with. Raises :class:`UnsafeValue`."""

    account: str  # as the token names it, and the region of a locator: "myorg-my_acct", "xy12345.us-east-2.aws"
    host: str  # the whole name, without a port: "myorg-my-acct.snowflakecomputing.com"
    user: str  # LOGIN_NAME, for that is what clients call "user" (never NAME, where the two differ)
    key_folder: str = ""  # a whole path, as read_key_folder gives it; "": not told
    encrypted: bool | None = None  # whether the key file has a passphrase; None: not known
    key_notes: tuple[str, ...] | None = ()  # codes of KEY_NOTES: the form of the key file; None: it was not seen here
    role: str = ""  # as Snowflake stores it; "" in these two leaves the choice to the user's own defaults
    warehouse: str = ""
    port: int = 443
    protocol: Literal["https", "http"] = "https"  # http: the practice Snowflake, and nothing else

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str) and any(bends(letter) for letter in value):
                raise UnsafeValue(f"The {field.name} holds a line break or a character that can't be seen: {value!r}")

    @property
    def tells_host(self) -> bool:
        """Whether clients have to be told the host, since they would make another one of the account.

        So it is for PrivateLink, China and the practice Snowflake, and for every account with an underscore: three
        clients ask myorg-my_acct.snowflakecomputing.com, whose certificate no OpenSSL accepts.
        """
        return self.host != f"{self.account}.snowflakecomputing.com"

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
    def account_in_host(self) -> str:
        """The account as the host spells it, for clients that make the host of it and can't be told another."""
        if ".snowflakecomputing." not in self.host:
            return self.account.replace("_", "-")  # the practice Snowflake, as if it were at Snowflake's address
        return self.host.removesuffix(".snowflakecomputing.com")

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

    @property
    def role_name(self) -> str:
        """The role as an identifier, which is how Snowflake reads it from a client: in double quotes unless plain."""
        return quote_identifier(self.role) if self.role else ""

    @property
    def warehouse_name(self) -> str:
        """The warehouse as an identifier, as :attr:`role_name`."""
        return quote_identifier(self.warehouse) if self.warehouse else ""

    @property
    def windows(self) -> bool | None:
        """Whether the key file will be on Windows; ``None`` where the folder was not told."""
        return is_windows(self.key_folder) if self.key_folder else None

    @property
    def key_file(self) -> str:
        """The path of the key file: whole where its folder was told, else its bare name."""
        if not self.key_folder:
            return KEY_FILE
        separator = "\\" if self.windows and "\\" in self.key_folder else "/"
        return self.key_folder.removesuffix(separator) + separator + KEY_FILE

    @property
    def key_file_with_slashes(self) -> str:
        """The path of the key file, with forward slashes on Windows too."""
        return self.key_file.replace("\\", "/") if self.windows else self.key_file
