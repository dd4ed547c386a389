"""What happens to private key files between two programs: one list, for the server's reader and for the page's.

Each :class:`Damage` makes a file out of honest ones and says what its reading ends in: the codes of the notes when it
opens (``key_notes.json``), or the code of the problem when it does not (``key_words.json``).
"""

from __future__ import annotations

import base64
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from tests.key_files import PASSPHRASE, Files, of_size, pem, pkcs1_of, pkcs8, traditional


@dataclass(frozen=True)
class Damage:
    """``made(files)`` is the file; it opens with ``notes``, or fails with ``problem``."""

    name: str
    made: Callable[[Files], str | bytes]
    notes: tuple[str, ...] = ()
    problem: str = ""
    passphrase: str = ""

    def file(self, files: Files) -> bytes:
        made = self.made(files)
        return made if isinstance(made, bytes) else made.encode()


def _each_line(text: str, before: str) -> str:
    return "".join(f"{before}{line}\n" for line in text.splitlines())


def _without_first(text: str) -> str:
    return text.split("\n", 1)[1]


def _without_last(text: str) -> str:
    return text.rstrip("\n").rsplit("\n", 1)[0] + "\n"


def _run_together(text: str) -> str:
    return text.replace("\n", "")


def _on_one_line(text: str) -> str:
    return text.strip().replace("\n", " ")


def _change_one_number(files: Files) -> str:
    """Another private exponent: the file is well-formed and its numbers are not those of one key."""
    one = files.key.private_numbers()
    d = one.d ^ 4
    return pem(
        "RSA PRIVATE KEY",
        pkcs1_of(0, one.public_numbers.n, one.public_numbers.e, d, one.p, one.q, one.dmp1, one.dmq1, one.iqmp),
    )


_EC = ec.generate_private_key(ec.SECP256R1())

