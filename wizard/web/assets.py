"""Static files: where they lie, under which address they are served, and their hashes.

All of them are served under one folder name made of the hash of the whole tree, so that a page may tell browsers to
keep them for a year, and modules that import each other by relative names stay together. They are few and small,
and are read once.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request

blueprint = Blueprint("assets", __name__)

# Said here rather than asked of the machine: some systems' tables call a script text/plain, and a browser that is
# told nosniff then refuses to run it.
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".json": "application/json"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file in memory. ``packed`` is its gzip form, empty where that isn't smaller."""

    content: bytes
    packed: bytes
    content_type: str
    integrity: str


class Assets:
    """The files below ``folder``, by their path relative to it with forward slashes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def files(self) -> dict[str, Asset]:
        found = sorted(path for path in self._folder.rglob("*") if path.is_file())
        return {path.relative_to(self._folder).as_posix(): _read(path) for path in found}

    @cached_property
    def tree(self) -> str:
        """The name of the folder they are served under: twelve hexadecimal digits."""
        whole = hashlib.sha256()
        for name, asset in self.files.items():
            whole.update(f"{name}\n{asset.integrity}\n".encode())
        return whole.hexdigest()[:12]

    def url(self, name: str) -> str:
        """Return the address of a file. Raises ``KeyError`` for one that isn't there: a page that names it is wrong."""
        self.files[name]
        return f"/static/{self.tree}/{name}"

    def integrity(self, name: str) -> str:
        """Return a file's hash as ``integrity`` attributes want it (``sha384-…``)."""
        return self.files[name].integrity


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    packed = gzip.compress(content, mtime=0)
    known = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = known.startswith("text/") or known.endswith(("json", "svg+xml"))
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return Asset(
        content=content,
        packed=packed if text and len(packed) < len(content) else b"",
        content_type=f"{known}; charset=utf-8" if text else known,
        integrity=f"sha384-{digest}",
    )


@blueprint.get("/static/<tree>/<path:name>")
def static_file(tree: str, name: str) -> Response:
    """Serve a file by its exact name; the folder of another release gets 404, and never newer content."""
    assets: Assets = current_app.extensions["assets"]
    asset = assets.files.get(name) if tree == assets.tree else None
    if asset is None:
        abort(404)
    zipped = bool(asset.packed) and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(asset.packed if zipped else asset.content, content_type=asset.content_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response
