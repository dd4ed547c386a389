"""Keys in a paste: public ones are read; private ones are taken out unread, but for their marker lines."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from wizard.diagnosis.facts import Fact
from wizard.diagnosis.reading.recognised import Recognised
from wizard.diagnosis.reading.words import sentences_in
from wizard.snowflake.key.problem import KeyProblem
from wizard.snowflake.key.public import read_public_key
from wizard.snowflake.user.fingerprint import fingerprints_in

TAKEN_OUT: Final = "\N{WHITE SQUARE}"
"""What stands in a text where a key was taken out."""

PUBLIC_TAKEN_OUT: Final = "\N{WHITE DIAMOND}"
"""The same of what is public."""
_MARKER: Final = re.compile(
    r"-{3,5} ?(BEGIN|END) ([A-Z0-9 ]{0,30}?)(PRIVATE KEY|PUBLIC KEY|CERTIFICATE|CERTIFICATE REQUEST) ?-{3,5}"
)
_LEAST_TEXT: Final = 60
"""Characters between two markers, below which a message only names the marker lines."""
_STRAY: Final = 6
"""Characters before an END marker that may be none of a key's, quotes and the like."""
_BODY: Final = re.compile(r"(?:[A-Za-z0-9+/=\s:,_-]|\\[nrt]){1,16000}")
_WORD: Final = re.compile(r"(?:ssh-rsa |ssh-ed25519 |ecdsa-sha2-nistp[0-9]{3} )?[A-Za-z0-9+/_-]{100,16000}={0,2}")
_PUBLIC_WORD: Final = re.compile(r"ssh-|ecdsa-|MI[IJ][A-Za-z0-9+/]{1,3}jAN")
_FORMS: Final = {
    "RSA PRIVATE KEY": "pkcs1",
    "PRIVATE KEY": "pkcs8",
    "ENCRYPTED PRIVATE KEY": "pkcs8-encrypted",
    "OPENSSH PRIVATE KEY": "openssh",
    "EC PRIVATE KEY": "ec",
    "DSA PRIVATE KEY": "dsa",
}
_FORM_TITLES: Final = {
    "pkcs1": "PKCS#1",
    "pkcs1-encrypted": "PKCS#1, encrypted",
    "pkcs8": "PKCS#8",
    "pkcs8-encrypted": "PKCS#8, encrypted",
    "openssh": "OpenSSH",
    "ec": "elliptic curve",
    "dsa": "DSA",
}


class Taken(NamedTuple):
    """A text without its keys, and what the keys were."""

    text: str
    recognised: tuple[Recognised, ...]


def take_keys(text: str) -> Taken:
    """Take every key out of a text. What is private is dropped unread, but for its marker lines."""
    left: list[str] = []
    found: list[Recognised] = []
    at = 0
    for begin in _MARKER.finditer(text):
        if begin.start() < at or begin[1] != "BEGIN":
            continue
        end = _end_of(text, begin)
        if end - begin.end() < _LEAST_TEXT:
            continue
        label = f"{begin[2]}{begin[3]}".strip()
        left += [text[at : begin.start()], TAKEN_OUT if "PRIVATE" in label else PUBLIC_TAKEN_OUT]
        body = text[begin.end() : end]
        found.append(_private(label, body) if "PRIVATE" in label else _public(text[begin.start() : end], label))
        at = end
    left.append(text[at:])
    return _take_words("".join(left), found)


def _end_of(text: str, begin: re.Match[str]) -> int:
    """Where a key ends: behind its END marker, or where nothing of a key stands any more."""
    following = _MARKER.search(text, begin.end())
    body = _BODY.match(text, begin.end(), following.start() if following else len(text))
    body_end = body.end() if body else begin.end()
    if following and following.start() <= body_end + _STRAY:
        return following.end() if following[1] == "END" else following.start()
    return body_end


def _private(label: str, body: str) -> Recognised:
    form = _FORMS.get(label, "pkcs8")
    if form == "pkcs1" and "ENCRYPTED" in body[:120]:
        form = "pkcs1-encrypted"
    facts = [Fact("key-form", form, "the pasted text")]
    start = body[:3]
    breaks = "kept" if start.lstrip(" \r").startswith("\n") else "escaped" if start.startswith("\\") else "lost"
    facts.append(Fact("key-breaks", breaks, "the pasted text"))
    return Recognised(
        "private-key", f"A private key ({_FORM_TITLES[form]}, by its first line): it was not read", tuple(facts)
    )


