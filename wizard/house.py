"""What a company makes its own: how the wizard looks, what it offers, and what its rules ask for.

A :class:`House` is made once, when the wizard starts, and never changes. Pages read it; what stands below the web is
handed the single values. Without a setting every field is the wizard's own.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from wizard.accent import COLOUR, Accent, AccentError, tokens_of
from wizard.folders import folder
from wizard.given import Given, SettingsError
from wizard.handover.rotation import ROTATION_DAYS
from wizard.journey import KEY_SOURCES, USUAL_ROLE
from wizard.problem import Problem
from wizard.snowflake.account import Account, read_account
from wizard.snowflake.user import read_role_name
from wizard.wildcard import fits

LINK_DAYS = 7
KEY_LINK_DAYS = 400
LONGEST_TITLE, LONGEST_LINE = 60, 200  # characters
LONGEST_NOTE, LONGEST_PATTERN = 400, 100  # characters
KEY_SIZES = (2048, 3072, 4096)  # bits
EXAMPLE_SERVICE_USER = "SVC_MY_TOOL"
LARGEST_LOGO = 64 * 1024  # bytes; it comes with the first page
MOST_PIXELS = 10_000  # a side
_PNG = b"\x89PNG\r\n\x1a\n"
# What draws nothing here: the policy of the pages allows no script and no style inside a file.
_NOT_IN_A_LOGO = re.compile(
    r"<(?:[^\s<>/:]+:)?(?:script|style|foreignObject|image|use)\b|\s(?:on[a-z]+|style)=|javascript:", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture for the head of each page. Width and height are in pixels, or in units of the drawing."""

    name: str
    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account that people here use: what they call it, and what it is. ``typed`` is what reads as this account."""

    name: str
    account: Account
    typed: str


@dataclass(frozen=True, slots=True)
class House:
    """The company's own, field by field as the settings of the same names say it."""

    title: str = ""
    logo: Logo | None = None
    accent: Accent | None = None
    support: str = ""
    note: str = ""
    accounts: tuple[KnownAccount, ...] = ()
    other_accounts: bool = False
    key_ways: tuple[str, ...] = KEY_SOURCES
    least_key_size: int = KEY_SIZES[0]
    passphrase_required: bool = False
    service_users: tuple[str, ...] = ()
    service_users_why: str = ""
    usual_role: str = USUAL_ROLE
    rotation_days: int = ROTATION_DAYS
    link_days: int = LINK_DAYS
    key_link_days: int = KEY_LINK_DAYS

    @property
    def support_is_link(self) -> bool:
        return self.support.startswith("https://") and " " not in self.support

    @property
    def key_sizes(self) -> tuple[int, ...]:
        """The sizes that a key may be made in, in bits."""
        return tuple(size for size in KEY_SIZES if size >= self.least_key_size)

    def is_service_user(self, name: str) -> bool:
        """Tell whether a user's name is one that service users have here."""
        return not self.service_users or any(fits(pattern, name) for pattern in self.service_users)

    @property
    def service_users_in_words(self) -> str:
        """Say how service users are named here, or nothing where there is no rule."""
        named = f"Service users here are named {' or '.join(self.service_users)}." if self.service_users else ""
        return f"{named} {self.service_users_why}".strip()

    @property
    def example_service_user(self) -> str:
        """A name such as a service user here has."""
        if self.is_service_user(EXAMPLE_SERVICE_USER):
            return EXAMPLE_SERVICE_USER
        return self.service_users[0].replace("*", "MY_TOOL").replace("?", "X").upper()

    @property
    def only_account(self) -> Account | None:
        """The account that nobody has to be asked for, because there is no other."""
        return self.accounts[0].account if len(self.accounts) == 1 and not self.other_accounts else None

    def known(self, account: Account | None) -> KnownAccount | None:
        """Return the account of the list that ``account`` is, however it was spelt."""
        named = (account.host, account.claim) if account else None
        return next((known for known in self.accounts if (known.account.host, known.account.claim) == named), None)

    def with_account(self, name: str, typed: str, vouched: tuple[str, ...]) -> House:
        """Return the house with one account more."""
        known = KnownAccount(name, read_account(typed, vouched=vouched), typed)
        return replace(self, accounts=(*self.accounts, known))

    def takes(self, account: Account) -> bool:
        """Tell whether a walk may be about ``account``."""
        return not self.accounts or self.other_accounts or self.known(account) is not None


def house_of(given: Given, vouched: Iterable[str] = ()) -> House:
    """Return the house that the settings describe. ``vouched`` are the hosts that the operator vouches for.

    Raises :class:`SettingsError` for a setting that can't be used.
    """
    return House(
        title=given.line("TITLE", LONGEST_TITLE),
        logo=_logo(given),
        accent=_accent(given),
        support=given.line("SUPPORT", LONGEST_LINE),
        note=given.line("NOTE", LONGEST_NOTE),
        accounts=_accounts(given, tuple(vouched)),
        other_accounts=given.switch("OTHER_ACCOUNTS"),
        key_ways=_key_ways(given),
        least_key_size=_least_key_size(given),
        passphrase_required=given.switch("PASSPHRASE_REQUIRED"),
        service_users=_service_users(given),
        service_users_why=given.line("SERVICE_USERS_WHY", LONGEST_NOTE),
        usual_role=_usual_role(given),
        rotation_days=given.number("ROTATION_DAYS", ROTATION_DAYS, 1, 3650),
        link_days=given.number("LINK_DAYS", LINK_DAYS, 1, 90),
        key_link_days=given.number("KEY_LINK_DAYS", KEY_LINK_DAYS, 1, 3650),
    )


