"""Every row of the catalogue is complete and speaks plainly."""

from __future__ import annotations

import re

import pytest

from wizard.diagnosis import CATALOGUE, Cause

NAMES_THAT_OTHERS_RELY_ON = [
    "account-region-in-claim",
    "account-dot-form",
    "account-url-pasted",
    "account-empty",
    "account-not-found",
    "account-mismatch",
    "account-form",
    "account-underscore",
    "privatelink-name",
    "host-not-found",
    "connection-blocked",
    "tls-intercepted",
    "tls-name-mismatch",
    "proxy-page",
    "rate-limited",
    "snowflake-unavailable",
    "user-unknown",
    "user-empty",
    "login-name-differs",
    "user-case",
    "user-disabled",
    "user-locked",
    "key-newlines-lost",
    "key-markers-missing",
    "key-stray-characters",
    "key-is-path",
    "key-file-missing",
    "key-encoding",
    "key-file-unreadable",
    "key-pkcs1",
    "key-openssh",
    "key-is-public",
    "key-is-private",
    "key-empty",
    "key-truncated",
    "key-type",
    "key-too-short",
    "key-cipher",
    "passphrase-missing",
    "passphrase-wrong",
    "passphrase-unneeded",
    "public-key-rejected",
    "not-allowed-to-alter",
    "key-not-registered",
    "key-mismatch",
    "key-replaced",
    "key-pair-disabled",
    "key-pair-expired",
    "signature-broken",
    "token-malformed",
    "token-expired",
    "clock-skew",
    "session-expired",
    "keypair-mode-off",
    "config-permissions",
    "config-section-missing",
    "keypair-not-allowed",
    "network-policy",
    "role-not-granted",
    "warehouse-unusable",
    "privileges-missing",
]

WHO = {"you", "your Snowflake administrator", "your network team", "whoever runs this wizard"}
every_cause = pytest.mark.parametrize("cause", CATALOGUE.values(), ids=CATALOGUE)


def test_every_name_that_others_rely_on_is_there() -> None:
    assert set(NAMES_THAT_OTHERS_RELY_ON) <= set(CATALOGUE)


@every_cause
def test_a_cause_says_what_is_wrong_why_and_what_to_do(cause: Cause) -> None:
    assert CATALOGUE[cause.id] is cause
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", cause.id)
    assert len(cause.title) <= 90
    assert not cause.title.endswith(".")
    assert cause.explanation.endswith(".")
    assert len(cause.explanation) >= 60
    assert cause.source.startswith("https://")
    assert cause.fixes
    for fix in cause.fixes:
        assert fix.who in WHO
        assert fix.what
        assert fix.sql == ""


@every_cause
def test_its_words_are_kind_and_plain(cause: Cause) -> None:
    prose = " ".join([cause.title, cause.explanation, *(fix.what for fix in cause.fixes)])
    assert not re.search(r"\b(?:please|invalid|required|oops|sorry|simply|just click)\b|!", prose, re.IGNORECASE)


@every_cause
def test_its_signs_are_written_in_lower_case_and_take_linear_time(cause: Cause) -> None:
    for sign in cause.signs:
        assert 0 < sign.weight <= 110
        for pattern in (*sign.patterns, *sign.unless):
            assert pattern
            assert not re.search(r"(?<!\\)[A-Z]", re.sub(r"\\[A-Z]", "", pattern))
            # An unbounded quantifier is what makes a pattern slow; only bounded ones are in use.
            assert not re.search(r"(?<!\\)[*+](?!\])", re.sub(r"\[[^\]]*\]", "x", pattern))
