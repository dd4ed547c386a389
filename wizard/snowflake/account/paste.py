"""Finds, in whatever was pasted, the words that name a Snowflake account.

People paste a URL, an identifier, a line of a config file, two cells of a result, a whole dialog. This module looks
for the part that counts and hands it on as a :class:`Clue`; it decides nothing about hosts. Whatever it finds is
still untrusted text: :mod:`wizard.snowflake.account` reads it under the strict rules.

Every search here is linear, and texts beyond a size nobody needs are refused first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from wizard.problem import Problem
from wizard.snowflake.account.regions import looks_like_region_id, looks_like_suffix
from wizard.unseen import bends, codepoint

MAX_CHARACTERS: Final = 4_096
"""Longest text read; a whole connection section of a config file fits many times."""

MAX_JSON_CHARACTERS: Final = 262_144
"""Longest JSON read: the answer of ``SYSTEM$ALLOWLIST()`` lists dozens of hosts."""

WHERE_TO_FIND_IT: Final = (
    "In Snowsight, open the account menu, choose “View account details”, and copy the account identifier. "
    "It looks like MYORG-MY_ACCOUNT."
)


class AccountError(Problem):
    """What was pasted can't be read as one account."""

    def __init__(self, message: str, fix: str = WHERE_TO_FIND_IT, *, cause: str = "") -> None:
        super().__init__(message, fix, cause=cause)


class RegionMissing(AccountError):  # noqa: N818  (an answer that is missing, more than an error)
    """The text may be a locator (``locator``, upper case), and a locator means nothing without its region."""

    def __init__(self, message: str, fix: str, *, locator: str) -> None:
        super().__init__(message, fix, cause="account-not-found")
        self.locator = locator


@dataclass(frozen=True, slots=True)
class Clue:
    """What a paste says about the account, unjudged: an address or identifier, or the parts of one.

    ``account`` stands beside an ``address`` when both were given, as in a JDBC URL. ``region`` is a region ID or a
    suffix as pasted.
    """

    address: str = ""
    account: str = ""
    organization: str = ""
    name: str = ""
    locator: str = ""
    region: str = ""
    notes: tuple[str, ...] = ()


def shown(text: str, limit: int = 60) -> str:
    """Quote a piece of a paste for a message: cut to ``limit`` characters, nothing invisible left invisible."""
    visible = "".join(
        character if character.isprintable() else f"[{codepoint(character)}]" for character in text[:limit]
    )
    return f"“{visible}…”" if len(text) > limit else f"“{visible}”"


def find_clue(text: str) -> Clue:
    """Find what names the account in ``text``.

    Raises AccountError when the text is empty, too long, something else altogether (a key, a statement), or when
    it names several accounts.
    """
    text, notes = _tidied(text)
    clue = _in_json(text)
    if clue is None:
        if len(text) > MAX_CHARACTERS:
            raise _too_much(text)
        _refuse_what_is_something_else(text)
        searches: tuple[Callable[[str], Clue | None], ...] = (_in_jdbc_url, _in_table, _in_labels)
        clue = next((found for search in searches if (found := search(text))), None) or _in_words(text)
    if max(len(clue.address), len(clue.account), len(clue.organization), len(clue.name)) > MAX_CHARACTERS:
        raise _too_much(clue.address)
    return replace(clue, notes=notes + clue.notes)


def _too_much(text: str) -> AccountError:
    return AccountError(
        f"This text has {len(text):,} characters; the name of an account has a few dozen.",
        "Paste only the account identifier, its web address, or the line that names the account.",
    )


# --- tidying -----------------------------------------------------------------------------------------------------

# Word processors and chat programs put these where a keyboard has a plain hyphen, quote or space.
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_PLAIN: Final = str.maketrans(
    dict.fromkeys(_DASHES, "-")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u2018\u2019\u201a", "'")
    | dict.fromkeys("\u00a0\u2007\u202f", " ")
)
_EDGES: Final = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff"