DAMAGES: tuple[Damage, ...] = (
    Damage("a plain file", lambda f: f.plain),
    Damage("a plain file and a passphrase", lambda f: f.plain, ("passphrase-unneeded",), passphrase="not needed"),
    Damage("an encrypted file", lambda f: f.sealed, passphrase=PASSPHRASE),
    Damage("an encrypted file without its passphrase", lambda f: f.sealed, problem="passphrase-missing"),
    Damage(
        "an encrypted file with a wrong passphrase",
        lambda f: f.sealed,
        problem="passphrase-wrong",
        passphrase="Correct",
    ),
    Damage("a space behind the passphrase", lambda f: f.sealed, ("passphrase-trimmed",), passphrase=PASSPHRASE + " "),
    Damage("a passphrase without end", lambda f: f.sealed, problem="passphrase-too-long", passphrase="x" * 1001),
    Damage("the older PKCS#1 form", lambda f: f.pkcs1, ("pkcs1",)),
    # --- line breaks
    Damage("CRLF", lambda f: f.plain.replace("\n", "\r\n")),
    Damage("CR alone", lambda f: f.plain.replace("\n", "\r")),
    Damage("line breaks turned into spaces", lambda f: _on_one_line(f.plain), ("newlines-spaces",)),
    Damage("line breaks lost", lambda f: _run_together(f.plain), ("newlines-removed",)),
    Damage(
        "line breaks lost, encrypted", lambda f: _run_together(f.sealed), ("newlines-removed",), passphrase=PASSPHRASE
    ),
    Damage(
        "line breaks lost inside only",
        lambda f: re.sub(r"(?<=[\w+/=])\n(?=[\w+/=])", "", f.plain),
        ("newlines-removed",),
    ),
    Damage("literal \\n", lambda f: f.plain.replace("\n", "\\n"), ("newlines-escaped",)),
    Damage("literal \\r\\n", lambda f: f.plain.replace("\n", "\\r\\n"), ("newlines-escaped",)),
    Damage("literal \\\\n", lambda f: f.plain.replace("\n", "\\\\n"), ("newlines-escaped",)),
    Damage("a blank line between all lines", lambda f: f.plain.replace("\n", "\n\n"), ("tidied",)),
    Damage("indented as in YAML", lambda f: _each_line(f.plain, "    "), ("tidied",)),
    Damage(
        "lines of 76 characters",
        lambda f: f"-----BEGIN PRIVATE KEY-----\n{textwrap.fill(f.body, 76)}\n-----END PRIVATE KEY-----",
    ),
    # --- markers
    Damage("no BEGIN line", lambda f: _without_first(f.plain), ("begin-missing",)),
    Damage("no END line", lambda f: _without_last(f.plain), ("end-missing",)),
    Damage("no markers", lambda f: _without_first(_without_last(f.plain)), ("markers-missing",)),
    Damage("no markers, one line", lambda f: f.body, ("markers-missing",)),
    Damage(
        "no markers, encrypted",
        lambda f: _without_first(_without_last(f.sealed)),
        ("markers-missing",),
        passphrase=PASSPHRASE,
    ),
    Damage("four hyphens", lambda f: f.plain.replace("-----", "----"), ("markers-damaged",)),
    Damage("dashes of a word processor", lambda f: f.plain.replace("-----", "\u2014\u2014-"), ("markers-damaged",)),
    Damage(
        "markers in lower case",
        lambda f: f.plain.replace("BEGIN PRIVATE KEY", "begin private key"),
        ("markers-damaged",),
    ),
    Damage("a label of another kind", lambda f: f.plain.replace(" PRIVATE KEY", " RSA PRIVATE KEY"), ("label-wrong",)),
    Damage("PKCS#1 under the label of PKCS#8", lambda f: f.pkcs1.replace("RSA ", ""), ("label-wrong", "pkcs1")),
    Damage(
        "a label nobody knows", lambda f: f.plain.replace(" PRIVATE KEY", " SECRET THING"), problem="key-unknown-label"
    ),
    Damage(
        "spaces of the label lost",
        lambda f: f.plain.replace("BEGIN PRIVATE KEY", "BEGINPRIVATEKEY").replace("END PRIVATE KEY", "ENDPRIVATEKEY"),
        ("markers-damaged",),
    ),
    # --- what stands around
    Damage("text before the key", lambda f: "Key for Jane:\n" + f.plain, ("text-around",)),
    Damage(
        "openssl's bag attributes",
        lambda f: "Bag Attributes\n    friendlyName: jane\nKey Attributes: <No Attributes>\n" + f.plain,
        ("text-around",),
    ),
    Damage("quotes around it", lambda f: f'"{f.plain.strip()}"', ("quoted",)),
    Damage(
        "a line of a .env file",
        lambda f: 'KEY="' + f.plain.replace("\n", "\\n") + '"',
        ("text-around", "newlines-escaped"),
    ),
    Damage(
        "a JSON value",
        lambda f: '{"private_key": "' + f.plain.replace("\n", "\\n").replace("/", "\\/") + '"}',
        ("text-around", "newlines-escaped"),
    ),
    Damage("quoted in a mail", lambda f: _each_line(f.plain, "> "), ("text-around",)),
    Damage("the public key beside it", lambda f: f.plain + f.public, ("public-beside-private",)),
    Damage("another public key beside it", lambda f: f.plain + f.other_public, problem="key-companion"),
    Damage("the same key twice", lambda f: f.plain + f.plain, ("twice",)),
    Damage("two keys", lambda f: f.plain + f.other_plain, problem="key-several"),
    Damage("five keys", lambda f: f.plain * 5, problem="key-several"),
    # --- encodings
    Damage("a byte order mark", lambda f: b"\xef\xbb\xbf" + f.plain.encode(), ("byte-order-mark",)),
    Damage("UTF-16 as PowerShell writes it", lambda f: f.plain.encode("utf-16"), ("utf-16",)),
    Damage("UTF-16 without a mark", lambda f: f.plain.encode("utf-16-le"), ("utf-16",)),
    Damage("UTF-16, high byte first", lambda f: b"\xfe\xff" + f.plain.encode("utf-16-be"), ("utf-16",)),
    Damage("a zero-width space", lambda f: f.plain.replace("MII", "M\u200bII")),
    Damage("no-break spaces", lambda f: _on_one_line(f.plain).replace(" ", "\u00a0"), ("newlines-spaces",)),
    Damage("a comment in Latin-1", lambda f: "Schlüssel\n".encode("latin-1") + f.plain.encode(), ("text-around",)),
    Damage("binary form", lambda f: f.der, ("binary",)),
    Damage("binary form and a line break", lambda f: f.der + b"\r\n", ("binary",)),
    Damage("base64 once more", lambda f: base64.b64encode(f.plain.encode()), ("base64-twice",)),
    Damage("base64 once more, in lines", lambda f: base64.encodebytes(f.plain.encode()), ("base64-twice",)),
    Damage("written for a web address", lambda f: quote(f.plain), ("percent-encoded",)),
    Damage("base64 of web addresses", lambda f: f.plain.replace("+", "-").replace("/", "_"), ("base64url",)),
    Damage("= lost at the end", lambda f: f.sealed.replace("=", ""), ("padding-missing",), passphrase=PASSPHRASE),
    Damage("\\r\\n eaten by a shell", lambda f: f.plain.replace("\n", "rn"), ("newlines-escaped",)),
    Damage("two marks before each line", lambda f: "> > " + f.plain.replace("\n", "\n> > "), ("text-around",)),
    Damage("a comma at the end", lambda f: f'"{f.plain}",', ("quoted",)),
    Damage("vertical tabs", lambda f: f.plain.replace("\n", "\x0b"), ("newlines-spaces",)),
    Damage("line separators", lambda f: f.plain.replace("\n", "\u2028")),
    Damage("variation selectors", lambda f: f.plain.replace("M", "M\ufe0f")),
    Damage(
        "encoded for the web with a no-break space",
        lambda f: quote(f.plain.replace("\n", "\u00a0\n")),
        ("percent-encoded",),
    ),
    Damage(
        "base64 once more of a file with a byte order mark",
        lambda f: base64.b64encode(f.plain.encode("utf-8-sig")),
        ("base64-twice",),
    ),
    Damage("a path with an umlaut", lambda f: "/home/jane/schl\u00fcssel", problem="key-is-path"),
    Damage(
        "a passphrase with a line break behind and a space before",
        lambda f: f.sealed,
        ("passphrase-trimmed",),
        passphrase=f" {PASSPHRASE}\r\n",
    ),
    # --- not whole
    Damage("nothing", lambda f: b"", problem="key-empty"),
    Damage("white space", lambda f: b" \r\n\t\n", problem="key-empty"),
    Damage(
        "nothing between the markers",
        lambda f: "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        problem="key-empty-block",
    ),
    Damage("cut in the middle", lambda f: f.plain[:900], problem="key-truncated"),
    Damage(
        "a line lost", lambda f: "\n".join(f.plain.split("\n")[:7] + f.plain.split("\n")[8:]), problem="key-truncated"
    ),
    Damage(
        "the first line of the body lost",
        lambda f: "\n".join([f.plain.split("\n")[0], *f.plain.split("\n")[2:]]),
        problem="key-start-missing",
    ),
    Damage(
        "cut, encrypted", lambda f: "\n".join(f.sealed.split("\n")[:12]), problem="key-truncated", passphrase=PASSPHRASE
    ),
    Damage(
        "a line twice", lambda f: "\n".join(f.plain.split("\n")[:8] + f.plain.split("\n")[7:]), problem="key-trailing"
    ),
    Damage("dots in the middle", lambda f: f.plain[:300] + "..." + f.plain[-300:], problem="key-shortened"),
    Damage("a stranger among the characters", lambda f: f.plain[:300] + "ü" + f.plain[300:], problem="key-characters"),
    Damage("a number that does not fit", _change_one_number, problem="key-inconsistent"),
    Damage(
        "an encrypted file with changed bytes in its head",
        lambda f: f.sealed.replace("MII", "MIJ", 1),
        problem="key-truncated",
        passphrase=PASSPHRASE,
    ),
    # --- something else
    Damage("the public key", lambda f: f.public, problem="key-is-public"),
    Damage("a file name", lambda f: "C:\\Users\\jane\\rsa_key.p8", problem="key-is-path"),
    Damage("a path", lambda f: "~/.ssh/rsa_key.p8\n", problem="key-is-path"),
    Damage("a placeholder", lambda f: "<your private key>", problem="key-placeholder"),
    Damage(
        "a placeholder between markers",
        lambda f: "-----BEGIN PRIVATE KEY-----\n<paste here>\n-----END PRIVATE KEY-----",
        problem="key-placeholder",
    ),
    Damage("a fingerprint", lambda f: "SHA256:" + "A" * 43 + "=", problem="key-is-fingerprint"),
    Damage("a token", lambda f: "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl", problem="key-is-token"),
    Damage("prose", lambda f: "Dear Jane, the key comes in another mail.", problem="key-not-found"),
    Damage(
        "an OpenSSH private key",
        lambda f: f.key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
        problem="key-openssh",
    ),
    Damage(
        "an ssh-rsa line",
        lambda f: f.key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
        problem="key-is-ssh-public",
    ),
    Damage("a PuTTY file", lambda f: "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n", problem="key-putty"),
    Damage("a JWK", lambda f: '{"kty": "RSA", "n": "x"}', problem="key-jwk"),
    Damage("a key in XML", lambda f: "<RSAKeyValue><Modulus>x</Modulus></RSAKeyValue>", problem="key-xml"),
    Damage("a zip", lambda f: b"PK\x03\x04" + bytes(100), problem="key-zip"),
    Damage("a Java key store", lambda f: b"\xfe\xed\xfe\xed" + bytes(100), problem="key-java-store"),
    Damage("some binary file", lambda f: bytes(range(1, 256)), problem="key-binary"),
    Damage(
        "a PGP key",
        lambda f: "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ\n-----END PGP PRIVATE KEY BLOCK-----",
        problem="key-pgp",
    ),
    Damage("an EC key", lambda f: pem("PRIVATE KEY", pkcs8(_EC)), problem="private-not-rsa"),
    Damage(
        "an EC key in its own form",
        lambda f: pem("EC PRIVATE KEY", traditional(_EC)),
        problem="private-not-rsa",
    ),
    Damage(
        "an Ed25519 key",
        lambda f: pem("PRIVATE KEY", pkcs8(ed25519.Ed25519PrivateKey.generate())),
        problem="private-not-rsa",
    ),
    Damage("an RSA key of 1024 bits", lambda f: pem("PRIVATE KEY", of_size(1024)), problem="private-too-short"),
    Damage("sequences nested ten thousand deep", lambda f: b"0\x80" * 10_000, problem="key-damaged"),
    Damage("a length that lies", lambda f: b"\x30\x83\xff\xff\xff" + bytes(100), problem="key-truncated"),
    Damage("a long row of =", lambda f: b"M" + b"=" * 30_000 + b"x", problem="key-start-missing"),
    Damage("a long row of hyphens", lambda f: b"-" * 30_000, problem="key-not-found"),
)


def same_key(one: bytes, other: rsa.RSAPrivateKey, passphrase: str = "") -> bool:
    """Whether a PEM file holds this private key, by the reading of ``cryptography``."""
    found = load_pem_private_key(one, passphrase.encode() or None)
    assert isinstance(found, rsa.RSAPrivateKey)
    return found.private_numbers() == other.private_numbers()
