"""Keys as people paste them: mended where there is one meaning, named where there is none."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from wizard.secret import Secret
from wizard.snowflake.key import KEY_NOTES, KEY_WORDS, KeyProblem, open_private_key, read_public_key
from wizard.snowflake.key import KeyProblem as ContainerError
from wizard.snowflake.key.pem import read_blocks

PASSPHRASE = "four unrelated words"
CONTAINERS = ("pkcs8", "pkcs1", "pkcs8-pbes2")


def private_pem(key: rsa.RSAPrivateKey, container: str = "pkcs8") -> str:
    form = PrivateFormat.TraditionalOpenSSL if container == "pkcs1" else PrivateFormat.PKCS8
    sealing = BestAvailableEncryption(PASSPHRASE.encode()) if container == "pkcs8-pbes2" else NoEncryption()
    return key.private_bytes(Encoding.PEM, form, sealing).decode()


def public_pem(key: rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def body(pem: str) -> str:
    return "".join(pem.split("\n")[1:-2])


def _json_escaped(pem: str) -> str:
    return json.dumps(pem).replace("+", "\\u002b").replace("/", "\\/")


#: What happens to a PEM file on its way, and the notes that say it was mended.
DAMAGES: dict[str, tuple[Callable[[str], str], tuple[str, ...]]] = {
    "nothing happened": (lambda pem: pem, ()),
    "a form sent CRLF": (lambda pem: pem.replace("\n", "\r\n"), ()),
    "an old Mac sent CR": (lambda pem: pem.replace("\n", "\r"), ()),
    "the last line break is missing": (str.rstrip, ()),
    "line breaks became spaces": (lambda pem: pem.replace("\n", " "), ("newlines-spaces",)),
    "line breaks became tabs": (lambda pem: pem.replace("\n", "\t"), ("newlines-spaces",)),
    "line breaks were escaped": (lambda pem: pem.replace("\n", "\\n"), ("newlines-escaped",)),
    "line breaks were escaped twice": (lambda pem: pem.replace("\n", "\\\\n"), ("newlines-escaped",)),
    "line breaks were escaped as in Windows": (lambda pem: pem.replace("\n", "\\r\\n"), ("newlines-escaped",)),
    "escaped and kept": (lambda pem: pem.replace("\n", "\\n\n"), ("newlines-escaped",)),
    "a shell ate the backslashes": (lambda pem: pem.replace("\n", "n"), ("newlines-escaped",)),
    "line breaks were removed": (lambda pem: pem.replace("\n", ""), ("newlines-removed",)),
    "all white space was removed": (lambda pem: "".join(pem.split()), ("markers-damaged", "newlines-removed")),
    "the markers were cut off": (lambda pem: "\n".join(pem.split("\n")[1:-2]), ("markers-missing",)),
    "only the digits are left": (body, ("markers-missing",)),
    "the padding was cut off as well": (lambda pem: body(pem).rstrip("="), ("markers-missing",)),
    "the END line is missing": (lambda pem: pem[: pem.index("-----END")], ("end-missing",)),
    "the BEGIN line is missing": (lambda pem: pem[pem.index("\n") + 1 :], ("begin-missing",)),
    "a word processor made dashes of the hyphens": (lambda pem: pem.replace("-----", "—–"), ("markers-damaged",)),
    "somebody typed small letters": (
        lambda pem: pem.replace("BEGIN PRIVATE KEY", "begin private key"),
        ("markers-damaged",),
    ),
    "encoded once more": (lambda pem: base64.b64encode(pem.encode()).decode(), ("base64-twice",)),
    "encoded once more, in lines": (lambda pem: base64.encodebytes(pem.encode()).decode(), ("base64-twice",)),
    "encoded once more, in a variable": (
        lambda pem: "KEY=" + base64.b64encode(pem.encode()).decode(),
        ("base64-twice",),
    ),
    "JSON": (json.dumps, ("quoted", "newlines-escaped")),
    "careful JSON": (_json_escaped, ("quoted", "newlines-escaped")),
    "a field of a JSON document": (
        lambda pem: json.dumps({"account": "a", "private_key": pem}),
        ("text-around", "newlines-escaped"),
    ),
    "quotes": (lambda pem: f'"{pem}"', ("quoted",)),
    "apostrophes": (lambda pem: f"'{pem.strip()}'", ("quoted",)),
    "a shell variable": (lambda pem: f"export PRIVATE_KEY='{pem}'", ("text-around",)),
    "a bare variable": (lambda pem: f"PRIVATE_KEY={body(pem)}", ("markers-missing", "text-around")),
    "openssl's bag attributes": (lambda pem: f"Bag Attributes\n    localKeyID: 01\n{pem}", ("text-around",)),
    "YAML": (lambda pem: "key: |\n  " + pem.replace("\n", "\n  "), ("text-around", "tidied")),
    "indentation": (lambda pem: "\n".join("    " + line for line in pem.split("\n")), ("tidied",)),
    "blank lines": (lambda pem: pem.replace("\n", "\n\n"), ("tidied",)),
    "a blank line at the end": (lambda pem: pem + "\n\n", ()),
    "spaces at the ends of lines": (lambda pem: pem.replace("\n", "  \n"), ()),
    "quoted in a mail": (lambda pem: "> " + pem.replace("\n", "\n> "), ("text-around",)),
    "no-break spaces": (lambda pem: pem.replace("\n", "\n\u00a0"), ("tidied",)),
    "zero-width spaces": (lambda pem: pem.replace("\n", "\u200b\n"), ()),
    "base64 of web addresses": (
        lambda pem: pem.split("\n")[0] + "\n" + body(pem).translate({43: 45, 47: 95}) + "\n" + pem.split("\n")[-2],
        ("newlines-removed", "base64url"),
    ),
    "a web address": (lambda pem: pem.replace("+", "%2B").replace("\n", "%0A"), ("percent-encoded",)),
    "pasted twice": (lambda pem: pem + pem, ("twice",)),
}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_mangled_private_key_is_mended_and_the_mending_is_said(
    rsa_2048: rsa.RSAPrivateKey, damage: str, container: str
) -> None:
    mangle, repairs = DAMAGES[damage]
    if damage.startswith("somebody typed") and container != "pkcs8":
        repairs = ()
    mangled = mangle(private_pem(rsa_2048, container))
    opened = open_private_key(mangled.encode(), Secret(PASSPHRASE if container == "pkcs8-pbes2" else ""))
    assert opened.private.private_numbers() == rsa_2048.private_numbers()
    assert opened.form == container
    about_the_form = {KEY_NOTES["pkcs1"]}
    assert set(opened.notes) - about_the_form == {KEY_NOTES[code] for code in repairs}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_mangled_public_key_is_mended_too(rsa_2048: rsa.RSAPrivateKey, damage: str) -> None:
    key, _ = read_public_key(DAMAGES[damage][0](public_pem(rsa_2048)))
    assert key.pem == public_pem(rsa_2048)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_from_powershell_is_read(rsa_2048: rsa.RSAPrivateKey, codec: str) -> None:
    opened = open_private_key(private_pem(rsa_2048).encode(codec), Secret(""))
    assert opened.notes == (KEY_NOTES["utf-16"],)


def test_a_byte_order_mark_is_left_out(rsa_2048: rsa.RSAPrivateKey) -> None:
    opened = open_private_key(private_pem(rsa_2048).encode("utf-8-sig"), Secret(""))
    assert opened.notes == (KEY_NOTES["byte-order-mark"],)


def test_a_comment_in_an_old_encoding_does_no_harm(rsa_2048: rsa.RSAPrivateKey) -> None:
    opened = open_private_key("# Schlüssel für Jürgen\n".encode("latin-1") + private_pem(rsa_2048).encode(), Secret(""))
    assert opened.notes == (KEY_NOTES["text-around"],)


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_a_binary_file_is_read(rsa_2048: rsa.RSAPrivateKey, ending: bytes) -> None:
    der = rsa_2048.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert open_private_key(der + ending, Secret("")).notes == (KEY_NOTES["binary"],)


def test_a_label_that_lies_is_read_by_what_stands_under_it(rsa_2048: rsa.RSAPrivateKey) -> None:
    lying = private_pem(rsa_2048, "pkcs1").replace("RSA PRIVATE", "PRIVATE")
    opened = open_private_key(lying.encode(), Secret(""))
    assert opened.form == "pkcs1"
    assert KEY_NOTES["label-wrong"] in opened.notes


#: What stands where a private key belongs, and how it is named.
INSTEAD: dict[str, str] = {
    "": "key-empty",
    "  \r\n": "key-empty",
    '""': "key-empty",
    "~/.ssh/rsa_key.p8": "key-is-path",
    "/run/secrets/snowflake_private_key": "key-is-path",
    r"C:\Users\jane\Documents\rsa_key.p8": "key-is-path",
    '"C:/Users/Jane Doe/rsa key.pem"': "key-is-path",
    "rsa_key.p8": "key-is-path",
    "file:///home/jane/rsa_key.pem": "key-is-path",
    "@rsa_key.pub": "key-is-path",
    "{{ var.value.private_key }}": "key-placeholder",
    "{{ env_var('PRIVATE_KEY') }}": "key-placeholder",
    "${SNOWFLAKE_PRIVATE_KEY}": "key-placeholder",
    "$PRIVATE_KEY": "key-placeholder",
    "%PRIVATE_KEY%": "key-placeholder",
    "<your private key>": "key-placeholder",
    "YOUR_PRIVATE_KEY_HERE": "key-placeholder",
    "-----BEGIN PRIVATE KEY-----\n<paste here>\n-----END PRIVATE KEY-----": "key-placeholder",
    "-----BEGIN PRIVATE KEY-----\nYOUR_PRIVATE_KEY\n-----END PRIVATE KEY-----": "key-placeholder",
    "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----": "key-empty-block",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQ...\n-----END PRIVATE KEY-----": "key-shortened",
    "MIIEvQIBADANBgkqh…": "key-shortened",
    "-----BEGIN PRIVATE KEY-----\n*******\n-----END PRIVATE KEY-----": "key-shortened",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQé§IBADANBg\n-----END PRIVATE KEY-----": "key-characters",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----": "key-openssh",
    "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n": "key-putty",
    '{"kty":"RSA","n":"abc","e":"AQAB","d":"abc"}': "key-jwk",
    "<RSAKeyValue><Modulus>abc</Modulus></RSAKeyValue>": "key-xml",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nabc\n-----END PGP PRIVATE KEY BLOCK-----": "key-pgp",
    "-----BEGIN PKCS7-----\nabc\n-----END PKCS7-----": "key-pkcs7",
    "-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----": "private-not-rsa",
    "-----BEGIN DSA PRIVATE KEY-----\nabc\n-----END DSA PRIVATE KEY-----": "private-not-rsa",
    "-----BEGIN X509 CRL-----\nabc\n-----END X509 CRL-----": "key-unknown-label",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIabc jane@laptop": "key-is-public",
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJBIn0.c2lnbmF0dXJl": "key-is-token",
    "SHA256:uH9Haf7jOiPmWWnIaKVx1/qRS5B1xAoGecmip1+2zBs=": "key-is-fingerprint",
    "correct horse battery staple": "key-not-found",
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: IDEA-CBC,0123456789ABCDEF\n\nabcd\n"
    "-----END RSA PRIVATE KEY-----": "cipher-not-opened",
}


@pytest.mark.parametrize("paste", INSTEAD)
def test_what_stands_in_place_of_a_key_is_named(paste: str) -> None:
    with pytest.raises(KeyProblem) as caught:
        open_private_key(paste.encode(), Secret(""))
    assert caught.value.code == INSTEAD[paste]
    assert caught.value.blames == "private_key"


def test_keys_of_other_kinds_are_named_whatever_they_came_in() -> None:
    for key, kind in (
        (ec.generate_private_key(ec.SECP256R1()), "EC"),
        (ed25519.Ed25519PrivateKey.generate(), "Ed25519"),
    ):
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        for paste in (pem, body(pem), pem.replace("\n", "\\n")):
            with pytest.raises(KeyProblem, match=kind):
                open_private_key(paste.encode(), Secret(""))


@pytest.mark.parametrize("at", [100, 400, 800, 1200])
def test_a_cut_key_says_how_much_is_missing(rsa_2048: rsa.RSAPrivateKey, at: int) -> None:
    pem = private_pem(rsa_2048)
    for cut in (pem[:at], pem[:at] + "\n-----END PRIVATE KEY-----\n", body(pem)[:at]):
        with pytest.raises(KeyProblem) as caught:
            open_private_key(cut.encode(), Secret(""))
        assert caught.value.code == "key-truncated"
        assert "bytes long, and only" in caught.value.message


def test_a_key_without_its_first_line_of_digits_says_so(rsa_2048: rsa.RSAPrivateKey) -> None:
    pem = private_pem(rsa_2048)
    with pytest.raises(KeyProblem) as caught:
        open_private_key(pem.replace("KEY-----\nMIIE", "KEY-----\n").encode(), Secret(""))
    assert caught.value.code == "key-start-missing"


def test_one_changed_character_is_noticed(rsa_2048: rsa.RSAPrivateKey) -> None:
    pem = private_pem(rsa_2048)
    noticed = set()
    for at in range(70, len(pem) - 60, 37):
        changed = pem[:at] + ("A" if pem[at] != "A" else "B") + pem[at + 1 :]
        with pytest.raises(KeyProblem) as caught:
            open_private_key(changed.encode(), Secret(""))
        noticed.add(caught.value.code)
    assert noticed <= {
        *("key-inconsistent", "key-damaged", "key-exponent", "key-trailing", "key-truncated", "key-unknown-shape"),
        *("key-start-missing", "private-too-short", "private-not-rsa"),
    }


def test_two_private_keys_are_not_chosen_between(
    rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    with pytest.raises(KeyProblem) as caught:
        open_private_key((private_pem(rsa_2048) + private_pem(other_rsa_2048)).encode(), Secret(""))
    assert caught.value.code == "key-several"


def test_the_public_key_may_stand_beside_its_private_key(
    rsa_2048: rsa.RSAPrivateKey, other_rsa_2048: rsa.RSAPrivateKey
) -> None:
    for paste in (private_pem(rsa_2048) + public_pem(rsa_2048), public_pem(rsa_2048) + private_pem(rsa_2048)):
        assert open_private_key(paste.encode(), Secret("")).notes == (KEY_NOTES["public-beside-private"],)
    with pytest.raises(KeyProblem) as caught:
        open_private_key((private_pem(rsa_2048) + public_pem(other_rsa_2048)).encode(), Secret(""))
    assert caught.value.code == "key-companion"


# ----------------------------------------------------------------------------------------------------------------- fuzz


def _nothing_but_known_problems(data: bytes) -> None:
    try:
        read_blocks(data)
    except ContainerError as error:
        known = error.code
    else:
        known = "key-damaged"
    assert known in KEY_WORDS
    for read in (lambda: open_private_key(data, Secret("x")), lambda: read_public_key(data.decode("latin-1"))):
        try:
            read()
        except KeyProblem as problem:
            words = problem.message + problem.fix + problem.command
        else:
            continue
        assert "{" not in words


@given(st.binary(max_size=300))
def test_random_bytes_are_a_key_problem_at_most(data: bytes) -> None:
    _nothing_but_known_problems(data)


@given(st.text(max_size=300))
def test_random_text_is_a_key_problem_at_most(text: str) -> None:
    _nothing_but_known_problems(text.encode("utf-8", "replace"))
    try:
        read_public_key(text)
    except KeyProblem as problem:
        blamed = problem.blames
    else:
        blamed = "public_key"
    assert blamed == "public_key"


_SCRAPS = st.sampled_from(
    (
        *(
            "-----BEGIN ",
            "-----END ",
            "-----",
            "PRIVATE KEY",
            "RSA ",
            "PUBLIC KEY",
            "ENCRYPTED ",
            "\n",
            "\\n",
            " ",
            '"',
            "'",
        ),
        *(
            "MII",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
            "LS0tLS1CRUdJTi",
            "ssh-rsa AAAAB3NzaC1yc2E",
            "=",
            "%0A",
            "n",
            "\\u002b",
        ),
        *(
            "Proc-Type: 4,ENCRYPTED",
            "DEK-Info: AES-128-CBC,",
            "00112233445566778899AABBCCDDEEFF",
            "RSA_PUBLIC_KEY='",
            "é",
        ),
    )
)


@given(st.lists(_SCRAPS, max_size=25))
def test_scraps_of_keys_are_a_key_problem_at_most(scraps: list[str]) -> None:
    _nothing_but_known_problems("".join(scraps).encode())


@given(st.data())
def test_a_key_with_anything_done_to_it_is_a_key_problem_at_most(
    rsa_2048: rsa.RSAPrivateKey, data: st.DataObject
) -> None:
    container = data.draw(st.sampled_from(("pkcs8", "pkcs1")))
    pem = private_pem(rsa_2048, container)
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(pem)), st.integers(0, len(pem)))))
    filling = data.draw(st.text(max_size=20))
    _nothing_but_known_problems((pem[:start] + filling + pem[end:]).encode("utf-8", "replace"))
