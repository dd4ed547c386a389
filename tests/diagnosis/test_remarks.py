"""What a pasted description tells beyond the key is said before the test fails on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wizard.diagnosis import CATALOGUE, remarks
from wizard.snowflake.user import Described, NamedKey

OURS = "SHA256:" + "A" * 43 + "="

FINE = Described(
    name="SVC_ETL",
    login_name="SVC_ETL",
    type="SERVICE",
    disabled=False,
    locked=False,
    default_role="LOADER",
    default_warehouse="LOAD_WH",
)


def test_a_user_without_surprises_gets_no_remark() -> None:
    assert remarks(FINE, "svc_etl") == ()


@pytest.mark.parametrize(
    ("change", "kind", "severity", "sql"),
    [
        ({"disabled": True}, "disabled", "danger", "ALTER USER SVC_ETL SET DISABLED"),
        ({"locked": True}, "locked", "danger", "ALTER USER SVC_ETL SET MINS_TO_UNLOCK"),
        ({"days_to_expiry": -0.5}, "expired", "danger", ""),
        ({"days_to_expiry": 7.2}, "expiring", "warning", ""),
        ({"login_name": "etl@example.com"}, "login-name-differs", "danger", ""),
        ({"type": "LEGACY_SERVICE"}, "type-legacy-service", "info", ""),
        ({"type": ""}, "type-person", "info", ""),
        ({"default_role": ""}, "no-default-role", "info", ""),
        ({"pair": NamedKey("ETL_KEY", OURS, "ACTIVE", "LOADER")}, "key-pair-restricted", "warning", ""),
        ({"pair": NamedKey("E_ROTATED_1790000000123", OURS, "ACTIVE")}, "key-pair-rotated-out", "danger", ""),
        ({"pair": NamedKey("ETL_KEY", OURS, "ACTIVE", "", "2027-01-29")}, "key-pair-ends", "info", ""),
        ({"default_warehouse": ""}, "no-default-warehouse", "info", ""),
    ],
)
def test_each_surprise_is_named(change: dict[str, object], kind: str, severity: str, sql: str) -> None:
    (remark,) = remarks(replace(FINE, **change), "SVC_ETL")  # type: ignore[arg-type]
    assert (remark.kind, remark.severity) == (kind, severity)
    assert remark.sentence.endswith(".")
    assert remark.fix.what
    assert remark.fix.sql.startswith(sql)
    assert remark.cause == "" or remark.cause in CATALOGUE


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0.0, "has reached its end date."),
        (0.5, "stops being able to log in within a day."),
        (1.0, "stops being able to log in in one day."),
        (1.9, "stops being able to log in in one day."),
        (2.0, "stops being able to log in in 2 days."),
        (30.0, "stops being able to log in in 30 days."),
        (30.01, ""),
        (None, ""),
    ],
)
def test_the_end_of_a_user_is_told_from_a_month_before(days: float | None, words: str) -> None:
    said = [remark.sentence for remark in remarks(replace(FINE, days_to_expiry=days), "SVC_ETL")]
    assert said == ([f"This user {words}"] if words else [])


@pytest.mark.parametrize("kind", ["", "PERSON"])
def test_a_user_without_a_type_is_a_person(kind: str) -> None:
    assert [remark.kind for remark in remarks(replace(FINE, type=kind), "SVC_ETL")] == ["type-person"]


def test_what_stops_the_login_comes_first() -> None:
    kinds = [r.kind for r in remarks(replace(FINE, type="", default_role="", disabled=True, days_to_expiry=3), "OTHER")]
    assert kinds[:2] == ["disabled", "login-name-differs"]


def test_rows_that_were_not_copied_are_not_called_empty() -> None:
    assert remarks(Described(name="JANE", slots=("", None)), "JANE") == ()
