"""One reading of keys: the page and the server say the same of every file, in the same words.

Besides the named damages, thousands of generated ones go through both readers. ``KEY_CASES=50000`` looks further than
the cases that everybody runs, from a seed that a failure names; ``KEY_SEED=…`` repeats it, and ``KEY_CASE=…`` one case.
"""

from __future__ import annotations

import os
import secrets
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.key.stand import text_of
from tests.key_cases import Case, case
from tests.key_damages import DAMAGES
from tests.key_disagreements import DISAGREEMENTS
from tests.key_files import PASSPHRASE, Files, encrypted, of_size, pbes2, pem
from wizard.secret import Secret
from wizard.snowflake.key import KEY_NOTES, KeyProblem, open_private_key
from wizard.snowflake.key.pbes import Sealed

CASES = int(os.environ.get("KEY_CASES", "3000"))
SEED = os.environ.get("KEY_SEED") or ("everybody" if "KEY_CASES" not in os.environ else secrets.token_hex(4))
BATCHES = 10
_CODES = {sentence: code for code, sentence in KEY_NOTES.items()}

OPEN_ALL = """(cases) => Promise.all(cases.map(async ([file, passphrase]) => {
  try {
    const { publicKey, form, notes } = await key.open.openKey(key.bytes(file), passphrase);
    return [form, publicKey.fingerprint, publicKey.bits, notes];
  } catch (problem) {
    if (!(problem instanceof key.problem.KeyProblem)) return [`${problem.name}: ${problem.message}`];
    const { code, message, fix, command } = key.problem.inWords(problem);
    return [code, message, fix, command];
  }
}))"""


def by_the_page(page: Page, cases: list[Case]) -> list[list[Any]]:
    found: list[list[Any]] = page.evaluate(OPEN_ALL, [[text_of(one.data), one.passphrase] for one in cases])
    return found


def by_the_server(one: Case) -> list[Any]:
    try:
        opened = open_private_key(one.data, Secret(one.passphrase))
    except KeyProblem as problem:
        return [problem.code, problem.message, problem.fix, problem.command]
    return [opened.form, opened.public.fingerprint, opened.public.bits, [_CODES[note] for note in opened.notes]]


def agree(here: list[Any], there: list[Any]) -> bool:
    """Tell whether the page (``here``) and the server say the same, but for what the specification lets differ.

    The server leaves to the browser what would make others wait. No browser has HMAC-SHA-224, and Chromium no AES-192;
    such files are the server's to open.
    """
    if there[0].endswith("-for-server"):
        return here[0] not in (there[0].removesuffix("-for-server"), "key-damaged")
    if here[0] == "cipher-not-in-browser":
        return not there[0].startswith("cipher-")
    return here == there


def differences(page: Page, cases: list[Case]) -> list[str]:
    found = []
    for one, here in zip(cases, by_the_page(page, cases), strict=True):
        there = by_the_server(one)
        if not agree(here, there):
            found.append(f"KEY_CASE={one.number} {' / '.join(one.made)}\n    the page   {here}\n    the server {there}")
    return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_page_reads_every_generated_file_as_the_server_does(bench: Page, batch: int) -> None:
    numbers = [int(os.environ["KEY_CASE"])] if "KEY_CASE" in os.environ else range(batch, CASES, BATCHES)
    found: list[str] = []
    for start in range(0, len(numbers), 250):
        found += differences(bench, [case(SEED, number) for number in numbers[start : start + 250]])
    assert not found, f"KEY_SEED={SEED}: {len(found)} of {len(numbers)} files\n" + "\n".join(found[:20])


def test_what_would_make_others_wait_is_left_to_the_browser(bench: Page, files: Files) -> None:
    sealed = Sealed("pbkdf2", "sha256", b"s" * 16, 2_000_001, "aes-256-cbc", b"i" * 16, b"")
    slow = pem("ENCRYPTED PRIVATE KEY", pbes2(rounds=2_000_001, data=encrypted(sealed, files.der, PASSPHRASE)))
    for data, here, there in (
        (slow, "pkcs8-pbes2", "too-many-rounds-for-server"),
        (pem("PRIVATE KEY", of_size(4097)), "key-inconsistent", "private-too-long-for-server"),
    ):
        one = Case(0, (there,), data.encode(), PASSPHRASE)
        assert by_the_page(bench, [one])[0][0] == here
        code, _, fix, _ = by_the_server(one)
        assert code == there
        assert "in your browser" in fix


def test_the_page_reads_every_named_damage_as_the_server_does(bench: Page, files: Files) -> None:
    named = enumerate((*DAMAGES, *DISAGREEMENTS))
    cases = [Case(number, (damage.name,), damage.file(files), damage.passphrase) for number, damage in named]
    assert not differences(bench, cases)
