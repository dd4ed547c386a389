"""What a person takes away: the proved login, written down for the tool that will use it."""

from wizard.handover.calendar import REMINDS_BEFORE, rotation_calendar
from wizard.handover.clients import GROUPS, TOOLS, rows_of, tool_named, tools_by_group, tools_for
from wizard.handover.connection import Connection, UnsafeValue
from wizard.handover.key_file import TIDY_UP, KeyFileAdvice, key_file_advice
from wizard.handover.key_folder import KEY_FILE, read_key_folder
from wizard.handover.receipt import Receipt, day_in_words, day_of, receipt_in_json, receipt_in_markdown
from wizard.handover.remarks import Command, Remark, passphrase_commands, remarks
from wizard.handover.rendering import FormField, files, files_zip, form_fields, render
from wizard.handover.rotation import rotation_day
from wizard.handover.stores import STORES, Store, StoreText, file_to_store, store_texts, stores_for
from wizard.handover.tool import Tool

__all__ = [
    "GROUPS",
    "KEY_FILE",
    "REMINDS_BEFORE",
    "STORES",
    "TIDY_UP",
    "TOOLS",
    "Command",
    "Connection",
    "FormField",
    "KeyFileAdvice",
    "Receipt",
    "Remark",
    "Store",
    "StoreText",
    "Tool",
    "UnsafeValue",
    "day_in_words",
    "day_of",
    "file_to_store",
    "files",
    "files_zip",
    "form_fields",
    "key_file_advice",
    "passphrase_commands",
    "read_key_folder",
    "receipt_in_json",
    "receipt_in_markdown",
    "remarks",
    "render",
    "rotation_calendar",
    "rotation_day",
    "rows_of",
    "store_texts",
    "stores_for",
    "tool_named",
    "tools_by_group",
    "tools_for",
]
