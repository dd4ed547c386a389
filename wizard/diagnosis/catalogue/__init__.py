"""Every cause the wizard knows, as data, one file for each subject."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wizard.diagnosis.catalogue import account, key, key_text, network, passphrase, session, signed_token, tool, user
from wizard.diagnosis.cause import Cause

CATALOGUE: Mapping[str, Cause] = MappingProxyType(
    {
        cause.id: cause
        for part in (account, user, key_text, key, passphrase, signed_token, tool, session, network)
        for cause in part.CAUSES
    }
)
"""Id to cause. The order breaks ties between causes with equally strong signs."""
