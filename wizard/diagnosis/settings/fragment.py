"""A fragment of somebody's settings, as it was pasted but for its secrets, and how a correction gets into it.

What was read knows where it stood, so a correction changes that and leaves the rest: the order, the other values, the
way in which the fragment is laid out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from wizard.diagnosis.settings.form import Form
from wizard.diagnosis.settings.value import Style, written


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a fragment.

    * ``setting``: which it is: account, key-path …
    * ``name``: its name, as it is written there, behind ``prefix``
    * ``value``: what it says; a placeholder for what is secret
    * ``start``, ``end``: where its value stands in the fragment, with its quotes
    * ``name_start``: where its prefix or name begins; ``start`` for what has none, as the host of an address
    """

    setting: str
    name: str
    prefix: str
    value: str
    style: Style
    name_start: int
    start: int
    end: int
    is_sound: bool = True

    @property
    def is_named(self) -> bool:
        """Whether it has a name; the host of an address has none."""
        return self.name_start < self.start


@dataclass(frozen=True, slots=True)
class Fragment:
    """Settings of one connection.

    * ``source``: what it is called, the source of its facts
    * ``text``: as it was pasted; what is secret has given way to placeholders
    """

    form: Form
    source: str
    text: str
    settings: tuple[Setting, ...]

    def find(self, setting: str) -> Setting | None:
        """The first setting of a kind."""
        return next((one for one in self.settings if one.setting == setting), None)


@dataclass(frozen=True, slots=True)
class Correction:
    """One change to a fragment.

    * ``source``: which fragment
    * ``setting``: which setting; one that isn't there is added
    * ``value``: what it has to say, ``""`` for as it is
    * ``name``: what its name has to be, ``""`` for as it is
    * ``code``: whether ``value`` is to be worked out, and so gets no quotes
    * ``remove``: whether it has to go
    """

    source: str
    setting: str
    value: str = ""
    name: str = ""
    code: bool = False
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Corrected:
    """A fragment as it should stand.

    * ``changed``: the names of what was changed
    * ``has_placeholders``: whether there are placeholders in it that somebody has to fill in
    """

    source: str
    text: str
    language: str
    changed: tuple[str, ...]
    has_placeholders: bool


PLACEHOLDERS: Final = {
    "account": "YOURORG-YOURACCOUNT",
    "user": "YOUR_USER",
    "key-path": "/path/to/rsa_key.p8",
    "key-content": "YOUR_PRIVATE_KEY",
    "key-line": "YOUR_KEY_AS_ONE_LINE",
    "passphrase": "YOUR_PASSPHRASE",
    "password": "YOUR_PASSWORD",
    "other": "YOUR_SECRET",
}
"""What stands where something secret stood, or something that is not known: nothing that any form has to quote."""

_ANCHORS: Final = ("key-path", "key-content", "account", "account-name", "user", "host")
"""Beside which setting another one is put, the best place first."""
_LEAD: Final = re.compile(r"[ \t]{0,60}(?:export |set |ENV |- )?[ \t]{0,8}(?:\$env:)?(?:\\?[\"'])?")
_TAIL: Final = re.compile(r"[ \t]{0,8}([,;]?)[ \t]{0,60}(?:(?:#|//)[^\n]{0,400})?")
_COMMAS: Final = ("python", "json", "nested-json")


def corrected(fragment: Fragment, corrections: Sequence[Correction]) -> Corrected | None:
    """Return the fragment with its corrections, None where none is for it."""
    chosen: dict[str, Correction] = {}
    for correction in corrections:
        if correction.source == fragment.source:
            for one in _in_parts(fragment, correction):
                known = chosen.get(one.setting)
                chosen[one.setting] = _both(known, one) if known else one
    if not chosen:
        return None
    has_key = bool(fragment.find("key-path") or fragment.find("key-content"))
    if has_key and not fragment.form.password_opens_key:  # beside a key it is left over, and tempts to fill it in
        chosen.setdefault("password", Correction(fragment.source, "password", remove=True))
    edits = [
        (one.start, one.end, written(one.value, one.style))
        for one in fragment.settings
        if one.setting not in chosen and not one.is_sound
    ]
    changed: list[str] = []
    for correction in chosen.values():
        name, made = _edits(fragment, correction)
        edits += made
        changed += [name] if made else []
    text = fragment.text
    last = len(text) + 1
    for start, end, new in sorted(edits, reverse=True):
        if end <= last:
            text = text[:start] + new + text[end:]
            last = start
    placeholders = any(word in text for word in PLACEHOLDERS.values())
    return Corrected(fragment.source, text, fragment.form.language, tuple(dict.fromkeys(changed)), placeholders)


def _both(one: Correction, other: Correction) -> Correction:
    """Put two corrections of one setting together; what goes, goes, and the first value counts."""
    value = one if one.value else other
    return replace(
        value, name=one.name or other.name, remove=one.remove or other.remove, code=value.code and not one.remove
    )


def _in_parts(fragment: Fragment, correction: Correction) -> tuple[Correction, ...]:
    """An account is given in two parts where the fragment has two names for it."""
    if correction.setting != "account" or fragment.find("account") or not fragment.find("account-name"):
        return (correction,)
    organization, hyphen, name = correction.value.partition("-")
    if not hyphen or not fragment.find("organization"):
        return (replace(correction, setting="account-name"),)
    return (
        replace(correction, setting="organization", value=organization),
        replace(correction, setting="account-name", value=name),
    )


