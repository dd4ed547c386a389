"""Commands that somebody ran: what kind of key they make, and what they tell a client.

Options: https://docs.openssl.org/3.0/man1/ (genrsa, pkcs8, rsa, pkey), ssh-keygen(1), the manuals of snow and SnowSQL.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from wizard.diagnosis.facts import Fact
from wizard.diagnosis.reading.recognised import Recognised
from wizard.diagnosis.reading.settings import settings_facts
from wizard.diagnosis.settings.value import Value

_LINE: Final = re.compile(
    r"^[ \t]{0,8}(?:[^\n$#%>]{0,60}[$#%>] )?(?:sudo )?(openssl|ssh-keygen|snow|snowsql|chmod|icacls)"
    r"[ \t]+([^\n]{1,2000})",
    re.MULTILINE,
)
_MOST: Final = 20
_FLAGS: Final = {
    "--account": "account", "-a": "account", "--accountname": "account", "--host": "host", "--user": "user",
    "-u": "user", "--username": "user", "--authenticator": "authenticator", "--private-key-path": "key-path",
    "--private-key-file": "key-path", "--role": "role", "-r": "role", "--warehouse": "warehouse", "-w": "warehouse",
}  # fmt: skip
_OPENSSL_CURVES: Final = frozenset(("ec", "ed25519", "x25519", "ed448"))
_OLD_CIPHERS: Final = frozenset(("-v1", "-scrypt", "des3", "des", "pbe-sha1-3des", "pbe-md5-des", "-des3", "-des"))


def read_commands(text: str) -> Recognised | None:
    """Read the commands in a text, each on a line of its own."""
    facts: list[Fact] = []
    programs: list[str] = []
    for found in list(_LINE.finditer(text))[:_MOST]:
        words = _words(found[2])
        programs.append(found[1])
        facts.append(Fact("command", found[1], "the command"))
        if found[1] == "openssl":
            facts += _openssl(words)
        elif found[1] == "ssh-keygen":
            facts += _ssh_keygen(words)
        elif found[1] in ("snow", "snowsql"):
            facts += _client(found[1], words)
        elif found[1] == "chmod":
            facts += _chmod(words)
    if not programs:
        return None
    return Recognised("command", f"A command: {', '.join(dict.fromkeys(programs))}", tuple(dict.fromkeys(facts)))


def is_command(line: str) -> bool:
    """Whether a line is a command."""
    return _LINE.match(line) is not None


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quotation mark without its pair
        return line.split()


def _behind(words: Sequence[str], option: str) -> str:
    at = words.index(option) if option in words else len(words)
    return words[at + 1] if at + 1 < len(words) else ""


def _openssl(words: list[str]) -> Iterator[Fact]:
    source = "the openssl command"
    tool, *options = words or [""]
    lowered = [word.lower() for word in options]
    size = next((word for word in reversed(options) if word.isdigit()), "") if tool == "genrsa" else ""
    for word in lowered:
        if found := re.search(r"^rsa:(\d{3,5})$|rsa_keygen_bits:(\d{3,5})$", word):
            size = found[1] or found[2]
    if size:
        yield Fact("key-bits", size, source)
    if tool in ("ecparam", "ec") or _behind(lowered, "-algorithm") in _OPENSSL_CURVES:
        yield Fact("key-form", "ec", source)
    if _OLD_CIPHERS & set(lowered):
        yield Fact("key-cipher", "old", source)
    if "-outform" in lowered and _behind(lowered, "-outform") == "der":
        yield Fact("public-key-form" if "-pubout" in lowered else "key-form", "der", source)
    elif "-traditional" in lowered:
        yield Fact("key-form", "pkcs1", source)
    elif tool == "pkcs8" and "-topk8" in lowered and _behind(lowered, "-outform") != "der":
        yield Fact("key-form", "pkcs8" if "-nocrypt" in lowered else "pkcs8-encrypted", source)


def _ssh_keygen(words: list[str]) -> Iterator[Fact]:
    source = "the ssh-keygen command"
    kind = _behind(words, "-t").lower()
    if kind in ("ed25519", "ecdsa", "dsa"):
        yield Fact("key-form", "ec", source)
    elif _behind(words, "-m").upper() not in ("PKCS8", "PEM"):
        yield Fact("key-form", "openssh", source)
    if (bits := _behind(words, "-b")).isdigit():
        yield Fact("key-bits", bits, source)


def _client(program: str, words: list[str]) -> Iterator[Fact]:
    values: dict[str, Value] = {}
    for word, following in zip(words, [*words[1:], ""], strict=True):
        flag, assigned, value = word.partition("=")
        if flag in _FLAGS:
            values.setdefault(_FLAGS[flag], Value(value if assigned else following))
    yield Fact("client", program, "the command")
    if values:
        yield Fact("settings", "command-line", "the command")
        yield from (fact for fact in settings_facts(values, "the command") if fact.name != "setting-passphrase")


def _chmod(words: list[str]) -> Iterator[Fact]:
    mode, *files = words
    if re.fullmatch(r"0?[0-7]{3}", mode) and mode[-2:] != "00" and files:
        yield Fact("file-mode", f"{mode} {files[0][:200]}", "the chmod command")
