"""A Snowflake user: names as people paste them, and what ``DESC USER`` and ``SHOW USER KEY PAIRS`` say."""

from wizard.snowflake.user.comparison import Comparison, compare
from wizard.snowflake.user.description import STORED_USER, Described, DescriptionError, UserDescription
from wizard.snowflake.user.key_pair import (
    GRACE_HOURS,
    LONGEST_COMMENT,
    MOST_DAYS,
    MOST_KEY_PAIRS,
    STORED_NEW_PAIR,
    NewKeyPair,
    free_name,
    proposed_key_pair_name,
    read_comment,
    read_days_to_expiry,
    read_key_pair_name,
)
from wizard.snowflake.user.names import (
    MAX_CHARACTERS,
    UserName,
    UserNameError,
    read_login_name,
    read_role_name,
    read_user_name,
    read_warehouse_name,
    refuse_unseen,
)
from wizard.snowflake.user.place import (
    NOT_TOLD,
    RESERVED_NAMES,
    SLOT_PROPERTIES,
    NamedKey,
    Place,
    rotated_from,
    rotated_name,
)
from wizard.snowflake.user.reader import NAMES, read_description
from wizard.snowflake.user.standing import STORED_STANDING, StandingKey, standing_keys
from wizard.snowflake.user.user_type import TYPE_CHANGES

__all__ = [
    "GRACE_HOURS",
    "LONGEST_COMMENT",
    "MAX_CHARACTERS",
    "MOST_DAYS",
    "MOST_KEY_PAIRS",
    "NAMES",
    "NOT_TOLD",
    "RESERVED_NAMES",
    "SLOT_PROPERTIES",
    "STORED_NEW_PAIR",
    "STORED_STANDING",
    "STORED_USER",
    "TYPE_CHANGES",
    "Comparison",
    "Described",
    "DescriptionError",
    "NamedKey",
    "NewKeyPair",
    "Place",
    "StandingKey",
    "UserDescription",
    "UserName",
    "UserNameError",
    "compare",
    "free_name",
    "proposed_key_pair_name",
    "read_comment",
    "read_days_to_expiry",
    "read_description",
    "read_key_pair_name",
    "read_login_name",
    "read_role_name",
    "read_user_name",
    "read_warehouse_name",
    "refuse_unseen",
    "rotated_from",
    "rotated_name",
    "standing_keys",
]