def _usual_role(given: Given) -> str:
    name = given.text("USUAL_ROLE")
    try:
        return read_role_name(name) if name else USUAL_ROLE
    except Problem as problem:
        raise given.refusal("USUAL_ROLE", f"the name of a role is expected. {problem.message.rstrip('.')}") from None


def _accounts(given: Given, vouched: tuple[str, ...]) -> tuple[KnownAccount, ...]:
    known: dict[str, KnownAccount] = {}
    for name, typed in given.pairs("ACCOUNTS").items():
        where = given.where("ACCOUNTS", name)
        try:
            account = read_account(typed, vouched=vouched)
        except Problem as problem:
            raise SettingsError(
                f"{where} is {typed!r}; the identifier of an account, such as myorg-my_acct, is expected. "
                f"{problem.message}"
            ) from None
        if not name or len(name) > LONGEST_TITLE or not name.isprintable():
            raise SettingsError(f"{where}: a name of 1 to {LONGEST_TITLE} characters is expected for {typed!r}.")
        if account.host in known:
            raise SettingsError(f"{where} is the same account as {known[account.host].name}; each is expected once.")
        known[account.host] = KnownAccount(name, account, typed)
    return tuple(known.values())


def _key_ways(given: Given) -> tuple[str, ...]:
    named = [way.lower() for way in given.words("KEY_WAYS")]
    if set(named) - set(KEY_SOURCES):
        raise given.refusal("KEY_WAYS", f"one or more of {', '.join(KEY_SOURCES)} are expected")
    return tuple(way for way in KEY_SOURCES if way in named) or KEY_SOURCES


def _least_key_size(given: Given) -> int:
    sizes = [str(size) for size in KEY_SIZES]
    size = given.text("LEAST_KEY_SIZE", sizes[0])
    if size not in sizes:
        raise given.refusal("LEAST_KEY_SIZE", f"one of {', '.join(sizes)} is expected")
    return int(size)


def _service_users(given: Given) -> tuple[str, ...]:
    patterns = given.words("SERVICE_USERS")
    for pattern in patterns:
        if len(pattern) > LONGEST_PATTERN or not pattern.isprintable() or " " in pattern:
            raise given.refusal(
                "SERVICE_USERS",
                f"names with * for any text and ? for one character are expected, {LONGEST_PATTERN} characters at most",
            )
    return patterns


# --- the accent -------------------------------------------------------------------------------------------------------
def _accent(given: Given) -> Accent | None:
    light, *more = given.text("ACCENT").lower().split() or [""]
    if not light:
        return None
    dark = more[0] if more else ""
    if len(more) > 1 or not COLOUR.fullmatch(light) or not COLOUR.fullmatch(dark or light):
        raise given.refusal(
            "ACCENT", "a colour such as #0b5c73 is expected, and behind it, if you like, the one for dark screens"
        )
    tokens = tokens_of((folder("static") / "css" / "tokens.css").read_text(encoding="utf-8"))
    try:
        return Accent.made_of(tokens, light, dark)
    except AccentError as error:
        raise given.refusal("ACCENT", str(error)) from None


# --- the logo ---------------------------------------------------------------------------------------------------------
def _logo(given: Given) -> Logo | None:
    path = given.file("LOGO")
    if path is None:
        return None
    size = _size_of(path)
    if isinstance(size, str):
        raise given.refusal("LOGO", size)
    content, width, height = size
    return Logo(f"company/logo{'.png' if content.startswith(_PNG) else '.svg'}", content, width, height)


def _size_of(path: Path) -> tuple[bytes, int, int] | str:
    """Return a picture's content, width and height, or what is expected of it."""
    with path.open("rb") as file:
        content = file.read(LARGEST_LOGO + 1)
    if len(content) > LARGEST_LOGO:
        return f"a picture of {LARGEST_LOGO // 1024} kB at most is expected"
    if content.startswith(_PNG) and len(content) > 24:  # the first chunk begins with both, PNG section 11.2.1
        width, height = struct.unpack(">II", content[16:24])
        usable = 0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS
        return (content, width, height) if usable else f"a PNG picture of 1 to {MOST_PIXELS} pixels a side is expected"
    text = content.decode("utf-8", "replace")
    if _NOT_IN_A_LOGO.search(text):
        return "an SVG picture of plain shapes is expected, without scripts, styles or pictures inside; or a PNG"
    width, height = _view_box(text)
    if not (1 <= width <= MOST_PIXELS and 1 <= height <= MOST_PIXELS):
        return "a PNG picture is expected, or an SVG one with a viewBox"
    return content, round(width), round(height)


def _view_box(text: str) -> tuple[float, float]:
    """Return width and height of an SVG picture, in its own units; zeros where it doesn't say them."""
    tag = text.partition("<svg")[2].partition(">")[0]
    box = tag.partition("viewBox=")[2][:80]
    try:
        _, _, width, height = box[1:].partition(box[:1])[0].replace(",", " ").split()
        return float(width), float(height)
    except ValueError:
        return 0.0, 0.0
