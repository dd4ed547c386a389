"""What one check of the live test says: one plain sentence, the machine's own words apart, and what it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from wizard.diagnosis.symptom import STORED_SYMPTOM, Symptom
from wizard.secret import Secret
from wizard.stored import Table, integer, one_of, record, stored, text, texts

Status = Literal["passed", "warned", "failed", "skipped"]
STATUSES: tuple[Status, ...] = ("passed", "warned", "failed", "skipped")

MAX_WORDS = 2_000
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}")
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Row:
    """The outcome of one check, a row of the live test.

    ``check`` is the check's name, ``sentence`` what it found, for people, ``words`` are the machine's own as plain text
    of at most 2,000 characters, ``symptom`` is for the diagnosis when something is wrong, and ``facts`` are what later
    checks and the page want to know (``user``, ``role``, ``skew_seconds`` …).
    """

    check: str = field(metadata=stored("check", text(20)))
    status: Status = field(metadata=stored("status", one_of(STATUSES)))
    sentence: str = field(metadata=stored("sentence", text(600, cut=True)))
    words: str = field(default="", metadata=stored("words", text(MAX_WORDS, cut=True)))
    milliseconds: int = field(default=0, metadata=stored("milliseconds", integer(0, 10**9)))
    symptom: Symptom | None = field(default=None, metadata=stored("symptom", record(STORED_SYMPTOM)))
    facts: Mapping[str, str] = field(default_factory=lambda: _NONE, metadata=stored("facts", texts(300, cut=True)))

    def without(self, token: Secret) -> Row:
        """The same row with ``token``, and whatever looks like one, taken out of every text in it."""

        def clean(text: str) -> str:
            return scrub(text, token)

        symptom = self.symptom
        if symptom is not None:
            symptom = replace(
                symptom,
                code=clean(symptom.code),
                message=clean(symptom.message),
                facts={name: clean(value) for name, value in symptom.facts.items()},
            )
        return replace(
            self,
            sentence=clean(self.sentence),
            words=clean(self.words),
            symptom=symptom,
            facts={name: clean(value) for name, value in self.facts.items()},
        )


STORED_ROW = Table(Row)
"""How a row travels (signed) to the request for the next one; what is too long is cut."""


def scrub(text: str, token: Secret) -> str:
    """Return ``text`` without the token or a long part of it, should somebody have sent it back."""
    value = token.reveal()
    parts = [value, *value.split(".")] if value else []
    for part in parts:
        if len(part) >= 16:
            text = text.replace(part, "(token)")
    return _TOKEN.sub("(token)", text)


def plain(text: str, limit: int = MAX_WORDS) -> str:
    """Return ``text`` cut to ``limit`` characters, without control or invisible characters; line breaks stay."""
    kept = "".join(
        char
        for char in text[: limit * 2].replace("\r\n", "\n").replace("\t", " ")
        if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    ).strip()
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"
