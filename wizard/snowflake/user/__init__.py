"""A Snowflake user: names as people paste them, and what ``DESC USER`` says."""

from wizard.snowflake.user.describe_user import (
    Described,
    DescriptionError,
    UserDescription,
    compare,
    differing,
    read_description,
)
from wizard.snowflake.user.names import (
    MAX_CHARACTERS,
    UserNameError,
    read_login_name,
    read_role_name,
    read_user_name,
    refuse_unseen,
)

__all__ = [
    "MAX_CHARACTERS",
    "Described",
    "DescriptionError",
    "UserDescription",
    "UserNameError",
    "compare",
    "differing",
    "read_description",
    "read_login_name",
    "read_role_name",
    "read_user_name",
    "refuse_unseen",
]
