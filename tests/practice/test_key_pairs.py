"""Named key pairs in the practice Snowflake: as strict as the documentation, with a clock that is handed in."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from wizard.practice.outcome import Outcome, Session
from wizard.practice.practice import Practice
from wizard.practice.sql import first_session
from wizard.practice.users import ADMINISTRATOR, HOST
from wizard.practice.wire import Asked
from wizard.snowflake import sql
from wizard.snowflake.key import PublicKey
from wizard.snowflake.key.rsa import RsaPublic
from wizard.snowflake.user import MOST_KEY_PAIRS, NamedKey, read_description, rotated_name

START = 1_790_000_000.0
HOUR, DAY = 3_600.0, 86_400.0


class Account:
    """The practice Snowflake with a clock of its own, and JANE, whose program logs in with whichever key it holds."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self.now = START
        self.practice = Practice(now=lambda: self.now)
        self.private = private
        self.ours = PublicKey.of_private(private)

    def key(self, number: int) -> PublicKey:
        """One of any number of other public keys; nobody has their private halves."""
        numbers = self.private.public_key().public_numbers()
        return PublicKey.of(RsaPublic(numbers.n + 2 * number, numbers.e))

    def run(self, statement: str, user: str = ADMINISTRATOR, role: str = "") -> Outcome:
        session = first_session(self.practice, user)
        return self.practice.run(statement, Session(user, role or session.role))

    def does(self, statement: str, user: str = ADMINISTRATOR) -> Outcome:
        outcome = self.run(statement, user)
        assert not outcome.failed, outcome.results[-1].error
        return outcome

    def refuses(self, statement: str, user: str = ADMINISTRATOR) -> str:
        outcome = self.run(statement, user)
        assert outcome.failed, outcome.results[-1].rows
        error = outcome.results[-1].error
        assert error is not None
        return error.text

    def adds(self, name: str = "DBT_KEY", **more: Any) -> None:
        self.does(sql.add_key_pair("JANE", name, self.ours.base64, **more))

    def rotates(self, number: int, hours: int | None = None, name: str = "DBT_KEY") -> None:
        self.does(sql.rotate_key_pair("JANE", name, self.key(number).base64, hours))

    def pairs(self) -> dict[str, NamedKey]:
        copied = self.does(sql.show_user_key_pairs("JANE")).results[0].as_copied
        return {pair.name: pair for pair in read_description(copied).named_keys}

    def statuses(self) -> dict[str, str]:
        return {name: pair.status for name, pair in self.pairs().items()}

    def token(self) -> str:
        issued = int(self.now)
        claims = {"sub": "PRACTICE-SNOWFLAKE.JANE", "iat": issued, "exp": issued + 60}
        return jwt.encode(claims | {"iss": f"{claims['sub']}.{self.ours.fingerprint}"}, self.private, algorithm="RS256")

    def posts(self, statement: str = "select current_role()", **body: str) -> tuple[int, str, str]:
        """Log in to the SQL API; return status, code and the first value or the message."""
        headers = {
            "host": HOST, "authorization": f"Bearer {self.token()}", "accept": "application/json",
            "x-snowflake-authorization-token-type": "KEYPAIR_JWT", "content-type": "application/json",
            "user-agent": "test/1.0",
        }  # fmt: skip
        sent = json.dumps({"statement": statement} | body).encode()
        told = self.practice.answer(Asked("POST", "/api/v2/statements", headers, sent))
        said = json.loads(told.body)
        return told.status, said["code"], str(said["data"][0][0]) if "data" in said else said["message"]

    def lets_in(self) -> bool:
        return self.posts()[0] == 200

    def connects(self, role: str = "") -> dict[str, Any]:
        """Log in as a client library does; return the answer."""
        headers = {"host": "127.0.0.1:1", "content-type": "application/json"}
        data = {"AUTHENTICATOR": "SNOWFLAKE_JWT", "TOKEN": self.token()}
        body = json.dumps({"data": data}).encode()
        query = f"?roleName={role}" if role else ""
        asked = Asked("POST", f"/session/v1/login-request{query}", headers, body)
        told: dict[str, Any] = json.loads(self.practice.answer_client(asked).body)
        return told

    def why_refused(self) -> str:
        """What an administrator finds out about the refusal of the next login."""
        _, code, message = self.posts()
        assert code == "390144", "a client is told no more than this"
        details = self.practice.details_of(message.partition("[")[2].rstrip("]"))
        return str(json.loads(details or "{}")["errorCode"])


@pytest.fixture
def account(rsa_2048: rsa.RSAPrivateKey) -> Account:
    return Account(rsa_2048)


