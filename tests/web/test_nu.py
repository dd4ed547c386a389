"""The checker has to find something, or a silent one would pass for a clean bill."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.web.nu import FOLDER, validate
from tests.web.page_client import PageClient


def test_a_page_that_a_test_meets_is_put_aside_for_the_checker(
    client: PageClient, request: pytest.FixtureRequest
) -> None:
    page = client.visit("/nowhere/else")
    if request.config.getoption("--no-nu"):
        assert FOLDER not in os.environ
    else:
        kept = Path(os.environ[FOLDER]).glob("*.html")
        assert any(f"{page.heading}</h1>" in path.read_text(encoding="utf-8") for path in kept)


def test_the_html_checker_names_the_page_and_what_is_wrong_in_it(tmp_path: Path) -> None:
    start = '<!doctype html><html lang="en"><head><title>A page</title></head><body>'
    (tmp_path / "good.html").write_text(f"{start}<p>Good</p></body></html>", encoding="utf-8")
    (tmp_path / "bad.html").write_text(f"{start}<p><div>Bad</div></p></body></html>", encoding="utf-8")
    (tmp_path / "bad.where").write_text("GET /bad", encoding="utf-8")
    found = validate(tmp_path)
    assert [line.split(":")[0] for line in found] == ["GET /bad"]
    assert "No “p” element in scope" in found[0]
