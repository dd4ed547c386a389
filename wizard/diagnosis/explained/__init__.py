"""What the page of each cause says, one file for each subject of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wizard.diagnosis.explained import (
    account,
    key,
    key_text,
    network,
    passphrase,
    session,
    signed_token,
    tool,
    user,
)
from wizard.diagnosis.explained.explanation import Explanation, Neighbour, Seen

__all__ = ["EXPLAINED", "Explanation", "Neighbour", "Seen"]

EXPLAINED: Mapping[str, Explanation] = MappingProxyType(
    {
        cause: explanation
        for part in (account, user, key_text, key, passphrase, signed_token, tool, session, network)
        for cause, explanation in part.EXPLAINED.items()
    }
)
"""Id of a cause to what its page says."""
