"""What the wizard has been told, and what follows from it.

A :class:`Journey` stores facts and evidence: *this* account, *this* user, *this* public key; Snowflake was seen to
hold the key of *this* registration; *this* login passed the test. Progress is never stored. A step is done when its
evidence is evidence for what the journey says now, so changing an answer reopens exactly the right steps, and putting
it back closes them again.

The whole journey travels in one signed cookie that anybody can read. It holds public things only, in the short
names of :meth:`Journey.to_dict`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from wizard.snowflake.account import Account
from wizard.snowflake.key import KEY_NOTES, PublicKey
from wizard.snowflake.login import Login
from wizard.snowflake.user import NOT_TOLD, Described, Place

USUAL_ROLE = "SECURITYADMIN"
LONGEST_FACT = 120  # characters
SESSION_FACTS = ("user", "role", "account", "organization", "region", "warehouse", "version")


_NOTE_CODES = {sentence: code for code, sentence in KEY_NOTES.items()}
# What a private key file is written in, and the code of KEY_NOTES for the ones that some clients refuse.
_FORMS = {"pkcs8": "", "pkcs8-pbes2": "", "pkcs8-pbes1": "pbes1", "pkcs1": "pkcs1", "pkcs1-sealed": "pkcs1-sealed"}


class JourneyError(ValueError):
    """A stored journey that can't be read; the person starts over. Raise it for nothing that a person typed."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The answers so far. Empty strings and ``None`` mean "not told yet"; times are epoch seconds, UTC."""

    tool: str = ""  # the slug of what has to log in; a release may have a tool that another one lacks
    account: Account | None = None
    user_name: str = ""
    login_name: str = ""  # only when it differs from user_name
    key: PublicKey | None = None
    key_source: str = ""
    key_known_since: int = 0
    key_encrypted: bool | None = None
    key_notes: tuple[str, ...] = ()  # codes of KEY_NOTES: what was mended in reading it, and who will refuse its file
    role: str | None = None  # the role that runs the SQL, as chosen; "" leaves the line out
    chosen_slot: int = 0
    registered: str = ""
    verified: str = ""
    verify_skipped: str = ""
    tested: str = ""
    session: Mapping[str, str] = field(default_factory=dict)  # what the tested session said of itself
    described: Described | None = None
    described_at: str = ""  # the host whose DESC USER it was
    key_folder: str = ""  # where the key file will be, as read_key_folder gives it

    @property
    def login(self) -> Login | None:
        """The login that the token names, once account, user and key are known."""
        if self.account is None or not self.user_name or self.key is None:
            return None
        return Login(self.account, self.login_name or self.user_name, self.key)

    @property
    def registration(self) -> str:
        """A short digest of "this key on this user of this account"; ``""`` before all three are known.

        LOGIN_NAME isn't part of it: it changes the token, not where the key stands.
        """
        if self.account is None or not self.user_name or self.key is None:
            return ""
        told = f"{self.account.host}\n{self.user_name}\n{self.key.fingerprint}"
        return hashlib.sha256(told.encode()).hexdigest()[:24]

    @property
    def description(self) -> Described | None:
        """What Snowflake's answers said, as long as they were about the present user in the present account."""
        if self.described is None or self.account is None or self.described_at != self.account.host:
            return None
        return self.described if self.described.name == self.user_name else None

    @property
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
    def key_was_seen(self) -> bool:
        """Whether an answer of Snowflake's showed the present key on the present user."""
        return self.place is not None

    @property
    def check_was_skipped(self) -> bool:
        """Whether looking for the present key on the present user was skipped."""
        return bool(self.registration) and self.verify_skipped == self.registration

    @property
    def role_that_runs(self) -> str:
        """The role named in ``USE ROLE``. Most users belong to roles below SECURITYADMIN: it is offered first."""
        return USUAL_ROLE if self.role is None else self.role

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
        kept = {name: session[name] for name in SESSION_FACTS if 0 < len(session.get(name, "")) <= LONGEST_FACT}
        return replace(self, tested=login.digest if login else "", session=kept)

    def to_dict(self) -> dict[str, Any]:
        """Return the journey as JSON types, without what is empty (a cookie has room for 4 kB)."""
        told: dict[str, Any] = {
            "w": self.tool,
            "a": self.account.to_dict() if self.account else None,
            "u": self.user_name,
            "l": self.login_name,
            "k": self.key.base64 if self.key else "",
            "s": self.key_source,
            "t": self.key_known_since,
            "e": self.key_encrypted,
            "m": list(self.key_notes),
            "r": self.role,
            "c": self.chosen_slot,
            "g": self.registered,
            "v": self.verified,
            "n": self.verify_skipped,
            "p": self.tested,
            "f": dict(self.session),
            "d": self.described.to_dict() if self.described else None,
            "h": self.described_at,
            "o": self.key_folder,
        }
        return {name: value for name, value in told.items() if value or value is False or (name == "r" and value == "")}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_dict` wrote. Raises :class:`JourneyError` for anything else."""
        # A name that this release doesn't know was written by a newer one, beside which it serves for a while.
        if not all(_is_stored(name, value) for name, value in told.items() if name in _STORED):
            raise JourneyError("the stored journey can't be read")
        try:
            return cls(
                tool=told.get("w", ""),
                account=Account.from_dict(told["a"]) if "a" in told else None,
                user_name=told.get("u", ""),
                login_name=told.get("l", ""),
                key=PublicKey.from_base64(told["k"]) if "k" in told else None,
                key_source=told.get("s", ""),
                key_known_since=told.get("t", 0),
                key_encrypted=told.get("e"),
                key_notes=tuple(note for note in told.get("m", ()) if note in KEY_NOTES),
                role=told.get("r"),
                chosen_slot=told.get("c", 0),
                registered=told.get("g", ""),
                verified=told.get("v", ""),
                verify_skipped=told.get("n", ""),
                tested=told.get("p", ""),
                session=told.get("f", {}),
                described=Described.from_dict(told["d"]) if "d" in told else None,
                described_at=told.get("h", ""),
                key_folder=told.get("o", ""),
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise JourneyError("the stored journey can't be read") from error


# What to_dict writes under each name. What is empty it leaves out, but for "e" and "r", where that says something.
_STORED: Mapping[str, type] = {
    **dict.fromkeys(("u", "l", "k", "s", "r", "g", "v", "n", "p", "h", "o", "w"), str),
    **dict.fromkeys(("t", "c"), int),
    **dict.fromkeys(("a", "d", "f"), dict),
    "e": bool,
    "m": list,
}


def _is_stored(name: str, value: Any) -> bool:
    if type(value) is not _STORED[name] or not (value or name in ("e", "r")):
        return False
    texts: list[object] = []
    if isinstance(value, dict) and name == "f":
        texts = list(value.values())
    elif isinstance(value, list):
        texts = value
    return all(isinstance(text, str) for text in texts)


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the journey. The slug names its URL, form, template and test."""

    slug: str
    title: str
    question: str
    done: Callable[[Journey], bool]


def _tested(journey: Journey) -> bool:
    login = journey.login
    return login is not None and journey.tested == login.digest


STEPS: tuple[Step, ...] = (
    Step("account", "Account", "Which Snowflake account?", lambda journey: journey.account is not None),
    Step("user", "User", "Which user will log in?", lambda journey: bool(journey.user_name)),
    Step("key", "Key pair", "Where does the key pair come from?", lambda journey: journey.key is not None),
    Step(
        "register",
        "Public key",
        "Give Snowflake the public key",
        lambda journey: bool(journey.registration) and journey.registered == journey.registration,
    ),
    Step(
        "verify", "Check", "Did Snowflake take it?", lambda journey: journey.key_was_seen or journey.check_was_skipped
    ),
    Step("test", "Test", "Does it really connect?", _tested),
    Step("handover", "Put it to work", "Put it to work", lambda _: False),
)


STEP_NAMED = {step.slug: step for step in STEPS}


def step_to_do(journey: Journey) -> Step:
    """Return the first step that isn't done."""
    return next(step for step in STEPS if not step.done(journey))


def is_open(step: Step, journey: Journey) -> bool:
    """Say whether a step may be answered: every step before it is done."""
    return all(earlier.done(journey) for earlier in STEPS[: STEPS.index(step)])


def step_before(step: Step) -> Step | None:
    position = STEPS.index(step)
    return STEPS[position - 1] if position else None