# --- adding -----------------------------------------------------------------------------------------------------------
def test_a_named_key_pair_lets_in_and_the_list_shows_all_that_was_said_of_it(account: Account) -> None:
    assert account.why_refused() == "JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH"
    account.adds(days=90, comment="dbt, owned by Jane")
    assert account.pairs() == {
        "DBT_KEY": NamedKey(
            "DBT_KEY", account.ours.fingerprint, "ACTIVE", expires_at="2026-12-20 14:13:20.000 +0000",
            created_on="2026-09-21 14:13:20.000 +0000", comment="dbt, owned by Jane",
        )
    }  # fmt: skip
    assert account.lets_in()
    assert account.pairs()["DBT_KEY"].last_used_on == "2026-09-21 14:13:20.000 +0000"
    assert account.connects()["success"]


def test_the_slots_and_desc_user_know_nothing_of_it(account: Account) -> None:
    account.adds()
    described = read_description(account.does(sql.describe_user("JANE")).results[0].as_copied)
    assert described.slots == ("", "")
    account.does(sql.set_public_key("JANE", account.key(1).base64))
    assert set(account.pairs()) == {"DBT_KEY"}


def test_one_s_own_key_pair_is_added_and_listed_without_a_name(account: Account) -> None:
    account.does(f"ALTER USER ADD KEY PAIR mine PUBLIC_KEY = '{account.key(1).base64}'")
    copied = account.does("SHOW USER KEY PAIRS").results[0].as_copied
    assert [(key.name, key.status) for key in read_description(copied).named_keys] == [("MINE", "ACTIVE")]
    assert account.pairs() == {}
    account.does(f"ALTER USER IF EXISTS nobody ADD KEY PAIR a PUBLIC_KEY = '{account.key(2).base64}'")


def test_names_are_unique_and_two_are_reserved(account: Account) -> None:
    account.adds()
    assert "Object 'DBT_KEY' already exists" in account.refuses(
        sql.add_key_pair("JANE", "DBT_KEY", account.key(1).base64)
    )
    account.does(sql.add_key_pair("JANE", "dbt_key", account.key(1).base64))
    for name in ("PUBLIC_KEY_1", "PUBLIC_KEY_2"):
        key = f"PUBLIC_KEY = '{account.key(2).base64}'"
        for rest in (
            f"ADD KEY PAIR {name} {key}",
            f"ROTATE KEY PAIR {name} {key}",
            f"REMOVE KEY PAIR {name}",
            f"MODIFY KEY PAIR DBT_KEY RENAME TO {name}",
            f"MODIFY KEY PAIR {name} SET DISABLED = TRUE",
        ):
            assert "is reserved" in account.refuses(f"ALTER USER JANE {rest}")


def test_a_public_key_is_used_once_among_the_active_ones(account: Account) -> None:
    account.adds(days=1)
    again = sql.add_key_pair("JANE", "AGAIN", account.ours.base64)
    assert "in use already" in account.refuses(again)
    assert "in use already" in account.refuses(sql.rotate_key_pair("JANE", "DBT_KEY", account.ours.base64))
    account.does(sql.set_public_key("JANE", account.key(1).base64, 2))
    assert "in use already" in account.refuses(sql.add_key_pair("JANE", "B", account.key(1).base64)), "in a slot"
    account.now += 2 * DAY
    account.does(again)
    assert account.statuses() == {"DBT_KEY": "EXPIRED", "AGAIN": "ACTIVE"}
    assert account.lets_in()
    account.does(sql.add_key_pair("SVC_ETL", "THEIRS", account.ours.base64))


