"""What the page's scripts read keys by: sent as it stands, packed, and not again while it is the same."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from flask import Flask

FOLDER = Path(__file__).parents[2] / "wizard" / "snowflake" / "key"
FILES = {"specification": "specification.json", "problems": "key_words.json", "notes": "key_notes.json"}


def test_the_page_is_sent_the_files_that_the_server_reads(app: Flask) -> None:
    told = app.test_client().get("/keys/words.json").get_json()
    assert told == {name: json.loads((FOLDER / file).read_text("utf-8")) for name, file in FILES.items()}


def test_they_are_packed_for_who_can_unpack_and_sent_once(app: Flask) -> None:
    raw = app.test_client()
    plain = raw.get("/keys/words.json")
    packed = raw.get("/keys/words.json", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert len(packed.data) < 10_000
    headers = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    again = raw.get("/keys/words.json", headers=headers)
    assert (again.status_code, again.data) == (304, b"")
