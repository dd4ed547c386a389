"""A Snowflake user: names as people paste them, and what ``DESC USER`` and ``SHOW USER KEY PAIRS`` say."""

from wizard.snowflake.user.comparison import Comparison, compare
from wizard.snowflake.user.description import STORED_USER, Described, DescriptionError, UserDescription
from wizard.snowflake.user.names import (
    MAX_CHARACTERS,
    UserName,
    UserNameError,
    read_login_name,
    read_role_name,
    read_user_name,
    refuse_unseen,
)
from wizard.snowflake.user.place import NOT_TOLD, SLOT_PROPERTIES, NamedKey, Place
from wizard.snowflake.user.reader import NAMES, read_description

__all__ = [
    "MAX_CHARACTERS",
    "NAMES",
    "NOT_TOLD",
    "SLOT_PROPERTIES",
    "STORED_USER",
    "Comparison",
    "Described",
    "DescriptionError",
    "NamedKey",
    "Place",
    "UserDescription",
    "UserName",
    "UserNameError",
    "compare",
    "read_description",
    "read_login_name",
    "read_role_name",
    "read_user_name",
    "refuse_unseen",
]
