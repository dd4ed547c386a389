"""What is in a container image: the archive that an engine saves, read without an engine."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"


class Archive:
    """An image as ``docker save`` writes it: its configuration, its layers, and the files that are left of them.

    ``files`` holds what a program in a container sees: path from the root, without a slash at the front, to the entry
    of the last layer that has it. The rules are those of the OCI image layer specification
    (https://github.com/opencontainers/image-spec/blob/main/layer.md): a later layer hides what it names, ``.wh.name``
    takes a name away, ``.wh..wh..opq`` all that lower layers have in its folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with tarfile.open(path) as archive:
            manifest = json.loads(_read(archive, "manifest.json"))[0]
            self.configuration = _read(archive, manifest["Config"]).decode()
            self.config: dict[str, Any] = json.loads(self.configuration)["config"]
            self._layers: list[str] = manifest["Layers"]
        self.files: dict[str, tarfile.TarInfo] = {}
        for layer in self._layers:
            self._lay(layer)

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file of every layer, also those that a later layer hides: where it is, and its content."""
        for number, layer in enumerate(self._layers):
            with tarfile.open(self._path) as archive, tarfile.open(fileobj=archive.extractfile(layer)) as entries:
                for entry in entries:
                    if entry.isfile() and (content := entries.extractfile(entry)) is not None:
                        yield f"layer {number}: {entry.name}", content.read()

    def size(self, folder: str) -> int:
        """Return how many bytes the files below a folder hold."""
        return sum(entry.size for name, entry in self.files.items() if name.startswith(f"{folder}/"))

    def _lay(self, layer: str) -> None:
        with tarfile.open(self._path) as archive, tarfile.open(fileobj=archive.extractfile(layer)) as opened:
            entries = {str(PurePosixPath(entry.name)).lstrip("/"): entry for entry in opened}
        for name in entries:
            folder, _, last = name.rpartition("/")
            if last == OPAQUE:
                self._remove(folder, itself=False)
            elif last.startswith(WHITEOUT):
                self._remove(f"{folder}/{last.removeprefix(WHITEOUT)}".lstrip("/"), itself=True)
        for name, entry in entries.items():
            if not name.rpartition("/")[2].startswith(WHITEOUT):
                if not entry.isdir():
                    self._remove(name, itself=True)
                self.files[name] = entry

    def _remove(self, path: str, *, itself: bool) -> None:
        below = f"{path}/" if path else ""
        for name in [name for name in self.files if (itself and name == path) or name.startswith(below)]:
            del self.files[name]


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(name)
    assert found is not None, name
    return found.read()
