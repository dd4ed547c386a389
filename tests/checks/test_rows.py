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
from wizard.checks.answer import Answer, AnswerError, plain
from wizard.checks.key import check_given_token, check_key
from wizard.checks.network import Network, Trouble
from wizard.checks.runner import CHECKS, next_check, not_run, run_all, run_check, verdict
from wizard.diagnosis.symptom import KINDS, Symptom
from wizard.practice.wire import Reply, json_reply
from wizard.secret import Secret
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.login import Login
from wizard.snowflake.token import sign_token

NOW = 1_790_000_000.0
KEY = Answer("key", "passed", "ok", facts={"signed_by": "server"})
ACCOUNT = read_account("myorg-my_acct")


def pem(private: rsa.RSAPrivateKey, passphrase: str = "") -> bytes:
    sealed = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed)


@pytest.fixture
def jane(rsa_2048: rsa.RSAPrivateKey) -> Login:
    return Login(ACCOUNT, "JANE", PublicKey.of_private(rsa_2048))


# --- key ---


def test_the_key_row_signs_one_token_and_shows_the_fingerprint(jane: Login, rsa_2048: rsa.RSAPrivateKey) -> None:
    answer, token = check_key(pem(rsa_2048), Secret(), jane, NOW)
    assert answer.status == "passed"
    assert jane.key.fingerprint in answer.words
    assert token is not None
    assert check_given_token(token, jane, NOW).status == "passed"


def test_a_key_that_is_not_the_pair_shows_both_fingerprints(jane: Login, other_rsa_2048: rsa.RSAPrivateKey) -> None:
    answer, token = check_key(pem(other_rsa_2048), Secret(), jane, NOW)
    assert (answer.status, token) == ("failed", None)
    assert answer.symptom is not None
    assert answer.symptom.facts["cause"] == "key-mismatch"
    assert jane.key.fingerprint in answer.words
    assert PublicKey.of_private(other_rsa_2048).fingerprint in answer.words


@pytest.mark.parametrize(
    ("data", "passphrase", "cause"),
    [("sealed", "", "passphrase-missing"), ("sealed", "not it", "passphrase-wrong"), ("nothing", "", "key-empty")],
)
def test_a_key_that_does_not_open_names_its_cause(
    jane: Login, rsa_2048: rsa.RSAPrivateKey, data: str, passphrase: str, cause: str
) -> None:
    file = pem(rsa_2048, "open sesame") if data == "sealed" else b""
    answer, token = check_key(file, Secret(passphrase), jane, NOW)
    assert (answer.status, token) == ("failed", None)
    assert answer.symptom is not None
    assert answer.symptom.facts["cause"] == cause


def test_a_token_of_somebody_else_is_not_passed_on(
    jane: Login, other_rsa_2048: rsa.RSAPrivateKey, make_subject, server
) -> None:
    mallory = Login(jane.account, "MALLORY", PublicKey.of_private(other_rsa_2048))
    token = sign_token(mallory, other_rsa_2048, int(NOW))
    answer = check_given_token(token, jane, NOW)
    assert answer.status == "failed"
    assert token.reveal() not in json.dumps(answer.to_dict())

    subject = make_subject(token=token)
    for name in ("login", "context"):
        run_check(name, subject, (KEY,))
    assert server.script.asked == []


def test_a_token_that_ran_out_on_the_way_is_not_sent(make_subject, server) -> None:
    subject = make_subject(now=1_700_000_000)
    answer = run_check("login", subject, (KEY,))
    assert answer.status == "failed"
    assert answer.symptom is not None
    assert answer.symptom.facts["cause"] == "token-expired"
    assert server.script.asked == []


# --- clock ---


def clock_row(server, subject, *, ahead: float = 0.0, first: Answer = KEY) -> Answer:
    server.script.ahead = ahead
    return clock.check(subject, (first,))


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
    server, make_subject, ahead: float, status: str, words: str
) -> None:
    answer = clock_row(server, make_subject(), ahead=ahead)
    assert answer.status == status
    assert words in answer.sentence or answer.sentence.replace("91", "90").replace("41", "40").find(words) >= 0
    assert answer.facts["whose_clock"] == "server"
    assert abs(int(answer.facts["skew_seconds"]) + ahead) <= 1


