"""Where the private key file belongs, how it gets there, and what to do with what is left of it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.handover.connection import Connection
from wizard.handover.key_folder import KEY_FILE
from wizard.quoting import powershell, shell


@dataclass(frozen=True, slots=True)
class KeyFileAdvice:
    """Where the private key file belongs on one kind of machine, and how it gets there."""

    system: str
    where: str
    why: str
    commands: str  # to copy; "" where there is nothing to type
    language: str


def key_file_advice(connection: Connection) -> tuple[KeyFileAdvice, ...]:
    """Return where the key file belongs: in the folder that was told, else in one on each system; and in a store."""
    kept = "Keep it out of folders that are shared, synchronised or under version control."
    posix = KeyFileAdvice(
        system="macOS, Linux",
        where=connection.key_file if connection.key_folder else f"~/.snowflake/keys/{KEY_FILE}",
        why=f"Mode 600: only you can read it. {kept}",
        commands=_posix_commands(connection),
        language="shell",
    )
    windows = KeyFileAdvice(
        system="Windows",
        where=connection.key_file if connection.key_folder else rf"%USERPROFILE%\.snowflake\keys\{KEY_FILE}",
        why=f"Only you can read it once icacls has removed what the folder passed on. {kept}",
        commands=_windows_commands(connection),
        language="powershell",
    )
    elsewhere = KeyFileAdvice(
        system="Another computer, a server or a hub",
        where="its secret store",
        why="Hand the key over through the form or the secret store of that service. From a phone to a computer, carry "
        "the file by cable or in the vault of a password manager. Do not put it into an image, a repository or a "
        "message.",
        commands="",
        language="text",
    )
    if connection.windows is None:
        return posix, windows, elsewhere
    return windows if connection.windows else posix, elsewhere


def _posix_commands(connection: Connection) -> str:
    if not connection.key_folder:
        return (
            "mkdir -p ~/.snowflake/keys\n"
            "chmod 700 ~/.snowflake ~/.snowflake/keys\n"
            f"mv ~/Downloads/{KEY_FILE} ~/.snowflake/keys/\n"
            f"chmod 600 ~/.snowflake/keys/{KEY_FILE}\n"
        )
    folder, path = shell(connection.key_folder), shell(connection.key_file)
    return f"mkdir -p {folder}\nmv ~/Downloads/{KEY_FILE} {path}\nchmod 600 {path}\n"


def _windows_commands(connection: Connection) -> str:
    if connection.key_folder:
        folder, path = str(powershell(connection.key_folder)), str(powershell(connection.key_file))
    else:
        folder, path = '"$HOME\\.snowflake\\keys"', f'"$HOME\\.snowflake\\keys\\{KEY_FILE}"'
    return (
        f"New-Item -ItemType Directory -Force {folder} | Out-Null\n"
        f'Move-Item "$HOME\\Downloads\\{KEY_FILE}" {path}\n'
        f'icacls {path} /inheritance:r /grant:r "${{env:USERNAME}}:F"\n'
    )


TIDY_UP: tuple[str, ...] = (
    "Delete the copies of the private key that are left: in Downloads, in the bin, in messages, in the clipboard.",
    "If you lose the private key, nobody can bring it back: make a new pair and register that.",
    "If somebody else may have seen it, make a new pair today and take the old public key off the user.",
    "When the program is retired, take the public key off the user, or drop the user if it served nothing else.",
)
"""What to do now, and when things change, in the order in which it matters."""
