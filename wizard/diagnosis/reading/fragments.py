"""Cuts settings into the fragments of one connection each, and takes what is secret out of what is kept of them.

The forms have little in common but this: a name that a client knows, a sign that assigns, and a value. So one pattern
cuts them all; what stands around says which form it is, and where the next connection begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise
from types import MappingProxyType
from typing import Final

from wizard.diagnosis.reading.key import PUBLIC_TAKEN_OUT, TAKEN_OUT
from wizard.diagnosis.settings.form import NAMES, SECRET, SECTION, Form, form_of, setting_of
from wizard.diagnosis.settings.fragment import PLACEHOLDERS, Fragment, Setting
from wizard.diagnosis.settings.value import Style, Value, read_value

_PREFIX: Final = r"(?:snowflake_connections_[a-z0-9]{1,40}_|snowflake_|snowsql_)?"
_NAME: Final = "|".join(name.replace("_", "[_-]?").replace(".", r"\.") for name in sorted(NAMES, key=len, reverse=True))
_VALUE: Final = (
    r"[rbf]?\"{3}[^\"]{0,4000}\"{3}|[rbf]?'{3}[^']{0,4000}'{3}"
    r"|\\\"(?:[^\"\\\n]|\\\\){0,400}\\\""
    r"|[rbf]?\"(?:[^\"\\\n]|\\[^\n]){0,400}\"|[rbf]?\"[^\"\n]{0,400}\""
    r"|[rbf]?'(?:[^'\\\n]|\\[^\n]){0,400}'|[rbf]?'[^'\n]{0,400}'"
    r"|[|>][+-]?[ \t]{0,8}\n[^\n]{0,400}"
    r"|\{[^{}\n]{1,400}\}"
    r"|[A-Za-z_][\w.]{0,60}(?:\([^()\n]{0,200}(?:\([^()\n]{0,200}\)[^()\n]{0,200}){0,2}\)"
    r"|\[[^\]\n]{0,100}\])[\w.()]{0,40}"
    r"|[^\s,;&'\"\n)}\]]{0,400}"
)
_PAIR: Final = re.compile(
    rf"(?<![a-z0-9_.-])(?P<prefix>{_PREFIX})(?P<name>{_NAME})"
    rf"\\?[\"']?[ \t]{{0,20}}(?:=>|[:=])[ \t]{{0,20}}(?P<value>{_VALUE})",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"(?:jdbc:snowflake://|snowflake(?:\+\w{1,20})?://)"
    r"(?:(?P<user>[^\s:/@'\"?]{1,255})(?::(?P<password>[^\s@'\"?]{0,400}))?@)?(?P<place>[A-Za-z0-9_.-]{1,255})?"
)
_GO: Final = re.compile(
    r"(?<![\w.%/:-])(?P<user>[\w.%-]{1,255})(?::(?P<password>[^\s@/'\"]{0,400}))?@(?P<place>[\w.-]{1,255})"
)
_OPENER: Final = re.compile(
    r"^[ \t]{0,8}\[{1,2}[^\]\n\[]{1,90}\]{1,2}[ \t]*$|provider[ \t]{1,8}\"snowflake\"|jdbc:snowflake:"
    r"|AIRFLOW_CONN_(?P<airflow>[A-Z0-9_]{1,60})|(?:connect|create_engine|createConnection|createPool|configs)\(",
    re.MULTILINE,
)
_CONNECTION: Final = re.compile(r"snowflake_connections_([a-z0-9]{1,40})_", re.IGNORECASE)
_KEY_LINE: Final = re.compile(r"^([ \t]{0,80})(?:- )?[\"']?([\w.-]{1,80})[\"']?:", re.MULTILINE)
_LIKE_A_SETTING: Final = {
    "dbt": re.compile(r"[ \t]{1,80}(?:- )?[\"']?[a-z_][\w-]{0,60}[\"']?:(?: [^\n]{0,400})?"),
    "": re.compile(
        r"[ \t]{0,80}(?:export |set |\$env:|ENV )?[\"']?[\w.-]{1,60}[\"']?[ \t]{0,40}=[^=][^\n]{0,400}"
        r"|[ \t]{0,80}[\"'][\w.-]{1,60}[\"'][ \t]{0,40}:[^\n]{0,400}"
    ),
}
_CLOSING: Final = re.compile(r"[ \t]{0,80}[)\]}'\",;]{1,20}[ \t]{0,80}")
_MORE_SECRETS: Final = re.compile(
    r"(?:secret|token|passw|pwd|passphrase|passcode|credential|api_?key|access_?key|private)[\w.-]{0,60}\\?[\"']?"
    r"[ \t]{0,20}(?:=>|[:=])[ \t]{0,20}"
    r"(?P<value>\"[^\"\n]{0,400}\"|'[^'\n]{0,400}'|[^\s;&'\"\n]{0,399}[^\s,;&'\"\n)}\]])"
    r"|://[^\s:/@]{1,100}:(?P<word>[^\s@?]{1,200})@",
    re.IGNORECASE,
)
_A_VARIABLE: Final = re.compile(
    r"\$|\{\{|%[A-Z]|os\.|env(?:\.|\(|_var)|var\.|process\.|file\(|open\(|None$", re.IGNORECASE
)
_REFERENCE: Final[Mapping[Style, re.Pattern[str]]] = MappingProxyType(
    {
        "dbt": re.compile(r"\{\{[^{}\n]{1,300}\}\}"),
        "hcl": re.compile(r"\$\{[^{}\n]{1,300}\}"),
        "shell": re.compile(r"\$(?:\w{1,100}|\{\w{1,100}\})"),
        "plain": re.compile(r"\$(?:\w{1,100}|\{\w{1,100}\})|%\w{1,100}%"),
        "powershell": re.compile(r"\$(?:env:)?\w{1,100}"),
    }
)
"""How a value that stands there as text names a variable, in the forms that fill one in."""
_AFTER_A_SECRET: Final = MappingProxyType({"url": "&", "go": "&", "odbc": ";", "dotnet": ";"})
"""What ends a value without quotes, where more than one stands on a line."""
_IS_A_VARIABLE: Final = re.compile(r"\$(?:\w{1,100}|\{[^{}\n]{1,200}\})|%\w{1,100}%|\{\{[^{}\n]{1,300}\}\}|None")
_A_PATH: Final = re.compile(
    r"(?:file:)?(?:[A-Za-z]:[\\/]|/|~|\.{1,2}[\\/]|\$HOME)[^\n]{0,300}|[\w./\\-]{1,200}\.(?:p8|pem|key|der)"
)
_A_CALL: Final = re.compile(r"(?:file|pathexpand|open)\(")
"""A call that stands in quotes, and so is none."""
_LEAST: Final = 2
_MOST: Final = 12
_MOST_OPENERS: Final = 100
_MOST_SETTINGS: Final = 300
"""How many connections of a paste are looked at."""
_TELLING: Final = frozenset(("account", "account-name", "host", "user", "key-path", "key-content", "authenticator"))
_WHO: Final = frozenset(("account", "account-name", "host", "user"))
_TWICE: Final = frozenset(("account", "user"))
_WHOLE_LINE: Final = frozenset(("toml", "dbt", "plain", "shell"))
"""Where a value without quotes goes on to the end of its line."""
_INLINE: Final = frozenset(("url", "go", "odbc", "dotnet"))


def is_variable(value: str) -> bool:
    """Whether a value is not there itself, but comes from the environment or a file."""
    return bool(_A_VARIABLE.match(value))


def kind_of_content(value: Value) -> str:
    """What stands where the text of a key belongs: empty, public, text, variable or path."""
    text = value.text
    if not text or text.lower() in ("null", "none"):
        return "empty"
    if PUBLIC_TAKEN_OUT in text:
        return "public"
    if TAKEN_OUT in text:
        return "text"
    if value.is_literal and _A_CALL.match(text):
        return "path"
    if not value.is_literal or (is_variable(text) and not text.startswith("$HOME")):
        return "variable"
    return "path" if _A_PATH.fullmatch(text) else "text"


def path_in(value: Value) -> str:
    """The path in what stands in a key's place, out of a call that stands in quotes: ``"file(~/rsa_key.p8)"``."""
    text = value.text
    while call := _A_CALL.match(text):
        text = text[call.end() :].removesuffix(")").strip("\"'\\ ")
    return text


