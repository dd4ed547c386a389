"""Every parser on a mebibyte that was made to hurt it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from wizard.diagnosis import conclude, read, read_failure_details
from wizard.secret import Secret
from wizard.snowflake.account import read_account
from wizard.snowflake.key import open_private_key, read_public_key
from wizard.snowflake.token import read_token
from wizard.snowflake.user import read_description, read_login_name, read_user_name

MEBIBYTE = 2**20
PARSERS: dict[str, Callable[[str], object]] = {
    "account": read_account,
    "user name": read_user_name,
    "login name": read_login_name,
    "private key": lambda text: open_private_key(text.encode("utf-8", "surrogatepass"), Secret("a passphrase")),
    "public key": read_public_key,
    "DESC USER": read_description,
    "token": lambda text: read_token(Secret(text)),
    "anything pasted": lambda text: conclude(fact for told in read(text, 0) for fact in told.facts),
    "failure details": read_failure_details,
}
# Each is repeated until it fills a mebibyte: what makes careless patterns go back over what they have read.
SEEDS = (
    "a", " ", "\n", "\t", ".", "-", "_", '"', '""', "|", "{", "[[", "\\", "%2e", "é", "\u202e", "\x00", "0",
    "https://", "a.", "a-b.", "a, ", "jdbc:snowflake://", "eyJ.", "MIIE", "\\n",
    "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN ", "-----END ", "+----", "SHA256:",
    "RSA_PUBLIC_KEY_FP | SHA256:", "| property | value |\n", "property\tvalue\n", '{"property":',
    "390144 ", "JWT token is invalid. [", "250001 (08001): ",
)  # fmt: skip


def slowest(parser: Callable[[str], object]) -> tuple[float, str]:
    """Return the longest time (ms) that a parser takes for any of the hostile texts, and that text's seed."""
    worst = (0.0, "")
    for seed in SEEDS:
        text = (seed * (MEBIBYTE // len(seed.encode()) + 1))[:MEBIBYTE]
        began = time.perf_counter()
        with suppress(ValueError):  # every parser's own error is one
            parser(text)
        worst = max(worst, ((time.perf_counter() - began) * 1000, seed))
    return worst
