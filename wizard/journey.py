"""What the wizard has been told, and what follows from it.

A :class:`Journey` stores facts and evidence: *this* account, *this* user, *this* public key; Snowflake was seen to
hold the key of *this* registration; *this* login passed the test. Progress is never stored. A step is done when its
evidence is evidence for what the journey says now, so changing an answer reopens exactly the right steps, and putting
it back closes them again.

The whole journey travels in one signed cookie that anybody can read. It holds public things only, each under the
short name that stands at its field.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import Final

from wizard.snowflake.account import STORED_ACCOUNT, Account
from wizard.snowflake.key import KEY_NOTES, PublicKey
from wizard.snowflake.login import Login
from wizard.snowflake.user import (
    MAX_CHARACTERS,
    NOT_TOLD,
    STORED_NEW_PAIR,
    STORED_STANDING,
    STORED_USER,
    Described,
    NewKeyPair,
    Place,
    StandingKey,
)
from wizard.stored import FLAG, Table, integer, one_of, record, some_of, stored, text, texts, written

USUAL_ROLE = "SECURITYADMIN"
LONGEST_FACT = 120  # characters
WEEK = 7 * 24  # hours: how long a named key pair that is rotated out goes on working, unless said otherwise
KEY_SOURCES = ("browser", "server", "upload", "public")
SESSION_FACTS = ("user", "role", "account", "organization", "region", "warehouse", "version")


_NOTE_CODES = {sentence: code for code, sentence in KEY_NOTES.items()}
# What a private key file is written in, and the code of KEY_NOTES for the ones that some clients refuse.
_FORMS = {"pkcs8": "", "pkcs8-pbes2": "", "pkcs8-pbes1": "pbes1", "pkcs1": "pkcs1", "pkcs1-sealed": "pkcs1-sealed"}


_NAME: Final = text(MAX_CHARACTERS)
_FACT: Final = text(LONGEST_FACT)
_KEY: Final = written(attrgetter("base64"), PublicKey.from_base64)


@dataclass(frozen=True)
class Journey:
    """The answers so far. Empty strings and ``None`` mean "not told yet"; times are epoch seconds, UTC.

    What follows from them is worked out when it is first asked for: a page asks for the same digest ten times.
    """

    # The slug of what has to log in; a release may have a tool that another one lacks.
    tool: str = field(default="", metadata=stored("w", text(40)))
    account: Account | None = field(default=None, metadata=stored("a", record(STORED_ACCOUNT)))
    user_name: str = field(default="", metadata=stored("u", _NAME))
    login_name: str = field(default="", metadata=stored("l", _NAME))  # only when it differs from user_name
    key: PublicKey | None = field(default=None, metadata=stored("k", _KEY))
    key_source: str = field(default="", metadata=stored("s", one_of(KEY_SOURCES)))
    key_known_since: int = field(default=0, metadata=stored("t", integer(0, 10**11)))
    key_encrypted: bool | None = field(default=None, metadata=stored("e", FLAG))
    # Codes of KEY_NOTES: what was mended in reading the key, and who will refuse its file.
    key_notes: tuple[str, ...] = field(default=(), metadata=stored("m", some_of(KEY_NOTES)))
    # The role that runs the SQL, as chosen; "" leaves the line out.
    role: str | None = field(default=None, metadata=stored("r", _NAME))
    chosen_slot: int = field(default=0, metadata=stored("c", integer(0, 2)))
    # The named key pair that the key is to be registered as; without one it goes into a slot.
    new_pair: NewKeyPair | None = field(default=None, metadata=stored("b", record(STORED_NEW_PAIR)))
    registered: str = field(default="", metadata=stored("g", text(24)))
    verified: str = field(default="", metadata=stored("v", text(24)))
    verify_skipped: str = field(default="", metadata=stored("n", text(24)))
    tested: str = field(default="", metadata=stored("p", text(32)))
    # What the tested session said of itself.
    session: Mapping[str, str] = field(default_factory=dict, metadata=stored("f", texts(LONGEST_FACT)))
    described: Described | None = field(default=None, metadata=stored("d", record(STORED_USER)))
    described_at: str = field(default="", metadata=stored("h", text(640)))  # the host whose DESC USER it was
    key_folder: str = field(default="", metadata=stored("o", text(400)))  # where the key file will be, as it was read
    asked: str = field(default="", metadata=stored("q", text(24)))  # the registration an administrator was asked for
    asked_at: int = field(default=0, metadata=stored("y", integer(0, 10**11)))

    # The key that a rotation replaces, and what was done to the end of it (digests of the exchange).
    replaced: StandingKey | None = field(default=None, metadata=stored("ro", record(STORED_STANDING)))
    leaked: bool = field(default=False, metadata=stored("rl", FLAG))
    grace_hours: int = field(default=WEEK, metadata=stored("rg", integer(24, 24 * 366)))
    old_tested: str = field(default="", metadata=stored("rt", text(24)))
    switched: str = field(default="", metadata=stored("rs", text(24)))
    retired: str = field(default="", metadata=stored("rr", text(24)))

    @cached_property
    def login(self) -> Login | None:
        """The login that the token names, once account, user and key are known."""
        if self.account is None or not self.user_name or self.key is None:
            return None
        return Login(self.account, self.login_name or self.user_name, self.key)

    @cached_property
    def registration(self) -> str:
        """A short digest of "this key on this user of this account"; ``""`` before all three are known.

        LOGIN_NAME isn't part of it: it changes the token, not where the key stands.
        """
        if self.account is None or not self.user_name or self.key is None:
            return ""
        told = f"{self.account.host}\n{self.user_name}\n{self.key.fingerprint}"
        return hashlib.sha256(told.encode()).hexdigest()[:24]

    @cached_property
    def told(self) -> str:
        """A short digest of the answers that every later page shows, by which tabs of one walk see what has changed.

        Its beginning is :attr:`told_of_user`.
        """
        key = self.key.fingerprint if self.key else ""
        return self.told_of_user + hashlib.sha256(key.encode()).hexdigest()[:4]

    @cached_property
    def told_of_user(self) -> str:
        """A short digest of the account and the user, for pages on which the key is the answer."""
        host = self.account.host if self.account else ""
        return hashlib.sha256(f"{host}\n{self.user_name}\n{self.login_name}".encode()).hexdigest()[:6]

    @cached_property
    def description(self) -> Described | None:
        """What Snowflake's answers said, as long as they were about the present user in the present account."""
        if self.described is None or self.account is None or self.described_at != self.account.host:
            return None
        return self.described if self.described.name == self.user_name else None

    @cached_property
    def place(self) -> Place | None:
        """Where the present key was seen on the present user; ``None`` where it was not seen."""
        if self.key is None:
            return None
        shown = self.description.place_of(self.key.fingerprint) if self.description else None
        return shown or (NOT_TOLD if self.registration and self.verified == self.registration else None)

    @property
    def slot(self) -> int:
        """Which slot the SQL fills: 1 or 2, or 0 where the key was seen outside of the slots and none is to be filled.

        The one with this key; else an empty one before one that wasn't shown, that before one that holds another key,
        and among equals the chosen one.
        """
        if self.place:
            return self.place.slot
        held = self.description.slots if self.description else (None, None)
        order = {"": 0, None: 1}
        return min((1, 2), key=lambda slot: (order.get(held[slot - 1], 2), slot != self.chosen_slot, slot))

    @property
    def pair_to_add(self) -> NewKeyPair | None:
        """The named key pair that the SQL adds; ``None`` where a slot is to be filled, or the key was seen already."""
        return None if self.place else self.new_pair

    @property
    def restricted_role(self) -> str:
        """The one role that a login with this key may ask for, by what its key pair is known to be restricted to."""
        if self.place and self.place.slot:
            return ""
        wanted, replaced = self.new_pair, self.old_key  # the restriction of a pair passes on when it is rotated
        role = wanted.role if wanted else replaced.role if replaced and replaced.pair else ""
        pair = self.description.pair if self.description else None
        if not (self.place and self.place.pair and pair):
            return role
        known = wanted.name if wanted else replaced.pair if replaced else ""
        return pair.role or (role if pair.name == known else "")

    @property
    def key_was_seen(self) -> bool:
        """Whether an answer of Snowflake's showed the present key on the present user."""
        return self.place is not None

    @property
    def check_was_skipped(self) -> bool:
        """Whether looking for the present key on the present user was skipped."""
        return bool(self.registration) and self.verify_skipped == self.registration

    @property
    def is_registered(self) -> bool:
        """Whether somebody said that the statement for the present key on the present user has run."""
        return bool(self.registration) and self.registered == self.registration

    @property
    def check_is_over(self) -> bool:
        """Whether the present key was seen on the present user, or looking for it was skipped."""
        return self.key_was_seen or self.check_was_skipped

    @property
    def test_has_passed(self) -> bool:
        """Whether the present login passed the live test."""
        return self.login is not None and self.tested == self.login.digest

    def role_that_runs(self, usual: str = USUAL_ROLE) -> str:
        """Return the role named in ``USE ROLE``: the one chosen, ``""`` for none, or else the ``usual`` one.

        Most users belong to roles below SECURITYADMIN.
        """
        return usual if self.role is None else self.role

    def with_tool(self, tool: str) -> Journey:
        return replace(self, tool=tool)

    def with_account(self, account: Account) -> Journey:
        return replace(self, account=account)

    def with_user(self, user_name: str, login_name: str) -> Journey:
        differs = login_name and login_name.upper() != user_name.upper()
        return replace(self, user_name=user_name, login_name=login_name if differs else "")

    def with_key(
        self, key: PublicKey, source: str, now: int, encrypted: bool | None, notes: tuple[str, ...] = ()
    ) -> Journey:
        """Take a public key. The same key told again (opened to check it, say) keeps its date."""
        since = self.key_known_since if self.key == key and self.key_known_since else now
        codes = tuple(_NOTE_CODES[note] for note in notes if note in _NOTE_CODES)
        return replace(
            self, key=key, key_source=source, key_known_since=since, key_encrypted=encrypted, key_notes=codes
        )

    def with_key_opened(self, form: str) -> Journey:
        """Take what opening the private key file showed of its form (:attr:`OpenedKey.form`)."""
        codes = (*(note for note in self.key_notes if note not in _FORMS.values()), *filter(None, [_FORMS[form]]))
        return replace(self, key_encrypted=form not in ("pkcs8", "pkcs1"), key_notes=codes)

    @property
    def key_form_was_seen(self) -> bool:
        """Whether the private key file was made or opened here, so that its form is known."""
        return self.key_source != "public" or self.key_encrypted is not None

    def with_administrator_asked(self, now: int) -> Journey:
        """Take it that a message for an administrator was made for the present key on the present user."""
        return replace(self, asked=self.registration, asked_at=now)

    @property
    def waits_for_administrator(self) -> bool:
        """Whether an administrator was asked to set the present key, and nobody has said since that it is there."""
        return bool(self.registration) and self.asked == self.registration != self.registered and not self.key_was_seen

    def with_registered(self) -> Journey:
        return replace(self, registered=self.registration)

    def with_description(self, described: Described) -> Journey:
        """Take what is known by now of the present user (:meth:`UserDescription.kept`). It decides where the key is."""
        host = self.account.host if self.account else ""
        of_user = replace(described, name=self.user_name)
        told = replace(self, described=of_user, described_at=host, verified="", verify_skipped="")
        return replace(told, verified=told.registration if told.key_was_seen else "")

    def with_key_seen(self) -> Journey:
        """Take it that Snowflake showed the key, without a word on where."""
        return replace(self, verified=self.registration, verify_skipped="")

    def with_key_in_doubt(self) -> Journey:
        """Forget that the key was seen, and where."""
        described = self.described.without(self.key.fingerprint) if self.described and self.key else self.described
        return replace(self, described=described, verified="", verify_skipped="")

    def with_verify_skipped(self) -> Journey:
        return replace(self, verify_skipped=self.registration)

    def with_failed_test(self) -> Journey:
        """Forget that this login passed: it does no more."""
        return replace(self, tested="", session={})

    def with_tested(self, session: Mapping[str, str]) -> Journey:
        login = self.login
        # A name that is too long to keep is left out: half a name would be another one.
        kept = {name: session[name] for name in SESSION_FACTS if session.get(name) and _FACT.takes(session[name])}
        return replace(self, tested=login.digest if login else "", session=kept)

    # --- one key in the place of another ------------------------------------------------------------------------------
    @cached_property
    def _whose(self) -> str:
        """A short digest of the user and their account."""
        return _digest(self.account.host, self.user_name) if self.account else ""

    @property
    def old_key(self) -> StandingKey | None:
        """The key of the present user that is to be replaced, once it is known which."""
        return self.replaced if self.replaced and self.replaced.of == self._whose else None

    @property
    def has_new_key(self) -> bool:
        """Whether the present key is another one than the one to be replaced."""
        return self.key is not None and self.old_key is not None and self.key.fingerprint != self.old_key.fingerprint

    @cached_property
    def _leaving(self) -> str:
        """A short digest of the old key on its user; ``""`` where there is none."""
        return _digest(self._whose, self.old_key.fingerprint) if self.old_key else ""

    @cached_property
    def _exchange(self) -> str:
        """A short digest of "this key in the place of that one"; ``""`` before both are known."""
        return _digest(self.registration, self._leaving) if self.registration and self.has_new_key else ""

    @property
    def old_key_was_tested(self) -> bool:
        """Whether the old key still logged in, beside this new one."""
        return bool(self._exchange) and self.old_tested == self._exchange

    @property
    def is_switched(self) -> bool:
        """Whether somebody said that what logs in holds the new key."""
        return bool(self._exchange) and self.switched == self._exchange

    @property
    def is_retired(self) -> bool:
        """Whether the old key is off the user: somebody said that the statement has run, or an answer showed it."""
        return self.old_key is not None and (self.old_key.gone or self.retired == self._leaving)

    @property
    def is_exchanged(self) -> bool:
        """Whether a rotation has come to its end."""
        return self.is_switched and self.is_retired

    def with_old_key(self, old: StandingKey, *, leaked: bool | None = None) -> Journey:
        """Take which key of the present user is to be replaced, where it stands, and, where told, if it has leaked."""
        of_user = replace(old, of=self._whose)
        # Where the new key goes is worked out by where the old one stands.
        return replace(self, replaced=of_user, leaked=self.leaked if leaked is None else leaked, new_pair=None)

    def with_old_key_tested(self, passed: bool) -> Journey:
        return replace(self, old_tested=self._exchange if passed else "")

    def with_switched(self) -> Journey:
        return replace(self, switched=self._exchange)

    def with_retired(self) -> Journey:
        """Take it that the old key was taken off the user: its slot is free."""
        old, described = self.old_key, self.described
        if old and old.slot and described:
            first, second = ("" if held == old.fingerprint else held for held in described.slots)
            described = replace(described, slots=(first, second))
        return replace(self, retired=self._leaving, described=described)


def _digest(*told: str) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:24]


STORED_JOURNEY: Final = Table(Journey, newer=True)
"""How a journey is stored, in its cookie and in the links that carry one."""