def has_setting(line: str) -> bool:
    """Whether a setting stands in a line."""
    return any(setting_of(pair["name"]) for pair in _PAIR.finditer(line))


@dataclass(slots=True)
class Pair:
    """A setting in the pasted text, with its value, which may be secret: it goes no further than this reading."""

    setting: str
    name: str
    prefix: str
    name_start: int
    start: int
    end: int
    token: str = field(repr=False)
    value: Value = field(repr=False)
    style: Style = "plain"

    @property
    def is_secret(self) -> bool:
        """Whether its value is one that nobody may see: not a variable's name, nor a path in a key's place."""
        if self.setting == "key-content":
            return kind_of_content(self.value) in ("text", "public")
        return self.setting in SECRET and bool(self.value.text) and not self._is_reference

    @property
    def _is_reference(self) -> bool:
        """Whether the value names a variable, whole, and in a way that its form knows. In doubt it is a secret."""
        if not self.value.is_literal:
            return is_variable(self.value.text)
        pattern = _REFERENCE.get(self.style)
        return bool(pattern and not self.token.startswith("'") and pattern.fullmatch(self.value.text))


@dataclass(slots=True)
class Piece:
    """Where in the text the settings of one connection stand; ``section`` is what it is called there."""

    form: Form
    start: int
    pairs: list[Pair]
    section: str = ""
    opened: int = -1


