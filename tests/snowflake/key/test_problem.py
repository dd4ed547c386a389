"""Every refusal in words that help."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.key_files import Files
from wizard.secret import Secret
from wizard.snowflake.key import KEY_NOTES, KEY_WORDS, SPECIFICATION, KeyProblem, open_private_key

ROOT = Path(__file__).parents[3]
SOURCES = [*(ROOT / "wizard" / "snowflake" / "key").glob("*.py"), *(ROOT / "static" / "js" / "key").glob("*.js")]

CAUSES = {
    *(
        "key-markers-missing",
        "key-is-path",
        "key-encoding",
        "key-openssh",
        "key-is-public",
        "key-is-private",
        "key-empty",
    ),
    *("key-truncated", "key-type", "key-too-short", "key-cipher", "key-mismatch", "public-key-rejected"),
    *("passphrase-missing", "passphrase-wrong"),
}


@pytest.mark.parametrize("code", KEY_WORDS)
def test_every_row_of_words_is_whole_and_kind(code: str) -> None:
    row = KEY_WORDS[code]
    assert set(row) == {"cause", "blames", "message", "fix", "command"}
    assert row["cause"] in CAUSES
    assert row["blames"] in {"private_key", "passphrase", "public_key"}
    assert row["message"].endswith(".")
    assert row["fix"]
    text = f"{row['message']} {row['fix']}"
    assert not re.search(r"\b(please|invalid|required|oops|sorry|simply|just)\b|!", text, re.IGNORECASE)
    placeholders = set(re.findall(r"\{(\w+)\}", text + row["command"]))
    assert placeholders <= {
        *("half", "limit", "bits", "kind", "cipher", "rounds", "have", "expected", "extra", "count", "length", "found")
    }


CODE = re.compile(
    r"[\"`]((?:key|cipher|private|public|passphrase|new-passphrase|not|too|sealed)-[a-z0-9-]+[a-z0-9])[\"`]"
)
# Two names of parts of the page; and a limit on public keys that both readers share.
NO_CODES = {"key-finder", "key-ways-answered", "key-words", "private-file", "public-too-long-for-server"}


def test_every_code_that_is_raised_has_its_words_and_every_row_is_raised() -> None:
    """Here and in the page: a code is a text in quotes, or put together of its half and the rest."""
    text = "".join(path.read_text("utf-8") for path in SOURCES) + json.dumps(SPECIFICATION)
    raised = set(CODE.findall(text)) | {f"key-{kind}" for kind in ("pkcs12", "pkcs7")}
    raised |= {f"{half}-{rest}" for half in ("private", "public") for rest in re.findall(r"half\}-([a-z-]+)", text)}
    assert set(KEY_WORDS) - raised == set()
    assert raised - set(KEY_WORDS) - set(KEY_NOTES) == NO_CODES


def test_every_note_is_a_sentence_and_is_said() -> None:
    assert all(sentence[-1] in ".8" or "openssl" in sentence for sentence in KEY_NOTES.values())
    said = "".join(path.read_text("utf-8") for path in SOURCES if path.suffix == ".py")
    assert {code for code in KEY_NOTES if f'"{code}"' not in said} == set()


def test_a_problem_carries_no_piece_of_what_was_given(rsa_2048: rsa.RSAPrivateKey) -> None:
    line = Files(rsa_2048, rsa_2048).body
    with pytest.raises(KeyProblem) as caught:
        open_private_key(line[:900].encode(), Secret(""))
    problem = caught.value
    shown = " ".join((problem.message, problem.fix, problem.command, repr(problem), repr(problem.values)))
    assert not any(line[at : at + 8] in shown for at in range(0, 900, 8))
    assert problem.__cause__ is None
