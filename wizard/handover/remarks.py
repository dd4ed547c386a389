"""What the key of this person needs for one tool: what the tool can't do with it, and the line that converts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wizard.handover.connection import Connection
from wizard.handover.key_folder import KEY_FILE, PLAIN_KEY_FILE
from wizard.handover.tool import Tool
from wizard.quoting import Quoted, home_path, home_path_powershell, powershell, shell
from wizard.snowflake.key import KEY_NOTES


@dataclass(frozen=True, slots=True)
class Command:
    """One line to run, in the language of one shell."""

    system: str  # "macOS, Linux" or "Windows"
    language: str  # for the copy block: "shell" or "powershell"
    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know or to do before the text works with this key."""

    name: str  # says which, for the page and the tests
    text: str
    commands: tuple[Command, ...] = ()  # one a system: either does it
    certain: bool = True  # False: it holds only if the key file or the tool is of a kind that nobody here has seen


# Codes of KEY_NOTES that say something about the file, not about the key: any tool may stumble over those.
_DAMAGE = (
    *("binary", "utf-16", "byte-order-mark", "newlines-escaped", "newlines-spaces", "newlines-removed", "tidied"),
    *("quoted", "text-around", "begin-missing", "end-missing", "markers-missing", "markers-damaged", "label-wrong"),
    *("base64url", "base64-twice", "percent-encoded", "padding-missing", "public-beside-private", "twice"),
)
_PKCS1 = ("pkcs1", "pkcs1-sealed")


def remarks(tool: Tool, connection: Connection) -> tuple[Remark, ...]:
    """Return what is to be known of ``tool`` and this key, in the order in which it is to be done."""
    return tuple(_remarks(tool, connection))


def _remarks(tool: Tool, connection: Connection) -> Iterator[Remark]:
    notes = connection.key_notes or ()
    for code in _DAMAGE:
        if code in notes:
            yield Remark("file-" + code, KEY_NOTES[code])
    if any(code in notes for code in tool.refuses):
        yield Remark(
            "form",
            f"{tool.client} does not read the form your key file has. This writes the same key as PKCS#8, in place:",
            _rewritten(connection),
        )
    elif connection.key_notes is None and set(_PKCS1) & set(tool.refuses):
        yield Remark(
            "form",
            f"{tool.client} reads PKCS#8 only. If your key file begins with -----BEGIN RSA PRIVATE KEY-----, this "
            "writes the same key as PKCS#8, in place:",
            _rewritten(connection),
            certain=False,
        )
    yield from _about_passphrase(tool, connection)
    if tool.key_place == "one line":
        yield Remark(
            "one-line",
            "It takes the key as one line, without the lines BEGIN and END. This prints that line; it is as secret as "
            "the file.",
            _one_line(tool, connection),
        )
    if not (connection.key_folder or tool.finds_home) and tool.key_place == "path":
        yield Remark(
            "folder",
            f"The text says {KEY_FILE} alone, which works only where the program starts in the folder of your key "
            "file. Say above in which folder the file will be, and its whole path stands here.",
        )


def _about_passphrase(tool: Tool, connection: Connection) -> Iterator[Remark]:
    if connection.encrypted is False or tool.key_place == "none":
        return
    if tool.encrypted is False:
        has = "Your key file has a passphrase, and" if connection.encrypted else "If your key file has a passphrase:"
        yield Remark(
            "plain",
            f"{has} {tool.client} can't open such a key. This writes a copy without one. Keep that copy nowhere but in "
            "the secret store of the tool.",
            _plain_copy(connection),
            certain=connection.encrypted is True,
        )
    elif tool.encrypted is None:
        yield Remark(
            "plain",
            f"Whether {tool.client} opens a key with a passphrase could not be seen. Where it has no field for the "
            "passphrase, it needs a copy of the key without one. Keep that copy nowhere but in the secret store of the "
            "tool.",
            _plain_copy(connection),
            certain=False,
        )


def passphrase_commands(tool: Tool, connection: Connection) -> tuple[Command, ...]:
    """Return the lines that ask for the passphrase and put it where ``tool`` looks for it, one a system.

    Each stands alone: pasted together with others, the next line of the paste would be read as the passphrase.
    ``()`` where the key has none, or the tool looks nowhere. ``IFS=`` keeps blanks at the edges, ``-r`` backslashes.
    """
    if connection.encrypted is False or not tool.variable:
        return ()
    name = tool.variable
    asked = "[Net.NetworkCredential]::new('', (Read-Host 'Passphrase' -AsSecureString)).Password"
    return _for(
        connection,
        Quoted(f"IFS= read -rs {name} && export {name}"),
        Quoted(f"$env:{name} = {asked}"),
    )


def _for(connection: Connection, posix: str, windows: str) -> tuple[Command, ...]:
    both = (Command("macOS, Linux", "shell", posix), Command("Windows", "powershell", windows))
    return both if connection.windows is None else both[connection.windows :][:1]


def _paths(connection: Connection, name: str) -> tuple[Quoted, Quoted]:
    """Return the path of ``name`` beside the key file, for the shell and for PowerShell."""
    if not connection.key_folder:
        return home_path(name), home_path_powershell(name)
    path = connection.key_file.removesuffix(KEY_FILE) + name
    return shell(path), powershell(path)


def _rewritten(connection: Connection) -> tuple[Command, ...]:
    old, new = _paths(connection, KEY_FILE), _paths(connection, KEY_FILE + ".new")
    sealed = "-nocrypt" if connection.encrypted is False else "-v2 aes-256-cbc"
    return _for(
        connection,
        f"openssl pkcs8 -topk8 {sealed} -in {old[0]} -out {new[0]} && mv {new[0]} {old[0]}",
        f"openssl pkcs8 -topk8 {sealed} -in {old[1]} -out {new[1]}; "
        f"if ($?) {{ Move-Item -Force -LiteralPath {new[1]} -Destination {old[1]} }}",
    )


def _plain_copy(connection: Connection) -> tuple[Command, ...]:
    old, new = _paths(connection, KEY_FILE), _paths(connection, PLAIN_KEY_FILE)
    command = "openssl pkcs8 -topk8 -nocrypt -in"
    return _for(
        connection,
        f"(umask 077; {command} {old[0]} -out {new[0]})",
        f"{command} {old[1]} -out {new[1]}",
    )


def _one_line(tool: Tool, connection: Connection) -> tuple[Command, ...]:
    plain = tool.encrypted is False and connection.encrypted
    path = _paths(connection, PLAIN_KEY_FILE if plain else KEY_FILE)
    posix = f"sed '/-----/d' {path[0]} | tr -d '\\r\\n'"
    windows = f"(Get-Content -LiteralPath {path[1]} | Where-Object {{ $_ -notmatch '-----' }}) -join ''"
    if tool.one_line_alphabet == "url":
        posix += " | tr '+/' '-_'"
        windows = f"({windows}).Replace('+', '-').Replace('/', '_')"
    return _for(connection, posix, windows)