def _take_words(text: str, found: list[Recognised]) -> Taken:
    """Take out long base64 without marker lines: a public key is read, all else may be private."""
    left: list[str] = []
    at = 0
    for word in _WORD.finditer(text):
        if "/" in word[0] and not any(character.isdigit() for character in word[0]):
            continue  # a path
        public = bool(_PUBLIC_WORD.match(word[0]))
        if public:
            found.append(_public(word[0], "ssh" if word[0].startswith(("ssh-", "ecdsa-")) else "PUBLIC KEY"))
        elif not any(character.isupper() for character in word[0]) or "-" in word[0] or "_" in word[0]:
            continue
        else:
            found.append(Recognised("private-key", "A long secret text: it was not read"))
        left += [text[at : word.start()], PUBLIC_TAKEN_OUT if public else TAKEN_OUT]
        at = word.end()
    left.append(text[at:])
    return Taken("".join(left), tuple(found))


def _public(text: str, label: str) -> Recognised:
    kind = "certificate" if label.startswith("CERTIFICATE") else "public-key"
    name = "certificate" if kind == "certificate" else "public key"
    source = f"the {name}"
    form = [Fact("key-form", "ssh-public", source)] if label == "ssh" else []
    try:
        key, _ = read_public_key(text)
    except KeyProblem as problem:
        flaw = [Fact("key-flaw", f"{problem.cause}: {problem.message}", source)] if problem.cause else []
        return Recognised(kind, f"A {name} that can't be read", (*form, *flaw))  # type: ignore[arg-type]
    facts = (
        Fact("key-fingerprint", key.fingerprint, source),
        Fact("public-key", key.base64, source),
        Fact("key-bits", str(key.bits), source),
    )
    return Recognised(kind, f"A {name} of {key.bits} bits", (*form, *facts))  # type: ignore[arg-type]


_OPENSSL: Final = (
    # what openssl and ssh-keygen print, as their sources have it
    ("key-bits", re.compile(r"(?:RSA )?(?:Private|Public)-Key: \((\d{3,5}) bit")),
    ("key-bits", re.compile(r"Generating RSA private key, (\d{3,5}) bit")),
    ("key-bits", re.compile(r"^(\d{3,5}) SHA256:[A-Za-z0-9+/]{43} ", re.MULTILINE)),
)
_DIGEST: Final = re.compile(r"^[A-Za-z0-9+/]{43}=$", re.MULTILINE)
_SSH_KEYGEN: Final = re.compile(
    r"Your identification has been saved in |The key fingerprint is:|\(RSA\)$", re.MULTILINE
)
_OPENSSL_ERROR: Final = re.compile(
    r"unable to load (?:Private|Public) Key|Error decrypting key|Enter pass ?phrase for |"
    r"Could not (?:read|find|open) (?:(?:any|private|public) )?(?:key|file)[^\n]{0,20} (?:from|of|or URI) (?!file)|"
    r"^(?:Key is valid|RSA key ok|writing RSA key)$",
    re.MULTILINE,
)


def read_openssl(text: str) -> Recognised | None:
    """Read what openssl or ssh-keygen printed."""
    source = "what openssl printed"
    facts = [Fact(name, found[1], source) for name, pattern in _OPENSSL for found in pattern.finditer(text)]
    if _SSH_KEYGEN.search(text) and "SHA256:" in text:
        facts.append(Fact("key-form", "openssh", "what ssh-keygen printed"))
    elif facts or _OPENSSL_ERROR.search(text):
        facts += [Fact("key-fingerprint", f"SHA256:{digest[0]}", source) for digest in _DIGEST.finditer(text)]
        facts += sentences_in(text, source)
    else:
        return None
    return Recognised("openssl", "What openssl printed", tuple(dict.fromkeys(facts)))


def read_fingerprint(text: str) -> Recognised | None:
    """Read a fingerprint that stands by itself."""
    words = text.split()
    found = sorted(fingerprints_in(text))
    if len(found) != 1 or len(words) > 12:
        return None
    fact = Fact("lone-fingerprint", found[0], "the fingerprint that was pasted")
    return Recognised("fingerprint", f"A fingerprint: {found[0][:16]}…", (fact,))


_FIRST_LINE: Final = re.compile(
    r"^[ \t\"']{0,8}-----BEGIN ([A-Z0-9 ]{0,30}PRIVATE KEY)-----[ \t\"',]{0,8}$", re.MULTILINE
)


def take_first_line(text: str) -> Taken:
    """Take out the first line of a private key, where it was pasted without the key: it tells the form alone.

    A message that only names such a line has other words on it.
    """
    found = _FIRST_LINE.search(text)
    if not found or found[1] not in _FORMS:
        return Taken(text, ())
    form = _FORMS[found[1]]
    told = Recognised(
        "private-key",
        f"The first line of a private key: {_FORM_TITLES[form]}",
        (Fact("key-form", form, "the pasted text"),),
    )
    return Taken(_FIRST_LINE.sub("", text, count=1), (told,))
