"""The whole walk, from the start page to the files of the handover, in four windows and with every way to a key."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Page, expect

from tests.e2e.walker import CHECKS, Administrator, HandoverStep, KeyStep, RegisterStep, StartPage, TestRun, VerifyStep
from wizard.secret import Secret
from wizard.snowflake.key import open_private_key

PASSPHRASE = "walk on by, dear reader"


@pytest.fixture
def own_file(rsa_2048: rsa.RSAPrivateKey, tmp_path: Path) -> Path:
    """A key file that the person had before they came, sealed with PASSPHRASE."""
    path = tmp_path / "mine.p8"
    sealing = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    path.write_bytes(rsa_2048.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealing))
    return path


def has_script(page: Page) -> bool:
    return page.locator("[data-part=works]").first.is_visible()


def register_by_worksheet(step: RegisterStep) -> tuple[VerifyStep, str]:
    """Run the statement in a second tab, in the practice worksheet, and describe the user there."""
    sheet = step.page.context.new_page()
    sheet.goto("/practice/worksheet")
    sheet.get_by_label("SQL").fill(f"USE ROLE SECURITYADMIN;\n{step.statement}\nDESC USER JANE;")
    sheet.get_by_role("button", name="Run").click()
    expect(sheet.get_by_role("region", name="Result 2", exact=True)).to_contain_text("Statement executed successfully.")
    grid = sheet.locator('[data-copy="result-3"]').text_content() or ""
    sheet.close()
    return step.has_run(), grid


def register(step: RegisterStep, administrator: Administrator) -> VerifyStep:
    administrator.run(step.statement)
    return step.has_run()


def ends_well(run: TestRun) -> HandoverStep:
    assert run.verdict() == "passed", run.main.inner_text()
    assert list(run.rows()) == list(CHECKS)
    assert set(run.rows().values()) == {"passed"}, run.rows()
    expect(run.main).to_contain_text("PRACTICE-SNOWFLAKE")
    return run.put_to_work()


def holds_filled_in_files(step: HandoverStep, folder: Path) -> None:
    step.choose("Python connector")
    with zipfile.ZipFile(step.files_zip(folder)) as files:
        assert sorted(files.namelist()) == ["README.md", "main.py", "requirements.txt"]
        program = files.read("main.py").decode()
    assert "JANE" in program
    assert "practice-snowflake" in program.lower()
    assert step.text_of("python-connector") == program


def test_the_whole_walk_with_every_way_to_a_key(
    every_window: Page, administrator: Administrator, own_file: Path, tmp_path: Path
) -> None:
    page = every_window
    key = StartPage.open(page).begin().answer("https://practice-snowflake.localhost/").answer("jane")
    with_script = has_script(page)

    # Made on the server: the file comes once, as a download, and the step after it knows the key.
    file, statement = key.make_on_server(PASSPHRASE, tmp_path / "server")
    assert file.name == "rsa_key.p8"
    assert open_private_key(file.read_bytes(), Secret(PASSPHRASE)).public.fingerprint == statement.fingerprint
    check, grid = register_by_worksheet(statement)
    test = check.agree(grid)
    give = test.with_file_in_browser if with_script else test.with_file
    handover = ends_well(give(file, PASSPHRASE))
    holds_filled_in_files(handover, tmp_path)

    # An own file, read on the server. The steps after the key open again, those before it stay answered.
    handover.change("Key pair")
    statement = KeyStep(page).upload(own_file, PASSPHRASE)
    test = register(statement, administrator).agree(administrator.describe())
    ends_well(test.with_file(own_file, PASSPHRASE)).change("Key pair")

    # Own tools alone: the page's commands in a terminal, nothing but the public key and a token go through the wizard.
    key = KeyStep(page)
    terminal(key.commands("commands-plain"), tmp_path)
    statement = key.paste_public_key((tmp_path / "rsa_key.pub").read_text())
    test = register(statement, administrator).skip()
    ends_well(test.with_token(terminal(test.token_command, tmp_path)))


def terminal(commands: str, folder: Path) -> str:
    """Run a page's commands as they stand, in bash, and return what they print."""
    ran = subprocess.run(
        ["bash", "-eu", "-c", commands], cwd=folder, capture_output=True, text=True, timeout=60, check=True
    )
    return ran.stdout


@pytest.mark.parametrize("window", ["desktop", "phone"])
def test_the_walk_with_a_key_that_stays_in_the_browser_never_leaves_the_document(
    new_page, window: str, administrator: Administrator, own_file: Path, tmp_path: Path
) -> None:
    page = new_page(window=window)
    start = StartPage.open(page)
    page.evaluate("window.sameDocument = true")
    key = start.begin().answer("practice-snowflake").answer("jane")

    # Made here.
    made = key.make_in_browser(PASSPHRASE)
    file, public = made.save_private(tmp_path), made.save_public(tmp_path)
    opened = open_private_key(file.read_bytes(), Secret(PASSPHRASE))
    assert opened.public.fingerprint == made.fingerprint
    assert opened.public.pem == public.read_text()
    statement = made.go_on()
    assert opened.public.base64 in statement.statement
    check = register(statement, administrator)

    # Back and Forward through the steps keep the key.
    for slug in ("register", "key", "user"):
        page.go_back()
        expect(page.locator(f"main[data-step={slug}]")).to_be_visible()
        expect(made.strip).to_be_visible()
    for slug in ("key", "register", "verify"):
        page.go_forward()
        expect(page.locator(f"main[data-step={slug}]")).to_be_visible()
    test = check.agree(administrator.describe())
    handover = ends_well(test.with_held_key())
    holds_filled_in_files(handover, tmp_path)

    # Another key, opened here: it takes the other's place.
    handover.change("Key pair")
    made.press("Use another key")
    made = KeyStep(page).open_in_browser(own_file, PASSPHRASE)
    test = register(made.go_on(), administrator).agree(administrator.describe())
    ends_well(test.with_held_key())
    expect(made.strip).to_be_visible()
    assert page.evaluate("window.sameDocument") is True
