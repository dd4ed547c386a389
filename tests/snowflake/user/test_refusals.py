"""What is pasted instead of a description is called by its name, with what to do."""

from __future__ import annotations

import pytest

from tests.snowflake.user.shapes import KEY_LINES, OURS, ROWS, THEIRS, as_grid
from wizard.snowflake.user import DescriptionError, read_description


@pytest.mark.parametrize(
    ("text", "cause", "words"),
    [
        (
            "SQL compilation error:\nUser 'JANE' does not exist or not authorized.",
            "user-unknown",
            "does not know this user",
        ),
        (
            "003001 (42501): SQL access control error:\nInsufficient privileges to operate on user 'JANE'",
            "not-allowed-to-alter",
            "may not look",
        ),
        (
            '{"code":"002003","message":"SQL error:\\nUser \'X\' does not exist or not authorized."}',
            "user-unknown",
            "not know",
        ),
        (
            "SQL compilation error:\nsyntax error line 1 at position 10 unexpected '<EOF>'.",
            "",
            "could not read the statement",
        ),
        ("Object 'X' does not exist or not authorized.", "", "error message"),
        ("DESC USER JANE;", "", "statement itself"),
        ('-- run this\ndescribe user "Jane Doe"', "", "statement itself"),
        (f"ALTER USER JANE SET RSA_PUBLIC_KEY='{KEY_LINES}';", "", "statement itself"),
        ("ALTER USER JANE SET\n  RSA_PUBLIC_KEY: 'x'", "", "statement itself"),
        ("Statement executed successfully.", "", "ALTER USER has run"),
        ("+---+\n| status |\n|---|\n| Statement executed successfully. |\n+---+", "", "ALTER USER has run"),
        (
            "New public key rejected by current policy. Reason: 'Invalid public key'",
            "public-key-rejected",
            "refused the public key",
        ),
        (
            "000606 (57P03): No active warehouse selected in the current session.",
            "warehouse-unusable",
            "needs a warehouse",
        ),
        ("name\tcreated_on\thas_rsa_public_key\nJANE\t2026\ttrue", "", "SHOW USERS"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "key-is-private", "private key"),
        ("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "", "public key"),
        ("hello there", "", "No property"),
        ("  \n ", "", "Nothing was pasted"),
        (f"{OURS}\n{THEIRS}", "", "several fingerprints"),
        (OURS[:30], "", "The fingerprint is not complete"),
        (OURS[:30] + "…", "", "The fingerprint is not complete"),
        (OURS[7:30] + "...", "", "The fingerprint is not complete"),
        (f"NAME\tJANE\nRSA_PUBLIC_KEY_FP\t{OURS[:25]}...", "", "RSA_PUBLIC_KEY_FP is not complete"),
        (
            f"| NAME | JANE |\n| RSA_PUBLIC_KEY_2_FP | {OURS[:25]}… |",
            "",
            "RSA_PUBLIC_KEY_2_FP is not complete",
        ),
        (as_grid(ROWS) + "\n" + as_grid(ROWS | {"NAME": "JANE"}), "", "Two different users"),
        (as_grid(ROWS) + "\n" + as_grid(ROWS | {"RSA_PUBLIC_KEY_FP": THEIRS}), "", "Two results"),
        (f"A\tJANE\t{OURS}\t\tACTIVE\nB\tJOHN\t{THEIRS}\t\tACTIVE", "", "Two different users"),
        ("x" * 70_000, "", "64 kB"),
    ],
)
def test_what_is_no_description_is_named(text: str, cause: str, words: str) -> None:
    with pytest.raises(DescriptionError) as raised:
        read_description(text)
    assert words in raised.value.message
    assert raised.value.cause == cause
    assert raised.value.fix
