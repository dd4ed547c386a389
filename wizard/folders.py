"""Where the templates and the static files lie."""

from __future__ import annotations

from pathlib import Path


def folder(name: str) -> Path:
    """Return a folder of templates or static files: inside the package of a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