def test_a_browsers_clock_that_is_off_only_warns(server, make_subject) -> None:
    subject = make_subject()
    off = replace(subject, browser_clock=subject.network.now() - 300)
    answer = clock_row(server, off)
    assert answer.status == "warned"
    assert answer.facts["whose_clock"] == "browser"
    assert "Your computer's clock" in answer.sentence
    assert clock_row(server, replace(subject, browser_clock=subject.network.now() + 2)).status == "passed"


def test_a_token_of_ones_own_tools_only_suffers_from_the_clock_that_signed_it(server, make_subject) -> None:
    own = Answer("key", "passed", "ok", facts={"signed_by": "person"})
    assert clock_row(server, make_subject(), ahead=200, first=own).status == "warned"
    ahead = clock_row(server, make_subject(), ahead=-200, first=own)
    assert (ahead.status, ahead.facts["whose_clock"]) == ("failed", "yours")


@pytest.mark.parametrize("date", ["yesterday", "", "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_an_answer_without_a_date_skips_the_row(make_subject, date: str) -> None:
    assert clock.compare(date, NOW, NOW + 1, make_subject(), (KEY,)).status == "skipped"


# --- identity ---

FACTS = {
    "authenticated": "yes", "user": "JANE", "role": "ANALYST", "account": "MY_ACCT", "organization": "MYORG",
    "region": "AWS_US_WEST_2", "warehouse": "WH", "version": "10", "locator": "XY12345",
}  # fmt: skip


def identity_row(make_subject, *, account: str = "myorg-my_acct", region: str | None = None, user_name: str = "JANE",
                 name: str = "JANE", **told: str) -> Answer:  # fmt: skip
    subject = make_subject(account=read_account(account, region=region), name=name, user_name=user_name)
    return identity.check(subject, (KEY, Answer("login", "passed", "ok", facts=FACTS | told)))


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
    make_subject, changed: dict[str, str], status: str
) -> None:
    assert identity_row(make_subject, **changed).status == status


def test_another_user_is_named_with_the_one_that_was_expected(make_subject) -> None:
    answer = identity_row(make_subject, user="BOB")
    assert answer.symptom is not None
    assert answer.symptom.facts == {"user": "BOB", "expected_user": "JANE"}
    assert "BOB" in answer.sentence


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
def test_the_context_row_warns_and_never_fails(make_subject, server, reply: Reply, status: str, kind: str) -> None:
    server.script.reply = lambda asked: reply
    subject = make_subject(role="ANALYST", warehouse="WH")
    answer = context.check(subject, (KEY, Answer("login", "passed", "ok", facts=FACTS)))
    assert answer.status == status
    assert (answer.symptom.kind if answer.symptom else "") == kind
    assert json.loads(server.script.asked[0].body)["role"] == "ANALYST"


def test_a_session_that_fell_back_to_public_is_warned_about(make_subject, server) -> None:
    server.script.reply = lambda asked: json_reply(200, {"code": "090001", "data": [["PUBLIC", "WH"]]})
    answer = context.check(make_subject(), (KEY, Answer("login", "passed", "ok", facts=FACTS | {"role": "PUBLIC"})))
    assert answer.status == "warned"
    assert answer.symptom is not None
    assert answer.symptom.kind == "role"


# --- the runner ---


def test_the_rows_are_in_this_order() -> None:
    assert [check.name for check in CHECKS] == ["key", "dns", "tls", "clock", "login", "identity", "context"]


def test_a_check_that_breaks_is_an_answer_too(make_subject) -> None:
    def resolve(host: str, port: int) -> Any:
        return [7]  # a resolver gone mad

    answer = run_check("dns", make_subject(account=ACCOUNT, network=Network(resolve=resolve)), (KEY,))
    assert answer.status == "failed"
    assert "fault in this wizard" in answer.sentence
    assert answer.words == "AttributeError"


def test_the_test_stops_where_going_on_would_mislead_and_says_what_was_not_tried(make_subject) -> None:
    subject = make_subject(network=Network(resolve=lambda host, port: []))
    answers = run_all(subject, KEY)
    assert [answer.status for answer in answers] == ["passed", "failed", *["skipped"] * (len(CHECKS) - 2)]
    assert {answer.sentence for answer in answers[2:]} == {"Not tried, because of the failure above."}
    assert verdict(answers) == "failed"


def test_row_by_row_and_all_at_once_come_to_the_same(make_subject, server) -> None:
    server.script.reply = lambda asked: json_reply(401, {"code": "390144", "message": "JWT token is invalid."})
    subject = make_subject()
    answers: tuple[Answer, ...] = (KEY,)
    while (name := next_check(answers)) is not None:
        carried = tuple(Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) for answer in answers)
        assert not_run(carried) == ()
        answers = (*carried, run_check(name, subject, carried))
    rows = (*answers, *not_run(answers))
    assert [(row.check, row.status) for row in rows] == [(row.check, row.status) for row in run_all(subject, KEY)]
    assert [row.check for row in rows] == [check.name for check in CHECKS]


