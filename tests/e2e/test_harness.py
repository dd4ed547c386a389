"""The browser tests have to notice what a person would not report: console errors, policy violations, missing files."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.e2e.conftest import Watched
from tests.e2e.walker import EARLY
from tests.e2e.windows import window
from wizard.walk import SET_UP


def test_the_walker_answers_every_step_before_the_test() -> None:
    slugs = [step.slug for step in SET_UP.steps]
    assert list(EARLY) == slugs[: slugs.index("test")]


def test_a_violation_of_the_policy_is_noticed(page: Page, watched: Watched) -> None:
    page.goto("/")
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert any("Content Security Policy" in line for line in watched.unforgiven())
    watched.forgiven.append("Content Security Policy")


def test_a_page_with_a_fault_of_accessibility_is_noticed(page: Page, check_accessibility: Callable[..., None]) -> None:
    page.goto("/")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    with pytest.raises(AssertionError, match="label"):
        check_accessibility(page, schemes=("light",))


def test_a_page_that_is_too_wide_is_noticed(page: Page, check_fits: Callable[[Page], None]) -> None:
    page.goto("/")
    check_fits(page)
    page.evaluate("document.querySelector('main').style.minWidth = '3000px'")
    with pytest.raises(AssertionError, match="wider"):
        check_fits(page)


def test_axe_finds_nothing_on_the_start_page_in_any_window(
    every_window: Page, check_accessibility: Callable[..., None]
) -> None:
    every_window.goto("/")
    check_accessibility(every_window)


def test_a_window_closes_while_one_of_its_requests_is_under_way(browser: Browser) -> None:
    asked: list[Route] = []
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def answer(route: Route) -> None:
            if route.request.url.endswith("/icon.svg"):
                asked.append(route)
                route.fulfill(response=route.fetch(url=f"http://127.0.0.1:{silent.getsockname()[1]}"))
            else:
                route.fulfill(body='<img src="/icon.svg" alt="">', content_type="text/html")

        with window(browser) as context:
            context.route("**/*", answer)
            page = context.new_page()
            page.goto("http://wizard.example/", wait_until="commit")
            while not asked:
                page.wait_for_timeout(10)
    with window(browser) as context:
        assert context.new_page().evaluate("1 + 1") == 2
