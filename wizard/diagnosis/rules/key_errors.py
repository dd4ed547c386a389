"""What a reader of keys met, by the character, the byte or the length at which it stopped."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from wizard.diagnosis.facts import Evidence
from wizard.diagnosis.rules.opinion import Opinion, Opinions

_PLENTY: Final = 128
"""So many bytes are missed only by what begins as a key does. What is no key at all misses fewer."""
_BLANK: Final = 16
"""Fewer than these are missed by a DER reader that was given blanks: a blank and a line break promise ten."""
_LINE: Final = 64
"""Digits on one line of a PEM key."""

_SYMBOLS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "\\": ("key-newlines-lost", "a backslash: line breaks that are written as \\n"),
        " ": ("key-newlines-lost", "a blank, where a line break belongs"),
        "\r": ("key-newlines-lost", "a carriage return"),
        '"': ("key-stray-characters", "a quotation mark"),
        "'": ("key-stray-characters", "a quotation mark"),
        "`": ("key-stray-characters", "a quotation mark"),
        ",": ("key-stray-characters", "a comma"),
        ";": ("key-stray-characters", "a semicolon"),
        "*": ("key-stray-characters", "an asterisk"),
        "\u00e2": ("key-stray-characters", "a typographic sign, such as a long dash"),
        "\u00ef": ("key-stray-characters", "the mark that some editors put before a text"),
        "-": ("key-encoding", "a hyphen: the marker lines stand where the bare base64 belongs"),
        "<": ("key-empty", "a pointed bracket, as of a placeholder"),
        "$": ("key-empty", "a dollar sign: a variable that was not filled in"),
        "{": ("key-empty", "a brace, as of a placeholder"),
        ".": ("key-is-path", "a full stop, as in a file name"),
        "_": ("key-is-path", "an underscore, as in a file name"),
        ":": ("key-is-path", "a colon, as in an address"),
        "~": ("key-is-path", "a tilde, as in a path"),
    }
)
_MORE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "<": ("key-stray-characters", "key-truncated"),
        "$": ("key-is-path",),
        "-": ("key-markers-missing", "key-stray-characters"),
        " ": ("key-stray-characters",),
        "\u00e2": ("key-markers-missing",),
    }
)
"""What else is met by the same character."""


def key_errors(evidence: Evidence) -> Opinions:
    """Conclude from where the reader of a key stopped."""
    if evidence.has("error-path", "content"):
        yield Opinion("key-is-path", "The text of the key was taken for the name of a file.", 124)
    for symbol in evidence.all("key-symbol"):
        number, _, at = symbol.value.partition(" ")
        yield from _symbol(int(number), int(at or "-1"), evidence.get("key-read-as"))
    begins = [chr(int(byte.value)) for byte in evidence.all("key-first-byte")]
    missing = evidence.number("key-bytes-missing")
    no_markers = any("unable to load pem" in sentence.value for sentence in evidence.all("sentence"))
    pem_told = bool(evidence.all("key-symbol") or missing or _told_of_pem(evidence))
    for character in begins:
        if character == "-" and evidence.get("key-read-as") == "base64":
            yield Opinion("key-encoding", "The program wants DER, and was given the text of a PEM file.", 112)
        elif character not in _BYTES and evidence.get("key-read-as") == "base64":
            for place, cause in enumerate(("key-is-path", "key-stray-characters", "key-encoding", "key-empty")):
                yield Opinion(cause, "The text was decoded as base64, and what came out is no key.", 104 - 2 * place)
        elif character != "-":
            yield from _first_byte(character)
        elif no_markers:
            for place, cause in enumerate(("key-truncated", "key-markers-missing", "key-stray-characters")):
                yield Opinion(cause, "The text begins as PEM does, and has no whole pair of markers.", 104 - 2 * place)
        elif not pem_told:
            yield from _first_byte(character)
    if missing:
        yield from _missing(int(missing), "pem" if "-" in begins else evidence.get("key-read-as") or "pem")


def _told_of_pem(evidence: Evidence) -> bool:
    words = ("valid pem", "explicitly", "incorrect password", "password was")
    return any(word in sentence.value for word in words for sentence in evidence.all("sentence"))


def _symbol(number: int, at: int, manner: str) -> Opinions:
    if number == ord("\n"):
        # Base64 by itself has no line breaks: a PEM body has the first after 64 digits, an ssh-rsa line at its end.
        if at == _LINE:
            yield Opinion("key-markers-missing", "The reader met a line break after 64 digits: a key's bare body.", 112)
        else:
            yield Opinion("key-is-public", f"The reader met a line break after {at} digits, as an ssh line ends.", 104)
            yield Opinion("key-openssh", "It may be a key of OpenSSH's.", 100)
        return
    character = chr(number)
    if character == " " and at == 0:
        yield Opinion("key-empty", "The reader met a blank, and nothing before it.", 104)
        return
    if character == "-" and manner == "either":
        yield Opinion("key-markers-missing", "The text begins with a hyphen, and not with a whole marker line.", 112)
        yield Opinion("key-stray-characters", "Something may stand in the marker line that does not belong there.", 100)
        return
    known = _SYMBOLS.get(character)
    if known is None:
        yield Opinion(
            "key-stray-characters", f"The reader met a character that is none of base64: number {number}.", 100
        )
        return
    cause, met = known
    yield Opinion(cause, f"In the text of the key the reader met {met}.", 112)
    for other in _MORE.get(character, ()):
        yield Opinion(other, f"In the text of the key the reader met {met}.", 100)


_BYTES: Final[Mapping[str, tuple[tuple[str, ...], str]]] = MappingProxyType(
    {
        "-": (
            ("key-newlines-lost", "key-is-public", "key-truncated", "key-stray-characters", "key-openssh"),
            "The text begins with a hyphen, as PEM does, and could not be read as PEM.",
        ),
        "\3": (("key-is-public",), "What was read has the form of a public key."),
        "s": (("key-is-public", "key-openssh"), "The text begins with an s, as ssh-rsa does."),
        "/": (("key-is-path",), "The text begins with a slash, as a path does."),
        "~": (("key-is-path",), "The text begins with a tilde, as a path does."),
        "$": (("key-empty", "key-is-path"), "The text begins with a dollar sign: a variable that was not filled in."),
        "<": (("key-empty", "key-stray-characters"), "The text begins with a pointed bracket, as a placeholder does."),
        "M": (("key-markers-missing", "key-encoding"), "The text begins with an M, as the bare body of a key does."),
        "L": (("key-encoding",), "The text begins with an L, as base64 of a whole PEM file does."),
        "e": (("key-is-public",), "The text begins with an e, as a token does."),
        "\u00ef": (("key-stray-characters",), "The text begins with the mark that some editors put before it."),
        "\u00ff": (("key-encoding", "key-stray-characters"), "The text is written with two bytes a letter."),
        '"': (("key-stray-characters",), "The text begins with a quotation mark."),
        "'": (("key-stray-characters",), "The text begins with a quotation mark."),
        " ": (("key-stray-characters", "key-empty"), "The text begins with a blank."),
    }
)


def _first_byte(character: str) -> Opinions:
    causes, because = _BYTES.get(character, (("key-encoding", "key-empty"), "The text is no key in DER."))
    for at, cause in enumerate(causes):
        yield Opinion(cause, because, 104 - 2 * at)


def _missing(count: int, manner: str) -> Opinions:
    if count == 1:
        yield Opinion("key-empty", "The reader was given no byte at all.", 114)
    elif manner == "pem" or count >= _PLENTY:
        yield Opinion("key-truncated", f"The key says that it is longer: {count} bytes are missing at its end.", 112)
    elif manner == "text" and count < _BLANK:
        yield Opinion("key-empty", "The reader was given nothing but blanks.", 112)
    else:
        yield Opinion("key-is-path", "What was read as a key is too short for one, and doesn't begin like one.", 112)
        yield Opinion("key-empty", "What was read as a key is too short for one.", 100)
