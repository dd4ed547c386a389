"""What a link carries of a walk, in as few bytes as it takes: the account, the user and the public key.

A link is sent by mail and by chat, and programs break long lines, so every character counts. Of the key the modulus
goes along (the rest of a SubjectPublicKeyInfo is the same for all), of the account the one text that the others follow
from, and names take six bits a letter where they are written in Snowflake's own capitals. With a key of 2048 bits and
names of usual length that is below 310 bytes.

Everything in it is public. Whoever sends the bytes signs them (:mod:`wizard.web.links`); what is read here is trusted
as far as that signature, and still read strictly: :class:`LinkError` for what :func:`pack` doesn't write.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from wizard.journey import Journey
from wizard.snowflake.account import Account, AccountError
from wizard.snowflake.key import KeyProblem, PublicKey
from wizard.snowflake.key.rsa import RsaPublic
from wizard.snowflake.user import LONGEST_COMMENT, MOST_DAYS, Described, NamedKey, NewKeyPair

DAY: Final = 24 * 60 * 60  # seconds
_EPOCH: Final = 1_767_225_600  # 2026-01-01, UTC: days are counted from here
_USUAL_EXPONENT: Final = 65537
_SOURCES: Final = ("browser", "server", "upload", "public")
# What names are usually written in, a line each, and what a note is.
_CAPITALS: Final = "\nABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.$@ "
_USUAL: Final = " abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:-_#/@'!?()&+…"
# The flags of the first byte.
_NAMES, _NOTE, _EXPONENT, _ROLE, _SINCE, _ELSEWHERE, _LOGIN, _ADDED = (1 << bit for bit in range(8))
_UNSEEN, _SLOT_1, _SLOT_2, _PAIR, _NOT_TOLD = range(5)  # where the key was seen


class LinkError(ValueError):
    """Bytes that :func:`pack` did not write."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What came with a link: the walk as far as it goes, and ``note``, what the asker says of themself, unverified."""

    journey: Journey
    note: str = ""


