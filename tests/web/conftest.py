"""The wizard in this process, and a person in front of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, template_rendered
from jinja2 import Template

from tests.web.page_client import PageClient
from tests.web.template_names import names_asked_for

MakeApp = Callable[..., Flask]


@pytest.fixture(autouse=True)
def _every_page_is_handed_what_its_template_asks_for() -> Iterator[None]:
    """Fail a test that drew a page without a name of its template, also where the page as drawn did not need it.

    A name that is handed over says that there is nothing to show; one that isn't may be misspelt.
    """
    unsaid: set[str] = set()

    def look(app: Flask, template: Template, context: dict[str, object], **_: object) -> None:
        if template.name is not None:
            missing = names_asked_for(app.jinja_env, template.name) - context.keys()
            unsaid.update(f"{template.name}: {name}" for name in missing)

    with template_rendered.connected_to(look):
        yield
    assert not unsaid


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


@pytest.fixture(scope="session")
def served_practice(make_app: MakeApp) -> Iterator[Flask]:
    """A wizard with the practice Snowflake, on a network where waiting takes no time. Use ``practice_app``."""
    from wizard.checks.network import Limits, Network

    app = make_app(WIZARD_PRACTICE="on")
    skipped: list[float] = []
    app.extensions["network"] = Network(
        practice=app.extensions["practice"].endpoint_for,
        monotonic=lambda: time.monotonic() + sum(skipped),
        sleep=skipped.append,
        limits=Limits(read=2.0, exchange=4.0),
    )
    yield app
    app.extensions["practice"].stop()


@pytest.fixture
def practice_app(served_practice: Flask) -> Iterator[Flask]:
    """A wizard with the practice Snowflake, which behaves, and where nobody has a key yet."""
    yield served_practice
    served_practice.extensions["practice"].forget()