def are_settings(text: str) -> bool:
    """Whether a text is settings, or holds some, before it is known of which connections."""
    form = form_of(text)
    if form is None:
        return False
    found = {setting_of(pair["name"]) for pair in islice(_PAIR.finditer(text), _MOST_SETTINGS)} - {""}
    if (_GO if form.slug == "go-dsn" else _ADDRESS).search(text):
        found |= {"host", "user"}
    return len(found) >= _LEAST and bool(found & _TELLING)


def pieces_of(text: str) -> list[Piece]:
    """Cut a text into the settings of one connection each."""
    whole = form_of(text)
    if whole is None:
        return []
    openers = [(found.start(), found) for found in islice(_OPENER.finditer(text), _MOST_OPENERS)]
    bounds = [0, *(start for start, _ in openers), len(text)]
    pieces: list[Piece] = []
    for at, (start, end) in enumerate(pairwise(bounds)):
        form = form_of(text[start:end]) or whole
        opener = openers[at - 1][1] if at else None
        section = SECTION.match(text, start)
        name = section[1] if section else opener["airflow"].lower() if opener and opener["airflow"] else ""
        told = Piece(form, start, _pairs(text, start, end, form), name, start if opener else -1)
        belongs = pieces and not section and not any(pair.setting in _WHO for pair in told.pairs)
        if belongs:
            pieces[-1].pairs += told.pairs
        else:
            pieces += _apart(text, told)
    telling = (
        piece
        for piece in pieces
        if len({pair.setting for pair in piece.pairs}) >= _LEAST and any(p.setting in _TELLING for p in piece.pairs)
    )
    return list(islice(telling, _MOST))


def _pairs(text: str, start: int, end: int, form: Form) -> list[Pair]:
    pairs = []
    for found in islice(_PAIR.finditer(text, start, end), _MOST_SETTINGS):
        if not (setting := setting_of(found["name"])):
            continue
        token, stop = found["value"], found.end()
        style = _style(text, found, token, form)
        if token and token[0] not in "\"'|>{[\\":
            if setting in SECRET:
                token = _to_its_very_end(text, found, token, style)
            elif style in _WHOLE_LINE:
                token = _to_the_end_of_the_line(text, found, token)
            stop = found.start("value") + len(token)
        pairs.append(
            Pair(setting, found["name"], found["prefix"], found.start(), found.start("value"), stop, token,
                 read_value(token, style), style)
        )  # fmt: skip
    address = (_GO if form.slug == "go-dsn" else _ADDRESS).search(text, start, end)
    if address:
        place = "account" if form.slug in ("sqlalchemy-url", "go-dsn") else "host"
        if place == "account" and ("snowflakecomputing" in (address["place"] or "") and form.slug == "go-dsn"):
            place = "host"
        for name, setting in (("user", "user"), ("password", "password"), ("place", place)):
            at, stop = address.span(name)
            if at >= 0 and (form.slug != "airflow" or setting != "host"):
                token = text[at:stop]
                pairs.append(Pair(setting, "", "", at, at, stop, token, read_value(token, "url"), form.style))
    return sorted(pairs, key=lambda pair: pair.start)


