"""A live test that finds no place: its row says so, asks again by itself, and the test goes on to its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import expect

from tests.e2e.conftest import NewPage, Served, serve
from tests.e2e.walker import Administrator, TestStep, stand_at
from tests.server.conftest import HangingSnowflake, hanging_snowflake
from tests.web.walking import private_pem, public_base64
from wizard.snowflake.key import PublicKey


@pytest.fixture(scope="module")
def snowflake() -> Iterator[HangingSnowflake]:
    with hanging_snowflake() as hanging:
        yield hanging


@pytest.fixture(scope="module")
def wizard_server(tmp_path_factory: pytest.TempPathFactory, snowflake: HangingSnowflake) -> Iterator[Served]:
    """A wizard with one thread for tests. All but the practice Snowflake's go to one that doesn't answer."""
    folder = tmp_path_factory.mktemp("served")
    yield from serve(folder, "--practice", WIZARD_THREADS="3", HTTPS_PROXY=snowflake.url)


def test_a_row_that_finds_no_place_waits_in_sight_and_goes_on_by_itself(
    new_page: NewPage, wizard_server: Served, snowflake: HangingSnowflake, rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    file, key = tmp_path / "rsa_key.p8", PublicKey.from_base64(public_base64(rsa_2048))
    file.write_bytes(private_pem(rsa_2048))
    Administrator(wizard_server.url).run(f"ALTER USER JANE SET RSA_PUBLIC_KEY='{key.base64}';")

    hanging, page = new_page(), new_page()
    stand_at(hanging, "test", key, account="myorg-hanging")
    stand_at(page, "test", key)
    TestStep(hanging).with_file(file, "")
    expect(hanging.locator("[data-check=dns]")).to_be_visible()
    expect(hanging.get_by_text("Checking now")).to_be_visible()
    run = TestStep(page).with_file(file, "")
    waiting = page.get_by_text("This server is busy with 1 test, as many as it may run at a time.")
    expect(waiting).to_be_visible()
    expect(page.locator("[data-check=key]")).to_be_visible()
    snowflake.let_go()
    assert run.verdict() == "passed"
    expect(waiting).to_have_count(0)
