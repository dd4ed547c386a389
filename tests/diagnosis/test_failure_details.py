"""The output of SYSTEM$GET_LOGIN_FAILURE_DETAILS is read in whatever form it was copied."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.diagnosis import Background, FailureDetailsError, diagnose, read_failure_details

PRINTED = {
    "clientIP": "203.0.113.9",
    "clientType": "OTHER",
    "clientVersion": "keypair-wizard",
    "username": "JANE",
    "errorCode": "JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH",
    "timestamp": 1795230000,
}
TEXT = json.dumps(PRINTED)
COLUMN = "SYSTEM$GET_LOGIN_FAILURE_DETAILS('0D9A1C52-…')"
CSV_CELL = '"' + TEXT.replace('"', '""') + '"'


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        json.dumps(PRINTED, indent=2),
        f"{COLUMN}\n{TEXT}",
        f"{COLUMN}\n{CSV_CELL}",
        json.dumps([{COLUMN: TEXT}]),
        json.dumps(TEXT),
        f"+---+\n| {COLUMN} |\n|---|\n| {TEXT} |\n+---+\n1 Row(s) produced.",
        f"| {COLUMN} |\n| {TEXT[:60]} |\n| {TEXT[60:]} |",
    ],
)
def test_each_form_gives_the_same_details(text: str) -> None:
    details = read_failure_details(text)
    assert (details.code, details.username, details.client_ip, details.timestamp) == (
        "394304",
        "JANE",
        "203.0.113.9",
        "1795230000",
    )


@pytest.mark.parametrize(
    ("error_code", "code", "cause"),
    [
        ("JWT_TOKEN_INVALID_USER_IN_ISSUER", "394300", "user-unknown"),
        ("394302", "394302", "clock-skew"),
        (394303, "394303", "token-expired"),
        ("JWT_TOKEN_INVALID_SIGNATURE", "394306", "signature-broken"),
        ("JWT_TOKEN_ACCOUNT_MISMATCH", "394307", "account-mismatch"),
    ],
)
def test_names_and_numbers_lead_to_the_same_cause(error_code: object, code: str, cause: str) -> None:
    details = read_failure_details(json.dumps(PRINTED | {"errorCode": error_code}))
    assert details.code == code
    assert diagnose(details.symptom, Background())[0].cause.id == cause


def test_a_login_nobody_recognised_has_no_user() -> None:
    text = json.dumps(PRINTED | {"username": None})
    assert read_failure_details(text).username == ""
    assert read_failure_details(text.replace('"', '""')).username == "", "in a cell of a CSV file too"


def test_a_code_by_itself_is_enough() -> None:
    assert read_failure_details("ERROR_MESSAGE: JWT_TOKEN_INVALID_SIGNATURE").code == "394306"
    assert read_failure_details("394300").code == "394300"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Nothing was pasted"),
        ("null", "no details for this id"),
        ("SELECT SYSTEM$GET_LOGIN_FAILURE_DETAILS('0d9a1c52');", "the statement itself"),
        ("Insufficient privileges to operate on SYSTEM function", "may not see"),
        ("what a day", "no errorCode"),
        ("{" * 3000, "no errorCode"),
        ("x" * 70_000, "64 kB"),
        (json.dumps(PRINTED | {"errorCode": "OVERFLOW_FAILURE_EVENTS_ELIDED"}), "too many failed logins"),
    ],
)
def test_what_is_not_the_output_is_named(text: str, words: str) -> None:
    with pytest.raises(FailureDetailsError) as raised:
        read_failure_details(text)
    assert words in raised.value.message
    assert raised.value.fix


soup = st.lists(
    st.sampled_from([TEXT, '"', '""', "{", "}", "errorCode", ":", " ", "\n", "|", "394300", "\ud800", "[", "\\"]),
    max_size=40,
)


@settings(max_examples=200, deadline=None)
@given(soup.map("".join))
def test_only_its_own_error_comes_out(text: str) -> None:
    try:
        details = read_failure_details(text)
    except FailureDetailsError as error:
        assert error.fix  # noqa: PT017 - raising is one of two good outcomes
    else:
        assert diagnose(details.symptom, Background())


@pytest.mark.parametrize("piece", ['"', '{"a":', '"errorCode":"', "JWT_TOKEN_", "[", "|\n"])
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    started = time.perf_counter()
    with pytest.raises(FailureDetailsError):
        read_failure_details((piece * 65_536)[:65_536])
    assert time.perf_counter() - started < 2
