"""Facts in, progress out: what is done follows from what was told, and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from wizard.journey import (
    LONGEST_FACT,
    STORED_JOURNEY,
    Journey,
)
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.user import NOT_TOLD, Described, NamedKey, NewKeyPair, Place, StandingKey
from wizard.stored import StoredError
from wizard.walk import LEAKED, ROTATE, SET_UP

NOW = 1_790_000_000
ACCOUNT, OTHER_ACCOUNT = read_account("myorg-my_acct"), read_account("xy12345.us-east-2.aws")
FACTS = {"user": "JANE", "role": "ANALYST", "warehouse": "COMPUTE_WH", "nobody asked": "for this"}


@pytest.fixture(scope="module")
def key(rsa_2048: rsa.RSAPrivateKey) -> PublicKey:
    return PublicKey.of_private(rsa_2048)


@pytest.fixture(scope="module")
def other_key(other_rsa_2048: rsa.RSAPrivateKey) -> PublicKey:
    return PublicKey.of_private(other_rsa_2048)


@pytest.fixture
def walked(key: PublicKey) -> Journey:
    """Everything answered, everything proved."""
    journey = Journey().with_account(ACCOUNT).with_user("JANE", "").with_key(key, "upload", NOW, True).with_registered()
    described = Described(name="JANE", login_name="JANE", slots=(key.fingerprint, ""))
    return journey.with_description(described).with_tested(FACTS)


def done(journey: Journey) -> list[str]:
    return [step.slug for step in SET_UP.steps if step.done(journey)]


def test_nothing_told_nothing_done() -> None:
    assert done(Journey()) == []
    assert SET_UP.to_do(Journey()).slug == "account"
    assert [step.slug for step in SET_UP.steps if SET_UP.is_open(step.slug, Journey())] == ["account"]
    assert STORED_JOURNEY.write(Journey()) == {}


def test_each_answer_opens_the_next_step(key: PublicKey) -> None:
    journey = Journey()
    for slug, answer in {
        "account": lambda j: j.with_account(ACCOUNT),
        "user": lambda j: j.with_user("JANE", ""),
        "key": lambda j: j.with_key(key, "browser", NOW, None),
        "register": lambda j: j.with_registered(),
        "verify": lambda j: j.with_verify_skipped(),
        "test": lambda j: j.with_tested({}),
    }.items():
        assert SET_UP.to_do(journey).slug == slug
        assert SET_UP.is_open(slug, journey)
        following = SET_UP.after(slug)
        assert following and not SET_UP.is_open(following.slug, journey)
        journey = answer(journey)
    assert SET_UP.to_do(journey).slug == "handover"
    assert not SET_UP.named["handover"].done(journey)


CHANGES: dict[str, tuple[Callable[[Journey], Journey], list[str]]] = {
    "another account": (lambda j: j.with_account(OTHER_ACCOUNT), ["account", "user", "key"]),
    "another user": (lambda j: j.with_user("JOHN", ""), ["account", "user", "key"]),
    "another login name": (
        lambda j: j.with_user("JANE", "jane@example.com"),
        ["account", "user", "key", "register", "verify"],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changing_an_answer_reopens_exactly_what_depends_on_it_and_putting_it_back_closes_it(
    walked: Journey, change: str
) -> None:
    apply, still_done = CHANGES[change]
    everything = done(walked)
    assert everything == ["account", "user", "key", "register", "verify", "test"]
    changed = apply(walked)
    assert done(changed) == still_done
    restored = changed.with_account(ACCOUNT).with_user("JANE", "")
    assert done(restored) == everything


def test_another_key_reopens_what_was_proved_with_the_first(
    walked: Journey, key: PublicKey, other_key: PublicKey
) -> None:
    changed = walked.with_key(other_key, "public", NOW, None)
    assert done(changed) == ["account", "user", "key"]
    assert done(changed.with_key(key, "upload", NOW, True)) == done(walked)


def test_a_key_told_again_keeps_its_date_and_another_has_its_own(
    walked: Journey, key: PublicKey, other_key: PublicKey
) -> None:
    assert walked.with_key(key, "upload", NOW + 999, True).key_known_since == NOW
    assert walked.with_key(other_key, "upload", NOW + 999, True).key_known_since == NOW + 999


def test_a_login_name_counts_only_where_it_differs() -> None:
    journey = Journey().with_user("JANE", "jane")
    assert journey.login_name == ""
    assert Journey().with_user("JANE", "jane@example.com").login_name == "jane@example.com"


def test_the_login_is_known_when_all_three_are(walked: Journey, key: PublicKey) -> None:
    assert walked.login is not None
    assert walked.login.subject == "MYORG-MY_ACCT.JANE"
    for part in ({"account": None}, {"user_name": ""}, {"key": None}):
        without = replace(walked, **part)
        assert (without.login, without.registration) == (None, "")
        assert "register" not in done(without) and "test" not in done(without)


def test_a_skip_is_a_skip_of_this_registration_only(key: PublicKey, other_key: PublicKey) -> None:
    journey = Journey().with_account(ACCOUNT).with_user("JANE", "").with_key(key, "public", NOW, None)
    skipped = journey.with_registered().with_verify_skipped()
    assert "verify" in done(skipped)
    assert "verify" not in done(skipped.with_key(other_key, "public", NOW, None).with_registered())


def test_a_description_that_shows_another_key_takes_the_proof_away(walked: Journey, other_key: PublicKey) -> None:
    seen = walked.with_description(Described(name="JANE", slots=(other_key.fingerprint, None)))
    assert "verify" not in done(seen)
    assert "test" in done(seen), "what was proved by a login stays proved"


OTHER, THIRD = "SHA256:" + "A" * 43 + "=", "SHA256:" + "B" * 43 + "="


@pytest.mark.parametrize(
    ("first", "second", "chosen", "slot"),
    [
        ("", "", 0, 1),
        ("", "", 2, 2),
        (OTHER, "", 0, 2),
        (OTHER, "", 1, 2),
        ("", OTHER, 0, 1),
        ("", OTHER, 2, 1),
        (OTHER, THIRD, 0, 1),
        (OTHER, THIRD, 2, 2),
        ("ours", OTHER, 2, 1),
        (OTHER, "ours", 1, 2),
        (None, None, 0, 1),
        (None, None, 2, 2),
        (OTHER, None, 0, 2),
        (OTHER, None, 1, 2),
        (None, OTHER, 2, 1),
        (None, "", 1, 2),
        ("", None, 2, 1),
    ],
)
def test_the_slot_is_where_the_key_is_or_an_empty_one_before_one_not_shown_before_one_that_is_taken(
    walked: Journey, key: PublicKey, first: str | None, second: str | None, chosen: int, slot: int
) -> None:
    held = (key.fingerprint if first == "ours" else first, key.fingerprint if second == "ours" else second)
    journey = replace(walked.with_description(Described(name="JANE", slots=held)), chosen_slot=chosen)
    assert journey.slot == slot


def test_a_key_seen_outside_of_the_slots_is_put_into_none(walked: Journey, key: PublicKey) -> None:
    pair = NamedKey("ETL_KEY", key.fingerprint, "ACTIVE")
    named = walked.with_description(Described(name="JANE", slots=(OTHER, ""), pair=pair))
    assert (named.place, named.slot) == (Place(pair="ETL_KEY"), 0)
    alone = replace(walked, described=None).with_key_seen()
    assert (alone.place, alone.slot) == (NOT_TOLD, 0)
    inactive = walked.with_description(Described(name="JANE", pair=pair._replace(status="DISABLED")))
    assert (inactive.place, inactive.slot) == (None, 1)


def test_the_place_is_that_of_the_present_key_on_the_present_user(
    walked: Journey, key: PublicKey, other_key: PublicKey
) -> None:
    assert walked.place == Place(slot=1)
    elsewhere = (
        walked.with_key(other_key, "public", NOW, None),
        walked.with_user("JOHN", ""),
        walked.with_account(OTHER_ACCOUNT),
        replace(walked, key=None),
        Journey(),
    )
    for changed in elsewhere:
        assert changed.place is None
        assert not changed.key_was_seen


def test_an_answer_that_names_no_user_is_about_the_one_it_was_pasted_for(walked: Journey, key: PublicKey) -> None:
    told = walked.with_description(Described(slots=(None, key.fingerprint)))
    assert told.place == Place(slot=2)
    assert told.with_user("JOHN", "").place is None


def test_a_key_in_doubt_is_seen_nowhere_and_the_rest_of_what_was_told_stays(walked: Journey) -> None:
    doubted = walked.with_key_in_doubt()
    assert (doubted.place, "verify" in done(doubted)) == (None, False)
    assert doubted.description is not None
    assert (doubted.description.login_name, doubted.description.slots) == ("JANE", (None, ""))


def test_a_description_of_somebody_else_or_elsewhere_is_not_used(walked: Journey) -> None:
    assert walked.description is not None
    assert walked.with_user("JOHN", "").description is None
    assert walked.with_account(OTHER_ACCOUNT).description is None
    assert walked.with_user("JOHN", "").with_user("JANE", "").description is not None


def test_a_failed_test_forgets_that_the_login_passed_and_what_its_session_said(walked: Journey) -> None:
    failed = walked.with_failed_test()
    assert "test" not in done(failed)
    assert SET_UP.to_do(failed).slug == "test"
    assert dict(failed.session) == {}
    assert done(failed.with_tested(FACTS)) == done(walked)


def test_only_known_facts_of_a_session_are_kept_and_only_short(walked: Journey) -> None:
    assert dict(walked.session) == {"user": "JANE", "role": "ANALYST", "warehouse": "COMPUTE_WH"}
    assert walked.with_tested({"user": "x" * LONGEST_FACT}).session == {"user": "x" * LONGEST_FACT}
    too_long = walked.with_tested({"user": "x" * (LONGEST_FACT + 1), "role": ""})
    assert too_long.session == {}, "half a name would be another one"


def test_steps_know_their_order_and_not_each_other() -> None:
    slugs = [step.slug for step in SET_UP.steps]
    assert SET_UP.before(slugs[0]) is None
    assert [SET_UP.before(slug) for slug in slugs[1:]] == list(SET_UP.steps[:-1])
    assert [SET_UP.after(slug) for slug in slugs[:-1]] == list(SET_UP.steps[1:])
    assert SET_UP.after(slugs[-1]) is None
    assert slugs == ["account", "user", "key", "register", "verify", "test", "handover"]


@pytest.fixture
def rotated(walked: Journey, key: PublicKey, other_key: PublicKey) -> Journey:
    """A key replaced by another one, from what was set up to the end."""
    looked = walked.with_old_key(StandingKey(key.fingerprint, slot=1))
    renewed = looked.with_key(other_key, "browser", NOW, False).with_registered()
    described = Described(name="JANE", slots=(key.fingerprint, other_key.fingerprint))
    return renewed.with_description(described).with_tested(FACTS).with_switched().with_retired()


def test_rotating_is_a_second_table_and_a_leaked_key_goes_first() -> None:
    assert [step.slug for step in ROTATE.steps] == [
        *("account", "user", "look", "key", "register", "verify", "test", "switch", "retire"),
    ]
    assert [step.slug for step in LEAKED.steps] == [
        *("account", "user", "look", "retire", "key", "register", "verify", "test", "switch"),
    ]


def test_what_the_old_key_has_proved_ticks_nothing_of_the_new_one(walked: Journey, key: PublicKey) -> None:
    looked = walked.with_old_key(StandingKey(key.fingerprint, slot=1))
    assert all(SET_UP.named[slug].done(looked) for slug in ("key", "register", "verify", "test"))
    for walk in (ROTATE, LEAKED):
        assert not any(walk.named[slug].done(looked) for slug in ("key", "register", "verify", "test"))


def test_a_rotation_has_an_end_and_what_was_set_up_by_it_is_done_too(rotated: Journey) -> None:
    for walk in (ROTATE, LEAKED):
        assert all(step.done(rotated) for step in walk.steps)
        assert walk.to_do(rotated) == walk.steps[-1]
    assert SET_UP.to_do(rotated).slug == "handover"
    assert rotated.description is not None and rotated.description.slots[0] == "", "its slot is free again"


def test_what_was_said_of_one_exchange_says_nothing_of_another(
    rotated: Journey, key: PublicKey, other_key: PublicKey
) -> None:
    again = rotated.with_old_key(StandingKey(other_key.fingerprint, slot=2))
    assert ROTATE.to_do(again).slug == "key"
    assert (again.is_switched, again.is_retired) == (False, False)
    assert ROTATE.to_do(rotated.with_user("JOHN", "")).slug == "look"
    assert ROTATE.to_do(rotated.with_account(OTHER_ACCOUNT)).slug == "look"
    back = rotated.with_key(key, "upload", NOW, True)
    assert ROTATE.to_do(back).slug == "key", "the old key is no new one"


# --- carried in a cookie ----------------------------------------------------------------------------------------------
def round_trip(journey: Journey) -> Journey:
    return STORED_JOURNEY.read(json.loads(json.dumps(STORED_JOURNEY.write(journey))))


OTHER_DIGESTS = ("1f" * 12, "2e" * 12, "3d" * 12, "4c" * 16)
ONE_OF_EACH: dict[str, Any] = {
    "account": ACCOUNT,
    "user_name": "Jane Doe",
    "login_name": "jane@example.com",
    "key_source": "upload",
    "key_known_since": NOW,
    "key_encrypted": False,
    "key_notes": ("quoted", "pkcs1"),
    "role": "",
    "chosen_slot": 2,
    "new_pair": NewKeyPair("DBT_KEY", "LOADER", 90, "dbt, in the night"),
    **dict(zip(("registered", "verified", "verify_skipped", "tested"), OTHER_DIGESTS, strict=True)),
    "session": {"user": "Jane Doe", "role": "LOADER"},
    "described": Described(
        name="Jane Doe",
        login_name="jane@example.com",
        type="SERVICE",
        disabled=False,
        locked=True,
        days_to_expiry=29.99,
        default_role="LOADER",
        default_warehouse="COMPUTE_WH",
        slots=("", OTHER),
        pair=NamedKey("ETL_KEY", THIRD, "ACTIVE", ""),
    ),
    "described_at": ACCOUNT.host,
    "tool": "dbt",
    "key_folder": "C:\\keys",
    "asked": "a" * 24,
    "asked_at": NOW,
    "replaced": StandingKey(THIRD, slot=2, since="2026-03-03", used="2026-11-20", gone=True, of="b" * 24),
    "leaked": True,
    "grace_hours": 72,
    "old_tested": "c" * 24,
    "switched": "d" * 24,
    "retired": "e" * 24,
}


def test_every_fact_comes_back(key: PublicKey) -> None:
    journey = replace(Journey(), key=key, **ONE_OF_EACH)
    for fact in fields(Journey):
        assert getattr(journey, fact.name) != getattr(Journey(), fact.name), f"no example of {fact.name}"
        assert getattr(round_trip(journey), fact.name) == getattr(journey, fact.name)


def test_it_comes_back_as_it_was(walked: Journey) -> None:
    for journey in (Journey(), walked, replace(walked, role="", key_encrypted=False, chosen_slot=2)):
        assert round_trip(journey) == journey


def written_by_the_former_release(journey: Journey, **described: object) -> Journey:
    """Return the journey as 0.1.0 wrote it: a slot with a key in it was ``fingerprint_1`` or ``_2``, else nothing."""
    told = STORED_JOURNEY.write(journey)
    return STORED_JOURNEY.read(json.loads(json.dumps(told | {"d": described})))


def test_a_cookie_of_the_former_release_keeps_its_walk_and_calls_no_slot_empty_that_was_not_shown(
    walked: Journey, key: PublicKey
) -> None:
    first = written_by_the_former_release(walked, name="JANE", login_name="JANE", fingerprint_1=key.fingerprint)
    assert done(first) == done(walked)
    assert first.description is not None
    assert (first.place, first.description.slots) == (Place(slot=1), (key.fingerprint, None))
    second = written_by_the_former_release(walked, name="JANE", fingerprint_1=OTHER, fingerprint_2=key.fingerprint)
    assert second.place == Place(slot=2)


def test_a_lone_fingerprint_in_a_cookie_of_the_former_release_was_called_slot_1_and_is_not_any_more(
    walked: Journey, key: PublicKey
) -> None:
    lone = written_by_the_former_release(walked, fingerprint_1=key.fingerprint)
    assert (lone.place, done(lone)) == (NOT_TOLD, done(walked))
    named = written_by_the_former_release(walked, name="JANE")
    assert (named.place, done(named)) == (NOT_TOLD, done(walked))


names = st.text(min_size=1, max_size=40)


@given(
    user=names,
    login=st.text(max_size=40),
    role=st.one_of(st.none(), st.text(max_size=20)),
    slot=st.integers(0, 2),
    source=st.sampled_from(["", "browser", "server", "upload", "public"]),
    encrypted=st.sampled_from([None, True, False]),
    since=st.integers(0, 2**33),
)
def test_whatever_was_told_comes_back(key: PublicKey, user, login, role, slot, source, encrypted, since) -> None:
    journey = Journey().with_account(ACCOUNT).with_user(user, login).with_key(key, source, since, encrypted)
    journey = replace(journey, role=role, chosen_slot=slot).with_registered().with_verify_skipped()
    assert round_trip(journey) == journey


junk = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("aulkstercgvnpfdh"), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("name", "aulkstercgvnpfdh")
@pytest.mark.parametrize("value", [7.5, -1, 10**12, ["x", 1], {"x": 1}, "x" * 641, "\ud800", None])
def test_each_stored_name_has_its_one_type_and_range(walked: Journey, name: str, value: object) -> None:
    with pytest.raises(StoredError):
        STORED_JOURNEY.read(STORED_JOURNEY.write(walked) | {name: value})


def test_a_name_that_a_newer_release_wrote_is_passed_over(walked: Journey) -> None:
    assert STORED_JOURNEY.read(STORED_JOURNEY.write(walked) | {"z": ["whatever", 1]}) == walked


@given(st.dictionaries(st.sampled_from("aulkstercgvnpfdhx"), junk, max_size=6))
def test_what_was_not_written_here_is_refused_with_one_error_or_is_a_journey_that_works(told) -> None:
    try:
        journey = STORED_JOURNEY.read(told)
    except StoredError:
        return
    assert round_trip(journey) == journey
    assert SET_UP.to_do(journey) in SET_UP.steps
