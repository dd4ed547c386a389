"""Every cause the wizard knows, as data, one file for each subject."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wizard.diagnosis.catalogue import account, key, key_text, network, passphrase, session, signed_token, tool, user
from wizard.diagnosis.cause import Cause

SUBJECTS: tuple[tuple[str, tuple[Cause, ...]], ...] = (
    ("The account", account.CAUSES),
    ("The user in Snowflake", user.CAUSES),
    ("The text of the key", key_text.CAUSES),
    ("The key", key.CAUSES),
    ("The passphrase", passphrase.CAUSES),
    ("The token and the clock", signed_token.CAUSES),
    ("The tool and its settings", tool.CAUSES),
    ("After the login", session.CAUSES),
    ("The way to Snowflake", network.CAUSES),
)
"""What each file is about, in words, and its causes."""

CATALOGUE: Mapping[str, Cause] = MappingProxyType({cause.id: cause for _, causes in SUBJECTS for cause in causes})
"""Id to cause. The order breaks ties between causes with equally strong signs."""