def _style(text: str, found: re.Match[str], token: str, form: Form) -> Style:
    if token.startswith('\\"') or (form.style == "json" and text[found.end("name") : found.end("name") + 2] == '\\"'):
        return "nested-json"
    before = text[found.start() - 1 : found.start()]
    if form.slug == "airflow" and before in ("&", "?"):
        return "url"
    if form.style == "properties" and text[found.end("name") : found.end("name") + 1] == '"':
        return "json"
    if form.slug == "env":
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip().lower()
        return "powershell" if line == "$env:" else "plain" if line == "set" else "shell"
    return form.style


def _to_the_end_of_the_line(text: str, found: re.Match[str], token: str) -> str:
    """A value without quotes in a form that has one setting a line."""
    end = text.find("\n", found.start("value"))
    line = text[found.start("value") : end if end >= 0 else len(text)]
    if token.lstrip() != token or _PAIR.search(line):
        return token
    return line.partition(" #")[0].rstrip().rstrip(",")


def _to_its_very_end(text: str, found: re.Match[str], token: str, style: Style) -> str:
    """A secret without quotes may hold signs that end other values: rather too much of the line than too little."""
    end = text.find("\n", found.start("value"))
    line = text[found.start("value") : end if end >= 0 else len(text)]
    if separator := _AFTER_A_SECRET.get(style):
        line = line.partition(separator)[0]
    line = re.split("[\"']", line, maxsplit=1)[0]
    if following := _PAIR.search(line):
        line = line[: following.start()]
    whole = line.rstrip(" \t,;&)}]")
    return whole if len(whole) > len(token) else token


def _apart(text: str, piece: Piece) -> Iterator[Piece]:
    """Cut a piece by its connections: outputs of YAML, the names in variables, a second user."""
    parents = _parents(text, piece) if piece.form.style == "dbt" else {}
    groups: dict[tuple[str, int], Piece] = {}
    count = 0
    seen: set[tuple[str, str]] = set()
    for pair in piece.pairs:
        section, start = parents.get(pair.start, (piece.section, piece.start))
        if connection := _CONNECTION.match(pair.prefix):
            section = connection[1].lower()
        if pair.setting in _TWICE and pair.name:
            if (section, pair.name) in seen:
                count += 1
                seen.clear()
            seen.add((section, pair.name))
        apart = Piece(piece.form, pair.start if count else start, [], section, -1 if count else piece.opened)
        groups.setdefault((section, count), apart).pairs.append(pair)
    return iter(groups.values())


def _parents(text: str, piece: Piece) -> dict[int, tuple[str, int]]:
    """The key of YAML below which each setting stands, and where that key's line begins, by where the setting is."""
    found: dict[int, tuple[str, int]] = {}
    above: list[tuple[int, str, int]] = []
    lines = iter([(one.start(), len(one[1]), one[2]) for one in _KEY_LINE.finditer(text)])
    following = next(lines, None)
    for pair in piece.pairs:
        line = text.rfind("\n", 0, pair.name_start) + 1
        while following and following[0] < line:
            at, width, name = following
            while above and above[-1][0] >= width:
                above.pop()
            above.append((width, name, at))
            following = next(lines, None)
        indent = _indent(text[line : pair.name_start])
        parent = next((one for one in reversed(above) if one[0] < indent), None)
        if parent:
            found[pair.start] = parent[1:]
    return found


