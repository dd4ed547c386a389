"""Static files: served as they lie in the folder, a sheet with its imports inside, packed for whoever takes that."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

STATIC = Path(__file__).parents[2] / "static"
CSS = STATIC / "css"
SCRIPTS = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))
KEY_SCRIPTS = {path.name for path in (STATIC / "js" / "key").glob("*.js")} - {"find.js"}  # its own page names that


@pytest.fixture
def raw(app: Flask) -> FlaskClient:
    return app.test_client()


def served(app: Flask, name: str, **headers: str):
    return app.test_client().get(app.extensions["assets"].url(name), headers=headers)


def test_the_one_sheet_holds_every_other_in_its_order_and_layer(app: Flask) -> None:
    entry = (CSS / "app.css").read_text(encoding="utf-8")
    sheet = served(app, "css/app.css").text
    assert "@import" not in sheet
    assert "/*" not in sheet, "comments are for those who read the folder"
    at = sheet.index("@layer tokens")  # the order of the layers comes first
    for name, layer in re.findall(r'@import url\("([^"]+)"\) layer\((\w+)\);', entry):
        rules = re.sub(r"/\*.*?\*/\n?", "", (CSS / name).read_text(encoding="utf-8"), flags=re.DOTALL)
        inside, whole = unspaced(rules), unspaced(sheet)
        assert inside in whole[at:], f"{name} is missing, or stands before one that comes earlier"
        at = whole.index(inside, at)
        assert re.findall(r"@layer(\w+)\{", whole[:at])[-1] == layer
    assert sheet.count("{") == sheet.count("}")


def unspaced(sheet: str) -> str:
    return re.sub(r"\s+|;(?=\s*\})", "", sheet)


def test_a_space_that_means_something_is_served(app: Flask) -> None:
    sheet = served(app, "css/app.css").text
    assert ".masthead-links,.masthead-practising{" in sheet
    assert re.search(r"\.progress-done \.progress-mark\{", sheet), "a descendant"
    assert "@media (width >= 62rem){" in sheet
    assert "calc(-50% + var(--off))" in sheet
    strings = re.findall(r'"[^"]*"', "".join(path.read_text(encoding="utf-8") for path in CSS.rglob("*.css")))
    assert not [text for text in strings if re.search(r"[:,>] |  |[{};]", text)]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_served_as_it_lies_in_the_folder(app: Flask, name: str) -> None:
    assert served(app, name).data == (STATIC / name).read_bytes()


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip;q=1.0, *;q=0", "gzip"),
        ("*", "br"),
        ("br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", None),
        ("identity", None),
        ("", None),
    ],
)
def test_a_file_is_packed_as_small_as_its_reader_unpacks(app: Flask, accepts: str, coding: str | None) -> None:
    answer = served(app, "js/app.js", **{"Accept-Encoding": accepts})
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding](answer.data)
    assert answer.headers.get("Content-Encoding") == coding
    assert unpacked == (STATIC / "js" / "app.js").read_bytes()
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_head_tells_the_length_that_get_would_have(app: Flask, raw: FlaskClient) -> None:
    address = app.extensions["assets"].url("js/app.js")
    for accepts in ("br", "gzip", "identity"):
        got = raw.get(address, headers={"Accept-Encoding": accepts})
        asked = raw.head(address, headers={"Accept-Encoding": accepts})
        assert not asked.data
        for header in ("Content-Length", "Content-Encoding", "Content-Type", "Vary"):
            assert asked.headers.get(header) == got.headers.get(header)


# --- the modules for keys ---------------------------------------------------------------------------------------------
def imported_by(name: str) -> set[str]:
    text = (STATIC / "js" / "key" / name).read_text(encoding="utf-8")
    return set(re.findall(r'^(?:import|export)\b[^;]*?"\./([\w-]+\.js)";', text, re.MULTILINE))


def test_what_a_page_preloads_is_what_its_first_module_leads_to() -> None:
    reached, due = set(), {"page.js"}
    while due:
        name = due.pop()
        reached.add(name)
        due |= imported_by(name) - reached
    assert reached == KEY_SCRIPTS