def _tidied(text: str) -> tuple[str, tuple[str, ...]]:
    if len(text) > MAX_JSON_CHARACTERS:
        raise _too_much(text)
    text = text.strip(_EDGES)
    if not text:
        raise AccountError("Nothing was entered.")
    plain = text.translate(_PLAIN)
    for character in dict.fromkeys(plain):
        if character not in "\t\r\n" and bends(character):
            raise AccountError(
                f"There is a character in it that can't be seen: {codepoint(character)}.",
                "Type the account by hand, or copy it once more from Snowflake itself.",
            )
    notes = ("Read the long dash as a plain hyphen.",) if any(dash in text for dash in _DASHES) else ()
    return plain, notes


_STATEMENT = re.compile(r"(?i)(?:select|show|desc|describe|alter|create|use|call)\s")


def _refuse_what_is_something_else(text: str) -> None:
    if "-----BEGIN" in text:
        raise AccountError(
            "This is a key or a certificate, not an account.",
            f"The key comes in a later step; a private key should never be pasted here. {WHERE_TO_FIND_IT}",
        )
    if _STATEMENT.match(text) and ("(" in text or ";" in text) and "://" not in text:
        raise AccountError(
            "This is an SQL statement, not its answer.",
            "Run it in a Snowflake worksheet, and paste what it returns.",
        )


# --- JSON --------------------------------------------------------------------------------------------------------

_JSON_AHEAD = re.compile(r"(?:\"?SYSTEM\$[A-Z_]{1,40}\([^)\n]{0,40}\)\"?\s{1,8})?(?=\"?[\[{])")

# Types of SYSTEM$ALLOWLIST(), best first: the address by organization and account needs no region.
# https://docs.snowflake.com/en/sql-reference/functions/system_allowlist
_ALLOWLIST_TYPES: Final = ("SNOWFLAKE_DEPLOYMENT_REGIONLESS", "SNOWFLAKE_DEPLOYMENT", "CLIENT_FAILOVER")

# Keys of SYSTEM$GET_PRIVATELINK_CONFIG(), best first.
# https://docs.snowflake.com/en/sql-reference/functions/system_get_privatelink_config
_PRIVATELINK_KEYS: Final = ("regionless-privatelink-account-url", "privatelink-account-url")


def _in_json(text: str) -> Clue | None:
    ahead = _JSON_AHEAD.match(text)
    if not ahead:
        return None
    body = text[ahead.end() :]
    if body.startswith('"'):  # a cell of a CSV file
        body = body.strip('"').replace('""', '"')
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None  # a section of a TOML file begins with a bracket, too
    if isinstance(value, dict):
        for key in _PRIVATELINK_KEYS:
            if isinstance(url := value.get(key), str) and url:
                return Clue(address=url, notes=(f"Read the address under “{key}”.",))
        return None
    if isinstance(value, list) and any(isinstance(row, dict) and "host" in row for row in value):
        return _in_allowlist(row for row in value if isinstance(row, dict))
    return None


def _in_allowlist(rows: Iterable[Mapping[object, object]]) -> Clue:
    hosts: dict[str, list[str]] = {}
    for row in rows:
        kind, host = row.get("type"), row.get("host")
        if isinstance(kind, str) and isinstance(host, str):
            hosts.setdefault(kind, []).append(host)
    for kind in _ALLOWLIST_TYPES:
        if found := hosts.get(kind):
            # An account with underscores is listed twice; only that spelling shows its real name.
            host = next((host for host in found if "_" in host), found[0])
            return Clue(address=host, notes=(f"Read the address in the row {kind}.",))
    raise AccountError(
        "This is a list of hosts, but none of its rows is the address of an account.",
        "The answer of SELECT SYSTEM$ALLOWLIST(); has a row SNOWFLAKE_DEPLOYMENT_REGIONLESS: paste its host.",
    )


# --- JDBC --------------------------------------------------------------------------------------------------------

_JDBC = re.compile(r"(?i)jdbc:snowflake://[^\s\"'<>]+")
_JDBC_ACCOUNT = re.compile(r"(?i)[?&;]account=([^&;#\s]*)")


def _in_jdbc_url(text: str) -> Clue | None:
    url = _JDBC.search(text)
    if not url:
        return None
    account = _JDBC_ACCOUNT.search(url[0])
    return Clue(address=url[0], account=account[1] if account else "")


# --- labels and columns ------------------------------------------------------------------------------------------