def fragment_of(text: str, piece: Piece, source: str, others: list[Piece]) -> Fragment:
    """Return what is kept of a piece: its lines, without what is secret."""
    limit = min((one.pairs[0].start for one in others if one.pairs[0].start > piece.pairs[-1].start), default=len(text))
    floor = max((one.pairs[-1].end for one in others if one.pairs[-1].end < piece.pairs[0].start), default=0)
    start, end = _extent(text, piece, floor, limit)
    kept: list[str] = []
    settings: list[Setting] = []
    length = 0
    at = start

    def keep(words: str) -> None:
        nonlocal length
        kept.append(words)
        length += len(words)

    for pair in piece.pairs:
        keep(_without_secrets(text[at : pair.start]))
        value, token = pair.value.text, pair.token
        if pair.is_secret:
            value = PLACEHOLDERS[pair.setting]
            token = _in_its_quotes(pair, value)
        settings.append(
            Setting(
                pair.setting, pair.name, pair.prefix, value, pair.style, length - (pair.start - pair.name_start),
                length, length + len(token), pair.value.is_sound or pair.is_secret,
            )
        )  # fmt: skip
        keep(token)
        at = pair.end
    keep(_without_secrets(text[at:end]))
    return Fragment(piece.form, source, "".join(kept), tuple(settings))


def _in_its_quotes(pair: Pair, value: str) -> str:
    token = pair.token.strip()
    if token.startswith('\\"'):
        return f'\\"{value}\\"'
    if '"""' in token[:4] or "'''" in token[:4] or token[:1] in ("|", ">"):
        return f'"{value}"'
    quote = next((sign for sign in token[:2] if sign in "\"'"), "")
    if quote:
        return f"{quote}{value}{quote}"
    return f'"{value}"' if pair.style in ("python", "json", "hcl", "toml") else value


def _without_secrets(text: str) -> str:
    pieces = []
    at = 0
    for found in _MORE_SECRETS.finditer(text):
        group = "value" if found["value"] else "word"
        start, end = found.span(group)
        if start < 0 or _IS_A_VARIABLE.fullmatch(found[group].strip("\"'")):
            continue
        quote = found[group][0] if found[group][0] in "\"'" else ""
        pieces += [text[at:start], f"{quote}{PLACEHOLDERS['other']}{quote}"]
        at = end
    return (
        "".join((*pieces, text[at:])).replace(TAKEN_OUT, PLACEHOLDERS["other"]).replace(PUBLIC_TAKEN_OUT, "PUBLIC_KEY")
    )


def _extent(text: str, piece: Piece, floor: int, limit: int) -> tuple[int, int]:
    """From where to where the lines of a piece go."""
    first, last = piece.pairs[0].name_start, piece.pairs[-1].end
    line = text.rfind("\n", 0, first) + 1
    if piece.form.style in _INLINE:
        begins = max((text.rfind(quote, line, first) + 1 for quote in "\"'"), default=line)
        start = max(line, begins, floor)
        opened = text.find("jdbc:", start, first)
        start = opened if opened >= 0 else start
        end = last
        while end < min(limit, len(text)) and text[end] not in "\"' \n\t":
            end += 1
        return start + len(text[start:first]) - len(text[start:first].lstrip()), end
    like = _LIKE_A_SETTING["dbt" if piece.form.style == "dbt" else ""]
    start = max(floor, min(line, piece.opened if piece.opened >= 0 else line, piece.start if piece.section else line))
    if piece.opened >= 0 or piece.section:
        start = max(floor, text.rfind("\n", 0, start) + 1)
    while start > floor:
        above = text.rfind("\n", 0, start - 1) + 1
        words = text[above : start - 1]
        opens = words.rstrip().endswith(("{", "(", ":")) and len(words) < 100
        if above < floor or not words.strip() or not (like.fullmatch(words) or opens) or piece.section:
            break
        start = above
    end = _line_end(text, last)
    while end < limit:
        following = _line_end(text, end + 1)
        words = text[end + 1 : following]
        shallower = piece.form.style == "dbt" and _indent(words) < _indent(text[line:first])
        if following > limit or shallower or not (_CLOSING.fullmatch(words) or like.fullmatch(words)):
            break
        end = following
    return start, min(end, len(text))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
