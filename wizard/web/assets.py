"""Static files: where they lie, under which address they are served, and their hashes.

All of them are served under one folder name made of the hash of the whole tree, so that a page may tell browsers to
keep them for a year, and modules that import each other by relative names stay together. They are few and small,
and are read once. Scripts are served as they lie in the folder, byte for byte, so that whoever reads them there has
read what runs; a style sheet that imports others is served with them inside it, because each would cost a request, and
without comments and line breaks, which are a fifth of its bytes on the wire.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import brotli
from flask import Blueprint, Response, abort, current_app

from wizard.web.packing import packed, takes

blueprint = Blueprint("assets", __name__)

# Said here rather than asked of the machine: some systems' tables call a script text/plain, and a browser that is
# told nosniff then refuses to run it.
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
CODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, mode=brotli.MODE_TEXT),
    "gzip": partial(gzip.compress, mtime=0),
}
"""How a file is packed, the smaller way first. Brotli at its best takes an eighth off gzip and up to 80 ms for a file,
once. Browsers unpack it where nothing on the way could spoil it: over https, and on their own machine."""
_BETWEEN = re.compile(r" {0,80}([{};]) {0,80}")
_IMPORT = re.compile(r'^@import url\("([^"]+)"\) layer\((\w+)\);$', re.MULTILINE)


class Asset:
    """One static file in memory."""

    def __init__(self, content: bytes, content_type: str) -> None:
        self.content = content
        text = content_type.startswith("text/") or content_type.endswith(("json", "svg+xml"))
        self.content_type = f"{content_type}; charset=utf-8" if text else content_type
        self._worth_packing = text
        self._packed: dict[str, bytes] = {}

    @cached_property
    def integrity(self) -> str:
        """The hash as ``integrity`` attributes want it (``sha384-…``)."""
        return "sha384-" + base64.b64encode(hashlib.sha384(self.content).digest()).decode()

    def packed(self, coding: str) -> bytes:
        """Return the content in a coding of :data:`CODINGS`, made when first asked for; ``b""`` if that is longer."""
        if coding not in self._packed:
            packed = CODINGS[coding](self.content) if self._worth_packing else self.content
            self._packed[coding] = packed if len(packed) < len(self.content) else b""
        return self._packed[coding]


class Assets:
    """The files below ``folder``, by their path relative to it with forward slashes, and ``others`` from elsewhere."""

    def __init__(self, folder: Path, others: Mapping[str, bytes] | None = None) -> None:
        self._folder = folder
        self._others = others or {}

    @cached_property
    def files(self) -> dict[str, Asset]:
        found = sorted(path for path in self._folder.rglob("*") if path.is_file())
        files = {path.relative_to(self._folder).as_posix(): _read(path) for path in found}
        return files | {name: Asset(content, _type_of(name)) for name, content in self._others.items()}

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

    def below(self, folder: str) -> list[str]:
        """Return the names of the files in a folder, such as ``js/key``."""
        return [name for name in self.files if name.startswith(f"{folder}/")]


def _read(path: Path) -> Asset:
    content = _joined(path) if path.suffix == ".css" else path.read_bytes()
    return Asset(content, _type_of(path.name))


def _type_of(name: str) -> str:
    return TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _joined(path: Path) -> bytes:
    """Return a style sheet with those that it imports in the place of its imports, each in its layer; no comments, one
    line, and no space that means nothing. No string in a sheet may hold ``: ``, ``, `` or `` > ``.
    """

    entry = path.read_text(encoding="utf-8")
    for layer, sheets in groupby(_IMPORT.findall(entry), key=itemgetter(1)):
        inside = "".join((path.parent / name).read_text(encoding="utf-8") for name, _ in sheets)
        entry += f"@layer {layer} {{\n{inside}}}\n"
    rules, *commented = _IMPORT.sub("", entry).split("/*")
    rules += "".join(part.partition("*/")[2] for part in commented)
    rules = _BETWEEN.sub(r"\1", " ".join(rules.split("\n"))).strip()
    for spaced in (": ", ", ", " > ", ";}"):
        rules = rules.replace(spaced, spaced.strip(" ;"))
    return rules.encode()


@blueprint.get("/static/<tree>/<path:name>")
def static_file(tree: str, name: str) -> Response:
    """Serve a file by its exact name; the folder of another release gets 404, and never newer content."""
    assets: Assets = current_app.extensions["assets"]
    asset = assets.files.get(name) if tree == assets.tree else None
    if asset is None:
        abort(404)
    for coding in CODINGS:
        if takes(coding) and (smaller := asset.packed(coding)):
            response = packed(smaller, asset.content_type, coding)
            break
    else:
        response = Response(asset.content, content_type=asset.content_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    return response
