"""Who logged in: the two statements that the wizard prints about it, run in the worksheet."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from wizard.practice.login import log_in
from wizard.practice.outcome import Result
from wizard.practice.practice import Practice
from wizard.practice.sql import first_session
from wizard.practice.users import HOST
from wizard.snowflake import sql
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.login import Login
from wizard.snowflake.token import sign_token


def tries(practice: Practice, key: rsa.RSAPrivateKey, address: str = "192.0.2.7") -> None:
    """Log in as JANE, or be refused."""
    login = Login(read_account("practice-snowflake", vouched=(HOST,)), "JANE", PublicKey.of_private(key))
    log_in(practice, sign_token(login, key, int(practice.now())).reveal(), 60, address, None)


def answer(practice: Practice, statement: str, person: str = "PRACTICE_ADMIN") -> Result:
    return practice.run(statement, first_session(practice, person)).results[0]


def test_who_came_in_and_who_was_refused_stands_in_both_lists_the_newest_first(
    practice: Practice, rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    answer(practice, sql.set_public_key("JANE", PublicKey.of_private(rsa_2048).base64))
    tries(practice, rsa_2048)
    tries(practice, other_rsa_2048, "198.51.100.9")
    for statement in (sql.login_history("JANE"), sql.key_pair_logins("JANE", None)):
        grid = answer(practice, statement)
        told = [dict(zip(grid.columns, row, strict=True)) for row in grid.rows]
        assert [(row["CLIENT_IP"], row["IS_SUCCESS"]) for row in told] == [("198.51.100.9", "NO"), ("192.0.2.7", "YES")]
    assert answer(practice, sql.login_history("SVC_ETL")).rows == ()


def test_what_came_before_the_day_is_left_out(practice: Practice, rsa_2048: rsa.RSAPrivateKey) -> None:
    tries(practice, rsa_2048)
    assert len(answer(practice, sql.key_pair_logins("JANE", date(2026, 1, 1))).rows) == 1
    assert answer(practice, sql.key_pair_logins("JANE", date(2999, 1, 1))).rows == ()


def test_a_user_sees_their_own_logins_and_nobody_elses(practice: Practice) -> None:
    assert answer(practice, sql.login_history("JANE"), "JANE").error is None
    refused = answer(practice, sql.login_history("SVC_ETL"), "JANE").error
    assert refused is not None and "Insufficient privileges" in refused.message


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT EVENT_TIMESTAMP, KEY FROM SNOWFLAKE.ACCOUNT_USAGE.LOGIN_HISTORY;",
        "SELECT * FROM USERS;",
        "SELECT * FROM TABLE(INFORMATION_SCHEMA.LOGIN_HISTORY_BY_USER(USER_NAME => JANE));",
    ],
)
def test_any_other_question_is_refused_in_snowflakes_words(practice: Practice, statement: str) -> None:
    refused = answer(practice, statement).error
    assert refused is not None and refused.message.startswith("SQL compilation error:")
