"""A private key or a token is known in whatever clothes it comes, and nothing that belongs there is taken for one."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import pprint
import re
import secrets
import textwrap
from collections.abc import Callable
from functools import cache, partial
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from tests.web.walking import fingerprint, table
from wizard.snowflake.secret_text import holds_password, looks_secret

PASSPHRASE = b"correct horse battery"


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def private_der(bits: int) -> bytes:
    return rsa_key(bits).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def public_der(bits: int) -> bytes:
    return rsa_key(bits).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


PRIVATE: dict[str, Callable[[], bytes]] = {
    **{f"RSA {bits}, PKCS#8": partial(private_der, bits) for bits in (2048, 3072, 4096)},
    "RSA 2048, PKCS#1": lambda: rsa_key(2048).private_bytes(
        Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    ),
    "RSA 2048, sealed": lambda: rsa_key(2048).private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE)
    ),
    "RSA 2048, PKCS#12": lambda: pkcs12.serialize_key_and_certificates(
        b"key", rsa_key(2048), None, None, BestAvailableEncryption(PASSPHRASE)
    ),
    "EC, PKCS#8": lambda: ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    ),
    "EC, SEC 1": lambda: ec.generate_private_key(ec.SECP384R1()).private_bytes(
        Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    ),
    "Ed25519": lambda: ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    ),
}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def wrapped(data: bytes, columns: int, between: str = "\n") -> str:
    return between.join(textwrap.wrap(b64(data), columns))


def pem(data: bytes, label: str = "PRIVATE KEY") -> str:
    return f"-----BEGIN {label}-----\n{wrapped(data, 64)}\n-----END {label}-----\n"


def hex_dump(data: bytes) -> str:
    """Return bytes as ``xxd`` shows them."""
    lines = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{at:08x}: {' '.join(row[i : i + 2].hex() for i in range(0, len(row), 2))}  {shown}")
    return "\n".join(lines)


CLOTHES: dict[str, Callable[[bytes], str]] = {
    "base64": b64,
    "base64 in lines": lambda data: wrapped(data, 64),
    "base64 in lines of 76, indented": lambda data: wrapped(data, 76, "\n    "),
    "base64 in groups of four": lambda data: wrapped(data, 4, " "),
    "base64, its breaks escaped": lambda data: wrapped(data, 64, "\\n"),
    "base64, its breaks escaped twice": lambda data: wrapped(data, 64, "\\\\r\\\\n"),
    "base64 joined by a program": lambda data: '"' + wrapped(data, 64, '" +\n  "') + '"',
    "base64 in a mail": lambda data: "> " + wrapped(data, 64, "\n> "),
    "base64 in a form": lambda data: quote(b64(data), safe=""),
    "base64 in JSON": lambda data: json.dumps({"key": b64(data)}).replace("/", "\\/"),
    "base64url": lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    "base64url, padded": lambda data: base64.urlsafe_b64encode(data).decode(),
    "a PEM file in base64": lambda data: b64(pem(data).encode()),
    "a PEM file in base64, in lines": lambda data: wrapped(pem(data).encode(), 76),
    "a PEM file on one line": lambda data: pem(data).replace("\n", " "),
    "a PEM file without its dashes": lambda data: pem(data).replace("-", ""),
    "a PEM file": pem,
    "a PEM file, sealed": lambda data: pem(data, "ENCRYPTED PRIVATE KEY"),
    "a PEM file in UTF-16": lambda data: pem(data).encode("utf-16-le").decode("latin-1"),
    "a PEM file in a word processor": lambda data: pem(data).replace("-----", "—–"),
    "hex": bytes.hex,
    "hex in capitals": lambda data: data.hex().upper(),
    "hex in lines": lambda data: "\n".join(textwrap.wrap(data.hex(), 60)),
    "hex with colons": lambda data: data.hex(":"),
    "hex with colons, in lines": lambda data: "    " + ":\n    ".join(textwrap.wrap(data.hex(":"), 45)),
    "hex with blanks": lambda data: data.hex(" "),
    "hex with dashes": lambda data: data.hex("-").upper(),
    "hex after 0x": lambda data: "0x" + data.hex(),
    "hex bytes of a program": lambda data: ", ".join(f"0x{byte:02x}" for byte in data),
    "escaped bytes": lambda data: "".join(f"\\x{byte:02x}" for byte in data),
    "escaped bytes in quotes": lambda data: 'b"' + "".join(f"\\x{byte:02X}" for byte in data) + '"',
    "escaped characters": lambda data: "".join(f"\\u{byte:04x}" for byte in data),
    "escaped characters, in JSON": lambda data: json.dumps(data.decode("latin-1")),
    "escaped characters in braces": lambda data: "".join(f"\\u{{{byte:X}}}" for byte in data),
    "escaped bytes in octal": lambda data: "".join(f"\\{byte:03o}" for byte in data),
    "bytes as Python prints them": repr,
    "bytes as Python prints them, in lines": lambda data: pprint.pformat(data, width=70),
    "characters of a web page": lambda data: "".join(f"&#{byte};" for byte in data),
    "characters of a web page, in hex": lambda data: "".join(f"&#x{byte:X};" for byte in data),
    "an array of C": lambda data: "{ " + ",\n  ".join(textwrap.wrap(", ".join(map(hex, data)), 70)) + " }",
    "an array of Java": lambda data: ", ".join(f"(byte) {byte:#x}" for byte in data),
    "escaped text of a PEM file": lambda data: "".join(f"\\x{byte:02x}" for byte in pem(data).encode()),
    "escaped text of its base64": lambda data: "".join(f"\\x{byte:02x}" for byte in b64(data).encode()),
    "base32": lambda data: base64.b32encode(data).decode(),
    "base32 in small letters, without padding": lambda data: base64.b32encode(data).decode().lower().rstrip("="),
    "base32 in lines": lambda data: "\n".join(textwrap.wrap(base64.b32encode(data).decode(), 64)),
    "a PEM file in base32": lambda data: base64.b32encode(pem(data).encode()).decode(),
    "percent-encoded bytes": lambda data: "".join(f"%{byte:02X}" for byte in data),
    "a hex dump": hex_dump,
}  # fmt: skip
LONG_ENOUGH = {name: make for name, make in PRIVATE.items() if name.startswith("RSA")}


@pytest.mark.parametrize("kind", PRIVATE)
@pytest.mark.parametrize("clothes", CLOTHES)
def test_a_private_key_is_known_in_any_clothes(kind: str, clothes: str) -> None:
    worn = CLOTHES[clothes](PRIVATE[kind]())
    assert looks_secret(worn)
    assert looks_secret(f"my key is:\n\n{worn}\n\nwhat now?")
    assert looks_secret(table(COMMENT=worn))


@pytest.mark.parametrize("kind", LONG_ENOUGH)
@pytest.mark.parametrize(
    "clothes",
    [
        "base64 in lines",
        "base64",
        "base64url",
        "hex",
        "hex with colons, in lines",
        "bytes as Python prints them",
        "escaped characters",
        "escaped characters, in JSON",
        "base32",
        "base32 in lines",
    ],
)
def test_a_piece_from_the_middle_of_a_key_is_known_too(kind: str, clothes: str) -> None:
    worn = CLOTHES[clothes](LONG_ENOUGH[kind]())
    for start in (0.3, 0.5, 0.7):
        assert looks_secret(worn[int(len(worn) * start) :])


def colons(number: int) -> str:
    """Return a number as ``openssl -text`` prints it."""
    digits = number.to_bytes((number.bit_length() + 8) // 8, "big").hex(":")
    return "    " + ":\n    ".join(textwrap.wrap(digits, 45))


def openssl_text(key: rsa.RSAPrivateKey) -> str:
    numbers = key.private_numbers()
    named = {
        "modulus": numbers.public_numbers.n, "privateExponent": numbers.d, "prime1": numbers.p, "prime2": numbers.q,
        "exponent1": numbers.dmp1, "exponent2": numbers.dmq1, "coefficient": numbers.iqmp,
    }  # fmt: skip
    body = "\n".join(f"{name}:\n{colons(number)}" for name, number in named.items())
    return f"Private-Key: (2048 bit, 2 primes)\n{body}\n"


def url64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode().rstrip("=")


def jwk(key: rsa.RSAPrivateKey, *, private: bool) -> dict[str, str]:
    public = key.public_key().public_numbers()
    told = {"kty": "RSA", "kid": "one", "n": url64(public.n), "e": url64(public.e)}
    return told | ({"d": url64(key.private_numbers().d)} if private else {})


def test_a_private_key_is_known_in_other_formats() -> None:
    key = rsa_key(2048)
    numbers = key.private_numbers()
    texts = [
        openssl_text(key),
        *(f"prime1:\n{colons(number)}" for number in (numbers.d, numbers.p, numbers.q, numbers.dmp1)),
        *(colons(number) for number in (numbers.d, numbers.p, numbers.iqmp)),
        json.dumps(jwk(key, private=True)),
        json.dumps(jwk(key, private=True), indent=2),
        str(jwk(key, private=True)),
        json.dumps({"kty": "OKP", "crv": "Ed25519", "d": secrets.token_urlsafe(32), "x": secrets.token_urlsafe(32)}),
        key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode(),
        "".join(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode().splitlines()[1:-1]),
        "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: jane\nPublic-Lines: 6\nAAAAB3NzaC1yc2E=\n",
        f"Private-Lines: 14\n{wrapped(secrets.token_bytes(600), 64)}\nPrivate-MAC: {secrets.token_hex(32)}",
        f"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233\n\n{wrapped(secrets.token_bytes(1192), 64)}",
        f"<RSAKeyValue><Modulus>{b64(secrets.token_bytes(256))}</Modulus><D>{b64(secrets.token_bytes(256))}</D>",
        ", ".join(str(byte) for byte in PRIVATE["RSA 2048, PKCS#8"]()),
        str([byte - 256 if byte > 127 else byte for byte in PRIVATE["RSA 2048, PKCS#1"]()]),
        "-----BEGIN PRIVATE KEY-----",
        "--begin encrypted private key--",
    ]
    for text in texts:
        assert looks_secret(text), text[:200]


def test_a_token_is_known() -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT"}').decode().rstrip("=")
    claims = base64.urlsafe_b64encode(b'{"iss":"MYORG-ACCT.JANE.SHA256:x","exp":1}').decode().rstrip("=")
    signature = secrets.token_urlsafe(256)
    token = f"{header}.{claims}.{signature}"
    for text in (
        token,
        f"Authorization: Bearer {token}",
        f"TOKEN={token}",
        f"token_{token}",
        f'"{token}"',
        f"{header}.{claims}.",
        f"{header}.{claims[:20]}",
        "\n".join(textwrap.wrap(token, 80)),
        "\n".join(textwrap.wrap(token, 20, break_on_hyphens=False)) + token[30:90],
        signature,
        f"ver:1-hint:92019682-ETMsDgAAAXI0{secrets.token_urlsafe(16)}",
    ):
        assert looks_secret(text), text[:120]


# --- what belongs there -----------------------------------------------------------------------------------------------
def certificate(key: rsa.RSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "jane.example.com")])
    began = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, began, began + dt.timedelta(90))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def request_for_certificate(key: rsa.RSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "jane.example.com")])
    return x509.CertificateSigningRequestBuilder(name).sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


PUBLIC: dict[str, Callable[[], bytes]] = {
    **{f"RSA {bits}": partial(public_der, bits) for bits in (2048, 3072, 4096)},
    "RSA 2048, PKCS#1": lambda: rsa_key(2048).public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1),
    "a certificate": lambda: certificate(rsa_key(2048)),
    "a request for one": lambda: request_for_certificate(rsa_key(2048)),
}
NOT_IN_PUBLIC = {
    "a PEM file in base64",
    "a PEM file in base64, in lines",
    "a PEM file in base32",
    "escaped text of a PEM file",
    "a hex dump",
    "a PEM file, sealed",
    "a PEM file in UTF-16",
}


@pytest.mark.parametrize(
    "text",
    [
        "jdbc:snowflake://myorg-acct.snowflakecomputing.com/?user=a&private_key_file_pwd=MyPassphrase77",
        'account = "bad acct"\nprivate_key_file_pwd = "MyPassphrase77"',
        "snowflake://jane:MyPassphrase77@myorg-acct/db",
        "Server=myorg-acct;PRIV_KEY_FILE_PWD=MyPassphrase77;",
        "private_key_passphrase: MyPassphrase77",
        '{"password": "MyPassphrase77"}',
    ],
)
def test_a_password_is_known_by_its_name_or_its_place(text: str) -> None:
    assert holds_password(text)


@pytest.mark.parametrize(
    "text",
    [
        "PASSWORD: null\nMUST_CHANGE_PASSWORD: false\nPASSWORD_LAST_SET_TIME: 2026-03-01 10:00:00",
        "PASSWORD\tnull\t\tPassword of the user",
        "passphrase = ${SNOWFLAKE_PASSPHRASE}",
        "password=********&account=myorg-acct",
        "https://myorg-acct.snowflakecomputing.com:443/console",
        "the passphrase of my key",
    ],
)
def test_where_a_password_would_stand_and_none_does_nothing_is_held_back(text: str) -> None:
    assert not holds_password(text)


@pytest.mark.parametrize("kind", PUBLIC)
@pytest.mark.parametrize("clothes", sorted(CLOTHES.keys() - NOT_IN_PUBLIC))
def test_a_public_key_is_no_secret_in_any_clothes(kind: str, clothes: str) -> None:
    worn = CLOTHES[clothes](PUBLIC[kind]()).replace("PRIVATE", "PUBLIC")
    assert not looks_secret(worn)
    assert not looks_secret(f"this is it:\n\n{worn}\n")


def test_a_public_key_is_no_secret_in_other_formats() -> None:
    key = rsa_key(2048)
    public = key.public_key()
    spki = b64(PUBLIC["RSA 2048"]())
    for text in (
        public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode() + " jane@laptop",
        json.dumps(jwk(key, private=False)),
        f"<RSAKeyValue><Modulus>{b64(secrets.token_bytes(256))}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>",
        f"Public-Key: (2048 bit)\nModulus:\n{colons(public.public_numbers().n)}\nExponent: 65537 (0x10001)",
        f"Modulus={public.public_numbers().n:X}",
        f"ALTER USER JANE SET RSA_PUBLIC_KEY='{spki}';\nALTER USER JANE SET RSA_PUBLIC_KEY_2='{spki}';",
        spki[:-40],
        spki[3:],
        f"-----BEGIN PUBLIC KEY-----\n{spki[20:]}",
    ):
        assert not looks_secret(text), text[:200]


def test_text_of_any_language_and_numbers_are_no_secret() -> None:
    russian, viet, german = "Привет, мир! ", "Tiếng Việt có dấu rất nhiều chữ. ", "Größe für Übermut, äöü. "
    for text in (russian, viet, german, "日本語テキスト"):
        for written in (text, repr(text.encode()), json.dumps(text), repr(text.encode("latin-1", "ignore"))):
            assert not looks_secret(written * 50), written
    assert not looks_secret(" ".join(map(str, range(300))))
    assert not looks_secret("C:\\101\\new\\users\\x41 " * 50)
    assert not looks_secret("ORGANIZATIONSWITHAVERYLONGNAME2 " * 50)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=30), st.sampled_from(["\n", " ", "\t", ", "]))
def test_fingerprints_are_no_secret(digests: list[bytes], between: str) -> None:
    assert not looks_secret(between.join(f"SHA256:{b64(digest)}" for digest in digests))
    assert not looks_secret(between.join(b64(digest) for digest in digests))
    assert not looks_secret("fingerprint: " + digests[0].hex(":"))
    assert not looks_secret(digests[0].hex())


@given(st.sampled_from([2048, 3072, 4096]), st.sampled_from([2048, 4096]), st.booleans(), st.binary(min_size=200))
def test_desc_user_output_is_no_secret(first: int, second: int, lines: bool, made_up: bytes) -> None:
    columns = 64 if lines else 4096
    keys = {
        "RSA_PUBLIC_KEY": wrapped(PUBLIC[f"RSA {first}"](), columns),
        "RSA_PUBLIC_KEY_FP": fingerprint(rsa_key(first)),
        "RSA_PUBLIC_KEY_2": wrapped(PUBLIC[f"RSA {second}"](), columns),
        "RSA_PUBLIC_KEY_2_FP": fingerprint(rsa_key(second)),
        "COMMENT": "Begin with the private key-pair; the old private key is in the vault --- Jane",
    }
    assert not looks_secret(table(**keys))
    assert not looks_secret(json.dumps([{"property": name, "value": value} for name, value in keys.items()]))
    assert not looks_secret(json.dumps(keys, indent=4))
    assert not looks_secret("\n".join(f"| {name:60} | {value} | null |" for name, value in keys.items()))
    # Of a key that can't be read, its label says what it is.
    scrambled = hashlib.sha512(made_up).digest() * 5
    assert not looks_secret(table(RSA_PUBLIC_KEY=b64(scrambled), RSA_PUBLIC_KEY_2=wrapped(scrambled, 64)))


PROSE = (
    "the private key of our user is in a vault, RSA 2048 bits; begin end secret token Bearer JWT SHA256 SVC_MY_TOOL "
    "jane.doe@example.com myorg-my_acct.snowflakecomputing.com 394300 2026-09-21 10:11:12.000 null false DESC USER "
    "https://app.snowflake.com/us-east-1/xy12345/w3AbCdEfGh1234567890#query 01b2c3d4-0000-1234-0000-abcdefabcdef "
    "MINS_TO_BYPASS_NETWORK_POLICY SnowflakeConnectionImpl.java:123 net.snowflake.client.jdbc.SnowflakeSQLException "
    "facade deadbeef add be 10 ad dad 30 82 04 C:\\Users\\jane\\keys\\rsa_key.p8 /Users/jane/.ssh/rsa_key.pub"
)


@given(st.lists(st.sampled_from(PROSE.split()), max_size=200))
def test_what_people_write_is_no_secret(words: list[str]) -> None:
    assert not looks_secret(" ".join(words))


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_answered_for(text: str) -> None:
    assert looks_secret(text) in (True, False)


@given(st.from_regex(re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}", re.ASCII), fullmatch=True))
def test_a_name_is_no_secret(name: str) -> None:
    assert not looks_secret(name)
    assert not looks_secret(name.title())
