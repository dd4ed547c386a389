"""Our key is found where it stands, and what is there instead is told apart."""

from __future__ import annotations

import pytest

from tests.snowflake.user.shapes import OURS, ROWS, THEIRS, as_grid
from wizard.snowflake.user import NOT_TOLD, Place, compare, read_description

LIST = "name\tuser_name\tfingerprint\trole_scope\tstatus\n"
SLOT_1, SLOT_2 = Place(slot=1), Place(slot=2)


@pytest.mark.parametrize(
    ("text", "verdict", "place", "unshown"),
    [
        (f"RSA_PUBLIC_KEY_FP\t{OURS}\nRSA_PUBLIC_KEY_2_FP\tnull", "seen", SLOT_1, ()),
        (f"RSA_PUBLIC_KEY_FP\tnull\nRSA_PUBLIC_KEY_2_FP\t{OURS}", "seen", SLOT_2, ()),
        (f"RSA_PUBLIC_KEY_FP\t{OURS}", "seen", SLOT_1, (2,)),
        (f"RSA_PUBLIC_KEY_2_FP\t{OURS}", "seen", SLOT_2, (1,)),
        (OURS, "seen", NOT_TOLD, (1, 2)),
        (f"KEY\n{OURS[7:]}", "seen", NOT_TOLD, (1, 2)),
        (f"{LIST}ETL_KEY\tJANE\t{OURS}\t\tACTIVE", "seen", Place(pair="ETL_KEY"), (1, 2)),
        (f"{LIST}etl key\tJANE\t{OURS}\tLOADER\tactive", "seen", Place(pair="etl key"), (1, 2)),
        (f"fingerprint\tuser_name\n{OURS}\tJANE", "seen", NOT_TOLD, (1, 2)),
        (f"{LIST}PUBLIC_KEY_2\tJANE\t{OURS}\t\tACTIVE", "seen", SLOT_2, (1,)),
        (f"{LIST}OLD\tJANE\t{OURS}\t\tEXPIRED\nNEW\tJANE\t{OURS}\t\tACTIVE", "seen", Place(pair="NEW"), (1, 2)),
        (f"{LIST}ETL_KEY\tJANE\t{OURS}\t\tDISABLED", "inactive", Place(pair="ETL_KEY"), (1, 2)),
        (f"{LIST}PUBLIC_KEY_1\tJANE\t{OURS}\t\tEXPIRED", "inactive", SLOT_1, (1, 2)),
        ("RSA_PUBLIC_KEY_FP\tnull\nRSA_PUBLIC_KEY_2_FP\tnull", "none", NOT_TOLD, ()),
        ("RSA_PUBLIC_KEY\tnull\nRSA_PUBLIC_KEY_2\tnull", "none", NOT_TOLD, ()),
        ("RSA_PUBLIC_KEY_FP null", "not-shown", NOT_TOLD, (2,)),
        ("RSA_PUBLIC_KEY_2_FP\tnull", "not-shown", NOT_TOLD, (1,)),
        ("NAME\tJANE\nLOGIN_NAME\tJANE", "not-shown", NOT_TOLD, (1, 2)),
        ("RSA_PUBLIC_KEY_LAST_SET_TIME\t2026-10-01\nNAME\tJANE", "not-shown", NOT_TOLD, (1, 2)),
        (LIST, "not-shown", NOT_TOLD, (1, 2)),
        (f"RSA_PUBLIC_KEY_FP\t{THEIRS}\nRSA_PUBLIC_KEY_2_FP\tnull", "other-key", NOT_TOLD, ()),
        (f"RSA_PUBLIC_KEY_FP\t{THEIRS}", "other-key", NOT_TOLD, (2,)),
        (f"{LIST}ETL_KEY\tJANE\t{THEIRS}\t\tACTIVE", "other-key", NOT_TOLD, (1, 2)),
        (THEIRS, "other-key", NOT_TOLD, (1, 2)),
    ],
)
def test_each_answer_proves_what_it_shows_and_nothing_of_what_it_does_not(
    text: str, verdict: str, place: Place, unshown: tuple[int, ...]
) -> None:
    found = compare(read_description(text), name="JANE", fingerprint=OURS)
    assert (found.verdict, found.place, found.unshown) == (verdict, place, unshown)
    assert found.matches is (verdict == "seen")


def test_a_place_is_told_in_words_as_far_as_it_is_known() -> None:
    assert Place(slot=2).in_words() == " in slot 2"
    assert Place(pair="ETL_KEY").in_words() == " as the named key pair ETL_KEY"
    assert NOT_TOLD.in_words() == ""


def test_another_key_and_another_user_are_told_apart() -> None:
    description = read_description(as_grid(ROWS))
    other = compare(description, name="SVC_ETL", fingerprint=THEIRS)
    assert (other.verdict, other.found) == ("other-key", (OURS,))
    assert compare(description, name="JANE", fingerprint=OURS).verdict == "other-user"
    assert compare(description, name="SVC_ETL", fingerprint=OURS).place == SLOT_1


def test_capitals_count_in_a_name_and_not_in_a_login_name() -> None:
    description = read_description(as_grid(ROWS))
    assert compare(description, name="svc_etl", fingerprint=OURS).verdict == "other-user", (
        '"svc_etl" may stand beside SVC_ETL'
    )
    for name in ("SVC.ETL@EXAMPLE.COM", "svc.etl@example.com"):
        assert compare(description, name=name, fingerprint=OURS).place == SLOT_1


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
