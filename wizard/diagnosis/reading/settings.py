"""Settings of clients, in whatever form they are pasted: what they give, and how. No secret value is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wizard.diagnosis.facts import Fact
from wizard.diagnosis.reading.fragments import (
    Piece,
    fragment_of,
    has_setting,
    is_variable,
    kind_of_content,
    path_in,
    pieces_of,
)
from wizard.diagnosis.reading.key import TAKEN_OUT
from wizard.diagnosis.reading.recognised import LONGEST_VALUE, Recognised
from wizard.diagnosis.settings.form import SECTION
from wizard.diagnosis.settings.value import Value


def read_settings(text: str) -> tuple[Recognised, ...]:
    """Read settings, the fragment of each connection apart; nothing where there are none."""
    pieces = pieces_of(text)
    found = []
    sources: set[str] = set()
    for piece in pieces:
        source = _source(piece, several=len(pieces) > 1)
        if source in sources:
            source = f"{source} ({sum(one.startswith(source) for one in sources) + 1})"
        sources.add(source)
        found.append(_recognised(text, piece, source, [one for one in pieces if one is not piece]))
    return tuple(found)


def _source(piece: Piece, *, several: bool) -> str:
    """What a fragment is called: by its section where it is one of several."""
    if not several or not piece.section:
        return piece.form.title
    if piece.form.slug == "connections-toml":
        return f"the connection {piece.section}"
    return f"{piece.section} of {piece.form.title}"


def _recognised(text: str, piece: Piece, source: str, others: list[Piece]) -> Recognised:
    form = piece.form
    facts = [Fact("settings", form.slug, source), *settings_facts(_values(piece), source)]
    if form.client:
        facts.append(Fact("client", form.client, source))
    if piece.section:
        facts.append(Fact("setting-section", piece.section, source))
    for pair in piece.pairs:
        if pair.name and form.passes_over(pair.name):
            facts.append(Fact("setting-unread", pair.name, source))
        if pair.setting == "key-path" and not pair.value.is_sound and "\\" in pair.value.text:
            facts.append(Fact("setting-escapes", pair.setting, source))
    section = f" [{piece.section}]" if piece.section and piece.section not in source else ""
    fragment = fragment_of(text, piece, source, others)
    return Recognised("settings", f"Settings: {source}{section}", tuple(dict.fromkeys(facts)), fragment)


def _values(piece: Piece) -> dict[str, Value]:
    """The first value of each setting."""
    found: dict[str, Value] = {}
    for pair in piece.pairs:
        if not (pair.setting == "host" and pair.name and not pair.value.text):  # Airflow's host stays empty
            found.setdefault(pair.setting, pair.value)
    name = found.get("account-name")
    if name and "organization" in found:
        found.setdefault("account", Value(f"{found['organization'].text}-{name.text}", name.is_literal))
    elif name:
        found.setdefault("account", name)
    return found


def without_settings(text: str) -> str:
    """The lines of a text that are no settings."""
    return "\n".join(line for line in text.split("\n") if not _is_setting(line))


def _is_setting(line: str) -> bool:
    if SECTION.match(line) or not any(character.isalpha() for character in line):
        return True
    return has_setting(line)


def settings_facts(values: Mapping[str, Value], source: str) -> Iterator[Fact]:
    """Yield settings as facts: of what is secret, only whether and how it is given."""
    for setting in ("account", "host", "region", "user", "role", "warehouse"):
        value = values.get(setting)
        if value and value.is_literal and not is_variable(value.text):
            yield Fact(f"setting-{setting}", value.text[:LONGEST_VALUE], source)
    if "authenticator" in values:
        yield Fact("setting-authenticator", values["authenticator"].text[:40], source)
    if "key-path" in values:
        path = values["key-path"].text
        yield Fact("setting-key-path", "content" if TAKEN_OUT in path else path[:LONGEST_VALUE], source)
    if "key-content" in values:
        kind = kind_of_content(values["key-content"])
        yield Fact("setting-key-content", kind, source)
        if kind == "path":
            yield Fact("setting-path-as-content", path_in(values["key-content"])[:LONGEST_VALUE], source)
    passphrase = values.get("passphrase")
    given = "missing" if passphrase is None else "given" if passphrase.text else "empty"
    yield Fact("setting-passphrase", given, source)
    if "password" in values and values["password"].text:
        yield Fact("setting-password", "given", source)
