"""Ways to get somewhere: a person who has answered the steps before one, with the keys to go on.

:func:`arrive` puts a browser in front of a step at once, with a cookie such as the wizard would have given it; the
walk that earns that cookie is walked in ``test_walk.py``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from functools import lru_cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from tests.web.page_client import Page, PageClient
from wizard.journey import STORED_JOURNEY, Journey
from wizard.snowflake.account import read_account
from wizard.snowflake.key import PublicKey
from wizard.walk import SET_UP

ACCOUNT = "myorg-my_acct"
KNOWN_SINCE = 1_790_000_000  # 2026-09-21, UTC


@lru_cache(maxsize=32)
def private_pem(key: rsa.RSAPrivateKey, passphrase: str = "") -> bytes:
    """Return the key as ``rsa_key.p8``, sealed when there is a passphrase."""
    sealed = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)


def public_der(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def public_pem(key: rsa.RSAPrivateKey) -> str:
    """Return the public half as ``rsa_key.pub``."""
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def public_base64(key: rsa.RSAPrivateKey) -> str:
    """Return the public half as it stands in SQL: base64 on one line."""
    return base64.b64encode(public_der(key)).decode()


def fingerprint(key: rsa.RSAPrivateKey) -> str:
    """Return the fingerprint as Snowflake shows it, worked out without the wizard's help."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(public_der(key)).digest()).decode()


def told(
    slug: str,
    key: rsa.RSAPrivateKey,
    *,
    account: str = ACCOUNT,
    user: str = "JANE",
    login_name: str = "",
    tool: str = "",
    source: str = "public",
    vouched: tuple[str, ...] = (),
) -> Journey:
    """Return the journey of a person who has answered every step before ``slug``; ``verify`` was skipped."""
    answers = {
        "account": lambda so_far: so_far.with_account(read_account(account, vouched=vouched)),
        "user": lambda so_far: so_far.with_user(user, login_name),
        "key": lambda so_far: so_far.with_key(PublicKey.from_base64(public_base64(key)), source, KNOWN_SINCE, None),
        "register": lambda so_far: so_far.with_registered(),
        "verify": lambda so_far: so_far.with_verify_skipped(),
        "test": lambda so_far: so_far.with_tested(
            {"user": user, "role": "ANALYST", "warehouse": "COMPUTE_WH", "account": "MY_ACCT"}
        ),
    }
    journey = Journey(tool=tool)
    for step in SET_UP.steps:
        if step.slug == slug:
            break
        journey = answers[step.slug](journey)
    return journey


def carrying(
    app: Flask, journey: Journey, *, base_url: str = "http://localhost", began: float | None = None
) -> PageClient:
    """Return a browser that holds the wizard's cookie for a journey, first given at ``began`` (epoch seconds)."""
    client = PageClient(app, base_url=base_url)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    content = {"journey": STORED_JOURNEY.write(journey), "began": int(time.time() if began is None else began)}
    name = "__Host-wizard" if base_url.startswith("https") else "wizard"
    client.put_cookie(name, signer.dumps(content))
    return client


def arrive(app: Flask, slug: str, key: rsa.RSAPrivateKey, **answers: str) -> Page:
    """Return the page of a step, in front of a person who has answered every step before it."""
    return carrying(app, told(slug, key, **answers)).visit(f"/steps/{slug}")  # type: ignore[arg-type]


def table(**rows: str) -> str:
    """Return ``DESC USER`` output as Snowsight's grid copies it, with these properties and the usual others."""
    properties = {
        "NAME": "JANE",
        "LOGIN_NAME": "JANE",
        "DISPLAY_NAME": "Jane",
        "TYPE": "PERSON",
        "DISABLED": "false",
        "SNOWFLAKE_LOCK": "false",
        "DAYS_TO_EXPIRY": "null",
        "DEFAULT_WAREHOUSE": "COMPUTE_WH",
        "DEFAULT_ROLE": "ANALYST",
        "RSA_PUBLIC_KEY_FP": "null",
        "RSA_PUBLIC_KEY_2_FP": "null",
    } | rows
    lines = ["property\tvalue\tdefault\tdescription"]
    lines += [f"{name}\t{value}\tnull\tabout it" for name, value in properties.items()]
    return "\n".join(lines)


# --- with the practice Snowflake --------------------------------------------------------------------------------------
def worksheet(client: PageClient, sql: str, person: str = "PRACTICE_ADMIN") -> Page:
    """Run SQL in the practice Snowflake's worksheet, signed in as ``person``; return the page with the results."""
    return client.visit(f"/practice/worksheet?as={person}").fill("sql", sql).press("Run")


def row_by_row(page: Page) -> list[Page]:
    """Go on with a live test as htmx does, one row at a time, and return all of its fragments."""
    fragments = [page]
    while not fragments[-1].verdict:
        running = fragments[-1].one("[data-hx-post]")
        values = json.loads(str(running["data-hx-vals"]))
        fragments.append(
            page.client.send("POST", str(running["data-hx-post"]), list(values.items()), referrer=page.url, htmx=True)
        )
        assert len(fragments) < 12, "the test does not come to an end"
    return fragments


def practising(app: Flask, slug: str, key: rsa.RSAPrivateKey, **answers: str) -> PageClient:
    """Return a browser whose person practises, has answered every step before ``slug``, and registered the key."""
    from wizard.practice.sql import first_session
    from wizard.practice.users import HOST

    journey = told(slug, key, account="practice-snowflake", vouched=(HOST,), **answers)
    practice = app.extensions["practice"]
    sql = f"ALTER USER {answers.get('user', 'JANE')} SET RSA_PUBLIC_KEY='{public_base64(key)}';"
    assert not practice.run(sql, first_session(practice, "PRACTICE_ADMIN")).failed
    return carrying(app, journey)
