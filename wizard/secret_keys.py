"""The keys that the wizard signs with: the one of today, and those of before, whose signatures are still read."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Final

from wizard.given import Given, SettingsError
from wizard.secret import Secret

LEAST_KEY_LENGTH: Final = 8  # characters
GOOD_KEY_LENGTH: Final = 32  # characters
MAKE_A_KEY: Final = 'This command makes one: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
VARIABLES: Final = ("WIZARD_SECRET_KEY", "WIZARD_OLD_SECRET_KEYS")  # those that hold a secret themselves


def secret_key(given: Given) -> Secret:
    """Return the key to sign with: from its variable or file, else the one kept here, which is made the first time.

    Raises :class:`SettingsError`.
    """
    text, source = _text_of(given, "SECRET_KEY", "SECRET_KEY_FILE")
    if text:
        return _long_enough(text, source)
    if given.switch("CONTAINER"):
        raise SettingsError(
            "In a container the wizard needs WIZARD_SECRET_KEY: one made here would be gone with the container, and "
            f"every cookie with it. {MAKE_A_KEY}"
        )
    folder = given.text("DATA_DIR")
    return _kept(Path(folder) if folder else _data_folder())


def old_secret_keys(given: Given) -> tuple[Secret, ...]:
    """Return the keys of before: nothing is signed with them, and what they signed is read as long as it is good.

    Raises :class:`SettingsError`.
    """
    text, source = _text_of(given, "OLD_SECRET_KEYS", "OLD_SECRET_KEYS_FILE")
    lines = text.split(",") if given.text("OLD_SECRET_KEYS") else text.splitlines()
    return tuple(_long_enough(line.strip(), source) for line in lines if line.strip())


def _text_of(given: Given, variable: str, file: str) -> tuple[str, str]:
    """Return what a variable or the file in its place holds, and how to call that place."""
    if text := given.text(variable):
        return text, f"WIZARD_{variable}"
    path, source = given.file(file), f"the file of WIZARD_{file}"
    if path is None:
        return "", source
    try:
        return path.read_text(encoding="utf-8").strip(), source
    except OSError as error:
        raise SettingsError(f"{path}, {source}, can't be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}, {source} holds bytes that are no text in UTF-8. {MAKE_A_KEY}") from None


def _long_enough(text: str, source: str) -> Secret:
    if len(text) < LEAST_KEY_LENGTH:
        raise SettingsError(f"{source} holds {len(text)} characters; that is no secret. {MAKE_A_KEY}")
    return Secret(text)


def _data_folder() -> Path:
    """Return the folder in which this system keeps a user's application data."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "snowflake-keypair-wizard"
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "snowflake-keypair-wizard"


def _kept(folder: Path) -> Secret:
    """Return the key kept in ``folder``, making one (mode 0600) the first time."""
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        kept = path.read_bytes().decode("ascii", "replace").strip()
    except OSError as error:
        raise SettingsError(
            f"No secret key could be kept in {folder} ({type(error).__name__}). Give one in WIZARD_SECRET_KEY, or "
            "name a folder that can be written to in WIZARD_DATA_DIR."
        ) from None
    if len(kept) < GOOD_KEY_LENGTH or not kept.isascii():
        raise SettingsError(f"The secret key in {path} is damaged. Delete that file; the next start makes a new one.")
    return Secret(kept)


def _make(path: Path) -> None:
    """Put a new key into a file that is whole from its first moment, or leave the one that somebody else put there.

    Two wizards that start at the same moment agree: both read the file of the one who was quicker.
    """
    handle, draft = tempfile.mkstemp(prefix=".secret_key-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links, such as FAT
            Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