def _edits(fragment: Fragment, correction: Correction) -> tuple[str, list[tuple[int, int, str]]]:
    """Return the name of what changes, and the changes: from where, to where, what."""
    found = fragment.find(correction.setting)
    if found is None:
        return ("", []) if correction.remove or not correction.value else _addition(fragment, correction)
    if correction.remove:
        return found.prefix + found.name or found.setting, [_removal(fragment.text, found)]
    made = []
    if correction.value and (correction.value != found.value or not found.is_sound or correction.name):
        new = correction.value if correction.code else written(correction.value, found.style)
        made.append((found.start, found.end, new))
    elif not found.is_sound:
        made.append((found.start, found.end, written(found.value, found.style)))
    if correction.name and found.is_named:
        at = found.name_start + len(found.prefix)
        made.append((at, at + len(found.name), correction.name))
    return found.prefix + (correction.name or found.name) or correction.setting, made


def _addition(fragment: Fragment, correction: Correction) -> tuple[str, list[tuple[int, int, str]]]:
    name = correction.name or fragment.form.name_for(correction.setting)
    beside = next((one for kind in _ANCHORS if (one := fragment.find(kind)) and one.is_named), None)
    if not name:
        return "", []
    if beside is None:
        if fragment.form.style not in ("url", "go") or not fragment.settings:
            return "", []
        end = len(fragment.text.rstrip("'\" \n"))
        sign = "&" if "?" in fragment.text[:end] else "?" if "/" in fragment.text[:end].partition("://")[2] else "/?"
        return name, [(end, end, f"{sign}{name}={written(correction.value, fragment.form.style)}")]
    start, end = _pair(fragment.text, beside)
    line = fragment.text.rfind("\n", 0, start) + 1
    lead = fragment.text[line:start]
    stands_alone = _stands_alone(fragment.text, start, end)
    at = start if not stands_alone else line
    quote = fragment.text[start : beside.name_start]
    assigned = fragment.text[beside.name_start + len(beside.prefix + beside.name) : beside.start]
    new = correction.value if correction.code else written(correction.value, beside.style)
    name = name.lower() if beside.name.islower() and fragment.form.slug == "env" else name
    pair = f"{quote}{beside.prefix}{name}{_aligned(assigned, len(beside.name), len(name))}{new}"
    if stands_alone:
        comma = "," if beside.style in _COMMAS else ""
        return beside.prefix + name, [(at, at, f"{lead}{pair}{comma}\n")]
    return beside.prefix + name, [(at, at, f"{pair}{_separator(fragment, end)}")]


def _aligned(assigned: str, before: int, now: int) -> str:
    """The sign that assigns, where it stands below the others: ``user      =``."""
    blanks = len(assigned) - len(assigned.lstrip(" "))
    return " " * max(1, blanks + before - now) + assigned.lstrip(" ") if blanks > 1 else assigned


def _pair(text: str, setting: Setting) -> tuple[int, int]:
    """Where a setting begins and ends, with the quotes of its name."""
    start = setting.name_start
    if start and text[start - 1] in "\"'":
        start -= 2 if text[start - 2 : start - 1] == "\\" else 1
    return start, setting.end


def _line_of(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the line begins on which something begins, and where the one ends on which it ends."""
    following = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if following < 0 else following


def _stands_alone(text: str, start: int, end: int) -> bool:
    line, following = _line_of(text, start, end)
    return bool(_LEAD.fullmatch(text, line, start) and _TAIL.fullmatch(text, end, following))


def _separator(fragment: Fragment, end: int) -> str:
    """What stands between two settings on one line."""
    if fragment.form.style in ("url", "go"):
        return "&"
    after = re.match(r"[ \t]{0,8}[,;][ \t]{0,8}", fragment.text[end : end + 20])
    if after and after[0].strip() == ";":
        return after[0]
    if fragment.form.style in ("odbc", "dotnet"):
        return ";"
    return ", "


def _removal(text: str, setting: Setting) -> tuple[int, int, str]:
    """Take a setting out with the one separator that stood for it."""
    start, end = _pair(text, setting)
    if not setting.is_named:  # what an address says of the user: jane:password@
        return (start - 1, end, "") if text[start - 1 : start] == ":" else (start, end, "")
    if _stands_alone(text, start, end):
        line, following = _line_of(text, start, end)
        tail = _TAIL.match(text, end)
        if setting.style in _COMMAS and not (tail and tail[1]):
            before = len(text[:line].rstrip())
            if text[before - 1 : before] == ",":  # the last one of its list leaves no comma behind
                return before - 1, following, ""
        return line, min(following + 1, len(text)), ""
    after = re.match(r"[ \t]{0,8}[,;&][ \t]{0,8}", text[end : end + 20])
    if after:
        return start, end + after.end(), ""
    before_it = re.search(r"[ \t]{0,8}[,;&][ \t]{0,8}$", text[max(0, start - 20) : start])
    return (start - len(before_it[0]) if before_it else start), end, ""
