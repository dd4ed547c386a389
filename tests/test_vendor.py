"""The third-party files in static/vendor are the ones that the manifest names, byte for byte."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
VENDOR = ROOT / "static" / "vendor"
ENTRIES: list[dict[str, str]] = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))


SCRIPTS = [entry for entry in ENTRIES if entry["file"].endswith(".js")]


def _names(entry: dict[str, str]) -> str:
    return entry["file"]


def _content(entry: dict[str, str]) -> bytes:
    """The file; ``folder`` says where it lies when it isn't beside the manifest."""
    return (ROOT / entry.get("folder", "static/vendor") / entry["file"]).read_bytes()


@pytest.mark.parametrize("entry", ENTRIES, ids=_names)
def test_a_vendored_file_has_the_hash_of_the_manifest(entry: dict[str, str]) -> None:
    digest = hashlib.sha384(_content(entry)).digest()
    assert "sha384-" + base64.b64encode(digest).decode() == entry["sha384"]


@pytest.mark.parametrize("entry", ENTRIES, ids=_names)
def test_a_vendored_file_says_where_it_is_from_and_carries_its_licence(entry: dict[str, str]) -> None:
    registry = "npm" if entry in SCRIPTS else "PyPI"
    assert entry["source"].startswith(f"{registry} {entry['name']} {entry['version']} ")
    assert entry["licence"]
    assert (VENDOR / entry["licence_file"]).read_text(encoding="utf-8").strip()


def test_nothing_lies_in_the_folder_that_the_manifest_does_not_name() -> None:
    named = {entry["file"] for entry in ENTRIES if "folder" not in entry} | {entry["licence_file"] for entry in ENTRIES}
    assert {path.name for path in VENDOR.iterdir()} == named | {"manifest.json"}


def test_the_htmx_file_is_the_version_that_the_manifest_claims() -> None:
    entry = next(entry for entry in ENTRIES if entry["file"] == "htmx.min.js")
    assert f'version="{entry["version"]}"' in (VENDOR / "htmx.min.js").read_text(encoding="utf-8")


def test_every_vendored_script_is_loaded_with_integrity_nonce_and_defer() -> None:
    top = (VENDOR.parent.parent / "templates" / "document" / "top.html").read_text(encoding="utf-8")
    for entry in SCRIPTS:
        path = f"vendor/{entry['file']}"
        expected = (
            f'<script src="{{{{ asset("{path}") }}}}" integrity="{{{{ integrity("{path}") }}}}" '
            'nonce="{{ nonce() }}" defer></script>'
        )
        assert expected in top
