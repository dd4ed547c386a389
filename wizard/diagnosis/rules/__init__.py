"""From facts to opinions on causes, one file for each subject. The conclusion puts them in order."""

from __future__ import annotations

from wizard.diagnosis.rules.connection import met
from wizard.diagnosis.rules.contradictions import contradictions
from wizard.diagnosis.rules.doubts import doubts
from wizard.diagnosis.rules.hosts import hosts
from wizard.diagnosis.rules.key_errors import key_errors
from wizard.diagnosis.rules.keys import keys
from wizard.diagnosis.rules.opinion import NEVER, Opinion, Rule
from wizard.diagnosis.rules.probes import probes
from wizard.diagnosis.rules.refusal import refusal
from wizard.diagnosis.rules.said import known, noted, phrases, sentences
from wizard.diagnosis.rules.session import session
from wizard.diagnosis.rules.settings import settings
from wizard.diagnosis.rules.token import token
from wizard.diagnosis.rules.users import users

RULES: tuple[Rule, ...] = (
    known,
    met,
    session,
    refusal,
    probes,
    contradictions,
    token,
    keys,
    key_errors,
    hosts,
    users,
    settings,
    sentences,
    noted,
    phrases,
    doubts,
)
"""Every rule; each is asked about all facts. Where two opinions weigh the same, the earlier rule's words are told."""

__all__ = ["NEVER", "RULES", "Opinion"]