_SLOTS: Final = {
    "account": "account",
    "account_identifier": "account",
    "accountname": "account",
    "accountidentifier": "account",
    "account_id": "account",
    "identifier": "account",
    "data_sharing_account_identifier": "sharing",
    "account_name": "name",
    "current_account_name": "name",
    "organization": "organization",
    "organization_name": "organization",
    "organisation": "organization",
    "organisation_name": "organization",
    "org": "organization",
    "org_name": "organization",
    "orgname": "organization",
    "current_organization_name": "organization",
    "account_locator": "locator",
    "locator": "locator",
    "current_account": "locator",
    "region": "region",
    "region_id": "region",
    "snowflake_region": "region",
    "current_region": "region",
    "host": "address",
    "hostname": "address",
    "server": "address",
    "server_url": "address",
    "account_url": "address",
    "account/server_url": "address",
    "connection_url": "address",
    "url": "address",
    "uri": "address",
}
_LABEL_WORDS: Final = sorted(_SLOTS, key=len, reverse=True)
_LABEL = re.compile(
    r"(?<![\w.?&#/+-])[\"']?(?:snowflake_|sf_)?(?:connections_\w{1,60}?_)?(?:extra__snowflake__)?"
    r"(?P<label>" + "|".join(word.replace("_", "[_ ]") for word in _LABEL_WORDS) + r")"
    r"[\"']?[ \t]{0,20}(?:=>|[=:\t\n])\s{0,20}"
    r"(?P<value>\"[^\"\n]{0,400}\"|'[^'\n]{0,400}'|[^\s\"',;&)}\]]{1,400})",
    re.IGNORECASE | re.ASCII,
)
_COMMENT: Final = ("#", "//", "--", ";")


def _canonical(label: str) -> str:
    return label.strip(" \t\"'`").removesuffix("()").lower().replace(" ", "_")


def _in_labels(text: str) -> Clue | None:
    lines = text.replace("\r", "\n").split("\n")
    kept = "\n".join(line for line in lines if not line.lstrip().startswith(_COMMENT))
    found: dict[str, list[str]] = {}
    for match in _LABEL.finditer(kept):
        value = match["value"].strip("\"' \t")
        if value and _canonical(value) not in _SLOTS:
            found.setdefault(_SLOTS[_canonical(match["label"])], []).append(value)
    return _clue_of(found)


def _clue_of(found: Mapping[str, list[str]]) -> Clue | None:
    """Put labelled values together; the slots are those of ``_SLOTS``."""
    values: dict[str, str] = {}
    for slot, candidates in found.items():
        if slot == "address":  # a config file has many addresses, most of them not Snowflake's
            candidates = [host for host in candidates if "snowflake" in host.lower()] or candidates[:1]
        distinct = {candidate.lower().rstrip("/."): candidate for candidate in candidates}
        if len(distinct) > 1:
            first, second, *_ = distinct.values()
            raise AccountError(
                f"Several accounts are named here: {shown(first, 40)} and {shown(second, 40)}.",
                "Paste only the part that belongs to the account you want to connect to.",
            )
        values[slot] = next(iter(distinct.values()))
    account = values.get("account", "")
    name = values.get("name", "")
    organization = values.get("organization", "")
    region = values.get("region", "")
    if organization and not name and account and not re.search(r"[.-]", account):
        account, name = "", account
    address = values.get("address", "")
    if address and ("snowflake" in address.lower() or not (account or name or values.get("locator"))):
        return Clue(address=address, account=account)
    if account:
        return Clue(address=account, region=region)
    if organization and name:
        return Clue(organization=organization, name=name)
    if values.get("locator"):
        return Clue(locator=values["locator"], region=region)
    if values.get("sharing"):
        return Clue(address=values["sharing"])
    if name:
        return Clue(address=name, region=region)
    if organization:
        raise AccountError(
            f"{shown(organization)} is the name of an organization; the account is missing.",
            f"An organization holds several accounts. {WHERE_TO_FIND_IT}",
        )
    return None


_RULE = re.compile(r"[\s+|=\-─┼│╌]+")


def _cells(line: str) -> list[str]:
    if "\t" in line:
        cells = line.split("\t")
    elif "|" in line:
        cells = line.strip().strip("|").split("|")
    elif "," in line:
        cells = line.split(",")
    else:
        cells = line.split()
    return [cell.strip(" \t\"'") for cell in cells]


