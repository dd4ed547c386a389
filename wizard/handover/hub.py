"""The fields in which the form of a hub (a BI tool, an ETL service) asks for the login."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.handover.connection import Connection


@dataclass(frozen=True, slots=True)
class HubField:
    """One field of the form in which a hub (a BI tool, an ETL service) asks for the login."""

    name: str  # for the page: [data-copy="hub-<name>"]
    label: str
    value: str
    note: str = ""


def hub_fields(connection: Connection) -> tuple[HubField, ...]:
    """Return what a hub's form asks for, in the order in which most of them ask."""
    asked = [
        HubField("account", "Account identifier", connection.account, "Some forms call it Account name."),
        HubField("username", "Username", connection.user, "The login name, without quotes."),
        HubField(
            "private-key-file",
            "Private key file",
            connection.key_file,
            "Upload this file, or open it in a text editor and paste all of it, first and last line included.",
        ),
    ]
    if connection.special_host or connection.protocol == "http":
        asked.insert(
            1, HubField("host", "Host", connection.netloc, "This account is not reached under its usual address.")
        )
    if connection.encrypted is not False:
        asked.append(
            HubField(
                "passphrase",
                "Passphrase",
                "",
                "The one you chose for the key file."
                if connection.encrypted
                else "Leave it empty if your key file has none.",
            )
        )
    if connection.role:
        asked.append(HubField("role", "Role", connection.role))
    if connection.warehouse:
        asked.append(HubField("warehouse", "Warehouse", connection.warehouse))
    return tuple(asked)
