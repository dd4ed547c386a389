"""A page that holds the scripts of keys, served by what stands in for the wizard (``stand.py``)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.key.stand import Stand, standing
from tests.e2e.windows import PATIENCE, window
from tests.key_files import Files


@pytest.fixture
def stand() -> Iterator[Stand]:
    with standing() as stand:
        yield stand


@pytest.fixture(scope="module")
def bench(browser: Browser) -> Iterator[Page]:
    """One page for all tests that only call the modules, loaded once."""
    with standing() as stand, window(browser, base_url=stand.url) as context:
        page = context.new_page()
        page.goto("/steps/key")
        page.wait_for_load_state("load")
        page.evaluate("key.specification.load()")
        yield page


@pytest.fixture
def context(browser: Browser, stand: Stand) -> Iterator[BrowserContext]:
    with window(browser, base_url=stand.url, reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE * 1000)
        yield context


@pytest.fixture
def wrong(context: BrowserContext) -> list[str]:
    """What the pages of the context complained about."""
    seen: list[str] = []
    context.on("console", lambda message: seen.append(message.text) if message.type in ("error", "warning") else None)
    context.on("weberror", lambda error: seen.append(str(error.error)))
    return seen


@pytest.fixture
def page(context: BrowserContext, wrong: list[str]) -> Iterator[Page]:
    page = context.new_page()
    page.goto("/steps/key")
    page.wait_for_load_state("load")
    yield page
    assert not wrong


@pytest.fixture(scope="session")
def files(rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey) -> Files:
    return Files(rsa_2048, other_rsa_2048)
