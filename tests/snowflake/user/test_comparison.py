"""Our key is found where it stands, and what is there instead is told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.snowflake.user.shapes import OURS, ROWS, THEIRS, as_grid
from wizard.snowflake.user import compare, differing, read_description


def test_rows_without_keys_are_told_from_a_user_without_keys() -> None:
    assert (
        compare(read_description("NAME\tJANE\nLOGIN_NAME\tJANE"), name="JANE", fingerprint=OURS).verdict == "not-shown"
    )
    described = read_description("NAME\tJANE\nRSA_PUBLIC_KEY_FP\tnull")
    assert compare(described, name="JANE", fingerprint=OURS).verdict == "none"


def test_another_key_and_another_user_are_told_apart() -> None:
    description = read_description(as_grid(ROWS))
    other = compare(description, name="SVC_ETL", fingerprint=THEIRS)
    assert (other.verdict, other.found) == ("other-key", (OURS,))
    assert compare(description, name="JANE", fingerprint=OURS).verdict == "other-user"
    assert compare(description, name="svc_etl", fingerprint=OURS).verdict == "slot-1"
    assert compare(description, name="SVC.ETL@EXAMPLE.COM", fingerprint=OURS).verdict == "slot-1"


@pytest.mark.parametrize("at", range(len("SHA256:"), len(OURS) - 1))
@pytest.mark.parametrize("row", ["RSA_PUBLIC_KEY_FP", "RSA_PUBLIC_KEY_2_FP", "named", "alone"])
def test_a_fingerprint_that_differs_in_one_letter_anywhere_is_another_key(row: str, at: int) -> None:
    theirs = OURS[:at] + ("A" if OURS[at] != "A" else "B") + OURS[at + 1 :]
    text = {
        "named": f"name\tuser_name\tfingerprint\tstatus\nETL_KEY\tSVC_ETL\t{theirs}\tACTIVE",
        "alone": theirs,
    }.get(row, f"NAME\tSVC_ETL\n{row}\t{theirs}")
    found = compare(read_description(text), name="SVC_ETL", fingerprint=OURS)
    assert (found.verdict, found.matches, found.found) == ("other-key", False, (theirs,))


def test_differing_parts_of_two_fingerprints_are_marked() -> None:
    assert differing("SHA256:abXd=", "SHA256:abYd=") == (
        (("SHA256:ab", False), ("X", True), ("d=", False)),
        (("SHA256:ab", False), ("Y", True), ("d=", False)),
    )
    assert differing("abc", "ab") == ((("ab", False), ("c", True)), (("ab", False),))
    assert differing("", "x") == ((), (("x", True),))


@given(st.text(alphabet="abc", max_size=12), st.text(alphabet="abc", max_size=12))
def test_marked_parts_join_to_the_whole(a: str, b: str) -> None:
    left, right = differing(a, b)
    assert "".join(text for text, _ in left) == a
    assert "".join(text for text, _ in right) == b