def test_a_user_has_ten_and_one_that_was_rotated_out_counts_until_its_grace_is_over(account: Account) -> None:
    account.adds()
    for number in range(1, MOST_KEY_PAIRS - 1):
        account.does(sql.add_key_pair("JANE", f"KEY_{number}", account.key(number).base64))
    account.rotates(100)
    eleventh = sql.add_key_pair("JANE", "ONE_TOO_MANY", account.key(101).base64)
    for statement in (eleventh, sql.rotate_key_pair("JANE", "DBT_KEY", account.key(102).base64)):
        assert f"maximum number of key pairs ({MOST_KEY_PAIRS})" in account.refuses(statement)
    assert len(account.pairs()) == MOST_KEY_PAIRS
    account.now += 24 * HOUR
    assert len(account.pairs()) == MOST_KEY_PAIRS - 1
    account.does(eleventh)


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("ADD KEY PAIR a", "unexpected '<EOF>'"),
        ("ADD KEY PAIR a PUBLIC_KEY = 'ssh-rsa AAAA'", "New public key rejected by current policy"),
        ("ADD KEY PAIR a PUBLIC_KEY = '{key}' DAYS_TO_EXPIRY = 0", "invalid value [0] for parameter 'DAYS_TO_EXPIRY'"),
        ("ADD KEY PAIR a PUBLIC_KEY = '{key}' DAYS_TO_EXPIRY = 1.5", "invalid value [1.5]"),
        ("ADD KEY PAIR a PUBLIC_KEY = '{key}' DAYS_TO_EXPIRY = '9'", "syntax error"),
        ("ADD KEY PAIR a PUBLIC_KEY = '{key}' ROLE_RESTRICTION = 'LOADER'", "Role 'LOADER' does not exist or not auth"),
        ("ADD KEY PAIR a PUBLIC_KEY = '{key}' ROLE_RESTRICTION = 'NO_SUCH'", "Role 'NO_SUCH' does not exist"),
        ("ADD KEY PAIR a PUBLIC_KEY = '{key}' SHOE_SIZE = 42", "syntax error"),
        ("ADD KEY PAIR a RSA_PUBLIC_KEY = '{key}'", "syntax error"),
        ("ADD KEYPAIR a PUBLIC_KEY = '{key}'", "syntax error"),
        ("DROP KEY PAIR dbt_key", "syntax error"),
        ("DISABLE KEY PAIR dbt_key", "syntax error"),
        ("REMOVE KEY PAIR nothing", "Key pair 'NOTHING' does not exist"),
        ("ROTATE KEY PAIR nothing PUBLIC_KEY = '{key}'", "Key pair 'NOTHING' does not exist"),
        ("MODIFY KEY PAIR dbt_key SET DAYS_TO_EXPIRY = 9", "invalid property 'DAYS_TO_EXPIRY' for 'KEY PAIR'"),
        ("MODIFY KEY PAIR dbt_key SET ROLE_RESTRICTION = 'ANALYST'", "invalid property 'ROLE_RESTRICTION'"),
        ("MODIFY KEY PAIR dbt_key SET DISABLED = maybe", "invalid value [MAYBE]"),
        ("MODIFY KEY PAIR dbt_key SET", "unexpected '<EOF>'"),
    ],
)
def test_what_is_not_documented_or_breaks_a_rule_is_refused(account: Account, rest: str, words: str) -> None:
    account.adds()
    assert words in account.refuses(f"ALTER USER JANE {rest.format(key=account.key(1).base64)}")
    assert account.statuses() == {"DBT_KEY": "ACTIVE"}


# --- who may ----------------------------------------------------------------------------------------------------------
def test_the_privilege_is_needed_and_is_enough_and_one_s_own_list_needs_none(account: Account) -> None:
    account.adds()
    add = sql.add_key_pair("JANE", "MINE", account.key(1).base64)
    statements = (
        add, sql.rotate_key_pair("JANE", "MINE", account.key(2).base64), sql.disable_key_pair("JANE", "MINE"),
        sql.remove_key_pair("JANE", "MINE"),
    )  # fmt: skip
    for statement in statements:
        assert "Insufficient privileges to operate on user 'JANE'" in account.refuses(statement, "JANE")
    account.does(sql.show_user_key_pairs("JANE"), "JANE")
    assert "Insufficient privileges" in account.refuses(sql.show_user_key_pairs("JANE"), "SVC_ETL")
    account.does(sql.grant_programmatic_authentication("JANE", "LOADER"))
    for statement in (*statements, sql.show_user_key_pairs("JANE")):
        account.does(statement, "SVC_ETL")
    assert "Insufficient privileges" in account.refuses(sql.describe_user("JANE"), "SVC_ETL")


# --- ending, disabling, rotating --------------------------------------------------------------------------------------
def test_a_key_pair_ends_and_disabled_is_said_before_expired(account: Account) -> None:
    account.adds(days=2)
    account.now += 2 * DAY - 1
    assert account.lets_in()
    account.now += 1
    assert account.statuses() == {"DBT_KEY": "EXPIRED"}
    assert account.why_refused() == "JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH"
    account.does(sql.disable_key_pair("JANE", "DBT_KEY"))
    assert account.statuses() == {"DBT_KEY": "DISABLED"}


def test_a_disabled_key_pair_lets_nobody_in_until_it_is_enabled(account: Account) -> None:
    account.adds()
    account.does(sql.disable_key_pair("JANE", "DBT_KEY"))
    assert account.why_refused() == "JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH"
    account.does(sql.disable_key_pair("JANE", "DBT_KEY", disabled=False))
    assert account.lets_in()
    account.does("ALTER USER JANE MODIFY KEY PAIR dbt_key SET DISABLED = TRUE, COMMENT = 'leaked?'")
    assert (account.statuses(), account.pairs()["DBT_KEY"].comment) == ({"DBT_KEY": "DISABLED"}, "leaked?")
    account.does("ALTER USER JANE MODIFY KEY PAIR dbt_key UNSET DISABLED COMMENT")
    assert (account.statuses(), account.pairs()["DBT_KEY"].comment) == ({"DBT_KEY": "ACTIVE"}, "")


