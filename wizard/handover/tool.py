"""What is known of one client tool: a row. The rows stand in :mod:`wizard.handover.clients`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.handover.connection import Connection

KeyPlace = Literal["path", "text", "upload", "one line", "none"]
"""How a tool takes the private key: as the path of a file, as the PEM text, as a file to upload, as one line without
BEGIN and END, or not in this text at all."""

PKCS8_ONLY = ("pkcs1", "pkcs1-sealed")
"""What a tool refuses that reads PKCS#8 only: codes of KEY_NOTES."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One text that one client takes, or one form that it shows. Rows of one ``client`` belong together on the page."""

    slug: str  # also names the template and the golden files
    group: str  # one of GROUPS
    client: str
    title: str  # what this text is, beside the other texts of the client
    language: str  # for the copy block; "form" for fields to fill in
    file_name: str  # "" for what is pasted into a terminal or a form
    note: str  # what to do with it
    source: str  # where the names of the settings come from
    template: str  # in templates/handover/
    prerequisites: tuple[str, ...] = ()  # lines to type first, one after the other, the same in every shell
    command: str = ""  # the line that proves the login, the same in every shell
    proof: str = ""  # what proves it where no line does
    unattended: bool | None = None  # whether it logs in by itself, with nobody in front; None: some do, some don't
    key_place: KeyPlace = "path"
    one_line_alphabet: Literal["", "url"] = ""  # "url": that line in the base64 of web addresses
    finds_home: bool = False  # its text works out ~/.snowflake/keys by itself, where no folder was told
    encrypted: bool | None = True  # whether it opens a key with a passphrase; None: nobody here has seen it
    refuses: tuple[str, ...] = ()  # codes of KEY_NOTES: forms of the key that this client is known not to read
    variable: str = ""  # the environment variable in which this text looks for the passphrase
    ran: str = ""  # the releases that the tests log in with, by this very text; "" where none could be run
    practices: bool = False  # was seen to work with the practice Snowflake
    is_the_rest: bool = False  # stands for every tool that has no row
    splits_account: bool = False  # wants organization and account name apart, and a locator has neither
    keeps_hyphens: bool = False  # can't be told the host, and so names the account with the hyphens of the host

    @property
    def proves(self) -> str:
        """What shows that the login works, where :attr:`command` doesn't."""
        if self.is_form:
            return self.proof or "Save the form and test it there."
        return self.proof or "Start it. The query SELECT CURRENT_USER() answers with your user."

    @property
    def is_form(self) -> bool:
        """Whether this is a form to fill in: its template gives fields, not a text."""
        return self.language == "form"

    def suits(self, connection: Connection) -> bool:
        """Whether this tool can use ``connection`` at all."""
        return not self.why_not(connection)

    def why_not(self, connection: Connection) -> str:
        """Say in a sentence why this tool can't use ``connection``; ``""`` where it can."""
        if connection.protocol == "http" and not self.practices:
            return "Programs reach it by plain http only."
        if self.keeps_hyphens and not connection.host.endswith(".snowflakecomputing.com"):
            return "It can’t be told the server address, and would make another one of the account."
        if self.splits_account and connection.organization_and_name is None:
            return "It asks for organization and account name apart, and a locator has neither."
        return ""