def _in_table(text: str) -> Clue | None:
    """Read a result that was copied with its headings."""
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip() and not _RULE.fullmatch(line)]
    if len(lines) < 2:
        return None
    headings = [_canonical(cell) for cell in _cells(lines[0])]
    rows = [_cells(line) for line in lines[1:]]
    if not any(heading in _SLOTS for heading in headings):
        return None
    if any(len(row) != len(headings) or any(_canonical(cell) in _SLOTS for cell in row) for row in rows):
        return None
    found: dict[str, list[str]] = {}
    for row in rows:
        for heading, cell in zip(headings, row, strict=True):
            if cell and heading in _SLOTS:
                found.setdefault(_SLOTS[heading], []).append(cell)
    if len(rows) > 1 and len({tuple(row) for row in rows}) > 1:
        raise AccountError(
            f"This result has {len(rows)} rows; one account belongs in the box.",
            "Paste only the row of the account you want to connect to.",
        )
    return _clue_of(found)


# --- plain words -------------------------------------------------------------------------------------------------

_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]*-[A-Za-z0-9_-]*[A-Za-z0-9](?:\.privatelink)?", re.IGNORECASE)
# Words that stand around an identifier in a sentence, a dialog or a shell line, and are none themselves.
_NOISE: Final = frozenset(
    (
        *("account", "identifier", "account_identifier", "snowflake_account", "organization", "organisation", "url"),
        *("server", "host", "name", "locator", "region", "export", "set", "setx", "env", "is", "the", "our"),
    )
)


def _is_noise(word: str) -> bool:
    return word.lower() in _NOISE or _canonical(word) in _SLOTS or "(" in word or word == "-"


def _in_words(text: str) -> Clue:
    words = [word for word in (piece.strip("\"'`,;()[]") for piece in re.split(r"[\s|,;]+", text)) if word]
    if len(words) > 1:
        words = [word for word in words if not _is_noise(word)] or words
    # The same thing twice is one thing.
    words = list(dict.fromkeys(words))
    if not words:
        raise AccountError(f"There is no name in {shown(text)}.")
    if len(words) == 1:
        return Clue(address=words[0])
    if len(words) == 2 and (clue := _in_two_cells(text, words[0], words[1])):
        return clue
    return _in_a_sentence(words)


def _in_two_cells(text: str, first: str, second: str) -> Clue | None:
    for locator, region in ((first, second), (second, first)):
        if not _PLAIN_NAME.fullmatch(locator) or looks_like_region_id(locator):
            continue
        if looks_like_region_id(region) or (region.isascii() and looks_like_suffix(region.lower())):
            return Clue(locator=locator, region=region)
    if not (_PLAIN_NAME.fullmatch(first) and _PLAIN_NAME.fullmatch(second)):
        return None
    # Two words in a sentence are no cells; Snowflake answers in capitals.
    if not (re.search(r"[\t\n\r|,]", text) or (first.isupper() and second.isupper())):
        return None
    # Only the name of an account may hold an underscore.
    if "_" in first and "_" not in second:
        first, second = second, first
    note = f"Read as organization {first.upper()}, then account {second.upper()}."
    if re.fullmatch(r"[A-Za-z]{2,3}[0-9]{4,6}", second):
        note += (
            f" If {second.upper()} came from CURRENT_ACCOUNT() it is a locator, and doesn't belong here:"
            " take CURRENT_ACCOUNT_NAME()."
        )
    return Clue(organization=first, name=second, notes=(note,))


def _in_a_sentence(words: list[str]) -> Clue:
    hosts = [word for word in words if "snowflakecomputing." in word.lower() or "app.snowflake.c" in word.lower()]
    found = hosts or [word for word in words if _IDENTIFIER.fullmatch(word)]
    found = list({word.lower().strip("/.()[]<>!:"): word for word in found}.values())
    if len(found) == 1:
        word = found[0].strip("()[]<>!:.")
        return Clue(address=word, notes=(f"Out of the {len(words)} words that were pasted, read {shown(word)}.",))
    if found:
        raise AccountError(
            f"Several accounts may be meant here: {shown(found[0], 40)} and {shown(found[1], 40)}.",
            "Paste only the one you want to connect to.",
        )
    raise AccountError(
        f"These are {len(words)} separate words, and none of them is an account identifier or address.",
        WHERE_TO_FIND_IT,
    )
