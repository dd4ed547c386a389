"""What a person takes away: the proved login, written down for the tool that will use it."""

from wizard.handover.clients import TOOLS, Tool, tools_for
from wizard.handover.connection import Connection, UnsafeValue
from wizard.handover.hub import HubField, hub_fields
from wizard.handover.key_file import KEY_FILE_ADVICE, TIDY_UP
from wizard.handover.rendering import files, files_zip, render
from wizard.handover.rotation import rotation_day, rotation_steps

__all__ = [
    "KEY_FILE_ADVICE",
    "TIDY_UP",
    "TOOLS",
    "Connection",
    "HubField",
    "Tool",
    "UnsafeValue",
    "files",
    "files_zip",
    "hub_fields",
    "render",
    "rotation_day",
    "rotation_steps",
    "tools_for",
]