def test_a_comment_is_changed_a_name_is_changed_and_a_pair_is_removed(account: Account) -> None:
    account.adds()
    account.does(sql.comment_key_pair("JANE", "DBT_KEY", "it's dbt"))
    account.does(sql.rename_key_pair("JANE", "DBT_KEY", "dbt of Jane"))
    assert {name: pair.comment for name, pair in account.pairs().items()} == {"dbt of Jane": "it's dbt"}
    account.does(sql.add_key_pair("JANE", "B", account.key(1).base64))
    assert "already exists" in account.refuses(sql.rename_key_pair("JANE", "B", "dbt of Jane"))
    account.does(sql.remove_key_pair("JANE", "dbt of Jane"))
    assert set(account.pairs()) == {"B"}
    assert not account.lets_in()


def test_the_old_key_works_for_a_day_after_a_rotation_and_what_was_said_of_it_passes_on(account: Account) -> None:
    account.adds(role="ANALYST", days=90, comment="dbt")
    account.now += DAY
    out = rotated_name("DBT_KEY", account.now)
    account.rotates(1)
    old, new = account.pairs()[out], account.pairs()["DBT_KEY"]
    assert (old.fingerprint, old.status, old.rotated_to) == (account.ours.fingerprint, "ACTIVE", "DBT_KEY")
    assert (old.expires_at[:10], old.successor) == ("2026-09-23", "DBT_KEY")
    assert (new.fingerprint, new.role, new.comment) == (account.key(1).fingerprint, "ANALYST", "dbt")
    assert new.expires_at[:10] == "2026-12-21", "90 days from now"
    assert account.posts(role="ANALYST")[0] == 200, "the old key"
    assert f"'{out}' was rotated out already" in account.refuses(
        sql.rotate_key_pair("JANE", out, account.key(2).base64)
    )
    account.now += 24 * HOUR
    assert account.statuses() == {"DBT_KEY": "ACTIVE"}
    assert account.posts(role="ANALYST")[:2] == (401, "390144")


def test_the_grace_is_so_many_hours_and_none_with_zero(account: Account) -> None:
    account.adds()
    account.rotates(1, hours=3)
    account.now += 3 * HOUR - 1
    assert account.lets_in()
    account.now += 1
    assert not account.lets_in()
    account.rotates(2, hours=0)
    assert sorted(account.statuses().values()) == ["ACTIVE", "DISABLED"]
    account.rotates(3, hours=0)
    assert len(account.pairs()) == 2, "what is over makes room"


def test_the_grace_is_no_longer_than_what_the_key_has_left(account: Account) -> None:
    account.adds(days=1)
    account.now += 20 * HOUR
    rotate = sql.rotate_key_pair("JANE", "DBT_KEY", account.key(1).base64, 5)
    assert "invalid value [5]" in account.refuses(rotate)
    account.rotates(1)
    account.now += 4 * HOUR - 1
    assert account.lets_in()
    account.now += 1
    assert not account.lets_in()


# --- the restricted role ----------------------------------------------------------------------------------------------
def test_a_restricted_key_pair_lets_in_who_asks_for_its_role_and_nobody_else(account: Account) -> None:
    account.does("GRANT ROLE LOADER TO USER JANE")
    account.adds(role="LOADER")
    assert account.pairs()["DBT_KEY"].role == "LOADER"
    assert account.posts(role="LOADER") == (200, "090001", "LOADER")
    for asked in ({}, {"role": "ANALYST"}, {"role": "NO_SUCH"}):
        status, code, message = account.posts(**asked)
        assert (status, code) == (422, "390186")
        assert "role restriction of the key pair" in message
    assert account.connects("loader")["data"]["sessionInfo"]["roleName"] == "LOADER"
    assert account.connects()["code"] == account.connects("ANALYST")["code"] == "390186"


def test_its_session_has_that_one_role_and_no_other(account: Account) -> None:
    account.does("GRANT ROLE LOADER TO USER JANE")
    account.adds(role="LOADER")
    _, _, message = account.posts("USE ROLE ANALYST", role="LOADER")
    assert "Requested role 'ANALYST' is not assigned" in message


def test_it_lets_nobody_in_once_the_role_is_not_the_user_s_any_more(account: Account) -> None:
    account.adds(role="ANALYST")
    assert account.posts(role="ANALYST")[0] == 200
    account.practice.play("role-not-granted")
    assert account.posts(role="ANALYST")[:2] == (422, "390186")


def test_the_role_is_read_as_an_identifier_and_as_it_is_stored(account: Account) -> None:
    for name, text in (("A", "analyst"), ("B", '"ANALYST"'), ("C", "ANALYST")):
        account.does(
            f"ALTER USER JANE ADD KEY PAIR {name} PUBLIC_KEY = '{account.key(ord(name)).base64}' "
            f"ROLE_RESTRICTION = '{text}'"
        )
    assert {pair.role for pair in account.pairs().values()} == {"ANALYST"}
