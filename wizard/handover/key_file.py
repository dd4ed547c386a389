"""Where the private key file belongs, and what to do with what is left of it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyFileAdvice:
    """Where the private key file belongs on one kind of machine, and how it gets there."""

    system: str
    where: str
    why: str
    commands: str  # to copy; "" where there is nothing to type
    language: str


KEY_FILE_ADVICE: tuple[KeyFileAdvice, ...] = (
    KeyFileAdvice(
        system="macOS, Linux",
        where="~/.snowflake/keys/rsa_key.p8",
        why="Mode 600: only you can read it. Keep it out of folders that are shared, synchronised or under version "
        "control.",
        commands="mkdir -p ~/.snowflake/keys\n"
        "chmod 700 ~/.snowflake ~/.snowflake/keys\n"
        "mv ~/Downloads/rsa_key.p8 ~/.snowflake/keys/\n"
        "chmod 600 ~/.snowflake/keys/rsa_key.p8\n",
        language="shell",
    ),
    KeyFileAdvice(
        system="Windows",
        where=r"%USERPROFILE%\.snowflake\keys\rsa_key.p8",
        why="Only you can read it once icacls has removed what the folder passed on. Keep it out of OneDrive and of "
        "version control.",
        commands='New-Item -ItemType Directory -Force "$HOME\\.snowflake\\keys" | Out-Null\n'
        'Move-Item "$HOME\\Downloads\\rsa_key.p8" "$HOME\\.snowflake\\keys\\"\n'
        'icacls "$HOME\\.snowflake\\keys\\rsa_key.p8" /inheritance:r /grant:r "${env:USERNAME}:F"\n',
        language="powershell",
    ),
    KeyFileAdvice(
        system="A server, a container or a hub",
        where="its secret store",
        why="Hand the key over through the form or the secret store of that service. Do not put it into an image, a "
        "repository or a message.",
        commands="",
        language="text",
    ),
)

TIDY_UP: tuple[str, ...] = (
    "Delete the copies of the private key that are left: in Downloads, in the bin, in messages, in the clipboard.",
    "If you lose the private key, nobody can bring it back: make a new pair and register that.",
    "If somebody else may have seen it, make a new pair today and take the old public key off the user.",
    "When the program is retired, take the public key off the user, or drop the user if it served nothing else.",
)
"""What to do now, and when things change, in the order in which it matters."""
