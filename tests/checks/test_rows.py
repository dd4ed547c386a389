"""The rows of the live test: each says one plain sentence, the runner never raises, and no token comes out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from wizard.checks import clock, context, identity, login
from wizard.checks.key import check_given_token, check_key
from wizard.checks.network import Network, Trouble
from wizard.checks.row import STORED_ROW, Row, plain
from wizard.checks.runner import CHECKS, next_check, not_run, run_all, run_check, verdict
from wizard.diagnosis.symptom import KINDS, Symptom
from wizard.practice.wire import Reply, json_reply
from wizard.secret import Secret
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.login import Login
from wizard.snowflake.token import sign_token
from wizard.stored import StoredError

NOW = 1_790_000_000.0
KEY = Row("key", "passed", "ok", facts={"signed_by": "server"})
ACCOUNT = read_account("myorg-my_acct")


def pem(private: rsa.RSAPrivateKey, passphrase: str = "") -> bytes:
    sealed = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed)


@pytest.fixture
def jane(rsa_2048: rsa.RSAPrivateKey) -> Login:
    return Login(ACCOUNT, "JANE", PublicKey.of_private(rsa_2048))


# --- key ---


def test_the_key_row_signs_one_token_and_shows_the_fingerprint(jane: Login, rsa_2048: rsa.RSAPrivateKey) -> None:
    row, token, _ = check_key(pem(rsa_2048), Secret(), jane, NOW)
    assert row.status == "passed"
    assert jane.key.fingerprint in row.words
    assert token is not None
    assert check_given_token(token, jane, NOW).status == "passed"


def test_a_key_that_is_not_the_pair_shows_both_fingerprints(jane: Login, other_rsa_2048: rsa.RSAPrivateKey) -> None:
    row, token, _ = check_key(pem(other_rsa_2048), Secret(), jane, NOW)
    assert (row.status, token) == ("failed", None)
    assert row.symptom is not None
    assert row.symptom.facts["cause"] == "key-mismatch"
    assert jane.key.fingerprint in row.words
    assert PublicKey.of_private(other_rsa_2048).fingerprint in row.words


@pytest.mark.parametrize(
    ("data", "passphrase", "cause"),
    [("sealed", "", "passphrase-missing"), ("sealed", "not it", "passphrase-wrong"), ("nothing", "", "key-empty")],
)
def test_a_key_that_does_not_open_names_its_cause(
    jane: Login, rsa_2048: rsa.RSAPrivateKey, data: str, passphrase: str, cause: str
) -> None:
    file = pem(rsa_2048, "open sesame") if data == "sealed" else b""
    row, token, _ = check_key(file, Secret(passphrase), jane, NOW)
    assert (row.status, token) == ("failed", None)
    assert row.symptom is not None
    assert row.symptom.facts["cause"] == cause


def test_a_token_of_somebody_else_is_not_passed_on(
    jane: Login, other_rsa_2048: rsa.RSAPrivateKey, make_attempt, server
) -> None:
    mallory = Login(jane.account, "MALLORY", PublicKey.of_private(other_rsa_2048))
    token = sign_token(mallory, other_rsa_2048, int(NOW))
    row = check_given_token(token, jane, NOW)
    assert row.status == "failed"
    assert token.reveal() not in json.dumps(STORED_ROW.write(row))

    attempt = make_attempt(token=token)
    for name in ("login", "context"):
        run_check(name, attempt, (KEY,))
    assert server.script.asked == []


def test_a_token_that_ran_out_on_the_way_is_not_sent(make_attempt, server) -> None:
    attempt = make_attempt(now=1_700_000_000)
    row = run_check("login", attempt, (KEY,))
    assert row.status == "failed"
    assert row.symptom is not None
    assert row.symptom.facts["cause"] == "token-expired"
    assert server.script.asked == []


# --- clock ---


def clock_row(server, attempt, *, ahead: float = 0.0, first: Row = KEY) -> Row:
    server.script.ahead = ahead
    return clock.check(attempt, (first,))


@pytest.mark.parametrize(
    ("ahead", "status", "words"),
    [
        (0, "passed", "The clocks agree"),
        (25, "passed", "The clocks agree"),
        (-40, "warned", "server that runs this wizard is 40 seconds ahead of Snowflake's"),
        (90, "failed", "server that runs this wizard is 90 seconds behind Snowflake's"),
        (-3600, "failed", "seconds (60 minutes) ahead of"),
    ],
)
def test_the_clock_row_says_whose_clock_is_off_and_by_how_much(
    server, make_attempt, ahead: float, status: str, words: str
) -> None:
    row = clock_row(server, make_attempt(), ahead=ahead)
    assert row.status == status
    assert words in row.sentence or row.sentence.replace("91", "90").replace("41", "40").find(words) >= 0
    assert row.facts["whose_clock"] == "server"
    assert abs(int(row.facts["skew_seconds"]) + ahead) <= 1


def test_a_browsers_clock_that_is_off_only_warns(server, make_attempt) -> None:
    attempt = make_attempt()
    off = replace(attempt, browser_clock=attempt.network.now() - 300)
    row = clock_row(server, off)
    assert row.status == "warned"
    assert row.facts["whose_clock"] == "browser"
    assert "Your computer's clock" in row.sentence
    assert clock_row(server, replace(attempt, browser_clock=attempt.network.now() + 2)).status == "passed"


def test_a_token_of_ones_own_tools_only_suffers_from_the_clock_that_signed_it(server, make_attempt) -> None:
    own = Row("key", "passed", "ok", facts={"signed_by": "person"})
    assert clock_row(server, make_attempt(), ahead=200, first=own).status == "warned"
    ahead = clock_row(server, make_attempt(), ahead=-200, first=own)
    assert (ahead.status, ahead.facts["whose_clock"]) == ("failed", "yours")


@pytest.mark.parametrize("date", ["yesterday", "", "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_an_answer_without_a_date_skips_the_row(make_attempt, date: str) -> None:
    assert clock.compare(date, NOW, NOW + 1, make_attempt(), (KEY,)).status == "skipped"


# --- identity ---

FACTS = {
    "authenticated": "yes", "user": "JANE", "role": "ANALYST", "account": "MY_ACCT", "organization": "MYORG",
    "region": "AWS_US_WEST_2", "warehouse": "WH", "version": "10", "locator": "XY12345",
}  # fmt: skip


def identity_row(make_attempt, *, account: str = "myorg-my_acct", region: str | None = None, user_name: str = "JANE",
                 name: str = "JANE", **told: str) -> Row:  # fmt: skip
    attempt = make_attempt(account=read_account(account, region=region), name=name, user_name=user_name)
    return identity.check(attempt, (KEY, Row("login", "passed", "ok", facts=FACTS | told)))


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, "passed"),
        ({"account": "myorg-my-acct"}, "passed"),
        ({"account": "xy12345.us-east-2.aws"}, "passed"),
        ({"account": "ab99999.us-east-2.aws"}, "failed"),
        ({"account": "myorg-other"}, "warned"),
        ({"account": "neworg-my_acct"}, "warned"),
        ({"account": "neworg-other"}, "failed"),
        ({"user": "BOB"}, "failed"),
        ({"user": "Jane"}, "warned"),
        ({"user": "Jane", "user_name": ""}, "passed"),
        ({"user": "BOB", "name": "BOB"}, "failed"),
        ({"name": "jane@example.com"}, "passed"),
        ({"name": "jane@example.com", "user": "Jane"}, "warned"),
        ({"user_name": "Jane.Doe", "name": "jane@example.com", "user": "Jane.Doe"}, "passed"),
        ({"user": ""}, "skipped"),
    ],
)
def test_the_identity_row_compares_the_session_with_what_was_meant(
    make_attempt, changed: dict[str, str], status: str
) -> None:
    assert identity_row(make_attempt, **changed).status == status


@pytest.mark.parametrize("named", [True, False], ids=["columns named", "columns in their order"])
def test_what_the_session_says_of_itself_reaches_the_row_that_compares_it(make_attempt, server, named: bool) -> None:
    session = {
        "CURRENT_USER()": "JANE", "CURRENT_ROLE()": "ANALYST", "CURRENT_ACCOUNT_NAME()": "MY_ACCT",
        "CURRENT_ORGANIZATION_NAME()": "MYORG", "CURRENT_REGION()": "AWS_US_WEST_2", "CURRENT_WAREHOUSE()": "WH",
        "CURRENT_VERSION()": "10", "CURRENT_ACCOUNT()": "XY12345",
    }  # fmt: skip
    meta = {"resultSetMetaData": {"rowType": [{"name": name} for name in session]}} if named else {}
    server.script.reply = lambda asked: json_reply(200, {"code": "090001", "data": [list(session.values())], **meta})
    row = login.check(make_attempt(), (KEY,))
    assert (row.status, row.facts) == ("passed", FACTS)


def test_another_user_is_named_with_the_one_that_was_expected(make_attempt) -> None:
    row = identity_row(make_attempt, user="BOB")
    assert row.symptom is not None
    assert row.symptom.facts == {"user": "BOB", "expected_user": "JANE"}
    assert "BOB" in row.sentence


# --- context ---


@pytest.mark.parametrize(
    ("reply", "status", "kind"),
    [
        (json_reply(200, {"code": "090001", "data": [["ANALYST", "WH"]]}), "passed", ""),
        (json_reply(200, {"code": "090001", "data": [["ANALYST", None]]}), "warned", "warehouse"),
        (json_reply(200, {"code": "090001", "data": [[]]}), "warned", "warehouse"),
        (json_reply(422, {"code": "390189", "message": "Role 'X' specified in the connect string"}), "warned", "role"),
        (json_reply(422, {"code": "391920", "message": "warehouse"}), "warned", "warehouse"),
        (json_reply(401, {"code": "390144", "message": "JWT token is invalid."}), "warned", "answer"),
        (Reply(200, b"<html>"), "skipped", ""),
    ],
)
def test_the_context_row_warns_and_never_fails(make_attempt, server, reply: Reply, status: str, kind: str) -> None:
    server.script.reply = lambda asked: reply
    attempt = make_attempt(role="ANALYST", warehouse="WH")
    row = context.check(attempt, (KEY, Row("login", "passed", "ok", facts=FACTS)))
    assert row.status == status
    assert (row.symptom.kind if row.symptom else "") == kind
    assert json.loads(server.script.asked[0].body)["role"] == "ANALYST"


def test_a_session_that_fell_back_to_public_is_warned_about(make_attempt, server) -> None:
    server.script.reply = lambda asked: json_reply(200, {"code": "090001", "data": [["PUBLIC", "WH"]]})
    row = context.check(make_attempt(), (KEY, Row("login", "passed", "ok", facts=FACTS | {"role": "PUBLIC"})))
    assert row.status == "warned"
    assert row.symptom is not None
    assert row.symptom.kind == "role"


# --- the runner ---


def test_the_rows_are_in_this_order() -> None:
    assert [check.name for check in CHECKS] == ["key", "dns", "tls", "clock", "login", "identity", "context"]


def test_a_check_that_breaks_gives_a_row_too(make_attempt) -> None:
    def resolve(host: str, port: int) -> Any:
        return [7]  # a resolver gone mad

    row = run_check("dns", make_attempt(account=ACCOUNT, network=Network(resolve=resolve)), (KEY,))
    assert row.status == "failed"
    assert "fault in this wizard" in row.sentence
    assert row.words == "AttributeError"


def test_the_test_stops_where_going_on_would_mislead_and_says_what_was_not_tried(make_attempt) -> None:
    attempt = make_attempt(network=Network(resolve=lambda host, port: []))
    rows = run_all(attempt, KEY)
    assert [row.status for row in rows] == ["passed", "failed", *["skipped"] * (len(CHECKS) - 2)]
    assert {row.sentence for row in rows[2:]} == {"Not tried, because of the failure above."}
    assert verdict(rows) == "failed"


def test_row_by_row_and_all_at_once_come_to_the_same(make_attempt, server) -> None:
    server.script.reply = lambda asked: json_reply(401, {"code": "390144", "message": "JWT token is invalid."})
    attempt = make_attempt()
    rows: tuple[Row, ...] = (KEY,)
    while (name := next_check(rows)) is not None:
        carried = tuple(STORED_ROW.read(json.loads(json.dumps(STORED_ROW.write(row)))) for row in rows)
        assert not_run(carried) == ()
        rows = (*carried, run_check(name, attempt, carried))
    whole = (*rows, *not_run(rows))
    assert [(row.check, row.status) for row in whole] == [(row.check, row.status) for row in run_all(attempt, KEY)]
    assert [row.check for row in whole] == [check.name for check in CHECKS]


def test_a_failed_key_ends_the_test_at_once() -> None:
    assert next_check((Row("key", "failed", "no"),)) is None
    assert next_check(()) == "key"


def test_without_an_accepted_token_there_is_no_pass() -> None:
    assert verdict((KEY,)) == "failed"
    assert verdict((KEY, Row("login", "passed", "ok", facts={"authenticated": "yes"}))) == "passed"


def test_a_check_that_there_is_not_is_a_mistake_of_the_caller(make_attempt) -> None:
    with pytest.raises(KeyError):
        run_check("no-such", make_attempt(), ())


def test_the_statement_is_a_constant_of_context_functions() -> None:
    assert login.STATEMENT.count("CURRENT_") == len(login.COLUMNS)
    assert not set("'{%") & set(login.STATEMENT)


# --- rows on their way to the next request ---

TEXT = st.text(max_size=50)
SYMPTOMS = st.builds(
    Symptom,
    st.sampled_from(KINDS),
    st.text(max_size=10),
    st.integers(0, 599),
    TEXT,
    st.dictionaries(TEXT, TEXT, max_size=3),
)


@given(
    st.builds(
        Row,
        st.text(max_size=10),
        st.sampled_from(["passed", "warned", "failed", "skipped"]),
        TEXT,
        TEXT,
        st.integers(0, 10**6),
        st.none() | SYMPTOMS,
        st.dictionaries(TEXT, TEXT, max_size=3),
    )
)
def test_a_row_survives_the_way_to_the_next_request(row: Row) -> None:
    assert STORED_ROW.read(json.loads(json.dumps(STORED_ROW.write(row)))) == row


NAMES = ["check", "status", "sentence", "words", "milliseconds", "facts", "symptom", "kind"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
)


def test_a_row_that_says_too_much_is_cut_and_still_travels() -> None:
    much = "x" * 9_000
    row = Row(
        "key", "failed", much, much, symptom=Symptom("key", message=much, facts={"cause": much}), facts={"a": much}
    )
    assert len(STORED_ROW.read(json.loads(json.dumps(STORED_ROW.write(row)))).words) == 2_000


@given(JSON)
def test_anything_else_is_refused(data: object) -> None:
    with pytest.raises(StoredError):
        STORED_ROW.read(data)


def test_whatever_looks_like_a_token_is_taken_out() -> None:
    token = Secret("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJNWU9SRyJ9.c2lnbmF0dXJlLW9mLXNvbWUtbGVuZ3Ro")
    trouble = Trouble("answer", "said eyJhbGciOiJub25lIn0.e30.x", token.reveal(), {"x": token.reveal().split(".")[2]})
    row = Row("login", "failed", trouble.sentence, trouble.words, symptom=trouble.symptom, facts=trouble.facts)
    clean = json.dumps(STORED_ROW.write(row.without(token)))
    assert "eyJ" not in clean
    assert "c2lnbmF0" not in clean


def test_words_are_plain_text_of_some_length() -> None:
    assert plain("a\x00b\u202ec\u2028d\ne\tf") == "abcd\ne f"
    assert len(plain("x" * 10_000)) == 2_000
