"""The wizard in this process, and a person in front of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.page_client import PageClient

MakeApp = Callable[..., Flask]


@pytest.fixture(scope="session")
def make_app() -> MakeApp:
    """Make a wizard: ``make_app(WIZARD_PRACTICE="on")`` adds settings to those that every test starts from."""
    from wizard.app import create_app
    from wizard.settings import Settings

    def make(**environment: str) -> Flask:
        given = {"WIZARD_SECRET_KEY": "a secret key of the tests, long enough", "WIZARD_RATE_LIMITS": "off"}
        return create_app(Settings.from_environment(given | environment))

    return make


@pytest.fixture(scope="session")
def app(make_app: MakeApp) -> Flask:
    """A wizard without the practice Snowflake. It keeps nothing, so all tests may share it."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A person who has just arrived, on ``http://localhost``."""
    return PageClient(app)
