"""The checker has to find something, or a silent one would pass for a clean bill."""

from __future__ import annotations

from pathlib import Path

from tests.web.nu import validate


def test_the_html_checker_names_the_page_and_what_is_wrong_in_it(tmp_path: Path) -> None:
    start = '<!doctype html><html lang="en"><head><title>A page</title></head><body>'
    (tmp_path / "good.html").write_text(f"{start}<p>Good</p></body></html>", encoding="utf-8")
    (tmp_path / "bad.html").write_text(f"{start}<p><div>Bad</div></p></body></html>", encoding="utf-8")
    (tmp_path / "bad.where").write_text("GET /bad", encoding="utf-8")
    found = validate(tmp_path)
    assert [line.split(":")[0] for line in found] == ["GET /bad"]
    assert "No “p” element in scope" in found[0]