def test_a_failed_key_ends_the_test_at_once() -> None:
    assert next_check((Answer("key", "failed", "no"),)) is None
    assert next_check(()) == "key"


def test_without_an_accepted_token_there_is_no_pass() -> None:
    assert verdict((KEY,)) == "failed"
    assert verdict((KEY, Answer("login", "passed", "ok", facts={"authenticated": "yes"}))) == "passed"


def test_a_check_that_there_is_not_is_a_mistake_of_the_caller(make_subject) -> None:
    with pytest.raises(KeyError):
        run_check("no-such", make_subject(), ())


def test_the_statement_is_a_constant_of_context_functions() -> None:
    assert login.STATEMENT.count("CURRENT_") == len(login.COLUMNS)
    assert not set("'{%") & set(login.STATEMENT)


# --- answers on their way from row to row ---

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
        Answer,
        st.text(max_size=10),
        st.sampled_from(["passed", "warned", "failed", "skipped"]),
        TEXT,
        TEXT,
        st.integers(0, 10**6),
        st.none() | SYMPTOMS,
        st.dictionaries(TEXT, TEXT, max_size=3),
    )
)
def test_an_answer_survives_the_way_from_row_to_row(answer: Answer) -> None:
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


NAMES = ["check", "status", "sentence", "words", "milliseconds", "facts", "symptom", "kind"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
)


def test_an_answer_that_says_too_much_is_cut_and_still_travels() -> None:
    much = "x" * 9_000
    answer = Answer(
        "key", "failed", much, much, symptom=Symptom("key", message=much, facts={"cause": much}), facts={"a": much}
    )
    assert len(Answer.from_dict(json.loads(json.dumps(answer.to_dict()))).words) == 2_000


@given(JSON)
def test_anything_else_is_refused(data: object) -> None:
    with pytest.raises(AnswerError):
        Answer.from_dict(data)


def test_whatever_looks_like_a_token_is_taken_out() -> None:
    token = Secret("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJNWU9SRyJ9.c2lnbmF0dXJlLW9mLXNvbWUtbGVuZ3Ro")
    trouble = Trouble("answer", "said eyJhbGciOiJub25lIn0.e30.x", token.reveal(), {"x": token.reveal().split(".")[2]})
    answer = Answer("login", "failed", trouble.sentence, trouble.words, symptom=trouble.symptom, facts=trouble.facts)
    clean = json.dumps(answer.without(token).to_dict())
    assert "eyJ" not in clean
    assert "c2lnbmF0" not in clean


def test_words_are_plain_text_of_some_length() -> None:
    assert plain("a\x00b\u202ec\u2028d\ne\tf") == "abcd\ne f"
    assert len(plain("x" * 10_000)) == 2_000
