"""What one check of the live test says: one plain sentence, the machine's own words apart, and what it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from wizard.diagnosis.symptom import KINDS, Symptom
from wizard.secret import Secret

Status = Literal["passed", "warned", "failed", "skipped"]
STATUSES: tuple[Status, ...] = ("passed", "warned", "failed", "skipped")

MAX_WORDS = 2_000
_MAX_SENTENCE = 600
_MAX_FACTS = 20
_MAX_FACT = 300
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}")
_NONE: Mapping[str, str] = MappingProxyType({})


class RowError(ValueError):
    """Data that no row was turned into."""


@dataclass(frozen=True, slots=True)
class Row:
    """The outcome of one check, a row of the live test.

    ``check`` is the check's name, ``sentence`` what it found, for people, ``words`` are the machine's own as plain text
    of at most 2,000 characters, ``symptom`` is for the diagnosis when something is wrong, and ``facts`` are what later
    checks and the page want to know (``user``, ``role``, ``skew_seconds`` …).
    """

    check: str
    status: Status
    sentence: str
    words: str = ""
    milliseconds: int = 0
    symptom: Symptom | None = None
    facts: Mapping[str, str] = field(default_factory=lambda: _NONE)

    def to_dict(self) -> dict[str, Any]:
        """Return the row as a small JSON object, to travel (signed) to the request for the next one.

        Pages that the release before has drawn bring the same names: they stay.
        """
        data: dict[str, Any] = {
            "check": self.check,
            "status": self.status,
            "sentence": self.sentence[:_MAX_SENTENCE],
            "words": self.words[:MAX_WORDS],
            "milliseconds": self.milliseconds,
            "facts": _short(self.facts),
        }
        if self.symptom is not None:
            data["symptom"] = {
                "kind": self.symptom.kind,
                "code": self.symptom.code,
                "http_status": self.symptom.http_status,
                "message": self.symptom.message[:MAX_WORDS],
                "facts": _short(self.symptom.facts),
            }
        return data

    @classmethod
    def from_dict(cls, data: object) -> Row:
        """Read what :meth:`to_dict` made; raises :class:`RowError` on anything else."""
        if not isinstance(data, dict):
            raise RowError("not an object")
        status = _text(data, "status", 10)
        if status not in STATUSES:
            raise RowError("no such status")
        symptom = data.get("symptom")
        return cls(
            check=_text(data, "check", 20),
            status=status,
            sentence=_text(data, "sentence", _MAX_SENTENCE),
            words=_text(data, "words", MAX_WORDS),
            milliseconds=_number(data, "milliseconds"),
            symptom=None if symptom is None else _symptom(symptom),
            facts=_facts(data),
        )

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


def _short(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: value[:_MAX_FACT] for name, value in facts.items()}


def _text(data: Mapping[str, object], name: str, limit: int) -> str:
    value = data.get(name)
    if not isinstance(value, str) or len(value) > limit:
        raise RowError(f"{name} is no text of at most {limit} characters")
    return value


def _number(data: Mapping[str, object], name: str) -> int:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise RowError(f"{name} is no number")
    return value


def _facts(data: Mapping[str, object]) -> dict[str, str]:
    facts = data.get("facts")
    if not isinstance(facts, dict) or len(facts) > _MAX_FACTS:
        raise RowError("facts are no small object")
    for name, value in facts.items():
        if not (isinstance(name, str) and isinstance(value, str)) or max(len(name), len(value)) > _MAX_FACT:
            raise RowError("a fact is no short text")
    return dict(facts)


def _symptom(data: object) -> Symptom:
    if not isinstance(data, dict):
        raise RowError("the symptom is no object")
    kind = _text(data, "kind", 40)
    if kind not in KINDS:
        raise RowError("no such kind of symptom")
    return Symptom(
        kind=kind,
        code=_text(data, "code", 40),
        http_status=_number(data, "http_status"),
        message=_text(data, "message", MAX_WORDS),
        facts=_facts(data),
    )