def pack(journey: Journey, note: str = "", room: int | None = None) -> bytes:
    """Return account, user, login name, key, role, slot or new key pair, place and tool of ``journey``, and ``note``.

    ``room`` is how many bytes there may be in all: the note is cut to it, the comment of a new key pair left out where
    there is none for it, and nothing else is missing. Raises ValueError for a journey that has no key yet.
    """
    if journey.account is None or journey.key is None or not journey.user_name:
        raise ValueError("there is nothing to send a link about before account, user and key are known")
    place, new = journey.place, journey.pair_to_add
    added = (new.name, new.role, str(new.days)) if new else ()
    if place and place.pair and journey.restricted_role:
        added = ("", journey.restricted_role, "")
    where = _UNSEEN if place is None else place.slot or (_PAIR if place.pair else _NOT_TOLD)
    names = "\n".join(
        (
            _text_of(journey.account),
            journey.user_name,
            journey.login_name,
            journey.role or "",
            place.pair if place else "",
            journey.tool.upper(),
            *added,
        )
    )
    exponent = journey.key.numbers.e
    since = min(max(0, (journey.key_known_since - _EPOCH) // DAY), 0xFFFF)
    flags = {
        _NAMES: set(names) <= set(_CAPITALS),
        _NOTE: set(note) <= set(_USUAL),
        _EXPONENT: exponent != _USUAL_EXPONENT,
        _ROLE: journey.role is not None,
        _SINCE: since > 0,
        _LOGIN: journey.description is not None and journey.description.login_name != "",
        _ADDED: bool(added),
    }
    encrypted = {None: 0, False: 1, True: 2}[journey.key_encrypted]
    source = _SOURCES.index(journey.key_source) if journey.key_source in _SOURCES else _SOURCES.index("public")
    first = sum(flag for flag, is_so in flags.items() if is_so)
    second = journey.chosen_slot | encrypted << 2 | source << 4
    told = b"".join(
        (
            bytes((first, second | where << 6))
            if where < _PAIR
            else bytes((first | _ELSEWHERE, second | (where - _PAIR) << 6)),
            since.to_bytes(2, "big") if since else b"",
            _counted(journey.key.numbers.n.to_bytes((journey.key.bits + 7) // 8, "big")),
            _counted(exponent.to_bytes(4, "big")) if flags[_EXPONENT] else b"",
            _counted(_packed(names, _CAPITALS) if flags[_NAMES] else names.encode()),
        )
    )

    def said(text: str) -> bytes:
        return _packed(text, _USUAL) if flags[_NOTE] else text.encode()

    if new:
        comment = _remark(new.comment)
        told += _counted(comment if room is None or len(told) + len(comment) + 2 <= room else b"")
    shown = note
    while room is not None and note and len(told) + len(said(shown)) > room:
        note = note[:-1].rstrip()
        shown = f"{note}…" if note else ""
    return told + (said(shown) if shown else b"")


def _remark(text: str) -> bytes:
    """Write a text that may be in the usual letters, and says by its first byte whether it is."""
    if not text:
        return b""
    return b"\x01" + _packed(text, _USUAL) if set(text) <= set(_USUAL) else b"\x00" + text.encode()


def _remark_in(written: bytes) -> str:
    if not written:
        return ""
    return _unpacked_text(written[1:], _USUAL) if written[0] else written[1:].decode()


def unpack(told: bytes) -> Carried:
    """Return what :func:`pack` wrote. Raises :class:`LinkError` for anything else."""
    try:
        return _unpacked(told)
    except (AccountError, KeyProblem, IndexError, ValueError) as error:
        raise LinkError("the link carries something else than a walk") from error


def _unpacked(told: bytes) -> Carried:
    first, second, rest = told[0], told[1], told[2:]
    since = 0
    if first & _SINCE:
        since, rest = int.from_bytes(rest[:2], "big"), rest[2:]
    modulus, rest = _take(rest)
    exponent = _USUAL_EXPONENT
    if first & _EXPONENT:
        written, rest = _take(rest)
        exponent = int.from_bytes(written, "big")
    packed, rest = _take(rest)
    text = _unpacked_text(packed, _CAPITALS) if first & _NAMES else packed.decode()
    account, user, login_name, role, pair, tool, *added = text.split("\n")
    new = None
    restricted_to = ""
    if first & _ADDED:
        name, restricted_to, days = added
        if name:
            comment, rest = _take(rest)
            new = _new_pair(name, restricted_to, days, _remark_in(comment))
    key = PublicKey.from_base64(PublicKey.of(RsaPublic(int.from_bytes(modulus, "big"), exponent)).base64)
    slot, encrypted, source, where = second & 3, second >> 2 & 3, second >> 4 & 3, second >> 6
    where += _PAIR if first & _ELSEWHERE else 0
    if not user or slot > 2 or encrypted > 2 or where > _NOT_TOLD or bool(added) != bool(first & _ADDED):
        raise LinkError("a value is none that is written")
    journey = replace(
        Journey(account=_account_of(account), key=key, key_source=_SOURCES[source]).with_user(user, login_name),
        tool=tool.lower(),
        role=role if first & _ROLE else None,
        chosen_slot=slot,
        new_pair=new,
        key_known_since=_EPOCH + since * DAY if since else 0,
        key_encrypted=(None, False, True)[encrypted],
    )
    note = _unpacked_text(rest, _USUAL) if first & _NOTE else rest.decode()
    shown = journey.login_name or user if first & _LOGIN else ""
    seen = NamedKey(pair, key.fingerprint, role=restricted_to)
    return Carried(_seen_at(journey, where, Described(login_name=shown), seen), note)


def _new_pair(name: str, role: str, days: str, comment: str) -> NewKeyPair:
    new = NewKeyPair(name, role, int(days), comment)
    if not name or not 0 <= new.days <= MOST_DAYS or len(comment) > LONGEST_COMMENT:
        raise LinkError("no key pair that is written")
    return new


def _seen_at(journey: Journey, where: int, told: Described, pair: NamedKey) -> Journey:
    """Return the journey with its key seen there; ``told`` is what Snowflake said beside it."""
    fingerprint = journey.key.fingerprint if journey.key else ""
    if where == _UNSEEN:
        return journey
    if where == _NOT_TOLD:
        return journey.with_key_seen()
    if where == _PAIR:
        return journey.with_description(replace(told, pair=pair))
    slots = (fingerprint, None) if where == _SLOT_1 else (None, fingerprint)
    return journey.with_description(replace(told, slots=slots))


# --- texts ------------------------------------------------------------------------------------------------------------
def _packed(text: str, alphabet: str) -> bytes:
    """Write a text as one number, in as many bits a letter as the alphabet takes."""
    number = 1  # so that what comes first is not lost where it counts as nothing
    for character in text:
        number = number * len(alphabet) + alphabet.index(character)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _unpacked_text(packed: bytes, alphabet: str) -> str:
    number = int.from_bytes(packed, "big")
    characters = []
    while number > 1:
        number, at = divmod(number, len(alphabet))
        characters.append(alphabet[at])
    return "".join(reversed(characters))


def _counted(value: bytes) -> bytes:
    """Put in front of a value how long it is: in one byte below 128, else in two."""
    length = len(value)
    return (bytes((length,)) if length < 128 else (length | 1 << 15).to_bytes(2, "big")) + value


def _take(told: bytes) -> tuple[bytes, bytes]:
    """Return the counted value that ``told`` begins with, and what stands behind it."""
    start, length = (1, told[0]) if told[0] < 128 else (2, int.from_bytes(told[:2], "big") & 0x7FFF)
    if len(told) < start + length:
        raise LinkError("a value is cut off")
    return told[start : start + length], told[start + length :]


# --- the account ------------------------------------------------------------------------------------------------------
def _of_organization(text: str) -> Account:
    organization, _, name = text.partition("-")
    host = text.lower().replace("_", "-") + ".snowflakecomputing.com"
    return Account(host, claim=text, identifier=text.lower(), organization=organization, name=name)


def _of_locator(text: str) -> Account:
    locator, _, region = text.partition(".")
    domain = "snowflakecomputing.cn" if region.startswith("CN-") else "snowflakecomputing.com"
    host = f"{text.lower().replace('_', '-')}.{domain}"
    return Account(host, claim=locator, identifier=text.lower(), locator=locator, region=region.lower())


def _vouched_for(text: str) -> Account:
    claim, _, domain = text.partition(".")
    organization, _, name = claim.partition("-")
    host = f"{claim.lower().replace('_', '-')}.{domain.lower()}"
    return Account(
        host, claim, identifier=claim.lower(), organization=organization if name else "", name=name, vouched=True
    )


def _of_all(text: str) -> Account:
    host, claim, identifier, organization, name, locator, region, flags = text.split(" ")
    return Account(
        host.lower(), claim, identifier.lower(), organization, name, locator, region.lower(),
        privatelink="P" in flags, vouched="V" in flags,
    )  # fmt: skip


_WAYS: Final[dict[str, Callable[[str], Account]]] = {
    "O": _of_organization,
    "L": _of_locator,
    "V": _vouched_for,
    "A": _of_all,
}


def _text_of(account: Account) -> str:
    """Return the shortest text from which one of the ways makes the account again."""
    flags = "P" * account.privatelink + "V" * account.vouched
    fields = (account.organization, account.name, account.locator, account.region, flags)
    whole = " ".join((account.host, account.claim, account.identifier, *fields))
    domain = account.host.partition(".")[2]
    texts = {"O": account.claim, "L": account.identifier, "V": f"{account.claim}.{domain}", "A": whole}
    for letter, text in texts.items():
        try:
            if _WAYS[letter](text.upper()) == account:
                return letter + text.upper()
        except AccountError:
            continue
    raise ValueError("no text of the account makes it again")


def _account_of(text: str) -> Account:
    if text[:1] not in _WAYS:
        raise LinkError("the account is written in no way that is known")
    return _WAYS[text[0]](text[1:])
