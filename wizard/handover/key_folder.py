"""The one question for all tools: in which folder will the key file be?"""

from __future__ import annotations

import re

from wizard.problem import Problem
from wizard.unseen import codepoint, is_unseen

MAX_CHARACTERS = 400
KEY_FILE = "rsa_key.p8"
PLAIN_KEY_FILE = "rsa_key_plain.p8"  # the copy without a passphrase, for tools that open no other

_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\[^\\]")
_QUOTED = re.compile(r"(['\"])(.*)\1")
_ASKS_A_SHELL = re.compile(r"~|\$|%|\.{1,2}(?:[\\/]|$)")


def read_key_folder(text: str) -> str:
    r"""Read the folder that a person typed: whole, without quotes or a slash at its end; ``""`` where none was told.

    Both spellings are taken, ``/home/jane/keys`` and ``C:\Users\jane\keys``; the name of the key file at its end is
    left out. Raises :class:`Problem` for a path that depends on where a program starts, and for one that begins with
    ``~``, ``$HOME`` or ``%USERPROFILE%``: the Python connector 5, dbt and Node.js take those for names of folders.
    """
    folder = text.strip()
    if quoted := _QUOTED.fullmatch(folder):
        folder = quoted[2].strip()
    if not folder:
        return ""
    if len(folder) > MAX_CHARACTERS:
        raise Problem(
            f"The folder has {len(folder):,} characters; the limit here is {MAX_CHARACTERS}.",
            "Give the folder alone.",
            field="key_folder",
        )
    if unseen := next(filter(is_unseen, folder), ""):
        raise Problem(
            f"The folder has a character that can’t be seen ({codepoint(unseen)}).",
            "Type it by hand: some programs add such characters when text is copied.",
            field="key_folder",
        )
    if '"' in folder:
        raise Problem(
            "The folder has a double quote in its name. Windows allows none, and PowerShell hands none on.",
            "Give another folder, or rename this one.",
            field="key_folder",
        )
    if not _ABSOLUTE.match(folder):
        if _ASKS_A_SHELL.match(folder):
            said = "This path means something to a shell only: the Python connector 5, dbt and Node.js do not know it."
        else:
            said = "This path does not begin at the root, so it leads elsewhere when a program starts elsewhere."
        raise Problem(
            said,
            "Give the whole path. It begins with / on macOS and Linux (the command pwd prints it in that folder) and "
            "with a drive such as C:\\ on Windows.",
            field="key_folder",
        )
    separator = "\\" if is_windows(folder) else "/"
    folder = folder.removesuffix(separator + KEY_FILE)
    return folder.rstrip("\\/") + (separator if re.fullmatch(r"/+|[A-Za-z]:[\\/]+", folder) else "")


def is_windows(folder: str) -> bool:
    r"""Whether a whole path is spelled as Windows does: with a drive, or ``\\server``."""
    return not folder.startswith("/")
