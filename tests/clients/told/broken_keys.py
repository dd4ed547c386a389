"""Key files in every form in which people hand them over, made of a key pair that lives for one run."""

from __future__ import annotations

import base64
import random

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.clients.told.situations import RIGHT
from tests.key_files import (
    Files,
    openssl,
    pbes1_file,
    pbes2_file,
    pem,
    pkcs8,
    private_pem,
    proc_type_file,
    sealed_pem,
    spki,
    traditional,
)


def make_keys() -> tuple[rsa.RSAPrivateKey, dict[str, bytes]]:
    """Return a new key and its files by name."""
    files = Files(rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048))
    made = {
        name: text.encode() if isinstance(text, str) else text
        for part in (_plain, _other_kinds, _sealed, _bodies)
        for name, text in part(files).items()
    }
    return files.key, made


def _plain(files: Files) -> dict[str, str | bytes]:
    plain = files.plain
    lines = plain.splitlines()
    body = lines[1:-1]
    return {
        "plain": plain,
        "no-line-breaks": "".join(lines),
        "spaces-for-line-breaks": " ".join(lines),
        "literal-line-breaks": "\\n".join(lines),
        "backslash-r-n": "\\r\\n".join(lines),
        "markers-cut": "\n".join(body),
        "markers-cut-one-line": "".join(body),
        "first-marker-cut": "\n".join(lines[1:]),
        "last-marker-cut": "\n".join(lines[:-1]),
        "short-dashes": plain.replace("-----", "---"),
        "pkcs1": files.pkcs1,
        "nothing-between": f"{lines[0]}\n{lines[-1]}\n",
        "first-half": plain[: len(plain) // 2],
        "half-of-the-body": "\n".join((*lines[: len(lines) // 2], lines[-1], "")),
        "a-line-lost": "\n".join((*lines[:5], *lines[6:], "")),
        "end-of-body-lost": "\n".join((*lines[:-3], lines[-1], "")),
        "bom": "\ufeff" + plain,
        "double-quotes": f'"{plain.strip()}"',
        "single-quotes": f"'{plain.strip()}'",
        "indented": "".join(f"    {line}\n" for line in lines),
        "export-line": f'export SNOWFLAKE_PRIVATE_KEY="{plain.strip()}"\n',
        "trailing-comma": "\n".join(f"{line}," for line in lines),
        "a-blank-inside": "\n".join((*lines[:4], lines[4][:20] + " *" + lines[4][20:], *lines[5:], "")),
        "long-dashes": plain.replace("-----", "—–—"),
        "utf-16": plain.encode("utf-16"),
        "base64-of-pem": base64.b64encode(plain.encode()),
        "der": files.der,
        "empty": "",
        "blank": " \n\n",
        "placeholder": f"{lines[0]}\n<your private key>\n{lines[-1]}\n",
        "variable-name": "$SNOWFLAKE_PRIVATE_KEY",
        "a-path": "/home/jane/keys/rsa_key.p8",
    }


def _other_kinds(files: Files) -> dict[str, str | bytes]:
    elliptic = ec.generate_private_key(ec.SECP256R1())
    return {
        "openssh": files.key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
        "ssh-line": files.ssh_line,
        "public": files.public,
        "certificate": files.certificate,
        "ec": private_pem(elliptic),
        "ec-sec1": pem("EC PRIVATE KEY", traditional(elliptic)),
        "ed25519": private_pem(ed25519.Ed25519PrivateKey.generate()),
        "1024-bits": private_pem(rsa.generate_private_key(65537, 1024)),  # noqa: S505  # too short on purpose
    }


def _sealed(files: Files) -> dict[str, str | bytes]:
    rng = random.Random()
    sealed = sealed_pem(files.key, RIGHT).decode()
    lines = sealed.splitlines()
    return {
        "sealed": sealed,
        "sealed-pbes1-sha1-3des": pbes1_file(files.der, RIGHT, "1.2.840.113549.1.12.1.3", rng).text,
        "sealed-pbes1-md5-des": pbes1_file(files.der, RIGHT, "1.2.840.113549.1.5.3", rng).text,
        "sealed-scrypt": openssl("pkcs8", "-topk8", "-scrypt", "-passout", f"pass:{RIGHT}", given=files.plain.encode()),
        "sealed-pbes2-3des": pbes2_file(files.der, RIGHT, "sha256", "des-ede3-cbc", rng).text,
        "sealed-proc-type": proc_type_file(traditional(files.key), RIGHT, "aes-128-cbc", rng).text,
        "sealed-no-line-breaks": "".join(lines),
        "sealed-literal-line-breaks": "\\n".join(lines),
        "sealed-markers-cut": "\n".join(lines[1:-1]),
        "sealed-first-half": sealed[: len(sealed) // 2],
    }


def _bodies(files: Files) -> dict[str, str | bytes]:
    """The base64 of DER in one line, as some clients want it."""

    def body(der: bytes) -> str:
        return base64.b64encode(der).decode()

    sealed = "".join(sealed_pem(files.key, RIGHT).decode().splitlines()[1:-1])
    plain = body(files.der)
    return {
        "body": plain,
        "pkcs1-body": body(traditional(files.key)),
        "public-body": body(spki(files.key)),
        "ec-body": body(pkcs8(ec.generate_private_key(ec.SECP256R1()))),
        "first-half-of-the-body": plain[: len(plain) // 8 * 4],
        "body-in-quotes": f'"{plain}"',
        "sealed-body": sealed,
    }
