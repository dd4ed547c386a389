"""What a link carries comes out as it went in, is short, and is read strictly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from tests.key_files import public_of
from wizard.journey import Journey
from wizard.link import Carried, LinkError, pack, unpack
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.key.rsa import read_public
from wizard.snowflake.user import Described, NamedKey, NewKeyPair

KNOWN_SINCE = 1_790_035_200  # 2026-09-22, 00:00 UTC: a link keeps the day
ACCOUNTS = {
    "myorg-my_acct": (),
    "https://myorg-my-acct.snowflakecomputing.com": (),
    "xy12345.us-east-2.aws": (),
    "xy12345.cn-northwest-1.aws": (),
    "https://xy12345.snowflakecomputing.com": (),
    "myorg-my_acct.privatelink": (),
    "xy12345.eu-central-1.privatelink": (),
    "https://account-abc123.global.snowflakecomputing.com": (),
    "practice-snowflake.localhost": ("practice-snowflake.localhost",),
}


def walk(key: PublicKey, account: str = "myorg-my_acct", user: str = "JANE", login_name: str = "") -> Journey:
    named = read_account(account, vouched=ACCOUNTS.get(account, ()))
    known = Journey(account=replace(named, notes=()), key=key, key_source="browser", key_known_since=KNOWN_SINCE)
    return known.with_user(user, login_name)


@pytest.fixture(scope="module")
def key(rsa_2048: rsa.RSAPrivateKey) -> PublicKey:
    return PublicKey.of_private(rsa_2048)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_form_of_an_account_comes_out_as_it_went_in(key: PublicKey, account: str) -> None:
    journey = walk(key, account)
    assert unpack(pack(journey, "DATA-17")) == Carried(journey, "DATA-17")


@pytest.mark.parametrize(
    "told",
    [
        {"role": None},
        {"role": ""},
        {"role": "USERADMIN"},
        {"role": "my role"},
        {"chosen_slot": 2},
        {"key_encrypted": True},
        {"key_encrypted": False},
        {"key_source": "upload"},
        {"tool": "snowflake-sql-api"},
        {"new_pair": NewKeyPair("DBT_KEY")},
        {"new_pair": NewKeyPair("dbt key ÄÖ", "Load all", 3650, "Jane's laptop: ask her first…")},
        {"new_pair": NewKeyPair("DBT_KEY", comment="名前"), "login_name": "jane@corp.example", "role": ""},
        {"login_name": "jane@corp.example"},
        {"user_name": '"quoted" ÄÖ 名前'},
    ],
    ids=str,
)
def test_every_fact_that_is_carried_comes_out_as_it_went_in(key: PublicKey, told: dict) -> None:
    journey = replace(walk(key), **told)
    assert unpack(pack(journey)).journey == journey


@pytest.mark.parametrize("described", [("in slot 1"), ("in slot 2"), ("as a pair"), ("somewhere")])
def test_where_the_key_was_seen_is_carried(key: PublicKey, described: str) -> None:
    journey = walk(key)
    seen = {
        "in slot 1": lambda: journey.with_description(Described(slots=(key.fingerprint, "SHA256:other"))),
        "in slot 2": lambda: journey.with_description(Described(slots=("", key.fingerprint))),
        "as a pair": lambda: journey.with_description(Described(pair=NamedKey("ETL key", key.fingerprint, "ACTIVE"))),
        "somewhere": journey.with_key_seen,
    }[described]()
    back = unpack(pack(seen)).journey
    assert back.place == seen.place and back.key_was_seen
    assert not unpack(pack(journey)).journey.key_was_seen


@pytest.mark.parametrize(("bits", "exponent"), [(2048, 3), (3072, 65537), (4096, 65537), (2056, 2**31 - 1)])
def test_keys_of_other_sizes_and_exponents_are_carried(bits: int, exponent: int) -> None:
    other = PublicKey.of(read_public(public_of(bits, exponent)))
    assert unpack(pack(walk(other))).journey.key == other


def test_usual_names_and_a_2048_bit_key_take_less_than_310_bytes(key: PublicKey) -> None:
    assert len(pack(walk(key, "acme_corp-analytics_prod", "SVC_DBT_PRODUCTION"))) < 310


def test_a_note_that_has_no_room_is_cut_and_says_so(key: PublicKey) -> None:
    bare = len(pack(walk(key)))
    assert unpack(pack(walk(key), "Nightly dbt run, DATA-17", room=bare + 12)).note == "Nightly dbt ru…"
    assert unpack(pack(walk(key), "Ä" * 40, room=bare + 8)).note == "ÄÄ…"
    assert unpack(pack(walk(key), "Nightly", room=bare + 1)).note == ""
    assert unpack(pack(walk(key), "Nightly", room=0)) == Carried(walk(key))


def test_a_comment_on_a_new_key_pair_is_left_out_where_it_has_no_room(key: PublicKey) -> None:
    new = NewKeyPair("DBT_KEY", "LOADER", 90, "dbt, in the night")
    journey = replace(walk(key), new_pair=new)
    bare = len(pack(replace(journey, new_pair=replace(new, comment=""))))
    assert unpack(pack(journey, "DATA-17", room=bare + 60)) == Carried(journey, "DATA-17")
    without = unpack(pack(journey, "DATA-17", room=bare + 8))
    assert without == Carried(replace(journey, new_pair=replace(new, comment="")), "DATA-17")
    assert unpack(pack(journey, "DATA-17", room=0)).journey.new_pair == replace(new, comment="")


def test_the_role_that_a_key_pair_is_restricted_to_is_carried_with_where_it_was_seen(key: PublicKey) -> None:
    pair = NamedKey("ETL_KEY", key.fingerprint, "ACTIVE", "LOADER")
    assert unpack(pack(walk(key).with_description(Described(pair=pair)))).journey.restricted_role == "LOADER"


def test_a_key_that_was_seen_is_to_be_added_no_more(key: PublicKey) -> None:
    journey = replace(walk(key), new_pair=NewKeyPair("DBT_KEY"))
    assert unpack(pack(journey.with_key_seen())).journey.new_pair is None


@given(text=st.text(alphabet="ABCZ09_-.$@ aäß\u4e00", min_size=1, max_size=255))
def test_any_name_comes_out_as_it_went_in(key: PublicKey, text: str) -> None:
    journey = replace(walk(key), user_name=text)
    assert unpack(pack(journey)).journey.user_name == text


@given(cut=st.integers(0, 330), junk=st.binary(max_size=12))
def test_other_bytes_are_a_link_error_and_nothing_else(key: PublicKey, cut: int, junk: bytes) -> None:
    whole = pack(walk(key))
    for told in (whole[:cut], whole[:cut] + junk, junk + whole[cut:], junk):
        try:
            unpack(told)
        except LinkError:
            continue


def test_there_is_no_link_before_there_is_a_key(key: PublicKey) -> None:
    with pytest.raises(ValueError, match="before account, user and key"):
        pack(replace(walk(key), key=None))
