"""A login: what goes in the token, and the evidence that changes with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.snowflake.login import Login


@pytest.fixture
def login(rsa_2048: rsa.RSAPrivateKey) -> Login:
    return Login(read_account("myorg-my_acct"), "jane", PublicKey.of_private(rsa_2048))


@pytest.mark.parametrize(
    ("account", "name", "subject"),
    [
        ("myorg-my_acct", "jane", "MYORG-MY_ACCT.JANE"),
        ("xy12345.us-east-2.aws", "SVC_ETL", "XY12345.SVC_ETL"),
        ("myorg-acct.privatelink", "jane", "MYORG-ACCT.JANE"),
        ("myorg-acct", "Jane.Doe@example.com", "MYORG-ACCT.JANE.DOE@EXAMPLE.COM"),
    ],
)
def test_the_subject_is_account_and_login_name_in_capitals(login: Login, account: str, name: str, subject: str) -> None:
    login = replace(login, account=read_account(account), name=name)
    assert login.subject == subject
    assert login.issuer == f"{subject}.{login.key.fingerprint}"


def test_the_evidence_changes_with_account_name_and_key_and_comes_back(
    login: Login, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    others = [
        replace(login, account=read_account("myorg-other")),
        replace(login, account=read_account("myorg-my_acct.privatelink")),
        replace(login, name="john"),
        replace(login, key=PublicKey.of_private(other_rsa_2048)),
    ]
    digests = {login.digest, *(other.digest for other in others)}
    assert len(digests) == 5
    assert replace(others[2], name="jane").digest == login.digest
    assert replace(login, name="JANE").digest == login.digest


def test_the_evidence_is_short_and_plain(login: Login) -> None:
    assert len(login.digest) == 32
    int(login.digest, 16)
