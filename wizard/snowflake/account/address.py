"""Takes a web address apart, and lets through only what a host name of Snowflake's can be made of.

Done by hand on purpose: the ways in which URL libraries disagree about ``a@b``, ``\\``, line breaks and full-width dots
are what attacks are made of. Here the host is whatever stands before the first ``/ ? # \\`` or ``:``, and every one of
its characters is an ASCII letter, a digit, a hyphen, an underscore or a dot, or the address is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from wizard.snowflake.account.errors import WHERE_TO_FIND_IT, AccountError, shown
from wizard.unseen import codepoint

MAX_LABEL = 63
"""Longest part of a host name between two dots, in characters (RFC 1035, section 2.3.4)."""

_SCHEME = re.compile(r"((?:jdbc:)?[A-Za-z][A-Za-z0-9+]{0,15}):/{1,2}")
_SCHEMES: Final = frozenset(("http", "https", "snowflake", "jdbc:snowflake"))
_PORT = re.compile(r":([0-9]{1,5})")
NUMBERS = re.compile(r"[0-9.]+")


@dataclass(frozen=True, slots=True)
class Address:
    """``https://host:8443/a/b?c#d`` taken apart.

    ``decorated``: there is more to it than a host or identifier; ``by_client``: it is a URL of one of Snowflake's
    own schemes, as drivers take it.
    """

    host: str  # letters in the case they were typed in, ASCII, labels of letters, digits, "-", "_"
    port: str
    path: tuple[str, ...]
    decorated: bool
    by_client: bool


def take_apart(text: str) -> Address:
    """Take an address, a host or an identifier apart. Raises AccountError when its host holds anything odd."""
    schemes = []
    while scheme := _SCHEME.match(text):  # twice, where somebody put one in front of another
        schemes.append(scheme[1].lower())
        if schemes[-1] not in _SCHEMES:
            raise AccountError(f"An address that begins with {shown(scheme[0])} is not one of Snowflake's.")
        text = text[scheme.end() :]
    authority = re.split(r"[/?#\\]", text, maxsplit=1)[0]
    rest = text[len(authority) :]
    if "@" in authority:
        # SQLAlchemy and Go put the user in front. Anything else with an @ is an e-mail address, or a trick.
        if "snowflake" not in schemes:
            raise AccountError(
                "There is an @ in it, as in an e-mail address; the name of an account has none.",
                "If this is a connection string, paste only what stands behind the @. "
                f"The user comes in the next step. {WHERE_TO_FIND_IT}",
            )
        authority = authority.rpartition("@")[2]
    host, colon, _ = authority.partition(":")
    port = _PORT.fullmatch(authority[len(host) :])
    if colon and not port and authority[len(host) :] != ":":
        raise AccountError(f"{shown(authority)} can't be read: a colon stands where none belongs.")
    host = host.rstrip(".")
    _refuse_odd_characters(host)
    return Address(
        host=host,
        port=port[1] if port else "",
        path=tuple(part for part in re.split(r"[?#]", rest, maxsplit=1)[0].split("/") if part),
        decorated=bool(colon or rest) or any(scheme.startswith("http") for scheme in schemes),
        by_client=any("snowflake" in scheme for scheme in schemes),
    )


def _refuse_odd_characters(host: str) -> None:
    """Let through only labels of ASCII letters, digits, hyphens and underscores, and say what else was there."""
    for character in host:
        if character in "<>{}$%[]":
            raise AccountError(
                f"{shown(host)} holds a placeholder or a variable, not the name itself.",
                f"Put the real name in its place. {WHERE_TO_FIND_IT}",
            )
        if not character.isascii():
            raise AccountError(
                f"{shown(host)} holds a character that only looks plain: {codepoint(character)}.",
                "Names of accounts have the letters A to Z, digits, hyphens and underscores. Type it by hand.",
            )
        if not (character.isalnum() or character in "._-"):
            raise AccountError(
                f"{shown(host)} holds {shown(character)}, which no account name has.",
                f"Names of accounts have letters, digits, hyphens and underscores. {WHERE_TO_FIND_IT}",
            )
    if not host:
        raise AccountError("There is no name in this address.")
    if NUMBERS.fullmatch(host):
        raise AccountError(f"{shown(host)} is the address of a machine, not a Snowflake account.")
    for label in host.split("."):
        if label == "":
            raise AccountError(f"In {shown(host)} there is nothing between two dots, or before the first.")
        if len(label) > MAX_LABEL:
            raise too_long(label)
        if label[0] == "-" or label[-1] in "-_":
            raise AccountError(
                f"{shown(label)} begins or ends with a hyphen or underscore: a piece of it seems to be missing.",
                f"Copy the whole identifier. {WHERE_TO_FIND_IT}",
            )


def too_long(label: str) -> AccountError:
    """Say that a label is longer than DNS allows."""
    return AccountError(
        f"{shown(label)} has {len(label)} characters; the name in an address has {MAX_LABEL} at most, "
        "and that is organization and account together.",
        "If the account is really called that, use its locator with the region instead: "
        "SELECT CURRENT_ACCOUNT(), CURRENT_REGION(); shows both.",
    )
